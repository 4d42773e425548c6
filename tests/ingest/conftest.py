"""What the tests of ingest share: a tree as lines of text, and a small eCFR document."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import pytest

from tribonian.ingest.readers.ecfr_xml import read_ecfr_xml
from tribonian.ingest.record import Reading
from tribonian.schemas.tree import Node, grow


def lines(nodes: Iterable[Node], depth: int = 0) -> list[str]:
    """One line a node: kind, number, heading in brackets, text; two spaces a level."""
    out = []
    for node in nodes:
        heading = f"[{node.heading}]" if node.heading else ""
        said = " ".join(filter(None, (node.kind, node.designator, heading, node.text)))
        out.append("  " * depth + said)
        out += lines(node.children, depth + 1)
    return out


@dataclass
class Read:
    """A document that has been read."""

    root: Node
    reading: Reading

    @property
    def findings(self) -> list[str]:
        """The codes of the findings."""
        return [finding.code for finding in self.reading.findings]

    @property
    def outline(self) -> str:
        """The tree below the root, as lines."""
        return "\n".join(lines(self.root.children))

    def find(self, kind: str) -> Node:
        """The first node of a kind."""
        return next(node for node in self.root.walk() if node.kind == kind)


@pytest.fixture
def outline() -> Callable[[Iterable[Node]], str]:
    """Nodes as lines of text."""
    return lambda nodes: "\n".join(lines(nodes))


@pytest.fixture
def read_xml() -> Callable[..., Read]:
    """Read eCFR XML; the title is 21 where the document does not say it."""

    def read(xml: str | bytes, title: str | None = "21") -> Read:
        reading = Reading(title=title)
        data = xml.encode() if isinstance(xml, str) else xml
        return Read(grow(read_ecfr_xml(io.BytesIO(data), reading)), reading)

    return read


@pytest.fixture
def read_section(read_xml: Callable[..., Read]) -> Callable[..., Read]:
    """Read what stands below the HEAD of a section, § 1.1, by the versioner API's XML."""

    def read(body: str, head: str = "§ 1.1   Lanterns.") -> Read:
        return read_xml(f'<DIV8 N="1.1" TYPE="SECTION"><HEAD>{head}</HEAD>{body}</DIV8>')

    return read
