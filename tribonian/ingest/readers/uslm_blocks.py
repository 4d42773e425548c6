"""What the elements of USLM become, once they have the eCFR's names (`uslm_names`).

The levels of a section nest in the markup. For the CFR they are set as printed lines again
and nested by their printed numbers, as every other edition of the CFR is; for other law, whose
schemes of numbers differ, the markup's nesting stands.
"""

from __future__ import annotations

from lxml import etree

from tribonian.ingest.nesting import Block
from tribonian.ingest.readers import cfr_blocks
from tribonian.ingest.readers.ecfr_names import split_head
from tribonian.ingest.readers.gpo_blocks import (
    Handler,
    Unit,
    read_text,
    steps,
    take_children,
    take_line,
    take_paragraph,
    text_of,
)
from tribonian.ingest.readers.gpo_lists import take_listing
from tribonian.ingest.readers.uslm_cite import cite_identifier, path_of
from tribonian.ingest.readers.uslm_names import CONTAINERS, PARAGRAPHS, SECTIONS
from tribonian.ingest.record import Reading
from tribonian.schemas.tree import Node

LEVELS = PARAGRAPHS | frozenset(SECTIONS) | frozenset(CONTAINERS)


class Lines(Unit):
    """The printed lines of one section, each with the path that the markup claims for it."""

    def __init__(self, reading: Reading, citation: str | None, where: str) -> None:
        super().__init__(reading, citation, where, CFR_BLOCKS)
        self.claims: dict[str, str] = {}  # locator -> (a)(1)

    def claim(self, identifier: str) -> str:
        """The locator of a line whose last level has this identifier."""
        at = _named(identifier, self.reading)
        self.claims[at] = path_of(identifier)
        return at


def place(element: etree._Element, path: str, reading: Reading) -> str:
    """An XPath to an element, to be asked for once: by its identifier, else by its place."""
    identifier = element.get("identifier", "")
    if not identifier or "'" in identifier:
        return path
    reading.seen["", identifier] = reading.seen.get(("", identifier), 0) + 1
    return _named(identifier, reading)


def _named(identifier: str, reading: Reading) -> str:
    """The last element with an identifier, which names several by mistake (27 CFR 478.25a)."""
    times = reading.seen.get(("", identifier), 1)
    at = f"//*[@identifier='{identifier}']"
    return at if times == 1 else f"({at})[{times}]"


# -- levels as printed lines ---------------------------------------------------------------


def _take_printed(element: etree._Element, locator: str, unit: Unit) -> None:
    """One level as the line it is printed in, with those that run in; then what is below it."""
    line = element.makeelement("P", {}, None)
    rest: list[etree._Element] = []
    last = _gather(element, line, rest, unit.reading)
    at = unit.claim(last) if isinstance(unit, Lines) and last else locator
    take_paragraph(line, at, unit)
    for child in rest:
        unit.block(child, f"{at}/{child.tag!s}")


def _gather(
    level: etree._Element, line: etree._Element, rest: list[etree._Element], reading: Reading
) -> str:
    """Put what is printed in one breath into a line; the identifier of the last level in it."""
    place(level, "", reading)
    last = level.get("identifier", "")
    last = "" if "'" in last else last
    _add_text(line, level.text)
    for child in list(level):
        tail, child.tail = child.tail, None
        if not rest and child.tag in ("num", "HD", "P"):
            if child.tag == "HD":
                for inner in child.iter("I", "E"):
                    inner.tag = "span"
            child.tag = "I" if child.tag == "HD" else "span"
            line.append(child)
        elif not rest and child.tag in PARAGRAPHS and child.get("class") == "inline":
            last = _gather(child, line, rest, reading) or last
        else:
            rest.append(child)
        _add_text(line, tail)
    return last


def _add_text(line: etree._Element, text: str | None) -> None:
    if text and not text.isspace():
        if len(line):
            line[-1].tail = (line[-1].tail or "") + text
        else:
            line.text = (line.text or "") + text


def check_claims(nodes: tuple[Node, ...], unit: Lines) -> None:
    """Compare where the numbers put each line with where the markup has it."""
    last: dict[str, str] = {}
    stack = [(node, "") for node in reversed(nodes)]
    while stack:
        node, above = stack.pop()
        path = above + node.designator
        if node.kind == "paragraph" and node.designator and node.locator in unit.claims:
            last[node.locator] = path
        stack += [(child, path) for child in reversed(node.children)]
    for locator, path in last.items():
        claimed = unit.claims[locator]
        if path != claimed:
            unit.reading.note(
                "nesting-disagreement",
                f"{unit.where}: the markup names {claimed or 'a paragraph'} what is printed as "
                f"{path}; the printed numbers were followed.",
                locator,
            )


# -- levels as the markup nests them ---------------------------------------------------------


def read_level(
    element: etree._Element, path: str, above: str, reading: Reading, *, quoted: bool = False
) -> Node:
    """A section or one of its levels, with all below it; quoted law is cited by nobody."""
    tag = str(element.tag)
    at = place(element, path, reading)
    kind = "paragraph" if quoted else SECTIONS.get(tag) or CONTAINERS.get(tag) or "paragraph"
    unit = Unit(reading, None, "", BLOCKS)
    designator = heading = ""
    marks: tuple[str, ...] = ()
    added = 0
    for child, below in steps(element, at, unit):
        if child.tag == "num" and not designator:
            designator, more = text_of(child, reading)
            added += more
            if kind in CONTAINERS.values():
                designator = designator.rstrip(" —–-")
            unit.citation = _cited(element, designator, above, reading, quoted)
            unit.where = (unit.citation or designator).strip()
        elif child.tag == "HD" and not heading and not unit.blocks:
            heading, _, marks, more, nested = read_text(child, reading)
            added += more
            unit.misplaced(nested, below)
        elif child.tag in LEVELS:
            node = read_level(child, below, unit.citation or above, reading, quoted=quoted)
            unit.blocks.append(Block("unit", node=node))
        else:
            unit.block(child, below)
    if kind == "section":
        reading.sections += 1
    children = unit.nested(marks)
    text = ""
    if kind == "paragraph" and children and _is_lead(children[0]):
        text, added = children[0].text, added + children[0].added
        children = (*children[0].children, *children[1:])
    return Node(kind, designator, heading, text, unit.citation, at, children, added)


def _is_lead(node: Node) -> bool:
    return node.kind == "paragraph" and not node.designator and not node.heading


def _cited(
    element: etree._Element, designator: str, above: str, reading: Reading, quoted: bool
) -> str | None:
    """The citation of a level: its identifier, unless what is printed says otherwise."""
    if quoted:
        return None
    identifier = element.get("identifier", "")
    printed = designator.strip("()[]§ .")
    cited = cite_identifier(identifier) if identifier else None
    if element.tag not in PARAGRAPHS:
        return cited
    claimed = identifier.rpartition("/")[2]
    if cited and claimed.lower() == printed.lower():
        return cited
    if identifier and claimed.lower() != printed.lower():
        reading.note(
            "nesting-disagreement",
            f"The markup names {claimed} what is printed as {designator} in {above or 'it'}; "
            "the printed number was followed.",
            f"//*[@identifier='{identifier}']",
        )
    return f"{above}({printed})" if above and printed else None


def _take_level(element: etree._Element, locator: str, unit: Unit) -> None:
    above = unit.citation or ""
    node = read_level(element, locator, above, unit.reading, quoted=not above)
    unit.blocks.append(Block("unit", node=node))


# -- boxes ----------------------------------------------------------------------------------


def _box(kind: str) -> Handler:
    """A note, an extract, a source: with a heading or without, of lines or of blocks."""

    def handler(element: etree._Element, locator: str, unit: Unit) -> None:
        at = place(element, locator, unit.reading)
        inner = unit.within()
        heading = ""
        added = 0
        title = _first(element, "HD")
        if title is not None and not (element.text or "").strip():
            heading, added = text_of(title, unit.reading)
            element.text = title.tail
            title.tail = None
            element.remove(title)
        if any((t or "").strip() for t in (element.text, *(child.tail for child in element))):
            text, _, _, more, nested = read_text(element, unit.reading)
            inner.misplaced(nested, at)
            node = Node(kind, "", heading, text, None, at, inner.nested(), added + more)
        else:
            inner.inside(element, at)
            children = inner.nested()
            text = ""
            if kind in _ONE_TEXT and all(_is_lead(c) and not c.children for c in children):
                text = "\n".join(child.text for child in children)
                added += sum(child.added for child in children)
                children = ()
            node = Node(kind, "", heading, text, None, at, children, added)
        unit.blocks.append(Block(kind, node=node))

    return handler


_ONE_TEXT = frozenset(("authority", "source"))


def _first(element: etree._Element, tag: str) -> etree._Element | None:
    return element[0] if len(element) and element[0].tag == tag else None


def _note_line(kind: str) -> Handler:
    """A note that is printed as one line, where it is one; else a box."""
    box, line = _box(kind), take_line(kind)

    def handler(element: etree._Element, locator: str, unit: Unit) -> None:
        blocks = any(child.tag in BLOCKS and child.tag != "span" for child in element)
        (box if blocks else line)(element, locator, unit)

    return handler


def _head_line(element: etree._Element, locator: str, unit: Unit) -> None:
    """A number or a heading that stands apart."""
    take_paragraph(element, locator, unit)


def head_of_container(kind: str, number: str, heading: str) -> tuple[str, str]:
    """The printed number of a container without its dash, and its heading."""
    bare = number.rstrip(" —–-").strip()
    if bare or not heading:
        return bare, heading
    return split_head(kind, heading, "")


_METADATA = ("meta", "preface", "docTitle", "officialTitle", "longTitle", "dc", "attestation",
             "legislativeHistory", "presiding", "action", "currentChamber", "distributionCode",
             "congress", "session", "dcTitle", "docNumber", "docStage", "citableAs", "docketNumber",
             "enactingFormula", "resolvingClause", "signatureDate", "endorsement")  # fmt: skip

# Element, by its eCFR name or its own -> what to make of it.
BLOCKS: dict[str, Handler] = {
    **cfr_blocks.BLOCKS,
    **dict.fromkeys(LEVELS, _take_level),
    "NOTE": _box("note"),
    "EDNOTE": _box("editorial-note"),
    "EFFDNOT": _box("effective-date-note"),
    "CROSSREF": _box("cross-reference"),
    "EXAMPLE": _box("example"),
    "EXTRACT": _box("extract"),
    "quoted": _box("extract"),
    "AUTH": _box("authority"),
    "SOURCE": _box("source"),
    "APPRO": _note_line("approval"),
    "CITA": _note_line("history"),
    "num": _head_line,
    "span": take_paragraph,
    **dict.fromkeys(("statutoryNote", "changeNote", "uscNote", "sidenote"), _box("note")),
    **dict.fromkeys(("figure", "notes", "endMarker", "list", "main", "body", "groupItem",
                     "block", "layout", "appendices",
                     "listItem", "listContent", "listHeading", "container", "page"),
                    take_children),
    **dict.fromkeys(("toc", "index", "backMatter"), take_listing("contents")),
    **dict.fromkeys(_METADATA, take_listing("metadata")),
}  # fmt: skip
CFR_BLOCKS: dict[str, Handler] = {**BLOCKS, **dict.fromkeys(PARAGRAPHS, _take_printed)}
