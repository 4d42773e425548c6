"""Lines of plain type into paragraphs: where a wrapped line goes on, where another begins.

Plain text and Markdown break a paragraph wherever the line is full. A line that begins with
a printed number, ``(a) The label``, is a paragraph of its own; one that a full line happened
to be broken before, ``under paragraph⏎(a) of this section``, is not.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_NUMBER = re.compile(
    r"(?:"
    r"(?:\((?:[A-Za-z]{1,2}|[ivxlcdm]{1,8}|[IVXLC]{1,8}|\d{1,3}(?:\.\d{1,2})?[a-z]?"
    r"|[a-z]{1,2}[.-]\d{1,2})\)\s?)+"  # (a), (iv), (12), (aa), (b.1), (a)(1)
    r"|\d{1,3}(?:\.\d{1,3})*\.?"  # 1. 3.1.2 (without a full stop: checked below)
    r"|[A-Z]\.|[ivxlc]{1,6}\.|[a-z]\."
    r"|(?:[a-z]|[ivx]{1,5}|\d{1,3}|[a-z]\.\d{1,2})\)"  # a), ii), 1), b.1)
    r"|§§?\s?[\d.]+[\w.-]*"
    r"|[-–—•·▪*]"  # dashes and bullets
    r")(?=\s|$)\s*"
)
_UNIT = re.compile(
    r"(?:(?:PART|SUBPART|CHAPTER|SUBCHAPTER|TITLE|ARTICLE|ANNEX|SCHEDULE|APPENDIX|DIVISION|SECTION)"
    r"\s[\dIVXLCA-Z.]+|(?:Part|Subpart|Chapter|Title|Article|Annex|Schedule|Appendix|Division"
    r"|Section)\s[\dIVXLCA-Z.]+)(?=\s*(?:[—–:.-]|$))"
)
# What goes on after a number in running text: "paragraphs⏎(a) and (b) of this section".
_GOES_ON = re.compile(
    r"[,;.)\]]|(?:(?:and|or|to|through|of|in|above|below|shall|may|must|is|are|under|thereof|hereof)"
    r"(?:\s|$))"
)
_ENDS = re.compile(r"(?:[.;:!?—–]|[;,]\s?(?:and|or|and/or|but))[”\"’')\]]*$")
# A full stop that ends no sentence; a number after it belongs to it.
_ABBREVIATED = re.compile(
    r"(?:^|[\s(])(?:Nos?|Arts?|Secs?|pars?|paras?|[Pp]p?|Pub\. L|U\.S\.C|C\.F\.R|CFR|Fed\. Reg|cls?"
    r"|Regs?|Sch|Ch|vs?|et seq|§§?|Vol|Figs?|Subs?|ss?)\.?$"
)
_REFERS = re.compile(
    r"(?:paragraphs?|sections?|subsections?|clauses?|points?|subparagraphs?|articles?|parts?|items?"
    r"|and|or|to|in|of|by|under|through|with|§§?|,)$",
    re.IGNORECASE,
)
_BEGINS_SMALL = re.compile(r"[a-z\d(]")
# Cells set apart by spaces, rules of dashes: a table may be wider than the text around it.
_OF_A_TABLE = re.compile(r"\S {2,}\S|^\s*[-=_+|\s]+$")
LONGEST_WRAPPED = 140  # characters; who writes longer lines does not wrap them


def wrap_width(lines: Sequence[str]) -> int:
    """The width at which lines were wrapped, 0 where each line stands for itself.

    ``lines`` are those that another line follows without a blank one between.
    """
    lengths = sorted(len(line) for line in lines if line and not _OF_A_TABLE.search(line))
    if not lengths:
        return 0
    width = lengths[(len(lengths) * 95) // 100]
    if width > LONGEST_WRAPPED or width < 35:
        return 0
    full = sum(length >= width * 0.78 for length in lengths)
    return width if full * 2 > len(lengths) else 0


def begins_with_number(line: str) -> bool:
    """Whether a line begins with a printed number, a bullet or the name of a unit."""
    return bool(_NUMBER.match(line) or _UNIT.match(line))


def begins_anew(before: str, line: str, width: int) -> bool:
    """Whether ``line`` is a paragraph of its own and does not go on ``before``.

    ``width`` is that of the wrapped text, 0 where it is not wrapped.
    """
    found = _NUMBER.match(line)
    if found is None:
        if _UNIT.match(line):
            return _has_room(before, line, width) and not _refers(before)
        # where nothing was wrapped, a line that begins a sentence was ended on purpose
        return not width and bool(_ENDS.search(before)) and not _BEGINS_SMALL.match(line)
    rest = line[found.end() :]
    if _GOES_ON.match(rest) or _refers(before):
        return False
    number = found[0].strip()
    if number[-1].isdigit() and (number.isdigit() or not rest[:1].isupper()):
        return False  # a figure in running text
    return bool(_ENDS.search(before)) or (_has_room(before, line, width) and bool(rest))


def _refers(before: str) -> bool:
    return bool(_REFERS.search(before) and not re.search(r"[;,]\s?(?:and|or)$", before)) or bool(
        _ABBREVIATED.search(before)
    )


def _has_room(before: str, line: str, width: int) -> bool:
    """Whether the first word of ``line`` would have fitted behind ``before``."""
    first = line.split(maxsplit=1)[0] if line.strip() else ""
    return not width or len(before) + 1 + len(first) <= width - 2


def is_cut_compound(before: str, line: str) -> bool:
    """Whether a compound was wrapped at its hyphen, ``high-`` and ``risk``; not ``two- or``."""
    right = _STARTS.match(line)
    return (
        right is not None
        and right[0].islower()
        and right[0] not in _SUSPENDED
        and _BROKEN.search(before) is not None
    )


class Words:
    """The words of a document, to tell a hyphen of a compound from one of the line's end."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._known: set[str] | None = None

    def __contains__(self, word: str) -> bool:
        if self._known is None:
            whole = re.sub(r"\S+-[ \t]*\r?\n\s*\S+", " ", self._text.lower())
            self._known = set(re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", whole))
        return word.lower() in self._known

    def join(self, before: str, line: str) -> str:
        """Two lines of one paragraph as one.

        A word that was broken at a hyphen is mended where the document has it whole, or
        has the compound nowhere and one of the halves neither; a compound keeps its hyphen.
        """
        left = _BROKEN.search(before)
        right = _STARTS.match(line)
        if left is None or right is None or right[0] in _SUSPENDED:
            return f"{before} {line}" if before else line
        whole, compound = left[1] + right[0], f"{left[1]}-{right[0]}"
        if compound not in self and (
            whole in self or (left[1] not in self or right[0] not in self)
        ) and right[0].islower():  # fmt: skip
            return before[:-1] + line
        return before + line


_BROKEN = re.compile(r"([^\W\d_]+)[-\u00ad‐]$")
_STARTS = re.compile(r"[^\W\d_]+")
_SUSPENDED = frozenset(("and", "or", "to", "nor", "und", "oder", "et", "ou"))  # "two- or three-"
