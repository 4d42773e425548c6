"""Paragraphs that say by their first words what they are: ``Authority:``, ``Note:``, ``[62 FR …]``.

The eCFR prints them this way (1 CFR 21.40 ff. on authority citations; the source note in
brackets at the end of a section).
"""

from __future__ import annotations

import re

_LABELS = (
    (re.compile(r"(?:Authority|AUTHORITY|Authority Citation)\s?:"), "authority"),
    (re.compile(r"(?:Source|SOURCE)\s?:"), "source"),
    (re.compile(r"(?:Editorial Notes?|EDITORIAL NOTES?)\s?:"), "editorial-note"),
    (re.compile(r"(?:Effective Date Notes?|EFFECTIVE DATE NOTES?)\s?:"), "effective-date-note"),
    (re.compile(r"(?:Cross References?|CROSS REFERENCES?)\s?:"), "cross-reference"),
    (re.compile(r"(?:Notes?|NOTES?)(?: \d{1,2})?(?: (?:to|TO) [^:.]{1,60})?\s?:"), "note"),
)
_HISTORY = re.compile(
    r"\[(?:(?:Redesignated|Added|Amended|Reserved|Adopted|Docket|Order|Res|Amdt|T\.D)[^\]]*? )?"
    r"\d+ FR \d+.*\]\.?$",
    re.DOTALL,
)
# 1 CFR 21.43: a section's own authority stands in parentheses at its end.
_AUTHORITY = re.compile(
    r"\((?:Authority\s?:|Secs?\.|Section)\s.{0,600}?(?:U\.S\.C\.|Stat\.|Pub\. L\.).{0,300}\)\.?$",
    re.DOTALL,
)
# 44 U.S.C. 3507: the control number of an approved collection of information.
_APPROVAL = re.compile(
    r"\((?:Information collections? .{0,80})?Approved by the Office of Management"
)


def labelled(text: str) -> tuple[str, str, str] | None:
    """(kind, label, the rest) of a paragraph with a label; None for any other."""
    first = text[:1]
    if first == "(":
        if _AUTHORITY.match(text):
            return "authority", "", text
        return ("approval", "", text) if _APPROVAL.match(text) else None
    if first == "[":
        return ("history", "", text) if _HISTORY.match(text) else None
    if first not in ("A", "S", "E", "C", "N"):
        return None
    for pattern, kind in _LABELS:
        match = pattern.match(text)
        if match is not None:
            return kind, text[: match.end()], text[match.end() :].strip()
    return None
