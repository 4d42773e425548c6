"""Numbers, dates and measures, and the digits that are none."""

from __future__ import annotations

import time
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tribonian.align.tracing.quantities import names, quantities, spelt_number


def found(text: str) -> list[tuple[object, str | None]]:
    return [(each.value, each.unit) for each in quantities(text, counted=False)]


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("for fifteen days", 15, "day"),
        ("within 15 (fifteen) days", 15, "day"),
        ("a 30-day notice", 30, "day"),
        ("thirty working days", 30, "working day"),
        ("thirty business days", 30, "working day"),
        ("30 calendar days", 30, "day"),
        ("1,000 copies", 1000, "copy"),
        ("10 percent", 10, "percent"),
        ("10%", 10, "percent"),
        ("ten per cent", 10, "percent"),
        ("$1,500", 1500, "dollar"),
        ("1,500 dollars", 1500, "dollar"),
        ("$1.5 million", 1_500_000, "dollar"),
        ("one hundred and twenty-five pages", 125, "page"),
        ("one-half of the crew", Fraction(1, 2), None),
        ("two-thirds of the crew", Fraction(2, 3), None),
        ("2½ inches", Fraction(5, 2), "inch"),
        ("2 1/2 inches", Fraction(5, 2), "inch"),
        ("0.50 ppm", Fraction(1, 2), "ppm"),
        ("3 parts per million", 3, "ppm"),
        ("at −20 °C", -20, "celsius"),
        ("at 40 degrees F", 40, "fahrenheit"),
        ("one year", 1, "year"),
        ("twice a year", 2, "time"),
        ("on the 30th day", 30, "day"),
        ("by June 3, 2026", (2026, 6, 3), None),
        ("by 3 June 2026", (2026, 6, 3), None),
        ("by 2026-06-03", (2026, 6, 3), None),
        ("in June 2026", (2026, 6, 0), None),
        ("at 5:00 p.m. sharp", (17, 0), None),
        ("at 5 pm sharp", (17, 0), None),
    ],
)
def test_a_quantity_has_a_value_and_a_unit(text: str, value: object, unit: str | None) -> None:
    assert found(text) == [(value, unit)]


@pytest.mark.parametrize(
    "text",
    [
        "as 21 CFR 110.10(b)(1) says",
        "as § 110.10 and section 12 of part 14 say",
        "see §§ 1.1, 1.2, and 1.3 of title 5",
        "under paragraph (b)(2) or (c)(1)",
        "Form FDA 2253, Table 4, Appendix 2",
        "Three conditions apply: (1) a bell, (2) a rope.",
        "1. A bell.\n2. A rope.",
        "No one, and one of the following, and each one",
        "vitamin B12 and PM2.5",
        "a third party",
        "see https://example.org/2026/15/page3",
    ],
)
def test_digits_that_name_or_count_are_no_quantities(text: str) -> None:
    assert found(text) == []


def test_both_ends_of_a_range_have_its_unit() -> None:
    assert found("10 to 15 days") == [(10, "day"), (15, "day")]
    assert found("between 5 and 7 percent") == [(5, "percent"), (7, "percent")]


def test_citations_are_given_as_names() -> None:
    assert names("See 21 CFR 110.10(b) and part 117.") == ["21 CFR 110.10(b)", "part 117"]


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("ninety-nine", 99),
        ("one hundred and five", 105),
        ("two thousand", 2000),
        ("million", 10**6),
    ],
)
def test_numbers_in_words_have_values(words: str, value: int) -> None:
    assert spelt_number(words) == value


@pytest.mark.parametrize(
    "text",
    ["hundred " * 50_000, "1" * 200_000, "1/0 " * 1000, "12-" * 50_000, "1 " * 100_000, "½" * 9999],
)
def test_hostile_digits_take_no_time(text: str) -> None:
    start = time.process_time()
    quantities(text)
    names(text)
    assert time.process_time() - start < 10


@given(st.text(alphabet="0123456789.,-/$%½ ()abcdeMayJun§", max_size=80))
def test_no_text_is_an_error(text: str) -> None:
    for each in quantities(text):
        assert each.text
