"""Marked text in the blocks that a page shows: paragraphs as they stand, Markdown tables as tables.

The law's tables stand in principles as Markdown, one row a line; a line of dashes is below the
heads of the columns.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from tribonian.align.review.words import Segment

_RULE = re.compile(r"\|(?:\s*:?-{3,}:?\s*\|)+")
_BAR = re.compile(r"(?<!\\)\|")

Cell = list[Segment]


@dataclass(slots=True)
class Block:
    """Text, in ``segments``, or a table: ``heads`` is its first row if a rule is below it."""

    segments: list[Segment] = field(default_factory=list)
    heads: list[Cell] = field(default_factory=list)
    rows: list[list[Cell]] = field(default_factory=list)


def blocks(segments: Iterable[Segment]) -> list[Block]:
    """Marked text in blocks; every word of it stands in one of them."""
    found = []
    for is_table, group in groupby(_lines(segments), key=_is_row):
        lines = list(group)
        if is_table and len(lines) > 1:
            found.append(_table(lines))
        else:
            found.append(Block(_without_ends([part for line in lines for part in line])))
    return [block for block in found if block.segments or block.rows or block.heads]


def _lines(segments: Iterable[Segment]) -> list[list[Segment]]:
    """The segments of each line, its line feed with it."""
    lines: list[list[Segment]] = [[]]
    for text, kind in segments:
        for n, part in enumerate(text.split("\n")):
            if n:
                lines[-1].append(("\n", ""))
                lines.append([])
            if part:
                lines[-1].append((part, kind))
    return lines


def _text(line: Sequence[Segment]) -> str:
    return "".join(text for text, _ in line).strip()


def _is_row(line: Sequence[Segment]) -> bool:
    text = _text(line)
    return len(text) > 1 and text.startswith("|") and text.endswith("|")


def _table(lines: Sequence[list[Segment]]) -> Block:
    block = Block()
    for n, line in enumerate(lines):
        if _RULE.fullmatch(_text(line)):
            if n == 1 and block.rows:
                block.heads = block.rows.pop()
        else:
            block.rows.append(_cells(line))
    return block


def _cells(line: Iterable[Segment]) -> list[Cell]:
    cells: list[Cell] = [[]]
    for text, kind in line:
        for n, part in enumerate(_BAR.split(text.replace("\n", ""))):
            if n:
                cells.append([])
            if part.strip():
                cells[-1].append((part.replace("\\|", "|"), kind))
    return cells[1:-1]  # nothing stands before the first bar and behind the last


def _without_ends(segments: list[Segment]) -> list[Segment]:
    """Without the empty lines above and below, which the gap between blocks stands for."""
    while segments and not segments[0][0].strip():
        del segments[0]
    while segments and not segments[-1][0].strip():
        del segments[-1]
    return segments
