"""A line of several text objects: as a whole, or as the pieces of it that are alike."""

from __future__ import annotations

import re
from collections.abc import Sequence
from operator import sub

from tribonian.ingest.readers.pdf_page_text import Box, Boxes, Known, Objects, PageText
from tribonian.ingest.readers.pdf_types import Face, Line, Span

WIDE = 1.0  # ems: words further apart than this are not of one line, or of one cell
SPREAD = 2.0  # ems: words of a justified line are no further apart, and all alike
LONG = 12  # characters less one: of fewer, the width says little of the room between words
EVEN = 0.05  # of the height of a box: less is no difference
WORD = re.compile(r"[^\s\x02\ufffe]+")
# Where a raised or lowered figure may hide within a word: H2O, note1), (aw).
_MIXED = re.compile(
    r"(?<=[^\W\d_])[0-9](?=[0-9]*[^0-9])|(?<=[^\W\d_][).,;:”\"])[0-9](?=[0-9]?[^\w])"
    r"|(?<=\([A-Za-z])[a-z](?=\))"
)

# Parts of a line: the first characters, the last ones, and the text objects that these are of.
Stretches = tuple[list[int], list[int], Objects, Objects]


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


class Pieces:
    """Makes lines of the runs of one page that are of several text objects."""

    __slots__ = ("page",)

    def __init__(self, page: PageText) -> None:
        self.page = page

    def take(
        self, start: int, last: int, hyphen: bool, found: tuple[Stretches, Boxes],
        lines: list[Line],
    ) -> None:  # fmt: skip
        """One of PDFium's lines, which may be several of ours, or of several faces."""
        stretches, boxes = found
        firsts, lasts, begins, _ = stretches
        known = list(map(self.page.known.__getitem__, begins))
        if known.count(known[0]) == len(known):
            plain = self._even(known[0], stretches, boxes)
            if plain is not None:
                box, base, face = plain
                lines.append(self.page.plain(start, last + 1, hyphen, box, base, face, known[0][1]))
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
        face, above = font.faces.get(int(height * 20)) or self.page.new_face(
            font, firsts[0], height
        )
        size = face.size or 1.0
        gaps = list(map(sub, x0s[1:count], x1s[count:-1]))
        wide = bool(gaps) and (max(gaps) > WIDE * size or min(gaps) < -size)
        if begins is not ends and (
            list(map(self.page.known.__getitem__, ends)).count(known) != count
            or self._any_mixed(stretches, boxes)
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
        words = [word.span() for word in WORD.finditer(self.page.text, start, last + 1)]
        if len(words) < 2:
            return True
        befores, afters = [end - 1 for _, end in words[:-1]], [first for first, _ in words[1:]]
        x0s, _, x1s, _ = self.page.boxes(afters + befores)
        gaps = list(map(sub, x0s[: len(afters)], x1s[len(afters) :]))
        least, most = min(gaps), max(gaps)
        alike = len(words) > 3 and most < SPREAD * size and most - least < 0.25 * size
        return least >= -size and (most <= WIDE * size or alike)

    def _any_mixed(self, stretches: Stretches, boxes: Boxes) -> bool:
        """Whether a raised or lowered figure stands within any word of several objects."""
        firsts, lasts, begins, ends = stretches
        if _MIXED.search(self.page.text, firsts[0], lasts[-1] + 2) is None:
            return False
        _, tops, _, bottoms = boxes
        return any(
            begin != end and self._mixed(start, last, tops[at], bottoms[at])
            for at, (start, last, begin, end) in enumerate(
                zip(firsts, lasts, begins, ends, strict=True)
            )
        )

    def _mixed(self, start: int, last: int, y0: float, y1: float) -> bool:
        """Whether a figure within a word stands higher or lower than its beginning."""
        if last - start < 2 or self.page.text[start : last + 1].isalpha():
            return False
        found = _MIXED.search(self.page.text, start, last + 1)
        if found is None:
            return False
        _, (top,), _, (bottom,) = self.page.boxes((found.start(),))
        return abs(top - y0) + abs(bottom - y1) > EVEN * (y1 - y0)

    def _piece(self, stretches: Stretches, at: int, boxes: Boxes, pieces: list[_Piece]) -> None:
        """A stretch as one piece, or as several."""
        firsts, lasts, begins, ends = stretches
        start, last, first_object, last_object = firsts[at], lasts[at], begins[at], ends[at]
        to = len(firsts) + at
        x0s, y0s, x1s, y1s = boxes
        box = (x0s[at], y0s[at], x1s[to], y1s[at])
        height = box[3] - box[1]
        known = self.page.known[first_object]
        level = abs(y0s[to] - box[1]) + abs(y1s[to] - box[3]) < EVEN * height
        if first_object != last_object and (
            self.page.known[last_object] is not known
            or not level
            or self._mixed(start, last, box[1], box[3])
        ):
            self._characters(start, last, pieces)
            return
        length = (last + 1 - start) * (self.page.face(known[0], start, height)[0].size or 1.0)
        usual = last - start > LONG and level and 0.2 * length < box[2] - box[0] < 0.62 * length
        if usual or " " not in self.page.text[start:last]:
            self._add(start, last + 1, known, box, pieces)
            return
        words = [word.span() for word in WORD.finditer(self.page.text, start, last + 1)]
        count = len(words)
        x0s, y0s, x1s, y1s = self.page.boxes([*[a for a, _ in words], *[b - 1 for _, b in words]])
        for k, (a, b) in enumerate(words):
            self._add(a, b, known, (x0s[k], y0s[k], x1s[count + k], y1s[k]), pieces)

    def _add(self, start: int, end: int, known: Known, box: Box, pieces: list[_Piece]) -> None:
        """A piece, which may carry on the one before it."""
        x0, y0, x1, y1 = box
        height = y1 - y0
        face, above = self.page.face(known[0], start, height)
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
        objects = self.page.objects(range(start, last + 1))
        self.page.learn(objects)
        cuts = [0, *[at for at in range(1, len(objects)) if objects[at] != objects[at - 1]]]
        ends = [*cuts[1:], len(objects)]
        x0s, y0s, x1s, y1s = self.page.boxes(
            [*[start + at for at in cuts], *[start + at - 1 for at in ends]]
        )
        for at, (cut, end) in enumerate(zip(cuts, ends, strict=True)):
            box = (x0s[at], y0s[at], x1s[len(cuts) + at], y1s[at])
            self._add(start + cut, start + end, self.page.known[objects[cut]], box, pieces)

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
            text = self.page.read(piece.start, piece.end, piece.face)
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
                    tuple(spans), self.page.number, hyphen)  # fmt: skip


def _main(pieces: list[_Piece]) -> _Piece:
    """The piece that stands for the line: of the face in which most of it is set."""
    weight: dict[tuple[Face, int], int] = {}
    first: dict[tuple[Face, int], _Piece] = {}
    for piece in pieces:
        key = (piece.face, round(piece.base))
        weight[key] = weight.get(key, 0) + piece.end - piece.start
        first.setdefault(key, piece)
    return first[max(weight, key=lambda key: (weight[key], key[0].size))]
