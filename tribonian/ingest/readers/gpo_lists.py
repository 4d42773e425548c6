"""Lists for the reader's use, as lines: tables of contents, finding aids, front matter."""

from __future__ import annotations

from lxml import etree

from tribonian.ingest.nesting import Block
from tribonian.ingest.readers.ecfr_inline import INLINE
from tribonian.ingest.readers.gpo_blocks import Handler, Unit, text_of
from tribonian.schemas.tree import Node


def contents_lines(element: etree._Element, unit: Unit) -> tuple[list[str], int]:
    """The lines of a list, each number with the subject and the page beside it.

    With them comes how many of their words are not the document's.
    """
    lines: list[str] = []
    numbered = False
    added = 0
    stack = [*reversed(element)]
    unit.stray(element.text, "")
    while stack:
        child = stack.pop()
        if any(each.tag not in INLINE for each in child):
            unit.stray(child.text, "")
            stack += reversed(child)
        else:
            text, more = text_of(child, unit.reading)
            added += more
            beside = child.tag in _BESIDE or (numbered and child.tag in _SUBJECTS)
            if child.tag == "column" and child.getprevious() is not None:
                beside = True  # of an entry that is set in columns
            if text and lines and beside:
                lines[-1] += f" {text}"
            elif text:
                lines.append(text)
            numbered = child.tag in _NUMBERS and bool(text)
        unit.stray(child.tail, "")
    return lines, added


_NUMBERS = frozenset(("SECTNO", "PT", "CHAPNO", "designator"))
_SUBJECTS = frozenset(("SUBJECT", "RESERVED", "label"))
_BESIDE = frozenset(("PG", "CFRID", "target", "page"))


def take_listing(kind: str) -> Handler:
    """A list for the reader's use, as one node: the contents of a part, a finding aid."""

    def handler(element: etree._Element, locator: str, unit: Unit) -> None:
        beside = unit.within()
        lines, added = contents_lines(element, beside)
        node = Node(
            kind, text="\n".join(lines), locator=locator, children=beside.nested(), added=added
        )
        if lines or node.children:
            unit.blocks.append(Block(kind, node=node))

    return handler
