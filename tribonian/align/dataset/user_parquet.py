"""Rows of Parquet, a batch at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from tribonian.align.dataset.user_rows import RawRow
from tribonian.align.dataset.user_shapes import FLAGS, column, used
from tribonian.align.pairs.shapes import REHEARSAL
from tribonian.errors import UsageError

BATCH = 2_000  # rows in memory


@contextmanager
def _opened(path: Path) -> Iterator[pq.ParquetFile]:
    try:
        with pq.ParquetFile(path) as file:
            yield file
    except (pa.ArrowException, OSError) as error:
        reason = " ".join(str(error).split())[:120]
        raise UsageError(
            f"{path} cannot be read as Parquet ({reason}); write the file again."
        ) from None


def parquet_columns(path: Path) -> list[str]:
    """The names of the columns; UsageError for a file that is damaged."""
    with _opened(path) as file:
        return list(file.schema_arrow.names)


def user_columns(names: Iterable[str]) -> list[str]:
    """Which columns of a user's file are of use."""
    names = list(names)
    wanted = used(map(column, names)) | {REHEARSAL, FLAGS}
    return [name for name in names if column(name) in wanted]


def parquet_rows(path: Path, columns: Iterable[str] | None = None) -> Iterator[RawRow]:
    """The rows of a file, by their number from 1; ``columns`` are those read, None for of use."""
    with _opened(path) as file:
        names = file.schema_arrow.names
        columns = user_columns(names) if columns is None else [n for n in names if n in columns]
        number = 0
        for batch in file.iter_batches(batch_size=BATCH, columns=columns, use_threads=False):
            for row in _rows(batch):
                number += 1
                if isinstance(row, str):
                    yield RawRow(number, {}, row)
                else:
                    yield RawRow(number, row)


def _rows(batch: pa.RecordBatch) -> Iterator[dict[str, object] | str]:
    try:
        yield from batch.to_pylist()
    except UnicodeDecodeError:  # Arrow does not look into its strings; find the damaged rows
        for n in range(batch.num_rows):
            try:
                yield batch.slice(n, 1).to_pylist()[0]
            except UnicodeDecodeError:
                yield "it holds bytes that are not UTF-8"
