"""How well pairs are traced to their principles, and what is not grounded is flagged.

    python benchmarks/tracing.py [--seed N] [--draw 1000] [--show KIND]

Builds five titles of the CFR and, as law that the tracer does not know, parts of other titles
and laws of the European Union, California, Canada and the United Kingdom; makes pairs of 1,000
principles (`tracing_pairs`); prints Markdown tables. `tracing_by_hand` is what was written by
hand. The seed is not the one by which the tracer's figures were fitted (`tracing_fit`).
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.tracing_by_hand import BY_HAND
from benchmarks.tracing_pairs import KINDS, Made, foreign_pairs, made_pairs
from tribonian import build
from tribonian.align.built import BuiltPrinciple, built_principles
from tribonian.align.tracing.grounding import Grounding
from tribonian.align.tracing.tracer import Trace, Tracer

CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpus"
TITLES = "ecfr_titles/*.xml"
OTHER_LAW = (
    "ecfr_parts/title-1[0-8]_*.xml", "ecfr_parts/title-2_*.xml", "ecfr_parts/title-31_*.xml",
    "cfr_annual/*.xml", "uslm/*.xml", "world/*gdpr*.html", "world/*ccpa*.html",
    "world/*ai-act*.html", "world/*.xml",
)  # fmt: skip
FLAGGED = ("ungrounded-number", "ungrounded-modal", "ungrounded-term")
PLANTED = {
    "wrong number": FLAGGED[0], "modal changed": FLAGGED[1], "sentence added": FLAGGED[2],
}  # fmt: skip


def principles_of(patterns: Iterable[str], place: Path) -> list[BuiltPrinciple]:
    """The principles of a build of some files of the corpus."""
    files = sorted({file for pattern in patterns for file in CORPUS.glob(pattern)})
    build(files, place, jobs=1)
    return built_principles(place)


def drawn(principles: Sequence[BuiltPrinciple], count: int, seed: int) -> list[BuiltPrinciple]:
    leaves = [each for each in principles if each.leaf]
    return random.Random(seed).sample(leaves, min(count, len(leaves)))


def percent(part: float, whole: float) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "–"


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    print("\n|", " | ".join(head), "|")
    print("|", " | ".join(["---"] + ["---:"] * (len(head) - 1)), "|")
    for row in rows:
        print("|", " | ".join(map(str, row)), "|")


def outcome(pair: Made, trace: Trace) -> str:
    """right; same (another principle that has the very words); wrong; untraced."""
    if trace.principle is None:
        return "untraced"
    if trace.principle.id == pair.principle:
        return "right"
    if pair.principle and pair.passage in trace.principle.content:
        return "same"
    return "wrong"


def tracing_table(pairs: Sequence[Made], traces: Sequence[Trace]) -> None:
    rows = []
    for kind in (*KINDS, "all"):
        here = [(p, t) for p, t in zip(pairs, traces, strict=True) if kind in (p.kind, "all")]
        found = Counter(outcome(p, t) for p, t in here)
        unsure = sum("ambiguous" in t.flags and t.principle is not None for _, t in here)
        sure = Counter(outcome(p, t) for p, t in here if "ambiguous" not in t.flags)
        traced = len(here) - found["untraced"]
        known = sum(p.principle is not None for p, _ in here)
        clear = sum(sure.values()) - sure["untraced"]
        rows.append(
            (
                kind, len(here), found["right"], found["same"], found["wrong"],
                found["untraced"], unsure,
                percent(found["right"] + found["same"], traced) if known else "–",
                percent(sure["right"] + sure["same"], clear) if known else "–",
                percent(found["right"] + found["same"], known),
            )
        )  # fmt: skip
    table(
        ("kind of pair", "pairs", "right", "same words elsewhere", "wrong", "untraced",
         "of the traced: ambiguous", "precision", "precision, not ambiguous", "recall"),
        rows,
    )  # fmt: skip


def match_table(pairs: Sequence[Made], traces: Sequence[Trace]) -> None:
    """How often a match is right; pairs with a sentence added are of two principles."""
    rows = []
    for low in range(0, 100, 10):
        here = [
            (p, t)
            for p, t in zip(pairs, traces, strict=True)
            if low <= t.match * 100 < low + 10 + (low == 90) and p.kind != "sentence added"
        ]
        if here:
            right = sum(t.best is not None and t.best.id == p.principle for p, t in here)
            mean = sum(t.match for _, t in here) / len(here)
            rows.append(
                (f"{low / 100:.1f} to {low / 100 + 0.1:.1f}", len(here), f"{mean:.2f}",
                 f"{right / len(here):.2f}")
            )  # fmt: skip
    table(("match", "pairs", "mean match", "share that is right"), rows)


def grounding_table(pairs: Sequence[Made], flags: Sequence[tuple[str, ...]]) -> None:
    rows: list[Sequence[object]] = []
    kinds = [kind for kind in KINDS if kind not in ("from nowhere", "retold")]
    for kind in kinds:
        here = [f for p, f in zip(pairs, flags, strict=True) if p.kind == kind]
        cells = []
        for flag in FLAGGED:
            share = percent(sum(flag in f for f in here), len(here))
            cells.append(f"**{share}**" if PLANTED.get(kind) == flag else share)
        rows.append((kind, len(here), *cells))
    table(("kind of pair", "pairs", *FLAGGED), rows)
    rows = []
    for kind, flag in PLANTED.items():
        wanted = [flag in f for p, f in zip(pairs, flags, strict=True) if p.kind == kind]
        others = [
            flag in f
            for p, f in zip(pairs, flags, strict=True)
            if p.kind in ("verbatim", "shortened", "reworded")
        ]
        rows.append(
            (flag, percent(sum(wanted), sum(wanted) + sum(others)),
             percent(sum(wanted), len(wanted)), percent(sum(others), len(others)))
        )  # fmt: skip
    table(("flag", "precision", "recall", "false alarms on pairs without a planted error"), rows)


def section_of(principle: BuiltPrinciple) -> str:
    return (principle.citation or "").split("(")[0]


def by_hand(tracer: Tracer, grounding: Grounding) -> None:
    found: Counter[tuple[str, str]] = Counter()
    flagged: Counter[tuple[str, str]] = Counter()
    for pair in BY_HAND:
        trace = tracer.trace(pair.question, pair.answer)
        kind = "retold law" if pair.section else "other law, general knowledge"
        if trace.principle is None:
            found[kind, "untraced"] += 1
        else:
            right = section_of(trace.principle) == pair.section
            found[kind, "right" if right else "wrong"] += 1
        found[kind, "all"] += 1
        own = (
            None
            if not pair.section
            else next(
                (each for each in tracer.principles if section_of(each) == pair.section), None
            )
        )
        if trace.principle is not None and section_of(trace.principle) == pair.section:
            own = trace.principle
        if own is not None:
            flags = grounding.flags(pair.question, pair.answer, own)
            flagged[pair.planted, "all"] += 1
            for flag in flags:
                flagged[pair.planted, flag] += 1
            flagged[pair.planted, "none"] += not flags
    table(
        ("written by hand", "pairs", "right section", "wrong", "untraced", "precision", "recall"),
        [
            (kind, found[kind, "all"], found[kind, "right"], found[kind, "wrong"],
             found[kind, "untraced"],
             percent(found[kind, "right"], found[kind, "right"] + found[kind, "wrong"]),
             percent(found[kind, "right"], found[kind, "all"]) if "retold" in kind else "–")
            for kind in ("retold law", "other law, general knowledge")
        ],
    )  # fmt: skip
    table(
        ("planted by hand", "pairs", *FLAGGED, "no flag"),
        [
            (planted or "nothing", flagged[planted, "all"],
             *(flagged[planted, flag] for flag in FLAGGED), flagged[planted, "none"])
            for planted in ("", "number", "modal", "term")
        ],
    )  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--draw", type=int, default=1000, help="how many principles")
    parser.add_argument("--show", help="print the wrongly traced pairs of a kind")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        titles = principles_of((TITLES,), Path(folder) / "titles")
        others = principles_of(OTHER_LAW, Path(folder) / "others")
    for name, known, unknown in (
        (f"Five titles of the CFR, {len(titles):,} principles", titles, others),
        (f"Other law, {len(others):,} principles", others, titles),
    ):
        tracer = Tracer(known)
        grounding = Grounding(tracer)
        pairs = [
            *made_pairs(drawn(known, options.draw, options.seed), options.seed),
            *foreign_pairs(drawn(unknown, options.draw, options.seed), options.seed),
        ]
        start = time.process_time()
        traces = list(tracer.trace_all((pair.question, pair.answer) for pair in pairs))
        took = time.process_time() - start
        print(f"\n### {name}\n\n{len(pairs):,} pairs, {1000 * took / len(pairs):.1f} ms each")
        tracing_table(pairs, traces)
        match_table(pairs, traces)
        named = {each.id: each for each in known}
        start = time.process_time()
        flags = [
            grounding.flags(pair.question, pair.answer, named[pair.principle])
            if pair.principle
            else ()
            for pair in pairs
        ]
        took = time.process_time() - start
        print(f"\ngrounding: {1000 * took / len(pairs):.1f} ms each")
        grounding_table(pairs, flags)
        for pair, trace in zip(pairs, traces, strict=True):
            if pair.kind == options.show and outcome(pair, trace) == "wrong":
                print(f"\n{pair.principle} -> {trace.principle and trace.principle.id}")
                print(f"  {trace.match} {trace.flags}\n  {pair.question}\n  {pair.answer}")
        if known is titles:
            by_hand(tracer, grounding)


if __name__ == "__main__":
    main()
