"""The eCFR in its three XML dialects, as a stream of nodes.

A whole title of the versioner API (root ``ECFR``), one unit of it (the ``DIV`` itself, with
``hierarchy_metadata``) and govinfo's bulk data (root ``DLPSTEXTCLASS``) hold the same
elements. Parts and what stands outside of parts are handed on one at a time and then
freed, so that memory follows the largest part and not the file.

Vocabulary: "Electronic Code of Federal Regulations XML User Guide", GPO.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import BinaryIO

from lxml import etree

from tribonian.errors import DocumentError
from tribonian.ingest.nesting import Block
from tribonian.ingest.readers.ecfr_blocks import BLOCKS
from tribonian.ingest.readers.ecfr_metadata import cited_above, note_metadata, said_by
from tribonian.ingest.readers.ecfr_names import KIND_OF, cite, split_head
from tribonian.ingest.readers.ecfr_paragraph import only_paragraph
from tribonian.ingest.readers.gpo_blocks import (
    Unit,
    read_text,
    step,
    steps,
    text_of,
)
from tribonian.ingest.readers.xml_stream import careful_events, refuse_entities, well_formed
from tribonian.ingest.record import Reading
from tribonian.schemas.finding import Finding
from tribonian.schemas.tree import SECTIONS, Enter, Event, Leave, Node

# Units larger than a part are streamed: entered, left, and never held whole.
_STREAMED = frozenset(("DIV1", "DIV2", "DIV3", "DIV4"))
_WHOLE = frozenset(("DIV5", "DIV6", "DIV7", "DIV8", "DIV9"))
_OUTER = frozenset(("ECFR", "DLPSTEXTCLASS", "TEXT", "BODY", "ECFRBRWS"))
ROOTS = frozenset(("ECFR", "DLPSTEXTCLASS", *KIND_OF))
_UNITS = _STREAMED | _WHOLE | _OUTER


def read_ecfr_xml(file: BinaryIO, reading: Reading) -> Iterator[Event]:
    """Stream the nodes of one eCFR document; ``reading`` is filled as it goes.

    Raises DocumentError, in one sentence, for anything that is not the eCFR's XML.
    """
    events = careful_events(file, _UNITS)
    before: list[Node] = []  # what stands before the title: the bulk data's header
    stack: list[_Container] = []
    inside = 0  # open elements of a unit that is read whole, when it ends
    seen_root = False
    with well_formed(file, ROOTS):
        for event, element in events:
            tag = element.tag
            if not seen_root:
                seen_root = True
                _check_root(events.root if events.root is not None else element)
            if tag in _WHOLE:
                if event == "start":
                    if not inside:
                        yield from _before(element, stack, before, reading)
                    inside += 1
                    continue
                inside -= 1
                if inside:
                    continue
                path, above = (stack[-1].path, stack[-1].citation or "") if stack else ("/", "")
                node = _unit(element, path, above, reading)
                wanted = said_by(element.get("hierarchy_metadata")).paragraph if not stack else ""
                if wanted and node.kind in SECTIONS:
                    node = only_paragraph(node, wanted, reading)
                reading.count()
                yield node
                _free(element)
            elif event == "start":
                yield from _before(element, stack, before, reading)
                if tag in _STREAMED:
                    stack.append(_Container(element, stack[-1] if stack else None, reading))
            else:
                yield from _rest(element, stack, before, reading)
                if tag in _STREAMED:
                    stack.pop()
                    yield Leave()
                    _free(element)
    if not seen_root:
        root = events.root
        if root is None:
            raise DocumentError("It is not XML: no element starts it.")
        _check_root(root)
    reading.count()
    yield from before


def _check_root(root: etree._Element) -> None:
    if root.tag not in ROOTS:
        raise DocumentError(wrong_root(str(root.tag)))
    refuse_entities(root)


def _before(
    element: etree._Element, stack: list[_Container], before: list[Node], reading: Reading
) -> Iterator[Event]:
    """What stands in a container before one of its units begins: its HEAD, its notes."""
    parent = element.getparent()
    if parent is None:
        return
    # The parser runs ahead of its events: what follows the element may be there already.
    done = list(itertools.takewhile(lambda child: child is not element, parent))
    yield from _children(parent, done, stack, before, reading)
    parent.text = None
    for child in done:
        if child.tag in _OUTER:  # a volume counts its place among the volumes
            child.tail = None
        else:
            parent.remove(child)


def _rest(
    element: etree._Element, stack: list[_Container], before: list[Node], reading: Reading
) -> Iterator[Event]:
    """What is left in a container when it ends."""
    yield from _children(element, list(element), stack, before, reading)
    if element.tag in _STREAMED:
        yield from stack[-1].enter(reading, before)


def _children(
    parent: etree._Element,
    elements: list[etree._Element],
    stack: list[_Container],
    before: list[Node],
    reading: Reading,
) -> Iterator[Event]:
    container = stack[-1] if stack else None
    unit = Unit(reading, container.citation if container else None, "", BLOCKS)
    if container is not None:
        path = container.path
    else:
        path = "/" if parent.getparent() is None else f"//{step(parent)}"
    unit.stray(parent.text, path)
    for element in elements:
        if element.tag == "HEAD" and container is not None and container.node is None:
            container.read_head(element, reading)
        elif element.tag not in _UNITS:
            tag = str(element.tag)
            place = reading.seen[path, tag] = reading.seen.get((path, tag), 0) + 1
            unit.block(element, f"{path}/{tag}[{place}]")
        unit.stray(element.tail, path)
    if container is not None:
        yield from container.enter(reading, before)
    nodes = unit.nested()
    reading.count()
    if container is None:
        before.extend(nodes)
    else:
        yield from nodes


def _free(element: etree._Element) -> None:
    """Forget an element that has been read; its tail belongs to what it stands in."""
    element.clear(keep_tail=True)


def wrong_root(tag: str) -> str:
    """The sentence for XML that is something else."""
    name = etree.QName(tag).localname
    if name.lower() in ("html", "head", "body", "script"):
        return (
            "It is a web page and not eCFR XML; download it from the eCFR's API "
            "(/api/versioner/v1/full/DATE/title-N.xml)."
        )
    space = etree.QName(tag).namespace
    if space and name in ROOTS:
        return f"Its outermost element <{name}> is of the namespace {space}; the eCFR has none."
    return f"Its outermost element is <{name}>, which is none of the eCFR's; no reader takes it."


class _Container:
    """A unit larger than a part: known by its HEAD, entered before its first child."""

    def __init__(self, element: etree._Element, above: _Container | None, reading: Reading) -> None:
        self.kind = KIND_OF[str(element.tag)]
        self.number = (element.get("N") or "").strip()
        self.path: str = f"{above.path if above else '/'}/{step(element)}"
        self.above = above.citation or "" if above else ""
        self.citation: str | None = None
        self.node: Node | None = None
        self.entered = False
        if self.kind == "title":
            # of a title in bulk data N is the volume; NODE is "title:volume" (User Guide 2.3)
            node = (element.get("NODE") or "").partition(":")[0].strip()
            self.number = node if node.isdigit() else self.number
            reading.title = self.number
        path = note_metadata(element.get("hierarchy_metadata"), reading)
        if above is None and self.kind != "title":  # cut out of its title
            self.above = cited_above(path, reading.title)

    def read_head(self, element: etree._Element, reading: Reading) -> None:
        text, added = text_of(element, reading)
        designator, heading = split_head(self.kind, text, self.number)
        self.citation = cite(reading.title, self.kind, self.number, designator, self.above)
        self.node = Node(self.kind, designator, heading, "", self.citation, self.path, added=added)

    def enter(self, reading: Reading, saved: list[Node]) -> Iterator[Event]:
        if self.entered:
            return
        self.entered = True
        if self.node is None:
            self.citation = cite(reading.title, self.kind, self.number, "", self.above)
            self.node = Node(self.kind, "", "", "", self.citation, self.path)
        yield Enter(self.node)
        yield from saved
        saved.clear()


def _unit(element: etree._Element, path: str, above: str, reading: Reading) -> Node:
    """A part, subpart, subject group, section or appendix with all that is in it."""
    said = note_metadata(element.get("hierarchy_metadata"), reading)
    above = above or cited_above(said, reading.title)
    kind = KIND_OF[str(element.tag)]
    number = (element.get("N") or "").strip()
    if kind == "section":
        reading.sections += 1
        path = "/"  # a section's number is its own within the title
    locator = f"{path}/{step(element)}"
    designator = heading = ""
    unit = Unit(reading, None, "", BLOCKS)
    first = True
    added = 0
    marks: tuple[str, ...] = ()
    for child, at in steps(element, locator, unit):
        tag = child.tag
        if tag == "HEAD":
            if first:
                text, _, marks, added, _ = read_text(child, reading)
                designator, heading = split_head(kind, text, number)
                unit.citation = cite(reading.title, kind, number, designator, above)
                unit.where = designator or heading[:40]
                first = False
                _check_number(kind, number, designator, locator, reading)
                continue
            reading.findings.append(
                Finding(
                    "second-heading",
                    f"{unit.where} has a second heading, which was kept as text.",
                    locator=locator,
                )
            )
        if tag in KIND_OF:
            inner = _unit(child, locator, unit.citation or above, reading)
            unit.blocks.append(Block("unit", node=inner))
        else:
            unit.block(child, at)
    if first:
        unit.citation = cite(reading.title, kind, number, "", above)
    children = unit.nested(marks)
    return Node(kind, designator, heading, "", unit.citation, locator, children, added)


def _check_number(kind: str, number: str, designator: str, locator: str, reading: Reading) -> None:
    if kind != "section" or not number or designator == f"§ {number}":
        return
    bare = re.sub(r"[\s§]|Secs?\.|Sections?|\.$", "", designator).replace("--", "-")
    if bare != re.sub(r"[\s§]", "", number).replace("--", "-"):
        reading.findings.append(
            Finding(
                "heading-number-mismatch",
                f"The heading prints {designator or 'no number'}, the element says N={number}.",
                locator=locator,
            )
        )
