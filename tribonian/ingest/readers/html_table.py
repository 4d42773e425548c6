"""A table of a web page as a node of the section tree."""

from __future__ import annotations

from collections.abc import Iterator

from selectolax.lexbor import LexborNode

from tribonian.ingest.readers.html_style import Sheet
from tribonian.ingest.readers.html_text import InlineText, add_inline, is_unshown
from tribonian.ingest.tables import Cell, markdown_table
from tribonian.schemas.tree import Node


def read_table(table: LexborNode, sheet: Sheet, locator: str = "") -> Node:
    """The grid as Markdown, captions as its heading, the lines of a foot as notes."""
    head: list[list[Cell]] = []
    body: list[list[Cell]] = []
    captions: list[str] = []
    notes: list[str] = []
    added = 0
    for part, row in rows(table, sheet):
        if row.tag == "caption":
            for line in _lines(row):
                text, more = _text(line, sheet)
                captions += [text] if text else []
                added += more
            continue
        cells: list[Cell] = []
        headers = 0
        for cell in cells_of(row, sheet):
            text, more = _text(cell, sheet)
            cells.append(Cell(text, _span(cell, "colspan"), _span(cell, "rowspan")))
            headers += cell.tag == "th"
            added += more
        if part == "tfoot":
            note = " ".join(cell.text for cell in cells if cell.text)
            notes += [note] if note else []
        elif part == "thead" or (not body and cells and headers == len(cells)):
            head.append(cells)
        else:
            body.append(cells)
    markdown, repeated = markdown_table(head, body)
    return Node(
        "table", "", "\n".join(captions), markdown, None, locator,
        tuple(Node("note", text=note, locator=locator) for note in notes), added + repeated,
    )  # fmt: skip


def rows(table: LexborNode, sheet: Sheet) -> Iterator[tuple[str, LexborNode]]:
    """Captions and rows of a table, none of a table within it, each with its part."""
    for child in shown(table, sheet):
        if child.tag in ("caption", "tr"):
            yield "", child
        elif child.tag in ("thead", "tbody", "tfoot"):
            for row in shown(child, sheet):
                if row.tag == "tr":
                    yield child.tag or "", row


def cells_of(row: LexborNode, sheet: Sheet) -> Iterator[LexborNode]:
    """The cells of a row that are shown."""
    for cell in shown(row, sheet):
        if cell.tag in ("td", "th"):
            yield cell


def shown(node: LexborNode, sheet: Sheet) -> Iterator[LexborNode]:
    """The child elements that a browser shows."""
    child = node.first_child
    while child is not None:
        if child.is_element_node:
            attributes = child.attributes
            if not is_unshown(child, attributes, sheet.of(child.tag or "", attributes)):
                yield child
        child = child.next


def _lines(caption: LexborNode) -> list[LexborNode]:
    """The paragraphs of a caption, or the caption itself."""
    inner = [child for child in caption.iter() if child.tag in ("p", "div")]
    beside = any(child.tag not in ("p", "div") for child in caption.iter())
    return inner if inner and not beside else [caption]


def _text(node: LexborNode, sheet: Sheet) -> tuple[str, int]:
    into = InlineText()
    add_inline(node, into, sheet)
    return into.text(), into.added


def _span(cell: LexborNode, name: str) -> int:
    value = (cell.attributes.get(name) or "").strip()
    return int(value) if value.isascii() and value.isdigit() and len(value) < 6 else 1
