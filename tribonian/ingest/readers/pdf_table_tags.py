"""Tables of a tagged PDF by their structure elements (ISO 32000-1, 14.8.4.3.4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tribonian.ingest.readers.pdf_lines import piece
from tribonian.ingest.readers.pdf_table_cells import TaggedTable, Text, box_of, in_order, title_rows
from tribonian.ingest.readers.pdf_types import Line, PdfTable, Tag
from tribonian.ingest.tables import Cell

MAX_ROWS = 2_000  # on one page


def tagged_tables(
    lines: Sequence[Line], tags: Mapping[int, Tag], places: Mapping[int, int], text: Text
) -> list[PdfTable]:
    """Tables by their structure elements."""
    if not any(tag.table >= 0 for tag in tags.values()):
        return []
    tables: dict[int, list[tuple[Tag, Line, Line]]] = {}
    for line in lines:
        for tag, part in _by_tag(line, tags):
            tables.setdefault(tag.table, []).append((tag, part, line))
    return [
        made
        for number, parts in tables.items()
        for side in _sides(parts)
        if (made := _of_element(number, side, places, text)) is not None
    ]


_Parts = list[tuple[Tag, Line, Line]]


def _sides(parts: _Parts) -> list[_Parts]:
    """The pieces of one table that goes on in the next column of the page, its head repeated.

    Rows stand wholly left or right of a strip then, save one that the column's end divides.
    """
    rows: dict[int, tuple[float, float, float]] = {}
    for tag, part, _ in parts:
        if tag.cell >= 0 and tag.role != "TH":
            x0, x1, y0 = rows.get(tag.row, (part.x0, part.x1, part.base))
            rows[tag.row] = min(x0, part.x0), max(x1, part.x1), min(y0, part.base)
    x0 = min(part.x0 for _, part, _ in parts)
    x1 = max(part.x1 for _, part, _ in parts)
    for cut in sorted({left - 4 for left, _, _ in rows.values() if left - x0 > 0.25 * (x1 - x0)}):
        across = sum(left < cut < right for left, right, _ in rows.values())
        above = [top for _, right, top in rows.values() if right < cut]
        beyond = [top for left, _, top in rows.values() if left > cut]
        if across > 1 or not above or not beyond or min(beyond) >= max(above):
            continue
        if any(part.x0 < cut < part.x1 - 2 for _, part, _ in parts):
            continue
        left = [each for each in parts if each[1].x0 < cut]
        right = [each for each in parts if each[1].x0 >= cut]
        return [left, *_sides(right)]
    return [parts]


def _by_tag(line: Line, tags: Mapping[int, Tag]) -> list[tuple[Tag, Line]]:
    """The line, cut where one cell ends and another begins; nothing if it is in no table."""
    if len(line.spans) == 1:
        only = tags.get(line.spans[0].marked)
        return [(only, line)] if only is not None and only.table >= 0 else []
    owners = [tags.get(span.marked) for span in line.spans]
    if not any(tag is not None and tag.table >= 0 for tag in owners):
        return []
    first = next(tag for tag in owners if tag is not None and tag.table >= 0)
    owner = first
    runs: list[tuple[Tag, int]] = []
    for span, tag in zip(line.spans, owners, strict=True):
        if tag is not None and tag.table >= 0:
            owner = tag
        if not runs or (runs[-1][0].table, runs[-1][0].cell) != (owner.table, owner.cell):
            runs.append((owner, span.start if runs else 0))
    if len(runs) == 1:
        return [(runs[0][0], line)]
    ends = [start for _, start in runs[1:]] + [len(line.text)]
    return [(tag, piece(line, start, end)) for (tag, start), end in zip(runs, ends, strict=True)]


def _of_element(
    number: int,
    parts: list[tuple[Tag, Line, Line]],
    places: Mapping[int, int],
    text: Text,
) -> PdfTable | None:
    caption: list[Line] = []
    rows: dict[int, dict[int, list[tuple[Tag, Line]]]] = {}
    for tag, part, _ in parts:
        if tag.cell < 0:
            caption.append(part)
        else:
            rows.setdefault(tag.row, {}).setdefault(tag.cell, []).append((tag, part))
    if not rows or max(len(cells) for cells in rows.values()) < 2 or len(rows) > MAX_ROWS:
        return None  # one column: a frame around text
    ordered = sorted(
        rows.items(), key=lambda row: min(p.y0 for cell in row[1].values() for _, p in cell)
    )
    head: list[list[Cell]] = []
    body: list[list[Cell]] = []
    edges = _column_edges([cells for _, cells in ordered])
    held_down: list[int] = [0] * len(edges)  # rows that a cell above still covers
    for _, cells in ordered:
        row: list[Cell] = []
        at = 0
        left = sum(held[0][0].columns for held in cells.values())
        for _, held in sorted(cells.items(), key=lambda item: places.get(item[0], 0)):
            tag = held[0][0]
            # Chromium has no element for an empty cell: the place on the page tells the column.
            free = [c for c in range(at, len(edges)) if not held_down[c]]
            spare = len(free) - left
            left -= tag.columns
            wide = tag.columns
            if spare > 0:
                own = [part for _, part in held]
                column = _nearest(edges, free[: spare + 1], own, wide)
                row += [Cell("") for c in free if c < column]
                at = column
                if wide == 1:
                    wide = min(_reach(edges, column, own), spare + 1 - free.index(column))
            row.append(Cell(text(in_order([part for _, part in held])), wide, tag.rows))
            while at < len(edges) and held_down[at]:
                at += 1
            at += wide
        starts = 0
        for c in range(len(edges)):
            if held_down[c]:
                held_down[c] -= 1
        for made in row:
            while starts < len(edges) and held_down[starts]:
                starts += 1
            for c in range(starts, min(starts + made.columns, len(edges))):
                held_down[c] = made.rows - 1
            starts += made.columns
        heads = all(held[0][0].role == "TH" for held in cells.values())
        (head if heads and not body else body).append(row)
    taken = list({id(line): line for _, _, line in parts}.values())
    table = TaggedTable(*box_of(taken), taken, head, body, caption=text(caption) if caption else "")
    table.element = number
    table.rows = [row for row, _ in ordered]
    table.columns = tuple(left for left, _ in edges)
    table.extents = edges
    title_rows(table)
    return table


_Held = dict[int, list[tuple[Tag, Line]]]


def _column_edges(rows: list[_Held]) -> list[tuple[float, float]]:
    """Left and right edge of the words of each column, by the rows that have them all."""
    width = max(sum(held[0][0].columns for held in row.values()) for row in rows)
    full = [
        row
        for row in rows
        if len(row) == width and all(held[0][0].columns == 1 for held in row.values())
    ]
    if not full:
        widest = max(rows, key=len)
        return [
            (min(p.x0 for _, p in held), max(p.x1 for _, p in held)) for held in widest.values()
        ]
    columns = []
    for at in range(width):
        parts = [part for row in full for _, part in list(row.values())[at]]
        columns.append((min(p.x0 for p in parts), max(p.x1 for p in parts)))
    return columns


def _reach(edges: list[tuple[float, float]], column: int, parts: list[Line]) -> int:
    """Over how many columns the words of a cell run; not every program says so in its tags."""
    x1 = max(part.x1 for part in parts)
    return 1 + sum(x1 - left > 6 for left, _ in edges[column + 1 :])


def _nearest(
    edges: list[tuple[float, float]], free: list[int], parts: list[Line], wide: int
) -> int:
    """The column that a cell begins in, of those it may begin in."""
    x0, x1 = min(p.x0 for p in parts), max(p.x1 for p in parts)

    def off(column: int) -> float:
        left, right = edges[column][0], edges[min(column + wide, len(edges)) - 1][1]
        common = min(x1, right) - max(x0, left)
        middle = abs((x0 + x1) / 2 - (left + right) / 2)
        return -common if common > 0 and wide == 1 else middle

    met = [c for c in free if min(x1, edges[c][1]) - max(x0, edges[c][0]) > 3]
    return met[0] if wide == 1 and len(met) > 1 else min(free, key=off)
