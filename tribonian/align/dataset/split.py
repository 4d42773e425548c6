"""Training and validation apart by law: what is asked in one was not taught in the other.

Rows belong together that are of one unit of law, that have the same bare question, or that have
a turn of some length in common. Groups are taken for validation in the order of a hash of the
seed and their law, so that a group stays where it was when others are added, but for those at the
edge of the share.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from tribonian.align.dataset.entries import TRAINING, VALIDATION, Entry
from tribonian.align.pairs.unit import unit_of


@dataclass(frozen=True, slots=True)
class Split:
    """How many rows went to validation, of how many that were wanted; how many groups."""

    wanted: int
    taken: int
    groups: int


class _Groups:
    """Names that were joined (union by size, path halving)."""

    def __init__(self) -> None:
        self.number: dict[str | bytes, int] = {}
        self.above: list[int] = []
        self.size: list[int] = []

    def of(self, name: str | bytes) -> int:
        at = self.number.setdefault(name, len(self.above))
        if at == len(self.above):
            self.above.append(at)
            self.size.append(1)
        return self.top(at)

    def top(self, at: int) -> int:
        while self.above[at] != at:
            self.above[at] = self.above[self.above[at]]
            at = self.above[at]
        return at

    def join(self, one: int, other: int) -> None:
        if one == other:
            return
        if self.size[one] < self.size[other]:
            one, other = other, one
        self.above[other] = one
        self.size[one] += self.size[other]


def split(entries: Sequence[Entry], share: float, seed: int) -> Split:
    """Put some groups of rows into validation, as near to the share as groups allow.

    Rows without a law (the user's own, untraced pairs) are trained on, unless a row of law has
    their question or their answer: then they go with it. The share is one of the others: of all
    rows it would take every law from training where the user's own data are many.
    """
    if share <= 0:
        return Split(0, 0, 0)
    groups = _Groups()
    for entry in entries:
        own = groups.of(entry.asked)
        for said in entry.said:
            groups.join(groups.top(own), groups.of(said))
        for principle_id in (entry.principle_id, *entry.stands_for):
            if principle_id is not None:
                groups.join(groups.top(own), groups.of(unit_of(principle_id)))
    rows: dict[int, int] = {}
    for entry in entries:
        top = groups.of(entry.asked)
        rows[top] = rows.get(top, 0) + 1
    names: dict[int, str] = {}
    for name, number in groups.number.items():
        if isinstance(name, str):
            top = groups.top(number)
            names[top] = min(names.get(top, name), name)
    ordered = sorted(names, key=lambda top: _hash(seed, names[top]))
    wanted = round(sum(rows[top] for top in names) * share)
    taken: set[int] = set()
    count = 0
    for top in ordered:
        everything = count + rows[top] == len(entries)  # something must be left to train on
        if not everything and abs(count + rows[top] - wanted) < abs(count - wanted):
            taken.add(top)
            count += rows[top]
    for entry in entries:
        entry.split = VALIDATION if groups.of(entry.asked) in taken else TRAINING
    return Split(wanted, count, len(ordered))


def _hash(seed: int, name: str) -> bytes:
    return hashlib.sha256(f"{seed}\n{name}".encode("utf-8", "replace")).digest()
