"""How many pairs each principle has, as a table, as a file, for what is sent again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import orjson
import pytest

from tests.align.small_build import small_build
from tribonian.align.built import BuiltPrinciple, built_principles, write_sent
from tribonian.align.decisions import Decision, Decisions
from tribonian.align.pairs.coverage import coverage, summary, table, write_coverage
from tribonian.align.pairs.law import law_of_build
from tribonian.align.places import Places
from tribonian.schemas.pair import Message, Pair, pair_id


def principle(id: str, *path: int, leaf: bool = True, tokens: int = 10) -> BuiltPrinciple:
    return BuiltPrinciple(
        id, "principles.json", path, f"Label {id}", "Text.", f"cited {id}", ("Root",) * len(path),
        leaf, tokens, (),
    )  # fmt: skip


# a root with a part of three sections, and a section that stands by itself
ROOT = principle("root", leaf=False)
PART = principle("part", 0, leaf=False)
ONE, TWO, THREE = (principle(str(n), 0, n, tokens=10 * (n + 1)) for n in range(3))
LONE = principle("lone", 1, tokens=40)
PRINCIPLES = [ROOT, PART, ONE, TWO, THREE, LONE]


def pair(of: BuiltPrinciple | str | None, answer: str = "So.", *flags: str) -> Pair:
    question = "What?"
    turns = (Message("user", question), Message("assistant", answer))
    id = of.id if isinstance(of, BuiltPrinciple) else of
    return Pair(pair_id(question, answer), turns, question, answer, id, None, 0.9, flags)


def test_pairs_are_counted_for_each_principle_and_containers_apart() -> None:
    pairs = [
        pair(ONE), pair(ONE, "Other.", "duplicate"), pair(TWO, "So.", "rehearsal"), pair(PART),
        pair(None, "So.", "untraced"), pair("gone"),
    ]  # fmt: skip
    found = coverage(PRINCIPLES, iter(pairs))
    assert [(row.principle.id, row.pairs, row.flagged) for row in found.rows] == [
        ("root", 0, 0), ("part", 1, 0), ("0", 2, 1), ("1", 1, 0), ("2", 0, 0), ("lone", 0, 0),
    ]  # fmt: skip
    assert found.uncovered == [THREE, LONE]
    assert (found.covered, len(found.leaves)) == (2, 4)
    assert (found.of_containers, found.untraced, found.elsewhere, found.pairs) == (1, 1, 1, 6)
    assert found.tokens == 100
    assert found.share == pytest.approx(0.3)
    assert found.flags == {"duplicate": 1, "rehearsal": 1, "untraced": 1}


def test_a_refusal_covers_nothing() -> None:
    assert coverage([ONE], [pair(ONE, "I'm sorry.", "refusal")]).uncovered == [ONE]


def test_decisions_tell_what_covers() -> None:
    yes, no, kept = pair(ONE, "Yes."), pair(TWO, "No."), pair(THREE, "I'm sorry.", "refusal")
    decisions = Decisions()
    for each, word in ((yes, "accept"), (no, "reject"), (kept, "edit")):
        changed = "New." if word == "edit" else None
        decisions.take(
            Decision(pair=each.pair, decision=word, question=None, answer=changed, reason=None,
                     reviewer="A.", time="2026-01-01T00:00:00Z")
        )  # fmt: skip
    found = coverage([ONE, TWO, THREE], [yes, no, kept], decisions)
    assert [(row.accepted, row.rejected) for row in found.rows] == [(1, 0), (0, 1), (1, 0)]
    assert found.uncovered == [TWO]


def test_a_pair_of_words_that_were_amended_since_covers_nothing(tmp_path: Path) -> None:
    build = small_build(tmp_path)
    places = Places(build)
    places.align.mkdir()
    principles = built_principles(build)
    first, second = [each for each in principles if each.leaf][:2]
    old = [replace(first, content="Other words.") if each is first else each for each in principles]
    write_sent(places.sent("0" * 12), old)
    pairs = [pair(first), pair(second)]
    assert not coverage(principles, pairs).amended
    found = coverage(principles, pairs, None, law_of_build(build).is_amended)
    assert first in found.uncovered and second not in found.uncovered
    assert found.amended == 1
    assert "of these 1 of principles that were amended since" in summary(found)


def test_nothing_to_cover_is_covered() -> None:
    found = coverage([], [])
    assert (found.share, found.uncovered, found.covered) == (1.0, [], 0)
    assert summary(found) == "0 of 0 principles have pairs (100.0% of their tokens); 0 pairs"


def test_the_table_shows_the_heaviest_gaps_first_and_the_sum() -> None:
    found = coverage(PRINCIPLES, [pair(ONE), pair(None)])
    assert table(found).splitlines() == [
        "container   citation    have pairs  tokens without",
        "Label part  cited part      1 of 3              50",
        "Label root  cited root      0 of 1              40",
        "1 of 4 principles have pairs (10.0% of their tokens); 2 pairs, of these 1 untraced",
    ]
    assert table(found, most=1).splitlines()[2] == "and 1 more, in coverage.jsonl"


def test_the_file_has_a_line_for_each_principle_and_the_same_bytes_again(tmp_path: Path) -> None:
    build = small_build(tmp_path)
    principles = built_principles(build)
    places = Places(build)
    places.align.mkdir()
    covered = next(each for each in principles if each.citation == "99 CFR 100.4")
    write_coverage(places, coverage(principles, [pair(covered)]))
    first = places.coverage.read_bytes()
    rows = [orjson.loads(line) for line in first.splitlines()]
    assert [row["id"] for row in rows] == [each.id for each in principles]
    assert next(row for row in rows if row["covered"]) == {
        "id": covered.id, "citation": "99 CFR 100.4", "label": covered.label, "leaf": True,
        "tokens": covered.tokens, "pairs": 1, "flagged": 0, "accepted": 0, "rejected": 0,
        "amended": 0, "covered": True,
    }  # fmt: skip
    write_coverage(places, coverage(principles, [pair(covered)]))
    assert places.coverage.read_bytes() == first


def test_a_build_of_one_principle_is_its_own_container() -> None:
    only = principle("only")
    assert coverage([only], []).containers()[0][0] is None
    assert "Label only" in table(coverage([only], []))
