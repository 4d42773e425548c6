"""A EUR-Lex page as a run of items: lines with their role, points, tables, notes.

Publication classes come in three families: ``oj-ti-art`` (since 2019), ``ti-art`` (before)
and ``title-article-norm`` (consolidated texts). A point stands in a table of two cells, a
number and its text, or in a ``grid-list`` of two columns; both become a `Point`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from tribonian.ingest.readers.eurlex_items import (
    LABEL,
    SHEET,
    Item,
    Point,
    add,
    as_paragraph,
    before,
    children,
    holds_block,
    is_block,
    is_drawn,
    is_header,
    is_layout,
    opening,
    role_of,
    rows_of,
    span,
)
from tribonian.ingest.readers.html_text import (
    UNSHOWN,
    InlineText,
    add_image,
    add_inline,
    inline_text,
)
from tribonian.ingest.record import Reading
from tribonian.ingest.tables import Cell, markdown_table
from tribonian.schemas.tree import Node

DEEPEST = 60  # elements that are looked into; what lies deeper is taken as its text
_FURNITURE = frozenset(("nav", "header", "footer", "form", "button", "aside"))
# The mark of a footnote is raised in the note and set plain in the text that refers to it.
_MARK = re.compile(r"\(?\s*(?:\^\{?)?[\d*⁰¹²³⁴-⁹†‡]{1,5}[a-z]?(?!\w)\}?\s*\)?\s*")
_PLAIN = {
    **dict(zip(map(ord, "⁰¹²³⁴⁵⁶⁷⁸⁹"), "0123456789", strict=True)),
    **dict.fromkeys(map(ord, "^{}")),
}
_EMPTY_TAG = re.compile(
    r"<(p|span|a|td|th|tr|div|i|b|em|strong|sup|sub|table|tbody|li|ul|ol)\b([^<>]*)/>",
    re.IGNORECASE,
)
# The pieces of a saved page that hold the document.
_CONTENT = ("#docHtml", "#TexteOnly", "#document1", "#text")


class Page:
    """One page being taken apart."""

    def __init__(self, html: str, reading: Reading) -> None:
        # In XHTML <td/> is complete; a reader of HTML would take it for open.
        self.tree = LexborHTMLParser(_EMPTY_TAG.sub(r"<\1\2></\1>", html))
        self.reading = reading
        self.places: dict[str, int] = {}
        self.footnotes: dict[str, list[LexborNode]] = {}
        self.taken: set[int] = set()

    def items(self) -> list[Item]:
        """All of the page, in order."""
        body = self.tree.body
        if body is None:
            return []
        self._find_footnotes(body)
        content = next((node for at in _CONTENT if (node := body.css_first(at))), None)
        if content is None:
            return self._flow(body, 0)
        before, after = self._around(content)
        return [
            *[item for node in before for item in self._furniture(node, "furniture")],
            *self._flow(content, 0),
            *[item for node in after for item in self._furniture(node, "furniture")],
        ]

    @staticmethod
    def _around(content: LexborNode) -> tuple[list[LexborNode], list[LexborNode]]:
        before: list[LexborNode] = []
        after: list[LexborNode] = []
        node: LexborNode | None = content
        while node is not None and node.tag != "body":
            side = node.prev
            here: list[LexborNode] = []
            while side is not None:
                here.append(side)
                side = side.prev
            before = [*reversed(here), *before]
            side = node.next
            while side is not None:
                after.append(side)
                side = side.next
            node = node.parent
        return before, after

    def _furniture(self, node: LexborNode, role: str = "metadata") -> Iterator[Item]:
        into = InlineText()
        add_inline(node, into, SHEET)
        item = self._line(into, role, self._locator(node))
        if item is not None:
            yield item

    def _find_footnotes(self, body: LexborNode) -> None:
        """Notes by their ids, those only to which a mark in the text refers."""
        wanted = {
            href[1:]
            for anchor in body.css("a[href]")
            if (href := anchor.attributes.get("href") or "").startswith("#")
        }
        last: list[LexborNode] | None = None
        for note in body.css("p.oj-note, p.note, p.footnote, div.footnote"):
            ids = [anchor.attributes.get("id") or "" for anchor in note.css("a[id]")]
            known = [each for each in ids if each in wanted and each not in self.footnotes]
            if known:
                last = self.footnotes[known[0]] = [note]
                self.taken.add(note.mem_id)
            elif last is not None and not ids and before(note) == last[-1].mem_id:
                last.append(note)
                self.taken.add(note.mem_id)
            else:
                last = None

    def _locator(self, node: LexborNode) -> str:
        own = node.attributes.get("id") if node.is_element_node else None
        if own:
            return f"//*[@id='{own}']" if "'" not in own else f'//*[@id="{own}"]'
        tag = node.tag or "text"
        self.places[tag] = self.places.get(tag, 0) + 1
        return f"(//{tag})[{self.places[tag]}]"

    # -- lines

    def _line(self, into: InlineText, role: str, locator: str) -> Item | None:
        text = into.text()
        if not text:
            return None
        self.reading.take(text)
        self.reading.words -= into.added
        return Item(role, text, locator, into.spans(into.italics), [], into.added)

    def _read(self, nodes: Iterable[LexborNode], role: str, locator: str) -> Item | None:
        """Inline nodes, or one block, as a line with the footnotes it refers to."""
        into = InlineText()
        marks: list[str] = []
        for node in nodes:
            if node.is_element_node:
                anchors = [node, *node.css("a[href]")] if node.tag == "a" else node.css("a[href]")
                marks += [(a.attributes.get("href") or "").removeprefix("#") for a in anchors]
            add_inline(node, into, SHEET)
        item = self._line(into, role, locator)
        if item is not None:
            for mark in marks:
                found = self.footnotes.pop(mark, None)
                if found is not None:
                    item.notes.append(self._footnote(found))
        return item

    def _footnote(self, paragraphs: list[LexborNode]) -> Node:
        lines = [inline_text(node, SHEET) for node in paragraphs]
        texts = [line.text() for line in lines]
        self.reading.take_all(texts)
        self.reading.words -= sum(line.added for line in lines)
        found = _MARK.match(texts[0])
        designator = found[0].strip().translate(_PLAIN) if found else ""
        text = texts[0][found.end() :] if found else texts[0]
        locator = self._locator(paragraphs[0])
        more = tuple(
            Node("paragraph", text=each, locator=locator, added=line.added)
            for each, line in zip(texts[1:], lines[1:], strict=True)
        )
        return Node("footnote", designator, "", text, None, locator, more, lines[0].added)

    # -- blocks

    def _flow(self, parent: LexborNode, depth: int, role: str = "line") -> list[Item]:
        """The items within an element; inline nodes in a row are one line."""
        items: list[Item] = []
        run: list[LexborNode] = []

        def flush() -> None:
            if run:
                item = self._read(run, role, self._locator(parent))
                run.clear()
                if item is not None:
                    add(items, item)

        child = parent.first_child
        while child is not None:
            if is_block(child):
                flush()
                items += self._block(child, depth + 1, role)
            elif child.tag not in UNSHOWN:
                run.append(child)
            child = child.next
        flush()
        return items

    def _block(self, node: LexborNode, depth: int, inherited: str) -> list[Item]:
        if node.mem_id in self.taken:
            return []
        tag = node.tag or ""
        role, names = role_of(node, inherited)
        if tag == "hr" or tag in UNSHOWN:
            return []
        if depth > DEEPEST:
            item = self._read([node], role, self._locator(node))
            return [] if item is None else [item]
        if tag in _FURNITURE or (role == "metadata" and tag != "table"):
            return list(self._furniture(node))
        if tag == "table":
            return self._table(node, depth, role)
        if "grid-list" in names or "grid-container" in names:
            return self._grid(node, depth, role)
        if not holds_block(node):
            if tag == "img":
                into = InlineText()
                add_image(node.attributes, into)
                item = self._line(into, "figure", self._locator(node))
            else:
                item = self._read([node], role, self._locator(node))
            return [] if item is None else [item]
        if tag == "div":
            point = self._numbered(node, names, depth)
            if point is not None:
                return [point]
        items = self._flow(node, depth, role if role == "final" else "line")
        if role not in ("line", "final") and len(items) == 1 and items[0].role == "line":
            items[0].role = role
        if tag == "div" and "oj-final" not in names:
            return as_paragraph(node, items)
        return items

    def _numbered(self, node: LexborNode, names: set[str], depth: int) -> Point | None:
        """``<span class="no-parag">1.</span>`` with its text, and an enumeration set inline."""
        pieces = [child for child in children(node) if child.tag not in UNSHOWN]
        if not pieces:
            return None
        label = pieces[0]
        if not label.is_element_node:
            return None
        _, own = role_of(label, "")
        spacing = "enumeration-spacing" in names
        if "no-parag" not in own and not spacing:
            return None
        text = inline_text(label, SHEET).text()
        if not LABEL.fullmatch(text):
            return None
        locator = self._locator(node)
        self.reading.take(text)
        point = Point("point", text, locator)
        run: list[LexborNode] = []
        for child in pieces[1:]:
            if is_block(child) and not spacing:
                if run:
                    point.items += filter(None, [self._read(run, "line", locator)])
                    run = []
                point.items += self._block(child, depth + 1, "line")
            else:
                run.append(child)
        point.items += filter(None, [self._read(run, "line", locator)] if run else [])
        return point

    def _grid(self, node: LexborNode, depth: int, role: str) -> list[Item]:
        """Two columns: number and text; several rows may share a container."""
        items: list[Item] = []
        columns = [child for child in children(node) if child.is_element_node]
        at = 0
        while at < len(columns):
            _, names = role_of(columns[at], "")
            beside = columns[at + 1] if at + 1 < len(columns) else None
            text = opening(columns[at])
            if "grid-row" in names:
                items += self._grid(columns[at], depth + 1, role)
                at += 1
            elif beside is not None and LABEL.fullmatch(text) and "grid-list" not in names:
                self.reading.take(text)
                point = Point("point", text, self._locator(columns[at]))
                point.items = self._flow(beside, depth + 1)
                items.append(point)
                at += 2
            else:
                items += self._block(columns[at], depth + 1, role)
                at += 1
        return items

    def _table(self, node: LexborNode, depth: int, role: str) -> list[Item]:
        rows = list(rows_of(node))
        if is_header(node):
            return list(self._furniture(node))
        if rows and not is_drawn(node) and all(map(is_layout, rows)):
            items: list[Item] = []
            for row in rows:
                items += self._layout(row, depth)
            return items
        return [self._grid_table(node, rows)]

    def _layout(self, row: list[LexborNode], depth: int) -> list[Item]:
        """A row that is a point: cells that are empty, its number, its text."""
        filled = [cell for cell in row if opening(cell)]
        if len(filled) == 1:
            return self._flow(filled[0], depth + 1)
        if not filled:
            return []
        text = inline_text(filled[0], SHEET).text()
        self.reading.take(text)
        point = Point("point", text, self._locator(filled[0]))
        point.items = self._flow(filled[1], depth + 1)
        return [point]

    def _grid_table(self, node: LexborNode, rows: list[list[LexborNode]]) -> Item:
        locator = self._locator(node)
        head: list[list[Cell]] = []
        body: list[list[Cell]] = []
        notes: list[Node] = []
        added = 0
        captions = [
            line for each in node.css("caption") if (line := inline_text(each, SHEET).text())
        ]
        self.reading.take_all(captions)
        for row in rows:
            cells = []
            for cell in row:
                item = self._read([cell], "line", locator)
                if item is not None:
                    notes += item.notes
                    added += item.added
                across, down = (cell.attributes.get(name) or "" for name in ("colspan", "rowspan"))
                cells.append(Cell(item.text if item else "", span(across), span(down)))
            titles = [cell.css_first(".oj-tbl-hdr, .tbl-hdr") or cell.tag == "th" for cell in row]
            (head if not body and titles and all(titles) else body).append(cells)
        text, repeated = markdown_table(head, body)
        table = Node("table", "", "\n".join(captions), text, None, locator, tuple(notes),
                     added + repeated)  # fmt: skip
        return Item("table", "", locator, node=table)
