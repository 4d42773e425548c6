"""Waiting until a job can be started, and starting it once."""

from __future__ import annotations

from tribonian.align.runs.course import Course, EndedError
from tribonian.align.runs.lookup import until_known
from tribonian.align.runs.sending import look_at
from tribonian.align.runs.standing import (
    READY,
    REVIEW,
    is_over,
    is_started,
    minutes_left,
    reasons,
    standing,
    why,
)
from tribonian.align.runs.uploading import NOT_TAKEN, FormRefusedError, as_refusal
from tribonian.align.runs.watching import settled, watch
from tribonian.align.service.failures import ServiceError
from tribonian.schemas.service import DataJob

# Looks before needs_review is believed, with reasons and without: ingestion may begin late.
_REVIEWS, _REVIEWS_UNEXPLAINED = 3, 6


def ready(course: Course, id: str) -> DataJob:
    """Wait until the job can be started, or was; FormRefusedError where it needs a review."""
    run = course.run.run
    reviews = 0

    def is_settled(job: DataJob) -> bool:
        nonlocal reviews
        reviews = reviews + 1 if job.status == REVIEW else 0
        believed = reviews >= (_REVIEWS if reasons(job) else _REVIEWS_UNEXPLAINED)
        return job.status == READY or is_started(job) or is_over(job.status) or believed

    with course.step("ready", job=id):
        job = watch(
            lambda: look_at(course, id),
            is_settled,
            times=course.service.times,
            stop=course.service.stop,
            patience=course.shared.patience,
            told=lambda job: course.tell(standing(run, "ready", job)),
            say=course.say,
            left=minutes_left,
        )
    if not is_started(job):
        if job.status == REVIEW:
            reason = f"The service wants to have the job {id} reviewed{why(job)}"
            course.record.write("ready", "failed", job=id, status=REVIEW, reason=reason)
            raise FormRefusedError(reason)
        if is_over(job.status):
            raise EndedError(
                f"The job {id} is {job.status} and was never started{why(job)}; begin anew with "
                "another --name.",
                job.status,
            )
    course.record.write("ready", "done", job=id, status=job.status)
    return job


def start(course: Course, id: str) -> bool:
    """Start the job unless it was; False where it is not ready any more.

    The caller has seen that it is ready. After a lost answer it is asked for again only if the
    job still says so: a status that nobody documented may be that of a job that was started.
    """
    again = False

    def look() -> bool | None:
        return is_started(look_at(course, id)) or None

    begun = course.record.begun("start")
    if begun is not None and settled(look, course.unsettled(begun), course.service.stop):
        return _started(course, id, found=True)

    def ask() -> bool:
        nonlocal again
        if again and look_at(course, id).status != READY:
            return False
        again = True
        with course.step("start", job=id):
            try:
                course.service.start(id)
            except ServiceError as error:
                if error.status == 409 or error.status in NOT_TAKEN:
                    job = look_at(course, id)
                    if is_started(job):
                        return True
                    if job.status != READY:
                        course.record.write("start", "failed", reason=str(error))
                        return False
                raise as_refusal(error) from None
            return True

    return until_known(course, ask, look) and _started(course, id)


def _started(course: Course, id: str, found: bool = False) -> bool:
    course.record.write("start", "done", job=id, **({"found": True} if found else {}))
    return True
