"""From what the user names, files and folders, to the documents to be read."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from tribonian.errors import DocumentError
from tribonian.ingest.formats import decide, has_suffix
from tribonian.ingest.sources.source import Source, unreadable


# Editors' and systems' own files, which nobody means.
_PASSED_OVER = re.compile(r"^\.|~$|^~\$|^#.*#$|\.(?:swp|tmp|part|crdownload)$|^Thumbs\.db$")


def find_sources(given: Sequence[str], output: Path | None = None) -> list[Source]:
    """All documents below the files and folders that were given, each once.

    The order of what was given changes nothing: a file that is named both alone and with
    its folder is called by the folder. ``output`` is where the build goes: it is no source
    of itself.
    """
    written = os.path.realpath(output) if output is not None else None
    best: dict[str, Source] = {}
    for text in given:
        for source in _below(text):
            key = os.path.realpath(source.path)
            if written is not None and key.startswith(written + os.sep):
                continue
            known = best.get(key)
            if known is None or _rank(source) < _rank(known):
                best[key] = source
    return [_printable(source) for source in _told_apart([best[key] for key in sorted(best)])]


def _printable(source: Source) -> Source:
    """A name that can be written as UTF-8, which a file's name need not be."""
    name = os.fsencode(source.name).decode("utf-8", "replace")
    return source if name == source.name else replace(source, name=name)


def _rank(source: Source) -> tuple[int, str]:
    return -source.name.count("/"), source.name


def _below(text: str) -> Iterator[Source]:
    path = Path(text)
    if path.is_dir():
        name = Path(os.path.abspath(path)).name  # noqa: PTH100 (resolve would follow links)
        count = 0
        for source in _walk(path, name, path.resolve()):
            count += source.status == "ok"
            yield source
        if not count:
            yield Source(f"{name}/", path, "failed", "The folder holds no document to read.")
    elif path.is_file():
        yield Source(path.name, path)
    elif path.exists():
        yield Source(path.name, path, "failed", "It is no regular file.")
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
        elif not entry.is_file():
            yield Source(inner, path, "skipped", "It is no regular file.")
        elif has_suffix(entry.name) or _has_signature(path, entry.name):
            yield Source(inner, path)
        else:
            suffix = path.suffix or "without a suffix"
            yield Source(inner, path, "skipped", f"No reader takes files {suffix}.")


# Formats that so much else is written in that only a file without a suffix is taken for one:
# .svg and .xsd are XML, .xls and .msi begin as .doc does.
_COMMON = frozenset(("xml", "html", "doc"))


def _has_signature(path: Path, name: str) -> bool:
    """Whether a file is by its content of a format that is read, whatever it is called."""
    try:
        with path.open("rb") as file:
            chosen, _ = decide(file, name)
            file.seek(0)
            is_page = b"<html" in file.read(1024).lower()
    except (DocumentError, OSError):
        return False
    if chosen.known is None:  # text, which anything may be
        return False
    return chosen.name not in _COMMON or not path.suffix or (chosen.name == "html" and is_page)


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
