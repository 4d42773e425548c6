"""Units of the annual CFR that stand inside another by a fault of the markup, put in their place.

Where the text of an amendment to come is set forth in a note (REVTXT), the markup of many
volumes closes the note too late: 47 CFR 2011, volume 3, holds parts 59 to 69 within a note to
§ 54.500. GPO knows of sections under the wrong section and of parts under an appendix as well
(https://github.com/usgpo/bulk-data, issues 51 and 56).
"""

from __future__ import annotations

import re

from lxml import etree

from tribonian.ingest.readers.cfr_blocks import head_of
from tribonian.ingest.record import Reading

# A unit stands in one of a lower rank. Subject groups stand in parts and subparts, appendices
# in all three.
RANK = {"PART": 1, "SUBPART": 2, "SUBJGRP": 3, "SECTION": 4, "APPENDIX": 4}
PLACE = "place"  # the attribute that holds where a unit stood before it was moved
# Their units are entries of a list, or quoted.
_LISTS = ("CONTENTS", "TOC", "CFRTOC", "EXTRACT", "BOXTXT", "SUPERSED")
_NUMBER = re.compile(r"[0-9][\w.\-]*\w|[0-9]|\bsubparts?\s+[A-Z]{1,2}\b", re.IGNORECASE)


def mend(unit: etree._Element, path: str, reading: Reading) -> list[etree._Element]:
    """The unit, and what stood in it and belongs after it; both without what was misplaced."""
    wrong = [each for each in unit.iterdescendants(*RANK) if _is_misplaced(each)]
    if not wrong:
        return [unit]
    for each in unit.iterdescendants(*RANK):
        each.set(PLACE, path + _steps(each, unit))
    units = [unit]
    after: dict[etree._Element, etree._Element] = {}
    moved: dict[etree._Element, list[etree._Element]] = {}
    for each in wrong:
        holder = _unit_around(each)
        if holder is None:
            continue
        moved.setdefault(holder, []).append(each)
        branch = holder
        parent = branch.getparent()
        while parent is not None and RANK.get(str(parent.tag), 9) >= RANK[str(each.tag)]:
            branch, parent = parent, parent.getparent()
        _detach(each)
        if parent is None:
            units.append(each)
            continue
        first = branch
        while branch in after:
            branch = after[branch]
        branch.addnext(each)
        after[first if branch is first else branch] = each
    for holder, those in moved.items():
        _report(holder, those, reading)
    return units


def _is_misplaced(element: etree._Element) -> bool:
    parent = element.getparent()
    rank = RANK[str(element.tag)]
    if parent is None:
        return False
    above = RANK.get(str(parent.tag))
    if above is not None and above < rank:
        return False
    if next(element.iterancestors(*_LISTS), None) is not None:
        return False
    if parent.tag == "REVTXT":
        return parent[0] is not element and not _is_named(element, parent)
    if above is None:
        return False
    if parent.tag == "APPENDIX" and element.tag == "SECTION":
        return _of_the_part(element)
    return True


def _is_named(element: etree._Element, revised: etree._Element) -> bool:
    """Whether the note says that it sets this unit forth."""
    note = revised.getparent()
    said = " ".join("".join(map(str, p.itertext())) for p in note.findall("P")) if (
        note is not None) else ""  # fmt: skip
    head = " ".join("".join(map(str, each.itertext())) for each in head_of(element)[:1])
    number = _NUMBER.search(head)
    return number is not None and _bare(number[0]) in {_bare(n) for n in _NUMBER.findall(said)}


def _bare(number: str) -> str:
    return " ".join(number.lower().replace("subparts", "subpart").split())


def _of_the_part(section: etree._Element) -> bool:
    """Whether a section in an appendix bears the number of the part, as its own sections do."""
    part = next(section.iterancestors("PART"), None)
    head = head_of(part) if part is not None else []
    number = _NUMBER.search("".join(map(str, head[0].itertext()))) if head else None
    own = (section.findtext("SECTNO") or "").lstrip("§ ")
    return number is not None and own.startswith(f"{number[0]}.")


def _unit_around(element: etree._Element) -> etree._Element | None:
    return next(element.iterancestors(*RANK), None)


def _detach(element: etree._Element) -> None:
    """Take an element out of its parent; text behind it stays where it is."""
    parent = element.getparent()
    if parent is None:
        return
    tail = element.tail
    if tail and not tail.isspace():
        before = element.getprevious()
        if before is not None:
            before.tail = f"{before.tail or ''}\n{tail}"
        else:
            parent.text = f"{parent.text or ''}\n{tail}"
    element.tail = None
    parent.remove(element)


def _steps(element: etree._Element, above: etree._Element) -> str:
    steps: list[str] = []
    each: etree._Element | None = element
    while each is not None and each is not above:
        tag = str(each.tag)
        place = sum(1 for _ in each.itersiblings(tag, preceding=True)) + 1
        steps.append(f"/{tag}[{place}]")
        each = each.getparent()
    return "".join(reversed(steps))


def _report(holder: etree._Element, moved: list[etree._Element], reading: Reading) -> None:
    names = [_name(each) for each in moved]
    listed = names[0] if len(names) == 1 else f"{names[0]} to {names[-1]} ({len(names)} units)"
    reading.note(
        "unit-misplaced",
        f"{listed} stood inside {_name(holder)} by the markup; put after it.",
        moved[0].get(PLACE, ""),
    )


def _name(element: etree._Element) -> str:
    head = head_of(element)
    said = " ".join("".join(map(str, head[0].itertext())).split()) if head else str(element.tag)
    return re.split(r"[—\[]", said)[0].strip() or said[:60]
