"""Pairs that are nearly another one, or answer its question otherwise: shown beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from tribonian.align.decisions import Verdict
from tribonian.align.review.shelf import Reading, Row, Shelf
from tribonian.align.review.words import Segment, differences
from tribonian.consolidate.identity import bare_text

NEAR_ANSWER = 75.0  # per cent of the letters in both
NEAR_QUESTION = 60.0
_LOOKED_AT = 40
_SHOWN = 6
_OF_ONE_PRINCIPLE = 400  # a principle with more pairs than this is not compared with all of them
_SAID_TO_HAVE_ONE = frozenset(("duplicate", "near-duplicate", "contradiction"))


@dataclass(frozen=True, slots=True)
class Twin:
    """Another pair, and in which words it is other: segments are "new", "gone" or "" in both.

    ``question`` and ``answer`` lead from this pair to the other: "gone" stands here only, "new"
    there only. ``kind`` is a line for the reader.
    """

    row: Row
    verdict: Verdict
    kind: str
    question: list[Segment]
    answer: list[Segment]


def twins(reading: Reading, of: int) -> list[Twin]:
    """What stands beside a row, the same question first."""
    shelf = reading.shelf
    row = shelf.rows[of]
    found: dict[int, str] = {}
    for n in shelf.of_question.get(bare_text(row.question), []):
        same = bare_text(shelf.rows[n].answer) == bare_text(row.answer)
        found[n] = "The same words" if same else "The same question, another answer"
    beside = shelf.of_principle.get(row.principle_id or "", [])[:_OF_ONE_PRINCIPLE]
    for n in _near(shelf, row, beside):
        found.setdefault(n, "Nearly the same")
    if found.keys() <= {of} and _SAID_TO_HAVE_ONE & set(row.flags):
        for n in _near(shelf, row, range(len(shelf.rows))):
            found.setdefault(n, "Nearly the same")
    found.pop(of, None)
    return [_twin(reading, row, shelf.rows[n], kind) for n, kind in list(found.items())[:_SHOWN]]


def _near(shelf: Shelf, row: Row, places: Sequence[int]) -> list[int]:
    """Whose answer is nearly the same, and the question not quite another: most alike first."""
    answers = (shelf.rows[n].answer for n in places)
    alike = process.extract(
        row.answer, answers, scorer=fuzz.ratio, score_cutoff=NEAR_ANSWER, limit=_LOOKED_AT
    )
    near = [places[at] for _, _, at in alike]
    return [n for n in near if fuzz.ratio(row.question, shelf.rows[n].question) >= NEAR_QUESTION]


def _twin(reading: Reading, row: Row, other: Row, kind: str) -> Twin:
    return Twin(
        other,
        reading.decisions.of(other.pair),
        kind,
        differences(row.question, other.question),
        differences(row.answer, other.answer),
    )
