"""Lines into paragraphs, over columns and pages, with the tables and pictures between them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tribonian.ingest.readers.pdf_blocks import Blocks
from tribonian.ingest.readers.pdf_breaks import Breaks
from tribonian.ingest.readers.pdf_columns import Column
from tribonian.ingest.readers.pdf_footnotes import Footnotes
from tribonian.ingest.readers.pdf_hyphens import Vocabulary
from tribonian.ingest.readers.pdf_measure import Measure
from tribonian.ingest.readers.pdf_signs import STOP, is_bold
from tribonian.ingest.readers.pdf_table_cells import CAPTION
from tribonian.ingest.readers.pdf_table_text import continues, table_node
from tribonian.ingest.readers.pdf_text import set_text
from tribonian.ingest.readers.pdf_types import Line, PdfTable
from tribonian.ingest.styled import Styled


class Paragraphs:
    """Puts the lines of one page after another together into styled blocks."""

    def __init__(self, measure: Measure, vocabulary: Vocabulary) -> None:
        self.measure = measure
        self.vocabulary = vocabulary
        self.open: list[Line] = []
        self.begun: Column | None = None  # of the first line that is open
        self.column: Column | None = None  # of the last
        self.blocks = Blocks(measure, vocabulary)
        self.breaks = Breaks(measure)
        self.footnotes = Footnotes(measure, self.blocks)
        self.held: list[Styled] = []  # what stands between two pieces of a paragraph
        self.table: list[PdfTable] = []  # the parts of one that may go on on the next page
        self.table_at = ""

    def page(
        self,
        columns: list[Column],
        tables: Mapping[int, PdfTable],
        pictures: Mapping[int, Styled],
    ) -> Iterator[Styled]:
        """The blocks that are complete with this page.

        ``tables`` and ``pictures`` are by the line that stands for each.
        """
        for column in columns:
            self.measure.fit(column)
            body, foot = self.footnotes.parted(column)
            above: Line | None = None  # what stands right above in this column
            for line in body:
                if id(line) in pictures:
                    above = line
                    yield from self.place(pictures[id(line)])
                    continue
                if not line.spans:
                    above = line
                    yield from self._table(tables[id(line)], line)
                    continue
                if self.table:
                    yield from self._table_ends()
                if self.open and self._is_new(above, line, column):
                    yield from self.flush()
                if not self.open:
                    self.begun = column
                self.open.append(line)
                self.column = column
                above = line
            if foot:
                self.held += self.footnotes.take(foot, self.column)
            elif body:
                self.held += self.footnotes.complete()

    def _is_new(self, above: Line | None, line: Line, column: Column) -> bool:
        """Whether a line begins a paragraph, and does not carry on the one that is open."""
        if self.column is None or (above is not None and above.spans):
            return self.breaks.begins(self.open, line, column)
        if above is not None and not line.text[:1].islower():
            return True  # below a table or a picture
        return not self.breaks.goes_on(self.open, self.column, line, column)

    def _table(self, table: PdfTable, line: Line) -> Iterator[Styled]:
        if self.table and not continues(self.table[-1], table):
            yield from self._table_ends()
        if not self.table:
            self.table_at = f"page {line.page}, line {line.number}"
            if not table.caption and self._is_caption():
                table.caption = set_text(self.open, self.vocabulary).text
                self.open = []
        self.table.append(table)

    def _is_caption(self) -> bool:
        """Whether what stands right above a table, at the foot of the page before, is its name."""
        if not self.open or not CAPTION.match(self.open[0].text):
            return False
        tag = self.open[0].tag
        if tag is not None and tag.role == "Caption":
            return True
        bold = all(is_bold(line) for line in self.open)
        return len(self.open) < 5 and bold and not self.open[-1].text.endswith(".")

    def _table_ends(self) -> Iterator[Styled]:
        node = table_node(self.table, self.table_at)
        page = self.table[0].page
        self.table = []
        yield from self.place(
            Styled("", "table", self.table_at, page=page, node=node, added=node.added)
        )

    def place(self, block: Styled) -> Iterator[Styled]:
        """A block that is ready, a table: behind a paragraph that it interrupts."""
        if self.open and not STOP.search(self.open[-1].text) and len(self.open) > 1:
            self.held.append(block)
        else:
            yield from self.flush()
            yield block

    def flush(self, *, last: bool = False) -> Iterator[Styled]:
        """What is open, complete now, and what it held up; a footnote may still go on."""
        if self.table:
            yield from self._table_ends()
        if self.open:
            block = self.blocks.paragraph(self.open, self.begun)
            self.open = []
            if block.text:
                yield block
        if last or self.footnotes.is_ended:
            self.held += self.footnotes.complete()
        yield from self.held
        self.held = []
