"""Units of a citation compared: how large they are, and what they are called in a sentence."""

from __future__ import annotations

from tribonian.ingest.ecfr.citation_words import CHAPTER_OF, RANKS, Named
from tribonian.ingest.ecfr.units import CfrUnit, Span


def whole(title: int, named: Named | None, name: str) -> CfrUnit:
    """A title, or a regulation cited by its name alone."""
    if named is None:
        return CfrUnit(title)
    return with_numbers(
        CfrUnit(title, chapter=CHAPTER_OF.get(name, "")), **{named.unit: named.number}
    )


def with_numbers(unit: CfrUnit, **numbers: str) -> CfrUnit:
    """A unit with these numbers added."""
    return CfrUnit(unit.title, **{**unit.said, "paragraph": unit.paragraph, **numbers})


def rank(unit: CfrUnit | Span) -> int:
    """How small a unit is."""
    unit = unit.first if isinstance(unit, Span) else unit
    return RANKS["paragraph" if unit.paragraph else unit.kind.replace("-", "_")]


def outermost(unit: CfrUnit | Span) -> int:
    """How large the largest is of what a unit says; a section's number says all of it."""
    unit = unit.first if isinstance(unit, Span) else unit
    if "." in unit.section:
        return -1
    return min((RANKS[name] for name in unit.said), default=RANKS["paragraph"])


def kind_of(units: list[CfrUnit | Span]) -> str:
    """The name of what a step names, for a sentence."""
    unit = units[0].first if isinstance(units[0], Span) else units[0]
    return "paragraph" if unit.paragraph and not unit.section else unit.kind.replace("-", " ")


def a_kind(kind: str) -> str:
    """The kind with its article."""
    return f"{'an' if kind == 'appendix' else 'a'} {kind}"


def is_of_an_appendix(inner: list[CfrUnit | Span], found: list[CfrUnit | Span]) -> bool:
    """Whether a lone subpart belongs to the appendices before it.

    50 CFR has a ``Table 1b to Part 660, Subpart C``, which is the name of one table.
    """
    return (
        len(inner) == 1
        and isinstance(inner[0], CfrUnit)
        and list(inner[0].said) == ["subpart"]
        and all(isinstance(unit, CfrUnit) and unit.appendix and unit.part
                and not (unit.subpart or unit.section) for unit in found)
    )  # fmt: skip
