"""Pictures on a page of text: what is printed in them is not read, so their place is kept.

Agencies put figures, forms and even paragraphs of law into pages as pictures. Each becomes a
``figure`` where it stands. A picture with text over it is a background or a scan that was read
by somebody before: nothing is missing there.
"""

from __future__ import annotations

import ctypes
import re
from itertools import repeat
from typing import NamedTuple

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from tribonian.ingest.readers.pdf_calls import bounds_of, kind_of, object_at
from tribonian.ingest.readers.pdf_types import Line, Rule
from tribonian.ingest.styled import Styled

SAID = "[image]"
LEAST = 0.04  # of the page: smaller ones are seals, logos and signatures
NARROWEST = 60.0  # points
LARGEST = 0.9  # of the page: a background
MOST_OBJECTS = 20_000


_IMAGE = re.compile(rb"/Subtype\s*/Image\b")
_WIDTH = re.compile(rb"/Width\s+(\d+)\b(?!\s+\d+\s+R)")
FINE = 64  # pixels across: less is a colour, a pattern or a sign for a picture that is missing


class Picture(NamedTuple):
    """A picture by the place it fills."""

    place: Rule
    page: int

    def block(self) -> Styled:
        """The block that stands for it; its one word is ours."""
        return Styled(SAID, "figure", f"page {self.page}", page=self.page, added=1)


def has_pictures(data: bytes) -> bool:
    """Whether a file has pictures that could show words; the head of a stream is never packed."""
    for each in _IMAGE.finditer(data):
        widths = _WIDTH.findall(data, max(each.start() - 400, 0), each.end() + 400)
        if not widths or max(map(int, widths)) >= FINE:
            return True
    return False


def pictures(page: pdfium.PdfPage, number: int, lines: list[Line]) -> list[Picture]:
    """The pictures of a page that stand beside its text."""
    width, height = page.get_size()
    handle = ctypes.c_void_p(ctypes.cast(page.raw, ctypes.c_void_p).value)
    count = min(raw.FPDFPage_CountObjects(page.raw), MOST_OBJECTS)
    kinds = map(kind_of, map(object_at, repeat(handle), range(count)))
    found: list[Picture] = []
    for at in [at for at, kind in enumerate(kinds) if kind == raw.FPDF_PAGEOBJ_IMAGE]:
        box = bounds_of(object_at(handle, at))
        if box is None:
            continue
        place = _seen(page, box, width, height)
        across, down = place.x1 - place.x0, place.y1 - place.y0
        share = across * down / max(width * height, 1.0)
        if not LEAST <= share <= LARGEST or min(across, down) < NARROWEST:
            continue
        if not any(_is_in(line, place) for line in lines):
            found.append(Picture(place, number))
    return _whole(found)


def _seen(
    page: pdfium.PdfPage, box: tuple[float, float, float, float], width: float, height: float
) -> Rule:
    """A place on the page as it is seen, cut at its edges."""
    left, bottom, right, top = box
    fine = 100  # steps of a point
    size = round(width * fine), round(height * fine)
    x, y = ctypes.c_int(), ctypes.c_int()
    xs, ys = [], []
    for across, up in ((left, bottom), (right, top)):
        raw.FPDF_PageToDevice(page.raw, 0, 0, *size, 0, across, up, x, y)
        xs.append(min(max(x.value / fine, 0.0), width))
        ys.append(min(max(y.value / fine, 0.0), height))
    return Rule(min(xs), min(ys), max(xs), max(ys))


def _is_in(line: Line, place: Rule) -> bool:
    across, down = (line.x0 + line.x1) / 2, (line.y0 + line.y1) / 2
    return place.x0 < across < place.x1 and place.y0 < down < place.y1


def _whole(found: list[Picture]) -> list[Picture]:
    """Pictures in strips, as some programs write them, as one."""
    whole: list[Picture] = []
    for each in sorted(found, key=lambda each: each.place.y0):
        if whole:
            last, place = whole[-1].place, each.place
            if abs(last.x0 - place.x0) < 2 > abs(last.x1 - place.x1) and place.y0 - last.y1 < 2:
                whole[-1] = each._replace(place=last._replace(y1=max(last.y1, place.y1)))
                continue
        whole.append(each)
    return whole
