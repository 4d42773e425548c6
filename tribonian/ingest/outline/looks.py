"""What the type of a document says: which size is the body's, which lines look like headings."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from tribonian.ingest.outline.ranks import HEADING_NUMBER
from tribonian.ingest.styled import Styled

SHORT = 160  # characters of a heading that is told by its looks alone
LARGER = 1.08  # times the body's size
BOLD = 600
TITLES = frozenset(("title", "subtitle"))  # styles of the document's own title

_NUMBERED = re.compile(r"\(\s?\w{1,5}\s?\)")
_ENDS_AS_TEXT = (";", ",", ":", "—", " and", " or")
_LETTERS = re.compile(r"[^\W\d_]")


class Looks:
    """The body's size and weight, and the rank of each manner of heading."""

    def __init__(self, blocks: Sequence[Styled]) -> None:
        self.levels = sum(block.level > 0 for block in blocks) >= 3
        sizes: Counter[float] = Counter()
        heavy: Counter[bool] = Counter()
        for block in blocks:
            if block.kind == "paragraph" and not block.level:
                sizes[round(block.size * 2) / 2] += len(block.text)
                heavy[block.weight >= BOLD] += len(block.text)
        self.size = sizes.most_common(1)[0][0] if sizes else 0.0
        self.bold = bool(heavy) and heavy.most_common(1)[0][0]
        # plain type says nothing by its looks: one size, no weights, no levels
        self.plain = not self.levels and not any(
            self._bolder(block) or self._larger(block)
            for block in blocks
            if block.kind == "paragraph"
        )

    def is_heading(self, block: Styled) -> bool:
        """Whether a block without a number or an outline level looks like a heading."""
        text = block.text
        if block.kind != "paragraph" or not text or len(text) > SHORT:
            return False
        if block.list_level and not (self.distinct(block) and HEADING_NUMBER.match(text)):
            return False
        if _NUMBERED.match(text) or text.endswith(_ENDS_AS_TEXT) or not _LETTERS.search(text):
            return False
        if text[0].islower():
            return False
        distinct = self.distinct(block)
        if text.endswith(".") and not (distinct and text.count(". ") == 0):
            return False
        if distinct or self.levels:  # where headings have levels, italics are none
            return distinct
        return (
            _is_caps(text)
            or (block.centered and len(text) <= 100)
            or (_all_italic(block) and len(text) <= 100 and not text.endswith("."))
        )

    def distinct(self, block: Styled) -> bool:
        """Whether a block is larger or bolder than the body, whatever its length."""
        return (
            bool(block.level) or block.style in TITLES or self._larger(block) or self._bolder(block)
        )

    def _larger(self, block: Styled) -> bool:
        return bool(self.size) and block.size >= self.size * LARGER

    def _bolder(self, block: Styled) -> bool:
        if self.bold:
            return False
        return block.weight >= BOLD or _covers(block.bolds, block.text)

    def manner(self, block: Styled) -> tuple[object, ...]:
        """What headings of one rank have in common, the highest rank sorting first."""
        if block.level or block.style in TITLES:
            return (0, block.level or 1)
        size = round(block.size * 2) / 2
        bold = self._bolder(block)
        return (
            1,
            -max(size, self.size),
            not _is_caps(block.text),
            not bold,
            not block.centered,
            _all_italic(block),
        )


def is_between(text: str, at: int) -> bool:
    """Whether a place is none within a word: bold type may end in the middle of one."""
    return not text[at - 1 : at + 1].isalnum()


def _is_caps(text: str) -> bool:
    letters = _LETTERS.findall(text)
    return len(letters) >= 4 and text.upper() == text and text.lower() != text


def _all_italic(block: Styled) -> bool:
    return _covers(block.italics, block.text)


def _covers(spans: Sequence[tuple[int, int]] | None, text: str) -> bool:
    return bool(spans) and sum(end - start for start, end in spans or ()) >= 0.9 * len(text)
