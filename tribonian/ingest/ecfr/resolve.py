"""What is asked for, found in the structure of its title; or the nearest unit that exists.

Every unit is found with all that it stands in: a section without part finds its part (43 CFR
1601.0-1 is in part 1600), a subchapter its chapter where only one has it. What does not exist,
or is reserved, is one sentence that names the nearest citation there is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from tribonian.errors import DocumentError
from tribonian.ingest.ecfr.appendices import (
    find_appendix,
    letter_of,
    nearest_appendix,
    unit_of,
)
from tribonian.ingest.ecfr.places import Key, Place, Places, ends, number_key, same_number
from tribonian.ingest.ecfr.structure import StructureNode
from tribonian.ingest.ecfr.suggestions import (
    NUMBERED_WITHIN,
    hint,
    in_another,
    not_there,
    said_above,
    several,
)
from tribonian.ingest.ecfr.units import CfrUnit, Span

_PARAGRAPH = re.compile(r"(?:\([^()\s]{1,8}\))+")


@dataclass(frozen=True, slots=True)
class Found:
    """A unit that exists: its whole path in ``unit``, what the structure says of it in ``node``.

    ``as_of`` is the day. ``reserved`` is only true of a part within a span. ``order`` is its
    place in the order of the title. A whole part is fetched without asking for the structure:
    then ``node`` is None, ``order`` is -1 and ``unit`` is what was asked for. ``missing`` is the
    sentence for a unit that does not exist, where others beside it do.
    """

    unit: CfrUnit
    as_of: str
    node: StructureNode | None = None
    reserved: bool = False
    order: int = -1
    missing: str = ""


def resolve(wanted: CfrUnit | Span, places: Places, as_of: str) -> list[Found]:
    """The units that are asked for, in the order of the law, each once.

    DocumentError, one sentence, where there is none, where only reserved numbers are left, or
    where several units are meant alike.
    """
    if isinstance(wanted, Span):
        whole = _dashed_number(wanted, places)
        if whole is None and _is_no_span(wanted, places):
            part = replace(wanted.first, part=f"{wanted.first.part}-{wanted.last.part}")
            raise DocumentError(not_there(part, "part", part.part, places, as_of))
        found = [whole] if whole else _span(wanted, places, as_of)
    else:
        found = _unit(wanted, places, as_of)
    out: dict[int, Found] = {}
    for place in found:
        told = _paragraph_after(wanted, place) if isinstance(wanted, CfrUnit) else ""
        unit = replace(place.unit, paragraph=told)
        out[place.order] = Found(unit, as_of, place.node, place.reserved, place.order)
    return [out[order] for order in sorted(out)]


def _paragraph_after(wanted: CfrUnit, place: Place) -> str:
    """What of ``1.263(a)-3(b)`` is left when the section's own number is taken from it.

    Nothing of ``240.11a1-1(T)``, which is a number as a whole.
    """
    whole, own = _close(wanted.section + wanted.paragraph), _close(place.node.identifier)
    number, rest = whole[: len(own)], whole[len(own) :]
    is_own = same_number(number, own) and (not rest or _PARAGRAPH.fullmatch(rest) is not None)
    return rest if is_own else wanted.paragraph


def _close(number: str) -> str:
    return "".join(number.replace("§", "").split())


def _unit(wanted: CfrUnit, places: Places, as_of: str) -> list[Place]:
    kind = wanted.kind
    if kind == "title":
        return places.of_kind("title")[:1]
    if kind == "appendix":
        return [_with_law(find_appendix(wanted, places, as_of), wanted, places, as_of)]
    number = wanted.said[kind.replace("-", "_")]
    alike = _alike(kind, number, wanted, places)
    said = said_above(wanted, kind)
    fitting = [place for place in alike if place.within(said)]
    if len({place.unit for place in fitting}) > 1:
        raise DocumentError(several(wanted, fitting))
    if fitting:
        return [_with_law(fitting[0], wanted, places, as_of)]
    within = [(name, value) for name, value in said if name in NUMBERED_WITHIN.get(kind, ())]
    elsewhere = [place for place in alike if place.within(within)]
    if elsewhere and (within or kind not in NUMBERED_WITHIN):
        raise DocumentError(in_another(wanted, elsewhere[0], said, as_of))
    if kind == "section" and not wanted.paragraph:  # 46 CFR 2.10 is Subpart 2.10
        for place in places.numbered("subpart", number):
            if "." in number and place.within(said):
                return [_with_law(place, wanted, places, as_of)]
    for place in places.covering(kind, number):
        if place.within(said):
            return [_with_law(place, wanted, places, as_of)]
    span = _as_span(wanted, kind, number, places)
    if span:
        return _span(span, places, as_of)
    raise DocumentError(not_there(wanted, kind, number, places, as_of))


def _alike(kind: str, number: str, wanted: CfrUnit, places: Places) -> list[Place]:
    """The units of a kind that have this number; for a section the longest number that fits.

    ``1.263(a)-3(b)`` may be asked for as section 1.263 and the rest, and 17 CFR 240.11a1-1(T)
    has the bracket in its number.
    """
    if kind != "section":
        return places.numbered(kind, number)
    whole = _close(number + wanted.paragraph)
    for length in range(len(whole), 0, -1):
        rest = whole[length:]
        if rest and not _PARAGRAPH.fullmatch(rest):
            continue
        found = places.numbered(kind, whole[:length]) or [
            place for place in places.numbered(kind, number) if not rest
        ]
        if found:
            return found
    return places.numbered(kind, number)


def _with_law(place: Place, wanted: CfrUnit, places: Places, as_of: str) -> Place:
    """The place, if there is text; a reserved number alone would be a document of nothing."""
    if not place.reserved:
        return place
    top = next(node for node in place.path if node.reserved)
    own = place.node is top
    if own:
        what = "is reserved"
    else:
        of = next(each for each in places.of_kind(top.kind) if each.node is top)
        what = f"is in {of.unit.citation}, which is reserved"
    near = _nearest_to(place, wanted, places)
    raise DocumentError(f"{wanted.citation} {what} on {as_of}: there is no text{near}.")


def _nearest_to(place: Place, wanted: CfrUnit, places: Places) -> str:
    """What is near to a reserved number, counted from the one that was asked for."""
    kind = place.node.kind
    if kind == "appendix":
        own = unit_of(place.node.identifier)
        beside = [each for each in places.of_kind(kind) if each.path[:-1] == place.path[:-1]]
        beside = [each for each in beside if unit_of(each.node.identifier) == own] or beside
        found = nearest_appendix(wanted, letter_of(place.node.identifier), beside)
        return f"; the nearest is {found.unit.citation}" if found else ""
    asked = number_key(kind, wanted.said.get(kind, ""))
    return hint(kind, asked if place.covers(asked) else place.key, wanted, places)


# -- spans --------------------------------------------------------------------------------------


def _dashed_number(wanted: Span, places: Places) -> Place | None:
    """The one unit that ``41 CFR parts 50-201`` or ``43 CFR 1601.0-1`` means, if it is one."""
    kind = wanted.first.kind
    name = kind.replace("-", "_")
    one, other = getattr(wanted.first, name), getattr(wanted.last, name)
    found = places.numbered(kind, f"{one}-{other}")
    if not found or found[0].span:
        return None
    both = places.numbered(kind, one) and places.numbered(kind, other)
    return None if both else found[0]


def _is_no_span(wanted: Span, places: Places) -> bool:
    """Whether ``41 CFR part 50-204`` was read as a span, where parts have dashed numbers."""
    if wanted.first.kind != "part" or not places.dashed_parts:
        return False
    both = (wanted.first.part, wanted.last.part)
    return not any("-" in each or places.numbered("part", each) for each in both)


def _as_span(wanted: CfrUnit, kind: str, number: str, places: Places) -> Span | None:
    """``700-740`` that was taken for the number of one part; None where it can be no span."""
    if kind not in ("part", "section") or wanted.paragraph:
        return None
    halves = re.split(r"\s*[-–—]+\s*", number)
    if len(halves) != 2 or ends(kind, number) is None:
        return None
    if kind == "section" and not all("." in half for half in halves):
        return None
    first, last = (
        replace(wanted, part=half) if kind == "part" else replace(wanted, section=half)
        for half in halves
    )
    # 41 CFR part 50-204, on a day when there was none yet, is not all from 50 to 204
    there = any(places.numbered(kind, half) for half in halves)
    return Span(first, last) if there else None


def _span(wanted: Span, places: Places, as_of: str) -> list[Place]:
    kind = wanted.first.kind
    name = kind.replace("-", "_")
    first, last = getattr(wanted.first, name), getattr(wanted.last, name)
    low, high = number_key(kind, first), number_key(kind, last)
    if high < low:
        raise DocumentError(f"{wanted.citation} ends before it begins; write the lower one first.")
    said = said_above(wanted.first, kind)
    found = [place for place in _between(kind, low, high, places) if place.within(said)]
    if kind == "section":
        found = [place for place in found if ("." in place.node.identifier) == ("." in first)]
    if not found:
        near = hint(kind, low, wanted.first, places)
        raise DocumentError(f"{wanted.citation} do not exist on {as_of}{near}.")
    if all(place.reserved for place in found):
        near = hint(kind, low, wanted.first, places)
        raise DocumentError(f"{wanted.citation} are reserved on {as_of}: there is no text{near}.")
    return found


def _between(kind: str, low: Key, high: Key, places: Places) -> list[Place]:
    return [place for place in places.of_kind(kind)
            if place.key <= high and place.last_key >= low]  # fmt: skip
