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

    The same as ``len(words(text))``, six times as fast: every character becomes one byte
    that says whether it belongs to a word, and the places where words begin are counted.
    """
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    marks = text.encode("latin-1", _ERRORS).translate(_CLASSES)
    return marks.count(b" w") + marks.startswith(b"w")


_CLASSES = bytes(ord("w") if chr(code).isalnum() else ord(" ") for code in range(256))
_ERRORS = "tribonian-word-characters"


def _classify(error: UnicodeError) -> tuple[bytes, int]:
    assert isinstance(error, UnicodeEncodeError)
    run = error.object[error.start : error.end]
    return b"".join(b"w" if c.isalnum() else b" " for c in run), error.end


codecs.register_error(_ERRORS, _classify)
