"""Tables by the rules drawn around their cells, or above and below their rows."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from tribonian.ingest.readers.pdf_aligned import Rows, aligned_rows
from tribonian.ingest.readers.pdf_grid import Grid, Segment, Spot
from tribonian.ingest.readers.pdf_lines import piece, place_at
from tribonian.ingest.readers.pdf_table_cells import Text, box_of, head_rows, in_order, title_rows
from tribonian.ingest.readers.pdf_table_tags import MAX_ROWS
from tribonian.ingest.readers.pdf_types import Line, PdfTable
from tribonian.ingest.tables import Cell

_LEADER = re.compile(r"(?:[.·…]\s?){4,}\s*$")


def ruled_table(grid: Grid, lines: Sequence[Line], text: Text) -> PdfTable | None:
    """A grid with words in at least two of its columns as a table."""
    x0, y0, x1, y1 = grid.xs[0], grid.ys[0], grid.xs[-1], grid.ys[-1]
    if len(grid.spots) < 2 or len(grid.ys) - 1 > MAX_ROWS:
        return None
    inside = [
        line
        for line in lines
        if x0 - 3 <= (line.x0 + line.x1) / 2 <= x1 + 3
        and y0 - 3 <= line.base - 0.3 * line.face.size <= y1 + 3
    ]
    held: dict[Spot, list[Line]] = {}
    for line in inside:
        for part in _cut(line, grid):
            middle = (part.x0 + part.x1) / 2
            spot = grid.spot_at(
                min(max(middle, x0), x1), min(max(part.base - 0.3 * part.face.size, y0), y1)
            )
            if spot is None:
                return None
            held.setdefault(spot, []).append(part)
    filled = {spot.column for spot in held}
    if len(filled) < 2 or len(held) < 2:
        return None
    words = sorted(len(line.text) for parts in held.values() for line in parts)
    if len(held) < 0.25 * len(grid.spots) and words[len(words) // 2] < 3:
        return None  # a plot
    rows: list[list[Cell]] = []
    bold: list[bool] = []
    until = 0  # rows of the head, where rules part it from a body that has none
    for row in range(len(grid.ys) - 1):
        spots = sorted((s for s in grid.spots if s.row == row), key=lambda s: s.column)
        split = _head_apart(spots, held) if not row else None
        if split is None:  # where rows have rules, a row is what is between two
            cells = [in_order(held.get(spot, [])) for spot in spots]
            split = _printed_rows(spots, held) if len(grid.ys) <= 5 else [cells]
        if len(split) > 1 and row and len(rows) == row:  # no rules between rows of the body
            until = row
        for parts in split:
            rows.append(
                [
                    Cell(text(in_order(part)) if part else "", spot.columns, spot.rows)
                    for spot, part in zip(spots, parts, strict=True)
                ]
            )
            said = [line for part in parts for line in part]
            bold.append(bool(said) and all(line.face.bold for line in said))
    head = until or head_rows(rows, bold)
    table = PdfTable(x0, y0, x1, y1, inside, rows[:head], rows[head:], tuple(grid.xs[:-1]))
    title_rows(table)
    return table


def extend(grid: Grid, across: Sequence[Segment]) -> None:
    """Take in rows over the whole width, above and below: no line down the page meets them."""
    left, right = grid.xs[0], grid.xs[-1]
    same = sorted(
        each.at for each in across if abs(each.start - left) <= 3 and abs(each.end - right) <= 3
    )
    width = len(grid.xs) - 1
    for at in same:
        if 6 < at - grid.ys[-1] <= 140:
            grid.spots.append(Spot(len(grid.ys) - 1, 0, 1, width))
            grid.ys.append(at)
    for at in reversed(same):
        if 6 < grid.ys[0] - at <= 60:
            grid.spots = [spot._replace(row=spot.row + 1) for spot in grid.spots]
            grid.spots.append(Spot(0, 0, 1, width))
            grid.ys.insert(0, at)


def _head_apart(
    spots: list[Spot], held: Mapping[Spot, list[Line]]
) -> list[list[list[Line]]] | None:
    """A bold head and the rest of a row from the page before, between which no rule is drawn."""
    cells = [in_order(held.get(spot, [])) for spot in spots]
    heads = [[line for line in cell if line.face.bold] for cell in cells]
    rests = [[line for line in cell if not line.face.bold] for cell in cells]
    above = [line.base for part in heads for line in part]
    below = [line.base for part in rests for line in part]
    if (
        not above
        or not below
        or max(above) >= min(below)
        or any(rest and not head for head, rest in zip(heads, rests, strict=True))
        or any(spot.rows > 1 for spot in spots)
    ):
        return None
    return [heads, rests]


def _printed_rows(spots: list[Spot], held: Mapping[Spot, list[Line]]) -> list[list[list[Line]]]:
    """The lines of each cell of a row; as several rows where only the head has rules.

    Tables of the Federal Register have no line between rows. A row begins where most columns
    have a line, at one height, and is told from lines of a paragraph by numbers in the other
    columns or by leaders in the first.
    """
    cells = [in_order(held.get(spot, [])) for spot in spots]
    filled = [cell for cell in cells if cell]
    if len(filled) < 2 or any(spot.rows > 1 for spot in spots):
        return [cells]
    heights: dict[int, int] = {}
    for cell in filled:
        for base in {round(line.base) for line in cell}:
            near = next((b for b in (base, base - 1, base + 1) if b in heights), base)
            heights[near] = heights.get(near, 0) + 1
    starts = sorted(at for at, count in heights.items() if count > 0.6 * len(filled))
    if len(starts) < 2 or min(starts) > min(heights) + 1:
        return [cells]

    def at_starts(cell: list[Line]) -> list[Line]:
        return [line for line in cell if any(abs(line.base - at) < 1.6 for at in starts)]

    told = any(
        len(at_starts(cell)) == len(starts)
        and all(any(c.isdigit() for c in line.text) for line in at_starts(cell))
        and all(len(line.text) < 30 for line in at_starts(cell))
        for cell in cells[1:]
    ) or all(_LEADER.search(line.text) for line in cells[0][:-1] if line in at_starts(cells[0]))
    if not told:
        return [cells]
    rows: list[list[list[Line]]] = [[[] for _ in spots] for _ in starts]
    for column, cell in enumerate(cells):
        for line in cell:
            at = max((i for i, top in enumerate(starts) if top <= line.base + 1.6), default=0)
            rows[at][column].append(line)
    return rows


def _cut(line: Line, grid: Grid) -> list[Line]:
    """A line that runs over several cells, cut at the spaces next to their edges."""
    y = min(max(line.base - 0.3 * line.face.size, grid.ys[0]), grid.ys[-1])
    parts: list[Line] = []
    while True:
        spot = grid.spot_at(max(line.x0 + 1, grid.xs[0]), y)
        if spot is None:
            break
        edge = grid.xs[spot.column + spot.columns]
        if line.x1 <= edge + 2:
            break
        at = place_at(line, edge)
        if at is None:
            break
        parts.append(piece(line, 0, at))
        line = piece(line, at, len(line.text))
    return [*parts, line]


def bands(
    across: list[Segment], found: Sequence[PdfTable]
) -> list[tuple[float, float, list[float]]]:
    """Rules of one length one below another, outside the tables found: left, right, heights."""
    groups: dict[tuple[int, int], list[Segment]] = {}
    for each in across:
        inside = any(
            t.y0 - 4 <= each.at <= t.y1 + 4 and each.start < t.x1 and each.end > t.x0 for t in found
        )
        if each.end - each.start >= 100 and not inside:
            groups.setdefault((round(each.start / 6), round(each.end / 6)), []).append(each)
    return [
        (min(s.start for s in g), max(s.end for s in g), sorted(s.at for s in g))
        for g in groups.values()
        if len(g) >= 2
    ]


def banded_table(
    x0: float, x1: float, ys: list[float], lines: Sequence[Line], text: Text
) -> PdfTable | None:
    """Words in columns between rules: head between the first two, body down to the last."""
    inside = [
        line
        for line in lines
        if x0 - 3 <= line.x0 and line.x1 <= x1 + 3 and ys[0] < line.base <= ys[-1] + 1
    ]
    rows = aligned_rows(inside, x0, x1, ys[1:-1])
    if rows is None or len(rows.columns) < 2:
        return None
    table = made_table(rows, text, ys[1] if len(ys) > 2 else None)
    table.x0, table.y0, table.x1, table.y1 = x0, ys[0], x1, ys[-1]
    return table


def made_table(rows: Rows, text: Text, head_until: float | None = None) -> PdfTable:
    """Words in columns as a table; its head ends at a height or where bold type does."""
    cells = [
        [Cell(text(in_order(part)) if part else "", columns) for part, columns in row]
        for row in rows.rows
    ]
    bold = []
    above = 0
    for row in rows.rows:
        said = [line for part, _ in row for line in part]
        bold.append(bool(said) and all(line.face.bold for line in said))
        if head_until is not None and said and max(line.base for line in said) <= head_until:
            above += 1
    head = above if 0 < above < len(cells) else head_rows(cells, bold)
    return PdfTable(*box_of(rows.lines), rows.lines, cells[:head], cells[head:],
                    tuple(start for start, _ in rows.columns))  # fmt: skip
