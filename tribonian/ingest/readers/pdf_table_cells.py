"""What tables have in common, however they are found: head, caption, lines of a cell."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from tribonian.ingest.readers.pdf_lines import by_place, in_rows
from tribonian.ingest.readers.pdf_types import Line, PdfTable
from tribonian.ingest.tables import Cell

CAPTION = re.compile(
    r"(?:table|exhibit|schedule)\s+[\w().\-]*\w\s*(?:[.:—–-]|$)|TABLE\b|Table\s+[A-Z0-9][\w.()\-]*\b"
)


_NUMBER = re.compile(r"[\s$€£%<>≤≥±+\-–—().,/:*×x^\d⁰¹²³⁴-⁹⁻½¼¾EeNADna]+")


Text = Callable[[list[Line]], str]


def spaced(lines: list[Line]) -> str:
    """The lines of a cell as one text, nothing but spaces between them."""
    return " ".join(line.text for line in lines)


@dataclass(slots=True)
class TaggedTable(PdfTable):
    """A table known by its tags: ``element`` is its number in the document, and its rows'."""

    element: int = -1
    rows: list[int] = field(default_factory=list)  # of head and body
    extents: list[tuple[float, float]] = field(default_factory=list)  # of its columns' words


def title_rows(table: PdfTable) -> None:
    """Rows at the top that are one cell over the whole width are the caption."""
    width = len(table.columns)
    while width > 1 and len(table.head) + len(table.body) > 1:
        rows = table.head or table.body
        said = [cell for cell in rows[0] if cell.text]
        if (
            len(said) != 1
            or said[0].columns < width
            or (rows is table.body and not table.caption and len(said[0].text) > 200)
        ):
            return
        table.caption = f"{table.caption} {said[0].text}".strip()
        del rows[0]
        if isinstance(table, TaggedTable):
            del table.rows[0]


def without(lines: Sequence[Line], tables: Sequence[PdfTable]) -> list[Line]:
    """The lines that none of the tables took."""
    taken = {id(line) for table in tables for line in table.lines}
    return [line for line in lines if id(line) not in taken] if taken else list(lines)


def head_rows(rows: list[list[Cell]], bold: list[bool]) -> int:
    """How many rows at the top are the head."""
    head = 0
    while head < len(rows) - 1 and bold[head]:
        head += 1
    if not head and len(rows) > 2:
        first = [cell for cell in rows[0] if cell.text]
        numbers = sum(_NUMBER.fullmatch(cell.text) is not None for cell in rows[0] if cell.text)
        below = [cell.text for row in rows[1:] for cell in row[1:] if cell.text]
        numeric = sum(_NUMBER.fullmatch(each) is not None for each in below)
        if len(first) > 1 and not numbers and 2 * numeric > len(below):
            head = 1
    if head:
        head = max(head, *(at + cell.rows for at in range(head) for cell in rows[at]))
    return min(head, max(len(rows) - 1, 0))


def in_order(lines: list[Line]) -> list[Line]:
    """The lines of a cell from top to bottom, raised figures with the line they belong to."""
    return in_rows(sorted(lines, key=by_place)) if len(lines) > 1 else lines


def box_of(lines: Sequence[Line]) -> tuple[float, float, float, float]:
    """The box around lines: left, top, right, bottom."""
    return (
        min(line.x0 for line in lines),
        min(line.y0 for line in lines),
        max(line.x1 for line in lines),
        max(line.y1 for line in lines),
    )


def take_caption(table: PdfTable, lines: Sequence[Line], text: Text) -> None:
    """The lines right above a table become its caption: ``Table 3.—…``, or a centred title."""
    above = sorted(
        (
            line
            for line in lines
            if line.base <= table.y0 + 4 and line.x0 < table.x1 and line.x1 > table.x0
        ),
        key=lambda line: -line.base,
    )
    bottom = table.y0
    run: list[Line] = []
    for line in above[:6]:
        if bottom - line.base > 2.2 * line.face.size or len(run) == 5:
            break
        run.append(line)
        bottom = line.y0
        if CAPTION.match(line.text):
            break
    if not run:
        return
    if CAPTION.match(run[-1].text):
        run.reverse()
        bold = all(line.face.bold for line in run)
        long = sum(len(line.text) for line in run) > 120
        outside = any(line.x0 < table.x0 - 40 and line.x1 > table.x1 + 40 for line in run)
        if outside or (long and not bold and run[-1].text.endswith(".")):
            return
    else:
        run = [line for line in run[:1] if _is_title(line, table, above)]
        if not run:
            return
    table.caption = text(run)
    table.lines = [*run, *table.lines]
    table.y0 = min(table.y0, run[0].y0)


def _is_title(line: Line, table: PdfTable, above: Sequence[Line]) -> bool:
    """Whether a line stands by itself over the middle of a table, and is no sentence."""
    off = abs((line.x0 + line.x1) / 2 - (table.x0 + table.x1) / 2)
    alone = all(other is line or abs(other.base - line.base) > 2 for other in above)
    return (
        off < 6
        and alone
        and line.x1 - line.x0 < 0.8 * (table.x1 - table.x0)
        and line.x0 - table.x0 > 30
        and not line.text.endswith((".", ":", ";", ","))
        and not line.text[0].islower()
        and (line.face.bold or line.text.isupper())
    )
