"""Measure the set of principles that the service's guide calls well sized.

    python benchmarks/reference.py [FILE.xml]

Prints sections, tokens and median of 21 CFR chapter I subchapter G, sections with their
headings and history notes: the figures of `tribonian.consolidate.size.REFERENCE`.
"""

from __future__ import annotations

import statistics
import sys
from pathlib import Path

import tribonian
from tribonian.consolidate.rendering import render
from tribonian.consolidate.tokens import Tokenizer

SUBCHAPTER_G = (
    Path(__file__).resolve().parents[2]
    / "shared/corpus/ecfr_parts/title-21_subchapter-G_2026-01-29.xml"
)


def main(source: str) -> None:
    _, root, _ = tribonian.read(source)
    texts = []
    for node in root.walk():
        if node.kind == "section":
            lines, _ = render(node.children, lambda _: None)
            head = f"{node.designator} {node.heading}"
            texts.append("\n\n".join([head, *(line.text for line in lines)]))
    counts = Tokenizer().count_all(texts)
    print(f"{len(texts)} sections, {sum(counts):,} tokens, median {statistics.median(counts):.0f}")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else str(SUBCHAPTER_G))
