"""A table of GPO's typesetting (GPOTABLE) as Markdown.

The heads of its columns stand in one list, each with its level (``CHED H="2"`` under the
``H="1"`` before it); a row may leave out its last entries, and ``A="02"`` on an entry says
that it runs over two more columns.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from tribonian.ingest.readers.ecfr_inline import InlineText, inline_text, plain_text
from tribonian.ingest.readers.ecfr_table import Table
from tribonian.ingest.tables import MAX_SPAN, Cell, markdown_table

_CAPTIONS = frozenset(("TTITLE", "TDESC", "HD", "HED", "TITLE"))
_DIGITS = re.compile(r"\d+")


def read_gpo_table(element: etree._Element) -> Table:
    """Read one GPOTABLE; what stands beside its grid is a caption before it, else a note."""
    inline: list[InlineText] = []

    def text_of(cell: etree._Element) -> str:
        text = plain_text(cell)
        if text is None:
            read = inline_text(cell, in_place=True)
            inline.append(read)
            text = read.text()
        return text

    heads: list[tuple[int, str]] = []
    body: list[list[Cell]] = []
    captions: list[str] = []
    notes: list[str] = []
    width = _number(element.get("COLS"))
    for child in _parts(element, notes):
        tag = child.tag
        if tag == "BOXHD":
            for head in _parts(child, notes):
                if head.tag == "CHED":
                    heads.append((max(1, _number(head.get("H"))), text_of(head)))
                else:
                    notes.append(text_of(head))
        elif tag == "ROW":
            row: list[Cell] = []
            for entry in _parts(child, notes):
                if entry.tag == "ENT":
                    row.append(Cell(text_of(entry), _columns(entry, width)))
                else:
                    notes.append(text_of(entry))
            if len(row) == 1 and width > 1 and row[0].columns == 1 and _heads_rows(child):
                row = [Cell(row[0].text, width)]
            body.append(row)
        elif tag in _CAPTIONS and not body:
            captions.append(text_of(child))
        else:
            notes.append(text_of(child))
    markdown, added = markdown_table(_header(heads), body)
    added += sum(read.added for read in inline)
    return Table(
        tuple(filter(None, captions)), markdown, tuple(filter(None, notes)), added, tuple(inline)
    )


def _parts(element: etree._Element, notes: list[str]) -> Iterator[etree._Element]:
    """The children of an element; text beside them, which has no place there, goes to notes."""
    texts = [element.text, *(child.tail for child in element)]
    notes += [" ".join(text.split()) for text in texts if text and not text.isspace()]
    yield from element


def _columns(entry: etree._Element, width: int) -> int:
    """How many columns an entry covers: ``A="02"`` and ``A="L02"`` say two more than one."""
    more = _number(entry.get("A"))
    return min(1 + more, width or MAX_SPAN)


def _heads_rows(row: etree._Element) -> bool:
    """Whether the only entry of a row is a heading across the table: ``I="21"``, ``I="28"``."""
    entry = row.find("ENT")
    return entry is not None and entry.get("I", "") in ("21", "28", "xs")


def _number(value: str | None) -> int:
    found = _DIGITS.search(value or "")
    return min(int(found[0]), MAX_SPAN) if found else 0


def _header(heads: list[tuple[int, str]]) -> list[list[Cell]]:
    """Rows of header cells: a head covers the columns of the deeper ones that follow it."""
    deepest = max((level for level, _ in heads), default=0)
    rows: list[list[Cell]] = [[] for _ in range(min(deepest, 12))]
    for at, (level, text) in enumerate(heads):
        level = min(level, len(rows))
        columns = 0
        below = False
        for k in range(at + 1, len(heads)):
            if heads[k][0] <= level:
                break
            below = True
            is_last = k + 1 == len(heads) or heads[k + 1][0] <= heads[k][0]
            columns += is_last
        if below:
            rows[level - 1].append(Cell(text, columns))
        else:
            rows[level - 1].append(Cell(text, 1, len(rows) - level + 1))
    return [row for row in rows if row]
