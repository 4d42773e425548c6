"""GPO's tables: heads by level, entries that run over several columns, rows cut short."""

from __future__ import annotations

import textwrap

import pytest
from lxml import etree

from tribonian.ingest.readers.cfr_table import read_gpo_table
from tribonian.ingest.readers.ecfr_table import Table


def read(xml: str, columns: int = 2) -> Table:
    return read_gpo_table(etree.fromstring(f'<GPOTABLE COLS="{columns}">{xml}</GPOTABLE>'))


# (columns, XML, Markdown)
TABLES: list[tuple[int, str, str]] = [
    # 47 CFR 54.505(c): three levels, the first column with one head at each
    (
        3,
        (
            '<BOXHD><CHED H="1">Matrix</CHED><CHED H="2">How poor?</CHED><CHED H="3">Share</CHED>'
            '<CHED H="1">Discount</CHED><CHED H="2">Urban</CHED><CHED H="2">Rural</CHED></BOXHD>'
            '<ROW><ENT I="01">&lt;1</ENT><ENT>20</ENT><ENT>25</ENT></ROW>'
        ),
        """
        | Matrix – How poor? – Share | Discount – Urban | Discount – Rural |
        | --- | --- | --- |
        | <1 | 20 | 25 |
        """,
    ),
    # 47 CFR 61.54: heads without others below them go down to the last level
    (
        4,
        (
            '<BOXHD><CHED H="1">Station</CHED><CHED H="1">Hours</CHED><CHED H="2">Day</CHED>'
            '<CHED H="2">Night</CHED><CHED H="1">Rate</CHED></BOXHD>'
            '<ROW><ENT I="01">A</ENT><ENT>1</ENT><ENT>2</ENT><ENT>3</ENT></ROW>'
        ),
        """
        | Station | Hours – Day | Hours – Night | Rate |
        | --- | --- | --- | --- |
        | A | 1 | 2 | 3 |
        """,
    ),
    # 47 CFR 52.31: a heading across the table, and no heads at all
    (
        2,
        (
            '<ROW EXPSTB="01"><ENT I="21"><E T="02">Phase I</E></ENT></ROW>'
            '<ROW><ENT I="01">Oslo</ENT><ENT>3</ENT></ROW>'
        ),
        """
        |  |  |
        | --- | --- |
        | Phase I |  |
        | Oslo | 3 |
        """,
    ),
    # an entry that runs over two more columns, and a row that stops early
    (
        4,
        '<ROW><ENT I="01">a</ENT><ENT A="02">b</ENT></ROW><ROW><ENT>c</ENT><ENT>d</ENT></ROW>',
        """
        |  |  |  |  |
        | --- | --- | --- | --- |
        | a | b | b | b |
        | c | d |  |  |
        """,
    ),
]


@pytest.mark.parametrize(("columns", "xml", "markdown"), TABLES)
def test_a_table_becomes_markdown(columns: int, xml: str, markdown: str) -> None:
    assert read(xml, columns).markdown == textwrap.dedent(markdown).strip()


def test_titles_are_captions_and_what_follows_the_rows_notes() -> None:
    table = read(
        "<TTITLE>Costs</TTITLE><TDESC>[in coins]</TDESC>"
        "<ROW><ENT>Oil</ENT><ENT>1<SU>1</SU></ENT></ROW><TNOTE><SU>1</SU> About.</TNOTE>"
    )

    assert table.captions == ("Costs", "[in coins]")
    assert table.notes == ("¹ About.",)
    assert "| Oil | 1¹ |" in table.markdown


def test_text_beside_the_cells_is_kept() -> None:
    table = read("<BOXHD>loose<CHED>A</CHED></BOXHD><ROW><ENT>1</ENT>lost<X>odd</X></ROW>end")

    assert sorted(table.notes) == ["end", "loose", "lost", "odd"]


def test_numbers_beyond_sense_are_cut() -> None:
    table = read('<ROW><ENT A="999999999">x</ENT></ROW><BOXHD><CHED H="99999">y</CHED></BOXHD>', 3)

    assert len(table.markdown) < 500
