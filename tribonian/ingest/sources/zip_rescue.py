"""The members of a zip whose directory is lost, by the headers before each of them.

A zip lists its members at its end, so one that is cut off has no list; but each member has a
header of its own (APPNOTE.TXT 4.3.7), and what is whole before the cut can be read.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from typing import BinaryIO, NamedTuple

from tribonian.ingest.sources.expansion import (
    MEMBERS_LIMIT,
    Expansion,
    check_member,
    check_ratio,
)

LOCAL = b"PK\x03\x04"  # with it the header of a member begins
_DESCRIPTOR = b"PK\x07\x08"
_BEHIND = (LOCAL, b"PK\x01\x02", b"")  # what may stand behind a member; or nothing
_HEADER = struct.Struct("<4sHHHHHLLLHH")
_SIZES_BEHIND = 0x8  # the flag that sizes stand behind the member
_UTF8 = 0x800
_UNKNOWN = 0xFFFFFFFF
# What stands in and behind a directory, by its first bytes: its size without what is in it, and
# where the lengths of that are written (4.3.11 to 4.3.16).
_OF_DIRECTORY = {
    b"PK\x01\x02": (46, "<28xHHH"),
    b"PK\x05\x05": (6, "<4xH"),
    b"PK\x06\x06": (12, "<4xQ"),
    b"PK\x06\x07": (20, "<"),
    b"PK\x05\x06": (22, "<20xH"),
}
_SPANNED = b"PK\x07\x08"  # before the first header of a zip that was split (8.5.3)
_EMPTY = b"PK\x05\x06" + bytes(18)
_PIECE = 256 * 1024


class Rescued(NamedTuple):
    """A zip with the members that were found, and the name of the one that is cut off."""

    zip: zipfile.ZipFile
    infos: list[zipfile.ZipInfo]
    cut: str | None


def rescued(file: BinaryIO, expansion: Expansion) -> Rescued | None:
    """What can be found of a zip by the headers in it; None if nothing can."""
    end = file.seek(0, io.SEEK_END)
    infos: list[zipfile.ZipInfo] = []
    cut = None
    at: int | None = len(_SPANNED) if is_spanned(file) else 0
    while at is not None and len(infos) <= MEMBERS_LIMIT:
        info, data = _header(file, at)
        if info is None:
            behind = _behind_directory(file, at, end)
            if behind == at:
                break
            at = behind  # where another zip may stand
            continue
        at = _behind(file, info, data, expansion)
        if at is None or at > end:
            cut = info.orig_filename
            break
        infos.append(info)
    if not infos and cut is None:
        return None
    opened = zipfile.ZipFile(io.BytesIO(_EMPTY))
    opened.fp = file
    opened.filelist = infos
    return Rescued(opened, infos, cut)


def is_spanned(file: BinaryIO) -> bool:
    """Whether a file is the first part of a zip that was split."""
    file.seek(0)
    return file.read(len(_SPANNED)) == _SPANNED


def _behind_directory(file: BinaryIO, at: int, end: int) -> int:
    """Where a directory ends that begins there; the same place if none does."""
    while True:
        file.seek(at)
        head = file.read(46)
        size, lengths = _OF_DIRECTORY.get(head[:4], (0, "<"))
        if not size or len(head) < size:
            return at
        behind = at + size + sum(struct.unpack_from(lengths, head))
        if behind > end:
            return at
        at = behind


def _header(file: BinaryIO, at: int) -> tuple[zipfile.ZipInfo | None, int]:
    """The member whose header stands there, and where its data begins."""
    file.seek(at)
    head = file.read(_HEADER.size)
    if len(head) < _HEADER.size or not head.startswith(LOCAL):
        return None, 0
    _, _, flags, method, time, _, crc, packed, size, name, extra = _HEADER.unpack(head)
    written, more = file.read(name), file.read(extra)
    info = zipfile.ZipInfo(written.decode("utf-8" if flags & _UTF8 else "cp437", "replace"))
    info.flag_bits, info.compress_type, info.CRC = flags, method, crc
    info.compress_size, info.file_size, info.header_offset = packed, size, at
    info.extra = more
    info._raw_time = time  # type: ignore[attr-defined]
    _take_large_sizes(info)
    return info, at + _HEADER.size + name + extra


def _take_large_sizes(info: zipfile.ZipInfo) -> None:
    """Sizes of more than 4 GB, which stand apart (4.5.3)."""
    extra = info.extra
    while len(extra) >= 4:
        kind, length = struct.unpack("<HH", extra[:4])
        if kind == 1 and length >= 16 and len(extra) >= 20:
            size, packed = struct.unpack("<QQ", extra[4:20])
            if info.file_size == _UNKNOWN:
                info.file_size = size
            if info.compress_size == _UNKNOWN:
                info.compress_size = packed
        extra = extra[4 + length :]


def _behind(file: BinaryIO, info: zipfile.ZipInfo, data: int, expansion: Expansion) -> int | None:
    """Where a member ends, its sizes filled in; None if that cannot be told."""
    if not info.flag_bits & _SIZES_BEHIND or info.compress_size:
        return data + info.compress_size
    if info.compress_type != zipfile.ZIP_DEFLATED or info.flag_bits & 1:
        return None
    file.seek(data)
    unpacked = zlib.decompressobj(-15)
    packed = size = 0
    while not unpacked.eof:
        piece = unpacked.unconsumed_tail or file.read(_PIECE)
        if not piece:
            return None
        try:
            out = len(unpacked.decompress(piece, _PIECE))
        except zlib.error:
            return None
        packed += len(piece) - len(unpacked.unconsumed_tail) - len(unpacked.unused_data)
        size += out
        expansion.add(out)
        check_member(size)
        check_ratio(size, packed)
    info.compress_size, info.file_size = packed, size
    file.seek(data + packed)
    behind = file.read(28)
    start = 4 if behind.startswith(_DESCRIPTOR) else 0
    info.CRC = int.from_bytes(behind[start : start + 4], "little")
    for length in (start + 12, start + 20):
        if behind[length : length + 4] in _BEHIND:
            return data + packed + length
    return None
