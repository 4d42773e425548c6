"""Does an answer stand in a text of law, paragraph by paragraph or sentence by sentence?"""

from __future__ import annotations

import re
from functools import lru_cache

from tribonian.consolidate.identity import bare_text
from tribonian.consolidate.sentences import split_sentences

# "3 years." is a value, and two of them may be of one thing: only a sentence says of what it is.
WHOLE = 30
_DESIGNATOR = re.compile(r"^\s*(?:\(\w{1,5}\)\s*)+")


class Stated:
    """The paragraphs and sentences of one text, without layout and designators."""

    def __init__(self, text: str) -> None:
        self._parts = {
            _bare(part) for line in text.splitlines() for part in (line, *split_sentences(line))
        }

    def has(self, answer: str) -> bool:
        """Whether every sentence of an answer is a whole one of the text.

        A part of a sentence is not enough: what stands before it may deny it.
        """
        if len(bare_text(answer)) < WHOLE:
            return False
        return all(
            _bare(line) in self._parts
            or all(_bare(each) in self._parts for each in split_sentences(line))
            for line in answer.splitlines()
            if line.strip()
        )


def _bare(text: str) -> str:
    return bare_text(_DESIGNATOR.sub("", text))


@lru_cache(maxsize=64)
def stated(text: str) -> Stated:
    """The paragraphs and sentences of a text; pairs of one principle come one after another."""
    return Stated(text)
