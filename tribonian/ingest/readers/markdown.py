"""Markdown: CommonMark with tables, footnotes and front matter, as a run of styled blocks.

Numbers are the source's own: Markdown would count lists anew, and ``5.`` must stay ``5.``.
Lines of one paragraph are joined, unless a line begins with a printed number.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, BinaryIO

from tribonian.errors import DocumentError
from tribonian.ingest.encodings import decode_noting
from tribonian.ingest.outline import outline
from tribonian.ingest.readers import markdown_html
from tribonian.ingest.readers.markdown_inline import Line, lines_of, merge
from tribonian.ingest.readers.markdown_rules import DEEPEST, NUMBER, parser, split_row
from tribonian.ingest.record import Reading
from tribonian.ingest.scripts import superscript
from tribonian.ingest.styled import Styled
from tribonian.ingest.tables import Cell, markdown_table
from tribonian.ingest.wrapping import wrap_width
from tribonian.schemas.tree import Event, Node

if TYPE_CHECKING:
    from markdown_it.token import Token

STEP = 18.0  # points that a list or a quotation is set in by
_ATTRIBUTES = re.compile(r"\s*\{\s*[#.][^{}]*\}\s*$")
MAX_HEADING = 250  # characters; what is longer and underlined with a rule is no heading


def read_markdown(file: BinaryIO, reading: Reading) -> Iterator[Event]:
    """Stream the section tree of a Markdown document."""
    text = decode_noting(file.read(), reading)
    return outline(markdown_blocks(text, reading), reading)


def markdown_blocks(text: str, reading: Reading) -> Iterator[Styled]:
    """The blocks of a Markdown text, in order."""
    lines = text.split("\n") if "\r" not in text else re.split(r"\r\n?|\n", text)
    first, metadata = _front_matter(lines)
    if metadata:
        reading.heading = reading.heading or _title(lines[1 : first - 1])
        yield Styled(metadata, kind="metadata", locator="line 2", style="front matter")
    body = _CUT_LINK.sub(r"\n\1\2", "\n".join(lines[first:]))
    lines = body.split("\n")
    tokens = parser().parse(body, {})
    if any(token.level >= DEEPEST - 1 for token in tokens):
        raise DocumentError("Its lists or quotations are nested too deep to be read.")
    wrapped = [line for line, below in pairwise(lines) if line.strip() and below.strip()]
    blocks = _Blocks(tokens, lines, first, wrap_width(wrapped))
    for block in blocks.all():
        yield block if blocks.page == 0 else block._replace(page=blocks.page)


_FIELD = re.compile(r"[\w][\w .-]{0,60}\s*[:=](?:\s|$)|\s+\S|-\s|#|\s*$|[\]})]")


def _front_matter(lines: Sequence[str]) -> tuple[int, str]:
    """How many lines the front matter takes, and its text; 0 where there is none."""
    fence = lines[0].lstrip("\ufeff").rstrip() if lines else ""
    if fence not in ("---", "+++"):
        return 0, ""
    for at, line in enumerate(lines[1:500], 1):
        if line.rstrip() in (fence, "..." if fence == "---" else fence):
            body = "\n".join(each.strip() for each in lines[1:at] if each.strip())
            return at + 1, body
        if not _FIELD.match(line):
            return 0, ""
    return 0, ""


def _title(lines: Sequence[str]) -> str:
    for line in lines:
        found = re.match(r"""title\s*[:=]\s*(["']?)(.+?)\1\s*$""", line, re.IGNORECASE)
        if found and found[2] not in ("|", ">"):
            return " ".join(found[2].split())
    return ""


# An address that was cut at a hyphen when lines were wrapped, ``](../legal-`` + ``content/EN)``,
# as html2text does: no link to CommonMark, and its pieces no words of the text. The break is
# moved before the word, so that lines keep their numbers.
_CUT_LINK = re.compile(r" ([^\s]*\]\([^\s()<>]*-)\n([^\s()<>]+\))")
# "{12}--------" between the pages of a PDF, as marker writes it; pages count from 0.
_PAGE = re.compile(r"\{(\d{1,5})\}-{8,}")
_DASHES = re.compile(r":?-+:?")
_STARS = re.compile(r"\s*(?:\*\s*){5,}")


class _Blocks:
    """Walks the tokens; what is open is in ``lists``, ``quotes`` and ``prefix``."""

    def __init__(
        self, tokens: Sequence[Token], lines: Sequence[str], first: int, width: int
    ) -> None:
        self.tokens = tokens
        self.lines = lines
        self.first = first
        self.width = width
        self.at = 0
        self.lists: list[str] = []
        self.quotes = 0
        self.prefix = ""
        self.page = 0
        self.number = 0
        self.marks: set[str] = set()

    def all(self) -> Iterator[Styled]:
        """All blocks in order."""
        while self.at < len(self.tokens):
            token = self.tokens[self.at]
            self.at += 1
            if token.map:
                self.number = token.map[0] + self.first + 1
            handler = _BLOCKS.get(token.type)
            if handler is not None:
                yield from handler(self, token)

    def styled(self, line: Line, level: int = 0, style: str = "") -> Styled:
        """A paragraph or heading from a line that is complete."""
        text, shift = line.text, 0
        if self.prefix:
            shift = len(self.prefix) + 1
            text, self.prefix = f"{self.prefix} {text}", ""
        bolds = tuple((start + shift, end + shift) for start, end in line.bolds)
        whole = _covered(bolds, shift, text)
        return Styled(
            text,
            locator=f"line {line.number}",
            level=level,
            list_level=len(self.lists),
            style=style or ("blockquote" if self.quotes else self.lists[-1] if self.lists else ""),
            weight=700 if level or whole else 400,
            indent=STEP * (max(len(self.lists) - 1, 0) + self.quotes),
            italics=tuple((start + shift, end + shift) for start, end in line.italics),
            bolds=bolds,
            marks=tuple(line.marks),
            added=line.added,
        )

    def number_alone(self) -> Iterator[Styled]:
        """The number of a list item that holds no text to stand before."""
        if self.prefix:
            prefix, self.prefix = self.prefix, ""
            yield self.styled(Line(self.number, prefix))

    # -- text ------------------------------------------------------------------------------

    def inline(self, token: Token, level: int = 0, style: str = "") -> Iterator[Styled]:
        """The paragraphs, or the heading, of one inline token."""
        lines, comments = lines_of(token.children or (), self.number)
        if level and len(lines) > 2:
            level = 0
        if level:
            for line in lines[1:]:
                line.text = line.text.lstrip()
            if lines:  # "# Scope {#scope .section}": attributes, which are no words
                lines[-1].text = _ATTRIBUTES.sub("", lines[-1].text)
        merged = merge(lines, 0 if level else self.width)
        for line in merged:
            found = _PAGE.fullmatch(line.text)
            if found is not None:
                self.page = int(found[1]) + 1
                yield Styled(line.text, "running-head", f"line {line.number}", style="page marker")
                continue
            if line.linked and line.linked in self.marks and not level:
                yield _linked_note(line)
                continue
            self.marks.update(line.marks)
            stays = level if len(line.text) <= MAX_HEADING else 0
            yield self.styled(line, stays, style if stays else "")
        for comment in comments:
            yield Styled(comment, kind="comment", locator=f"line {self.number}")

    def heading(self, token: Token) -> Iterator[Styled]:
        """``# ATX`` and setext headings."""
        inline = self.tokens[self.at]
        self.at += 2
        yield from self.inline(inline, int(token.tag[1]), token.tag)

    def paragraph(self, token: Token) -> Iterator[Styled]:
        """A paragraph; lines that begin with numbers are several."""
        inline = self.tokens[self.at]
        self.at += 2
        yield from self.inline(inline)

    def code(self, token: Token) -> Iterator[Styled]:
        """An example as it stands, or, where it is but indented, what looks like paragraphs."""
        yield from self.number_alone()
        content = token.content.expandtabs(4)
        if token.type == "fence":
            info = token.info.strip()
            text = "\n".join(filter(None, (info, content.strip("\n").rstrip())))
            if text:
                yield Styled(text, kind="extract", locator=f"line {self.number}", style="code")
            return
        from tribonian.ingest.readers.text import text_blocks

        for block in text_blocks(content, self.number):
            yield block._replace(indent=block.indent + 2 * STEP)

    def stars(self, token: Token) -> Iterator[Styled]:
        """A rule; of five asterisks, the mark of omitted text in the law (1 CFR 21)."""
        line = self.lines[token.map[0]] if token.map else ""
        if _STARS.fullmatch(line):
            yield Styled("* * * * *", kind="stars", locator=f"line {self.number}")

    def html(self, token: Token) -> Iterator[Styled]:
        """Text, tables and comments out of HTML."""
        yield from self.number_alone()
        for piece in markdown_html.pieces(token.content):
            where = f"line {self.number + piece.line}"
            if piece.node is not None:
                yield Styled("", piece.kind, where, node=replace(piece.node, locator=where))
            elif piece.kind == "paragraph":
                yield Styled(piece.text, locator=where, level=piece.level, added=piece.added,
                             style=f"h{piece.level}" if piece.level else "html")  # fmt: skip
            else:
                yield Styled(piece.text, piece.kind, where)

    # -- lists and quotations --------------------------------------------------------------

    def list_open(self, token: Token) -> Iterator[Styled]:
        """A list begins."""
        self.lists.append(token.tag)
        return iter(())

    def list_close(self, token: Token) -> Iterator[Styled]:
        """A list ends."""
        self.lists.pop()
        return iter(())

    def item(self, token: Token) -> Iterator[Styled]:
        """An item: its number as it is typed, not as it would be counted."""
        if self.lists[-1] == "ol":
            number = f"{token.info}{token.markup}"
            self.prefix = f"{self.prefix} {number}".strip()
        return iter(())

    def item_close(self, token: Token) -> Iterator[Styled]:
        """An item ends; one without text is its number."""
        return self.number_alone()

    def quote(self, token: Token) -> Iterator[Styled]:
        """A quotation begins or ends."""
        self.quotes += token.nesting
        return iter(())

    # -- tables and notes ------------------------------------------------------------------

    def row(self, token: Token) -> Iterator[Styled]:
        """A row of a layout table: each number with the text that follows it."""
        text, number = "", self.number
        for cell in token.meta["cells"]:
            if NUMBER.fullmatch(cell) and text and not NUMBER.fullmatch(text):
                yield from self.parsed(text, number)
                text = ""
            text = f"{text} {cell}".strip()
        yield from self.parsed(text, number)

    def parsed(self, text: str, number: int) -> Iterator[Styled]:
        """A paragraph out of text that has not been parsed yet."""
        self.number = number
        if text:
            yield from self.inline(parser().parseInline(text, {})[0])

    def table(self, token: Token) -> Iterator[Styled]:
        """A table; a row with more cells than the header keeps them."""
        yield from self.number_alone()
        where = f"line {self.number}"
        rows: list[list[Line]] = []
        heads = 0
        comments: list[str] = []
        while (inner := self.tokens[self.at]).type != "table_close":
            self.at += 1
            if inner.type == "tr_open":
                rows.append([])
                begins = inner.map[0] if inner.map else 0
            elif inner.type == "thead_close":
                heads = len(rows)
            elif inner.type == "inline":
                rows[-1].append(self.cell(inner, begins, comments))
            elif inner.type == "tr_close" and heads:
                beyond = split_row(self.lines[begins])[len(rows[0]) :]
                rows[-1] += [
                    self.cell(parser().parseInline(each, {})[0], begins, comments)
                    for each in beyond
                ]
        self.at += 1
        rows = [row for at, row in enumerate(rows) if at < heads or not _is_rule(row)]
        if all(len(row) == 2 and NUMBER.fullmatch(row[0].text) for row in rows):
            for row in rows:
                yield self.styled(_joined(*row))
        else:
            yield self.grid(rows, heads, where)
        for comment in comments:
            yield Styled(comment, kind="comment", locator=where)

    def cell(self, token: Token, begins: int, comments: list[str]) -> Line:
        """A cell, which is one line."""
        lines, inner = lines_of(token.children or (), begins + self.first + 1)
        comments += inner
        line = lines[0]
        line.text = line.text.strip()
        return line

    def grid(self, rows: list[list[Line]], heads: int, where: str) -> Styled:
        """The table as a node."""
        cells = [[Cell(line.text) for line in row] for row in rows]
        text, added = markdown_table(cells[:heads], cells[heads:])
        added += sum(line.added for row in rows for line in row)
        marks = tuple(mark for row in rows for line in row for mark in line.marks)
        node = Node("table", "", "", text, None, where, (), added)
        return Styled("", "table", where, node=node, marks=marks, list_level=len(self.lists))

    def footnote(self, token: Token) -> Iterator[Styled]:
        """``[^1]: text``: its mark is its number."""
        label = str(token.meta["label"])
        parsed = parser().parseInline("\n".join(token.meta["lines"]), {})[0]
        lines, comments = lines_of(parsed.children or (), self.number)
        for line in lines:
            line.text = line.text.strip()
        text = " ".join(line.text for line in lines if line.text)
        where = f"line {self.number}"
        node = Node("footnote", superscript(label), "", text, None, where, (),
                    sum(line.added for line in lines))  # fmt: skip
        yield Styled(text, "footnote", where, marks=(label,), node=node)
        for comment in comments:
            yield Styled(comment, kind="comment", locator=where)


def _linked_note(line: Line) -> Styled:
    """A note whose mark links back to the text: ``[(1)](#ref1) OJ C 229, p. 90.``"""
    found = re.match(r"\S+\s*", line.text)
    assert found is not None
    where = f"line {line.number}"
    node = Node("footnote", found[0].strip(), "", line.text[found.end() :], None, where, (),
                line.added)  # fmt: skip
    return Styled(node.text, "footnote", where, marks=(line.linked,), node=node)


def _joined(number: Line, text: Line) -> Line:
    at = len(number.text) + 1 if number.text else 0
    return Line(
        number.number,
        f"{number.text} {text.text}".strip(),
        number.italics + [(start + at, end + at) for start, end in text.italics],
        number.bolds + [(start + at, end + at) for start, end in text.bolds],
        number.marks + text.marks,
        number.added + text.added,
    )


def _is_rule(row: Sequence[Line]) -> bool:
    return bool(row) and all(_DASHES.fullmatch(line.text) or not line.text for line in row)


def _covered(spans: Sequence[tuple[int, int]], start: int, text: str) -> bool:
    """Whether spans cover all words from ``start`` on."""
    covered = start
    for begin, end in sorted(spans):
        if text[covered:begin].strip():
            return False
        covered = max(covered, end)
    return bool(spans) and not text[covered:].strip(" .:")


_BLOCKS: dict[str, Callable[[_Blocks, Token], Iterator[Styled]]] = {
    "heading_open": _Blocks.heading,
    "paragraph_open": _Blocks.paragraph,
    "code_block": _Blocks.code,
    "fence": _Blocks.code,
    "hr": _Blocks.stars,
    "html_block": _Blocks.html,
    "bullet_list_open": _Blocks.list_open,
    "ordered_list_open": _Blocks.list_open,
    "bullet_list_close": _Blocks.list_close,
    "ordered_list_close": _Blocks.list_close,
    "list_item_open": _Blocks.item,
    "list_item_close": _Blocks.item_close,
    "blockquote_open": _Blocks.quote,
    "blockquote_close": _Blocks.quote,
    "layout_row": _Blocks.row,
    "table_open": _Blocks.table,
    "footnote": _Blocks.footnote,
}
