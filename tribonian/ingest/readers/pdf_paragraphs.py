"""Lines into paragraphs: where one ends and the next begins, over columns and pages.

The evidence is what a reader of print goes by: space between lines, the indent of a first
line, a line that ends before it is full, a printed number, a change of type.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from tribonian.ingest.readers.pdf_columns import Column
from tribonian.ingest.readers.pdf_hyphens import Vocabulary
from tribonian.ingest.readers.pdf_measure import INDENT, Measure
from tribonian.ingest.readers.pdf_table_text import continues, table_node
from tribonian.ingest.readers.pdf_text import Spans, set_text
from tribonian.ingest.readers.pdf_types import Line, PdfTable
from tribonian.ingest.scripts import superscript
from tribonian.ingest.styled import Styled

# What may open a paragraph: (a), (iv), 1., 3.1.2, 12), a bullet, a dash that stands apart.
_OPENS = re.compile(
    r"\([0-9]{1,3}\)|\([A-Za-z]{1,5}\)|[0-9]{1,3}(?:\.[0-9]{1,3})*[.)]?(?=\s+\S)|[A-Za-z][.)]\s"
    r"|[ivxlIVXL]{1,6}[.)]\s|[•▪●■□◆➢✓❖❑☑o·–—-]\s|\*\s|§"
)
_ALONE = re.compile(
    r"(?:\([0-9A-Za-z]{1,5}\)\s*)+|[0-9]{1,3}(?:\.[0-9]{1,3})*[.)]|[A-Za-z][.)]|[•▪●■□◆➢✓❖❑☑·]"
)
_HEAD = re.compile(
    r"(?:PART|Part|SUBPART|Subpart|CHAPTER|Chapter|ARTICLE|Article|SECTION|Section|SUBCHAPTER"
    r"|Subchapter|ANNEX|Annex|APPENDIX|Appendix|TITLE|Title)\s+[0-9A-Z]|§§?\s*[0-9]"
)
_STOP = re.compile(r"[.;:!?—][\"”’')\]]*[⁰-⁹¹²³]*$")
_FRESH = re.compile(r"[\"“‘(\[§•]|[^\W\d_a-zà-ÿ]|[0-9]")
_AND = re.compile(r"[,;:.]\s+(?:and|or|and/or)$|\b(?:provided|including|following):?$")
_MARK = re.compile(r"[0-9]{1,3}[a-z]?|[*†‡§¶]{1,4}|[a-z]")
_FOOT = re.compile(r"(?:[0-9]{1,3}|[*†‡§]{1,3})(?=\s|[A-Z])")

_LEVELS = {f"H{level}": level for level in range(1, 7)}


class Paragraphs:
    """Puts the lines of one page after another together into styled blocks."""

    def __init__(self, measure: Measure, vocabulary: Vocabulary) -> None:
        self.measure = measure
        self.vocabulary = vocabulary
        self.open: list[Line] = []
        self.begun: Column | None = None  # of the first line that is open
        self.column: Column | None = None  # of the last
        self.foot: list[Line] = []  # a footnote that may go on at the next foot
        self.held: list[Styled] = []  # what stands between two pieces of a paragraph
        self.table: list[PdfTable] = []  # the parts of one that may go on on the next page
        self.table_at = ""

    def page(self, columns: list[Column], tables: Mapping[int, PdfTable]) -> Iterator[Styled]:
        """The blocks that are complete with this page; ``tables`` by the line for each."""
        for column in columns:
            self.measure.fit(column)
            body, foot = self._parted(column)
            for at, line in enumerate(body):
                if not line.spans:
                    yield from self._table(tables[id(line)], line)
                    continue
                if self.table:
                    yield from self._table_ends()
                if not self.open:
                    pass
                elif at == 0:
                    if not self._goes_on(line, column):
                        yield from self.flush()
                elif self._begins(self.open[-1], line, column):
                    yield from self.flush()
                if not self.open:
                    self.begun = column
                self.open.append(line)
                self.column = column
            if foot:
                self._footnotes(foot, column)

    def _table(self, table: PdfTable, line: Line) -> Iterator[Styled]:
        if self.table and not continues(self.table[-1], table):
            yield from self._table_ends()
        if not self.table:
            self.table_at = f"page {line.page}, line {line.number}"
        self.table.append(table)

    def _table_ends(self) -> Iterator[Styled]:
        node = table_node(self.table, self.table_at)
        page = self.table[0].page
        self.table = []
        yield from self.place(
            Styled("", "table", self.table_at, page=page, node=node, added=node.added)
        )

    def place(self, block: Styled) -> Iterator[Styled]:
        """A block that is ready, a table: behind a paragraph that it interrupts."""
        if self.open and not _STOP.search(self.open[-1].text) and len(self.open) > 1:
            self.held.append(block)
        else:
            yield from self.flush()
            yield block

    def flush(self) -> Iterator[Styled]:
        """What is open, complete now, and what it held up."""
        if self.table:
            yield from self._table_ends()
        if self.open:
            block = self._block(self.open)
            self.open = []
            if block.text:
                yield block
        if self.foot:
            self.held.append(self._note(self.foot))
            self.foot = []
        yield from self.held
        self.held = []

    # -- where a paragraph begins

    def _begins(self, a: Line, b: Line, column: Column) -> bool:
        """Whether line b, below line a in one column, begins a new paragraph."""
        step = b.x0 - a.x0
        size = a.face.size
        if (
            -1.0 < step < 1.0
            and column.x1 - a.x1 < 0.5 * size
            and a.face == b.face
            and len(self.open) > 1
            and len(a.spans) == 1 == len(b.spans)
            and a.tag is b.tag is None
            and not a.face.bold
            and size < self.measure.body + 0.8
            and 0.3 * size < b.base - a.base < self.measure.lead(size) + 1.2
        ):
            return False  # two full lines of running text, the commonest case
        if a.tag is None or b.tag is None:
            return self._begins_by_place(a, b, column)
        if a.tag.block != b.tag.block:
            # a tag for every line is a habit of bad converters
            within = b.text[:1].islower() and not _STOP.search(a.text)
            return not (
                within
                and a.tag.role == b.tag.role
                and not self._begins_by_place(a, b, column)
                and not self._room(a, b, column)
            )
        # one element for a whole page is another
        wide = b.base - a.base > self.measure.lead(a.face.size) + 0.4 * a.face.size
        return (
            (wide or _OPENS.match(b.text) is not None)
            and _STOP.search(a.text) is not None
            and self._begins_by_place(a, b, column)
        )

    def _begins_by_place(self, a: Line, b: Line, column: Column) -> bool:
        measure = self.measure
        size = max(a.face.size, 1.0)
        first = len(self.open) == 1
        if first and _ALONE.fullmatch(a.text) and b.base - a.base < 3 * size:
            return False  # a number alone on its line belongs to what follows
        lead = b.base - a.base
        if abs(a.face.size - b.face.size) > 0.06 * size and not _run_on(a, b):
            return True
        if lead < 0.3 * size:
            return True
        usual = measure.lead(size)
        more = max(1.2, 0.17 * size)
        title = _titled(a, measure.body) and _titled(b, measure.body)
        if lead > usual + more and not (title and a.face == b.face and lead < 1.45 * size):
            # a raised or lowered figure makes the line higher, and a sentence goes on
            raised = any(span.rise for span in (*a.spans, *b.spans))
            within = b.text[:1].islower() and not _STOP.search(a.text)
            if not (raised or within) or lead > usual + more + (0.4 if within else 0.2) * size:
                return True
            if self._room(a, b, column):
                return True
        if _marked(b) and a.face.size < measure.body - 0.4 and not a.hyphen:
            return True  # the mark of the next footnote
        if a.hyphen:
            return False
        if title:
            return bool(_HEAD.match(b.text)) or (
                bool(_OPENS.match(b.text)) and self._room(a, b, column)
            )
        room = self._room(a, b, column)
        if _bold(a) != _bold(b) and (room or _bold(b)):
            return True
        if (
            room
            and column.x1 - a.x1 > 0.35 * (column.x1 - column.x0)
            and a.x0 - column.x0 < 4 * size
        ):
            return True
        opens = _OPENS.match(b.text) is not None
        stop = _STOP.search(a.text) is not None or (opens and _AND.search(a.text) is not None)
        step = b.x0 - a.x0
        if first and opens and stop and abs(step) < 1.0 and _OPENS.match(a.text):
            return True  # one full line each
        if first:
            if step > INDENT * size:
                if _OPENS.match(a.text) and not opens:
                    return room and stop
                return room or stop
            if step < -INDENT * size:
                return room and (stop or opens)
            if measure.indented and a.x0 - column.x0 > INDENT * size:
                fresh = opens or _FRESH.match(b.text) is not None
                return (stop or room) and fresh
        elif step > INDENT * size:
            return not (_OPENS.match(self.open[0].text) and not opens and not stop)
        elif step < -INDENT * size:
            return True
        return room and (opens or stop)

    def _room(self, a: Line, b: Line, column: Column) -> bool:
        """Whether the first word of line b would have stood at the end of line a."""
        word = len(b.text.split(" ", 1)[0])
        width = (b.x1 - b.x0) / max(len(b.text), 1) * word
        left = column.x1 - a.x1
        inset = b.x0 - column.x0 > INDENT * a.face.size
        if inset and abs((a.x0 - column.x0) - left) < 2.0 and left > a.face.size:
            left *= 2  # centred
        return left > width + 0.5 * a.face.size

    def _goes_on(self, b: Line, column: Column) -> bool:
        """Whether the first line of a column carries on what the last one left open."""
        a, old = self.open[-1], self.column
        assert old is not None
        if a.tag is not None and b.tag is not None:
            if a.tag.block == b.tag.block:
                return True
            if a.tag.role != b.tag.role or not b.text[:1].islower():
                return False
        size = max(a.face.size, 1.0)
        if abs(a.face.size - b.face.size) > 0.06 * size and not _run_on(a, b):
            return False
        if _bold(a) != _bold(b) and ((_bold(a) and len(self.open) == 1) or _bold(b)):
            return False
        if a.hyphen:
            return True
        if _titled(a, self.measure.body):
            full = not self._room(a, b, old)
            return full and _titled(b, self.measure.body) and not _HEAD.match(b.text)
        if _ALONE.fullmatch(a.text) and len(self.open) == 1:
            return True
        stop = _STOP.search(a.text) is not None
        opens = _OPENS.match(b.text) is not None
        if opens and _AND.search(a.text):
            return False
        if _HEAD.match(b.text) and stop:
            return False
        if not stop and b.text[:1].islower():
            return True
        room = self._room(a, b, old)
        inset = b.x0 - column.x0
        if self.measure.indented:
            if opens and (stop or inset > INDENT * size):
                return False
            return inset <= INDENT * size and not room
        if opens and (stop or room):
            return False
        return not room and (not stop or b.text[:1].islower())

    # -- footnotes

    def _parted(self, column: Column) -> tuple[list[Line], list[Line]]:
        """The lines of a column, and those of the footnotes at its foot."""
        lines = column.lines
        body = self.measure.body
        at = len(lines)
        while at and lines[at - 1].spans and lines[at - 1].face.size < body - 0.6:
            at -= 1
        if at == len(lines):
            return lines, []
        for start in range(at, len(lines)):
            # a column that is in small type throughout is text, whatever number a line begins with
            if _marked(lines[start]) or (at and _FOOT.match(lines[start].text)):
                break
        else:
            return lines, []
        if start > at and at > 0:
            at = start
        return lines[:at], lines[at:]

    def _footnotes(self, lines: list[Line], column: Column) -> None:
        for at, line in enumerate(lines):
            marked = _marked(line)
            begins = marked or (
                _FOOT.match(line.text) and (at == 0 or self._begins_foot(lines[at - 1], line))
            )
            if begins and self.foot:
                self.held.append(self._note(self.foot))
                self.foot = []
            self.foot.append(line)

    def _begins_foot(self, a: Line, b: Line) -> bool:
        return _STOP.search(a.text) is not None or b.x0 - a.x0 > 0.4 * b.face.size

    def _note(self, lines: list[Line]) -> Styled:
        block = self._block(lines)
        first = lines[0]
        span = first.spans[0]
        mark = ""
        if _marked(first):
            mark = first.text[span.start : span.end].strip()
        else:
            found = _FOOT.match(first.text)
            mark = found[0] if found else ""
        if not mark:
            return block._replace(kind="footnote")
        printed = superscript(mark) if _marked(first) else mark
        cut = len(printed) if block.text.startswith(printed) else 0
        cut += len(block.text) - cut - len(block.text[cut:].lstrip())
        return block._replace(
            kind="footnote",
            text=block.text[cut:],
            marks=(mark,),
            italics=_moved(block.italics, cut),
            bolds=_moved(block.bolds, cut),
        )

    # -- blocks

    def _block(self, lines: list[Line]) -> Styled:
        first = lines[0]
        column = self.begun if lines is self.open else self.column
        left, right = (column.x0, column.x1) if column else (first.x0, first.x1)
        whole = set_text(lines, self.vocabulary)
        face = first.face if len(lines) < 3 else lines[1].face
        centered = all(
            line.x0 - left > (2.5 if self.measure.indented else 1.0) * line.face.size
            and abs((line.x0 - left) - (right - line.x1)) < 0.12 * (right - left)
            for line in lines
        )
        bold = bool(whole.bolds) and sum(b - a for a, b in whole.bolds) >= 0.8 * len(whole.text)
        small = whole.marks and _marked(first) and face.size < self.measure.body - 0.4
        tag = first.tag
        block = Styled(
            whole.text,
            "contents" if tag is not None and tag.role == "TOCI" else "paragraph",
            f"page {first.page}, line {first.number}",
            level=_LEVELS.get(tag.role, 0) if tag is not None else 0,
            list_level=tag.list_level if tag is not None else 0,
            style=tag.role if tag is not None else "",
            size=face.size,
            weight=700 if bold else 400,
            centered=centered,
            indent=round(max(first.x0 - left, 0.0), 1),
            italics=whole.italics,
            bolds=whole.bolds,
            page=first.page,
            marks=whole.marks,
        )
        if small and lines is self.open:
            return self._note(list(lines))
        return block


def _moved(spans: Spans | None, cut: int) -> Spans | None:
    return spans and tuple((max(a - cut, 0), b - cut) for a, b in spans if b > cut)


def _marked(line: Line) -> bool:
    """Whether a line begins with a raised mark."""
    span = line.spans[0]
    return (
        span.rise > 0
        and len(line.spans) > 1
        and span.end - span.start < 5
        and span.face.size < 0.92 * line.face.size
    )


def _bold(line: Line) -> bool:
    return all(span.face.bold for span in line.spans if not span.rise)


def _run_on(a: Line, b: Line) -> bool:
    """Whether the type changes within both lines, so that the change is no boundary."""
    if len(a.spans) == len(b.spans) == 1:
        return False
    ours = [span.face.size for span in a.spans if not span.rise]
    return any(
        abs(span.face.size - size) < 0.06 * size
        for span in b.spans
        if not span.rise
        for size in ours
    )


def _titled(line: Line, body: float) -> bool:
    """Whether a line is set as a heading: bold throughout or larger than the text."""
    return line.face.size > body + 0.8 or _bold(line)
