"""Footnotes at the foot of a column: where they begin, and how they go on at the next foot."""

from __future__ import annotations

from tribonian.ingest.readers.pdf_blocks import Blocks
from tribonian.ingest.readers.pdf_columns import Column
from tribonian.ingest.readers.pdf_measure import Measure
from tribonian.ingest.readers.pdf_signs import END, FOOT, STOP, is_marked
from tribonian.ingest.readers.pdf_types import Line
from tribonian.ingest.styled import Styled


class Footnotes:
    """Parts the columns of a document from the footnotes below them."""

    def __init__(self, measure: Measure, blocks: Blocks) -> None:
        self.measure = measure
        self.blocks = blocks
        self.open: list[Line] = []  # a footnote that may go on at the next foot
        self.column: Column | None = None  # above the one that is open

    @property
    def is_ended(self) -> bool:
        """Whether the footnote that is open, if any, ends with a sentence."""
        return not self.open or STOP.search(self.open[-1].text) is not None

    def parted(self, column: Column) -> tuple[list[Line], list[Line]]:
        """The lines of a column, and those of the footnotes at its foot."""
        lines = self._without_rest(column.lines)
        body = self.measure.body
        at = len(lines)
        while at and lines[at - 1].spans and lines[at - 1].face.size < body - 0.6:
            at -= 1
        if at == len(lines):
            return lines, []
        if at and not self.is_ended:
            return lines[:at], lines[at:]  # the rest of a note from the column before
        for start in range(at, len(lines)):
            # a column that is in small type throughout is text, whatever number a line begins with
            # and a citation goes on with the volume that its next line begins with
            fresh = start == at or END.search(lines[start - 1].text)
            if is_marked(lines[start]) or (at and fresh and FOOT.match(lines[start].text)):
                break
        else:
            return lines, []
        if start > at and at > 0:
            at = start
        return lines[:at], lines[at:]

    def _without_rest(self, lines: list[Line]) -> list[Line]:
        """The lines of a column without those at its top that end a note of the one before."""
        if self.is_ended:
            return lines
        size = self.open[-1].face.size
        at = 0
        while (
            at < len(lines)
            and lines[at].spans
            and abs(lines[at].face.size - size) < 0.3
            and not is_marked(lines[at])
        ):
            at += 1
            if END.search(lines[at - 1].text):
                break
        self.open += lines[:at]
        return lines[at:]

    def take(self, lines: list[Line], column: Column | None) -> list[Styled]:
        """The footnotes that are complete with these lines at the foot of a column."""
        complete: list[Styled] = []
        for at, line in enumerate(lines):
            if self.open and (
                is_marked(line)
                or (FOOT.match(line.text) and (at == 0 or _begins(lines[at - 1], line)))
            ):
                complete += self.complete()
            self.open.append(line)
            self.column = column
        return complete

    def complete(self) -> list[Styled]:
        """The footnote that is open, if any, as it is."""
        lines, self.open = self.open, []
        return [self.blocks.note(lines, self.column)] if lines else []


def _begins(a: Line, b: Line) -> bool:
    return STOP.search(a.text) is not None or b.x0 - a.x0 > 0.4 * b.face.size
