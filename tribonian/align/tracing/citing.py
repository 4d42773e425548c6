"""Units of law that a text names: ``21 CFR 110.10(b)``, ``§ 110.2``, section 5 of part 110.

A citation is a name and no quantity: its digits are compared with the citation of a
principle and with the citations that its text has, never as numbers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cited:
    """A section by its number, with the designators below it: ``110.10`` and ``("b",)``.

    ``title`` is that of the CFR, "" where none is named. ``until``: the last of the designators
    of a piece that has several, ``("c",)`` of ``§ 1.24(b)–(c)``.
    """

    unit: str
    path: tuple[str, ...]
    title: str = ""
    until: tuple[str, ...] = ()


_PATH = r"(?:\s?\((?:[A-Za-z]{1,5}|\d{1,3})\))*"
_SECTION = re.compile(
    r"(?:(?P<title>\d{1,2})\s+C\.?\s?F\.?\s?R\.?\s+(?:§+\s*|sections?\s+)?"
    r"|§+\s*|\b(?:[Ss]ections?|[Aa]rticles?)\s+)"
    rf"(?P<unit>\d+[A-Za-z]?(?:[.\-–]\d+[A-Za-z]?)*)(?P<path>{_PATH})"
)
_STEP = re.compile(r"\((\w+)\)")


def cited(text: str) -> list[Cited]:
    """The sections that a text names, in their order."""
    return [
        Cited(m["unit"].lower(), tuple(_STEP.findall(m["path"])), m["title"] or "")
        for m in _SECTION.finditer(text)
    ]


def without_citations(text: str, *, of_title: bool = False) -> str:
    """A text without the sections that it names; ``of_title``: without ``21 CFR 110.10`` alone."""

    def left(match: re.Match[str]) -> str:
        return match[0] if of_title and not match["title"] else " "

    return _SECTION.sub(left, text)


_LABEL = re.compile(
    rf"(?:§\s*|(?:Section|Article)\s+)(\d[\w.\-–]*)({_PATH})(?:[–—-]({_PATH}))?", re.IGNORECASE
)
_CITATION = re.compile(rf"(?:(\d+) CFR )?(\d[\w.\-–]*)({_PATH})$")  # parts are no rules


def cited_unit(citation: str | None, label: str) -> Cited | None:
    """The section that a principle is, by its citation or else by its label; no part is one."""
    labelled = _LABEL.match(label)
    until = tuple(_STEP.findall(labelled[3] or "")) if labelled else ()
    if match := _CITATION.match(citation or ""):
        return Cited(match[2].lower(), tuple(_STEP.findall(match[3])), match[1] or "", until)
    if labelled:
        return Cited(labelled[1].lower(), tuple(_STEP.findall(labelled[2])), "", until)
    return None


def cites(named: Cited, own: Cited) -> float:
    """How well a cited unit names a principle: 0 for another section, 0.5 for its section
    alone, 1 for all designators; nearly so for a section or piece that has what is named."""
    if named.unit != own.unit or (named.title and own.title and named.title != own.title):
        return 0.0
    longest = max(len(named.path), len(own.path))
    if not longest:
        return 1.0
    same = 0
    for a, b in zip(named.path, own.path, strict=False):
        if a != b:
            break
        same += 1
    if same == len(own.path) or _within(named.path, own, same):
        return 0.9 + 0.1 * (same + (same < len(own.path))) / longest
    return 0.5 + 0.5 * same / longest


def _within(path: tuple[str, ...], own: Cited, same: int) -> bool:
    """Is (c) in (b)–(d)? The lists are of letters, of numbers, or not told."""
    if len(own.path) != same + 1 or len(path) <= same or len(own.until) <= same:
        return False
    if own.until[:same] != own.path[:same]:
        return False
    first, here, last = own.path[same], path[same], own.until[same]
    if first.isdigit() and here.isdigit() and last.isdigit():
        return int(first) <= int(here) <= int(last)
    one_sign = len(first) == len(here) == len(last) == 1
    return one_sign and here.isalpha() and first <= here <= last
