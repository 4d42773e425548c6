"""Where a paragraph begins: the evidence that a reader of print goes by.

Space between lines, the indent of a first line, a line that ends before it is full, a printed
number, a change of type; in a tagged file, the elements that lines are of.
"""

from __future__ import annotations

from tribonian.ingest.readers.pdf_columns import Column
from tribonian.ingest.readers.pdf_measure import INDENT, Measure
from tribonian.ingest.readers.pdf_signs import (
    ALONE,
    AND,
    ASKS,
    FRESH,
    HANGS,
    HEAD,
    LEADER,
    OPENS,
    STOP,
    follows,
    is_bold,
    is_drawn,
    is_heading_over,
    is_marked,
    is_titled,
    run_on,
)
from tribonian.ingest.readers.pdf_types import Line

HABIT = 2  # lines


class Breaks:
    """Tells of a line whether it begins a paragraph; given the lines of the one that is open."""

    def __init__(self, measure: Measure) -> None:
        self.measure = measure
        self.cut_lines = 0  # paragraphs found with a tag for each of their lines

    def begins(self, lines: list[Line], b: Line, column: Column) -> bool:
        """Whether a line, below the open ones in one column, begins a new paragraph."""
        a = lines[-1]
        step = b.x0 - a.x0
        size = a.face.size
        if (
            -1.0 < step < 1.0
            and a.face == b.face
            and len(lines) > 1
            and len(a.spans) == 1 == len(b.spans)
            and a.tag is b.tag is None
            and not a.face.bold
            and 2.0 < size < self.measure.body + 0.8
            and 0.3 * size < b.base - a.base < self.measure.lead(size) + 1.2
        ):
            # two full lines of running text are the commonest case
            if column.x1 - a.x1 < 0.5 * size:
                return False
            if ".." not in a.text and ". ." not in a.text and not self._room(a, b, column):
                return False  # the next word would not have fitted either
        if a.tag is None or b.tag is None:
            if is_drawn(a) or is_drawn(b):
                return True
            return self._begins_by_place(lines, b, column)
        if is_drawn(a) or is_drawn(b):
            return a.tag.block != b.tag.block
        if a.tag.block != b.tag.block:
            # a tag for every line is a habit of bad converters
            same = a.tag.role == b.tag.role and (b.text[:1].islower() or self._by_habit(a, b))
            item = a.tag.role == "LI" and b.tag.role == "P" and a.tag.list_level == b.tag.list_level
            goes_on = (
                (same or (item and b.x0 > lines[0].x0 + 1.0))
                and not STOP.search(a.text)
                and not self._room(a, b, column)
                and not self._begins_by_place(lines, b, column)
            )
            self.cut_lines += goes_on and same
            return not goes_on
        # one element for a whole page is another, or for a heading and what is below it
        if follows(lines[0], b):
            return True
        if abs(a.face.size - b.face.size) > 0.06 * a.face.size and not run_on(a, b):
            return True
        if self._room(a, b, column) and is_heading_over(lines, b):
            return True
        lead = b.base - a.base
        if lead > self.measure.lead(a.face.size) + 0.4 * a.face.size:
            return not b.text[:1].islower() and self._begins_by_place(lines, b, column)
        return (
            OPENS.match(b.text) is not None
            and STOP.search(a.text) is not None
            and self._begins_by_place(lines, b, column)
        )

    def _by_habit(self, a: Line, b: Line) -> bool:
        """Whether a line may go on with a capital where a tag for each line is the habit."""
        if self.cut_lines < HABIT or a.tag is None or a.tag.role != "P" or len(a.text) < 40:
            return False
        return not OPENS.match(b.text) and not is_titled(a, self.measure.body)

    def _begins_by_place(self, lines: list[Line], b: Line, column: Column) -> bool:
        a, measure = lines[-1], self.measure
        if a.text[-1:].isalnum() and LEADER.search(a.text):
            return True
        size = max(a.face.size, 1.0)
        first = len(lines) == 1
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
            return not (OPENS.match(lines[0].text) and not opens and not stop)
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

    def goes_on(self, lines: list[Line], old: Column, b: Line, column: Column) -> bool:
        """Whether the first line of a column carries on what the one before, ``old``, left open."""
        a = lines[-1]
        if a.text[-1:].isalnum() and LEADER.search(a.text):
            return False
        if a.tag is not None and b.tag is not None:
            if a.tag.block == b.tag.block:
                return True
            goes_on = b.text[:1].islower() or ASKS.search(a.text) is not None
            if a.tag.role != b.tag.role or not goes_on:
                return False
        size = max(a.face.size, 1.0)
        if abs(a.face.size - b.face.size) > 0.06 * size and not run_on(a, b):
            return False
        if is_bold(a) != is_bold(b) and ((is_bold(a) and len(lines) == 1) or is_bold(b)):
            return False
        if a.hyphen:
            return True
        if is_titled(a, self.measure.body):
            full = not self._room(a, b, old)
            unit = HEAD.match(b.text) and not HANGS.search(a.text)
            return full and is_titled(b, self.measure.body) and not unit
        if ALONE.fullmatch(a.text) and len(lines) == 1:
            return True
        stop = STOP.search(a.text) is not None
        opens = OPENS.match(b.text) is not None and not (
            ASKS.search(a.text) and b.text[:1].isdigit()
        )
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
                not stop and len(lines) > 2 and old.x1 - a.x1 < 0.3 * (old.x1 - old.x0)
            )
            return inset <= INDENT * size and full
        if opens and (stop or room):
            return False
        return not room and (not stop or b.text[:1].islower())
