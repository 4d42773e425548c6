"""Pairs for the tests of training files: two to a principle of the small build, by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson

from tests.align.small_build import small_build
from tribonian.align.built import BuiltPrinciple, built_principles, write_sent
from tribonian.align.pairs.rows import write_pairs
from tribonian.align.places import Places
from tribonian.schemas.pair import Message, Pair, pair_id

SYSTEM = "You answer questions about lanterns."
RUN = "0123456789ab"


def a_pair(
    question: str,
    answer: str,
    principle: BuiltPrinciple | None = None,
    flags: tuple[str, ...] = (),
    system: str = SYSTEM,
) -> Pair:
    """A pair with its id and a conversation of three turns."""
    turns = (Message("user", question), Message("assistant", answer))
    return Pair(
        pair_id(question, answer),
        (Message("system", system), *turns) if system else turns,
        question,
        answer,
        principle.id if principle else None,
        principle.citation if principle else None,
        0.9 if principle else 0.0,
        flags,
    )


def two_a_principle(principles: Sequence[BuiltPrinciple]) -> list[Pair]:
    """Two pairs for each leaf: what it says, and what it is called."""
    leaves = [each for each in principles if each.leaf]
    return [
        pair
        for n, each in enumerate(leaves)
        for pair in (
            a_pair(f"What does rule {n} say, {each.label}?", each.content, each),
            a_pair(f"Of what is rule {n}?", f"Rule {n} is called {each.label}.", each),
        )
    ]


def aligned_build(place: Path, pairs: Sequence[Pair] | None = None) -> Path:
    """A build with the principles of one run, and its pairs: two a principle, or those given."""
    build = small_build(place)
    principles = built_principles(build)
    Places(build).align.mkdir()
    write_sent(Places(build).sent(RUN), principles)
    put_pairs(build, two_a_principle(principles) if pairs is None else pairs)
    return build


def put_pairs(build: Path, pairs: Sequence[Pair]) -> None:
    """Give a build these pairs."""
    write_pairs(Places(build).pairs, pairs)


def decide(build: Path, *decisions: Mapping[str, Any]) -> None:
    """Write decisions by hand, in the form of the interface; the rest of a line is filled in."""
    blank = {"question": None, "answer": None, "reason": None, "reviewer": "Ann",
             "time": "2026-03-01T09:30:00Z"}  # fmt: skip
    with Places(build).decisions.open("ab") as file:
        for each in decisions:
            file.write(orjson.dumps({**blank, **each}) + b"\n")


def rows_of(path: Path) -> list[dict[str, Any]]:
    """The rows of a JSON lines file."""
    return [orjson.loads(line) for line in path.read_bytes().splitlines()]
