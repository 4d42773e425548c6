"""The user's own training data: JSONL, a JSON list, CSV or Parquet, recognised by content.

A file that is none of these, or whose columns say nothing, is wrong usage; a row that cannot be
used is a row with its reason, and the others go on.
"""

from __future__ import annotations

import codecs
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tribonian.align.dataset.conversation import shown
from tribonian.align.dataset.user_csv import csv_columns, csv_rows
from tribonian.align.dataset.user_json import json_rows
from tribonian.align.dataset.user_parquet import parquet_columns, parquet_rows
from tribonian.align.dataset.user_rows import RawRow
from tribonian.align.dataset.user_shapes import KNOWN, column, shape, used
from tribonian.errors import UsageError
from tribonian.ingest.encodings import decode_surely
from tribonian.schemas.training import Note

_HEAD = 65_536
_TAKEN = "JSONL, a JSON list, CSV or Parquet"
# The first bytes of what people have, and what they are to do with it.
_OTHERS = (
    (b"PK\x03\x04", "is a zip or an Excel file; save the sheet as CSV UTF-8, or unpack it"),
    (b"\xd0\xcf\x11\xe0", "is an old Excel or Word file; save the sheet as CSV UTF-8"),
    (b"\x1f\x8b", "is compressed with gzip; unpack it"),
    (b"BZh", "is compressed with bzip2; unpack it"),
    (b"\x28\xb5\x2f\xfd", "is compressed with zstd; unpack it"),
    (b"\xfd7zXZ", "is compressed with xz; unpack it"),
    (b"%PDF", "is a PDF; training data are rows"),
    (b"ARROW1", "is an Arrow file; save it as Parquet"),
    (b"SQLite format 3", "is a database; export the rows as CSV or JSONL"),
)


@dataclass(frozen=True, slots=True)
class UserFile:
    """A file of the user's: ``unit`` is line or row, what its rows are counted in.

    ``rows()`` reads it anew each time, from the first row.
    """

    path: Path
    name: str
    sha256: str
    form: str
    unit: str
    rows: Callable[[], Iterator[RawRow]]
    notes: tuple[Note, ...] = field(default=())


def user_file(path: Path) -> UserFile:
    """Recognise a file; UsageError for what cannot be read or has no rows of a known shape."""
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
        if not head.strip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0"):
            raise UsageError(f"--with {path} is empty; name a file with rows, or leave it out.")
        for signature, advice in _OTHERS:
            if head.startswith(signature):
                raise UsageError(f"--with {path} {advice}.")
        if head.startswith(b"PAR1"):
            return _parquet(path)
        return _text(path, head)
    except OSError as error:
        if path.is_dir():
            raise UsageError(f"--with {path} is a folder; name a file.") from None
        raise UsageError(f"--with {path} cannot be read: {error.strerror}.") from None


def _parquet(path: Path) -> UserFile:
    columns = parquet_columns(path)
    notes = _columns(path, columns)
    return UserFile(
        path, path.name, _sha256(path), "Parquet", "row", lambda: parquet_rows(path), notes
    )


def _text(path: Path, head: bytes) -> UserFile:
    encoding, notes = _encoding(path, head)
    start = codecs.getincrementaldecoder(encoding)("replace").decode(head).lstrip()
    if start[:1] in ("{", "["):
        return UserFile(
            path, path.name, _sha256(path), "JSON", "line",
            lambda: json_rows(path, encoding), (),
        )  # fmt: skip
    if notes == () and encoding == "utf-8":
        encoding, notes = _checked(path)
    if "\0" in start and not _is_table(path, encoding, start):
        raise UsageError(f"--with {path} is no training data but a binary file; name {_TAKEN}.")
    columns, divider = csv_columns(path, encoding)
    notes += _columns(path, columns)
    return UserFile(
        path, path.name, _sha256(path), "CSV", "line",
        lambda: csv_rows(path, encoding, divider, columns), notes,
    )  # fmt: skip


def _is_table(path: Path, encoding: str, start: str) -> bool:
    """Whether a file with NUL characters is a table all the same, of which some rows are bad."""
    if "\0" in start.splitlines()[0]:
        return False
    try:
        columns, _ = csv_columns(path, encoding)
    except UsageError:
        return False
    return bool(shape([column(name) for name in columns]))


def _encoding(path: Path, head: bytes) -> tuple[str, tuple[Note, ...]]:
    """The encoding that the beginning of a file shows: UTF-8 unless it is a wide one."""
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig", ()
    wide = decode_surely(head[:4096]).encoding
    if wide.startswith(("utf-16", "utf-32")):
        if not _is_whole(path, wide):
            raise UsageError(f"--with {path} is damaged {wide.upper()}; save it anew as UTF-8.")
        return wide, ()
    return "utf-8", ()


def _checked(path: Path) -> tuple[str, tuple[Note, ...]]:
    """UTF-8 if a whole file is, else what it is most likely to be: Excel writes Windows-1252."""
    if _is_whole(path, "utf-8"):
        return "utf-8", ()
    encoding = decode_surely(path.read_bytes()).encoding
    note = Note(
        "encoding-guessed",
        f"{path.name} is not UTF-8 and was read as {encoding}; save it as CSV UTF-8 to be sure.",
        (path.name,),
    )
    return encoding, (note,)


def _is_whole(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                decoder.decode(block)
        decoder.decode(b"", True)
    except UnicodeDecodeError:
        return False
    return True


def _columns(path: Path, columns: list[str]) -> tuple[Note, ...]:
    """UsageError where columns make no conversation; a note on those that are not used."""
    names = [column(name) for name in columns]
    if not shape(names):
        listed = ", ".join(map(shown, columns[:12])) or "nothing"
        raise UsageError(
            f"--with {path} has the columns {listed}; name them messages, or question and answer,"
            " or prompt and completion."
        )
    twice = sorted({name for name in names if names.count(name) > 1 and name in KNOWN})
    if twice:
        raise UsageError(f"--with {path} has two columns called {twice[0]}; rename one.")
    ignored = [name for name in columns if name.strip() and column(name) not in used(names)]
    if not ignored:
        return ()
    listed = ", ".join(map(shown, ignored[:12])) + (" and others" if len(ignored) > 12 else "")
    message = f"{path.name} has columns that no training row has: {listed}."
    return (Note("columns-ignored", message, (path.name,)),)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
