"""The same row twice, and one question with two answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from tribonian.align.dataset.conversation import shown
from tribonian.align.dataset.entries import ACCEPTED, Entry, Texts
from tribonian.align.dataset.notes import Notes
from tribonian.align.pairs.repeats import differ_in_law
from tribonian.align.pairs.stated import stated
from tribonian.schemas.training import Conversation


def set_copies_aside(entries: Sequence[Entry], notes: Notes, reviewed: bool = False) -> None:
    """Leave out every row but one of those with the same bare question and answer.

    The user's own row stays before a reviewed pair, that before any other, else the first. A pair
    that nobody reviewed goes with a copy that a reviewer rejected or gave other words, unless one
    was accepted too. ``reviewed`` is whether only reviewed pairs are wanted.
    """
    judged = _judged(entries)
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
        found = judged.get(same)
        if found is not None and found is not entry:
            _beside_judged(entry, found, notes, reviewed)
    for entry in copies:
        found = kept[entry.same]
        if found.reason:
            entry.leave_out(found.reason, found.detail)
            continue
        if entry.principle_id is not None and entry.principle_id not in found.stands_for:
            found.stands_for = (*found.stands_for, entry.principle_id)
        entry.leave_out("duplicate", f"it equals {found.where}")
        notes.take(
            "duplicate",
            f"{entry.where} equals {found.where}, which stays.",
            (entry.where, found.where),
        )


def _judged(entries: Sequence[Entry]) -> dict[bytes, Entry]:
    """The pairs with words that a reviewer did not let stand, by these words; a reject first."""
    edited = {e.replaced: e for e in reversed(entries) if e.replaced}
    rejected = {
        e.same: e for e in reversed(entries) if e.reason == "rejected" and e.same
        if not e.no_verdict
    }  # fmt: skip
    return {**edited, **rejected}


def _beside_judged(entry: Entry, judged: Entry, notes: Notes, reviewed: bool) -> None:
    """What becomes of a row whose words a reviewer did not let stand elsewhere."""
    done = "rejected" if judged.reason == "rejected" else "edited"
    where = (entry.where, judged.where)
    if _rank(entry) == 2:
        code = "rejected-but-own"
        notes.take(
            code, f"{entry.where} equals {judged.where}, which was {done}; the user's own stays.",
            where,
        )  # fmt: skip
    elif _rank(entry) == 0:
        entry.leave_out(f"{done}-copy", f"it equals {judged.where}, which was {done}")
    else:
        what = "it stays"
        if reviewed:
            entry.leave_out("disagreement", f"its copy {judged.where} was {done}")
            what = "it is left out (disagreement)"
        entry.disagreement = True
        notes.take(
            "disagreement",
            f"{entry.where} was accepted and its copy {judged.where} was {done}; {what}.",
            where,
        )


def _rank(entry: Entry) -> int:
    if not entry.source.build:
        return 2
    return 1 if entry.decision in ACCEPTED else 0


def note_contradictions(
    entries: Iterable[Entry],
    texts: Texts,
    notes: Notes,
    law_of: Callable[[Entry], str | None] = lambda _: None,
) -> None:
    """Name every question that has several answers in the file; a person must look.

    Each further answer is a note, with its place and that of the answer it stands against: a
    contradiction where they differ in law, else two answers in other words. All of them stay.
    ``law_of`` gives the text of the principle that a row is of: answers that both stand there
    contradict nothing.
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
                (
                    at
                    for at, other in enumerate(others)
                    if _contradict(other, mine)
                    and not _both_stand(group[at], other, entry, mine, law_of)
                ),
                None,
            )
            other = group[against or 0]
            code, how = ("two-answers", "in other words")
            if against is not None:
                code, how = ("contradiction", "otherwise; a person must look")
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
    return differ_in_law(one[-1].content, other[-1].content)


def _both_stand(
    one: Entry,
    said: Conversation,
    other: Entry,
    said_too: Conversation,
    law_of: Callable[[Entry], str | None],
) -> bool:
    """Whether two rows are of one principle of one build, and the answers of both stand there."""
    if one.principle_id is None or (one.source, one.principle_id) != (
        other.source, other.principle_id,
    ):  # fmt: skip
        return False
    text = law_of(one)
    if text is None:
        return False
    law = stated(text)
    return law.has(said[-1].content) and law.has(said_too[-1].content)
