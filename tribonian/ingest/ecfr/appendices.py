"""An appendix by its whole name or by its letter: ``A``, ``App. A``, ``Supplement I``.

The eCFR's identifier of an appendix is a phrase (Appendix A to Part 1005, Schedule I to Part
789, Special Federal Aviation Regulation No. 97) and belongs to one part: seven parts of title
14 have a Regulation No. 97. What it is an appendix to may stand beside it, and not around it:
Appendix A to § 1910.147 comes after that section in its subpart, Appendix I to Subchapter A of
Chapter I after that subchapter.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from tribonian.errors import DocumentError
from tribonian.ingest.ecfr.matching import order_of
from tribonian.ingest.ecfr.places import Place, Places, nearest_key, number_key
from tribonian.ingest.ecfr.suggestions import NUMBERED_WITHIN, hint, in_another, said_above, several
from tribonian.ingest.ecfr.units import CfrUnit

# How people and agencies shorten the names.
_NAMES = {
    "app": "appendix", "appx": "appendix", "appendices": "appendix", "appendixes": "appendix",
    "supp": "supplement", "suppl": "supplement", "ex": "exhibit", "att": "attachment",
    "sched": "schedule", "sfar": "special federal aviation regulation",
}  # fmt: skip
_KNOWN = {"appendix", "supplement", "exhibit", "attachment", "annex", "schedule", "table", "form",
          "special federal aviation regulation", *_NAMES}  # fmt: skip
_SECTION = re.compile(r"\s(?:§+|sections?|secs?\.)\s*(?=\d)")
_RANGE = re.compile(r"(?P<first>[0-9a-z]+)\s*(?:-|through|and|to)\s*(?P<last>[0-9a-z]+)(?: to .*)?")


def find_appendix(wanted: CfrUnit, places: Places, as_of: str) -> Place:
    """The one appendix that is asked for; DocumentError where there is none, or several."""
    said = said_above(wanted, "appendix")
    everywhere = places.of_kind("appendix")
    inside = [place for place in everywhere if _belongs(place, said)]
    for candidates in (inside, everywhere):
        named = _words(wanted.appendix)
        exact = [place for place in candidates if _words(place.node.identifier) == named]
        if exact and candidates is not inside:
            raise DocumentError(in_another(wanted, exact[0], said, as_of))
        found = exact or (_by_letter(wanted, candidates) if candidates is inside else [])
        if len(found) > 1:
            raise DocumentError(several(wanted, found))
        if found:
            return found[0]
    covering = [place for place in inside if _covers(place, _letter(wanted.appendix)[1])]
    if covering:
        return covering[0]
    raise DocumentError(_none(wanted, inside, places, as_of))


def _belongs(place: Place, said: Iterable[tuple[str, str]]) -> bool:
    """Whether an appendix stands in all of these units, or says in its name that it is theirs."""
    return all(
        place.within([(name, number)]) or _is_named(place, name, number) for name, number in said
    )


def _is_named(place: Place, name: str, number: str) -> bool:
    if getattr(place.unit, name):  # it stands in another one
        return False
    of = _letter(place.node.identifier)[2]
    number = re.escape("".join(_words(number).replace("§", "").split()))
    before = r"§(?:.*[\s§])?" if name == "section" else rf"\b{name} "
    return re.search(rf"{before}{number}(?![\w-]|\.\w)", of) is not None


def _by_letter(wanted: CfrUnit, candidates: Iterable[Place]) -> list[Place]:
    """The appendices with this letter; an Appendix before a Supplement, the part's own first."""
    name, letter, of = _letter(wanted.appendix)
    found = [place for place in candidates if _fits(place, name, letter, of)]
    if not name:
        found = [place for place in found if _letter(place.node.identifier)[0] == "appendix"
                 ] or found  # fmt: skip
    above = said_above(wanted, "appendix")
    if above:  # the part's own before those of its subparts
        whole = f"{above[-1][0]} {above[-1][1]}".casefold()
        found = [
            place for place in found
            if (_letter(place.node.identifier)[2] + " of ").startswith(f"{whole} of ")
        ] or found  # fmt: skip
    return found


def _fits(place: Place, name: str, letter: str, of: str) -> bool:
    its_name, its_letter, its_of = _letter(place.node.identifier)
    return its_letter == letter and name in ("", its_name) and of in ("", its_of)


def _letter(identifier: str) -> tuple[str, str, str]:
    """Name, letter and unit: ``Supplement No. 6 to Part 744`` is supplement, 6, part 744."""
    head, _, of = _words(identifier).partition(" to ")
    words = head.replace("no. ", "").replace("number ", "").split()
    if not words:
        return "", "", of
    plain = [_NAMES.get(word.rstrip("."), word.rstrip(".")) for word in words]
    if " ".join(plain) in _KNOWN:  # the only one of its part has no letter: Appendix to Part 5
        return " ".join(plain), "", of
    return " ".join(plain[:-1]), words[-1].rstrip("."), of


def _words(name: str) -> str:
    name = re.sub(r"[‐-―−]", "-", name).replace("_", " ").casefold()
    return " ".join(_SECTION.sub(" § ", name).split())


def _covers(place: Place, letter: str) -> bool:
    """Whether ``Appendixes B-E to Part 50`` has this letter."""
    rest = _words(place.node.identifier).partition(" ")[2]
    ends = _RANGE.fullmatch(rest)
    key = order_of(letter)
    return bool(ends and key and order_of(ends["first"]) <= key <= order_of(ends["last"])
                and place.node.reserved)  # fmt: skip


def nearest_appendix(wanted: CfrUnit, letter: str, among: Iterable[Place]) -> Place | None:
    """The appendix with text whose letter is nearest, of those with the same name if any."""
    living = [place for place in among if not place.reserved]
    name = _letter(wanted.appendix)[0] or "appendix"
    alike = [place for place in living if _letter(place.node.identifier)[0] == name]
    numbered = [(order_of(_letter(place.node.identifier)[1]), place) for place in alike or living]
    return nearest_key(order_of(letter), numbered)


def letter_of(identifier: str) -> str:
    """``a`` of ``Appendix A to Part 101``."""
    return _letter(identifier)[1]


def unit_of(identifier: str) -> str:
    """``part 101`` of ``Appendix A to Part 101``."""
    return _letter(identifier)[2]


def _none(wanted: CfrUnit, inside: Sequence[Place], places: Places, as_of: str) -> str:
    found = nearest_appendix(wanted, letter_of(wanted.appendix), inside)
    if found:
        return f"{wanted.citation} does not exist on {as_of}; the nearest is {found.unit.citation}."
    if wanted.section:
        return _none_of_a_section(wanted, places, as_of)
    above = [
        each for each in said_above(wanted, "appendix") if each[0] in NUMBERED_WITHIN["appendix"]
    ]
    containers = places.of_kind(above[-1][0]) if above else []
    there = [place for place in containers if place.within(above)]
    if there:
        return (
            f"{wanted.citation} does not exist on {as_of}, and {there[0].unit.citation} has no "
            f"other appendix; ask for {there[0].unit.citation}."
        )
    return f"{wanted.citation} does not exist on {as_of}{hint('appendix', (), wanted, places)}."


def _none_of_a_section(wanted: CfrUnit, places: Places, as_of: str) -> str:
    there = places.numbered("section", wanted.section)
    if there:
        section = there[0].unit.citation
        return (
            f"{wanted.citation} does not exist on {as_of}, and {section} has no appendix with "
            f"text; ask for {section}."
        )
    near = hint("section", number_key("section", wanted.section), wanted, places)
    return f"{wanted.citation} does not exist on {as_of}{near}."
