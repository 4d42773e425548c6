"""The course of alignment: a build is sent, waited for, and its pairs collected.

What has been done stands in the journal; running again goes on where it stood, whatever ended
the process before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tribonian.align.built import write_sent
from tribonian.align.places import Places
from tribonian.align.runs.asked import Asked, Run, run_of
from tribonian.align.runs.collecting import Gathered
from tribonian.align.runs.course import Course, Shared, Telling
from tribonian.align.runs.journal import Journal, Record, records, working
from tribonian.align.runs.one_run import (
    Ended,
    collect_one,
    send_only,
    send_or_skip,
    was_started,
)
from tribonian.align.runs.planning import Prepared, plan
from tribonian.align.runs.side_by_side import InterruptedRunError, Stage, side_by_side
from tribonian.align.runs.trail import require_runs
from tribonian.align.runs.watching import Patience
from tribonian.align.service.client import Service
from tribonian.errors import UsageError

__all__ = ["Ended", "InterruptedRunError", "Outcome", "collect", "run", "submit"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a command did: how each run ended, the pairs there are now, and what to know.

    ``others`` are runs of this folder that are not done and were not asked for.
    """

    runs: tuple[Ended, ...]
    gathered: Gathered | None
    others: tuple[Run, ...] = ()

    @property
    def well(self) -> bool:
        """Whether nothing failed: the exit code is 0, else 1."""
        return all(
            each.state in ("collected", "finished", "started") and each.reason is None
            for each in self.runs
        )


def run(
    build: Path,
    asked: Asked,
    service: Service,
    *,
    rehearsal: bool = False,
    telling: Telling | None = None,
) -> Outcome:
    """Send a build and collect its pairs; again, and it goes on where it stood.

    ``rehearsal`` is whether the service is the stand-in. Raises UsageError, NotFitError, and
    TribonianError where another process works on the folder; InterruptedRunError at Ctrl-C. What
    fails in one run is in its `Ended`, and stops no other.
    """
    halves = (send_or_skip, collect_one)
    return _work(build, asked, service, rehearsal, telling or Telling(), halves)


def submit(
    build: Path,
    asked: Asked,
    service: Service,
    *,
    rehearsal: bool = False,
    telling: Telling | None = None,
) -> Outcome:
    """Send a build and start its jobs, without waiting for them; errors as `run`."""
    return _work(build, asked, service, rehearsal, telling or Telling(), (send_only,))


def collect(
    build: Path,
    service: Service,
    *,
    rehearsal: bool = False,
    telling: Telling | None = None,
) -> Outcome:
    """Wait for all runs of the journal that were started, and collect their pairs.

    The build may have changed, or hold only what changed: what was sent is kept. UsageError where
    nothing was started.
    """
    telling = telling or Telling()
    require_runs(build)
    places = Places(build)
    key = service.account.key
    with working(places, key.masked, thorough=not key.is_short) as journal:
        shared = Shared(places, service, telling, Patience(service.times.deadline))
        courses = all_courses(shared, journal)
        here, elsewhere = _here(courses, service, rehearsal)
        started = [course for course in here if was_started(course)]
        # What the service ended is not asked for again, unless there is nothing else.
        mine = [each for each in started if each.record.failed("run") is None] or started
        if not mine:
            raise UsageError(nothing_started(build, elsewhere))
        ended = side_by_side(shared, mine, (collect_one,), courses)
        others = [course.run for course in courses if course not in mine and not _is_done(course)]
        return Outcome(ended[0], ended[1], tuple(others))


def nothing_started(build: Path, elsewhere: Sequence[Course]) -> str:
    """The sentence where there is no run that could be collected or cancelled."""
    if elsewhere:
        where = ", ".join(dict.fromkeys(_where(course.run) for course in elsewhere))
        return f"The runs of {build} were sent to {where}; {_how(elsewhere[0].run)}."
    return f"No run of {build} was started; start one with: tribonian align run {build}"


def _where(sent: Run) -> str:
    if sent.rehearsal:
        return "the rehearsal"
    return sent.base_url + (f" as team {sent.team}" if sent.team else "")


def _how(sent: Run) -> str:
    if sent.rehearsal:
        return "add --rehearse"
    return "set SEEKR_BASE_URL and SEEKR_TEAM_ID to those, without --rehearse"


# -- the runs of a folder --------------------------------------------------------------------


def all_courses(shared: Shared, journal: Journal) -> list[Course]:
    """All runs of the journal in the order in which they began."""
    found = []
    for record in records(journal).values():
        first = record.first
        if first is not None:
            found.append(Course(run_of(first), record, shared))
    return found


def _here(
    courses: Sequence[Course], service: Service, rehearsal: bool
) -> tuple[list[Course], list[Course]]:
    """The runs that were sent to this service, and the others."""
    here: list[Course] = []
    elsewhere: list[Course] = []
    for course in courses:
        (here if is_here(course.run, service, rehearsal) else elsewhere).append(course)
    return here, elsewhere


def is_here(sent: Run, service: Service, rehearsal: bool) -> bool:
    """Whether a run was sent to this service, for this team."""
    if sent.rehearsal or rehearsal:
        return sent.rehearsal and rehearsal
    return (sent.base_url, sent.team) == (service.account.base_url, service.account.team)


def _is_done(course: Course) -> bool:
    return course.record.done("run") is not None or course.record.failed("run") is not None


# -- one process -----------------------------------------------------------------------------


def _work(
    build: Path,
    asked: Asked,
    service: Service,
    rehearsal: bool,
    telling: Telling,
    stages: Sequence[Stage],
) -> Outcome:
    places = Places(build)
    key = service.account.key
    with working(places, key.masked, thorough=not key.is_short) as journal:
        prepared = plan(build, asked, service.account, rehearsal)
        shared = Shared(places, service, telling, Patience(service.times.deadline))
        known = {course.run.run: course for course in all_courses(shared, journal)}
        mine = [_begun(shared, journal, each, known) for each in prepared]
        courses = [*known.values()]
        here, _ = _here(courses, service, rehearsal)
        others = [course.run for course in here if course not in mine and not _is_done(course)]
        ended, gathered = side_by_side(shared, mine, stages, courses)
        return Outcome(ended, gathered, tuple(others))


def _begun(
    shared: Shared, journal: Journal, prepared: Prepared, known: dict[str, Course]
) -> Course:
    """The course of a run, with its first line and its principles kept."""
    sent = prepared.run
    course = known.get(sent.run)
    if course is None:
        record = Record(journal, sent.run)
        record.write("run", "begin", **sent.facts())
        course = known[sent.run] = Course(sent, record, shared)
    course.prepared = prepared
    snapshot = shared.places.sent(sent.run)
    if course.record.done("snapshot") is None or not snapshot.exists():
        course.begin("snapshot")
        write_sent(snapshot, prepared.principles)
        course.record.write("snapshot", "done", principles=len(prepared.principles))
    return course
