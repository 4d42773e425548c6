"""The steps of a run from its start: waiting for the end, and the files that came of it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from tribonian.align.runs.course import Course, EndedError
from tribonian.align.runs.journal import Line, flush_folder
from tribonian.align.runs.legacy import look_at_alignment
from tribonian.align.runs.sending import look_at
from tribonian.align.runs.standing import Standing, is_over, minutes_left, reasons, standing, why
from tribonian.align.runs.watching import pause, settled, watch
from tribonian.align.service.failures import (
    NotThereError,
    OtherSizeError,
    ServiceError,
    UnreachableError,
)
from tribonian.errors import TribonianError
from tribonian.schemas.service import AlignmentJob, DataJob, Output

PAIRS = "fine-tune"  # the purpose of the output that holds the pairs
_DATA = (".parquet", ".jsonl", ".json", ".csv")
ENDS = {
    "failed": "has failed",
    "cancelled": "was cancelled",
    "stopped": "was stopped",
    "deleted": "was deleted",
}
_TRIES = 3  # downloads of one file before it is given up


class NothingMadeError(TribonianError):
    """The service says that it is done, and there is nothing that could be collected."""


@dataclass(frozen=True, slots=True)
class Received:
    """A file as the service gave it, whole and under its name."""

    path: Path
    output: str
    rows: int | None


def wait(course: Course) -> DataJob | AlignmentJob:
    """Wait for the end of the job; EndedError where there is nothing more to be had of it."""
    job = course.job
    assert job is not None
    course.begin("wait", job=job)
    legacy = course.run.workflow == "legacy"
    ended: DataJob | AlignmentJob = watch(
        lambda: look_at_alignment(course, job) if legacy else look_at(course, job),
        lambda seen: is_over(seen.status),
        times=course.service.times,
        stop=course.service.stop,
        patience=course.shared.patience,
        told=lambda seen: course.tell(standing(course.run.run, "wait", seen)),
        say=course.say,
        left=minutes_left,
    )
    status = str(ended.status)
    if status != "deleted":
        course.record.write("wait", "done", job=job, status=status, reasons=reasons(ended))
        return ended
    course.record.write("wait", "failed", job=job, status=status, reasons=reasons(ended))
    raise EndedError(
        f"The job {job} {ENDS.get(status, status)}{why(ended)} and gave no pairs; its principles "
        "and its journal are kept, and another --name begins it anew.",
        status,
    )


def outputs(course: Course, job: DataJob | AlignmentJob) -> list[Output]:
    """The files with the pairs; NothingMadeError where there are none in the end."""
    times = course.service.times

    def look() -> list[Output] | None:
        try:
            if isinstance(job, DataJob):
                found = course.service.outputs(look_at(course, job.id))
            else:
                found = job.output_files or course.service.alignment_outputs(job.id)
        except NotThereError:
            return None  # not yet, perhaps
        return pairs_among(found) or None

    status = str(job.status)
    early = status != "completed"  # what it had made until then, if anything
    with course.step("outputs", job=job.id):
        found = settled(look, 0 if early else times.patience, course.service.stop)
        if found is None:
            if early:
                raise EndedError(
                    f"The job {job.id} {ENDS.get(status, status)}{why(job)} and gave no pairs; its "
                    "principles and its journal are kept, and another --name begins it anew.",
                    status,
                )
            raise NothingMadeError(
                f"The job {job.id} is {job.status} and has no output file{why(job)}; collect it "
                "later, or look at it in the service's own pages."
            )
    course.record.write(
        "outputs", "done", job=job.id, files=[[each.id, each.filename] for each in found]
    )
    return found


def pairs_among(found: Sequence[Output]) -> list[Output]:
    """Those of some outputs that hold pairs: by purpose, else by name; Parquet before the rest."""
    fit = [each for each in found if each.purpose == PAIRS]
    fit = fit or [each for each in found if _suffix(each) in _DATA and not each.purpose]
    fit = fit or [each for each in found if _suffix(each) in _DATA] or list(found)
    return [each for each in fit if _suffix(each) == ".parquet"] or fit


def _suffix(output: Output) -> str:
    return Path(output.filename or "").suffix.lower()


# -- the files -------------------------------------------------------------------------------


def kept(course: Course) -> list[Received] | None:
    """The files of a run that is received, if all of them are there; None if not."""
    listed = course.record.done("outputs")
    if listed is None:
        return None
    found = []
    for number in range(1, len(listed["files"]) + 1):
        line = course.record.done("download", number)
        path = None if line is None else course.places.align / line["name"]
        if line is None or path is None or not _is_as_kept(path, line):
            return None
        found.append(Received(path, line["output"], line["rows"]))
    return found


def state_of(course: Course) -> str:
    """How far a run is, by the journal alone."""
    record = course.record
    done = record.done("run")
    if done is not None:
        return str(done["outcome"])
    if record.failed("run") is not None:
        return "failed"
    if kept(course) is not None:
        return "received"
    steps = (("start", "started"), ("create", "created"))
    for step, state in steps:
        if record.done(step) is not None:
            return state
    uploaded = record.done("upload", "json") or record.done("upload", "md")
    return "begun" if uploaded is None else "uploaded"


def _is_as_kept(path: Path, line: Line) -> bool:
    try:
        return path.stat().st_size == int(line["bytes"])
    except OSError:
        return False


def receive(course: Course, found: Sequence[Output]) -> list[Received]:
    """Download what is not yet here, each file whole or not at all."""
    return [_receive(course, output, number) for number, output in enumerate(found, 1)]


def _receive(course: Course, output: Output, number: int) -> Received:
    done = course.record.done("download", number)
    if done is not None and done["output"] == output.id:
        path = course.places.align / done["name"]
        if _is_as_kept(path, done):
            return Received(path, output.id, done["rows"])
    suffix = _suffix(output).removeprefix(".") or "parquet"
    suffix = suffix if suffix.isalnum() and len(suffix) <= 8 else "data"
    path = course.places.received(course.run.run, suffix, number)
    aside = path.with_name(f".{path.name}.part")
    with course.step("download", part=number, output=output.id, bytes=output.bytes):
        try:
            size, rows, listed = _whole(course, output, aside)
            digest = _digest(aside)
            aside.replace(path)
            flush_folder(path.parent)
        finally:
            aside.unlink(missing_ok=True)
    course.record.write(
        "download",
        "done",
        part=number,
        output=output.id,
        name=path.name,
        bytes=size,
        sha256=digest,
        rows=rows,
        **({} if listed in (None, size) else {"listed": listed}),
    )
    return Received(path, output.id, rows)


def _whole(course: Course, output: Output, aside: Path) -> tuple[int, int | None, int | None]:
    """Download to a side file until it is whole and can be opened: bytes, rows, listed bytes.

    The size in a list may be wrong for good. A file that came again and again with another is
    taken without it, if it can be told by opening it that it has its end.
    """
    listed = output.bytes
    if listed is None:
        with suppress(NotThereError):
            listed = course.service.file(output.id).bytes
    expected = listed
    other: OtherSizeError | None = None
    tries = 0
    while True:
        tries += 1
        try:
            size = course.service.download(
                output.id,
                aside,
                expected=expected,
                progress=lambda done, whole: course.tell(
                    Standing(course.run.run, "download", done=done, whole=whole)
                ),
            )
            rows = opened(aside, output)
            if other is not None and size != listed:
                if not _has_its_end(aside, output):
                    raise other
                course.say(
                    f"The file {output.filename or output.id} is listed with {listed} bytes and "
                    f"came with {size}, each time; it can be opened to its end and is taken so."
                )
            return size, rows, listed
        except OtherSizeError as error:
            if other is not None:
                raise
            other, expected = error, None
        except (UnreachableError, _DamagedError):
            if tries == _TRIES or course.shared.patience.left() <= 0:
                raise
        pause(course.service.times.first_wait, course.service.stop)


def _has_its_end(file: Path, output: Output) -> bool:
    """Whether opening a file has shown, or shows, that nothing of it is missing."""
    with file.open("rb") as given:
        if given.read(4) == b"PAR1":  # what it holds is listed at its end
            return True
        if _suffix(output) != ".jsonl":
            return False
        given.seek(0)
        last = b""
        for line in given:
            last = line.strip() or last
    try:
        orjson.loads(last)
    except ValueError:
        return False
    return True


class _DamagedError(ServiceError):
    """A file that came and is not what its name says."""


def opened(file: Path, output: Output) -> int | None:
    """The rows of a file that came, None where only its reading can tell.

    Raises NothingMadeError for one without rows. What is neither Parquet nor JSON lines is kept
    as it came: what it is, its reader says.
    """
    name = f"The file {output.filename or output.id} ({output.id})"
    with file.open("rb") as given:
        start = given.read(4)
        if not start:
            raise NothingMadeError(
                f"{name} is empty; look at its job in the service's own pages, and collect it "
                "again when there is more."
            )
        if start == b"PAR1" or _suffix(output) == ".parquet":
            rows = _parquet_rows(file, name)
        elif _suffix(output) == ".jsonl":
            given.seek(0)
            rows = sum(1 for line in given if line.strip())
        else:
            return None
    if rows == 0:
        raise NothingMadeError(
            f"{name} has no pair in it; look at its job in the service's own pages, and collect it "
            "again when there are some."
        )
    return rows


def _parquet_rows(file: Path, name: str) -> int:
    try:
        with pq.ParquetFile(file) as parquet:
            return int(parquet.metadata.num_rows)
    except (pa.ArrowException, OSError) as error:
        reason = " ".join(str(error).split())[:160]
        raise _DamagedError(
            f"{name} cannot be opened as Parquet ({reason}); collect it again."
        ) from None


def _digest(file: Path) -> str:
    with file.open("rb") as given:
        return hashlib.file_digest(given, "sha256").hexdigest()
