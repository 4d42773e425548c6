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
from tribonian.align.tracing.fitted import FITS, GLANCE, RIGHT, WORTH
from tribonian.align.tracing.likeness import Asked, Likeness, at_a_glance, closely, elsewhere
from tribonian.align.tracing.trace_index import TraceIndex, calls

CANDIDATES = 40  # compared by all their words
OTHERS = 4  # of so many the best is asked whether another has words that it has not
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
        others = [self.index.entries[each.place] for each in ranked[1:OTHERS]]
        lacking = elsewhere(pair, self.index.entries[best.place], others)
        match = odds(RIGHT, pair, best.likeness, lead, lacking)
        runner_up = odds(RIGHT, pair, second.likeness, -lead) if second else 0.0
        alike = [each for each in ranked if best.worth - each.worth < NEARLY]
        fits = odds(FITS, pair, best.likeness) >= SAME_WORDS
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

    def glances(self, pair: Asked) -> list[tuple[int, Likeness]]:
        """The places of the principles that a pair may be of, by all their words."""
        index = self.index
        found = index.candidates(pair.both, pair.asked, CANDIDATES)
        named = index.citing([*pair.named, *pair.quoted], pair.said, CANDIDATES)
        found += [place for place in named if place not in found]
        called = [calls(pair.said, index.entries[place]) for place in found]
        longest = max(called, default=0.0) or 1.0
        # the longest label decides: "§ 1 Wax (5 of 12)" has "§ 1 Wax" of the other pieces too
        return [
            (place, at_a_glance(pair, index.entries[place], (signs / longest) ** 4))
            for place, signs in zip(found, called, strict=True)
        ]

    def _ranked(self, pair: Asked) -> list[Candidate]:
        index = self.index
        glances = [(-_worth(GLANCE, each), place, each) for place, each in self.glances(pair)]
        glances.sort()
        ranked = []
        for _, place, glance in glances[:FINALISTS]:
            likeness = closely(pair, index.entries[place], glance)
            ranked.append(Candidate(_worth(WORTH, likeness), place, likeness))
        ranked.sort(key=lambda each: (-each.worth, each.place))  # ties: by the order of law
        return ranked


def _worth(worth: Likeness, likeness: Likeness) -> float:
    return round(sum([a * b for a, b in zip(worth, likeness, strict=True)]), 9)


def figures_of(pair: Asked, likeness: Likeness, lead: float, lacking: float) -> dict[str, float]:
    """What the match is told by; ``lacking``: what `elsewhere` says."""
    figures = likeness._asdict()
    figures["always"] = 1.0
    figures["words"] = min(len(pair.answered) + pair.unknown, 30) / 30
    figures["lead"] = max(-LEAD, min(LEAD, lead))
    figures["clear"] = figures["lead"] * likeness.both
    figures["lacking"] = lacking
    figures["unasked"] = lacking * (1 - likeness.question)
    return figures


def odds(
    fitted: Mapping[str, float],
    pair: Asked,
    likeness: Likeness,
    lead: float = 0.0,
    lacking: float = 0.0,
) -> float:
    """The probability that a fitted logistic regression gives, of four digits."""
    figures = figures_of(pair, likeness, lead, lacking)
    logarithm = sum([worth * figures[name] for name, worth in fitted.items()])
    return round(1 / (1 + math.exp(-logarithm)), 4)
