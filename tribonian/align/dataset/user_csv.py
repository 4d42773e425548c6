"""Rows of CSV: any of four dividers, quoted cells over several lines, Excel's own habits."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import TextIO

from tribonian.align.dataset.user_rows import RawRow
from tribonian.align.dataset.user_shapes import KNOWN, column, shape
from tribonian.errors import UsageError

_DIVIDERS = (",", ";", "\t", "|")
_DECLARED = re.compile(r"sep=(.)\s*", re.IGNORECASE)  # Excel's first line
# A cell may hold a whole document; the module's own limit of 128 KiB ends the reading of a file.
csv.field_size_limit(1 << 30)


def csv_columns(path: Path, encoding: str) -> tuple[list[str], str]:
    """The names of the columns, and what divides them: what makes most names known."""
    with path.open(encoding=encoding, newline="", errors="replace") as file:
        _declared(file)
        head = file.read(1 << 20)
    best: tuple[tuple[bool, int, int], list[str], str] | None = None
    for divider in _DIVIDERS:
        try:
            rows = csv.reader(StringIO(head, newline=""), delimiter=divider)
            names = next((row for row in rows if any(map(str.strip, row))), [])
        except csv.Error:
            continue
        known = [column(name) for name in names if column(name) in KNOWN]
        score = (bool(shape(known)), len(known), len(names))
        if best is None or score > best[0]:
            best = (score, names, divider)
    if best is None:
        raise UsageError(f"--with {path} is neither JSONL, a JSON list, CSV nor Parquet.")
    return best[1], best[2]


def _declared(file: TextIO) -> int:
    """Step over the line ``sep=;`` where there is one; how many lines that were."""
    line = file.readline(8)
    if _DECLARED.fullmatch(line):
        return 1
    file.seek(0)
    return 0


def csv_rows(path: Path, encoding: str, divider: str, columns: list[str]) -> Iterator[RawRow]:
    """The rows of a file, each by the line on which it begins; empty lines are no rows.

    A row whose cells are all empty is an empty line too: spreadsheets save such below the last.
    """
    with path.open(encoding=encoding, newline="", errors="surrogateescape") as file:
        before = _declared(file)
        reader = csv.reader(file, delimiter=divider, strict=True)
        header = False
        while True:
            begin = before + reader.line_num + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                header = True
                yield RawRow(begin, {}, _fault(error, begin, before + reader.line_num))
                continue
            if not any(cell.strip() for cell in cells):
                continue
            if not header:
                header = True
                continue
            yield _row(begin, cells, columns)


def _row(begin: int, cells: list[str], columns: list[str]) -> RawRow:
    spare = [cell for cell in cells[len(columns) :] if cell.strip()]
    if spare:
        return RawRow(
            begin,
            {},
            f"it has {len(cells)} cells where the first line names {len(columns)} columns; "
            "a text with the divider in it must stand in quotation marks",
        )
    named = {name: cell for name, cell in zip(columns, cells, strict=False) if name.strip()}
    if any("\udc80" <= c <= "\udcff" for cell in cells if not cell.isascii() for c in cell):
        return RawRow(begin, named, "it holds bytes that are not UTF-8")
    return RawRow(begin, named)


def _fault(error: csv.Error, begin: int, end: int) -> str:
    if "unexpected end of data" in str(error):
        return (
            f"a quotation mark that opens in it is never closed, so that everything to line {end} "
            "was taken for one cell"
        )
    if "expected after" in str(error):
        return "something stands behind a closing quotation mark; write a mark within a text twice"
    return f"it is no row of CSV ({error})"
