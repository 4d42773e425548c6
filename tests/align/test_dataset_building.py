"""Pairs, decisions and the user's own rows become one training file, its card and its ledgers."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import orjson
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.align.small_build import small_build
from tests.align.small_law import principle
from tests.align.small_pairs import (
    RUN,
    SYSTEM,
    a_pair,
    aligned_build,
    decide,
    put_pairs,
    rows_of,
    two_a_principle,
)
from tribonian.align.built import built_principles
from tribonian.align.dataset.building import DatasetBuilt, build_dataset
from tribonian.align.dataset.checking import check_dataset
from tribonian.align.dataset.copies import note_contradictions
from tribonian.align.dataset.entries import Entry, Source, Texts, take_digests
from tribonian.align.dataset.joining import SET_ASIDE
from tribonian.align.dataset.notes import Notes
from tribonian.align.dataset.writing import Aside, Outputs
from tribonian.align.decisions import TWICE
from tribonian.align.pairs.rows import iterate_pairs
from tribonian.align.pairs.shapes import said
from tribonian.align.pairs.unit import unit_of
from tribonian.align.places import REHEARSAL_MARK, Places
from tribonian.errors import TribonianError, UsageError
from tribonian.schemas.pair import FLAGS, Message, Pair, pair_id

ROOT = Path(__file__).parents[2]


def rows(path: Path) -> list[list[dict[str, str]]]:
    """The conversations of a training file."""
    if path.suffix == ".jsonl":
        return [row["messages"] for row in rows_of(path)]
    return [row["messages"] for row in pq.read_table(path).to_pylist()]


def turns(*texts: str, system: str = SYSTEM) -> list[dict[str, str]]:
    roles = ("user", "assistant") * len(texts)
    out = [{"role": role, "content": text} for role, text in zip(roles, texts, strict=False)]
    return [{"role": "system", "content": system}, *out] if system else out


def codes(built: DatasetBuilt) -> list[str]:
    return sorted(note.code for note in built.notes)


def own(place: Path, *rows: dict[str, Any], name: str = "own.jsonl") -> Path:
    path = place / name
    path.write_bytes(b"".join(orjson.dumps(row) + b"\n" for row in rows))
    return path


def asks(question: str, answer: str) -> dict[str, str]:
    return {"question": question, "answer": answer}


@pytest.fixture
def build(tmp_path: Path) -> Path:
    return aligned_build(tmp_path)


def few(place: Path) -> tuple[Path, list[Pair]]:
    """A build with six pairs, of three principles."""
    folder = small_build(place)
    leaves = [each for each in built_principles(folder) if each.leaf]
    Places(folder).align.mkdir()
    pairs = two_a_principle(leaves)[:6]
    put_pairs(folder, pairs)
    return folder, pairs


# -- decisions ---------------------------------------------------------------------------------


def test_decisions_are_applied_and_what_nobody_decided_stays(tmp_path: Path) -> None:
    folder, pairs = few(tmp_path)
    decide(
        folder,
        {"pair": pairs[0].pair, "decision": "accept"},
        {"pair": pairs[1].pair, "decision": "edit", "answer": "A new answer, of 30 days."},
        {"pair": pairs[2].pair, "decision": "edit", "question": "New?", "answer": "New."},
        {"pair": pairs[3].pair, "decision": "reject", "reason": "vague"},
        {"pair": pairs[4].pair, "decision": "reject"},
        {"pair": pairs[4].pair, "decision": "undo"},
    )
    built = build_dataset([folder], tmp_path / "train.parquet")
    assert rows(tmp_path / "train.parquet") == [
        turns(pairs[0].question, pairs[0].answer),
        turns(pairs[1].question, "A new answer, of 30 days."),
        turns("New?", "New."),
        turns(pairs[4].question, pairs[4].answer),
        turns(pairs[5].question, pairs[5].answer),
    ]
    assert (built.training, built.left_out, built.bad_rows) == (5, {"rejected": 1}, 0)
    [left] = rows_of(tmp_path / "train.left-out.jsonl")
    assert left["pair"] == pairs[3].pair and left["detail"] == "Ann rejected it: vague"
    assert left["messages"][2]["content"] == pairs[3].answer
    origins = rows_of(tmp_path / "train.rows.jsonl")
    assert [row["decision"] for row in origins] == ["accept", "edit", "edit", None, None]
    assert [row["pair"] for row in origins] == [p.pair for n, p in enumerate(pairs) if n != 3]
    assert origins[0]["reviewers"] == ["Ann"] and origins[3]["reviewers"] == []


def test_required_review_takes_only_what_somebody_accepted(tmp_path: Path) -> None:
    folder, pairs = few(tmp_path)
    decide(
        folder,
        {"pair": pairs[0].pair, "decision": "accept"},
        {"pair": pairs[1].pair, "decision": "edit", "answer": "Edited."},
        {"pair": pairs[2].pair, "decision": "reject"},
    )
    built = build_dataset([folder], tmp_path / "train.parquet", require_review=True)
    assert built.training == 2
    assert built.left_out == {"rejected": 1, "not-reviewed": 3}


def test_reviewers_who_disagree_are_named_and_set_aside_where_review_is_required(
    tmp_path: Path,
) -> None:
    folder, pairs = few(tmp_path)
    decide(
        folder,
        {"pair": pairs[0].pair, "decision": "accept"},
        {"pair": pairs[0].pair, "decision": "edit", "answer": "Bob's.", "reviewer": "Bob"},
        {"pair": pairs[1].pair, "decision": "accept"},
        {"pair": pairs[1].pair, "decision": "reject", "reviewer": "Bob"},
        {"pair": pairs[2].pair, "decision": "accept"},
    )
    built = build_dataset([folder], tmp_path / "a.parquet")
    assert codes(built) == ["disagreement", "disagreement"]
    assert "Ann and Bob" in built.notes[0].message
    assert rows(tmp_path / "a.parquet")[0] == turns(pairs[0].question, "Bob's.")
    assert built.left_out == {"rejected": 1}
    built = build_dataset([folder], tmp_path / "b.parquet", require_review=True)
    assert codes(built) == ["disagreement", "disagreement"]
    assert built.left_out == {"rejected": 1, "not-reviewed": 3, "disagreement": 1}


def test_only_those_who_rejected_a_pair_are_named_and_whose_edit_holds(tmp_path: Path) -> None:
    folder, pairs = few(tmp_path)
    decide(
        folder,
        {"pair": pairs[0].pair, "decision": "accept", "reviewer": "A. Reader"},
        {"pair": pairs[0].pair, "decision": "reject", "reviewer": "B", "reason": "no"},
        {"pair": pairs[1].pair, "decision": "edit", "answer": "Ann's."},
        {"pair": pairs[1].pair, "decision": "edit", "answer": "Bob's.", "reviewer": "Bob"},
    )
    built = build_dataset([folder], tmp_path / "a.jsonl")
    [left] = rows_of(tmp_path / "a.left-out.jsonl")
    assert left["detail"] == "B rejected it: no"
    edited = next(note for note in built.notes if pairs[1].pair in note.message)
    assert edited.message.endswith("; the edit of Bob holds.")


def test_decisions_on_pairs_that_are_not_there_and_damaged_lines_are_named(tmp_path: Path) -> None:
    folder, pairs = few(tmp_path)
    decide(folder, {"pair": "feedfeedfeedfeed", "decision": "reject"})
    with Places(folder).decisions.open("ab") as file:
        file.write(b'{"pair": 7}\n' + b'{"pair": "' + pairs[0].pair.encode())
    built = build_dataset([folder], tmp_path / "train.parquet")
    assert codes(built) == ["bad-decision", "bad-decision", "decision-without-pair"]
    assert any("decisions.jsonl, line 1: feedfeed" in note.message for note in built.notes)
    assert built.training == 6


def talk_of(*texts: str) -> Pair:
    """A pair of several turns, as it is written: question and answer hold all turns of a role."""
    roles = ("user", "assistant") * len(texts)
    messages = tuple(Message(role, text) for role, text in zip(roles, texts, strict=False))
    question, answer = said(messages, "user"), said(messages, "assistant")
    return Pair(pair_id(question, answer), messages, question, answer, None, None, 0.0)


@pytest.mark.parametrize(
    ("edit", "wanted"),
    [
        ({"answer": "Hi\n\nThe rule says so."}, ("Hello", "Hi", "Why?", "The rule says so.")),
        ({"question": "Good day\n\nWhy?"}, ("Good day", "Hi", "Why?", "Because.")),
        (
            {"question": "Hello\n\nWhy then?", "answer": "Hi\n\nSo.\n\nAnd so."},
            ("Hello", "Hi", "Why then?", "So.\n\nAnd so."),
        ),
        # nobody can tell where a turn ends: the texts are the conversation, word for word
        ({"question": "Why?", "answer": "So."}, ("Why?", "So.")),
    ],
)
def test_an_edit_takes_the_place_of_its_own_turns_in_a_longer_conversation(
    tmp_path: Path, edit: dict[str, str], wanted: tuple[str, ...]
) -> None:
    folder, _ = few(tmp_path)
    pair = talk_of(" Hello", "Hi\n", "Why?", "Because.")
    put_pairs(folder, [pair])
    decide(folder, {"pair": pair.pair, "decision": "edit", **edit})
    build_dataset([folder], tmp_path / "train.jsonl")
    assert rows(tmp_path / "train.jsonl") == [turns(*wanted, system="")]


def test_one_pair_twice_in_the_file_has_one_decision_and_one_row(tmp_path: Path) -> None:
    folder, pairs = few(tmp_path)
    put_pairs(folder, [pairs[0], pairs[1], pairs[0]])
    decide(folder, {"pair": pairs[0].pair, "decision": "edit", "answer": "Other words."})
    built = build_dataset([folder], tmp_path / "a.jsonl", require_review=True)
    assert rows(tmp_path / "a.jsonl") == [turns(pairs[0].question, "Other words.")]
    assert built.left_out == {"not-reviewed": 1, "duplicate": 1}
    decide(folder, {"pair": pairs[0].pair, "decision": "reject"})
    built = build_dataset([folder], tmp_path / "a.jsonl")
    assert built.left_out == {"rejected": 2} and built.training == 1


def test_a_reject_of_another_reviewer_holds_until_that_one_takes_it_back(tmp_path: Path) -> None:
    folder, pairs = few(tmp_path)
    name = pairs[0].pair
    decide(
        folder,
        {"pair": name, "decision": "accept", "reviewer": "Ann"},
        {"pair": name, "decision": "reject", "reviewer": "Bob"},
        {"pair": name, "decision": "undo", "reviewer": "Ann"},
        {"pair": name, "decision": "accept", "reviewer": "Ann"},
        {"pair": pairs[1].pair, "decision": "accept"},
    )
    built = build_dataset([folder], tmp_path / "a.jsonl", require_review=True)
    assert built.training == 1 and built.left_out["rejected"] == 1
    decide(folder, {"pair": name, "decision": "undo", "reviewer": "Bob"})
    built = build_dataset([folder], tmp_path / "a.jsonl", require_review=True)
    assert built.training == 2 and "rejected" not in built.left_out


# -- flags -------------------------------------------------------------------------------------


@pytest.mark.parametrize("flag", sorted(set(FLAGS) - {"rehearsal"}))
def test_pairs_with_grave_flags_wait_for_a_person(tmp_path: Path, flag: str) -> None:
    folder, pairs = few(tmp_path)
    leaf = next(each for each in built_principles(folder) if each.leaf)
    flagged = a_pair("Flagged?", "So it is.", None if flag == "untraced" else leaf, (flag,))
    put_pairs(folder, [*pairs, flagged])
    wanted = {"flagged": 1} if flag in SET_ASIDE else {}
    assert build_dataset([folder], tmp_path / "a.parquet").left_out == wanted
    for keep in (flag, "all"):
        kept = build_dataset([folder], tmp_path / "a.parquet", keep_flagged=[keep])
        assert kept.left_out == {}
    decide(folder, {"pair": flagged.pair, "decision": "accept"})
    assert build_dataset([folder], tmp_path / "a.parquet").left_out == {}


def test_rehearsed_pairs_keep_their_mark_whatever_prompt_is_asked_for(tmp_path: Path) -> None:
    folder, pairs = few(tmp_path)
    leaf = next(each for each in built_principles(folder) if each.leaf)
    rehearsed = a_pair("Is it real?", "No.", leaf, ("rehearsal",), f"{REHEARSAL_MARK} Be brief.")
    unmarked = a_pair("Is this real?", "Not so.", leaf, ("rehearsal",), "")
    put_pairs(folder, [*pairs, rehearsed, unmarked])
    for prompt, wanted in (
        (None, [f"{REHEARSAL_MARK} Be brief.", REHEARSAL_MARK]),
        ("New.", [f"{REHEARSAL_MARK} New."] * 2),
        ("", [REHEARSAL_MARK] * 2),
    ):
        built = build_dataset([folder], tmp_path / "a.parquet", system_prompt=prompt)
        found = [row[0]["content"] for row in rows(tmp_path / "a.parquet") if "real" in str(row)]
        assert sorted(found) == sorted(wanted)
        assert built.rehearsed == 2 and "rehearsal" in built.counts
        card = (tmp_path / "a.md").read_text("utf-8").splitlines()
        assert card[2].startswith("**Rehearsal: not to be trained on.** 2 rows")
        assert built.counts["rehearsal"] == 2  # rows, and not the one note on them
        assert any(line.startswith("| rehearsal | ") and line.endswith("| 2 |") for line in card)


def test_rehearsed_rows_that_come_back_as_the_user_s_own_are_known(tmp_path: Path) -> None:
    path = own(tmp_path, {"messages": turns("Q", "A", system=f"{REHEARSAL_MARK} Be brief.")})
    built = build_dataset([], tmp_path / "a.parquet", user_files=[path], system_prompt="")
    assert built.rehearsed == 1
    assert rows(tmp_path / "a.parquet")[0][0]["content"] == REHEARSAL_MARK


@pytest.mark.parametrize(
    "mark",
    [
        {"rehearsal": True},
        {"Rehearsal": "TRUE"},
        {"rehearsal": 1},
        {"flags": ["rehearsal"]},
        {"flags": "['rehearsal', 'untraced']"},
        {"system": f"\n {REHEARSAL_MARK} Be brief."},
    ],
)
def test_the_mark_of_the_rehearsal_is_known_in_every_form(
    tmp_path: Path, mark: dict[str, object]
) -> None:
    path = own(tmp_path, {**asks("Why?", "So."), **mark})
    built = build_dataset([], tmp_path / "a.jsonl", user_files=[path], system_prompt="New.")
    assert built.rehearsed == 1
    assert rows(tmp_path / "a.jsonl")[0][0]["content"].startswith(REHEARSAL_MARK)


# -- the user's own rows -----------------------------------------------------------------------


def test_the_user_s_rows_follow_the_pairs_and_bad_ones_are_counted(tmp_path: Path) -> None:
    folder, pairs = few(tmp_path)
    path = own(tmp_path, asks("Mine?", "Yes."), asks("", "No."), asks("Also?", "Yes, also."))
    table = tmp_path / "more.csv"
    table.write_text("prompt,completion\n\nFrom a table?,Yes indeed.\nNothing,\n", "utf-8")
    built = build_dataset([folder], tmp_path / "train.parquet", user_files=[path, table])
    found = rows(tmp_path / "train.parquet")
    assert found[:6] == [turns(each.question, each.answer) for each in pairs]
    assert found[6:] == [
        turns("From a table?", "Yes indeed.", system=""),
        turns("Mine?", "Yes.", system=""),
        turns("Also?", "Yes, also.", system=""),
    ]
    assert (built.bad_rows, built.left_out) == (2, {"bad-row": 2})
    bad = [note.message for note in built.notes if note.code == "bad-row"]
    assert bad == [
        "more.csv, line 4: its completion is empty.",
        "own.jsonl, line 2: its question is empty.",
    ]
    left = rows_of(tmp_path / "train.left-out.jsonl")
    assert [(row["source"], row["unit"], row["number"]) for row in left] == [
        ("more.csv", "line", 4), ("own.jsonl", "line", 2),
    ]  # fmt: skip
    origin = rows_of(tmp_path / "train.rows.jsonl")[6]
    assert (origin["source"], origin["number"], origin["pair"]) == ("more.csv", 3, None)


def test_files_of_one_name_are_told_apart_and_one_named_twice_is_read_once(
    tmp_path: Path,
) -> None:
    paths = []
    for n in (1, 2):
        (tmp_path / str(n)).mkdir()
        paths.append(own(tmp_path / str(n), asks(f"Mine {n}?", "Yes."), asks("", "")))
    built = build_dataset([], tmp_path / "a.jsonl", user_files=[*paths, paths[0]])
    assert built.training == 2 and built.counts["file-twice"] == 1
    assert {row["source"] for row in rows_of(tmp_path / "a.rows.jsonl")} == {
        "own.jsonl", "own.jsonl (2)",
    }  # fmt: skip
    bad = {note.message for note in built.notes if note.code == "bad-row"}
    assert bad == {f"{path}, line 2: its question is empty." for path in paths}
    for beside in ("a.md", "a.rows.jsonl", "a.left-out.jsonl"):
        assert str(tmp_path) not in (tmp_path / beside).read_text("utf-8")


def test_system_prompts_are_set_replaced_and_removed(tmp_path: Path) -> None:
    folder, _ = few(tmp_path)
    path = own(tmp_path, asks("Mine?", "Yes."), {**asks("Also?", "Yes, also."), "system": "Own."})
    for prompt, wanted in (
        (None, {SYSTEM, "Own.", None}), ("One for all.", {"One for all."}),
        ("", {None}), (" \n", {None}),
        (" Two\r\nlines.\n", {"Two\nlines."}),
    ):  # fmt: skip
        built = build_dataset(
            [folder], tmp_path / "a.jsonl", user_files=[path], system_prompt=prompt
        )
        found = rows(tmp_path / "a.jsonl")
        assert {r[0]["content"] if r[0]["role"] == "system" else None for r in found} == wanted
        assert ("several-system-prompts" in codes(built)) == (prompt is None)


# -- copies and contradictions -----------------------------------------------------------------


def test_the_user_s_row_stays_before_a_reviewed_pair_and_that_before_any_other(
    tmp_path: Path,
) -> None:
    folder, pairs = few(tmp_path)
    leaf = next(each for each in built_principles(folder) if each.leaf)
    first, again = a_pair("How long?", "30 days.", leaf), a_pair("HOW LONG", "30 Days", leaf)
    third = a_pair("How long??", "30 days!", leaf)
    put_pairs(folder, [*pairs, first, again, third])
    built = build_dataset([folder], tmp_path / "a.jsonl")
    assert built.left_out == {"duplicate": 2} and codes(built) == ["duplicate"] * 2
    assert [row["pair"] for row in rows_of(tmp_path / "a.left-out.jsonl")] == [
        again.pair, third.pair,
    ]  # fmt: skip
    decide(folder, {"pair": again.pair, "decision": "accept"})
    build_dataset([folder], tmp_path / "a.jsonl")
    left = rows_of(tmp_path / "a.left-out.jsonl")
    assert [row["pair"] for row in left] == [first.pair, third.pair]
    assert left[0]["detail"] == f"it equals build, pair {again.pair} (row 8)"
    path = own(tmp_path, asks("how long?", "30 days"))
    built = build_dataset([folder], tmp_path / "a.jsonl", user_files=[path])
    assert [row["pair"] for row in rows_of(tmp_path / "a.left-out.jsonl")] == [
        first.pair, again.pair, third.pair,
    ]  # fmt: skip
    words = f"build, pair {first.pair} (row 7) equals own.jsonl, line 1, which stays"
    assert words in built.notes[0].message


def test_numbers_that_differ_make_no_copies(tmp_path: Path) -> None:
    path = own(tmp_path, asks("How long?", "1.5 days."), asks("How long?", "15 days."))
    built = build_dataset([], tmp_path / "a.jsonl", user_files=[path])
    assert built.training == 2


def test_a_copy_of_a_rejected_pair_goes_with_it_unless_a_person_wanted_one(tmp_path: Path) -> None:
    folder, pairs = few(tmp_path)
    leaf = next(each for each in built_principles(folder) if each.leaf)
    first, again = a_pair("How long?", "30 days.", leaf), a_pair("HOW LONG", "30 Days", leaf)
    put_pairs(folder, [*pairs, first, again])
    decide(folder, {"pair": again.pair, "decision": "reject"})
    built = build_dataset([folder], tmp_path / "a.jsonl")
    assert built.left_out == {"rejected": 1, "rejected-copy": 1}
    decide(folder, {"pair": first.pair, "decision": "accept"})
    assert build_dataset([folder], tmp_path / "a.jsonl").left_out == {"rejected": 1}
    decide(folder, {"pair": first.pair, "decision": "undo"})
    path = own(tmp_path, asks("how long?", "30 days"))
    built = build_dataset([folder], tmp_path / "a.jsonl", user_files=[path])
    assert built.left_out == {"rejected": 1, "duplicate": 1}
    assert "rejected-but-own" in codes(built)


def test_a_copy_of_what_was_edited_does_not_get_in_with_the_old_words(tmp_path: Path) -> None:
    folder, pairs = few(tmp_path)
    first, again = a_pair("How long?", "30 days."), a_pair("HOW LONG", "30 Days")
    put_pairs(folder, [*pairs, first, again])
    decide(folder, {"pair": first.pair, "decision": "edit", "answer": "15 days."})
    built = build_dataset([folder], tmp_path / "a.jsonl")
    assert built.left_out == {"edited-copy": 1} and "30" not in str(rows(tmp_path / "a.jsonl")[-1])
    assert rows_of(tmp_path / "a.left-out.jsonl")[0]["pair"] == again.pair
    path = own(tmp_path, asks("how long?", "30 days"))
    built = build_dataset([folder], tmp_path / "a.jsonl", user_files=[path])
    assert "rejected-but-own" in codes(built)


def test_a_copy_that_was_rejected_for_standing_there_twice_takes_no_other_with_it(
    tmp_path: Path,
) -> None:
    folder, pairs = few(tmp_path)
    first, again = a_pair("How long?", "30 days."), a_pair("HOW LONG", "30 Days")
    put_pairs(folder, [*pairs, first, again])
    decide(folder, {"pair": again.pair, "decision": "reject", "reason": TWICE})
    built = build_dataset([folder], tmp_path / "a.jsonl")
    assert built.left_out == {"rejected": 1} and built.training == 7


def test_a_copy_that_was_accepted_beside_one_that_was_rejected_is_a_disagreement(
    tmp_path: Path,
) -> None:
    folder, pairs = few(tmp_path)
    first, again = a_pair("How long?", "30 days."), a_pair("HOW LONG", "30 Days")
    put_pairs(folder, [*pairs, first, again])
    decide(folder, {"pair": first.pair, "decision": "accept", "reviewer": "Bob"},
           {"pair": again.pair, "decision": "reject"})  # fmt: skip
    built = build_dataset([folder], tmp_path / "a.jsonl")
    assert built.left_out == {"rejected": 1}
    note = next(note for note in built.notes if note.code == "disagreement")
    assert note.places == (
        f"build, pair {first.pair} (row 7)", f"build, pair {again.pair} (row 8)",
    )  # fmt: skip
    decide(folder, {"pair": pairs[0].pair, "decision": "accept"})
    built = build_dataset([folder], tmp_path / "a.jsonl", require_review=True)
    assert built.left_out == {"rejected": 1, "not-reviewed": 5, "disagreement": 1}


def test_answers_that_differ_in_law_are_named_with_both_places_and_stay(tmp_path: Path) -> None:
    folder, pairs = few(tmp_path)
    leaf = next(each for each in built_principles(folder) if each.leaf)
    mine = a_pair("How long?", "It expires after 30 days.", leaf)
    put_pairs(folder, [*pairs, mine])
    path = own(
        tmp_path,
        asks("how long", "It expires after 60 days."),
        asks("How long?", "After 30 days it expires."),
    )
    built = build_dataset([folder], tmp_path / "a.jsonl", user_files=[path])
    assert built.left_out == {} and built.training == 9
    found = [each for each in built.notes if each.code == "contradiction"]
    assert [each.places for each in found] == [
        (f"build, pair {mine.pair} (row 7)", "own.jsonl, line 1"),
        ("own.jsonl, line 1", "own.jsonl, line 2"),
    ]
    assert "(how long)" in found[0].message and "a person must look" in found[0].message
    assert "keep one" not in found[0].message
    by_place = {
        (row["source"], row["number"]): row["other_answers"]
        for row in rows_of(tmp_path / "a.rows.jsonl")
    }
    assert "own.jsonl, line 1" in by_place["build", 7]
    assert f"build, pair {mine.pair} (row 7)" in by_place["own.jsonl", 1]
    assert "contradiction" in (tmp_path / "a.md").read_text("utf-8")


WIDE = (
    "(a) A lantern shall be tested within 30 days of its sale.\n"
    "(b) A lantern may be sold only with a green label of 15 millimeters."
)


def test_answers_that_both_stand_in_their_section_contradict_nothing() -> None:
    law = principle("900.1", "Lanterns", WIDE)
    asked = "What applies to lanterns?"
    texts = [line[4:] for line in WIDE.splitlines()]
    for answers, contradict in (
        (texts, False),
        ([texts[0], "A lantern shall be tested within 60 days of its sale."], True),
    ):
        notes, sources = Notes(), Source("build", "pair", True, 0)
        with Texts() as kept:
            entries = []
            for n, answer in enumerate(answers, 1):
                entry = Entry(sources, n, pair=f"{n:016x}", principle_id=law.id)
                messages = (Message("user", asked), Message("assistant", answer))
                take_digests(entry, messages)
                kept.keep(entry, messages)
                entries.append(entry)
            note_contradictions(entries, kept, notes, lambda _: law.content)
        assert list(notes.counts) == ["contradiction" if contradict else "two-answers"]


# -- lengths -----------------------------------------------------------------------------------


def test_rows_above_the_limit_are_left_out_and_named(tmp_path: Path) -> None:
    path = own(tmp_path, asks("Short?", "Yes."), asks("Long?", "word " * 300))
    built = build_dataset([], tmp_path / "a.jsonl", user_files=[path], max_length=100)
    assert built.left_out == {"too-long": 1} and built.bad_rows == 0
    [left] = rows_of(tmp_path / "a.left-out.jsonl")
    assert left["number"] == 2 and left["tokens"] > 300
    assert built.tokens.largest <= 100


def test_tokens_are_of_all_turns_with_five_for_each_and_one_for_the_row(tmp_path: Path) -> None:
    path = own(tmp_path, {"messages": turns("one", "two", "three", "four", system="five")})
    built = build_dataset([], tmp_path / "a.jsonl", user_files=[path])
    assert built.tokens.total == 5 + 5 * 5 + 1


# -- where it cannot be done -------------------------------------------------------------------


def test_nothing_left_is_an_error_and_nothing_is_written(tmp_path: Path) -> None:
    folder, pairs = few(tmp_path)
    decide(folder, *({"pair": each.pair, "decision": "reject"} for each in pairs))
    with pytest.raises(TribonianError, match=r"No row is left to train on .6 rejected\)"):
        build_dataset([folder], tmp_path / "out" / "a.jsonl")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"output": "a.csv"}, "must end in .parquet or .jsonl"),
        ({"validation": 1.0}, "--validation must be"),
        ({"validation": -0.1}, "--validation must be"),
        ({"max_length": 3}, "--max-length must be"),
        ({"keep_flagged": ["none"]}, "--keep-flagged none is no flag"),
        ({"system_prompt": "a\0"}, "--system-prompt holds a NUL"),
        ({"system_prompt": "a\udcff"}, "not UTF-8"),
        ({"tokenizer": "no_such"}, "--tokenizer no_such is unknown"),
        ({"user_files": ["none.csv"]}, "none.csv cannot be read"),
        ({"output": "own.jsonl", "user_files": ["own.jsonl"]}, "would overwrite"),
        ({"output": "notes.parquet"}, "notes.md, which is no data card"),
        ({"output": "folder.parquet"}, "is a folder"),
    ],
)
def test_what_cannot_be_carried_out_is_one_sentence(
    tmp_path: Path, change: dict[str, Any], words: str
) -> None:
    own(tmp_path, asks("Q", "A"))
    (tmp_path / "notes.md").write_text("# My notes\n")
    (tmp_path / "folder.parquet").mkdir()
    options = {"output": "a.jsonl", "user_files": ["own.jsonl"], **change}
    options["user_files"] = [tmp_path / name for name in options["user_files"]]
    output = tmp_path / options.pop("output")
    with pytest.raises(UsageError) as raised:
        build_dataset([], output, **options)
    assert words in str(raised.value) and "\n" not in str(raised.value)
    assert (tmp_path / "notes.md").read_text() == "# My notes\n"


def test_a_folder_that_is_no_build_or_has_no_pairs_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"holds no principles\.json"):
        build_dataset([tmp_path], tmp_path / "a.jsonl")
    with pytest.raises(UsageError, match="align run"):
        build_dataset([small_build(tmp_path)], tmp_path / "a.jsonl")
    with pytest.raises(UsageError, match="Name a build folder"):
        build_dataset([], tmp_path / "a.jsonl")


def test_a_failure_while_writing_leaves_what_was_there(
    tmp_path: Path, build: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build_dataset([build], tmp_path / "a.parquet", validation=0.2)
    before = {each.name: each.read_bytes() for each in tmp_path.glob("a*")}
    assert len(before) == 5
    rename = Path.rename

    def fails(self: Path, target: Path) -> Path:
        if Path(target) == tmp_path / "a.left-out.jsonl" and len(self.parent.name) > 8:
            raise OSError(28, "No space left on device")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", fails)
    with pytest.raises(TribonianError, match="No space left on device"):
        build_dataset([build], tmp_path / "a.parquet", system_prompt="Another.")
    monkeypatch.undo()
    after = {each.name: each.read_bytes() for each in tmp_path.glob("a*")}
    assert after == before
    assert not [each for each in tmp_path.iterdir() if each.name.startswith(".a")]


_KILLED = """
import os, sys
from pathlib import Path
from tribonian.align.dataset.building import build_dataset
left = int(sys.argv[3])
def counted(name):
    move = getattr(Path, name)
    def moved(self, target):
        global left
        left -= 1
        if left < 0:
            os._exit(9)
        return move(self, target)
    setattr(Path, name, moved)
counted("rename")
counted("replace")
build_dataset([Path(sys.argv[1])], Path(sys.argv[2]), system_prompt="Another.")
"""


@pytest.mark.parametrize("before", [True, False])
def test_after_a_kill_between_two_files_the_card_tells_and_the_next_run_mends_it(
    tmp_path: Path, build: Path, before: bool
) -> None:
    output = tmp_path / "a.parquet"
    whole = tmp_path / "whole" / "a.parquet"
    build_dataset([build], whole, system_prompt="Another.")
    wanted = {each.name: each.read_bytes() for each in whole.parent.iterdir()}
    for moves in range(4 + 4 * before):
        if before:
            build_dataset([build], output, validation=0.2)
        ended = subprocess.run(
            [sys.executable, "-c", _KILLED, str(build), str(output), str(moves)], check=False
        )
        assert ended.returncode == 9
        if output.exists() and (tmp_path / "a.md").exists():
            is_new = output.read_bytes() == wanted["a.parquet"]
            assert ("card-differs" in check_dataset(output).counts) == is_new
        else:
            assert not (tmp_path / "a.md").exists() or before
        build_dataset([build], output, system_prompt="Another.")
        assert {each.name: each.read_bytes() for each in tmp_path.glob("a*")} == wanted
        assert not [each for each in tmp_path.iterdir() if each.name.startswith(".a")]
        assert "card-differs" not in check_dataset(output).counts
        for each in tmp_path.glob("a*"):
            each.unlink()


def test_the_folder_of_a_run_that_is_still_writing_is_left_alone(
    tmp_path: Path, build: Path
) -> None:
    with Aside(Outputs(tmp_path / "a.parquet")) as aside:
        place = aside.path(tmp_path / "a.parquet")
        build_dataset([build], tmp_path / "a.parquet")
        assert place.parent.is_dir()


def test_a_validation_file_of_the_output_before_does_not_stay_behind(
    tmp_path: Path, build: Path
) -> None:
    build_dataset([build], tmp_path / "a.parquet", validation=0.2)
    assert (tmp_path / "a-validation.parquet").exists()
    build_dataset([build], tmp_path / "a.parquet")
    assert not (tmp_path / "a-validation.parquet").exists()


def test_a_disk_that_is_full_is_one_sentence(
    tmp_path: Path, build: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tribonian.align.dataset.building.json_lines", full)
    with pytest.raises(TribonianError, match=r"a\.jsonl could not be made .No space left"):
        build_dataset([build], tmp_path / "a.jsonl")
    monkeypatch.undo()
    monkeypatch.setattr("tribonian.align.dataset.entries.Texts.keep", full)
    with pytest.raises(TribonianError, match="No space left"):
        build_dataset([build], tmp_path / "a.jsonl")
    assert not list(tmp_path.glob("*a.*"))


def test_a_share_that_cannot_be_met_is_said(tmp_path: Path) -> None:
    folder, _ = few(tmp_path)
    leaf = next(each for each in built_principles(folder) if each.leaf)
    put_pairs(folder, [a_pair(f"What of {n}?", f"Rule {n}.", leaf) for n in range(200)])
    built = build_dataset([folder], tmp_path / "a.jsonl", validation=0.1)
    assert (built.training, built.validation) == (200, 0)
    assert codes(built) == ["validation-share"]
    assert not (tmp_path / "a-validation.jsonl").exists()


def test_no_words_of_validation_are_taught_by_rows_of_no_law(tmp_path: Path, build: Path) -> None:
    pairs = list(iterate_pairs(Places(build).pairs))
    path = own(
        tmp_path,
        *(asks(each.question.upper(), each.answer) for each in pairs),  # stays in a pair's place
        *({"messages": turns("Hello", each.answer, "Thanks", "Welcome")} for each in pairs),
        *(asks(f"Tell me of {n}", each.answer) for n, each in enumerate(pairs)),
    )
    build_dataset([build], tmp_path / "a.jsonl", user_files=[path], validation=0.3)
    kept = rows(tmp_path / "a-validation.jsonl")
    taught = str(rows(tmp_path / "a.jsonl")).casefold()
    principles = {each.answer: unit_of(each.principle_id or "") for each in pairs}
    assert kept
    for row in kept:
        if len(row[-1]["content"]) > 40:
            assert row[-1]["content"].casefold() not in taught
    sides: dict[str, set[str]] = {}
    for where, part in (("a.jsonl", "t"), ("a-validation.jsonl", "v")):
        for row in rows(tmp_path / where):
            if row[-1]["content"] in principles and "Tell" not in row[-2]["content"]:
                sides.setdefault(principles[row[-1]["content"]], set()).add(part)
    assert all(len(parts) == 1 for parts in sides.values())


def test_the_user_s_many_rows_take_no_law_from_training(tmp_path: Path, build: Path) -> None:
    path = own(tmp_path, *(asks(f"Mine {n}?", f"Yes, {n}.") for n in range(400)))
    built = build_dataset([build], tmp_path / "a.jsonl", user_files=[path], validation=0.1)
    law = [row for row in rows_of(tmp_path / "a.rows.jsonl") if row["principle_id"]]
    assert 0 < built.validation < len(law) / 4
    assert "validation-share" not in codes(built)


# -- several builds ----------------------------------------------------------------------------


def test_the_order_of_the_arguments_changes_no_byte(tmp_path: Path) -> None:
    builds = []
    for name, flip in (("a", False), ("b", True)):
        (tmp_path / name).mkdir()
        folder, pairs = few(tmp_path / name)
        put_pairs(folder, pairs[:4] if flip else pairs[2:])
        builds.append(folder)
    files = [own(tmp_path, asks(f"{n}?", "Yes."), name=f"{n}.jsonl") for n in (1, 2)]
    build_dataset(builds, tmp_path / "one" / "t.parquet", user_files=files, validation=0.3)
    build_dataset(
        builds[::-1], tmp_path / "two" / "t.parquet", user_files=files[::-1], validation=0.3
    )
    one = {each.name: each.read_bytes() for each in (tmp_path / "one").iterdir()}
    two = {each.name: each.read_bytes() for each in (tmp_path / "two").iterdir()}
    assert one == two and len(one) == 5


def test_a_pair_that_two_builds_have_is_there_once(tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / name).mkdir()
    one, _ = few(tmp_path / "a")
    other, _ = few(tmp_path / "b")
    built = build_dataset([one, other], tmp_path / "t.jsonl")
    assert built.training == 6 and built.left_out == {"duplicate": 6}
    assert {row["source"] for row in rows_of(tmp_path / "t.rows.jsonl")} == {"build"}


# -- the card ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("number", "words"), [(1, "1 document: "), (2, "2 documents: ")])
def test_the_card_says_whose_rights_are_to_be_checked(
    tmp_path: Path, build: Path, number: int, words: str
) -> None:
    file = build / "manifest.json"
    manifest = orjson.loads(file.read_bytes())
    manifest["documents"] = [{**manifest["documents"][0], "format": "pdf"}] * number
    file.write_bytes(orjson.dumps(manifest))
    build_dataset([build], tmp_path / "t.jsonl")
    assert f"Check the rights of {words}lantern" in (tmp_path / "t.md").read_text("utf-8")


def test_the_card_tells_what_went_in_and_what_came_out(tmp_path: Path, build: Path) -> None:
    pairs = list(iterate_pairs(Places(build).pairs))
    decide(
        build,
        {"pair": pairs[0].pair, "decision": "accept"},
        {"pair": pairs[1].pair, "decision": "reject", "reviewer": "Bob | <b>"},
    )
    begin = {"run": RUN, "step": "run", "state": "begin", "base_url": "https://flow.example",
             "principles": 26, "upload": "json", "instructions": "Ask <what> a maker asks.",
             "system_prompt": SYSTEM, "rehearsal": False}  # fmt: skip
    made = {"run": RUN, "step": "create", "state": "done", "job": "dj-1"}
    Places(build).journal.write_bytes(orjson.dumps(begin) + b"\n" + orjson.dumps(made) + b"\n")
    path = own(tmp_path, asks("Mine?", "Yes."))
    build_dataset([build], tmp_path / "t.parquet", user_files=[path], validation=0.2)
    card = (tmp_path / "t.md").read_text("utf-8")
    for words in (
        "# Training data: t.parquet", "lantern-safety.xml", "2025-11-03", "dj-1",
        "https://flow.example", "> Ask &lt;what> a maker asks.", "own.jsonl", "| Ann | 1 |",
        "of the pairs here were accepted by nobody.**", "Bob \\| &lt;b>", "17 U.S.C. 105",
        "20 % of the rows that were traced to law", "in validation alone",
        "seed 0", "o200k_base", "## Coverage", "t-validation.parquet", "| rejected |",
    ):  # fmt: skip
        assert words in card, words
    assert str(tmp_path) not in card
    for row in ("t.rows.jsonl", "t.left-out.jsonl"):
        assert str(tmp_path) not in (tmp_path / row).read_text("utf-8")


# -- properties --------------------------------------------------------------------------------

_CODE = """
import sys
from pathlib import Path
from tribonian.align.dataset.building import build_dataset
build, own, out = map(Path, sys.argv[1:])
build_dataset([build], out, user_files=[own], validation=0.2, seed=3)
"""


def test_two_runs_in_other_folders_with_other_hash_seeds_give_the_same_bytes(
    tmp_path: Path,
) -> None:
    found = []
    for n in (1, 2):
        place = tmp_path / f"run {n}"
        place.mkdir()
        build = aligned_build(place)
        decide(build, {"pair": next(iterate_pairs(Places(build).pairs)).pair, "decision": "accept"})
        path = own(place, asks("Mine?", "Yes."), asks("Bad", ""))
        subprocess.run(
            [sys.executable, "-c", _CODE, str(build), str(path), str(place / "out/t.parquet")],
            check=True, cwd=ROOT, timeout=120, env={**os.environ, "PYTHONHASHSEED": str(n)},
        )  # fmt: skip
        found.append({each.name: each.read_bytes() for each in (place / "out").iterdir()})
        shutil.rmtree(build)
    assert found[0] == found[1] and len(found[0]) == 5


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return aligned_build(tmp_path_factory.mktemp("shared"))


_texts = st.sampled_from(
    ["What is it?", "WHAT is it", "How long?", "30 days.", "60 days.", "", "A"]
)
_decisions = st.sampled_from(["accept", "edit", "reject", "undo"])


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    chosen=st.lists(st.tuples(st.integers(0, 40), _decisions, st.sampled_from("AB")), max_size=20),
    mine=st.lists(st.tuples(_texts, _texts), max_size=12),
    share=st.sampled_from([0.0, 0.1, 0.3, 0.5]),
    review=st.booleans(),
    seed=st.integers(0, 5),
)
def test_rows_in_are_rows_out_and_left_out_and_no_law_is_on_both_sides(
    shared: Path, tmp_path: Path, chosen: list[tuple[int, str, str]],
    mine: list[tuple[str, str]], share: float, review: bool, seed: int,
) -> None:  # fmt: skip
    pairs = list(iterate_pairs(Places(shared).pairs))
    Places(shared).decisions.unlink(missing_ok=True)
    decide(shared, *(
        {"pair": pairs[n % len(pairs)].pair, "decision": decision, "reviewer": who,
         "answer": f"Edited by {who}." if decision == "edit" else None}
        for n, decision, who in chosen
    ))  # fmt: skip
    files = [own(tmp_path, *(asks(q, a) for q, a in mine))] if mine else []
    out = tmp_path / "t.jsonl"
    try:
        built = build_dataset([shared], out, user_files=files, require_review=review,
                              validation=share, seed=seed)  # fmt: skip
    except TribonianError as error:
        assert "No row is left" in str(error)
        return
    origins, left = rows_of(tmp_path / "t.rows.jsonl"), rows_of(tmp_path / "t.left-out.jsonl")
    assert len(origins) + len(left) == len(pairs) + len(mine)
    assert len({(row["source"], row["number"]) for row in [*origins, *left]}) == len(origins) + len(
        left
    )
    assert Counter(row["reason"] for row in left) == built.left_out
    written = {"training": rows(out), "validation": []}
    if built.validation:
        written["validation"] = rows(tmp_path / "t-validation.jsonl")
    assert (len(written["training"]), len(written["validation"])) == (
        built.training, built.validation,
    )  # fmt: skip
    assert built.training > 0
    sides: dict[str, set[str]] = {}
    for row in origins:
        if row["principle_id"]:
            sides.setdefault(unit_of(row["principle_id"]), set()).add(row["split"])
        turns = written[row["split"]][row["row"] - 1]
        sides.setdefault(turns[-2]["content"].casefold().strip("?"), set()).add(row["split"])
    assert all(len(side) == 1 for side in sides.values())
