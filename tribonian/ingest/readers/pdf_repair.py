"""A damaged PDF read leniently by pypdf and written out again, in a process of its own.

A process, because a rebuild of a broken file can take any time and any memory: it is given
a minute and a gigabyte, and what happens in it costs nothing but the second try.
"""

from __future__ import annotations

import contextlib
import io
import itertools
import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pypdf import PageObject, PdfReader, PdfWriter

MAX_BYTES = 64 << 20  # pypdf needs some thirty times the size of the file
MAX_SECONDS = 60
MAX_MEMORY = 1 << 30
MAX_OUTPUT = 256 << 20
MAX_PAGES = 20_000


def repaired(data: bytes, password: str | None = None) -> bytes | None:
    """The PDF as pypdf can save it, or None where it finds no page either."""
    if len(data) > MAX_BYTES:
        return None
    # -P: the folder of this file is not to be searched for modules; it has an html.py.
    command = [sys.executable, "-P", __file__]
    given = (password or "").encode()
    try:
        done = subprocess.run(
            command,
            input=len(given).to_bytes(4, "big") + given + data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=MAX_SECONDS,
            check=False,
        )
    except (subprocess.TimeoutExpired, OSError):
        return None
    return done.stdout if done.returncode == 0 and done.stdout.startswith(b"%PDF-") else None


def _rewrite(data: bytes, password: str) -> bytes:
    from pypdf import PdfReader, PdfWriter

    if b"startxref" not in data[-2048:]:  # cut off; pypdf begins at the end
        data += b"\nstartxref\n0\n%%EOF\n"
    reader = PdfReader(io.BytesIO(data), strict=False, password=password or None)
    if reader.is_encrypted and not reader.decrypt(password):
        return b""
    with contextlib.suppress(Exception):  # pypdf raises anything on a broken file
        writer = PdfWriter(clone_from=reader)  # whole, with its outline and tags
        if len(writer.pages):
            return _written(writer)
    writer = PdfWriter()
    for page in _pages(reader):
        with contextlib.suppress(Exception):
            writer.add_page(page)
    return _written(writer) if len(writer.pages) else b""


def _pages(reader: PdfReader) -> list[PageObject]:
    """The pages by the page tree; where that is lost, every page object there is.

    These in the order of the file, which is that of the pages, of linearized files too.
    """
    from pypdf import PageObject
    from pypdf.generic import DictionaryObject, IndirectObject, RectangleObject

    with contextlib.suppress(Exception):
        by_tree = list(itertools.islice(reader.pages, MAX_PAGES))
        if by_tree:
            return by_tree
    offsets = {number: at for each in reader.xref.values() for number, at in each.items()}
    places = {number: (at, 0) for number, at in offsets.items()}
    for number, (stream, index) in reader.xref_objStm.items():
        places.setdefault(number, (offsets.get(stream, 0), index))
    found = []
    for number in sorted(places, key=places.__getitem__):
        with contextlib.suppress(Exception):
            reference = IndirectObject(number, 0, reader)
            each = reader.get_object(reference)
            if isinstance(each, DictionaryObject) and each.get("/Type") == "/Page":
                page = PageObject(reader, reference)
                page.update(each)
                if "/MediaBox" not in page:  # inherited from what is lost: letter paper
                    page.mediabox = RectangleObject((0, 0, 612, 792))
                page.pop("/Parent", None)
                found.append(page)
    return found[:MAX_PAGES]


def _written(writer: PdfWriter) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _main() -> int:
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource  # not on Windows, where the limit on time has to do

        resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (MAX_SECONDS, MAX_SECONDS))
    size = int.from_bytes(sys.stdin.buffer.read(4), "big")
    password = sys.stdin.buffer.read(size).decode()
    try:
        out = _rewrite(sys.stdin.buffer.read(), password)
    except Exception:
        return 1
    if not out or len(out) > MAX_OUTPUT:
        return 1
    sys.stdout.buffer.write(out)
    return 0


if __name__ == "__main__":
    sys.exit(_main())
