"""Tables of a Word file that are no tables: frames, covers, numbers beside their text.

What a frame holds becomes paragraphs, so that its headings and numbers are where they belong.
"""

from __future__ import annotations

import re

from tribonian.ingest.readers.docx_tables import PRINTED, Grid, GridCell
from tribonian.ingest.styled import Styled

_DESIGNATOR = re.compile(r"\((?:[a-z]{1,5}|[A-Z]{1,5}|[0-9]{1,3})\)")
_UNIT = re.compile(r"(?:§+\s*[0-9]|(?:PART|Part|Subpart|SUBPART|Article|ARTICLE)\s+[0-9A-Z])")


def is_layout(grid: Grid) -> bool:
    """Whether a table is a frame around text: see the module."""
    filled = [[cell for cell in row if _has_text(cell)] for row in grid.rows]
    if sum(map(len, filled)) <= 1:
        return True
    if grid.heads:
        return False
    if all(len(row) <= 1 for row in filled):
        # one column, or a cover page; a form whose places are all empty loses nothing by it
        return True
    width = max(len(row) for row in grid.rows)
    if width > 2:
        return False
    if any(
        each.level and _UNIT.match(each.text)
        for row in filled
        for cell in row
        for each in cell.blocks
    ):
        return True
    return _is_list(grid)


def _has_text(cell: GridCell) -> bool:
    return any(each.text or each.node for each in cell.blocks if each.kind != "figure")


def _is_list(grid: Grid) -> bool:
    """Whether the first of two columns holds nothing but designators: ``(a)``, ``(b)``."""
    firsts = [row[0].text() if len(row) == 2 else None for row in grid.rows]
    return all(
        first is not None and (not first or _DESIGNATOR.fullmatch(first)) for first in firsts
    ) and any(firsts)


def laid_out(grid: Grid) -> list[Styled]:
    """The blocks that a frame holds, row by row; a number goes to the text beside it."""
    out: list[Styled] = []
    joins = _is_list(grid)
    for row in grid.rows:
        blocks = [each for cell in row for each in cell.blocks]
        if joins and len(row) == 2 and row[0].text() and row[1].blocks:
            first, second = row[0].blocks[0], row[1].blocks[0]
            rest = [*row[0].blocks[1:], *row[1].blocks[1:]]
            if second.kind == "paragraph":
                blocks = [_joined(first, second), *rest]
        out += blocks
    return out


def _joined(number: Styled, text: Styled) -> Styled:
    shift = len(number.text) + 1
    return text._replace(
        text=f"{number.text} {text.text}".strip(),
        italics=_moved(text.italics, shift),
        bolds=_moved(text.bolds, shift),
        marks=number.marks + text.marks,
        added=number.added + text.added,
    )


def _moved(
    spans: tuple[tuple[int, int], ...] | None, by: int
) -> tuple[tuple[int, int], ...] | None:
    return None if spans is None else tuple((start + by, end + by) for start, end in spans)


def in_a_line(grid: Grid) -> list[Styled]:
    """A table within a cell: one paragraph a row, with what belongs to it behind it."""
    out: list[Styled] = []
    for row in grid.rows:
        text = " ".join(filter(None, (cell.text() for cell in row)))
        if text:
            added = sum(each.added for cell in row for each in cell.blocks if each.kind in PRINTED)
            out.append(Styled(text, added=added, italics=(), bolds=()))
        out += [each for cell in row for each in cell.blocks if each.kind not in PRINTED]
    return out
