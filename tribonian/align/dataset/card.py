"""The data card: what a training file holds and where each row of it comes from, for a person.

It follows the questions of "Datasheets for Datasets" (Gebru and others, 2021) as far as a program
can answer them. No clock and no path of the machine: the same input gives the same card.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tribonian import __version__
from tribonian.align.dataset.card_sources import cell, law, licence, made, own, table
from tribonian.align.dataset.entries import TELLING, TRAINING, VALIDATION, Entry, Source
from tribonian.align.dataset.joining import Build, Wanted
from tribonian.align.dataset.notes import Notes
from tribonian.align.dataset.split import Split
from tribonian.align.dataset.user_data import UserFile
from tribonian.align.dataset.writing import CARD_BEGINS, Outputs
from tribonian.schemas.pair import FLAGS
from tribonian.schemas.training import LEFT_OUT, NOTES, TokenCounts

_NOTES_SHOWN = 20
# The notes that are told whole, those that a person must look at first.
_TOLD = ("law-conflict", "disagreement", "contradiction", "two-answers")


@dataclass(frozen=True, slots=True)
class CardFacts:
    """What the card tells of; ``entries`` are all rows, in the order of the file."""

    outputs: Outputs
    builds: Sequence[Build]
    users: Sequence[tuple[Source, UserFile]]
    wanted: Wanted
    validation: float
    seed: int
    split: Split
    max_length: int
    tokenizer: str
    entries: Sequence[Entry]
    notes: Notes


@dataclass(frozen=True, slots=True)
class FileOnCard:
    """A file beside the card, by which it is known whether it is the one that was written."""

    name: str
    rows: int
    sha256: str
    bytes: int


def sha256_on(card: Path, name: str) -> str | None:
    """The digest that a card has of a file; None where it does not name it."""
    begin, end = f"| {cell(name)} | ", re.compile(r"\| ([0-9a-f]{64}) \|")
    with card.open(encoding="utf-8", errors="replace") as lines:
        for line in lines:
            found = end.search(line) if line.startswith(begin) else None
            if found is not None:
                return found[1]
    return None


def card(facts: CardFacts, files: Sequence[FileOnCard]) -> str:
    """The card as Markdown; ``files`` are all that were written beside it."""
    blocks = [
        f"{CARD_BEGINS}{facts.outputs.training.name}",
        *_rehearsal(facts),
        *_files(facts, files),
        *law(facts.builds),
        *made(facts.builds, facts.wanted.system_prompt),
        *own(facts.users, facts.entries),
        *_decisions(facts),
        *_flags(facts),
        *_left_out(facts),
        *_coverage(facts),
        *_split(facts),
        *_tokens(facts),
        *_notes(facts),
        *licence(facts.builds, bool(facts.users)),
    ]
    return "\n\n".join(blocks) + "\n"


def _kept(facts: CardFacts) -> Iterator[Entry]:
    return (entry for entry in facts.entries if not entry.reason)


def _rehearsal(facts: CardFacts) -> Iterator[str]:
    rehearsed = sum(entry.rehearsed for entry in _kept(facts))
    if rehearsed:
        yield (
            f"**Rehearsal: not to be trained on.** {rehearsed:,} rows were made by the rehearsal, "
            "not by the service, and their system messages say so; `dataset upload` refuses this "
            "file."
        )


def _files(facts: CardFacts, files: Sequence[FileOnCard]) -> Iterator[str]:
    yield (
        "Conversations for instruction fine-tuning: one column, `messages`, a list of role and "
        "content. Every row is a row of the files beside this one: "
        f"`{facts.outputs.rows.name}` says where each comes from, "
        f"`{facts.outputs.left_out.name}` what was left out and why. Made by tribonian "
        f"{__version__}."
    )
    yield table(
        ("file", "rows", "bytes", "SHA-256"), [(f.name, f.rows, f.bytes, f.sha256) for f in files]
    )


_DECIDED = {"accept": "accepted", "edit": "edited", "reject": "rejected", "none": "none"}


def _decisions(facts: CardFacts) -> Iterator[str]:
    if not facts.builds:
        return
    yield "## Review"
    total = sum((build.by_decision for build in facts.builds), Counter[str]())
    kept = Counter(e.decision or "none" for e in _kept(facts) if e.source.build)
    yield table(
        ("decision", "pairs", "of them here"),
        [(_DECIDED[name], total[name], kept[name]) for name in _DECIDED],
    )
    reviewers = Counter(
        name for e in facts.entries if e.source.build for name in e.reviewers
    )  # fmt: skip
    if reviewers:
        yield table(("reviewer", "pairs decided"), sorted(reviewers.items()))
    else:
        yield "Nobody has reviewed a pair."
    unseen = kept["none"]
    if unseen:
        yield f"**{unseen:,} of the pairs here were accepted by nobody.**"
    if facts.wanted.require_review:
        yield "Only pairs that a reviewer accepted or edited were taken (`--require-review`)."


def _flags(facts: CardFacts) -> Iterator[str]:
    total = sum((build.by_flag for build in facts.builds), Counter[str]())
    if not total:
        return
    kept = Counter(flag for e in _kept(facts) for flag in e.flags)
    yield "## Flags"
    yield "What tribonian noticed of pairs, and how many with it are in the file all the same."
    yield table(
        ("flag", "meaning", "pairs", "of them here"),
        [(flag, FLAGS.get(flag, ""), total[flag], kept[flag]) for flag in _in_order(total, FLAGS)],
    )


def _in_order(found: Iterable[str], known: Iterable[str]) -> list[str]:
    order = {name: n for n, name in enumerate(known)}
    return sorted(found, key=lambda name: (order.get(name, len(order)), name))


def _left_out(facts: CardFacts) -> Iterator[str]:
    found = Counter(entry.reason for entry in facts.entries if entry.reason)
    yield "## Left out"
    kept = len(facts.entries) - found.total()
    yield (
        f"{len(facts.entries):,} rows were read: {kept:,} are here, {found.total():,} were left "
        "out."
    )
    if found:
        yield table(
            ("reason", "meaning", "rows"),
            [(name, LEFT_OUT[name], found[name]) for name in LEFT_OUT if found[name]],
        )


def _coverage(facts: CardFacts) -> Iterator[str]:
    if not facts.builds:
        return
    yield "## Coverage"
    rows = []
    for build in facts.builds:
        leaves = {each.id for each in build.law.principles if each.leaf}
        found: dict[str, set[str]] = {TRAINING: set(), VALIDATION: set()}
        for entry in _kept(facts):
            found[entry.split].update(leaves.intersection(entry.stands_for))
            if entry.source is build.source and entry.principle_id in leaves:
                found[entry.split].add(entry.principle_id)
        taught = found[TRAINING]
        held = found[VALIDATION] - taught
        share = f"{100 * len(taught) / len(leaves):.1f} %" if leaves else "–"
        missing = len(leaves) - len(taught) - len(held)
        rows.append((build.source.name, len(leaves), len(taught), share, len(held), missing))
    yield (
        "How many principles the pairs teach; containers, which have no law of their own, apart. "
        "One pair is enough to count, whatever part of its principle it is about."
    )
    head = ("build", "principles", "in training", "share", "in validation alone", "without a row")
    yield table(head, rows)


def _split(facts: CardFacts) -> Iterator[str]:
    if not facts.validation:
        return
    yield "## Validation"
    yield (
        f"{facts.split.taken:,} rows were kept from training; {100 * facts.validation:g} % of the "
        f"rows that were traced to law were asked for, seed {facts.seed}. Rows of one section of "
        "law are on one side, and so are rows with the same question, and rows that have a turn "
        f"of {TELLING} letters or more in common ({facts.split.groups:,} groups). Other rows that "
        "were traced to no law are trained on. The same rule in other words, in another section "
        "or in the user's own data, can be on both sides."
    )


def _tokens(facts: CardFacts) -> Iterator[str]:
    yield "## Tokens"
    parts = [
        (part, TokenCounts.of([e.tokens for e in _kept(facts) if e.split == part]))
        for part in (TRAINING, VALIDATION)
    ]
    yield table(
        ("part", "rows", "median", "p95", "largest", "all"),
        [(part, t.rows, t.median, t.p95, t.largest, t.total) for part, t in parts if t.rows],
    )
    name = facts.tokenizer
    name = "file:" + name.replace("\\", "/").rpartition("/")[2] if name[:5] == "file:" else name
    yield (
        f"Counted by {name}, all turns with what a chat template puts around them (5 tokens a "
        f"message and 1 a row, as Llama 3's does). Rows above {facts.max_length:,} were left out, "
        "because training would cut their answers off."
    )


def _notes(facts: CardFacts) -> Iterator[str]:
    counts = facts.notes.counts
    if not counts:
        return
    yield "## To be looked at"
    yield table(
        ("what", "meaning", "how many"),
        [(code, NOTES[code][1], counts[code]) for code in NOTES if counts[code]],
    )
    shown = [note for note in facts.notes.kept if note.code in _TOLD]
    shown.sort(key=lambda note: _TOLD.index(note.code))
    if shown:
        yield "\n".join(f"- {cell(note.message)}" for note in shown[:_NOTES_SHOWN])
