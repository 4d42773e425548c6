"""USLM: the United States Code, public laws and statutes, and GPO's CFR in the same markup.

Sections are handed on one at a time and then freed. Vocabulary: "United States Legislative
Markup, User Guide for the USLM Schema", Office of the Law Revision Counsel, and
https://github.com/usgpo/uslm.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from lxml import etree

from tribonian.ingest.readers.ecfr_names import cite
from tribonian.ingest.readers.gpo_blocks import read_text, steps, text_of
from tribonian.ingest.readers.gpo_volume import Container, Volume
from tribonian.ingest.readers.uslm_blocks import (
    BLOCKS,
    CFR_BLOCKS,
    Lines,
    check_claims,
    head_of_container,
    place,
    read_level,
)
from tribonian.ingest.readers.uslm_cite import cite_identifier
from tribonian.ingest.readers.uslm_names import CONTAINERS, SECTIONS, translate
from tribonian.ingest.readers.xml_stream import local, stream
from tribonian.ingest.record import Reading
from tribonian.schemas.tree import Event, Node

ROOTS = frozenset(
    ("cfrDoc", "uscDoc", "lawDoc", "pLaw", "statutesAtLarge", "statuteCompilation", "bill",
     "resolution", "amendment", "engrossedAmendment", "frDoc", "doc", "document")
)  # fmt: skip
_AROUND = ROOTS | frozenset(("main", "body", "appendices", "component", "collection"))
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def read_uslm(file: BinaryIO, reading: Reading) -> Iterator[Event]:
    """Stream the nodes of one USLM document; ``reading`` is filled as it goes.

    Raises DocumentError, in one sentence, for anything that is no USLM.
    """
    volume: _Volume | None = None
    reading.cites_cfr = False
    for step in stream(file, _AROUND | frozenset(CONTAINERS), frozenset(SECTIONS), ROOTS):
        if volume is None:
            is_cfr = local(step.element) == "cfrDoc"
            volume = _CfrVolume(reading) if is_cfr else _Volume(reading)
        yield from volume.take(step)
    if volume is not None:
        yield from volume.end()


class _Volume(Volume):
    """Law that is nested as its markup says."""

    roots = _AROUND
    table = BLOCKS

    def kind_of(self, element: etree._Element) -> str:
        return CONTAINERS[local(element)]

    def open(self, container: Container, element: etree._Element) -> None:
        container.path = place(element, container.path, self.reading)
        container.citation = cite_identifier(element.get("identifier", ""))

    def look_at(self, element: etree._Element) -> None:
        if local(element) == "meta":
            _what_is_said(element, self.reading)
        translate(element)

    def take_head(self, container: Container, element: etree._Element) -> bool:
        if element.tag not in ("num", "HD") or container.entered or container.unit.blocks:
            return False
        if element.tag == "num" and not container.designator:
            text, more = text_of(element, self.reading)
            container.designator, _ = head_of_container(container.kind, text, "")
        elif element.tag == "HD" and not container.heading:
            text, more = text_of(element, self.reading)
            if container.designator:
                container.heading = text
            else:
                container.designator, container.heading = head_of_container(
                    container.kind, "", text
                )
        else:
            return False
        container.added += more
        return True

    def read_unit(self, element: etree._Element, path: str, above: str) -> Iterator[Node]:
        yield read_level(element, path, above, self.reading)


class _CfrVolume(_Volume):
    """A volume of the CFR, whose printed numbers say how its paragraphs nest."""

    table = CFR_BLOCKS

    def take_head(self, container: Container, element: etree._Element) -> bool:
        taken = super().take_head(container, element)
        if taken:
            number = container.designator.partition(" ")[2].strip()
            if container.kind == "title" and number.isdigit():
                self.reading.title = number
                self.reading.cites_cfr = True
            container.citation = cite(
                self.reading.title, container.kind, number, container.designator, container.above
            )
        return taken

    def read_unit(self, element: etree._Element, path: str, above: str) -> Iterator[Node]:
        yield _printed_unit(element, path, above, self.reading)


def _printed_unit(element: etree._Element, path: str, above: str, reading: Reading) -> Node:
    """A section or an appendix of the CFR as it is printed."""
    kind = SECTIONS[str(element.tag)]
    at = place(element, path, reading)
    unit = Lines(reading, None, "")
    designator = heading = ""
    marks: tuple[str, ...] = ()
    added = 0
    for child, below in steps(element, at, unit):
        if child.tag == "num" and not designator:
            designator, more = text_of(child, reading)
            added += more
        elif child.tag == "HD" and not heading and not unit.blocks:
            heading, _, marks, more, nested = read_text(child, reading)
            added += more
            unit.misplaced(nested, below)
        else:
            if unit.citation is None:
                _name(unit, kind, designator, heading, above)
            unit.block(child, below)
    _name(unit, kind, designator, heading, above)
    if kind == "section":
        reading.sections += 1
    claimed = cite_identifier(element.get("identifier", ""))
    if claimed and unit.citation and claimed != unit.citation:
        reading.note(
            "nesting-disagreement",
            f"{unit.where}: the markup names it {claimed}; the printed number was followed.",
            at,
        )
    nodes = unit.nested(marks)
    check_claims(nodes, unit)
    return Node(kind, designator, heading, "", unit.citation, at, nodes, added)


def _name(unit: Lines, kind: str, designator: str, heading: str, above: str) -> None:
    number = designator.lstrip("§ ").rstrip(". ") if kind == "section" else designator
    unit.citation = cite(unit.reading.title, kind, number, designator, above)
    unit.where = designator or heading[:40]


def _what_is_said(meta: etree._Element, reading: Reading) -> None:
    """The title, the date and the name of a document, where its metadata have them."""
    said: dict[str, str] = {}
    for each in meta.iter():
        text = " ".join((each.text or "").split())
        if text:
            said.setdefault(local(each), text)
    reading.heading = said.get("title", "")
    root = meta.getparent()
    if root is not None and local(root) == "cfrDoc":
        reading.title = said.get("docNumber") or reading.title
    for name in ("docReleasePoint", "approvedDate", "effectiveDate"):
        if reading.as_of is None and _DAY.fullmatch(said.get(name, "")):
            reading.as_of = said[name]
