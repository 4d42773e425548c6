"""The legacy workflow, ``alignment.generate``: one call in the place of create, attach, start."""

from __future__ import annotations

from tribonian.align.runs.course import Course
from tribonian.align.runs.lookup import find_alignment, until_known
from tribonian.align.runs.uploading import as_refusal
from tribonian.align.runs.watching import settled
from tribonian.align.service.failures import NotThereError, ServiceError
from tribonian.schemas.service import AlignmentJob


def generate(course: Course, file: str, prompt: str) -> str:
    """The id of the run's alignment: journaled, found at the service, or started now."""
    if course.job is not None:
        if course.record.done("start") is None:
            course.record.write("start", "done", job=course.job)
        return course.job
    begun = course.record.begun("create")
    with course.shared.creating:
        if begun is not None:
            known = [str(id) for id in begun["known"]]
            found = settled(
                lambda: find_alignment(course, known, file),
                course.unsettled(begun),
                course.service.stop,
            )
            if found is not None:
                return _generated(course, found.id, found=True)
        else:
            known = [job.id for job in course.service.alignments()]

        def ask() -> str:
            with course.step("create", name=course.run.name, known=known):
                try:
                    return course.service.generate(
                        course.run.instructions, [file], system_prompt=prompt
                    ).id
                except ServiceError as error:
                    raise as_refusal(error) from None

        def look() -> str | None:
            found = find_alignment(course, known, file)
            return None if found is None else found.id

        return _generated(course, until_known(course, ask, look))


def _generated(course: Course, id: str, found: bool = False) -> str:
    facts = {"found": True} if found else {}
    course.record.write("create", "done", job=id, name=course.run.name, **facts)
    course.record.write("start", "done", job=id)  # what is generated is started
    return id


def look_at_alignment(course: Course, id: str) -> AlignmentJob:
    """The alignment; NotThereError with what a person can do where it is gone."""
    try:
        return course.service.alignment(id)
    except NotThereError as error:
        raise NotThereError(
            f"The alignment {id} of run {course.run.run} is not at the service for this key and "
            "team; set SEEKR_TEAM_ID if it is another team's, or begin anew with another --name.",
            error.status,
        ) from None
