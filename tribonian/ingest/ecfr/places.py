"""The units of one title by kind and number: what is equal, what lies between, what is near.

Numbers are compared as the law counts: 701.10 is after 701.9, chapter IX before X, subpart Z
before AA, and ``741-799`` is all parts from 741 to 799, but 41 CFR ``50-201`` is one part.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields

from tribonian.ingest.ecfr.matching import Order, ends_of, order_of, roman_order
from tribonian.ingest.ecfr.structure import StructureNode
from tribonian.ingest.ecfr.units import CfrUnit
from tribonian.ingest.readers.ecfr_names import is_range, plain_number

_FIELDS = {field.name for field in fields(CfrUnit)} - {"title", "paragraph"}
_DASH = re.compile(r"[-–—]")
_RULE = re.compile(r"\s+\([^()]*\)$")  # 39 CFR "956.1 (Rule 1)"

Key = Order


def number_key(kind: str, number: str) -> Key:
    """A number as something that sorts as the law counts; "" sorts first."""
    bare = number.replace("§", "").strip()
    return roman_order(bare) if kind == "chapter" else order_of(bare)


def same_number(one: str, other: str) -> bool:
    """Whether two numbers are the same as printed, but for case, § and space."""
    return _folded(one) == _folded(other)


def _folded(number: str) -> str:
    return "".join(_DASH.sub("-", plain_number(number.strip())).casefold().split())


@dataclass(frozen=True, slots=True)
class Place:
    """A unit where it stands in its title: the whole path to it, and its numbers."""

    order: int
    path: tuple[StructureNode, ...]
    unit: CfrUnit
    span: tuple[Key, Key] | None = None

    @property
    def node(self) -> StructureNode:
        """What the structure says of the unit itself."""
        return self.path[-1]

    @property
    def reserved(self) -> bool:
        """Whether its number, or that of a unit it stands in, holds no law."""
        return any(node.reserved for node in self.path)

    @property
    def key(self) -> Key:
        """Its number, to be compared; of a range the first."""
        return self.span[0] if self.span else number_key(self.node.kind, self.node.identifier)

    @property
    def last_key(self) -> Key:
        """Its number, to be compared; of a range the last."""
        return self.span[1] if self.span else self.key

    def within(self, said: Iterable[tuple[str, str]]) -> bool:
        """Whether it stands in all of these: (field of a CfrUnit, number)."""
        return all(same_number(getattr(self.unit, name), number) for name, number in said)

    def covers(self, key: Key) -> bool:
        """Whether it is a range, and the number lies in it."""
        return self.span is not None and self.span[0] <= key <= self.span[1]


class Places:
    """All units of one title, in the order of the law, looked up by kind and number."""

    def __init__(self, root: StructureNode) -> None:
        self.root = root
        self.title = int(root.identifier) if root.identifier.isdigit() else 0
        self._of_kind: dict[str, list[Place]] = defaultdict(list)
        self._numbered: dict[tuple[str, str], list[Place]] = defaultdict(list)
        self._ranges: dict[str, list[Place]] = defaultdict(list)
        # 41 CFR alone has parts such as 50-201; in any other title a dash divides two parts
        self.dashed_parts = any(
            _DASH.search(path[-1].identifier) and not path[-1].reserved
            for path in root.walk() if path[-1].kind == "part"
        )  # fmt: skip
        for order, path in enumerate(root.walk()):
            self._add(order, path)

    def _add(self, order: int, path: tuple[StructureNode, ...]) -> None:
        node = path[-1]
        named = {each.kind.replace("-", "_"): each.identifier for each in path}
        unit = CfrUnit(self.title, **{k: v for k, v in named.items() if k in _FIELDS})
        place = Place(order, path, unit, self._span(node))
        self._of_kind[node.kind].append(place)
        self._numbered[node.kind, _folded(node.identifier)].append(place)
        if node.kind == "section" and _RULE.search(node.identifier):
            self._numbered["section", _folded(_RULE.sub("", node.identifier))].append(place)
        if place.span:
            self._ranges[node.kind].append(place)

    def _span(self, node: StructureNode) -> tuple[Key, Key] | None:
        """The first and last number of a unit that stands for several, None for a single one."""
        if node.kind in ("subject-group", "appendix", "title") or not _DASH.search(node.identifier):
            return None
        several = is_range(node.kind, node.label_level or node.label, node.identifier) or (
            # an answer that says "Part 741-799" in the singular
            node.reserved and node.kind != "section"
            and not (node.kind == "part" and self.dashed_parts)
        )  # fmt: skip
        return ends(node.kind, node.identifier) if several else None

    def of_kind(self, kind: str) -> list[Place]:
        """All units of a kind, in the order of the law."""
        return self._of_kind.get(kind, [])

    def numbered(self, kind: str, number: str) -> list[Place]:
        """The units of a kind that have exactly this number."""
        return self._numbered.get((kind, _folded(number)), [])

    def covering(self, kind: str, number: str) -> Iterator[Place]:
        """The ranges of a kind in which this number lies."""
        key = number_key(kind, number)
        return (place for place in self._ranges.get(kind, []) if key and place.covers(key))


def ends(kind: str, number: str) -> tuple[Key, Key] | None:
    """The two ends of ``741-799``, ``50-1 - 50-200``, ``120.441-§ 120.447``; None for no range."""
    halves = ends_of(number)
    if halves is None:
        return None
    first, last = (number_key(kind, half) for half in halves)
    return (first, last) if first and last and first <= last else None


def nearest(wanted: Key, among: Iterable[Place]) -> Place | None:
    """The unit whose number is nearest, counted; of two as near, the one before."""
    return nearest_key(wanted, [(key, place) for place in among
                                for key in (place.key, place.last_key)])  # fmt: skip


def nearest_key(wanted: Key, among: Iterable[tuple[Key, Place]]) -> Place | None:
    """The same for numbers that are not the units' own identifiers."""
    found = min(among, key=lambda each: _distance(wanted, each[0]), default=None)
    return found[1] if found else None


def _distance(wanted: Key, other: Key) -> tuple[int, ...]:
    """How far two numbers are apart: first token that differs, then whether it is after."""
    for position, (one, two) in enumerate(zip(wanted, other, strict=False)):
        if one == two:
            continue
        gap = abs(_value(one) - _value(two)) + (1_000 if one[0] != two[0] else 0)
        return (-position, gap, int(two > one))
    # one goes on where the other ends: 701.3 and 701.3a, part 50 and part 50-201
    shared = min(len(wanted), len(other))
    return (-shared, abs(len(wanted) - len(other)), int(len(other) > len(wanted)))


def _value(token: tuple[int, int, str]) -> int:
    """A figure as it is; letters counted A to Z, AA to ZZ."""
    value = 0 if token[0] else token[1]
    for letter in token[2][:8]:
        value = value * 26 + ord(letter) - ord("a") + 1
    return value
