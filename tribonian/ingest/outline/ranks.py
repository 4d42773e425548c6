"""How deep each heading of a document stands: by level, by number, by looks.

An outline level decides where there is one. A number that goes on from one that is open
(``IV.`` after ``III.``, ``2.3`` after ``2.2``) is its sibling however it is printed, and a
first number under a numbered heading opens a list below it. The rest go by their looks.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from tribonian.ingest.numbers import follows, is_first

# The number of a heading: "I. INTRODUCTION", "A. Background", "1 Scope", "2.1 Principles".
HEADING_NUMBER = re.compile(
    r"(\d{1,3}(?:\.\d{1,3})+\.?|[A-Z](?:\.\d{1,3})+\.?|[IVXLC]{1,6}[.)]|[A-Za-z][.)]"
    r"|\d{1,3}[.)]?|(?:Step|Chapter|Section|Module|Phase|Stage) \d{1,3}[.:]?)"
    r"\s+(?=[A-Z“\"])"
)
# ISO prints its terms so: "3.1.2 wick"; only in what is a heading by its level.
_TERM_NUMBER = re.compile(r"((?:\d{1,3}|[A-Z])(?:\.\d{1,3})+)\s+(?=[a-z])")
OWN = 3  # headings of one manner that divide a document; fewer are a box, a caption


def heading_number(text: str, level: int = 0) -> re.Match[str] | None:
    """The number that a heading begins with, as its first group."""
    return HEADING_NUMBER.match(text) or (_TERM_NUMBER.match(text) if level else None)


class Heading(NamedTuple):
    """A heading to be ranked: its place, its looks (highest first), its number or ``""``.

    ``resets`` says that a unit of law begins here and all headings before it end; ``letter`` is
    that of an appendix, with which the numbers in it begin (``A.1`` in ``Annex A``).
    """

    at: int
    manner: tuple[object, ...]
    number: str
    resets: bool = False
    letter: str = ""


def rank_headings(headings: Iterable[Heading]) -> dict[int, int]:
    """The depth of each heading, 1 for the highest."""
    headings = list(headings)
    usual = Counter(heading.manner for heading in headings)
    ranks: dict[int, int] = {}
    stack: list[Heading] = []
    under: dict[str, str] = {}  # which kind of number stood under which
    ranked: list[Heading] = []  # in the order of the document
    # of each kind of number the last one: what was open then, and its place among those ranked
    last: dict[str, tuple[list[Heading], int]] = {}
    for heading in headings:
        if heading.resets:
            stack.clear()
            last.clear()
            continue
        scheme = _scheme(heading.number) if heading.number else ""
        before, place = last.get(scheme, ((), 0))
        if before and before[-1] not in stack and _goes_on(before[-1].number, heading.number):
            between = [each for each in ranked[place:] if ranks[each.at] < len(before)]
            if all(usual[each.manner] < OWN for each in between):
                # a heading of a kind of its own stood between, which the list goes on around
                stack = list(before)
                for each in between:
                    ranks[each.at] = len(before) + 1
        depth = _depth(heading, stack, under)
        if depth < len(stack) and heading.number and _goes_on(stack[depth].number, heading.number):
            heading = heading._replace(manner=min(heading.manner, stack[depth].manner))
        del stack[depth:]
        if scheme and stack and stack[-1].number:
            under.setdefault(scheme, _scheme(stack[-1].number))
        stack.append(heading)
        ranked.append(heading)
        if scheme:
            last[scheme] = stack[:], len(ranked)
        ranks[heading.at] = depth + 1
    return ranks


def _depth(heading: Heading, stack: list[Heading], under: dict[str, str]) -> int:
    by_looks = len(stack)
    while by_looks and stack[by_looks - 1].manner >= heading.manner:
        by_looks -= 1
    if not heading.number or heading.manner[0] == 0:
        return by_looks
    number = heading.number
    for depth in range(len(stack) - 1, -1, -1):
        other = stack[depth]
        if other.manner[0] == 0 and depth >= by_looks:
            continue
        if _goes_on(other.number, number):
            return depth
        if _is_below(other.number or other.letter, number):
            return depth + 1
    if not _is_one(number):
        return by_looks
    holder = under.get(_scheme(number))
    for depth in range(len(stack) - 1, -1, -1):
        if holder is not None and stack[depth].number and _scheme(stack[depth].number) == holder:
            return depth + 1
    if by_looks == len(stack):
        return by_looks
    # of headings that all look the same, the last is the one that a new list divides
    depth = len(stack) - 1 if stack[-1].manner == heading.manner else by_looks
    above = stack[depth].number
    return depth + 1 if above and not is_higher(number, above) else by_looks


def is_higher(number: str, other: str) -> bool:
    """Whether a dotted number has fewer figures than another: 1 beside 0.1, 4.0 beside 3.2."""
    return 0 < len(_parts(number)) < len(_parts(other))


def goes_on(before: str, number: str) -> bool:
    """Whether a number is the next one of the same list, the next one up, or the first below."""
    return _goes_on(before, number) or (_is_below(before, number) and _is_one(number))


def opens(number: str) -> bool:
    """Whether a number may be the first of a document: 1, A, I, 1.1."""
    parts = _parts(number)
    return all(part <= 1 for part in parts) if parts else _is_one(number)


def same_scheme(one: str, other: str) -> bool:
    """Whether two numbers are of one kind: A. and B., 1. and 2."""
    return _scheme(one) == _scheme(other)


def _scheme(number: str) -> str:
    """What kind of number it is: ``R.`` for III., ``U.`` for B., ``2`` for 2.1."""
    parts = _parts(number)
    if parts:
        return str(len(parts))
    bare = number.split()[-1].rstrip(".:)")
    if bare.isdigit():
        return number.split()[0]  # "Step 1"
    if re.fullmatch("[IVXLC]+", bare) and not re.fullmatch("[CDLM]", bare):
        return "R."
    return "U." if bare.isupper() else "l."


_LETTERED = re.compile(r"[A-Z](?:\.\d+)+\.?")


def _parts(number: str) -> tuple[int, ...]:
    """The figures of a dotted number, 2.1 as (2, 1); a letter before them counts as one.

    Procedures print ``1.0`` over ``1.1``: its nought says that it is a whole.
    """
    if number[:1].isdigit():
        parts = [int(each) for each in re.findall(r"\d+", number)]
        while len(parts) > 1 and not parts[-1]:
            parts.pop()
        return tuple(parts)
    if _LETTERED.fullmatch(number):
        return (-ord(number[0]), *(int(each) for each in re.findall(r"\d+", number)))
    return ()


def levels_contradict(headings: Iterable[Heading]) -> bool:
    """Whether outline levels and numbers disagree: ``A.`` stands above the ``II.`` it is in.

    The tags of a document may be wrong where the numbers are not.
    """
    before: Heading | None = None
    told: Counter[tuple[str, str]] = Counter()  # for less against, by the two kinds of number
    for heading in headings:
        numbered = bool(heading.number) and not heading.resets and heading.manner[0] == 0
        if numbered and before is not None and _is_one(heading.number):
            kinds = _scheme(before.number), _scheme(heading.number)
            if kinds[0] != kinds[1]:
                told[kinds] += 1 if heading.manner > before.manner else -1
        before = heading if numbered else None if heading.resets else before
    return any(votes < 0 for votes in told.values())


def _goes_on(before: str, number: str) -> bool:
    """Whether a number is the next one of the same list: IV. after III., 2.3 after 2.2."""
    if not before:
        return False
    one, other = _parts(before), _parts(number)
    if one and other:
        return one[:-1] == other[:-1] and other[-1] == one[-1] + 1
    return bool(not one and not other and follows(_bare(before), _bare(number)))


def _is_below(above: str, number: str) -> bool:
    """Whether a dotted number stands under another: 2.1 under 2, 6.2.1 under 6.2, A.1 under A."""
    other = _parts(number)
    one = (-ord(above[0]),) if re.fullmatch(r"[A-Z]\.?", above) else _parts(above)
    return bool(one) and len(other) > len(one) and other[: len(one)] == one


def _is_one(number: str) -> bool:
    """Whether a number may be the first of its list: 1, 2.0, 3.1, A."""
    parts = _parts(number)
    return parts[-1] <= 1 if parts else is_first(_bare(number))


def _bare(number: str) -> str:
    word = number.split()[-1]
    return word.rstrip(".:)") + ("." if word[-1] in ".)" else "")
