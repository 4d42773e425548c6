"""What the type of a document says, and what it does not."""

from __future__ import annotations

import pytest

from tribonian.ingest.outline.looks import Looks, is_between
from tribonian.ingest.styled import Styled

TEXT = Styled("The operator keeps a record of each lamp that was lit, for five years.", size=10)


def heading(text: str, *others: Styled, **more: object) -> bool:
    block = Styled(text, **{"size": 10.0, **more})  # type: ignore[arg-type]
    return Looks([TEXT, TEXT, *others, block]).is_heading(block)


@pytest.mark.parametrize(
    "more",
    [{"weight": 700}, {"size": 12.0}, {"level": 2}, {"style": "title"}, {"bolds": ((0, 7),)}],
)
def test_a_line_larger_or_bolder_than_the_text_is_a_heading(more: dict[str, object]) -> None:
    assert heading("Records", **more)


@pytest.mark.parametrize(
    ("text", "more"),
    [("RECORDS", {}), ("Records", {"centered": True}), ("Records", {"italics": ((0, 7),)})],
)
def test_capitals_the_middle_and_italics_tell_a_heading(text: str, more: dict[str, object]) -> None:
    assert heading(text, **more)


@pytest.mark.parametrize(
    "text",
    [
        "records are kept",  # goes on
        "Each of the following:",  # introduces a list
        "Records;",
        "Records, and",
        "(a) Records",  # an item, whatever its type
        "***",
        "",
        "Records are kept. They are read.",  # two sentences in bold
        "R" * 200,
    ],
)
def test_a_bold_line_that_goes_on_is_no_heading(text: str) -> None:
    assert not heading(text, weight=700)


@pytest.mark.parametrize("text", ["Records", "Springfield, IL 62701", "January 5, 2030", "FDA"])
def test_a_line_like_the_text_is_no_heading(text: str) -> None:
    assert not heading(text)


def test_italics_are_no_headings_where_headings_have_levels() -> None:
    levels = [Styled(f"Part {n}", level=1, size=10) for n in range(3)]
    assert not heading("Lamp Digest", *levels, italics=((0, 11),))


def test_in_a_document_wholly_in_bold_bold_says_nothing() -> None:
    lines = [Styled("The operator keeps a record of it.", weight=700) for _ in range(3)]
    assert not Looks(lines).is_heading(lines[0]._replace(text="Records"))


def test_an_item_of_a_list_is_a_heading_only_with_a_number_and_looks_of_its_own() -> None:
    assert heading("1. Records", weight=700, list_level=1)  # Word numbers its headings so
    assert not heading("Records", weight=700, list_level=1)
    assert not heading("1. Records", list_level=1)


def test_plain_type_has_one_size_no_weights_and_no_levels() -> None:
    assert Looks([TEXT, TEXT]).plain
    assert not Looks([TEXT, TEXT._replace(weight=700)]).plain
    assert not Looks([TEXT, TEXT, TEXT._replace(size=14.0)]).plain


def test_manners_sort_the_higher_rank_first() -> None:
    blocks = [
        Styled("Title", level=1), Styled("Part", level=2), Styled("LARGE", size=16, weight=700),
        Styled("Large", size=16, weight=700), Styled("SMALL", size=10, weight=700),
        Styled("Small", size=10, weight=700), Styled("Small", size=10),
    ]  # fmt: skip
    looks = Looks([TEXT] * 9 + blocks)
    manners = [looks.manner(block) for block in blocks]
    assert manners == sorted(manners)
    assert len(set(manners)) == len(manners)


@pytest.mark.parametrize(("at", "expected"), [(2, False), (4, True), (5, True), (0, True)])
def test_bold_type_that_ends_within_a_word_divides_nothing(at: int, expected: bool) -> None:
    assert is_between("Lamp oil", at) is expected
