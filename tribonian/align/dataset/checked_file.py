"""A training file opened to be checked: its rows as they stand there, nothing made good."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import orjson

from tribonian.align.dataset.conversation import kind
from tribonian.align.dataset.entries import Source
from tribonian.align.dataset.notes import Notes
from tribonian.align.dataset.user_parquet import parquet_columns, parquet_rows
from tribonian.align.dataset.user_rows import RawRow
from tribonian.errors import UsageError


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A file to be checked: where its rows come from, and what they must be."""

    path: Path
    source: Source
    rows: Iterator[RawRow]
    columns: list[str] | None


def open_checked(path: Path, notes: Notes) -> CheckedFile | None:
    """A file by its content; None, with a note, for what the service takes in no case."""
    try:
        with path.open("rb") as file:
            head = file.read(4096)
    except FileNotFoundError:
        raise UsageError(f"{path} does not exist; name a .jsonl or .parquet file.") from None
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.") from None
    if head.startswith(b"PAR1"):
        _suffix(path, ".parquet", notes)
        columns = parquet_columns(path)
        return CheckedFile(
            path,
            Source(path.name, "row", False, 0),
            parquet_rows(path, columns),
            columns,
        )
    for mark in (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"):
        if head.startswith(mark):
            notes.take(
                "not-a-training-file",
                f"{path.name} begins with a byte order mark; save it as UTF-8 without one.",
            )
            return None
    start = head.lstrip()
    if start and not start.startswith(b"{"):
        what = "a list; write one object a line" if start.startswith(b"[") else "no JSON"
        notes.take(
            "not-a-training-file",
            f"{path.name} is {what}; dataset build --with makes a training file of many forms.",
        )
        return None
    _suffix(path, ".jsonl", notes)
    return CheckedFile(path, Source(path.name, "line", False, 0), _lines(path), None)


def _suffix(path: Path, wanted: str, notes: Notes) -> None:
    if path.suffix != wanted:
        notes.take(
            "wrong-suffix", f"{path.name} must end in {wanted}, by which the service knows it."
        )


def _lines(path: Path) -> Iterator[RawRow]:
    with path.open("rb") as file:
        for n, line in enumerate(file, 1):
            if not line.strip():
                yield RawRow(n, {}, "it is empty")
                continue
            try:
                value = orjson.loads(line)
            except ValueError as error:
                reason = str(error).partition(": line")[0]
                yield RawRow(n, {}, f"it is not JSON in UTF-8 ({reason})")
                continue
            if isinstance(value, dict):
                yield RawRow(n, value)
            else:
                yield RawRow(n, {}, f"it is {kind(value)}, not an object")
