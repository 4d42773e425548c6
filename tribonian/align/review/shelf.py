"""The pairs of a build and the principles that they were traced to, held for the page.

The files are read once and again only when they have changed on disk: a collect may replace the
pairs while somebody reviews them.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from tribonian.align.built import BuiltPrinciple, built_principles, read_sent
from tribonian.align.decisions import Decisions, parse_decisions, read_bytes
from tribonian.align.pairs.rows import iterate_pairs
from tribonian.align.places import Places
from tribonian.align.tracing.grounding import Grounding
from tribonian.consolidate.identity import bare_text
from tribonian.errors import UsageError
from tribonian.schemas.pair import FLAGS, Message, Pair

# What a reviewer should look at first: what teaches wrong law, then what teaches none, then what
# is there twice. A rehearsal says nothing of the single pair.
GRAVITY: tuple[str, ...] = (
    "ungrounded-number", "ungrounded-modal", "contradiction", "untraced", "ungrounded-term",
    "ambiguous", "refusal", "boilerplate", "echo", "too-short", "near-duplicate", "duplicate",
)  # fmt: skip
_RANK = {flag: n for n, flag in enumerate(GRAVITY)}
_NO_MATTER = len(GRAVITY) + 1  # behind a flag that this table does not know


@dataclass(frozen=True, slots=True)
class Row:
    """One pair of the page: rows of the file that are the same pair are one, ``copies`` of it.

    Such a one was traced as the first of them, which is the one that a training file takes.
    ``turns`` are those of a longer conversation, without the system prompt; () for one question
    and its answer. Question and answer of a longer one hold all turns of user and assistant.
    """

    pair: str
    question: str
    answer: str
    principle_id: str | None
    citation: str | None
    match: float
    flags: tuple[str, ...]
    copies: int
    system: str | None
    turns: tuple[Message, ...]


@dataclass(slots=True)
class Shelf:
    """Everything that was read, in the order in which it is reviewed.

    ``rows`` are in that order: gravest flag first, then lowest match, then order of the law;
    ``place`` is the index of a pair in them. A principle that was sent in several runs with
    different words has several texts. ``built`` are the principles of the build as it is today,
    ``law`` those that were sent in the order of the law, with the place of each by its id.
    ``grounding`` is kept of the principle that was asked of last.
    """

    rows: list[Row] = field(default_factory=list)
    place: dict[str, int] = field(default_factory=dict)
    of_principle: dict[str, list[int]] = field(default_factory=dict)
    of_question: dict[str, list[int]] = field(default_factory=dict)
    principles: dict[str, list[BuiltPrinciple]] = field(default_factory=dict)
    built: dict[str, BuiltPrinciple] | None = None
    law: list[BuiltPrinciple] = field(default_factory=list)
    in_law: dict[str, int] = field(default_factory=dict)
    grounding: tuple[BuiltPrinciple, Grounding] | None = None
    flags: dict[str, int] = field(default_factory=dict)
    _sought: list[str] = field(default_factory=list)

    def sought(self) -> list[str]:
        """For each row the text in which words are searched, made at the first search."""
        if not self._sought:
            labels = {key: texts[0].label for key, texts in self.principles.items()}
            self._sought = [
                "\n".join(
                    (row.question, row.answer, row.citation or "",
                     labels.get(row.principle_id or "", ""), row.pair)
                ).casefold()
                for row in self.rows
            ]  # fmt: skip
        return self._sought


def gravity(flags: Iterable[str]) -> int:
    """How soon a pair with these flags is looked at, 0 being first."""
    ranks = [_RANK.get(flag, len(GRAVITY)) for flag in flags if flag != "rehearsal"]
    return min(ranks, default=_NO_MATTER)


def read_shelf(build: Path) -> Shelf:
    """The pairs and principles of a build; UsageError where there are none to review."""
    places = Places(build)
    if not places.pairs.is_file():
        raise UsageError(
            f"{places.pairs} is not there, so that there is nothing to review;"
            f" run: tribonian align collect {build}"
        )
    shelf = Shelf()
    try:
        built = built_principles(build)
        shelf.built = {each.id: each for each in built}
    except UsageError:
        built = []  # a build that was moved or damaged since: what was sent is enough
    sent = [each for file in _sent_files(places) for each in read_sent(file)]
    law: dict[str, int] = {}
    for each in (*built, *sent):
        law.setdefault(each.id, len(law))
    shelf.law = sent or built
    for n, each in enumerate(shelf.law):
        shelf.in_law.setdefault(each.id, n)
        texts = shelf.principles.setdefault(each.id, [])
        if all(each.sha256 != other.sha256 for other in texts):
            texts.append(each)
    _shelve(shelf, _rows(iterate_pairs(places.pairs)), law)
    return shelf


def _sent_files(places: Places) -> list[Path]:
    return sorted(places.align.glob("sent-*.jsonl"))


def _rows(pairs: Iterable[Pair]) -> list[Row]:
    rows: dict[str, Row] = {}
    systems: dict[str, str] = {}  # one system prompt stands in every conversation
    for each in pairs:
        before = rows.get(each.pair)
        if before is not None:
            flags = _gravest_first((*before.flags, *each.flags))
            rows[each.pair] = replace(before, flags=flags, copies=before.copies + 1)
            continue
        first = each.messages[0] if each.messages else None
        system = first.content if first is not None and first.role == "system" else None
        turns = each.messages[1:] if system is not None else each.messages
        rows[each.pair] = Row(
            each.pair,
            each.question,
            each.answer,
            each.principle_id,
            each.citation,
            each.match,
            _gravest_first(each.flags),
            1,
            None if system is None else systems.setdefault(system, system),
            turns if len(turns) > 2 else (),
        )
    return list(rows.values())


def _gravest_first(flags: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({*flags}, key=lambda flag: (gravity((flag,)), flag)))


def _shelve(shelf: Shelf, rows: list[Row], law: Mapping[str, int]) -> None:
    last = len(law)
    rows.sort(
        key=lambda row: (gravity(row.flags), row.match, law.get(row.principle_id or "", last))
    )
    shelf.rows = rows
    counts: dict[str, int] = {}
    for n, row in enumerate(rows):
        shelf.place[row.pair] = n
        if row.principle_id is not None:
            shelf.of_principle.setdefault(row.principle_id, []).append(n)
        shelf.of_question.setdefault(bare_text(row.question), []).append(n)
        for flag in row.flags:
            counts[flag] = counts.get(flag, 0) + 1
    known = [flag for flag in (*GRAVITY, *FLAGS) if flag in counts]
    shelf.flags = {flag: counts[flag] for flag in dict.fromkeys((*known, *sorted(counts)))}


# -- what is on the disk now ------------------------------------------------------------------

_Signature = tuple[tuple[str, int, int, int], ...]


def _signature(files: Iterable[Path]) -> _Signature:
    found = []
    for file in files:
        try:
            stat = file.stat()
        except OSError:
            continue
        found.append((file.name, stat.st_ino, stat.st_size, stat.st_mtime_ns))
    return tuple(found)


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """What one request works with; ``edition`` changes whenever anything of it does."""

    shelf: Shelf
    decisions: Decisions
    edition: int


class Disk:
    """The files of a build, looked at anew for each request; may be used by several threads."""

    def __init__(self, build: Path) -> None:
        self.build = build
        self.places = Places(build)
        self._lock = threading.Lock()
        self._of_pairs: _Signature | None = None
        self._of_decisions: _Signature | None = None
        self._shelf = Shelf()
        self._decisions = Decisions()
        self._bytes = b""
        self._reading = Reading(self._shelf, self._decisions, 0)

    def read(self) -> Reading:
        """The pairs and decisions as they are on disk; UsageError where they cannot be read."""
        with self._lock:
            self._read_pairs()
            self._read_decisions()
            return self._reading

    def _read_pairs(self) -> None:
        build = sorted(self.build.glob("principles*.json"))
        sent = _sent_files(self.places)
        files = [self.places.pairs, self.build / "provenance.jsonl", *build, *sent]
        signature = _signature(files)
        if signature != self._of_pairs:
            self._shelf = read_shelf(self.build)
            self._of_pairs = signature
            self._renew()

    def _read_decisions(self) -> None:
        path = self.places.decisions
        signature = _signature([path])
        if signature == self._of_decisions:
            return
        data = read_bytes(path)
        before = self._bytes
        if before.endswith(b"\n") and data.startswith(before):
            self._decisions = parse_decisions(data[len(before) :], path, self._decisions.copy())
        else:  # the first time, or the file was mended by hand
            self._decisions = parse_decisions(data, path)
        self._bytes, self._of_decisions = data, signature
        self._renew()

    def _renew(self) -> None:
        self._reading = Reading(self._shelf, self._decisions, self._reading.edition + 1)
