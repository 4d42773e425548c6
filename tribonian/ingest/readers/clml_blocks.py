"""What each element of Crown Legislation Markup becomes: one table of element and handler."""

from __future__ import annotations

import re
from dataclasses import replace

from lxml import etree

from tribonian.ingest.readers.xml_file import attribute, first, plain
from tribonian.ingest.readers.xml_stream import local
from tribonian.ingest.readers.xml_table import table
from tribonian.ingest.readers.xml_text import Dialect, Handler, Markup, lead
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
from tribonian.schemas.tree import Node
from tribonian.schemas.words import count_words


def roman(number: str) -> str:
    """Local Acts have chapters in small roman numerals."""
    value, out = int(number) if number.isdigit() else 0, ""
    for worth, letters in (
        (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"),
        (1, "I"),
    ):  # fmt: skip
        while value >= worth:
            out += letters
            value -= worth
    return out or number


def _bracketed(text: str) -> str:
    """``1`` as it is printed, ``(1)``; the files have the bare number."""
    return text if not text or text.startswith("(") or " " in text else f"({text})"


def _p1(markup: Markup, element: etree._Element, path: str) -> list[Node]:
    """A section, regulation, rule or article; in a schedule a paragraph."""
    return [markup.unit(element, path, "paragraph" if markup.scheduled else "section")]


def _group(markup: Markup, element: etree._Element, path: str) -> list[Node]:
    """A heading with the sections under it; it is the heading of one alone."""
    node = markup.unit(element, path, "subject-group")
    units = [child for child in node.children if child.kind in ("section", "paragraph")]
    if not node.designator and len(units) == 1 and units[0].designator and not units[0].heading:
        unit = units[0]
        unit.heading, unit.added = node.heading, unit.added + node.added
        return list(node.children)
    if markup.scheduled or markup.quoted:
        node.kind = "heading"
    if not node.heading and not node.designator:
        return list(node.children)
    return [node]


def _container(kind: str) -> Handler:
    """A part, chapter or cross-heading: within a schedule it is a heading of that."""

    def handler(markup: Markup, element: etree._Element, path: str) -> list[Node]:
        node = markup.unit(element, path, kind)
        if markup.scheduled:
            node.kind = "heading"
        return [node]

    return handler


def _schedule(markup: Markup, element: etree._Element, path: str) -> list[Node]:
    """A schedule: Number, TitleBlock, Reference, ScheduleBody."""
    markup.scheduled += 1
    node = markup.unit(element, path, "appendix")
    markup.scheduled -= 1
    title = node.children[0] if node.children else node
    if not node.heading and title.kind == "heading" and not title.designator and not title.text:
        # Title and Subtitle stand in a TitleBlock
        node.heading, node.added = title.heading, node.added + title.added
        node.children = (*title.children, *node.children[1:])
    return [node]


# “widget” means …; “oil” and “fat” have the same meaning as …
_DEFINES = re.compile(r"[“\"][^”\"]{1,100}[”\"].{0,120}?\b(?:means?|ha(?:s|ve) the|includes?)\b")


def _ordered(markup: Markup, element: etree._Element, path: str) -> list[Node]:
    """A numbered list; its numbers are those of its type, which the file does not print."""
    nodes: list[Node] = []
    start = attribute(element, "StartNumber")
    place = int(start) if start.isdigit() and len(start) < 6 else 1
    for child, at in markup.steps(element, path, nodes):
        if local(child) != "ListItem":
            nodes += markup.block(child, at)
            continue
        designator = _item_number(element, child, place)
        place += 1
        children = tuple(inside(markup, child, at))
        node = Node(
            "paragraph", designator, locator=at, children=children, added=count_words(designator)
        )
        nodes.append(lead(node))
    return nodes


def _item(markup: Markup, element: etree._Element, path: str) -> list[Node]:
    """An item of a list without numbers: a definition, where it begins with its term."""
    children = tuple(inside(markup, element, path))
    text = first(element, "Text")
    term = first(text, "Term", "Definition") if text is not None else None
    defines = bool(_DEFINES.match(plain(text)[:400])) or (
        term is not None and re.match(r"[“\"‘(]?\s*$", _before(text, term)) is not None
    )
    return [lead(Node("definition" if defines else "list-item", locator=path, children=children))]


def _before(text: etree._Element | None, term: etree._Element) -> str:
    """The text of an element before one that stands in it."""
    if text is None or term.getparent() is not text:
        return "…"
    return (text.text or "") + "".join(
        plain(each) + (each.tail or "") for each in term.itersiblings(preceding=True)
    )


def _item_number(parent: etree._Element, element: etree._Element, place: int) -> str:
    own = attribute(element, "NumberOverride")
    kind = attribute(parent, "Type")
    if own:
        number = own
    elif kind in ("alpha", "alphaupper"):
        number = _letters(place)
    elif kind in ("roman", "romanupper"):
        number = roman(str(place)).lower()
    else:
        number = str(place)
    number = number.upper() if kind.endswith("upper") else number
    around = {"parens": "({})", "parenRight": "{})", "brackets": "[{}]", "period": "{}.",
              "colon": "{}:", "none": "{}"}  # fmt: skip
    return around.get(attribute(parent, "Decoration"), "({})").format(number)


def _letters(place: int) -> str:
    letter = chr(ord("a") + (place - 1) % 26)
    return letter * ((place - 1) // 26 + 1)


def _appended(markup: Markup, element: etree._Element, path: str) -> list[Node]:
    """What is printed behind the closing quotation mark of an insertion: ``.``, ``; and``."""
    return [replace(node, joined=True) for node in paragraph(markup, element, path)]


def _with_marks(nodes: list[Node]) -> list[Node]:
    """A full stop behind an insertion as the last character of that."""
    out: list[Node] = []
    for node in nodes:
        if node.joined and out and out[-1].kind == "extract" and not count_words(node.text):
            last = list(out[-1].walk())[-1]
            last.text = f"{last.text}{node.text}"
        else:
            out.append(node)
    return out


def _para(markup: Markup, element: etree._Element, path: str) -> list[Node]:
    """What stands beside a number: P1para, P2para …"""
    return _with_marks(inside(markup, element, path))


def _left(markup: Markup, element: etree._Element, path: str) -> list[Node]:
    """The notes at the end to which no mark refers."""
    nodes: list[Node] = []
    for child, at in markup.steps(element, path, nodes):
        if local(child) not in NOTES:
            nodes += markup.block(child, at)
        elif str(child.get("id")) in markup.notes or not child.get("id"):
            markup.notes.pop(str(child.get("id")), None)
            nodes += markup.block(child, at)
    return nodes


NOTES = frozenset(("Footnote", "Commentary", "MarginNote"))
_MATHML = ("math", "mrow", "mi", "mn", "mo", "msub", "msup", "mfrac", "mtext", "mspace", "mfenced",
           "msubsup", "msqrt", "mstyle", "munder", "mover", "munderover", "mtable", "mtr", "mtd",
           "semantics", "mpadded", "mphantom", "menclose", "mroot")  # fmt: skip

DIALECT = Dialect(
    blocks={
        **dict.fromkeys(
            (
                "Primary",
                "Secondary",
                "EURetained",
                "Body",
                "EUBody",
                "Schedules",
                "ScheduleBody",
                "PrimaryPrelims",
                "SecondaryPrelims",
                "EUPrelims",
                "PrimaryPreamble",
                "SecondaryPreamble",
                "EUPreamble",
                "IntroductoryText",
                "EnactingText",
                "EnactingTextOmitted",
                "BlockText",
                "Appendices",
                "AppendixBody",
                "SignedSection",
                "Signatory",
                "Signee",
                "Address",
                "DateSigned",
                "UnorderedList",
                "KeyList",
                "FragmentNumber",
                "FragmentTitle",
                "RoyalPresence",
                "FootnoteText",
                "Resources",
                "Versions",
                "Version",
                "Attachments",
                "AttachmentGroup",
                "Attachment",
                "Publication",
                "Draft",
                "Resource",
                "InternalVersion",
                "ExternalVersion",
                "Where",
                "EarlierOrders",
                "IncludedDocument",
                "Form",
                "Correction",
                "Annotations",
                "Rubric",
            ),
            inside,
        ),
        **dict.fromkeys(
            ("P", "Para", "P1para", "P2para", "P3para", "P4para", "P5para", "P6para", "P7para"),
            _para,
        ),
        "Metadata": flat("metadata"),
        "Contents": flat("contents"),
        "Part": _container("part"),
        "Chapter": _container("chapter"),
        "Pblock": _container("subject-group"),
        "PsubBlock": _container("subject-group"),
        "Group": _container("title"),
        "EUPart": _container("part"),
        "EUTitle": _container("title"),
        "EUChapter": _container("chapter"),
        "EUSection": _container("subchapter"),
        "EUSubsection": _container("subject-group"),
        "Division": unit_of("paragraph"),
        "Recitals": unit_of("subject-group"),
        "Recital": unit_of("recital"),
        "Citations": inside,
        "Citation": paragraph,
        "P1group": _group,
        "P1": _p1,
        "P2group": unit_of("heading"),
        "P3group": unit_of("heading"),
        "P4group": unit_of("heading"),
        "P2": unit_of("paragraph", _bracketed),
        "P3": unit_of("paragraph", _bracketed),
        "P4": unit_of("paragraph", _bracketed),
        "P5": unit_of("paragraph", _bracketed),
        "P6": unit_of("paragraph", _bracketed),
        "P7": unit_of("paragraph", _bracketed),
        "Schedule": _schedule,
        "Appendix": _schedule,
        "Abstract": unit_of("note"),
        "TitleBlock": unit_of("heading"),
        "Reference": line_of("cross-reference"),
        "Title": heading,
        "Subtitle": heading,
        "MultilineTitle": heading,
        "Number": line_of("metadata"),
        "Pnumber": heading,
        "SubjectInformation": flat("metadata"),
        **dict.fromkeys(
            (
                "DateOfEnactment",
                "DateText",
                "ISBN",
                "Approved",
                "LaidDraft",
                "MadeDate",
                "LaidDate",
                "ComingIntoForce",
                "Correction",
                "PrintedInformation",
                "SiftedDate",
                "AppliedDate",
                "Expiry",
            ),
            flat("metadata"),
        ),
        **dict.fromkeys(
            (
                "Text",
                "LongTitle",
                "PersonName",
                "JobTitle",
                "Department",
                "AddressLine",
                "LSseal",
                "Resolution",
                "Caption",
                "Comment",
                "Correspondence",
                "Key",
            ),
            paragraph,
        ),
        "AppendText": _appended,
        "OrderedList": _ordered,
        "ListItem": _item,
        "KeyListItem": inside,
        "BlockAmendment": quotation,
        "BlockExtract": quotation,
        "Footnotes": _left,
        "Commentaries": _left,
        "MarginNotes": _left,
        "Footnote": wrapped("footnote"),
        "MarginNote": wrapped("note"),
        "Commentary": wrapped("editorial-note"),
        "ExplanatoryNotes": unit_of("note"),
        "ExplanatoryNote": unit_of("note"),
        "Tabular": table,
        "table": table,
        "Figure": wrapped("figure"),
        "Image": paragraph,
        "Formula": inside,
        "math": line_of("formula"),
    },
    inline={
        **dict.fromkeys(
            (
                "Strong",
                "SmallCaps",
                "Underline",
                "Uppercase",
                "Expanded",
                "Strike",
                "Citation",
                "CitationSubRef",
                "CitationListRef",
                "InternalLink",
                "ExternalLink",
                "Term",
                "Definition",
                "Proviso",
                "Abbreviation",
                "Acronym",
                "Addition",
                "Substitution",
                "Repeal",
                "InlineAmendment",
                "Span",
                "Deleted",
                "Inline",
                "KeyName",
                "LinkedText",
                "Date",
                "a",
                "span",
            ),
            "plain",
        ),
        "Emphasis": "italic",
        "em": "italic",
        "i": "italic",
        "Superior": "raised",
        "sup": "raised",
        "Inferior": "lowered",
        "sub": "lowered",
        "Character": "break",
        "br": "break",
        **dict.fromkeys(_MATHML, "break"),
        "Image": "image",
        "img": "image",
        "FootnoteRef": "mark",
        "CommentaryRef": "mark",
        "MarginNoteRef": "mark",
    },
    numbers=frozenset(("Number", "Pnumber")),
    headings=frozenset(("Title",)),
    identity="id",
)
