"""Seconds and memory of tracing, and how they grow: up to 100,000 pairs against 50,000 principles.

    python benchmarks/tracing_growth.py [--principles 50000] [--pairs 100000] [--runs 1]

The principles are those of the corpus; where they are not enough, copies of them with three in
ten of their longer words replaced by words drawn from all of them, as often as they occur, so
that words are as rare and as frequent as in law. Each size is a process of its own. Prints a
Markdown table: x1, x4, x16.
"""

from __future__ import annotations

import argparse
import itertools
import multiprocessing
import random
import re
import statistics
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.tracing import OTHER_LAW, TITLES, principles_of, table
from benchmarks.tracing_pairs import paraphrase, passages, question_of
from tribonian.align.built import BuiltPrinciple, read_sent, write_sent
from tribonian.align.tracing.grounding import Grounding
from tribonian.align.tracing.tracer import Tracer

_LONG = re.compile(r"[a-z]{5,}")


def many(principles: list[BuiltPrinciple], count: int) -> list[BuiltPrinciple]:
    """So many principles, in an order drawn once: a part of them is like the whole."""
    draw = random.Random(count)
    words = [w for each in principles[::7] for w in _LONG.findall(each.content)]
    found = list(principles)
    for n in itertools.count():
        if len(found) >= count:
            break
        each = principles[n % len(principles)]

        def other(match: re.Match[str]) -> str:
            return draw.choice(words) if draw.random() < 0.3 else match[0]

        found.append(
            replace(
                each,
                id=f"{each.id}+{n}",
                content=_LONG.sub(other, each.content),
                label=_LONG.sub(other, each.label),
                citation=f"{each.citation}+{n}" if each.citation else None,
            )
        )
    draw.shuffle(found)
    return found[:count]


def peak() -> float:
    """The most memory that this process has had, in MiB; a child's ru_maxrss is its parent's."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(re.findall(r"VmHWM:\s+(\d+) kB", status)[0]) / 1024


def measured(place: Path, principles: int, pairs: int, answer: object) -> None:
    """In a process of its own: seconds of reading, indexing, tracing, grounding; peak MiB."""
    known = list(itertools.islice(read_sent(place), principles))
    draw = random.Random(principles)
    made: list[tuple[str, str]] = []
    for each in itertools.cycle(draw.sample(known, len(known))):
        if len(made) >= pairs:
            break
        if found := passages(each):
            passage = draw.choice(found)
            made.append((question_of(each, passage, draw), paraphrase(passage, draw)))
    before = peak()
    start = time.process_time()
    tracer = Tracer(known)
    indexed = time.process_time()
    traces = list(tracer.trace_all(made))
    traced = time.process_time()
    grounding = Grounding(tracer)
    for (question, text), trace in zip(made, traces, strict=True):
        if trace.principle is not None:
            grounding.flags(question, text, trace.principle)
    grounded = time.process_time()
    found = sum(trace.principle is not None for trace in traces)
    answer.put(  # type: ignore[attr-defined]
        (indexed - start, traced - indexed, grounded - traced, before, peak(), found)
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--principles", type=int, default=50_000)
    parser.add_argument("--pairs", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=1)
    options = parser.parse_args()
    context = multiprocessing.get_context("spawn")
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        real = [
            *principles_of((TITLES,), Path(folder) / "titles"),
            *principles_of(OTHER_LAW, Path(folder) / "others"),
        ]
        place = Path(folder) / "principles.jsonl"
        write_sent(place, many(real, options.principles))
        for share in (16, 4, 1):
            principles, pairs = options.principles // share, options.pairs // share
            results = []
            for _ in range(options.runs):
                answer = context.Queue()
                process = context.Process(target=measured, args=(place, principles, pairs, answer))
                process.start()
                results.append(answer.get())
                process.join()
            index, trace, ground, before, most, found = (
                statistics.median(each) for each in zip(*results, strict=True)
            )
            rows.append(
                (f"x{16 // share}", f"{principles:,}", f"{pairs:,}", f"{index:.1f} s",
                 f"{trace:.1f} s", f"{1000 * trace / pairs:.2f} ms", f"{ground:.1f} s",
                 f"{most:,.0f} MiB", f"{most - before:,.0f} MiB", f"{100 * found / pairs:.0f} %")
            )  # fmt: skip
    table(
        ("size", "principles", "pairs", "index", "tracing", "a pair", "grounding", "peak",
         "of it for tracing", "traced"),
        rows,
    )  # fmt: skip


if __name__ == "__main__":
    main()
