"""What each element of the annual CFR becomes: the eCFR's table, and what is older than it.

Vocabulary: "Code of Federal Regulations XML Rendition User Guide", GPO. The annual edition
collapses HED, HD1 … into ``HD SOURCE=…`` and the flush paragraphs into ``FP SOURCE=…``, and
sets its tables for the press.
"""

from __future__ import annotations

from lxml import etree

from tribonian.ingest.nesting import Block
from tribonian.ingest.readers import ecfr_blocks
from tribonian.ingest.readers.cfr_table import read_gpo_table
from tribonian.ingest.readers.gpo_blocks import (
    Handler,
    Unit,
    steps,
    take_amendment_date,
    take_box,
    take_children,
    take_form_line,
    take_heading,
    take_line,
    take_paragraph,
    take_table,
    text_of,
)
from tribonian.ingest.readers.gpo_lists import take_listing
from tribonian.schemas.tree import Node

# Element -> kind, largest first; a unit stands within one that comes before it.
KIND_OF = {
    "TITLE": "title",
    "SUBTITLE": "subtitle",
    "CHAPTER": "chapter",
    "SUBCHAP": "subchapter",
    "PART": "part",
    "SUBPART": "subpart",
    "SUBJGRP": "subject-group",
    "SECTION": "section",
    "APPENDIX": "appendix",
}
RANK = {"HED": 1, "HED1": 1, "HD1": 2, "HD2": 3, "HD3": 4, "HD4": 5, "HD5": 6, "HD6": 7, "HD8": 7}
_HEADINGS = {source: take_heading(rank) for source, rank in RANK.items()}
_FORM_LINES = frozenset(("FP-DASH", "P-DASH", "HALFDASH"))


def head_of(element: etree._Element) -> list[etree._Element]:
    """The elements that make the printed head of a unit: SECTNO and SUBJECT, or HD."""
    if element.tag == "SECTION":
        wanted: tuple[str, ...] = ("SECTNO", "SUBJECT", "RESERVED")
    else:
        wanted = ("HD", "RESERVED")
    found: list[etree._Element] = []
    for child in element:
        if child.tag in wanted and (child.tag != "HD" or child.get("SOURCE", "HED") == "HED"):
            found.append(child)
            if element.tag != "SECTION" or len(found) == 2:
                break
        elif child.tag not in ("EAR", "PRTPAGE", "SECTNO", "LRH", "RRH"):
            break
    return found


def _heading(element: etree._Element, locator: str, unit: Unit) -> None:
    _HEADINGS.get(element.get("SOURCE", "HED"), _HEADINGS["HD1"])(element, locator, unit)


def _flush(element: etree._Element, locator: str, unit: Unit) -> None:
    if element.get("SOURCE") in _FORM_LINES:
        take_form_line(element, locator, unit)
    else:
        take_paragraph(element, locator, unit)


def _table(element: etree._Element, locator: str, unit: Unit) -> None:
    take_table(read_gpo_table(element), element, locator, unit)


def _picture(kind: str, what: str, name: str) -> Handler:
    """A picture, of which the file has the number of its plate: ``<GID>ER20JY11.005</GID>``."""

    def handler(element: etree._Element, locator: str, unit: Unit) -> None:
        for child, at in steps(element, locator, unit):
            if child.tag == name:
                plate, _ = text_of(child, unit.reading)
                mark = f"[{what}: {plate}]" if plate else f"[{what}]"
                unit.blocks.append(Block(kind, mark, None, at, added=1))
            else:
                unit.block(child, at)

    return handler


def _revised(element: etree._Element, locator: str, unit: Unit) -> None:
    """The text to come, or the text that was: its unit's head is the heading of the box."""
    inner = unit.within()
    heading = ""
    added = 0
    for child, at in steps(element, locator, inner):
        if child.tag in KIND_OF and not heading and not inner.blocks:
            heading, added = _head_text(child, unit)
            _below_head(child, at, inner)
        else:
            inner.block(child, at)
    node = Node("revised-text", "", heading, "", None, locator, inner.nested(), added)
    unit.blocks.append(Block("revised-text", node=node))


def _head_text(element: etree._Element, unit: Unit) -> tuple[str, int]:
    parts = [text_of(each, unit.reading) for each in head_of(element)]
    return " ".join(text for text, _ in parts if text), sum(added for _, added in parts)


def _below_head(element: etree._Element, locator: str, unit: Unit) -> None:
    head = head_of(element)
    for child, at in steps(element, locator, unit):
        if child not in head:
            unit.block(child, at)


def _quoted_unit(element: etree._Element, locator: str, unit: Unit) -> None:
    """A unit in a box, where it is no law of its own: its head is a heading."""
    heading, added = _head_text(element, unit)
    if heading:
        rank = list(KIND_OF).index(str(element.tag)) - len(KIND_OF)
        unit.blocks.append(Block("heading", heading, (), locator, (), 8 + rank, added))
    _below_head(element, locator, unit)


# Element -> what to make of it. Anything else becomes a finding and keeps its text.
BLOCKS: dict[str, Handler] = {
    **ecfr_blocks.BLOCKS,
    **dict.fromkeys(KIND_OF, _quoted_unit),
    "HD": _heading,
    "HED": take_heading(1),
    "FP": _flush,
    "GPOTABLE": _table,
    "GPH": _picture("figure", "image", "GID"),
    "MATH": _picture("formula", "formula", "MID"),
    "REVTXT": _revised,
    "EFFDNOTP": take_box("effective-date-note"),
    "AMDDATE": take_amendment_date,
    "SECTNO": take_paragraph,
    "SUBJECT": take_paragraph,
    "RESERVED": take_paragraph,
    "IPAR": take_children,
    "SIG": take_children,
    "PRTPAGE": take_children,
    **dict.fromkeys(("EAR", "LRH", "RRH"), take_line("running-head")),
    **dict.fromkeys(("CFRTITLE", "CONTENTS", "TOC", "CFRTOC", "SUPPLPUB", "FAIDS", "TOCTAC",
                     "ALPHLIST", "OMBNOS", "LSA", "INCORP", "REDTAB"),
                    take_listing("contents")),
    **dict.fromkeys(("TITLEPG", "BTITLE", "CITE", "EXPLA", "THISTITL", "FDSYS"),
                    take_listing("metadata")),
    **dict.fromkeys(("FMTR", "BMTR"), take_children),
}  # fmt: skip
