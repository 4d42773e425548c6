"""What an answer has that its principle has not."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.align.small_law import FOG, KEEPING, LAW, PENALTY, REPORTING, TUNING, principle
from tribonian.align.built import BuiltPrinciple
from tribonian.align.tracing.grounding import MODAL, NUMBER, TERM, Grounding
from tribonian.align.tracing.tracer import Tracer

GROUNDING = Grounding(Tracer(LAW))


def flags(answer: str, source: BuiltPrinciple, question: str = "What is the rule?") -> set[str]:
    return set(GROUNDING.flags(question, answer, source))


@pytest.mark.parametrize("each", LAW, ids=lambda each: each.citation)
def test_the_words_of_the_principle_are_grounded(each: BuiltPrinciple) -> None:
    assert flags(each.content, each) == set()


@pytest.mark.parametrize(
    ("answer", "source"),
    [
        ("Every ringing has to be logged, and the log is kept for three years or longer.", KEEPING),
        ("1. Keep a log.\n2. Keep it for at least three (3) years.", KEEPING),
        ("The log can be on paper or electronic.", KEEPING),
        ("Under 99 CFR 900.4(a), the harbor master must keep a log of each ringing.", KEEPING),
        ("Two requirements apply: a log must be kept, and it must not be altered once signed.",
         KEEPING),
        ("Cracks of more than 2½ inches must be reported within fifteen business days.", REPORTING),
        ("The harbor master should take a photograph of the crack.", REPORTING),
        ("A clapper must weigh at least four per cent of the bell.", TUNING),
        ("Drilling the rim is not permitted, but it may be filed.", TUNING),
        ("The bell rings for 5 seconds every minute.", FOG),
        ("The fine is no more than 1,000 dollars for the first offense.", PENALTY),
    ],
)  # fmt: skip
def test_the_same_rule_in_other_words_has_no_flag(answer: str, source: BuiltPrinciple) -> None:
    assert flags(answer, source) == set()


@pytest.mark.parametrize(
    ("answer", "source"),
    [
        ("The log must be kept for at least 5 years.", KEEPING),
        ("The log must be kept for at least 3 months.", KEEPING),
        ("The log must be kept for 36 months.", KEEPING),
        ("A crack longer than 3.5 inches must be reported within 15 working days.", REPORTING),
        ("The inspector must be notified within 15 calendar days.", REPORTING),
        ("The clapper must weigh no less than 40 percent of the bell.", TUNING),
        ("The bell is rung for five minutes.", FOG),
        ("The fine is up to $10,000.", PENALTY),
        ("Logs have been required since May 3, 1999.", KEEPING),
        ("As § 905.12 says, a log must be kept for at least 3 years.", KEEPING),
        ("Send the log to 202-555-0199.", KEEPING),
    ],
)
def test_a_number_that_the_principle_has_not_is_flagged(
    answer: str, source: BuiltPrinciple
) -> None:
    assert NUMBER in flags(answer, source)


@pytest.mark.parametrize(
    ("answer", "source"),
    [
        ("Each harbor master may keep a log of every ringing for at least 3 years.", KEEPING),
        ("Each harbor master should keep a log of every ringing for at least 3 years.", KEEPING),
        ("A harbor master need not keep a log of every ringing.", KEEPING),
        ("The log must be kept on paper or electronically.", KEEPING),
        ("A log may be altered after the harbor master has signed it.", KEEPING),
        ("The harbor master must photograph the crack.", REPORTING),
        ("The tuner must file the rim.", TUNING),
        ("The tuner may drill the rim.", TUNING),
        ("The tuner may not file the rim.", TUNING),
    ],
)
def test_another_modal_is_flagged(answer: str, source: BuiltPrinciple) -> None:
    assert MODAL in flags(answer, source)


@pytest.mark.parametrize(
    ("answer", "source"),
    [
        ("The log shall be sent to the Coast Guard of Atlantis.", KEEPING),
        ("It is called a “tintinnabular register”.", KEEPING),
        (
            "A log must be kept. Sodium chloride tolerances in feed govern poultry slaughter.",
            KEEPING,
        ),
    ],
)
def test_terms_that_the_principle_has_not_are_flagged(answer: str, source: BuiltPrinciple) -> None:
    assert TERM in flags(answer, source)


def test_what_the_question_says_needs_no_ground() -> None:
    question = "Must a log of 7 pages be kept by the Harbor of Tarsis for at least 3 years?"
    answer = "Yes, the Harbor of Tarsis must keep the 7 pages for at least 3 years."
    assert flags(answer, KEEPING, question) == set()


def test_the_labels_above_a_principle_ground_an_answer() -> None:
    assert flags("Part 900 of title 99 says that a log must be kept.", KEEPING) == set()


def test_a_number_of_another_piece_of_the_section_is_grounded_with_its_unit() -> None:
    first = principle("900.8(a)", "Ropes", "(a) A rope must be made of hemp.")
    second = principle("900.8(b)", "Ropes", "(b) A rope must be 12 feet long.")
    grounding = Grounding(Tracer((*LAW, first, second)))
    answer = "A rope must be made of hemp and 12 feet long."
    assert NUMBER not in grounding.flags("What of ropes?", answer, first)
    assert NUMBER in grounding.flags("What of ropes?", answer.replace("feet", "inches"), first)


def test_a_number_in_the_place_of_another_is_flagged_though_the_principle_has_it_elsewhere() -> (
    None
):
    source = principle(
        "900.8", "Ropes", "A rope of hemp must be 12 feet long. A rope of wire must be 9 feet long."
    )
    grounding = Grounding(Tracer((*LAW, source)))
    assert NUMBER in grounding.flags("What?", "A rope of hemp must be 9 feet long.", source)
    assert grounding.flags("What?", "A rope of wire must be 9 feet long.", source) == ()


def test_a_list_has_the_modal_of_its_opening_line() -> None:
    source = principle("900.8", "Marks", "A bell shall bear:\n\n(1) A name.\n\n(2) A year.")
    grounding = Grounding(Tracer((*LAW, source)))
    assert grounding.flags("What?", "A bell must bear a name and a year.", source) == ()
    assert MODAL in grounding.flags("What?", "A bell may bear a name.", source)


def test_findings_say_which_words_they_are_for() -> None:
    found = GROUNDING.ungrounded("What?", "The log must be kept for at least 5 years.", KEEPING)
    assert [(each.flag, each.text) for each in found] == [(NUMBER, "5 years")]


def test_a_long_answer_is_looked_at_in_time() -> None:
    start = time.process_time()
    GROUNDING.flags("What?", "The log must be kept for 3 years. " * 10_000, KEEPING)
    assert time.process_time() - start < 30


@settings(max_examples=100, deadline=None)
@given(st.text(), st.text())
def test_no_text_is_an_error(question: str, answer: str) -> None:
    GROUNDING.ungrounded(question, answer, KEEPING)


@settings(max_examples=100, deadline=None)
@given(st.integers(min_value=0, max_value=10**6), st.integers(min_value=0, max_value=10**6))
def test_only_the_number_of_the_principle_is_grounded(theirs: int, ours: int) -> None:
    source = principle("900.8", "Ropes", f"A rope must be {theirs:,} feet long.")
    grounding = Grounding(Tracer((source,)))
    flagged = grounding.flags("How long?", f"A rope has to be {ours} feet long.", source)
    assert (NUMBER in flagged) == (ours != theirs)


@pytest.mark.parametrize(
    ("answer", "source", "turned"),
    [
        ("The log must be kept for at most three years.", KEEPING, True),
        ("The log must be kept for no less than three years.", KEEPING, False),
        ("A crack of less than 2.5 inches must be reported within 15 working days.",
         REPORTING, True),
    ],
)  # fmt: skip
def test_a_limit_that_points_the_other_way_is_not_grounded(
    answer: str, source: BuiltPrinciple, turned: bool
) -> None:
    assert (NUMBER in flags(answer, source)) is turned
