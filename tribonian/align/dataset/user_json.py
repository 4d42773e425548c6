"""Rows of JSON: one a line, or a list of them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import orjson

from tribonian.align.dataset.conversation import kind
from tribonian.align.dataset.user_rows import RawRow

_SPACE = re.compile(r"[\s\ufeff]*")
_BETWEEN = re.compile(r"[\s,]*")


def json_rows(path: Path, encoding: str) -> Iterator[RawRow]:
    """The rows of a file, each by the line on which it begins; empty lines are no rows."""
    if _one_a_line(path, encoding):
        yield from _lines(path, encoding)
    else:
        yield from _values(path.read_bytes().decode(encoding, "surrogateescape"))


def _raw_lines(path: Path, encoding: str) -> Iterator[bytes]:
    """The lines of a file in UTF-8, divided at line feeds alone; a sign of U+2028 divides none."""
    if encoding.startswith("utf-8"):
        with path.open("rb") as file:
            for n, line in enumerate(file):
                yield line.removeprefix(b"\xef\xbb\xbf") if n == 0 else line
    else:
        with path.open(encoding=encoding, newline="\n", errors="surrogatepass") as file:
            for text in file:
                yield text.removeprefix("\ufeff").encode("utf-8", "surrogatepass")


def _one_a_line(path: Path, encoding: str) -> bool:
    """Whether a file holds one value a line: its first is whole, and is not all of a list."""
    lines = (line for line in _raw_lines(path, encoding) if line.strip())
    first = next(lines, b"")
    second = next(lines, None)
    if first.lstrip().startswith(b"["):
        try:
            value = orjson.loads(first)
        except ValueError:
            return False
        turns = isinstance(value, list) and value and all(_is_turn(each) for each in value)
        return bool(turns) or second is not None
    if second is None or second.lstrip().startswith((b"{", b"[")):
        return True
    try:
        orjson.loads(first)
    except ValueError:
        # an object over several lines, or a damaged line among whole ones
        return b"}" in first
    return True


def _is_turn(value: object) -> bool:
    return isinstance(value, dict) and ("role" in value or "from" in value)


def _lines(path: Path, encoding: str) -> Iterator[RawRow]:
    for n, line in enumerate(_raw_lines(path, encoding), 1):
        if line.strip():
            yield _line(n, line)


def _line(number: int, line: bytes) -> RawRow:
    try:
        value = orjson.loads(line)
    except ValueError as error:
        return RawRow(number, {}, _fault(line, str(error)))
    return _row(number, value)


def _fault(line: bytes, reason: str) -> str:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return "it holds bytes that are not UTF-8"
    if "surrogate" in reason:
        return "it holds half of a surrogate pair, which is not UTF-8"
    if line.rstrip()[-1:] not in (b"}", b"]"):
        return "it is not JSON; it seems to be cut off"
    return f"it is not JSON ({reason.partition(': line')[0]})"


def _row(number: int, value: object) -> RawRow:
    if isinstance(value, list) and value and all(_is_turn(each) for each in value):
        return RawRow(number, {"messages": value})
    if not isinstance(value, Mapping):
        return RawRow(number, {}, f"it is {kind(value)}, not an object")
    return RawRow(number, value)


def _values(text: str) -> Iterator[RawRow]:
    """The values of a list, or of objects written over several lines, one after another."""
    decoder = json.JSONDecoder()
    at = _SPACE.match(text).end()  # type: ignore[union-attr]
    listed = text[at : at + 1] == "["
    at += listed
    line, counted = 1, 0
    while True:
        at = _BETWEEN.match(text, at).end()  # type: ignore[union-attr]
        line += text.count("\n", counted, at)
        counted = at
        if listed and text[at : at + 1] == "]":
            rest = _SPACE.match(text, at + 1).end()  # type: ignore[union-attr]
            if rest < len(text):
                line += text.count("\n", counted, rest)
                yield RawRow(line, {}, "it stands behind the end of the list, and was not read")
            return
        if at >= len(text):
            if listed:
                yield RawRow(line, {}, "the list has no end; the file seems to be cut off")
            return
        try:
            value, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError) as error:
            reason = error.msg if isinstance(error, json.JSONDecodeError) else "nested too deeply"
            yield RawRow(
                line, {}, f"it is not JSON ({reason}), and nothing behind it could be read"
            )
            return
        yield _row(line, value)
