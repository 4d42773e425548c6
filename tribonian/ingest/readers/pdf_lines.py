"""Lines of type put together and cut: pieces of one baseline, rows, stretches of a line."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from operator import attrgetter

from tribonian.ingest.readers.pdf_types import Line, Span

by_place = attrgetter("base", "x0")  # from top to bottom, then from left to right
_from_left = attrgetter("x0")


def whole_lines(lines: list[Line]) -> list[Line]:
    """The lines, those that touch on one baseline as one; what is printed twice, once.

    Some programs place every word or letter by itself, and PDFium ends a line between two
    of them; letters drawn again a hair away are meant to look bold. A line with its own tag
    keeps it, since the spans keep what they are marked as.
    """
    upright = sorted((line for line in lines if not line.angle), key=by_place)
    taken: set[int] = set()
    whole: dict[int, Line] = {}
    marks = [line for line in upright if len(line.text) < 8]
    for base in _levels(upright):
        if len(base) == 1:
            continue
        run: list[Line] = []
        end = 0.0
        for line in base:
            room = 0.45 * max(line.face.size, 4.0)
            if run:
                if _twice(run, line):
                    taken.add(id(line))
                    continue
                if not -room < line.x0 - end < room or _is_between(marks, run[-1], line, end):
                    if len(run) > 1:
                        _put_together(run, whole, taken)
                    run = []
            run.append(line)
            end = max(end, line.x1) if len(run) > 1 else line.x1
        _put_together(run, whole, taken)
    if not taken:
        return lines
    return [whole.get(id(line), line) for line in lines if id(line) not in taken]


def _put_together(run: list[Line], whole: dict[int, Line], taken: set[int]) -> None:
    if len(run) > 1:
        whole[id(run[0])] = joined(list(run))
        taken.update(id(line) for line in run[1:])


def _is_between(marks: list[Line], left: Line, right: Line, end: float) -> bool:
    """Whether a raised or lowered figure stands between two pieces of a line."""
    if right.x0 - end < 0.5:
        return False
    return any(
        end - 0.5 < (mark.x0 + mark.x1) / 2 < right.x0 + 0.5
        and mark is not left
        and mark is not right
        and abs(mark.base - left.base) < 0.8 * left.face.size
        for mark in marks
    )


def _levels(lines: list[Line]) -> list[list[Line]]:
    """Lines of one height, each from left to right."""
    levels: list[list[Line]] = []
    level: list[Line] = []
    end = -1e9
    for line in lines:
        if line.base - end < 0.6:
            level.append(line)
        else:
            level, end = [line], line.base
            levels.append(level)
    for level in levels:
        if len(level) > 1:
            level.sort(key=_from_left)
    return levels


def _twice(run: list[Line], line: Line) -> bool:
    """Whether a line is printed over one with the same words, spaces aside."""
    x0 = line.x0
    for other in run[-3:]:
        if (
            -1.5 < other.x0 - x0 < 1.5
            and abs(other.x1 - line.x1) < 1.5
            and other.text.replace(" ", "") == line.text.replace(" ", "")
        ):
            return True
    return False


def in_rows(lines: list[Line]) -> list[Line]:
    """Fragments side by side as one line each, from top to bottom."""
    rows: list[list[Line]] = []
    lowest = -1e9
    for line in lines:
        top = line.base - 0.7 * line.face.size
        if lowest <= top:  # below all that came before, as most lines of a column are
            lowest = max(lowest, line.base)
            rows.append([line])
            continue
        lowest = max(lowest, line.base)
        for row in reversed(rows[-3:]):
            if max(each.base for each in row) > top and _beside(row, line):
                row.append(line)
                break
        else:
            rows.append([line])
    return [row[0] if len(row) == 1 else joined(row) for row in rows]


def _beside(row: list[Line], line: Line) -> bool:
    if not line.spans:
        return False  # it stands for a table
    # a raised figure and a lowered one meet the line between them, not one another
    main = max(row, key=lambda other: other.y1 - other.y0)
    overlap = min(main.y1, line.y1) - max(main.y0, line.y0)
    if overlap < 0.5 * min(main.y1 - main.y0, line.y1 - line.y0):
        return False
    for other in row:
        if not other.spans:
            return False
        slack = max(1.0, 0.3 * min(other.face.size, line.face.size))  # a slash leans over
        if line.x0 < other.x1 - slack and line.x1 > other.x0 + slack:
            return False
    return True


def joined(row: list[Line]) -> Line:
    """Fragments of a row as one line; raised and lowered ones keep their distance."""
    row.sort(key=_from_left)
    main = max(row, key=lambda line: (round(line.face.size), len(line.text)))
    parts: list[str] = []
    spans: list[Span] = []
    length = 0
    end = 0.0
    for line in row:
        if parts and (line.x0 - end > 0.08 * main.face.size):
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
