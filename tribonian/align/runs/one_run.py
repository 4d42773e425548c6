"""The whole course of one run: what comes next, by what is known of it, and how it ended."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tribonian.align.runs.asked import Run
from tribonian.align.runs.course import Course, EndedError
from tribonian.align.runs.legacy import generate
from tribonian.align.runs.prompting import system_prompt
from tribonian.align.runs.receiving import ENDS, kept, outputs, receive, wait
from tribonian.align.runs.sending import attach, create, detach, look_at
from tribonian.align.runs.standing import REVIEW, is_started
from tribonian.align.runs.starting import ready, start
from tribonian.align.runs.uploading import FormRefusedError, upload
from tribonian.align.runs.watching import LateError
from tribonian.align.service.failures import RefusedError, ServiceError, StoppedError
from tribonian.errors import TribonianError

_STARTS = 5  # times that a job may turn out not to be ready after all


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run stands when the command ends.

    ``state``: collected (its pairs are here), partial (the job ended early, and what it had made
    is here), started (it goes on at the service), failed, or finished (nothing was left to do).
    ``reason`` is a sentence where it is partial, failed, or started because of the deadline.
    """

    run: Run
    state: str
    job: str | None = None
    reason: str | None = None


def was_started(course: Course) -> bool:
    """Whether something of a run goes on at the service, or may: the answer may be lost."""
    record = course.record
    if course.run.workflow == "legacy":  # what is created there is started
        return record.done("create") is not None
    return record.done("start") is not None or record.begun("start") is not None


# -- what comes next ---------------------------------------------------------------------------


def send_or_skip(course: Course) -> Ended:
    """The first half of a whole course: up to the start, unless its files are here."""
    if kept(course) is None:
        send(course)
    return Ended(course.run, "started", course.job)


def send_only(course: Course) -> Ended:
    """From wherever the run stands to its start."""
    if course.record.done("run") is not None:
        return Ended(course.run, "finished", course.job)
    send(course)
    return Ended(course.run, "started", course.job)


def collect_one(course: Course) -> Ended:
    """From the start of a run to its files."""
    done = course.record.done("run")
    if kept(course) is None:
        if course.record.done("start") is None:  # its answer was lost: was it started at all?
            settle_start(course)
        receive(course, outputs(course, wait(course)))
    elif done is not None and done["outcome"] == "collected":
        return Ended(course.run, "finished", course.job)
    waited = course.record.done("wait") or {}
    status = waited.get("status", "completed")
    if status != "completed":
        reasons = "; ".join(waited.get("reasons", []))
        said = f" ({reasons})" if reasons else ""
        return Ended(
            course.run,
            "partial",
            course.job,
            f"The job {course.job} {ENDS.get(status, status)}{said}; what it had made until then "
            "is collected and marked in the journal.",
        )
    return Ended(course.run, "collected", course.job)


def settle_start(course: Course) -> None:
    """Find out of a run whose start has no known end whether it was started."""
    id = course.job
    legacy = course.run.workflow == "legacy"
    if id is None or not (legacy or is_started(look_at(course, id))):
        raise TribonianError(
            f"Run {course.run.run} was not started; start it with the command that sent it."
        )
    course.record.write("start", "done", job=id, found=True)


def send(course: Course) -> None:
    """Everything up to the start, in JSON or, where that is refused and may be, in Markdown."""
    if course.record.done("start") is not None:
        return
    job = course.job
    if job is not None and course.run.workflow == "jobs" and is_started(look_at(course, job)):
        # by the process before, or by somebody else
        course.record.write("start", "done", job=job, found=True)
        return
    switched = course.record.done("form")
    form = "md" if course.run.upload == "md" or switched is not None else "json"
    if switched is not None:  # the process before may have ended before it was detached
        _drop_json(course)
    try:
        _send_as(course, form)
    except FormRefusedError as refused:
        if form == "md" or course.run.upload == "json":
            raise TribonianError(_review_sentence(course, str(refused), form)) from None
        course.say(f"{str(refused).rstrip('.')}; its Markdown twin is sent instead.")
        course.record.write("form", "done", form="md", reason=str(refused))
        _drop_json(course)
        try:
            _send_as(course, "md")
        except FormRefusedError as again:
            raise TribonianError(_review_sentence(course, str(again), "md")) from None


def _review_sentence(course: Course, reason: str, form: str) -> str:
    what = (
        "run again with --upload md, which sends the Markdown twin"
        if form == "json"
        else "mend what it names, or look at the job in the service's own pages, and run again"
    )
    return f"{reason.rstrip('.')}; {what}."


def _drop_json(course: Course) -> None:
    attached = course.record.done("attach", "json") or course.record.begun("attach", "json")
    if attached is not None and course.job is not None:  # else nothing is to be undone
        detach(course, course.job, str(attached["file"]), "json")


def _send_as(course: Course, form: str) -> None:
    file = upload(course, form)
    prompt = system_prompt(course)
    if course.run.workflow == "legacy":
        generate(course, file, prompt)
        return
    job = create(course, prompt)
    reviewed = course.record.failed("ready")
    if reviewed is not None and reviewed.get("status") == REVIEW:
        _add_anew(course, job, file, form)
    for _ in range(_STARTS):
        attach(course, job, file, form)
        if is_started(ready(course, job)):
            course.record.write("start", "done", job=job, found=True)
            return
        if start(course, job):
            return
    raise ServiceError(
        f"The job {job} says that it is ready and is not when it is started; run again later."
    )


def _add_anew(course: Course, job: str, file: str, form: str) -> None:
    """Detach a file that a process before could not have processed: it is tried once more."""
    if course.record.done("attach", form) is not None and look_at(course, job).status == REVIEW:
        detach(course, job, file, form)


# -- how it ended ------------------------------------------------------------------------------


def come_back(build: Path, mine: Sequence[Course]) -> str:
    """The sentence for a person who leaves while jobs are under way."""
    going = [course for course in mine if was_started(course) and kept(course) is None]
    rehearse = " --rehearse" if any(course.run.rehearsal for course in mine) else ""
    folder = shlex.quote(str(build))
    if going:
        jobs = ", ".join(str(course.job) for course in going)
        many = "jobs go" if len(going) > 1 else "job goes"
        return (
            f"The {many} on at the service ({jobs}); come back with: "
            f"tribonian align collect {folder}{rehearse}"
        )
    return "Nothing is half done; the same command goes on where it stood."


def guarded(course: Course, course_of: Callable[[Course], Ended]) -> Ended:
    """Work one run; whatever fails is its own."""
    build = course.places.build
    try:
        return course_of(course)
    except LateError:
        reason = f"The deadline has passed; {_uncapitalised(come_back(build, [course]))}"
        return Ended(course.run, "started" if was_started(course) else "failed", course.job,
                     reason)  # fmt: skip
    except RefusedError as error:
        reason = str(error)
        if was_started(course):
            reason = f"{reason.rstrip('.')}; {_uncapitalised(come_back(build, [course]))}"
        return Ended(course.run, "failed", course.job, reason)
    except EndedError as error:
        course.record.write("run", "failed", status=error.status, reason=str(error))
        return Ended(course.run, "failed", course.job, str(error))
    except StoppedError:
        return Ended(course.run, "started" if was_started(course) else "failed", course.job,
                     come_back(build, [course]))  # fmt: skip
    except TribonianError as error:
        return Ended(course.run, "failed", course.job, str(error))


def _uncapitalised(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]
