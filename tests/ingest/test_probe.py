"""The probe: paragraphs in, their paths out (``tribonian designators``, interface.md)."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tribonian import designators
from tribonian.ingest.probe import paths

STEADY = settings(derandomize=True, deadline=None, max_examples=150)


def probe(*lines: str) -> list[str]:
    return [path for path, _ in designators(lines)]


def test_each_line_comes_back_with_the_path_before_it() -> None:
    lines = ["(a) A lantern that—", "(1) Is new; or", "(2) Is repaired.", "(b) A candle."]

    assert designators(lines) == [
        ("(a)", "(a) A lantern that—"),
        ("(a)(1)", "(1) Is new; or"),
        ("(a)(2)", "(2) Is repaired."),
        ("(b)", "(b) A candle."),
    ]


def test_a_run_in_has_the_path_of_its_last_number() -> None:
    assert probe("(a)(1) Each maker", "(2) Each seller", "(b)(1)(i) Each lot") == [
        "(a)(1)",
        "(a)(2)",
        "(b)(1)(i)",
    ]
    assert probe("(b) Title—(1) Sub. (i) Each lot", "(ii) Each box", "(2) Each") == [
        "(b)(1)(i)",
        "(b)(1)(ii)",
        "(b)(2)",
    ]


def test_a_paragraph_without_a_number_has_an_empty_path() -> None:
    assert probe("As used in this part:", "(a) A lantern.", "It burns.", "(b) A box.") == [
        "",
        "(a)",
        "",
        "(b)",
    ]


def test_an_empty_line_starts_a_new_section() -> None:
    assert probe("(a) One.", "(1) Two.", "", "(a) Three.", "(1) Four.", "(b) Five.") == [
        "(a)",
        "(a)(1)",
        "(a)",
        "(a)(1)",
        "(b)",
    ]


@pytest.mark.parametrize("between", ["", "  ", "\t", "\n", "\r\n"])
def test_a_line_of_spaces_is_an_empty_line(between: str) -> None:
    assert probe("(h) One.", between, "(i) Two.", "(ii) Three.") == ["(h)", "(i)", "(ii)"]


def test_empty_lines_at_both_ends_and_in_a_row_print_nothing() -> None:
    assert probe("", "", "(a) One.", "", "", "(a) Two.", "") == ["(a)", "(a)"]
    assert probe() == []
    assert probe("") == []


def test_line_ends_are_no_part_of_the_paragraph() -> None:
    assert designators(["(a) One.\n", "(b) Two.\r\n"]) == [("(a)", "(a) One."), ("(b)", "(b) Two.")]


def test_the_paragraph_is_printed_as_it_was_typed() -> None:
    line = "  (*1*) One\twith <I>italics</I>  "

    assert [text for _, text in designators([line])] == [line]


@pytest.mark.parametrize(
    "number",
    ["(*1*)", "(_1_)", "(<I>1</I>)", "(<i>1</i>)", "(<em>1</em>)", '(<E T="03">1</E>)'],
)
def test_an_italic_number_may_be_written_in_markdown_html_or_as_the_ecfr_does(number: str) -> None:
    # 1 CFR 21.11: the fifth level is an italic figure
    run = ["(a) One", "(1) Two", "(i) Three", "(A) Four", f"{number} Five", "(B) Six", "(2) Seven"]

    assert probe(*run) == [
        "(a)",
        "(a)(1)",
        "(a)(1)(i)",
        "(a)(1)(i)(A)",
        "(a)(1)(i)(A)(1)",
        "(a)(1)(i)(B)",
        "(a)(2)",
    ]


# The same paragraph as plain text, in the eCFR's XML, in HTML and in Markdown.
HEADED = [
    "(b) Title—(1) Sub. (i) Each lot",
    "(b) <I>Title</I>—(1) <I>Sub.</I> (i) Each lot",
    "(b) <em>Title</em>—(1) <em>Sub.</em> (i) Each lot",
    "(b) *Title*—(1) *Sub.* (i) Each lot",
    "(b) _Title_—(1) _Sub._ (i) Each lot",
]


@pytest.mark.parametrize("line", HEADED)
def test_a_heading_in_italics_opens_what_the_same_heading_opens_in_plain_type(line: str) -> None:
    assert probe("(a) One.", line, "(ii) Two", "(2) Three") == [
        "(a)",
        "(b)(1)(i)",
        "(b)(1)(ii)",
        "(b)(2)",
    ]


@pytest.mark.parametrize("term", ["{}", "<I>{}</I>", "<em>{}</em>", "*{}*", "_{}_", "“{}”"])
def test_under_an_unnumbered_definition_only_the_numbers_count(term: str) -> None:
    # interface.md; 2 CFR 200.1
    run = ["(a) As used in this section:", "{} means a lantern that—", "(1) Burns; or",
           "(2) Shines.",
           "{} means a box that—", "(1) Holds.", "(b) Other."]  # fmt: skip
    names = iter([term.format("Flame lantern"), term.format("Lot box")])

    assert probe(*[line.format(next(names)) if "{}" in line else line for line in run]) == [
        "(a)",
        "",
        "(1)",
        "(2)",
        "",
        "(1)",
        "(b)",
    ]


def test_a_definition_that_is_numbered_itself_is_a_paragraph_without_a_number() -> None:
    # 27 CFR 478.11: the number stands behind the term
    assert probe("Handgun. (a) Any firearm which", "(b) Any combination of parts") == ["", "(b)"]


def test_a_term_of_eleven_words_is_a_term() -> None:
    # 27 CFR 478.11
    run = [
        "Adjudicated as a mental defective. (a) A determination that a person",
        "(1) Is a danger to himself; or",
        "(2) Lacks the capacity to contract.",
        "(b) The term shall include—",
        "(1) A finding of insanity; and",
        "(2) Those persons found incompetent.",
        "Admitted to the United States for lawful hunting or sporting purposes. (a) Is entering",
        "(b) Is entering the United States to display firearms",
    ]

    assert probe(*run) == ["", "(a)(1)", "(a)(2)", "(b)", "(b)(1)", "(b)(2)", "", "(b)"]


def test_a_sentence_about_numbers_has_an_empty_path() -> None:
    assert probe(
        "(a) One.", "(b) Two.", "(a) and (b) of this section do not apply.", "(c) Three."
    ) == ["(a)", "(b)", "", "(c)"]


def test_ranges_are_one_number_and_the_list_goes_on_after_them() -> None:
    assert probe("(f) One.", "(g)-(h) [Reserved]", "(i) Two.", "(j) Three.") == [
        "(f)",
        "(g)-(h)",
        "(i)",
        "(j)",
    ]


def test_the_levels_of_an_appendix_have_stops() -> None:
    # 21 CFR 314.200(d), outline of a submission
    run = ["I. Safety data.", "A. Animal safety data.", "1. Individual active components.",
           "a. Controlled studies.", "b. Other studies.", "2. Combinations.",
           "B. Human safety data.", "II. Effectiveness data."]  # fmt: skip

    assert probe(*run) == ["I.", "I.A.", "I.A.1.", "I.A.1.a.", "I.A.1.b.", "I.A.2.", "I.B.", "II."]


def test_a_word_with_a_stop_that_opens_no_list_is_no_number() -> None:
    assert probe("As used here:", "C. Darwin wrote it.", "(a) One.") == ["", "", "(a)"]


def test_sections_are_read_one_at_a_time() -> None:
    def endless():  # type: ignore[no-untyped-def]
        yield "(a) One."
        yield ""
        raise AssertionError("the second section was asked for before the first was printed")

    assert next(paths(endless())) == ("(a)", "(a) One.")


pieces = st.sampled_from(
    ["(a) ", "(1) ", "(i)", "(A) ", "(*1*) ", "(<I>1</I>) ", "1. ", "A. ", "Term means", "word ",
     "—", ": ", "[Reserved]", " and ", "of this section", "-", "\t", "²", "<I>", "*"]
)  # fmt: skip


@STEADY
@given(st.lists(st.lists(pieces, max_size=5).map("".join), max_size=10))
def test_every_line_that_is_not_empty_comes_back_in_order(run: list[str]) -> None:
    printed = designators(run)

    assert [text for _, text in printed] == [line for line in run if line.strip()]
    assert all(path == "" or path[0] in "(1A" for path, _ in printed)


@STEADY
@given(st.lists(st.text(), max_size=6))
def test_no_text_whatever_raises(run: list[str]) -> None:
    assert len(designators(run)) == sum(bool(line.strip()) for line in run)
