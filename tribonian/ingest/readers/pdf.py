"""PDF: pages into lines, lines into columns and paragraphs, paragraphs into the section tree."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from tribonian.ingest.outline import outline
from tribonian.ingest.readers.pdf_bookmarks import Bookmarks
from tribonian.ingest.readers.pdf_columns import Column, columns, learn_edges
from tribonian.ingest.readers.pdf_file import STAMP, PdfFile, open_pdf
from tribonian.ingest.readers.pdf_heads import Heads
from tribonian.ingest.readers.pdf_hyphens import Vocabulary
from tribonian.ingest.readers.pdf_letters import Letters
from tribonian.ingest.readers.pdf_line_numbers import LineNumbers
from tribonian.ingest.readers.pdf_lines import whole_lines
from tribonian.ingest.readers.pdf_measure import Measure
from tribonian.ingest.readers.pdf_page import read_page
from tribonian.ingest.readers.pdf_paragraphs import Paragraphs
from tribonian.ingest.readers.pdf_pictures import Picture
from tribonian.ingest.readers.pdf_signs import is_drawn
from tribonian.ingest.readers.pdf_tables import aligned_tables, page_tables
from tribonian.ingest.readers.pdf_tags import Tags
from tribonian.ingest.readers.pdf_text import set_text
from tribonian.ingest.readers.pdf_types import (
    Face,
    Line,
    PdfPage,
    PdfTable,
    Rule,
    Tag,
)
from tribonian.ingest.record import Reading
from tribonian.ingest.styled import Styled
from tribonian.schemas.tree import Event

WORDS = 7  # a line: more are no names of the parts of a drawing
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
    pictures: dict[int, Styled]  # as well


@dataclass(slots=True)
class _Course:
    """The course of a document from pages to blocks; holds a window of pages, no more."""

    opened: PdfFile
    vocabulary: Vocabulary = field(default_factory=Vocabulary)
    measure: Measure = field(default_factory=Measure)
    forms: dict[int, list[Styled]] = field(default_factory=dict)
    tables: dict[int, list[PdfTable]] = field(default_factory=dict)
    pictures: dict[int, list[Picture]] = field(default_factory=dict)
    letters: Letters = field(default_factory=Letters)
    tags: dict[int, dict[int, Tag]] = field(default_factory=dict)
    edges: set[int] = field(default_factory=set)  # at which columns begin
    numbers: LineNumbers = field(default_factory=LineNumbers)
    places: dict[int, int] = field(default_factory=dict)

    def blocks(self) -> Iterator[Styled]:
        """All blocks."""
        heads = Heads()
        paragraphs = Paragraphs(self.measure, self.vocabulary)
        marks = Bookmarks(self.opened.outline)
        ahead: deque[_Sheet] = deque()
        for page in heads.through(self._pages()):
            ahead.append(self._laid_out(page))
            if len(ahead) > AHEAD:
                yield from map(marks.ranked, self._made(ahead.popleft(), paragraphs))
        while ahead:
            yield from map(marks.ranked, self._made(ahead.popleft(), paragraphs))
        yield from map(marks.ranked, paragraphs.flush(last=True))
        self.opened.note_letters(self.letters.doubtful())
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
            else:
                self.letters.take(page.lines)
                found_pictures = opened.beside_text(number, raw, page.lines)
                if found_pictures:
                    self.pictures[number] = found_pictures
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
            line = _standing_for(table, page)
            page.lines.append(line)
            tables[id(line)] = table
        pictures: dict[int, Styled] = {}
        for picture in self.pictures.pop(page.number, ()):
            line = _standing_for(picture.place, page)
            page.lines.append(line)
            pictures[id(line)] = picture.block()
        laid = columns(page.lines, page.width, self.edges, page.rules)
        at = 0
        for column in laid:
            if pictures:
                _narrow(column, pictures)
            for line in column.lines:
                at += 1
                line.number = at
        self.measure.learn(laid)
        return _Sheet(page, laid, tables, pictures)

    def _cell(self, lines: list[Line]) -> str:
        return set_text(lines, self.vocabulary).text

    def _made(self, sheet: _Sheet, paragraphs: Paragraphs) -> Iterator[Styled]:
        yield from paragraphs.page(sheet.columns, sheet.tables, sheet.pictures)
        for line in sheet.page.lines:
            if line.angle:
                yield from paragraphs.place(
                    Styled(line.text, locator=f"page {line.page}", page=line.page)
                )
        for block in self.forms.pop(sheet.page.number, ()):
            yield from paragraphs.place(block)


def _narrow(column: Column, pictures: dict[int, Styled]) -> None:
    """Give a column on a page with pictures the edges of its text, which they stand out over."""
    lines = [line for line in column.lines if id(line) not in pictures]
    if lines:
        column.x0 = min(line.x0 for line in lines)
        column.x1 = max(line.x1 for line in lines)


def _standing_for(place: PdfTable | Rule, page: PdfPage) -> Line:
    """A line without text, for what takes part in the order of reading in its place."""
    return Line("", place.x0, place.y0, place.x1, place.y1, place.y0 + 8.0,
                Face("", 10.0), (), page.number)  # fmt: skip


def _tag_lines(page: PdfPage, tags: dict[int, Tag]) -> None:
    count = 0
    for line in page.lines:
        for span in line.spans:
            line.tag = tags.get(span.marked)
            if line.tag is not None:
                count += 1
                break
    _leave_drawings(page)
    page.tagged = count > 0.8 * len(page.lines)


def _leave_drawings(page: PdfPage) -> None:
    """Take the tag of a drawing from running text, which some programs give it by mistake."""
    drawn: dict[int, list[Line]] = {}
    for line in page.lines:
        if is_drawn(line) and line.tag is not None:
            drawn.setdefault(line.tag.block, []).append(line)
    for lines in drawn.values():
        if sum(len(line.text.split()) for line in lines) > WORDS * len(lines):
            for line in lines:
                if line.tag is not None:
                    line.tag = line.tag._replace(role="P")
