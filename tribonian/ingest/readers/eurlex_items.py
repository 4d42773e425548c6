"""The pieces of a EUR-Lex page: lines and points, and what classes and tables say of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from selectolax.lexbor import LexborNode

from tribonian.ingest.readers.html_style import Sheet
from tribonian.ingest.readers.html_text import UNSHOWN
from tribonian.schemas.tree import Node


@dataclass(slots=True)
class Item:
    """A line: ``role`` is what its class says, ``notes`` are the footnotes it refers to."""

    role: str
    text: str
    locator: str
    italics: tuple[tuple[int, int], ...] = ()
    notes: list[Node] = field(default_factory=list)
    added: int = 0
    node: Node | None = None


@dataclass(slots=True)
class Point(Item):
    """A number with all that is set beside it."""

    items: list[Item] = field(default_factory=list)


# Class, without "oj-" or "clg-" before it -> role.
ROLES = {
    "doc-ti": "title", "title-doc-first": "title", "title-doc-last": "title",
    "title-doc-oj-reference": "metadata",
    "ti-section-1": "division", "title-division-1": "division",
    "ti-section-2": "division-title", "title-division-2": "division-title",
    "ti-art": "article", "title-article-norm": "article", "title-article": "article",
    "sti-art": "article-title", "stitle-article-norm": "article-title",
    "stitle-article": "article-title",
    "ti-grseq-1": "group", "title-gr-seq-level-1": "group", "ti-grseq-2": "group-2",
    "title-gr-seq-level-2": "group-2", "ti-grseq-3": "group-3", "title-gr-seq-level-3": "group-3",
    "title-gr-seq-level-4": "group-4",
    "ti-annotation": "group", "ti-tbl": "table-title", "title-table": "table-title",
    "title-annex-1": "annex", "title-annex-2": "annex-title",
    "note": "note", "footnote": "note", "tbl-note": "line",
    "signatory": "final", "final": "final",
    "modref": "amended", "arrow": "amended",
    "reference": "reference",
    **dict.fromkeys(
        ("hd-date", "hd-lg", "hd-ti", "hd-oj", "hd-uniq", "hd-coll", "hd-toc", "disclaimer",
         "doc-end", "lseu-lien", "bglang", "lang", "menu", "EurlexContent-toc", "tocWrapper",
         "panel-heading", "hd-modifiers", "linksBox", "eurlexModal"),
        "metadata",
    ),
}  # fmt: skip
_STYLES = """
.oj-italic, .italic { font-style: italic }
.oj-bold, .bold, .boldface { font-weight: bold }
.oj-super, .super, .superscript { vertical-align: super }
.oj-sub, .sub, .subscript { vertical-align: sub }
.oj-note-tag, .note-tag { vertical-align: baseline }
"""
SHEET = Sheet((_STYLES,))
_BLOCKS = frozenset(
    ("p", "div", "table", "ul", "ol", "li", "dl", "dt", "dd", "section", "article", "main",
     "header", "footer", "nav", "aside", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "blockquote",
     "tbody", "thead", "tfoot", "tr", "td", "th", "figure", "center", "form", "pre", "txt_te",
     "fieldset", "button", "body", "details", "summary", "caption")
)  # fmt: skip
LOOKED_AT = 16  # characters; the number of a point has fewer
LABEL = re.compile(
    r"[‘“'\"]?(?:\(?(?:\d{1,3}[a-z]{0,3}|[a-z]{1,5}|[A-Z]{1,3}|[IVXLC]{1,6})\)[.]?"
    r"|\d{1,3}[a-z]{0,2}(?:\.\d{1,3}[a-z]?)*\.?|[A-Za-z]\.|[ivxlc]{1,5}\.|[IVXLC]{1,5}\.?"
    r"|[—–•·▪○-]|\*{1,3})"
)
_WORD = re.compile(r"[^\W_]")


def children(node: LexborNode) -> Iterator[LexborNode]:
    """The children of an element that are elements or hold text."""
    child = node.first_child
    while child is not None:
        if child.is_element_node or (child.text_content or "").strip():
            yield child
        child = child.next


def before(node: LexborNode) -> int:
    """The element before this one, by its identity; 0 for none."""
    side = node.prev
    while side is not None and not side.is_element_node:
        side = side.prev
    return side.mem_id if side is not None else 0


def is_block(node: LexborNode) -> bool:
    """Whether an element begins a line of its own."""
    return bool(node.is_element_node and node.tag in _BLOCKS)


def holds_block(node: LexborNode) -> bool:
    """Whether a block stands anywhere below an element."""
    stack = list(children(node))
    while stack:
        child = stack.pop()
        if is_block(child):
            return True
        if child.is_element_node:
            stack += children(child)
    return False


def role_of(node: LexborNode, otherwise: str) -> tuple[str, set[str]]:
    """What the classes of an element say that it is, and its classes."""
    names = {
        name.removeprefix("oj-").removeprefix("clg-")
        for name in (node.attributes.get("class") or "").split()
    }
    return next((ROLES[name] for name in sorted(names) if name in ROLES), otherwise), names


def as_paragraph(node: LexborNode, items: list[Item]) -> list[Item]:
    """``<div id="006.001">`` is a paragraph of Article 6 with all that belongs to it."""
    own = node.attributes.get("id") or ""
    if not re.fullmatch(r"\d{3}[a-z]?\.\d{3}[a-z]?", own, re.IGNORECASE) or not items:
        return items
    first = items[0]
    found = NUMBERED.match(first.text)
    if isinstance(first, Point) or first.role != "line" or found is None:
        return items
    rest = Item("line", first.text[found.end() :], first.locator, (), first.notes, first.added)
    point = Point("point", found[1], f"//*[@id='{own}']")
    point.items = [*([rest] if rest.text or rest.notes else []), *items[1:]]
    return [point]


# "1.   This Regulation …", "‘3.   Without prejudice …", "3.2.   The application …"
NUMBERED = re.compile(r"([‘“]?\d{1,3}[a-z]{0,2}(?:\.\d{1,3}[a-z]?)*\.|[‘“]?\d+(?:\.\d+)+)\s+")


def add(items: list[Item], item: Item) -> None:
    """Add a line; a mark that closes the one before it (``;``) goes to that."""
    if _WORD.search(item.text) or item.notes or not items or item.role != "line":
        items.append(item)
        return
    last = items[-1]
    while isinstance(last, Point) and last.items:
        last = last.items[-1]
    if last.node is None and LABEL.fullmatch(item.text) is None:
        last.text += item.text


def rows_of(table: LexborNode) -> Iterator[list[LexborNode]]:
    """The rows of a table, not those of a table within it."""
    stack = [table]
    while stack:
        node = stack.pop()
        if node.tag == "tr":
            yield [child for child in children(node) if child.tag in ("td", "th")]
            continue
        stack += [
            child
            for child in reversed(list(children(node)))
            if child.tag in ("tbody", "thead", "tfoot", "tr")
        ]


def opening(node: LexborNode) -> str:
    """The first characters of an element's text, enough to tell a number from a sentence.

    The text of a cell may be that of a hundred tables within it, so it is not put together.
    """
    found = ""
    stack = [node]
    while stack and len(found) < LOOKED_AT:
        each = stack.pop()
        if each.is_text_node:
            found += " ".join(((each.text_content or "")[:1000]).split())
        elif each.tag not in UNSHOWN:
            stack += reversed(list(children(each)))
    return found


def is_layout(row: list[LexborNode]) -> bool:
    """Whether a row is a point and no row of a table: one short number, one text."""
    filled = [text for cell in row if (text := opening(cell))]
    if len(filled) < 2:
        return len(row) > 1
    return len(filled) == 2 and bool(LABEL.fullmatch(filled[0]))


def is_header(table: LexborNode) -> bool:
    """The line at the top of a page: date, language, journal."""
    return table.css_first("[class^='oj-hd-'], [class^='hd-']") is not None


def is_drawn(table: LexborNode) -> bool:
    """Whether a table is drawn as one: its class, its border."""
    _, names = role_of(table, "")
    border = table.attributes.get("border") or "0"
    return border not in ("0", "") or "table" in names


def span(value: str) -> int:
    """How many columns or rows a cell covers."""
    return int(value) if value.isdigit() and len(value) < 6 else 1
