"""Contents pages, and rows of lines that are none."""

from __future__ import annotations

import pytest

from tribonian.ingest.outline.contents import find_contents, is_contents_title
from tribonian.ingest.outline.looks import Looks
from tribonian.ingest.styled import Styled

TEXT = "The text that stands under a heading, and is longer than the heading is."


def bold(text: str) -> Styled:
    return Styled(text, weight=700)


def found(*lines: Styled | str) -> list[list[str]]:
    """The lines of each contents page."""
    run = [Styled(line) if isinstance(line, str) else line for line in lines]
    return [[each.text for each in run[start:end]] for start, end in find_contents(run, Looks(run))]


def body(*headings: str) -> list[Styled | str]:
    return [line for heading in headings for line in (bold(heading), TEXT)]


@pytest.mark.parametrize(
    "entries",
    [
        ["§ 1.1 Scope ........ 2", "§ 1.2 Terms ........ 3", "§ 1.3 Fees ........ 4"],  # leaders
        ["Scope\t2", "Terms\t3", "Fees\t4"],  # Word: a tabulator before the page
        ["Scope … 2", "Terms … 3", "Fees … 4"],
        ["Scope . . . . iv", "Terms . . . . v", "Fees . . . . vi"],  # Roman pages of a preface
        ["Scope ..... 3-1", "Terms ..... 3-2", "Fees ..... 3-3"],  # pages counted by chapter
    ],
)
def test_three_lines_that_end_in_leaders_or_pages_are_a_contents_page(entries: list[str]) -> None:
    assert found(*entries, TEXT) == [entries]


def test_headings_that_come_again_are_a_contents_page_without_leaders() -> None:
    headings = ("Scope", "Terms", "Fees")
    assert found(*[bold(each) for each in headings], *body(*headings)) == [list(headings)]


def test_numbered_lines_in_plain_type_under_a_title_are_entries_if_they_come_again() -> None:
    # a city's code as text: its headings look like any numbered line
    entries = ["1. Introduction", "2. Lamps", "3. Fees"]
    text = [line for entry in entries for line in (entry, TEXT)]
    assert found("Contents", *entries, *text) == [["Contents", *entries]]


def test_entries_go_on_around_a_line_that_does_not_come_again() -> None:
    # 2 CFR part 200, annual edition: a heading that is printed differently above its section
    entries = ["200.1 Purpose.", "200.2 Scope.", "200.3 Closing out.", "200.4 Records."]
    text = [line for entry in entries if "Closing" not in entry for line in (f"§ {entry}", TEXT)]
    assert found("Sec.", *entries, *text) == [["Sec.", *entries]]


@pytest.mark.parametrize(
    "lines",
    [
        ["1. Oil", "2. Gas", "3. Wicks", TEXT, "1. Oil", "2. Gas", "3. Wicks"],  # a list twice
        ["Contents", "1. Oil", "2. Gas", "3. Wicks"],  # what a box holds
        ["Contents", TEXT, TEXT, TEXT],
        ["The lamp costs 3", "The oil costs 4", "The wick costs 5"],  # quantities at the end
        ["See § 1.1.", "See § 1.2.", "See § 1.3."],
        ["January 5, 2030", "February 5, 2030", "March 5, 2030"],  # dates
        ["Name ......", TEXT, "Office ......", TEXT, "Date ......"],  # a form, text between
    ],
)
def test_lines_that_are_only_like_entries_are_no_contents_page(lines: list[str]) -> None:
    assert found(*lines) == []


def test_a_cover_that_is_printed_twice_is_no_contents_page() -> None:
    cover = [bold("Guidance"), bold("Lamps"), bold("January 2030")]
    assert found(*cover, TEXT, *cover, TEXT) == []


def test_text_between_two_lines_ends_a_contents_page() -> None:
    lines = ["A ..... 1", "B ..... 2", "C ..... 3", TEXT * 4, "D ..... 4"]
    assert found(*lines) == [lines[:3]]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Contents", True), ("TABLE OF CONTENTS", True), ("Table of Contents:", True),
        ("Sec.", True), ("Page", True), ("Contents of this Part", True),
        ("Contents of the lamp", True),  # a caption: no entries come after it
        ("The contents of a lamp", False), ("Sections", False), ("", False),
    ],
)  # fmt: skip
def test_a_title_of_contents_stands_alone(line: str, expected: bool) -> None:
    assert is_contents_title(line) is expected
