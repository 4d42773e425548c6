"""What a word is, for the promise that none is lost.

A word is a match of ``[^\\W_]+`` in the NFKC form of a block's text, so that ``CO₂`` and
``m²`` are one word each.
"""

from __future__ import annotations

import codecs
import re
import unicodedata

_WORD = re.compile(r"[^\W_]+")


def words(text: str) -> list[str]:
    """The words of a text, in order."""
    return _WORD.findall(unicodedata.normalize("NFKC", text))


def count_words(text: str) -> int:
    """How many words a text has; of several blocks, joined by line feeds, their sum.

    The same as ``len(words(text))``, ten times as fast: every character becomes a byte
    that says whether it belongs to a word, and the places where words begin are counted.
    """
    if not text.isascii():
        if "½" in text or "¼" in text or "¾" in text:
            text = unicodedata.normalize("NFKC", text)  # "1⁄2": two words
        try:
            marks = text.encode("latin-1", _ERRORS)
        except _ComposesError:
            marks = unicodedata.normalize("NFKC", text).encode("latin-1", _ERRORS_LAST)
    else:
        marks = text.encode("latin-1")
    marks = marks.translate(_CLASSES)
    return marks.count(b" w") + marks.startswith(b"w")


class _ComposesError(Exception):
    """A character that NFKC may join with its neighbours."""


_CLASSES = bytes(ord("w") if chr(code).isalnum() else ord(" ") for code in range(256))
_ERRORS = "tribonian-word-characters"
_ERRORS_LAST = "tribonian-word-characters-composed"
_known: dict[str, bytes] = {}


def _classify(error: UnicodeError) -> tuple[bytes, int]:
    assert isinstance(error, UnicodeEncodeError)
    out = b""
    for character in error.object[error.start : error.end]:
        mark = _known.get(character)
        if mark is None:
            if _composes(character):
                raise _ComposesError
            mark = _known[character] = _class(character)
        out += mark
    return out, error.end


def _classify_composed(error: UnicodeError) -> tuple[bytes, int]:
    assert isinstance(error, UnicodeEncodeError)
    run = error.object[error.start : error.end]
    return b"".join(map(_class, run)), error.end


def _class(character: str) -> bytes:
    whole = unicodedata.normalize("NFKC", character)
    return b"".join(b"w" if part.isalnum() else b" " for part in whole)


def _composes(character: str) -> bool:
    """Whether a character may change with its neighbours: a combining mark, a Hangul jamo."""
    whole = unicodedata.normalize("NFKC", character)
    return bool(
        any(unicodedata.combining(part) for part in whole)
        or unicodedata.category(character) == "Mc"
        or "\u1100" <= character <= "\u11ff"
        or unicodedata.normalize("NFKC", "a" + character)
        != "a" + unicodedata.normalize("NFKC", character)
    )


codecs.register_error(_ERRORS, _classify)
codecs.register_error(_ERRORS_LAST, _classify_composed)
