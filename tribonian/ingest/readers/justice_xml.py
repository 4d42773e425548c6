"""Canadian federal law as the Department of Justice publishes it: statutes and regulations.

The markup nests: Section, Subsection, Paragraph, Subparagraph, Clause; parts and divisions
are flat Heading elements with a level, which hold what follows them. Vocabulary: the
department's ``regulation-statute-bilingual.dtd`` and its files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO

from lxml import etree

from tribonian.ingest.readers.law_citations import CANADA, cite
from tribonian.ingest.readers.xml_check import check_numbers
from tribonian.ingest.readers.xml_file import attribute, first, parse, plain
from tribonian.ingest.readers.xml_stream import local
from tribonian.ingest.readers.xml_table import table
from tribonian.ingest.readers.xml_text import Dialect, Markup, lead, take_title
from tribonian.ingest.readers.xml_units import (
    flat,
    heading,
    inside,
    line_of,
    paragraph,
    quotation,
    unit_of,
    wrapped,
)
from tribonian.ingest.record import Reading
from tribonian.schemas.tree import Enter, Event, Leave, Node

_UNIT_WORDS = {"part": "part", "division": "subpart", "subdivision": "subject-group",
               "chapter": "chapter", "title": "title"}  # fmt: skip
# "4.1 Principle 1 — Accountability", "4.1.1": numbers that a schedule prints as text
_CLAUSE = re.compile(r"(\d+(?:\.\d+)+)(?:\s+|$)(.*)", re.DOTALL)


def read_justice_xml(file: BinaryIO, reading: Reading) -> Iterator[Event]:
    """The nodes of one statute or regulation; ``reading`` is filled as it goes."""
    root = parse(file, frozenset(("Statute", "Regulation")), "Canadian federal law")
    reading.cites_cfr = False
    reading.as_of = attribute(root, "current-date", "pit-date") or None
    markup = Markup(reading, DIALECT)
    work = _work(root)
    title = first(root, "ShortTitle")
    name = reading.heading = take_title(
        markup, first(root, "LongTitle") if title is None else title
    )
    top: list[Node] = []
    for child, at in markup.steps(root, f"/{local(root)}", top):
        top += markup.block(child, at)
    top = _nested(top)
    check_numbers(top, reading)
    cite(top, work, CANADA)
    reading.count()
    yield Enter(Node("document", "", name, "", work, f"/{local(root)}"))
    yield from top
    yield Leave()


def _work(root: etree._Element) -> str | None:
    """``S.C. 2000, c. 5``, ``R.S.C. 1985, c. A-1``, ``SOR/2019-84``, ``C.R.C., c. 870``."""
    if local(root) == "Regulation":
        number = plain(first(root, "InstrumentNumber"))
        return number or None
    chapter = first(root, "AnnualStatuteId")
    year = number = ""
    revised = False
    if chapter is not None:
        number = plain(first(chapter, "AnnualStatuteNumber"))
        year = plain(first(chapter, "YYYY"))
        revised = attribute(chapter, "revised-statute") == "yes"
    if year and number and not revised:
        return f"S.C. {year}, c. {number}"
    consolidated = plain(first(root, "ConsolidatedNumber"))
    return f"R.S.C. 1985, c. {consolidated or number}" if consolidated or number else None


def _number(text: str) -> str:
    """A number without the asterisk that refers to an editorial note."""
    return text.lstrip("*†‡ ")


class _Head(Node):
    """A flat heading on its way to become a container; ``rank`` is its level."""

    __slots__ = ("rank",)
    rank: int


def _heading(markup: Markup, element: etree._Element, path: str) -> list[Node]:
    """A part, a division, or an italic heading over a group of sections."""
    node = markup.unit(element, path, "heading")
    word = node.designator.split(maxsplit=1)[0].lower() if node.designator else ""
    level = attribute(element, "level")
    head = _Head(
        _UNIT_WORDS.get(word, "subject-group"), node.designator, node.heading, "", None, path,
        node.children, node.added,
    )  # fmt: skip
    head.rank = int(level) if level.isdigit() else 1
    return [head] if not markup.quoted else [node]


def _nested(nodes: list[Node]) -> list[Node]:
    """Flat headings with what follows each, up to the next of its level.

    An unnumbered heading stands under the part or division that is open, even where its
    level is that of the part: the markup is of its looks.
    """
    top: list[Node] = []
    open_heads: list[tuple[int, Node, list[Node]]] = []

    def close(rank: int) -> None:
        while open_heads and open_heads[-1][0] >= rank:
            _, node, children = open_heads.pop()
            node.children = (*node.children, *children)

    for node in nodes:
        if isinstance(node, _Head):
            close(node.rank)
            plain_node = Node(node.kind, node.designator, node.heading, "", None, node.locator,
                              node.children, node.added)  # fmt: skip
            (open_heads[-1][2] if open_heads else top).append(plain_node)
            open_heads.append((node.rank, plain_node, []))
            continue
        if node.kind not in ("section", "paragraph", "note", "history", "footnote", "table"):
            close(0)
        (open_heads[-1][2] if open_heads else top).append(node)
    close(0)
    return top


def _section(markup: Markup, element: etree._Element, path: str) -> list[Node]:
    """A section; the notes on its amendment stand at its end, as they are printed."""
    node = markup.unit(element, path, "section")
    history = tuple(child for child in node.children if child.kind == "history")
    others = tuple(child for child in node.children if child.kind != "history")
    node.children = (*others, *history)
    return [node]


def _definition(markup: Markup, element: etree._Element, path: str) -> list[Node]:
    return [markup.unit(element, path, "definition")]


def _schedule(markup: Markup, element: etree._Element, path: str) -> list[Node]:
    """A schedule: its ScheduleFormHeading has its number, what it belongs to, its title."""
    designator = title = ""
    added = 0
    children: list[Node] = []
    for child, at in markup.steps(element, path, children):
        if local(child) == "ScheduleFormHeading" and not designator and not title:
            node = markup.unit(child, at, "heading")
            designator, title, added = node.designator, node.heading, node.added
            children += node.children
        else:
            children += markup.block(child, at)
    kind = "paragraph" if markup.quoted else "appendix"
    return [Node(kind, designator, title, "", None, path, tuple(_under_headings(children)), added)]


def _group(markup: Markup, element: etree._Element, path: str) -> list[Node]:
    """A heading within a schedule: ``4.1 Principle 1 — Accountability`` is clause 4.1."""
    node = markup.unit(element, path, "heading")
    found = _CLAUSE.fullmatch(node.heading)
    if found and not node.designator:
        return [replace(node, kind="paragraph", designator=found[1], heading=found[2])]
    return [node]


def _provision(markup: Markup, element: etree._Element, path: str) -> list[Node]:
    """A line of a schedule; one that is only a number is that of the provision within it."""
    node = markup.unit(element, path, "paragraph")
    found = _CLAUSE.fullmatch(node.text) if not node.designator else None
    if found and (not found[2] or "." in found[1]):
        node = replace(node, designator=found[1], text=found[2])
        node = lead(node) if not node.text else node
    if not (node.designator or node.heading or node.text):
        return list(node.children)
    return [node]


def _under_headings(children: list[Node]) -> list[Node]:
    """What follows a heading or a clause of a schedule stands under it."""
    out: list[Node] = []
    holder: Node | None = None
    held: list[Node] = []
    inner: Node | None = None

    def close() -> None:
        nonlocal holder
        if holder is not None:
            holder.children = (*holder.children, *held)
            held.clear()
            holder = None

    for node in children:
        is_head = node.kind == "heading" or (
            node.kind == "paragraph" and bool(node.heading) and bool(_CLAUSE.match(node.designator))
        )
        if is_head:
            close()
            inner = None
            out.append(node)
            holder = node
        elif node.kind == "history":
            close()
            inner = None
            out.append(node)
        elif holder is None:
            out.append(node)
        elif _CLAUSE.match(node.designator):
            held.append(node)
            inner = node
        elif inner is not None and node.kind == "paragraph" and node.designator:
            inner.children = (*inner.children, node)
        else:
            held.append(node)
    close()
    return out


def _internal(markup: Markup, element: etree._Element, path: str) -> list[Node]:
    return _under_headings(inside(markup, element, path))


_PLAIN = frozenset(
    ("XRefExternal", "XRefInternal", "DefinedTermEn", "DefinedTermFr", "DefinitionRef", "Repealed",
     "Ins", "Del", "Language", "BaseText", "FormattedFormula", "Separator", "LeaderRightJustified",
     "Leader", "Date",    "MathMLBlock", "Template",
     "FormBlank", "PageRef", "Fraction", "Numerator", "Denominator", "Insert",
    )
)  # fmt: skip
_UNITS = ("Subsection", "Paragraph", "Subparagraph", "Clause", "Subclause", "Subsubclause", "Item",
          "SubItem", "FormulaDefinition", "AmendedContent")  # fmt: skip

DIALECT = Dialect(
    blocks={
        **dict.fromkeys(_UNITS, unit_of("paragraph", _number)),
        **dict.fromkeys(
            (
                "Body",
                "Introduction",
                "Enacts",
                "Order",
                "ReadAsText",
                "TableContainer",
                "List",
                "FormGroup",
                "RegulationPiece",
                "ScheduleFormHeading",
                "FormulaConnector",
                "NoteGroup",
                "OathGroup",
            ),
            inside,
        ),
        **dict.fromkeys(
            (
                "ContinuedSectionSubsection",
                "ContinuedParagraph",
                "ContinuedSubparagraph",
                "ContinuedClause",
                "ContinuedSubclause",
                "ContinuedDefinition",
                "ContinuedFormulaParagraph",
                "Continued",
            ),
            unit_of("paragraph"),
        ),
        "Text": paragraph,
        "Heading": _heading,
        "Section": _section,
        "Definition": _definition,
        "Schedule": _schedule,
        "Preamble": unit_of("subject-group"),
        "DocumentInternal": _internal,
        "GroupHeading": _group,
        "Provision": _provision,
        "HistoricalNote": inside,
        "HistoricalNoteSubItem": line_of("history"),
        "OriginatingRef": line_of("cross-reference"),
        "EnablingAuthority": line_of("authority"),
        "RegistrationDate": line_of("metadata"),
        "Footnote": unit_of("footnote"),
        "Note": line_of("note"),
        "TitleText": heading,
        "MarginalNote": heading,
        "Label": heading,
        "AmendingText": quotation,
        "SectionPiece": quotation,
        "ReadAs": quotation,
        "QuotedText": wrapped("extract"),
        "FormulaGroup": wrapped("formula"),
        "Formula": line_of("formula"),
        "FormulaText": paragraph,
        "FormulaTerm": heading,
        "TableGroup": table,
        "table": table,
        "ImageGroup": wrapped("figure"),
        "Caption": heading,
        "Image": paragraph,
        "BilingualGroup": inside,
        "BilingualItemEn": paragraph,
        "BilingualItemFr": paragraph,
        "CenteredText": paragraph,
        "SignatureBlock": inside,
        "SignatureName": paragraph,
        "SignatureTitle": paragraph,
        "SignatureLine": paragraph,
        "Identification": flat("metadata"),
        "RecentAmendments": flat("metadata"),
        "RelatedProvisions": flat("editorial-note"),
        "TableOfProvisions": flat("contents"),
    },
    inline={
        **dict.fromkeys(_PLAIN, "plain"),
        "Emphasis": "plain",  # bold, small capitals, italic: told by an attribute
        "Sup": "raised",
        "Sub": "lowered",
        "FootnoteRef": "mark",
        **dict.fromkeys(("YYYY", "MM", "DD"), "break"),
        "LineBreak": "break",
        "Image": "image",
    },
    numbers=frozenset(("Label", "FormulaTerm")),
    headings=frozenset(("MarginalNote", "TitleText")),
    identity="id",
)
