"""Reading order on a page: columns found by their gutters, fragments joined into rows.

A content stream may go row by row across columns, so its order is not asked. A gutter is a
strip that no line crosses, left of an edge at which many lines begin. What crosses it, a
title over all columns, ends the stretch in which it divides the page.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from tribonian.ingest.readers.pdf_lines import by_place, in_rows
from tribonian.ingest.readers.pdf_types import Line, Rule

GUTTER = 0.45  # ems: the narrowest white strip between two columns of text


NARROWEST = 0.12  # of the page's width: a narrower run is of numbers, not a column


MANY = 15  # lines that begin at one place: a column without doubt


SHARED = 3.0  # points: left edges that are one edge


_SAYS = re.compile(r"[^\W\d_]{2}.{9}")  # no number, mark or leader


@dataclass(slots=True)
class Column:
    """Lines one below another, with the edges of the column they stand in."""

    x0: float
    x1: float
    lines: list[Line] = field(default_factory=list)
    limit: float = 1e9  # where the next column begins


def learn_edges(lines: list[Line], known: set[int]) -> None:
    """Add the edges at which columns of a page begin without doubt, before it is laid out.

    A first page with a long title or short paragraphs tells little by itself; the pages after
    it have many lines beginning at one place, and hardly one that crosses it.
    """
    if len(lines) < 2 * MANY:
        return
    lines = [line for line in lines if not line.angle and _SAYS.search(line.text)]
    if len(lines) < 2 * MANY:
        return
    count = Counter([round(line.x0) for line in lines])
    leftmost = min((x0 for x0, times in count.items() if times > 1), default=0)
    for edge, times in count.most_common(4):
        near = times + count[edge - 1] + count[edge + 1]
        place = round(edge / SHARED)
        if edge < leftmost + 60 or near < max(MANY, 0.15 * len(lines)):
            continue
        if place - 1 in known and place in known and place + 1 in known:
            continue
        begin = [line for line in lines if abs(line.x0 - edge) <= 1.5]
        widest = max([line.x1 for line in begin])
        full = widest - 0.1 * (widest - edge)
        if sum(line.x1 > full for line in begin) < 0.3 * len(begin):
            continue  # cells, or numbers: lines of text fill their column
        crossing = sum(
            line.x0 < edge - SHARED and line.x1 > edge - GUTTER * line.face.size for line in lines
        )
        beside = sum(line.x0 < edge - SHARED and line.x1 < edge for line in lines)
        if crossing <= 0.1 * len(lines) and beside > 0.3 * near:
            known.update((place - 1, place, place + 1))


def columns(
    lines: list[Line],
    width: float,
    known: set[int] | None = None,
    rules: Sequence[Rule] = (),
) -> list[Column]:
    """The lines of a page as columns in reading order, fragments of a row joined.

    ``known`` are the edges, in units of `SHARED`, at which columns of other pages begin; a
    few lines beside one another are columns there, and it is added to. A rule of ``rules``
    over the whole width ends the columns above it.
    """
    known = set() if known is None else known
    upright = [line for line in lines if not line.angle]
    found: list[Column] = []
    if upright:
        for line in upright:
            if not line.spans:  # the words of a table begin a little inside of its column
                place = round(line.x0 / SHARED)
                near = next((at for at in range(place, place - 4, -1) if at in known), place)
                line.x0 = min(line.x0, near * SHARED)
        upright.sort(key=by_place)
        cut: list[tuple[list[Line], float]] = []
        single = False
        for part in _barred(upright, rules):
            parts = _cut(part, width, 0, 1e9, known)
            if single and len(parts) == 1:  # a rule across one column divides nothing
                cut[-1] = (cut[-1][0] + parts[0][0], cut[-1][1])
                continue
            cut += parts
            single = len(parts) == 1
        for part, limit in cut:
            rows = in_rows(part)
            x0 = min(row.x0 for row in rows)
            within = [row.x1 for row in rows if row.x1 < limit - SHARED]
            found.append(Column(x0, max(within, default=limit - SHARED), rows, limit))
        _share_edges(found)
    return found


def _barred(lines: list[Line], rules: Sequence[Rule]) -> list[list[Line]]:
    """The lines, sorted by place, in the parts that rules over the whole width make."""
    x0, x1 = min(line.x0 for line in lines), max(line.x1 for line in lines)
    wide = sorted(
        rule.y0
        for rule in rules
        if rule.y1 - rule.y0 < 3 and min(rule.x1, x1) - max(rule.x0, x0) > 0.9 * (x1 - x0)
    )
    parts: list[list[Line]] = []
    begin = 0
    for y in wide:
        end = begin
        while end < len(lines) and lines[end].base <= y + 1:
            end += 1
        if end > begin:
            parts.append(lines[begin:end])
            begin = end
    if begin < len(lines):
        parts.append(lines[begin:])
    return parts


def _cut(
    lines: list[Line], width: float, depth: int, limit: float, known: set[int]
) -> list[tuple[list[Line], float]]:
    """The lines, sorted by place, as parts in reading order, with how far right each may go."""
    if len(lines) < 2 or depth > 12:
        return [(lines, limit)]
    best: tuple[int, float, int, int] | None = None
    for edge in _edges(lines, known):
        of_document = round(edge / SHARED) in known
        for first, last in _stretches(lines, edge, 2 if of_document else 4):
            count = last - first
            if best is not None and count <= best[0]:
                continue
            if _divides(lines[first:last], edge, width, of_document):
                best = (count, edge, first, last)
        if best is not None and best[0] > 0.98 * len(lines):
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


def _edges(lines: list[Line], known: set[int]) -> list[float]:
    """Left edges at which several lines begin, save the leftmost of all."""
    lefts = sorted([line.x0 for line in lines])
    count = Counter(map(round, lefts))
    leftmost = lefts[0]
    if lefts[-1] < leftmost + 39:
        return []
    found = []
    for edge, times in count.items():
        near = times + count[edge - 1] + count[edge + 1]
        enough = near >= 2 or round(edge / SHARED) in known
        if enough and edge > leftmost + 40 and count[edge - 1] <= times >= count[edge + 1]:
            found.append((near, edge))
    found.sort(reverse=True)
    return [lefts[bisect_left(lefts, edge - 1.5)] for _, edge in found[:8]]


def _stretches(lines: list[Line], edge: float, few: int = 4) -> list[tuple[int, int]]:
    """Runs of lines, from top to bottom, in which none crosses the gutter left of an edge."""
    runs = []
    first = _below_title(lines, edge)
    above = lines[first].base
    outside = edge - SHARED
    for at in range(first, len(lines)):
        if at < first:
            continue
        line = lines[at]
        base, size = line.base, line.face.size
        if base - above > 6 * size:  # a figure stands between two stretches
            if at - first >= few:
                runs.append((first, at))
            first = at
        low = base if line.spans else line.y1
        if low > above:
            above = low
        if line.x0 < outside and line.x1 > edge - GUTTER * size:
            if _overflows(lines, at, edge):
                continue
            if at - first >= few:
                runs.append((first, at))
            first = at + 1
            while first < len(lines) and lines[first].base - base < 1.0:
                first += 1  # the rest of it, behind a wide space
    if len(lines) - first >= few:
        runs.append((first, len(lines)))
    return runs


def _below_title(lines: list[Line], edge: float) -> int:
    """Where the columns begin, below a title that stands over the middle of all of them.

    Over three columns, a short title fills no more than the middle one, and crosses nothing.
    """
    x0, x1 = min(line.x0 for line in lines), max(line.x1 for line in lines)
    middle = (x0 + x1) / 2
    at = 0
    while at < len(lines) - 4:
        line = lines[at]
        if (
            abs((line.x0 + line.x1) / 2 - middle) > 0.02 * (x1 - x0)
            or not line.spans
            or not line.x0 < middle < line.x1
            or lines[at + 1].base - line.base < 0.5 * line.face.size
        ):
            break
        at += 1
    while at and not _distinct(lines[at - 1], lines[at:]):
        at -= 1
    return at


def _distinct(title: Line, below: list[Line]) -> bool:
    """Whether a line is set in larger or bolder type than those below it in its place."""
    size = sorted(line.face.size for line in below)[len(below) // 2]
    bold = sum(line.face.bold for line in below) > 0.5 * len(below)
    return title.face.size > 1.08 * size or (title.face.bold and not bold)


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
    least = 1 if known else 2
    if len(left) < least or len(right) < least:
        return False
    for side in (left, right):
        x0, x1 = min(line.x0 for line in side), max(line.x1 for line in side)
        if x1 - x0 < NARROWEST * width:
            return False
        words = [len(line.text) for line in side if line.spans]  # none stand for a table
        if sum(words) < 12 * len(words):
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
