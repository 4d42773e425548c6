"""A citation word by word: what is at hand, and which title is named there.

``21 CFR``, ``title 21``, ``title 21 of the Code of Federal Regulations``, ``CFR title 21``,
``FAR``.
"""

from __future__ import annotations

import re
from datetime import date

from tribonian.errors import DocumentError, UsageError
from tribonian.ingest.ecfr.citation_words import (
    AND,
    NAMED,
    NOISE,
    OF,
    THROUGH,
    Named,
    Token,
    day_said,
)

LAST_TITLE = 50


class NotUnderstoodError(Exception):
    """A text cannot be read as a citation from this word on."""

    def __init__(self, token: Token) -> None:
        super().__init__(token.text)
        self.token = token


class Reading:
    """A text read word by word from the left; ``title`` is the one that is being read."""

    def __init__(self, tokens: list[Token], shown: str) -> None:
        self.tokens = tokens
        self.shown = shown
        self.at = 0
        self.title = 0

    # -- words

    def token(self, ahead: int = 0) -> Token:
        """The word at hand, or one of kind ``end``."""
        at = self.at + ahead
        return self.tokens[at] if at < len(self.tokens) else Token("end", "", -1)

    def low(self, ahead: int = 0) -> str:
        """The word at hand in lower case, "" at the end."""
        return self.token(ahead).text.lower()

    def is_over(self) -> bool:
        """Whether all words are read."""
        return self.at >= len(self.tokens)

    def take(self, words: frozenset[str]) -> bool:
        """Pass over the word at hand if it is one of these."""
        if not self.is_over() and self.low() in words:
            self.at += 1
            return True
        return False

    def take_noise(self) -> None:
        """Pass over words that say nothing of what is asked for."""
        while self.take(NOISE):
            pass

    def take_joints(self) -> bool:
        """Pass over commas and *and*; whether there was more than commas."""
        joined = False
        while self.low() in AND and not self.is_over():
            joined = joined or self.low() != ","
            self.at += 1
        self.take_noise()
        return joined

    def refuse(self, why: str) -> DocumentError:
        """The sentence for a citation that is understood and cannot be carried out."""
        return DocumentError(f'The citation "{self.shown}" {why}')

    def is_meant(self, token: Token) -> bool:
        """Whether a text that cannot be read from this word on is meant as a citation."""
        if not self.tokens or all(one.kind != "cfr" for one in self.tokens):
            return False
        first, second = self.tokens[0], self.tokens[1:2]
        if first.kind == "number" and (not second or second[0].kind != "cfr"):
            return False
        if first.kind not in ("number", "cfr", "label") and first.text.lower() != "title":
            return False
        rest = [one for one in self.tokens if token.start >= 0 and one.start >= token.start]
        words = [one for one in rest if one.kind == "word" and len(one.text) > 1
                 and one.text.lower() not in AND | OF | THROUGH | NOISE]  # fmt: skip
        signs = any(one.text in "\\/*?~|_" for one in rest)
        return len(words) <= 2 and not signs and (first.kind != "cfr" or len(self.tokens) > 1)

    def date_here(self) -> str | None:
        """The day that the word at hand says, None where it is no date."""
        if self.token().kind != "date":
            return None
        stated = self.token().text.strip("\ue000")
        self.at += 1
        try:
            return date.fromisoformat(day_said(stated, self.title)).isoformat()
        except ValueError:
            raise UsageError(
                f'"{stated}" in the citation "{self.shown}" is no date; write it as YYYY-MM-DD.'
            ) from None

    # -- titles

    def head(self, at: int | None = None) -> tuple[int, int, Named | None, str] | None:
        """The title named here, where its words end, and the name it is cited by; or None.

        ``21 CFR``, ``title 21``, ``title 21 of the CFR``, ``CFR title 21``, ``FAR``.
        """
        at = self.at if at is None else at
        words = [*self.tokens[at : at + 6], *[Token("end", "", -1)] * 6]
        kinds = [word.kind for word in words]
        lows = [word.text.lower() for word in words]
        if kinds[0] == "number" and kinds[1] == "cfr":
            return self.title_of(words[0]), at + 2, None, ""
        if lows[0] == "title" and kinds[1] == "number":
            end = 2
            while lows[end] in (",", "of", "the"):
                end += 1
            title = self.title_of(words[1])
            return (title, at + (end + 1 if kinds[end] == "cfr" else 2), None, "")
        if kinds[0] == "cfr":
            end = 1
            while lows[end] in (",", "title"):
                end += 1
            if kinds[end] == "number":
                return self.title_of(words[end]), at + end + 1, None, ""
        if kinds[0] == "word" and words[0].text in NAMED:
            named = NAMED[words[0].text]
            return named.title, at + 1, named, words[0].text
        return None

    def title_of(self, token: Token) -> int:
        """The number of a title; DocumentError for one that the CFR has not."""
        if not re.fullmatch(r"[0-9]{1,4}", token.text):
            raise NotUnderstoodError(token)
        if not 1 <= int(token.text) <= LAST_TITLE:
            raise self.refuse(
                f"names title {int(token.text)}, and the CFR has titles 1 to {LAST_TITLE}."
            )
        return int(token.text)
