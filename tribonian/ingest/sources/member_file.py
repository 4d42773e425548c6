"""One member of an archive, open: read in pieces, counted, its faults told in one sentence."""

from __future__ import annotations

import io
import lzma
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from typing import IO, NamedTuple

from tribonian.errors import DocumentError
from tribonian.ingest.sources.expansion import check_member

PIECE = 64 * 1024  # bytes; what is packed is read ahead by as many, which a bomb blows up

DAMAGED = "It is damaged in its archive; get the archive again from where it came from."
CUT_OFF = "It is cut off, because its archive is; get the archive again from where it came from."
LINK = "It is a link and no file."
SPECIAL = "It is no regular file."
NO_PASSWORD = "It is encrypted; give the password with --password."
WRONG_PASSWORD = "The password given with --password does not open it."
UNKNOWN_METHOD = (
    "It is compressed or encrypted in a way that is not known here; unpack the archive and name "
    "a folder."
)

# What the standard library raises for bytes that are not what they should be.
FAULTS = (
    zipfile.BadZipFile, tarfile.TarError, zlib.error, lzma.LZMAError, struct.error, OSError,
    EOFError, ValueError, OverflowError, IndexError, KeyError, RuntimeError, TypeError,
    AssertionError,
)  # fmt: skip


class Entry(NamedTuple):
    """A member as its archive lists it.

    ``number`` is its place in the archive, ``name`` as written, ``size`` as claimed.
    ``status`` is ``ok``, or ``skipped`` or ``failed`` with a ``reason``; ``folder`` where it
    is one.
    """

    number: int
    name: str
    size: int
    status: str = "ok"
    reason: str | None = None


def why(error: Exception) -> str:
    """One sentence for what the standard library raised while a member was read."""
    said = str(error).lower()
    if isinstance(error, NotImplementedError):
        return UNKNOWN_METHOD
    if isinstance(error, EOFError) or "unexpected end" in said:
        return CUT_OFF
    if isinstance(error, RuntimeError) and "password required" in said:
        return NO_PASSWORD
    if isinstance(error, RuntimeError) and "password" in said:
        return WRONG_PASSWORD
    return DAMAGED


class MemberFile:
    """A member's bytes, one after another, as `gzip` and `tarfile` read a file.

    ``count`` is told of each piece. Every fault is a DocumentError.
    """

    def __init__(
        self, file: IO[bytes], count: Callable[[int], None] | None = None, encrypted: bool = False
    ) -> None:
        self._file = file
        self._count = count
        self._encrypted = encrypted
        self._ahead = b""
        self._out = 0

    def peek(self, size: int) -> bytes:
        """The next bytes, at most so many, which stay to be read."""
        while len(self._ahead) < size:
            piece = self._next(size - len(self._ahead))
            if not piece:
                break
            self._ahead += piece
        return self._ahead[:size]

    def read(self, size: int = -1) -> bytes:
        """At most ``size`` bytes, b"" at the end; all that is left where it is below 0."""
        if size < 0:
            whole = io.BytesIO()
            while piece := self.read(PIECE):
                whole.write(piece)
            return whole.getvalue()
        if self._ahead:
            piece, self._ahead = self._ahead[:size], self._ahead[size:]
            return piece
        return self._next(size)

    def tell(self) -> int:
        """How many bytes came out, those looked at included."""
        return self._out

    def close(self) -> None:
        """Close it, whatever state it is in."""
        self._file.close()

    def _next(self, size: int) -> bytes:
        try:
            piece = self._file.read(size)
        except DocumentError:
            raise
        except FAULTS as error:
            if self._encrypted:  # one wrong password in 256 is found out by the content alone
                raise DocumentError(WRONG_PASSWORD) from None
            raise DocumentError(why(error)) from None
        self._out += len(piece)
        check_member(self._out)
        if self._count is not None:
            self._count(self._out)
        return piece
