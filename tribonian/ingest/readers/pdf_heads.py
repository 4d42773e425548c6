"""Running heads and feet, and page numbers: what repeats at the edge of pages.

Nothing is taken out for its place alone: a text must stand at the same height on several
pages, its digits aside, or be a number that counts with the pages.
"""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence

from tribonian.ingest.readers.pdf_types import Line, PdfPage

AROUND = 24  # pages before and after that are looked at
_DIGITS = re.compile(r"\d+")
_DASHES = re.compile(r"\s*[-‐-―]+\s*")  # one page has a dash of another length
_ROMAN = re.compile(r"[ivxlc]{1,8}", re.IGNORECASE)
_PAGE_NUMBER = re.compile(
    r"(?:[-–—\[( ]*)(?:page|seite|p\.|pg\.?)?\s*(\d{1,5})(?:\s*(?:of|/|von|de)\s*\d{1,5})?"
    r"[-–—\]) ]*",
    re.IGNORECASE,
)
_NAMED_PAGE = re.compile(r"[-–—\[( ]*(?:page|p\.|pg\.?)\s*\d{1,5}|\d{1,5}\s*of\s*\d{1,5}", re.I)

Key = tuple[str, int, str]


class _Edge:
    """A line near the upper or lower end of its page."""

    __slots__ = ("alone", "depth", "gap", "key", "line", "noted", "number", "roman")

    def __init__(
        self, line: Line, zone: str, gap: float, depth: int = 0, row: Sequence[Line] = ()
    ) -> None:
        text = _DASHES.sub("-", _DIGITS.sub("#", line.text.casefold()))
        self.roman = _ROMAN.fullmatch(text) is not None
        if self.roman:
            text = "#"
        self.line = line
        self.key: Key = (text, round(line.base / 3), zone)
        found = _PAGE_NUMBER.fullmatch(line.text)
        self.number = int(found[1]) if found else None
        self.alone = len(row) == 1  # in its row
        self.noted = bool(line.spans and line.spans[0].rise > 0) or any(
            _is_mark(each, line) or _is_mark(line, each) for each in row
        )
        self.depth = depth  # rows between it and the edge of the page
        self.gap = gap  # to the text that stands next to it, in its own sizes


class Heads:
    """Tells the running heads of a document, page after page, and keeps what they say."""

    def __init__(self) -> None:
        self.pages: deque[tuple[PdfPage, list[_Edge]]] = deque()
        self.before: deque[tuple[PdfPage, list[_Edge]]] = deque()
        self.count: Counter[Key] = Counter()
        self.offsets: Counter[tuple[int, str]] = Counter()
        self.sure: set[Key] = set()
        self.seen = 0
        self.ended = False
        self.said: dict[str, list[Line]] = {}

    def through(self, pages: Iterable[PdfPage]) -> Iterator[PdfPage]:
        """The pages without their running heads, each when those after it are known."""
        for page in pages:
            edges = _edges(page)
            self.pages.append((page, edges))
            self.seen += 1
            self._add(page, edges, 1)
            if len(self.pages) > AROUND:
                yield self._next()
        self.ended = True
        while self.pages:
            yield self._next()

    def _add(self, page: PdfPage, edges: list[_Edge], by: int) -> None:
        keys = {edge.key for edge in edges}
        keys |= {(text, slot + 1, zone) for text, slot, zone in keys}
        for key in keys:
            self.count[key] += by
        for offset in {(e.number - page.number, e.key[2]) for e in edges if e.number is not None}:
            self.offsets[offset] += by
        if by < 0:
            for key in [key for key in keys if self.count[key] <= 0]:
                del self.count[key]

    def _next(self) -> PdfPage:
        page, edges = self.pages.popleft()
        heads: list[_Edge] = []
        reached = {"top": 0, "bottom": 0, "side": 0}
        for edge in edges:  # from the edges inwards; behind a row of text nothing is a head
            if edge.depth <= reached[edge.key[2]] and self._is_head(edge, page):
                heads.append(edge)
                reached[edge.key[2]] = edge.depth + 1
        taken: set[int] = set()
        for edge in heads:
            self.sure.add(edge.key)
            if id(edge.line) not in taken:  # on a short page at the top as well as at the foot
                self.said.setdefault(edge.key[0], []).append(edge.line)
            taken.add(id(edge.line))
        if taken:
            page.lines = [line for line in page.lines if id(line) not in taken]
        self.before.append((page, edges))
        if len(self.before) > AROUND:
            self._add(*self.before.popleft(), -1)
        return page

    def _window(self) -> int:
        return min(self.seen, 2 * AROUND + 1)

    def _is_head(self, edge: _Edge, page: PdfPage) -> bool:
        text, slot, zone = edge.key
        if edge.key in self.sure or (text, slot - 1, zone) in self.sure:
            return True
        times = max(self.count[edge.key], self.count[(text, slot + 1, zone)])
        few = self.seen < 4 and self.ended
        if edge.noted:
            return False  # a footnote, which may say the same as another
        if edge.number is not None:
            if self.offsets[(edge.number - page.number, zone)] >= (2 if few else 3):
                return True
            return bool(_NAMED_PAGE.match(edge.line.text)) and (times >= 2 or self.seen == 1)
        if edge.line.angle:
            return times >= 2
        if edge.roman and edge.alone and edge.depth == 0 and 1.2 < edge.gap < 90:
            return True  # "iv" below the contents
        if sum(map(str.isalpha, text)) < 3:
            return False  # bullets and lone numbers of paragraphs
        if edge.line.tag is None and page.tagged:
            return times >= 2
        if times >= 3 and (edge.gap > 0.8 or times > 0.2 * self._window()):
            return True
        # two pages alike in a document of two or three: only what stands apart from the text
        return few and times >= 2 and edge.gap > 1.2


def _is_mark(mark: Line, note: Line) -> bool:
    """Whether a line is the raised figure before another."""
    size = note.face.size
    return (
        mark.face.size < 0.9 * size
        and len(mark.text) < 4
        and 0.1 * size < note.base - mark.base < 0.8 * size
        and -1.0 < note.x0 - mark.x1 < size
    )


def _edges(page: PdfPage) -> list[_Edge]:
    """The three outermost rows at both ends of a page, and what is turned in its margins."""
    upright = sorted((line for line in page.lines if not line.angle), key=lambda line: line.base)
    edges = [_Edge(line, "side", 9.0) for line in page.lines if line.angle]
    if not upright:
        return edges
    for lines, zone in ((upright, "top"), (upright[::-1], "bottom")):
        rows: list[list[Line]] = []
        for line in lines:
            if rows and abs(rows[-1][0].base - line.base) < 3:
                rows[-1].append(line)
            elif len(rows) == 4:
                break
            else:
                rows.append([line])
        for at, row in enumerate(rows[:3]):
            beside = rows[at + 1] if len(rows) > at + 1 else rows[at - 1] if at else None
            gap = abs(beside[0].base - row[0].base) if beside else 99.0
            for line in row:
                edges.append(_Edge(line, zone, gap / (line.face.size or 1) - 1, at, row))
    return edges
