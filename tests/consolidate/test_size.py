"""The size card: figures counted again, and the verdict in words."""

from __future__ import annotations

import statistics

import pytest
from hand_written import built, chapter, part, section, title

from tribonian.consolidate.size import verdict
from tribonian.consolidate.tokens import Tokenizer

COUNT = Tokenizer().count
REFERENCE = 23_800  # tokens of 21 CFR chapter I subchapter G by o200k_base (issue 2)


def test_the_figures_are_those_of_the_principles_that_were_written() -> None:
    law = title(
        21,
        "Food",
        part(101, "FOOD", section("101.1", "S.", f"<P>{'lot ' * 90}</P>" * 3)),
        part(701, "LABELS", section("701.1", "S.", "<P>Law.</P>")),
    )
    folder = built(law, max_tokens=128)
    tokens = [COUNT(node.content) for node in folder.nodes]
    size = folder.manifest["size"]
    totals = folder.manifest["totals"]
    assert size["tokens"] == totals["tokens"] == sum(tokens)
    assert size["principles"] == totals["principles"] == len(tokens)
    assert size["median"] == int(statistics.median(tokens))
    assert size["largest"] == max(tokens)
    largest = folder.provenance[tokens.index(max(tokens))]
    assert size["largest_principle"] == largest["id"]
    assert size["sections"] == 2
    assert size["split"] == {"sections": 1, "share": 0.5, "max_tokens": 128}
    assert size["ratio"] == round(sum(tokens) / REFERENCE, 1)
    assert size["reference"]["tokens"] == REFERENCE


def test_the_heaviest_are_the_first_divisions_by_weight() -> None:
    law = title(
        21,
        "Food",
        chapter(
            "I",
            "FDA",
            *(
                part(n, "P", section(f"{n}.1", "S.", f"<P>{'lot ' * n}</P>"))
                for n in (10, 70, 50, 30, 60, 20)
            ),
        ),
    )
    folder = built(law)
    heaviest = folder.manifest["size"]["heaviest"]
    assert [row["label"] for row in heaviest] == [
        "PART 70—P", "PART 60—P", "PART 50—P", "PART 30—P", "PART 20—P",
    ]  # fmt: skip
    tokens = {node.path: COUNT(node.content) for node in folder.nodes}
    path = next(node.path for node in folder.nodes if node.label == "PART 70—P")
    own = sum(count for other, count in tokens.items() if other[: len(path)] == path)
    assert heaviest[0]["tokens"] == own
    assert heaviest[0]["share"] == round(own / sum(tokens.values()), 3)
    assert heaviest[0]["citation"] == "21 CFR Part 70"


@pytest.mark.parametrize(
    ("times", "word"),
    # small below 0.25 times the reference, well sized up to 3, large up to 15 (docs)
    [(0.01, "Small"), (0.24, "Small"), (0.25, "Well sized"), (1, "Well sized"),
     (3, "Well sized"), (3.01, "Large"), (15, "Large"), (15.01, "Very large"), (150, "Very large")],
)  # fmt: skip
def test_the_verdict_compares_with_the_reference_of_the_guide(times: float, word: str) -> None:
    said = verdict(int(REFERENCE * times), 100, 0, [])
    assert said.startswith(f"{word}:")
    assert "21 CFR Chapter I Subchapter G" in said
    assert "23,800" in said


def test_what_is_too_large_is_told_where_the_weight_is_and_what_to_do() -> None:
    heaviest = [{"label": "PART 101—FOOD", "share": 0.4}, {"label": "PART 201—DRUGS", "share": 0.3}]
    said = verdict(REFERENCE * 10, 100, 0, heaviest)
    assert "--only" in said and "--skip" in said
    assert "PART 101—FOOD (40%), PART 201—DRUGS (30%)" in said
    assert "pre-training" not in said
    assert "pre-training" in verdict(REFERENCE * 16, 100, 0, heaviest)


def test_what_is_well_sized_is_told_nothing_to_do() -> None:
    said = verdict(REFERENCE, 48, 0, [{"label": "PART 700", "share": 0.5}])
    assert "--only" not in said and "pre-training" not in said


@pytest.mark.parametrize(("split", "told"), [(25, False), (26, True), (100, True), (0, False)])
def test_many_sections_above_the_budget_are_told(split: int, told: bool) -> None:
    said = verdict(REFERENCE, 100, split, [])
    assert (f"{split} of 100 sections were larger than the budget" in said) == told


def test_a_build_without_sections_has_a_verdict_too() -> None:
    folder = built(part(101, "ACCOUNTS", "<HD1>Account</HD1><P>Text.</P>"))
    assert folder.manifest["size"]["split"]["share"] == 0.0
    assert folder.manifest["size"]["verdict"].startswith("Small:")
