"""Numbers, dates, amounts and measures in a text, each with its value and its unit.

Digits that only name something are none: citations (``21 CFR 110.10(b)``), designators
(``(b)(1)``), the counters of a list that a writer makes (``1.``, ``two conditions``).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from tribonian.align.tracing.first_words import stretches
from tribonian.align.tracing.numerals import MONTHS, ONES, ORDINALS, PARTS, POWERS, TENS
from tribonian.align.tracing.units import PERIODS, UNIT_OF


@dataclass(frozen=True, slots=True)
class Quantity:
    """What a text says of how much, how many or when.

    ``kind`` is number, ordinal, date, time or code (a number that is spelled and not counted,
    such as a telephone number). ``unit`` is None where none stands by.
    """

    kind: str
    value: Fraction | tuple[int, ...] | str
    unit: str | None
    text: str


# Nouns of a list that the writer of an answer counts himself: "three conditions must be met".
_COUNTED_BY_WRITER = (
    r"(?:\s+(?:\w+\s+)?(?:conditions?|requirements?|categor(?:y|ies)|types?|kinds?|ways?|factors?|"
    r"criteri(?:a|on)|elements?|things?|steps?|options?|circumstances?|situations?|cases?|"
    r"exceptions?|reasons?|items?|groups?|classes|forms?|aspects?|provisions?|rules?|purposes?|"
    r"alternatives?|methods?|exemptions?|main|key|parts?|components?|points|sets?)\b)"
)
_NAMES = re.compile(  # whatever is named by a number
    r"(?:\d+\s+)?(?:C\.?\s?F\.?\s?R\b\.?|U\.?\s?S\.?\s?C\b\.?|Fed\. Reg\.|F\.?R\.(?=\s\d)|"
    r"\bFR(?=\s\d)|Stat\.)"
    r"\s*(?:§+\s*|parts?\s+|sections?\s+|subparts?\s+)?"
    r"(?:\d[\w.\-–]*(?:\s?\(\w{1,5}\))*(?:,?\s+(?:and|or|through|to)\s+(?=\d))?)*"
    r"|(?:§+|\b(?:sections?|secs?\.|parts?|chapters?|titles?|articles?|rules?|"
    r"appendix|appendices|annex(?:es)?|schedules?|tables?|figures?|forms?(?: fda)?|nos?\.|"
    r"numbers?|pub(?:lic|\.) l(?:aw|\.)|executive orders?|e\.o\.|class|types?|phases?|levels?|"
    r"docket|paragraphs?|clauses?|items?|volumes?|regulations?|directives?)(?=\s+(?:no\.\s*)?\d))"
    r"\s*(?:no\.\s*)?\d[\w.\-–/]*(?:\s?\(\w{1,5}\))*"
    r"(?:(?:,\s*(?:and\s+|or\s+)?|\s+(?:and|or|through|to)\s+)\d+[\w.\-–]*(?:\(\w{1,5}\))*"
    r"(?!\s*(?:percent|%|days?|months?|years?|hours?)))*",
    re.IGNORECASE,
)
_DESIGNATORS = re.compile(
    r"(?m)^\s*\(?\d{1,2}[.)](?=\s)|\([a-z0-9]{1,4}\)|\([IVXLC]{1,6}\)|(?<=[\s:;,])\d{1,2}\)(?=\s)"
    r"|(?<=[.:;,]\s)\d{1,2}\.(?=\s)"
)
_ADDRESSED = re.compile(r"https?://\S+|www\.\S+|\S+@\S+\.\S+")
_CODE = re.compile(
    r"(?<![\w.])\(?\d{2,}\)?(?:[-–.\s]\d{2,}){2,}(?![\w])|(?<!\w)\d+-\d{4}(?!\w)"
    r"|(?<=[A-Z]{2} )\d+-\d+\b"
)
_LONG = "|".join(sorted(MONTHS, key=len, reverse=True))
_DATE = re.compile(
    rf"\b(?P<m1>{_LONG})\.?\s+(?P<d1>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,?\s+(?P<y1>\d{{4}}))?"
    rf"|\b(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<m2>{_LONG})\b\.?(?:,?\s+(?P<y2>\d{{4}}))?"
    rf"|\b(?P<m3>{_LONG})\.?,?\s+(?P<y3>\d{{4}})\b"
    r"|\b(?P<y4>\d{4})-(?P<m4>\d{2})-(?P<d4>\d{2})\b"
    r"|\b(?P<m5>\d{1,2})/(?P<d5>\d{1,2})/(?P<y5>\d{4})\b",
    re.IGNORECASE,
)
_TIME = re.compile(r"\b(\d{1,2})(?::(\d{2}))?\s*([ap])\.?\s?m\b\.?|\b(\d{1,2}):(\d{2})\b", re.I)

_SPELT = "|".join([*ONES, *TENS, *POWERS])
_NUMBER = re.compile(
    r"(?P<sign>(?<![\w)])[-−](?=[\d.]))?(?P<money>[$€£]\s?)?"
    r"(?:(?<![\w.,/])(?P<whole>\d+)[\s-]+(?P<top>\d+)/(?P<low>\d+)(?![\w/])"
    r"|(?<![\w.,/])(?P<ratio>\d+/\d+)(?![\w/])"
    r"|(?<![\w.])(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d*\.?\d+)(?P<ordinal>st|nd|rd|th)?"
    r"(?![\d])"
    rf"|\b(?P<spelt>(?:{_SPELT})(?:(?:[\s-]+|\s+and\s+)(?:{_SPELT}))*)\b"
    rf"|\b(?P<nth>{'|'.join(ORDINALS)})\b(?!\s*,|[\s-]+part(?:y|ies)\b|[\s-]+hand)"
    rf"|\b(?P<half>half)\b)"
    rf"(?:[\s-]+(?P<part>{'|'.join(sorted(PARTS, key=len, reverse=True))})\b)?"
    r"(?:[\s-]*(?P<power>hundred|thousand|million|billion|trillion)\b)?",
    re.IGNORECASE,
)
_UNIT = re.compile(
    r"[\s-]*(?:\(\w+\)\s*)?(?:(?P<skip>(?:or|and)\s+(?:more|fewer|less|older|younger)\s+|"
    r"full\s+|additional\s+|more\s+|consecutive\s+|calendar[\s-]+|fiscal\s+|successive\s+)"
    r"|(?P<working>(?:working|business|work|federal\s+working)[\s-]+))?"
    r"(?P<degrees>(?:degrees?|°|º)\s*)?(?P<unit>%|°|per\s?cent\b|[$€£¢]|[^\W\d_]+)?",
    re.IGNORECASE,
)
_OFTEN = {"once": 1, "twice": 2, "thrice": 3}
_HOW_OFTEN = re.compile(
    r"\b(once|twice|thrice)(?=\s+(?:an?|each|every|per|in|during|annually|daily|weekly|monthly|"
    r"yearly|within)\b)",
    re.IGNORECASE,
)
_PER = re.compile(r"\s+(?:per|to\s+(?:every|each|one))\s+(million|billion)", re.IGNORECASE)
_SPAN = re.compile(r"[\s,]*(?:to|or|and|through|[-–—])?\s*\Z|\s*[-–—]\s*\Z")


def quantities(text: str, *, counted: bool = True) -> list[Quantity]:
    """The quantities of a text, in no order; ``counted`` keeps what a writer counts himself."""
    text = _plain(text)
    found: list[Quantity] = []
    for start, end in stretches(text, _TELLING, 40, 60):
        found += _in_stretch(text[start:end], counted)
    return found


def _in_stretch(text: str, counted: bool) -> list[Quantity]:
    found: list[Quantity] = []
    text = _ADDRESSED.sub(_blank, text)
    text = _take(_DATE, text, _date, found)
    text = _take(_TIME, text, _time, found)
    text = _NAMES.sub(_blank, text)
    text = _DESIGNATORS.sub(_blank, text)
    text = _take(_CODE, text, _code, found)
    found += [
        Quantity("number", Fraction(_OFTEN[match[1].lower()]), "time", match[0])
        for match in _HOW_OFTEN.finditer(text)
    ]
    found += _spanned(text, list(_numbers(text, counted)))
    return found


_TELLING = frozenset((*ONES, *TENS, *POWERS, *ORDINALS, *PARTS, *_OFTEN))


def names(text: str) -> list[str]:
    """What a text names by a number: citations, parts, forms, tables."""
    text = _plain(text)
    return [
        match[0].strip(" .,-–/")
        for start, end in stretches(text, (), 40, 20)
        for match in _NAMES.finditer(text, start, end)
    ]


def periods(text: str) -> set[Quantity]:
    """What is said of periods without a number: ``annually``, ``each month``, ``a year``."""
    found = set()
    for word in re.findall(r"[a-z]+(?:-[a-z]+)?", text.lower()):
        if word in PERIODS:
            value, unit = PERIODS[word]
            found.add(Quantity("number", Fraction(value), unit, word))
    for match in re.finditer(r"\b(?:an?|each|every|per|the|one|single)\s+([a-z]+)", text.lower()):
        if match[1] in UNIT_OF:
            found.add(Quantity("number", Fraction(1), UNIT_OF[match[1]], match[0]))
    return found


def _plain(text: str) -> str:
    if not text.isascii():
        text = re.sub(r"(?<=\d)(?=[¼½¾⅐-⅞])", " ", text)
        text = unicodedata.normalize("NFKC", text).replace("⁄", "/").replace("−", "-")
    return text


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])


def _take(pattern: re.Pattern[str], text: str, read: object, found: list[Quantity]) -> str:
    """The text without what a pattern finds, which is read and kept."""

    def taken(match: re.Match[str]) -> str:
        quantity = read(match)  # type: ignore[operator]
        if quantity is None:
            return match[0]
        found.append(quantity)
        return " " * len(match[0])

    return pattern.sub(taken, text)


def _date(match: re.Match[str]) -> Quantity | None:
    part = {key[0]: value for key, value in match.groupdict().items() if value}
    month = part["m"].lower()
    number = MONTHS.get(month) or (int(month) if month.isdigit() else 0)
    day = int(part.get("d", 0))
    if not 1 <= number <= 12 or day > 31:
        return None
    return Quantity("date", (int(part.get("y", 0)), number, day), None, match[0].strip())


def _time(match: re.Match[str]) -> Quantity:
    hour = int(match[1] or match[4])
    minute = int(match[2] or match[5] or 0)
    if (match[3] or "").lower() == "p" and hour < 12:
        hour += 12
    return Quantity("time", (hour, minute), None, match[0].strip())


def _code(match: re.Match[str]) -> Quantity:
    return Quantity("code", re.sub(r"\D", "", match[0]), None, match[0].strip())


def _numbers(text: str, counted: bool) -> Iterator[tuple[int, int, Quantity]]:
    end = 0
    for match in _NUMBER.finditer(text):
        value = _value(match)
        if value is None or match.start() < end:  # "15 (fifteen) days", "3 parts per million"
            continue
        unit, end = _unit(text, match)
        if (match["spelt"] or "").lower() in ("one", "zero") and not (unit or match["part"]):
            continue  # "no one", "one of the following"
        if not counted and unit is None and _COUNTED.match(text, match.end()):
            continue
        kind = "ordinal" if match["ordinal"] or match["nth"] else "number"
        yield match.start(), end, Quantity(kind, value, unit, text[match.start() : end].strip())


_COUNTED = re.compile(_COUNTED_BY_WRITER, re.IGNORECASE)


def _value(match: re.Match[str]) -> Fraction | None:
    if match["whole"]:
        value = _ratio(match["top"], match["low"])
        value = value and value + int(match["whole"][:40])
    elif match["ratio"]:
        value = _ratio(*match["ratio"].split("/"))
    elif match["digits"]:
        value = Fraction(match["digits"].replace(",", "")[:60].rstrip(".") or "0")
    elif match["spelt"]:
        value = Fraction(spelt_number(match["spelt"]))
    elif match["nth"]:
        value = Fraction(ORDINALS[match["nth"].lower()])
    else:
        value = Fraction(1, 2)
    if value is None:
        return None
    if match["part"] and not match["half"]:
        value /= PARTS[match["part"].lower()]
    if match["power"] and not match["spelt"]:
        value *= POWERS[match["power"].lower()]
    return -value if match["sign"] else value


def _ratio(top: str, low: str) -> Fraction | None:
    return Fraction(int(top[:40]), int(low[:40])) if int(low[:40]) else None


def spelt_number(words: str) -> int:
    """The value of a number in words: ``one hundred and twenty-five`` is 125."""
    total = part = 0
    for word in re.split(r"[\s-]+", words.lower()):
        if word in ONES:
            part += ONES[word]
        elif word in TENS:
            part += TENS[word]
        elif word == "hundred":
            part = (part or 1) * 100
        elif word in POWERS:
            total += (part or 1) * POWERS[word]
            part = 0
    return total + part


def _unit(text: str, match: re.Match[str]) -> tuple[str | None, int]:
    if match["money"]:
        return UNIT_OF[match["money"].strip()], match.end()
    after = _UNIT.match(text, match.end())
    if after is None or (after["unit"] is None and not after["degrees"]):
        return None, match.end()
    word = re.sub(r"\s", "", (after["unit"] or "").lower())
    unit = UNIT_OF.get(word)
    if word == "parts" and (whole := _PER.match(text, after.end())):
        return {"million": "ppm", "billion": "ppb"}[whole[1].lower()], whole.end()
    if after["degrees"]:
        end = after.end() if unit in ("celsius", "fahrenheit") else after.end("degrees")
        return unit if unit in ("celsius", "fahrenheit") else "degree", end
    if unit is None or (len(word) == 1 and word.isalpha() and word not in "gmlhs"):
        return None, match.end()
    if unit == "day" and after["working"]:
        unit = "working day"
    return unit, after.end()


def _spanned(text: str, found: list[tuple[int, int, Quantity]]) -> list[Quantity]:
    """Of "10 to 15 days" both are days."""
    for n in range(len(found) - 2, -1, -1):
        (_, end, here), (start, _, after) = found[n], found[n + 1]
        if here.unit is None and after.unit and _SPAN.match(text[end:start]) and start - end < 12:
            found[n] = (found[n][0], end, Quantity(here.kind, here.value, after.unit, here.text))
    return [each for _, _, each in found]
