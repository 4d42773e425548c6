"""The principles of a build as an index of their words.

Terms are numbered from the rarest to the most frequent, terms of one frequency by the
alphabet, so that a query is read rarest first by sorting its numbers, and the order of the
principles changes nothing. A term weighs log(1 + N / n), where n of N principles have it.
"""

from __future__ import annotations

import math
import re
from array import array
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, replace
from heapq import nsmallest

from tribonian.align.built import BuiltPrinciple
from tribonian.align.tracing.citing import Cited, cited_unit, cites
from tribonian.align.tracing.general_words import GENERAL_WORDS
from tribonian.align.tracing.wording import term, tokens

# How many places of words are looked at for one pair; a word that would go beyond is left to
# the second look at the candidates that the rarer words have found.
BUDGET = 3000
READ = 5  # so many words are read whatever they cost: some answers have common words alone

LEAST = 0.3  # what a candidate must weigh, as a share of the heaviest
GENERAL = 0.6  # what a word of general English weighs, as a share of its weight in law
_GENERAL_TERMS = frozenset(map(term, GENERAL_WORDS))

# What a piece of a section repeats from before it: "[(a) A plant shall keep: — (2) Records]"
_LEAD = re.compile(r"^\[.*?\]\n\n", re.DOTALL)
# What a label has behind its heading: "[Subpart A—General]", "(2 of 8)", "(continued)"
_IN_BRACKETS = re.compile(r"\s*\[[^\]]*\]")
_BEHIND = re.compile(r"(?:\s+(?:\[[^\]]*\]|\((?:continued\b[^)]*|\d+(?: of \d+)?)\)))+$")
# "§ 110.2 Scope", "Appendix B—Tables", no "Scope" or "Section 5", which many laws have
_ONES_OWN = re.compile(r" (?=.*\d)(?:\S+ ){3}| \d+\.\d\S* \S+ $")

# What a label has besides its words; citations are compared by themselves.
_NUMBERED = re.compile(r"^(?:§+|Sections?|Articles?|PART|Subpart)\s*\d\S*\s*|\(\d+ of \d+\)$")


@dataclass(frozen=True, slots=True)
class Entry:
    """A principle as numbers: the terms of its content in their order, of its label, and of
    what stands around it: the labels above it and the lines that it repeats. ``called``: its
    label as a question would have it, whole and without what stands in brackets behind it."""

    content: array[int]
    label: frozenset[int]
    lead: frozenset[int]
    trail: frozenset[int]
    cited: Cited | None
    called: tuple[str, ...]
    leaf: bool
    label_weight: float
    trail_weight: float
    length: float  # of the content, by its logarithm, about 1 for 1,000 words


class TraceIndex:
    """Postings of content and label; ``weights`` and ``numeral`` by number of the term."""

    def __init__(self, principles: Sequence[BuiltPrinciple]) -> None:
        terms, entries = _read(principles)
        frequency = [0] * len(terms)
        for each in entries:
            for number in each.label.union(each.content):
                frequency[number] += 1
        order = sorted(terms, key=lambda name: (name != "", frequency[terms[name]], name))
        place = [0] * len(terms)
        for n, name in enumerate(order):
            place[terms[name]] = n
        size = len(entries)
        self._terms = {name: n for n, name in enumerate(order)}
        self._numbers: dict[str, int] = {}
        self.weights = [
            math.log1p(size / n) * (GENERAL if name in _GENERAL_TERMS else 1.0)
            if (n := frequency[terms[name]])
            else 0.0
            for name in order
        ]
        self.unknown_weight = math.log1p(size / 2) if size else 1.0
        self.numeral = [name[:1].isdigit() for name in order]
        self.entries = _renumbered(entries, place, self.weights)
        self._postings = [array("I") for _ in order]
        self._labels: dict[int, array[int]] = {}
        self._cited: dict[str, list[int]] = {}
        for n, entry in enumerate(self.entries):
            for number in entry.label.union(entry.content):
                self._postings[number].append(n)
            for number in entry.label:
                self._labels.setdefault(number, array("I")).append(n)
            if entry.cited is not None:
                self._cited.setdefault(entry.cited.unit, []).append(n)
        middle = sum(len(entry.content) for entry in self.entries) / (size or 1) or 1.0
        self._shrink = [
            1 / (0.75 + 0.25 * len(entry.content) / middle) ** 0.5 for entry in self.entries
        ]

    def numbers(self, text: str, but: Container[str] = ()) -> list[int]:
        """The terms of a text in their order; -1 for one that no principle has.

        Words of general English that no principle has are left out, and the words ``but``.
        """
        known = self._numbers
        found: list[int] = []
        for token in tokens(text):
            if token in but:
                continue
            number = known.get(token)
            if number is None:
                name = term(token)
                number = self._terms.get(name, 0 if name in _GENERAL_TERMS else -1)
                if number >= 0:
                    known[token] = number
            if number:
                found.append(number)
        return found

    def weight_of(self, word: str) -> float:
        """The weight of one word in the form in which it is compared."""
        number = self._terms.get(word)
        return self.unknown_weight if number is None else self.weights[number]

    def weigh_words(self, words: Iterable[str]) -> float:
        """The weight of words; added up in one order, so that it is always the same."""
        return sum([self.weight_of(word) for word in sorted(words)])

    def citing(self, cited: Iterable[Cited], said: str, count: int) -> list[int]:
        """The ``count`` principles that cited units name best; ``said``: as `calls` has it."""
        best: dict[int, float] = {}
        for each in cited:
            for n in self._cited.get(each.unit, ()):
                own = self.entries[n].cited
                named = cites(each, own) if own is not None else 0.0
                best[n] = max(best.get(n, 0.0), named)
        if len(best) <= count:
            return list(best)
        rank = [(-calls(said, self.entries[n]), -named, n) for n, named in best.items()]
        return [n for _, _, n in nsmallest(count, rank)]

    def candidates(self, query: Iterable[int], asked: Iterable[int], count: int) -> list[int]:
        """The ``count`` principles that share most with a pair; ``asked``: its question."""
        found: dict[int, float] = {}
        get = found.get
        seen = 0
        for read, number in enumerate(sorted(query)):
            places = self._postings[number]
            seen += len(places)
            if seen > BUDGET and read >= READ:
                break
            weight = self.weights[number]
            for n in places:
                found[n] = get(n, 0.0) + weight
        seen = 0
        for number in sorted(asked):
            labelled = self._labels.get(number)
            if labelled is None:
                continue
            seen += len(labelled)
            if seen > BUDGET:
                break
            weight = self.weights[number] * 0.5
            for n in labelled:
                found[n] = get(n, 0.0) + weight
        if not found:
            return []
        shrink = self._shrink
        least = max(found.values()) * LEAST
        ranked = [(-v * shrink[n], n) for n, v in found.items() if v >= least]
        return [n for _, n in nsmallest(count, ranked)]


def calls(said: str, entry: Entry) -> float:
    """How many signs of a label stand in what is said, whole or nearly so; 0 for none.

    ``said``: the words and numbers of a question, a blank before and after each.
    """
    for n, form in enumerate(entry.called):
        if form in said:
            return len(form) - 0.1 * (n > 0)
    return 0.0


def as_said(text: str) -> str:
    """A text as `calls` compares it."""
    return f" {' '.join(tokens(text))} "


def _called(label: str) -> tuple[str, ...]:
    """The forms of a label that has a number: a heading alone is of too many principles."""
    forms = [label, _IN_BRACKETS.sub("", label), _BEHIND.sub("", label)]
    return tuple(dict.fromkeys(said for form in forms if _ONES_OWN.match(said := as_said(form))))


def _read(principles: Sequence[BuiltPrinciple]) -> tuple[dict[str, int], list[Entry]]:
    """The principles in numbers, as their terms come."""
    first: dict[str, int] = {}  # a token -> the number of its term, 0: tells nothing
    terms: dict[str, int] = {"": 0}
    trails: dict[tuple[str, ...], frozenset[int]] = {}

    def numbers(text: str) -> Iterable[int]:
        for token in tokens(text):
            number = first.get(token)
            if number is None:
                number = first[token] = terms.setdefault(term(token), len(terms))
            if number:
                yield number

    entries: list[Entry] = []
    for each in principles:
        lead = _LEAD.match(each.content)
        start = lead.end() if lead else 0
        if each.trail not in trails:
            trails[each.trail] = frozenset(numbers(" ".join(each.trail)))
        content = array("I", numbers(each.content[start:]))
        entries.append(
            Entry(
                content,
                frozenset(numbers(_NUMBERED.sub("", each.label))),
                frozenset(numbers(lead[0]) if lead else ()),
                trails[each.trail],
                cited_unit(each.citation, each.label),
                _called(each.label) if each.leaf else (),
                each.leaf,
                0.0,
                0.0,
                math.log1p(len(content)) / 7,
            )
        )
    return terms, entries


def _renumbered(
    entries: Sequence[Entry], place: Sequence[int], weights: Sequence[float]
) -> list[Entry]:
    again = place.__getitem__
    sets: dict[frozenset[int], frozenset[int]] = {}  # most trails stand above many principles

    def renumber(numbers: frozenset[int]) -> frozenset[int]:
        if numbers not in sets:
            sets[numbers] = frozenset(map(again, numbers))
        return sets[numbers]

    def weigh(numbers: frozenset[int]) -> float:
        return sum(weights[n] for n in sorted(numbers))

    found = []
    for each in entries:
        label, trail = renumber(each.label), renumber(each.trail)
        found.append(
            replace(
                each,
                content=array("I", map(again, each.content)),
                label=label,
                lead=renumber(each.lead),
                trail=trail,
                label_weight=weigh(label),
                trail_weight=weigh(trail),
            )
        )
    return found
