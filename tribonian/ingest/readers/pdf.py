"""PDF: pages into lines, lines into columns and paragraphs, paragraphs into the section tree."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from tribonian.ingest.outline import outline
from tribonian.ingest.readers.pdf_columns import Column, columns, learn_edges
from tribonian.ingest.readers.pdf_file import STAMP, PdfFile, open_pdf
from tribonian.ingest.readers.pdf_heads import Heads
from tribonian.ingest.readers.pdf_hyphens import Vocabulary
from tribonian.ingest.readers.pdf_line_numbers import LineNumbers
from tribonian.ingest.readers.pdf_lines import whole_lines
from tribonian.ingest.readers.pdf_measure import Measure
from tribonian.ingest.readers.pdf_page import read_page
from tribonian.ingest.readers.pdf_paragraphs import Paragraphs
from tribonian.ingest.readers.pdf_tables import aligned_tables, page_tables
from tribonian.ingest.readers.pdf_tags import Tags
from tribonian.ingest.readers.pdf_text import set_text
from tribonian.ingest.readers.pdf_types import Face, Line, OutlineEntry, PdfPage, PdfTable, Tag
from tribonian.ingest.record import Reading
from tribonian.ingest.styled import Styled
from tribonian.schemas.tree import Event

_NUMBER = re.compile(r"^(?:[0-9]+(?:\.[0-9]+)*|[A-Z]|[IVXLC]+)[.)]?\s+")
AHEAD = 8  # pages that are measured before the first is made into paragraphs


def read_pdf(file: BinaryIO, reading: Reading) -> Iterator[Event]:
    """Stream the nodes of a PDF; its pages are read one after the other."""
    with open_pdf(file, reading) as opened:
        yield from outline(blocks(opened), reading)
        opened.note_pages()


def blocks(opened: PdfFile) -> Iterator[Styled]:
    """The styled blocks of an open PDF in reading order, its running heads at the end."""
    return _Course(opened).blocks()


@dataclass(slots=True)
class _Sheet:
    """A page on its way, with what was found on it beside its lines."""

    page: PdfPage
    columns: list[Column]
    tables: dict[int, PdfTable]  # by the line that stands for each


@dataclass(slots=True)
class _Course:
    """The course of a document from pages to blocks; holds a window of pages, no more."""

    opened: PdfFile
    vocabulary: Vocabulary = field(default_factory=Vocabulary)
    measure: Measure = field(default_factory=Measure)
    forms: dict[int, list[Styled]] = field(default_factory=dict)
    tables: dict[int, list[PdfTable]] = field(default_factory=dict)
    tags: dict[int, dict[int, Tag]] = field(default_factory=dict)
    edges: set[int] = field(default_factory=set)  # at which columns begin
    numbers: LineNumbers = field(default_factory=LineNumbers)
    places: dict[int, int] = field(default_factory=dict)

    def blocks(self) -> Iterator[Styled]:
        """All blocks."""
        heads = Heads()
        paragraphs = Paragraphs(self.measure, self.vocabulary)
        marks = _Bookmarks(self.opened.outline)
        ahead: deque[_Sheet] = deque()
        for page in heads.through(self._pages()):
            ahead.append(self._laid_out(page))
            if len(ahead) > AHEAD:
                yield from map(marks.ranked, self._made(ahead.popleft(), paragraphs))
        while ahead:
            yield from map(marks.ranked, self._made(ahead.popleft(), paragraphs))
        yield from map(marks.ranked, paragraphs.flush(last=True))
        for lines in filter(None, (*heads.said.values(), self.numbers.found)):
            first = lines[0]
            yield Styled(
                "\n".join(line.text for line in lines),
                "running-head",
                f"page {first.page}",
                size=first.face.size,
                page=first.page,
            )

    def _pages(self) -> Iterator[PdfPage]:
        opened = self.opened
        tags = Tags(len(opened)) if opened.tagged else None
        if tags is not None:
            self.places = tags.places
        for number, raw in opened.pages():
            page = read_page(raw, number, tagged=tags is not None)
            self.numbers.take(page)
            page.lines = whole_lines(page.lines)
            text = "\n".join([line.text for line in page.lines])
            self.vocabulary.learn(text)
            said = text.count(" ") + len(page.lines)
            if said < STAMP and opened.without_text(number, raw, said):
                page.lines = opened.picture_lines(number, raw)
            filled = opened.beside(number, raw)
            if filled:
                self.forms[number] = filled
            if tags is not None:
                wanted = {span.marked for line in page.lines for span in line.spans}
                found = tags.of_page(raw, wanted - {-1})
                if found:
                    self.tags[number] = found
                    _tag_lines(page, found)
            self._find_tables(page)
            learn_edges(page.lines, self.edges)
            yield page

    def _find_tables(self, page: PdfPage) -> None:
        """Take the tables out of a page, before its running heads are told.

        The first rows of a table that goes on page after page look like running heads.
        """
        found = page_tables(page, self.tags.pop(page.number, None), self.places, self._cell)
        if found:
            taken = {id(line) for table in found for line in table.lines}
            page.lines = [line for line in page.lines if id(line) not in taken]
            self.tables[page.number] = found

    def _laid_out(self, page: PdfPage) -> _Sheet:
        """The page with its tables and columns told apart."""
        tables: dict[int, PdfTable] = {}
        found = self.tables.pop(page.number, [])
        by_place = aligned_tables(page, self._cell)
        if by_place:
            taken = {id(line) for table in by_place for line in table.lines}
            page.lines = [line for line in page.lines if id(line) not in taken]
        for table in (*found, *by_place):
            line = Line("", table.x0, table.y0, table.x1, table.y1, table.y0 + 8.0,
                        Face("", 10.0), (), page.number)  # fmt: skip
            page.lines.append(line)
            tables[id(line)] = table
        laid = columns(page.lines, page.width, self.edges, page.rules)
        at = 0
        for column in laid:
            for line in column.lines:
                at += 1
                line.number = at
        self.measure.learn(laid)
        return _Sheet(page, laid, tables)

    def _cell(self, lines: list[Line]) -> str:
        return set_text(lines, self.vocabulary).text

    def _made(self, sheet: _Sheet, paragraphs: Paragraphs) -> Iterator[Styled]:
        yield from paragraphs.page(sheet.columns, sheet.tables)
        for line in sheet.page.lines:
            if line.angle:
                yield from paragraphs.place(
                    Styled(line.text, locator=f"page {line.page}", page=line.page)
                )
        for block in self.forms.pop(sheet.page.number, ()):
            yield from paragraphs.place(block)


def _tag_lines(page: PdfPage, tags: dict[int, Tag]) -> None:
    count = 0
    for line in page.lines:
        for span in line.spans:
            line.tag = tags.get(span.marked)
            if line.tag is not None:
                count += 1
                break
    page.tagged = count > 0.8 * len(page.lines)


class _Bookmarks:
    """The outline of the file: the levels of the headings that stand in it.

    A title may be shorter than the heading (its first words, or without its number) and its
    page may be the one before, where a heading was moved over by what stands above it.
    """

    def __init__(self, entries: list[OutlineEntry]) -> None:
        self.levels: dict[str, list[tuple[int, int]]] = {}  # by letters: page and level
        self.pages: dict[int, list[tuple[str, int]]] = {}
        for entry in entries:
            said = _letters(entry.title)
            if said and not entry.title.endswith(("...", "…")):  # a whole paragraph, cut short
                self.levels.setdefault(said, []).append((entry.page, entry.level))
                self.pages.setdefault(entry.page, []).append((said, entry.level))

    def ranked(self, block: Styled) -> Styled:
        """A block with its level, if it is a heading that the outline names.

        In a file with both, the levels of tags are another scale: they are kept only for what
        no bookmark names, below all that the bookmarks have.
        """
        if not self.levels or len(block.text) > 400 or block.kind != "paragraph":
            return block
        level = self._level(block)
        if level:
            return block._replace(level=level)
        return block._replace(level=0) if block.level and self._covers(block) else block

    def _level(self, block: Styled) -> int:
        said = _letters(block.text)
        for page, level in self.levels.get(said, ()):
            if page in (block.page, block.page - 1):
                return level
        if len(said) < 4:
            return 0
        bare = _letters(_NUMBER.sub("", block.text))
        for title, level in self.pages.get(block.page, ()):
            if title == bare or _letters(_NUMBER.sub("", title)) == said:
                return level
            if len(title) > 11 and said.startswith(title) and len(said) < 2.5 * len(title):
                return level
        return 0

    def _covers(self, block: Styled) -> bool:
        """Whether the bookmarks name the headings of this document and not only its parts."""
        return len(self.levels) > 5


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())
