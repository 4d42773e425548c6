"""An eCFR table as Markdown: spans resolved, several header rows made one, notes kept.

The title versions of the eCFR hold no GPOTABLE; their tables are HTML in all but name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from lxml import etree

from tribonian.ingest.readers.ecfr_inline import InlineText, inline_text, plain_text
from tribonian.ingest.tables import Cell, markdown_table


@dataclass(frozen=True, slots=True)
class Table:
    """A table ready for the tree.

    ``markdown`` is the grid, ``captions`` and ``notes`` the lines printed above and below
    it; ``added`` counts the words repeated where a cell spans several columns or rows.
    """

    captions: tuple[str, ...]
    markdown: str
    notes: tuple[str, ...]
    added: int
    inline: tuple[InlineText, ...]


def read_table(element: etree._Element) -> Table:
    """Read one TABLE element, whatever it nests."""
    inline: list[InlineText] = []

    def text_of(cell: etree._Element) -> str:
        text = plain_text(cell)
        if text is None:
            text = _whole_text(cell, inline)
        return text

    captions: list[str] = []
    head: list[list[Cell]] = []
    body: list[list[Cell]] = []
    notes: list[str] = []
    for child in _own(element, "CAPTION", "TR"):
        if child.tag == "CAPTION":
            plain = _has_stray(child) or not len(child)
            lines = [text_of(child)] if plain else [text_of(line) for line in child]
            captions += [line for line in lines if line]
            continue
        cells = _row(child, text_of)
        parent = child.getparent()
        where = parent.tag if parent is not None else ""
        if where == "TFOOT":
            note = " ".join(cell.text for cell in cells if cell.text)
            if note:
                notes.append(note)
        elif where == "THEAD" or (not body and cells and all(c.tag == "TH" for c in child)):
            head.append(cells)
        else:
            body.append(cells)
    notes += _strays(element, text_of)
    markdown, added = markdown_table(head, body)
    added += sum(read.added for read in inline)
    return Table(tuple(captions), markdown, tuple(notes), added, tuple(inline))


def _whole_text(cell: etree._Element, inline: list[InlineText]) -> str:
    """The text of a cell with whatever stands in it: paragraphs, footnotes, another table."""
    read = inline_text(cell, in_place=True)
    inline.append(read)
    return read.text()


_STRUCTURE = frozenset(("TABLE", "THEAD", "TBODY", "TFOOT", "TR"))
_CELLS = frozenset(("TD", "TH", "CAPTION"))


def _own(table: etree._Element, *tags: str) -> Iterator[etree._Element]:
    """The parts of a table that are not those of a table within it."""
    for part in table.iterdescendants(*tags):
        if next(part.iterancestors("TABLE"), table) is table:
            yield part


def _has_stray(element: etree._Element) -> bool:
    """Whether text stands beside the children of an element."""
    texts = (element.text, *(child.tail for child in element))
    return any(text and not text.isspace() for text in texts)


def _strays(element: etree._Element, text_of: Callable[[etree._Element], str]) -> list[str]:
    """Text within a table that is in none of its cells, line by line."""
    found: list[str] = []
    for part in (element, *_own(element, *_STRUCTURE)):
        for child in part:
            if isinstance(child.tag, str) and child.tag not in _STRUCTURE | _CELLS:
                found.append(text_of(child))
        if _has_stray(part):
            texts = (part.text, *(child.tail for child in part))
            found += [" ".join(text.split()) for text in texts if text]
    return [line for line in found if line]


def _row(element: etree._Element, text_of: Callable[[etree._Element], str]) -> list[Cell]:
    return [
        Cell(text_of(cell), _span(cell.get("colspan")), _span(cell.get("rowspan")))
        for cell in element
        if cell.tag in ("TD", "TH")
    ]


def _span(value: str | None) -> int:
    return int(value) if value and value.isdigit() else 1
