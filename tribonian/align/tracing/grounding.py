"""What an answer has that its principle has not: numbers, modals, terms.

A flag says to a reviewer where to look first; it is no verdict. Numbers are compared by value
and unit, modals sentence by sentence, terms by the words of the whole build.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from tribonian.align.built import BuiltPrinciple
from tribonian.align.tracing.bounds import bounds, turned
from tribonian.align.tracing.general_words import GENERAL_WORDS
from tribonian.align.tracing.modals import NEXT_BEST, differing, said
from tribonian.align.tracing.quantities import Quantity, names, periods, quantities
from tribonian.align.tracing.tracer import Tracer
from tribonian.align.tracing.wording import term, tokens, wording
from tribonian.consolidate.sentences import split_sentences

NUMBER, MODAL, TERM = "ungrounded-number", "ungrounded-modal", "ungrounded-term"


@dataclass(frozen=True, slots=True)
class Ungrounded:
    """A flag and the words of the answer that it is for."""

    flag: str
    text: str


@dataclass(frozen=True, slots=True)
class Figures:
    """The quantities of a text: with kind and unit, by value, dates, and all runs of digits."""

    quantities: frozenset[tuple[str, object, str | None]]
    values: frozenset[object]
    dates: tuple[tuple[int, ...], ...]
    digits: frozenset[str]


class _Ground:
    """What a principle has to ground an answer with, read when it is asked for."""

    def __init__(self, principle: BuiltPrinciple) -> None:
        around = "\n".join((*principle.trail, principle.label, principle.citation or ""))
        self._text = f"{around}\n{principle.content}"
        self.sentences = said(_LEAD.sub(r"\1\n", principle.content))

    @cached_property
    def figures(self) -> Figures:
        """Its quantities."""
        return figures(self._text)

    @cached_property
    def terms(self) -> frozenset[str]:
        """Its telling words."""
        return frozenset(wording(self._text))


class Grounding:
    """Asks of answers what their principles do not have; ``tracer`` knows the whole build."""

    def __init__(self, tracer: Tracer) -> None:
        self._index = tracer.index
        self._sections: dict[str, list[BuiltPrinciple]] = {}
        for each in tracer.principles:
            self._sections.setdefault(_section(each), []).append(each)
        self._ground = lru_cache(maxsize=512)(_Ground)
        self._beside = lru_cache(maxsize=128)(self._read_beside)

    def flags(self, question: str, answer: str, principle: BuiltPrinciple) -> tuple[str, ...]:
        """The flags of a pair: ungrounded-number, ungrounded-modal, ungrounded-term."""
        found = {each.flag for each in self.ungrounded(question, answer, principle)}
        return tuple(flag for flag in (NUMBER, MODAL, TERM) if flag in found)

    def ungrounded(self, question: str, answer: str, principle: BuiltPrinciple) -> list[Ungrounded]:
        """What an answer has that neither its principle nor its question has."""
        ground = self._ground(principle)
        found = [Ungrounded(NUMBER, text) for text in self._numbers(question, answer, principle)]
        found += [
            Ungrounded(MODAL, text)
            for text in differing(said(answer), ground.sentences, self._index.weigh_words)
        ]
        found += [Ungrounded(TERM, text) for text in self._terms(question, answer, principle)]
        return found

    # -- numbers -----------------------------------------------------------------------------

    def _numbers(self, question: str, answer: str, principle: BuiltPrinciple) -> list[str]:
        own = quantities(answer, counted=False)
        named = names(answer)
        if not own and not named:
            return []
        ground = self._ground(principle)
        missing = [each for each in own if not _grounded(each, ground.figures)]
        strange = [each for each in named if not _named(each, ground.figures)]
        if missing or strange:
            asked = figures(question)
            missing = [each for each in missing if not _grounded(each, asked)]
            strange = [each for each in strange if not _named(each, asked)]
        if missing or strange:  # other pieces of the section ground what has its unit with it
            beside = self._beside(_section(principle))
            missing = [each for each in missing if each.unit is None or not _grounded(each, beside)]
            strange = [each for each in strange if not _named(each, beside)]
        found = [each.text for each in missing] + strange
        if own and not found:
            found = self._replaced(answer, ground) or self._turned(answer, ground)
        return found

    def _turned(self, answer: str, ground: _Ground) -> list[str]:
        """Limits that point the other way than in what they retell: "at most 500"."""
        found: list[str] = []
        for part in split_sentences(answer):
            if not bounds(part):
                continue
            terms = frozenset(word for word in wording(part) if not word[0].isdigit())
            whole = self._index.weigh_words(terms) or 1.0
            alike = [
                each.text
                for each in ground.sentences
                if self._index.weigh_words(terms & each.terms) / whole >= ALIKE
            ]
            found += turned(part, alike)
        return found

    def _replaced(self, answer: str, ground: _Ground) -> list[str]:
        """Numbers that stand in the place of others: of "5 mg or more" in another sentence."""
        found: list[str] = []
        for part in split_sentences(answer):
            own = quantities(part, counted=False)
            if not own:
                continue
            terms = frozenset(word for word in wording(part) if not word[0].isdigit())
            whole = self._index.weigh_words(terms) or 1.0
            shares = [
                self._index.weigh_words(terms & each.terms) / whole for each in ground.sentences
            ]
            best = max(shares, default=0.0)
            if best < ALIKE:
                continue
            theirs = {
                (each.value, each.unit)
                for sentence, share in zip(ground.sentences, shares, strict=True)
                if share >= best * NEXT_BEST
                for each in sentence.numbers
            }
            ours = {(each.value, each.unit) for each in own}
            left = {unit for _, unit in theirs - ours if unit}
            found += [
                each.text
                for each in own
                if each.unit in left and (each.value, each.unit) not in theirs
            ]
        return found

    # -- terms -------------------------------------------------------------------------------

    def _terms(self, question: str, answer: str, principle: BuiltPrinciple) -> list[str]:
        known = self._ground(principle).terms | frozenset(wording(question))
        found = [
            name[0]
            for name in _NAME.finditer(answer)
            if not _general(name[0]) and not _known(name[0], known)
        ]
        for sentence in split_sentences(answer):
            telling = {
                token: word
                for token in tokens(sentence)
                if (word := term(token)) and not word[0].isdigit() and token not in GENERAL_WORDS
            }
            missing = [token for token, word in telling.items() if word not in known]
            if len(missing) < FOREIGN_TERMS:
                continue
            whole = self._index.weigh_words(set(telling.values()))
            share = self._index.weigh_words({telling[token] for token in missing}) / whole
            if share >= FOREIGN_SHARE:
                found += missing
        return found

    # -- what there is to ground with --------------------------------------------------------

    def _read_beside(self, section: str) -> Figures:
        return figures("\n\n".join(each.content for each in self._sections[section]))


ALIKE = 0.6  # the share of a sentence's words from which another number is a replaced one
FOREIGN_TERMS = 3  # how many terms of a sentence must be foreign
FOREIGN_SHARE = 0.6  # and how much of its terms, by weight
_LEAD = re.compile(r"^\[(.*?)\]\n\n", re.DOTALL)
# A capitalised word or more inside a sentence, an initialism, or what stands in quotes.
_NAME = re.compile(
    r"(?<=[\w,;:)’'”\"] )[A-Z][\w’'-]*(?:\s+(?:of\s+|for\s+|the\s+|and\s+)*[A-Z][\w’'-]*)*"
    r"|\b[A-Z]{3,}\b|“[^”]{2,60}”|\"[^\"]{2,60}\""
)
_DIGITS = re.compile(r"\d+(?:[.\-–]\d+)*")


def figures(text: str) -> Figures:
    """What a text has of quantities."""
    found = {*quantities(text), *periods(text)}
    return Figures(
        frozenset((_kind(each), each.value, each.unit) for each in found),
        frozenset(each.value for each in found),
        tuple(each.value for each in found if isinstance(each.value, tuple)),
        frozenset(_DIGITS.findall(text.replace(",", ""))),
    )


def _kind(quantity: Quantity) -> str:
    return "number" if quantity.kind == "ordinal" else quantity.kind


def _grounded(quantity: Quantity, ground: Figures) -> bool:
    value = quantity.value
    if isinstance(value, tuple) and quantity.kind == "date":
        return any(
            len(date) == 3 and all(a in (0, b) for a, b in zip(value, date, strict=True))
            for date in ground.dates
        )
    if quantity.kind == "code":
        return all(digits in ground.digits for digits in _DIGITS.findall(quantity.text))
    kind = _kind(quantity)
    if (kind, value, quantity.unit) in ground.quantities:
        return True
    if (kind, value, None) in ground.quantities:
        return True
    if quantity.unit is not None:
        return False
    if value in ground.values or any(value == date[0] for date in ground.dates):
        return True
    digits = quantity.text.replace(",", "")
    return ("." in digits or len(digits) > 3) and digits in ground.digits


def _named(name: str, ground: Figures) -> bool:
    """Whether a text has the numbers of a citation."""
    return all(digits in ground.digits for digits in _DIGITS.findall(name.replace(",", " ")))


def _known(name: str, known: frozenset[str]) -> bool:
    words = [word for word in wording(name) if not word[0].isdigit()]
    return not words or any(word in known for word in words)


def _general(name: str) -> bool:
    return all(token in GENERAL_WORDS or not term(token) for token in tokens(name))


def _section(principle: BuiltPrinciple) -> str:
    return (principle.citation or principle.id).split("(")[0]


def flags_of(found: Iterable[Ungrounded]) -> tuple[str, ...]:
    """The flags of findings, each once, in their order."""
    flags: Sequence[str] = [each.flag for each in found]
    return tuple(flag for flag in (NUMBER, MODAL, TERM) if flag in flags)
