"""Citations out of USLM's identifiers: ``/us/usc/t26/s1/a`` is ``26 U.S.C. 1(a)``.

The reference model is that of the USLM User Guide, chapter 12: jurisdiction, collection,
then levels, each with the letters of its kind.
"""

from __future__ import annotations

import re

_LEVELS = {
    "st": "Subtitle",
    "d": "Division",
    "ch": "Chapter",
    "sch": "Subchapter",
    "pt": "Part",
    "p": "Part",
    "spt": "Subpart",
    "sp": "Subpart",
}
_LEVEL = re.compile(r"(st|sch|ch|spt|sp|pt|p|d)(?=[0-9A-ZIVXL])(.+)")
_SECTION = re.compile(r"s(?=[0-9A-Z])(.+)")


def cite_identifier(identifier: str) -> str | None:
    """The citation that an identifier stands for; None where its kind of law has no such form."""
    jurisdiction, _, rest = identifier.lstrip("/").partition("/")
    collection, _, rest = rest.partition("/")
    if jurisdiction != "us" or not rest:
        return None
    parts = rest.split("/")
    if collection in ("usc", "cfr"):
        name = "U.S.C." if collection == "usc" else "CFR"
        title = parts.pop(0)
        if not title.startswith("t") or len(title) < 2:
            return None
        return _below(f"{title[1:]} {name}", parts, "")
    if collection in ("pl", "pvtl") and len(parts) >= 2:
        law = f"{'Pub.' if collection == 'pl' else 'Pvt.'} L. {parts[0]}-{parts[1]}"
        return _below(law, parts[2:], ", sec.")
    if collection == "stat" and len(parts) == 2:
        return f"{parts[0]} Stat. {parts[1]}"
    return None


def _below(law: str, parts: list[str], before_section: str) -> str | None:
    """The citation of a unit of a law: levels above a section are not cited with it."""
    named = law
    for at, part in enumerate(parts):
        section = _SECTION.fullmatch(part)
        if section is not None and not _LEVEL.fullmatch(part):
            numbers = parts[at + 1 :]
            if any(not re.fullmatch(r"[\w.\-–]+", each) for each in numbers):
                return None
            return f"{law}{before_section} {section[1]}" + "".join(f"({n})" for n in numbers)
        level = _LEVEL.fullmatch(part)
        if level is None:
            return None
        named += f" {_LEVELS[level[1]]} {level[2]}"
    return named


def path_of(identifier: str) -> str:
    """The path below the section: ``(a)(1)`` of ``/us/cfr/t27/s447.42/a/1``."""
    parts = identifier.strip("/").split("/")
    for at, part in enumerate(parts):
        if at > 2 and _SECTION.fullmatch(part) and not _LEVEL.fullmatch(part):
            return "".join(f"({each})" for each in parts[at + 1 :])
    return ""
