"""Patterns that begin with a word of a list, found at those words alone.

A long pattern tried at every character of a text costs more than all else that is done with
the text; a look at each word first makes it ten times as fast.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator

_WORD = re.compile(r"[A-Za-z]+|\d+")


def matches_at(
    pattern: re.Pattern[str], first_words: Container[str], text: str
) -> Iterator[re.Match[str]]:
    """The matches of a pattern that begin with one of the words; none overlaps another."""
    end = 0
    for word in _WORD.finditer(text):
        if word.start() >= end and word[0].lower() in first_words:
            match = pattern.match(text, word.start())
            if match is not None and match.end() > word.start():
                end = match.end()
                yield match


LONGEST = 800  # signs of a stretch: patterns that look back and forth stay cheap on any text


def stretches(
    text: str, words: Container[str], before: int, after: int
) -> Iterator[tuple[int, int]]:
    """The stretches of a text around its digits and around some words, from blank to blank."""
    found: list[tuple[int, int]] = []
    for word in _WORD.finditer(text):
        if word[0].isdigit() or word[0].lower() in words:
            start, end = word.start() - before, word.end() + after
            if found and start <= found[-1][1]:
                found[-1] = (found[-1][0], end)
            else:
                found.append((start, end))
    for start, end in found:
        place, last = _blank_before(text, start), _blank_after(text, end)
        while last - place > LONGEST:
            cut = text.rfind(" ", place + 1, place + LONGEST)
            cut = cut if cut > 0 else place + LONGEST
            yield place, cut
            place = cut
        yield place, last


def _blank_before(text: str, place: int) -> int:
    """The first blank before a place; words that are longer than 40 signs are cut."""
    return max(text.rfind(" ", max(place - 40, 0), max(place, 0)), place - 40, 0)


def _blank_after(text: str, place: int) -> int:
    blank = text.find(" ", place, place + 40)
    return min(place + 40, len(text)) if blank < 0 else blank
