"""The verb ``fetch``: everything that was named into one folder, with its lock file.

Fetched again, the folder is brought up to date: what is the same stays untouched, what
changed is replaced and told, what could not be renewed is kept.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from tribonian.errors import DocumentError, TribonianError, UsageError
from tribonian.ingest.ecfr.addresses import Bases
from tribonian.ingest.sources.asked import Named, OfDisk, OfWeb, Refused, what_is_named
from tribonian.ingest.sources.changes import Change, changes
from tribonian.ingest.sources.downloads import MASKED
from tribonian.ingest.sources.folders import each_once, files_below
from tribonian.ingest.sources.lock import LOCK, LockRow, read_lock, write_lock
from tribonian.ingest.sources.names import file_names
from tribonian.ingest.sources.obtain import Network, Progress, fetching
from tribonian.ingest.sources.obtained import Missed, Obtained, PassedOver
from tribonian.ingest.sources.source import Source, unreadable
from tribonian.ingest.sources.writing import check_place, written_aside


@dataclass(slots=True)
class Fetched:
    """What a fetch did: the rows of the lock file now, what changed, what was missed."""

    rows: list[LockRow] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    missed: list[Missed] = field(default_factory=list)
    passed_over: list[PassedOver] = field(default_factory=list)


def fetch(
    given: Sequence[str],
    output: Path,
    network: Network,
    progress: Progress | None = None,
) -> Fetched:
    """Fetch what is named into ``output``; what its lock file names, where nothing is.

    Every file is written whole or not at all, the lock file last. Raises UsageError for a
    folder that holds something else, TribonianError where nothing at all could be had.
    """
    network.check()
    before = _check_folder(output)
    if not given:
        given = list(dict.fromkeys(row.asked for row in before))
        if not given:
            raise UsageError(
                f"{output} holds nothing that was fetched; name at least one source, such as "
                '"21 CFR part 11", an address or profile:NAME.'
            )
    bases = Bases.from_environment()
    named = [_with_its_key(each) for each in what_is_named(given, bases)]
    done = Fetched()
    with fetching(named, network, bases, progress) as results:
        obtained = [each for each in results if isinstance(each, Obtained)]
        done.missed = [each for each in results if isinstance(each, Missed)]
        done.passed_over = [each for each in results if isinstance(each, PassedOver)]
        below = {each.text: files_below(each.text) for each in named if isinstance(each, OfDisk)}
        # as a build calls them, so that they stand there in the same order
        called = each_once(chain.from_iterable(below.values()))
        names = {os.path.realpath(each.path): each.name for each in called}
        for text, found in below.items():
            _from_disk(text, found, output, names, obtained, done)
        if not obtained and not before:
            return done
        try:
            output.mkdir(parents=True, exist_ok=True)
            _bring_up_to_date(output, before, {each.text for each in named}, obtained, done)
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise TribonianError(
                f"The documents could not be written to {output} ({reason}); mend that and fetch "
                "again, which goes on where this ended."
            ) from None
    return done


def _with_its_key(named: Named) -> Named:
    """What can be asked for: the lock file has addresses without their keys and passwords."""
    if isinstance(named, OfWeb) and MASKED in named.url:
        return Refused(
            named.text, "Its address had a key, which is not kept; name it again with its key."
        )
    return named


def _check_folder(output: Path) -> list[LockRow]:
    """What the folder holds by its lock file; UsageError if it is something else."""
    check_place(output)
    try:
        rows = read_lock(output)
    except DocumentError as error:
        raise UsageError(f"-o {output}: {error}") from None
    ours = os.path.lexists(output / LOCK)
    if not ours and output.is_dir() and any(output.iterdir()):
        raise UsageError(f"-o {output} holds files that were not fetched; name another folder.")
    return rows


def _from_disk(
    text: str,
    found: Sequence[Source],
    output: Path,
    names: dict[str, str],
    obtained: list[Obtained],
    done: Fetched,
) -> None:
    """Files of this machine go into the folder too, so that it is all that a build needs.

    The folder is no source of itself, or it would hold itself once more each time.
    """
    if _is_within(Path(text), output):
        reason = "It is in the folder that is written; name nothing, to renew what that holds."
        done.missed.append(Missed(text, text, reason))
        return
    for source in found:
        if _is_within(source.path, output):
            continue
        if source.status == "failed":
            done.missed.append(Missed(text, source.name, source.reason or ""))
        elif source.status == "skipped":
            done.passed_over.append(PassedOver(text, source.name, source.reason or ""))
        else:
            try:
                with source.path.open("rb") as file:
                    sha256 = hashlib.file_digest(file, "sha256").hexdigest()
                    size = file.tell()
            except OSError as error:
                done.missed.append(Missed(text, source.name, unreadable(error)))
                continue
            name = names.get(os.path.realpath(source.path), source.name)
            obtained.append(
                Obtained(text, name, name, source.path, name, sha256, size, as_of=source.as_of)
            )


def _is_within(path: Path, folder: Path) -> bool:
    return Path(os.path.realpath(path)).is_relative_to(os.path.realpath(folder))


def placed(obtained: Sequence[Obtained], kept: Sequence[LockRow] = ()) -> dict[str, list[Obtained]]:
    """Each document by the file that it has in a fetched folder.

    One document that was asked for twice is one file; the names depend on what was obtained,
    and on what stays, and not on the order in which it was named.
    """
    same: dict[str, list[Obtained]] = {}
    for each in sorted(obtained, key=lambda each: (each.url, each.asked, each.name)):
        same.setdefault(f"{each.sha256} {each.file} {each.url}", []).append(each)
    taken = {f"kept {row.file}": row.file for row in kept}
    names = file_names([*taken.items(), *((key, group[0].file) for key, group in same.items())])
    return {names[key]: group for key, group in same.items()}


def _bring_up_to_date(
    output: Path,
    before: list[LockRow],
    given: set[str],
    obtained: Sequence[Obtained],
    done: Fetched,
) -> None:
    missed = {each.asked for each in done.missed}
    come = {(each.asked, each.url) for each in obtained}
    kept = [
        row
        for row in before
        if row.asked not in given or (row.asked in missed and (row.asked, row.url) not in come)
    ]
    if not before:  # the folder is ours from here on, whatever becomes of this run
        write_lock(output, [])
    _sweep(output)
    old = {row.file: row for row in before}
    rows: list[LockRow] = []
    restored: dict[str, str] = {}
    for file, group in placed(obtained, kept).items():
        if aside := _make_way(output / file, group[0], old.get(file)):
            reason = f"Another file of this name, which was not fetched, is now called {aside}."
            done.passed_over.append(PassedOver(group[0].asked, file, reason))
        restored[file] = _put(output / file, group[0], old.get(file))
        rows += [
            LockRow(each.asked, each.url, each.as_of, file, each.sha256, each.bytes, each.etag)
            for each in group
        ]
    done.changes = changes(output, before, rows, restored)
    done.changes += [
        Change("kept", row.file, (row.asked,), "it could not be renewed")
        for row in kept
        if row.asked in missed
    ]
    done.rows = sorted([*rows, *kept], key=lambda row: (row.file, row.asked))
    write_lock(output, done.rows)
    _clear(output, old, {row.file for row in done.rows}, done)


def _sweep(output: Path) -> None:
    """Take away what a run that was killed has left of files it was writing."""
    for folder, _, files in os.walk(output):
        for name in files:
            if name.startswith(".") and name.endswith(".part"):
                with suppress(OSError):
                    Path(folder, name).unlink()


def _put(path: Path, document: Obtained, known: LockRow | None) -> str:
    """Copy a document to its place, unless it is there; why it was put back, if it was."""
    found = _sha256(path)
    if found == document.sha256:
        return ""
    edited = "it had been edited" if found else "it had been removed"
    restored = edited if known is not None and known.sha256 == document.sha256 else ""
    path.parent.mkdir(parents=True, exist_ok=True)
    with written_aside(path) as aside:
        shutil.copyfile(document.path, aside)
    return restored


def _make_way(path: Path, document: Obtained, known: LockRow | None) -> str:
    """Rename a file that no row names, since it is somebody's; its new name, "" for none."""
    if known is not None or _sha256(path) in ("", document.sha256):
        return ""
    number = 1
    while os.path.lexists(aside := path.with_name(f"{path.name}.{number}~")):
        number += 1
    path.rename(aside)
    return aside.name


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def _clear(output: Path, old: dict[str, LockRow], files: set[str], done: Fetched) -> None:
    """Take away files that no row names any more, unless somebody has edited them."""
    for file, row in sorted(old.items()):
        path = output / file
        if file in files or not path.is_file():
            continue
        if _sha256(path) != row.sha256:
            done.passed_over.append(
                PassedOver(row.asked, file, "It was edited since it was fetched and stays.")
            )
            continue
        path.unlink()
        for above in path.relative_to(output).parents:
            if above.name:
                with suppress(OSError):
                    (output / above).rmdir()


__all__ = ["LOCK", "Change", "Fetched", "fetch", "placed"]
