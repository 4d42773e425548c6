"""The same row twice, and one question with two answers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tribonian.align.dataset.conversation import shown
from tribonian.align.dataset.entries import ACCEPTED, Entry, Texts
from tribonian.align.dataset.notes import Notes
from tribonian.align.pairs.repeats import repeats
from tribonian.schemas.pair import Pair
from tribonian.schemas.training import Conversation


def set_copies_aside(entries: Sequence[Entry], notes: Notes) -> None:
    """Leave out every row but one of those with the same bare question and answer.

    The user's own row stays before a reviewed pair, that before any other, else the first. A pair
    that nobody reviewed goes with a copy that was rejected, unless one was accepted too.
    """
    rejected = {e.same: e for e in reversed(entries) if e.reason == "rejected" and e.same}
    kept: dict[bytes, Entry] = {}
    copies: list[Entry] = []
    for entry in entries:
        if entry.reason:
            continue
        other = kept.get(entry.same)
        if other is None:
            kept[entry.same] = entry
        elif _rank(entry) > _rank(other):
            kept[entry.same] = entry
            copies.append(other)
        else:
            copies.append(entry)
    for same, entry in kept.items():
        found = rejected.get(same)
        if found is None or _rank(entry) == 1:
            continue
        if _rank(entry) == 2:
            notes.take(
                "rejected-but-own",
                f"{entry.where} equals {found.where}, which was rejected; the user's own stays.",
                (entry.where, found.where),
            )
        else:
            entry.leave_out("rejected-copy", f"it equals {found.where}, which was rejected")
    for entry in copies:
        found = kept[entry.same]
        if found.reason:
            entry.leave_out(found.reason, found.detail)
            continue
        entry.leave_out("duplicate", f"it equals {found.where}")
        notes.take(
            "duplicate",
            f"{entry.where} equals {found.where}, which stays.",
            (entry.where, found.where),
        )


def _rank(entry: Entry) -> int:
    if not entry.source.build:
        return 2
    return 1 if entry.decision in ACCEPTED else 0


def note_contradictions(entries: Iterable[Entry], texts: Texts, notes: Notes) -> None:
    """Name every question that has several answers in the file; a person must choose.

    Each further answer is a note, with its place and that of the answer it stands against: a
    contradiction where they differ in law, else two answers in other words. All of them stay.
    """
    first: dict[bytes, Entry] = {}
    several: dict[bytes, list[Entry]] = {}
    for entry in entries:
        if not entry.reason and first.setdefault(entry.asked, entry) is not entry:
            several.setdefault(entry.asked, [first[entry.asked]]).append(entry)
    for group in several.values():
        answers = [texts.messages_of(each) for each in group[:_COMPARED]]
        for n, entry in enumerate(group[1:], 1):
            mine = answers[n] if n < _COMPARED else texts.messages_of(entry)
            others = answers[: n if n < _COMPARED else 1]
            against = next(
                (at for at, other in enumerate(others) if _contradict(other, mine)), None
            )
            other = group[against or 0]
            code, how = ("two-answers", "in other words")
            if against is not None:
                code, how = ("contradiction", "otherwise; keep one")
            entry.other_answers = (other.where, *entry.other_answers)
            if len(other.other_answers) < _COMPARED:
                other.other_answers = (*other.other_answers, entry.where)
            notes.take(
                code,
                f"{other.where} and {entry.where} answer one question "
                f"({shown(mine[-2].content)}) {how}.",
                (other.where, entry.where),
                (other.number, entry.number),
            )


_COMPARED = 8  # answers to one question that are compared with one another; more with the first


def _contradict(one: Conversation, other: Conversation) -> bool:
    """Whether two answers to one question differ in law."""
    flags = repeats([_pair(one), _pair(other)])
    return "contradiction" in flags[1]


def _pair(messages: Conversation) -> Pair:
    return Pair("", (), messages[-2].content, messages[-1].content, None, None, 0.0)
