"""How deep headings stand, by their numbers and their looks."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tribonian.ingest.outline.ranks import (
    HEADING_NUMBER,
    Heading,
    heading_number,
    levels_contradict,
    rank_headings,
)

STEADY = settings(derandomize=True, deadline=None, max_examples=200)
SAME = (1, -10.0)
LARGE, SMALL = (1, -14.0), (1, -10.0)


def ranks(*numbers: str, manner: tuple[object, ...] = SAME) -> list[int]:
    """The ranks of headings that all look the same, told by their numbers alone."""
    headings = [Heading(at, manner, number) for at, number in enumerate(numbers)]
    return list(rank_headings(headings).values())


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        (["1", "2", "2.1", "2.2", "3"], [1, 1, 2, 2, 1]),
        (["1.0", "2.0", "3.0", "3.1", "3.2", "4.0"], [1, 1, 1, 2, 2, 1]),  # SOPs
        (["1.0", "1.1", "1.1.1", "2.0"], [1, 2, 3, 1]),
        (["0.1", "0.2", "1", "2"], [1, 1, 1, 1]),  # ISO: the introduction is clause 0
        (["I.", "A.", "B.", "1.", "2.", "II.", "A."], [1, 2, 2, 3, 3, 1, 2]),  # Federal Register
        (["A.", "B.", "I.", "II.", "C."], [1, 1, 2, 2, 1]),
        (["A", "A.1", "A.2", "A.2.1", "B"], [1, 2, 2, 3, 1]),  # ISO: an annex
        (["6.2", "6.2.1", "6.2.2", "6.3"], [1, 2, 2, 1]),  # ICH Q7
        (["1.9", "1.10", "1.11"], [1, 1, 1]),
        (["Step 1", "Step 2"], [1, 1]),
    ],
)
def test_numbers_rank_headings_that_look_the_same(numbers: list[str], expected: list[int]) -> None:
    assert ranks(*numbers) == expected


def test_headings_in_an_annex_begin_with_its_letter() -> None:
    headings = [
        Heading(0, SAME, "9"), Heading(1, SAME, "", letter="A"), Heading(2, SAME, "A.1"),
        Heading(3, SAME, "", letter="B"), Heading(4, SAME, "B.1"),
    ]  # fmt: skip
    assert list(rank_headings(headings).values()) == [1, 1, 2, 1, 2]


def test_a_level_outranks_a_number() -> None:
    headings = [Heading(0, (0, 1), "1."), Heading(1, (0, 2), "2."), Heading(2, (0, 1), "A.")]
    assert list(rank_headings(headings).values()) == [1, 2, 1]


def test_a_box_of_its_own_look_does_not_end_the_list_it_stands_in() -> None:
    headings = [Heading(0, LARGE, "I."), Heading(1, SMALL, "A."), Heading(2, LARGE, ""),
                Heading(3, SMALL, "B.")]  # fmt: skip
    assert rank_headings(headings) == {0: 1, 1: 2, 2: 3, 3: 2}


def test_a_unit_of_law_ends_all_headings_before_it() -> None:
    headings = [Heading(0, LARGE, "I."), Heading(1, (), "", True), Heading(2, SMALL, "")]
    assert rank_headings(headings) == {0: 1, 2: 1}


@pytest.mark.parametrize(
    ("levels", "expected"), [(("II.", 2, "A.", 1), True), (("II.", 1, "A.", 2), False)]
)
def test_levels_contradict_where_the_first_letter_stands_above_its_numeral(
    levels: tuple[str, int, str, int], expected: bool
) -> None:
    first, above, second, below = levels
    headings = [Heading(0, (0, above), first), Heading(1, (0, below), second)]
    assert levels_contradict(headings) is expected


@pytest.mark.parametrize(
    ("line", "number"),
    [
        ("1 Scope", "1"), ("2.1 Principles", "2.1"), ("2.1. Principles", "2.1."),
        ("IV. METHODS", "IV."), ("A. Background", "A."), ("a) Background", "a)"),
        ("A.2.1 Thermometer", "A.2.1"), ("I.9 Tools", "I.9"),  # ISO annexes; ICH Q9
        ("Step 2: Do it", "Step 2:"),
    ],
)  # fmt: skip
def test_a_heading_begins_with_its_number(line: str, number: str) -> None:
    match = heading_number(line)
    assert match is not None
    assert match[1] == number


@pytest.mark.parametrize(
    "line",
    [
        "3.5 kg of oil",
        "10 mg",
        "A lamp",
        "U.S. Code",
        "1",
        "(a) Lamps",
        "2030-01-05 Lamps",
        "§ 1 A",
    ],
)
def test_a_quantity_or_a_reference_is_no_number_of_a_heading(line: str) -> None:
    assert heading_number(line) is None


def test_a_term_in_lower_case_is_numbered_only_where_it_has_a_level() -> None:
    # ISO: "3.1.2 wick" is the heading of a term
    assert heading_number("3.1.2 wick", level=4) is not None
    assert heading_number("3.1.2 wick") is None
    assert heading_number("3 wicks", level=4) is None


_headings = st.lists(
    st.tuples(
        st.sampled_from([(0, 1), (0, 3), (1, -14.0), (1, -10.0), (1, -9.0)]),
        st.sampled_from(["", "", "1", "2", "1.0", "2.1", "2.1.1", "I.", "II.", "A.", "B.", "A.1",
                         "c)", "Step 1", "0.1", "10"]),
        st.booleans(), st.sampled_from(["", "", "A"]),
    ),
    max_size=20,
)  # fmt: skip


@STEADY
@given(_headings)
def test_no_heading_stands_more_than_one_rank_below_what_is_open(
    drawn: list[tuple[tuple[object, ...], str, bool, str]],
) -> None:
    headings = [
        Heading(at, manner, number, resets and at % 5 == 0, letter)
        for at, (manner, number, resets, letter) in enumerate(drawn)
    ]
    found = rank_headings(headings)
    assert set(found) == {each.at for each in headings if not each.resets}
    assert all(1 <= rank <= len(headings) for rank in found.values())


@STEADY
@given(st.text(max_size=40))
def test_any_line_may_be_asked_for_its_number(line: str) -> None:
    match = HEADING_NUMBER.match(line)
    assert match is None or line.startswith(match[1])
