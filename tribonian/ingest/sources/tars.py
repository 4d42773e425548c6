"""The members of a tar, one after another as they come out; nothing is unpacked to disk."""

from __future__ import annotations

import bz2
import gzip
import lzma
import tarfile
from collections.abc import Iterator
from typing import IO, Protocol, cast

from tribonian.errors import DocumentError
from tribonian.ingest.sources.expansion import Expansion, check_member, check_ratio
from tribonian.ingest.sources.member_file import DAMAGED, FAULTS, LINK, SPECIAL, Entry, MemberFile

AT_ONCE = 256 * 1024  # bytes
SPARSE = "It is packed as a sparse file, which is not read out of an archive; pack it otherwise."
ENDS = (
    "It is damaged or cut off, and what stands behind that was not read; get it again from where "
    "it came from."
)


CHECK_SUM = (
    "Its check sum is wrong, so that members are damaged and it cannot be told which; get it "
    "again from where it came from."
)


class PassedError(Exception):
    """The member that is asked for stands before the one that was read last."""


class Readable(Protocol):
    """What a tar is read from."""

    def read(self, size: int = ..., /) -> bytes:
        """At most so many bytes."""

    def tell(self) -> int:
        """How many bytes were read."""


_AT_THE_END = (tarfile.EmptyHeaderError, tarfile.TruncatedHeaderError)  # type: ignore[attr-defined]


class _Strict(tarfile.TarInfo):
    """A member's head; `tarfile` by itself takes a damaged one for the end of the archive."""

    @classmethod
    def fromtarfile(cls, tar: tarfile.TarFile) -> _Strict:
        assert isinstance(tar, _Tar)
        try:
            head = super().fromtarfile(tar)
        except tarfile.EOFHeaderError:  # type: ignore[attr-defined]
            tar.has_mark = True
            raise
        except tarfile.HeaderError as error:
            if tar.has_mark and isinstance(error, _AT_THE_END):
                raise
            # Some writers leave the mark of the end out; in a packed stream a missing end is
            # seen without it.
            packed = getattr(tar.fileobj, "is_packed", True)
            if tar.offset and packed and isinstance(error, _AT_THE_END[0]):
                raise
            raise DocumentError(ENDS) from None
        tar.has_mark = False
        return head


class _Tar(tarfile.TarFile):
    """A tar that goes on behind the mark of its end, where another may stand (``cat a b``)."""

    tarinfo = _Strict
    ignore_zeros = True
    has_mark = False


class _Unpacked:
    """The stream of a tar, unpacked and counted; it goes forward only."""

    def __init__(self, file: Readable, kind: str, expansion: Expansion) -> None:
        self._file = file
        self._expansion = expansion
        self.is_packed = kind != "tar"
        raw = cast("IO[bytes]", file)
        self._unpacked: Readable = file
        if kind == "gz":
            self._unpacked = gzip.GzipFile(fileobj=raw, mode="rb")
        elif kind == "bz2":
            self._unpacked = bz2.BZ2File(raw)
        elif kind == "xz":
            self._unpacked = lzma.LZMAFile(raw)  # noqa: SIM115
        self._out = 0

    def read(self, size: int) -> bytes:
        """So many bytes, fewer only at the end."""
        piece = self._next(size)
        if len(piece) == size:
            return piece
        pieces = [piece]
        while piece and (size := size - len(piece)):
            piece = self._next(size)
            pieces.append(piece)
        return b"".join(pieces)

    def _next(self, size: int) -> bytes:
        piece = self._unpacked.read(min(size, AT_ONCE))
        self._out += len(piece)
        self._expansion.add(len(piece))
        if self.is_packed:
            check_ratio(self._out, self._file.tell())
        return piece

    def tell(self) -> int:
        """How many bytes came out."""
        return self._out

    def seek(self, place: int) -> int:
        """Go forward; a place that is behind is one of a head that lies (CVE-2025-8194)."""
        if place < self._out:
            raise tarfile.StreamError
        while self._out < place and self._next(place - self._out):
            pass
        return self._out

    def seekable(self) -> bool:
        """Not in both directions."""
        return False

    def drain(self) -> None:
        """Go to the end, where the check sums of a packed stream are."""
        while self.is_packed and self._next(AT_ONCE):
            pass


class TarMembers:
    """The members of a tar, in the order in which they stand and no other."""

    def __init__(self, file: Readable, kind: str, expansion: Expansion) -> None:
        self.expansion = expansion
        self._number = -1
        self._taken = False
        self._info: tarfile.TarInfo | None = None
        try:
            self._stream = _Unpacked(file, kind, expansion)
            self._tar = _Tar(
                fileobj=cast("IO[bytes]", self._stream), mode="r",
                encoding="utf-8", errors="surrogateescape",
            )  # fmt: skip
        except DocumentError:
            raise
        except FAULTS:
            raise DocumentError(ENDS) from None

    def __iter__(self) -> Iterator[Entry]:
        while self._advance():
            self.expansion.add_member()
            yield self._entry()
        try:
            self._stream.drain()
        except DocumentError:
            raise
        except FAULTS:
            raise DocumentError(CHECK_SUM) from None

    def _advance(self) -> bool:
        """Go to the next member; DocumentError where the archive is damaged."""
        try:
            self._info = self._tar.next()
        except DocumentError:
            raise
        except FAULTS:
            raise DocumentError(CHECK_SUM if self._tar.has_mark else ENDS) from None
        self._tar.members.clear()  # type: ignore[attr-defined]
        self._number += 1
        self._taken = False
        return self._info is not None

    def _entry(self) -> Entry:
        info = self._info
        assert info is not None
        status, reason = "ok", None
        if info.isdir():
            status = "folder"
        elif info.issym() or info.islnk():
            status, reason = "skipped", LINK
        elif not info.isreg():
            status, reason = "skipped", SPECIAL
        elif info.issparse():
            status, reason = "failed", SPARSE
        elif info.size < 0:
            status, reason = "failed", DAMAGED
        else:
            try:
                check_member(info.size)
            except DocumentError as error:
                status, reason = "failed", str(error)
        return Entry(self._number, info.name, info.size, status, reason)

    def open(self, number: int) -> MemberFile:
        """One member at its start; PassedError if the stream is beyond that already."""
        if number < self._number or (number == self._number and self._taken):
            raise PassedError
        while self._number < number:
            if not self._advance():
                raise DocumentError("The archive has changed while it was read.")
        assert self._info is not None
        if not self._info.isreg() or self._info.issparse():
            raise DocumentError("The archive has changed while it was read.")
        self._taken = True
        file = self._tar.extractfile(self._info)
        assert file is not None
        return MemberFile(file)

    def close(self) -> None:
        """Close the stream; the file is its owner's."""
        self._tar.close()
