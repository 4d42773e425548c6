"""The lock file: what was fetched, from where, of which date; no clock and no path in it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tribonian.errors import DocumentError
from tribonian.ingest.sources.lock import LOCK, LockRow, is_inner, read_lock, write_lock

ROW = LockRow("21 CFR part 11", "https://x/part=11", "2026-01-29", "a/b.xml", "0" * 64, 5, '"e"')


def test_what_was_written_is_read_again_in_the_order_of_the_files(tmp_path: Path) -> None:
    other = LockRow("https://y/ä.pdf", "https://y/ä.pdf", None, "a.pdf", "1" * 64, 0, None)
    write_lock(tmp_path, [ROW, other])
    assert read_lock(tmp_path) == [other, ROW]
    written = json.loads((tmp_path / LOCK).read_bytes())
    assert list(written) == ["sources"]
    assert [list(row) for row in written["sources"]] == [
        ["asked", "url", "as_of", "file", "sha256", "bytes", "etag"]
    ] * 2
    assert [entry.name for entry in tmp_path.iterdir()] == [LOCK]


def test_a_file_that_two_sources_come_to_has_a_row_for_each(tmp_path: Path) -> None:
    other = replace(ROW, asked="21 CFR parts 11 and 12")
    write_lock(tmp_path, [other, ROW])
    assert read_lock(tmp_path) == [ROW, other]


def test_the_same_rows_give_the_same_bytes_and_leave_the_file_untouched(tmp_path: Path) -> None:
    write_lock(tmp_path, [ROW])
    before = (tmp_path / LOCK).stat()
    write_lock(tmp_path, [ROW])
    after = (tmp_path / LOCK).stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


def test_a_folder_without_a_lock_file_has_no_rows(tmp_path: Path) -> None:
    assert read_lock(tmp_path) == []
    assert read_lock(tmp_path / "nothing") == []


@pytest.mark.parametrize(
    "text",
    [
        "", "[]", "{", '{"sources": 1}', '{"sources": [1]}', '{"sources": [{}]}', "[" * 5000,
        '{"sources": [{"asked": "x", "url": "x", "file": "x", "sha256": "x", "bytes": "1"}]}',
        '{"sources": [{"asked": "x", "url": "x", "file": "../x", "sha256": "x", "bytes": 1}]}',
        '{"sources": [{"asked": "x", "url": "x", "file": "/x", "sha256": "x", "bytes": 1}]}',
        '{"sources":[{"asked":"x","url":"x","file":"x","sha256":"","bytes":1,"as_of":"today"}]}',
    ],
)  # fmt: skip
def test_a_damaged_lock_file_is_one_sentence(tmp_path: Path, text: str) -> None:
    (tmp_path / LOCK).write_text(text)
    with pytest.raises(DocumentError, match="damaged: it is not what fetch writes"):
        read_lock(tmp_path)


@pytest.mark.parametrize("file", ["a.xml", "a/b.xml", "a b/ä.xml", "..a/b.xml"])
def test_paths_below_the_folder_are_taken(file: str) -> None:
    assert is_inner(file)


@pytest.mark.parametrize(
    "file", ["", ".", "..", "../a", "a/../b", "/a", "a//b", "a\\..\\b", "C:/a", "c:a", "a/", "./a"]
)
def test_paths_that_lead_elsewhere_are_not(file: str) -> None:
    assert not is_inner(file)


@given(st.text(max_size=30))
def test_no_path_that_is_taken_leaves_the_folder(file: str) -> None:
    if is_inner(file):
        assert ".." not in Path(file).parts
        assert not Path(file).is_absolute()
