"""Tables as Markdown: spans resolved, header rows made one, words counted."""

from __future__ import annotations

import textwrap

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tribonian.ingest.tables import MAX_SPAN, Cell, markdown_table, row_numbers
from tribonian.schemas.words import count_words

STEADY = settings(derandomize=True, deadline=None, max_examples=200)

# (header rows, rows, Markdown, words added)
TABLES: list[tuple[list[list[Cell]], list[list[Cell]], str, int]] = [
    (
        [[Cell("Substance"), Cell("Limit")]],
        [[Cell("Lead"), Cell("10")]],
        """
        | Substance | Limit |
        | --- | --- |
        | Lead | 10 |
        """,
        0,
    ),
    # two header rows: a head over two columns is part of the name of both
    (
        [[Cell("Lamp", rows=2), Cell("Tax", columns=2)], [Cell("Oil"), Cell("Gas")]],
        [[Cell("Small"), Cell("1"), Cell("2")]],
        """
        | Lamp | Tax – Oil | Tax – Gas |
        | --- | --- | --- |
        | Small | 1 | 2 |
        """,
        1,
    ),
    # a cell over two rows stands in both, one across the whole table only once
    (
        [],
        [[Cell("Part one", columns=2)], [Cell("a", rows=2), Cell("1")], [Cell("2")]],
        """
        |  |  |
        | --- | --- |
        | Part one |  |
        | a | 1 |
        | a | 2 |
        """,
        1,
    ),
    # a bar in a cell is no border, an empty row is none
    (
        [],
        [[Cell("x | y\n z")], [Cell("")], [Cell("w")]],
        """
        |  |
        | --- |
        | x \\| y z |
        | w |
        """,
        0,
    ),
]


@pytest.mark.parametrize(("head", "body", "markdown", "added"), TABLES)
def test_a_table_becomes_markdown(
    head: list[list[Cell]], body: list[list[Cell]], markdown: str, added: int
) -> None:
    assert markdown_table(head, body) == (textwrap.dedent(markdown).strip(), added)


def test_no_cells_make_no_table() -> None:
    assert markdown_table([], []) == ("", 0)
    assert markdown_table([[]], [[]]) == ("", 0)


def test_a_span_that_nobody_means_is_cut() -> None:
    markdown, _ = markdown_table([], [[Cell("x", columns=10**9)], [Cell("y", rows=10**9)]])

    assert markdown.splitlines()[1].count("---") == MAX_SPAN


CELLS = st.builds(
    Cell,
    st.text(alphabet="ab |\n", max_size=6),
    st.integers(-1, 4),
    st.integers(-1, 4),
)
ROWS = st.lists(st.lists(CELLS, max_size=4), max_size=4)


@STEADY
@given(ROWS, ROWS)
def test_words_of_the_markdown_are_those_of_the_cells_and_the_added(
    head: list[list[Cell]], body: list[list[Cell]]
) -> None:
    markdown, added = markdown_table(head, body)

    printed = count_words("\n".join(cell.text for row in (*head, *body) for cell in row))
    assert count_words(markdown) == printed + added
    rows = [line.replace("\\|", "").count("|") for line in markdown.splitlines()]
    assert len(set(rows)) <= 1


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (["(1) Lead", "(2) Zinc"], (1, 2)),
        (["(1)-(29) [Reserved]", "(30) Oils"], (1, 30)),
        (["(31) – (56) [Reserved]"], (31, 56)),
        (["Lead", "(2) Zinc"], None),
        (["(1) Lead", "Total"], None),
        ([], None),
    ],
)
def test_the_rows_of_a_table_are_counted_if_the_first_and_the_last_are(
    rows: list[str], expected: tuple[int, int] | None
) -> None:
    table = "\n".join(["| | |", "| --- | --- |", *(f"| {row} | x |" for row in rows)])
    assert row_numbers(table) == expected
