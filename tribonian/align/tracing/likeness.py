"""How like a pair is to one principle, as figures from 0 to 1.

A share is of the weights of words, so that rare words say more than frequent ones. What
each figure is worth was fitted to pairs of known origin (`benchmarks/tracing_fit.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from tribonian.align.tracing.citing import Cited, cited, cites, without_citations
from tribonian.align.tracing.synonyms import ASKING_WORDS
from tribonian.align.tracing.trace_index import Entry, TraceIndex, as_said

# What a word that no principle has weighs, as a share of the weight of the rarest: it may be a
# term of other law, and it may be the writer's own way to say a thing.
UNKNOWN = 0.6


class Likeness(NamedTuple):
    """The figures of a pair and a principle.

    ``answer``, ``question``, ``both``: the share of their words that the principle has;
    ``label`` and ``trail``: the share of their words that the pair has; ``topic``: the share
    of the question's words that the label has; ``lead``: the share of the question's words
    that only stand around it; ``named`` and ``quoted``: how well citations in question and
    answer name it; ``called``: whether the question has its label, number and all; ``leaf``:
    whether it is law, no summary; ``length`` of its content; ``nearby`` and ``retold``: the
    share of all words, and of the answer's, in the passage that has most of them; ``order``:
    the share of the answer's pairs of neighbouring words; ``numerals``: the share of the
    answer's numbers that are missing.
    """

    answer: float
    question: float
    both: float
    label: float
    topic: float
    trail: float
    lead: float
    named: float
    quoted: float
    called: float
    leaf: float
    length: float
    nearby: float = 0.0
    retold: float = 0.0
    order: float = 0.0
    numerals: float = 0.0


class Asked:
    """A pair in numbers, as it is compared with every candidate."""

    def __init__(self, index: TraceIndex, question: str, answer: str) -> None:
        self.weights = index.weights
        # "§ 510.600 of this chapter" is retold with the rule that says so; whoever writes
        # "21 CFR 110.10" says where he has it from
        numbers = index.numbers(without_citations(answer, of_title=True))
        known = [n for n in numbers if n >= 0]
        self.answered = frozenset(known)
        self.said = as_said(question)
        asked = index.numbers(without_citations(question), but=ASKING_WORDS)
        self.asked = frozenset(asked) - {-1}
        self.both = self.answered | self.asked
        self.unknown = len(numbers) - len(known)
        self.named = cited(question)
        self.quoted = [each for each in cited(answer) if each.title]
        unknown = index.unknown_weight * UNKNOWN
        self.asked_weight = self.weigh(self.asked) + asked.count(-1) * unknown
        self.answered_weight = self.weigh(self.answered) + self.unknown * unknown
        self.both_weight = self.weigh(self.both) + (self.unknown + asked.count(-1)) * unknown
        self.neighbours = frozenset(pairwise(known))
        self.neighbours_weight = self.weigh_pairs(self.neighbours)
        self.numerals = frozenset(n for n in self.answered if index.numeral[n])
        self.reach = 2 * len(numbers) + 8  # as long as the passage that an answer retells

    def weigh(self, terms: Iterable[int]) -> float:
        """The weight of terms."""
        return sum(map(self.weights.__getitem__, terms))

    def weigh_pairs(self, pairs: Iterable[tuple[int, int]]) -> float:
        """The weight of pairs of terms."""
        weights = self.weights
        return sum([weights[a] + weights[b] for a, b in pairs])


def at_a_glance(pair: Asked, entry: Entry, called: float) -> Likeness:
    """The figures that need no more than sets of words; ``called`` is found by the tracer."""
    here = pair.both.intersection(entry.content)
    titled = pair.both & entry.label
    here |= titled
    around = (pair.both & (entry.lead | entry.trail)) - here
    answered = pair.weigh(pair.answered & here) + 0.5 * pair.weigh(pair.answered & around)
    asked = pair.weigh(pair.asked & here)
    return Likeness(
        answered / pair.answered_weight if answered else 0.0,
        asked / pair.asked_weight if asked else 0.0,
        (pair.weigh(here) + 0.5 * pair.weigh(around)) / pair.both_weight if here else 0.0,
        pair.weigh(titled) / entry.label_weight if titled else 0.0,
        pair.weigh(pair.asked & titled) / pair.asked_weight if titled and asked else 0.0,
        pair.weigh(pair.both & entry.trail) / (entry.trail_weight or 1.0),
        pair.weigh(pair.asked & around) / (pair.asked_weight or 1.0),
        _cites(pair.named, entry),
        _cites(pair.quoted, entry),
        called,
        1.0 if entry.leaf else 0.0,
        entry.length,
    )


def elsewhere(pair: Asked, best: Entry, others: Iterable[Entry]) -> float:
    """The largest share of a pair's words that another principle has and the best has not.

    Where it is large the pair may be of two principles, or of the other one.
    """
    missing = (pair.both - best.label - best.lead).difference(best.content)
    if not missing:
        return 0.0
    shares = [pair.weigh(missing.intersection(each.content)) for each in others]
    return max(shares, default=0.0) / pair.both_weight


def closely(pair: Asked, entry: Entry, likeness: Likeness) -> Likeness:
    """The same with the figures that need the words in their order."""
    content = entry.content
    nearby = retold = 0.0
    step = pair.reach // 2
    for start in range(0, max(1, len(content) - step), step):
        passage = pair.both.intersection(content[start : start + pair.reach])
        nearby = max(nearby, pair.weigh(passage))
        retold = max(retold, pair.weigh(passage & pair.answered))
    shared = pair.neighbours.intersection(pairwise(content))
    missing = 0.0
    if pair.numerals:
        here = pair.numerals.intersection(content) | (pair.numerals & entry.label)
        missing = 1 - len(here) / len(pair.numerals)
    return likeness._replace(
        nearby=nearby / (pair.both_weight or 1.0),
        retold=retold / (pair.answered_weight or 1.0),
        order=pair.weigh_pairs(shared) / pair.neighbours_weight if shared else 0.0,
        numerals=missing,
    )


def _cites(units: Sequence[Cited], entry: Entry) -> float:
    own = entry.cited
    return max([cites(each, own) for each in units], default=0.0) if own is not None else 0.0
