"""Sentences for what is not there: the nearest citation, the right container, the candidates."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from tribonian.ingest.ecfr.places import (
    Key,
    Place,
    Places,
    nearest,
    nearest_key,
    number_key,
    same_number,
)
from tribonian.ingest.ecfr.units import CfrUnit

# What surrounds a number: without it the number may stand many times in a title.
NUMBERED_WITHIN = {
    "chapter": ("subtitle",),
    "subchapter": ("subtitle", "chapter"),
    "subpart": ("part",),
    "appendix": ("subtitle", "chapter", "subchapter", "part", "subpart"),
}
_LISTED = 6  # candidates that a sentence lists
_KIND_NAMES = {"appendix": "appendice"}


def said_above(wanted: CfrUnit, kind: str) -> list[tuple[str, str]]:
    """The containers that are named, largest first.

    A subject group has no number in law: its id is made by the eCFR and may be another on
    another day, so that for what stands in it it proves nothing.
    """
    own = kind.replace("-", "_")
    return [(name, value) for name, value in wanted.said.items()
            if name not in (own, "subject_group")]  # fmt: skip


def several(wanted: CfrUnit, found: Sequence[Place]) -> str:
    """One sentence that lists the units which are meant alike."""
    named = [place.unit.citation for place in found[:_LISTED]]
    more = " and others" if len(found) > _LISTED else ""
    return (
        f"{wanted.citation} may be any of {len(found)} units: {'; '.join(named)}{more}; say which."
    )


def in_another(wanted: CfrUnit, right: Place, said: Iterable[tuple[str, str]], as_of: str) -> str:
    """One sentence for a unit that is there, in another container than was said."""
    wrong = [(name, value) for name, value in said if not right.within([(name, value)])]
    is_in = [f"{name} {getattr(right.unit, name)}" for name, _ in wrong
             if getattr(right.unit, name)]  # fmt: skip
    said_to_be = " and ".join(f"{name} {value}" for name, value in wrong)
    where = f"it is in {' and '.join(is_in)}" if is_in else "it is in none"
    return (
        f"{right.unit.citation} is not in {said_to_be} of title {wanted.title} on {as_of}; "
        f"{where}: leave that out, or correct it."
    )


def not_there(wanted: CfrUnit, kind: str, number: str, places: Places, as_of: str) -> str:
    """One sentence for a unit that does not exist, with the nearest that does."""
    key = number_key(kind, number)
    if kind == "subject-group":
        return (
            f"Title {wanted.title} of the CFR has no subject group {number} on {as_of}; ask for "
            "its part or for its sections."
        )
    if kind == "section":
        # the part is reserved, or the container itself is not there: say that first
        reserved = next(
            (place for place in places.covering("part", number.split(".")[0])
             if "." in number and place.reserved), None)  # fmt: skip
        if reserved:
            near = hint("part", reserved.key, wanted, places)
            return (
                f"{wanted.citation} does not exist on {as_of}, since "
                f"{_plural(reserved)} {reserved.node.identifier} are reserved{near}."
            )
    return f"{wanted.citation} does not exist on {as_of}{hint(kind, key, wanted, places)}."


def _plural(place: Place) -> str:
    return f"{place.node.kind}s" if place.span else place.node.kind


def hint(kind: str, key: Key, wanted: CfrUnit, places: Places) -> str:
    """``; the nearest is 21 CFR 701.3``: by number in the same container, else the container."""
    found = _in_another_container(kind, wanted, places) or _nearest_of(kind, key, wanted, places)
    if found is None:
        return _what_there_is(kind, places)
    return f"; the nearest is {found.unit.citation}"


def _in_another_container(kind: str, wanted: CfrUnit, places: Places) -> Place | None:
    """The chapter or subchapter that has this number, in what is nearest to the one named.

    21 CFR chapter II subchapter G: there is a subchapter G, in chapter I.
    """
    if kind not in ("chapter", "subchapter"):
        return None
    within = "chapter" if kind == "subchapter" else "subtitle"
    alike = [place for place in places.numbered(kind, wanted.said.get(kind, ""))
             if not place.reserved]  # fmt: skip
    keys = [(number_key(within, getattr(place.unit, within)), place) for place in alike]
    return nearest_key(number_key(within, wanted.said.get(within, "")), keys)


def _what_there_is(kind: str, places: Places) -> str:
    """``; ask for one of its chapters, I and X``, of a title where nothing is near."""
    for other in ("chapter", "subtitle", "part"):
        there = [place.node.identifier for place in places.of_kind(other) if not place.reserved]
        if not there:
            continue
        none = "" if any(not place.reserved for place in places.of_kind(kind)) else (
            f" has no {_KIND_NAMES.get(kind, kind)}s:")  # fmt: skip
        *most, last = [*there[:_LISTED], "others"] if len(there) > _LISTED else there
        named = f"{', '.join(most)} and {last}" if most else last
        if not none:
            return f"; ask for one of the {other}s of title {places.title}, {named}"
        return f"; title {places.title}{none} ask for one of its {other}s, {named}"
    return ""


def _nearest_of(kind: str, key: Key, wanted: CfrUnit, places: Places) -> Place | None:
    living = [place for place in places.of_kind(kind) if not place.reserved]
    if kind in NUMBERED_WITHIN:
        above = said_above(wanted, kind)
        inside = [place for place in living if place.within(above)]
        if inside or not above:
            return nearest(key, inside)
        name, value = above[-1]
        container = replace(wanted, paragraph="", **{kind: ""})  # type: ignore[arg-type]
        return _nearest_of(name, number_key(name, value), container, places)
    if kind == "section":
        same = _sections_alike(key, wanted, living, places)
        if same:
            return nearest(key, same)
        part = wanted.part or wanted.section.partition(".")[0]
        return _nearest_of("part", number_key("part", part), wanted, places)
    return nearest(key, living)


def _sections_alike(
    key: Key, wanted: CfrUnit, living: Sequence[Place], places: Places
) -> list[Place]:
    """The sections of the part that is named, or those with the same number before the dot."""
    if wanted.part and places.numbered("part", wanted.part):
        return [place for place in living if same_number(place.unit.part, wanted.part)]
    prefix = wanted.section.partition(".")[0]
    return [place for place in living
            if same_number(place.node.identifier.partition(".")[0], prefix)]  # fmt: skip
