"""The section tree: what every reader produces, whatever the format.

The tree nests; a node has no level number. Readers put every word of their document into
it, in order, notes and reserved units included, and decide nothing about what to leave
out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from tribonian.schemas.words import count_words

# Units of the CFR from the title down (1 CFR 8.1; the eCFR's DIV1 … DIV9).
CONTAINERS_IN_ORDER = (
    "document", "title", "subtitle", "chapter", "subchapter", "part", "subpart", "subject-group",
)  # fmt: skip
CONTAINERS = frozenset(CONTAINERS_IN_ORDER)
# Units that carry law and are cited by themselves.
SECTIONS = frozenset(("section", "appendix"))
# What may stand inside either.
BLOCKS = frozenset(
    (
        "paragraph", "definition", "heading", "table", "figure", "formula", "form-line",
        "extract", "example", "note", "footnote", "cross-reference", "stars",
        "authority", "source", "history", "approval", "editorial-note",
        "effective-date-note", "amendment-banner", "revised-text", "contents", "metadata",
        "running-head", "comment", "recital", "list-item",
    )
)  # fmt: skip
KINDS = CONTAINERS | SECTIONS | BLOCKS


@dataclass(slots=True)  # not frozen, which would triple the time of a title's 100,000 nodes
class Node:
    """One unit of a document, not to be changed once made.

    ``designator`` is the number as printed (``§ 701.3``, ``(b)``), ``heading`` the heading
    without it, ``text`` the node's own text. ``citation`` is canonical (``21 CFR
    701.3(b)``), ``locator`` finds the unit in its source (an XPath for XML). ``added``
    counts words in ``text`` that the reader put there itself: the mark of an image, a
    table cell repeated under a span. ``joined`` says that the unit was printed in the
    same paragraph as the one before it.
    """

    kind: str
    designator: str = ""
    heading: str = ""
    text: str = ""
    citation: str | None = None
    locator: str = ""
    children: tuple[Node, ...] = ()
    added: int = 0
    joined: bool = False

    def walk(self) -> Iterator[Node]:
        """This node and all below it, in reading order."""
        stack = [self]
        while stack:
            node = stack.pop()
            yield node
            if node.children:
                stack += reversed(node.children)

    def own_words(self) -> int:
        """Words of the document that stand in this node itself."""
        return count_words(f"{self.designator}\n{self.heading}\n{self.text}") - self.added

    def total_words(self) -> int:
        """Words of the document in this node and below it."""
        parts: list[str] = []
        added = 0
        for node in self.walk():
            parts += (node.designator, node.heading, node.text)
            added += node.added
        return count_words("\n".join(parts)) - added

    def as_json(self) -> dict[str, object]:
        """The node as ``read --json`` prints it."""
        return {
            "kind": self.kind,
            "designator": self.designator,
            "heading": self.heading,
            "text": self.text,
            "citation": self.citation,
            "locator": self.locator,
            "children": [child.as_json() for child in self.children],
        }


@dataclass(frozen=True, slots=True)
class Document:
    """What is known of a document beside its text; ``words`` were counted as it was read.

    ``order`` is its path from the folder it was given or fetched in, by which documents
    without a place in the law are sorted; "" where ``source`` says it.
    """

    source: str
    sha256: str
    format: str
    bytes: int
    as_of: str | None = None
    title: str = ""
    words: int = 0
    sections: int = 0
    order: str = ""


@dataclass(frozen=True, slots=True)
class Enter:
    """A container begins: the nodes up to its `Leave` are its children."""

    node: Node


@dataclass(frozen=True, slots=True)
class Leave:
    """The container that was entered last is complete."""


Event = Enter | Leave | Node


def grow(events: Iterable[Event]) -> Node:
    """Put a stream of events together into one tree.

    A single node at the top is the root; several get a root of kind ``document``.
    """
    open_nodes: list[tuple[Node, list[Node]]] = [(Node("document"), [])]
    for event in events:
        if isinstance(event, Enter):
            open_nodes.append((event.node, []))
        elif isinstance(event, Leave):
            node, children = open_nodes.pop()
            open_nodes[-1][1].append(replace(node, children=tuple(children)))
        else:
            open_nodes[-1][1].append(event)
    top = open_nodes[0][1]
    return top[0] if len(top) == 1 else Node("document", children=tuple(top))
