"""Small PDFs, made in view: objects written one after the other, with their table."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"
BOLD = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica-Bold/Encoding/WinAnsiEncoding>>"


def pdf(objects: Sequence[bytes], trailer: bytes = b"") -> bytes:
    """A file of these objects, numbered from 1; the first is the catalog."""
    out = b"%PDF-1.7\n"
    places = []
    for number, each in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, table)
    place = out.rindex(b"xref\n0 ")
    return out + (
        b"trailer\n<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF" % (size, trailer, place)
    )


def stream(data: bytes, about: bytes = b"") -> bytes:
    """A stream object."""
    return b"<</Length %d%s>>stream\n%s\nendstream" % (len(data), about, data)


def pages(
    *contents: bytes,
    catalog: bytes = b"",
    page: bytes = b"",
    more: Sequence[bytes] = (),
    trailer: bytes = b"",
) -> bytes:
    """A file with a page for each content, fonts ``/F`` and ``/B``.

    ``more`` are further objects, from number 5 + 2 × pages on.
    """
    kids = b" ".join(b"%d 0 R" % (5 + 2 * at) for at in range(len(contents)))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R%s>>" % catalog,
        b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, len(contents)),
        FONT,
        BOLD,
    ]
    for at, content in enumerate(contents):
        objects.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]"
            b"/Resources<</Font<</F 3 0 R/B 4 0 R>>>>/Contents %d 0 R%s>>" % (6 + 2 * at, page)
        )
        objects.append(stream(content))
    return pdf([*objects, *more], trailer)


def words(*placed: tuple[float, float, str], font: str = "F", size: float = 10) -> bytes:
    """Text at places in points from the lower left corner."""
    return b"\n".join(
        f"BT /{font} {size} Tf {x} {y} Td ({text}) Tj ET".encode("cp1252") for x, y, text in placed
    )


def rules(*lines: tuple[float, float, float, float]) -> bytes:
    """Lines drawn from one place to another."""
    return b"\n".join(b"%g %g m %g %g l S" % line for line in lines)


def printed(html: str, folder: Path, *flags: str) -> bytes:
    """A web page printed by Chromium."""
    assert CHROMIUM
    source, target = folder / "page.html", folder / "page.pdf"
    source.write_text(f"<!doctype html><html lang=en><meta charset=utf-8>{html}", "utf-8")
    subprocess.run(
        [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer",
         f"--user-data-dir={folder / 'profile'}", *flags, f"--print-to-pdf={target}", str(source)],
        check=True, timeout=120, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    return target.read_bytes()
