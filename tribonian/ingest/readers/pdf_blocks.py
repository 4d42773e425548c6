"""The lines of a paragraph or of a footnote as a styled block."""

from __future__ import annotations

from tribonian.ingest.readers.pdf_columns import Column
from tribonian.ingest.readers.pdf_hyphens import Vocabulary
from tribonian.ingest.readers.pdf_measure import Measure
from tribonian.ingest.readers.pdf_signs import END, FOOT, is_marked
from tribonian.ingest.readers.pdf_text import Spans, set_text
from tribonian.ingest.readers.pdf_types import Line
from tribonian.ingest.scripts import superscript
from tribonian.ingest.styled import Styled

_KINDS = {"TOCI": "contents", "Figure": "figure"}
_LEVELS = {f"H{level}": level for level in range(1, 7)}


class Blocks:
    """Makes blocks of lines, one paragraph after another."""

    def __init__(self, measure: Measure, vocabulary: Vocabulary) -> None:
        self.measure = measure
        self.vocabulary = vocabulary
        self.begins, self.page_of_begin = -1.0, 0  # where the last paragraph began

    def paragraph(self, lines: list[Line], column: Column | None) -> Styled:
        """The block of a paragraph that begins in a column, a footnote where it is one."""
        block = self._block(lines, column)
        first = lines[0]
        self.begins, self.page_of_begin = first.x0, first.page
        face = first.face if len(lines) < 3 else lines[1].face
        if (
            block.kind == "paragraph"
            and block.marks
            and is_marked(first)
            and face.size < self.measure.body - 0.4
        ):
            return self.note(lines, column)
        return block

    def note(self, lines: list[Line], column: Column | None) -> Styled:
        """The block of a footnote, its mark apart."""
        block = self._block(lines, column)
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

    def _block(self, lines: list[Line], column: Column | None) -> Styled:
        first = lines[0]
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
        bold = bool(whole.bolds) and sum(b - a for a, b in whole.bolds) >= 0.8 * len(whole.text)
        tag = first.tag
        role = tag.role if tag is not None else ""
        if role in _LEVELS and not bold and _is_prose(whole.text) and len(lines) > 2:
            role = "P"  # a slip of whoever set the tags
        block = Styled(
            _in_lines(lines) if role == "Figure" else whole.text,
            _KINDS.get(role, "paragraph"),
            f"page {first.page}, line {first.number}",
            level=_LEVELS.get(role, 0),
            list_level=tag.list_level if tag is not None else 0,
            style=role,
            size=face.size,
            weight=700 if bold else 400,
            centered=centered,
            indent=round(max(first.x0 - left, 0.0), 1),
            italics=whole.italics,
            bolds=whole.bolds,
            page=first.page,
            marks=whole.marks,
        )
        if role == "Figure":
            return block._replace(italics=None, bolds=None)
        return block


def _is_prose(text: str) -> bool:
    """Whether a text is too long for a heading, and ends as a sentence does."""
    return len(text) > 150 and END.search(text) is not None


def _in_lines(lines: list[Line]) -> str:
    """The words within a drawing as they stand in it, line by line."""
    return "\n".join(line.text for line in lines)


def _moved(spans: Spans | None, cut: int) -> Spans | None:
    return spans and tuple((max(a - cut, 0), b - cut) for a, b in spans if b > cut)
