"""Which law a unit is: ids in USLM's form, and the order of the law."""

from __future__ import annotations

import random

import pytest
from hand_written import appendix, built, chapter, part, section, subpart, title
from hypothesis import given
from hypothesis import strategies as st

from tribonian.consolidate.identity import bare_text, law_order, notes_last, words_id, work_id


@pytest.mark.parametrize(
    ("citation", "id_"),
    [
        # USLM User Guide, "Identifiers": /us/cfr/t21/s701.3 and the abbreviations of units
        ("21 CFR", "/us/cfr/t21"),
        ("21 CFR 701.3", "/us/cfr/t21/s701.3"),
        ("21 CFR Part 701", "/us/cfr/t21/pt701"),
        ("21 CFR Part 701 Subpart A", "/us/cfr/t21/pt701/sptA"),
        ("21 CFR Chapter I Subchapter G", "/us/cfr/t21/chI/schG"),
        ("2 CFR Subtitle A", "/us/cfr/t2/stA"),
        ("41 CFR Part 50-201", "/us/cfr/t41/pt50-201"),
        ("21 CFR Parts 741-799", "/us/cfr/t21/pt741-799"),
        ("21 CFR Appendix A to Part 101", "/us/cfr/t21/Appendix-A-to-Part-101"),
        # 29 CFR 956.1 (Rule 1): a space in a number is none in an id
        ("29 CFR 956.1 (Rule 1)", "/us/cfr/t29/s956.1-Rule-1"),
    ],
)
def test_the_id_of_a_cited_unit_is_in_the_form_of_uslm(citation: str, id_: str) -> None:
    assert work_id(citation) == id_


def test_the_id_of_a_later_piece_goes_on_with_its_paragraph() -> None:
    blocks = [f"<P>({letter}) {'lot ' * 30}</P>" for letter in "abcde"]
    folder = built(section("701.3", "Scope.", *blocks), max_tokens=128)
    assert [line["id"] for line in folder.provenance[1:]] == [
        "/us/cfr/t21/s701.3",
        "/us/cfr/t21/s701.3/d",
    ]


def test_the_id_of_a_unit_without_a_number_is_of_its_words_alone() -> None:
    assert words_id("Weigh  the\nLOT, once.") == words_id("weigh the lot once")
    assert words_id("weigh the lot") != words_id("weigh a lot")
    assert words_id("x")[:2] == "/w"
    assert len(words_id("x")) == 18


LAW = title(
    21,
    "Food",
    chapter(
        "I",
        "FDA",
        part(
            701,
            "COSMETICS",
            subpart("A", "General", section("701.1", "Scope.", "<P>(a) Keep it.</P>")),
            subpart("B", "Labels", section("701.3", "Scope.", f"<P>(a) {'lot ' * 150}</P>" * 2)),
            appendix("Appendix A to Part 701", "Forms", "<HD1>Form</HD1><P>One.</P>"),
            "<HD1>Stray heading</HD1><P>Stray text.</P><HD1>Stray heading</HD1><P>Other.</P>",
        ),
    ),
)


def test_ids_are_unique_and_those_of_cited_units_come_from_the_citation() -> None:
    lines = built(LAW, max_tokens=64).provenance
    ids = [line["id"] for line in lines]
    assert len(set(ids)) == len(ids)
    for line in lines:
        if line["citation"] and "(" not in line["citation"]:
            assert line["id"].split("~")[0].startswith(work_id(line["citation"]).split("~")[0])


def test_ids_are_the_same_in_a_build_of_more() -> None:
    alone = {line["id"] for line in built(LAW).provenance}
    other = part(702, "FOOD", section("702.1", "Scope.", "<P>(a) Keep it.</P>"))
    together = {
        line["id"]
        for line in built({"title-21.xml": LAW, "title-21_part-702.xml": other}).provenance
    }
    assert alone <= together


def test_two_neighbouring_units_with_the_same_words_have_two_ids() -> None:
    same = "<HD1>Form</HD1><P>One.</P>"
    folder = built(
        {"a.xml": part(701, "X", same), "b.xml": part(702, "Y", section("702.1", "Z.", same))}
    )
    ids = [line["id"] for line in folder.provenance]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize(
    "citations",
    [
        # numbers as numbers: 9 before 10, 701.3 before 701.20
        ["1 CFR", "2 CFR", "10 CFR", "21 CFR"],
        ["21 CFR 701.1", "21 CFR 701.3", "21 CFR 701.20", "21 CFR 710.1", "21 CFR 1271.3"],
        ["21 CFR Part 7", "21 CFR Part 11", "21 CFR Part 101", "21 CFR Part 1271"],
        ["21 CFR Part 7 Subpart A", "21 CFR Part 7 Subpart B", "21 CFR Part 11 Subpart A"],
    ],
)
def test_units_are_sorted_as_the_law_counts(citations: list[str]) -> None:
    shuffled = random.Random(21).sample(citations, len(citations))
    assert sorted(shuffled, key=lambda citation: law_order(citation, "")) == citations


@given(st.lists(st.tuples(st.one_of(st.none(), st.text(max_size=12)), st.text(max_size=12))))
def test_any_two_units_can_be_put_in_order(units: list[tuple[str | None, str]]) -> None:
    once = sorted(units, key=lambda unit: law_order(*unit))
    assert [law_order(*unit) for unit in once] == sorted(law_order(*unit) for unit in units)


@given(st.text(max_size=40))
def test_any_citation_has_an_id(citation: str) -> None:
    assert work_id(citation).startswith("/")
    assert not any(character.isspace() for character in work_id(citation))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Each label, must bear", "each label must bear"),
        ("cross-\u00adreference", "crossreference"),
        ("§ 701.3—Designation", "701.3 - designation"),
        ("of\ufb01cial", "official"),  # a ligature
        ("10 – 12", "10-12"),
        ("¹⁄₁₀th", "1/10th"),
        ("2½", "2 1/2"),
        ("2¹⁄₂", "2 1/2"),
        ("| 5 | 10 |\n| --- | --- |\n| 6 | 7 |", "5  10\n6  7"),  # a table without lines
    ],
)
def test_print_alone_makes_no_other_text(one: str, other: str) -> None:
    assert bare_text(one) == bare_text(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1.5 mg", "15 mg"),
        ("1/2", "12"),
        ("10 20", "1020"),
        ("5 %", "5"),
        ("≤ 5", "≥ 5"),
        ("-5 °C", "5 °C"),
        ("must", "must not"),
        ("shall", "should"),
        ("15 days", "30 days"),
        ("10² Bq", "102 Bq"),
        ("10⁻⁶", "10-6"),
        ("2½", "21/2"),
        ("| 5 | 10 |", "| 51 | 0 |"),
    ],
)
def test_what_differs_in_law_stays_different(one: str, other: str) -> None:
    assert bare_text(one) != bare_text(other)


def test_where_a_footnote_is_printed_is_layout_and_its_order_among_its_like_is_not() -> None:
    law = ["(a) One.¹", "¹ Or two.", "(b) Three.²", "² Or four."]
    printed = ["(a) One.¹", "(b) Three.²", "² Or four.", "¹ Or two."]
    assert notes_last(law) == notes_last(printed)
    assert notes_last(law)[:2] == [law[0], law[2]]
    twice = ["¹ First.", "¹ Second."]  # under two tables
    assert notes_last(twice) != notes_last(twice[::-1])
    assert notes_last(["(b) Three.", "(a) One."]) == ["(b) Three.", "(a) One."]
