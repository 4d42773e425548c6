"""Sections of Acts whose number stands before the text, or before the heading."""

from __future__ import annotations

import pytest

from tribonian.ingest.outline.looks import Looks
from tribonian.ingest.outline.numbered_sections import headed_sections, numbered_sections
from tribonian.ingest.styled import Styled

ACT = (
    "Duty to light lamps", "1 (1) A lamplighter must light each lamp.", "(2) Lamps burn till dawn.",
    "Power to make regulations", "2 The Secretary of State may make regulations.",
    "Offences", "3 A person who breaks a lamp commits an offence.",
)  # fmt: skip


def sections(*lines: Styled | str) -> list[tuple[str, str]]:
    """The number of each section found, and the heading above it."""
    run = [Styled(line) if isinstance(line, str) else line for line in lines]
    return [
        (each.number, run[each.heading].text if each.heading >= 0 else "")
        for each in numbered_sections(run, Looks(run))
    ]


def test_sections_of_an_act_in_plain_text_stand_under_short_lines() -> None:
    # Acts of the United Kingdom, Canada and Ireland
    assert sections(*ACT) == [
        ("1", "Duty to light lamps"), ("2", "Power to make regulations"), ("3", "Offences"),
    ]  # fmt: skip


def test_a_section_put_in_between_has_a_letter() -> None:
    lines = (*ACT, "Gas lamps", "3A A person who breaks a gas lamp commits an offence.")
    assert sections(*lines)[-1] == ("3A", "Gas lamps")


def test_the_paragraphs_of_a_schedule_are_no_sections() -> None:
    lines = (*ACT, "SCHEDULE 1", "Notices", "4 A notice must be given.")
    assert [number for number, _ in sections(*lines)] == ["1", "2", "3"]


@pytest.mark.parametrize(
    "lines",
    [
        ("Results", "1 Lamp burned.", "2 Lamps did not.", "3 Lamps went out."),  # quantities
        ("Steps:", "1 Light it.", "Then:", "2 Snuff it.", "Last:", "3 Go home."),  # a list
        ACT[:5],  # two are no row
        ("Oil", "4 Lamps burn.", "Gas", "5 Lamps burn.", "Wax", "6 Lamps burn."),  # not from 1 on
        ("Oil", "1 Lamp burns.", "Gas", "3 Lamps burn.", "Wax", "5 Lamps burn."),  # gaps
        ("Oil.", "1. Lamps burn.", "Gas.", "2. Lamps burn.", "Wax.", "3. Lamps burn."),
        ("Kingston", "1 Wick Street", "Springfield", "2 Wick Street"),  # addresses
    ],
)
def test_numbers_before_text_are_no_sections_without_a_row_of_headings(
    lines: tuple[str, ...],
) -> None:
    assert sections(*lines) == []


def headed(*lines: Styled, containers: tuple[int, ...]) -> list[str]:
    return [number for _, number, _ in headed_sections(lines, Looks(lines), containers)]


def heading(text: str) -> Styled:
    return Styled(text, level=4)


def test_numbered_headings_counted_through_two_parts_are_sections() -> None:
    run = [Styled("PART 1", level=2), heading("1 Duty"), heading("2 Power"),
           Styled("PART 2", level=2), heading("3 Fines")]  # fmt: skip
    assert headed(*run, containers=(0, 3)) == ["1", "2", "3"]
    assert headed(*run, containers=(0,)) == []  # one part: the headings of a guide
    assert headed(*run, containers=()) == []
