"""HTML within Markdown: tags taken away, text kept, tables as tables.

Converters leave tables, anchors and comments as HTML. Nothing is fetched, run or followed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from tribonian.ingest.readers.markdown_inline import picture_name
from tribonian.ingest.scripts import subscript, superscript
from tribonian.ingest.tables import Cell, markdown_table
from tribonian.schemas.tree import Node
from tribonian.schemas.words import count_words

_LINE_ENDS = frozenset(
    ("address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details",
     "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "head", "header",
     "html", "hr", "li", "main", "nav", "ol", "p", "pre", "section", "summary", "title", "ul",
     "h1", "h2", "h3", "h4", "h5", "h6")
)  # fmt: skip
_NOT_SHOWN = frozenset(("script", "style"))
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_CELLS = frozenset(("td", "th"))


@dataclass(slots=True)
class Piece:
    """A paragraph, a heading (``level``), a comment or a table, ``line`` lines below the start."""

    text: str
    line: int = 0
    kind: str = "paragraph"
    level: int = 0
    node: Node | None = None
    added: int = 0


@dataclass(slots=True)
class _Table:
    line: int
    rows: list[tuple[bool, list[Cell]]] = field(default_factory=list)
    caption: str = ""
    spans: tuple[int, int] = (0, 0)  # of the open cell, which there may be none of
    heads: bool = False  # all cells of the row are <th>, or it stands in <thead>
    in_head: bool = False


def pieces(html: str) -> list[Piece]:
    """The pieces of a block of HTML, in order; every word of its text is in them."""
    opened = _RUNS_ON.match(html)
    if opened and not _closed(opened[1].lower(), html):  # it would hide the rest of the file
        html = html[opened.end() :].replace("<", "&lt;")
    reader = _Reader()
    reader.feed(_known_tags(html))
    reader.close()
    reader.end()
    return reader.out


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.out: list[Piece] = []
        self.held: list[str] = []
        self.added = 0
        self.line = 0
        self.level = 0
        self.hidden = 0
        self.raised = ""
        self.tables: list[_Table] = []

    # -- text --------------------------------------------------------------------------

    def handle_data(self, data: str) -> None:
        if self.hidden or not data:
            return
        if not self.held:
            skipped = data[: len(data) - len(data.lstrip())].count("\n")
            self.line = self.getpos()[0] - 1 + skipped
        if self.raised and data.strip():
            data = (superscript if self.raised == "sup" else subscript)(data)
        self.held.append(data)

    def handle_comment(self, data: str) -> None:
        text = " ".join(data.split())
        if text and not self.tables:
            self.flush()
            self.out.append(Piece(text, self.getpos()[0] - 1, "comment"))

    def unknown_decl(self, data: str) -> None:  # <![CDATA[ … ]]>
        self.handle_data(data.removeprefix("CDATA["))

    def taken(self) -> tuple[str, int]:
        text, added = " ".join("".join(self.held).split()), self.added
        self.held, self.added = [], 0
        return text, added

    def flush(self) -> None:
        text, added = self.taken()
        if text:
            self.out.append(Piece(text, self.line, level=self.level, added=added))

    # -- elements ----------------------------------------------------------------------

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in _NOT_SHOWN:
            self.hidden += 1
        elif tag in ("sup", "sub"):
            self.raised = tag
        elif tag == "br":
            self.held.append(" ")
        elif tag == "img":
            self.image(given)
        elif tag == "table":
            if self.tables:
                self.held.append(" ")
            else:
                self.flush()
            self.tables.append(_Table(self.getpos()[0] - 1))
        elif self.tables:
            self.in_table(tag, given)
        elif tag in _LINE_ENDS:
            self.flush()
            self.level = int(tag[1]) if tag in _HEADINGS else 0

    def in_table(self, tag: str, given: dict[str, str | None]) -> None:
        table = self.tables[-1]
        if len(self.tables) > 1:  # a table in a cell is that cell's text
            self.held.append(" ")
        elif tag == "tr":
            self.close_cell()
            table.rows.append((table.in_head, []))
            table.heads = True
        elif tag in _CELLS:
            self.close_cell()
            if not table.rows:
                table.rows.append((table.in_head, []))
                table.heads = True
            table.heads &= tag == "th"
            table.spans = (_number(given.get("colspan")), _number(given.get("rowspan")))
        elif tag == "thead":
            table.in_head = True
        elif tag in ("tbody", "tfoot"):
            table.in_head = False
        elif tag in _LINE_ENDS:
            self.held.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in _NOT_SHOWN:
            self.hidden = max(self.hidden - 1, 0)
        elif tag in ("sup", "sub"):
            self.raised = ""
        elif self.tables:
            if tag == "table":
                self.close_table()
            elif len(self.tables) == 1 and tag in _CELLS:
                self.close_cell()
            elif len(self.tables) == 1 and tag == "tr":
                self.close_row()
            elif len(self.tables) == 1 and tag == "caption":
                self.tables[0].caption = self.taken()[0]
            elif tag == "thead":
                self.tables[-1].in_head = False
            else:
                self.held.append(" " if tag in _LINE_ENDS or tag in _CELLS else "")
        elif tag in _LINE_ENDS:
            self.flush()
            self.level = 0

    def image(self, given: dict[str, str | None]) -> None:
        name = picture_name(given.get("src") or "")
        self.held.append(f" [image: {name}] ")
        self.added += count_words(f"image: {name}")

    def close_cell(self) -> None:
        table = self.tables[0]
        if not table.rows:
            return
        text = " ".join("".join(self.held).split())
        self.held = []
        if text or table.spans != (0, 0):
            table.rows[-1][1].append(Cell(text, *[max(each, 1) for each in table.spans]))
        table.spans = (0, 0)

    def close_row(self) -> None:
        self.close_cell()
        table = self.tables[0]
        if table.rows and table.heads and not table.rows[-1][0]:
            table.rows[-1] = (True, table.rows[-1][1])
        table.heads = False

    def close_table(self) -> None:
        if len(self.tables) > 1:
            self.tables.pop()
            self.held.append(" ")
            return
        self.close_row()
        table = self.tables.pop()
        rows = [(head, cells) for head, cells in table.rows if cells]
        first_body = next((at for at, (head, _) in enumerate(rows) if not head), len(rows))
        head = [cells for _, cells in rows[:first_body]]
        body = [cells for _, cells in rows[first_body:]]
        text, added = markdown_table(head, body)
        left, own = self.taken()  # what stands in the table but in no cell
        caption = " ".join(filter(None, (table.caption, left)))
        node = Node("table", "", caption, text, None, "", (), added + own)
        self.out.append(Piece("", table.line, "table", node=node))

    def end(self) -> None:
        """Close what the block left open."""
        while self.tables:
            self.close_table()
        self.flush()


def _number(text: str | None) -> int:
    found = re.match(r"\s*(\d{1,4})", text or "")
    return int(found[1]) if found else 1


_ENDS_OF = {"!--": "-->", "?": "?>", "![cdata[": "]]>"}


_RUNS_ON = re.compile(r"\s*<(!--|script|style|pre|textarea|\?|!\[CDATA\[)", re.IGNORECASE)


def _closed(opened: str, content: str) -> bool:
    return _ENDS_OF.get(opened, f"</{opened}") in content.lower()


_ANY_TAG = re.compile(r"<(?=/?([A-Za-z][^\s/>]*))")


def _known_tags(html: str) -> str:
    """HTML in which what is no element of it stands as text: ``<HED1>`` of a manual."""
    return _ANY_TAG.sub(
        lambda found: "<" if found[1].lower().rstrip(">") in _ELEMENTS else "&lt;", html
    )


_ELEMENTS = frozenset(
    ("a", "abbr", "acronym", "address", "article", "aside", "b", "bdi", "bdo", "big", "blockquote",
     "body", "br", "button", "caption", "center", "cite", "code", "col", "colgroup", "data", "dd",
     "del", "details", "dfn", "dialog", "dir", "div", "dl", "dt", "em", "fieldset", "figcaption",
     "figure", "font", "footer", "form", "frame", "h1", "h2", "h3", "h4", "h5", "h6", "head",
     "header", "hr", "html", "i", "iframe", "img", "input", "ins", "kbd", "label", "legend", "li",
     "link", "main", "mark", "menu", "meta", "nav", "nobr", "noscript", "ol", "optgroup",
     "option", "p", "param", "picture", "pre", "q", "s", "samp", "script", "section", "select",
     "small", "source", "span", "strike", "strong", "style", "sub", "summary", "sup", "svg",
     "table", "tbody", "td", "template", "textarea", "tfoot", "th", "thead", "time", "title",
     "tr", "tt", "u", "ul", "var", "video", "wbr")
)  # fmt: skip
