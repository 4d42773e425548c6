"""The file at the service: found there, or uploaded once."""

from __future__ import annotations

import re

from tribonian.align.runs.course import Course
from tribonian.align.runs.lookup import PURPOSE, find_upload, unnamed, until_known
from tribonian.align.runs.standing import Standing
from tribonian.align.runs.watching import settled
from tribonian.align.service.failures import NotThereError, ServiceError
from tribonian.errors import TribonianError
from tribonian.schemas.service import ServiceFile

NOT_TAKEN = frozenset((200, 400, 415, 422))  # the file, or what it holds, is not to its liking
_WRONG_FORM = 415  # Unsupported Media Type
_VERDICT = 200  # that of the check before the upload, which is of suffix, size and purpose
# Words about the form of a file. The names of our files end in one, and are no such words.
_NAME = re.compile(r"[\w.-]+\.(?:json|md)\b", re.IGNORECASE)
_FORM = re.compile(
    r"\b(?:json|markdown|md|suffix(?:es)?|(?:file )?extensions?|formats?|mime|(?<!job )types?"
    r"|(?:file|content|media)[-_]types?)\b",
    re.IGNORECASE,
)
_UNSUPPORTED = re.compile(r"\b(?:un|not )support", re.IGNORECASE)


class FormRefusedError(TribonianError):
    """The service does not take the file in this form; the text is its reason."""


def upload(course: Course, form: str) -> str:
    """The id of the run's file at the service: found there, or sent now."""
    assert course.prepared is not None
    path, name = course.prepared.upload(course.places, form)
    size = path.stat().st_size
    with course.shared.names[name]:
        begun = course.record.begun("upload", form)
        known = [str(id) for id in begun.get("unnamed", [])] if begun is not None else []

        def seen() -> ServiceFile | None:
            sent = course.record.begun("upload", form) is not None
            content = path if sent else None
            return find_upload(course, name, size, content=content, known=known)

        found = settled(seen, course.unsettled(begun), course.service.stop)
        facts: dict[str, object] = {"part": form, "name": name, "bytes": size}
        if found is not None:
            done = course.record.done("upload", form)
            if done is None or done["file"] != found.id:
                course.record.write("upload", "done", **facts, file=found.id, reused=True)
            return found.id
        _pre_check(course, form, size)
        if begun is None:
            known = unnamed(course)
        facts["unnamed"] = known

        def ask() -> str:
            with course.step("upload", **facts):
                try:
                    with course.shared.uploads:
                        sent = course.service.upload(
                            path,
                            purpose=PURPOSE,
                            name=name,
                            progress=lambda done, whole: course.tell(
                                Standing(course.run.run, "upload", done=done, whole=whole)
                            ),
                        )
                except ServiceError as error:
                    raise as_refusal(error) from None
                if sent.bytes not in (None, size):
                    raise ServiceError(
                        f"The service has {sent.bytes} of the {size} bytes of {name} (file "
                        f"{sent.id}); run again, and it is sent once more."
                    )
                return sent.id

        def look() -> str | None:
            found = seen()
            return None if found is None else found.id

        file = until_known(course, ask, look)
        course.record.write("upload", "done", **facts, file=file)
        return file


def _pre_check(course: Course, form: str, size: int) -> None:
    with course.step("metadata", part=form, bytes=size):
        try:
            course.service.validate_metadata(PURPOSE, form, size)
        except NotThereError:
            pass  # a service without the call says at the upload what it does not like
        except ServiceError as error:
            raise as_refusal(error) from None
        course.record.write("metadata", "done", part=form)


def as_refusal(error: ServiceError) -> TribonianError:
    """An error as what it says of the file's form, where it says something of that."""
    return FormRefusedError(str(error)) if _is_of_form(error) else error


def _is_of_form(error: ServiceError) -> bool:
    """Whether another form of the file may help; a bare 400 may mean anything."""
    if type(error) is not ServiceError or error.status not in NOT_TAKEN:
        return False
    if error.status == _WRONG_FORM or (error.status == _VERDICT and not error.words):
        return True
    if _FORM.search(_NAME.sub("", error.words)):
        return True
    return bool(_NAME.search(error.words) and _UNSUPPORTED.search(error.words))
