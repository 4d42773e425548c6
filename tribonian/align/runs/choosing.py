"""Which principles of a build are sent: by pattern, by profile, or those without a pair."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence

from tribonian.align.built import BuiltPrinciple
from tribonian.consolidate.identity import law_order, part_of
from tribonian.consolidate.selection import matches
from tribonian.errors import DocumentError, UsageError
from tribonian.ingest.ecfr.citations import parse_citation
from tribonian.ingest.ecfr.units import CfrUnit, Span
from tribonian.ingest.sources.profiles import profile
from tribonian.schemas.tree import Node

Place = tuple[str, tuple[int, ...]]  # the file, and the path in it
_HEAD = re.compile(r"(?P<number>(?:§ ?|[A-Z][A-Za-z]* )?[\w.\-–()]*\d[\w.\-–()]*|[A-Z]+ [IVXLC\d]+)"
                   r"(?: |—|$)(?P<heading>.*)", re.DOTALL)  # fmt: skip
_APPENDIX_TO = re.compile(r"\d+ cfr (?:appendix|supplement)\b.* to (?:part |§ ?)?(?P<place>\S+)$")


def chosen(
    principles: Sequence[BuiltPrinciple], names: Callable[[BuiltPrinciple], bool]
) -> set[Place]:
    """The places of what is named and of all below it, without the containers above."""
    found: set[Place] = set()
    for each in principles:  # in the order of the law: what is above comes before
        above = (each.file, each.path[:-1])
        if (each.path and above in found) or names(each):
            found.add((each.file, each.path))
    return found


def with_containers(places: Collection[Place]) -> set[Place]:
    """Places with all that is above them."""
    return {(file, path[:n]) for file, path in places for n in range(len(path) + 1)}


def by_patterns(patterns: Sequence[str]) -> Callable[[BuiltPrinciple], bool]:
    """Whether one of some patterns names a principle: a citation, an id, words of a heading."""
    tests = [_by_pattern(pattern) for pattern in patterns]
    return lambda each: any(test(each) for test in tests)


def _by_pattern(pattern: str) -> Callable[[BuiltPrinciple], bool]:
    wanted = pattern.strip()
    try:
        asked = parse_citation(wanted)
    except (DocumentError, UsageError):
        asked = None
    units = asked.wanted if asked is not None else ()

    def names(each: BuiltPrinciple) -> bool:
        if each.id == wanted or matches(wanted, _node(each)):
            return True
        return any(_is_under(each, unit) for unit in units)

    return names


def by_profile(name: str) -> Callable[[BuiltPrinciple], bool]:
    """Whether a profile takes a principle in; UsageError where there is no such profile."""
    units: list[CfrUnit | Span] = []
    for regulation in profile(name).regulations:
        asked = parse_citation(regulation.citation)
        units += asked.wanted if asked is not None else ()
    return lambda each: any(_is_under(each, unit) for unit in units)


def _node(each: BuiltPrinciple) -> Node:
    """A principle as the patterns of a build know it: number and heading apart."""
    head = _HEAD.match(each.label)
    number, heading = (head["number"], head["heading"]) if head else ("", each.label)
    citation = _without_paragraph(each.citation) if each.citation else None
    return Node("", number, heading, citation=citation)


def _without_paragraph(citation: str) -> str:
    """The section that a later piece of it is of: ``21 CFR 701.3(b)`` is of 21 CFR 701.3."""
    return re.sub(r"(?<=\w)(?:\([^()\s]+\))+$", "", citation)


def _is_under(each: BuiltPrinciple, unit: CfrUnit | Span) -> bool:
    """Whether a unit of the CFR is a principle, or holds it where no container says so.

    A build with few levels has no container for a part, and sections that were asked for alone
    have none above them: they are known by their numbers.
    """
    if each.citation is None:
        return False
    if isinstance(unit, Span):
        return _is_in_span(each.citation, unit)
    cited, wanted = each.citation.casefold(), unit.citation.casefold()
    if cited == wanted:
        return True
    if unit.section:
        return _without_paragraph(cited) == wanted or _hangs_on(cited, unit.title, unit.section)
    if unit.kind == "title":
        return cited.startswith(f"{unit.title} cfr ")
    if unit.kind != "part":
        return False
    number = part_of(f"{unit.title} CFR Part {unit.part}")
    if _hangs_on(cited, unit.title, unit.part):
        return True
    return bool(number) and part_of(each.citation) == number


def _hangs_on(cited: str, title: int, place: str) -> bool:
    appendix = _APPENDIX_TO.fullmatch(cited) if cited.startswith(f"{title} cfr ") else None
    if appendix is None:
        return False
    return appendix["place"] == place.casefold() or appendix["place"].startswith(f"{place}.")


def _is_in_span(citation: str, span: Span) -> bool:
    if span.first.section:
        first, last = (law_order(f"{unit.title} CFR {unit.section}", "")
                       for unit in (span.first, span.last))  # fmt: skip
        own = _without_paragraph(citation)
        if not re.fullmatch(rf"{span.title} CFR \S+", own):
            return False
        return first <= law_order(own, "") <= last
    own_part = part_of(citation)
    ends = [part_of(f"{unit.title} CFR Part {unit.part}") for unit in (span.first, span.last)]
    return bool(own_part) and ends[0] <= own_part <= ends[1]
