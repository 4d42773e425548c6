"""A table of one or several pages as a node of the section tree."""

from __future__ import annotations

from collections.abc import Sequence

from tribonian.ingest.readers.pdf_table_cells import TaggedTable
from tribonian.ingest.readers.pdf_types import PdfTable
from tribonian.ingest.tables import Cell, markdown_table
from tribonian.schemas.tree import Node

EDGE = 6.0  # points: left edges of columns that are the same on the next page
_CONTINUED = ("continued", "cont.", "con.", "cont’d", "cont'd")


def continues(before: PdfTable, after: PdfTable) -> bool:
    """Whether a table is the rest of one on the page before.

    ``before`` must be the last on its page with no text below it, and ``after`` the first on
    its page with no text above it: that is for the caller to know, who knows the running
    heads. A table with another caption is another table, unless this says it is continued.
    """
    if after.page not in (before.page + 1, before.page):
        return False
    if isinstance(before, TaggedTable) and isinstance(after, TaggedTable):
        if before.element == after.element:
            return True
        if before.page == after.page:
            return False
    if after.caption and not any(mark in after.caption.casefold() for mark in _CONTINUED):
        return False
    if len(before.columns) != len(after.columns):
        return False
    if after.head and before.head and _said(after.head) != _said(before.head):
        return False
    shift = after.columns[0] - before.columns[0]  # facing pages have different margins
    return all(
        abs(b - a - shift) <= EDGE for a, b in zip(before.columns, after.columns, strict=True)
    )


def table_node(parts: Sequence[PdfTable], locator: str = "") -> Node:
    """One table, of the parts it has on successive pages.

    Its heading is its caption, its text the grid as Markdown, the rows over its whole width
    at its end are its notes. A head, caption or foot printed again on a later page is a
    ``running-head`` below it, so that its words are kept without standing between two rows.
    """
    first = parts[0]
    head = [list(row) for row in first.head]
    body: list[list[Cell]] = []
    below: list[Node] = []
    notes: list[str] = []  # rows over the whole width at the end, of every part so far
    last_row = -1
    last_is_note = False
    for part in parts:
        where = f"page {part.page}"
        if part is not first and part.caption:
            below.append(Node("running-head", text=part.caption, locator=where))
        rows = [list(row) for row in (*(() if part is first else part.head), *part.body)]
        numbers = list(part.rows) if isinstance(part, TaggedTable) else []
        if part is first:
            numbers = numbers[len(head) :]
        if isinstance(part, TaggedTable) and isinstance(first, TaggedTable) and part is not first:
            rows = _same_columns(rows, first, part)
        repeated = 0 if part is first else _repeated(head, rows)
        if repeated:
            below.append(
                Node("running-head", text="\n".join(_said(rows[:repeated])), locator=where)
            )
        rows, numbers = rows[repeated:], numbers[repeated:]
        going_on = bool(numbers) and numbers[0] == last_row
        rows, foot = _foot(rows, len(part.columns))
        if going_on and last_is_note and notes and (rows or foot):
            notes[-1] = " ".join((notes[-1], *_said([rows.pop(0) if rows else foot.pop(0)])))
            numbers.pop(0)
            going_on = False
        for note in _said(foot):
            if note in notes:  # a foot that is printed again on every page
                below.append(Node("running-head", text=note, locator=where))
            else:
                notes.append(note)
        if rows and body and going_on:
            body[-1] = _row_goes_on(body[-1], rows.pop(0))
        body += rows
        last_row = numbers[-1] if numbers else -1
        last_is_note = bool(foot)
    text, added = markdown_table(head, body)
    children = (*(Node("note", text=note, locator=locator) for note in notes), *below)
    return Node("table", "", first.caption, text, None, locator, children, added)


def _same_columns(
    rows: list[list[Cell]], first: TaggedTable, part: TaggedTable
) -> list[list[Cell]]:
    """Rows of a later page with a place for the columns that are empty all over that page."""
    missing = len(first.extents) - len(part.extents)
    if missing <= 0:
        return rows
    gaps: list[int] = []  # columns of the first page that have none here
    at = 0
    for index, (left, right) in enumerate(first.extents):
        here = part.extents[at] if at < len(part.extents) else None
        later = first.extents[index + 1] if index + 1 < len(first.extents) else None
        if here is None or (
            len(gaps) < missing
            and later is not None
            and _off(here, later) < _off(here, (left, right))
        ):
            gaps.append(index)
        else:
            at += 1
    out = []
    for row in rows:
        made = list(row)
        if sum(cell.columns for cell in row) <= len(part.extents):
            for gap in gaps:
                made.insert(_index(made, gap), Cell(""))
        out.append(made)
    return out


def _off(here: tuple[float, float], there: tuple[float, float]) -> float:
    common = min(here[1], there[1]) - max(here[0], there[0])
    return -common if common > 0 else abs(sum(here) - sum(there)) / 2


def _index(row: list[Cell], column: int) -> int:
    """Which cell of a row begins at a column, or is the first after it."""
    at = 0
    for index, cell in enumerate(row):
        if at >= column:
            return index
        at += cell.columns
    return len(row)


def _foot(rows: list[list[Cell]], width: int) -> tuple[list[list[Cell]], list[list[Cell]]]:
    """The rows, and those at their end that are one cell over the whole width: notes."""
    end = len(rows)
    while end and width > 1:
        cells = [cell for cell in rows[end - 1] if cell.text]
        if len(cells) != 1 or cells[0].columns < width:
            break
        end -= 1
    return rows[:end], rows[end:]


def _said(rows: Sequence[Sequence[Cell]]) -> list[str]:
    return [" ".join(" ".join(cell.text for cell in row).split()) for row in rows]


def _repeated(head: list[list[Cell]], rows: list[list[Cell]]) -> int:
    """How many rows of the next page are the head again."""
    if not head or len(rows) < len(head):
        return 0
    return len(head) if _said(rows[: len(head)]) == _said(head) else 0


def _row_goes_on(above: list[Cell], below: list[Cell]) -> list[Cell]:
    """A row that a page break runs through: cell by cell, the rest after the beginning."""
    out = []
    for at in range(max(len(above), len(below))):
        a = above[at] if at < len(above) else Cell("")
        b = below[at] if at < len(below) else Cell("")
        out.append(Cell(f"{a.text} {b.text}".strip(), a.columns, max(a.rows, 1)))
    return out
