"""The same law twice: which copy is kept, which version, and what is a conflict.

Two units are one work if they have the same citation, or if one has none and both have the
same heading. Copies of a work with the same text are duplicates, and near-duplicates where
they differ in layout, punctuation, hyphens or case alone, as the same law does in two
formats: the best copy is kept. With different texts
they are versions where both are dated and the dates differ, and a conflict otherwise:
near is not same, and nothing that differs in law is merged.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from tribonian.consolidate.digest import Container, Digest, Unit
from tribonian.consolidate.identity import bare_text
from tribonian.consolidate.versions import UNDATED, InForce


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
    pairs that differ without a date to choose by. ``in_force`` says which date is.
    """

    in_force: InForce = field(default_factory=InForce)
    instead: dict[int, tuple[Copy, str]] = field(default_factory=dict)
    copies: dict[int, list[Copy]] = field(default_factory=dict)
    conflicts: list[tuple[Copy, Copy]] = field(default_factory=list)


def units_of(
    children: list[Container | Unit], place: str | None = None
) -> Iterator[tuple[Unit, str | None]]:
    """All units below some containers, in order, each with the citation it stands under.

    The containers' own loose text is none of them.
    """
    for child in children:
        if isinstance(child, Unit):
            yield child, place
        else:
            yield from units_of(child.children, child.citation or place)


def judge(digests: list[Digest], asked: str | None = None) -> Verdicts:
    """Decide on every unit that occurs more than once; ``asked`` is the date asked for."""
    works: dict[str, list[Copy]] = {}
    cited: list[Unit] = []
    uncited: list[tuple[Copy, str | None]] = []
    for digest in digests:
        for unit, place in units_of(digest.top):
            if unit.citation:
                works.setdefault(unit.citation, []).append(Copy(unit, digest))
                cited.append(unit)
            else:
                uncited.append((Copy(unit, digest), place))
    seen: dict[tuple[int, str], int] = {}
    labels: dict[str, list[Unit]] = {}
    if uncited:
        for unit in cited:
            labels.setdefault(bare_text(unit.label), []).append(unit)
    for copy, place in uncited:
        work = _uncited_work(copy, place, labels, seen)
        works.setdefault(work, []).append(copy)
    verdicts = Verdicts(InForce(asked))
    for copies in works.values():
        if len(copies) > 1:
            _judge_work(copies, verdicts)
    return verdicts


def _uncited_work(
    copy: Copy,
    place: str | None,
    labels: dict[str, list[Unit]],
    seen: dict[tuple[int, str], int],
) -> str:
    """The work of a unit without a citation: its heading in its part, else its words."""
    unit = copy.unit
    label = bare_text(unit.label)
    if place:  # 18 CFR part 101 has accounts and no sections
        work = f"{place}\n{label}"
        seen[(id(copy.digest), work)] = count = seen.get((id(copy.digest), work), 0) + 1
        return f"{work}\n{count}"
    for other in labels.get(label, ()):
        if other.citation and other.bare == unit.bare:
            return other.citation
    return f"{label}\n{unit.bare}"


def _judge_work(copies: list[Copy], verdicts: Verdicts) -> None:
    """Of the copies with one text the latest is kept, of several texts that in force."""

    def rank(copy: Copy) -> tuple[int, int]:
        return verdicts.in_force.rank(copy.digest)

    texts: dict[tuple[str, str], list[Copy]] = {}
    for copy in copies:
        texts.setdefault((bare_text(copy.unit.label), copy.unit.bare), []).append(copy)
    kept = [
        max(same, key=lambda copy: (rank(copy), goodness(copy.digest.document.format)))
        for same in texts.values()
    ]
    best = max(map(rank, kept))
    in_force = [copy for copy in kept if rank(copy) in (best, UNDATED)]
    in_force.sort(key=lambda copy: rank(copy) != best)  # what is dated stands first
    for keeper, same in zip(kept, texts.values(), strict=True):
        superseded = keeper not in in_force
        for copy in same:
            if superseded:
                verdicts.instead[id(copy.unit)] = (in_force[0], "version")
            elif copy is not keeper:
                exact = copy.unit.hash == keeper.unit.hash
                reason = "duplicate" if exact else "near-duplicate"
                verdicts.instead[id(copy.unit)] = (keeper, reason)
                verdicts.copies.setdefault(id(keeper.unit), []).append(copy)
    verdicts.conflicts += [(in_force[0], other) for other in in_force[1:]]


# The best copy first: official XML, then web pages, Word, PDF, text.
BEST_FIRST = (
    "ecfr-xml", "uslm", "cfr-xml", "fr-xml", "clml", "akoma-ntoso", "justice-xml", "ecfr-html",
    "eurlex-html", "xml", "html", "docx", "odt", "doc", "rtf", "pdf", "markdown", "text",
)  # fmt: skip
_GOODNESS = {name: -n for n, name in enumerate(BEST_FIRST)}


def goodness(name: str) -> int:
    """How good a copy in a format is, by its name; more is better."""
    return _GOODNESS.get(name, -len(BEST_FIRST))
