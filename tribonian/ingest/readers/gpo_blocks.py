"""Blocks of GPO's XML: what an element may become, whatever the publication.

The eCFR, the annual edition of the CFR and the Federal Register are set from one SGML
vocabulary. Each has a table of its own that gives an element one of these handlers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

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
from tribonian.ingest.readers.ecfr_table import Table
from tribonian.ingest.readers.xml_stream import ENTITY
from tribonian.ingest.record import Reading
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
    element: etree._Element, reading: Reading
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
    note_inline(inline, reading, element)
    reading.take(text)
    reading.words -= inline.added
    return text, tuple(inline.italics), tuple(inline.marks), inline.added, inline.nested


def text_of(element: etree._Element, reading: Reading) -> tuple[str, int]:
    """The text of a line that holds nothing else of interest, and its added words."""
    text, _, _, added, _ = read_text(element, reading)
    return text, added


def note_inline(inline: InlineText, reading: Reading, element: etree._Element) -> None:
    """Add the findings of one paragraph, with the line where it stands."""
    for finding in inline.findings:
        reading.findings.append(replace(finding, locator=f"line {element.sourceline}"))


Handler = Callable[[etree._Element, str, "Unit"], None]


class Unit:
    """Collects the blocks of a section, a note or an extract, element by element.

    ``table`` says what each element becomes.
    """

    def __init__(
        self, reading: Reading, citation: str | None, where: str, table: Mapping[str, Handler]
    ) -> None:
        self.reading = reading
        self.citation = citation
        self.where = where
        self.table = table
        self.blocks: list[Block] = []

    def within(self) -> Unit:
        """A box in this unit, which collects blocks of its own."""
        return Unit(self.reading, None, self.where, self.table)

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
        handler = self.table.get(tag)
        if handler is take_paragraph:
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
            handler = take_children if any(c.tag in self.table for c in element) else take_paragraph
        handler(element, locator, self)

    def misplaced(self, nested: list[tuple[int, etree._Element]], locator: str) -> None:
        """Take the blocks that were found inside a line of text, after that line."""
        for _, child in nested:
            self.block(child, f"{locator}/{step(child)}")

    def inside(self, element: etree._Element, locator: str) -> None:
        """The children of a wrapper, as blocks of this unit."""
        for child, at in steps(element, locator, self):
            self.block(child, at)


def is_title(element: etree._Element) -> bool:
    """Whether an element is the title of the box it stands in: HED, and what replaced it."""
    tag = element.tag
    return tag in ("HED", "HEAD") or (tag == "HD" and element.get("SOURCE") == "HED")


def take_paragraph(element: etree._Element, locator: str, unit: Unit) -> None:
    """A paragraph, with whatever blocks stand in it by mistake."""
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


def take_form_line(element: etree._Element, locator: str, unit: Unit) -> None:
    """A label with a blank to be filled in: its rule is drawn, as on the page."""
    text, _, _, added, nested = read_text(element, unit.reading)
    unit.blocks.append(Block("form-line", f"{text} ________".strip(), None, locator, added=added))
    unit.misplaced(nested, locator)


def take_heading(rank: int) -> Handler:
    """A printed heading; 1 is the highest rank."""

    def handler(element: etree._Element, locator: str, unit: Unit) -> None:
        text, _, marks, added, nested = read_text(element, unit.reading)
        if text:
            unit.blocks.append(Block("heading", text, (), locator, marks, rank, added))
        unit.misplaced(nested, locator)

    return handler


def take_box(kind: str) -> Handler:
    """A box with blocks of its own: NOTE, EXTRACT; its HED or HEAD is its heading."""

    def handler(element: etree._Element, locator: str, unit: Unit) -> None:
        inner = unit.within()
        heading = ""
        added = 0
        for child, at in steps(element, locator, inner):
            if is_title(child) and not heading and not inner.blocks:
                heading, added = text_of(child, unit.reading)
            else:
                inner.block(child, at)
        node = Node(kind, "", heading, "", None, locator, inner.nested(), added)
        unit.blocks.append(Block(kind, node=node))

    return handler


def take_line(kind: str) -> Handler:
    """One line that is ready as it stands: CITA, SECAUTH, XREF."""

    def handler(element: etree._Element, locator: str, unit: Unit) -> None:
        text, _, _, added, nested = read_text(element, unit.reading)
        if text:
            unit.blocks.append(Block(kind, text, None, locator, added=added))
        unit.misplaced(nested, locator)

    return handler


def take_titled(kind: str) -> Handler:
    """HED and one or more PSPACE or P, as one node: ``Authority: 21 U.S.C. 321``."""

    def handler(element: etree._Element, locator: str, unit: Unit) -> None:
        heading = ""
        added = 0
        lines: list[str] = []
        beside = unit.within()
        for child, at in steps(element, locator, beside):
            if is_title(child) and not heading:
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


def take_footnote(element: etree._Element, locator: str, unit: Unit) -> None:
    """A footnote: its raised number is its designator and finds its mark in the text."""
    inner = unit.within()
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


def take_table(table: Table, element: etree._Element, locator: str, unit: Unit) -> None:
    """A table that has been read, with its notes as children."""
    for inline in table.inline:
        note_inline(inline, unit.reading, element)
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


def take_picture(kind: str, element: etree._Element, what: str, locator: str, unit: Unit) -> None:
    """A picture, by the mark that stands for it."""
    mark = image_mark(element, what)
    unit.blocks.append(Block(kind, mark, None, locator, added=count_words(mark)))
    unit.inside(element, locator)


def take_stars(element: etree._Element, locator: str, unit: Unit) -> None:
    """Asterisks, which stand for law that is not repeated."""
    unit.blocks.append(Block("stars", "* * *", None, locator))
    unit.inside(element, locator)


def take_children(element: etree._Element, locator: str, unit: Unit) -> None:
    """A wrapper without meaning of its own."""
    unit.inside(element, locator)


def dated(text: str) -> str | None:
    """The date in a line, as YYYY-MM-DD: ``Dec. 29, 2022``, ``Revised as of October 1, 2011``."""
    found = _DATE.search(text)
    month = _MONTHS.get(found[1].lower()) if found else None
    return f"{found[3]}-{month:02d}-{int(found[2]):02d}" if found and month else None


def take_amendment_date(element: etree._Element, locator: str, unit: Unit) -> None:
    """The date up to which a volume is amended: ``Dec. 29, 2022(fm)``."""
    text, added = text_of(element, unit.reading)
    date = dated(text)
    if date:
        unit.reading.amended = max(date, unit.reading.amended or "")
    if text:
        unit.blocks.append(Block("metadata", text, None, locator, added=added))
