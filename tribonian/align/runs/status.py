"""How the runs of a folder stand at the service now, and cancelling those that run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tribonian.align.places import Places
from tribonian.align.runs.asked import Run
from tribonian.align.runs.course import Course, Shared, Telling
from tribonian.align.runs.journal import BusyError, Journal, read_journal, working
from tribonian.align.runs.legacy import look_at_alignment
from tribonian.align.runs.lookup import until_known
from tribonian.align.runs.receiving import state_of
from tribonian.align.runs.sending import look_at
from tribonian.align.runs.standing import Standing, is_over, is_started, standing, why
from tribonian.align.runs.trail import require_runs
from tribonian.align.runs.watching import Patience
from tribonian.align.runs.workflow import all_courses, is_here, nothing_started
from tribonian.align.service.client import Service
from tribonian.align.service.failures import NotThereError, ServiceError
from tribonian.errors import TribonianError, UsageError
from tribonian.schemas.service import AlignmentJob, DataJob


@dataclass(frozen=True, slots=True)
class Row:
    """One run: ``state`` is ours, ``standing`` what the service says now, None if not asked.

    ``state``: collected, partial, failed, received (its pairs are not yet written), started,
    created, uploaded or begun. ``note`` is a sentence where there is something to know.
    """

    run: Run
    state: str
    job: str | None
    standing: Standing | None = None
    note: str | None = None


def status(build: Path, service: Service, *, rehearsal: bool = False) -> list[Row]:
    """A row a run, in the order in which they began; reads only, and needs no lock."""
    places = Places(build)
    require_runs(build)
    journal = Journal(places, service.account.key.masked)
    journal.lines = read_journal(places)
    shared = Shared(places, service, Telling(), Patience(None))
    courses = all_courses(shared, journal)
    return [_row(course, rehearsal) for course in courses]


def _row(course: Course, rehearsal: bool) -> Row:
    state = state_of(course)
    if course.job is None:
        return Row(course.run, state, None)
    if not is_here(course.run, course.service, rehearsal):
        where = "in a rehearsal" if course.run.rehearsal else f"to {course.run.base_url}"
        return Row(course.run, state, course.job, note=f"It was sent {where}.")
    try:
        seen = _job(course)
    except ServiceError as error:
        return Row(course.run, state, course.job, note=str(error))
    note = why(seen)[2:-1] or None
    return Row(course.run, state, course.job, standing(course.run.run, "status", seen), note)


def _job(course: Course) -> DataJob | AlignmentJob:
    assert course.job is not None
    if course.run.workflow == "legacy":
        return look_at_alignment(course, course.job)
    return look_at(course, course.job)


# -- cancelling ------------------------------------------------------------------------------


def cancel(
    build: Path,
    service: Service,
    *,
    rehearsal: bool = False,
    say: Callable[[Run, str], None] | None = None,
) -> list[Row]:
    """Cancel every run that is started and not over; a row each of those, as it stands then.

    Works beside a process that waits for them, which then says that they are cancelled.
    UsageError where nothing runs.
    """
    places = Places(build)
    require_runs(build)
    telling = Telling(say=say) if say is not None else Telling()
    key = service.account.key
    try:
        with working(places, key.masked, thorough=not key.is_short) as journal:
            return _cancel(places, service, journal, rehearsal, telling)
    except BusyError:
        journal = Journal(places, key.masked, thorough=not key.is_short)
        journal.open(alone=False)
        try:
            return _cancel(places, service, journal, rehearsal, telling)
        finally:
            journal.close()


def _cancel(
    places: Places, service: Service, journal: Journal, rehearsal: bool, telling: Telling
) -> list[Row]:
    shared = Shared(places, service, telling, Patience(None))
    courses = [course for course in all_courses(shared, journal) if course.job is not None]
    here = [course for course in courses if is_here(course.run, service, rehearsal)]
    if not here:
        raise UsageError(nothing_started(places.build, courses))
    rows = []
    for course in here:
        if state_of(course) in ("collected", "partial", "failed", "received"):
            continue
        try:
            rows.append(_cancel_one(course))
        except TribonianError as error:
            rows.append(Row(course.run, state_of(course), course.job, note=str(error)))
    return rows


def _cancel_one(course: Course) -> Row:
    id = course.job
    assert id is not None
    legacy = course.run.workflow == "legacy"
    seen = _job(course)
    started = legacy or (isinstance(seen, DataJob) and is_started(seen))
    if is_over(seen.status) or not started:
        return _cancelled_row(course, seen)

    def look() -> bool | None:
        status = _job(course).status
        return is_over(status) or status == "cancel_requested" or None

    def ask() -> bool:
        with course.step("cancel", job=id):
            try:
                if legacy:
                    course.service.cancel_alignment(id)
                else:
                    course.service.cancel(id)
            except NotThereError:
                raise
            except ServiceError as error:
                if error.status != 409 or not look():  # it ended by itself meanwhile
                    raise
            return True

    until_known(course, ask, look)
    course.record.write("cancel", "done", job=id)
    return _cancelled_row(course, _job(course))


def _cancelled_row(course: Course, seen: DataJob | AlignmentJob) -> Row:
    return Row(course.run, state_of(course), course.job,
               standing(course.run.run, "cancel", seen), why(seen)[2:-1] or None)  # fmt: skip
