"""What a training file is made from: builds and files, in an order that no argument changes."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from tribonian.align.dataset.entries import Source
from tribonian.align.dataset.joining import Build
from tribonian.align.dataset.notes import Notes
from tribonian.align.dataset.user_data import UserFile, user_file
from tribonian.align.decisions import read_decisions
from tribonian.align.pairs.law import Law, law_of_build
from tribonian.align.places import Places
from tribonian.consolidate.identity import law_order
from tribonian.schemas.training import Note


def once(paths: Iterable[Path], notes: Notes) -> list[Path]:
    """Paths without those that name a folder or file again."""
    seen: dict[Path, Path] = {}
    for path in paths:
        if path.resolve() in seen:
            notes.take("file-twice", f"{path} was named twice and is read once.")
        seen.setdefault(path.resolve(), path)
    return list(seen.values())


def open_files(paths: Sequence[Path], notes: Notes) -> list[UserFile]:
    """The user's files by name, with what is to be said of them."""
    files = [user_file(path) for path in once(paths, notes)]
    files.sort(key=lambda file: (file.name, file.sha256))
    names = Counter(file.name for file in files)
    for file in files:
        for note in file.notes:
            if names[file.name] > 1:
                note = replace(note, message=note.message.replace(file.name, str(file.path), 1))
            notes.add(note)
    return files


def _named(name: str, taken: Counter[str]) -> str:
    """A name that no other source has: ``data.csv (2)`` for the second of a name."""
    taken[name] += 1
    return name if taken[name] == 1 else f"{name} ({taken[name]})"


def file_sources(files: Sequence[UserFile], before: int) -> list[Source]:
    """What the files are called in the output, behind the builds, of which there are ``before``."""
    taken: Counter[str] = Counter()
    return [
        Source(_named(file.name, taken), file.unit, False, before + n)
        for n, file in enumerate(files)
    ]


def as_typed(notes: Iterable[Note], sources: Sequence[tuple[Source, UserFile]]) -> tuple[Note, ...]:
    """Notes as the terminal shows them: a file by its path where another has the same name.

    The card and the ledgers tell them apart by a number, because they hold no path.
    """
    names = Counter(file.name for _, file in sources)
    paths = {source.name: str(file.path) for source, file in sources if names[file.name] > 1}
    if not paths:
        return tuple(notes)
    either = "|".join(re.escape(name) for name in sorted(paths, key=len, reverse=True))
    named = re.compile(rf"(?<![^\s(])({either})(?=, (?:line|row) \d)")
    return tuple(
        replace(note, message=named.sub(lambda found: paths[found[1]], note.message))
        for note in notes
    )


def open_builds(folders: Sequence[Path]) -> list[Build]:
    """The builds in the order of their law, whatever the order in which they were named."""
    laws = list(map(law_of_build, folders))
    laws.sort(key=_law_first)
    for law in laws:
        law.others = [other for other in laws if other is not law]
    taken: Counter[str] = Counter()
    return [
        Build(
            law.build,
            Source(_named(law.build.resolve().name, taken), "pair", True, n),
            law,
            read_decisions(Places(law.build).decisions),
        )
        for n, law in enumerate(laws)
    ]


def _law_first(law: Law) -> tuple[object, ...]:
    first = next((each for each in law.principles if each.leaf), law.principles[0])
    return (
        law_order(first.citation, first.label),
        law.build.resolve().name,
        [(each.id, each.sha256) for each in law.principles],
        [_digest(path) for path in (Places(law.build).pairs, Places(law.build).decisions)],
    )


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:  # who reads it next says so
        return ""
