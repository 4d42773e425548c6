"""What each eCFR element becomes: one table of element and handler.

Vocabulary: "Electronic Code of Federal Regulations XML User Guide", GPO, and the titles of
the versioner API, which mix its upper-case tags with lower-case HTML.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from lxml import etree

from tribonian.errors import DocumentError
from tribonian.ingest.nesting import Block, nest_blocks
from tribonian.ingest.readers.ecfr_inline import (
    InlineText,
    image_mark,
    inline_text,
    plain_text,
)
from tribonian.ingest.readers.ecfr_names import KIND_OF
from tribonian.ingest.readers.ecfr_table import read_table
from tribonian.ingest.scripts import superscript
from tribonian.schemas.finding import Finding
from tribonian.schemas.tree import Node
from tribonian.schemas.words import count_words

_MONTHS = {
    m: n + 1
    for n, m in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
    )
}
_DATE = re.compile(r"([A-Z][a-z]{2})[a-z]*\.?\s(\d{1,2}),\s(\d{4})")


@dataclass(slots=True)
class EcfrReading:
    """What is known beside the nodes; complete when the stream has ended.

    ``amended`` is the latest date up to which a volume says it is amended. ``words`` are
    counted on each block as it is taken from the file, before anything is made of it.
    ``seen`` counts the elements of each name straight in a container, for their locators.
    """

    title: str | None = None
    as_of: str | None = None
    amended: str | None = None
    words: int = 0
    sections: int = 0
    findings: list[Finding] = field(default_factory=list)
    blocks: list[str] = field(default_factory=list)
    seen: dict[tuple[str, str], int] = field(default_factory=dict)

    def take(self, text: str) -> None:
        """Note the text of a block, to be counted."""
        if text:
            self.blocks.append(text)

    def count(self) -> None:
        """Count the blocks taken since the last time."""
        if self.blocks:
            self.words += count_words("\n".join(self.blocks))
            self.blocks.clear()


ENTITY = "It declares entities of its own, which are not expanded; save it without a DTD."


def step(element: etree._Element) -> str:
    """One step of an XPath to an element: by its number where that names it."""
    number = element.get("N")
    if number and element.tag in KIND_OF and "'" not in number:
        return f"{element.tag}[@N='{number}']"
    if element.getparent() is None:
        return str(element.tag)
    tag = str(element.tag)
    place = len(list(element.itersiblings(tag, preceding=True)))
    return f"{tag}[{place + 1}]"


def steps(parent: etree._Element, path: str, unit: Unit) -> Iterator[tuple[etree._Element, str]]:
    """The children of an element, each with its XPath.

    Text that stands beside them, where the feed has none, goes to ``unit`` as paragraphs.
    """
    unit.stray(parent.text, path)
    count: dict[str, int] = {}
    for child in parent:
        tag = child.tag
        if not isinstance(tag, str):
            raise DocumentError(ENTITY)
        if tag in KIND_OF:
            at = f"{path}/{step(child)}"
        else:
            place = count[tag] = count.get(tag, 0) + 1
            at = f"{path}/{tag}[{place}]"
        yield child, at
        tail = child.tail
        if tail and not tail.isspace():
            unit.stray(tail, path)


def read_text(
    element: etree._Element, reading: EcfrReading
) -> tuple[
    str, tuple[tuple[int, int], ...], tuple[str, ...], int, list[tuple[int, etree._Element]]
]:
    """Text, italic spans, footnote marks, added words and misplaced blocks of a paragraph.

    Each misplaced block comes with the length of the text before it.
    """
    text = plain_text(element)
    if text is not None:
        reading.take(text)
        return text, (), (), 0, []
    inline = inline_text(element)
    text = inline.text()
    _note(inline, reading, element)
    reading.take(text)
    reading.words -= inline.added
    return text, tuple(inline.italics), tuple(inline.marks), inline.added, inline.nested


def text_of(element: etree._Element, reading: EcfrReading) -> tuple[str, int]:
    """The text of a line that holds nothing else of interest, and its added words."""
    text, _, _, added, _ = read_text(element, reading)
    return text, added


def _note(inline: InlineText, reading: EcfrReading, element: etree._Element) -> None:
    for finding in inline.findings:
        reading.findings.append(replace(finding, locator=f"line {element.sourceline}"))


class Unit:
    """Collects the blocks of a section, a note or an extract, element by element."""

    def __init__(self, reading: EcfrReading, citation: str | None, where: str) -> None:
        self.reading = reading
        self.citation = citation
        self.where = where
        self.blocks: list[Block] = []

    def nested(self, marks: tuple[str, ...] = ()) -> tuple[Node, ...]:
        """The blocks so far as nested nodes; ``marks`` are footnotes of the heading."""
        return nest_blocks(self.blocks, self.citation, self.reading.findings, self.where, marks)

    def stray(self, text: str | None, locator: str) -> None:
        """Take text that stands where only elements are meant to be."""
        if text and not text.isspace():
            text = " ".join(text.split())
            self.reading.take(text)
            self.blocks.append(Block("paragraph", text, None, locator))

    def block(self, element: etree._Element, locator: str) -> None:
        """Take one element, by the table."""
        tag = element.tag
        if not isinstance(tag, str):
            raise DocumentError(ENTITY)
        handler = BLOCKS.get(tag)
        if handler is _paragraph:
            text = plain_text(element)
            if text is not None:  # nothing inline: the commonest element of all
                if text:
                    self.reading.blocks.append(text)
                    self.blocks.append(Block("paragraph", text, (), locator))
                return
        if handler is None:
            self.reading.findings.append(
                Finding(
                    "unknown-element", f"<{tag}> is not known; its text was kept.", locator=locator
                )
            )
            handler = _descend if any(c.tag in BLOCKS for c in element) else _paragraph
        handler(element, locator, self)

    def misplaced(self, nested: list[tuple[int, etree._Element]], locator: str) -> None:
        """Take the blocks that were found inside a line of text, after that line."""
        for _, child in nested:
            self.block(child, f"{locator}/{step(child)}")

    def inside(self, element: etree._Element, locator: str) -> None:
        """The children of a wrapper, as blocks of this unit."""
        for child, at in steps(element, locator, self):
            self.block(child, at)


def _paragraph(element: etree._Element, locator: str, unit: Unit) -> None:
    text, italics, marks, added, nested = read_text(element, unit.reading)
    start = 0
    for at, child in nested:
        if text[start:at].strip():
            unit.blocks.append(_piece(text, italics, start, at, locator, marks, added))
            marks, added = (), 0
        unit.block(child, f"{locator}/{step(child)}")
        start = at
    if not start:
        if text:
            unit.blocks.append(Block("paragraph", text, italics, locator, marks, added=added))
    elif text[start:].strip():
        unit.blocks.append(_piece(text, italics, start, len(text), locator, marks, added))


def _piece(
    text: str,
    italics: tuple[tuple[int, int], ...],
    start: int,
    end: int,
    locator: str,
    marks: tuple[str, ...],
    added: int,
) -> Block:
    """A stretch of a paragraph before, between or after the blocks misplaced in it."""
    start += len(text[start:end]) - len(text[start:end].lstrip())
    kept = tuple((a - start, b - start) for a, b in italics if start <= a and b <= end)
    return Block("paragraph", text[start:end].rstrip(), kept, locator, marks, added=added)


def _form_line(element: etree._Element, locator: str, unit: Unit) -> None:
    """A label with a blank to be filled in: its rule is drawn, as on the page."""
    text, _, _, added, nested = read_text(element, unit.reading)
    unit.blocks.append(Block("form-line", f"{text} ________".strip(), None, locator, added=added))
    unit.misplaced(nested, locator)


def _heading(rank: int) -> Callable[[etree._Element, str, Unit], None]:
    def handler(element: etree._Element, locator: str, unit: Unit) -> None:
        text, _, marks, added, nested = read_text(element, unit.reading)
        if text:
            unit.blocks.append(Block("heading", text, (), locator, marks, rank, added))
        unit.misplaced(nested, locator)

    return handler


def _wrapped(kind: str) -> Callable[[etree._Element, str, Unit], None]:
    """A box with blocks of its own: NOTE, EXTRACT; its HED or HEAD is its heading."""

    def handler(element: etree._Element, locator: str, unit: Unit) -> None:
        inner = Unit(unit.reading, None, unit.where)
        heading = ""
        added = 0
        for child, at in steps(element, locator, inner):
            if child.tag in ("HED", "HEAD") and not heading and not inner.blocks:
                heading, added = text_of(child, unit.reading)
            else:
                inner.block(child, at)
        node = Node(kind, "", heading, "", None, locator, inner.nested(), added)
        unit.blocks.append(Block(kind, node=node))

    return handler


def _line(kind: str) -> Callable[[etree._Element, str, Unit], None]:
    """One line that is ready as it stands: CITA, SECAUTH, XREF."""

    def handler(element: etree._Element, locator: str, unit: Unit) -> None:
        text, _, _, added, nested = read_text(element, unit.reading)
        if text:
            unit.blocks.append(Block(kind, text, None, locator, added=added))
        unit.misplaced(nested, locator)

    return handler


def _titled(kind: str) -> Callable[[etree._Element, str, Unit], None]:
    """HED and one or more PSPACE or P, as one node: ``Authority: 21 U.S.C. 321``."""

    def handler(element: etree._Element, locator: str, unit: Unit) -> None:
        heading = ""
        added = 0
        lines: list[str] = []
        beside = Unit(unit.reading, None, unit.where)
        for child, at in steps(element, locator, beside):
            if child.tag == "HED" and not heading:
                heading, more = text_of(child, unit.reading)
            elif child.tag in ("PSPACE", "P", "FP", "HD1", "HD2", "HD3"):
                line, more = text_of(child, unit.reading)
                lines.append(line)
            else:
                beside.block(child, at)
                more = 0
            added += more
        text = "\n".join(filter(None, lines))
        node = Node(kind, "", heading, text, None, locator, beside.nested(), added)
        unit.blocks.append(Block(kind, node=node))

    return handler


def _footnote(element: etree._Element, locator: str, unit: Unit) -> None:
    """A footnote: its raised number is its designator and finds its mark in the text."""
    inner = Unit(unit.reading, None, unit.where)
    inner.inside(element, locator)
    mark = element.find(".//SU")
    number = "" if mark is None else " ".join("".join(map(str, mark.itertext())).split())
    designator = ""
    if number and inner.blocks and inner.blocks[0].kind == "paragraph":
        first = inner.blocks[0]
        head, _, rest = first.text.partition(" ")
        printed = inline_text(mark).text() if mark is not None else ""
        raised = superscript(number)
        if head in (raised, printed, f"{raised}.", f"({raised})"):
            designator = head
            shift = len(head) + 1
            italics = tuple((a - shift, b - shift) for a, b in first.italics or () if a >= shift)
            inner.blocks[0] = first._replace(text=rest, italics=italics)
    children = inner.nested()
    text = ""
    added = 0
    if children and children[0].kind == "paragraph" and not children[0].designator:
        text, added = children[0].text, children[0].added
        children = (*children[0].children, *children[1:])
    node = Node("footnote", designator or "", "", text, None, locator, children, added)
    unit.blocks.append(Block("footnote", marks=(number,) if number else (), node=node))


def _table(element: etree._Element, locator: str, unit: Unit) -> None:
    table = read_table(element)
    for inline in table.inline:
        _note(inline, unit.reading, element)
    node = Node(
        "table",
        heading="\n".join(table.captions),
        text=table.markdown,
        locator=locator,
        children=tuple(Node("note", text=note, locator=locator) for note in table.notes),
        added=table.added,
    )
    unit.reading.take("\n".join((*table.captions, table.markdown, *table.notes)))
    unit.reading.words -= table.added
    unit.blocks.append(Block("table", node=node))


def _figure(element: etree._Element, locator: str, unit: Unit) -> None:
    _picture("figure", element, "image", locator, unit)


def _formula(element: etree._Element, locator: str, unit: Unit) -> None:
    """MATH holds a picture of the formula and nothing that could be read (GPO has no MathML)."""
    for child, at in steps(element, locator, unit):
        if child.tag == "img":
            _picture("formula", child, "formula", at, unit)
        else:
            unit.block(child, at)


def _picture(kind: str, element: etree._Element, what: str, locator: str, unit: Unit) -> None:
    mark = image_mark(element, what)
    unit.blocks.append(Block(kind, mark, None, locator, added=count_words(mark)))
    unit.inside(element, locator)


def _stars(element: etree._Element, locator: str, unit: Unit) -> None:
    unit.blocks.append(Block("stars", "* * *", None, locator))
    unit.inside(element, locator)


def _descend(element: etree._Element, locator: str, unit: Unit) -> None:
    unit.inside(element, locator)


def _amendment_date(element: etree._Element, locator: str, unit: Unit) -> None:
    """The date up to which a volume is amended: ``Dec. 29, 2022(fm)``."""
    text, added = text_of(element, unit.reading)
    found = _DATE.search(text)
    if found and found[1].lower() in _MONTHS:
        dated = f"{found[3]}-{_MONTHS[found[1].lower()]:02d}-{int(found[2]):02d}"
        unit.reading.amended = max(dated, unit.reading.amended or "")
    if text:
        unit.blocks.append(Block("metadata", text, None, locator, added=added))


_PARAGRAPHS = (
    "P", "PSPACE", "FP", "FP-1", "FP-2", "FP-3", "FP1", "FP1-2", "FP2", "FP2-2", "FP2-3",
    "P-1", "P-2", "P-3", "P1", "P2", "P3", "FRP", "FRP0", "FL-2", "LI", "PT", "SUBJ1L",
    "SUBJ2L", "SUBJ3L", "SUBJL", "SUBCHIND", "EFTNT", "CHAPNO", "TCAP", "BCAP", "HED",
    "HEAD", "BIBLFULL", "DOCKETHD", "ALPHHD", "SUBJECT1", "SUBJECT2", "PARTHD",
    "SIG", "NAME", "TITLE1", "DATED", "I", "E", "SU", "B",
)  # fmt: skip

# Element -> what to make of it. Anything else becomes a finding and keeps its text.
BLOCKS: dict[str, Callable[[etree._Element, str, Unit], None]] = {
    **dict.fromkeys(_PARAGRAPHS, _paragraph),
    **dict.fromkeys(("FP-DASH", "P-DASH", "HALFDASH"), _form_line),
    "HED1": _heading(1),
    "HD1": _heading(2),
    "HD2": _heading(3),
    "HD3": _heading(4),
    "HD4": _heading(5),
    "HD5": _heading(6),
    "HD6": _heading(7),
    "EXTRACT": _wrapped("extract"),
    "BOXTXT": _wrapped("extract"),
    "SUPERSED": _wrapped("extract"),
    "NOTE": _wrapped("note"),
    "EXAMPLE": _wrapped("example"),
    "CROSSREF": _wrapped("cross-reference"),
    "EDNOTE": _wrapped("editorial-note"),
    "EFFDNOT": _wrapped("effective-date-note"),
    "REVTXT": _wrapped("revised-text"),
    "AUTH": _titled("authority"),
    "SOURCE": _titled("source"),
    "CITA": _line("history"),
    "SECAUTH": _line("authority"),
    "PARAUTH": _line("authority"),
    "APPRO": _line("approval"),
    "XREF": _line("amendment-banner"),
    "FTNT": _footnote,
    "DIV": _descend,
    "TABLE": _table,
    "img": _figure,
    "MATH": _formula,
    "STARS": _stars,
    "SCOL2": _descend,
    "SCOL3": _descend,
    "LDRFIG": _descend,
    "LDRWK": _descend,
    "STYLE": _descend,
    "APP": _descend,
    "AMDDATE": _amendment_date,
    "VOLUME": _amendment_date,
    "HEADER": _wrapped("metadata"),
    "CFRTOC": _wrapped("contents"),
    **dict.fromkeys(
        ("FILEDESC", "TITLESTMT", "PUBLICATIONSTMT", "SERIESSTMT", "PROFILEDESC", "TEXTCLASS",
         "KEYWORDS", "CHAPTI", "SUBTI"),
        _descend,
    ),
    **dict.fromkeys(
        ("TITLE", "AUTHOR", "PUBLISHER", "PUBPLACE", "IDNO", "DATE", "SUBJECT", "PG", "PTHD",
         "SECHD", "SECTNO", "RESERVED", "PART", "APPENDIX"),
        _line("contents"),
    ),
}  # fmt: skip
