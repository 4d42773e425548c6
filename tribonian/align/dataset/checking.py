"""Would the service take a training file, and is it sound? Each row, one by one."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path

from tribonian.align.dataset.card import sha256_on
from tribonian.align.dataset.checked_file import CheckedFile, open_checked
from tribonian.align.dataset.conversation import (
    UnfitRowError,
    check,
    is_rehearsed,
    shown,
    text,
    turns_of,
)
from tribonian.align.dataset.copies import note_contradictions
from tribonian.align.dataset.entries import Entry, Texts, take_digests
from tribonian.align.dataset.notes import SHOWN, Notes
from tribonian.align.dataset.tokens_of_rows import MAX_LENGTH, PER_MESSAGE, PER_ROW, row_tokens
from tribonian.align.dataset.user_rows import RawRow
from tribonian.align.dataset.user_shapes import says_rehearsal
from tribonian.align.dataset.writing import Outputs, is_card
from tribonian.align.places import REHEARSAL_MARK
from tribonian.consolidate.tokens import DEFAULT, Tokenizer
from tribonian.schemas.pair import Message
from tribonian.schemas.training import Conversation, Note, TokenCounts

# purpose at the service -> the columns of its rows, those with most of them first.
SHAPES: dict[str, tuple[str, ...]] = {
    "preference-fine-tune": ("messages", "chosen", "rejected"),
    "reinforcement-fine-tune": ("messages", "reference_answer"),
    "fine-tune": ("messages",),
    "pre-train": ("text",),
}
_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class DatasetVerdict:
    """``fit`` is whether nothing found is an error; ``purpose`` what it is for at the service,
    empty where nobody can tell. ``notes`` are twenty of each code, ``counts`` all of them.
    """

    fit: bool
    file: Path
    purpose: str
    rows: int
    tokens: TokenCounts
    notes: tuple[Note, ...]
    counts: dict[str, int]

    def lines(self) -> list[str]:
        """What the command says: the verdict, then what was found."""
        rows = "1 row" if self.rows == 1 else f"{self.rows:,} rows"
        fit = f"fit for {self.purpose}" if self.fit else "not fit"
        return [f"{self.file}: {fit}, {rows}, {self.tokens.line()}", *map(str, self.notes)]

    def row(self) -> dict[str, object]:
        """The verdict as JSON has it."""
        return {
            "file": self.file.name,
            "fit": self.fit,
            "purpose": self.purpose or None,
            "rows": self.rows,
            "tokens": asdict(self.tokens),
            "counts": self.counts,
            "findings": [note.row() for note in self.notes],
        }


def check_dataset(
    file: Path,
    *,
    max_length: int = MAX_LENGTH,
    tokenizer: str | None = None,
    progress: Callable[[int], None] | None = None,
) -> DatasetVerdict:
    """Check a training file, JSONL or Parquet, of any purpose; ``max_length`` is in tokens.

    Raises UsageError where nothing is there to check.
    """
    counter = Tokenizer(tokenizer or DEFAULT, threads=0)
    notes = Notes()
    opened = open_checked(file, notes)
    if opened is None:
        return _verdict(file, None, [], notes)
    _beside_card(file, notes)
    with Texts() as texts:
        checked = _Checked(opened, notes, texts)
        entries: list[Entry] = []
        rows = checked.rows()
        while batch := list(islice(rows, _AT_ONCE)):
            sizes = row_tokens([messages for _, messages in batch], counter)
            for (entry, _), size in zip(batch, sizes, strict=True):
                plain = checked.purpose == "pre-train"  # a text has no template around it
                entry.tokens = size - PER_ROW - PER_MESSAGE if plain else size
                entries.append(entry)
                if entry.tokens > max_length:
                    notes.take(
                        "too-long",
                        f"{entry.where} has {entry.tokens:,} tokens, and training would cut it at "
                        f"{max_length:,}.",
                        (entry.where,),
                        (entry.number,),
                    )
            if progress is not None:
                progress(len(entries))
        _rehearsed(entries, notes)
        _copies(entries, notes)
        if checked.purpose == "fine-tune":
            note_contradictions([each for each in entries if not each.reason], texts, notes)
        notes.systems(checked.systems)
    if not checked.read:
        notes.take("no-rows", f"{file.name} has no rows.")
    return _verdict(file, checked.purpose, entries, notes, checked.read)


def _beside_card(file: Path, notes: Notes) -> None:
    """Say so where the data card beside a file tells of another one of that name.

    A build that was killed while its files took their places leaves such a set.
    """
    stem = file.name.removesuffix(file.suffix)
    for name in dict.fromkeys((stem, stem.removesuffix("-validation"))):
        beside = Outputs(file.with_name(f"{name}{file.suffix}")).card
        if not is_card(beside):
            continue
        said = sha256_on(beside, file.name)
        with file.open("rb") as opened:
            if said is not None and said != hashlib.file_digest(opened, "sha256").hexdigest():
                notes.take(
                    "card-differs",
                    f"{file.name} is not the file that {beside.name} tells of; run dataset build "
                    "again.",
                )
            return


def _verdict(
    file: Path, purpose: str | None, entries: list[Entry], notes: Notes, read: int = 0
) -> DatasetVerdict:
    fit = not any(Note(code, "").severity == "error" for code in notes.counts)
    sizes = TokenCounts.of([entry.tokens for entry in entries])
    return DatasetVerdict(fit, file, purpose or "", read, sizes, notes.shown(), dict(notes.counts))


# -- rows --------------------------------------------------------------------------------------


class _Checked:
    """The rows of a file while they are checked."""

    def __init__(self, file: CheckedFile, notes: Notes, texts: Texts) -> None:
        self.file = file
        self.notes = notes
        self.texts = texts
        self.purpose = _purpose(file.columns) if file.columns is not None else None
        self.read = 0
        self.systems: Counter[str] = Counter()
        self._extra: set[str] = set()

    def rows(self) -> Iterator[tuple[Entry, Conversation]]:
        """Each sound row with its text, the columns of a preference one after another."""
        if self.file.columns is not None and self.purpose is None:
            listed = ", ".join(shown(name) for name in self.file.columns[:12])
            self.notes.take(
                "not-a-training-file",
                f"{self.file.path.name} has the columns {listed}; the service takes messages, or "
                "text.",
            )
            return
        for row in self.file.rows:
            self.read += 1
            entry = Entry(self.file.source, row.number)
            try:
                messages = self._row(row)
            except UnfitRowError as fault:
                self.notes.take(
                    "bad-row", f"{entry.where}: {fault}.", (entry.where,), (row.number,)
                )
                continue
            entry.rehearsed = says_rehearsal(row.values)
            self._remember(entry, messages)
            yield entry, messages
        if self._extra:
            self.notes.take(
                "extra-columns",
                f"{self.file.path.name} has columns beside {' and '.join(self._wanted())}: "
                f"{', '.join(sorted(self._extra)[:12])}.",
            )

    def _wanted(self) -> tuple[str, ...]:
        return SHAPES[self.purpose or "fine-tune"]

    def _row(self, row: RawRow) -> Conversation:
        if row.fault:
            raise UnfitRowError(row.fault)
        if self.purpose is None:  # the first row that has a shape says what the file is
            self.purpose = _purpose(row.values)
        if self.purpose is None:
            names = ", ".join(shown(str(name)) for name in list(row.values)[:8]) or "nothing"
            raise UnfitRowError(f"it has {names}, where messages or text must stand")
        missing = [name for name in self._wanted() if row.values.get(name) is None]
        if missing:
            raise UnfitRowError(f"it has no {missing[0]}, as the rows of {self.purpose} have")
        self._extra.update(shown(str(name)) for name in row.values if name not in self._wanted())
        return _READ[self.purpose](row.values)

    def _remember(self, entry: Entry, messages: Conversation) -> None:
        if is_rehearsed(messages) or messages[0].content.lstrip().startswith(REHEARSAL_MARK):
            entry.rehearsed = True
        take_digests(entry, messages)
        if self.purpose == "fine-tune":
            self.texts.keep(entry, messages)
        if self.purpose != "pre-train":
            first = messages[0]
            self.systems[first.content if first.role == "system" else ""] += 1


def _purpose(columns: object) -> str | None:
    there = set(columns) if isinstance(columns, list | Mapping) else set()
    return next((name for name, wanted in SHAPES.items() if there >= set(wanted)), None)


def _fine_tune(values: Mapping[str, object]) -> Conversation:
    messages = turns_of(values["messages"], exact=True)
    check(messages)
    return messages


def _preference(values: Mapping[str, object]) -> Conversation:
    asked = turns_of(values["messages"], exact=True)
    check(asked, last="user")
    answers = []
    for name in ("chosen", "rejected"):
        turns = turns_of(values[name], exact=True)
        if not turns or any(each.role != "assistant" for each in turns):
            raise UnfitRowError(f"its {name} is not one answer of the assistant")
        answers.append(turns)
    if answers[0] == answers[1]:
        raise UnfitRowError("its chosen and its rejected answer are the same")
    return (*asked, *max(answers, key=lambda turns: sum(len(each.content) for each in turns)))


def _reinforcement(values: Mapping[str, object]) -> Conversation:
    asked = turns_of(values["messages"], exact=True)
    check(asked, last="user")
    return (*asked, Message("assistant", text(values["reference_answer"], "its reference_answer")))


def _pre_train(values: Mapping[str, object]) -> Conversation:
    return (Message("user", text(values["text"], "its text")),)


_READ: dict[str, Callable[[Mapping[str, object]], Conversation]] = {
    "fine-tune": _fine_tune,
    "preference-fine-tune": _preference,
    "reinforcement-fine-tune": _reinforcement,
    "pre-train": _pre_train,
}


def _rehearsed(entries: list[Entry], notes: Notes) -> None:
    """One note on all rows of the rehearsal: as a rule that is the whole file."""
    found = [entry for entry in entries if entry.rehearsed]
    if not found:
        return
    were = "1 row was" if len(found) == 1 else f"{len(found):,} rows were"
    notes.take(
        "rehearsal-mark",
        f"{were} made by the rehearsal, the first {found[0].where}, and must not be trained on.",
        (found[0].where,),
        tuple(entry.number for entry in found[:SHOWN]),
    )


def _copies(entries: list[Entry], notes: Notes) -> None:
    first: dict[bytes, Entry] = {}
    for entry in entries:
        other = first.setdefault(entry.same, entry)
        if other is not entry:
            entry.leave_out("duplicate", other.where)
            notes.take(
                "duplicate",
                f"{entry.where} says the same as {other.where}.",
                (other.where, entry.where),
                (other.number, entry.number),
            )
