"""Numbers that stand in a block of their own, before the block they number.

``1.`` above its paragraph comes of a table with a column for the numbers, or of a converter.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from tribonian.ingest.styled import Styled

_LONE = re.compile(r"\d{1,3}\.")
_NUMBERED = re.compile(r"\(?\w{1,5}[.)]\s|\d+(?:\.\d+)+")


def lone_numbers_joined(run: Sequence[Styled]) -> list[Styled]:
    """The run with each lone number of a row put before its paragraph; one alone stays."""
    lone = {at: int(run[at].text[:-1]) for at in range(len(run)) if _is_lone(run, at)}
    places = sorted(lone)
    of_a_row = {
        each
        for before, at in pairwise(places)
        if lone[at] == lone[before] + 1
        for each in (before, at)
    }
    out: list[Styled] = []
    number: Styled | None = None
    for at, block in enumerate(run):
        if number is not None:
            out.append(_joined(number, block))
            number = None
        elif at in of_a_row:
            number = block
        else:
            out.append(block)
    return out


def _is_lone(run: Sequence[Styled], at: int) -> bool:
    block = run[at]
    if block.kind != "paragraph" or block.level or not _LONE.fullmatch(block.text):
        return False
    after = run[at + 1] if at + 1 < len(run) else None
    return (
        after is not None
        and after.kind == "paragraph"
        and after.node is None
        and not after.level
        and bool(after.text)
        and _LONE.fullmatch(after.text) is None
        and _NUMBERED.match(after.text) is None
    )


def _joined(number: Styled, block: Styled) -> Styled:
    shift = len(number.text) + 1
    italics, bolds = (
        None if spans is None else tuple((start + shift, end + shift) for start, end in spans)
        for spans in (block.italics, block.bolds)
    )
    return block._replace(
        text=f"{number.text} {block.text}",
        locator=number.locator,
        italics=italics,
        bolds=bolds,
        marks=(*number.marks, *block.marks),
        added=number.added + block.added,
    )
