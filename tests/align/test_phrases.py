"""An answer that is none: refusals, talk of sources, nothing, the question again."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tribonian.align.pairs.phrases import BOILERPLATE, REFUSALS, said_badly


@pytest.mark.parametrize(
    ("flag", "pattern", "example"),
    [("refusal", *row) for row in REFUSALS] + [("boilerplate", *row) for row in BOILERPLATE],
    ids=[example for _, example in (*REFUSALS, *BOILERPLATE)],
)
def test_every_phrase_is_known_by_its_example(flag: str, pattern: str, example: str) -> None:
    assert re.search(pattern, example, re.IGNORECASE)
    assert flag in said_badly("What of it?", example)
    assert flag in said_badly("What of it?", example.replace("'", "’").upper())


# what law says itself is no refusal and no boilerplate
@pytest.mark.parametrize(
    "answer",
    [
        "The Board cannot waive the test of § 110.10.",
        "The maker must show that the document states the date.",
        "The certificate must say: I, the maker, have tested this lantern.",
        "The information provided by the maker is kept as described above.",
        "A person who is unable to comply must inform the Board.",
        "The label is not required where no information is lost.",
        "Changes in the source material must be reported.",
        "A lantern does not contain lead.",
        "Contact a representative of the Board before the test.",
        "The Board decides based on the information provided in the application.",
        "The maker is bound by the information provided.",
        "A maker tests as stated in the document provided to the Board under § 110.10.",
        "The text given in Appendix A must stand on the label.",
        "Copies may be found in the documents given to the Board.",
        "Based on the information provided, the Board shall decide.",
    ],
)
def test_law_is_not_taken_for_a_phrase_of_a_model(answer: str) -> None:
    assert not {"refusal", "boilerplate"} & set(said_badly("What applies?", answer))


@pytest.mark.parametrize(
    "answer",
    [
        "As stated in the document provided, lanterns burn.",
        "The information can be found in the section above.",
        "It is the Board, as described in the text given.",
        "According to the passage above, it is the Board.",
        "The requirements may be found in the document provided above: see § 1.",
    ],
)
def test_a_source_that_was_handed_over_is_talk_of_a_model(answer: str) -> None:
    assert "boilerplate" in said_badly("What applies?", answer)


@pytest.mark.parametrize(
    ("question", "answer", "short"),
    [
        ("How long are records kept?", "15 days.", False),  # a number tells how long
        ("How many copies are sent?", "None.", False),
        ("When must it be sent?", "Annually.", False),
        ("Who grants a waiver?", "The Board.", False),
        ("What must the label state?", "The maker.", False),
        ("Must a label be green?", "Yes.", False),  # yes tells whether
        ("Under part 110, must a label be green?", "No.", False),
        ("A lantern has no label. May it be sold?", "No.", False),
        ("Is the test A or B?", "B.", False),
        ("Why must a label be green?", "Yes.", True),
        ("Why is the label green?", "Safety.", True),  # one word explains nothing
        ("How must records be kept?", "Properly.", True),
        ("Explain the rule on labels.", "Labels.", True),
        ("What must the label state?", "Yes.", True),
        ("What must the label state?", "See § 110.20.", True),
        ("What must the label state?", "It depends.", True),
        ("What must the label state?", "N/A", True),
        ("What must the label state?", "…", True),
        ("Must a label be green?", "It is.", True),
    ],
)
def test_an_answer_is_too_short_where_it_tells_nothing(
    question: str, answer: str, short: bool
) -> None:
    assert ("too-short" in said_badly(question, answer)) is short


@pytest.mark.parametrize(
    ("question", "answer", "echo"),
    [
        ("What must the label of a lantern state?", "The lantern must state a label.", True),
        ("What applies to the globe of a lantern?", "The globe of the lantern applies.", True),
        ("What must the label state?", "The label must state the maker's name.", False),
        ("What must the label state?", "The label must not be stated.", False),  # it denies
        ("How long, if 5 days are too short?", "5 days.", True),
        ("How long, if 5 days are too short?", "6 days.", False),
        ("Must the label be green?", "The label must be green.", False),  # that is: yes
        ("Is the flame or the battery lantern exempt?", "The battery lantern.", False),  # a choice
    ],
)
def test_an_answer_is_an_echo_where_it_tells_what_the_question_told(
    question: str, answer: str, echo: bool
) -> None:
    assert ("echo" in said_badly(question, answer)) is echo


@given(st.text(max_size=60), st.text(max_size=60))
def test_whatever_is_said_the_flags_are_known_ones(question: str, answer: str) -> None:
    assert set(said_badly(question, answer)) <= {"refusal", "boilerplate", "too-short", "echo"}
