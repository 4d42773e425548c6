"""Is a file an archive? Its first bytes say so; a Word file is a zip too, and none."""

from __future__ import annotations

import bz2
import lzma
import re
import tarfile
import zlib
from collections.abc import Callable

_BLOCK = FIRST = tarfile.BLOCKSIZE
_HEAD = 65_536  # of what is packed, to have a block of it unpacked
_BZIP2_HEAD = 1024 * 1024  # where 900,000 bytes must be whole before anything comes out
_MEMORY = 128 * 1024 * 1024  # for the dictionary of xz while it is only looked at

# Files that are zips by their first bytes and documents, or programs, by what they are.
DOCUMENTS = (
    ".docx", ".docm", ".dotx", ".dotm", ".xlsx", ".xlsm", ".xlsb", ".pptx", ".pptm", ".ppsx",
    ".odt", ".ott", ".ods", ".odp", ".odg", ".epub", ".pages", ".numbers", ".key", ".vsdx",
    ".xps", ".oxps", ".jar", ".war", ".apk", ".whl", ".kmz", ".idml",
)  # fmt: skip
# Their names, where the first bytes cannot tell: an empty archive, one that needs memory.
_TARS = {
    ".tar": "tar", ".tar.gz": "gz", ".tgz": "gz", ".tar.bz2": "bz2", ".tbz2": "bz2",
    ".tbz": "bz2", ".tar.xz": "xz", ".txz": "xz",
}  # fmt: skip
_ZIPS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")


def _of_gz(head: bytes) -> bytes:
    return zlib.decompressobj(31).decompress(head, _BLOCK)


def _of_bz2(head: bytes) -> bytes:
    return bz2.BZ2Decompressor().decompress(head, _BLOCK)


def _of_xz(head: bytes) -> bytes:
    return lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_MEMORY).decompress(head, _BLOCK)


_PACKED: dict[bytes, tuple[str, Callable[[bytes], bytes]]] = {
    b"\x1f\x8b\x08": ("gz", _of_gz),
    b"BZh": ("bz2", _of_bz2),
    b"\xfd7zXZ\x00": ("xz", _of_xz),
}


# Archives that are not read, and single files that were packed, by their first bytes.
_OTHERS = (
    (rb"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (rb"Rar!\x1a\x07", "a RAR archive"),
    (rb"MSCF\x00{4}", "a cabinet file"),
    (rb"0707(?:01|02|07)[0-9A-Fa-f]{60}", "a cpio archive"),
    (rb"!<arch>\n", "an ar archive"),
    (rb"\x28\xb5\x2f\xfd", "packed with zstd"),
    (rb"\x1f\x9d", "packed with compress"),
    (rb"\x1f\x8b\x08", "packed with gzip, and no tar"),
    (rb"BZh[1-9](?:1AY&SY|\x17rE8P\x90)", "packed with bzip2, and no tar"),
    (rb"\xfd7zXZ\x00", "packed with xz, and no tar"),
)


def packed_otherwise(head: bytes) -> str | None:
    """What a file is that is packed and not read, in words that follow "It is"; or None."""
    return next((told for form, told in _OTHERS if re.match(form, head)), None)


def archive_kind(head: bytes, name: str) -> str | None:
    """``zip``, ``tar``, or what a tar is packed with: ``gz``, ``bz2``, ``xz``; else None.

    ``head`` is as many of the first bytes as `head_size` says. What is ``zip`` may prove to
    be a document when its members are known.
    """
    lower = name.lower()
    if head.startswith(_ZIPS):
        return None if lower.endswith(DOCUMENTS) else "zip"
    for signature, (kind, unpacked) in _PACKED.items():
        if head.startswith(signature):
            try:
                block = unpacked(head)
            except (zlib.error, OSError, EOFError, lzma.LZMAError, ValueError, MemoryError):
                block = b""
            named = next((k for suffix, k in _TARS.items() if lower.endswith(suffix)), None)
            return kind if _is_tar(block) or named == kind else None
    if _is_tar(head[:_BLOCK]) or (lower.endswith(".tar") and _was_tar(head[:_BLOCK])):
        return "tar"
    return None


def head_size(first: bytes) -> int:
    """How many bytes must be looked at of a file of which these are the `FIRST`."""
    if first.startswith(b"BZh"):
        return _BZIP2_HEAD
    return _HEAD if first.startswith(tuple(_PACKED)) else FIRST


def _is_tar(block: bytes) -> bool:
    """Whether a block is the head of a tar's member: its sum of bytes says so."""
    if len(block) < _BLOCK or not block[0]:
        return False
    try:
        tarfile.TarInfo.frombuf(block[:_BLOCK], "utf-8", "surrogateescape")
    except (tarfile.HeaderError, ValueError, IndexError):
        return False
    return True


def _was_tar(block: bytes) -> bool:
    """Whether a block that is no head is that of an empty tar or of a damaged one."""
    return bool(block) and (not block.strip(b"\0") or block[257:262] == b"ustar")


def is_document(names: list[str]) -> bool:
    """Whether a zip is a document or a program by its members (Open Packaging, OpenDocument)."""
    known = frozenset(("[Content_Types].xml", "META-INF/MANIFEST.MF"))
    return bool(names) and (names[0] == "mimetype" or not known.isdisjoint(names))
