"""Plain text: blank lines, printed numbers and the width of the lines make its paragraphs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile
from typing import BinaryIO

from tribonian.ingest.encodings import decode_noting
from tribonian.ingest.outline import outline
from tribonian.ingest.record import Reading
from tribonian.ingest.styled import Styled
from tribonian.ingest.tables import Cell, markdown_table
from tribonian.ingest.wrapping import Words, begins_anew, begins_with_number, wrap_width
from tribonian.schemas.tree import Event, Node

CHARACTER = 6.0  # points that a character of typed text is wide
ROOM = 8  # characters that a line may leave free though more would have fitted
EDGE = 2  # lines at the top and the foot of a page that may be running heads


def read_text(file: BinaryIO, reading: Reading) -> Iterator[Event]:
    """Stream the section tree of a plain text."""
    return outline(text_blocks(decode_noting(file.read(), reading)), reading)


@dataclass(slots=True)
class _Typed:
    """One line as typed; ``head`` says that it is a running head."""

    number: int
    text: str
    indent: int
    page: int
    head: bool = False
    begins_page: bool = False
    goes_on: bool = False  # with the paragraph of the page before


@dataclass(slots=True)
class _Paragraph:
    """Lines that are being joined."""

    first: _Typed
    text: str
    last: _Typed
    hanging: int = -1  # where the lines below a number are set
    style: str = ""
    lines: int = 1


def text_blocks(text: str, first: int = 1) -> Iterator[Styled]:
    """The blocks of a plain text, whose first line has the number ``first``."""
    lines = _typed(text, first)
    paged = lines[-1].page > 1 if lines else False
    _find_heads(lines, paged)
    body = ["" if line.head else line.text for line in lines]
    joined = [a for a, b in pairwise(body) if _is_text(a) and _is_text(b)]
    width = wrap_width(joined)
    full = max(map(len, body), default=0)
    make = _Maker(width, min(width or full, 100), Words(text), paged)
    group: list[_Typed] = []
    waiting: list[Styled] = []  # running heads within a paragraph that goes over the page
    blank = crossed = False
    for line in lines:
        if line.head:
            waiting.append(make.head(line))
            crossed = True
        elif not line.text.strip():
            blank = True
            crossed |= line.begins_page
        else:
            if group and ((crossed and not _goes_over(group, line)) or (blank and not crossed)):
                yield from make.blocks(group)
                group = []
            if not group:
                yield from waiting
                waiting = []
            line.goes_on = bool(group) and crossed
            group.append(line)
            blank = crossed = False
    yield from make.blocks(group)
    yield from waiting


def _is_text(line: str) -> bool:
    return bool(line.strip()) and not _UNDERLINE.fullmatch(line)


def _goes_over(group: Sequence[_Typed], line: _Typed) -> bool:
    """Whether a paragraph goes on behind the running heads between two pages."""
    before, after = group[-1].text.rstrip(), line.text.strip()
    return after[:1].islower() and before[-1:] not in ".;:" and not begins_with_number(after)


def _typed(text: str, first: int) -> list[_Typed]:
    out = []
    page = 1
    for number, line in enumerate(re.split(r"\r\n?|\n|\x0b|\x85|\u2028|\u2029", text), first):
        for at, part in enumerate(line.split("\f")):
            if at:
                page += 1
                out.append(_Typed(number, "", 0, page, begins_page=True))
            plain = part.replace("\xa0", " ").rstrip()
            if "\t" not in plain.strip():  # which would part columns
                plain = plain.expandtabs(8)
            out.append(_Typed(number, plain, len(plain) - len(plain.lstrip()), page))
    return out


# -- running heads -------------------------------------------------------------------------

_PAGE_NUMBER = re.compile(
    r"(?:[-–—\[(]\s*)?(?:[Pp]age|PAGE|[Pp]g?\.)?\s*(?:\d{1,4}|[ivxl]{1,6})"
    r"(?:\s*(?:of|/)\s*\d{1,4})?(?:\s*[-–—\])])?"
)
_SAYS_PAGE = re.compile(r"(?:.*\s)?[Pp]age\s+\d{1,4}(?:\s+of\s+\d{1,4})?(?:\s.*)?")
_DIGITS = re.compile(r"\d+")


def _find_heads(lines: Sequence[_Typed], paged: bool) -> None:
    """Mark lines that stand at the edges of several pages, and lines that number the pages."""
    if paged:
        pages: dict[int, list[_Typed]] = {}
        for line in lines:
            if line.text.strip():
                pages.setdefault(line.page, []).append(line)
        edges = [page[:EDGE] + page[max(len(page) - EDGE, EDGE) :] for page in pages.values()]
        seen = Counter(key for edge in edges for key in {_likeness(line) for line in edge})

        def returns(line: _Typed) -> bool:
            often = seen[_likeness(line)]
            return (often > 1 and often * 3 >= len(pages)) or bool(
                len(pages) > 1 and _PAGE_NUMBER.fullmatch(line.text.strip())
            )

        for page in pages.values():
            for side in (page[:EDGE], page[: -EDGE - 1 : -1]):
                for line in takewhile(returns, side):
                    line.head = True
        return
    numbering = [line for line in lines if len(line.text) < 120 and _SAYS_PAGE.fullmatch(line.text)]
    alike = Counter(map(_likeness, numbering))
    for line in numbering:
        line.head = alike[_likeness(line)] > 1


def _likeness(line: _Typed) -> str:
    """A line without its numbers, which differ from page to page."""
    return _DIGITS.sub("#", " ".join(line.text.split()))


# -- paragraphs ----------------------------------------------------------------------------

_UNDERLINE = re.compile(r"\s*(?:={3,}|-{3,}|_{3,}|~{3,}|\*{3,})\s*")
_LEADERS = re.compile(r".*?(?:\.\s?){4,}\s*\S{1,8}\s*")
_BULLET = re.compile(r"[•▪●◦·‣*]\s+|[-–]\s+(?=\S)")
_STARS = re.compile(r"(?:\*\s*){3,}")
_COLUMNS = re.compile(r"\t+|(?<![.:;?!])\s{2,}|\s{4,}|\s*\|\s*")
_UNITS = re.compile(r"§|(?:PART|SUBPART|Subpart|Part|Article|ARTICLE|CHAPTER|Chapter|ANNEX)\s\S+")


class _Maker:
    def __init__(self, width: int, full: int, words: Words, paged: bool) -> None:
        self.width = width
        self.full = full
        self.words = words
        self.paged = paged

    def head(self, line: _Typed) -> Styled:
        return Styled(" ".join(line.text.split()), "running-head", f"line {line.number}",
                      page=self.page(line))  # fmt: skip

    def page(self, line: _Typed) -> int:
        return line.page if self.paged else 0

    def blocks(self, group: Sequence[_Typed]) -> Iterator[Styled]:
        """The blocks of lines that stand together between blank ones."""
        at = 0
        while at < len(group):
            rows = self.table_rows(group, at)
            if rows:
                yield self.table(group[at : at + rows])
                at += rows
                continue
            upto = at + 1
            while upto < len(group) and not self.table_rows(group, upto):
                upto += 1
            yield from self.paragraphs(group[at:upto])
            at = upto

    def paragraphs(self, group: Sequence[_Typed]) -> Iterator[Styled]:
        """Lines joined to paragraphs."""
        now: _Paragraph | None = None
        for at, line in enumerate(group):
            below = group[at + 1] if at + 1 < len(group) else None
            if _UNDERLINE.fullmatch(line.text):
                if now is not None and now.lines == 1:
                    now.style = "underlined"
                    yield self.made(now)
                    now = None
                elif now is not None:
                    yield self.made(now)
                    now = None
                continue
            text = " ".join(line.text.split())
            underlined = below is not None and bool(_UNDERLINE.fullmatch(below.text))
            if now is None or underlined or self.anew(now, line, text, below):
                if now is not None:
                    yield self.made(now)
                now = _Paragraph(line, text, line)
            else:
                if now.lines == 1:
                    now.hanging = line.indent
                now.text = self.words.join(now.text, text)
                now.last = line
                now.lines += 1
        if now is not None:
            yield self.made(now)

    def anew(self, now: _Paragraph, line: _Typed, text: str, below: _Typed | None) -> bool:
        """Whether a line begins another paragraph."""
        before = now.last.text.strip()
        if line.goes_on:
            return False
        if not self.width:
            return True
        if _BULLET.match(text) or _LEADERS.fullmatch(before) or _STARS.fullmatch(before):
            return True
        if begins_anew(" " * now.last.indent + before, text, self.width):
            return True
        room = self.width - len(now.last.text) - len(text.split(maxsplit=1)[0]) - 1
        ended = before[-1:] in ".:;?!]" or (now.lines == 1 and bool(_UNITS.match(before)))
        if room > ROOM and ended and not text[:1].islower():
            return True  # the line above ended well before it was full
        if _centered(now.last, self.full) != _centered(line, self.full) and room > 0:
            return True
        if line.indent - now.last.indent >= 2:  # a first line that is set in, unless hanging
            hangs = now.lines == 1 and bool(begins_with_number(before) or _BULLET.match(before))
            return not hangs and (
                below is None or below.indent < line.indent or now.lines > 1
            ) and (now.lines == 1 or line.indent > now.hanging)  # fmt: skip
        # one line that is set in below another
        return (
            now.lines == 1
            and now.last.indent == line.indent >= 2
            and below is not None
            and below.indent < line.indent
            and room > 0
        )

    def made(self, now: _Paragraph) -> Styled:
        """The paragraph as a styled block."""
        text, line = now.text, now.first
        if _STARS.fullmatch(text) and text.count("*") == 5:
            return Styled("* * * * *", "stars", f"line {line.number}", page=self.page(line))
        bullet = _BULLET.match(text)
        if bullet is not None:
            text = text[bullet.end() :]
        letters = [c for c in text if c.isalpha()]
        style = now.style or ("caps" if len(letters) > 2 and text == text.upper() else "")
        return Styled(
            text,
            locator=f"line {line.number}",
            list_level=int(bullet is not None),
            style=style or ("ul" if bullet is not None else ""),
            centered=now.lines < 6 and _centered(line, self.full),
            indent=line.indent * CHARACTER,
            page=self.page(line),
        )

    # -- tables ----------------------------------------------------------------------------

    def table_rows(self, group: Sequence[_Typed], at: int) -> int:
        """How many lines from ``at`` on are rows of one table; 0 for none."""
        count = 0
        shape = 0
        for line in group[at:]:
            cells = _cells(line.text)
            if len(cells) < 2 and not (count and _UNDERLINE.fullmatch(_bare(line.text))):
                break
            if len(cells) >= 2:
                if shape and len(cells) != shape and abs(len(cells) - shape) > 1:
                    break
                shape = max(shape, len(cells))
            count += 1
        rows = [cells for line in group[at : at + count] if len(cells := _cells(line.text)) > 1]
        if len(rows) < 2 or not shape:
            return 0
        numbered = sum(begins_with_number(f"{row[0]} ") for row in rows)
        if shape == 2 and numbered * 2 >= len(rows):
            return 0  # numbers with wide gaps behind them, as they are pasted
        return count

    def table(self, group: Sequence[_Typed]) -> Styled:
        """Columns as a grid; where they do not agree, the lines as they stand."""
        where = f"line {group[0].number}"
        rows = [cells for line in group if len(cells := _cells(line.text)) > 1]
        if len({len(row) for row in rows}) == 1:
            grid = [[Cell(cell) for cell in row] for row in rows]
            text, added = markdown_table(grid[:1], grid[1:])
        else:
            text, added = "\n".join(line.text for line in group), 0
        node = Node("table", "", "", text, None, where, (), added)
        return Styled("", "table", where, node=node, page=self.page(group[0]))


def _bare(text: str) -> str:
    """A rule with bars and crosses, ``+---+---+``, as plain dashes."""
    return re.sub(r"[|+\s]+", "", text)


def _cells(text: str) -> list[str]:
    """The cells of a line with columns; one for a line without."""
    if _LEADERS.fullmatch(text):
        return [text]
    inner = text.strip().strip("|").strip() if "|" in text else text.strip()
    return [cell for cell in _COLUMNS.split(inner) if cell]


def _centered(line: _Typed, full: int) -> bool:
    """Whether a line stands in the middle of the width."""
    length = len(line.text) - line.indent
    right = full - line.indent - length
    return line.indent >= 6 and length < full * 0.8 and abs(line.indent - right) <= 4
