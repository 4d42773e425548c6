"""Pairs that stand there twice, nearly twice, or against each other."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.align.small_law import principle
from tests.align.small_pairs import a_pair
from tribonian.align.pairs.repeats import differ_in_law, repeats
from tribonian.schemas.pair import Message, Pair, pair_id


def flags_of(*texts: tuple[str, str]) -> list[list[str]]:
    return repeats([
        Pair(pair_id(q, a), (Message("user", q), Message("assistant", a)), q, a, None, None, 0.0)
        for q, a in texts
    ])  # fmt: skip


Q = "How long are the records of a lantern kept?"
KEPT = "Records of each lantern must be kept for 2 years at the place of manufacture."


@pytest.mark.parametrize(
    "other",
    [
        (Q, KEPT),
        (Q.upper(), KEPT.upper()),
        ("How long are the records of a lantern kept", KEPT.replace(" ", "\n").rstrip(".")),
        (f"  {Q}", KEPT.replace("2 years", "2\u00a0years")),
    ],
)
def test_what_differs_in_print_alone_is_a_duplicate_of_the_first(other: tuple[str, str]) -> None:
    assert flags_of((Q, KEPT), other) == [[], ["duplicate"]]


# the second is nearly the first
NEAR = [
    (Q, "The records of each lantern must be kept for 2 years at the place of manufacture."),
    (Q, "Records of each lantern shall be retained for two years at the place of manufacture."),
    (Q, "For 2 years, records of each lantern must be kept at the place of manufacture."),
    ("For how long are records of a lantern kept?", KEPT),
]


@pytest.mark.parametrize("other", NEAR)
def test_what_says_the_same_in_nearly_the_same_words_is_a_near_duplicate(
    other: tuple[str, str],
) -> None:
    assert flags_of((Q, KEPT), other) == [[], ["near-duplicate"]]


# the second differs in law, however little in words
OTHER_LAW = {
    "a number": KEPT.replace("2", "3"),
    "a unit": KEPT.replace("years", "months"),
    "a modal": KEPT.replace("must", "may"),
    "advice": KEPT.replace("must", "should"),
    "a negation": KEPT.replace("must be", "must not be"),
    "an exception": KEPT.replace(".", ", except by the Board."),
    "an amount": KEPT.replace("2 years", "2 years for $5"),
    "a spelled number": KEPT.replace("2", "three"),
    "a term": KEPT.replace("lantern", "battery"),
    "a citation": KEPT.replace(".", " under § 120.5."),
}


@pytest.mark.parametrize("answer", OTHER_LAW.values(), ids=OTHER_LAW)
def test_what_differs_in_law_is_no_near_duplicate(answer: str) -> None:
    for flags in flags_of((Q, KEPT), (Q, answer)):
        assert "near-duplicate" not in flags


def test_who_notifies_whom_is_no_matter_of_order() -> None:
    one = ("Who tells whom?", "The operator of the lantern must notify the Board of the change.")
    two = ("Who tells whom?", "The Board must notify the operator of the lantern of the change.")
    assert flags_of(one, two) == [[], []]


def test_a_flame_lantern_is_no_battery_lantern() -> None:
    texts = [
        (f"What must a {kind} lantern have?", f"A {kind} lantern must have a globe of clear glass.")
        for kind in ("flame", "battery", "candle")
    ]
    assert flags_of(*texts) == [[], [], []]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Records are kept for 2 years.", "Records are kept for 3 years."),
        ("Within 15 days.", "Within 30 days."),
        ("The maker must test it.", "The maker may test it."),
        ("The maker must test it.", "The maker must not test it."),
        ("A permit is required.", "A permit is not required."),
        ("Yes.", "No."),
        ("Yes, it may be sold.", "No, it may not be sold."),
        ("The fee is $5.", "The fee is $50."),
        ("15 days for flame lanterns and 30 for others.",
         "30 days for flame lanterns and 15 for others."),
    ],
)  # fmt: skip
def test_one_question_with_two_answers_in_law_is_a_contradiction_of_both(
    one: str, other: str
) -> None:
    assert flags_of((Q, one), (Q, other)) == [["contradiction"], ["contradiction"]]
    assert flags_of((Q, one), ("What else?", other)) == [[], []]


@pytest.mark.parametrize(
    "other",
    [
        "It is the maker who must keep them for two (2) years.",  # in other words
        "Records are to be retained for 2 years.",  # no duty is named
        # more of it, which the first leaves open
        "The maker must keep them for 2 years; the Board may inspect them at any time by mail.",
        # of something else
        "No form is needed: a letter by mail with the signature of an officer suffices.",
    ],
)
def test_answers_in_other_words_or_of_other_things_are_no_contradiction(other: str) -> None:
    assert flags_of((Q, "The maker must keep them for 2 years."), (Q, other)) == [[], []]


LAW = (
    "(a) The maker must keep records of every lantern for 3 years.\n"
    "(b) The maker may keep the records on paper, if the Board agrees within 30 days."
)


@pytest.mark.parametrize(
    ("answers", "contradict"),
    [
        (("(a) The maker must keep records of every lantern for 3 years.",
          "The maker may keep the records on paper, if the Board agrees within 30 days."), False),
        (("The maker must keep records of every lantern for 3 years.",
          "The maker must keep records of every lantern for 5 years."), True),
        # a part of a sentence: what stands before it may deny it
        (("The maker must keep records of every lantern.",
          "The maker may keep the records of lanterns."), True),
        (("3 years.", "30 days."), True),  # of what, neither says
    ],
)  # fmt: skip
def test_two_paragraphs_of_one_section_that_answer_a_wide_question_are_no_contradiction(
    answers: tuple[str, str], contradict: bool
) -> None:
    law = principle("900.1", "Records", LAW)
    pairs = [a_pair("What of the records?", each, law) for each in answers]
    wanted = ["contradiction"] if contradict else []
    assert repeats(pairs) == [["contradiction"]] * 2  # the law is not known
    assert repeats(pairs, [law.content] * 2) == [wanted] * 2
    if contradict:
        return
    other = replace(pairs[1], principle_id="/us/cfr/t99/s1")
    assert repeats([pairs[0], other], [law.content] * 2) != [[], []]


def test_a_duplicate_of_a_contradicted_pair_is_contradicted_too() -> None:
    assert flags_of((Q, "For 2 years."), (Q, "For 3 years."), (Q, "for 2 years")) == [
        ["contradiction"], ["contradiction"], ["duplicate", "contradiction"],
    ]  # fmt: skip


def test_many_pairs_of_one_pattern_are_told_apart_and_found_again() -> None:
    names = ["amber", "birch", "cedar", "delta", "ember", "fjord", "gravel", "hazel", "indigo",
             "jasper", "kelp", "larch", "maple", "nickel", "onyx", "pewter"]  # fmt: skip
    texts = [
        (f"What is said of the {a} {b}?", f"The {a} {b} must be painted with a {b} varnish.")
        for a in names for b in names if a != b
    ]  # fmt: skip
    again = [(q.replace("said of", "said about"), a.replace(" a ", " the ")) for q, a in texts]
    assert flags_of(*texts) == [[] for _ in texts]
    flags = flags_of(*texts, *again)
    assert flags[: len(texts)] == [[] for _ in texts]
    found = sum("near-duplicate" in each or "duplicate" in each for each in flags[len(texts) :])
    assert found == len(again)


@given(st.lists(st.tuples(st.text(max_size=30), st.text(max_size=30)), max_size=12))
def test_whatever_the_texts_every_pair_has_its_flags_and_the_first_is_no_repeat(
    texts: list[tuple[str, str]],
) -> None:
    flags = flags_of(*texts)
    assert len(flags) == len(texts)
    if flags:
        assert not {"duplicate", "near-duplicate"} & set(flags[0])
    doubled = flags_of(*texts, *texts)
    assert all("duplicate" in each for each in doubled[len(texts) :])


@pytest.mark.parametrize(
    ("one", "other", "differ"),
    [
        ("It expires after 30 days.", "It expires after 60 days.", True),
        ("It expires after 30 days.", "After 30 days it expires.", False),
        ("A maker may file it.", "A maker must not file it.", True),
        ("30 days.", "30  DAYS", False),
    ],
)
def test_two_answers_differ_in_law_or_do_not(one: str, other: str, differ: bool) -> None:
    assert differ_in_law(one, other) is differ is differ_in_law(other, one)
