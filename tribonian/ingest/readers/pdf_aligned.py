"""Tables without rules between their cells: words that stand in columns over several rows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import attrgetter
from statistics import median

from tribonian.ingest.readers.pdf_lines import joined
from tribonian.ingest.readers.pdf_types import Line

BIN = 2.0  # points: how finely white strips are looked for
STRIP = 6.0  # points: the narrowest white strip between two columns
MAX_LINES = 1_500

_LEADER = re.compile(r"(?:[.·…]\s?){4,}|_{4,}")
_ITEM = re.compile(
    r"[•·▪■□–—\-*o]|\(?(?:[0-9]{1,3}|[A-Za-z]{1,2}|[ivxlcIVXLC]{1,6})[.):]|[0-9]+(?:\.[0-9]+)+\.?"
    r"|(?:Article|Section|Sec\.|§+)\s*[\w.\-]+|\(\w{1,5}\)"
)
_NUMBER = re.compile(
    r"[\s$€£%<>≤≥±+\-–—().,/:*×x^\d⁰¹²³⁴-⁹⁻½¼¾]*\d[\s%<>±+\-–—().,/:*×x^\d⁰¹²³⁴-⁹⁻½¼¾E]*|[-–—*]|N/?A"
)
_by_place, _from_left = attrgetter("base", "x0"), attrgetter("x0")


@dataclass(slots=True)
class Rows:
    """Lines in columns: per row its cells, each the lines in it and the columns it covers."""

    columns: list[tuple[float, float]]
    rows: list[list[tuple[list[Line], int]]]
    lines: list[Line]


def looks_like_table(lines: Sequence[Line]) -> list[Rows]:
    """The stretches of a page that are tables by nothing but the places of their words.

    Only where there is little doubt: three rows or more, three columns or a column of
    numbers; not two columns of text, not lists, not contents with leaders.
    """
    if not 6 <= len(lines) <= 4 * MAX_LINES:
        return []
    if sum(_NUMBER.fullmatch(line.text) is not None for line in lines) < 2:
        return []  # a column of numbers there has to be
    whole = _touching(lines)
    parts = {id(line): held for line, held in whole}
    levels = _levels([line for line, _ in whole])
    if sum(len(level) > 1 for level in levels) < 3:
        return []
    found = []
    for run in _runs(levels):
        inside = [line for level in run for line in level]
        if sum(_NUMBER.fullmatch(line.text) is not None for line in inside) < 2:
            continue
        x0, x1 = min(line.x0 for line in inside), max(line.x1 for line in inside)
        rows = aligned_rows(inside, x0, x1, [])
        if rows is not None and _is_table(rows):
            rows.lines = [part for line in rows.lines for part in parts[id(line)]]
            found.append(rows)
    return found


def _touching(lines: Sequence[Line]) -> list[tuple[Line, list[Line]]]:
    """Lines that touch on one baseline as one: PDFium sets some tables letter by letter."""
    out: list[tuple[Line, list[Line]]] = []
    for level in _levels(lines):
        run: list[Line] = []
        for line in level:
            if run and line.x0 - run[-1].x1 > 0.45 * max(line.face.size, 4):
                out.append((joined(run) if len(run) > 1 else run[0], run))
                run = []
            run.append(line)
        out.append((joined(run) if len(run) > 1 else run[0], run))
    return out


def aligned_rows(
    lines: Sequence[Line], x0: float, x1: float, breaks: Sequence[float]
) -> Rows | None:
    """The lines of a place as rows of cells; ``breaks`` are heights of rules between rows.

    None where they do not stand in columns.
    """
    if not lines or len(lines) > MAX_LINES:
        return None
    levels = _levels(lines)
    columns = _columns(levels, x0, x1)
    if len(columns) < 2:
        return None
    rows = _rows(levels, columns, breaks)
    if len(rows) < 2 or sum(sum(bool(part) for part, _ in row) > 1 for row in rows) < 2:
        return None
    return Rows(columns, rows, list(lines))


def _levels(lines: Sequence[Line]) -> list[list[Line]]:
    """Lines of one height, from top to bottom, each from left to right."""
    out: list[list[Line]] = []
    for line in sorted(lines, key=_by_place):
        if out and line.base - out[-1][0].base <= 0.25 * max(line.face.size, 4):
            out[-1].append(line)
        else:
            out.append([line])
    for level in out:
        if len(level) > 1:
            level.sort(key=_from_left)
    return out


def _columns(levels: list[list[Line]], x0: float, x1: float) -> list[tuple[float, float]]:
    """What lies between the white strips that hardly a row crosses."""
    count = int((x1 - x0) / BIN) + 1
    if count < 3 or count > 5_000:
        return []
    covered = [0] * (count + 1)
    several = [level for level in levels if len(level) > 1]
    counted = several if len(several) >= 2 else levels
    for level in counted:
        for line in level:
            for at in range(
                max(int((line.x0 - x0) / BIN), 0), min(int((line.x1 - x0) / BIN) + 1, count)
            ):
                covered[at] += 1
    most = 0.06 * len(counted)
    columns: list[tuple[float, float]] = []
    start: int | None = None
    white = 0
    for at in range(count + 1):
        if at < count and covered[at] > most:
            if start is None:
                start = at
            elif white and white * BIN >= STRIP:
                columns.append((x0 + start * BIN, x0 + (at - white) * BIN))
                start = at
            white = 0
        elif start is not None:
            white += 1
    if start is not None:
        columns.append((x0 + start * BIN, x1))
    return columns


def _rows(
    levels: list[list[Line]], columns: list[tuple[float, float]], breaks: Sequence[float]
) -> list[list[tuple[list[Line], int]]]:
    """Levels put together to rows: a cell may run over several lines."""
    sizes = [line.face.size for level in levels for line in level]
    size = median(sizes)
    gaps = [b[0].base - a[0].base for a, b in pairwise(levels)]
    tight = [gap for gap in gaps if gap < 1.3 * size]
    loose = [gap for gap in gaps if gap >= 1.3 * size]
    # lines of a cell stand closer than rows do, where both kinds of gap occur
    told_by_gaps = bool(tight) and bool(loose)
    told_by_rules = 3 * (len(breaks) + 1) >= len(levels) and len(breaks) > 1
    rows: list[list[list[Line]]] = []
    covers: list[dict[int, int]] = []
    before: list[Line] | None = None
    for level in levels:
        cells: dict[int, list[Line]] = {}
        cover: dict[int, int] = {}
        for line in level:
            first, last = _place(line, columns)
            cells.setdefault(first, []).append(line)
            cover[first] = max(cover.get(first, 1), last - first + 1)
        new = before is None
        if before is not None:
            ruled = any(before[0].base < at < level[0].base for at in breaks)
            gap = level[0].base - before[0].base
            if ruled:
                new = True
            elif told_by_rules:
                new = False
            elif told_by_gaps:
                new = gap >= 1.3 * size
            else:
                new = 0 in cells and (len(cells) > 1 or len(rows[-1]) < 2)
        if new:
            rows.append([[] for _ in columns])
            covers.append({})
        for first, parts in cells.items():
            rows[-1][first] += parts
            covers[-1][first] = max(covers[-1].get(first, 1), cover[first])
        before = level
    out = []
    for row, cover in zip(rows, covers, strict=True):
        made: list[tuple[list[Line], int]] = []
        at = 0
        while at < len(row):
            wide = cover.get(at, 1)
            while wide > 1 and any(row[at + 1 : at + wide]):
                wide -= 1
            made.append((row[at], wide))
            at += wide
        out.append(made)
    return out


def _place(line: Line, columns: list[tuple[float, float]]) -> tuple[int, int]:
    """First and last column that a line stands in."""
    met = [
        at
        for at, (start, end) in enumerate(columns)
        if min(line.x1, end) - max(line.x0, start) > min(4.0, 0.3 * (line.x1 - line.x0))
    ]
    if met:
        return met[0], met[-1]
    middle = (line.x0 + line.x1) / 2
    nearest = min(range(len(columns)), key=lambda at: abs(sum(columns[at]) / 2 - middle))
    return nearest, nearest


def _runs(levels: list[list[Line]]) -> list[list[list[Line]]]:
    """Stretches of levels that have several words apart, each beginning and ending with one."""
    runs: list[list[list[Line]]] = []
    run: list[list[Line]] = []
    single = 0
    for level in levels:
        far = run and level[0].base - run[-1][0].base > 3.5 * max(level[0].face.size, 6)
        if len(level) > 1 and not far:
            run.append(level)
            single = 0
        elif len(level) > 1:
            runs.append(run[: len(run) - single])
            run, single = [level], 0
        elif run and not far and single < 2 and _short(level[0], run):
            run.append(level)
            single += 1
        elif run:
            runs.append(run[: len(run) - single])
            run, single = [], 0
    if run:
        runs.append(run[: len(run) - single])
    return [run for run in runs if sum(len(level) > 1 for level in run) >= 3]


def _short(line: Line, run: list[list[Line]]) -> bool:
    """Whether a line alone may be the rest of a cell: it fills no more than half of the width."""
    x0 = min(each.x0 for level in run for each in level)
    x1 = max(each.x1 for level in run for each in level)
    return line.x0 >= x0 - 2 and line.x1 - line.x0 < 0.5 * (x1 - x0)


def _is_table(rows: Rows) -> bool:
    filled = [row for row in rows.rows if sum(bool(part) for part, _ in row) > 1]
    if len(filled) < 3 or len(filled) < 0.7 * len(rows.rows):
        return False
    if any(_LEADER.search(line.text) for line in rows.lines):
        return False
    cells: list[list[str]] = [[] for _ in rows.columns]
    fills: list[list[float]] = [[] for _ in rows.columns]
    for row in rows.rows:
        at = 0
        for part, wide in row:
            if part and wide == 1:
                cells[at].append(" ".join(line.text for line in part))
                start, end = rows.columns[at]
                fills[at] += [(line.x1 - line.x0) / max(end - start, 1) for line in part]
            at += wide
    if any(len(column) < 2 for column in cells):
        return False
    numeric = [
        sum(_NUMBER.fullmatch(text) is not None for text in column) >= 0.7 * len(column)
        for column in cells
    ]
    items = sum(_ITEM.fullmatch(text.split(" ")[0]) is not None for text in cells[0])
    if len(cells) == 2 and items >= 0.5 * len(cells[0]):
        return False  # a list, its numbers apart from its text
    if (
        sum(
            len(fill) > 3 and median(fill) > 0.8 and median(map(len, column)) > 25
            for fill, column in zip(fills, cells, strict=True)
        )
        >= 2
    ):
        return False  # columns of text
    if any(max(map(len, column)) > 400 for column in cells):
        return False
    if len(cells) == 2:
        # a contents page without leaders has page numbers that grow, at its right edge
        values = [int(t) for t in cells[1] if t.isdigit()]
        if len(values) == len(cells[1]) and values == sorted(values) and len(set(values)) > 1:
            return False
        return numeric[1] and not numeric[0]
    if numeric[0] and not any(numeric[1:]):
        return False  # lines with numbers
    brief = [median(map(len, column)) < 30 for column in cells]
    return any(numeric[1:]) and all(brief[1:])
