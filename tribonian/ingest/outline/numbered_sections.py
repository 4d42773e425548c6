"""Sections that print their heading above and their number before the text: ``1 A person …``.

So do the Acts of the United Kingdom, Canada and Ireland: the heading has no number and the
number no mark, ``2 (1) A person must …``; that it is a section, its place in the row tells.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from tribonian.ingest.outline.heads import read_head
from tribonian.ingest.outline.looks import Looks
from tribonian.ingest.styled import Styled

_NUMBER = re.compile(r"(\d{1,3})([A-Z]{0,2})\s+(?=\(1\)\s|[A-Z“‘\"])")
_HEADED = re.compile(r"((\d{1,3})([A-Z]{0,2})\.?)\s+(?=[A-Z“‘\"])")
FEWEST = 3  # sections that make a row
LONGEST_HEADING = 300  # characters of a heading with an outline level
PLAIN = 100  # characters of a heading in plain type


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
        if block.kind != "paragraph":
            continue
        match = _NUMBER.match(block.text)
        if found and match is None and _begins_schedule(block.text):
            break  # the paragraphs of a schedule begin anew
        if match is None or block.level or block.list_level:
            continue
        number = int(match[1])
        if number == last + 1 or (number == last and match[2]):
            heading = at - 1 if at and _is_bare_heading(run[at - 1], looks) else -1
            found.append(NumberedSection(at, match[1] + match[2], match.end(), heading))
            last = number
    headed = sum(each.heading >= 0 for each in found)
    return found if headed >= FEWEST and 3 * headed >= 2 * len(found) else []


def _begins_schedule(text: str) -> bool:
    head = read_head(text)
    return head is not None and head.kind == "appendix"


def headed_sections(
    run: Sequence[Styled], looks: Looks, containers: Sequence[int]
) -> list[tuple[int, str, str]]:
    """Sections whose heading stands after their number: place, number and heading of each.

    They are some if they are counted on from 1 through two containers at least, ``4 Offences``
    in Part 2 after ``3 Inspectors`` in Part 1; headings of a guide begin anew or have no parts.
    """
    found: list[tuple[int, str, str]] = []
    last = 0
    for at, block in enumerate(run):
        match = _HEADED.match(block.text) if block.kind == "paragraph" else None
        if match is None or len(block.text) > LONGEST_HEADING:
            continue
        if not (block.level or looks.is_heading(block)):
            continue
        number = int(match[2])
        if number == last + 1 or (number == last and match[3]):
            found.append((at, match[1], block.text[match.end() :]))
            last = number
    holders = {bisect_right(containers, at) for at, _, _ in found}
    return found if len(found) >= FEWEST and len(holders - {0}) >= 2 else []


def _is_bare_heading(block: Styled, looks: Looks) -> bool:
    text = block.text
    if (
        block.kind != "paragraph" or block.node is not None or text[:1].isdigit()
        or read_head(text) is not None
    ):  # fmt: skip
        return False
    if block.level or looks.is_heading(block):
        return True
    # in plain text a heading is a short line that ends no sentence
    return looks.plain and len(text) <= PLAIN and text[:1].isupper() and text[-1] not in ".;:,—"
