"""Where a sentence of legal English ends.

``§ 1.2``, ``21 U.S.C. 321``, ``No. 5``, ``et seq.`` and ``Jan. 3`` end none.
"""

from __future__ import annotations

import re

# Abbreviations of federal drafting (GPO Style Manual, chapter 9), without the stop.
# fmt: off
_ABBREVIATIONS = frozenset((
    "no", "nos", "sec", "secs", "art", "arts", "par", "pars", "pt", "pts", "ch", "chs", "subch",
    "subpt", "app", "apps", "fig", "figs", "vol", "vols", "p", "pp", "ed", "eds", "rev", "dept",
    "div", "bur", "gov", "govt", "assn", "inc", "corp", "co", "cos", "ltd", "llc", "bros", "jr",
    "sr", "dr", "mr", "mrs", "ms", "messrs", "prof", "gen", "col", "capt", "lt", "sgt", "st",
    "ave", "blvd", "rd", "rm", "bldg", "fl", "ste", "jan", "feb", "mar", "apr", "jun", "jul",
    "aug", "sept", "sep", "oct", "nov", "dec", "mon", "tues", "wed", "thurs", "fri", "sat",
    "sun", "seq", "al", "cf", "eg", "ie", "etc", "viz", "vs", "v", "id", "ibid", "supra",
    "infra", "approx", "max", "min", "temp", "wt", "oz", "lb", "lbs", "gal", "qt", "ft", "in",
    "mi", "hr", "hrs", "sq", "cu", "u.s", "u.s.c", "c.f.r", "fed", "reg", "stat", "pub", "res",
    "exec", "doc", "ref", "regs", "op", "cit", "ca", "supp", "i.e", "e.g", "a.m", "p.m", "d.c",
    "n.w", "s.w", "n.e", "s.e", "ph.d", "m.d", "spp", "sp", "var", "subsp", "misc", "est",
))
# fmt: on
_END = re.compile(r"[.?!][\"”’)\]]*\s+(?=[\"“‘(\[]*[A-Z0-9§])")
_LAST_WORD = re.compile(r"([^\s(\[“\"‘]+)\.[\"”’)\]]*\s+$")
_ONLY_NUMBERS = re.compile(r"\s*(?:(?:\(\w{1,5}\)|\w{1,4}\.)\s*)+")
_CLAUSE = re.compile(r"[;:—]\s+")


def split_sentences(text: str) -> list[str]:
    """The sentences of a paragraph, each with the space behind it: joined, they are the text."""
    return _cut(text, (m.end() for m in _END.finditer(text) if _ends(text, m)))


def split_clauses(text: str) -> list[str]:
    """The clauses of a sentence, divided at semicolons, colons and dashes."""
    return _cut(text, (m.end() for m in _CLAUSE.finditer(text)))


def split_words(text: str) -> list[str]:
    """The words of a text, each with the space behind it."""
    return re.findall(r"\S+\s*|^\s+", text)


def _cut(text: str, ends: object) -> list[str]:
    pieces: list[str] = []
    start = 0
    for end in ends:  # type: ignore[attr-defined]
        pieces.append(text[start:end])
        start = end
    if start < len(text):
        pieces.append(text[start:])
    return pieces


def _ends(text: str, match: re.Match[str]) -> bool:
    if _ONLY_NUMBERS.fullmatch(text, 0, match.end()):  # "2. Weigh …": a number and its text
        return False
    if text[match.start()] != ".":
        return True
    word = _LAST_WORD.search(text, max(0, match.start() - 40), match.end())
    if word is None:
        return True
    last = word[1].lower().lstrip("§")
    if last in _ABBREVIATIONS or (len(last) == 1 and last.isalpha()):
        return False
    # "U.S." and "D.C." before a capital: an initialism, not an end
    return not re.fullmatch(r"(?:[a-z]\.)+[a-z]", last)
