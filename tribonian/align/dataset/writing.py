"""The files of a training file: written aside and put in place together, all or none."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
from filelock import FileLock, Timeout

from tribonian.errors import TribonianError, UsageError

FORMS = (".parquet", ".jsonl")
AT_ONCE = 10_000  # rows of a row group: the same rows give the same bytes
SCHEMA = pa.schema(
    [("messages", pa.list_(pa.struct([("role", pa.string()), ("content", pa.string())])))]
)
CARD_BEGINS = "# Training data: "


@dataclass(frozen=True, slots=True)
class Outputs:
    """The names of everything that one output consists of, from that of its training file."""

    training: Path

    def _named(self, end: str) -> Path:
        return self.training.with_name(self.training.name.removesuffix(self.training.suffix) + end)

    @property
    def validation(self) -> Path:
        """The rows that are not trained on."""
        return self._named(f"-validation{self.training.suffix}")

    @property
    def card(self) -> Path:
        """The data card."""
        return self._named(".md")

    @property
    def rows(self) -> Path:
        """Where each row comes from."""
        return self._named(".rows.jsonl")

    @property
    def left_out(self) -> Path:
        """Every row that was left out, and why."""
        return self._named(".left-out.jsonl")

    def all(self) -> tuple[Path, ...]:
        """All of them; the card last, because it vouches for the others."""
        return self.training, self.validation, self.rows, self.left_out, self.card


def check_outputs(output: Path, read: Iterable[Path] = ()) -> Outputs:
    """The names of an output; UsageError for one that cannot be written or would harm a file."""
    if output.suffix not in FORMS:
        raise UsageError(f"-o {output} must end in .parquet or .jsonl.")
    outputs = Outputs(output)
    for path in outputs.all():
        if path.is_dir():
            raise UsageError(f"-o {output}: {path} is a folder; name another file.")
    sources = {os.path.realpath(path) for path in read}
    for path in outputs.all():
        if os.path.realpath(path) in sources:
            raise UsageError(f"-o {output} would overwrite {path}, which is read; name another.")
    if outputs.card.exists() and not is_card(outputs.card):
        raise UsageError(
            f"-o {output} would overwrite {outputs.card}, which is no data card; name another file."
        )
    return outputs


def is_card(path: Path) -> bool:
    """Whether a file is a data card."""
    try:
        with path.open("rb") as file:
            return file.read(len(CARD_BEGINS)) == CARD_BEGINS.encode()
    except OSError:
        return False


def json_lines(path: Path, rows: Iterable[bytes]) -> None:
    """Write rows of JSON, one a line."""
    with path.open("wb") as file:
        for row in rows:
            file.write(row + b"\n")


def parquet(path: Path, rows: Iterable[bytes]) -> None:
    """Write conversations, given as JSON, as the one column that the service takes."""
    each = iter(rows)
    # Snappy is what every reader of Parquet has.
    with pq.ParquetWriter(path, SCHEMA, compression="snappy", write_statistics=False) as writer:
        while batch := list(islice(each, AT_ONCE)):
            table: list[dict[str, Any]] = [orjson.loads(row) for row in batch]
            writer.write_table(pa.Table.from_pylist(table, SCHEMA), row_group_size=AT_ONCE)


class Aside:
    """Files that are written in a folder beside their places, and put there at the end.

    A kill between two of them cannot be undone; so the card, which has the digest of each, is
    the last: what it says of a set that was only half put in place is not what stands there. The
    next run that ends well removes the folders that killed ones left.
    """

    def __init__(self, outputs: Outputs) -> None:
        self.outputs = outputs
        self.left: list[Path] = []  # folders of runs that were killed
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._alive: FileLock | None = None
        self._written: list[tuple[Path, Path]] = []

    def __enter__(self) -> Aside:
        training = self.outputs.training
        prefix = f".{training.name[:40]}."
        try:
            training.parent.mkdir(parents=True, exist_ok=True)
            self.left = [each for each in _folders(training.parent, prefix) if _is_left(each)]
            self._folder = tempfile.TemporaryDirectory(
                prefix=prefix, dir=training.parent, ignore_cleanup_errors=True
            )
            self._alive = FileLock(Path(self._folder.name) / _ALIVE, timeout=0)
            with suppress(NotImplementedError):  # a file system without locks
                self._alive.acquire()
        except OSError as error:
            raise UsageError(f"-o {training} cannot be written ({error.strerror}).") from None
        return self

    def __exit__(self, *_: object) -> None:
        if self._alive is not None:
            self._alive.release()
        if self._folder is not None:
            self._folder.cleanup()

    def path(self, place: Path) -> Path:
        """Where to write what shall stand at ``place``."""
        assert self._folder is not None
        aside = Path(self._folder.name) / place.name
        self._written.append((aside, place))
        return aside

    def sha256(self, place: Path) -> tuple[str, int]:
        """The digest and the size of what was written for a place."""
        aside = next(aside for aside, other in self._written if other == place)
        with aside.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest(), aside.stat().st_size

    def put_in_place(self, stale: Sequence[Path] = ()) -> None:
        """Let all files take their places, and ``stale`` ones vanish; undone where one fails.

        The one that was written last takes its place last, and its old one stands until then.
        """
        assert self._folder is not None
        kept = Path(self._folder.name) / "before"
        kept.mkdir()
        *others, last = self._written
        placed: list[Path] = []
        moved: list[tuple[Path, Path]] = []
        try:
            for aside, _ in self._written:
                with aside.open("rb+") as file:
                    os.fsync(file.fileno())
            for place in [*(place for _, place in others), *stale]:
                if place.exists():
                    place.rename(kept / place.name)
                    moved.append((kept / place.name, place))
            for aside, place in others:
                aside.rename(place)
                placed.append(place)
            last[0].replace(last[1])
        except BaseException as error:
            for place in placed:
                with suppress(OSError):
                    place.unlink()
            for before, place in moved:
                with suppress(OSError):
                    before.rename(place)
            if isinstance(error, OSError):
                raise TribonianError(
                    f"{self.outputs.training} could not be written ({error.strerror}); nothing "
                    "was changed."
                ) from None
            raise
        for folder in self.left:
            shutil.rmtree(folder, ignore_errors=True)


_ALIVE = "alive"  # locked in a folder by the process that writes there
_RANDOM = re.compile("[a-z0-9_]{8}")  # what tempfile puts behind a prefix


def _folders(place: Path, prefix: str) -> Iterator[Path]:
    for each in sorted(place.iterdir()):
        if each.name.startswith(prefix) and _RANDOM.fullmatch(each.name[len(prefix) :]):
            yield each


def _is_left(folder: Path) -> bool:
    """Whether a folder is one of ours, whose process is no more."""
    lock = folder / _ALIVE
    if not lock.is_file():
        return False
    try:
        with FileLock(lock, timeout=0):
            return True
    except (Timeout, NotImplementedError, OSError):
        return False


def rows_of(rows: Iterable[dict[str, Any]]) -> Iterator[bytes]:
    """Rows as JSON."""
    return map(orjson.dumps, rows)
