"""Plain text: paragraphs out of lines, and what stands at the edges of pages."""

from __future__ import annotations

import io
import textwrap

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tribonian.ingest.readers.text import read_text, text_blocks
from tribonian.ingest.record import Reading
from tribonian.schemas.tree import grow

LONG = (
    "Each keeper of a lantern shall light it at dusk and shall put it out at dawn, and shall "
    "enter the hour of both in a log that is kept at the lantern for the purpose."
)


def texts(text: str) -> list[str]:
    return [block.text for block in text_blocks(text)]


def conserved(text: str) -> bool:
    reading = Reading()
    root = grow(read_text(io.BytesIO(text.encode()), reading))
    return reading.words == root.total_words()


@pytest.mark.parametrize("width", [60, 72, 78, 100])
def test_wrapped_lines_become_the_paragraphs_they_were(width: int) -> None:
    given_ = ["§ 5.2   Lanterns.", f"(a) {LONG}", f"(1) {LONG}", "(b) No lantern burns fat.", LONG]
    wrapped = "\n\n".join(textwrap.fill(each, width) for each in given_)
    assert texts(wrapped) == [" ".join(each.split()) for each in given_]


def test_wrapped_paragraphs_without_blank_lines_are_told_apart_by_their_numbers() -> None:
    given_ = [f"(a) {LONG}", f"(1) {LONG}", f"(2) {LONG}", "(b) No lantern burns fat."]
    assert texts("\n".join(textwrap.fill(each, 72) for each in given_)) == given_


def test_a_number_that_a_full_line_breaks_before_begins_no_paragraph() -> None:
    text = (
        "Each keeper who has a lantern shall do what is said in paragraph\n"
        "(a) of this section, and each keeper who has none shall say so\n"
        "to the warden.\n"
    )
    assert len(texts(text)) == 1


def test_pasted_law_has_one_line_a_paragraph() -> None:
    given_ = ["§ 5.2 Lanterns.", f"(a) {LONG}", LONG, f"(b) {LONG} {LONG}", "Text."]
    assert texts("\n".join(given_)) == given_


def test_first_lines_that_are_set_in_begin_paragraphs() -> None:
    given_ = [LONG, f"{LONG} {LONG}", LONG]
    wrapped = "\n".join(textwrap.fill(each, 66, initial_indent="    ") for each in given_)
    assert texts(wrapped) == given_


def test_a_hanging_number_does_not_end_its_paragraph() -> None:
    wrapped = textwrap.fill(f"(a) {LONG}", 60, subsequent_indent="    ")
    assert texts(wrapped) == [f"(a) {LONG}"]


def test_words_broken_at_the_end_of_a_line_are_mended_and_compounds_are_not() -> None:
    text = (
        "A keeper must observe the regulations. The lantern is the long-term\n"
        "duty of the keeper. What is said here is said under the regula-\n"
        "tions of this part, which are kept by each keeper for the long-\n"
        "term record of all lanterns and of all their keepers.\n"
    )
    (found,) = texts(text)
    assert "under the regulations of this part" in found
    assert "the long-term record" in found


def test_lines_that_return_on_every_page_are_running_heads() -> None:
    pages = [
        f"LANTERN RULES\n\n({letter}) {LONG[:70]}\nand is {letter * 5}\n\n{number}\n"
        for number, letter in enumerate("abcd", 1)
    ]
    found = list(text_blocks("\f".join(pages)))
    assert [block.text for block in found if block.kind == "running-head"] == [
        "LANTERN RULES", "1", "LANTERN RULES", "2", "LANTERN RULES", "3", "LANTERN RULES", "4",
    ]  # fmt: skip
    assert [block.page for block in found if block.kind == "paragraph"] == [1, 2, 3, 4]


def test_a_paragraph_goes_on_over_the_page() -> None:
    text = (
        "RULES\nThe keeper of the lantern shall light it at dusk and put it out\n\f"
        "RULES\nat dawn on every day of the year, and on no other day at all.\n\fRULES\nEnd.\n"
    )
    found = [block.text for block in text_blocks(text) if block.kind == "paragraph"]
    assert found[0].startswith("The keeper")
    assert "put it out at dawn" in found[0]


def test_headings_show_what_they_look_like() -> None:
    line = "The keeper of the lantern shall light it at dusk and shall put it out at dawn."
    text = f"{'PART 5':^78}\n\n{line}\n{line}\n\nScope\n-----\n{line}\n"
    found = list(text_blocks(text))
    assert [(block.style, block.centered) for block in found] == [
        ("caps", True),
        ("", False),
        ("underlined", False),
        ("", False),
    ]
    assert all(block.level == 0 for block in found)


def test_aligned_columns_are_a_table_and_wide_gaps_behind_numbers_are_not() -> None:
    found = list(text_blocks("Lamp      Oil     Price\nTin       2 l     5\nBrass     3 l     9\n"))
    assert [block.kind for block in found] == ["table"]
    assert found[0].node is not None
    assert found[0].node.text.splitlines()[2] == "| Tin | 2 l | 5 |"
    assert texts("(a)     Oil.\n(b)     Fat.\n") == ["(a) Oil.", "(b) Fat."]


def test_lines_with_leaders_stand_alone() -> None:
    assert texts("Scope ........... 3\nLanterns ........ 7\n") == [
        "Scope ........... 3", "Lanterns ........ 7",
    ]  # fmt: skip


def test_bullets_are_list_items_and_stars_are_omitted_text() -> None:
    found = list(text_blocks("• Oil\n• Fat\n\n* * * * *\n"))
    assert [(block.kind, block.text, block.list_level) for block in found] == [
        ("paragraph", "Oil", 1),
        ("paragraph", "Fat", 1),
        ("stars", "* * * * *", 0),
    ]


def test_locators_are_the_lines_of_the_file() -> None:
    found = list(text_blocks("One\r\n\r\nTwo\r\n\fThree"))
    assert [block.locator for block in found] == ["line 1", "line 3", "line 4"]


PIECES = st.sampled_from(
    ["(a) one", "1. two;", LONG, LONG[:60], "a  b  c", "x\ty", "---", "===", "\f", "RULES", "12",
     "Page 3", "regula-", "tions", "", "", "    set in", "• b", "* * * * *", "a ...... 4", "|a|b|"]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=14))
def test_words_are_conserved_whatever_stands_together(pieces: list[str]) -> None:
    assert conserved("\n".join(pieces))


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200))
def test_any_text_can_be_read(text: str) -> None:
    assert conserved(text.encode("utf-8", "replace").decode())
