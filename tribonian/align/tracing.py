"""Every pair traced to the principle that it came from.

First the words that question and answer share with the principles, rarest first, find some
candidates (`trace_index`); then each is compared closely (`likeness`), and what the best one
is worth says how surely it is the right one (`fitted`). Below `TRACED` a pair stays untraced:
a wrong principle does more harm than none.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from tribonian.align.built import BuiltPrinciple
from tribonian.align.fitted import FITS, GLANCE, RIGHT, WORTH
from tribonian.align.pairs.likeness import Asked, Likeness, at_a_glance, closely
from tribonian.align.trace_index import TraceIndex

CANDIDATES = 32  # compared by all their words
FINALISTS = 10  # compared by the order of their words too
ANSWERED = 0.2  # the least share of an answer's words that its principle has: a citation may
# be quoted, and a heading in a question says nothing of the answer
TRACED = 0.6  # the least match that is traced
SURE = 0.8  # a match above it is of one principle, however close the next one is
SAME_WORDS = 0.8  # how surely the words must be those of a principle that has a twin
TWINS = 3  # of so many that fit alike the first is taken; of more none
LEAD = 3.0  # how far ahead a candidate can be, in logarithms of odds
NEARLY = 0.35  # within so much of the best, another fits nearly as well


@dataclass(frozen=True, slots=True)
class Trace:
    """Where a pair came from.

    ``principle`` is None where no principle has the words of the pair, or too many have
    them. ``match`` is from 0 to 1: how surely the pair is of the principle that fits best.
    ``runner_up`` is the same of the next one. ``flags`` are among "untraced" and "ambiguous".
    ``best`` is the principle that fits best even where the pair stays untraced: for a person
    to look at, and never to be taken for the principle.
    """

    principle: BuiltPrinciple | None
    match: float
    runner_up: float
    flags: tuple[str, ...]
    best: BuiltPrinciple | None = None


class Candidate(NamedTuple):
    """A principle that a pair may be of: what it is worth, its place, and why."""

    worth: float
    place: int
    likeness: Likeness


class Tracer:
    """The principles of a build, ready to be traced to."""

    def __init__(self, principles: Sequence[BuiltPrinciple]) -> None:
        self.principles = list(principles)
        self.index = TraceIndex(self.principles)

    def trace(self, question: str, answer: str) -> Trace:
        """Where a pair came from; never an error, whatever the pair is."""
        pair = Asked(self.index, question, answer)
        ranked = self._ranked(pair)
        if not ranked or ranked[0].likeness.answer < ANSWERED:
            return Trace(None, 0.0, 0.0, ("untraced",))
        best = ranked[0]
        second = ranked[1] if len(ranked) > 1 else None
        lead = best.worth - second.worth if second else LEAD
        match = _odds(RIGHT, pair, best.likeness, lead)
        runner_up = _odds(RIGHT, pair, second.likeness, -lead) if second else 0.0
        alike = [each for each in ranked if best.worth - each.worth < NEARLY]
        fits = _odds(FITS, pair, best.likeness, 0.0) >= SAME_WORDS
        ambiguous = len(alike) > 1 and match < SURE and (fits or match >= TRACED)
        traced = match >= TRACED or (ambiguous and fits and len(alike) <= TWINS)
        flags = ("untraced",) * (not traced) + ("ambiguous",) * ambiguous
        fitting = self.principles[best.place]
        return Trace(fitting if traced else None, match, runner_up, flags, fitting)

    def trace_all(
        self,
        pairs: Iterable[tuple[str, str]],
        progress: Callable[[int], None] | None = None,
    ) -> Iterator[Trace]:
        """The traces of pairs in their order; ``progress`` is told how many are done."""
        for done, (question, answer) in enumerate(pairs, 1):
            yield self.trace(question, answer)
            if progress is not None:
                progress(done)

    def candidates(self, question: str, answer: str) -> list[Candidate]:
        """The principles that a pair may be of, best first, with what speaks for each."""
        return self._ranked(Asked(self.index, question, answer))

    def _ranked(self, pair: Asked) -> list[Candidate]:
        index = self.index
        found = index.candidates(pair.both, pair.asked, CANDIDATES)
        for place in index.citing([*pair.named, *pair.quoted])[:CANDIDATES]:
            if place not in found:
                found.append(place)
        glances = []
        for place in found:
            likeness = at_a_glance(pair, index.entries[place])
            glances.append((-_worth(GLANCE, likeness), place, likeness))
        glances.sort()
        ranked = []
        for _, place, glance in glances[:FINALISTS]:
            likeness = closely(pair, index.entries[place], glance)
            ranked.append(Candidate(_worth(WORTH, likeness), place, likeness))
        ranked.sort(key=lambda each: (-each.worth, each.place))  # ties: by the order of law
        return ranked


def _worth(worth: Likeness, likeness: Likeness) -> float:
    return round(sum([a * b for a, b in zip(worth, likeness, strict=True)]), 9)


def _odds(fitted: Mapping[str, float], pair: Asked, likeness: Likeness, lead: float) -> float:
    """The probability that a fitted logistic regression gives, of four digits."""
    figures = likeness._asdict()
    figures["always"] = 1.0
    figures["words"] = min(len(pair.answered) + pair.unknown, 30) / 30
    figures["lead"] = max(-LEAD, min(LEAD, lead))
    figures["clear"] = figures["lead"] * likeness.both
    odds = sum([worth * figures[name] for name, worth in fitted.items()])
    return round(1 / (1 + math.exp(-odds)), 4)
