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


def stretches(text: str, words: Container[str], before: int, after: int) -> list[tuple[int, int]]:
    """The stretches of a text around its digits and around some words, from blank to blank."""
    found: list[tuple[int, int]] = []
    for word in _WORD.finditer(text):
        if not (word[0].isdigit() or word[0].lower() in words):
            continue
        start, end = max(0, word.start() - before), min(len(text), word.end() + after)
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return [(_blank_before(text, start), _blank_after(text, end)) for start, end in found]


def _blank_before(text: str, place: int) -> int:
    """The first blank before a place; words that are longer than 40 signs are cut."""
    return max(text.rfind(" ", 0, place), place - 40, 0)


def _blank_after(text: str, place: int) -> int:
    blank = text.find(" ", place, place + 40)
    return min(place + 40, len(text)) if blank < 0 else blank
