"""Pairs made of real law, traced and looked at; `benchmarks/tracing.py` has the whole tables."""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from benchmarks.tracing_by_hand import BY_HAND
from benchmarks.tracing_pairs import Made, foreign_pairs, made_pairs
from tribonian import build
from tribonian.align.built import BuiltPrinciple, built_principles
from tribonian.align.tracing.grounding import Grounding
from tribonian.align.tracing.tracer import Tracer

CORPUS = Path(__file__).parents[2].parent / "shared" / "corpus"
KNOWN = [CORPUS / f"ecfr_titles/title-{n}_2026-01-29.xml" for n in (1, 4, 6)]
UNKNOWN = CORPUS / "ecfr_parts/title-14_part-91_2026-01-29.xml"
pytestmark = pytest.mark.skipif(
    not all(file.exists() for file in (*KNOWN, UNKNOWN)),
    reason=f"{CORPUS.name} is not beside the repository",
)


@cache
def law(*files: Path) -> list[BuiltPrinciple]:
    with TemporaryDirectory() as folder:
        build(files, Path(folder) / "build", jobs=1)
        return built_principles(Path(folder) / "build")


@cache
def tracer() -> Tracer:
    return Tracer(law(*KNOWN))


def drawn(principles: list[BuiltPrinciple], count: int) -> list[BuiltPrinciple]:
    return random.Random(11).sample([each for each in principles if each.leaf], count)


@cache
def made() -> tuple[Made, ...]:
    return tuple(made_pairs(drawn(tracer().principles, 150), seed=11))


def of(kind: str) -> Iterator[Made]:
    return (each for each in made() if each.kind == kind)


@pytest.mark.parametrize(
    ("kind", "recall"),
    [("verbatim", 0.9), ("shortened", 0.9), ("reworded", 0.8), ("retold", 0.65),
     ("wrong number", 0.8), ("modal changed", 0.85)],
)  # fmt: skip
def test_made_pairs_are_traced(kind: str, recall: float) -> None:
    pairs = list(of(kind))
    traces = [tracer().trace(pair.question, pair.answer) for pair in pairs]
    right = [
        trace.principle.id == pair.principle or pair.passage in trace.principle.content
        for pair, trace in zip(pairs, traces, strict=True)
        if trace.principle is not None
    ]
    assert sum(right) >= 0.93 * len(right)
    assert sum(right) >= recall * len(pairs)


def test_law_that_is_not_in_the_build_stays_untraced() -> None:
    pairs = list(foreign_pairs(drawn(law(UNKNOWN), 100), seed=11))
    traced = [tracer().trace(pair.question, pair.answer).principle for pair in pairs]
    assert sum(each is not None for each in traced) <= 0.08 * len(pairs)


@pytest.mark.parametrize(
    ("kind", "flag", "least"),
    [("wrong number", "ungrounded-number", 0.9), ("modal changed", "ungrounded-modal", 0.75),
     ("sentence added", "ungrounded-term", 0.6)],
)  # fmt: skip
def test_planted_errors_are_flagged(kind: str, flag: str, least: float) -> None:
    named = {each.id: each for each in tracer().principles}
    grounding = Grounding(tracer())
    flagged = [
        flag in grounding.flags(pair.question, pair.answer, named[pair.principle or ""])
        for pair in of(kind)
    ]
    assert sum(flagged) >= least * len(flagged)


@pytest.mark.parametrize("kind", ["verbatim", "shortened", "reworded"])
def test_pairs_without_an_error_are_seldom_flagged(kind: str) -> None:
    named = {each.id: each for each in tracer().principles}
    grounding = Grounding(tracer())
    flagged = [
        bool(grounding.flags(pair.question, pair.answer, named[pair.principle or ""]))
        for pair in of(kind)
    ]
    assert sum(flagged) <= 0.05 * len(flagged)


def test_no_pair_about_other_law_that_was_written_by_hand_is_traced() -> None:
    for pair in BY_HAND:
        if not pair.section:
            assert tracer().trace(pair.question, pair.answer).principle is None, pair.question
