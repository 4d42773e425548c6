"""Labels of pieces: what a later piece of a unit says of itself."""

from __future__ import annotations

import re

import pytest
from hand_written import appendix, built, keeps_its_word, part, section, table
from hypothesis import given, settings
from hypothesis import strategies as st

from tribonian.consolidate.labels import span, unique

LONG = " ".join(["lot"] * 30)  # 30 tokens; 33 with a number and what stands between


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        ("(b)", "(d)", "(b)–(d)"),
        ("(b)", "(b)", "(b)"),
        # 21 CFR 101.9(c)(8)(iv) to (vi): what both have in common is said once
        ("(c)(8)(iv)", "(c)(8)(vi)", "(c)(8)(iv)–(vi)"),
        ("(a)(1)", "(a)(4)", "(a)(1)–(4)"),
        # another list, another level: said whole
        ("(a)(3)", "(b)(2)", "(a)(3)–(b)(2)"),
        ("(c)", "(c)(3)", "(c)–(c)(3)"),
        ("(c)(2)", "(d)", "(c)(2)–(d)"),
        # a piece that starts with text of no number
        ("", "(b)", "(b)"),
        ("(b)", "", "(b)"),
        ("", "", ""),
    ],
)
def test_a_span_says_once_what_both_ends_have_in_common(first: str, last: str, said: str) -> None:
    assert span(first, last) == said


def test_a_later_piece_names_its_paragraphs_between_number_and_heading() -> None:
    blocks = [f"<P>({letter}) {LONG}</P>" for letter in "abcdefgh"]
    folder = built(section("701.3", "Designation of ingredients.", *blocks), max_tokens=128)
    assert folder.labels[1:] == [
        "§ 701.3 Designation of ingredients",
        "§ 701.3(d)–(f) Designation of ingredients",
        "§ 701.3(g)–(h) Designation of ingredients",
    ]
    keeps_its_word(folder)


def test_a_piece_that_begins_with_a_heading_is_not_named_after_its_last_paragraph() -> None:
    # 14 CFR part 91, appendix A: "3. Instruments" holds (a) to (d), and was called (d)
    blocks = [f"<P>(a) {LONG * 2}</P>", "<HD1>3. Instruments</HD1>"]
    blocks += [f"<P>({letter}) {LONG}</P>" for letter in "ab"]
    folder = built(section("701.3", "Scope.", *blocks), max_tokens=128)
    assert "§ 701.3 Scope (continued: 3. Instruments)" in folder.labels
    assert "§ 701.3(b) Scope" not in folder.labels
    keeps_its_word(folder)


def test_a_piece_of_one_list_says_the_list_once() -> None:
    blocks = [f"<P>(a) {LONG}</P>", "<P>(b) Keep:</P>"]
    blocks += [f"<P>({n}) {LONG}</P>" for n in range(1, 8)]
    folder = built(section("701.3", "Scope.", *blocks), max_tokens=128)
    assert [label.split()[1] for label in folder.labels[1:]] == [
        "701.3",
        "701.3(b)–(b)(3)",
        "701.3(b)(4)–(6)",
        "701.3(b)(7)",
    ]
    keeps_its_word(folder)


def test_a_paragraph_that_goes_on_is_continued_and_several_are_counted() -> None:
    sentence = f"{LONG.capitalize()}. "
    folder = built(
        section("701.3", "Scope.", f"<P>(a) {sentence * 5}</P>", f"<P>(b) {sentence}</P>"),
        max_tokens=128,
    )
    assert folder.labels[1] == "§ 701.3 Scope"
    assert folder.labels[2] == "§ 701.3(a)–(b) Scope (continued)"
    several = built(section("701.3", "Scope.", f"<P>(a) {sentence * 9}</P>"), max_tokens=128)
    assert several.labels[1:] == [
        "§ 701.3 Scope",
        "§ 701.3(a) Scope (2 of 3)",
        "§ 701.3(a) Scope (3 of 3)",
    ]
    keeps_its_word(several)


def test_a_unit_without_numbers_is_continued_or_counted() -> None:
    two = built(section("701.3", "Scope.", f"<P>{LONG}</P>" * 5), max_tokens=128)
    assert two.labels[1:] == ["§ 701.3 Scope", "§ 701.3 Scope (continued)"]
    three = built(section("701.3", "Scope.", f"<P>{LONG}</P>" * 8), max_tokens=128)
    assert three.labels[1:] == [
        "§ 701.3 Scope",
        "§ 701.3 Scope (2 of 3)",
        "§ 701.3 Scope (3 of 3)",
    ]


def test_a_later_piece_of_an_appendix_names_the_heading_it_stands_under() -> None:
    blocks = f"<HD1>Equipment</HD1>{f'<P>{LONG}</P>' * 3}<HD1>Method</HD1>{f'<P>{LONG}</P>' * 3}"
    folder = built(part(701, "COSMETICS", appendix("Appendix A to Part 701", "Tests", blocks)),
                   max_tokens=128)  # fmt: skip
    labels = folder.under("PART 701—COSMETICS")
    assert labels[0] == "Appendix A to Part 701—Tests"
    assert labels[1] == "Appendix A to Part 701—Tests (continued: Method)"
    keeps_its_word(folder)


def test_the_parts_of_one_table_are_told_apart_by_their_place() -> None:
    rows = "".join(f"<TR><TD>r{n}</TD><TD>lot</TD></TR>" for n in range(40))
    header = "<TR><TH>Name</TH><TH>Kind</TH></TR>"
    folder = built(
        section("701.3", "Scope.", f"<P>(a) {LONG}</P><P>(b) See:</P>", table(header, rows)),
        max_tokens=128,
    )
    first, second, *later = folder.labels[1:]
    assert (first, second) == ("§ 701.3 Scope", "§ 701.3(b) Scope")
    assert later
    for label in later:
        assert re.fullmatch(r"§ 701\.3\(b\) Scope \((continued|\d of \d)\)", label)


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from(
            (
                "<P>(a) {0}</P>", "<P>(b) {0}</P>", "<P>(1) {0}</P>", "<P>{0}</P>",
                "<HD1>Method</HD1>", "<P>1. {0}</P>", "<NOTE><HED>Note:</HED><P>{0}</P></NOTE>",
                "<P>(c) {0}. {0}. {0}. {0}. {0}</P>",
            )
        ),
        max_size=12,
    ),
    st.sampled_from((64, 128)),
)  # fmt: skip
def test_the_labels_of_one_unit_are_all_different_and_all_start_with_its_number(
    blocks: list[str], max_tokens: int
) -> None:
    text = "".join(block.format(LONG) for block in blocks)
    folder = built(section("701.3", "Scope.", text), max_tokens=max_tokens)
    labels = folder.labels[1:]
    assert len(set(labels)) == len(labels)
    assert labels[0] == "§ 701.3 Scope"
    assert all(label.startswith("§ 701.3") and "Scope" in label for label in labels)
    assert "name-taken" not in folder.codes


@given(st.lists(st.sampled_from(("A", "A (2)", "A (3)", "B")), max_size=8))
def test_siblings_that_share_a_label_get_numbers_that_are_free(labels: list[str]) -> None:
    renamed = dict(unique(labels))
    after = [renamed.get(n, label) for n, label in enumerate(labels)]
    assert len(set(after)) == len(after)
    for n, label in renamed.items():
        assert label.startswith(f"{labels[n]} (")
        assert labels[n] in labels[:n]
