"""A second opinion on markup that nests: the numbers of siblings must go on."""

from __future__ import annotations

from collections.abc import Iterable

from tribonian.ingest.numbers import comes_after, is_first, readings
from tribonian.ingest.record import Reading
from tribonian.schemas.tree import Node


def check_numbers(top: Iterable[Node], reading: Reading) -> None:
    """Note every numbered paragraph that does not come after the sibling before it.

    The first number of another list, ``(a)`` between ``(8)`` and ``(9)``, stands in the markup
    beside the paragraph that it is a part of; it is put into that. What is quoted is not
    looked at, nor a number that is of no list known (``za``, ``1.1``).
    """
    stack = [(node, node.designator) for node in top]
    while stack:
        node, where = stack.pop()
        if node.kind == "extract":
            continue
        _siblings(node, where, reading)
        for child in node.children:
            apart = ", " if where and child.designator[:1] not in ("", "(") else ""
            stack.append((child, f"{where}{apart}{child.designator}"))


def _siblings(parent: Node, where: str, reading: Reading) -> None:
    kept: list[Node] = []
    before: Node | None = None  # the last number of the list
    inner: Node | None = None  # the last number that was put into `before`
    for child in parent.children:
        numbered = child.kind == "paragraph" and child.designator
        if child.kind == "heading":
            before = inner = None
        if not numbered or before is None:
            kept.append(child)
            before = child if numbered else before
            continue
        if inner is not None and _goes_on(inner, child) and not _goes_on(before, child):
            before.children = (*before.children, child)
            inner = child
        elif _opens(before, child):
            _note(
                "markup-disagreement",
                f"{child.designator} stands beside {before.designator} in the markup of {where}; "
                "by its number it belongs to that paragraph and was put there.",
                child, reading,
            )  # fmt: skip
            before.children = (*before.children, child)
            inner = child
        else:
            _compare(before, child, where, reading)
            kept.append(child)
            before, inner = child, None
    parent.children = tuple(kept)


def _bare(node: Node) -> str:
    return node.designator.strip("().[] ")


def _known(node: Node) -> bool:
    return "." not in _bare(node) and bool(readings(_bare(node)))


def _goes_on(before: Node, node: Node) -> bool:
    return _known(before) and _known(node) and comes_after(_bare(before), _bare(node))


def _opens(before: Node, node: Node) -> bool:
    """Whether a number begins a list of another kind than the one it stands in."""
    if not (_known(before) and _known(node) and is_first(_bare(node))):
        return False
    kinds = {kind for kind, _ in readings(_bare(before))}
    return not kinds & {kind for kind, _ in readings(_bare(node))}


def _compare(before: Node, node: Node, where: str, reading: Reading) -> None:
    if _bare(before) == _bare(node):
        said = f"{node.designator} is printed twice in a row in {where or 'the text'}."
        _note("designator-repeated", said, node, reading)
    elif _known(before) and _known(node) and not _goes_on(before, node):
        said = f"{node.designator} stands behind {before.designator} in {where or 'the text'}."
        _note("designator-irregular", said, node, reading)


def _note(code: str, message: str, node: Node, reading: Reading) -> None:
    reading.note(code, message, node.locator, f"{node.designator} {node.heading} {node.text}"[:80])
