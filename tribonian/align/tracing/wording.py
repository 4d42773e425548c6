"""A text as the words that tell what it is about: stems, numbers as digits, synonyms as one.

Function words are left out, so that words which stand side by side here stand close in the
text. The stems are Porter's second algorithm for English (snowballstemmer).
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

import snowballstemmer

from tribonian.align.tracing.synonyms import FUNCTION_WORDS, NUMBER_WORDS, SYNONYMS

_TOKEN = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?|\d+(?:[.,]\d+)*|%")
_STEMMER = snowballstemmer.stemmer("english")


def tokens(text: str) -> list[str]:
    """The words and numbers of a text in small letters, in order."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    return _TOKEN.findall(text.casefold())


def wording(text: str) -> list[str]:
    """The telling words of a text, in order, in the form in which they are compared."""
    return [word for token in tokens(text) if (word := term(token))]


@lru_cache(maxsize=1 << 16)
def term(token: str) -> str:
    """A token in the form in which it is compared; "" where it tells nothing."""
    if token[0].isdigit():
        number = token.replace(",", "")
        return _WHOLE.sub("", number)
    if token in FUNCTION_WORDS:
        return ""
    if token in NUMBER_WORDS:
        return str(NUMBER_WORDS[token])
    if token in _SAME:
        return _SAME[token]
    token = token.removesuffix("'s").removesuffix("’s")
    if len(token) < 2:
        return ""
    return str(_STEMMER.stemWord(token[:40]))


def _inflected(word: str) -> list[str]:
    """The regular inflections of a word; some are no words at all, which does no harm."""
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return [word, word[:-1] + "ies", word[:-1] + "ied", word + "ing"]
    if word.endswith("e"):
        return [word, word + "s", word + "d", word[:-1] + "ing"]
    plural = "es" if word.endswith(("s", "x", "z", "ch", "sh")) else "s"
    if _DOUBLES.match(word):
        last = word[-1]
        return [word, word + plural, f"{word}{last}ed", f"{word}{last}ing"]
    return [word, word + plural, word + "ed", word + "ing"]


def _same() -> dict[str, str]:
    same: dict[str, str] = {}
    for row in SYNONYMS:
        words = row.split()
        for word in words:
            for form in _inflected(word):
                same.setdefault(form, f"={words[0]}")
    return same


_DOUBLES = re.compile(r"[^aeiou]*[aeiou][^aeiouwxy]$|.*mit$")  # stopped, submitted
_WHOLE = re.compile(r"\.0+$")
_SAME = _same()
