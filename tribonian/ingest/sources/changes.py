"""What changed in a fetched folder since the last time, a line for each file."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tribonian.ingest.sources.lock import LockRow
from tribonian.ingest.sources.source import date_in_name


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one file, in a word, and in a few more.

    ``new``, ``changed``, ``same``; ``renewed``: another date of the same text; ``restored``:
    what was fetched is put back in place of what was edited or removed; ``kept``: an old copy
    that could not be renewed; ``gone``. ``asked`` is what came to it.
    """

    what: str
    file: str
    asked: tuple[str, ...]
    detail: str = ""


def changes(
    output: Path, before: Sequence[LockRow], rows: Sequence[LockRow], restored: dict[str, str]
) -> list[Change]:
    """What became of each file since the folder was fetched last, a line for each."""
    out: list[Change] = []
    told: set[str] = set()
    for file in dict.fromkeys(row.file for row in sorted(rows, key=lambda row: row.file)):
        of_file = [row for row in rows if row.file == file]
        known = next(filter(None, (_before(row, before, rows) for row in of_file)), None)
        if known is not None:
            told.add(known.file)
        asked = tuple(sorted({row.asked for row in of_file}))
        out.append(_change(output, of_file[0], known, asked, restored.get(file, "")))
    renewed = {row.asked for row in rows}
    standing = told | {row.file for row in rows}
    for row in before:
        if row.asked in renewed and row.file not in standing:
            standing.add(row.file)
            out.append(Change("gone", row.file, (row.asked,), "nothing comes to it any more"))
    return out


def _before(row: LockRow, before: Sequence[LockRow], rows: Sequence[LockRow]) -> LockRow | None:
    """The row that a document had: of the same source and the same name but for its date.

    Where a source is one document, then and now, that is the one whatever it is called.
    """
    asked = [each for each in before if each.asked == row.asked]
    for each in asked:
        if _undated(each.file) == _undated(row.file):
            return each
    alone = len(asked) == 1 and sum(each.asked == row.asked for each in rows) == 1
    return asked[0] if alone else None


def _change(
    output: Path, row: LockRow, known: LockRow | None, asked: tuple[str, ...], restored: str
) -> Change:
    if restored:
        return Change("restored", row.file, asked, restored)
    if known is None:
        return Change("new", row.file, asked, row.as_of or "")
    if known.sha256 == row.sha256 and known.as_of == row.as_of:
        return Change("same", row.file, asked)
    dates = f"{known.as_of} → {row.as_of}" if known.as_of != row.as_of else ""
    same = dates and _text(output / known.file) == _text(output / row.file) != b""
    return Change("renewed" if same else "changed", row.file, asked, dates)


_DATED = re.compile(rb'\bhierarchy_metadata="[^"]*"')


def _text(path: Path) -> bytes:
    """A document without the mark of its date, b"" where it is not there."""
    try:
        return _DATED.sub(b"", path.read_bytes())
    except OSError:
        return b""


def _undated(file: str) -> str:
    """A file's name without the date in it: what the same unit is called at another date."""
    found = date_in_name(file)
    return file.replace(found, "") if found else file
