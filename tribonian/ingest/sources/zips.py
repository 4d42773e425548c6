"""The members of a zip, read where they stand; nothing is unpacked to disk.

What a zip says of itself is written in two places, and hostile ones let them disagree (David
Fifield, "A better zip bomb", 2019; CVE-2024-0450): here the directory at the end lists the
members, no two may share bytes, and what comes out is counted.
"""

from __future__ import annotations

import stat
import zipfile
from collections.abc import Iterator
from functools import partial
from typing import IO, BinaryIO

from tribonian.errors import DocumentError
from tribonian.ingest.sources.expansion import Expansion, check_ratio
from tribonian.ingest.sources.member_file import (
    CUT_OFF,
    FAULTS,
    LINK,
    NO_PASSWORD,
    SPECIAL,
    UNKNOWN_METHOD,
    Entry,
    MemberFile,
    why,
)
from tribonian.ingest.sources.member_names import zip_name
from tribonian.ingest.sources.zip_rescue import LOCAL, is_spanned, rescued

_ENCRYPTED = 0x1
_LOCAL_HEADER = 30  # bytes, before the name
_PLACE_IN_LINE = 42  # bytes, in a line of the directory: where the member is (4.3.12)
_PART, _MEMBERS = 1, 4  # fields of the record at the end (4.3.16)
_UNTOLD = 0xFFFF  # where the number of a part of a split zip stands elsewhere
_UNIX = 3
_READ = frozenset(
    (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA, 99)
)
_SPECIAL = (stat.S_IFIFO, stat.S_IFCHR, stat.S_IFBLK, stat.S_IFSOCK)
ENDS = (
    "It is damaged or cut off, its list of members is lost, and only those that could be found "
    "were read; get it again from where it came from."
)
SPLIT = (
    "It is a split archive or a part of one, and only those members that could be found were "
    "read; make one file of the parts first, as with zip -s 0 PART.zip --out WHOLE.zip."
)
SHARED = "Its bytes are those of another member too, as in a zip bomb; it was not read."


class ZipMembers:
    """The members of an open zip; they can be read in any order."""

    def __init__(self, file: BinaryIO, expansion: Expansion, password: str | None) -> None:
        self.file = file
        self.expansion = expansion
        self._password = password.encode() if password else None
        self._cut: str | None = None
        self._lost: str | None = None
        try:
            self._zip = zipfile.ZipFile(file)
            self._infos = self._zip.infolist()
            end = zipfile._EndRecData(file)  # type: ignore[attr-defined]
            if any(0 < part < _UNTOLD for part in (end[_PART], *map(_part, self._infos))):
                raise _SplitError
            if len(self._infos) < end[_MEMBERS] or _is_of_another(file, self._zip):
                raise zipfile.BadZipFile
            self._shared = _sharing(self._infos, self._zip.start_dir)
        except FAULTS as error:
            self._lost = SPLIT if isinstance(error, _SplitError) or is_spanned(file) else ENDS
            found = rescued(file, expansion)
            if found is None:
                raise DocumentError(self._lost) from None
            self._zip, self._infos, self._cut = found
            self._shared = frozenset()

    def names(self) -> list[str]:
        """The names of the first members as written, enough to know what the file is."""
        return [info.orig_filename for info in self._infos]

    def __iter__(self) -> Iterator[Entry]:
        for number, info in enumerate(self._infos):
            self.expansion.add_member()
            status, reason = self._state(info, number)
            yield Entry(number, zip_name(info), info.file_size, status, reason)
        if self._cut is not None:
            yield Entry(len(self._infos), self._cut, 0, "failed", CUT_OFF)
        if self._lost:
            raise DocumentError(self._lost)

    def _state(self, info: zipfile.ZipInfo, number: int) -> tuple[str, str | None]:
        mode = info.external_attr >> 16 if info.create_system == _UNIX else 0
        if info.filename.endswith("/") or stat.S_ISDIR(mode):
            return "folder", None
        if stat.S_ISLNK(mode):
            return "skipped", LINK
        if stat.S_IFMT(mode) in _SPECIAL and not info.file_size:  # else it was read from a pipe
            return "skipped", SPECIAL
        if number in self._shared:
            return "failed", SHARED
        if info.compress_type not in _READ or info.compress_type == 99:
            return "failed", UNKNOWN_METHOD
        if info.flag_bits & _ENCRYPTED and self._password is None:
            return "failed", NO_PASSWORD
        return "ok", None

    def open(self, number: int) -> MemberFile:
        """One member at its start; DocumentError if it cannot be opened."""
        if number >= len(self._infos) or number in self._shared:
            raise DocumentError("The archive has changed while it was read.")
        info = self._infos[number]
        try:
            file = self._zip.open(info, pwd=self._password)
        except FAULTS as error:
            raise DocumentError(why(error)) from None
        encrypted = bool(info.flag_bits & _ENCRYPTED)
        return MemberFile(file, partial(self._count, file, info.compress_size, [0]), encrypted)

    def _count(self, file: IO[bytes], packed: int, before: list[int], out: int) -> None:
        self.expansion.add(out - before[0])
        before[0] = out
        left = getattr(file, "_compress_left", 0)  # or what it has in all, where that is unknown
        check_ratio(out, packed - left)

    def close(self) -> None:
        """Close the directory; the file is its owner's."""
        self._zip.close()


class _SplitError(zipfile.BadZipFile):
    """The directory counts from the beginnings of several files."""


def _part(info: zipfile.ZipInfo) -> int:
    return info.volume


def _is_of_another(file: BinaryIO, found: zipfile.ZipFile) -> bool:
    """Whether the directory that was found is that of a zip within this one, or behind it.

    A zip that is cut off behind a stored zip ends with the directory of that one, and the
    standard library takes all before it for a program that unpacks it. A zip that has been
    added to leaves its first members off the directory too, but counts from its beginning.
    """
    infos = found.infolist()
    file.seek(0)
    if file.read(4) != LOCAL or any(info.header_offset == 0 for info in infos):
        return False
    if not infos:
        return True
    file.seek(found.start_dir + _PLACE_IN_LINE)
    return int.from_bytes(file.read(4), "little") < infos[0].header_offset


def _sharing(infos: list[zipfile.ZipInfo], end: int) -> frozenset[int]:
    """The members whose bytes go on into the next one's, or into the directory at the end."""
    by_place = sorted(range(len(infos)), key=lambda number: (infos[number].header_offset, number))
    out = set()
    for at, number in enumerate(by_place):
        info = infos[number]
        beyond = infos[by_place[at + 1]].header_offset if at + 1 < len(infos) else end
        if info.header_offset + _LOCAL_HEADER + info.compress_size > beyond:
            out.add(number)
    return frozenset(out)
