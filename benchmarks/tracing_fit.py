"""Fit what each figure of a likeness is worth, and print it for ``tribonian/align/fitted.py``.

    python benchmarks/tracing_fit.py [--seed 1] [--draw 1000]

Two steps, both by the most likely figures with a small penalty on large ones. First a
conditional logit: of the candidates of a pair the right one is to be worth most (candidates
that have the very words of the pair are neither right nor wrong and left out). Then logistic
regressions of "the best candidate is the right one" on its figures and its lead, over pairs
of the build and pairs from nowhere together: the match. Pairs with a sentence added from
another principle are of two: the ranking is fitted without them, the match with them. No pair
names a label or says where it is from: what ``called`` and ``quoted`` are worth is set by
hand. Takes some minutes; in plain Python, so that it needs nothing installed.
"""

from __future__ import annotations

import argparse
import math
import sys
import tempfile
from collections.abc import Callable, Sequence
from operator import mul
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.tracing import OTHER_LAW, TITLES, drawn, principles_of
from benchmarks.tracing_pairs import Made, foreign_pairs, made_pairs
from tribonian.align.tracing.fitted import WORTH
from tribonian.align.tracing.likeness import Asked, Likeness, closely, elsewhere
from tribonian.align.tracing.trace_index import TraceIndex
from tribonian.align.tracing.tracer import LEAD, OTHERS, Tracer, figures_of

# Of every candidate: is it the right one, has it the same words, its figures, its place.
Row = tuple[Made, Asked, list[tuple[bool, bool, list[float], int]]]
ADDED = "sentence added"
GLANCED = Likeness._fields.index("nearby")


def candidates(tracer: Tracer, pairs: Sequence[Made]) -> list[Row]:
    """Every pair with the figures of all its candidates."""
    index = tracer.index
    rows: list[Row] = []
    for made in pairs:
        pair = Asked(index, made.question, made.answer)
        here = []
        for n, glance in tracer.glances(pair):
            likeness = closely(pair, index.entries[n], glance)
            principle = tracer.principles[n]
            right = principle.id == made.principle
            here.append((right, made.passage in principle.content, list(likeness), n))
        rows.append((made, pair, here))
    return rows


def climb(
    gradient: Callable[[list[float]], list[float]], size: int, steps: int, rate: float
) -> list[float]:
    """The figures at which a gradient is nought, by Adam with steps that become smaller."""
    worth, mean, square = [0.0] * size, [0.0] * size, [0.0] * size
    for step in range(1, steps + 1):
        slope = gradient(worth)
        for n in range(size):
            mean[n] = 0.9 * mean[n] + 0.1 * slope[n]
            square[n] = 0.99 * square[n] + 0.01 * slope[n] ** 2
            worth[n] += rate / (1 + step / 60) * mean[n] / (math.sqrt(square[n]) + 1e-6)
    return worth


def ranking(rows: Sequence[Row], width: int, penalty: float = 3.0) -> list[float]:
    """The conditional logit over the first ``width`` figures."""
    groups: list[tuple[list[list[float]], list[float]]] = []
    for made, _, here in rows:
        kept = [figures[:width] for right, same, figures, _ in here if right or not same]
        best = [figures[:width] for right, _, figures, _ in here if right]
        if best and made.kind != ADDED:
            groups.append((kept, best[0]))

    def gradient(worth: list[float]) -> list[float]:
        slope = [-penalty * each / len(groups) for each in worth]
        for others, best in groups:
            scores = [sum(map(mul, worth, each)) for each in others]
            top = max(scores)
            odds = [math.exp(each - top) for each in scores]
            whole = sum(odds) * len(groups)
            for share, each in zip(odds, others, strict=True):
                if share > 1e-4:
                    for n, value in enumerate(each):
                        slope[n] -= share / whole * value
            for n, value in enumerate(best):
                slope[n] += value / len(groups)
        return slope

    return climb(gradient, width, 300, 0.4)


NAMES = (
    "always", "answer", "question", "both", "label", "topic", "named", "length", "nearby",
    "retold", "order", "numerals", "words", "lead", "clear", "lacking", "unasked",
)  # fmt: skip


def regression(
    index: TraceIndex, rows: Sequence[Row], worth: list[float], names: Sequence[str], alike: bool
) -> dict[str, float]:
    """The logistic regression of being right (or of having the words) on the named figures."""
    cases: list[tuple[list[float], float]] = []
    for made, pair, here in rows:
        if not here or (alike and made.kind == ADDED):
            continue
        ranked = sorted(here, key=lambda each: -sum(map(mul, worth, each[2])))
        scores = [sum(map(mul, worth, each[2])) for each in ranked[:2]]
        right, same, figures, place = ranked[0]
        lead = scores[0] - scores[1] if len(scores) > 1 else LEAD
        others = [index.entries[n] for *_, n in ranked[1:OTHERS]]
        lacking = elsewhere(pair, index.entries[place], others)
        named = figures_of(pair, Likeness(*figures), lead, lacking)
        cases.append(([named[name] for name in names], float(right or (alike and same))))

    def gradient(odds: list[float]) -> list[float]:
        slope = [-2.0 * each / len(cases) for each in odds]
        for values, wanted in cases:
            score = max(-60.0, min(60.0, sum(map(mul, odds, values))))
            missed = (wanted - 1 / (1 + math.exp(-score))) / len(cases)
            for n, value in enumerate(values):
                slope[n] += missed * value
        return slope

    return dict(zip(names, climb(gradient, len(names), 1500, 0.2), strict=True))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--draw", type=int, default=1000, help="how many principles")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        titles = principles_of((TITLES,), Path(folder) / "titles")
        others = principles_of(OTHER_LAW, Path(folder) / "others")
    seed, draw = options.seed, options.draw
    pairs = [
        *made_pairs(drawn(titles, draw, seed), seed),
        *foreign_pairs(drawn(others, draw, seed), seed),
    ]  # fmt: skip
    tracer = Tracer(titles)
    rows = candidates(tracer, pairs)
    index, quoted = tracer.index, Likeness._fields.index("quoted")
    called = quoted + 1
    glance, worth = ranking(rows, GLANCED), ranking(rows, len(Likeness._fields))
    for found in (glance, worth):
        found[quoted], found[called] = WORTH.quoted, WORTH.called
    for name, fitted in (
        ("GLANCE", dict(zip(Likeness._fields, glance, strict=False))),
        ("WORTH", dict(zip(Likeness._fields, worth, strict=True))),
        ("RIGHT", regression(index, rows, worth, NAMES, alike=False)),
        ("FITS", regression(index, rows, worth, NAMES[:-4], alike=True)),
    ):
        print(name, {key: round(value, 2) for key, value in fitted.items()})


if __name__ == "__main__":
    main()
