"""The rehearsal's questions and answers: plain questions, answers that stand in their principle."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.align.small_build import small_build
from tribonian.align.rehearsal.conversations import LONGEST, MOST, conversations
from tribonian.align.rehearsal.documents import Section, faults_of, sections_of


def asked(label: str, content: str) -> list[tuple[str, str]]:
    return [(each.question, each.answer) for each in conversations([Section(label, content, ())])]


@pytest.mark.parametrize(
    ("label", "content", "questions"),
    [
        (  # one paragraph without a number
            "§ 1.1 Keys",
            "A keeper must hold two keys.",
            ["What does § 1.1 Keys require?"],
        ),
        (  # what it does is in the question
            "§ 1.2 Dogs",
            "A dog may not enter.",
            ["What does § 1.2 Dogs forbid?"],
        ),
        (
            "§ 1.3 Cats",
            "A cat may enter at night.",
            ["What does § 1.3 Cats allow?"],
        ),
        (  # headings of paragraphs
            "§ 1.4 Doors",
            (
                "(a) Width. Every main door of a public building must be at least 90 cm wide.\n\n"
                "(b) Fire doors—(1) Springs. A fire door must close by itself.\n\n"
                "(c) FDA doors. A door of the agency must be blue."
            ),
            [
                "What does § 1.4 Doors require?",
                "What does § 1.4(b) say about fire doors?",
                "What does § 1.4(c) say about FDA doors?",
            ],
        ),
        (  # definitions
            "§ 1.5 Definitions",
            (
                "As used in this part:\n\nDoor means a thing that closes an opening in a wall, and "
                "opens it.\n\nKey means what opens a door.\n\nGate includes a turnstile."
            ),
            [
                "What does § 1.5 Definitions say?",
                "What does § 1.5 say about “Key”?",
                "What does § 1.5 say about “Gate”?",
            ],
        ),
        (  # a piece, with lists below: (i) after (a) is below, (i) after (h) is not
            "§ 1.6(f)–(i) Locks [Doors]",
            (
                "(f) Each lock must be tested before it is used in any public building, and—\n\n"
                "(i) Once a year; and\n\n(ii) After a fire.\n\n(g) No lock may rust.\n\n"
                "(h) A lock may be blue.\n\n(i) A lock must be oiled."
            ),
            [
                "What does § 1.6(f)–(i) Locks require?",
                "What does § 1.6(g) say?",
                "What does § 1.6(i) require?",
            ],
        ),
        (  # a piece within a paragraph
            "§ 1.7(b)(3)–(4) Bolts",
            (
                "(3) Each bolt must be drawn back by hand alone, whatever it was once made for.\n\n"
                "(4) A bolt may be long."
            ),
            [
                "What does § 1.7(b)(3)–(4) Bolts require?",
                "What does paragraph (4) of § 1.7(b)(3)–(4) allow?",
            ],
        ),
        (  # what is no section of the CFR
            "Article 5 Principles relating to processing",
            (
                "1. Personal data shall be processed lawfully, and in a transparent manner.\n\n"
                "2. The controller shall be responsible."
            ),
            ["What does Article 5 Principles relating to processing require?"],
        ),
        (
            "Cleaning of doors",
            "Doors are cleaned on Mondays.",
            ["What does Cleaning of doors say?"],
        ),
    ],
)
def test_questions_read_like_plain_english(label: str, content: str, questions: list[str]) -> None:
    assert [question for question, _ in asked(label, content)] == questions


def test_what_only_leads_in_is_no_answer_alone() -> None:
    ((_, answer), *_) = asked(
        "§ 1.5 Definitions", "As used in this part:\n\nDoor means a thing.\n\nKey means another."
    )
    assert answer == "As used in this part:\n\nDoor means a thing.\n\nKey means another."


def test_a_long_paragraph_is_cut_between_sentences() -> None:
    sentence = "Each keeper must look after the doors of § 1.2, as provided in 21 U.S.C. 321. "
    ((_, answer),) = asked("§ 1.1 Keepers", sentence * 40)
    assert len(answer) <= LONGEST
    assert answer.endswith("21 U.S.C. 321.")


def test_a_table_is_cut_between_rows() -> None:
    table = "\n".join(["| door | cm |", "| --- | --- |", *(f"| d{n} | {n} |" for n in range(300))])
    ((_, answer), *_) = asked("Table 1", table)
    assert all(line.startswith("|") and line.endswith("|") for line in answer.splitlines())
    assert len(answer) <= LONGEST


def test_the_same_label_twice_is_told_apart_by_its_place_or_passed_over() -> None:
    found = list(
        conversations([
            Section("Scope", "This applies to doors.", ("Part 1",)),
            Section("Scope", "This applies to keys.", ("Part 2",)),
            Section("Scope", "This applies to locks.", ("Part 2",)),
        ])
    )  # fmt: skip
    assert [each.question for each in found] == [
        "What does Scope say?", "What does Scope say, in Part 2?",
    ]  # fmt: skip


def test_containers_are_passed_over_and_both_forms_say_the_same(tmp_path: Any) -> None:
    build = small_build(tmp_path)
    tree = (build / "principles.json").read_bytes()
    twin = (build / "principles.md").read_bytes()
    assert faults_of(tree, "json") == faults_of(twin, "md") == []
    sections = sections_of(tree, "json")
    assert sections == sections_of(twin, "md")
    assert not [each for each in sections if each.label.startswith(("PART", "CHAPTER"))]
    made = list(conversations(sections))
    assert {each.section.label for each in made} == {each.label for each in sections}
    assert len({each.question for each in made}) == len(made)


WORDS = st.lists(
    st.sampled_from([
        "(a)", "(b)", "(i)", "(1)", "(a-1)", "1.", "§ 1.2", "must", "may", "means", "“Door”",
        "Door", "Keys.", "closes.", "|", "\n\n", "\n", "—", ":", "É", "et seq.", "#", "-",
    ]),
    min_size=1, max_size=60,
).map(" ".join).map(lambda text: re.sub(r"\n\s*\n\s*", "\n\n", text).strip())  # fmt: skip


@given(st.lists(st.tuples(WORDS.filter(bool), WORDS.filter(bool)), min_size=1, max_size=6))
def test_every_answer_stands_in_its_principle_word_by_word(rows: list[tuple[str, str]]) -> None:
    sections = [Section(" ".join(label.split()), content, ("Part 1",)) for label, content in rows]
    made = list(conversations(sections))
    for each in made:
        assert each.answer.strip()
        assert each.answer in each.section.content
        assert each.question.startswith("What does ")
        assert each.question.endswith("?")
    assert len({each.question for each in made}) == len(made)
    assert len(made) <= MOST * len(sections)
    assert made == list(conversations(sections))


@given(st.binary(max_size=200), st.sampled_from(["json", "md", "pdf"]))
def test_no_upload_makes_it_stumble(data: bytes, suffix: str) -> None:
    if not faults_of(data, suffix):
        sections_of(data, suffix)


@given(st.recursive(st.none() | st.text(max_size=5), lambda each: st.lists(each) | st.dictionaries(
    st.sampled_from(["label", "content", "children", "level"]), each)))  # fmt: skip
def test_no_tree_makes_it_stumble(tree: Any) -> None:
    data = json.dumps(tree).encode()
    if not faults_of(data, "json"):
        sections_of(data, "json")
