"""Tables on a PDF page: by tags, by rules, by words that stand in columns.

`page_tables` finds those that tags or rules show. It is to be called on a page with its
running heads, since the first rows of a table that goes on page after page look like one,
and before columns of text are told apart, since a table has gutters of its own.
`aligned_tables` finds those that nothing shows but the places of their words; it wants the
page without running heads. Neither changes the page: each table says which of its lines it
took. `pdf_table_text.table_node` makes the node, over several pages.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tribonian.ingest.readers.pdf_aligned import looks_like_table
from tribonian.ingest.readers.pdf_grid import grids, segments
from tribonian.ingest.readers.pdf_table_cells import Text, spaced, take_caption, without
from tribonian.ingest.readers.pdf_table_rules import (
    banded_table,
    bands,
    extend,
    made_table,
    ruled_table,
)
from tribonian.ingest.readers.pdf_table_tags import tagged_tables
from tribonian.ingest.readers.pdf_types import Line, PdfPage, PdfTable, Tag


def page_tables(
    page: PdfPage,
    tags: Mapping[int, Tag] | None = None,
    places: Mapping[int, int] | None = None,
    text: Text = spaced,
) -> list[PdfTable]:
    """The tables of a page from top to bottom; none shares a line with another.

    ``tags`` are those of `pdf_tags.Tags.of_page`, ``places`` its ``places``; ``text`` makes
    one text of the lines of a cell.
    """
    lines = [line for line in page.lines if not line.angle]
    found: list[PdfTable] = []
    if tags:
        found += tagged_tables(lines, tags, places or {}, text)
    if page.rules:
        across, down = segments(page.rules)
        left = without(lines, found)
        all_grids = grids(across, down)
        in_grids = {each for grid in all_grids for each in grid.across}
        for grid in all_grids:
            extend(grid, [each for each in across if each not in in_grids])
            table = ruled_table(grid, left, text)
            if table is not None:
                found.append(table)
                left = without(left, [table])
        for x0, x1, ys in bands(across, found):
            table = banded_table(x0, x1, ys, left, text)
            if table is not None:
                found.append(table)
                left = without(left, [table])
    return _finished(found, page, lines, text)


def aligned_tables(page: PdfPage, text: Text = spaced) -> list[PdfTable]:
    """The tables of a page by nothing but the places of their words, where there is no doubt."""
    lines = [line for line in page.lines if not line.angle]
    found = [made_table(rows, text) for rows in looks_like_table(lines)]
    return _finished(found, page, lines, text) if found else []


def _finished(
    found: list[PdfTable], page: PdfPage, lines: Sequence[Line], text: Text
) -> list[PdfTable]:
    found.sort(key=lambda table: (table.y0, table.x0))
    left = without(lines, found)
    for table in found:
        table.page = page.number
        if not table.caption:
            take_caption(table, left, text)
            left = without(left, [table])
    return found
