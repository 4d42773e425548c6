"""``sources.lock.json``: what was fetched into a folder, from where, of which date.

Its dates are those of the law, never of the clock, so that a build of the folder is the same
on every day and every machine. Files are named from the folder, which can be moved.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from pathlib import Path, PurePosixPath

from tribonian.errors import DocumentError
from tribonian.ingest.sources.source import unreadable
from tribonian.ingest.sources.writing import write_whole

LOCK = "sources.lock.json"
NOT_THERE = "The lock file names it, but it is not there; fetch it again."
CHANGED = (
    "It is not what was fetched, so the date in the lock file does not count; fetch it again if "
    "that was not meant."
)


@dataclass(frozen=True, slots=True)
class LockRow:
    """One fetched file: ``asked`` as typed, ``url`` where it was found in the end.

    ``file`` is its path below the folder, with ``/``; ``as_of`` the date of the law
    (YYYY-MM-DD), where it is known; ``etag`` the server's mark of the answer, where one
    answer is the file.
    """

    asked: str
    url: str
    as_of: str | None
    file: str
    sha256: str
    bytes: int
    etag: str | None


_FIELDS = tuple(field.name for field in fields(LockRow))


def read_lock(folder: Path) -> list[LockRow]:
    """The rows of the folder's lock file; none where there is no lock file.

    A file that two sources come to has a row for each. Raises DocumentError, in one sentence,
    for a lock file that is damaged or leads out of the folder.
    """
    path = folder / LOCK
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return []
    except OSError as error:
        raise DocumentError(f"{LOCK}: {unreadable(error)}") from None
    return lock_rows(data)


def lock_rows(data: bytes) -> list[LockRow]:
    """The rows of a lock file by its bytes; DocumentError as for `read_lock`."""
    try:
        return [_row(row) for row in json.loads(data)["sources"]]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise DocumentError(
            f"{LOCK} is damaged: it is not what fetch writes; remove it and fetch again."
        ) from None


def _row(row: dict[str, object]) -> LockRow:
    values = {name: row.get(name) for name in _FIELDS}
    for name in ("asked", "url", "file", "sha256"):
        if not isinstance(values[name], str):
            raise ValueError(name)
    for name in ("as_of", "etag"):
        if not isinstance(values[name], str | None):
            raise ValueError(name)
    if values["as_of"] is not None:
        date.fromisoformat(str(values["as_of"]))
    if not isinstance(values["bytes"], int) or not is_inner(str(values["file"])):
        raise ValueError("file")
    return LockRow(**values)  # type: ignore[arg-type]


def is_inner(file: str) -> bool:
    """Whether a path of a lock file stays below its folder."""
    path = PurePosixPath(file)
    windows = "\\" in file or ":" in path.parts[0] if path.parts else True
    return not (windows or path.is_absolute() or ".." in path.parts or file != str(path))


def write_lock(folder: Path, rows: Sequence[LockRow]) -> None:
    """Write the lock file whole, its rows in the order of their files."""
    ordered = sorted(rows, key=lambda row: (row.file, row.asked))
    text = json.dumps({"sources": [asdict(row) for row in ordered]}, indent=2, ensure_ascii=False)
    write_whole(folder / LOCK, text.encode() + b"\n")
