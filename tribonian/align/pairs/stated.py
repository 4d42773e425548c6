"""Does an answer stand in a text of law, paragraph by paragraph or sentence by sentence?"""

from __future__ import annotations

import re

from tribonian.consolidate.identity import bare_text
from tribonian.consolidate.sentences import split_clauses, split_sentences

# "3 years." is a value, and two of them may be of one thing: only a sentence says of what it is.
WHOLE = 30
_DESIGNATOR = re.compile(r"^\s*(?:\(\w{1,5}\)\s*)+")


class Stated:
    """The paragraphs, sentences and clauses of one text, without layout and designators."""

    def __init__(self, text: str) -> None:
        self._parts = {part for line in text.splitlines() for part in _bare_parts(line)}

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


def _bare_parts(line: str) -> set[str]:
    """A paragraph, its sentences, and what a semicolon or colon divides in these."""
    sentences = split_sentences(line)
    clauses = [each for sentence in sentences for each in split_clauses(sentence)]
    return {_bare(each) for each in (line, *sentences, *clauses)}


def _bare(text: str) -> str:
    return bare_text(_DESIGNATOR.sub("", text))
