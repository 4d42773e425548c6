"""Tables as Markdown: spans resolved, header rows made one, no word lost or told twice."""

from __future__ import annotations

import textwrap

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from tribonian.ingest.readers.ecfr_table import Table, read_table
from tribonian.ingest.tables import MAX_SPAN
from tribonian.schemas.words import count_words

STEADY = settings(derandomize=True, deadline=None, max_examples=200)


def read(xml: str) -> Table:
    return read_table(etree.fromstring(f'<TABLE class="gpo_table">{xml}</TABLE>'))


def tr(*cells: str, cell: str = "TD") -> str:
    """A row; ``2x1:text`` is a cell that spans two columns and one row."""
    out = ""
    for text in cells:
        span = ""
        if text[:3] and text[1:2] == "x" and text[3:4] == ":":
            span = f' colspan="{text[0]}" rowspan="{text[2]}"'
            text = text[4:]
        out += f"<{cell}{span}>{text}</{cell}>"
    return f"<TR>{out}</TR>"


TABLES: list[tuple[str, str, int]] = [
    # one header row
    (
        f"<THEAD>{tr('Substance', 'Limit', cell='TH')}</THEAD><TBODY>{tr('Lead', '10')}</TBODY>",
        """
        | Substance | Limit |
        | --- | --- |
        | Lead | 10 |
        """,
        0,
    ),
    # TH rows without THEAD
    (
        tr("Substance", "Limit", cell="TH") + tr("Lead", "10"),
        """
        | Substance | Limit |
        | --- | --- |
        | Lead | 10 |
        """,
        0,
    ),
    # no header at all: Markdown wants one, and it is empty
    (
        f"<TBODY>{tr('Lead', '10')}{tr('Iron', '20')}</TBODY>",
        """
        |  |  |
        | --- | --- |
        | Lead | 10 |
        | Iron | 20 |
        """,
        0,
    ),
    # two header rows, a name over two columns and one beside both rows
    (
        "<THEAD>"
        + tr("1x2:Substance", "2x1:Limit", cell="TH")
        + tr("Low", "High", cell="TH")
        + f"</THEAD><TBODY>{tr('Lead', '1', '2')}</TBODY>",
        """
        | Substance | Limit – Low | Limit – High |
        | --- | --- | --- |
        | Lead | 1 | 2 |
        """,
        1,  # Limit is told twice
    ),
    # a cell over two rows, and one over two columns
    (
        f"<TBODY>{tr('1x2:Lead', 'new', '1')}{tr('used', '2')}{tr('Iron', '2x1:both')}</TBODY>",
        """
        |  |  |  |
        | --- | --- | --- |
        | Lead | new | 1 |
        | Lead | used | 2 |
        | Iron | both | both |
        """,
        2,  # Lead and both
    ),
    # a heading across the whole body stands once
    (
        f"<TBODY>{tr('2x1:Metals')}{tr('Lead', '10')}</TBODY>",
        """
        |  |  |
        | --- | --- |
        | Metals |  |
        | Lead | 10 |
        """,
        0,
    ),
    # rows that are too short are filled, empty rows left out
    (
        f"<TBODY>{tr('Lead', '10', 'mg')}{tr('Iron')}{tr('', '', '')}<TR/></TBODY>",
        """
        |  |  |  |
        | --- | --- | --- |
        | Lead | 10 | mg |
        | Iron |  |  |
        """,
        0,
    ),
    # an upright stroke in a cell is escaped
    (
        f"<TBODY>{tr('a|b', '1')}</TBODY>",
        """
        |  |  |
        | --- | --- |
        | a\\|b | 1 |
        """,
        0,
    ),
    # inline elements in cells; a line break is a space
    (
        tr("CO<sub>2</sub>", "1 m<sup>2</sup>", "one<br/>two", "8<FR>1/2</FR>"),
        """
        |  |  |  |  |
        | --- | --- | --- | --- |
        | CO₂ | 1 m² | one two | 8 1/2 |
        """,
        0,
    ),
    # paragraphs in a cell
    (
        "<TBODY><TR><TD>one<P>two</P>three</TD></TR></TBODY>",
        """
        |  |
        | --- |
        | one two three |
        """,
        0,
    ),
    # spans that are no numbers, nought, or longer than the table
    (
        '<TR><TD colspan="0">a</TD><TD colspan="x">b</TD><TD rowspan="9">c</TD></TR>',
        """
        |  |  |  |
        | --- | --- | --- |
        | a | b | c |
        """,
        0,
    ),
]


@pytest.mark.parametrize(("xml", "expected", "added"), TABLES)
def test_a_table_becomes_a_grid(xml: str, expected: str, added: int) -> None:
    table = read(xml)

    assert table.markdown == textwrap.dedent(expected).strip()
    assert table.added == added
    assert table.captions == table.notes == ()
    assert all(each.findings == [] for each in table.inline)


def test_a_name_over_all_columns_is_not_the_name_of_the_first_alone() -> None:
    # THEAD: "Limits" across the table, then the names of its three columns
    table = read(
        "<THEAD>"
        + tr("3x1:Limits", cell="TH")
        + tr("Low", "Mean", "High", cell="TH")
        + f"</THEAD><TBODY>{tr('1', '2', '3')}</TBODY>"
    )

    names = table.markdown.splitlines()[0].strip("| ").split(" | ")
    assert [name.split(" – ")[-1] for name in names] == ["Low", "Mean", "High"]
    assert len({"Limits" in name for name in names}) == 1
    assert "Limits" in f"{table.captions} {table.markdown}"


def test_captions_stand_above_the_table() -> None:
    table = read(
        '<CAPTION><P class="title">Table 1—Limits</P><P class="headnote">[In mg | kg]</P></CAPTION>'
        f"<TBODY>{tr('Lead', '10')}</TBODY>"
    )

    assert table.captions == ("Table 1—Limits", "[In mg | kg]")


@pytest.mark.parametrize(
    ("caption", "expected"),
    [
        ("Table 1", "Table 1"),
        ("Table <I>of</I> limits", "Table of limits"),
        ("Table 1<br/>Limits", "Table 1 Limits"),
        ("<P>Table 1</P>", "Table 1"),
        ("Before <P>Table 1</P> after", "Before Table 1 after"),
    ],
)
def test_every_word_of_a_caption_is_kept(caption: str, expected: str) -> None:
    table = read(f"<CAPTION>{caption}</CAPTION><TBODY>{tr('Lead')}</TBODY>")

    assert " ".join(table.captions).split() == expected.split()


def test_notes_of_the_foot_stand_below_the_table() -> None:
    table = read(
        f"<TBODY>{tr('Lead<sup>1</sup>', '10')}</TBODY>"
        f"<TFOOT>{tr('2x1:<sup>1</sup> As Pb | Pb.')}{tr('2x1:')}</TFOOT>"
    )

    assert table.notes == ("¹ As Pb | Pb.",)
    assert table.markdown.splitlines()[2:] == ["| Lead¹ | 10 |"]


def test_a_picture_in_a_cell_is_a_mark_and_its_words_are_added() -> None:
    picture = '<img src="/graphics/x.gif"/>'
    table = read(f"<TBODY>{tr(picture, 'text')}</TBODY>")

    assert table.markdown.splitlines()[2] == "| [image: x.gif] | text |"
    assert table.added == 3
    assert count_words(table.markdown) - table.added == 1


def test_a_table_within_a_cell_is_told_once() -> None:
    table = read(
        "<TBODY><TR><TD>out<TABLE><TR><TD>in</TD></TR></TABLE></TD><TD>1</TD></TR></TBODY>"
    )

    assert table.markdown.count("in") == 1
    assert count_words(table.markdown) - table.added == 3


def test_a_table_without_rows_is_nothing() -> None:
    assert read("").markdown == ""
    assert read("<TBODY/>").markdown == ""


def test_an_immense_span_is_cut_and_does_not_fill_the_memory() -> None:
    table = read('<TBODY><TR><TD colspan="100000000" rowspan="100000000">a</TD></TR></TBODY>')

    assert table.markdown.splitlines()[1].count("---") <= MAX_SPAN


def test_every_row_has_as_many_cells_as_the_header() -> None:
    table = read(
        f"<THEAD>{tr('A', 'B', cell='TH')}</THEAD>"
        f"<TBODY>{tr('1')}{tr('1', '2', '3')}{tr('2x1:x', 'y')}</TBODY>"
    )

    rows = [row.replace("\\|", "").count("|") for row in table.markdown.splitlines()]
    assert len(set(rows)) == 1


texts = st.lists(st.sampled_from(["one", "two", "3.5", "a|b", "—", " "]), max_size=3).map(" ".join)


@st.composite
def tables(draw: st.DrawFn) -> str:
    def row(cell: str) -> str:
        cells = draw(st.lists(st.tuples(texts, st.integers(1, 3), st.integers(1, 2)), max_size=4))
        return "<TR>" + "".join(
            f'<{cell} colspan="{across}" rowspan="{down}">{text}</{cell}>'
            for text, across, down in cells
        ) + "</TR>"  # fmt: skip

    head = "".join(row("TH") for _ in range(draw(st.integers(0, 2))))
    body = "".join(row("TD") for _ in range(draw(st.integers(0, 3))))
    return f"<THEAD>{head}</THEAD><TBODY>{body}</TBODY>"


@STEADY
@given(tables())
def test_the_words_of_any_table_are_those_of_its_cells(xml: str) -> None:
    element = etree.fromstring(f"<TABLE>{xml}</TABLE>")
    cells = [" ".join(map(str, cell.itertext())) for cell in element.iter("TH", "TD")]

    table = read(xml)

    assert count_words(table.markdown) - table.added == sum(map(count_words, cells))
    for cell in cells:
        assert " ".join(cell.split()).replace("|", "\\|") in table.markdown
