"""Styled blocks as the blocks of one unit, ready to be nested."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from tribonian.ingest.nesting import Block
from tribonian.ingest.outline.labelled import labelled
from tribonian.ingest.outline.listed import list_nodes
from tribonian.ingest.outline.ranks import heading_number
from tribonian.ingest.outline.roles import Roles
from tribonian.ingest.styled import Styled
from tribonian.schemas.tree import Node

CLAUSE = 1000  # rank of numbered clauses: below all headings


def unit_blocks(run: Sequence[Styled], roles: Roles, start: int, end: int) -> Iterator[Block]:
    """Blocks for the nesting of one unit, headings with their ranks."""
    at = start
    while at < end:
        nodes, last = list_nodes(run, roles, at, end, emphasis)
        yield from (Block("item", node=node, locator=node.locator) for node in nodes)
        for plain in () if nodes else range(at, max(last, at + 1)):
            if not roles[plain].taken:
                yield from _block(run, roles, plain)
        at = max(last, at + 1)


def _block(run: Sequence[Styled], roles: Roles, at: int) -> Iterator[Block]:
    block, role = run[at], roles[at]
    if role.head is not None and role.head.kind == "clause":
        dots = role.head.number.removesuffix(".0").count(".")
        said, text = "", role.head.heading
        if role.rest:  # "1.2 Management. The board …", its heading in bold
            said, text = text, block.text[role.rest :].strip()
        clause = Node("paragraph", role.head.designator, said, text,
                      locator=block.locator, added=block.added)  # fmt: skip
        yield Block("heading", "", (), block.locator, block.marks, CLAUSE + dots, node=clause)
        return
    if role.rank and block.node is None:
        node: Node | None = None
        text = block.text
        if role.head is not None and not role.rest:
            heading = role.head.heading
            added = block.added
            if role.title >= 0:
                heading = run[role.title].text
                added += run[role.title].added
            kind = "appendix" if role.head.kind == "appendix" else "heading"
            node = Node(kind, role.head.designator, heading, locator=block.locator,
                        added=added)  # fmt: skip
        elif role.head is None and not roles.has_units:
            said = text[: role.rest].strip() if role.rest else text
            number = heading_number(said, block.level)
            if number is not None:
                node = Node("heading", number[1], said[number.end() :], locator=block.locator,
                            added=0 if role.rest else block.added)  # fmt: skip
        if role.rest:
            yield Block("heading", text[: role.rest].strip(), (), block.locator, (), role.rank,
                        0, node)  # fmt: skip
            yield paragraph_block(after(block, role.rest))
            return
        yield Block("heading", text, (), block.locator, block.marks, role.rank, block.added, node)
        return
    if block.node is not None:
        yield Block(block.kind, "", None, block.locator, block.marks, 0, block.added, block.node)
        return
    note = labelled(block.text) if block.kind == "paragraph" else None
    if note is not None:
        kind, heading, text = note
        added = block.added
        if role.title >= 0:
            text, added = run[role.title].text, added + run[role.title].added
        yield Block(kind, node=Node(kind, "", heading, text, None, block.locator,
                                    added=added), locator=block.locator)  # fmt: skip
        return
    yield paragraph_block(after(block, role.cut) if role.cut else block)


def paragraph_block(block: Styled) -> Block:
    """A paragraph to be nested by its numbers."""
    return Block(block.kind, block.text, emphasis(block), block.locator, block.marks, 0,
                 block.added)  # fmt: skip


def after(block: Styled, at: int) -> Styled:
    """What runs on in a block behind its heading."""
    text = block.text[at:].lstrip()
    cut = len(block.text) - len(text)
    spans = [
        None if each is None else tuple((max(a - cut, 0), b - cut) for a, b in each if b > cut)
        for each in (block.italics, block.bolds)
    ]
    return block._replace(text=text, italics=spans[0], bolds=spans[1])


_NUMBERS = re.compile(r"(?:\s*\([\w*]{1,8}\))+\s*")


def emphasis(block: Styled) -> tuple[tuple[int, int], ...] | None:
    """Italic and bold spans that may be headings; None where the format has neither.

    Bold type tells a heading as italics do, but nothing of the level of a number; a block
    that is wholly in one type says nothing by it.
    """
    if block.italics is None and block.bolds is None:
        return None
    length = len(block.text)
    number = _NUMBERS.match(block.text)
    body = number.end() if number else 0
    spans = [(a, b) for a, b in block.italics or () if b - a < 0.9 * length or length < 12]
    for start, end in block.bolds or ():
        start = max(start, body)
        if body and start < end and end - start < 0.9 * (length - body):
            spans.append((start, end))
    return tuple(sorted(spans))
