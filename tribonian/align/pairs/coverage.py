"""How many pairs each principle has, and which have none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import orjson

from tribonian.align.built import BuiltPrinciple
from tribonian.align.decisions import Decisions
from tribonian.align.places import Places, keep
from tribonian.schemas.pair import Pair

# Flags that say nothing against a pair by themselves.
HARMLESS = frozenset(("rehearsal",))
# Pairs with one of these do not teach their principle, whatever else they do.
TEACHES_NOTHING = frozenset(("refusal",))


@dataclass(slots=True)
class Covered:
    """One principle and its pairs: all, those with flags, and those decided on.

    ``accepted`` counts edited ones too. ``amended`` are those that were made from other words
    than the principle has now. ``taught`` are those that are neither that nor rejected nor
    refusals: a principle with none is uncovered.
    """

    principle: BuiltPrinciple
    pairs: int = 0
    flagged: int = 0
    accepted: int = 0
    rejected: int = 0
    amended: int = 0
    taught: int = 0


@dataclass(frozen=True)
class Coverage:
    """The coverage of a build; ``rows`` are its principles in their order.

    ``untraced`` pairs have no principle, ``elsewhere`` one that the build has not any more.
    Containers hold summaries and are expected to have no pairs: figures are of leaves alone.
    """

    rows: list[Covered]
    untraced: int = 0
    elsewhere: int = 0
    decided: bool = False
    flags: Counter[str] = field(default_factory=Counter)

    @cached_property
    def leaves(self) -> list[Covered]:
        """The rows of principles that have nothing below them."""
        return [row for row in self.rows if row.principle.leaf]

    @cached_property
    def uncovered(self) -> list[BuiltPrinciple]:
        """The principles without a pair that teaches them, in the order of the law."""
        return [row.principle for row in self.leaves if not row.taught]

    @property
    def covered(self) -> int:
        """How many principles have such a pair."""
        return len(self.leaves) - len(self.uncovered)

    @property
    def pairs(self) -> int:
        """How many pairs there are, wherever they belong."""
        return sum(row.pairs for row in self.rows) + self.untraced + self.elsewhere

    @property
    def amended(self) -> int:
        """How many pairs were made from other words than their principles have now."""
        return sum(row.amended for row in self.rows)

    @property
    def of_containers(self) -> int:
        """How many pairs were traced to a summary."""
        return sum(row.pairs for row in self.rows if not row.principle.leaf)

    @cached_property
    def tokens(self) -> int:
        """The tokens of all principles that may have pairs."""
        return sum(row.principle.tokens for row in self.leaves)

    @cached_property
    def share(self) -> float:
        """The part of these tokens that is covered, from 0 to 1; 1 where there are none."""
        missing = sum(each.tokens for each in self.uncovered)
        return 1 - missing / self.tokens if self.tokens else 1.0

    def containers(self) -> list[tuple[BuiltPrinciple | None, list[Covered]]]:
        """Each container with the principles right below it; None for a build of one principle."""
        by_place = {(row.principle.file, row.principle.path): row.principle for row in self.rows}
        groups: dict[tuple[str, tuple[int, ...]], list[Covered]] = {}
        for row in self.leaves:
            groups.setdefault((row.principle.file, row.principle.path[:-1]), []).append(row)
        return [(_other_than(by_place.get(place), rows), rows) for place, rows in groups.items()]


def _other_than(found: BuiltPrinciple | None, rows: Sequence[Covered]) -> BuiltPrinciple | None:
    return None if found is not None and found.leaf else found


def coverage(
    principles: Sequence[BuiltPrinciple],
    pairs: Iterable[Pair],
    decisions: Decisions | None = None,
    is_amended: Callable[[Pair], bool] | None = None,
) -> Coverage:
    """Count the pairs of each principle, and with decisions those accepted and rejected.

    ``is_amended`` says of a pair that its principle was sent in other words than it has now; such
    a pair covers nothing, because it teaches law that is no more.
    """
    rows = [Covered(each) for each in principles]
    by_id = {row.principle.id: row for row in rows}
    flags: Counter[str] = Counter()
    untraced = elsewhere = 0
    for pair in pairs:
        flags.update(pair.flags)
        row = by_id.get(pair.principle_id) if pair.principle_id is not None else None
        if row is None:
            untraced += pair.principle_id is None
            elsewhere += pair.principle_id is not None
            continue
        decision = decisions.of(pair.pair).decision if decisions is not None else None
        row.pairs += 1
        row.flagged += not HARMLESS.issuperset(pair.flags)
        row.accepted += decision in ("accept", "edit")
        row.rejected += decision == "reject"
        if is_amended is not None and is_amended(pair):
            row.amended += 1
            continue
        row.taught += decision in ("accept", "edit") or (
            decision is None and TEACHES_NOTHING.isdisjoint(pair.flags)
        )
    return Coverage(rows, untraced, elsewhere, decisions is not None, flags)


def write_coverage(places: Places, covered: Coverage) -> None:
    """Write ``coverage.jsonl``, one line a principle in the order of the law."""
    keep(places.coverage, b"".join(orjson.dumps(row_of(r)) + b"\n" for r in covered.rows))


def row_of(row: Covered) -> dict[str, str | int | bool | None]:
    """A line of ``coverage.jsonl``."""
    principle = row.principle
    return {
        "id": principle.id,
        "citation": principle.citation,
        "label": principle.label,
        "leaf": principle.leaf,
        "tokens": principle.tokens,
        "pairs": row.pairs,
        "flagged": row.flagged,
        "accepted": row.accepted,
        "rejected": row.rejected,
        "amended": row.amended,
        "covered": bool(row.taught),
    }


def named(principle: BuiltPrinciple) -> str:
    """A container by label and citation: there are many a subpart A."""
    return f"{principle.label} ({principle.citation})" if principle.citation else principle.label


# -- for a terminal --------------------------------------------------------------------------


def summary(covered: Coverage) -> str:
    """The coverage in one line: ``17 of 19 principles have pairs (94.1 % of the tokens) …``."""
    leaves = len(covered.leaves)
    line = (
        f"{covered.covered:,} of {leaves:,} principles have pairs ({covered.share:.1%} of their "
        f"tokens); {covered.pairs:,} pairs"
    )
    parts = [
        f"{number:,} {name}"
        for number, name in (
            (covered.of_containers, "of summaries"),
            (covered.amended, "of principles that were amended since"),
            (covered.untraced, "untraced"),
            (covered.elsewhere, "of principles that this build has not"),
        )
        if number
    ]
    return f"{line}, of these {', '.join(parts)}" if parts else line


def table(covered: Coverage, most: int = 20) -> str:
    """The containers with uncovered principles, the heaviest first, as text for a terminal."""
    rows = []
    for container, below in covered.containers():
        missing = [row for row in below if not row.taught]
        if missing:
            shown = container or below[0].principle
            tokens = sum(row.principle.tokens for row in missing)
            rows.append((tokens, shown, len(below) - len(missing), len(below)))
    if not rows:
        return summary(covered)
    rows.sort(key=lambda row: -row[0])
    lines = [("container", "citation", "have pairs", "tokens without")]
    lines += [
        (
            _cut(shown.label, 44),
            _cut(shown.citation or "", 36),
            f"{have:,} of {of:,}",
            f"{tokens:,}",
        )
        for tokens, shown, have, of in rows[:most]
    ]
    widths = [max(len(line[n]) for line in lines) for n in range(4)]
    out = [
        f"{a:<{widths[0]}}  {b:<{widths[1]}}  {c:>{widths[2]}}  {d:>{widths[3]}}"
        for a, b, c, d in lines
    ]
    if len(rows) > most:
        out.append(f"and {len(rows) - most:,} more, in coverage.jsonl")
    return "\n".join((*out, summary(covered)))


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
