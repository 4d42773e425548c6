"""The job at the service: created once, with its file attached.

Each step looks first what the journal and the service know of it, and repeats nothing that may
have had its effect.
"""

from __future__ import annotations

from tribonian.align.runs.course import Course
from tribonian.align.runs.lookup import (
    find_job,
    has_file,
    namesakes,
    shows_files,
    until_known,
)
from tribonian.align.runs.standing import READY
from tribonian.align.runs.uploading import as_refusal
from tribonian.align.runs.watching import settled
from tribonian.align.service.failures import NotThereError, ServiceError
from tribonian.schemas.service import DataJob


def create(course: Course, prompt: str) -> str:
    """The id of the run's job: journaled, found at the service, or created now."""
    if course.job is not None:
        return course.job
    run = course.run
    begun = course.record.begun("create")
    # Two runs that are called the same must not take each other's job for their own.
    with course.shared.creating:
        if begun is not None:
            known = [str(id) for id in begun["known"]]
            found = settled(
                lambda: find_job(course, known, prompt),
                course.unsettled(begun),
                course.service.stop,
            )
            if found is not None:
                return _created(course, found.id, found=True)
        else:
            known = namesakes(course)

        def ask() -> str:
            with course.step("create", name=run.name, known=known):
                return course.service.create_job(
                    run.name, instructions=run.instructions, system_prompt=prompt
                ).id

        def look() -> str | None:
            found = find_job(course, known, prompt)
            return None if found is None else found.id

        return _created(course, until_known(course, ask, look))


def _created(course: Course, job: str, found: bool = False) -> str:
    facts = {"found": True} if found else {}
    course.record.write("create", "done", job=job, name=course.run.name, **facts)
    return job


def look_at(course: Course, id: str) -> DataJob:
    """The job; NotThereError with what a person can do where it is gone."""
    try:
        return course.service.job(id)
    except NotThereError as error:
        raise NotThereError(
            f"The job {id} of run {course.run.run} is not at the service for this key and team; "
            "set SEEKR_TEAM_ID if it is another team's, or, if it was deleted, begin anew with "
            "another --name.",
            error.status,
        ) from None


def attach(course: Course, job: str, file: str, form: str) -> None:
    """See to it that the file is attached."""
    done = course.record.done("attach", form)
    if done is not None and done["file"] == file and done["job"] == job:
        return
    facts: dict[str, object] = {"part": form, "job": job, "file": file}

    def look() -> bool | None:
        seen = look_at(course, job)
        # A job that shows no files has one all the same once it is read, or has been.
        taken_in = not shows_files(seen) and seen.status in ("file_processing", READY)
        return has_file(seen, file) or taken_in or None

    begun = course.record.begun("attach", form)
    if begun is None or not settled(look, course.unsettled(begun), course.service.stop):

        def ask() -> bool:
            with course.step("attach", **facts):
                try:
                    course.service.attach(job, [file])
                except ServiceError as error:
                    if error.status == 409 and look():
                        return True
                    raise as_refusal(error) from None
                return True

        until_known(course, ask, look)
    course.record.write("attach", "done", **facts)


def detach(course: Course, job: str, file: str, form: str) -> None:
    """See to it that a file is not attached any more."""

    def look() -> bool | None:
        return not has_file(look_at(course, job), file) or None

    def ask() -> bool:
        with course.step("detach", part=form, job=job, file=file):
            try:
                course.service.detach(job, [file])
            except ServiceError:
                if not look():
                    raise
            return True

    if not look() or not shows_files(look_at(course, job)):
        until_known(course, ask, look)
    course.record.write("detach", "done", part=form, job=job, file=file)
