"""What really happened at the service, where the answer to a request was lost."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TypeVar

from tribonian.align.runs.course import Course
from tribonian.align.runs.journal import records
from tribonian.align.runs.standing import is_started
from tribonian.align.runs.watching import Patience, pause, settled
from tribonian.align.service.failures import NotThereError, UncertainError, UnreachableError
from tribonian.schemas.service import AlignmentJob, DataJob, ServiceFile

T = TypeVar("T")
PURPOSE = "alignment"


def until_known(course: Course, ask: Callable[[], T], look: Callable[[], T | None]) -> T:
    """Ask for something with an effect until it is known to have it.

    After an uncertain end one looks for as long as the effect may take to show; only then is it
    asked for again.
    """
    times = course.service.times
    patience = Patience(times.patience)
    while True:
        try:
            return ask()
        except UncertainError as error:
            found = settled(look, times.settle, course.service.stop)
            if found is not None:
                return found
            if patience.left() <= 0:
                raise UnreachableError(str(error), error.status) from None
        pause(min(times.first_wait, patience.left()), course.service.stop)


def find_upload(course: Course, name: str, size: int) -> ServiceFile | None:
    """The file of that name and size, if it is at the service: by our journal, else by its list.

    The name holds the digest of the content. One with fewer bytes is what a broken upload left.
    """
    for id in _journaled(course, name):
        try:
            found = course.service.file(id)
        except NotThereError:
            continue
        if not found.deleted and found.bytes in (None, size):
            return found
    for found in course.service.files(purpose=PURPOSE):
        if found.filename != name or found.deleted:
            continue
        if found.bytes in (None, size) and found.purpose in (None, PURPOSE):
            return found
    return None


def _journaled(course: Course, name: str) -> list[str]:
    """The ids under which a content was uploaded before, by any run to the same place."""
    place = (course.run.base_url, course.run.team)
    found: list[str] = []
    for record in records(course.record.journal).values():
        first = record.first or {}
        if (first.get("base_url"), first.get("team")) != place:
            continue
        for key, line in record.done_lines.items():
            if key.startswith("upload:") and line.get("name") == name:
                found.append(str(line["file"]))
    return list(dict.fromkeys(found))


def namesakes(course: Course) -> list[str]:
    """The ids of the jobs that have this run's name already."""
    return [job.id for job in course.service.jobs() if _is_called(job, course.run.name)]


def find_job(course: Course, known: Collection[str], system_prompt: str) -> DataJob | None:
    """The job that a lost answer was about: our name and our texts, not known before.

    A job that another run of this folder has is no other's; of several the one that was started,
    else the oldest.
    """
    taken = {*known, *_claimed(course)}
    found = [
        job
        for job in course.service.jobs()
        if _is_called(job, course.run.name)
        and job.id not in taken
        and _same(job.instructions, course.run.instructions)
        and _same(job.system_prompt, system_prompt)
    ]
    started = [job for job in found if is_started(job)]
    return next(reversed(started or found), None)


def find_alignment(course: Course, known: Collection[str], file: str) -> AlignmentJob | None:
    """The alignment that a lost answer of the legacy call was about: new, and of our file."""
    taken = {*known, *_claimed(course)}
    found = [job for job in course.service.alignments() if job.id not in taken]
    shown = [job for job in found if file in _files_of(job)]
    return next(reversed(shown or [job for job in found if not _files_of(job)]), None)


def _files_of(job: AlignmentJob) -> list[str]:
    """The ids of the files of an alignment, where the service shows them."""
    extra = job.model_extra or {}
    given = extra.get("files") or extra.get("file_ids") or []
    if not isinstance(given, list):
        return []
    return [str(each.get("id") or each.get("file_id")) if isinstance(each, dict) else str(each)
            for each in given]  # fmt: skip


def _claimed(course: Course) -> set[str]:
    """The jobs of the other runs of this folder."""
    found = set()
    for record in records(course.record.journal).values():
        line = record.done("create")
        if record.run != course.run.run and line is not None:
            found.add(str(line["job"]))
    return found


def has_file(job: DataJob, file: str) -> bool:
    """Whether a file is attached to a job."""
    return (
        any(each.file_id == file for each in job.files)
        or file in job.additional_alignment_file_ids
        or any(file in ingestion.file_ids for ingestion in job.ingestion_jobs)
    )


def _is_called(job: DataJob, name: str) -> bool:
    return " ".join((job.name or "").split()) == " ".join(name.split()) and not job.deleted


def _same(shown: str | None, ours: str) -> bool:
    """Whether a text is ours, as far as the service shows it."""
    return shown is None or shown.split() == ours.split()
