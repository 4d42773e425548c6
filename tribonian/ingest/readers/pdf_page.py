"""The lines of a PDF page: PDFium's text with the places and faces of its words.

PDFium gives the text of a page in one call, and its own line ends with it; places and
faces cost a call each. So the ends of a line are asked first, its words only where the
line is not of one piece, and its characters only where a word begins and ends differently.
"""

from __future__ import annotations

import ctypes
import math
import re
import struct
from collections import Counter
from collections.abc import Callable
from itertools import repeat
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from tribonian.ingest.readers.pdf_fonts import NO_FONT, Font
from tribonian.ingest.readers.pdf_glyphs import legible, needs_repair
from tribonian.ingest.readers.pdf_types import Face, Line, PdfPage, Rule, Span

WIDE = 1.0  # ems: words further apart than this are not of one line, or of one cell
MOST_OBJECTS = 40_000  # looked at for rules on one page
MOST_RULES = 4_000
CROWDED = 1_200  # objects on a page of which each is a letter
NARROW = 0.8  # ems of room beyond its letters: a line with less has no wide gap
_RUN = re.compile(r"[^\r\n\x02\ufffe]+[\x02\ufffe]?")
_WORD = re.compile(r"[^\s\x02\ufffe]+")
# Where a raised or lowered figure may hide within a word: H2O, note1), (aw).
_MIXED = re.compile(
    r"(?<=[^\W\d_])[0-9](?=[0-9]*[^0-9])|(?<=[^\W\d_][).,;:”\"])[0-9](?=[0-9]?[^\w])"
    r"|(?<=\([A-Za-z])[a-z](?=\))"
)


def _bare(name: str, result: Any) -> Callable[..., Any]:
    """A function of PDFium without the checks of its arguments, which cost most of a call."""
    address = ctypes.cast(getattr(pdfium_c, name), ctypes.c_void_p).value
    assert address is not None
    return ctypes.PYFUNCTYPE(result)(address)


_loose_box = _bare("FPDFText_GetLooseCharBox", ctypes.c_int)
_text_object = _bare("FPDFText_GetTextObject", ctypes.c_void_p)
_font_of = _bare("FPDFTextObj_GetFont", ctypes.c_void_p)
_marked_of = _bare("FPDFPageObj_GetMarkedContentID", ctypes.c_int)
_angle_of = _bare("FPDFText_GetCharAngle", ctypes.c_float)
_unicode_of = _bare("FPDFText_GetUnicode", ctypes.c_uint)


class _Pointer(ctypes.c_void_p):
    """A pointer that is handed on as it came."""


_object_at = _bare("FPDFPage_GetObject", _Pointer)
_kind_of = _bare("FPDFPageObj_GetType", ctypes.c_int)
_bounds_of = _bare("FPDFPageObj_GetBounds", ctypes.c_int)
_four = struct.Struct("4f").unpack


class _Piece:
    """A word, or a part of one, with its place and face."""

    __slots__ = ("base", "end", "face", "marked", "start", "x0", "x1", "y0", "y1")

    def __init__(
        self,
        start: int,
        end: int,
        box: tuple[float, float, float, float],
        base: float,
        face: Face,
        marked: int,
    ) -> None:
        self.start = start
        self.end = end
        self.x0, self.y0, self.x1, self.y1 = box
        self.base = base
        self.face = face
        self.marked = marked


class PageText:
    """The text of one page while it is open."""

    def __init__(self, page: pdfium.PdfPage, number: int, *, tagged: bool) -> None:
        self.page = page
        self.number = number
        self.tagged = tagged
        self.handle = page.get_textpage()
        self.raw = ctypes.cast(self.handle.raw, ctypes.c_void_p)
        self.fonts: dict[int, Font] = {}
        self.buffer = (ctypes.c_float * 4)()
        self.place = ctypes.byref(self.buffer)
        self.text = self._text()
        self.repair = needs_repair(self.text)
        self.crop = _crop(page)
        self.turn = page.get_rotation() // 90  # quarter turns clockwise
        self.objects: dict[int, tuple[Font, int]] = {}

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
        codes = [_unicode_of(self.raw, at) for at in range(count)]
        return "".join(
            chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else " "
            for code in codes
        )

    def lines(self) -> list[Line]:
        """The lines of the page, in the order of its content."""
        text = self.text
        runs: list[tuple[int, int, bool]] = []
        for found in _RUN.finditer(text):
            run = found[0]
            hyphen = run[-1] in "\x02\ufffe"
            if hyphen:
                run = run[:-1]
            start = found.start() + len(run) - len(run.lstrip())
            run = run.strip()
            if run:
                runs.append((start, start + len(run), hyphen))
        if not runs:
            return []
        lines: list[Line] = []
        for (start, end, hyphen), turn in zip(runs, self._turns(runs), strict=True):
            if turn:
                lines.append(self._turned(start, end, hyphen, turn))
            else:
                self._upright(start, end, hyphen, lines)
        return lines

    def _turns(self, runs: list[tuple[int, int, bool]]) -> list[int]:
        """How each run is turned against most of the page, in quarter turns."""
        raw, page_turn = self.raw, self.turn
        turns = []
        weight: Counter[int] = Counter()
        for start, end, _ in runs:
            angle = _angle_of(raw, start)
            turn = 0 if angle == 0 else round(angle / (math.pi / 2)) % 4
            turns.append(turn)
            weight[turn] += end - start
        main = page_turn % 4
        if len(weight) > 1 or main not in weight:
            most, count = weight.most_common(1)[0]
            if most != main and count > 0.5 * sum(weight.values()):
                main = self.turn = most  # a page laid on its side without saying so
        return [(turn - main) % 4 for turn in turns]

    def _box(self, at: int) -> tuple[float, float, float, float]:
        """The box of a character as it is seen: left, top, right, bottom."""
        _loose_box(self.raw, at, self.place)
        left, top, right, bottom = _four(self.buffer)
        x0, y0, x1, y1 = self.crop
        if self.turn == 0:
            return left - x0, y1 - top, right - x0, y1 - bottom
        if self.turn == 1:
            return bottom - y0, left - x0, top - y0, right - x0
        if self.turn == 2:
            return x1 - right, bottom - y0, x1 - left, top - y0
        return y1 - top, x1 - right, y1 - bottom, x1 - left

    def _object(self, at: int) -> tuple[Font, int]:
        pointer = _text_object(self.raw, at)
        known = self.objects.get(pointer)
        if known is None:
            handle = ctypes.c_void_p(pointer)
            font_pointer = _font_of(handle) if pointer else None
            font = self.fonts.get(font_pointer or 0)
            if font is None:
                font = self.fonts[font_pointer or 0] = (
                    Font(font_pointer) if font_pointer else NO_FONT
                )
            marked = _marked_of(handle) if self.tagged and pointer else -1
            known = self.objects[pointer] = (font, marked)
        return known

    def _piece(self, start: int, end: int) -> _Piece:
        font, marked = self._object(start)
        x0, y0, x1, y1 = self._box(start)
        if end - start > 1:
            x1 = self._box(end - 1)[2]
        return _Piece(
            start, end, (x0, y0, x1, y1), y0 + font.above * (y1 - y0), font.face(y1 - y0), marked
        )

    def _upright(self, start: int, end: int, hyphen: bool, lines: list[Line]) -> None:
        """One of PDFium's lines, which may be several of ours, or of several faces."""
        raw = self.raw
        first, last = _text_object(raw, start), _text_object(raw, end - 1)
        font, marked = self._object(start)
        x0, y0, x1, y1 = self._box(start)
        height = y1 - y0
        if end - start > 1:
            _, top, x1, bottom = self._box(end - 1)
            even = abs(top - y0) + abs(bottom - y1) < 0.05 * height
        else:
            even = True
        if even:
            size = height / font.whole or 1.0
            if first == last:
                plain = 0.2 < (x1 - x0) / ((end - start) * size) < 0.62 or end - start < 3
            else:
                plain = self._object(end - 1) == (font, marked) and self._even(
                    start, end, x0, x1, y0, y1, font, marked
                )
            if plain:
                text = self.text[start:end]
                if "  " in text or not text.isprintable():
                    text = " ".join(text.split())
                if self.repair:
                    text = legible(text, font.name)
                if hyphen:
                    text += "-"
                face = font.face(height)
                span = Span(0, len(text), x0, x1, face, marked)
                lines.append(Line(text, x0, y0, x1, y1, y0 + font.above * height, face, (span,),
                                  self.number, hyphen))  # fmt: skip
                return
        pieces: list[_Piece] = []
        run_start, run_end, run = -1, -1, None  # words of one object
        for word in _WORD.finditer(self.text, start, end):
            first, last = word.span()
            pointer = _text_object(raw, first)
            if last - first > 1 and _text_object(raw, last - 1) != pointer:
                pointer = None
            if pointer is not None and pointer == run:
                run_end = last
                continue
            if run_start >= 0:
                self._run(run_start, run_end, pieces)
            run_start, run_end, run = first, last, pointer
        self._run(run_start, run_end, pieces)
        begin = 0
        for at in range(1, len(pieces)):
            before, piece = pieces[at - 1], pieces[at]
            size = max(before.face.size, piece.face.size)
            gap = piece.x0 - before.x1
            apart = gap > WIDE * size and piece.start != before.end
            if apart or gap < -size or abs(piece.base - before.base) > 0.7 * size:
                lines.append(self._line(pieces[begin:at], False))
                begin = at
        lines.append(self._line(pieces[begin:], hyphen))

    def _even(
        self, start: int, end: int, x0: float, x1: float, y0: float, y1: float,
        font: Font, marked: int,
    ) -> bool:  # fmt: skip
        """Whether a line of many objects is in one face and has no wide gap.

        Its words are asked for their font, those that might be raised for their height. The
        room between words is what the letters leave of the line's width; where it is more
        than a line set to full measure needs, one place in it will be off.
        """
        raw, text, objects = self.raw, self.text, self.objects
        height = y1 - y0
        size = height / font.whole or 1.0
        words = [word.span() for word in _WORD.finditer(text, start, end)]
        for first, last in words:
            pointer = _text_object(raw, first)
            known = objects.get(pointer)
            if known is None:
                if self.tagged:
                    known = self._object(first)
                    if known[0] is not font or known[1] != marked:
                        return False
                elif _font_of(ctypes.c_void_p(pointer)) != font.pointer:
                    return False
            elif known[0] is not font or known[1] != marked:
                return False
            if last - first < 4 or not text[first:last].isalpha():
                box = self._box(first)
                if abs(box[1] - y0) + abs(box[3] - y1) > 0.05 * height:
                    return False
                if last - first > 2 and self._mixed(first, last, y0, y1):
                    return False
        width = font.width(text[start:end]) * size
        if width <= 0:
            return False
        room = x1 - x0 - width
        if room < NARROW * size:
            return room > -0.1 * width
        gaps = len(words) - 1
        if gaps < 1 or room / gaps > WIDE * size:
            return False
        for at in {max(gaps // 4, 1), (gaps + 1) // 2}:
            place = words[at][0]
            expected = x0 + font.width(text[start:place]) * size + room * at / gaps
            if abs(self._box(place)[0] - expected) > 0.4 * size:
                return False
        return True

    def _mixed(self, start: int, end: int, y0: float, y1: float) -> bool:
        """Whether a figure within a word stands higher or lower than its beginning."""
        found = _MIXED.search(self.text, start, end)
        if found is None:
            return False
        _, top, _, bottom = self._box(found.start())
        return abs(top - y0) + abs(bottom - y1) > 0.05 * (y1 - y0)

    def _run(self, start: int, end: int, pieces: list[_Piece]) -> None:
        """Words of one object as one piece, unless it has wide gaps."""
        if " " in self.text[start:end]:
            piece = self._piece(start, end)
            if 0.2 < (piece.x1 - piece.x0) / ((end - start) * (piece.face.size or 1)) < 0.62:
                pieces.append(piece)
                return
            for word in _WORD.finditer(self.text, start, end):
                self._pieces(*word.span(), pieces)
        else:
            self._pieces(start, end, pieces)

    def _pieces(self, start: int, end: int, pieces: list[_Piece]) -> None:
        """A word as one piece, or as several where its face or its height changes."""
        font, marked = self._object(start)
        x0, y0, x1, y1 = self._box(start)
        height = y1 - y0
        if end - start > 1:
            last_font, last_marked = self._object(end - 1)
            _, top, x1, bottom = self._box(end - 1)
            if (
                last_font is not font
                or last_marked != marked
                or abs(top - y0) + abs(bottom - y1) > 0.05 * height
                or (end - start > 2 and self._mixed(start, end, y0, y1))
            ):
                self._characters(start, end, pieces)
                return
        pieces.append(
            _Piece(
                start, end, (x0, y0, x1, y1), y0 + font.above * height, font.face(height), marked
            )
        )

    def _characters(self, start: int, end: int, pieces: list[_Piece]) -> None:
        raw = self.raw
        own = len(pieces)
        begin, run = start, _text_object(raw, start)
        for at in range(start + 1, end + 1):
            pointer = _text_object(raw, at) if at < end else None
            if pointer == run:
                continue
            piece = self._piece(begin, at)
            before = pieces[-1] if len(pieces) > own else None
            if (
                before is not None
                and before.face is piece.face
                and before.marked == piece.marked
                and abs(before.base - piece.base) < 0.05 * (piece.face.size or 1)
            ):
                before.end, before.x1 = at, piece.x1
            else:
                pieces.append(piece)
            begin, run = at, pointer

    def _line(self, pieces: list[_Piece], hyphen: bool) -> Line:
        """One line of pieces side by side."""
        main = pieces[0] if len(pieces) == 1 else _main(pieces)
        base, face = main.base, main.face
        parts: list[str] = []
        length = 0
        spans: list[Span] = []
        open_start, open_x0 = 0, pieces[0].x0
        before: _Piece | None = None
        before_rise = 0.0
        for piece in pieces:
            rise = base - piece.base
            if -0.05 * face.size < rise < 0.05 * face.size:
                rise = 0.0
            text = self.text[piece.start : piece.end]
            if self.repair:
                text = legible(text, piece.face.name)
            if before is None:
                pass
            else:
                space = piece.start != before.end
                if (
                    piece.face is not before.face
                    or piece.marked != before.marked
                    or rise != before_rise
                ):
                    spans.append(Span(open_start, length, open_x0, before.x1, before.face,
                                      before.marked, before_rise))  # fmt: skip
                    open_start, open_x0 = length + space, piece.x0
                if space:
                    parts.append(" ")
                    length += 1
            parts.append(text)
            length += len(text)
            before, before_rise = piece, rise
        assert before is not None
        if hyphen:
            parts.append("-")
            length += 1
        spans.append(Span(open_start, length, open_x0, before.x1, before.face, before.marked,
                          before_rise))  # fmt: skip
        return Line("".join(parts), pieces[0].x0, main.y0, before.x1, main.y1, base, face,
                    tuple(spans), self.number, hyphen)  # fmt: skip

    def _turned(self, start: int, end: int, hyphen: bool, turn: int) -> Line:
        font, marked = self._object(start)
        a, b = self._box(start), self._box(end - 1)
        box = (min(a[0], b[0]), min(a[1], b[1]), max(a[2], b[2]), max(a[3], b[3]))
        size = a[2] - a[0] if turn % 2 else a[3] - a[1]
        text = " ".join(self.text[start:end].split()) + ("-" if hyphen else "")
        if self.repair:
            text = legible(text, font.name)
        face = font.face(size)
        span = Span(0, len(text), box[0], box[2], face, marked)
        return Line(text, *box, box[3], face, (span,), self.number, hyphen, turn * 90)

    def rules(self) -> list[Rule]:
        """The straight lines and boxes drawn on the page."""
        page = ctypes.c_void_p(ctypes.cast(self.page.raw, ctypes.c_void_p).value)
        found: list[Rule] = []
        x0, y0, x1, y1 = self.crop
        count = min(pdfium_c.FPDFPage_CountObjects(self.page.raw), MOST_OBJECTS)
        path = pdfium_c.FPDF_PAGEOBJ_PATH
        if count > CROWDED:
            # a page of single letters; the lines of a table are drawn one after another
            some = map(_kind_of, map(_object_at, repeat(page), range(0, count, 4)))
            if path not in some:
                return []
        kinds = map(_kind_of, map(_object_at, repeat(page), range(count)))
        paths = [at for at, kind in enumerate(kinds) if kind == path]
        for at in paths[:MOST_RULES]:
            pointer = _object_at(page, at)
            floats = [ctypes.c_float() for _ in range(4)]
            if not _bounds_of(pointer, *map(ctypes.byref, floats)):
                continue
            left, bottom, right, top = (each.value for each in floats)
            if self.turn == 0:
                box = (left - x0, y1 - top, right - x0, y1 - bottom)
            elif self.turn == 1:
                box = (bottom - y0, left - x0, top - y0, right - x0)
            elif self.turn == 2:
                box = (x1 - right, bottom - y0, x1 - left, top - y0)
            else:
                box = (y1 - top, x1 - right, y1 - bottom, x1 - left)
            found.append(Rule(*box))
        return found


def _main(pieces: list[_Piece]) -> _Piece:
    """The piece that stands for the line: of the face in which most of it is set."""
    weight: dict[tuple[Face, int], int] = {}
    first: dict[tuple[Face, int], _Piece] = {}
    for piece in pieces:
        key = (piece.face, round(piece.base))
        weight[key] = weight.get(key, 0) + piece.end - piece.start
        first.setdefault(key, piece)
    return first[max(weight, key=lambda key: (weight[key], key[0].size))]


def _crop(page: pdfium.PdfPage) -> tuple[float, float, float, float]:
    x0, y0, x1, y1 = page.get_cropbox()
    return (min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))


def read_page(page: pdfium.PdfPage, number: int, *, tagged: bool) -> PdfPage:
    """The lines and rules of one page, which can be closed afterwards."""
    text = PageText(page, number, tagged=tagged)
    try:
        lines = text.lines()
        width, height = text.crop[2] - text.crop[0], text.crop[3] - text.crop[1]
        if text.turn % 2:
            width, height = height, width
        return PdfPage(number, width, height, lines, text.rules())
    finally:
        text.close()
