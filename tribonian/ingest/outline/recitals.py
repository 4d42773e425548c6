"""Recitals: what stands numbered between ``Whereas:`` and the enacting words of an act.

The Union's acts give their reasons so (Article 296 TFEU; Joint Practical Guide, guideline 10);
its treaties and many agreements do the same. They are no paragraphs of an article.
"""

from __future__ import annotations

import re
from dataclasses import replace

from tribonian.schemas.tree import Node

_WHEREAS = re.compile(r"whereas\b\W*", re.IGNORECASE)
_NUMBER = re.compile(r"\(\d{1,3}\)")
_ENACTS = re.compile(r"(?:HAS|HAVE|HEREBY)\b[A-Z ]+:?")
_BETWEEN = frozenset(("footnote", "running-head", "figure", "note", "table"))


def with_recitals(nodes: tuple[Node, ...]) -> tuple[Node, ...]:
    """The nodes before the first unit of an act, its numbered reasons as recitals."""
    for at, node in enumerate(nodes):
        if node.kind == "heading" and node.children and not _is_whereas(node):
            inner = with_recitals(node.children)
            if inner is not node.children:
                return (*nodes[:at], replace(node, children=inner), *nodes[at + 1 :])
        if not _is_whereas(node):
            continue
        inside = node.kind == "heading" and bool(node.children)
        run = node.children if inside else nodes[at + 1 :]
        end = _end(run)
        if not end:
            continue
        recitals = [
            replace(each, kind="recital") if each.kind == "paragraph" else each
            for each in run[:end]
        ]
        last = recitals[-1]
        cut = next((n for n, each in enumerate(last.children) if _ENACTS.fullmatch(each.text)), -1)
        lifted: tuple[Node, ...] = ()
        if cut >= 0:  # the enacting words follow the last reason and are none of it
            lifted = tuple(each for each in last.children[cut:] if each.kind != "footnote")
            kept = [each for each in last.children if each not in lifted]
            recitals[-1] = replace(last, children=tuple(kept))
        head = replace(node, kind="heading", heading=node.heading or node.text, text="",
                       children=tuple(recitals))  # fmt: skip
        after = nodes[at + 1 :] if inside else ()
        return (*nodes[:at], head, *lifted, *run[end:], *after)
    return nodes


def _is_whereas(node: Node) -> bool:
    said = node.heading or node.text
    return (
        node.kind in ("paragraph", "heading")
        and not node.designator
        and not (node.heading and node.text)
        and _WHEREAS.fullmatch(said) is not None
    )


def _end(run: tuple[Node, ...]) -> int:
    """Where the numbered paragraphs end that follow; 0 for none."""
    end = 0
    for at, node in enumerate(run):
        if node.kind == "paragraph" and _NUMBER.fullmatch(node.designator):
            end = at + 1
        elif node.kind not in _BETWEEN:
            break
    return end
