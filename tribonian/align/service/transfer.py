"""Files on their way: uploads that are read as they are sent, downloads written as they come."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, BinaryIO

from tribonian.align.service.answer import Answer, Progress
from tribonian.align.service.call import Call
from tribonian.align.service.failures import (
    OtherSizeError,
    ServiceError,
    StoppedError,
    UnreachableError,
)
from tribonian.errors import UsageError
from tribonian.ingest.web.body import receive
from tribonian.ingest.web.retry import PassingError
from tribonian.ingest.web.status import named

if TYPE_CHECKING:
    from tribonian.align.service.exchange import Exchange

# The service takes files of 4 GB; what is larger than a few of those is no file of pairs.
LARGEST = 16 << 30
# What the service says of a file and what it gives may disagree for good.
_TRIES = 3
_WHOLE = 200
_PAGE = re.compile(rb"\s*(?:<!doctype html|<html|<head|<body)", re.IGNORECASE)

# A table of ours, because each system knows other types by itself.
_TYPES = {
    ".json": "application/json",
    ".md": "text/markdown",
    ".txt": "text/plain",
    ".csv": "text/csv",
}


class Upload:
    """A file and its purpose as a multipart body, in the order of the official SDK.

    A context: the file is open in it. `httpx` reads it from the start for every request, a piece
    at a time. UsageError for a file that cannot be read.
    """

    def __init__(
        self,
        path: Path,
        purpose: str,
        name: str,
        stop: threading.Event,
        progress: Progress | None,
    ) -> None:
        self.name = name
        self._path = path
        self._purpose = purpose
        self._stop = stop
        self._progress = progress
        self._file: _Sent | None = None

    def __enter__(self) -> Upload:
        with _readable(self._path):
            file = self._path.open("rb")
            self._file = _Sent(file, self._path, self._stop, self._progress)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._file:
            self._file.close()

    @property
    def fields(self) -> dict[str, str]:
        """``purpose``, which comes first."""
        return {"purpose": self._purpose}

    @property
    def files(self) -> dict[str, Any]:
        """``files`` with its name and type."""
        suffix = Path(self.name).suffix.lower()
        return {
            "files": (self.name, self._file, _TYPES.get(suffix, "application/octet-stream")),
        }


class _Sent:
    """The file as `httpx` reads it: it tells how far it is, and ends where it ended at first."""

    def __init__(
        self, file: BinaryIO, path: Path, stop: threading.Event, progress: Progress | None
    ) -> None:
        self._file = file
        self._path = path
        self._stop = stop
        self._progress = progress
        self._size = os.fstat(file.fileno()).st_size
        self._at = 0

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        self._at = offset + (self._size if whence == os.SEEK_END else 0)
        return self._at

    def read(self, size: int) -> bytes:
        if self._stop.is_set():
            raise StoppedError(f"The upload of {self._path} was stopped; run it again.")
        if self._at == 0 and self._progress:
            self._progress(0, self._size)
        with _readable(self._path):
            self._file.seek(self._at)
            piece = self._file.read(min(size, self._size - self._at))
        if not piece and self._at < self._size:
            raise UsageError(
                f"{self._path} became shorter while it was sent, so that the service has no whole "
                "file; leave it as it is, and send it again."
            )
        self._at += len(piece)
        if self._progress and piece:
            self._progress(self._at, self._size)
        return piece

    def close(self) -> None:
        self._file.close()


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = error.strerror
    else:
        return
    raise UsageError(f"{path} cannot be read ({reason}); mend that and try again.")


@contextmanager
def _writable(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = error.strerror
    else:
        return
    raise UsageError(f"{path} cannot be written ({reason}); mend that and try again.")


def download(
    exchange: Exchange, call: Call, to: Path, expected: int | None, progress: Progress | None
) -> int:
    """Write the answer to a file, whole or not at all; how many bytes it has.

    What is cut short on the way is asked for again, from its start. The file is flushed to the
    disk, and removed where it does not come whole.
    """

    def taking(answer: Answer) -> int:
        size = _written(answer, call, to, expected or 0, progress)
        if expected not in (None, size):
            raise PassingError(
                f"The service was asked to {call.doing}, which it lists with {expected} bytes, "
                f"but gave {size}",
                _WHOLE,
                tries=_TRIES,
            )
        return size

    try:
        return exchange.take(call, taking)
    except BaseException as error:
        with suppress(OSError):
            to.unlink()
        if not (isinstance(error, UnreachableError) and error.status == _WHOLE):
            raise
        failure = OtherSizeError(str(error), error.status)
    raise failure


def _written(answer: Answer, call: Call, to: Path, expected: int, progress: Progress | None) -> int:
    if answer.status not in (200, 203, 204):  # 206 would be a part of it
        raise ServiceError(
            f"The service was asked to {call.doing}, and answered {named(answer.status)} "
            "instead of the whole file; try again later.",
            answer.status,
        )
    with _writable(to), to.open("wb") as file:
        pieces = answer.pieces(progress, answer.length or expected)
        size = receive(pieces, answer.header("content-encoding"), file, LARGEST).bytes
        file.flush()
        os.fsync(file.fileno())
    if answer.is_page and _PAGE.match(_head(to)):
        raise ServiceError(
            f"The service was asked to {call.doing}, and gave a web page instead; check "
            "SEEKR_BASE_URL, and whether a proxy or a sign-in page stands between."
        )
    return size


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(512)
