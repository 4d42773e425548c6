"""Damaged, encrypted, empty and odd files in one folder: a row each, whatever they do.

The files are ``../shared/corpus`` beside the repository; without them the tests are skipped.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

CORPUS = Path(__file__).parents[2].parent / "shared" / "corpus"
GIVEN = [CORPUS / "robust", CORPUS / "encodings"]
FILES = sorted(path for folder in GIVEN for path in folder.rglob("*") if path.is_file())
pytestmark = pytest.mark.skipif(not FILES, reason=f"{CORPUS.name} is not beside the repository")


@pytest.fixture(scope="module")
def built(
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[subprocess.CompletedProcess[str], Path]:
    """A build of all of them, with limits that keep the test short."""
    folder = tmp_path_factory.mktemp("odd")
    for given in GIVEN:
        (folder / given.name).mkdir()
        for path in given.rglob("*"):
            if path.is_file():
                copy = folder / given.name / path.relative_to(given)
                copy.parent.mkdir(parents=True, exist_ok=True)
                copy.write_bytes(path.read_bytes())
    output = folder.with_name("odd-build")
    done = subprocess.run(
        [sys.executable, "-m", "tribonian", "build", folder, "-o", output, "--time-limit", "60",
         "--memory-limit", "2048"],
        capture_output=True, text=True, timeout=600,
    )  # fmt: skip
    return done, output


def rows(output: Path) -> list[dict[str, object]]:
    documents: list[dict[str, object]] = json.loads((output / "manifest.json").read_bytes())[
        "documents"
    ]
    return documents


def test_every_file_has_its_row(
    built: tuple[subprocess.CompletedProcess[str], Path],
) -> None:
    done, output = built
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr + done.stdout
    assert len(rows(output)) == len(FILES)
    assert len({row["source"] for row in rows(output)}) == len(FILES)


def test_every_failure_is_one_sentence(
    built: tuple[subprocess.CompletedProcess[str], Path],
) -> None:
    _, output = built
    for row in rows(output):
        reason = row["reason"]
        if row["status"] == "ok":
            assert reason is None
            continue
        assert isinstance(reason, str)
        assert re.fullmatch(r"[A-Z][^\n]{5,400}\.", reason), row
        assert "please report this" not in reason, row
        assert "crashed" not in reason and "--time-limit" not in reason, row


def test_no_word_is_lost(built: tuple[subprocess.CompletedProcess[str], Path]) -> None:
    _, output = built
    for row in rows(output):
        words = row["words"]
        assert isinstance(words, dict)
        assert words["read"] == words["principles"] + words["excluded"], row


def test_memory_stays_bounded(built: tuple[subprocess.CompletedProcess[str], Path]) -> None:
    resource = pytest.importorskip("resource")
    scale = 1024 if sys.platform != "darwin" else 1024 * 1024
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / scale
    assert peak < 2500
