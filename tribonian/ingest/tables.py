"""Tables as Markdown: spans resolved, several header rows made one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tribonian.schemas.words import count_words

MAX_SPAN = 200  # a span beyond this is a slip of the pen, or an attack
MAX_REPEATED = 20_000  # characters that one cell may fill by its spans; beyond, it stands once


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as printed: its text, and how many columns and rows it covers."""

    text: str
    columns: int = 1
    rows: int = 1


def markdown_table(
    head: Sequence[Sequence[Cell]], body: Sequence[Sequence[Cell]]
) -> tuple[str, int]:
    """The grid as Markdown, and how many words were added where a cell covers several places.

    ``|`` within a cell becomes ``\\|``; line feeds become spaces. Empty rows are left out.
    """
    head, body = _clean(head), _clean(body)
    grid_head, grid_body = _grid(head, header=True), _grid(body)
    width = max((len(row) for row in (*grid_head, *grid_body)), default=0)
    if not width:
        return "", 0
    lines = _markdown(_one_header(grid_head, width), grid_body, width)
    printed = count_words("\n".join(cell.text for row in (*head, *body) for cell in row))
    return "\n".join(lines), count_words("\n".join(lines)) - printed


def _clean(rows: Sequence[Sequence[Cell]]) -> list[list[Cell]]:
    return [[_cleaned(cell) for cell in row] for row in rows]


_UNCLEAN = re.compile(r"\||\s\s|[^\S ]|^\s|\s$")


def _cleaned(cell: Cell) -> Cell:
    text = cell.text
    if cell.columns == cell.rows == 1 and not _UNCLEAN.search(text):
        return cell
    text = " ".join(text.split()).replace("|", "\\|")
    columns, rows = (min(max(n, 1), MAX_SPAN) for n in (cell.columns, cell.rows))
    if len(text) * columns * rows > MAX_REPEATED:
        rows = 1
        columns = columns if len(text) * columns <= MAX_REPEATED else 1
    return Cell(text, columns, rows)


def _grid(rows: list[list[Cell]], *, header: bool = False) -> list[list[str]]:
    """Rows of equal meaning per column: a spanning cell stands in each place it covers.

    A cell across the whole table is a heading within it and stands once, at the left; in
    the header it is part of every column's name.
    """
    full = max((sum(cell.columns for cell in row) for row in rows), default=0)
    held: dict[int, tuple[int, str]] = {}  # column -> rows still covered, text
    grid: list[list[str]] = []
    for row in rows:
        line: list[str] = []
        coming = iter(row)
        cell = next(coming, None)
        while cell is not None or len(line) in held:
            column = len(line)
            if column in held:
                left, text = held.pop(column)
                line.append(text)
                if left > 1:
                    held[column] = (left - 1, text)
                continue
            assert cell is not None
            across = cell.columns
            for offset in range(across):
                text = cell.text if header or offset == 0 or across < full else ""
                line.append(text)
                if cell.rows > 1:
                    held[column + offset] = (cell.rows - 1, text)
            cell = next(coming, None)
        grid.append(line)
    return grid


def _one_header(rows: list[list[str]], width: int) -> list[str]:
    """Several header rows as one: each column's names from the top down, none twice."""
    names: list[list[str]] = [[] for _ in range(width)]
    for row in rows:
        for column, text in enumerate(row[:width]):
            if text and text not in names[column]:
                names[column].append(text)
    return [" – ".join(name) for name in names]


def _markdown(header: list[str], body: list[list[str]], width: int) -> list[str]:
    lines = ["| " + " | ".join(header) + " |", "|" + " --- |" * width]
    for row in body:
        if any(row):
            lines.append("| " + " | ".join(row + [""] * (width - len(row))) + " |")
    return lines


_ROW_NUMBER = re.compile(r"^\| *\((\d{1,4})\)(?:\s?[-–—]\s?\((\d{1,4})\))?", re.MULTILINE)


def row_numbers(table: str) -> tuple[int, int] | None:
    """The first and the last number by which the rows of a Markdown table are counted.

    ``(1)-(29) [Reserved]`` counts to 29. None unless the first row and the last have one.
    """
    rows = table.split("\n")[2:]
    first = _ROW_NUMBER.match(rows[0]) if rows else None
    last = _ROW_NUMBER.match(rows[-1]) if rows else None
    return (int(first[1]), int(last[2] or last[1])) if first and last else None
