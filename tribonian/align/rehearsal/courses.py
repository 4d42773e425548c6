"""How jobs go on: by being looked at, or by time; and what they are before, during and after.

Data job     needs_review -> file_processing -> ready_to_start, then as its alignment job
Ingestion    queued -> running -> completed or failed, one record a file
Alignment    pending -> queued -> running -> completed, failed, cancelled or stopped
Fine-tune    pending -> queued -> running -> completed
"""

from __future__ import annotations

from collections.abc import Callable

from tribonian.align.rehearsal.clock import moment
from tribonian.align.rehearsal.misbehaviour import Misbehaviour
from tribonian.align.rehearsal.state import Object, State, stamp

STAGES = ("pending", "queued", "running")
ENDED = frozenset(("completed", "failed", "cancelled", "stopped"))
STEPS = ("reading principles", "writing questions", "writing answers", "checking pairs")

_FATES = {
    "job-failed": ("failed", "Generation failed: the model did not answer."),
    "job-cancelled": ("cancelled", "The job was cancelled by a member of the team."),
    "job-stopped": ("stopped", "The job was stopped."),
}


class Clockwork:
    """Moves what waits: ``looks`` looks in every state, or ``seconds`` where that comes first."""

    def __init__(
        self,
        state: State,
        misbehaviour: Misbehaviour,
        looks: int,
        seconds: float | None,
        finish: Callable[[Object], None],
    ) -> None:
        self._state = state
        self._misbehaviour = misbehaviour
        self._looks = looks
        self._seconds = seconds
        self._finish = finish
        self._since: dict[str, float] = {}

    def _steps(self, waiting: Object) -> int:
        """How many states further a look brings it."""
        name = waiting["_name"]
        waiting["_looks"] = waiting.get("_looks", 0) + 1
        steps = 0
        if self._looks == 0:
            steps = 9
        elif waiting["_looks"] >= self._looks + waiting.get("_longer", 0):
            steps = 1
        if self._seconds is not None:
            passed = moment() - self._since.setdefault(name, moment())
            steps = max(steps, int(passed / self._seconds) if self._seconds else 9)
        if steps:
            waiting["_looks"] = waiting["_longer"] = 0
            self._since[name] = moment()
        return steps

    # -- ingestion -------------------------------------------------------------------------

    def look_at_ingestion(self, job: Object) -> None:
        """One look at the files of a data job that are being read."""
        if self._puzzles(job):
            return
        waiting = [each for each in job["_records"] if each["status"] in ("queued", "running")]
        if not waiting:
            return
        for _ in range(min(2, self._steps(job))):
            number = self._state.tick()
            for record in waiting:
                if record["status"] == "queued":
                    record["status"], record["processing_at"] = "running", stamp(number)
                    record["queue_position"] = None
                elif record["status"] == "running":
                    failed = record["error_message"] is not None
                    record["status"] = "failed" if failed else "completed"
                    record["failed_at" if failed else "completed_at"] = stamp(number)
        self._state.put(job)

    # -- alignment and fine-tuning ---------------------------------------------------------

    def begin(self, values: Object) -> None:
        """Decide, once, how a job will end; it is kept with the job."""
        fate = self._misbehaviour.shows(*_FATES)
        if fate is not None:
            values["_fate"], values["_reason"] = _FATES[fate.name]
            values["_partial"] = bool(fate.partial)
        if unknown := self._misbehaviour.shows("unknown-forever"):
            values["_unknown"] = [unknown.word, -1]
        else:
            self.puzzle(values)
        if self._misbehaviour.shows("never-done"):
            values["_for_ever"] = True

    def puzzle(self, job: Object) -> None:
        """Let a job say something that nobody documented, for some looks."""
        if unknown := self._misbehaviour.shows("unknown-status"):
            job["_unknown"] = [unknown.word, _or(unknown.looks, 2)]

    def _puzzles(self, job: Object) -> bool:
        """Does it say so now? Counts the look."""
        word, looks = job.get("_unknown", ("", 0))
        if looks:
            job["_unknown"] = [word, max(looks - 1, -1)]
            job["_shown"] = word
            self._state.put(job)
        elif job.pop("_shown", None):
            self._state.put(job)
        return bool(looks)

    def look(self, job: Object) -> None:
        """One look at an alignment or a fine-tuning that has not ended."""
        if job["status"] in ENDED:
            return
        if self._puzzles(job):
            return
        for _ in range(self._steps(job)):
            self._on(job)
            if job["status"] in ENDED:
                break
        self._tell(job)
        self._state.put(job)

    def _on(self, job: Object) -> None:
        place = STAGES.index(job["status"])
        if place + 1 < len(STAGES):
            job["status"] = STAGES[place + 1]
        elif not job.get("_for_ever"):
            job["status"] = job.get("_fate") or "completed"
            self.end(job)

    def end(self, job: Object) -> None:
        """What is on record of a job that has just ended."""
        job["status_message"] = job.get("_reason")
        if job["status"] == "completed" or job.get("_partial"):
            self._finish(job)
        job["completed_at" if job["status"] == "completed" else "stopped_at"] = stamp(
            self._state.tick()
        )

    def _tell(self, job: Object) -> None:
        """Progress, step and estimate, as far as a job is."""
        share = {"pending": 0.0, "queued": 0.0, "completed": 1.0}.get(job["status"])
        if share is None:
            share = min(0.95, (job.get("_looks", 0) + 1) / (self._looks + 1))
            if job["status"] in ENDED:
                share = float(job.get("progress") or 50) / 100
        running = job["status"] == "running"
        job["progress"] = round(100 * share)
        job["step_progress"] = round(100 * (share * len(STEPS) % 1)) if running else None
        job["current_step"] = STEPS[int(share * len(STEPS)) % len(STEPS)] if running else None
        job["eta_minutes"] = max(1, round(10 * (1 - share))) if running else None


def _or(given: int | None, usual: int) -> int:
    return usual if given is None else given


def status_of(
    job: Object, alignment: Object | None, *, prompt_made: bool
) -> tuple[str, str | None]:
    """A data job's status and what it says: its own before the start, then its alignment's."""
    if alignment is not None:
        return alignment.get("_shown") or alignment["status"], alignment.get("status_message")
    records = {each["alignment_file_id"]: each for each in job["_records"]}
    states = [records[each]["status"] for each in job["_files"] if each in records]
    if not job["_files"]:
        return "needs_review", "Add at least one file."
    if "failed" in states:
        return "needs_review", "A file could not be processed; see its suggested fix."
    if "queued" in states or "running" in states:
        return "file_processing", None
    if not job["system_prompt"] and not prompt_made:
        return "needs_review", "Add a system prompt."
    return "ready_to_start", None
