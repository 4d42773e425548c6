"""Blocks of a Word file one after another: paragraphs, tables, what holds them (ECMA-376 17.2).

`BLOCKS` says what each element is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from lxml import etree

from tribonian.ingest.readers.docx_layout import in_a_line, is_layout, laid_out
from tribonian.ingest.readers.docx_line import (
    Line,
    Piece,
    Story,
    covers,
    goes_on,
    heading_first,
    printed,
)
from tribonian.ingest.readers.docx_notes import end_section
from tribonian.ingest.readers.docx_numbering import Counting, Number
from tribonian.ingest.readers.docx_package import NAMES, is_on, value
from tribonian.ingest.readers.docx_styles import Look, Style, paragraph_look, run_look
from tribonian.ingest.readers.docx_tables import looks_at_first_row, read_grid, table_blocks
from tribonian.ingest.readers.docx_text import read_inline
from tribonian.ingest.scripts import superscript
from tribonian.ingest.styled import Styled
from tribonian.schemas.words import count_words

if TYPE_CHECKING:
    from tribonian.ingest.readers.docx import WordFile

_PATH = re.compile(r"(?:[A-Za-z]:)?[/\\][^ ]|https?:")  # a picture described by its own file


class Flow:
    """Reads blocks one after another: the body, a cell, a text box, a note."""

    def __init__(
        self, file: WordFile, counting: Counting | None = None, *, in_line: bool = False
    ) -> None:
        self.file = file
        self.story = Story(file.styles, file.tally)
        self.counting = counting or Counting()
        self.boxes: Counting | None = None  # text boxes count apart from the body
        self.waiting: _Waiting | None = None
        self.nested = int(in_line)  # tables we are in; in a header they are lines

    def all(self, element: etree._Element) -> list[Styled]:
        """The blocks of everything inside an element."""
        out = [each for child in element for each in self.read(child)]
        return out + list(self.rest())

    def read(self, element: etree._Element) -> Iterable[Styled]:
        """The blocks of one element."""
        handler = BLOCKS.get(NAMES[element.tag])
        return handler(self, element) if handler is not None else ()

    def rest(self) -> Iterable[Styled]:
        """What waits for a paragraph that never came."""
        waiting, self.waiting = self.waiting, None
        return self._finished(waiting) if waiting is not None else ()

    # --- blocks ------------------------------------------------------------------------

    def paragraph(self, element: etree._Element) -> Iterable[Styled]:
        """A ``w:p``."""
        file = self.file
        file.paragraphs += 1
        properties = mark = None
        named = section = None
        if len(element) and NAMES[element[0].tag] == "w:pPr":
            properties = element[0]
            for each in properties:
                name = NAMES[each.tag]
                if name == "w:pStyle":
                    named = value(each)
                elif name == "w:rPr":
                    mark = each
                elif name == "w:sectPr":
                    section = each
        style = file.styles.paragraph(named)
        own = paragraph_look(properties)
        waiting = self.waiting
        gone, vanishes = _mark_of(mark, style)
        line = Line(self.story, style)
        if waiting is not None:
            line.take_over(waiting.line)
        before = line.length()
        read_inline(element, line)
        self.story.settle()
        self.waiting = None
        if waiting is not None and waiting.keeps:
            run_in = _Waiting(line, waiting.style, waiting.own, waiting.mark, waiting.locator,
                              waiting.number, True, run_in=waiting.run_in)  # fmt: skip
        else:
            locator = waiting.locator if waiting else f"paragraph {file.paragraphs}"
            run_in = _Waiting(line, style, own, mark, locator)
        if gone:  # its mark was deleted: what is left of it begins the next paragraph
            file.tally.deleted += 1
            run_in.keeps = bool(waiting and waiting.keeps)
            self.waiting = run_in
            return ()
        if run_in.number is None and not (vanishes and not line.visible()):
            place = file.numbering.place(run_in.style, run_in.own)
            if place is not None:
                run_in.number = self.counting.next(*place)
        if vanishes and line.length() > before and line.visible():
            # a style separator: the next paragraph goes on in the same line
            run_in.keeps = True
            run_in.run_in = run_in.run_in or line.length()
            self.waiting = run_in
            return ()
        out = self._finished(run_in, bare=section is not None)
        if section is not None:
            end_section(file.footnotes, file.endnotes)
        return out

    def _finished(self, read: _Waiting, *, bare: bool = False) -> list[Styled]:
        """The blocks of a paragraph: itself, its boxes, notes, comments, pictures."""
        file, line = self.file, read.line
        behind: list[Styled] = []
        marks = []
        for (kind, identity, own), at in zip(line.notes, line.note_places, strict=True):
            mark, note = file.note(
                file.footnotes if kind == "footnote" else file.endnotes, identity, own
            )
            if not own:
                line.pieces[at] = Piece(superscript(mark))
            if note is not None:
                marks.append(mark)
                behind.append(note)
        out: list[Styled] = []
        number = read.number
        pieces = line.pieces
        if read.run_in and pieces:
            pieces = heading_first(pieces, read.run_in)
        if number is not None and number.text:
            look = number.look.over(run_look(read.mark)).over(read.style.look)
            if not look.hidden:
                printed_number = number.text
                if not printed_number[-1].isspace() and not goes_on(printed_number, pieces):
                    printed_number += " "
                pieces = [Piece(printed_number, bool(look.italic), bool(look.bold)), *pieces]
        text, italics, bolds = printed(pieces)
        if text and not (number is not None and (number.bullet or bare) and not line.visible()):
            out.append(self._styled(read, text, italics, bolds, tuple(marks)))
        elif marks:
            out.append(Styled("", locator=read.locator, marks=tuple(marks)))
        out += behind
        for picture in line.pictures:
            name = re.split(r"[/\\\\]", picture)[-1] if _PATH.match(picture) else picture
            said = f"[image: {name}]" if name else "[image]"
            out.append(Styled(said, "figure", read.locator, added=count_words(said)))
        for box in line.boxes:
            self.boxes = self.boxes or Counting()
            out += Flow(file, self.boxes).all(box)
        for identity in line.comments:
            comment = file.comment(identity)
            if comment is not None:
                out.append(comment)
        hidden = " ".join("".join(line.hidden).split())
        if hidden:
            file.tally.hidden += 1
            out.append(Styled(hidden, "metadata", read.locator, style="hidden"))
        return out

    def _styled(
        self,
        read: _Waiting,
        text: str,
        italics: tuple[tuple[int, int], ...],
        bolds: tuple[tuple[int, int], ...],
        marks: tuple[str, ...],
    ) -> Styled:
        style, own, number = read.style, read.own, read.number
        look = own.over(style.look)
        level = look.level or 0
        if number is not None and own.level and (number.bullet or style.name == "list paragraph"):
            level = 0  # an item of a list that someone gave an outline level is no heading
        contents = style.contents or bool(self.file.contents) or read.line.contents
        indent = own.indent
        if indent is None and number is not None:
            indent = number.look.indent
        if indent is None:
            indent = style.look.indent
        return Styled(
            text,
            "contents" if contents else "paragraph",
            read.locator,
            level=0 if contents or read.run_in else level,
            list_level=number.level if number is not None else 0,
            style=style.name,
            size=read.line.size or style.look.size or 0.0,
            weight=700 if bolds and covers(bolds, text) else 400,
            centered=bool(look.centered),
            indent=indent or 0.0,
            italics=italics,
            bolds=bolds,
            marks=marks,
        )

    def table(self, element: etree._Element) -> Iterable[Styled]:
        """A ``w:tbl``."""
        out = list(self.rest())
        file = self.file
        if not self.nested:
            file.tables += 1
        number = file.tables
        self.nested += 1
        grid = read_grid(element, self._cell, file.tally)
        self.nested -= 1
        if is_layout(grid):
            return out + laid_out(grid)
        if self.nested:
            return out + in_a_line(grid)
        return out + table_blocks(grid, f"table {number}", looks_at_first_row(element, file.styles))

    def _cell(self, cell: etree._Element) -> list[Styled]:
        """The blocks of a cell, which counts with the text around it."""
        waiting, self.waiting = self.waiting, None
        out = self.all(cell)
        self.waiting = waiting
        return out

    def control(self, element: etree._Element) -> Iterable[Styled]:
        """A content control; one that holds a table of contents makes it that."""
        contents = any(
            NAMES[each.tag] == "w:docPartGallery"
            and (value(each) or "").lower() == "table of contents"
            for child in element
            if NAMES[child.tag] == "w:sdtPr"
            for each in child.iter()
        )
        self.file.contents += contents
        out = [
            block
            for child in element
            if NAMES[child.tag] == "w:sdtContent"
            for each in child
            for block in self.read(each)
        ]
        self.file.contents -= contents
        return out

    def inside(self, element: etree._Element) -> Iterable[Styled]:
        """Something that only holds blocks."""
        return [block for child in element for block in self.read(child)]

    def alternatives(self, element: etree._Element) -> Iterable[Styled]:
        """Blocks in two forms for old and new programs: one of them."""
        for child in element:
            out = list(self.inside(child))
            if out:
                return out
        return ()

    def chunk(self, element: etree._Element) -> Iterable[Styled]:
        """Another file put into this one, which Word reads when it opens it."""
        self.file.tally.leave("imported file (altChunk)")
        return ()

    def section(self, element: etree._Element) -> Iterable[Styled]:
        """The end of the last section."""
        return ()


class _Waiting:
    """A paragraph that is read, and may go on in the next one."""

    __slots__ = ("keeps", "line", "locator", "mark", "number", "own", "run_in", "style")

    def __init__(
        self,
        line: Line,
        style: Style,
        own: Look,
        mark: etree._Element | None,
        locator: str,
        number: Number | None = None,
        keeps: bool = False,
        run_in: int = 0,
    ) -> None:
        self.line = line
        self.style = style
        self.own = own
        self.mark = mark
        self.locator = locator
        self.number = number
        self.keeps = keeps  # whether the next paragraph takes the properties of this one
        self.run_in = run_in  # characters of a heading that the text goes on behind


BLOCKS: dict[str, Callable[[Flow, etree._Element], Iterable[Styled]]] = {
    "w:p": Flow.paragraph,
    "w:tbl": Flow.table,
    "w:sdt": Flow.control,
    "w:customXml": Flow.inside,
    "w:ins": Flow.inside,
    "w:moveTo": Flow.inside,
    "mc:AlternateContent": Flow.alternatives,
    "w:altChunk": Flow.chunk,
    "w:sectPr": Flow.section,
}


def _mark_of(mark: etree._Element | None, style: Style) -> tuple[bool, bool]:
    """Whether the mark of a paragraph was deleted, and whether it is hidden."""
    gone = False
    hidden = bool(style.look.hidden)
    for each in mark if mark is not None else ():
        name = NAMES[each.tag]
        if name in ("w:del", "w:moveFrom"):
            gone = True
        elif name in ("w:vanish", "w:specVanish"):
            hidden = is_on(each)
    return gone, hidden
