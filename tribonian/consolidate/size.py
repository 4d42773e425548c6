"""The size card: is this a set of principles that alignment handles well?

The service's guide calls 21 CFR chapter I subchapter G well sized and warns that larger
principles may need more pre-training. The reference figures were measured on that
subchapter as of 2026-01-29 (``python benchmarks/reference.py``).
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence

from tribonian.consolidate.principles import Principle

# Section texts with their headings and history notes, o200k_base, rounded.
REFERENCE = {
    "name": "21 CFR Chapter I Subchapter G",
    "sections": 48,
    "tokens": 23_800,
    "median": 247,
}
COMPARABLE = 3.0  # up to this many times the reference is called comparable
LARGE = 15.0  # beyond this the guide's advice on pre-training is repeated


def size_card(
    root: Principle,
    principles: Sequence[Principle],
    sections: int,
    over_budget: int,
    max_tokens: int,
) -> dict[str, object]:
    """The figures and the verdict in words; ``over_budget`` sections had to be split."""
    tokens = [principle.tokens for principle in principles]
    total = sum(tokens)
    largest = max(principles, key=lambda principle: principle.tokens)
    return {
        "tokens": total,
        "principles": len(principles),
        "sections": sections,
        "median": int(statistics.median(tokens)),
        "largest": largest.tokens,
        "largest_principle": largest.id,
        "split": {
            "sections": over_budget,
            "share": round(over_budget / sections, 4) if sections else 0.0,
            "max_tokens": max_tokens,
        },
        "reference": REFERENCE,
        "ratio": round(total / 23_800, 1),
        "heaviest": _heaviest(root),
        "verdict": verdict(total, sections, over_budget, _heaviest(root)),
    }


def verdict(
    total: int, sections: int, over_budget: int, heaviest: Sequence[dict[str, object]]
) -> str:
    """Two or three sentences: how the size compares, and what to do when it is too large."""
    ratio = total / 23_800
    name = REFERENCE["name"]
    if ratio < 0.25:
        text = (
            f"Small: {ratio:.2f} times the {total_words(23_800)} tokens of {name}, which the "
            "service's guide calls well sized; consider adding the rules that these refer to."
        )
    elif ratio <= COMPARABLE:
        text = (
            f"Well sized: {ratio:.1f} times {name} ({total_words(23_800)} tokens), which the "
            "service's guide calls well sized."
        )
    else:
        which = ", ".join(f"{row['label']} ({row['share']:.0%})" for row in heaviest[:3])
        size = "Large" if ratio <= LARGE else "Very large"
        text = (
            f"{size}: {ratio:.0f} times {name} ({total_words(23_800)} tokens), which the "
            "service's guide calls well sized. Choose what the model needs with --only or "
            f"--skip, or build one file for each subject"
        )
        text += f"; most of the weight is in {which}." if which else "."
        if ratio > LARGE:
            text += " Kept whole, a model may need additional pre-training on this text."
    if sections and over_budget / sections > 0.25:
        text += (
            f" {over_budget:,} of {sections:,} sections were larger than the budget and were "
            "split at their paragraphs."
        )
    return text


def total_words(number: int) -> str:
    """A number with thousands marked."""
    return f"{number:,}"


def _heaviest(root: Principle) -> list[dict[str, object]]:
    """The parts of the tree that carry the weight: three below the first division."""
    top = root
    while len(top.children) == 1 and top.children[0].children:
        top = top.children[0]
    total = sum(principle.tokens for principle in root.walk()) or 1
    rows: list[dict[str, object]] = [
        {
            "label": child.label,
            "citation": child.citation,
            "tokens": tokens,
            "share": round(tokens / total, 3),
        }
        for child in top.children
        if (tokens := sum(principle.tokens for principle in child.walk()))
    ]
    rows.sort(key=lambda row: (-int(str(row["tokens"])), str(row["label"])))
    return rows[:5]
