"""Every real document would be taken from the web as well, under its own name or under none.

The files are ``../shared/corpus`` beside the repository; without them the tests are skipped.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tribonian.errors import DocumentError
from tribonian.ingest.formats import decide, has_suffix
from tribonian.ingest.sources.content import look_at, suited

CORPUS = Path(__file__).parents[2].parent / "shared" / "corpus"
FILES = sorted(path for path in CORPUS.rglob("*") if path.is_file() and has_suffix(path.name))
pytestmark = pytest.mark.skipif(not FILES, reason=f"{CORPUS.name} is not beside the repository")


def is_known_by_content(path: Path, name: str) -> bool:
    try:
        with path.open("rb") as file:
            decide(file, name)
    except DocumentError:
        return False
    return True


@pytest.mark.parametrize("called", ["its own name", "download"])
def test_no_real_document_is_taken_for_an_error_page_or_a_picture(called: str) -> None:
    taken = 0
    for path in FILES:
        name = path.name if called == "its own name" else called
        if is_known_by_content(path, name):
            content = look_at(path, name, "", path.suffix)
            assert has_suffix(suited(name, content)), path.name
            taken += 1
    assert taken > 100


def test_a_real_document_keeps_its_name() -> None:
    for path in FILES:
        if is_known_by_content(path, path.name):
            with path.open("rb") as file:
                chosen, _ = decide(file, path.name)
            called = suited(path.name, look_at(path, path.name, "", path.suffix))
            assert called == path.name or path.suffix.lower() not in chosen.suffixes
