"""From what the user names, files and folders, to the documents to be read."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tribonian.ingest.formats import has_suffix


@dataclass(frozen=True, slots=True)
class Source:
    """One document to be read, or the reason why it is not.

    ``name`` is what the manifest calls it: the path from the folder that was given, that
    folder's own name first. ``status`` is ``ok`` for a document to be read.
    """

    name: str
    path: Path
    status: str = "ok"
    reason: str | None = None


_DATE = re.compile(r"(?<!\d)(\d{4}-\d{2}-\d{2})(?!\d)")
_TITLE = re.compile(r"(?:^|[^a-z])title[-_ ]?(\d{1,2})(?!\d)", re.IGNORECASE)
# Editors' and systems' own files, which nobody means.
_PASSED_OVER = re.compile(r"^\.|~$|^~\$|^#.*#$|\.(?:swp|tmp|part|crdownload)$|^Thumbs\.db$")


def find_sources(given: Sequence[str]) -> list[Source]:
    """All documents below the files and folders that were given, each once, in order."""
    found: list[Source] = []
    seen: set[str] = set()
    for text in given:
        for source in _below(text):
            key = os.path.realpath(source.path)
            if key in seen and source.status == "ok":
                continue
            seen.add(key)
            found.append(source)
    return _told_apart(found)


def date_in_name(name: str) -> str | None:
    """The ``YYYY-MM-DD`` in a file's name."""
    match = _DATE.search(Path(name).name)
    return match[1] if match else None


def title_in_name(name: str) -> str | None:
    """The CFR title in a file's name, as the API names its files: ``title-21``."""
    match = _TITLE.search(Path(name).name)
    return match[1].lstrip("0") if match else None


def _below(text: str) -> Iterator[Source]:
    path = Path(text)
    if path.is_dir():
        name = path.name or path.resolve().name
        count = 0
        for source in _walk(path, name, path.resolve()):
            count += source.status == "ok"
            yield source
        if not count:
            yield Source(f"{name}/", path, "failed", "The folder holds no document to read.")
    elif path.exists():
        yield Source(path.name, path)
    else:
        shown = path.name if path.is_absolute() else text
        yield Source(shown, path, "failed", "There is no such file or folder.")


def _walk(folder: Path, name: str, top: Path) -> Iterator[Source]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        yield Source(f"{name}/", folder, "failed", unreadable(error))
        return
    for entry in entries:
        path = Path(entry.path)
        inner = f"{name}/{entry.name}"
        if _PASSED_OVER.search(entry.name):
            yield Source(inner, path, "skipped", "Hidden and editors' files are passed over.")
        elif entry.is_symlink() and not _within(path, top):
            yield Source(inner, path, "skipped", "The link leaves the folder.")
        elif entry.is_dir():
            if entry.is_symlink():
                yield Source(inner, path, "skipped", "Links to folders are not followed.")
            else:
                yield from _walk(path, inner, top)
        elif has_suffix(entry.name):
            yield Source(inner, path)
        else:
            suffix = path.suffix or "without a suffix"
            yield Source(inner, path, "skipped", f"No reader takes files {suffix}.")


def _within(path: Path, top: Path) -> bool:
    try:
        return path.resolve(strict=True).is_relative_to(top)
    except (OSError, RuntimeError):
        return False


def _told_apart(found: list[Source]) -> list[Source]:
    """Files of one name from different places get their folder's name before it."""
    names = [source.name for source in found]
    if len(set(names)) == len(names):
        return found
    out: list[Source] = []
    taken: dict[str, int] = {}
    for source in found:
        name = source.name
        if names.count(name) > 1:
            name = f"{source.path.resolve().parent.name}/{name}"
        taken[name] = taken.get(name, 0) + 1
        if taken[name] > 1:
            name = f"{name} ({taken[name]})"
        out.append(Source(name, source.path, source.status, source.reason))
    return out


def unreadable(error: OSError) -> str:
    """One sentence for a file that the system does not let us read."""
    if isinstance(error, PermissionError):
        return "You have no permission to read it."
    return f"It cannot be read: {error.strerror or type(error).__name__}."
