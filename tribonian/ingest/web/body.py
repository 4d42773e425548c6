"""A body while it arrives: decompressed, hashed, written, never more than is allowed."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

PIECE = 1 << 18
_GZIP, _ZLIB, _RAW = 31, 15, -15  # the window sizes by which zlib tells its three formats


class BodyError(Exception):
    """The body cannot be used; the text goes on from "The answer of HOST …"."""


class TooLargeError(BodyError):
    """The body is larger than is allowed."""


class CutShortError(BodyError):
    """The compressed body ends before its end."""


class BrokenError(BodyError):
    """The body is not compressed as the server says."""


class EncodingError(BodyError):
    """The body is compressed in a way that was not asked for."""


@dataclass(frozen=True, slots=True)
class Received:
    """What was written: SHA-256 in hex digits, and the number of bytes."""

    sha256: str
    bytes: int


def receive(pieces: Iterable[bytes], encoding: str, out: BinaryIO, max_bytes: int) -> Received:
    """Write a body of that ``Content-Encoding`` as it was before it was compressed."""
    hashed = hashlib.sha256()
    size = 0
    for piece in _decoded(pieces, encoding):
        size += len(piece)
        if size > max_bytes:
            raise TooLargeError
        hashed.update(piece)
        out.write(piece)
    return Received(hashed.hexdigest(), size)


def _decoded(pieces: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    names = [name.strip().lower() for name in encoding.split(",")]
    names = [name for name in names if name not in ("", "identity")]
    if not names:
        return iter(pieces)
    if names in (["gzip"], ["x-gzip"]):
        return _unzipped(pieces)
    if names == ["deflate"]:
        return _inflated(pieces)
    raise EncodingError(", ".join(names))


def _unzipped(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """One gzip member or several (RFC 1952); what follows the last may only be zeros.

    zlib is asked for a little at a time, so that a small piece which expands without end
    never fills the memory. A stream without its end is cut short, which `httpx` lets pass.
    """
    member = None
    for piece in pieces:
        rest = piece
        while rest:
            if member is None:
                rest = rest.lstrip(b"\0")
                if not rest:
                    break
                member = zlib.decompressobj(_GZIP)
            yield from _expanded(member, rest)
            rest = member.unused_data
            if member.eof:
                member = None
    if member is not None:
        raise CutShortError


def _inflated(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """zlib's format (RFC 1950), or without its head, as some servers send it."""
    member = None
    head = b""
    for piece in pieces:
        head += piece
        if member is None and len(head) < 2:
            continue
        if member is None:
            is_zlib = head[0] & 15 == 8 and int.from_bytes(head[:2]) % 31 == 0
            member = zlib.decompressobj(_ZLIB if is_zlib else _RAW)
        yield from _expanded(member, head)
        head = b""
    if member is None and not head:
        return
    if member is None or not member.eof:
        raise CutShortError


def _expanded(member: zlib._Decompress, data: bytes) -> Iterator[bytes]:
    try:
        while True:
            piece = member.decompress(data, PIECE)
            if piece:
                yield piece
            data = member.unconsumed_tail
            if not data and len(piece) < PIECE:
                return
            if member.eof:
                return
    except zlib.error:
        raise BrokenError from None
