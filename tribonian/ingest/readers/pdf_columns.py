"""Reading order on a page: columns found by their gutters, fragments joined into rows.

A content stream may go row by row across columns, so its order is not asked. A gutter is a
strip that no line crosses, left of an edge at which many lines begin. What crosses it, a
title over all columns, ends the stretch in which it divides the page.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from tribonian.ingest.readers.pdf_types import Line, Span

GUTTER = 0.45  # ems: the narrowest white strip between two columns of text
NARROWEST = 0.12  # of the page's width: a narrower run is of numbers, not a column
SHARED = 3.0  # points: left edges that are one edge


@dataclass(slots=True)
class Column:
    """Lines one below another, with the edges of the column they stand in."""

    x0: float
    x1: float
    lines: list[Line] = field(default_factory=list)
    limit: float = 1e9  # where the next column begins


def columns(lines: list[Line], width: float, known: set[int] | None = None) -> list[Column]:
    """The lines of a page as columns in reading order, fragments of a row joined.

    ``known`` are the edges, in units of `SHARED`, at which columns of earlier pages began; a
    few lines beside one another are columns there, and it is added to.
    """
    known = set() if known is None else known
    upright = [line for line in lines if not line.angle]
    found: list[Column] = []
    if upright:
        upright.sort(key=_by_place)
        for part, limit in _cut(upright, width, 0, 1e9, known):
            rows = _rows(part)
            x0 = min(row.x0 for row in rows)
            within = [row.x1 for row in rows if row.x1 < limit - SHARED]
            found.append(Column(x0, max(within, default=limit - SHARED), rows, limit))
        _share_edges(found)
    return found


def _by_place(line: Line) -> tuple[float, float]:
    return line.base, line.x0


def _cut(
    lines: list[Line], width: float, depth: int, limit: float, known: set[int]
) -> list[tuple[list[Line], float]]:
    """The lines, sorted by place, as parts in reading order, with how far right each may go."""
    if len(lines) < 4 or depth > 12:
        return [(lines, limit)]
    best: tuple[int, float, int, int] | None = None
    for edge in _edges(lines):
        for first, last in _stretches(lines, edge):
            count = last - first
            if best is not None and count <= best[0]:
                continue
            if _divides(lines[first:last], edge, width, round(edge / SHARED) in known):
                best = (count, edge, first, last)
        if best is not None and best[0] > 0.8 * len(lines):
            break
    if best is None:
        return [(lines, limit)]
    count, edge, first, last = best
    if count >= 30:
        known.update(range(round(edge / SHARED) - 1, round(edge / SHARED) + 2))
    left = [line for line in lines[first:last] if line.x0 < edge - SHARED]
    right = [line for line in lines[first:last] if line.x0 >= edge - SHARED]
    parts: list[tuple[list[Line], float]] = []
    for part, end in ((lines[:first], limit), (left, edge), (right, limit), (lines[last:], limit)):
        if part:
            parts += _cut(part, width, depth + 1, end, known)
    return parts


def _edges(lines: list[Line]) -> list[float]:
    """Left edges at which several lines begin, save the leftmost of all."""
    count = Counter(round(line.x0) for line in lines)
    leftmost = min(line.x0 for line in lines)
    found = []
    for edge, times in count.items():
        near = times + count[edge - 1] + count[edge + 1]
        if near >= 2 and edge > leftmost + 40 and count[edge - 1] <= times >= count[edge + 1]:
            found.append((near, edge))
    found.sort(reverse=True)
    return [min(line.x0 for line in lines if abs(line.x0 - edge) <= 1.5) for _, edge in found[:8]]


def _stretches(lines: list[Line], edge: float) -> list[tuple[int, int]]:
    """Runs of lines, from top to bottom, in which none crosses the gutter left of an edge."""
    runs = []
    first = 0
    above = lines[0].base
    for at, line in enumerate(lines):
        if line.base - above > 6 * line.face.size:  # a figure stands between two stretches
            if at - first > 3:
                runs.append((first, at))
            first = at
        above = max(above, line.base if line.spans else line.y1)
        if line.x0 < edge - SHARED and line.x1 > edge - GUTTER * line.face.size:
            if _overflows(lines, at, edge):
                continue
            if at - first > 3:
                runs.append((first, at))
            first = at + 1
    if len(lines) - first > 3:
        runs.append((first, len(lines)))
    return runs


def _overflows(lines: list[Line], at: int, edge: float) -> bool:
    """Whether a line runs over text of the next column, as an address too long for its own does."""
    line = lines[at]
    near = lines[max(at - 8, 0) : at] + lines[at + 1 : at + 9]
    return bool(line.spans) and any(
        other.x0 >= edge - SHARED
        and other.x0 < line.x1
        and min(other.y1, line.y1) - max(other.y0, line.y0) > 0.15 * line.face.size
        for other in near
    )


def _divides(lines: list[Line], edge: float, width: float, known: bool) -> bool:
    """Whether the lines on both sides of an edge are columns of text, and not cells or numbers."""
    left = [line for line in lines if line.x0 < edge - SHARED]
    right = [line for line in lines if line.x0 >= edge - SHARED]
    if len(left) < 2 or len(right) < 2:
        return False
    for side in (left, right):
        x0, x1 = min(line.x0 for line in side), max(line.x1 for line in side)
        if x1 - x0 < NARROWEST * width:
            return False
        if sum(len(line.text) for line in side) < 12 * len(side):
            return False
    if known:
        return True
    fill = _fill(left, edge)
    if fill < 0.5:
        return False
    if fill < 0.65:
        # cells of a table begin on one line; columns rarely do, row for row
        bases = [line.base for line in right]
        level = sum(1 for line in left if any(abs(line.base - b) < 1.0 for b in bases))
        return level < 0.7 * min(len(left), len(right))
    return True


def _fill(left: list[Line], edge: float) -> float:
    """How much of the room left of an edge is covered by the lines there, at usual leading."""
    area = sum((line.x1 - line.x0) * line.face.size for line in left) * 1.15
    x0, y0 = min(line.x0 for line in left), min(line.y0 for line in left)
    y1 = max(line.y1 for line in left)
    return area / max((edge - x0) * (y1 - y0), 1.0)


def _rows(lines: list[Line]) -> list[Line]:
    """Fragments side by side as one line each, from top to bottom."""
    rows: list[list[Line]] = []
    for line in lines:
        top = line.base - 0.7 * line.face.size
        for row in reversed(rows[-3:]):
            if row[0].base > top and _beside(row, line):
                row.append(line)
                break
        else:
            rows.append([line])
    return [row[0] if len(row) == 1 else _joined(row) for row in rows]


def _beside(row: list[Line], line: Line) -> bool:
    if not line.spans:
        return False  # it stands for a table
    for other in row:
        if not other.spans:
            return False
        overlap = min(other.y1, line.y1) - max(other.y0, line.y0)
        if overlap < 0.5 * min(other.y1 - other.y0, line.y1 - line.y0):
            return False
        if line.x0 < other.x1 - 1 and line.x1 > other.x0 + 1:
            return False
    return True


def _joined(row: list[Line]) -> Line:
    """Fragments of a row as one line; raised and lowered ones keep their distance."""
    row.sort(key=lambda line: line.x0)
    main = max(row, key=lambda line: (round(line.face.size), len(line.text)))
    parts: list[str] = []
    spans: list[Span] = []
    length = 0
    end = 0.0
    for line in row:
        if parts and (line.x0 - end > 0.12 * main.face.size):
            parts.append(" ")
            length += 1
        rise = main.base - line.base
        if abs(rise) < 0.05 * main.face.size:
            rise = 0.0
        for span in line.spans:
            spans.append(
                span._replace(
                    start=span.start + length, end=span.end + length, rise=span.rise + rise
                )
            )
        parts.append(line.text)
        length += len(line.text)
        end = line.x1
    return Line("".join(parts), row[0].x0, main.y0, max(line.x1 for line in row), main.y1,
                main.base, main.face, tuple(spans), main.page, row[-1].hyphen,
                tag=row[0].tag or main.tag)  # fmt: skip


def _share_edges(found: list[Column]) -> None:
    """Give a short piece of a column the edges of the longer piece above or below it."""
    for column in found:
        for other in found:
            if (
                other is not column
                and abs(other.x0 - column.x0) <= SHARED
                and other.x1 > column.x1
                and len(other.lines) >= len(column.lines)
            ):
                column.x0, column.x1 = min(column.x0, other.x0), other.x1
