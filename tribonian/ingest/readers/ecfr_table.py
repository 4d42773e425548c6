"""An eCFR table as Markdown: spans resolved, several header rows made one, notes kept.

The title versions of the eCFR hold no GPOTABLE; their tables are HTML in all but name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from lxml import etree

from tribonian.ingest.readers.ecfr_inline import InlineText, inline_text, plain_text
from tribonian.schemas.words import count_words

MAX_SPAN = 200  # a span beyond this is a slip of the pen, or an attack


@dataclass(frozen=True, slots=True)
class _Cell:
    text: str
    columns: int
    rows: int


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
        return text.replace("|", "\\|")

    captions: list[str] = []
    head: list[list[_Cell]] = []
    body: list[list[_Cell]] = []
    notes: list[str] = []
    for child in _own(element, "CAPTION", "TR"):
        if child.tag == "CAPTION":
            plain = _has_stray(child) or not len(child)
            lines = [text_of(child)] if plain else [text_of(line) for line in child]
            captions += [line.replace("\\|", "|") for line in lines if line]
            continue
        cells = _row(child, text_of)
        parent = child.getparent()
        where = parent.tag if parent is not None else ""
        if where == "TFOOT":
            note = " ".join(cell.text for cell in cells if cell.text)
            if note:
                notes.append(note.replace("\\|", "|"))
        elif where == "THEAD" or (not body and cells and all(c.tag == "TH" for c in child)):
            head.append(cells)
        else:
            body.append(cells)
    notes += _strays(element, text_of)
    grid_head, grid_body = _grid(head, header=True), _grid(body)
    width = max((len(row) for row in (*grid_head, *grid_body)), default=0)
    lines = _markdown(_one_header(grid_head, width), grid_body, width) if width else []
    printed = count_words("\n".join(cell.text for row in (*head, *body) for cell in row))
    added = count_words("\n".join(lines)) - printed
    added += sum(read.added for read in inline)
    return Table(tuple(captions), "\n".join(lines), tuple(notes), added, tuple(inline))


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
    return [line.replace("\\|", "|") for line in found if line]


def _row(element: etree._Element, text_of: Callable[[etree._Element], str]) -> list[_Cell]:
    return [
        _Cell(text_of(cell), _span(cell.get("colspan")), _span(cell.get("rowspan")))
        for cell in element
        if cell.tag in ("TD", "TH")
    ]


def _span(value: str | None) -> int:
    return min(max(int(value), 1), MAX_SPAN) if value and value.isdigit() else 1


def _grid(rows: list[list[_Cell]], *, header: bool = False) -> list[list[str]]:
    """Rows of equal meaning per column: a spanning cell stands in each place it covers.

    A cell across the whole table is a heading within it and stands once, at the left; in
    the header it is part of every column's name.
    """
    full = max((sum(cell.columns for cell in row) for row in rows), default=0)
    held: dict[int, tuple[int, str]] = {}  # column -> rows still covered, text
    grid: list[list[str]] = []
    for row in rows:
        line: list[str] = []
        coming = iter(row)
        cell = next(coming, None)
        while cell is not None or len(line) in held:
            column = len(line)
            if column in held:
                left, text = held.pop(column)
                line.append(text)
                if left > 1:
                    held[column] = (left - 1, text)
                continue
            assert cell is not None
            across = cell.columns
            for offset in range(across):
                text = cell.text if header or offset == 0 or across < full else ""
                line.append(text)
                if cell.rows > 1:
                    held[column + offset] = (cell.rows - 1, text)
            cell = next(coming, None)
        grid.append(line)
    return grid


def _one_header(rows: list[list[str]], width: int) -> list[str]:
    """Several header rows as one: each column's names from the top down, none twice."""
    names: list[list[str]] = [[] for _ in range(width)]
    for row in rows:
        for column, text in enumerate(row[:width]):
            if text and text not in names[column]:
                names[column].append(text)
    return [" – ".join(name) for name in names]


def _markdown(header: list[str], body: list[list[str]], width: int) -> list[str]:
    lines = ["| " + " | ".join(header) + " |", "|" + " --- |" * width]
    for row in body:
        if any(row):
            lines.append("| " + " | ".join(row + [""] * (width - len(row))) + " |")
    return lines
