"""From what the user names, files and folders, to the documents to be read."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from tribonian.errors import DocumentError
from tribonian.ingest.formats import has_suffix
from tribonian.ingest.sources.archives import looks_like_archive
from tribonian.ingest.sources.lock import CHANGED, LOCK, NOT_THERE, LockRow, read_lock
from tribonian.ingest.sources.passed_over import HIDDEN, is_passed_over
from tribonian.ingest.sources.source import Source, unreadable
from tribonian.ingest.sources.wanted import NO_READER, open_file, why_no_document
from tribonian.schemas.finding import Finding


def find_sources(given: Sequence[str], output: Path | None = None) -> list[Source]:
    """All documents below the files and folders that were given, each once.

    The order of what was given changes nothing: a file that is named both alone and with
    its folder is called by the folder. ``output`` is where the build goes: it is no source
    of itself.
    """
    return each_once((source for text in given for source in files_below(text)), output)


def each_once(sources: Iterable[Source], output: Path | None = None) -> list[Source]:
    """What was found below several arguments, each file once and under a name of its own."""
    written = os.path.realpath(output) if output is not None else None
    best: dict[str, Source] = {}
    for source in sources:
        key = os.path.realpath(source.path)
        if written is not None and key.startswith(written + os.sep):
            continue
        known = best.get(key)
        if known is None or _rank(source) < _rank(known):
            best[key] = source
    return [_printable(source) for source in _told_apart([best[key] for key in sorted(best)])]


def _printable(source: Source) -> Source:
    """A name that can be written as UTF-8, which a file's name need not be."""
    name, file = (
        os.fsencode(text).decode("utf-8", "replace") for text in (source.name, source.file)
    )
    return source if name == source.name else replace(source, name=name, file=file)


def _rank(source: Source) -> tuple[int, str]:
    return -source.name.count("/"), source.name


def files_below(text: str) -> list[Source]:
    """All that is below a file or folder that was given, archives as they are.

    What is below a folder that was fetched has its path from there in ``file``.
    """
    path = Path(text)
    if path.is_dir():
        return _in_folder(path)
    if path.is_file():
        return [Source(path.name, path)]
    if path.exists():
        return [Source(path.name, path, "failed", "It is no regular file.")]
    shown = path.name if path.is_absolute() else text
    return [Source(shown, path, "failed", "There is no such file or folder.")]


def _in_folder(path: Path) -> list[Source]:
    name = Path(os.path.abspath(path)).name  # noqa: PTH100 (resolve would follow links)
    rows: dict[str, LockRow] = {}
    failed: list[Source] = []
    try:
        rows = {row.file: row for row in read_lock(path)}
    except DocumentError as error:
        failed.append(Source(f"{name}/{LOCK}", path / LOCK, "failed", str(error), file=LOCK))
    found = [_locked(each, rows) for each in _walk(path, name, path.resolve(), "")]
    there = {each.file for each in found}
    failed += [
        Source(f"{name}/{file}", path / file, "failed", NOT_THERE, file=file)
        for file in sorted(rows.keys() - there)
        if not os.path.lexists(path / file)
    ]
    if not any(each.status == "ok" for each in found):
        failed.append(Source(f"{name}/", path, "failed", "The folder holds no document to read."))
    if os.path.lexists(path / LOCK):
        return found + failed
    # what was not fetched has its place by the name that a fetch would give it
    return [replace(each, file="") for each in found + failed]


def _locked(source: Source, rows: dict[str, LockRow]) -> Source:
    """The source with its date by the lock file, if it is still what was fetched."""
    row = rows.get(source.file)
    if row is None or source.status != "ok":
        return source
    try:
        with open_file(source.path, source.folder) as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    except (DocumentError, OSError):  # which its reader will say
        return source
    if sha256 != row.sha256:
        return replace(source, findings=(Finding("changed-since-fetch", CHANGED),))
    return replace(source, as_of=row.as_of)


def _walk(folder: Path, name: str, top: Path, above: str) -> Iterator[Source]:
    """What is in a folder and below; ``above`` is its path from the top one, with ``/``."""
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        yield Source(f"{name}/", folder, "failed", unreadable(error), file=above)
        return
    for entry in entries:
        source = Source(
            f"{name}/{entry.name}", Path(entry.path), file=f"{above}{entry.name}", folder=top
        )
        if source.file == LOCK and entry.is_file():
            continue
        if is_passed_over(entry.name):
            yield replace(source, status="skipped", reason=HIDDEN)
        elif entry.is_symlink() and not _within(source.path, top):
            yield replace(source, status="skipped", reason="The link leaves the folder.")
        elif entry.is_dir():
            if entry.is_symlink():
                reason = "Links to folders are not followed."
                yield replace(source, status="skipped", reason=reason)
            else:
                yield from _walk(source.path, source.name, top, f"{source.file}/")
        elif not entry.is_file():
            yield replace(source, status="skipped", reason="It is no regular file.")
        else:
            yield _wanted(source)


def _wanted(source: Source) -> Source:
    """A file of a folder, if a reader takes it or it is an archive."""
    if has_suffix(source.name):
        return source
    try:
        with open_file(source.path, source.folder) as file:
            if looks_like_archive(file, source.file):
                return source
            reason = why_no_document(file, source.file)
    except (DocumentError, OSError):
        reason = NO_READER.format(source.path.suffix or "without a suffix")
    return replace(source, status="skipped", reason=reason) if reason else source


def _within(path: Path, top: Path) -> bool:
    try:
        return path.resolve(strict=True).is_relative_to(top)
    except (OSError, RuntimeError):
        return False


def _told_apart(found: list[Source]) -> list[Source]:
    """Files of one name from different places get the names of the folders above before it."""
    for more in range(1, 8):
        names = Counter(source.name for source in found)
        if len(names) == len(found):
            return found
        found = [_longer(source) if names[source.name] > 1 and more < 7 else source
                 for source in found]  # fmt: skip
    seen: Counter[str] = Counter()
    out: list[Source] = []
    for source in found:
        seen[source.name] += 1
        number = seen[source.name]
        out.append(source if number == 1 else replace(source, name=f"{source.name} ({number})"))
    return out


def _longer(source: Source) -> Source:
    """The source with one more folder in its name."""
    parts = Path(os.path.abspath(source.path)).parts  # noqa: PTH100
    count = source.name.count("/") + 2
    if len(parts) <= count:
        return source
    return replace(source, name="/".join(parts[-count:]))
