"""The annual edition of the CFR: whole volumes (CFRDOC) and single parts (CFRGRANULE).

Parts are handed on one at a time and then freed. What is before and behind the law in a
volume, its front matter and finding aids, stands in the title under kinds of its own.

Vocabulary: "Code of Federal Regulations XML Rendition User Guide", GPO.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from lxml import etree

from tribonian.ingest.nesting import Block
from tribonian.ingest.readers.cfr_blocks import BLOCKS, KIND_OF, head_of
from tribonian.ingest.readers.cfr_mending import PLACE, RANK, mend
from tribonian.ingest.readers.ecfr_names import cite, is_reserved, split_head
from tribonian.ingest.readers.gpo_blocks import Unit, dated, is_title, read_text, steps, text_of
from tribonian.ingest.readers.gpo_volume import Container, Volume
from tribonian.ingest.readers.xml_stream import stream
from tribonian.ingest.record import Reading
from tribonian.schemas.tree import Event, Node

ROOTS = frozenset(("CFRDOC", "CFRGRANULE"))
_CONTAINERS = frozenset(("CFRDOC", "CFRGRANULE", "TITLE", "SUBTITLE", "CHAPTER", "SUBCHAP"))
_UNITS = frozenset(RANK)


def read_cfr_xml(file: BinaryIO, reading: Reading) -> Iterator[Event]:
    """Stream the nodes of one volume or part; ``reading`` is filled as it goes.

    Raises DocumentError, in one sentence, for anything that is not the annual CFR's XML.
    """
    volume = _Volume(reading)
    for step in stream(file, _CONTAINERS, _UNITS, ROOTS):
        yield from volume.take(step)
    yield from volume.end()


class _Volume(Volume):
    roots = ROOTS
    table = BLOCKS

    def kind_of(self, element: etree._Element) -> str:
        return KIND_OF[str(element.tag)]

    def look_at(self, element: etree._Element) -> None:
        """The pages of the print divide words and paragraphs at will."""
        etree.strip_tags(element, "PRTPAGE")
        _what_is_said(element, self.reading)

    def take_head(self, container: Container, element: etree._Element) -> bool:
        head = None if container.designator or container.heading else _head_in(element)
        if head is None:
            return False
        text, container.added = text_of(head, self.reading)
        container.designator, container.heading = split_head(container.kind, text, "")
        number = _number(container.designator)
        if container.kind == "title" and number.isdigit():
            self.reading.title = number
        container.citation = cite(
            self.reading.title, container.kind, number, container.designator, container.above
        )
        parent = head.getparent()
        if head is element or parent is None:
            return True
        parent.remove(head)
        return False

    def read_unit(self, element: etree._Element, path: str, above: str) -> Iterator[Node]:
        for unit in mend(element, path, self.reading):
            yield read_cfr_unit(unit, unit.get(PLACE, path), above, self.reading)


def _head_in(element: etree._Element) -> etree._Element | None:
    """The head of a container: its HD, or the one in TITLEHD or TOCHD."""
    if is_title(element) or element.tag == "RESERVED":
        return element
    if element.tag in ("CFRTITLE", "TOC", "TITLEHD", "TOCHD"):
        found = element.find(".//TITLEHD/HD") if element.tag == "CFRTITLE" else (
            element.find("TOCHD/HD") if element.tag == "TOC" else element.find("HD"))  # fmt: skip
        return found
    return None


def _what_is_said(element: etree._Element, reading: Reading) -> None:
    """The title, the date and the name of a document, where its front matter has them."""
    if element.tag == "FDSYS":
        reading.title = (element.findtext("CFRTITLE") or "").strip() or reading.title
        for name in ("DATE", "ORIGINALDATE"):
            date = (element.findtext(name) or "").strip()
            if reading.as_of is None and re.fullmatch(r"\d{4}-\d{2}-\d{2}", date):
                reading.as_of = date
        reading.heading = reading.heading or " ".join((element.findtext("TITLE") or "").split())
    elif element.tag == "FMTR":
        found = re.search(r"\d+", element.findtext("TITLEPG/TITLENUM") or "")
        if found:
            reading.title = found[0]
        reading.as_of = reading.as_of or dated(element.findtext("TITLEPG/REVISED") or "")
        reading.heading = " ".join((element.findtext("TITLEPG/SUBJECT") or "").split())


def _number(designator: str) -> str:
    """``54`` of ``PART 54``, ``40-41`` of ``PARTS 40-41``."""
    return designator.partition(" ")[2].strip()


def read_cfr_unit(
    element: etree._Element,
    path: str,
    above: str,
    reading: Reading,
) -> Node:
    """A part, subpart, subject group, section or appendix with all that is in it."""
    kind = KIND_OF[str(element.tag)]
    unit = Unit(reading, None, "", BLOCKS)
    head = head_of(element)
    designator = heading = ""
    marks: tuple[str, ...] = ()
    added = 0
    for each in head:
        text, _, more, plus, nested = read_text(each, reading)
        unit.misplaced(nested, path)
        marks += more
        added += plus
        if kind == "section":
            if each.tag == "SECTNO":
                designator = f"{designator} {text}".strip()
            else:
                heading = f"{heading} {text}".strip()
        else:
            designator, heading = split_head(kind, text, "")
        if each.tag == "RESERVED" and not is_reserved(text):
            # The press prints the word by the element: 47 CFR part 53, subpart B.
            heading = f"{heading} [Reserved]".strip()
            added += 1
    if kind == "section":
        reading.sections += 1
        number = designator.lstrip("§ ").rstrip(". ")
    else:
        number = designator if kind == "appendix" else _number(designator)
    unit.citation = cite(reading.title, kind, number, designator, above)
    unit.where = designator or heading[:40]
    for child, at in steps(element, path, unit):
        if child in head:
            continue
        if child.tag in KIND_OF:
            inner = read_cfr_unit(child, child.get(PLACE, at), unit.citation or above, reading)
            unit.blocks.append(Block("unit", node=inner))
        else:
            unit.block(child, at)
    return Node(kind, designator, heading, "", unit.citation, path, unit.nested(marks), added)
