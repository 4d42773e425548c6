"""Rules drawn on a page as grids: which lines belong together, and the cells between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from tribonian.ingest.readers.pdf_types import Rule

THIN = 3.0  # points: no thicker than this is a line
NEAR = 3.0  # points: ends that meet, lines that are one
MAX_RULES = 20_000  # drawn on one page; more is a picture
MAX_LINES = 800  # after joining what lies end to end


class Segment(NamedTuple):
    """A line: where it lies, and from where to where it goes."""

    at: float
    start: float
    end: float


class Spot(NamedTuple):
    """A cell of a grid: its first row and column, and how many of each it covers."""

    row: int
    column: int
    rows: int
    columns: int


@dataclass(slots=True)
class Grid:
    """Lines that meet: the edges of rows (``ys``) and of columns (``xs``), and the cells."""

    xs: list[float]
    ys: list[float]
    across: list[Segment]
    down: list[Segment]
    spots: list[Spot] = field(default_factory=list)

    @property
    def width(self) -> int:
        """How many columns it has."""
        return len(self.xs) - 1

    def spot_at(self, x: float, y: float) -> Spot | None:
        """The cell that a point is in."""
        row, column = _between(self.ys, y), _between(self.xs, x)
        if row is None or column is None:
            return None
        for spot in self.spots:
            if (
                spot.row <= row < spot.row + spot.rows
                and spot.column <= column < spot.column + spot.columns
            ):
                return spot
        return None


def segments(rules: Sequence[Rule]) -> tuple[list[Segment], list[Segment]]:
    """Lines across and down the page, each as long as what lies end to end makes it.

    Boxes count by their sides where there are hardly any lines: cells drawn as rectangles.
    """
    across: list[Segment] = []
    down: list[Segment] = []
    boxes: list[Rule] = []
    for rule in rules[:MAX_RULES]:
        width, height = rule.x1 - rule.x0, rule.y1 - rule.y0
        if height < THIN and width > 2 * height and width > 4:
            across.append(Segment((rule.y0 + rule.y1) / 2, rule.x0, rule.x1))
        elif width < THIN and height > 2 * width and height > 4:
            down.append(Segment((rule.x0 + rule.x1) / 2, rule.y0, rule.y1))
        elif width > 10 and height > 8:
            boxes.append(rule)
    if len(boxes) >= 4 and len(across) + len(down) < 4:
        for x0, y0, x1, y1 in boxes:
            across += (Segment(y0, x0, x1), Segment(y1, x0, x1))
            down += (Segment(x0, y0, y1), Segment(x1, y0, y1))
    return _joined(across), _joined(down)


def _joined(parts: list[Segment]) -> list[Segment]:
    """Lines that lie on one another or end to end, as one."""
    parts.sort()
    rows: list[list[Segment]] = []
    for part in parts:
        if rows and part.at - rows[-1][0].at <= 1.5:
            rows[-1].append(part)
        else:
            rows.append([part])
    out: list[Segment] = []
    for row in rows:
        row.sort(key=lambda part: part.start)
        at, start, end = row[0]
        for part in row[1:]:
            if part.start <= end + NEAR:
                end = max(end, part.end)
            else:
                out.append(Segment(at, start, end))
                at, start, end = part
        out.append(Segment(at, start, end))
    return out


def grids(across: list[Segment], down: list[Segment]) -> list[Grid]:
    """Each set of lines that meet, with at least two columns, as a grid with its cells."""
    if not across or not down or len(across) + len(down) > MAX_LINES:
        return []
    group = list(range(len(across) + len(down)))

    def root(index: int) -> int:
        while group[index] != index:
            group[index] = group[group[index]]
            index = group[index]
        return index

    for i, a in enumerate(across):
        for j, d in enumerate(down, len(across)):
            if a.start - NEAR <= d.at <= a.end + NEAR and d.start - NEAR <= a.at <= d.end + NEAR:
                group[root(i)] = root(j)
    sets: dict[int, tuple[list[Segment], list[Segment]]] = {}
    for i, a in enumerate(across):
        sets.setdefault(root(i), ([], []))[0].append(a)
    for j, d in enumerate(down, len(across)):
        sets.setdefault(root(j), ([], []))[1].append(d)
    found = []
    for a_part, d_part in sets.values():
        if not a_part or not d_part:
            continue
        xs = _edges([d.at for d in d_part], [a.start for a in a_part], [a.end for a in a_part])
        ys = _edges([a.at for a in a_part], [d.start for d in d_part], [d.end for d in d_part])
        if len(xs) < 3 or len(ys) < 2 or len(xs) * len(ys) > 20_000:
            continue
        grid = Grid(xs, ys, a_part, d_part)
        grid.spots = _spots(grid)
        found.append(grid)
    return found


def _edges(lines: list[float], starts: list[float], ends: list[float]) -> list[float]:
    """Where lines lie, and the outermost ends of those that meet them: a frame left open."""
    out: list[float] = []
    for at in sorted((*lines, min(starts), max(ends))):
        if not out or at - out[-1] > NEAR:
            out.append(at)
    return out


def _open(lines: list[Segment], at: float, edges: list[float]) -> list[bool]:
    """Between which two of some edges no line is drawn at one place."""
    near = [(each.start, each.end) for each in lines if abs(each.at - at) <= NEAR]
    middles = [(start + end) / 2 for start, end in pairwise(edges)]
    return [not any(start <= middle <= end for start, end in near) for middle in middles]


def _spots(grid: Grid) -> list[Spot]:
    """The cells: places between edges, joined where no line parts them."""
    height, width = len(grid.ys) - 1, len(grid.xs) - 1
    by_column = [_open(grid.down, x, grid.ys) for x in grid.xs[1:-1]]
    right = [[*row, False] for row in zip(*by_column, strict=True)]
    below = [_open(grid.across, y, grid.xs) for y in grid.ys[1:-1]]
    below.append([False] * width)
    taken: set[tuple[int, int]] = set()
    spots = []
    for row in range(height):
        for column in range(width):
            if (row, column) in taken:
                continue
            columns = 1
            while right[row][column + columns - 1] and (row, column + columns) not in taken:
                columns += 1
            rows = 1
            while all(below[row + rows - 1][c] for c in range(column, column + columns)) and all(
                right[row + rows][c] for c in range(column, column + columns - 1)
            ):
                rows += 1
            taken.update(
                (r, c) for r in range(row, row + rows) for c in range(column, column + columns)
            )
            spots.append(Spot(row, column, rows, columns))
    return spots


def _between(edges: list[float], at: float) -> int | None:
    if not edges[0] - NEAR <= at <= edges[-1] + NEAR:
        return None
    for index in range(len(edges) - 2):
        if at < edges[index + 1]:
            return index
    return len(edges) - 2
