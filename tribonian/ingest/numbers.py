"""Printed numbers and what they can mean: a letter, a numeral, a figure.

``i`` is the ninth letter and the Roman one; ``aa`` follows ``z`` and ``ii`` follows ``hh``
or ``i``. Alphabets are data here; `designators` decides.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from operator import lt

LETTER, NUMBER, ROMAN, UPPER, UPPER_ROMAN = "a", "1", "i", "A", "I"
ITALIC = "*"
# The same with a stop and no parentheses, as appendices print them: 1. A. I. a. i.
DOTTED = {LETTER: "l", NUMBER: "N", ROMAN: "r", UPPER: "U", UPPER_ROMAN: "R"}

Value = tuple[int, int]  # (2, 0) is the second; (1, 1) is "a-1", inserted after the first

_ROMAN = re.compile(r"(?=[ivxlcdm])m{0,3}(cm|cd|d?c{0,3})(xc|xl|l?x{0,3})(ix|iv|v?i{0,3})")
_ROMAN_DIGITS = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}
_INSERTED = re.compile(r"([a-zA-Z]{1,3}|\d{1,3})[-–.](\d{1,2}|[a-z])|(\d{1,3})([a-z])")


def roman(text: str) -> int | None:
    """The value of a lower-case roman numeral in its one correct form, else None."""
    if not _ROMAN.fullmatch(text):
        return None
    total = 0
    for this, following in zip(text, text[1:] + " ", strict=True):
        worth = _ROMAN_DIGITS[this]
        total += -worth if _ROMAN_DIGITS.get(following, 0) > worth else worth
    return total


def _letters(text: str) -> int | None:
    """a=1 … z=26, then aa=27, bb=28 … zz=52, aaa=53: doubled letters, not base 26.

    California and Canada go on after aa with ab, ac … az (Cal. Civ. Code 1798.140).
    """
    if len(text) == 2 and text[0] == "a" and "b" <= text[1] <= "z":
        return 26 + ord(text[1]) - 96
    if len(set(text)) != 1 or not "a" <= text[0] <= "z":
        return None
    return (len(text) - 1) * 26 + ord(text[0]) - 96


@lru_cache(maxsize=4096)
def readings(text: str) -> tuple[tuple[str, Value], ...]:
    """Every (kind, value) that a printed number can have: ``i`` is a letter and a numeral."""
    inserted = _INSERTED.fullmatch(text)
    if inserted:
        stem = inserted[1] or inserted[3]
        extra = inserted[2] or inserted[4]
        place = int(extra) if extra.isdigit() else ord(extra) - 96
        return tuple((kind, (value[0], place)) for kind, value in readings(stem))
    if text[-1:] == ".":
        if text[-2:-1] == ".":
            return ()
        return tuple((DOTTED[kind], value) for kind, value in readings(text[:-1]))
    if text.isascii() and text.isdigit():
        return ((NUMBER, (int(text), 0)),)
    found: list[tuple[str, Value]] = []
    lower = text.lower()
    if text not in (lower, text.upper()):
        return ()
    is_upper = text != lower
    place_or_none = _letters(lower)
    if place_or_none is not None and len(text) <= 5:
        found.append((UPPER if is_upper else LETTER, (place_or_none, 0)))
    value = roman(lower)
    if value is not None:
        found.append((UPPER_ROMAN if is_upper else ROMAN, (value, 0)))
    return tuple(found)


def is_first(text: str) -> bool:
    """Whether a number can open a list: a, 1, i, A, I."""
    return any(value == (1, 0) for _, value in readings(text))


def follows(previous: str, text: str) -> bool:
    """Whether ``text`` can be the next number after ``previous``: b after a, ii after i."""
    return _related(previous, text, is_next)


def comes_after(previous: str, text: str) -> bool:
    """Whether ``text`` is a later number of the kind of ``previous``: d after a."""
    return _related(previous, text, lt)


def _related(previous: str, text: str, relation: Callable[[Value, Value], bool]) -> bool:
    """Whether two numbers can be read as one kind and stand in this relation then."""
    return any(
        kind == kind2 and relation(value, value2)
        for kind, value in readings(previous)
        for kind2, value2 in readings(text)
    )


def is_next(value: Value, following: Value) -> bool:
    """Whether a value comes straight after another: 3 after 2, 2-1 after 2."""
    return following == (value[0] + 1, 0) or following == (value[0], value[1] + 1)
