"""What a training file is made from: builds and files, in an order that no argument changes."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from tribonian.align.dataset.entries import Source
from tribonian.align.dataset.joining import Build
from tribonian.align.dataset.notes import Notes
from tribonian.align.dataset.user_data import UserFile, user_file
from tribonian.align.decisions import read_decisions
from tribonian.align.pairs.law import Law, law_of_build
from tribonian.align.places import Places
from tribonian.consolidate.identity import law_order


def once(paths: Iterable[Path], notes: Notes) -> list[Path]:
    """Paths without those that name a folder or file again."""
    seen: dict[Path, Path] = {}
    for path in paths:
        if path.resolve() in seen:
            notes.take("file-twice", f"{path.name} was named twice and is read once.")
        seen.setdefault(path.resolve(), path)
    return list(seen.values())


def open_files(paths: Sequence[Path], notes: Notes) -> list[UserFile]:
    """The user's files by name, with what is to be said of them."""
    files = [user_file(path) for path in once(paths, notes)]
    files.sort(key=lambda file: (file.name, file.sha256))
    for file in files:
        for note in file.notes:
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
