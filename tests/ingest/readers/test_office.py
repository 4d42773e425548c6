"""Files of other word processors: what is done with LibreOffice, and without it."""

from __future__ import annotations

import io
import os
import time
from pathlib import Path

import pytest

from tribonian.errors import DocumentError
from tribonian.ingest.readers import office
from tribonian.ingest.readers.office import find_office, read_office
from tribonian.ingest.record import Reading
from tribonian.schemas.tree import Node, grow

RTF = rb"{\rtf1\ansi{\b Lamp Act}\par (a) Each lamp shall burn.\par (b) Trim the wicks.\par}"
POSIX = pytest.mark.skipif(os.name != "posix", reason="the stand-in is a shell script")


def read(data: bytes) -> tuple[Node, Reading]:
    reading = Reading(name="lamps.rtf")
    return grow(read_office(io.BytesIO(data), reading)), reading


def refused(data: bytes = RTF) -> str:
    with pytest.raises(DocumentError) as error:
        read(data)
    assert str(error.value).endswith(".")
    assert str(error.value).count(". ") == 0
    return str(error.value)


def stand_in(folder: Path, script: str) -> str:
    """A program in the place of LibreOffice."""
    path = folder / "soffice"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return str(path)


def test_without_libreoffice_a_sentence_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "find_office", lambda: None)

    assert "needs LibreOffice" in refused()


def test_a_file_with_a_password_is_refused_before_anything_is_started(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(office, "find_office", lambda: pytest.fail("it was started"))
    data = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le")

    assert "password" in refused(data)


@POSIX
def test_a_program_that_makes_nothing_of_the_file_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(office, "find_office", lambda: stand_in(tmp_path, "exit 1"))

    assert "cannot open it" in refused()


@POSIX
def test_a_program_that_cannot_start_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(office, "find_office", lambda: str(tmp_path / "nothing"))

    assert "did not start" in refused()


@POSIX
def test_a_program_that_hangs_is_ended_with_its_children(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    child = tmp_path / "child"
    script = f"sleep 60 & echo $! > {child}; wait"
    monkeypatch.setattr(office, "find_office", lambda: stand_in(tmp_path, script))
    monkeypatch.setattr(office, "TIME_LIMIT", 0.5)

    assert "did not finish" in refused()
    for _ in range(100):
        if (
            not Path(f"/proc/{child.read_text().strip()}/cmdline").exists()
            or not Path(f"/proc/{child.read_text().strip()}/cmdline").read_bytes()
        ):
            break
        time.sleep(0.05)
    else:
        pytest.fail("the child was left running")


@pytest.mark.skipif(find_office() is None, reason="LibreOffice is not installed")
def test_rich_text_is_read_by_way_of_libreoffice() -> None:
    root, reading = read(RTF)

    assert [node.designator for node in root.walk() if node.designator] == ["(a)", "(b)"]
    assert reading.words == root.total_words() == 11
