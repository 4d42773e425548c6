"""What the parts of the PDF reader hand to one another: plain values, no behaviour.

Places are in points from the upper left corner of the page as it is seen: the page's own
rotation and the origin of its crop box are taken out, ``x`` grows to the right and ``y``
downwards.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from tribonian.ingest.tables import Cell


class Face(NamedTuple):
    """A type face at one size; ``name`` is the font's without its subset prefix."""

    name: str = ""
    size: float = 0.0
    bold: bool = False
    italic: bool = False


class Span(NamedTuple):
    """A stretch of a line in one face and one marked content: ``text[start:end]``.

    ``marked`` is the id that a structure tree refers to, -1 for none. ``rise`` is how far
    the stretch stands above the line's baseline in points (negative: below).
    """

    start: int
    end: int
    x0: float
    x1: float
    face: Face
    marked: int = -1
    rise: float = 0.0


class Tag(NamedTuple):
    """The structure element that a marked content belongs to.

    ``role`` is a standard type (``P``, ``H1`` … ``H6``, ``LI``, ``Lbl``, ``LBody``, ``TD``,
    ``TH``, ``Caption``, ``Note``, ``Figure``, ``TOCI``; ``Artifact`` for what is no
    content), that of the innermost block element; ``block`` numbers that element and ``order``
    is the place of the content in the document's logical order. ``table``, ``row`` and
    ``cell`` number the table it stands in (-1 for none). ``list_level`` is the depth of lists
    around it. All numbers are unique within a document, so that an element that continues on
    the next page keeps its number.
    """

    role: str
    block: int
    order: int
    table: int = -1
    row: int = -1
    cell: int = -1
    columns: int = 1
    rows: int = 1
    list_level: int = 0


@dataclass(slots=True)
class Line:
    """Words on one baseline without a wide gap between them.

    A line of a paragraph is one of these; a row of a table is several with the same
    ``base``. ``y0`` and ``y1`` are the ascent and the descent of its main face, ``base``
    the baseline. ``face`` is that of most of its characters. ``text`` has single spaces
    and none at its ends; ``hyphen`` says that PDFium took the hyphen at its end for one
    that divides a word (the hyphen is in ``text``). ``angle`` is 0, 90, 180 or 270 degrees
    counter-clockwise; places of a turned line are those of the box it fills.
    """

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    base: float
    face: Face
    spans: tuple[Span, ...]
    page: int
    hyphen: bool = False
    angle: int = 0
    number: int = 0  # its place in reading order on the page, from 1; 0 until that is known
    tag: Tag | None = None  # of the structure element it begins in, in a tagged file

    @property
    def marked(self) -> int:
        """The marked content its first character belongs to; -1 for none."""
        return self.spans[0].marked if self.spans else -1


class Rule(NamedTuple):
    """A straight line or the box of a filled or stroked rectangle, drawn on the page.

    A line has no height or no width to speak of (below 3 points).
    """

    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(slots=True)
class PdfPage:
    """One page: its lines in the order of the file's content, and what is drawn on it."""

    number: int  # from 1
    width: float
    height: float
    lines: list[Line]
    rules: list[Rule] = field(default_factory=list)
    tagged: bool = False  # most of its lines have a tag


class OutlineEntry(NamedTuple):
    """One bookmark: ``level`` from 1, ``page`` from 1 (0 unknown), ``y`` from the top or None."""

    title: str
    level: int
    page: int
    y: float | None = None


@dataclass(slots=True)
class PdfTable:
    """A table found on one page: the box it fills, the lines it took, its rows of cells.

    ``columns`` are the left edges of its columns, by which the next page's table is known
    for its continuation.
    """

    x0: float
    y0: float
    x1: float
    y1: float
    lines: list[Line]
    head: list[list[Cell]]
    body: list[list[Cell]]
    columns: tuple[float, ...] = ()
    caption: str = ""
    page: int = 0
