"""Items of lists that the document itself sets out, as nodes nested as deep as they are set.

A word processor and a web page say how deep an item stands and where a list ends, which the
numbers alone do not: a paragraph after ``d.`` that is no item is not part of ``d.``, and an
``a.`` behind it opens another list.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from tribonian.ingest.numbers import follows
from tribonian.ingest.outline.roles import Roles
from tribonian.ingest.paragraphs import read_paragraph
from tribonian.ingest.styled import Styled
from tribonian.schemas.tree import Node

DEEPEST = 20  # levels that are told apart
SET_IN = 4.0  # points that make an item of the same level deeper
_BULLET = re.compile(r"[•◦▪▫■□‣⁃·○●o§–—*-]\s")

Emphasis = Callable[[Styled], tuple[tuple[int, int], ...] | None]


class _Item(NamedTuple):
    block: Styled
    number: str  # "" for a bullet or a paragraph that goes on below an item
    node: Node
    goes_on: bool = False


def list_nodes(
    run: Sequence[Styled], roles: Roles, start: int, end: int, emphasis: Emphasis
) -> tuple[list[Node], int]:
    """The items that stand in a row from ``start`` on, and where the row ends.

    No items if they are no list whose order the numbers bear out.
    """
    items: list[_Item] = []
    at = start
    while at < end:
        item = _item(run[at], roles, at, emphasis)
        if item is None and items and _goes_on(run[at], roles, at, items):
            block = run[at]
            node = Node("paragraph", text=block.text, locator=block.locator, added=block.added)
            item = _Item(block, "", node, True)
        if item is None:
            break
        items.append(item)
        at += 1
    if not items:
        return [], start
    return _nested(items) or [], at


def _item(block: Styled, roles: Roles, at: int, emphasis: Emphasis) -> _Item | None:
    role = roles[at]
    if (
        not block.list_level or block.page  # the tags of a printed page are often wrong
        or block.kind != "paragraph" or block.node is not None or block.marks
        or role.rank or role.taken or role.cut or role.head is not None
    ):  # fmt: skip
        return None
    node = Node("paragraph", text=block.text, locator=block.locator, added=block.added)
    if _BULLET.match(block.text):
        return _Item(block, "", node)
    read = read_paragraph(block.text, emphasis(block))
    if roles.has_units or read.defines or len(read.openings) != 1 or read.openings[0].start:
        return None
    marker, _, stop, span = read.openings[0]
    heading = block.text[span[0] : span[1]].strip() if span is not None else ""
    body = span[1] if span is not None else stop
    node = Node("paragraph", block.text[:stop], heading, block.text[body:].strip(),
                locator=block.locator, added=block.added)  # fmt: skip
    return _Item(block, marker.text, node)


def _goes_on(block: Styled, roles: Roles, at: int, items: Sequence[_Item]) -> bool:
    """Whether a paragraph without a number is set in as far as the item it follows."""
    role = roles[at]
    return (
        not roles.has_units
        and block.kind == "paragraph" and block.node is None and not block.marks
        and not block.list_level and not block.level and not block.style.startswith("head")
        and 0 < items[-1].block.indent <= block.indent
        and not (role.rank or role.taken or role.cut or role.head is not None)
        and not read_paragraph(block.text, ()).openings
    )  # fmt: skip


def _is_deeper(item: _Item, above: _Item) -> bool:
    if item.goes_on or above.goes_on:
        return not above.goes_on
    level, over = (min(each.block.list_level, DEEPEST) for each in (item, above))
    return level > over or (
        level == over and item.block.indent > above.block.indent + SET_IN
        and not (item.number and above.number and follows(above.number, item.number))
    )  # fmt: skip


def _nested(items: Sequence[_Item], depth: int = 0) -> list[Node] | None:
    """The items as nodes; None where numbers that would stand in one list do not go on."""
    nodes: list[Node] = []
    before = ""
    at = 0
    while at < len(items):
        last = at + 1
        while last < len(items) and depth < DEEPEST and _is_deeper(items[last], items[at]):
            last += 1
        item = items[at]
        if item.number:
            if before and not follows(before, item.number):
                return None
            before = item.number
        children = _nested(items[at + 1 : last], depth + 1) if last > at + 1 else []
        if children is None:
            return None
        node = item.node
        nodes.append(
            Node(node.kind, node.designator, node.heading, node.text, None, node.locator,
                 tuple(children), node.added) if children else node
        )  # fmt: skip
        at = last
    return nodes
