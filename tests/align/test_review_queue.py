"""Which pairs are shown, in which order, and which comes next."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.align.review_build import FUEL, GLOBE, ROWS, WAIVER, a_pair, pairs_of_rows, review_build
from tribonian.align.decisions import Decision, append_decision
from tribonian.align.pairs.rows import write_pairs
from tribonian.align.places import Places
from tribonian.align.review.queue import (
    Filter,
    filter_of,
    in_words,
    neighbours,
    next_of,
    progress,
    shown,
    undecided,
)
from tribonian.align.review.shelf import GRAVITY, Disk, Reading
from tribonian.errors import UsageError
from tribonian.schemas.pair import FLAGS, Pair, pair_id


def test_every_flag_has_its_gravity_but_the_rehearsal() -> None:
    assert {*GRAVITY, "rehearsal"} == set(FLAGS)


@pytest.fixture
def build(tmp_path: Path) -> Path:
    return review_build(tmp_path)


def decide(build: Path, n: int, decision: str, reviewer: str = "Ana", **more: str) -> None:
    pair = pairs_of_rows()[n].pair
    append_decision(Places(build).decisions, Decision(pair, decision, reviewer, **more))


def questions(reading: Reading, places: list[int]) -> list[str]:
    return [reading.shelf.rows[n].question for n in places]


def numbers(build: Path, chosen: Filter, me: str = "Ana") -> list[int]:
    """The numbers in ROWS of what a filter shows, sorted."""
    reading = Disk(build).read()
    order = [pair.pair for pair in pairs_of_rows()]
    return sorted(order.index(reading.shelf.rows[n].pair) for n in shown(reading, chosen, me))


def test_flagged_pairs_come_first_then_the_lowest_match_then_the_order_of_the_law(
    tmp_path: Path,
) -> None:
    rows = [
        a_pair("plain, sure", "x", WAIVER, 0.9),
        a_pair("plain, later in the law", "x", FUEL, 0.7),
        a_pair("plain, earlier in the law", "x", WAIVER, 0.7),
        a_pair("a term", "x", FUEL, 0.9, ["ungrounded-term"]),
        a_pair("a term and a number", "x", FUEL, 0.9, ["ungrounded-term", "ungrounded-number"]),
        a_pair("a flag of tomorrow", "x", FUEL, 0.9, ["smudged"]),
        a_pair("a rehearsal", "x", FUEL, 0.1, ["rehearsal"]),
    ]
    reading = Disk(review_build(tmp_path, rows)).read()
    assert questions(reading, shown(reading, Filter(), "")) == [
        "a term and a number", "a term", "a flag of tomorrow", "a rehearsal",
        "plain, earlier in the law", "plain, later in the law", "plain, sure",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("chosen", "found"),
    [
        (Filter(), [0, 1, 2, 3, 4, 5, 6, 7, 8]),
        (Filter(flag="any"), [5, 6, 7, 8]),
        (Filter(flag="none"), [0, 1, 2, 3, 4]),
        (Filter(flag="untraced"), [7, 8]),
        (Filter(flag="no-such-flag"), []),
        (Filter(match="high"), [0, 1, 2, 3, 4, 5]),
        (Filter(match="middle"), [6]),
        (Filter(match="low"), [7, 8]),
        (Filter(principle=FUEL), [0, 1, 2]),
        (Filter(principle="/us/cfr/t99/s999"), []),
        (Filter(q="CAPITAL peru"), [7]),
        (Filter(q='"of peru"'), [7]),
        (Filter(q='"peru of"'), []),
        (Filter(q="99 CFR 110.3"), [3]),  # a citation
        (Filter(q="waivers expire"), [4, 5]),  # a word of the label
        (Filter(q="waiver", flag="none"), [4]),
    ],
)
def test_a_filter_shows_what_it_says(build: Path, chosen: Filter, found: list[int]) -> None:
    assert numbers(build, chosen) == found


def test_pairs_are_filtered_by_what_was_decided_and_by_whom(build: Path) -> None:
    decide(build, 0, "accept")
    decide(build, 1, "accept")
    decide(build, 1, "reject", "Ben")
    decide(build, 2, "edit", "Ben", answer="New.")
    assert numbers(build, Filter(state="accept")) == [0]
    assert numbers(build, Filter(state="edit")) == [2]
    assert numbers(build, Filter(state="reject")) == [1]
    assert numbers(build, Filter(state="disagreement")) == [1]
    assert numbers(build, Filter(state="undecided")) == [3, 4, 5, 6, 7, 8]
    assert numbers(build, Filter(state="not-mine")) == [2, 3, 4, 5, 6, 7, 8]
    assert numbers(build, Filter(reviewer="Ben")) == [1, 2]


def test_what_was_decided_is_counted_and_strangers_apart(build: Path) -> None:
    decide(build, 0, "accept")
    decide(build, 1, "accept")
    decide(build, 1, "reject", "Ben")
    append_decision(Places(build).decisions, Decision("0" * 16, "accept", "Ana"))
    found = progress(Disk(build).read())
    assert (found.pairs, found.decided, found.accept, found.edit, found.reject) == (9, 2, 1, 0, 1)
    assert (found.disagreement, found.strangers) == (1, 1)
    assert found.by == {"Ana": 3, "Ben": 1}


def test_the_next_pair_wants_a_decision_and_the_search_begins_again_at_the_end(
    build: Path,
) -> None:
    reading = Disk(build).read()
    places = shown(reading, Filter(), "Ana")
    assert undecided(reading, places, Filter(), "Ana") == places
    assert next_of([0, 2, 5], 2) == 5
    assert next_of([0, 2, 5], 5) == 0
    assert next_of([5], 5) is None
    assert next_of([], 3) is None
    assert neighbours([0, 2, 5], 2) == (0, 5)
    assert neighbours([0, 2, 5], 3) == (2, 5)


def test_an_address_without_sense_does_not_restrict() -> None:
    assert filter_of({"state": "x", "match": "y", "q": " ", "page": "3"}) == Filter()
    chosen = filter_of({"flag": "untraced", "q": "a&b=c"})
    assert chosen.query == "?flag=untraced&q=a%26b%3Dc"
    assert in_words(chosen) == [("flag", "untraced"), ("q", "words: a&b=c")]


# -- the files --------------------------------------------------------------------------------


def test_rows_that_are_the_same_pair_are_shown_once(tmp_path: Path) -> None:
    rows = [a_pair("Q?", "A."), a_pair("Q?", "A.", flags=["duplicate"]), a_pair("R?", "A.")]
    shelf = Disk(review_build(tmp_path, rows)).read().shelf
    assert [(row.question, row.copies, row.flags) for row in shelf.rows] == [
        ("Q?", 2, ("duplicate",)), ("R?", 1, ()),
    ]  # fmt: skip


def test_without_pairs_there_is_one_sentence(build: Path) -> None:
    Places(build).pairs.unlink()
    with pytest.raises(UsageError, match="nothing to review"):
        Disk(build).read()


def test_a_file_that_is_no_pairs_is_one_sentence(build: Path) -> None:
    Places(build).pairs.write_bytes(b"PAR1 but not really")
    with pytest.raises(UsageError):
        Disk(build).read()


def test_files_that_change_are_read_again_and_others_are_not(build: Path) -> None:
    disk = Disk(build)
    first = disk.read()
    assert disk.read().edition == first.edition
    decide(build, 0, "accept")
    second = disk.read()
    assert second.edition > first.edition
    assert second.shelf is first.shelf
    assert not first.decisions.pairs()  # what a request works with does not change under it
    write_pairs(Places(build).pairs, [a_pair("Only?", "This.")])
    third = disk.read()
    assert [row.question for row in third.shelf.rows] == ["Only?"]
    assert len(third.decisions.pairs()) == 1


def test_decisions_that_were_mended_by_hand_are_read_anew(build: Path) -> None:
    disk = Disk(build)
    decide(build, 0, "accept")
    decide(build, 1, "accept")
    assert len(disk.read().decisions.pairs()) == 2
    path = Places(build).decisions
    path.write_bytes(path.read_bytes().splitlines(keepends=True)[1])
    read = disk.read().decisions
    assert (len(read.pairs()), read.lines) == (1, 1)


def test_a_build_without_what_was_sent_shows_its_own_principles(build: Path) -> None:
    for file in Places(build).align.glob("sent-*.jsonl"):
        file.unlink()
    assert FUEL in Disk(build).read().shelf.principles


def test_what_was_sent_is_enough_without_the_build(build: Path) -> None:
    (build / "provenance.jsonl").unlink()
    shelf = Disk(build).read().shelf
    assert FUEL in shelf.principles
    assert shelf.built is None


def test_pairs_without_a_system_prompt_or_with_more_turns_are_shelved(tmp_path: Path) -> None:
    bare = replace(a_pair("Q2?", "A2."), messages=a_pair("Q2?", "A2.").messages[1:])
    system, *turns = a_pair("Q?", "A.").messages
    twice = ("Q?\n\nQ?", "A.\n\nA.")
    longer = Pair(pair_id(*twice), (system, *turns, *turns), *twice, None, None, 0.5)
    shelf = Disk(review_build(tmp_path, [bare, longer])).read().shelf
    rows = {row.pair: row for row in shelf.rows}
    assert (rows[bare.pair].system, rows[bare.pair].turns) == (None, ())
    assert rows[longer.pair].turns == (*turns, *turns)


def test_a_pair_that_stands_twice_is_shown_as_its_first_was_traced(tmp_path: Path) -> None:
    first, again = a_pair("Q?", "A.", FUEL, 0.6), a_pair("Q?", "A.", GLOBE, 0.9, ("duplicate",))
    (row,) = Disk(review_build(tmp_path, [first, again])).read().shelf.rows
    assert (row.principle_id, row.match, row.copies) == (FUEL, 0.6, 2)
    assert row.flags == ("duplicate",)


def test_the_rows_of_the_tests_are_as_many_as_they_say() -> None:
    assert len(ROWS) == 9
