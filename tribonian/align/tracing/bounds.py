"""Which way a limit points: "at least 500" and "at most 500" have the same number.

The Plain Writing guides and the drafting handbooks offer a dozen phrases for the same limit ("not
less than", "no fewer than", "at least", "or more"), so that phrases are compared by where they
point and not by their words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from tribonian.align.tracing.quantities import Quantity, quantities

LEAST, MOST = "least", "most"

_NOT = "(?:not|no|nor|never)"
# Tried in this order: "not less than" before "less than".
_BEFORE: tuple[tuple[str, str], ...] = (
    (LEAST, rf"{_NOT} (?:be )?(?:less|fewer|lower|smaller|shorter|younger|earlier|sooner) than"),
    (LEAST, f"{_NOT} (?:be )?below|at (?:the )?(?:very )?least|at a minimum|(?:a )?minimum of"),
    (MOST, rf"{_NOT} (?:be )?(?:more|greater|higher|larger|longer|older|later) than"),
    (MOST, f"{_NOT} (?:be )?(?:over|above|in excess of)|{_NOT} (?:to )?exceed(?:ing|s)?"),
    (MOST, "at (?:the )?(?:very )?most|(?:a )?maximum of|up to|as much as|within"),
    (LEAST, "(?:more|greater|higher|larger|longer|older|later) than|in excess of"),
    (LEAST, "exceed(?:s|ing)?|over|above"),
    (MOST, "(?:less|fewer|lower|smaller|shorter|younger|earlier|sooner) than|below"),
)
_PHRASE = re.compile(
    r"\b(?:" + "|".join(f"(?P<b{n}>{forms})" for n, (_, forms) in enumerate(_BEFORE)) + r")\b",
    re.IGNORECASE,
)
_BEHIND = re.compile(
    r"\bor (?:(?P<least>more|greater|higher|larger|longer|older|later|over|above)"
    r"|(?P<most>less|fewer|lower|smaller|shorter|younger|earlier|sooner|under|below))\b",
    re.IGNORECASE,
)
_NEAR = 12  # characters that may stand between a phrase and its number: "at least the first 5"
_REACH = 48  # how far the number itself may reach
# Other denials turn a limit round: "may not have less than 5" is "must have at least 5".
_DENIAL = re.compile(
    r"\b(?:not|no|never|nor|neither|none|cannot|without|unless|except\w*|only|prohibit\w*|"
    r"forbid\w*|unlawful\w*|illegal\w*|fail\w*|violat\w*|exempt\w*|refus\w*|den(?:y|ies|ied))\b"
    r"|n['’]t\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Bound:
    """A limit: ``points`` is least or most; ``text`` the phrase with its number."""

    points: str
    value: object
    unit: str | None
    text: str


@lru_cache(maxsize=4096)
def bounds(text: str) -> tuple[Bound, ...]:
    """The limits that a sentence sets, in their order."""
    return tuple(_bounds(" ".join(text.split())))


def _bounds(text: str) -> Iterator[Bound]:
    for match in _PHRASE.finditer(text):
        tail = text[match.end() : match.end() + _REACH]
        first = _nearest(quantities(tail), tail)
        if first is not None and tail.find(first.text) <= _NEAR:
            points = _BEFORE[int(str(match.lastgroup)[1:])][0]
            end = match.end() + tail.find(first.text) + len(first.text)
            yield Bound(points, first.value, first.unit, text[match.start() : end])
    for match in _BEHIND.finditer(text):
        head = text[max(0, match.start() - _REACH) : match.start()]
        last = _nearest(quantities(head), head, last=True)
        if last is not None and len(head) - head.rfind(last.text) - len(last.text) <= _NEAR:
            start = match.start() - len(head) + head.rfind(last.text)
            yield Bound(str(match.lastgroup), last.value, last.unit, text[start : match.end()])


def _nearest(found: Iterable[Quantity], text: str, *, last: bool = False) -> Quantity | None:
    placed = [
        (place, each)
        for each in found
        if (place := (text.rfind if last else text.find)(each.text)) >= 0
    ]
    if not placed:
        return None
    return (max if last else min)(placed, key=lambda one: one[0])[1]


def denies_besides(text: str) -> bool:
    """Whether a sentence denies anything otherwise than in the phrases of its limits."""
    return _DENIAL.search(_BEHIND.sub(" ", _PHRASE.sub(" ", text))) is not None


def turned(sentence: str, sources: Iterable[str]) -> list[str]:
    """The limits of a sentence that point the other way in sentences that it retells.

    A limit without its like in the sources is not judged, nor one where only one of the two
    denies something besides.
    """
    own = bounds(sentence)
    if not own:
        return []
    denied = denies_besides(sentence)
    theirs = [
        each for source in sources if denies_besides(source) == denied for each in bounds(source)
    ]
    found = []
    for bound in own:
        same = {
            each.points for each in theirs if (each.value, each.unit) == (bound.value, bound.unit)
        }
        if same and bound.points not in same:
            found.append(bound.text)
    return found
