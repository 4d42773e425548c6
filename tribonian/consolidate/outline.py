"""A section tree as an indented outline, for a person at a terminal."""

from __future__ import annotations

from tribonian.consolidate.rendering import own_text
from tribonian.schemas.tree import Node

WIDTH = 96  # characters of a line that are shown


def outline(root: Node) -> str:
    """One line a node: its kind where that is not plain, its number, the start of its text."""
    lines: list[str] = []
    stack = [(root, 0)]
    while stack:
        node, depth = stack.pop()
        text = " ".join(own_text(node).split())
        shown = text if node.kind in ("paragraph", "section") else f"{node.kind}: {text}"
        line = "  " * depth + shown
        lines.append(line if len(line) <= WIDTH else line[: WIDTH - 1] + "…")
        stack += [(child, depth + 1) for child in reversed(node.children)]
    return "\n".join(lines) + "\n"
