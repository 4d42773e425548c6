"""One paragraph of a section as it has been read, with what it cannot be read without.

Paragraphs are flat in the eCFR's XML, and where (v) stands is known only from what stands
before it. So the whole section is read, and then all is left out but the paragraph.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import replace

from tribonian.errors import DocumentError
from tribonian.ingest.numbers import comes_after
from tribonian.ingest.record import Reading
from tribonian.schemas.tree import Node
from tribonian.schemas.words import count_words

# Whose text a section is and where it comes from is said of each of its paragraphs as well,
# and notes on editing and effective dates may bear on any (1 CFR 21.40, 21.52).
OF_EVERY_PARAGRAPH = frozenset(
    ("history", "authority", "source", "approval", "editorial-note", "effective-date-note",
     "amendment-banner")
)  # fmt: skip
_RANGE = re.compile(r"\(([^()]+)\)[-–]\(([^()]+)\)")
_STEP = re.compile(r"\([^()\s]{1,8}\)")


def only_paragraph(unit: Node, paragraph: str, reading: Reading) -> Node:
    """A section or an appendix with one of its paragraphs and no other.

    It keeps its heading, the lead-ins (what stands before the first number, in the unit and
    in each paragraph that encloses this one), the own words of those paragraphs, this one
    with all below it, and the notes that are said of the unit as a whole. A number printed
    twice gives both. The unit is cited as the paragraph, ``§ 701.3(f)(3)``. Words and findings
    of what is left out are taken back from ``reading``.

    Raises DocumentError, in one sentence, if there is no such paragraph.
    """
    if unit.citation is None:
        raise DocumentError(
            "The file does not say of which CFR title it is, so its paragraphs cannot be told; "
            "get the section from the eCFR's API."
        )
    found = _paths_to(unit, paragraph)
    if not found:
        raise DocumentError(_absent(unit, paragraph))
    kept: set[int] = set()
    for path in found:
        kept.update(id(node) for node in path[-1].walk())
        for above in (path, *_enclosing(unit, path[-1])):
            kept.update(id(node) for node in above)
            for outer, inner in itertools.pairwise((*above, path[-1])):
                for child in _lead_in(outer, inner):
                    kept.update(id(node) for node in child.walk())
    for child in unit.children:
        if child.kind in OF_EVERY_PARAGRAPH:
            kept.update(id(node) for node in child.walk())
    out = _named(_without(unit, kept), [path[-1].citation or "" for path in found])
    reading.blocks.clear()
    reading.words = out.total_words()
    there = {node.locator for node in out.walk()}
    reading.findings[:] = [
        finding for finding in reading.findings if not finding.locator or finding.locator in there
    ]
    return out


def _named(unit: Node, cited: list[str]) -> Node:
    """The unit as the work that it is now: ``§ 11.10(a)``, which is another than § 11.10.

    Beside the whole section, or another paragraph of it, it is no second text of the same law.
    """
    citation = cited[0]
    path = citation.removeprefix(unit.citation or "")
    designator = f"{unit.designator}{path}" if unit.designator else ""
    added = count_words(designator) - count_words(unit.designator)
    return replace(unit, designator=designator, citation=citation, added=unit.added + added)


def _paths(unit: Node) -> Iterator[tuple[Node, ...]]:
    """The way to every node below a unit, in reading order."""
    stack: list[tuple[Node, ...]] = [(unit,)]
    while stack:
        path = stack.pop()
        if len(path) > 1:
            yield path
        stack.extend((*path, child) for child in reversed(path[-1].children))


def _paths_to(unit: Node, paragraph: str) -> list[tuple[Node, ...]]:
    """The way to each paragraph that is so cited, or to the range that it is in: ``(b)-(d)``."""
    bare = re.sub(r"\s+", "", paragraph)
    # `nesting` writes "21 CFR 1.1(a)" and "21 CFR Appendix A to Part 1, (a)"
    cited = {f"{unit.citation}{between}{each}" for between in ("", ", ")
             for each in (bare, f"{bare}.", paragraph.strip())}  # fmt: skip
    found = [path for path in _paths(unit) if path[-1].citation in cited]
    last = re.search(r"\(([^()]+)\)$", bare)
    if found or last is None:
        return found
    above = {f"{unit.citation}{between}{bare[: last.start()]}" for between in ("", ", ")}
    return [path for path in _paths(unit) if _is_range_around(path[-1], above, last[1])]


def _is_range_around(node: Node, above: set[str], number: str) -> bool:
    ends = _RANGE.fullmatch(node.designator)
    if ends is None or node.citation is None:
        return False
    first, last = ends.groups()
    return node.citation.removesuffix(node.designator) in above and (
        number in (first, last) or (comes_after(first, number) and comes_after(number, last))
    )


def _enclosing(unit: Node, paragraph: Node) -> Iterator[tuple[Node, ...]]:
    """The way to the paragraphs that enclose one by its number, and not in the tree.

    Under a heading in the middle of (a) its (1) stands under that heading (17 CFR 240.15c3-1).
    """
    cited = paragraph.citation or ""
    before: dict[str, tuple[Node, ...]] = {}
    for path in _paths(unit):
        node = path[-1]
        if node is paragraph:
            break
        if is_numbered(node) and node.citation and cited.startswith(node.citation):
            before[node.citation] = path
    yield from before.values()


def _lead_in(above: Node, below: Node) -> Iterator[Node]:
    """What stands in a unit before its first number, and is not under a heading of its own."""
    for child in above.children:
        if child is below or is_numbered(child) or child.kind == "heading":
            return
        if child.kind not in OF_EVERY_PARAGRAPH and child.kind != "definition":
            yield child


def is_numbered(node: Node) -> bool:
    """Whether a node is a numbered paragraph."""
    return node.kind == "paragraph" and bool(node.designator)


def _without(node: Node, kept: set[int]) -> Node:
    children = tuple(_without(child, kept) for child in node.children if id(child) in kept)
    return node if len(children) == len(node.children) and all(
        new is old for new, old in zip(children, node.children, strict=True)
    ) else replace(node, children=children)  # fmt: skip


def _absent(unit: Node, paragraph: str) -> str:
    """The sentence for a paragraph that is not there, with those that are next to it."""
    above = unit
    wanted = re.sub(r"\s+", "", paragraph)
    steps = _STEP.findall(wanted)
    for many in range(len(steps) - 1, 0, -1):
        paths = _paths_to(unit, "".join(steps[:many]))
        if paths:
            above = paths[0][-1]
            wanted = "".join(steps[many:])
            break
    numbers = [node.designator for node in _list_of(above)]
    if not numbers:
        return (
            f"{above.citation} has no numbered paragraphs, so no {wanted}; ask for it as a whole."
        )
    if len(numbers) == 1:
        return f"{above.citation} has no paragraph {wanted}; its only paragraph is {numbers[0]}."
    return (
        f"{above.citation} has no paragraph {wanted}; its paragraphs are {numbers[0]} to "
        f"{numbers[-1]}."
    )


def _list_of(unit: Node) -> Iterator[Node]:
    """The numbered paragraphs straight in a unit, under its headings too."""
    for child in unit.children:
        if is_numbered(child):
            if child.citation:
                yield child
        elif child.kind == "heading":
            yield from _list_of(child)
