"""The same law twice: which copy is kept, which version, and what is a conflict.

Two units are one work if they have the same citation, or if one has none and both have the
same heading. Copies of a work with the same text are duplicates. With different texts
they are versions where both are dated and the dates differ, and a conflict otherwise:
near is not same, and nothing that differs in law is merged.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from tribonian.consolidate.digest import Container, Digest, Unit


@dataclass(frozen=True, slots=True)
class Copy:
    """A unit of one document."""

    unit: Unit
    digest: Digest


@dataclass(slots=True)
class Verdicts:
    """What becomes of each copy that is not simply kept, by ``id`` of its unit.

    ``instead`` names the unit that stands for it and the reason (duplicate, version);
    ``copies`` lists, for a unit that is kept, the units it stands for; ``conflicts`` the
    pairs that differ without a date to choose by.
    """

    instead: dict[int, tuple[Copy, str]] = field(default_factory=dict)
    copies: dict[int, list[Copy]] = field(default_factory=dict)
    conflicts: list[tuple[Copy, Copy]] = field(default_factory=list)


def units_of(children: list[Container | Unit]) -> Iterator[Unit]:
    """All units below some containers, in order; not the containers' own loose text."""
    for child in children:
        if isinstance(child, Unit):
            yield child
        else:
            yield from units_of(child.children)


def judge(digests: list[Digest]) -> Verdicts:
    """Decide on every unit that occurs more than once; order of the documents is order of rank."""
    works: dict[str, list[Copy]] = {}
    labels: dict[str, list[Unit]] = {}
    uncited: list[Copy] = []
    for digest in digests:
        for unit in units_of(digest.top):
            if unit.citation:
                works.setdefault(unit.citation, []).append(Copy(unit, digest))
                labels.setdefault(unit.label.casefold(), []).append(unit)
            else:
                uncited.append(Copy(unit, digest))
    for copy in uncited:
        unit = copy.unit
        same = (
            other.citation
            for other in labels.get(unit.label.casefold(), ())
            if other.hash == unit.hash
        )
        work = next(same, None) or f"{unit.label.casefold()}\n{unit.hash}"
        works.setdefault(work, []).append(copy)
    verdicts = Verdicts()
    for copies in works.values():
        if len(copies) > 1:
            _judge_work(copies, verdicts)
    return verdicts


def _judge_work(copies: list[Copy], verdicts: Verdicts) -> None:
    texts: dict[tuple[str, str], list[Copy]] = {}
    for copy in copies:
        texts.setdefault((copy.unit.label.casefold(), copy.unit.hash), []).append(copy)
    kept = [max(same, key=lambda copy: copy.digest.document.as_of or "") for same in texts.values()]
    for keeper, same in zip(kept, texts.values(), strict=True):
        for copy in same:
            if copy is not keeper:
                verdicts.instead[id(copy.unit)] = (keeper, "duplicate")
                verdicts.copies.setdefault(id(keeper.unit), []).append(copy)
    dates = [copy.digest.document.as_of for copy in kept]
    latest = max((date for date in dates if date), default=None)
    in_force = [copy for copy, date in zip(kept, dates, strict=True) if date == latest or not date]
    for copy, date in zip(kept, dates, strict=True):
        if date and latest and date < latest:
            verdicts.instead[id(copy.unit)] = (in_force[0], "version")
    verdicts.conflicts += [(in_force[0], other) for other in in_force[1:]]
