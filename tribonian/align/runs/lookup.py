"""What really happened at the service, where the answer to a request was lost."""

from __future__ import annotations

import filecmp
import threading
from collections.abc import Callable, Collection
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from tribonian.align.runs.course import Course
from tribonian.align.runs.journal import records
from tribonian.align.runs.standing import is_started
from tribonian.align.runs.watching import Patience, pause, settled
from tribonian.align.service.failures import NotThereError, UncertainError, UnreachableError
from tribonian.schemas.service import AlignmentJob, DataJob, ServiceFile

T = TypeVar("T")
PURPOSE = "alignment"
Unnamed = Collection[str]  # ids of files


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


def find_upload(
    course: Course, name: str, size: int, *, content: Path | None = None, known: Unnamed = ()
) -> ServiceFile | None:
    """The file of that name and size, if it is at the service: by our journal, else by its list.

    The name holds the digest of the content, whatever the service puts before it. One with fewer
    bytes is what a broken upload left. Where a list has no names, each file is asked for; one
    that has none then either is fetched and compared with ``content``, unless it is ``known``
    from before the upload.
    """
    for id in _journaled(course, name):
        try:
            found = course.service.file(id)
        except NotThereError:
            continue
        if not found.deleted and found.bytes in (None, size):
            return found
    for found in course.service.files(purpose=PURPOSE):
        if found.filename is None and found.bytes in (None, size):
            with suppress(NotThereError):
                found = course.service.file(found.id)
        if found.deleted or found.bytes not in (None, size):
            continue
        if found.purpose not in (None, PURPOSE):
            continue
        if (found.filename or "").endswith(name):
            return found
        if found.filename is not None or content is None or found.id in known:
            continue
        if _holds(course, found.id, content):
            return found
    return None


def unnamed(course: Course) -> list[str]:
    """The ids of the files that the service lists without a name."""
    return [each.id for each in course.service.files(purpose=PURPOSE) if each.filename is None]


def _holds(course: Course, id: str, content: Path) -> bool:
    """Whether a file at the service is that one, to the byte."""
    aside = course.places.align / f".upload-{course.run.run}.{threading.get_ident()}.part"
    try:
        course.service.download(id, aside)
        return filecmp.cmp(aside, content, shallow=False)
    except NotThereError:
        return False
    finally:
        aside.unlink(missing_ok=True)


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
    """The ids of the jobs that have this run's name already, or show none."""
    return [job.id for job in course.service.jobs() if _may_be_called(job, course.run.name)]


def find_job(course: Course, known: Collection[str], system_prompt: str) -> DataJob | None:
    """The job that a lost answer was about: our name, not known before, and with our texts.

    A name that ends with the run is nobody else's, whatever the service makes of the texts. A
    job that another run of this folder has is no other's; of several the one that was started,
    else the oldest.
    """
    taken = {*known, *_claimed(course)}
    found = []
    for job in course.service.jobs():
        if job.id in taken or not _may_be_called(job, course.run.name):
            continue
        if not job.name:
            job = course.service.job(job.id)
        if _is_ours(course, job, system_prompt):
            found.append(job)
    started = [job for job in found if is_started(job)]
    return next(reversed(started or found), None)


def _is_ours(course: Course, job: DataJob, system_prompt: str) -> bool:
    run = course.run
    if job.name and not _may_be_called(job, run.name):
        return False
    if job.name and run.name.endswith(run.run):
        return True
    return _same(job.instructions, run.instructions) and _same(job.system_prompt, system_prompt)


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


def shows_files(job: DataJob) -> bool:
    """Whether a job says anything of its files."""
    return bool(job.files or job.additional_alignment_file_ids or job.ingestion_jobs)


def has_file(job: DataJob, file: str) -> bool:
    """Whether a file is attached to a job."""
    return (
        any(each.file_id == file for each in job.files)
        or file in job.additional_alignment_file_ids
        or any(file in ingestion.file_ids for ingestion in job.ingestion_jobs)
    )


def _may_be_called(job: DataJob, name: str) -> bool:
    return not job.deleted and (not job.name or job.name.split() == name.split())


def _same(shown: str | None, ours: str) -> bool:
    """Whether a text is ours, as far as the service shows it."""
    return shown is None or shown.split() == ours.split()
