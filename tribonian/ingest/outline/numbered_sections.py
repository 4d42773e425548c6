"""Sections that print their heading above and their number before the text: ``1 A person …``.

So do the Acts of the United Kingdom, Canada and Ireland: the heading has no number and the
number no mark, ``2 (1) A person must …``; that it is a section, its place in the row tells.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from tribonian.ingest.outline.heads import read_head
from tribonian.ingest.outline.looks import Looks
from tribonian.ingest.styled import Styled

_NUMBER = re.compile(r"(\d{1,3})([A-Z]{0,2})\s+(?=\(1\)\s|[A-Z“‘\"])")
FEWEST = 3  # sections that make a row


class NumberedSection(NamedTuple):
    """A section found: its text's block, its number, where its text begins, its heading's block."""

    at: int
    number: str
    end: int
    heading: int


def numbered_sections(run: Sequence[Styled], looks: Looks) -> list[NumberedSection]:
    """The row of sections that begins at 1 and goes on without a gap; nothing if it is none.

    At least two in three must stand under a heading of their own.
    """
    found: list[NumberedSection] = []
    last = 0
    for at, block in enumerate(run):
        match = _NUMBER.match(block.text) if block.kind == "paragraph" else None
        if match is None or block.level or block.list_level:
            continue
        number = int(match[1])
        if number == last + 1 or (number == last and match[2]):
            heading = at - 1 if at and _is_bare_heading(run[at - 1], looks) else -1
            found.append(NumberedSection(at, match[1] + match[2], match.end(), heading))
            last = number
    headed = sum(each.heading >= 0 for each in found)
    return found if headed >= FEWEST and 3 * headed >= 2 * len(found) else []


def _is_bare_heading(block: Styled, looks: Looks) -> bool:
    return (
        block.kind == "paragraph"
        and block.node is None
        and not block.text[:1].isdigit()
        and read_head(block.text) is None
        and (bool(block.level) or looks.is_heading(block))
    )
