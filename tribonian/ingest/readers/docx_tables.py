"""Tables of a Word file: the grid with its merged cells, its header rows (ECMA-376 17.4)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from lxml import etree

from tribonian.ingest.readers.docx_line import Tally
from tribonian.ingest.readers.docx_package import NAMES, is_on, value, whole
from tribonian.ingest.readers.docx_styles import Styles
from tribonian.ingest.styled import Styled
from tribonian.ingest.tables import MAX_SPAN, Cell, markdown_table
from tribonian.schemas.tree import Node

_HOLDERS = frozenset(("w:sdt", "w:sdtContent", "w:customXml", "w:ins", "w:moveTo"))
_DROPPED = frozenset(("w:del", "w:moveFrom"))


@dataclass(slots=True)
class GridCell:
    """A cell with the blocks it holds, and the places it covers."""

    blocks: list[Styled]
    column: int
    columns: int = 1
    rows: int = 1
    shaded: bool = False

    def text(self) -> str:
        """What the cell prints, notes apart."""
        return " ".join(each.text for each in self.blocks if each.kind in PRINTED and each.text)


PRINTED = frozenset(("paragraph", "contents", "figure"))
Rows = list[list[GridCell]]


@dataclass(slots=True)
class Grid:
    """The rows of a table; the first ``heads`` are header rows."""

    rows: Rows
    heads: int = 0

    def cells(self) -> Iterator[GridCell]:
        """All cells in order."""
        for row in self.rows:
            yield from row


def read_grid(
    table: etree._Element,
    read: Callable[[etree._Element], list[Styled]],
    tally: Tally,
) -> Grid:
    """The rows of a ``w:tbl``; ``read`` gives the blocks of a cell."""
    grid = Grid([])
    above: dict[int, GridCell] = {}  # column -> the cell that a merge goes on from
    top = True
    for row in _members(table, "w:tr", tally):
        before, after, header, deleted = _row(row)
        if deleted:
            tally.deleted += 1
            continue
        column = 0
        cells: list[GridCell] = []
        if before:
            cells.append(GridCell([], 0, before))
            column = before
        for element in _members(row, "w:tc", tally):
            span, merge, across, shaded = _cell(element)
            blocks = read(element)
            if across == "continue" and cells:
                cells[-1].columns += span
                cells[-1].blocks += blocks
                column += span
                continue
            held = above.get(column)
            if merge == "continue" and held is not None:
                held.rows += 1
                held.blocks += blocks  # Word hides what stands there; it is not lost
                column += span
                continue
            cell = GridCell(blocks, column, span, 1, shaded)
            cells.append(cell)
            for at in range(column, column + span):
                above.pop(at, None)
            if merge == "restart":
                above[column] = cell
            column += span
        if after:
            cells.append(GridCell([], column, after))
        grid.rows.append(cells)
        top = top and header
        if top:
            grid.heads += 1
    return grid


def _members(parent: etree._Element, name: str, tally: Tally) -> Iterator[etree._Element]:
    for child in parent:
        kind = NAMES[child.tag]
        if kind == name:
            yield child
        elif kind in _HOLDERS:
            yield from _members(child, name, tally)


def _row(row: etree._Element) -> tuple[int, int, bool, bool]:
    """Empty columns before and after, whether it is a header, whether it was deleted."""
    before = after = 0
    header = deleted = False
    for properties in row:
        if NAMES[properties.tag] != "w:trPr":
            continue
        for each in properties:
            name = NAMES[each.tag]
            if name == "w:gridBefore":
                before = _span(value(each), 0)
            elif name == "w:gridAfter":
                after = _span(value(each), 0)
            elif name == "w:tblHeader":
                header = is_on(each)
            elif name in _DROPPED:
                deleted = True
    return before, after, header, deleted


def _cell(cell: etree._Element) -> tuple[int, str, str, bool]:
    """Columns a cell covers, its part in a merge down or across, whether it is shaded."""
    span, merge, across, shaded = 1, "", "", False
    for properties in cell:
        if NAMES[properties.tag] != "w:tcPr":
            continue
        for each in properties:
            name = NAMES[each.tag]
            if name == "w:gridSpan":
                span = _span(value(each), 1)
            elif name == "w:vMerge":
                merge = value(each) or "continue"
            elif name == "w:hMerge":
                across = value(each) or "continue"
            elif name == "w:shd":
                shaded = (value(each, "fill") or "auto").lower() not in ("auto", "ffffff")
    return span, merge, across, shaded


def _span(text: str | None, least: int) -> int:
    return min(max(whole(text, least), least), MAX_SPAN)


def table_blocks(grid: Grid, locator: str, first_row_is_head: bool) -> list[Styled]:
    """The table as a node, its footnotes inside; comments and the like behind it."""
    heads = grid.heads or _heads(grid.rows, first_row_is_head)
    text, added = markdown_table(_cells(grid.rows[:heads]), _cells(grid.rows[heads:]))
    notes = []
    behind = []
    for cell in grid.cells():
        for each in cell.blocks:
            if each.kind in PRINTED:
                added += each.added
            elif each.kind == "footnote" and each.node is not None:
                notes.append(each.node)
            else:
                behind.append(each)
    node = Node("table", text=text, locator=locator, children=tuple(notes), added=added)
    if not text and not notes:
        return behind
    return [Styled("", "table", locator, node=node), *behind]


def _heads(rows: Rows, styled: bool) -> int:
    """How many rows are a header by their looks: bold, shaded, or so by the table's style."""
    if len(rows) < 2 or len(rows[0]) < 2:
        return 0
    first = rows[0]
    shaded = all(cell.shaded for cell in first) and not all(cell.shaded for cell in rows[1])
    if not (styled or shaded or _all_bold(first)) or not all(cell.text() for cell in first):
        return 0
    return min(max(cell.rows for cell in first), 3, len(rows) - 1)


def _cells(rows: Sequence[Sequence[GridCell]]) -> list[list[Cell]]:
    return [[Cell(cell.text(), cell.columns, cell.rows) for cell in row] for row in rows]


def _all_bold(row: Sequence[GridCell]) -> bool:
    blocks = [each for cell in row for each in cell.blocks if each.text]
    return bool(blocks) and all(each.weight >= 600 for each in blocks)


def looks_at_first_row(table: etree._Element, styles: Styles) -> bool:
    """Whether the table's style sets its first row apart, and the table lets it."""
    first, style = False, None
    for child in table:
        if NAMES[child.tag] == "w:tblPr":
            for each in child:
                name = NAMES[each.tag]
                if name == "w:tblStyle":
                    style = value(each)
                elif name == "w:tblLook":
                    said = value(each, "firstRow")
                    if said is None:
                        try:
                            first = bool(int(value(each) or "0", 16) & 0x20)
                        except ValueError:
                            first = False
                    else:
                        first = said in ("1", "true", "on")
    return first and style is not None and styles.sets_first_row_apart(style)
