"""The lines of a PDF page: PDFium's text with the places and faces of its words.

PDFium gives the text of a page in one call, and its own line ends with it; places and
faces cost a call each. So the ends of all lines are asked first, the words of a line only
where it is of several text objects, its characters only where a word is of several faces.
"""

from __future__ import annotations

import ctypes
import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import repeat
from operator import sub

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from tribonian.ingest.readers import pdf_calls as calls
from tribonian.ingest.readers.pdf_fonts import Font
from tribonian.ingest.readers.pdf_glyphs import legible, needs_repair
from tribonian.ingest.readers.pdf_types import Face, Line, PdfPage, Rule, Span

WIDE = 1.0  # ems: words further apart than this are not of one line, or of one cell
MOST_OBJECTS = 40_000  # looked at for rules on one page
MOST_RULES = 4_000
CROWDED = 1_200  # objects on a page of which each is a letter
SPREAD = 2.0  # ems: words of a justified line are no further apart, and all alike
LONG = 12  # characters less one: of fewer, the width says little of the room between words
EVEN = 0.05  # of the height of a box: less is no difference
_RUN = re.compile(r"[^\r\n\x02\ufffe]+[\x02\ufffe]?")
_WORD = re.compile(r"[^\s\x02\ufffe]+")
# Where a raised or lowered figure may hide within a word: H2O, note1), (aw).
_MIXED = re.compile(
    r"(?<=[^\W\d_])[0-9](?=[0-9]*[^0-9])|(?<=[^\W\d_][).,;:”\"])[0-9](?=[0-9]?[^\w])"
    r"|(?<=\([A-Za-z])[a-z](?=\))"
)


Box = tuple[float, float, float, float]  # left, top, right, bottom as the page is seen
Boxes = tuple[Sequence[float], Sequence[float], Sequence[float], Sequence[float]]
# Parts of a line: the first characters, the last ones, and the text objects that these are of.
Objects = list[int | None]
Stretches = tuple[list[int], list[int], Objects, Objects]
Known = tuple[Font, int]  # the font of a text object and the marked content it is of


class _Piece:
    """Words in one face with usual room between them, or a part of a word."""

    __slots__ = ("base", "end", "face", "marked", "start", "x0", "x1", "y0", "y1")

    def __init__(
        self,
        start: int,
        end: int,
        box: Box,
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

    def lines(self) -> list[Line]:
        """The lines of the page, in the order of its content."""
        starts: list[int] = []
        lasts: list[int] = []  # the last character of each
        hyphens: list[bool] = []
        for found in _RUN.finditer(self.text):
            run = found[0]
            hyphen = run[-1] in "\x02\ufffe"
            if hyphen:
                run = run[:-1]
            start = found.start() + len(run) - len(run.lstrip())
            run = run.strip()
            if run:
                starts.append(start)
                lasts.append(start + len(run) - 1)
                hyphens.append(hyphen)
        if not starts:
            return []
        turns = self._turns(starts, lasts)  # which may change how boxes are to be seen
        count = len(starts)
        objects = self._objects(starts + lasts)
        self._learn(objects)
        x0s, y0s, x1s, y1s = self._boxes(starts + lasts)
        lines: list[Line] = []
        for at, (start, last, hyphen, turn) in enumerate(
            zip(starts, lasts, hyphens, turns, strict=True)
        ):
            end = at + count
            if turn:
                box = (min(x0s[at], x0s[end]), min(y0s[at], y0s[end]),
                       max(x1s[at], x1s[end]), max(y1s[at], y1s[end]))  # fmt: skip
                size = x1s[at] - x0s[at] if turn % 2 else y1s[at] - y0s[at]
                known = self.known[objects[at]]
                lines.append(self._turned(start, last + 1, hyphen, turn, box, size, known))
                continue
            if objects[at] == objects[end]:
                x0, y0, x1, y1 = x0s[at], y0s[at], x1s[end], y1s[at]
                height = y1 - y0
                if abs(y0s[end] - y0) + abs(y1s[end] - y1) < EVEN * height:
                    font, marked = self.known[objects[at]]
                    face, above = font.faces.get(int(height * 20)) or self._new_face(
                        font, start, height
                    )
                    length = (last + 1 - start) * (face.size or 1.0)
                    if 0.2 * length < x1 - x0 < 0.62 * length or last - start < 2:
                        lines.append(self._plain(start, last + 1, hyphen, (x0, y0, x1, y1),
                                                 y0 + above * height, face, marked))  # fmt: skip
                        continue
            self._upright(start, last, hyphen, objects[at], objects[end], lines)
        return lines

    def _turns(self, starts: Sequence[int], lasts: Sequence[int]) -> list[int]:
        """How each run is turned against most of the page, in quarter turns."""
        main = self.turn % 4
        angles = list(map(calls.angle_of, repeat(self.raw), starts))
        if not main and not any(angles):
            return [0] * len(angles)
        turns = [0 if angle == 0 else round(angle / (math.pi / 2)) % 4 for angle in angles]
        weight: Counter[int] = Counter()
        for turn, start, last in zip(turns, starts, lasts, strict=True):
            weight[turn] += last + 1 - start
        if len(weight) > 1 or main not in weight:
            most, count = weight.most_common(1)[0]
            if most != main and count > 0.5 * sum(weight.values()):
                main = self.turn = most  # a page laid on its side without saying so
        return [(turn - main) % 4 for turn in turns]

    def _boxes(self, ats: Sequence[int]) -> Boxes:
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

    def _objects(self, ats: Sequence[int]) -> list[int | None]:
        """The text objects that characters are of."""
        return list(map(calls.text_object, repeat(self.raw), ats))

    def _learn(self, objects: Iterable[int | None]) -> None:
        """Ask for the font and the marked content of those objects that are not known."""
        known = self.known
        new = [each for each in set(objects) if each not in known]
        if not new:
            return
        handles = list(map(ctypes.c_void_p, new))
        fonts = map(calls.font_of, handles)
        marks = map(calls.marked_of, handles) if self.tagged else repeat(-1)
        known.update(zip(new, map(self.alike.__getitem__, zip(fonts, marks))))  # noqa: B905

    def _face(self, font: Font, at: int, height: float) -> tuple[Face, float]:
        """The face of a character by the height of its box, and where its baseline is in that."""
        face = font.faces.get(int(height * 20))
        return face if face is not None else self._new_face(font, at, height)

    def _new_face(self, font: Font, at: int, height: float) -> tuple[Face, float]:
        size = calls.font_size(self.raw, at) * calls.scale_of(self.raw, at)
        above = -1.0
        if self.turn == 0:
            _, top, _, bottom = calls.boxes(self.raw, (at,))
            above = (top - calls.height_of_origin(self.raw, at)) / ((top - bottom) or 1.0)
        return font.set_at(height, size, above)

    def _plain(
        self, start: int, end: int, hyphen: bool, box: Box, base: float, face: Face, marked: int
    ) -> Line:
        """A line in one face."""
        text = self._read(start, end, face)
        if hyphen:
            text += "-"
        x0, y0, x1, y1 = box
        span = Span(0, len(text), x0, x1, face, marked)
        return Line(text, x0, y0, x1, y1, base, face, (span,), self.number, hyphen)

    def _read(self, start: int, end: int, face: Face) -> str:
        text = self.text[start:end]
        if "  " in text or not text.isprintable():
            text = " ".join(text.split())
        return legible(text, face.name) if self.repair else text

    def _upright(
        self, start: int, last: int, hyphen: bool, first_object: int | None,
        last_object: int | None, lines: list[Line],
    ) -> None:  # fmt: skip
        """One of PDFium's lines, which may be several of ours, or of several faces."""
        stretches = self._stretches(start, last, first_object, last_object)
        firsts, lasts, begins, ends = stretches
        self._learn(begins if begins is ends else begins + ends)
        known = list(map(self.known.__getitem__, begins))
        boxes = self._boxes(firsts + lasts)
        if known.count(known[0]) == len(known):
            plain = self._even(known[0], stretches, boxes)
            if plain is not None:
                box, base, face = plain
                lines.append(self._plain(start, last + 1, hyphen, box, base, face, known[0][1]))
                return
        pieces: list[_Piece] = []
        at = 0
        while at < len(firsts):
            then = self._run_of(stretches, at, known, boxes)
            if then > at + 1:  # words that each are an object of their own
                x0s, y0s, x1s, y1s = boxes
                box = (x0s[at], y0s[at], x1s[len(firsts) + then - 1], y1s[at])
                self._add(firsts[at], lasts[then - 1] + 1, known[at], box, pieces)
            else:
                self._piece(stretches, at, boxes, pieces)
            at = then
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

    def _run_of(self, stretches: Stretches, at: int, known: Sequence[Known], boxes: Boxes) -> int:
        """How far short stretches of one object each are set as one of them is."""
        firsts, lasts, begins, ends = stretches
        x0s, y0s, x1s, y1s = boxes
        top, bottom, count = y0s[at], y1s[at], len(firsts)
        even, wide = EVEN * (bottom - top), 0.7 * WIDE * (bottom - top)
        then = at
        while (
            then < count
            and known[then] is known[at]
            and begins[then] == ends[then]
            and lasts[then] - firsts[then] <= LONG
            and abs(y0s[then] - top) + abs(y1s[then] - bottom) < even
            and (then == at or -wide < x0s[then] - x1s[count + then - 1] < wide)
        ):
            then += 1
        return max(then, at + 1)

    def _stretches(
        self, start: int, last: int, first_object: int | None, last_object: int | None
    ) -> Stretches:
        """What of a line is of one text object: words, or a part of one.

        Where every word is of its own, or every letter, the stretches are words.
        """
        if first_object == last_object:
            one: Objects = [first_object]
            return [start], [last], one, one
        quarter = (last - start) // 4
        todo = [(last, last_object)]  # places and their objects, from the right
        if quarter:
            ats = [self._letter(start + k * quarter, start + k * quarter, last) for k in (3, 2, 1)]
            objects = self._objects(ats)
            if len({first_object, last_object, *objects}) == 5:
                return self._by_words(start, last)
            todo += zip(ats, objects, strict=True)
        firsts, lasts, objects = [start], [], [first_object]
        at, own = start, first_object
        while todo:
            then, other = todo[-1]
            if other == own:
                at = then
                todo.pop()
                continue
            middle = self._letter((at + then) // 2, at, then)
            if at < middle < then:
                todo.append((middle, calls.text_object(self.raw, middle)))
            else:  # nothing but room between the two
                lasts.append(at)
                firsts.append(then)
                objects.append(other)
                at, own = then, other
                todo.pop()
        return firsts, [*lasts, last], objects, objects

    def _letter(self, at: int, least: int, most: int) -> int:
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

    def _by_words(self, start: int, last: int) -> Stretches:
        words = [word.span() for word in _WORD.finditer(self.text, start, last + 1)]
        firsts, lasts = [first for first, _ in words], [after - 1 for _, after in words]
        begins, ends = self._objects(firsts), self._objects(lasts)
        return firsts, lasts, begins, begins if begins == ends else ends

    def _even(
        self, known: Known, stretches: Stretches, boxes: Boxes
    ) -> tuple[Box, float, Face] | None:
        """The place and face of a line whose stretches are of one height, without a wide gap."""
        x0s, y0s, x1s, y1s = boxes
        firsts, lasts, begins, ends = stretches
        count = len(firsts)
        height = y1s[0] - y0s[0]
        if max(y0s) - min(y0s) + max(y1s) - min(y1s) > EVEN * height:
            return None
        font = known[0]
        face, above = font.faces.get(int(height * 20)) or self._new_face(font, firsts[0], height)
        size = face.size or 1.0
        gaps = list(map(sub, x0s[1:count], x1s[count:-1]))
        wide = bool(gaps) and (max(gaps) > WIDE * size or min(gaps) < -size)
        if begins is not ends and any(
            begin != end
            and (self.known[end] is not known or self._mixed(start, last, y0s[at], y1s[at]))
            for at, (start, last, begin, end) in enumerate(
                zip(firsts, lasts, begins, ends, strict=True)
            )
        ):
            return None
        if not wide and max(map(sub, lasts, firsts)) > LONG:
            for at, (start, last) in enumerate(zip(firsts, lasts, strict=True)):
                if last - start > LONG:
                    length = (last + 1 - start) * size
                    wide = wide or not 0.2 * length < x1s[count + at] - x0s[at] < 0.62 * length
        if wide and not self._spaced(firsts[0], lasts[-1], size):
            return None
        return (x0s[0], y0s[0], x1s[-1], y1s[0]), y0s[0] + above * height, face

    def _spaced(self, start: int, last: int, size: float) -> bool:
        """Whether words have usual room between them, or all the same in a justified line."""
        words = [word.span() for word in _WORD.finditer(self.text, start, last + 1)]
        if len(words) < 2:
            return True
        befores, afters = [end - 1 for _, end in words[:-1]], [first for first, _ in words[1:]]
        x0s, _, x1s, _ = self._boxes(afters + befores)
        gaps = list(map(sub, x0s[: len(afters)], x1s[len(afters) :]))
        least, most = min(gaps), max(gaps)
        alike = len(words) > 3 and most < SPREAD * size and most - least < 0.25 * size
        return least >= -size and (most <= WIDE * size or alike)

    def _mixed(self, start: int, last: int, y0: float, y1: float) -> bool:
        """Whether a figure within a word stands higher or lower than its beginning."""
        if last - start < 2 or self.text[start : last + 1].isalpha():
            return False
        found = _MIXED.search(self.text, start, last + 1)
        if found is None:
            return False
        _, (top,), _, (bottom,) = self._boxes((found.start(),))
        return abs(top - y0) + abs(bottom - y1) > EVEN * (y1 - y0)

    def _piece(self, stretches: Stretches, at: int, boxes: Boxes, pieces: list[_Piece]) -> None:
        """A stretch as one piece, or as several."""
        firsts, lasts, begins, ends = stretches
        start, last, first_object, last_object = firsts[at], lasts[at], begins[at], ends[at]
        to = len(firsts) + at
        x0s, y0s, x1s, y1s = boxes
        box = (x0s[at], y0s[at], x1s[to], y1s[at])
        height = box[3] - box[1]
        known = self.known[first_object]
        level = abs(y0s[to] - box[1]) + abs(y1s[to] - box[3]) < EVEN * height
        if first_object != last_object and (
            self.known[last_object] is not known
            or not level
            or self._mixed(start, last, box[1], box[3])
        ):
            self._characters(start, last, pieces)
            return
        length = (last + 1 - start) * (self._face(known[0], start, height)[0].size or 1.0)
        usual = last - start > LONG and level and 0.2 * length < box[2] - box[0] < 0.62 * length
        if usual or " " not in self.text[start:last]:
            self._add(start, last + 1, known, box, pieces)
            return
        words = [word.span() for word in _WORD.finditer(self.text, start, last + 1)]
        count = len(words)
        x0s, y0s, x1s, y1s = self._boxes([*[a for a, _ in words], *[b - 1 for _, b in words]])
        for k, (a, b) in enumerate(words):
            self._add(a, b, known, (x0s[k], y0s[k], x1s[count + k], y1s[k]), pieces)

    def _add(self, start: int, end: int, known: Known, box: Box, pieces: list[_Piece]) -> None:
        """A piece, which may carry on the one before it."""
        x0, y0, x1, y1 = box
        height = y1 - y0
        face, above = self._face(known[0], start, height)
        base = y0 + above * height
        before = pieces[-1] if pieces else None
        if (
            before is not None
            and before.face is face
            and before.marked == known[1]
            and abs(before.base - base) < EVEN * (face.size or 1.0)
            and -face.size <= x0 - before.x1 <= WIDE * face.size
        ):
            before.end, before.x1 = end, x1
        else:
            pieces.append(_Piece(start, end, box, base, face, known[1]))

    def _characters(self, start: int, last: int, pieces: list[_Piece]) -> None:
        """A word, object by object."""
        objects = self._objects(range(start, last + 1))
        self._learn(objects)
        cuts = [0, *[at for at in range(1, len(objects)) if objects[at] != objects[at - 1]]]
        ends = [*cuts[1:], len(objects)]
        x0s, y0s, x1s, y1s = self._boxes(
            [*[start + at for at in cuts], *[start + at - 1 for at in ends]]
        )
        for at, (cut, end) in enumerate(zip(cuts, ends, strict=True)):
            box = (x0s[at], y0s[at], x1s[len(cuts) + at], y1s[at])
            self._add(start + cut, start + end, self.known[objects[cut]], box, pieces)

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
            text = self._read(piece.start, piece.end, piece.face)
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

    def _turned(
        self, start: int, end: int, hyphen: bool, turn: int, box: Box, size: float, known: Known
    ) -> Line:
        face, _ = self._face(known[0], start, size)
        text = " ".join(self.text[start:end].split()) + ("-" if hyphen else "")
        if self.repair:
            text = legible(text, face.name)
        span = Span(0, len(text), box[0], box[2], face, known[1])
        return Line(text, *box, box[3], face, (span,), self.number, hyphen, turn * 90)

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
