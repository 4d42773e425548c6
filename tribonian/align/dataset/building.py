"""Pairs, decisions and the user's own data, made into one training file with its data card."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import orjson

from tribonian.align.dataset.beside import left_out, origins
from tribonian.align.dataset.card import CardFacts, FileOnCard, card
from tribonian.align.dataset.copies import note_contradictions, set_copies_aside
from tribonian.align.dataset.entries import TRAINING, VALIDATION, Entry, Source, Texts
from tribonian.align.dataset.joining import Build, Wanted, pair_entries, user_entries
from tribonian.align.dataset.law_conflicts import note_law_conflicts
from tribonian.align.dataset.notes import Notes
from tribonian.align.dataset.runs_on_record import tokenizer_of
from tribonian.align.dataset.sources import as_typed, file_sources, once, open_builds, open_files
from tribonian.align.dataset.split import Split, split
from tribonian.align.dataset.tokens_of_rows import MAX_LENGTH, row_tokens
from tribonian.align.dataset.user_data import UserFile
from tribonian.align.dataset.writing import Aside, Outputs, check_outputs, json_lines, parquet
from tribonian.align.places import Places
from tribonian.consolidate.tokens import Tokenizer
from tribonian.errors import TribonianError, UsageError
from tribonian.schemas.pair import FLAGS
from tribonian.schemas.training import LEFT_OUT, Conversation, Note, TokenCounts

_AT_ONCE = 1_000  # rows whose tokens are counted in one call


@dataclass(frozen=True, slots=True)
class DatasetBuilt:
    """What was written: ``files`` in their order, the training file first.

    ``left_out`` counts by reason (see `LEFT_OUT`). ``bad_rows`` of them were no rows at all: the
    command ends with 1 for those. ``notes`` are twenty of each code, ``counts`` all of them.
    """

    files: tuple[Path, ...]
    training: int
    validation: int
    left_out: dict[str, int]
    bad_rows: int
    rehearsed: int
    tokens: TokenCounts
    notes: tuple[Note, ...]
    counts: dict[str, int]

    def lines(self) -> list[str]:
        """What the command says at its end."""
        rows = f"{self.files[0]}: {_rows(self.training)}"
        if self.validation:
            rows += f"; {self.files[1].name}: {_rows(self.validation)}"
        out = [f"{rows}; {self.tokens.line()}"]
        if self.left_out:
            reasons = ", ".join(f"{number:,} {name}" for name, number in self.left_out.items())
            out.append(f"left out: {reasons} ({self.files[-2].name})")
        out.append(f"data card: {self.files[-1].name}; each row's origin: {self.files[-3].name}")
        return out


def _rows(number: int) -> str:
    return "1 row" if number == 1 else f"{number:,} rows"


def build_dataset(
    builds: Sequence[Path],
    output: Path,
    *,
    user_files: Sequence[Path] = (),
    require_review: bool = False,
    validation: float = 0.0,
    seed: int = 0,
    system_prompt: str | None = None,
    max_length: int = MAX_LENGTH,
    tokenizer: str | None = None,
    keep_flagged: Collection[str] = (),
    keep_amended: bool = False,
    progress: Callable[[int], None] | None = None,
) -> DatasetBuilt:
    """Write a training file and what belongs beside it; the order of the arguments is no matter.

    ``system_prompt`` takes the place of every row's own, "" removes them, None leaves them.
    ``validation`` is the share of the rows of law that is kept from training, law by law.
    ``tokenizer`` is that of the builds if it is None. ``keep_flagged`` are flags with which a
    pair stays though nobody accepted it, or "all". ``progress`` is told how many rows were read.
    Raises UsageError for what cannot be carried out, and TribonianError where no row is left;
    nothing is written then.
    """
    _check(validation, max_length, keep_flagged, system_prompt)
    notes = Notes()
    folders = once(builds, notes)
    if not folders and not user_files:
        raise UsageError("Name a build folder, or data of your own with --with.")
    users = open_files(user_files, notes)
    outputs = check_outputs(
        output, [*(file.path for file in users), *(Places(each).pairs for each in folders)]
    )
    opened = open_builds(folders)
    counter = Tokenizer(tokenizer_of(folders, tokenizer), threads=0)
    prompt = None if system_prompt is None else "\n".join(system_prompt.split("\r\n")).strip()
    wanted = Wanted(require_review, keep_flagged, keep_amended, prompt)
    try:
        with Texts() as texts:
            sources = list(zip(file_sources(users, len(opened)), users, strict=True))
            rows = _entries(opened, sources, wanted, texts, notes)
            entries = list(_counted(rows, counter, max_length, progress))
            entries.sort(key=lambda entry: entry.order)
            kept, reasons = _settle(entries, opened, texts, notes, require_review)
            parts = split(kept, validation, seed)
            _note_kept(kept, parts, texts, notes)
            facts = CardFacts(
                outputs, opened, sources, wanted, validation, seed, parts, max_length,
                counter.name, entries, notes,
            )  # fmt: skip
            files = _write(outputs, kept, entries, texts, facts)
    except OSError as error:
        raise TribonianError(
            f"{output} could not be made ({error.strerror}); nothing was changed."
        ) from None
    return DatasetBuilt(
        files,
        sum(entry.split == TRAINING for entry in kept),
        sum(entry.split == VALIDATION for entry in kept),
        {reason: reasons[reason] for reason in LEFT_OUT if reasons[reason]},
        reasons["bad-row"],
        sum(entry.rehearsed for entry in kept),
        TokenCounts.of([entry.tokens for entry in kept]),
        as_typed(notes.shown(), sources),
        dict(notes.counts),
    )


def _settle(
    entries: Sequence[Entry], builds: Sequence[Build], texts: Texts, notes: Notes, reviewed: bool
) -> tuple[list[Entry], Counter[str]]:
    """The rows that stay, and how many do not, by reason; TribonianError where none stays."""
    set_copies_aside(entries, notes, reviewed)
    kept = [entry for entry in entries if not entry.reason]
    reasons = Counter(entry.reason for entry in entries if entry.reason)
    if not kept:
        raise TribonianError(_nothing_left(reasons))
    laws = {build.source: build.law.current for build in builds}

    def law_of(entry: Entry) -> str | None:
        found = laws.get(entry.source, {}).get(entry.principle_id or "")
        return None if found is None else found.content

    note_contradictions(kept, texts, notes, law_of)
    note_law_conflicts(kept, builds, notes)
    return kept, reasons


def _note_kept(kept: Sequence[Entry], parts: Split, texts: Texts, notes: Notes) -> None:
    """What is to be said of the rows that stay, together."""
    if abs(parts.taken - parts.wanted) > max(1, len(kept) // 100):
        notes.take(
            "validation-share",
            f"{parts.taken:,} rows are for validation where {parts.wanted:,} were wanted, because "
            "rows of one law stay together.",
        )
    systems: Counter[str] = Counter()
    for entry in kept:
        first = texts.messages_of(entry)[0]
        systems[first.content if first.role == "system" else ""] += 1
    notes.systems(systems)
    rehearsed = sum(entry.rehearsed for entry in kept)
    if rehearsed:
        notes.take(
            "rehearsal",
            f"{rehearsed:,} of {len(kept):,} rows were made by the rehearsal; they are for trying "
            "things out, and never to be trained on.",
            count=rehearsed,
        )


def _check(
    validation: float, max_length: int, keep_flagged: Collection[str], prompt: str | None
) -> None:
    if not 0 <= validation < 1:
        raise UsageError("--validation must be a share from 0 to less than 1, such as 0.1.")
    if max_length < 16:
        raise UsageError("--max-length must be 16 tokens or more.")
    unknown = sorted({*keep_flagged} - {*FLAGS, "all"})
    if unknown:
        raise UsageError(
            f"--keep-flagged {unknown[0]} is no flag; use all, or some of {', '.join(FLAGS)}."
        )
    if prompt is not None and "\0" in prompt:
        raise UsageError("--system-prompt holds a NUL character; take it out.")
    try:
        (prompt or "").encode()
    except UnicodeEncodeError:
        raise UsageError("--system-prompt holds bytes that are not UTF-8.") from None


def _entries(
    builds: Sequence[Build],
    users: Sequence[tuple[Source, UserFile]],
    wanted: Wanted,
    texts: Texts,
    notes: Notes,
) -> Iterator[tuple[Entry, Conversation | None]]:
    for build in builds:
        yield from pair_entries(build, wanted, texts, notes)
    for source, file in users:
        yield from user_entries(file, source, wanted, texts, notes)


def _counted(
    rows: Iterator[tuple[Entry, Conversation | None]],
    counter: Tokenizer,
    max_length: int,
    progress: Callable[[int], None] | None,
) -> Iterator[Entry]:
    """The entries with their tokens; those above the limit are left out."""
    done = 0
    while batch := list(islice(rows, _AT_ONCE)):
        sizes = iter(row_tokens([messages or () for _, messages in batch], counter))
        for entry, messages in batch:
            entry.tokens = next(sizes) if messages else next(sizes) * 0
            if not entry.reason and entry.tokens > max_length:
                entry.leave_out(
                    "too-long", f"it has {entry.tokens:,} tokens, and {max_length:,} are the limit"
                )
            yield entry
        done += len(batch)
        if progress is not None:
            progress(done)


def _nothing_left(reasons: Counter[str]) -> str:
    if not reasons:
        return "There are no pairs and no rows; run align first, or name data with --with."
    said = ", ".join(f"{number:,} {reason}" for reason, number in reasons.most_common())
    return (
        f"No row is left to train on ({said}); review the pairs with tribonian review, or see "
        "the options of dataset build."
    )


# -- what is written -------------------------------------------------------------------------


def _write(
    outputs: Outputs,
    kept: Sequence[Entry],
    entries: Sequence[Entry],
    texts: Texts,
    facts: CardFacts,
) -> tuple[Path, ...]:
    write = parquet if outputs.training.suffix == ".parquet" else json_lines
    parts = [(outputs.training, TRAINING)]
    if any(entry.split == VALIDATION for entry in kept):
        parts.append((outputs.validation, VALIDATION))
    out = [entry for entry in entries if entry.reason]
    with Aside(outputs) as aside:
        for place, part in parts:
            write(aside.path(place), (texts.bytes_of(e) for e in kept if e.split == part))
        names = {part: place.name for place, part in parts}
        json_lines(aside.path(outputs.rows), origins(kept, names))
        json_lines(
            aside.path(outputs.left_out), (orjson.dumps(left_out(each, texts)) for each in out)
        )
        counts = Counter(entry.split for entry in kept)
        rows = [(place, counts[part]) for place, part in parts]
        rows += [(outputs.rows, len(kept)), (outputs.left_out, len(out))]
        files = [FileOnCard(place.name, number, *aside.sha256(place)) for place, number in rows]
        aside.path(outputs.card).write_bytes(card(facts, files).encode())
        stale = [outputs.validation] if _is_stale(outputs, parts, aside) else []
        aside.put_in_place(stale)
    return (*(place for place, _ in parts), outputs.rows, outputs.left_out, outputs.card)


def _is_stale(outputs: Outputs, parts: Sequence[tuple[Path, str]], aside: Aside) -> bool:
    """Whether there is a validation file of the output before this one, which has none."""
    ours = outputs.card.exists() or bool(aside.left)
    return len(parts) == 1 and outputs.validation.exists() and ours
