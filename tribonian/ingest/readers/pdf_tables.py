"""Tables on a PDF page: by tags, by rules, by words that stand in columns.

`page_tables` finds those that tags or rules show. It is to be called on a page with its
running heads, since the first rows of a table that goes on page after page look like one,
and before columns of text are told apart, since a table has gutters of its own.
`aligned_tables` finds those that nothing shows but the places of their words; it wants the
page without running heads. Neither changes the page: each table says which of its lines it
took. `pdf_table_text.table_node` makes the node, over several pages.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from tribonian.ingest.readers.pdf_aligned import Rows, aligned_rows, looks_like_table
from tribonian.ingest.readers.pdf_columns import _by_place, _rows
from tribonian.ingest.readers.pdf_grid import Grid, Segment, Spot, grids, segments
from tribonian.ingest.readers.pdf_types import Line, PdfPage, PdfTable, Span, Tag
from tribonian.ingest.tables import Cell

Text = Callable[[list[Line]], str]
MAX_ROWS = 2_000  # on one page

_CAPTION = re.compile(
    r"(?:table|exhibit|schedule)\s+[\w().\-]*\w\s*(?:[.:—–-]|$)|TABLE\b|Table\s+[A-Z0-9][\w.()\-]*\b"
)
_LEADER = re.compile(r"(?:[.·…]\s?){4,}\s*$")
_NUMBER = re.compile(r"[\s$€£%<>≤≥±+\-–—().,/:*×x^\d⁰¹²³⁴-⁹⁻½¼¾EeNADna]+")


def _spaced(lines: list[Line]) -> str:
    return " ".join(line.text for line in lines)


@dataclass(slots=True)
class TaggedTable(PdfTable):
    """A table known by its tags: ``element`` is its number in the document, and its rows'."""

    element: int = -1
    rows: list[int] = field(default_factory=list)  # of head and body
    extents: list[tuple[float, float]] = field(default_factory=list)  # of its columns' words


def page_tables(
    page: PdfPage,
    tags: Mapping[int, Tag] | None = None,
    places: Mapping[int, int] | None = None,
    text: Text = _spaced,
) -> list[PdfTable]:
    """The tables of a page from top to bottom; none shares a line with another.

    ``tags`` are those of `pdf_tags.Tags.of_page`, ``places`` its ``places``; ``text`` makes
    one text of the lines of a cell.
    """
    lines = [line for line in page.lines if not line.angle]
    found: list[PdfTable] = []
    if tags:
        found += _tagged(lines, tags, places or {}, text)
    if page.rules:
        across, down = segments(page.rules)
        left = _without(lines, found)
        all_grids = grids(across, down)
        in_grids = {each for grid in all_grids for each in grid.across}
        for grid in all_grids:
            _extend(grid, [each for each in across if each not in in_grids])
            table = _ruled(grid, left, text)
            if table is not None:
                found.append(table)
                left = _without(left, [table])
        for x0, x1, ys in _bands(across, found):
            table = _banded(x0, x1, ys, left, text)
            if table is not None:
                found.append(table)
                left = _without(left, [table])
    return _finished(found, page, lines, text)


def aligned_tables(page: PdfPage, text: Text = _spaced) -> list[PdfTable]:
    """The tables of a page by nothing but the places of their words, where there is no doubt."""
    lines = [line for line in page.lines if not line.angle]
    found = [_made(rows, text) for rows in looks_like_table(lines)]
    return _finished(found, page, lines, text) if found else []


def _finished(
    found: list[PdfTable], page: PdfPage, lines: Sequence[Line], text: Text
) -> list[PdfTable]:
    found.sort(key=lambda table: (table.y0, table.x0))
    left = _without(lines, found)
    for table in found:
        table.page = page.number
        if not table.caption:
            _take_caption(table, left, text)
            left = _without(left, [table])
    return found


def _title_rows(table: PdfTable) -> None:
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


def _without(lines: Sequence[Line], tables: Sequence[PdfTable]) -> list[Line]:
    taken = {id(line) for table in tables for line in table.lines}
    return [line for line in lines if id(line) not in taken] if taken else list(lines)


# By tags


def _tagged(
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
        if (made := _of_element(number, parts, places, text)) is not None
    ]


def _by_tag(line: Line, tags: Mapping[int, Tag]) -> list[tuple[Tag, Line]]:
    """The line, cut where one cell ends and another begins; nothing if it is in no table."""
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
            row.append(Cell(text(_in_order([part for _, part in held])), wide, tag.rows))
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
    table = TaggedTable(*_box(taken), taken, head, body, caption=text(caption) if caption else "")
    table.element = number
    table.rows = [row for row, _ in ordered]
    table.columns = tuple(left for left, _ in edges)
    table.extents = edges
    _title_rows(table)
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


# By rules


def _ruled(grid: Grid, lines: Sequence[Line], text: Text) -> PdfTable | None:
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
            cells = [_in_order(held.get(spot, [])) for spot in spots]
            split = _printed_rows(spots, held) if len(grid.ys) <= 5 else [cells]
        if len(split) > 1 and row and len(rows) == row:  # no rules between rows of the body
            until = row
        for parts in split:
            rows.append(
                [
                    Cell(text(_in_order(part)) if part else "", spot.columns, spot.rows)
                    for spot, part in zip(spots, parts, strict=True)
                ]
            )
            said = [line for part in parts for line in part]
            bold.append(bool(said) and all(line.face.bold for line in said))
    head = until or _head(rows, bold)
    table = PdfTable(x0, y0, x1, y1, inside, rows[:head], rows[head:], tuple(grid.xs[:-1]))
    _title_rows(table)
    return table


def _extend(grid: Grid, across: Sequence[Segment]) -> None:
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
    cells = [_in_order(held.get(spot, [])) for spot in spots]
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
    cells = [_in_order(held.get(spot, [])) for spot in spots]
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


def _head(rows: list[list[Cell]], bold: list[bool]) -> int:
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


def _is_number(line: Line) -> bool:
    return _NUMBER.fullmatch(line.text) is not None


def _in_order(lines: list[Line]) -> list[Line]:
    """The lines of a cell from top to bottom, raised figures with the line they belong to."""
    return _rows(sorted(lines, key=_by_place)) if len(lines) > 1 else lines


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


# Rules across only


def _bands(
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


def _banded(
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
    table = _made(rows, text, ys[1] if len(ys) > 2 else None)
    table.x0, table.y0, table.x1, table.y1 = x0, ys[0], x1, ys[-1]
    return table


def _made(rows: Rows, text: Text, head_until: float | None = None) -> PdfTable:
    cells = [
        [Cell(text(_in_order(part)) if part else "", columns) for part, columns in row]
        for row in rows.rows
    ]
    bold = []
    above = 0
    for row in rows.rows:
        said = [line for part, _ in row for line in part]
        bold.append(bool(said) and all(line.face.bold for line in said))
        if head_until is not None and said and max(line.base for line in said) <= head_until:
            above += 1
    head = above if 0 < above < len(cells) else _head(cells, bold)
    return PdfTable(*_box(rows.lines), rows.lines, cells[:head], cells[head:],
                    tuple(start for start, _ in rows.columns))  # fmt: skip


# What the ways share


def _box(lines: Sequence[Line]) -> tuple[float, float, float, float]:
    return (
        min(line.x0 for line in lines),
        min(line.y0 for line in lines),
        max(line.x1 for line in lines),
        max(line.y1 for line in lines),
    )


def _take_caption(table: PdfTable, lines: Sequence[Line], text: Text) -> None:
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
        if _CAPTION.match(line.text):
            break
    if not run:
        return
    if _CAPTION.match(run[-1].text):
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


def piece(line: Line, start: int, end: int) -> Line:
    """A stretch of a line as a line, without spaces at its ends."""
    while start < end and line.text[start] == " ":
        start += 1
    while start < end and line.text[end - 1] == " ":
        end -= 1
    spans = []
    for span in line.spans:
        a, b = max(span.start, start), min(span.end, end)
        if a < b:
            places = _places(line, span)
            spans.append(
                span._replace(
                    start=a - start,
                    end=b - start,
                    x0=places[a - span.start],
                    x1=places[b - span.start],
                )
            )
    if not spans:
        return replace(line, text=line.text[start:end])
    x1 = line.x1 if end == len(line.text) else spans[-1].x1
    return replace(
        line, text=line.text[start:end], x0=spans[0].x0, x1=x1, spans=tuple(spans),
        hyphen=line.hyphen and end == len(line.text),
    )  # fmt: skip


def place_at(line: Line, x: float) -> int | None:
    """The space in a line nearest to a place across, None where it has none near."""
    best: tuple[float, int] | None = None
    for span in line.spans:
        places = _places(line, span)
        for at in range(span.start, span.end):
            if line.text[at] == " ":
                off = abs(places[at - span.start] - x)
                if best is None or off < best[0]:
                    best = (off, at)
    for a, b in pairwise(line.spans):
        if b.start > a.end or line.text[a.end - 1 : a.end] == " ":
            off = abs((a.x1 + b.x0) / 2 - x)
            if best is None or off < best[0]:
                best = (off, a.end)
    limit = 3.5 * line.face.size
    return best[1] if best is not None and best[0] <= limit else None


# Widths of characters in ems, as most text faces have them; what is not here is half an em.
_WIDTHS = {
    **dict.fromkeys(".,:;'’‘|!ijl·/", 0.27),
    **dict.fromkeys(' ft()[]-rI“”"', 0.32),
    **dict.fromkeys("mMW@%—", 0.85),
    **dict.fromkeys("ABCDEFGHKLNOPQRSTUVXYZw&", 0.68),
}


def _places(line: Line, span: Span) -> list[float]:
    """About where each character of a span begins, and where the last ends."""
    widths = [_WIDTHS.get(character, 0.5) for character in line.text[span.start : span.end]]
    scale = (span.x1 - span.x0) / (sum(widths) or 1.0)
    places = [span.x0]
    for width in widths:
        places.append(places[-1] + width * scale)
    return places
