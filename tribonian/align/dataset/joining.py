"""Pairs with what was decided of them, and the user's own rows, as entries of one list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from tribonian.align.dataset.conversation import (
    UnfitRowError,
    check,
    is_rehearsed,
    shown,
    text,
    with_system,
)
from tribonian.align.dataset.entries import ACCEPTED, Entry, Source, Texts, take_digests
from tribonian.align.dataset.notes import Notes, some_of
from tribonian.align.dataset.user_data import UserFile
from tribonian.align.dataset.user_shapes import says_rehearsal, user_conversation
from tribonian.align.decisions import TWICE, Decisions, Verdict
from tribonian.align.pairs.law import Law
from tribonian.align.pairs.rows import iterate_pairs
from tribonian.align.pairs.shapes import BETWEEN
from tribonian.align.places import Places
from tribonian.schemas.pair import Message, Pair
from tribonian.schemas.training import Conversation

# What nobody is to be taught unseen: no answer at all, or words that no principle has. The
# others are signs for a reviewer (a term may be a synonym, a near-duplicate may differ in law).
SET_ASIDE = frozenset(
    ("refusal", "boilerplate", "too-short", "echo",
     "untraced", "ungrounded-number", "ungrounded-modal")
)  # fmt: skip
_REVIEW = "accept or edit it with tribonian review"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of the rows is wanted: options of the command, by the same names."""

    require_review: bool = False
    keep_flagged: Collection[str] = ()
    keep_amended: bool = False
    system_prompt: str | None = None


@dataclass(slots=True)
class Build:
    """A build with its law and its decisions; the counters tell the card what was there."""

    folder: Path
    source: Source
    law: Law
    decisions: Decisions
    pairs: int = 0
    by_decision: Counter[str] = field(default_factory=Counter)
    by_flag: Counter[str] = field(default_factory=Counter)


def pair_entries(
    build: Build, wanted: Wanted, texts: Texts, notes: Notes
) -> Iterator[tuple[Entry, Conversation | None]]:
    """The pairs of a build, each judged; the conversation is None for one that has none."""
    known: set[str] = set()
    unknown: Counter[str] = Counter()  # pairs by the section that the build does not hold
    for number, pair in enumerate(iterate_pairs(Places(build.folder).pairs), 1):
        verdict = build.decisions.of(pair.pair)
        known.add(pair.pair)
        build.pairs += 1
        build.by_decision[verdict.decision or "none"] += 1
        build.by_flag.update(pair.flags)
        entry = Entry(
            build.source,
            number,
            build.law.places.get(pair.principle_id or "", len(build.law.places)),
            pair.pair,
            pair.principle_id,
            pair.citation,
            verdict.decision,
            verdict.reviewers,
            pair.flags,
        )
        entry.no_verdict = verdict.decision == "reject" and verdict.reason == TWICE
        _judge(entry, pair, verdict, build.law, wanted, unknown)
        messages = _conversation(entry, pair, verdict, wanted, notes)
        if messages is not None:
            texts.keep(entry, messages)
        if verdict.disagreement:
            entry.disagreement = True
            _disagreement(entry, verdict, notes)
        yield entry, messages
    _strangers(build, known, notes)
    if unknown:
        notes.take(
            "principle-unknown",
            f"{build.source.name} does not hold the law of {_pairs(unknown.total())} "
            f"({some_of(sorted(unknown))}); whether it was amended since could not be told.",
            (build.source.name,),
            count=unknown.total(),
        )


def _pairs(number: int) -> str:
    return "1 pair" if number == 1 else f"{number:,} pairs"


def _judge(
    entry: Entry, pair: Pair, verdict: Verdict, law: Law, wanted: Wanted, unknown: Counter[str]
) -> None:
    """Leave a pair out by what was decided, by its law and by its flags, in this order."""
    if verdict.decision == "reject":
        said = f": {shown(verdict.reason)}" if verdict.reason else ""
        entry.leave_out("rejected", f"{' and '.join(verdict.holders)} rejected it{said}")
        return
    if pair.principle_id is not None:
        standing = law.standing(pair.pair, pair.principle_id, pair.citation)
        name = pair.citation or pair.principle_id
        if standing in ("amended", "removed") and not wanted.keep_amended:
            entry.leave_out(
                f"principle-{standing}", f"{name} was {standing} since the pair was made"
            )
            return
        if standing == "unknown":
            unknown[name] += 1
    if verdict.decision in ACCEPTED:
        if wanted.require_review and verdict.disagreement:
            entry.leave_out("disagreement", f"{' and '.join(verdict.reviewers)} disagree on it")
        return
    if wanted.require_review:
        entry.leave_out("not-reviewed", f"nobody accepted it; {_REVIEW}")
        return
    flags = [flag for flag in pair.flags if flag in SET_ASIDE and flag not in wanted.keep_flagged]
    if flags and "all" not in wanted.keep_flagged:
        entry.leave_out("flagged", f"it is flagged {', '.join(flags)}; {_REVIEW}")


def _conversation(
    entry: Entry, pair: Pair, verdict: Verdict, wanted: Wanted, notes: Notes
) -> Conversation | None:
    """The turns as they are to be trained on; None, and a reason, where there are none."""
    edited = verdict.decision == "edit"
    try:
        messages = _sound(_edited(pair, verdict) if edited else pair.messages)
    except UnfitRowError as fault:
        if not entry.reason:
            entry.leave_out("bad-row", str(fault))
            notes.take("bad-row", f"{entry.where}: {fault}.", (entry.where,))
        return None
    if edited:
        with suppress(UnfitRowError):  # what was edited because it was no conversation
            take_digests(entry, _sound(pair.messages))
            entry.replaced = entry.same
    entry.rehearsed = "rehearsal" in pair.flags or is_rehearsed(pair.messages)
    messages = with_system(messages, wanted.system_prompt, entry.rehearsed)
    take_digests(entry, messages)
    if entry.replaced == entry.same:
        entry.replaced = b""
    return messages


def _sound(messages: Sequence[Message]) -> Conversation:
    """The same turns with line feeds only; UnfitRowError where nobody could be taught them."""
    sound = tuple(
        Message(each.role, text(each.content, f"the content of message {n}"))
        for n, each in enumerate(messages, 1)
    )
    check(sound)
    return sound


def _edited(pair: Pair, verdict: Verdict) -> Conversation:
    """The conversation with the reviewer's texts in the place of question and answer.

    These are the texts of all turns of a role, divided by blank lines. Of a longer conversation
    the turns stay as they are if no more than one of a role was edited; else nobody can tell
    where a turn ends, and the two texts are the conversation.
    """
    texts = dict(zip(("user", "assistant"), verdict.texts(pair.question, pair.answer), strict=True))
    new = {
        role: _turns(whole, [m.content.strip() for m in pair.messages if m.role == role])
        for role, whole in texts.items()
    }
    if new["user"] is None or new["assistant"] is None:
        system = [each for each in pair.messages[:1] if each.role == "system"]
        return (*system, *(Message(role, whole) for role, whole in texts.items()))
    turns = {role: iter(each or ()) for role, each in new.items()}
    return tuple(
        Message(m.role, next(turns[m.role])) if m.role in turns else m for m in pair.messages
    )


def _turns(whole: str, before: Sequence[str]) -> list[str] | None:
    """The turns of an edited text, of which one may be other than before; None where none fits."""
    whole = whole.strip()
    if whole == BETWEEN.join(before):
        return list(before)
    for n in reversed(range(len(before))):  # the last turn is what is asked for as a rule
        above = "".join(f"{each}{BETWEEN}" for each in before[:n])
        below = "".join(f"{BETWEEN}{each}" for each in before[n + 1 :])
        middle = whole[len(above) : len(whole) - len(below)]
        if whole.startswith(above) and whole.endswith(below) and middle.strip():
            return [*before[:n], middle, *before[n + 1 :]]
    return None


def _disagreement(entry: Entry, verdict: Verdict, notes: Notes) -> None:
    what = f"the {verdict.decision} of {' and '.join(verdict.holders)} holds"
    if entry.reason:
        what = f"it is left out ({entry.reason})"
    notes.take(
        "disagreement",
        f"{entry.where}: {' and '.join(verdict.reviewers)} decided otherwise than "
        f"one another; {what}.",
        (entry.where,),
    )


def _strangers(build: Build, known: set[str], notes: Notes) -> None:
    """Decisions that are of no pair, and lines that are no decisions."""
    name = f"{build.source.name}, decisions.jsonl"
    for pair in build.decisions.strangers(known):
        lines = [each.line for each in build.decisions.standing(pair)]
        notes.take(
            "decision-without-pair",
            f"{name}, line {lines[-1]}: {shown(pair)} is none of the pairs.",
            (f"{name}, line {lines[-1]}",),
        )
    for bad in build.decisions.bad:
        notes.take(
            "bad-decision", f"{name}, line {bad.line}: it {bad.reason}.", (f"{name}, {bad.line}",)
        )
    if build.decisions.torn:
        notes.take(
            "bad-decision",
            f"{name}: the last line was cut off, so that its decision is lost.",
            (name,),
        )


def user_entries(
    file: UserFile, source: Source, wanted: Wanted, texts: Texts, notes: Notes
) -> Iterator[tuple[Entry, Conversation | None]]:
    """The rows of a user's file; one that cannot be used is left out, with its line."""
    for row in file.rows():
        entry = Entry(source, row.number)
        try:
            if row.fault:
                raise UnfitRowError(row.fault)
            messages = user_conversation(row.values)
        except UnfitRowError as fault:
            entry.leave_out("bad-row", str(fault))
            notes.take("bad-row", f"{entry.where}: {fault}.", (entry.where,))
            yield entry, None
            continue
        entry.rehearsed = is_rehearsed(messages) or says_rehearsal(row.values)
        messages = with_system(messages, wanted.system_prompt, entry.rehearsed)
        take_digests(entry, messages)
        texts.keep(entry, messages)
        yield entry, messages
