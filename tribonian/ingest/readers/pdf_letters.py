"""Letters that are not those printed: fonts whose map to Unicode is missing or wrong.

A font may draw "Contents" for codes that read as "&RQWHQWV"; nothing in the file says so, but
the words then have no vowels, or are controls and private characters. Told by font, since the
other fonts of the same page may be sound, and in no language's terms: from Polish to Finnish,
vowels are between three and five tenths of the letters of long words.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

from tribonian.ingest.readers.pdf_types import Line

SAMPLE = 3_000  # characters of a font that are looked at
FEW = 200  # letters: less tells nothing
MOST_FONTS = 500
LEAST_VOWELS, MOST_VOWELS = 0.24, 0.68

_WORD = re.compile(r"[^\W\d_]{4,}")  # shorter ones are abbreviations and signs of formulas
_STRANGE = re.compile(r"[\x01-\x08\x0e-\x1f\x7f-\x9f\ue000-\uf8ff\ufffd\ufffe]{3,}")
_VOWELS = "aeiouy"
_LATIN = re.compile(r"[^a-z]+")
_OTHER = re.compile(r"[\x00-\u036f]+")  # all but Greek, Russian, Chinese


@dataclass(slots=True)
class Letters:
    """Takes a sample of what is set in each font of a document, page after page."""

    samples: dict[str, list[str]] = field(default_factory=dict)
    lengths: dict[str, int] = field(default_factory=dict)
    pages: dict[str, int] = field(default_factory=dict)  # where each was first met

    def take(self, lines: list[Line]) -> None:
        """Take in the lines of a page, each as its main font has it."""
        lengths = self.lengths
        for line in lines:
            name = line.face.name
            length = lengths.get(name, 0)
            if length >= SAMPLE or (not length and len(lengths) >= MOST_FONTS):
                continue
            self.pages.setdefault(name, line.page)
            self.samples.setdefault(name, []).append(line.text)
            lengths[name] = length + len(line.text)

    def doubtful(self) -> dict[str, int]:
        """The fonts whose letters make no words, with the first page of each."""
        return {
            name: self.pages[name]
            for name, texts in self.samples.items()
            if is_doubtful("\n".join(texts))
        }


def is_doubtful(text: str) -> bool:
    """Whether the letters of a text can be those of no language."""
    strange = sum(map(len, _STRANGE.findall(text)))
    if strange > 30 and strange > 0.1 * (len(text) - text.count(" ")):
        return True
    tokens = text.split()
    if sum(len(token) == 1 for token in tokens) > 0.6 * len(tokens):
        text = "".join(tokens)  # every letter was placed by itself
    letters = "".join(_WORD.findall(text)).casefold()
    if not letters.isascii():
        letters = unicodedata.normalize("NFD", letters)
    latin = len(_LATIN.sub("", letters))
    others = len(_OTHER.sub("", letters))
    if latin < max(FEW, 3 * others):
        return False
    return not LEAST_VOWELS < sum(map(letters.count, _VOWELS)) / latin < MOST_VOWELS
