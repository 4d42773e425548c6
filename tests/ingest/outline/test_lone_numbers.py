"""Numbers in a block of their own, before what they number."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tribonian.ingest.outline.lone_numbers import lone_numbers_joined
from tribonian.ingest.styled import Styled

STEADY = settings(derandomize=True, deadline=None, max_examples=200)


def joined(*lines: str) -> list[str]:
    return [block.text for block in lone_numbers_joined([Styled(line) for line in lines])]


def test_numbers_of_a_row_are_put_before_their_paragraphs() -> None:
    # EUR-Lex sets its paragraphs in tables: a column for the numbers, one for the text
    assert joined("1.", "Lamps burn.", "2.", "Oil burns.") == ["1. Lamps burn.", "2. Oil burns."]


@pytest.mark.parametrize(
    "lines",
    [
        ("5.", "Lamps burn."),  # the number of a page
        ("1.", "Lamps burn.", "3.", "Oil burns."),  # no row
        ("1.", "2.", "3."),  # cells of a table
        ("1.", "(a) Lamps burn.", "2.", "(b) Oil burns."),  # numbered already
        ("1", "Lamps burn.", "2", "Oil burns."),  # no stop
        ("1.",),
    ],
)
def test_other_numbers_stay_where_they_stand(lines: tuple[str, ...]) -> None:
    assert joined(*lines) == list(lines)


def test_the_looks_of_a_paragraph_move_with_its_text() -> None:
    run = [Styled("1.", added=1), Styled("Lamps burn.", bolds=((0, 5),), marks=("2",)),
           Styled("2."), Styled("Oil burns.")]  # fmt: skip
    first = lone_numbers_joined(run)[0]
    assert [first.text[start:end] for start, end in first.bolds or ()] == ["Lamps"]
    assert (first.marks, first.added) == (("2",), 1)


@STEADY
@given(st.lists(st.sampled_from(["1.", "2.", "3.", "Lamps burn.", "(a) One", "x"]), max_size=12))
def test_no_line_is_lost_or_moved(lines: list[str]) -> None:
    assert " ".join(joined(*lines)) == " ".join(lines)
