"""Tables in XML: of XHTML (``tr``, ``td``) and of CALS (``row``, ``entry``)."""

from __future__ import annotations

from dataclasses import dataclass, field

from lxml import etree

from tribonian.ingest.readers.xml_file import attribute
from tribonian.ingest.readers.xml_stream import local
from tribonian.ingest.readers.xml_text import Line, Markup
from tribonian.ingest.tables import Cell, markdown_table
from tribonian.schemas.tree import Node

_ROWS = frozenset(("tr", "row"))
_STRUCTURE = frozenset(
    ("table", "Tabular", "TableText", "TableGroup", "tgroup", "thead", "tbody", "tfoot",
     "colgroup", "div")
)  # fmt: skip
_PARTS = frozenset(("thead", "tbody", "tfoot"))
_CAPTIONS = frozenset(
    ("caption", "title", "Title", "TitleText", "Number", "Label", "num", "heading", "subheading",
     "Caption", "TitleBlock")
)  # fmt: skip
_COLUMNS = frozenset(("colspec", "col", "spanspec"))


@dataclass(slots=True)
class _Grid:
    """A table while it is being read."""

    head: list[list[Cell]] = field(default_factory=list)
    body: list[list[Cell]] = field(default_factory=list)
    captions: list[Line] = field(default_factory=list)
    notes: list[Line] = field(default_factory=list)
    attached: list[Node] = field(default_factory=list)
    columns: dict[str, int] = field(default_factory=dict)
    added: int = 0


def table(markup: Markup, element: etree._Element, path: str) -> list[Node]:
    """A table, or a group of several, as one node each; lines beside the grid are kept."""
    if local(element) != "table" and sum(local(each) == "table" for each in element) > 1:
        nodes: list[Node] = []
        for child, at in markup.steps(element, path, nodes):
            nodes += table(markup, child, at) if local(child) == "table" else (
                markup.block(child, at)
            )  # fmt: skip
        return nodes
    grid = _Grid()
    _read(markup, element, path, grid, "")
    markdown, added = markdown_table(grid.head, grid.body)
    added += grid.added + sum(line.added for line in grid.captions)
    caption = "\n".join(line.text for line in grid.captions if line.text)
    notes = [
        Node("note", text=line.text, locator=path, added=line.added)
        for line in grid.notes
        if line.text
    ]
    return [Node("table", "", caption, markdown, None, path, (*notes, *grid.attached), added)]


def _read(markup: Markup, element: etree._Element, path: str, grid: _Grid, within: str) -> None:
    strays: list[Node] = []
    for child, _ in markup.steps(element, path, strays):
        name = local(child)
        if name in _ROWS:
            cells = _cells(markup, child, path, grid)
            heads = [local(each) == "th" for each in child]
            if within == "tfoot":
                text = " ".join(cell.text for cell in cells if cell.text)
                grid.notes.append(Line(text))
            elif within == "thead" or (not grid.body and heads and all(heads)):
                grid.head.append(cells)
            else:
                grid.body.append(cells)
        elif name in _STRUCTURE:
            if name == "tgroup":
                specs = [each for each in child if local(each) == "colspec"]
                grid.columns = {
                    attribute(spec, "colname") or str(n + 1): n for n, spec in enumerate(specs)
                }
            _read(markup, child, path, grid, name if name in _PARTS else within)
        elif name not in _COLUMNS:
            line = markup.line(child, whole=True)
            grid.attached += markup.noted(line, path)
            (grid.captions if name in _CAPTIONS and not grid.body else grid.notes).append(line)
    grid.notes += [Line(node.text) for node in strays]


def _cells(markup: Markup, row: etree._Element, path: str, grid: _Grid) -> list[Cell]:
    cells: list[Cell] = []
    strays: list[Node] = []
    for child, _ in markup.steps(row, path, strays):
        line = markup.line(child, whole=True)
        grid.attached += markup.noted(line, path)
        grid.added += line.added
        start, end = attribute(child, "namest"), attribute(child, "nameend")
        if start in grid.columns and end in grid.columns:
            width = grid.columns[end] - grid.columns[start] + 1
        else:
            width = _number(attribute(child, "colspan"), 1)
        rows = _number(attribute(child, "rowspan"), _number(attribute(child, "morerows"), 0) + 1)
        cells.append(Cell(line.text, width, rows))
    return cells + [Cell(node.text) for node in strays]


def _number(value: str, otherwise: int) -> int:
    return int(value) if value.isdigit() and len(value) < 6 else otherwise
