"""The file at the service: found there, or uploaded once."""

from __future__ import annotations

from tribonian.align.runs.course import Course
from tribonian.align.runs.lookup import PURPOSE, find_upload, until_known
from tribonian.align.runs.standing import Standing
from tribonian.align.runs.watching import settled
from tribonian.align.service.failures import NotThereError, ServiceError
from tribonian.errors import TribonianError

NOT_TAKEN = frozenset((200, 400, 415, 422))  # the file, or what it holds, is not to its liking


class FormRefusedError(TribonianError):
    """The service does not take the file in this form; the text is its reason."""


def upload(course: Course, form: str) -> str:
    """The id of the run's file at the service: found there, or sent now."""
    assert course.prepared is not None
    path, name = course.prepared.upload(course.places, form)
    size = path.stat().st_size
    with course.shared.names[name]:
        wait = course.unsettled(course.record.begun("upload", form))
        found = settled(lambda: find_upload(course, name, size), wait, course.service.stop)
        facts: dict[str, object] = {"part": form, "name": name, "bytes": size}
        if found is not None:
            done = course.record.done("upload", form)
            if done is None or done["file"] != found.id:
                course.record.write("upload", "done", **facts, file=found.id, reused=True)
            return found.id
        _pre_check(course, form, size)

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
            found = find_upload(course, name, size)
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
    """An error as what it says of the file, where it says something of it."""
    plain = type(error) is ServiceError
    return FormRefusedError(str(error)) if plain and error.status in NOT_TAKEN else error
