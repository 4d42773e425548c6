"""The eCFR in its three XML dialects, as a stream of nodes.

A whole title of the versioner API (root ``ECFR``), one unit of it (the ``DIV`` itself, with
``hierarchy_metadata``) and govinfo's bulk data (root ``DLPSTEXTCLASS``) hold the same
elements. Parts and what stands outside of parts are handed on one at a time and then
freed, so that memory follows the largest part and not the file.

Vocabulary: "Electronic Code of Federal Regulations XML User Guide", GPO.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import BinaryIO

from lxml import etree

from tribonian.errors import DocumentError
from tribonian.ingest.nesting import Block, nest_blocks
from tribonian.ingest.readers.ecfr_inline import (
    InlineText,
    image_mark,
    inline_text,
    plain_text,
)
from tribonian.ingest.readers.ecfr_names import KIND_OF, cite, split_head
from tribonian.ingest.readers.ecfr_table import read_table
from tribonian.schemas.finding import Finding
from tribonian.schemas.tree import Enter, Event, Leave, Node
from tribonian.schemas.words import count_words

# Units larger than a part are streamed: entered, left, and never held whole.
_STREAMED = frozenset(("DIV1", "DIV2", "DIV3", "DIV4"))
_WHOLE = frozenset(("DIV5", "DIV6", "DIV7", "DIV8", "DIV9"))
_OUTER = frozenset(("ECFR", "DLPSTEXTCLASS", "TEXT", "BODY", "ECFRBRWS"))
ROOTS = frozenset(("ECFR", "DLPSTEXTCLASS", *KIND_OF))
_UNITS = _STREAMED | _WHOLE | _OUTER
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
    """

    title: str | None = None
    as_of: str | None = None
    amended: str | None = None
    words: int = 0
    sections: int = 0
    findings: list[Finding] = field(default_factory=list)
    blocks: list[str] = field(default_factory=list)

    def take(self, text: str) -> None:
        if text:
            self.blocks.append(text)

    def count(self) -> None:
        """Count the blocks taken since the last time."""
        if self.blocks:
            self.words += count_words("\n".join(self.blocks))
            self.blocks.clear()


def read_ecfr_xml(file: BinaryIO, reading: EcfrReading) -> Iterator[Event]:
    """Stream the nodes of one eCFR document; ``reading`` is filled as it goes.

    Raises DocumentError, in one sentence, for anything that is not the eCFR's XML.
    """
    events = etree.iterparse(
        file,
        events=("start", "end"),
        tag=tuple(_UNITS),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    before: list[Node] = []  # what stands before the title: the bulk data's header
    stack: list[_Container] = []
    inside = 0  # open elements of a unit that is read whole, when it ends
    seen_root = False
    try:
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
    except etree.XMLSyntaxError as error:
        raise DocumentError(_syntax(error)) from None
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
    dtd = root.getroottree().docinfo.internalDTD
    if dtd is not None and any(True for _ in dtd.iterentities()):
        raise DocumentError(_ENTITY)


def _before(
    element: etree._Element, stack: list[_Container], before: list[Node], reading: EcfrReading
) -> Iterator[Event]:
    """What stands in a container before one of its units begins: its HEAD, its notes."""
    parent = element.getparent()
    if parent is None:
        return
    done = [child for child in parent if child is not element]
    yield from _children(done, stack, before, reading)
    for child in done:
        parent.remove(child)


def _rest(
    element: etree._Element, stack: list[_Container], before: list[Node], reading: EcfrReading
) -> Iterator[Event]:
    """What is left in a container when it ends."""
    yield from _children(list(element), stack, before, reading)
    if element.tag in _STREAMED:
        yield from stack[-1].enter(reading, before)


def _children(
    elements: list[etree._Element],
    stack: list[_Container],
    before: list[Node],
    reading: EcfrReading,
) -> Iterator[Event]:
    container = stack[-1] if stack else None
    unit = _Unit(reading, container.citation if container else None, "")
    for element in elements:
        if element.tag == "HEAD" and container is not None and container.node is None:
            container.read_head(element, reading)
        elif element.tag not in _UNITS:
            path = container.path if container else "/"
            unit.block(element, f"{path}/{step(element)}")
    if container is not None:
        yield from container.enter(reading, before)
    nodes = unit.nested()
    reading.count()
    if container is None:
        before.extend(nodes)
    else:
        yield from nodes


def _free(element: etree._Element) -> None:
    """Forget an element that has been read, and its tail."""
    element.clear(keep_tail=False)


_ENTITY = "It declares entities of its own, which are not expanded; save it without a DTD."


def wrong_root(tag: str) -> str:
    """The sentence for XML that is something else."""
    name = etree.QName(tag).localname
    if name.lower() in ("html", "head", "body", "script"):
        return (
            "It is a web page and not eCFR XML; download it from the eCFR's API "
            "(/api/versioner/v1/full/DATE/title-N.xml)."
        )
    return f"Its outermost element is <{name}>, which is none of the eCFR's; no reader takes it."


def _syntax(error: etree.XMLSyntaxError) -> str:
    line = error.position[0] if error.position else 0
    reason = (error.msg or "it is not XML").split(", line ")[0]
    if "Document is empty" in reason or "Start tag expected" in reason:
        return "It is not XML: no element starts it."
    if "xmlParseEntityDecl" in reason or "ntity" in reason and "amplification" in reason:
        return _ENTITY
    if "Excessive depth" in reason:
        return f"Its elements are nested more than 256 deep at line {line}; no regulation is."
    if "Premature end" in reason or "EndTag" in reason or "end of" in reason.lower():
        return f"The XML breaks off at line {line}; download it again."
    return f"The XML is damaged at line {line} ({reason.strip()}); download it again."


class _Container:
    """A unit larger than a part: known by its HEAD, entered before its first child."""

    def __init__(
        self, element: etree._Element, above: _Container | None, reading: EcfrReading
    ) -> None:
        self.kind = KIND_OF[element.tag]
        self.number = (element.get("N") or "").strip()
        self.path = f"{above.path if above else '/'}/{step(element)}"
        self.above = above.citation or "" if above else ""
        self.citation: str | None = None
        self.node: Node | None = None
        self.entered = False
        if self.kind == "title":
            reading.title = self.number
        _metadata(element, reading)

    def read_head(self, element: etree._Element, reading: EcfrReading) -> None:
        text = _text(element, reading)
        designator, heading = split_head(self.kind, text, self.number)
        self.citation = cite(reading.title, self.kind, self.number, designator, self.above)
        self.node = Node(self.kind, designator, heading, "", self.citation, self.path)

    def enter(self, reading: EcfrReading, saved: list[Node]) -> Iterator[Event]:
        if self.entered:
            return
        self.entered = True
        if self.node is None:
            self.citation = cite(reading.title, self.kind, self.number, "", self.above)
            self.node = Node(self.kind, "", "", "", self.citation, self.path)
        yield Enter(self.node)
        yield from saved
        saved.clear()


def step(element: etree._Element) -> str:
    """One step of an XPath to an element: by its number where that names it."""
    number = element.get("N")
    if number and element.tag in KIND_OF and "'" not in number:
        return f"{element.tag}[@N='{number}']"
    if element.getparent() is None:
        return str(element.tag)
    return f"{element.tag}[{1 + sum(1 for _ in element.itersiblings(element.tag, preceding=True))}]"


def steps(parent: etree._Element, path: str) -> Iterator[tuple[etree._Element, str]]:
    """The children of an element, each with its XPath."""
    count: dict[str, int] = {}
    for child in parent:
        tag = child.tag
        if not isinstance(tag, str):
            raise DocumentError(_ENTITY)
        if tag in KIND_OF:
            yield child, f"{path}/{step(child)}"
        else:
            place = count[tag] = count.get(tag, 0) + 1
            yield child, f"{path}/{tag}[{place}]"


def _metadata(element: etree._Element, reading: EcfrReading) -> None:
    """Read ``hierarchy_metadata``: on parts and subparts its JSON is escaped twice."""
    value = element.get("hierarchy_metadata")
    if not value:
        return
    for text in (value, html.unescape(value)):
        try:
            data = json.loads(text)
        except ValueError:
            continue
        if not isinstance(data, dict):
            return
        found = re.match(r"(\d{1,2}) CFR\b", str(data.get("citation", "")))
        if found and reading.title is None:
            reading.title = found[1]
        dated = re.match(r"/on/(\d{4}-\d{2}-\d{2})/", str(data.get("path", "")))
        if dated and reading.as_of is None:
            reading.as_of = dated[1]
        return


def _unit(element: etree._Element, path: str, above: str, reading: EcfrReading) -> Node:
    """A part, subpart, subject group, section or appendix with all that is in it."""
    _metadata(element, reading)
    kind = KIND_OF[element.tag]
    number = (element.get("N") or "").strip()
    if kind == "section":
        reading.sections += 1
        path = "/"  # a section's number is its own within the title
    locator = f"{path}/{step(element)}"
    designator = heading = ""
    unit = _Unit(reading, None, "")
    first = True
    marks: tuple[str, ...] = ()
    for child, at in steps(element, locator):
        tag = child.tag
        if tag == "HEAD":
            if first:
                head = _read(child, reading)
                text, marks = head[0], head[2]
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
    return Node(kind, designator, heading, "", unit.citation, locator, children)


def _check_number(
    kind: str, number: str, designator: str, locator: str, reading: EcfrReading
) -> None:
    if kind != "section" or not number:
        return
    bare = re.sub(r"[\s§]|Secs?\.|Sections?", "", designator).replace("--", "-")
    if bare != re.sub(r"[\s§]", "", number).replace("--", "-"):
        reading.findings.append(
            Finding(
                "heading-number-mismatch",
                f"The heading prints {designator or 'no number'}, the element says N={number}.",
                locator=locator,
            )
        )


def _read(
    element: etree._Element, reading: EcfrReading
) -> tuple[str, tuple[tuple[int, int], ...], tuple[str, ...], int, list[etree._Element]]:
    """Text, italic spans, footnote marks, added words and misplaced blocks of a paragraph."""
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


def _text(element: etree._Element, reading: EcfrReading) -> str:
    return _read(element, reading)[0]


def _note(inline: InlineText, reading: EcfrReading, element: etree._Element) -> None:
    for finding in inline.findings:
        reading.findings.append(replace(finding, locator=f"line {element.sourceline}"))


class _Unit:
    """Collects the blocks of a section, a note or an extract, element by element."""

    def __init__(self, reading: EcfrReading, citation: str | None, where: str) -> None:
        self.reading = reading
        self.citation = citation
        self.where = where
        self.blocks: list[Block] = []

    def nested(self, marks: tuple[str, ...] = ()) -> tuple[Node, ...]:
        nodes = nest_blocks(self.blocks, self.citation, self.reading.findings, self.where, marks)
        return nodes

    def block(self, element: etree._Element, locator: str) -> None:
        tag = element.tag
        if not isinstance(tag, str):
            raise DocumentError(_ENTITY)
        handler = BLOCKS.get(tag)
        if handler is None:
            self.reading.findings.append(
                Finding(
                    "unknown-element", f"<{tag}> is not known; its text was kept.", locator=locator
                )  # fmt: skip
            )
            handler = _descend if any(c.tag in BLOCKS for c in element) else _paragraph
        handler(element, locator, self)

    def inside(self, element: etree._Element, locator: str) -> None:
        """The children of a wrapper, as blocks of this unit."""
        for child, at in steps(element, locator):
            self.block(child, at)


def _paragraph(element: etree._Element, locator: str, unit: _Unit) -> None:
    text, italics, marks, added, nested = _read(element, unit.reading)
    if text:
        unit.blocks.append(Block("paragraph", text, italics, locator, marks, added=added))
    for child in nested:
        unit.block(child, f"{locator}/{child.tag}")


def _form_line(element: etree._Element, locator: str, unit: _Unit) -> None:
    """A label with a blank to be filled in: its rule is drawn, as on the page."""
    text, _, _, added, nested = _read(element, unit.reading)
    unit.blocks.append(Block("form-line", f"{text} ________".strip(), None, locator, added=added))
    for child in nested:
        unit.block(child, f"{locator}/{child.tag}")


def _heading(rank: int) -> Callable[[etree._Element, str, _Unit], None]:
    def handler(element: etree._Element, locator: str, unit: _Unit) -> None:
        text, _, marks, added, nested = _read(element, unit.reading)
        if text:
            unit.blocks.append(Block("heading", text, (), locator, marks, rank, added))
        for child in nested:
            unit.block(child, f"{locator}/{child.tag}")

    return handler


def _wrapped(kind: str) -> Callable[[etree._Element, str, _Unit], None]:
    """A box with blocks of its own: NOTE, EXTRACT; its HED or HEAD is its heading."""

    def handler(element: etree._Element, locator: str, unit: _Unit) -> None:
        inner = _Unit(unit.reading, None, unit.where)
        heading = ""
        if element.text and element.text.strip():
            text = " ".join(element.text.split())
            unit.reading.take(text)
            inner.blocks.append(Block("paragraph", text, None, locator))
        for child, at in steps(element, locator):
            if child.tag in ("HED", "HEAD") and not heading and not inner.blocks:
                heading = _text(child, unit.reading)
            else:
                inner.block(child, at)
        node = Node(kind, "", heading, "", None, locator, inner.nested())
        unit.blocks.append(Block(kind, node=node))

    return handler


def _line(kind: str) -> Callable[[etree._Element, str, _Unit], None]:
    """One line that is ready as it stands: CITA, SECAUTH, XREF."""

    def handler(element: etree._Element, locator: str, unit: _Unit) -> None:
        text, _, _, added, nested = _read(element, unit.reading)
        if text:
            unit.blocks.append(Block(kind, text, None, locator, added=added))
        for child in nested:
            unit.block(child, f"{locator}/{child.tag}")

    return handler


def _titled(kind: str) -> Callable[[etree._Element, str, _Unit], None]:
    """HED and one or more PSPACE or P, as one node: ``Authority: 21 U.S.C. 321``."""

    def handler(element: etree._Element, locator: str, unit: _Unit) -> None:
        heading = ""
        lines: list[str] = []
        for child, at in steps(element, locator):
            if child.tag == "HED" and not heading:
                heading = _text(child, unit.reading)
            elif child.tag in ("PSPACE", "P", "FP", "HD1", "HD2", "HD3"):
                lines.append(_text(child, unit.reading))
            else:
                unit.block(child, at)
        if element.text and element.text.strip():
            text = " ".join(element.text.split())
            unit.reading.take(text)
            lines.insert(0, text)
        node = Node(kind, "", heading, "\n".join(filter(None, lines)), None, locator)
        unit.blocks.append(Block(kind, node=node))

    return handler


def _footnote(element: etree._Element, locator: str, unit: _Unit) -> None:
    """A footnote: its raised number is its designator and finds its mark in the text."""
    inner = _Unit(unit.reading, None, unit.where)
    inner.inside(element, locator)
    mark = element.find(".//SU")
    number = " ".join("".join(mark.itertext()).split()) if mark is not None else ""
    designator = ""
    if number and inner.blocks and inner.blocks[0].kind == "paragraph":
        first = inner.blocks[0]
        head, _, rest = first.text.partition(" ")
        printed = inline_text(mark).text() if mark is not None else ""
        raised = _raised_mark(number)
        if head in (raised, printed, f"{raised}.", f"({raised})"):
            designator = head
            shift = len(head) + 1
            italics = tuple((a - shift, b - shift) for a, b in first.italics or () if a >= shift)
            inner.blocks[0] = replace(first, text=rest, italics=italics)
    children = inner.nested()
    text = ""
    if children and children[0].kind == "paragraph" and not children[0].designator:
        text, children = children[0].text, (*children[0].children, *children[1:])
    node = Node("footnote", designator or "", "", text, None, locator, children)
    unit.blocks.append(Block("footnote", marks=(number,) if number else (), node=node))


def _raised_mark(number: str) -> str:
    from tribonian.ingest.scripts import superscript

    return superscript(number)


def _table(element: etree._Element, locator: str, unit: _Unit) -> None:
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


def _figure(element: etree._Element, locator: str, unit: _Unit) -> None:
    _picture("figure", element, "image", locator, unit)


def _formula(element: etree._Element, locator: str, unit: _Unit) -> None:
    """MATH holds a picture of the formula and nothing that could be read (GPO has no MathML)."""
    for child, at in steps(element, locator):
        if child.tag == "img":
            _picture("formula", child, "formula", at, unit)
        else:
            unit.block(child, at)


def _picture(kind: str, element: etree._Element, what: str, locator: str, unit: _Unit) -> None:
    mark = image_mark(element, what)
    unit.blocks.append(Block(kind, mark, None, locator, added=count_words(mark)))


def _stars(element: etree._Element, locator: str, unit: _Unit) -> None:
    unit.blocks.append(Block("stars", "* * *", None, locator))


def _descend(element: etree._Element, locator: str, unit: _Unit) -> None:
    if element.text and element.text.strip():
        text = " ".join(element.text.split())
        unit.reading.take(text)
        unit.blocks.append(Block("paragraph", text, None, locator))
    unit.inside(element, locator)


def _amendment_date(element: etree._Element, locator: str, unit: _Unit) -> None:
    """The date up to which a volume is amended: ``Dec. 29, 2022(fm)``."""
    text, *_ = _read(element, unit.reading)
    found = _DATE.search(text)
    if found and found[1].lower() in _MONTHS:
        dated = f"{found[3]}-{_MONTHS[found[1].lower()]:02d}-{int(found[2]):02d}"
        unit.reading.amended = max(dated, unit.reading.amended or "")
    if text:
        unit.blocks.append(Block("metadata", text, None, locator))


_PARAGRAPHS = (
    "P", "PSPACE", "FP", "FP-1", "FP-2", "FP-3", "FP1", "FP1-2", "FP2", "FP2-2", "FP2-3",
    "P-1", "P-2", "P-3", "P1", "P2", "P3", "FRP", "FRP0", "FL-2", "LI", "PT", "SUBJ1L",
    "SUBJ2L", "SUBJ3L", "SUBJL", "SUBCHIND", "EFTNT", "CHAPNO", "TCAP", "BCAP", "HED",
    "HEAD", "BIBLFULL", "DOCKETHD", "ALPHHD", "SUBJECT1", "SUBJECT2", "PARTHD",
    "SIG", "NAME", "TITLE1", "DATED", "I", "E", "SU", "B",
)  # fmt: skip

# Element -> what to make of it. Anything else becomes a finding and keeps its text.
BLOCKS: dict[str, Callable[[etree._Element, str, _Unit], None]] = {
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
