"""Real documents, damaged ones among them: an archive gives what its folder gives."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

import tribonian

CORPUS = Path(__file__).parents[2].parent / "shared" / "corpus"
FOLDERS = ("robust", "encodings", "docx")
TITLE = CORPUS / "ecfr_titles" / "title-1_2026-01-29.xml"
OTHERS = ("provenance.jsonl", "excluded.jsonl")

pytestmark = pytest.mark.skipif(not TITLE.is_file(), reason=f"the corpus is not at {CORPUS}")


@pytest.fixture(scope="module")
def law(tmp_path_factory: pytest.TempPathFactory) -> Path:
    law = tmp_path_factory.mktemp("archives") / "law"
    law.mkdir()
    for name in FOLDERS:
        shutil.copytree(CORPUS / name, law / name)
    shutil.copy(TITLE, law)
    return law


@pytest.fixture(scope="module")
def built(law: Path) -> Path:
    output = law.parent / "built"
    tribonian.build([law], output)
    return output


def rows(output: Path, above: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((output / "manifest.json").read_bytes())["documents"]
    for row in found:
        assert row["source"].startswith(above)
        row["source"] = row["source"].removeprefix(above)
    return found


@pytest.mark.parametrize("form", ["zip", "gztar"])
def test_an_archive_of_the_corpus_gives_what_its_folder_gives(
    form: str, law: Path, built: Path, tmp_path: Path
) -> None:
    path = Path(shutil.make_archive(str(tmp_path / "packed"), form, law.parent, "law"))
    output = tmp_path / "out"
    tribonian.build([path], output)

    assert (output / "principles.json").read_bytes() == (built / "principles.json").read_bytes()
    found = rows(output, f"{path.name}/law/")
    assert found == rows(built, "law/")
    assert {row["status"] for row in found} == {"ok", "failed"}
    for name in OTHERS:
        text = (output / name).read_text(encoding="utf-8").replace(f"{path.name}/", "")
        assert text == (built / name).read_text(encoding="utf-8")
