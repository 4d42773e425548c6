"""Numbers of parts and sections of the CFR: what is one number, what are two with a dash between.

A dash alone does not tell: 41 CFR 50-201 is a part, 46 CFR 2.10-25, 26 CFR 1.401(a)(9)-6 and
48 CFR 52.212-4 are sections; 21 CFR 700-740 and 701.1-701.9 are runs.
"""

from __future__ import annotations

import re

# Brackets belong to the number where a dash and a figure follow them: 26 CFR 1.263(a)-3,
# 301.7701(b)-2. A figure after a dash that goes on with a point is the next section.
_SECTION = (
    r"(?P<part>\d{1,5}[A-Za-z]{0,3}(?:-\d{1,5}[A-Za-z]?)?)"
    r"\.\d\w*(?:(?:\([A-Za-z0-9]{1,8}\))*-\d\w*(?![\w.]*\.\w))*"
)
_SECTION_NUMBER = re.compile(_SECTION, re.ASCII)
_WITH_PARAGRAPH = re.compile(
    rf"(?P<number>{_SECTION})(?P<paragraph>(?:\([A-Za-z0-9]{{1,8}}(?:-[A-Za-z0-9]{{1,8}})?\))*)",
    re.ASCII,
)
_PART_NUMBER = re.compile(r"\d{1,5}[A-Za-z]{0,3}", re.ASCII)
_DASHED_PART = re.compile(r"\d{1,5}-\d{1,5}[A-Za-z]?", re.ASCII)
# The only title whose parts have a dash: 41 CFR 50-201, 60-1, 102-3, 301-10.
_DASHED = 41


def is_section_number(number: str) -> bool:
    """Whether this is one section's number, with its point: 701.3, 1.263(a)-3."""
    return _SECTION_NUMBER.fullmatch(number) is not None


def is_part_number(number: str, title: int) -> bool:
    """Whether this is one part's number: 701, 5b, and 50-201 in title 41."""
    if _PART_NUMBER.fullmatch(number):
        return True
    return title == _DASHED and _DASHED_PART.fullmatch(number) is not None


def split_section(written: str) -> tuple[str, str] | None:
    """``1.263(a)-3(b)(1)`` as number and paragraph; None where it is no section's number."""
    found = _WITH_PARAGRAPH.fullmatch(written)
    return (found["number"], found["paragraph"]) if found else None


def part_of(section: str) -> str:
    """The part in a section's number: 701 of 701.3, 50-201 of 50-201.1, "" without a point."""
    return section.partition(".")[0] if "." in section else ""


def ends_of_span(number: str, title: int) -> tuple[str, str] | None:
    """The two numbers in ``701.1-701.9``, ``700-740``, ``60-1.1-60-1.9``; None if not just two."""
    dashes = [match.start() for match in re.finditer("-", number)]
    pairs = [(number[:at], number[at + 1 :]) for at in dashes]
    sections = [pair for pair in pairs if all(map(is_section_number, pair))]
    # 60-1.4-60-1.9 can be cut in two places; the right one has the same part on both sides
    same = [pair for pair in sections if part_of(pair[0]) == part_of(pair[1])]
    if sections:
        return (same or sections)[0]
    parts = [pair for pair in pairs if all(is_part_number(end, title) for end in pair)]
    return parts[len(parts) // 2] if parts else None


def natural(number: str) -> tuple[tuple[int, int, str], ...]:
    """A key by which numbers stand in the order of the law: 11.9 before 11.10, 5 before 5b."""
    pieces = re.findall(r"\d+|[A-Za-z]+", number)
    return tuple((0, int(one), "") if one.isdecimal() else (1, 0, one.lower()) for one in pieces)
