"""Tables that only set text side by side, and those that hold data."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborNode

from tribonian.ingest.readers.html_style import Sheet
from tribonian.ingest.readers.html_table import cells_of, rows

# What stands alone in the left cell where a table sets out numbered paragraphs.
_LEAD = re.compile(r"\s*(?:\(\s?\w{1,6}\s?\)|\w{1,4}[.)]|\d+(?:\.\d+)*\.?|[—–•·-]|§\s?[\w.]+)?\s*")
_NUMBERED = re.compile(r"\(\s?\w{1,6}\s?\)|\w{1,4}[.)]|\d+(?:\.\d+)+\.?|[—–•·-]")
_BLOCKS = "h1, h2, h3, h4, h5, h6, ol, ul, dl, form, nav, main, article, section, table"
_LOOK = 200  # rows


def is_layout(table: LexborNode, attributes: dict[str, str | None], sheet: Sheet) -> bool:
    """Whether a table is there for the looks: its cells are then read one after another."""
    role = attributes.get("role")
    if role in ("presentation", "none"):
        return True
    if role in ("table", "grid") or attributes.get("summary"):
        return False
    grid: list[list[LexborNode]] = []
    for _, row in rows(table, sheet):
        if row.tag == "caption":
            return False
        grid.append(list(cells_of(row, sheet)))
        if len(grid) >= _LOOK:
            break
    cells = [cell for row in grid for cell in row]
    width = max((len(row) for row in grid), default=0)
    if width <= 1 or (len(grid) == 1 and not any(cell.tag == "th" for cell in cells)):
        return not any(cell.tag == "th" for cell in cells) or width <= 1
    if any(_numbers(row) for row in grid) and all(_sets_out(row) for row in grid):
        return True
    if any(cell.tag == "th" for cell in cells):
        return False
    return any(_holds_blocks(cell) for cell in cells)


def leads(row: LexborNode, sheet: Sheet) -> bool:
    """Whether the first cell of a row is the number of the text in the next."""
    return _sets_out(list(cells_of(row, sheet)))


def _sets_out(row: list[LexborNode]) -> bool:
    texts = [" ".join((cell.text() or "").split()) for cell in row]
    while texts and not texts[0]:
        texts.pop(0)
    if len(texts) <= 1:
        return True
    return bool(_LEAD.fullmatch(texts[0])) and sum(bool(text) for text in texts[1:]) == 1


def _numbers(row: list[LexborNode]) -> bool:
    texts = [" ".join((cell.text() or "").split()) for cell in row]
    texts = [text for text in texts if text]
    return len(texts) == 2 and bool(_NUMBERED.fullmatch(texts[0])) and len(texts[1]) > 20


def _holds_blocks(cell: LexborNode) -> bool:
    """Whether a cell holds what no cell of data holds: headings, lists, more tables."""
    return cell.css_first(_BLOCKS) is not None or len(cell.css("p")) > 3
