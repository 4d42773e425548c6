"""Containers of several documents put together, and what each document adds to them.

A container is one in two documents if it is the same unit of law. Where documents of
different dates name it or authorise it differently, what is in force stays and the rest
goes on record as an older version.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from tribonian.consolidate.digest import Container, Digest, Unit
from tribonian.consolidate.duplicates import Copy, Verdicts
from tribonian.consolidate.identity import bare_text, law_order, part_of
from tribonian.consolidate.rendering import LeftOut, Line
from tribonian.consolidate.summary import Contents
from tribonian.schemas.tree import CONTAINERS_IN_ORDER
from tribonian.schemas.words import count_words


@dataclass(slots=True)
class Row:
    """A line of the ledger of what was left out.

    ``keeper`` is what stands for it, a unit or a container; ``kept`` its id, known when the
    tree stands.
    """

    digest: Digest
    text: str
    reason: str
    locator: str
    words: int
    keeper: Unit | Merged | None = None
    kept: str | None = None
    similarity: float = 1.0


@dataclass(slots=True, eq=False)
class Merged:
    """A container, with all documents' parts of it; ``several`` have given it children."""

    container: Container
    digest: Digest
    authority: list[tuple[Line, Digest]] = field(default_factory=list)
    loose: list[Copy] = field(default_factory=list)
    children: list[Merged | Copy] = field(default_factory=list)
    several: bool = False
    contents: Contents | None = None


class Merge:
    """Puts the containers of documents together, one document after another."""

    def __init__(self, verdicts: Verdicts) -> None:
        self.verdicts = verdicts
        self._outdates = verdicts.in_force.outdates
        self.rows: list[Row] = []
        self.sections = 0
        self.split_sections = 0
        self._merged: dict[str, Merged] = {}
        self._pruned: dict[int, Merged] = {}
        self._texts: dict[tuple[str, str], Copy] = {}
        self._occurrences: dict[tuple[int, str], int] = {}

    def run(self, digests: list[Digest]) -> list[Merged | Copy]:
        """The top of the law that all documents hold, in its order."""
        top: list[Merged | Copy] = []
        for digest in digests:
            self.rows += [_row(digest, left) for left in digest.left_out]
            for child in digest.top:
                self._add(child, digest, top, "")
        self._prune(top)
        self._find_twins()
        for merged in self._merged.values():
            if merged.several:
                merged.children.sort(key=_order)
        if len(digests) > 1:
            top.sort(key=_order)
        return top

    def _add(
        self, child: Container | Unit, digest: Digest, into: list[Merged | Copy], above: str
    ) -> None:
        if isinstance(child, Container):
            self._add_container(child, digest, into, above)
            return
        verdict = self.verdicts.instead.get(id(child))
        if verdict is not None:
            self._leave_out_unit(child, digest, verdict[0].unit, verdict[1])
            return
        into.append(Copy(child, digest))
        self._mixed(above, digest)
        if child.kind == "section":
            self.sections += 1
            self.split_sections += len(child.pieces) > 1

    def _add_container(
        self, child: Container, digest: Digest, into: list[Merged | Copy], above: str
    ) -> None:
        key = self._key(child, digest, above)
        known = self._merged.get(key)
        if known is None:
            known = self._merged[key] = Merged(child, digest)
            into.append(known)
            self._mixed(above, digest)
        else:
            self._name(known, child, digest)
        self._authorise(known, child.authority, digest)
        if child.loose is not None:
            self._add_loose(known, child.loose, digest)
        for inner in child.children:
            self._add(inner, digest, known.children, key)

    def _key(self, container: Container, digest: Digest, above: str) -> str:
        """What makes containers of two documents one: citation or place, name, and occurrence.

        Two of one name in one document stay two: 17 CFR part 240 has "Annual Reports" twice
        in subpart A, and GPO has printed a whole part under two subparts A. A name that
        differs makes two as well, unless the dates say which is in force.
        """
        label = bare_text(container.label)
        if container.kind == "document" and not container.citation:
            above = digest.document.source  # two guidances with one title are two
        name = f"{container.citation or f'{above}/{label}'}\n{container.kind}"
        count = self._occurrences[(id(digest), name)] = (
            self._occurrences.get((id(digest), name), 0) + 1
        )
        key = f"{name}\n{count}"
        known = self._merged.get(key)
        if known is not None and bare_text(known.container.label) != label:
            if self._outdates(digest, known.digest) or self._outdates(known.digest, digest):
                return key
            return f"{key}\n{label}"
        return key

    def _mixed(self, above: str, digest: Digest) -> None:
        """Note that a container has children of a second document, to be put in order."""
        container = self._merged.get(above)
        if container is not None and container.digest is not digest:
            container.several = True

    def _name(self, known: Merged, child: Container, digest: Digest) -> None:
        """Keep the name in force of a container that two documents have."""
        losing, loser = child, digest
        reason = "duplicate"
        if bare_text(known.container.label) != bare_text(child.label):
            reason = "version"
            if self._outdates(digest, known.digest):
                losing, loser = known.container, known.digest
                known.container, known.digest = child, digest
        if losing.label_words:
            self.rows.append(
                Row(loser, losing.label, reason, losing.locator, losing.label_words, known)
            )

    def _authorise(self, known: Merged, lines: list[Line], digest: Digest) -> None:
        """Add a document's authority citation, unless it is known or of an older version."""
        for line in lines:
            wanted = bare_text(line.text)
            same = any(bare_text(kept.text) == wanted for kept, _ in known.authority)
            outdated = any(self._outdates(kept, digest) for _, kept in known.authority)
            if same or outdated:
                self._leave_out(line, digest, "duplicate" if same else "version", known)
                continue
            for kept in [each for each in known.authority if self._outdates(digest, each[1])]:
                known.authority.remove(kept)
                self._leave_out(kept[0], kept[1], "version", known)
            known.authority.append((line, digest))

    def _add_loose(self, known: Merged, unit: Unit, digest: Digest) -> None:
        """Add the text that stands in the container itself, by the same rules.

        Containers without a citation are not put together, as those of two guidances are
        not; where they have the same name, the same text in them is kept once all the same.
        """
        named = (bare_text(known.container.label), unit.bare)
        twin = self._texts.get(named) if known.container.citation is None else None
        for copy in [*known.loose, *filter(None, (twin,))]:
            if copy.unit.bare == unit.bare:
                exact = copy.unit.hash == unit.hash
                reason = "duplicate" if exact else "near-duplicate"
                self._leave_out_unit(unit, digest, copy.unit, reason)
                self.verdicts.copies.setdefault(id(copy.unit), []).append(Copy(unit, digest))
                return
        for copy in list(known.loose):
            if self._outdates(copy.digest, digest):
                self._leave_out_unit(unit, digest, copy.unit, "version")
                return
            if self._outdates(digest, copy.digest):
                known.loose.remove(copy)
                self._texts.pop((named[0], copy.unit.bare), None)
                self._leave_out_unit(copy.unit, copy.digest, unit, "version")
        known.loose.append(Copy(unit, digest))
        self._texts.setdefault(named, known.loose[-1])

    def _leave_out(self, line: Line, digest: Digest, reason: str, keeper: Merged | None) -> None:
        words = count_words(line.text) - line.added
        self.rows.append(Row(digest, line.text, reason, line.locator, words, keeper))

    def _leave_out_unit(self, unit: Unit, digest: Digest, keeper: Unit, reason: str) -> None:
        parts = [unit.label if unit.label_words else "", *(p.content for p in unit.pieces)]
        words = unit.label_words + unit_words(unit)
        text = "\n".join(filter(None, parts))
        likeness = 1.0
        if reason == "near-duplicate":
            likeness = similarity(unit.text, keeper.text)
        self.rows.append(
            Row(digest, text, reason, unit.locator, words, keeper, similarity=likeness)
        )

    def _prune(self, children: list[Merged | Copy]) -> None:
        """Take away containers of which another document has kept everything."""
        for child in list(children):
            if isinstance(child, Copy):
                continue
            self._prune(child.children)
            container = child.container
            if child.children or child.loose or container.holds == 0:
                continue
            children.remove(child)
            self._pruned[id(child)] = child
            if container.label_words:
                self.rows.append(
                    Row(child.digest, container.label, "duplicate", container.locator,
                        container.label_words, child)
                )  # fmt: skip
            for line, source in child.authority:
                self._leave_out(line, source, "authority", None)

    def _find_twins(self) -> None:
        """Say what stands for the names of containers that were taken away, if anything does."""
        standing: dict[tuple[str, str], Merged] = {}
        for merged in self._merged.values():
            if id(merged) not in self._pruned:
                standing.setdefault(_named(merged), merged)
        for row in self.rows:
            if isinstance(row.keeper, Merged) and id(row.keeper) in self._pruned:
                row.keeper = standing.get(_named(row.keeper))
                if row.keeper is None:
                    row.reason = "empty"


def _named(merged: Merged) -> tuple[str, str]:
    return merged.container.kind, bare_text(merged.container.label)


def _row(digest: Digest, left: LeftOut) -> Row:
    return Row(digest, left.text, left.reason, left.locator, left.words)


def similarity(one: str, other: str) -> float:
    """The share of printed words that two texts have in common (Dice's coefficient), 0 to 1."""
    left, right = Counter(one.split()), Counter(other.split())
    total = left.total() + right.total()
    return round(2 * (left & right).total() / total, 4) if total else 1.0


def unit_words(unit: Unit) -> int:
    """The document's words in a unit, without its label."""
    return sum(count_words(piece.content) - piece.added for piece in unit.pieces)


_NOWHERE = (10**6, ())


def _order(child: Merged | Copy) -> tuple[object, ...]:
    """Siblings in the order of the law: title, part, section; appendices behind."""
    if isinstance(child, Copy):
        unit = child.unit
        cited, label, last = unit.citation, unit.label, unit.kind == "appendix"
    else:
        cited = next(filter(part_of, _citations(child)), child.container.citation)
        label, last = child.container.label, False
    return (last, part_of(cited) or _NOWHERE, law_order(cited, label))


def place_in_the_law(digest: Digest) -> tuple[object, ...]:
    """A key that puts documents in the order of the law, then of their names.

    A larger unit stands before those that it begins with; what is no part of the CFR, or
    could not be read, stands behind.
    """
    document = digest.document
    first = digest.top[0] if digest.top else None
    cited = next(filter(part_of, _cited(digest.top)), None)
    kind = _KINDS.get(first.kind, len(_KINDS)) if first is not None else len(_KINDS)
    return (
        part_of(cited) or _NOWHERE,
        kind,
        law_order(cited, "") if cited else (),
        document.order or document.source,
        document.source,
        document.sha256,
    )


_KINDS = {kind: n for n, kind in enumerate((*CONTAINERS_IN_ORDER, "section", "appendix"))}


def _cited(children: Sequence[Container | Unit]) -> Iterator[str]:
    """The citations of some units and of what is below them, in order."""
    for child in children:
        if child.citation:
            yield child.citation
        if isinstance(child, Container):
            yield from _cited(child.children)


def _citations(merged: Merged) -> Iterator[str]:
    """The citations of a container and of what is below it, in order."""
    if merged.container.citation:
        yield merged.container.citation
    for child in merged.children:
        if isinstance(child, Merged):
            yield from _citations(child)
        elif child.unit.citation:
            yield child.unit.citation
