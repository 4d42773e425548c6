"""What two texts may not differ in and still say the same: numbers, duties, denials.

Near is not same: 15 days are not 30, must is not may, and what is not forbidden is allowed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import product
from typing import NamedTuple

from tribonian.align.tracing.synonyms import NUMBER_WORDS
from tribonian.align.tracing.wording import tokens

# What obliges, permits, forbids and advises, word by word; a slash is between words of which one
# stands there. Of several that fit the longest is taken.
DUTIES: tuple[tuple[str, str], ...] = (
    # "may not" forbids: Document Drafting Handbook, "shall, must, may"
    ("must not", "must/shall/may/can not"),
    ("must not", "cannot/can't/mustn't/shan't"),
    ("must not", "is/are/be/was/were not permitted/allowed/authorized"),
    ("must not", "is/are/be/was/were prohibited/forbidden/barred/unlawful"),
    ("need not", "need not"),
    ("need not", "needn't"),
    ("need not", "does/do/did not need/have to"),
    ("need not", "doesn't/don't/didn't need/have to"),
    ("need not", "is/are/be/was/were not required/obliged/obligated"),
    ("need not", "isn't/aren't/wasn't/weren't required/obliged/obligated"),
    ("must", "must/shall"),
    ("must", "is/are/be/was/were required/obliged/obligated/mandatory"),
    ("must", "has/have/had/need/needs to"),
    ("must", "require/requires"),
    ("may", "may/can"),
    ("may", "is/are/be/was/were permitted/allowed/authorized"),
    ("should not", "should/ought not"),
    ("should not", "shouldn't"),
    ("should", "should/ought"),
)
# What denies or takes out; every word that ends in n't denies too.
DENIALS: tuple[tuple[str, str], ...] = (
    ("not", "not/no/never/none/neither/nor/nothing/nobody/without"),
    ("except", "except/excepting/exception/exceptions/unless/excluding/exclude/excludes"),
    ("except", "exempt/exempts/exempted/exemption/exemptions"),
    ("except", "other than"),
    ("only", "only/solely/exclusively"),
)
# What is counted: a number with another of them is another number.
_COUNTED = (
    "second seconds minute minutes hour hours day days week weeks month months year years",
    "percent % dollar dollars cent cents euro euros times copy copies business calendar working",
    "mm cm m km inch inches foot feet yard yards mile miles",
    "mg g kg gram grams kilogram kilograms milligram milligrams ounce ounces oz pound pounds lb",
    "ml l liter liters litre litres gallon gallons pint pints quart quarts ppm ppb",
    "c f degree degrees celsius fahrenheit volt volts watt watts v w lux lumen lumens",
    "db decibel decibels hz n newton newtons pa kpa psi",
)
UNITS = frozenset(" ".join(_COUNTED).split())
_MONTHS = "january february march april june july august september october november december"
MONTHS = frozenset(_MONTHS.split())
_SAME_UNIT = {"%": "percent", "$": "dollar", "feet": "foot", "inches": "inch", "copies": "copy"}


def _by_first_word() -> dict[str, list[tuple[tuple[str, ...], str]]]:
    """The phrases by their first word, each with what it says, the longest first."""
    by_first: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for kind, phrase in (*DUTIES, *DENIALS):
        for words in product(*(slot.split("/") for slot in phrase.split())):
            by_first.setdefault(words[0], []).append((words[1:], kind))
    for phrases in by_first.values():
        phrases.sort(key=lambda each: -len(each[0]))
    return by_first


_PHRASES = _by_first_word()


class Law(NamedTuple):
    """What a text says in law: its numbers in their order, its duties and denials sorted."""

    numbers: tuple[str, ...]
    duties: tuple[str, ...]


def law_of(text: str) -> Law:
    """The numbers of a text with what they count, and what it obliges, permits and denies."""
    if "$" in text:
        text = _DOLLARS.sub(r"\1 dollars", text)
    if not text.isascii():
        text = text.replace("’", "'")
    words = tokens(_MINUS.sub(" minus ", text).replace("-", " "))
    return Law(tuple(_numbers(words)), tuple(sorted(_duties(words))))


def _duties(words: list[str]) -> Iterator[str]:
    passed = 0
    for n, word in enumerate(words):
        if n < passed or (word == "may" and _is_date(words, n)):
            continue
        for rest, kind in _PHRASES.get(word, ()):
            if not rest or tuple(words[n + 1 : n + 1 + len(rest)]) == rest:
                yield kind
                passed = n + 1 + len(rest)
                break
        else:
            if word.endswith("n't"):
                yield "not"


_DOLLARS = re.compile(r"\$\s?(\d[\d.,]*(?<![.,])(?: (?:hundred|thousand|million|billion))?)")
_MINUS = re.compile(r"(?<![\w)\]])\s?[-−–](?=\d)")


def _numbers(words: list[str]) -> Iterator[str]:
    passed = 0
    for n, word in enumerate(words):
        if n < passed:
            continue
        if word in MONTHS or (word == "may" and _is_date(words, n)):
            yield word
        if not (_is_digits(word) or word in NUMBER_WORDS):
            continue
        number, after = _number(words, n)
        if word in NUMBER_WORDS and after < len(words):  # fifteen (15) days
            again, further = _number(words, after)
            after = further if again == number else after
        sign = "-" if n and words[n - 1] == "minus" else ""
        unit = words[after] if after < len(words) and words[after] in UNITS else ""
        yield f"{sign}{number} {_SAME_UNIT.get(unit, unit.rstrip('s'))}".rstrip()
        passed = after


def _is_date(words: list[str], n: int) -> bool:
    return n + 1 < len(words) and _is_digits(words[n + 1])


def _is_digits(word: str) -> bool:
    return word[0].isdigit()


_DECIMAL = re.compile(r"[0-9]{1,20}(?:\.[0-9]{1,6})?")


def _number(words: list[str], n: int) -> tuple[str, int]:
    """The number that begins at a word, and where it ends; "" where none does."""
    if words[n][0].isdigit():
        digits = words[n].replace(",", "")
        whole, _, part = digits.partition(".")
        part = part if "." in part else part.rstrip("0")  # 1.2.3 is no decimal
        number = f"{whole.lstrip('0') or '0'}.{part}" if part else whole.lstrip("0") or "0"
        times = NUMBER_WORDS.get(words[n + 1], 0) if n + 1 < len(words) else 0
        if times < 100 or not _DECIMAL.fullmatch(number):
            return number, n + 1
        return f"{(Decimal(number) * times).normalize():f}", n + 2  # 1.2 million
    start, total, group = n, 0, 0
    while n < len(words) and words[n] in NUMBER_WORDS:
        value = NUMBER_WORDS[words[n]]
        if value >= 1000:
            total, group = total + max(group, 1) * value, 0
        elif value == 100:
            group = max(group, 1) * value
        elif (
            n == start
            or words[n - 1] in ("hundred", "thousand")
            or (value < 10 and group % 100 >= 20 and group % 10 == 0)
        ):  # twenty five, and not two, three
            group += value
        else:
            break
        n += 1
    return (str(total + group), n) if n > start else ("", n)
