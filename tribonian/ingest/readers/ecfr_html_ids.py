"""The nesting that the eCFR's page gives by its ids, against the one read from the text.

``<div id="p-1005.2(b)(3)(i)">`` says where a paragraph stands. In sections the ids are one
for each paragraph; in appendices and supplements the same one comes back for every comment,
and nothing can be told from it.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from itertools import pairwise

from tribonian.ingest.numbers import follows, is_first
from tribonian.ingest.record import Reading
from tribonian.schemas.tree import Node

_NUMBER = re.compile(r"\(([^()]{1,8})\)")
_NUMBERS = re.compile(r"(?:\([^()]{1,8}\))+")
Path = tuple[str, ...]


def path_of(known: str, unit: str) -> Path:
    """The numbers in an id: ``p-1005.2(b)(3)`` of the unit 1005.2 is b, 3."""
    rest = known.removeprefix("p-").removeprefix(unit)
    # "(a)-(c)" is a range and "(Applicable credits)" a term: neither is a place in a list.
    return tuple(_NUMBER.findall(rest)) if rest != known and _NUMBERS.fullmatch(rest) else ()


def by_the_page(
    children: tuple[Node, ...],
    paths: dict[str, list[Path]],
    citation: str | None,
    reading: Reading,
    where: str,
    since: int = 0,
) -> tuple[Node, ...]:
    """The paragraphs of a section, nested as the page nests them where it has the better reasons.

    ``paths`` are the ids by the locators of their paragraphs. Each disagreement is a finding;
    the nesting whose lists run on with fewer breaks is taken, the page's where both are good.
    Findings from number ``since`` on are of this section.
    """
    if not paths:
        return children
    told: dict[int, Path] = {}
    derived: dict[int, Path] = {}
    nodes: list[Node] = []
    _compare(children, (), {key: list(value) for key, value in paths.items()}, told, derived, nodes)
    differ = [node for node in nodes if told[id(node)] != derived[id(node)]]
    # What the text alone left open is settled where the page says the same.
    settled = {node.locator for node in nodes} - {node.locator for node in differ}
    reading.findings[since:] = [
        finding
        for finding in reading.findings[since:]
        if finding.code != "designator-ambiguous" or finding.locator not in settled
    ]
    if not differ:
        return children
    ids = [told[id(node)] for node in nodes]
    sound = max(Counter(ids).values()) == 1 and all(
        _bare(node.designator) == path[-1] for node, path in zip(nodes, ids, strict=True)
    )
    better = sound and breaks(ids) <= breaks([derived[id(node)] for node in nodes])
    for node in differ:
        page = "".join(f"({part})" for part in told[id(node)])
        text = "".join(f"({part})" for part in derived[id(node)])
        reading.note(
            "nesting-disagreement",
            f"{where}{text} by its number is {where}{page} by the page's own nesting; "
            f"{'the page' if better else 'the number'} was followed.",
            node.locator,
            node.text[:80],
        )
    return _rebuild(children, told, citation) if better else children


def _bare(designator: str) -> str:
    return designator.strip("()*_ .")


def _compare(
    children: tuple[Node, ...],
    above: Path,
    paths: dict[str, list[Path]],
    told: dict[int, Path],
    derived: dict[int, Path],
    nodes: list[Node],
) -> None:
    for node in children:
        if node.kind == "definition":
            continue  # below a definition the page counts by other rules
        here = above
        if node.designator and node.kind == "paragraph":
            here = (*above, _bare(node.designator))
            left = paths.get(node.locator)
            if left:
                told[id(node)] = left.pop(0)
                derived[id(node)] = here
                nodes.append(node)
        _compare(node.children, here, paths, told, derived, nodes)


def breaks(paths: list[Path]) -> int:
    """How often a list does not begin with its first number, or skips one, or lacks its head."""
    lists: dict[Path, list[str]] = {}
    for path in paths:
        if path:
            lists.setdefault(path[:-1], []).append(path[-1])
    there = set(paths)
    count = 0
    for head, numbers in lists.items():
        count += bool(head) and head not in there
        count += not is_first(numbers[0])
        count += sum(not follows(a, b) for a, b in pairwise(numbers))
    return count


def _rebuild(
    children: tuple[Node, ...], told: dict[int, Path], citation: str | None
) -> tuple[Node, ...]:
    """The same nodes in the same order, each under the paragraph that its id names."""
    top: list[_Place] = []
    open_: list[tuple[Path, _Place]] = []

    def put(node: Node, parent: _Place | None) -> None:
        path = told.get(id(node))
        place = _Place(node)
        if path is not None:
            while open_ and open_[-1][0] != path[: len(open_[-1][0])]:
                open_.pop()
            parent = open_[-1][1] if open_ else None
            open_.append((path, place))
            if citation:
                cited = citation + "".join(f"({part})" for part in path)
                place.node = replace(node, citation=cited)
        elif parent is not None and open_:
            parent = open_[-1][1]  # what stands between belongs to the paragraph before it
        (parent.below if parent is not None else top).append(place)
        for child in node.children:
            put(child, place)

    for node in children:
        put(node, None)
    return tuple(place.close() for place in top)


class _Place:
    """A node that is being put elsewhere."""

    def __init__(self, node: Node) -> None:
        self.node = node
        self.below: list[_Place] = []

    def close(self) -> Node:
        return replace(self.node, children=tuple(place.close() for place in self.below))
