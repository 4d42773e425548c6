"""Is a pair still about the law as it is? The principles as they were sent, and as they are.

A pair is made from a principle as it was sent. The build may have been renewed since, and its
pieces may be cut otherwise, so that more than an id is compared:

- the principle has the same id, label and content: it is as it was;
- else its whole unit (the section) has the same words, cut otherwise: it is as it was;
- else, where the build has the unit: it was amended;
- else, where the build covers the law of the unit: it was removed;
- else the build holds other law (a selection, or only what changed): nothing can be said.

A build covers the law of a unit if it still holds at least half of the units that were sent of
the same part, or of the same document; a build of only what changed holds fewer.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Literal

from tribonian.align.built import BuiltPrinciple, built_principles, read_sent
from tribonian.align.pairs.received import received_pairs
from tribonian.align.pairs.unit import unit_of
from tribonian.align.places import Places
from tribonian.consolidate.identity import bare_text, part_of
from tribonian.errors import TribonianError
from tribonian.schemas.pair import Pair, pair_id

Standing = Literal["same", "amended", "removed", "unknown"]


@dataclass(slots=True)
class _Units:
    """Principles by the unit that they are pieces of."""

    pieces: dict[str, list[BuiltPrinciple]] = field(default_factory=lambda: defaultdict(list))

    def words(self, unit: str) -> tuple[frozenset[str], str]:
        """The paragraphs of a unit without layout and repeated lead-ins; and all in one."""
        bare: list[str] = []
        for piece in self.pieces.get(unit, ()):
            lines = [line for line in piece.content.split("\n") if line.strip()]
            if bare and _leads_in(lines[0], "".join(bare)):
                del lines[0]
            bare += map(bare_text, lines)
        return frozenset(bare), "".join(bare)


def _leads_in(line: str, before: str) -> bool:
    """Whether the first line of a later piece repeats what introduces it: ``[As used here:]``."""
    if not (line.startswith("[") and line.endswith("]")):
        return False
    return all(bare_text(part) in before for part in re.split(" — |…", line[1:-1]))


def _by_unit(principles: Sequence[BuiltPrinciple]) -> _Units:
    units = _Units()
    for each in principles:
        units.pieces[unit_of(each.id)].append(each)
    return units


class Law:
    """The principles of one build, now and in each of its runs."""

    def __init__(self, build: Path, run_of: Callable[[str], Sequence[str]] | None = None) -> None:
        self.build = build
        self.principles = built_principles(build)
        self.current = {each.id: each for each in self.principles}
        self.places = {each.id: n for n, each in enumerate(self.principles)}
        self.sent: dict[str, list[BuiltPrinciple]] = {
            file.stem.removeprefix("sent-"): read_sent(file)
            for file in sorted(Places(build).align.glob("sent-*.jsonl"))
        }
        self.others: Sequence[Law] = ()  # other builds of the same file, which may be newer
        self._run_of = run_of
        self._known: dict[tuple[str, str], Standing] = {}
        for principles in self.sent.values():
            for each in principles:
                self.places.setdefault(each.id, len(self.places))

    @cached_property
    def _sent_by_id(self) -> dict[str, dict[str, BuiltPrinciple]]:
        by_id: dict[str, dict[str, BuiltPrinciple]] = defaultdict(dict)
        for run, principles in self.sent.items():
            for each in principles:
                by_id[each.id][run] = each
        return by_id

    @cached_property
    def _units_now(self) -> _Units:
        return _by_unit(self.principles)

    @cached_property
    def _units_sent(self) -> dict[str, _Units]:
        return {run: _by_unit(principles) for run, principles in self.sent.items()}

    def standing(self, pair: str, principle_id: str, citation: str | None = None) -> Standing:
        """What became of the principle of a pair since it was sent.

        One that was sent in several runs is as it was if it is so for any run that the pair
        came from, or for any run at all where that cannot be told.
        """
        if any(self._newer_in(other, principle_id) for other in self.others):
            return "amended"
        runs = self._sent_by_id.get(principle_id, {})
        if not runs:
            return self._never_sent(principle_id, citation)
        found = {run: self._since(run, principle_id) for run in runs}
        if len(set(found.values())) > 1 and self._run_of is not None:
            own = [run for run in self._run_of(pair) if run in found]
            found = {run: found[run] for run in own} or found
        for standing in ("same", "unknown", "amended"):
            if standing in found.values():
                return standing
        return "removed"

    def is_amended(self, pair: Pair) -> bool:
        """Whether a pair was made from other words than its principle has now."""
        id = pair.principle_id
        return id is not None and self.standing(pair.pair, id, pair.citation) == "amended"

    def _since(self, run: str, principle_id: str) -> Standing:
        known = self._known.get((run, principle_id))
        if known is None:
            known = self._known[run, principle_id] = self._compared(run, principle_id)
        return known

    def _compared(self, run: str, principle_id: str) -> Standing:
        sent = self._sent_by_id[principle_id][run]
        now = self.current.get(principle_id)
        if now is not None and now.sha256 == sent.sha256:
            return "same"
        unit = unit_of(principle_id)
        if unit in self._units_now.pieces:
            lines, whole = self._units_now.words(unit)
            lines_sent, whole_sent = self._units_sent[run].words(unit)
            return "same" if lines == lines_sent or whole == whole_sent else "amended"
        return "removed" if self._covers(run, sent) else "unknown"

    def _never_sent(self, principle_id: str, citation: str | None) -> Standing:
        """A principle that no run is on record for: only whether the build has it is known."""
        if unit_of(principle_id) in self._units_now.pieces:
            return "same"
        part = part_of(citation)
        return "removed" if part and part in self._parts_now else "unknown"

    @cached_property
    def _parts_now(self) -> frozenset[tuple[object, ...]]:
        return frozenset(part_of(each.citation) for each in self.principles if each.leaf)

    def _newer_in(self, other: Law, principle_id: str) -> bool:
        """Whether another build has the principle as of a later day, with other words."""
        mine, theirs = self._latest(principle_id), other.current.get(principle_id)
        if mine is None or theirs is None or mine.sha256 == theirs.sha256:
            return False
        days = _day(mine), _day(theirs)
        if not all(days) or days[0] >= days[1]:
            return False
        unit = unit_of(principle_id)
        return self._units_now.words(unit) != other._units_now.words(unit)

    def conflicts(self, other: Law, units: Iterable[str]) -> dict[str, str]:
        """Which of some units another build has with other words, where no date decides.

        By unit, as a person calls it; in the order of this build. A document without sections is
        compared piece by piece, because a build may hold only some of it.
        """
        found: dict[str, str] = {}
        for unit in units:
            mine, theirs = (_leaves(each._units_now, unit) for each in (self, other))
            if not mine or not theirs or _same(mine, theirs):
                continue
            days = [max(map(_day, leaves)) for leaves in (mine, theirs)]
            if all(days) and days[0] != days[1]:
                continue
            if not unit.startswith("/us/cfr/"):
                there = {each.id: bare_text(each.content) for each in theirs}
                if all(there.get(e.id) in (None, bare_text(e.content)) for e in mine):
                    continue
            lines, whole = self._units_now.words(unit)
            lines_there, whole_there = other._units_now.words(unit)
            if lines != lines_there and whole != whole_there:
                citation = mine[0].citation or mine[0].label
                found[unit] = citation.partition("(")[0].strip() or citation
        return found

    def _latest(self, principle_id: str) -> BuiltPrinciple | None:
        sent = self._sent_by_id.get(principle_id, {}).values()
        return self.current.get(principle_id) or max(sent, key=_day, default=None)

    # -- what the build covers -----------------------------------------------------------------

    def _covers(self, run: str, sent: BuiltPrinciple) -> bool:
        return any(
            2 * len(units & self._units_now.pieces.keys()) >= len(units)
            for units in (self._part(run, sent), self._document(run, sent))
            if len(units) > 1
        )

    def _part(self, run: str, sent: BuiltPrinciple) -> frozenset[str]:
        part = part_of(sent.citation)
        return self._parts[run].get(part, frozenset()) if part else frozenset()

    def _document(self, run: str, sent: BuiltPrinciple) -> frozenset[str]:
        document = sent.sources[0].document if sent.sources else None
        return self._documents[run].get(document, frozenset())

    @cached_property
    def _parts(self) -> dict[str, dict[object, frozenset[str]]]:
        return self._grouped(lambda each: part_of(each.citation))

    @cached_property
    def _documents(self) -> dict[str, dict[object, frozenset[str]]]:
        return self._grouped(lambda each: each.sources[0].document if each.sources else None)

    def _grouped(
        self, key: Callable[[BuiltPrinciple], object]
    ) -> dict[str, dict[object, frozenset[str]]]:
        out: dict[str, dict[object, frozenset[str]]] = {}
        for run, principles in self.sent.items():
            groups: dict[object, set[str]] = defaultdict(set)
            for each in principles:
                if each.leaf:
                    groups[key(each)].add(unit_of(each.id))
            out[run] = {name: frozenset(units) for name, units in groups.items()}
        return out


def _leaves(units: _Units, unit: str) -> list[BuiltPrinciple]:
    return [each for each in units.pieces.get(unit, ()) if each.leaf]


def _same(mine: Sequence[BuiltPrinciple], theirs: Sequence[BuiltPrinciple]) -> bool:
    return [(each.id, each.sha256) for each in mine] == [(each.id, each.sha256) for each in theirs]


def _day(principle: BuiltPrinciple) -> str:
    """The day as of which a principle is law; empty where nobody says it."""
    return max((each.as_of or "" for each in principle.sources), default="")


def law_of_build(folder: Path) -> Law:
    """The law of a build, now and as it was sent; UsageError where it is no build."""
    return Law(folder, _runs_by_pair(folder))


def _runs_by_pair(folder: Path) -> Callable[[str], Sequence[str]]:
    """Which runs a pair came from, by what was received; read only if somebody asks."""

    @cache
    def all_runs() -> dict[str, list[str]]:
        runs: dict[str, list[str]] = {}
        for file in sorted(Places(folder).align.glob("received-*-*.*")):
            try:
                for each in received_pairs(file):
                    conversation = getattr(each, "conversation", None)
                    if conversation is not None:
                        name = pair_id(conversation.question, conversation.answer)
                        runs.setdefault(name, []).append(file.name.split("-")[1])
            except TribonianError:
                continue  # kept as it came, and no pair is from it
        return runs

    return lambda pair: all_runs().get(pair, ())
