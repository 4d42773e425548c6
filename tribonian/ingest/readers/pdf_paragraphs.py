"""Lines into paragraphs: where one ends and the next begins, over columns and pages.

The evidence is what a reader of print goes by: space between lines, the indent of a first
line, a line that ends before it is full, a printed number, a change of type.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tribonian.ingest.readers.pdf_columns import Column
from tribonian.ingest.readers.pdf_hyphens import Vocabulary
from tribonian.ingest.readers.pdf_measure import INDENT, Measure
from tribonian.ingest.readers.pdf_signs import (
    ALONE,
    AND,
    END,
    FOOT,
    FRESH,
    HANGS,
    HEAD,
    LEADER,
    OPENS,
    STOP,
    follows,
    is_bold,
    is_heading_over,
    is_marked,
    is_titled,
    run_on,
)
from tribonian.ingest.readers.pdf_table_cells import CAPTION
from tribonian.ingest.readers.pdf_table_text import continues, table_node
from tribonian.ingest.readers.pdf_text import Spans, set_text
from tribonian.ingest.readers.pdf_types import Line, PdfTable
from tribonian.ingest.scripts import superscript
from tribonian.ingest.styled import Styled

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
        self.begins, self.page_of_begin = -1.0, 0  # where the last paragraph began
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
            elif self.foot and body:
                self._hold_foot()

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
            block = self._block(self.open)
            self.open = []
            if block.text:
                yield block
        if self.foot and (last or STOP.search(self.foot[-1].text)):
            self._hold_foot()
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
            same = a.tag.role == b.tag.role and b.text[:1].islower()
            item = a.tag.role == "LI" and b.tag.role == "P" and a.tag.list_level == b.tag.list_level
            return not (
                (same or (item and b.x0 > self.open[0].x0 + 1.0))
                and not STOP.search(a.text)
                and not self._room(a, b, column)
                and not self._begins_by_place(a, b, column)
            )
        # one element for a whole page is another, or for a heading and what is below it
        if follows(self.open[0], b):
            return True
        if abs(a.face.size - b.face.size) > 0.06 * a.face.size and not run_on(a, b):
            return True
        if self._room(a, b, column) and is_heading_over(self.open, b):
            return True
        lead = b.base - a.base
        if lead > self.measure.lead(a.face.size) + 0.4 * a.face.size:
            return not b.text[:1].islower() and self._begins_by_place(a, b, column)
        return (
            OPENS.match(b.text) is not None
            and STOP.search(a.text) is not None
            and self._begins_by_place(a, b, column)
        )

    def _begins_by_place(self, a: Line, b: Line, column: Column) -> bool:
        measure = self.measure
        if a.text[-1:].isalnum() and LEADER.search(a.text):
            return True
        size = max(a.face.size, 1.0)
        first = len(self.open) == 1
        if first and ALONE.fullmatch(a.text) and b.base - a.base < 3 * size:
            return False  # a number alone on its line belongs to what follows
        lead = b.base - a.base
        if abs(a.face.size - b.face.size) > 0.06 * size:
            if not run_on(a, b):
                return True
            size = max(size, b.face.size)  # small capitals within running text
        if lead < 0.3 * size:
            return True
        usual = measure.lead(size)
        more = max(1.2, 0.17 * size)
        title = is_titled(a, measure.body) and is_titled(b, measure.body)
        if lead > usual + more and not (title and a.face == b.face and lead < 1.45 * size):
            # a raised or lowered figure makes the line higher, and a sentence goes on
            raised = any(span.rise for span in (*a.spans, *b.spans))
            within = b.text[:1].islower() and not STOP.search(a.text)
            if not (raised or within) or lead > usual + more + (0.4 if within else 0.2) * size:
                return True
            if self._room(a, b, column):
                return True
        if is_marked(b) and a.face.size < measure.body - 0.4 and not a.hyphen:
            return True  # the mark of the next footnote
        if a.hyphen:
            return False
        if title:
            return bool(HEAD.match(b.text) and not HANGS.search(a.text)) or (
                bool(OPENS.match(b.text)) and self._room(a, b, column)
            )
        room = self._room(a, b, column)
        if is_bold(a) != is_bold(b) and (room or is_bold(b)):
            return True
        if (
            room
            and column.x1 - a.x1 > 0.35 * (column.x1 - column.x0)
            and a.x0 - column.x0 < 4 * size
        ):
            return True
        opens = OPENS.match(b.text) is not None
        stop = STOP.search(a.text) is not None or (opens and AND.search(a.text) is not None)
        step = b.x0 - a.x0
        if first and opens and stop and abs(step) < 1.0 and OPENS.match(a.text):
            return True  # one full line each
        if first:
            if step > INDENT * size:
                if OPENS.match(a.text) and not opens:
                    return room and stop
                return room or stop
            if step < -INDENT * size:
                return room and (stop or opens)
            if measure.indented and a.x0 - column.x0 > INDENT * size:
                fresh = opens or FRESH.match(b.text) is not None
                return (stop or room) and fresh
        elif step > INDENT * size:
            return not (OPENS.match(self.open[0].text) and not opens and not stop)
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
        if a.text[-1:].isalnum() and LEADER.search(a.text):
            return False
        if a.tag is not None and b.tag is not None:
            if a.tag.block == b.tag.block:
                return True
            if a.tag.role != b.tag.role or not b.text[:1].islower():
                return False
        size = max(a.face.size, 1.0)
        if abs(a.face.size - b.face.size) > 0.06 * size and not run_on(a, b):
            return False
        if is_bold(a) != is_bold(b) and ((is_bold(a) and len(self.open) == 1) or is_bold(b)):
            return False
        if a.hyphen:
            return True
        if is_titled(a, self.measure.body):
            full = not self._room(a, b, old)
            unit = HEAD.match(b.text) and not HANGS.search(a.text)
            return full and is_titled(b, self.measure.body) and not unit
        if ALONE.fullmatch(a.text) and len(self.open) == 1:
            return True
        stop = STOP.search(a.text) is not None
        opens = OPENS.match(b.text) is not None
        if opens and AND.search(a.text):
            return False
        if HEAD.match(b.text) and stop:
            return False
        if not stop and b.text[:1].islower():
            return True
        room = self._room(a, b, old)
        inset = b.x0 - column.x0
        if self.measure.indented:
            if opens and (stop or inset > INDENT * size):
                return False
            full = not room or (
                not stop and len(self.open) > 2 and old.x1 - a.x1 < 0.3 * (old.x1 - old.x0)
            )
            return inset <= INDENT * size and full
        if opens and (stop or room):
            return False
        return not room and (not stop or b.text[:1].islower())

    # -- footnotes

    def _parted(self, column: Column) -> tuple[list[Line], list[Line]]:
        """The lines of a column, and those of the footnotes at its foot."""
        lines = self._without_rest(column.lines)
        body = self.measure.body
        at = len(lines)
        while at and lines[at - 1].spans and lines[at - 1].face.size < body - 0.6:
            at -= 1
        if at == len(lines):
            return lines, []
        if self.foot and at and not STOP.search(self.foot[-1].text):
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
        if not self.foot or STOP.search(self.foot[-1].text):
            return lines
        size = self.foot[-1].face.size
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
        self.foot += lines[:at]
        return lines[at:]

    def _footnotes(self, lines: list[Line], column: Column) -> None:
        for at, line in enumerate(lines):
            marked = is_marked(line)
            begins = marked or (
                FOOT.match(line.text) and (at == 0 or self._begins_foot(lines[at - 1], line))
            )
            if begins and self.foot:
                self._hold_foot()
            self.foot.append(line)

    def _hold_foot(self) -> None:
        self.held.append(self._note(self.foot))
        self.foot = []

    def _begins_foot(self, a: Line, b: Line) -> bool:
        return STOP.search(a.text) is not None or b.x0 - a.x0 > 0.4 * b.face.size

    def _note(self, lines: list[Line]) -> Styled:
        block = self._block(lines)
        first = lines[0]
        span = first.spans[0]
        mark = ""
        if is_marked(first):
            mark = first.text[span.start : span.end].strip()
        else:
            found = FOOT.match(first.text)
            mark = found[0] if found else ""
        if not mark:
            return block._replace(kind="footnote")
        printed = superscript(mark) if is_marked(first) else mark
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
        # an item of an indented list may end as far from the edge as it begins, by chance
        off = max(4.0, 0.03 * (right - left)) if len(lines) == 1 else 0.12 * (right - left)
        centered = (abs(first.x0 - self.begins) > 1.0 or self.page_of_begin != first.page) and all(
            line.x0 - left > (2.5 if self.measure.indented else 1.0) * line.face.size
            and abs((line.x0 - left) - (right - line.x1)) < off
            for line in lines
        )
        if lines is self.open:
            self.begins, self.page_of_begin = first.x0, first.page
        bold = bool(whole.bolds) and sum(b - a for a, b in whole.bolds) >= 0.8 * len(whole.text)
        small = whole.marks and is_marked(first) and face.size < self.measure.body - 0.4
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
