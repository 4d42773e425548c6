"""A unit of the section tree as printed lines: what a principle's content is made of.

The lines keep their nesting, so that a unit that is too large can be split where its
designators divide it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from tribonian.schemas.tree import Node

SHORT = 24  # characters; a paragraph that says only "[Reserved]" is shorter


class Line(NamedTuple):
    """One printed block.

    ``level`` is its depth of nesting, ``path`` the designators down to its first and
    ``last`` to its last unit; ``added`` counts words that are not the document's,
    ``heading`` says that it is a heading over what follows.
    """

    text: str
    level: int
    path: str
    last: str
    locator: str
    added: int
    heading: str
    table: bool


class LeftOut(NamedTuple):
    """Text that stays out, with its reason."""

    text: str
    reason: str
    locator: str
    words: int


_TITLED = frozenset(
    ("note", "example", "cross-reference", "editorial-note", "effective-date-note", "authority",
     "source", "revised-text")
)  # fmt: skip


def render(
    nodes: tuple[Node, ...], leave_out: Callable[[Node], str | None]
) -> tuple[list[Line], list[LeftOut]]:
    """The lines of some nodes; ``leave_out`` gives the reason for a node that stays out."""
    lines: list[Line] = []
    left: list[LeftOut] = []
    for node in nodes:
        _render(node, 0, "", lines, left, leave_out)
    return lines, left


def _render(
    node: Node,
    level: int,
    path: str,
    lines: list[Line],
    left: list[LeftOut],
    leave_out: Callable[[Node], str | None],
) -> None:
    kind = node.kind
    if kind != "paragraph" or len(node.text) < SHORT:  # longer paragraphs are law
        reason = leave_out(node)
        if reason is not None:
            left.append(LeftOut(plain_text(node), reason, node.locator, node.total_words()))
            return
    designator = node.designator
    if designator and kind in ("paragraph", "recital"):
        path += designator
    text = own_text(node)
    if text:
        if node.joined and lines and not lines[-1].table:
            before = lines[-1]
            bare = before.text.endswith(")") and before.last.endswith(before.text.split()[-1])
            gap = "" if before.text[-1] in "—–" or bare else " "  # "(a)(1)", "Title—(1)"
            lines[-1] = before._replace(
                text=f"{before.text}{gap}{text}", last=path, added=before.added + node.added
            )
        else:
            heading = node.heading if kind == "heading" else ""
            lines.append(
                Line(text, level, path, path, node.locator, node.added, heading, kind == "table")
            )
    children = node.children
    if not children:
        return
    if kind in _TITLED and text and children[0].kind == "paragraph" and not node.text:
        # "Note: The …" is one line, as printed; the rest follows under it
        at = len(lines)
        _render(children[0], level + 1, path, lines, left, leave_out)
        if len(lines) > at:
            first = lines.pop(at)
            head = lines[at - 1]
            lines[at - 1] = head._replace(
                text=f"{head.text} {first.text}", added=head.added + first.added
            )
        children = children[1:]
    for child in children:
        _render(child, level + 1, path, lines, left, leave_out)


def own_text(node: Node) -> str:
    """A node's own line, without its children: number, heading, text."""
    kind = node.kind
    if kind == "table":
        return "\n\n".join(part for part in (node.heading, node.text) if part)
    parts = [part for part in (node.designator, node.heading, node.text) if part]
    if len(parts) < 2:
        return parts[0] if parts else ""
    if node.heading and node.text and node.heading[-1] in "—–":
        text = f"{node.heading}{node.text}"
        return f"{node.designator} {text}" if node.designator else text
    return " ".join(parts)


def plain_text(node: Node) -> str:
    """All text of a node and below it, one block a line."""
    return "\n".join(filter(None, (own_text(each) for each in node.walk())))
