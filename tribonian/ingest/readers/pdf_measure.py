"""What is usual in a document: the size of its text, its leading, its columns, its indents."""

from __future__ import annotations

from collections import Counter

from tribonian.ingest.readers.pdf_columns import Column
from tribonian.ingest.readers.pdf_types import Line

INDENT = 0.6  # ems: less than this is no indent


class Measure:
    """What is usual in a document: the size of its text, its leading, whether it indents."""

    def __init__(self) -> None:
        self.body = 0.0  # the size in which most is set
        self.ratio = 1.2  # its leading, in its own size
        self.indented = False  # whether first lines are indented
        self.usual: dict[int, float] = {}  # size -> leading
        self.sizes: Counter[float] = Counter()
        self.leads: dict[int, Counter[float]] = {}
        self.edges: Counter[tuple[int, int]] = Counter()
        self.indents = self.lines = self.pages = 0

    def learn(self, columns: list[Column]) -> None:
        """Take in the columns of a page; of a long document, of every eighth."""
        self.pages += 1
        if self.lines > 5000 and self.pages % 8:
            return
        for column in columns:
            if len(column.lines) > 7:
                self.edges[(round(column.x0), round(column.x1))] += len(column.lines)
            before: Line | None = None
            for line in column.lines:
                if not line.spans:
                    before = None
                    continue
                size = line.face.size
                self.sizes[size] += len(line.text)
                self.lines += 1
                if before is not None and before.face.size == size:
                    lead = round((line.base - before.base) * 4) / 4
                    if 0.8 * size < lead < 4 * size:
                        key = round(size)
                        leads = self.leads.get(key)
                        if leads is None:
                            leads = self.leads[key] = Counter()
                        leads[lead] += 1
                    if before.x0 > line.x0 + INDENT * size and before.x0 - line.x0 < 4 * size:
                        self.indents += 1
                before = line
        self.body = self.sizes.most_common(1)[0][0] if self.sizes else 0.0
        usual = {size: _usual(count, size) for size, count in self.leads.items()}
        if round(self.body) in usual:
            self.ratio = usual[round(self.body)] / self.body
            for size, count in self.leads.items():
                if sum(count.values()) < 20:  # of few lines nothing is usual
                    usual[size] = min(usual[size], self.ratio * size)
        self.usual = usual
        self.indented = self.indents > 0.06 * self.lines

    def fit(self, column: Column) -> None:
        """Give a column of few lines the edges that columns of this document have there."""
        few = len(column.lines) * 4
        best = 0
        found = None
        for (x0, x1), weight in self.edges.items():
            if (
                weight > max(best, few)
                and x0 - 2 <= column.x0 <= x0 + 48
                and column.x1 <= x1 + 2
                and x1 <= column.limit
            ):
                best, found = weight, (x0, x1)
        if found is not None:
            column.x0 = min(column.x0, found[0])
            column.x1 = max(column.x1, found[1])

    def lead(self, size: float) -> float:
        """The usual distance of two lines in a size."""
        return self.usual.get(round(size)) or self.ratio * size


def _usual(count: Counter[float], size: int) -> float:
    """The commonest leading; of two nearly as common, the smaller."""
    most = max(count.values())
    return min(lead for lead, times in count.items() if times >= 0.6 * most)
