"""What a printed number can mean: a letter, a numeral, a figure, one that was inserted."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tribonian.ingest.numbers import follows, is_first, is_next, readings, roman

STEADY = settings(derandomize=True, deadline=None, max_examples=200)

NUMERALS = [
    ("i", 1),
    ("iii", 3),
    ("iv", 4),
    ("ix", 9),
    ("xiv", 14),
    ("xxxviii", 38),  # 10 CFR 50.55a(b)(2)(xxxviii)
    ("xl", 40),
    ("xc", 90),
    ("cd", 400),
    ("mcmxc", 1990),
    # what is not the one correct form is no numeral
    ("iiii", None),
    ("vv", None),
    ("ic", None),
    ("iix", None),
    ("", None),
    ("a", None),
    ("I", None),  # upper case is another alphabet
    ("i1", None),
]


@pytest.mark.parametrize(("text", "value"), NUMERALS)
def test_a_roman_numeral_has_a_value_in_its_one_correct_form(text: str, value: int | None) -> None:
    assert roman(text) == value


def in_roman(value: int) -> str:
    """The textbook way, subtracting the largest sign again and again."""
    out = ""
    for worth, sign in [
        (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"),
        (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
    ]:  # fmt: skip
        out += sign * (value // worth)
        value %= worth
    return out


@STEADY
@given(st.integers(min_value=1, max_value=3999))
def test_every_numeral_written_the_textbook_way_is_read_back(value: int) -> None:
    assert roman(in_roman(value)) == value


READINGS = [
    ("a", {("a", (1, 0))}),
    ("b", {("a", (2, 0))}),
    ("z", {("a", (26, 0))}),
    # 31 CFR 1010.100(mm): doubled letters, not base 26
    ("aa", {("a", (27, 0))}),
    ("bb", {("a", (28, 0))}),
    ("zz", {("a", (52, 0))}),
    ("aaa", {("a", (53, 0))}),
    # 21 CFR 101.100(i): a letter after (h), a numeral under (1)
    ("i", {("a", (9, 0)), ("i", (1, 0))}),
    ("ii", {("a", (35, 0)), ("i", (2, 0))}),
    ("v", {("a", (22, 0)), ("i", (5, 0))}),
    ("x", {("a", (24, 0)), ("i", (10, 0))}),
    ("c", {("a", (3, 0)), ("i", (100, 0))}),
    ("iv", {("i", (4, 0))}),
    ("vi", {("i", (6, 0))}),
    ("1", {("1", (1, 0))}),
    ("12", {("1", (12, 0))}),
    ("A", {("A", (1, 0))}),
    ("I", {("A", (9, 0)), ("I", (1, 0))}),
    ("IV", {("I", (4, 0))}),
    # appendices: the same alphabets with a stop
    ("1.", {("N", (1, 0))}),
    ("a.", {("l", (1, 0))}),
    ("A.", {("U", (1, 0))}),
    ("I.", {("U", (9, 0)), ("R", (1, 0))}),
    ("i.", {("l", (9, 0)), ("r", (1, 0))}),
    # inserted between two: 17 CFR 240.15c3-1 (a-1), and (1a)
    ("a-1", {("a", (1, 1))}),
    ("b-2", {("a", (2, 2))}),
    ("1a", {("1", (1, 1))}),
    ("2b", {("1", (2, 2))}),
    # neither the one nor the other
    ("ab", {("a", (28, 0))}),  # Cal. Civ. Code 1798.140(ab)
    ("Aa", set()),
    ("no", set()),
    ("", set()),
]


@pytest.mark.parametrize(("text", "expected"), READINGS)
def test_a_number_has_every_reading_that_its_letters_allow(
    text: str, expected: set[tuple[str, tuple[int, int]]]
) -> None:
    assert set(readings(text)) == expected


@pytest.mark.parametrize("text", ["a", "1", "i", "A", "I", "a.", "1.", "i.", "A.", "I."])
def test_the_first_of_an_alphabet_can_open_a_list(text: str) -> None:
    assert is_first(text)


@pytest.mark.parametrize("text", ["b", "2", "ii", "B", "II", "aa", "a-1", "1a", "v", "ab", ""])
def test_what_is_not_the_first_of_any_alphabet_cannot_open_a_list(text: str) -> None:
    assert not is_first(text)


PAIRS = [
    ("a", "b", True),
    ("z", "aa", True),  # 31 CFR 1010.100: (z), then (aa)
    ("aa", "bb", True),
    ("hh", "ii", True),  # the letter
    ("i", "ii", True),  # the numeral
    ("h", "i", True),
    ("i", "j", True),
    ("iv", "v", True),
    ("v", "vi", True),
    ("v", "w", True),
    ("9", "10", True),
    ("a", "a-1", True),  # inserted, and the list goes on after it
    ("a-1", "a-2", True),
    ("a-1", "b", True),
    ("1", "1a", True),
    ("1a", "2", True),
    ("1.", "2.", True),
    ("a", "c", False),
    ("b", "a", False),
    ("a", "a", False),
    ("a", "2", False),
    ("a", "B", False),
    ("1", "2.", False),
    ("hh", "iii", False),
    ("a-1", "c", False),
    ("", "a", False),
]


@pytest.mark.parametrize(("previous", "text", "expected"), PAIRS)
def test_one_number_follows_another_if_some_reading_of_both_does(
    previous: str, text: str, expected: bool
) -> None:
    assert follows(previous, text) is expected


def test_the_next_value_is_one_more_or_one_inserted() -> None:
    assert is_next((2, 0), (3, 0))
    assert is_next((2, 0), (2, 1))
    assert is_next((2, 1), (3, 0))
    assert is_next((2, 1), (2, 2))
    assert not is_next((2, 0), (4, 0))
    assert not is_next((2, 0), (2, 0))
    assert not is_next((2, 0), (3, 1))


PRINTED = r"([a-zA-Z]{1,3}|[ivxlc]{1,6}|[0-9]{1,3})([-–][0-9]{1,2}|[-–][a-z]|[a-z])?\.?"


@STEADY
@given(st.from_regex(PRINTED, fullmatch=True))
def test_no_number_that_could_be_printed_raises(text: str) -> None:
    for kind, value in readings(text):
        assert kind in set("a1iAIlNrUR")
        assert value >= (0, 0)


@pytest.mark.parametrize("text", ["²", "1²", "-", "—", "é", "a.."])
def test_signs_outside_the_alphabets_are_no_numbers(text: str) -> None:
    # str.isdigit() is true of ², and int() refuses it
    assert readings(text) == ()
