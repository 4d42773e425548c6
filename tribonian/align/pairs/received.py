"""What the service gave, as pairs: Parquet, JSON lines or a JSON list, known by its content."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from tribonian.align.pairs.shapes import (
    Conversation,
    Shape,
    conversation_of,
    shape_of,
    shape_of_row,
)
from tribonian.align.pairs.turns import BadRowError, parsed
from tribonian.align.places import keep
from tribonian.errors import TribonianError

LOOKED_AT = 50  # rows that may be bad before a file's shape is called unknown
AT_ONCE = 2048  # rows of Parquet in memory
_SHORT = 160  # characters of a row that are shown

# What else may have been given in the place of pairs, by how it begins.
_OTHER_FORMS = (
    (b"\x1f\x8b", "a gzip archive"),
    (b"PK\x03\x04", "a zip archive"),
    (b"%PDF", "a PDF"),
    (b"<", "a web page or XML"),
    (b"ARROW1", "an Arrow file"),
    (b"\x28\xb5\x2f\xfd", "a zstd archive"),
)
# What a JSON object holds its rows in.
_WRAPPERS = ("data", "rows", "pairs", "examples", "train", "items", "results")


class UnreadError(TribonianError):
    """A file that came back and holds no pairs in any known shape."""


@dataclass(frozen=True, slots=True)
class ReceivedPair:
    """One row that is a pair; ``row`` counts from 1, in JSON lines by the line."""

    row: int
    conversation: Conversation


@dataclass(frozen=True, slots=True)
class Reject:
    """One row that is none: which, why, and how it begins."""

    file: str
    row: int
    reason: str
    beginning: str


class ReceivedPairs:
    """The rows of one file, read anew by every loop over it.

    ``form`` is parquet, jsonl or json; ``rows`` is their number where the file says it.
    """

    def __init__(self, file: Path, form: str, rows: int | None, shape: Shape | None) -> None:
        self.file = file
        self.form = form
        self.rows = rows
        self._shape = shape

    def __iter__(self) -> Iterator[ReceivedPair | Reject]:
        """Every row in order, as a pair or as a reject; UnreadError for a damaged file."""
        for row, given in self._given():
            try:
                yield ReceivedPair(row, self._read(given))
            except BadRowError as error:
                yield Reject(self.file.name, row, str(error), beginning_of(given))

    def check(self) -> None:
        """Raise UnreadError where none of the first rows has a form that is known."""
        reason = ""
        for _, given in islice(self._given(), LOOKED_AT):
            try:
                self._read(given)
                return
            except BadRowError as error:
                if not error.of_shape:
                    return
                reason = reason or f"{error}; the first row is {beginning_of(given)}"
        if reason:
            raise unknown_shape(self.file, reason)

    def _read(self, given: Any) -> Conversation:
        if isinstance(given, BadRowError):
            raise given
        if isinstance(given, list):
            given = {"messages": given}  # a conversation by itself
        if not isinstance(given, Mapping):
            raise BadRowError("it is no object", of_shape=True)
        shape = self._shape or shape_of_row(given)
        if shape is None:
            names = ", ".join(list(map(str, given))[:12]) or "nothing"
            raise BadRowError(f"it has {names} and no conversation", of_shape=True)
        return conversation_of(given, shape)

    def _given(self) -> Iterator[tuple[int, Any]]:
        if self.form == "parquet":
            return _parquet_rows(self.file, self._shape)
        return _json_lines(self.file) if self.form == "jsonl" else _json_rows(self.file)


def received_pairs(file: Path) -> ReceivedPairs:
    """The pairs of a file as the service gave it, whatever its name.

    UnreadError, one sentence, where the file is damaged or its shape is unknown; it shows what
    was found and where the file is kept.
    """
    try:
        with file.open("rb") as opened:
            start = opened.read(4096)
    except OSError as error:
        raise UnreadError(
            f"{file} cannot be read ({error.strerror}); collect the job again."
        ) from None
    if not start.strip(b"\xef\xbb\xbf \t\r\n\0"):
        raise UnreadError(f"{file} is empty; look at the job in the service's own pages.")
    if start.startswith(b"PAR1"):
        received = _parquet(file)
    else:
        other = next((name for magic, name in _OTHER_FORMS if start.startswith(magic)), None)
        if other is not None:
            raise unknown_shape(file, f"it is {other}, which begins with {_shortened(start)}")
        received = ReceivedPairs(file, _json_form(file), None, None)
    received.check()
    return received


def unknown_shape(file: Path, found: str) -> UnreadError:
    """The sentence for a file that holds no pairs that anybody could recognise."""
    return UnreadError(
        f"{file.name} has no pairs in a shape that is known: {found}; it is kept as it came in "
        f"{file}, so that it can be sent to the maintainers or turned into JSON lines with "
        '"messages".'
    )


def write_rejects(path: Path, rejects: Iterable[Reject]) -> None:
    """Keep the rows that were no pairs, one a line; no rejects, no file."""
    lines = [orjson.dumps(asdict(each)) + b"\n" for each in rejects]
    if lines:
        keep(path, b"".join(lines))
    else:
        path.unlink(missing_ok=True)


# -- Parquet ---------------------------------------------------------------------------------


@contextmanager
def _opened(file: Path) -> Iterator[pq.ParquetFile]:
    """A Parquet file; UnreadError for one that is not whole."""
    try:
        with pq.ParquetFile(file) as opened:
            yield opened
    except (pa.ArrowException, OSError) as error:
        raise UnreadError(
            f"{file} is damaged ({_shortened(str(error))}); remove it and collect again."
        ) from None


def _parquet(file: Path) -> ReceivedPairs:
    with _opened(file) as opened:
        schema = opened.schema_arrow
        shape = shape_of(schema.names)
        if shape is None:
            first = next(_batches(opened, None), None)
            row = first.slice(0, 1).to_pylist()[0] if first is not None else {}
            shape = shape_of_row(row)
        if shape is None:
            columns = ", ".join(f"{field.name} ({field.type})" for field in schema)
            begins = f", and the first row is {beginning_of(row)}" if row else ", and no row"
            raise unknown_shape(file, f"its columns are {_shortened(columns, 600)}{begins}")
        return ReceivedPairs(file, "parquet", opened.metadata.num_rows, shape)


def _batches(opened: pq.ParquetFile, columns: list[str] | None) -> Iterator[pa.RecordBatch]:
    for batch in opened.iter_batches(batch_size=AT_ONCE, columns=columns, use_threads=False):
        if batch.num_rows:
            yield batch


def _parquet_rows(file: Path, shape: Shape | None) -> Iterator[tuple[int, Any]]:
    number = 0
    with _opened(file) as opened:
        names = opened.schema_arrow.names
        wanted = list(shape.columns) if shape is not None else names
        # a name with a stop would be taken for a path, and one that occurs twice for both
        plain = all("." not in name and names.count(name) == 1 for name in wanted)
        for batch in _batches(opened, wanted if plain else None):
            columns = {name: batch.column(batch.schema.names.index(name)) for name in wanted}
            try:
                values = {name: column.to_pylist() for name, column in columns.items()}
            except (ValueError, pa.ArrowException):  # somewhere in it is no UTF-8
                values = {}
            for n in range(batch.num_rows):
                number += 1
                if values:
                    yield number, {name: values[name][n] for name in wanted}
                else:
                    yield number, _one_row(columns, n)


def _one_row(columns: Mapping[str, pa.Array], n: int) -> Any:
    try:
        return {name: column[n].as_py() for name, column in columns.items()}
    except (ValueError, pa.ArrowException):
        return BadRowError("its text is no UTF-8")


# -- JSON ------------------------------------------------------------------------------------


def _json_form(file: Path) -> str:
    """Whether the first line is a row by itself, or the file is one value."""
    with file.open("rb") as opened:
        lines = (line for line in opened if line.strip(_BLANK))
        first, second = next(lines, b""), next(lines, b"")
    try:
        value = parsed(first.strip(_BLANK))
    except ValueError:
        return "json" if _is_json(file) else "jsonl"
    if second:
        return "jsonl"
    # one line: a list of rows or of one conversation's messages, a row, or what holds rows
    return "jsonl" if isinstance(value, dict) and shape_of_row(value) else "json"


_BLANK = b"\xef\xbb\xbf \t\r\n"


def _is_json(file: Path) -> bool:
    try:
        parsed(file.read_bytes().strip(_BLANK))
    except ValueError:
        return False
    return True


def _json_lines(file: Path) -> Iterator[tuple[int, Any]]:
    with file.open("rb") as opened:
        for number, line in enumerate(opened, 1):
            text = line.strip(_BLANK)
            if text:
                yield number, _line(text)


def _line(text: bytes) -> Any:
    try:
        return parsed(text)
    except ValueError:
        return BadRowError("it is no JSON", of_shape=True, beginning=_shortened(text))


def _json_rows(file: Path) -> Iterator[tuple[int, Any]]:
    value = parsed(file.read_bytes().strip(_BLANK))
    if isinstance(value, dict) and shape_of_row(value) is None:
        held = [value[key] for key in _WRAPPERS if isinstance(value.get(key), list)]
        value = held[0] if held else [value]
    rows = deque(value if isinstance(value, list) else [value])
    if rows and isinstance(rows[0], dict) and "role" in rows[0] and "content" in rows[0]:
        rows = deque([list(rows)])
    number = 0
    while rows:
        number += 1
        yield number, rows.popleft()  # let go of what has been read


# -- sentences -------------------------------------------------------------------------------


def beginning_of(given: Any) -> str:
    """The beginning of a row on one line, for a person."""
    if isinstance(given, BadRowError):
        return given.beginning
    try:
        return _shortened(orjson.dumps(given, default=str, option=orjson.OPT_NON_STR_KEYS))
    except TypeError:  # half of a character, a number that is too large
        return _shortened(repr(given))


def _shortened(text: str | bytes, most: int = _SHORT) -> str:
    if isinstance(text, bytes):
        text = text[: 4 * most].decode("utf-8", "replace")
    text = " ".join("".join(c if c.isprintable() else " " for c in text[: 2 * most]).split())
    return text if len(text) <= most else f"{text[: most - 1]}…"
