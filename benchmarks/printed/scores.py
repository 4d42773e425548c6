"""How like two section trees are: sections, paths of designators, words, order, foreign words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from rapidfuzz.distance import Indel

from tribonian.schemas.tree import CONTAINERS, SECTIONS, Node
from tribonian.schemas.words import words

# What is not law, or is in the XML alone (banners) or in no text (pictures).
LEFT_OUT = frozenset(
    ("figure", "formula", "amendment-banner", "metadata", "running-head", "contents", "comment")
)
Place = tuple[str, tuple[str, ...]]


@dataclass(slots=True)
class Unit:
    """A section or appendix, or what stands in a container outside of any."""

    kind: str
    name: str
    heading: str
    words: list[str] = field(default_factory=list)
    tables: list[str] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class Law:
    """What is compared of a tree."""

    units: list[Unit] = field(default_factory=list)
    containers: list[tuple[str, str, str]] = field(default_factory=list)
    paths: list[Place] = field(default_factory=list)
    texts: dict[Place, str] = field(default_factory=dict)

    def sections(self) -> list[str]:
        """Names of the sections, in order."""
        return [unit.name for unit in self.units if unit.kind == "section"]


def law_of(root: Node) -> Law:
    """A tree as lists, in reading order."""
    law = Law()
    law.units.append(Unit("", "", ""))
    _walk(root, law, ())
    return law


def _walk(node: Node, law: Law, path: tuple[str, ...]) -> None:
    kind = node.kind
    if kind in LEFT_OUT:
        return
    if kind in CONTAINERS or kind in SECTIONS:
        name, heading = bare(node.designator), " ".join(_plain_words(node.heading))
        if kind in SECTIONS:
            law.units.append(Unit(kind, name, heading))
        elif node.designator or node.heading:
            law.containers.append((kind, name, heading))
            law.units.append(Unit(kind, name, heading))
        _add(law.units[-1], node)
        for child in node.children:
            _walk(child, law, ())
        if kind not in SECTIONS and law.units[-1].kind in SECTIONS:
            law.units.append(Unit("", f"after {name}", ""))
        return
    unit = law.units[-1]
    if node.designator and kind == "paragraph":
        path = (*path, node.designator.replace(" ", ""))
        where = (unit.name, path)
        law.paths.append(where)
        law.texts.setdefault(where, f"{node.heading} {node.text}"[:70])
    if kind != "paragraph":
        unit.kinds[kind] += 1
    _add(unit, node)
    for child in node.children:
        _walk(child, law, path)


def _add(unit: Unit, node: Node) -> None:
    """The words of a node; a table's cells apart, its caption being a line like others."""
    table = node.kind == "table"
    line = f"{node.designator} {node.heading} {'' if table else node.text}"
    unit.words.extend(_plain_words(line))
    if table:
        unit.tables.extend(_plain_words(node.text))


# Letters that Unicode cannot lower are marked in the eCFR's reading, H_T; a soft hyphen is none.
_MARKS = str.maketrans("", "", "_^{}\u0304\xad")


def _plain_words(text: str) -> list[str]:
    return [each.casefold() for each in words(text.translate(_MARKS))]


def bare(designator: str) -> str:
    """A number as it is compared: ``§ 11.1`` and ``Sec. 11.1`` are one."""
    text = re.sub(r"^(?:§+|secs?\.?|sections?)\s*", "", designator, flags=re.IGNORECASE)
    return re.sub(r"\s+", " ", text.replace("–", "-").replace("\xad", "")).strip(" .").casefold()


@dataclass(slots=True)
class Score:
    """How well a reading holds the law; the figures are shares, words are counted."""

    sections: float
    paths: float
    text: float
    tables: float
    heads: float
    containers: float
    kinds: float
    ordered: bool
    foreign: int
    missing: int
    size: int = 0
    differences: list[str] = field(default_factory=list)


def compare(truth: Law, found: Law) -> Score:
    """Compare what was read with what was printed."""
    pairs = list(_pairs(truth.units, found.units))
    size = sum(len(unit.words) for unit in truth.units) or 1
    similar = equal = 0.0
    for unit, other in pairs:
        if other is not None:
            similar += len(unit.words) * Indel.normalized_similarity(unit.words, other.words)
            if unit.kind in SECTIONS:
                equal += unit.heading == other.heading
    units = sum(unit.kind in SECTIONS for unit in truth.units) or 1
    tables = Counter(w for unit in truth.units for w in unit.tables)
    theirs = Counter(w for unit in found.units for w in unit.tables)
    wanted = Counter(w for unit in truth.units for w in unit.words) + tables
    got = Counter(w for unit in found.units for w in unit.words) + theirs
    kinds, other_kinds = _kinds(truth), _kinds(found)
    return Score(
        sections=f1(Counter(truth.sections()), Counter(found.sections())),
        paths=f1(Counter(truth.paths), Counter(found.paths)),
        text=similar / size,
        tables=f1(tables, theirs),
        heads=equal / units,
        containers=f1(Counter(truth.containers), Counter(found.containers)),
        kinds=f1(kinds, other_kinds),
        ordered=same_order(truth.sections(), found.sections())
        and same_order(truth.paths, found.paths),
        foreign=(got - wanted).total(),
        missing=(wanted - got).total(),
        size=size,
    )


def _kinds(law: Law) -> Counter[tuple[str, str]]:
    return Counter({(unit.name, kind): n for unit in law.units for kind, n in unit.kinds.items()})


def f1(truth: Counter[Hashable] | Counter[str], found: Counter[Hashable] | Counter[str]) -> float:
    """Harmonic mean of precision and recall of two bags; 1 where both are empty."""
    both = (truth & found).total()  # type: ignore[operator]
    total = truth.total() + found.total()
    return 2 * both / total if total else 1.0


def same_order(truth: Sequence[Hashable], found: Sequence[Hashable]) -> bool:
    """Whether what both have stands in the same order in both."""
    common = Counter(truth) & Counter(found)
    return _kept(truth, common) == _kept(found, common)


def _kept(items: Sequence[Hashable], common: Counter[Hashable]) -> list[Hashable]:
    left = Counter(common)
    kept = []
    for item in items:
        if left[item]:
            left[item] -= 1
            kept.append(item)
    return kept


def _pairs(truth: list[Unit], found: list[Unit]) -> Iterator[tuple[Unit, Unit | None]]:
    """Each unit of the truth with that of the same number: the first with the first, and so on."""
    waiting: dict[tuple[bool, str], list[Unit]] = {}
    for unit in found:
        waiting.setdefault((unit.kind in SECTIONS, unit.name), []).append(unit)
    for unit in truth:
        same = waiting.get((unit.kind in SECTIONS, unit.name))
        yield unit, same.pop(0) if same else None


def differences(truth: Law, found: Law, most: int) -> Iterator[str]:
    """The first differences of each sort, each as a line or two in its context."""
    for name, ours, theirs in (
        ("section", truth.sections(), found.sections()),
        ("path", truth.paths, found.paths),
        ("container", truth.containers, found.containers),
    ):
        missing, extra = Counter(ours) - Counter(theirs), Counter(theirs) - Counter(ours)
        for sign, bag, law in (("-", missing, truth), ("+", extra, found)):
            for item in list(bag)[:most]:
                begin = law.texts.get(item, "") if name == "path" else ""
                yield f"{sign} {name} {_show(item)}  {begin}"
    for kind in sorted({k for _, k in (_kinds(truth) - _kinds(found))} | {
                       k for _, k in (_kinds(found) - _kinds(truth))}):  # fmt: skip
        lost = [u for u, k in _kinds(truth) - _kinds(found) if k == kind]
        more = [u for u, k in _kinds(found) - _kinds(truth) if k == kind]
        yield f"kind {kind}: missing in {lost[:most]}, too many in {more[:most]}"
    shown = heads = 0
    for unit, other in _pairs(truth.units, found.units):
        if other is None:
            continue
        if unit.kind in SECTIONS and unit.heading != other.heading and heads < most:
            heads += 1
            yield f"heading {unit.name}: {unit.heading!r} read as {other.heading!r}"
        if shown < most and unit.words != other.words:
            for line in _words(unit, other):
                yield line
                shown += 1
                if shown >= most:
                    break


def _show(item: object) -> str:
    if isinstance(item, tuple) and len(item) == 2 and isinstance(item[1], tuple):
        return f"{item[0]} {''.join(item[1])}"
    return str(item)


def _words(unit: Unit, other: Unit) -> Iterator[str]:
    a, b = unit.words, other.words
    for op, a1, a2, b1, b2 in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if op == "equal":
            continue
        before = " ".join(a[max(0, a1 - 5) : a1])
        after = " ".join(a[a2 : a2 + 4])
        yield (
            f"text {unit.name or unit.kind}: … {before} [-{' '.join(a[a1:a2][:25])}-] "
            f"{{+{' '.join(b[b1:b2][:25])}+}} {after} …"
        )
