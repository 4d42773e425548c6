"""Streams of a PDF that unpack to more than the memory, refused before PDFium sees them."""

from __future__ import annotations

import contextlib
import re
import zlib

from tribonian.errors import DocumentError

MAX_INFLATED = 256 << 20  # one stream of a page; PDFium itself would allow gigabytes

# Two filters in a row inflate a thousand times a thousand.
_TWICE = re.compile(rb"/(?:FlateDecode|Fl|LZWDecode)\b[\s/]*/?(?:FlateDecode|Fl|LZWDecode)\b")
_FLATE = re.compile(rb"/(?:FlateDecode|Fl)\b")
_RATIO = 1032  # the most that one byte of deflate can become


def refuse_bombs(data: bytes) -> None:
    """DocumentError where a stream, small in the file, is made to fill the memory.

    Only streams are looked at that can become so large. Pictures are passed over: they are
    not unpacked for their text.
    """
    place = data.find(b"stream")
    while place >= 0:
        end = data.find(b"endstream", place)
        if end < 0:
            end = len(data)
        about = None
        if (end - place) * _RATIO > MAX_INFLATED or b"[" in data[max(0, place - 120) : place]:
            begin = data.rfind(b" obj", max(0, place - 4096), place)
            about = data[max(begin, place - 4096, 0) : place]
        if about is not None and _FLATE.search(about) and not re.search(rb"/Image\b", about):
            body = data[place + 6 : end].lstrip(b"\r\n")
            if _inflated(body, 3 if _TWICE.search(about) else 1) > MAX_INFLATED:
                raise DocumentError(
                    "A stream in it unpacks to more than 256 MB, as only an attack does; "
                    "it was not opened."
                )
        place = data.find(b"stream", end + 9)


def _inflated(body: bytes, times: int) -> int:
    """How large a stream becomes, up to a little over the limit."""
    chain = [zlib.decompressobj() for _ in range(times)]
    sizes = [0] * times

    def feed(piece: bytes, depth: int) -> None:
        engine = chain[depth]
        while piece and not engine.eof:
            out = engine.decompress(piece, 1 << 20)
            piece = engine.unconsumed_tail
            sizes[depth] += len(out)
            if max(sizes) > MAX_INFLATED or not out:
                return
            if depth + 1 < times:
                try:
                    feed(out, depth + 1)
                except zlib.error:
                    chain[depth + 1 :] = [zlib.decompressobj() for _ in chain[depth + 1 :]]

    with contextlib.suppress(zlib.error):  # not deflate, or damaged: PDFium stops there too
        feed(body, 0)
    return max(sizes)
