"""Which law a unit is: its work, and an id that is the same in every build.

Ids follow USLM's form for the CFR, ``/us/cfr/t21/s701.3/b`` (U.S. Legislative Markup
User Guide, "Identifiers"); a unit without a citation is named by its words. Never random,
never an order of arrival.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence

from tribonian.schemas.words import words

_UNITS = {
    "subtitle": "st",
    "chapter": "ch",
    "subchapter": "sch",
    "part": "pt",
    "parts": "pt",
    "subpart": "spt",
}
_CITATION = re.compile(r"(?P<title>\d+) CFR\b ?(?P<rest>.*)")
_STEP = re.compile(r"(Subtitle|Chapter|Subchapter|Parts?|Subpart) (\S+) ?", re.IGNORECASE)
_NUMBERS = re.compile(r"\(([^)]+)\)|([A-Za-z0-9]+)\.")


def work_id(citation: str) -> str:
    """The id of a cited unit: ``21 CFR 701.3`` is ``/us/cfr/t21/s701.3``."""
    match = _CITATION.fullmatch(citation)
    if match is None:
        return "/" + _slug(citation)
    out = f"/us/cfr/t{match['title']}"
    rest = match["rest"]
    while step := _STEP.match(rest):
        out += f"/{_UNITS[step[1].lower()]}{_slug(step[2])}"
        rest = rest[step.end() :]
    if not rest:
        return out
    if re.match(r"\d|[A-Z]?\d", rest):
        return f"{out}/s{_slug(rest)}"
    return f"{out}/{_slug(rest)}"


def words_id(text: str) -> str:
    """The id of a unit without a number: 16 hex digits of the SHA-256 of its words."""
    joined = " ".join(words(text)).casefold()
    return "/w" + hashlib.sha256(joined.encode()).hexdigest()[:16]


def path_id(path: str) -> str:
    """The part of an id that a path of designators makes: ``(b)(2)`` is ``/b/2``."""
    return "".join(f"/{a or b}" for a, b in _NUMBERS.findall(path))


def _slug(text: str) -> str:
    return re.sub(r"[^\w.\-–]+", "-", text.strip()).strip("-")


def text_hash(text: str) -> str:
    """A digest of a text without its layout: two units with the same are exact duplicates."""
    return hashlib.sha256(" ".join(text.split()).encode("utf-8", "replace")).hexdigest()


# Signs that say something by themselves; all others are layout unless they divide digits.
_TELLING = frozenset("%$£€¥°±<>≤≥=+×÷′″@&*~≈≠√µ")
_SIGNS = re.compile(r"[\W_]+")


def bare_text(text: str) -> str:
    """A text without layout, punctuation, hyphens, ligatures and case.

    Two texts with the same are one text, printed differently. What may differ in law stays:
    every letter and digit, signs such as % and ≤, a minus, and whatever divides two digits
    (``1.5`` is not ``15``, ``1/2`` not ``12``).
    """
    text = _RAISED_ON.sub("^", _FRACTION_ON.sub(" ", text))
    text = unicodedata.normalize("NFKC", text).translate(_SOLIDUS).casefold()
    return _SIGNS.sub(_telling, text)


# Of raised digits NFKC makes plain ones, but 10² is not 102, and 2½ and 2¹⁄₂ not 21/2.
_FRACTION_ON = re.compile("(?<=\\d)(?=[¼½¾⅐-⅞↉]|[⁰¹²³⁴-⁹]+[⁄∕/])")
_RAISED_ON = re.compile("(?<=\\d)(?=[⁺⁻]?[⁰¹²³⁴-⁹])")
_SOLIDUS = str.maketrans("⁄∕", "//")


def _telling(match: re.Match[str]) -> str:
    signs = match[0]
    text = match.string
    start, end = match.span()
    before, after = text[start - 1 : start], text[end : end + 1]
    if before.isdigit() and after.isdigit():
        signs = _DRAWN.sub(" ", signs)  # cells are divided by lines, or by space alone
        return " ".join(_DASH.sub("-", signs).split()) or " "
    kept = "".join(sign for sign in signs if sign in _TELLING)
    minus = (len(signs) > 1 or not before) and after.isdigit() and signs[-1] in "-−–" and not kept
    return "-" if minus else kept


_DRAWN = re.compile(r"\||-{3,}")
_DASH = re.compile(r"[-‐-―−]")


_MARKED = re.compile(r"([⁰¹²³⁴-⁹]{1,3}|[ᵃ-ᶻ]{1,2}|[†‡])\s+\S")


def notes_last(blocks: Sequence[str]) -> list[str]:
    """The blocks of a text with its footnotes behind all others, by their marks.

    A page prints a footnote at its foot, a file behind the paragraph with its mark. Those of
    one mark stay in their order, and so do all other blocks.
    """
    notes = [(match[1], block) for block in blocks if (match := _MARKED.match(block))]
    if not notes:
        return list(blocks)
    notes.sort(key=lambda note: note[0])
    return [*(block for block in blocks if not _MARKED.match(block)), *(b for _, b in notes)]


def bare_hash(text: str) -> str:
    """A digest of the bare text: two units with the same differ in print alone."""
    return hashlib.sha256(bare_text(text).encode("utf-8", "replace")).hexdigest()


# A part may have a dash or a letter, and stands before the point: 50-201 of 41 CFR 50-201.1.
_PART = re.compile(r"(\d+) CFR (?:.*?\bParts? )?(\d\w*(?:-\d\w*)*)")


def part_of(citation: str | None) -> tuple[object, ...]:
    """What sorts by title and part of a cited unit, of ``21 CFR 701.3`` by 21 and 701.

    () where it names none, as a chapter does.
    """
    match = _PART.match(citation or "")
    return (_number(match[1]), law_order(match[2], "")) if match else ()


_DIGITS = re.compile(r"([0-9]+)")


def _number(digits: str) -> int:
    """What digits say; Python takes some thousand, and a damaged file may have more."""
    return int(digits[:1000])


def law_order(citation: str | None, label: str) -> tuple[tuple[int, int, str], ...]:
    """A key that sorts units as the law does: title, chapter, part, section, numbers as numbers."""
    text = citation or label
    parts = _DIGITS.split(text.casefold())
    key = [
        (0, _number(part), "") if part[0] in "0123456789" else (1, 0, part)
        for part in parts
        if part
    ]
    return ((0 if citation else 1, 0, ""), *key)
