"""Pairs traced to their principles."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.align.small_law import FOG, KEEPING, LAW, PENALTY, REPORTING, SEVERABLE, principle, twins
from tribonian.align.built import BuiltPrinciple
from tribonian.align.tracing.tracer import Trace, Tracer
from tribonian.consolidate.sentences import split_sentences


def traced(question: str, answer: str, law: tuple[BuiltPrinciple, ...] = LAW) -> Trace:
    return Tracer(law).trace(question, answer)


@pytest.mark.parametrize("each", LAW, ids=lambda each: each.citation)
def test_a_verbatim_answer_is_traced_to_its_principle(each: BuiltPrinciple) -> None:
    trace = traced("What does the rule say?", each.content)
    assert trace.principle is each
    assert trace.match > 0.8
    assert trace.flags == ()


@pytest.mark.parametrize(
    ("question", "answer", "wanted"),
    [
        (
            "How long does a harbor master retain the ringing log?",
            "The log has to be preserved for three years or more.",
            KEEPING,
        ),
        (
            "Who has to be told about a cracked bell?",
            "Cracks over 2.5 inches are to be reported in writing to the Bell Inspector.",
            REPORTING,
        ),
        (
            "What happens in fog?",
            "Every minute the bell is rung for 5 seconds; ships at anchor reply with two strokes.",
            FOG,
        ),
        (
            "What does it cost to ring a bell needlessly?",
            "A first offense can be fined with as much as 1,000 dollars.",
            PENALTY,
        ),
    ],
)
def test_an_answer_in_other_words_is_traced(
    question: str, answer: str, wanted: BuiltPrinciple
) -> None:
    assert traced(question, answer).principle is wanted


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Who painted the ceiling?", "Michelangelo painted it lying on his back."),
        ("What is the capital of France?", "Paris."),
        ("", ""),
        ("?", "!"),
        ("What must be done?", "It must be done."),
        ("\x00\x01", "\ud800 \x1b[31m"),
    ],
)
def test_what_no_principle_says_stays_untraced(question: str, answer: str) -> None:
    trace = traced(question, answer)
    assert trace.principle is None
    assert trace.flags == ("untraced",)


def test_without_principles_everything_is_untraced() -> None:
    trace = Tracer(()).trace("What of bells?", "Bells are rung.")
    assert trace == Trace(None, 0.0, 0.0, ("untraced",))


def test_a_principle_of_nothing_is_no_error() -> None:
    empty = principle("900.1", "", "")
    assert traced("What of bells?", "Bells are rung.", (empty,)).principle is None


def test_one_principle_alone_takes_no_pair_that_is_not_its_own() -> None:
    trace = traced("Who may fish here?", "Anglers need a permit of the trout board.", (KEEPING,))
    assert trace.principle is None


def test_words_that_stand_in_many_principles_are_ambiguous() -> None:
    law = (*LAW, *twins(5))
    trace = traced("What if a provision is invalid?", SEVERABLE, law)
    assert "ambiguous" in trace.flags
    assert trace.principle is None
    assert trace.match < 0.6


def test_of_two_principles_with_the_same_words_the_first_is_taken() -> None:
    law = (*LAW, *twins(2))
    trace = traced("What if a provision is invalid?", SEVERABLE, law)
    assert trace.flags == ("ambiguous",)
    assert trace.principle is not None
    assert trace.principle.citation == "99 CFR 901.99"


def test_a_citation_decides_between_the_same_words() -> None:
    law = (*LAW, *twins(5))
    trace = traced("What does § 903.99 say of invalid provisions?", SEVERABLE, law)
    assert trace.principle is not None
    assert trace.principle.citation == "99 CFR 903.99"


def test_a_citation_is_nothing_by_itself() -> None:
    trace = traced("What does 99 CFR 900.4 say?", "Anglers need a permit of the trout board.")
    assert trace.principle is None


def test_a_citation_of_another_title_names_nothing() -> None:
    first = principle("900.4", "Herring", SEVERABLE, title=7)
    second = principle("900.4", "Herring", SEVERABLE, title=8)
    trace = traced("What does 8 CFR 900.4 say of provisions?", SEVERABLE, (*LAW, first, second))
    assert trace.principle is second


def test_a_piece_of_a_section_is_told_from_its_neighbours() -> None:
    lead = "[Each bell shall bear: — (b) the following marks:]\n\n"
    first = principle("900.8(b)(1)", "Marks", lead + "(1) The name of its founder and its year.")
    second = principle("900.8(b)(2)", "Marks", lead + "(2) Its weight and the tone that it gives.")
    law = (*LAW, first, second)
    answer = "A bell has to bear its weight and tone."
    assert traced("Which marks shall a bell bear?", answer, law).principle is second
    named = traced("What does § 900.8(b)(1) say of marks on bells?", "Each bell shall bear.", law)
    assert named.principle in (first, None)


@pytest.mark.parametrize("named", ["900.4(c)", "900.4(b)(2)", "900.4(d)"])
def test_a_citation_names_the_piece_that_it_lies_in(named: str) -> None:
    first = principle("900.4(a)", "Herring", SEVERABLE)
    second = replace(
        principle("900.4(b)", "Herring", SEVERABLE), label="§ 900.4(b)–(d) Herring", path=(1,)
    )
    third = principle("900.4(e)", "Herring", SEVERABLE)
    law = (*LAW, first, second, third, *twins(5))
    assert traced(f"What does § {named} say of provisions?", SEVERABLE, law).principle is second


def test_a_citation_of_a_paragraph_names_a_section_that_is_whole() -> None:
    whole = principle("900.4", "Herring", SEVERABLE)
    trace = traced("What does § 900.4(b) say?", SEVERABLE, (*LAW, *twins(5), whole))
    assert trace.principle is whole


@pytest.mark.parametrize(
    "label",
    [
        "§ 900.8 Marks",
        "§ 900.8 Marks [Fishing Bells]",
        "§ 900.8 Marks [Fishing Bells] (2)",
        "§ 900.8 Marks (3 of 4)",
        "§ 900.8 Marks (continued)",
    ],
)
def test_a_label_in_the_question_decides_between_the_same_words(label: str) -> None:
    labels = [
        "§ 900.8 Marks (2 of 4)",
        "§ 900.8 Marks [Fishing Bells]",
        "§ 900.8 Marks (3 of 4)",
        "§ 900.8 Marks",
        "§ 900.8 Marks [Fishing Bells] (2)",
        "§ 900.8 Marks (continued)",
    ]
    variants = [replace(principle("900.8", "Marks", SEVERABLE), label=each) for each in labels]
    trace = traced(f"What does {label} say?", SEVERABLE, (*LAW, *variants))
    assert trace.principle is not None
    assert trace.principle.label == label


def test_a_label_in_the_question_is_nothing_by_itself() -> None:
    answer = "Anglers need a permit of the trout board."
    assert traced(f"What does {KEEPING.label} say?", answer).principle is None


def test_a_heading_without_a_number_is_no_name() -> None:
    scope = replace(principle("900.1", "", "This is of herring."), label="Scope", citation=None)
    trace = traced("What of the scope of severability?", SEVERABLE, (*LAW, scope, *twins(1)))
    assert trace.principle is not None
    assert trace.principle.content == SEVERABLE


def test_the_words_with_which_one_asks_are_not_what_is_asked_about() -> None:
    asking = principle("900.2", "Rule and requirement", SEVERABLE)
    other = principle("900.3", "Herring", SEVERABLE)
    law = (*LAW, asking, other)
    assert "ambiguous" in traced("What does this rule require?", SEVERABLE, law).flags
    assert traced("What does the rule require of herring?", SEVERABLE, law).principle is other


def test_an_answer_of_common_words_alone_is_found() -> None:
    draw = random.Random(3)
    words = [f"{a}{b}n" for a in ("bal", "der", "fis", "gom", "kul", "tam") for b in "aeiou"]
    law = [
        principle(f"{n}.1", "Bells", " ".join(draw.sample(words, k=7)) + ".") for n in range(5000)
    ]
    wanted = law[1234]
    assert traced("What is the rule?", wanted.content, tuple(law)).principle is wanted


def test_an_answer_of_two_principles_is_less_surely_of_one() -> None:
    one = traced("What of fog?", FOG.content)
    two = traced("What of fog?", f"{FOG.content} {PENALTY.content}")
    assert two.match < one.match


def test_law_goes_before_the_summary_above_it() -> None:
    summary = principle(
        "900", "Harbor bells", "Harbor bells: § 900.4 Records of ringing; § 900.5 Reports of "
        "cracked bells; § 900.6 Tuning; § 900.7 Fog signals.", leaf=False,
    )  # fmt: skip
    trace = traced("What of fog signals?", FOG.content, (summary, *LAW))
    assert trace.principle is FOG


def test_traces_come_in_the_order_of_the_pairs_and_tell_how_far_they_are() -> None:
    told: list[int] = []
    pairs = [("What is it?", each.content) for each in LAW]
    found = list(Tracer(LAW).trace_all(iter(pairs), told.append))
    assert [trace.principle for trace in found] == list(LAW)
    assert told == [1, 2, 3, 4, 5]


def test_a_pair_of_a_megabyte_is_traced_all_the_same() -> None:
    trace = traced("What of the log?", KEEPING.content * 6000)
    assert trace.principle is KEEPING


def test_a_pair_says_the_same_whatever_was_traced_before_it() -> None:
    pairs = [(f"What of {each.label}?", each.content[:60]) for each in LAW] * 2
    one = Tracer(LAW)
    first = [one.trace(*pair) for pair in pairs]
    again = [one.trace(*pair) for pair in reversed(pairs)]
    assert first == again[::-1]


def test_the_order_of_the_principles_changes_nothing() -> None:
    law = [*LAW, *twins(3)]
    pairs = [(f"What of {each.label}?", each.content[:60]) for each in LAW]
    first = [Tracer(law).trace(*pair) for pair in pairs]
    random.Random(5).shuffle(law)
    assert [Tracer(law).trace(*pair) for pair in pairs] == first


WORDS = st.lists(
    st.sampled_from(
        ["anchor", "brass", "chart", "dawn", "ebb", "gale", "hull", "island", "jetty", "keel"]
    ),
    min_size=6,
    max_size=20,
)


@settings(max_examples=60, deadline=None)
@given(st.lists(WORDS.map(" ".join), min_size=2, max_size=8, unique=True), st.data())
def test_a_sentence_that_only_one_principle_has_is_traced_to_it(
    texts: list[str], data: st.DataObject
) -> None:
    law = [
        principle(f"900.{n}", f"Topic{n}word", f"The rule{n}a is that {text} rule{n}b.")
        for n, text in enumerate(texts)
    ]
    each = data.draw(st.sampled_from(law))
    trace = Tracer(law).trace("What is the rule?", split_sentences(each.content)[0])
    assert trace.best is each
    assert trace.principle in (each, None)
    assert 0 <= trace.runner_up <= 1


@settings(max_examples=100, deadline=None)
@given(st.text(), st.text())
def test_a_match_is_from_nought_to_one_whatever_the_pair(question: str, answer: str) -> None:
    trace = TRACER.trace(question, answer)
    assert 0 <= trace.match <= 1
    assert 0 <= trace.runner_up <= 1
    assert (trace.principle is None) == ("untraced" in trace.flags)


TRACER = Tracer(LAW)
