"""What each element of a Federal Register document becomes.

Vocabulary: "Federal Register XML Rendition User Guide", GPO. The typesetting is that of the
annual CFR. Amended text of the CFR (REGTEXT) stands in a part of its own.
"""

from __future__ import annotations

import re

from lxml import etree

from tribonian.ingest.nesting import Block
from tribonian.ingest.readers import cfr_blocks
from tribonian.ingest.readers.cfr_xml import read_cfr_unit
from tribonian.ingest.readers.ecfr_names import cite, split_head
from tribonian.ingest.readers.gpo_blocks import (
    Handler,
    Unit,
    is_title,
    read_text,
    steps,
    take_children,
    take_line,
    take_paragraph,
    text_of,
)
from tribonian.ingest.readers.gpo_lists import take_listing
from tribonian.ingest.record import Reading
from tribonian.schemas.tree import Node

_UNITS = frozenset(("SECTION", "SUBPART", "SUBJGRP", "APPENDIX"))


class Sheet(Unit):
    """One document of the Register: its blocks, and the units of law that stand in it.

    ``law`` is the CFR title that it amends, "" where it does not say; None for a proposal,
    which is no law yet.
    """

    def __init__(self, reading: Reading, law: str | None) -> None:
        super().__init__(reading, None, "", BLOCKS)
        self.law = law
        self.designator = ""
        self.heading = ""
        self.added = 0
        self.number = ""  # E.O. 14407, to cite its sections by
        self.done: list[Node] = []
        self.opened: Node | None = None  # a part or section that what follows belongs to

    def flush(self) -> None:
        """Nest the blocks since the last time, in the unit that is open or in the document."""
        nodes = self.nested()
        self.blocks.clear()
        if self.opened is not None:
            self.opened.children += nodes
        else:
            self.done += nodes

    def begin(self, node: Node) -> None:
        """Open a unit of the document."""
        self.flush()
        self.done.append(node)
        self.opened = node
        self.citation = node.citation if node.kind == "section" else None

    def close(self) -> None:
        """End the unit that is open."""
        self.flush()
        self.opened = self.citation = None

    def name(self, element: etree._Element, *, number: bool = False) -> bool:
        """Take the document's own name, the first time it is met."""
        if self.designator if number else self.heading:
            return False
        text, added = text_of(element, self.reading)
        if number:
            self.designator = text
        else:
            self.heading = text
        self.added += added
        return True


def _subject(element: etree._Element, locator: str, unit: Unit) -> None:
    if not isinstance(unit, Sheet) or not unit.name(element):
        take_paragraph(element, locator, unit)


_PRESIDENTIAL = re.compile(r"(Executive Order|Proclamation|Presidential Determination)\D{0,6}(\d+)")


def _number(element: etree._Element, locator: str, unit: Unit) -> None:
    """``Executive Order 14407 of May 29, 2026``: the number of a presidential document."""
    if not isinstance(unit, Sheet) or not unit.name(element, number=True):
        take_line("metadata")(element, locator, unit)
        return
    found = _PRESIDENTIAL.search(unit.designator)
    if found:
        unit.number = f"{'E.O.' if found[1] == 'Executive Order' else found[1]} {found[2]}"


def _heading(element: etree._Element, locator: str, unit: Unit) -> None:
    """A heading; in a presidential document, which has no SUBJECT, the first is its name."""
    named = isinstance(unit, Sheet) and unit.heading
    if isinstance(unit, Sheet) and unit.designator and not named and is_title(element):
        unit.name(element)
        return
    cfr_blocks.BLOCKS["HD"](element, locator, unit)


_SECTION = re.compile(r"(Section|Sec\.)\s+\d+[A-Za-z]?\s*\.?(?=\s|$)")


def _flush_paragraph(element: etree._Element, locator: str, unit: Unit) -> None:
    """``Sec. 2. Policy. …`` begins a section of an executive order or a proclamation."""
    first = element[0] if len(element) and not (element.text or "").strip() else None
    if isinstance(unit, Sheet) and unit.number and first is not None and first.tag == "E":
        text, italics, marks, added, nested = read_text(element, unit.reading)
        found = _SECTION.match(text)
        if found is None:
            unit.blocks.append(Block("paragraph", text, italics, locator, marks, added=added))
            unit.misplaced(nested, locator)
            return
        start = found.end() + 1
        end = next((b for a, b in italics if a == start), found.end())
        number = re.sub(r"\D", "", found[0])
        cited = f"{unit.number}, sec. {number}"
        unit.reading.sections += 1
        unit.begin(
            Node("section", found[0], text[found.end() : end].strip(), "", cited, locator,
                 added=added)
        )  # fmt: skip
        if text[end:].strip():
            unit.blocks.append(Block("paragraph", text[end:].strip(), None, locator, marks))
        unit.misplaced(nested, locator)
        return
    cfr_blocks.BLOCKS["FP"](element, locator, unit)


def _instruction(element: etree._Element, locator: str, unit: Unit) -> None:
    """What is to be done to the CFR: its numbers are those of the list of changes."""
    text, _, _, added, nested = read_text(element, unit.reading)
    if text:
        node = Node("paragraph", text=text, locator=locator, added=added)
        unit.blocks.append(Block("instruction", node=node))
    unit.misplaced(nested, locator)


def _amended(element: etree._Element, locator: str, unit: Unit) -> None:
    """REGTEXT: changes to one part of the CFR; several in a row of one part are one."""
    if not isinstance(unit, Sheet):
        unit.inside(element, locator)
        return
    title = None if unit.law is None else element.get("TITLE", "").strip() or unit.law
    number = element.get("PART", "").strip()
    cited = cite(title or None, "part", number, "", "") if number else None
    before = unit.opened
    if before is None or before.kind != "part" or before.citation != cited or unit.blocks:
        unit.begin(Node("part", citation=cited, locator=locator))
    law, unit.law = unit.law, title
    unit.inside(element, locator)
    unit.flush()
    unit.law = law


def _part(element: etree._Element, locator: str, unit: Unit) -> None:
    """PART: in an amendment the head of the part; in a proposal the part itself begins."""
    if not isinstance(unit, Sheet):
        cfr_blocks.BLOCKS["PART"](element, locator, unit)
        return
    for child, at in steps(element, locator, unit):
        if is_title(child):
            text, added = text_of(child, unit.reading)
            designator, heading = split_head("part", text, "")
            cited = cite(
                unit.law or None, "part", designator.partition(" ")[2].strip(), designator, ""
            )
            node = unit.opened
            fresh = node is None or node.kind != "part" or node.designator or node.children
            if node is None or fresh or unit.blocks:
                unit.begin(Node("part", designator, heading, "", cited, locator, added=added))
            else:
                node.designator, node.heading, node.added = designator, heading, added
                node.citation = node.citation or cited
        else:
            unit.block(child, at)
    if not len(element):  # "<PART>PART 414—OTHER PART</PART>" of older issues
        take_paragraph(element, locator, unit)


def _unit(element: etree._Element, locator: str, unit: Unit) -> None:
    """A section of the CFR as amended."""
    if not isinstance(unit, Sheet):
        cfr_blocks.BLOCKS[str(element.tag)](element, locator, unit)
        return
    title, unit.reading.title = unit.reading.title, unit.law or None
    above = unit.opened.citation or "" if unit.opened is not None else ""
    node = read_cfr_unit(element, locator, above, unit.reading)
    unit.reading.title = title
    unit.flush()
    (unit.done if unit.opened is None else []).append(node)
    if unit.opened is not None:
        unit.opened.children += (node,)


def _closing(handler: Handler) -> Handler:
    """What stands at the end of a document, behind all law that it amends."""

    def closing(element: etree._Element, locator: str, unit: Unit) -> None:
        if isinstance(unit, Sheet):
            unit.close()
        handler(element, locator, unit)

    return closing


_metadata = take_line("metadata")

BLOCKS: dict[str, Handler] = {
    **cfr_blocks.BLOCKS,
    "HD": _heading,
    "FP": _flush_paragraph,
    "SUBJECT": _subject,
    "REGTEXT": _amended,
    "PART": _part,
    **dict.fromkeys(_UNITS, _unit),
    **dict.fromkeys(("AMDPAR", "AMDINST"), _instruction),
    **dict.fromkeys(
        ("PREAMB", "PTITLE", "AGY", "ACT", "SUM", "DATES", "EFFDATE", "ADD", "FURINF", "SUPLINF",
         "LSTSUB", "EXECORD", "PROCLA", "PRNOTICE", "DETERM", "PRMEMO", "PRORDER", "EXECORDER",
         "OTHER", "ANNEX", "PREAMHD", "CORRECT", "ADMINISTRATIVE", "WIDE", "LDRWK", "AUTHP",
         "HSECT"),
        take_children,
    ),
    **dict.fromkeys(("EXECORDR", "PROC", "PNOTICE", "DETNO", "MEMO", "PRMEMOR", "DETERMN",
                     "ORDER"), _number),
    **dict.fromkeys(("AGENCY", "SUBAGY", "CFR", "DEPDOC", "RIN", "TITLE3", "PRES", "DOCKET",
                     "PARTNO", "UNITNAME", "VOL", "NO", "OLDDATE", "CORRECTNO"),
                    _metadata),
    **dict.fromkeys(("FRDOC", "FILED", "BILCOD", "PSIG", "PLACE", "DATE", "DATED"),
                    _closing(_metadata)),
    "SIG": _closing(take_listing("metadata")),
    **dict.fromkeys(("CNTNTS", "READAID"), take_listing("contents")),
}  # fmt: skip
