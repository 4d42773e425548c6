"""What each eCFR element becomes: one table of element and handler.

Vocabulary: "Electronic Code of Federal Regulations XML User Guide", GPO, and the titles of
the versioner API, which mix its upper-case tags with lower-case HTML.
"""

from __future__ import annotations

from lxml import etree

from tribonian.ingest.readers.ecfr_table import read_table
from tribonian.ingest.readers.gpo_blocks import (
    Handler,
    Unit,
    steps,
    take_amendment_date,
    take_box,
    take_children,
    take_footnote,
    take_form_line,
    take_heading,
    take_line,
    take_paragraph,
    take_picture,
    take_stars,
    take_table,
    take_titled,
)
from tribonian.ingest.readers.xml_stream import ENTITY as ENTITY


def _table(element: etree._Element, locator: str, unit: Unit) -> None:
    take_table(read_table(element), element, locator, unit)


def _figure(element: etree._Element, locator: str, unit: Unit) -> None:
    take_picture("figure", element, "image", locator, unit)


def _formula(element: etree._Element, locator: str, unit: Unit) -> None:
    """MATH holds a picture of the formula and nothing that could be read (GPO has no MathML)."""
    for child, at in steps(element, locator, unit):
        if child.tag == "img":
            take_picture("formula", child, "formula", at, unit)
        else:
            unit.block(child, at)


_PARAGRAPHS = (
    "P", "PSPACE", "FP", "FP-1", "FP-2", "FP-3", "FP1", "FP1-2", "FP2", "FP2-2", "FP2-3",
    "P-1", "P-2", "P-3", "P1", "P2", "P3", "FRP", "FRP0", "FL-2", "LI", "PT", "SUBJ1L",
    "SUBJ2L", "SUBJ3L", "SUBJL", "SUBCHIND", "EFTNT", "CHAPNO", "TCAP", "BCAP", "HED",
    "HEAD", "BIBLFULL", "DOCKETHD", "ALPHHD", "SUBJECT1", "SUBJECT2", "PARTHD",
    "SIG", "NAME", "TITLE1", "DATED", "I", "E", "SU", "B",
)  # fmt: skip

# Element -> what to make of it. Anything else becomes a finding and keeps its text.
BLOCKS: dict[str, Handler] = {
    **dict.fromkeys(_PARAGRAPHS, take_paragraph),
    **dict.fromkeys(("FP-DASH", "P-DASH", "HALFDASH"), take_form_line),
    "HED1": take_heading(1),
    "HD1": take_heading(2),
    "HD2": take_heading(3),
    "HD3": take_heading(4),
    "HD4": take_heading(5),
    "HD5": take_heading(6),
    "HD6": take_heading(7),
    "EXTRACT": take_box("extract"),
    "BOXTXT": take_box("extract"),
    "SUPERSED": take_box("extract"),
    "NOTE": take_box("note"),
    "EXAMPLE": take_box("example"),
    "CROSSREF": take_box("cross-reference"),
    "EDNOTE": take_box("editorial-note"),
    "EFFDNOT": take_box("effective-date-note"),
    "REVTXT": take_box("revised-text"),
    "AUTH": take_titled("authority"),
    "SOURCE": take_titled("source"),
    "CITA": take_line("history"),
    "SECAUTH": take_line("authority"),
    "PARAUTH": take_line("authority"),
    "APPRO": take_line("approval"),
    "XREF": take_line("amendment-banner"),
    "FTNT": take_footnote,
    "DIV": take_children,
    "TABLE": _table,
    "img": _figure,
    "MATH": _formula,
    "STARS": take_stars,
    "SCOL2": take_children,
    "SCOL3": take_children,
    "LDRFIG": take_children,
    "LDRWK": take_children,
    "STYLE": take_children,
    "APP": take_children,
    "AMDDATE": take_amendment_date,
    "VOLUME": take_amendment_date,
    "HEADER": take_box("metadata"),
    "CFRTOC": take_box("contents"),
    **dict.fromkeys(
        ("FILEDESC", "TITLESTMT", "PUBLICATIONSTMT", "SERIESSTMT", "PROFILEDESC", "TEXTCLASS",
         "KEYWORDS", "CHAPTI", "SUBTI"),
        take_children,
    ),
    **dict.fromkeys(
        ("TITLE", "AUTHOR", "PUBLISHER", "PUBPLACE", "IDNO", "DATE", "SUBJECT", "PG", "PTHD",
         "SECHD", "SECTNO", "RESERVED", "PART", "APPENDIX"),
        take_line("contents"),
    ),
}  # fmt: skip
