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

    ``title`` is that of the CFR, "" where none is named.
    """

    unit: str
    path: tuple[str, ...]
    title: str = ""


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


_LABEL = re.compile(rf"(?:§\s*|(?:Section|Article)\s+)(\d[\w.\-–]*)({_PATH})", re.IGNORECASE)
_CITATION = re.compile(rf"(?:(\d+) CFR )?(\d[\w.\-–]*)({_PATH})$")  # parts are no rules


def cited_unit(citation: str | None, label: str) -> Cited | None:
    """The section that a principle is, by its citation or else by its label; no part is one."""
    if match := _CITATION.match(citation or ""):
        return Cited(match[2].lower(), tuple(_STEP.findall(match[3])), match[1] or "")
    if match := _LABEL.match(label):
        return Cited(match[1].lower(), tuple(_STEP.findall(match[2])))
    return None
