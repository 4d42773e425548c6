"""What PDFium says of a page: its text, and the places and faces of characters.

The text comes in one call; places, objects and fonts cost a call each, so they are asked
for many characters at once, and what is known of an object is kept.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterable, Sequence
from itertools import repeat

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from tribonian.ingest.readers import pdf_calls as calls
from tribonian.ingest.readers.pdf_fonts import Font
from tribonian.ingest.readers.pdf_glyphs import legible, needs_repair
from tribonian.ingest.readers.pdf_types import Face, Line, Rule, Span

MOST_OBJECTS = 40_000  # looked at for rules on one page
MOST_RULES = 4_000
CROWDED = 1_200  # objects on a page of which each is a letter

Box = tuple[float, float, float, float]  # left, top, right, bottom as the page is seen
Boxes = tuple[Sequence[float], Sequence[float], Sequence[float], Sequence[float]]
Objects = list[int | None]
Known = tuple[Font, int]  # the font of a text object and the marked content it is of


class _Alike(dict[tuple[int | None, int], Known]):
    """Font and marked content of objects by the font's address, one for all that are alike."""

    def __init__(self) -> None:
        self.fonts: dict[int, Font] = {}

    def __missing__(self, own: tuple[int | None, int]) -> Known:
        pointer, marked = own[0] or 0, own[1]
        font = self.fonts.get(pointer)
        if font is None:
            font = self.fonts[pointer] = Font(pointer)
        known = self[own] = (font, marked)
        return known


class PageText:
    """The text of one page while it is open."""

    def __init__(self, page: pdfium.PdfPage, number: int, *, tagged: bool) -> None:
        self.page = page
        self.number = number
        self.tagged = tagged
        self.handle = page.get_textpage()
        self.raw = ctypes.cast(self.handle.raw, ctypes.c_void_p)
        self.text = self._text()
        self.repair = needs_repair(self.text)
        self.crop = _crop(page)
        self.turn = page.get_rotation() // 90  # quarter turns clockwise
        self.known: dict[int | None, Known] = {None: (Font(0), -1)}  # by the object of a text
        self.alike = _Alike()

    def close(self) -> None:
        """Give the text's memory back."""
        self.handle.close()

    def _text(self) -> str:
        count = pdfium_c.FPDFText_CountChars(self.handle)
        if count <= 0:
            return ""
        buffer = (ctypes.c_ushort * (count + 1))()
        pdfium_c.FPDFText_GetText(self.handle, 0, count, buffer)
        text = bytes(buffer)[: 2 * count].decode("utf-16-le", "replace")
        if len(text) == count and "\x00" not in text:
            return text
        codes = map(calls.unicode_of, repeat(self.raw), range(count))
        return "".join(
            chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else " "
            for code in codes
        )

    def boxes(self, ats: Sequence[int]) -> Boxes:
        """The left, upper, right and lower edges of characters as they are seen."""
        found = calls.boxes(self.raw, ats)
        left, top, right, bottom = found[0::4], found[1::4], found[2::4], found[3::4]
        if self.turn == 0:
            x0, y1 = self.crop[0], self.crop[3]
            tops, bottoms = [y1 - y for y in top], [y1 - y for y in bottom]
            if x0:
                return [x - x0 for x in left], tops, [x - x0 for x in right], bottoms
            return left, tops, right, bottoms
        seen = [self._seen(each) for each in zip(left, bottom, right, top, strict=True)]
        x0s, y0s, x1s, y1s = zip(*seen, strict=True)
        return x0s, y0s, x1s, y1s

    def objects(self, ats: Sequence[int]) -> list[int | None]:
        """The text objects that characters are of."""
        return list(map(calls.text_object, repeat(self.raw), ats))

    def learn(self, objects: Iterable[int | None]) -> None:
        """Ask for the font and the marked content of those objects that are not known."""
        known = self.known
        new = list(set(objects).difference(known))
        if not new:
            return
        handles = list(map(ctypes.c_void_p, new))
        fonts = map(calls.font_of, handles)
        marks = map(calls.marked_of, handles) if self.tagged else repeat(-1)
        known.update(zip(new, map(self.alike.__getitem__, zip(fonts, marks))))  # noqa: B905

    def face(self, font: Font, at: int, height: float) -> tuple[Face, float]:
        """The face of a character by the height of its box, and where its baseline is in that."""
        face = font.faces.get(int(height * 20))
        return face if face is not None else self.new_face(font, at, height)

    def new_face(self, font: Font, at: int, height: float) -> tuple[Face, float]:
        """The face of a character of a height that the font was not met in before."""
        size = calls.font_size(self.raw, at) * calls.scale_of(self.raw, at)
        above = -1.0
        if self.turn == 0:
            _, top, _, bottom = calls.boxes(self.raw, (at,))
            above = (top - calls.height_of_origin(self.raw, at)) / ((top - bottom) or 1.0)
        return font.set_at(height, size, above)

    def plain(
        self, start: int, end: int, hyphen: bool, box: Box, base: float, face: Face, marked: int
    ) -> Line:
        """A line in one face."""
        text = self.read(start, end, face)
        if hyphen:
            text += "-"
        x0, y0, x1, y1 = box
        span = Span(0, len(text), x0, x1, face, marked)
        return Line(text, x0, y0, x1, y1, base, face, (span,), self.number, hyphen)

    def read(self, start: int, end: int, face: Face) -> str:
        """The characters from ``start`` to ``end``, legible, with single spaces."""
        text = self.text[start:end]
        if "  " in text or not text.isprintable():
            text = " ".join(text.split())
        return legible(text, face.name) if self.repair else text

    def letter(self, at: int, least: int, most: int) -> int:
        """The place nearest to one between two others that is no space; the last if all are."""
        text = self.text
        if not text[at].isspace():
            return at
        before = at - 1
        while before > least and text[before].isspace():
            before -= 1
        if before > least:
            return before
        while at < most and text[at].isspace():
            at += 1
        return at

    def rules(self) -> list[Rule]:
        """The straight lines and boxes drawn on the page."""
        page = ctypes.c_void_p(ctypes.cast(self.page.raw, ctypes.c_void_p).value)
        count = min(pdfium_c.FPDFPage_CountObjects(self.page.raw), MOST_OBJECTS)
        path = pdfium_c.FPDF_PAGEOBJ_PATH
        if count > CROWDED:
            # a page of single letters; the lines of a table are drawn one after another
            some = map(calls.kind_of, map(calls.object_at, repeat(page), range(0, count, 4)))
            if path not in some:
                return []
        kinds = map(calls.kind_of, map(calls.object_at, repeat(page), range(count)))
        paths = [at for at, kind in enumerate(kinds) if kind == path]
        found = [calls.bounds_of(calls.object_at(page, at)) for at in paths[:MOST_RULES]]
        return [Rule(*self._seen(each)) for each in found if each is not None]

    def _seen(self, bounds: Box) -> Box:
        """A place on the page as it is seen, of left, bottom, right and top."""
        left, bottom, right, top = bounds
        x0, y0, x1, y1 = self.crop
        if self.turn == 0:
            return left - x0, y1 - top, right - x0, y1 - bottom
        if self.turn == 1:
            return bottom - y0, left - x0, top - y0, right - x0
        if self.turn == 2:
            return x1 - right, bottom - y0, x1 - left, top - y0
        return y1 - top, x1 - right, y1 - bottom, x1 - left


def _crop(page: pdfium.PdfPage) -> Box:
    x0, y0, x1, y1 = page.get_cropbox()
    return (min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))
