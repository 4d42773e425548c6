"""What two texts may not differ in and still say the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tribonian.align.pairs.differences import law_of


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Within fifteen (15) days.", ("15 day",)),
        ("Within 15 days.", ("15 day",)),
        ("fifteen days", ("15 day",)),
        ("two, three and 2 years and 6 months", ("2", "3", "2 year", "6 month")),
        ("twenty-five percent", ("25 percent",)),
        ("25%", ("25 percent",)),
        ("two thousand five hundred twenty", ("2520",)),
        ("1,000.50 feet", ("1000.5 foot",)),
        ("100.0 and 100", ("100", "100")),
        ("$5 and $1,200 million", ("5 dollar", "1200000000 dollar")),
        ("2 hundred days or 1.5 million", ("200 day", "1500000")),
        ("-5 °C or 5 °C", ("-5 c", "5 c")),
        ("10-15 days", ("10", "15 day")),
        ("1.2.3", ("1.2.3",)),
        ("May 5, 2020", ("may", "5", "2020")),
        ("§ 100.1(a)(2)", ("100.1", "2")),
        ("no number", ()),
    ],
)  # fmt: skip
def test_numbers_are_read_with_what_they_count(text: str, numbers: tuple[str, ...]) -> None:
    assert law_of(text).numbers == numbers


@pytest.mark.parametrize(
    ("text", "duties"),
    [
        ("The maker shall test it.", ("must",)),
        ("The maker is required to test it.", ("must",)),
        ("The maker may test it.", ("may",)),
        ("The maker may not test it.", ("must not",)),
        ("Testing is prohibited.", ("must not",)),
        ("The maker need not test it.", ("need not",)),
        ("The maker doesn’t have to test it.", ("need not",)),
        ("It isn't required.", ("need not",)),
        ("The maker should test it.", ("should",)),
        ("It does not burn.", ("not",)),
        ("It won't burn.", ("not",)),
        ("It burns, unless it is wet.", ("except",)),
        ("Only the Board may.", ("may", "only")),
        ("On May 5 it burns.", ()),
        ("It burns.", ()),
    ],
)
def test_duties_and_denials_are_read(text: str, duties: tuple[str, ...]) -> None:
    assert law_of(text).duties == duties


@given(st.text())
def test_whatever_the_text_it_is_read(text: str) -> None:
    assert law_of(text) == law_of(text)
