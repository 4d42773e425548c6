"""Answers on disk: whole ones only, and a damaged one is none."""

from __future__ import annotations

import hashlib
import json
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tribonian.ingest.web.answer import Answer
from tribonian.ingest.web.cache import Cache, default_cache, key_of
from tribonian.ingest.web.partial import partial_file, sweep

BODY = b"<RULE>No person shall sell a widget.</RULE>"


def kept(folder: Path, body: bytes = BODY, key: str = "k") -> Answer:
    cache = Cache(folder)
    with cache.writing() as partial:
        partial.file.write(body)
        answer = Answer(
            url="https://law.example/a",
            found="https://law.example/b",
            path=partial.path,
            sha256=hashlib.sha256(body).hexdigest(),
            bytes=len(body),
            media_type="application/xml",
            file_name="übung.xml",
            etag='W/"1"',
        )
        return cache.keep(key, answer, partial)


def test_what_is_kept_is_found_again(tmp_path: Path) -> None:
    answer = kept(tmp_path)
    found = Cache(tmp_path).find("k")
    assert found is not None
    assert (found.path, found.etag, found.file_name) == (answer.path, 'W/"1"', "übung.xml")
    assert (found.url, found.found) == ("https://law.example/a", "https://law.example/b")
    assert (answer.changed, found.changed) == (True, False)
    assert found.path.read_bytes() == BODY
    assert Cache(tmp_path).find("other") is None
    assert not list((tmp_path / "web-1" / "partial").iterdir())


def test_nothing_is_written_before_there_is_something_to_keep(tmp_path: Path) -> None:
    assert Cache(tmp_path / "cache").find("k") is None
    assert not (tmp_path / "cache").exists()


@pytest.mark.parametrize(
    "damaged",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe",
        b'{"url": 1}',
        b"[" * 100_000,
    ],
)
def test_damaged_metadata_are_as_if_absent(tmp_path: Path, damaged: bytes) -> None:
    kept(tmp_path)
    (tmp_path / "web-1" / "answers" / "k.json").write_bytes(damaged)
    assert Cache(tmp_path).find("k") is None


@pytest.mark.parametrize("sha256", ["../" * 21 + "x", "/etc/passwd", "", "0" * 64])
def test_a_name_in_the_metadata_leads_nowhere_else(tmp_path: Path, sha256: str) -> None:
    kept(tmp_path)
    about = tmp_path / "web-1" / "answers" / "k.json"
    about.write_text(json.dumps(json.loads(about.read_bytes()) | {"sha256": sha256}))
    assert Cache(tmp_path).find("k") is None


@pytest.mark.parametrize("body", [BODY[:-1], BODY[:-1] + b"!", BODY + b" ", b""])
def test_a_damaged_body_is_as_if_absent_and_replaced(tmp_path: Path, body: bytes) -> None:
    answer = kept(tmp_path)
    answer.path.write_bytes(body)
    assert Cache(tmp_path).find("k") is None
    kept(tmp_path)
    assert Cache(tmp_path).find("k") is not None
    answer.path.unlink()
    assert Cache(tmp_path).find("k") is None


def test_many_at_once_do_one_another_no_harm(tmp_path: Path) -> None:
    def work(number: int) -> None:
        for turn in range(10):
            kept(tmp_path, BODY * (1 + (number + turn) % 3))
            assert Cache(tmp_path).find("k") is not None

    failed: list[BaseException] = []

    def run(number: int) -> None:
        try:
            work(number)
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    assert len(list((tmp_path / "web-1" / "bodies").iterdir())) == 3
    assert not list((tmp_path / "web-1" / "partial").iterdir())


def test_what_is_being_written_is_not_swept_away_and_what_was_left_is(tmp_path: Path) -> None:
    (tmp_path / "left").write_bytes(b"half")
    with partial_file(tmp_path) as partial:
        sweep(tmp_path)
        assert list(tmp_path.iterdir()) == [partial.path]
    assert not list(tmp_path.iterdir())


@given(st.text(), st.text())
def test_a_key_is_a_file_name_and_does_not_tell_the_address(url: str, accept: str) -> None:
    key = key_of(url, accept)
    assert len(key) == 64
    assert key.isalnum()


def test_the_cache_of_a_user_is_where_the_system_has_such_things() -> None:
    assert default_cache().name.lower() in ("tribonian", "cache")
