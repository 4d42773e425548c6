"""What each element of Akoma Ntoso becomes: one table of element and handler."""

from __future__ import annotations

from collections.abc import Sequence

from lxml import etree

from tribonian.ingest.readers.ecfr_names import split_head
from tribonian.ingest.readers.xml_file import attribute
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
from tribonian.schemas.tree import CONTAINERS, Node
from tribonian.schemas.words import count_words

_BASIC = frozenset(("article", "section", "rule"))
# Hierarchy (specification, 5.6.2) -> kind where it holds units that are cited.
_CONTAINER = {
    "tome": "title", "book": "title", "volume": "title", "title": "title",
    "subtitle": "subtitle", "part": "part", "subpart": "subpart", "chapter": "chapter",
    "subchapter": "subchapter", "division": "subpart", "subdivision": "subject-group",
    "section": "subchapter", "article": "part", "rule": "part", "transitional": "subject-group",
    "subsection": "subject-group", "hcontainer": "subject-group", "level": "subject-group",
}  # fmt: skip


def _holds_units(element: etree._Element) -> bool:
    """Whether units that are cited stand below, not counting those that are quoted."""
    stack = list(element)
    while stack:
        each = stack.pop()
        name = local(each)
        if name in _BASIC or (name == "hcontainer" and attribute(each, "name") in _BASIC):
            return True
        if name not in ("quotedStructure", "embeddedStructure", "p", "attachments"):
            stack += each
    return False


def _hierarchy(markup: Markup, element: etree._Element, path: str) -> list[Node]:
    """A unit of the hierarchy: container, section or paragraph by what it holds and stands in."""
    name = local(element)
    said = attribute(element, "name").lower()
    if name == "hcontainer" and said:
        name = said if said in _CONTAINER or said in _BASIC else name
        if said in ("schedule", "annex", "appendix", "attachment"):
            return _attachment(markup, element, path)
        if said in ("schedules", "annexes", "wrapper", "definitions", "crossheadings"):
            return inside(markup, element, path)
    if name == "level" and "crossheading" in attribute(element, "class").lower():
        name = "hcontainer"
    within = markup.sectioned
    if name in _BASIC and not within and not _holds_units(element):
        markup.sectioned = True
        node = markup.unit(element, path, "section")
        markup.sectioned = False
        return [node]
    if within or name not in _CONTAINER:
        return [markup.unit(element, path, "paragraph")]
    if name in ("level", "hcontainer", "subsection") and not _holds_units(element):
        # a citable unit by another name, or a paragraph of a schedule
        kind = "paragraph" if markup.scheduled or name == "subsection" else "section"
        before = markup.sectioned
        markup.sectioned = True
        node = markup.unit(element, path, kind)
        markup.sectioned = before
        if kind == "section" and not node.designator:
            markup.reading.sections -= 1
            node.kind = "heading" if node.heading else "paragraph"
            return [lead(node)] if node.heading else list(node.children)
        return [node]
    node = markup.unit(element, path, _CONTAINER[name])
    if markup.scheduled and node.kind in CONTAINERS:
        node.kind = "heading"
    node.children = tuple(_grouped(markup, node.children))
    return [node]


def _grouped(markup: Markup, nodes: Sequence[Node]) -> list[Node]:
    """Cross-headings with the units that follow each, up to the next one."""
    out: list[Node] = []
    holder: Node | None = None
    for node in nodes:
        if node.kind == "heading" and not node.designator and not node.children:
            holder = node
            if not (markup.scheduled or markup.quoted):
                node.kind = "subject-group"
            out.append(node)
        elif holder is not None and node.kind not in ("appendix", *CONTAINERS):
            holder.children = (*holder.children, node)
        else:
            holder = None
            out.append(node)
    return out


def _body(markup: Markup, element: etree._Element, path: str) -> list[Node]:
    return _grouped(markup, inside(markup, element, path))


def _attachment(markup: Markup, element: etree._Element, path: str) -> list[Node]:
    """An annex or a schedule: its number is its ``num``, or the first words of its heading."""
    markup.scheduled += 1
    node = markup.unit(element, path, "appendix")
    markup.scheduled -= 1
    if not node.designator:
        designator, rest = split_head("appendix", node.heading, "")
        node.designator, node.heading = designator, rest
    children = list(node.children)
    title = children[0] if children else node
    if not node.heading and title.kind == "heading" and title.heading and not title.designator:
        node.heading, node.added = title.heading, node.added + title.added
        children = [*title.children, *children[1:]]
    node.children = tuple(children)
    return [node]


def _note(markup: Markup, element: etree._Element, path: str) -> list[Node]:
    """A note; its mark is an attribute, which is printed."""
    marker = attribute(element, "marker")
    inner = tuple(inside(markup, element, path))
    node = Node("footnote", marker, locator=path, children=inner, added=count_words(marker))
    return [lead(node)]


def _meta(markup: Markup, element: etree._Element, path: str) -> list[Node]:
    """What is known about the document; most of it is attributes, which are no words of it."""
    nodes: list[Node] = []
    wanted = {
        attribute(each, "href").removeprefix("#")
        for each in element.getroottree().getroot().iterdescendants()
        if local(each) == "noteRef"
    }
    for child, at in markup.steps(element, path, nodes):
        if local(child) == "notes":
            for note, where in markup.steps(child, at, nodes):
                own = attribute(note, "eId", "id", "wId")
                if local(note) != "note":
                    nodes += markup.block(note, where)
                elif own in wanted:
                    continue
                else:
                    markup.notes.pop(own, None)
                    nodes += _note(markup, note, where)
        else:
            nodes += flat("metadata")(markup, child, at)
    return nodes


def _preamble(markup: Markup, element: etree._Element, path: str) -> list[Node]:
    children = tuple(inside(markup, element, path))
    if not any(child.kind == "recital" for node in children for child in node.walk()):
        return list(children)
    return [Node("subject-group", "", "Preamble", locator=path, children=children, added=1)]


def _item(markup: Markup, element: etree._Element, path: str) -> list[Node]:
    node = markup.unit(element, path, "paragraph")
    if not node.designator:
        node.kind = "list-item"
    return [node]


_UNITS: dict[str, Handler] = dict.fromkeys(
    ("article", "section", "rule", "tome", "book", "volume", "title", "subtitle", "part",
     "subpart", "chapter", "subchapter", "division", "subdivision", "subsection",
     "subSection", "transitional", "hcontainer", "level", "paragraph", "subparagraph", "point",
     "indent", "alinea", "clause",
     "subclause", "subrule", "proviso"),
    _hierarchy,
)  # fmt: skip
_INLINE = (
    "b", "u", "a", "span", "ref", "rref", "mref", "mod", "mmod", "rmod", "quotedText",
    "embeddedText", "def", "term", "date", "time", "quantity", "entity", "organization", "person",
    "role", "location", "event", "process", "concept", "object", "ins", "del", "omissis",
    "placeholder", "inline", "abbr", "decoration", "fillIn", "marker", "docType", "docTitle",
    "docNumber", "docDate", "docStage", "docStatus", "docProponent", "docPurpose", "docIntroducer",
    "docAuthority", "docCommittee", "docJurisdiction", "docketNumber", "legislature", "session",
    "shortTitle", "relatedDocument", "signature", "judge", "lawyer", "party", "opinion", "vote",
    "outcome", "argument", "affectedDocument", "change", "neutralCitation", "courtType", "remark",
    "courtType", "strong",
)  # fmt: skip

DIALECT = Dialect(
    blocks={
        **_UNITS,
        **dict.fromkeys(
            (
                "act",
                "bill",
                "doc",
                "statement",
                "officialGazette",
                "documentCollection",
                "judgment",
                "debate",
                "debateReport",
                "amendment",
                "amendmentList",
                "portion",
                "judgmentBody",
                "amendmentBody",
                "collectionBody",
                "portionBody",
                "components",
                "component",
                "preface",
                "conclusions",
                "header",
                "coverPage",
                "content",
                "intro",
                "wrapUp",
                "list",
                "blockContainer",
                "container",
                "attachments",
                "annexes",
                "citations",
                "recitals",
                "introduction",
                "background",
                "motivation",
                "decision",
                "arguments",
                "remedies",
                "blockList",
                "ul",
                "ol",
                "foreign",
                "interstitial",
                "subFlow",
                "componentRef",
                "documentRef",
                "debateBody",
                "amendmentHeading",
                "amendmentContent",
                "amendmentReference",
                "amendmentJustification",
                "div",
                "tblock",
            ),
            inside,
        ),
        "body": _body,
        "mainBody": _body,
        "meta": _meta,
        "toc": flat("contents"),
        "preamble": _preamble,
        "attachment": _attachment,
        "annex": _attachment,
        "recital": unit_of("recital"),
        "citation": paragraph,
        "formula": paragraph,
        **dict.fromkeys(
            (
                "p",
                "block",
                "longTitle",
                "docIntroducer",
                "listIntroduction",
                "listWrapUp",
                "listConclusion",
            ),
            paragraph,
        ),
        "num": heading,
        "heading": heading,
        "subheading": heading,
        "crossHeading": heading,
        "item": _item,
        "li": _item,
        "authorialNote": _note,
        "note": _note,
        "popup": wrapped("note"),
        "remark": line_of("editorial-note"),
        "quotedStructure": quotation,
        "embeddedStructure": quotation,
        "table": table,
        "caption": heading,
        "math": line_of("formula"),
        "img": paragraph,
        "eol": paragraph,
    },
    inline={
        **dict.fromkeys(_INLINE, "plain"),
        "i": "italic",
        "em": "italic",
        "sup": "raised",
        "sub": "lowered",
        "br": "break",
        "eop": "break",
        "eol": "break",
        "img": "image",
        "noteRef": "mark",
        "authorialNote": "note",
        **dict.fromkeys(
            (
                "mrow",
                "mi",
                "mn",
                "mo",
                "msub",
                "msup",
                "mfrac",
                "mtext",
                "mspace",
                "mfenced",
                "msubsup",
                "msqrt",
                "mstyle",
            ),
            "break",
        ),
    },
    numbers=frozenset(("num",)),
    headings=frozenset(("heading",)),
    identity="eId",
)
