"""USLM by the names of the eCFR: one table, so that both are read by the same handlers.

USLM is the markup of the United States Code, of public laws and of GPO's newer CFR. Its CFR
was converted from the SGML that the eCFR and the annual edition come from, and its classes
and styles still say so: ``class="-gpo-grid-5-2"`` is ``E T="52"``.

Vocabulary: "United States Legislative Markup, User Guide for the USLM Schema", and the
schema itself (https://github.com/usgpo/uslm).
"""

from __future__ import annotations

import re

from lxml import etree

from tribonian.ingest.readers.xml_stream import local

# Levels that hold sections, each with its kind in the tree.
CONTAINERS = {
    "title": "title",
    "division": "title",
    "subtitle": "subtitle",
    "subdivision": "subtitle",
    "chapter": "chapter",
    "subchapter": "subchapter",
    "part": "part",
    "subpart": "subpart",
    "level": "subject-group",
    "courtRules": "chapter",
    "reorganizationPlans": "chapter",
    "compiledAct": "chapter",
}
SECTIONS = {
    "section": "section",
    "article": "section",
    "courtRule": "section",
    "reorganizationPlan": "section",
    "appendix": "appendix",
    "schedule": "appendix",
}
# Levels below the section; their numbers are printed with brackets.
PARAGRAPHS = frozenset(
    ("subsection", "subarticle", "paragraph", "subparagraph", "clause", "subclause", "item",
     "subitem", "subsubitem", "rule", "subrule", "preamble", "recital")
)  # fmt: skip

# What stands within a line.
_INLINE = {
    **dict.fromkeys(
        ("ref", "date", "term", "entity", "quotedText", "shortTitle", "def", "span", "marker",
         "amendingAction", "approvedDate", "headingText", "organization", "committee", "sponsor",
         "person", "location", "property", "autonumber", "elided", "del", "ins", "fillIn",
         "inlineFootnote", "checkBox", "docArticle", "popularName", "inline"),
        "span",
    ),
    "math": "span",
}  # fmt: skip
_TABLE = {
    "table": "TABLE",
    "thead": "THEAD",
    "tbody": "TBODY",
    "tfoot": "TFOOT",
    "tr": "TR",
    "td": "TD",
    "th": "TH",
    "caption": "CAPTION",
    "layout": "TABLE",
    "header": "THEAD",
    "row": "TR",
    "column": "TD",
}
_BLOCKS = {
    **dict.fromkeys(("p", "content", "chapeau", "continuation", "proviso", "subheading"), "P"),
    **dict.fromkeys(("quotedContent", "quotedBlock"), "quoted"),
    **dict.fromkeys(("sourceCredit", "source"), "CITA"),
    "authority": "AUTH",
    "editorialNote": "EDNOTE",
    "effectiveDateNote": "EFFDNOT",
    "crossReferenceNote": "CROSSREF",
    "footnote": "FTNT",
    "heading": "HD",
    "ear": "EAR",
    "leftRunningHead": "LRH",
    "rightRunningHead": "RRH",
    "formula": "MATH",
    "crossHeading": "HD2",
    "signatures": "SIG",
    "signature": "SIG",
}
_NAMES = {**_INLINE, **_TABLE, **_BLOCKS}
_GRID = re.compile(r"-gpo-grid-(\d)-(\d)")
# <note>, by its role or by the SGML element it was converted from.
_NOTES = {
    "approval": "APPRO",
    "APPRO": "APPRO",
    "example": "EXAMPLE",
    "EXAMPLE": "EXAMPLE",
    "EXTRACT": "EXTRACT",
    "crossReference": "CROSSREF",
    "CROSSREF": "CROSSREF",
    "EFFDNOT": "EFFDNOT",
    "EDNOTE": "EDNOTE",
}
_STYLE = re.compile(r"-uslm-sgm:([\w.\-]+)")


def translate(element: etree._Element) -> None:
    """Give an element and all below it the names by which they are read."""
    for each in list(element.iter()):
        name = local(each)
        each.text, each.tail = _plain_spaces(each.text), _plain_spaces(each.tail)
        special = _SPECIAL.get(name)
        each.tag = special(each) if special is not None else _NAMES.get(name, name)
    for each in list(element.iter("FTNT")):
        _mark_first(each)


# "§\u202f1." is printed with a thin space that does not break; other editions have a common one.
_SPACES = str.maketrans({"\u2009": " ", "\u202f": " ", "\xa0": " ", "\u2002": " ", "\u2003": " "})


def _plain_spaces(text: str | None) -> str | None:
    return text if text is None or text.isascii() else text.translate(_SPACES)


def _inline(element: etree._Element) -> str:
    if element.get("role") == "fraction":
        return "FR"
    found = _GRID.search(element.get("class") or "")
    if found:
        element.set("T", found[1] + found[2])
        return "E"
    classes = (element.get("class") or "").split()
    if "italic" in classes:
        return "I"
    return "E" if _set_code(element, classes) else "span"


def _set_code(element: etree._Element, classes: list[str]) -> bool:
    for name, code in (("smallCaps", "04"), ("superscript", "51"), ("subscript", "52")):
        if name in classes:
            element.set("T", code)
            return True
    return False


def _reference(element: etree._Element) -> str:
    """A reference is text; one to a footnote is its raised mark."""
    raised = _style(element) == "SU" or "footnoteRef" in (element.get("class") or "")
    if not raised or not element.get("idref"):
        return "span"
    behind = element.makeelement("FTREF", {}, None)
    behind.tail, element.tail = element.tail, None
    element.addnext(behind)
    return "SU"


def _note(element: etree._Element) -> str:
    if element.get("type") == "footnote":
        return "FTNT"
    for name in (element.get("role") or "", _style(element), element.get("topic") or ""):
        if name in _NOTES:
            return _NOTES[name]
    return "NOTE"


def _source(element: etree._Element) -> str:
    """The source note of a part has a heading; that of a section stands in brackets."""
    return "SOURCE" if _has_heading(element) else "CITA"


def _authority(element: etree._Element) -> str:
    return "AUTH" if _has_heading(element) else "SECAUTH"


def _has_heading(element: etree._Element) -> bool:
    return any(local(child) == "heading" for child in element if isinstance(child.tag, str))


def _heading(element: etree._Element) -> str:
    style = _style(element)
    element.set("SOURCE", style if style in ("HD1", "HD2", "HD3", "HD4", "HD5") else "HED")
    return "HD"


def _column(element: etree._Element) -> str:
    parent = element.getparent()
    return "column" if parent is not None and local(parent) == "tocItem" else "TD"


def _layout(element: etree._Element) -> str:
    parent = element.getparent()
    return "list" if parent is not None and local(parent) in ("toc", "list") else "TABLE"


def _header(element: etree._Element) -> str:
    parent = element.getparent()
    return "list" if parent is not None and local(parent) == "list" else "TR"


def _paragraph(element: etree._Element) -> str:
    return "FP" if _style(element).startswith("FP") else "P"


_SPECIAL = {
    "inline": _inline,
    "ref": _reference,
    "note": _note,
    "source": _source,
    "authority": _authority,
    "heading": _heading,
    "column": _column,
    "layout": _layout,
    "header": _header,
    "p": _paragraph,
}


def _style(element: etree._Element) -> str:
    found = _STYLE.search(element.get("style") or "")
    return found[1] if found else ""


def _mark_first(note: etree._Element) -> None:
    """The number that a footnote begins with, as the raised mark that finds its place.

    A footnote in the middle of a line is put behind that line.
    """
    number = note.find("num")
    if number is not None:
        number.tag = "SU"
    for each in list(note.iter("FTREF")):  # the mark in the note itself refers to no other
        each.tag = "span"
    if any((text or "").strip() for text in (note.text, *(child.tail for child in note))):
        line = note.makeelement("P", {}, None)
        line.text, note.text = note.text, None
        for child in list(note):
            line.append(child)
        note.append(line)
    around = next(note.iterancestors("P", "HD", "num", "TD", "TH", "CAPTION"), None)
    parent = note.getparent()
    if around is None or parent is None or around.tag in ("TD", "TH", "CAPTION"):
        return
    if around is parent and note.getnext() is None and not note.tail:
        return
    before = note.getprevious()
    if before is not None:
        before.tail = (before.tail or "") + (note.tail or "")
    else:
        parent.text = (parent.text or "") + (note.tail or "")
    note.tail = None
    if around.tag == "P":
        around.append(note)
    else:
        tail, around.tail = around.tail, None
        around.addnext(note)
        note.tail = tail
