"""Bodies of requests: read to their end or not taken at all; files go to disk piece by piece."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

MAX_TEXT = 32_000_000  # bytes of a body that is held in memory: anything but an upload
MAX_FIELD = 1_000_000  # bytes of a form's field that is no file
_PIECE = 1 << 16


class CutOffError(Exception):
    """The connection ended before the body did."""


class BadBodyError(Exception):
    """A body that is not what its headers say; the text says how."""


@dataclass
class Part:
    """One part of a form: a field with its ``value``, or a file at ``path``."""

    name: str
    filename: str | None = None
    media_type: str | None = None
    size: int = 0
    sha256: str = ""
    value: bytes = b""
    path: Path | None = None


@dataclass
class Body:
    """What a request brought: its bytes where it is no form, else its parts in their order."""

    data: bytes = b""
    parts: list[Part] = field(default_factory=list)
    size: int = 0
    sha256: str = ""

    def discard(self) -> None:
        """Remove the files that nobody took."""
        for part in self.parts:
            if part.path is not None:
                part.path.unlink(missing_ok=True)


def pieces_of(
    stream: BinaryIO, headers: Mapping[str, str], limit: int | None = None
) -> Iterator[bytes]:
    """The body of a request, piece by piece; ``limit`` ends it early, for a fault."""
    chunked = "chunked" in headers.get("transfer-encoding", "").lower()
    came = 0
    for piece in _chunks(stream) if chunked else _counted(stream, headers):
        came += len(piece)
        yield piece
        if limit is not None and came >= limit:
            return


def _counted(stream: BinaryIO, headers: Mapping[str, str]) -> Iterator[bytes]:
    try:
        left = int(headers.get("content-length") or 0)
    except ValueError:
        raise BadBodyError("Content-Length is no number") from None
    while left > 0:
        piece = stream.read(min(left, _PIECE))
        if not piece:
            raise CutOffError
        left -= len(piece)
        yield piece


def _chunks(stream: BinaryIO) -> Iterator[bytes]:
    while True:
        line = stream.readline(1000)
        if not line.endswith(b"\n"):
            raise CutOffError
        try:
            left = int(line.split(b";")[0], 16)
        except ValueError:
            raise BadBodyError("a chunk has no size") from None
        last = left == 0
        while left > 0:
            piece = stream.read(min(left, _PIECE))
            if not piece:
                raise CutOffError
            left -= len(piece)
            yield piece
        if last:
            while (line := stream.readline(10_000)) not in (b"\r\n", b"\n"):
                if not line:
                    raise CutOffError
            return
        if stream.readline(10) not in (b"\r\n", b"\n"):
            raise BadBodyError("a chunk is longer than it says")


def read_body(stream: BinaryIO, headers: Mapping[str, str], aside: Callable[[], Path]) -> Body:
    """Read a whole body; CutOffError leaves no file behind. ``aside`` names new files."""
    kind, options = parse_options_header(headers.get("content-type", ""))
    if kind != b"multipart/form-data":
        return _plain(pieces_of(stream, headers))
    boundary = options.get(b"boundary")
    if not boundary:
        raise BadBodyError("multipart/form-data without a boundary")
    form = _Form(boundary, aside)
    try:
        for piece in pieces_of(stream, headers):
            form.take(piece)
        return form.done()
    except BaseException:
        form.close()
        form.body.discard()
        raise


def _plain(pieces: Iterator[bytes]) -> Body:
    digest = hashlib.sha256()
    data = bytearray()
    size = 0
    for piece in pieces:
        digest.update(piece)
        size += len(piece)
        if size <= MAX_TEXT:
            data += piece
    if size > MAX_TEXT:
        raise BadBodyError(f"a body of {size:,} bytes is no form")
    return Body(bytes(data), [], size, digest.hexdigest())


class _Form:
    """A form while it comes in."""

    def __init__(self, boundary: bytes, aside: Callable[[], Path]) -> None:
        self.body = Body()
        self._aside = aside
        self._digest = hashlib.sha256()
        self._part_digest = hashlib.sha256()
        self._file: BinaryIO | None = None
        self._header = b""
        self._value = b""
        self._headers: dict[bytes, bytes] = {}
        self._ended = False
        self._parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._begin,
                "on_part_data": self._data,
                "on_part_end": self._end,
                "on_header_field": self._header_name,
                "on_header_value": self._header_value,
                "on_header_end": self._header_end,
                "on_headers_finished": self._open,
                "on_end": self._all,
            },
        )

    def take(self, piece: bytes) -> None:
        self._digest.update(piece)
        self.body.size += len(piece)
        try:
            self._parser.write(piece)
        except FormParserError as error:
            raise BadBodyError(str(error)) from None

    def done(self) -> Body:
        self.close()
        if not self._ended:
            raise BadBodyError("the form has no end")
        self.body.sha256 = self._digest.hexdigest()
        return self.body

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def _begin(self) -> None:
        self._headers = {}

    def _header_name(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _header_end(self) -> None:
        self._headers[self._header.lower()] = self._value
        self._header = self._value = b""

    def _open(self) -> None:
        _, options = parse_options_header(self._headers.get(b"content-disposition"))
        if b"name" not in options:
            raise BadBodyError("a part of the form has no name")
        part = Part(options[b"name"].decode("utf-8", "replace"))
        if b"filename" in options:
            part.filename = options[b"filename"].decode("utf-8", "replace")
            part.media_type = self._headers.get(b"content-type", b"").decode("latin-1") or None
            part.path = self._aside()
            self._file = part.path.open("wb")
        self._part_digest = hashlib.sha256()
        self.body.parts.append(part)

    def _data(self, data: bytes, start: int, end: int) -> None:
        part = self.body.parts[-1]
        piece = data[start:end]
        part.size += len(piece)
        self._part_digest.update(piece)
        if self._file is not None:
            self._file.write(piece)
        elif part.size > MAX_FIELD:
            raise BadBodyError(f"the field {part.name} is too long")
        else:
            part.value += piece

    def _end(self) -> None:
        self.close()
        self.body.parts[-1].sha256 = self._part_digest.hexdigest()

    def _all(self) -> None:
        self._ended = True
