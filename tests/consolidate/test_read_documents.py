"""All documents read, each apart; those of archives as those of folders."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

import tribonian

DONE, SOME_FAILED = 0, 1
OTHERS = ("provenance.jsonl", "excluded.jsonl", "findings.jsonl")


def part(number: int) -> str:
    return (
        f'<DIV5 N="{number}" TYPE="PART"><HEAD>PART {number}—LAMPS</HEAD>'
        f'<DIV8 N="{number}.1" TYPE="SECTION"><HEAD>§ {number}.1   Lamps of kind {number}.</HEAD>'
        f"<P>(a) Lamp number {number} must be lit for {number} hours.</P></DIV8></DIV5>"
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with everything that a folder may have in it."""
    folder = tmp_path / "regs"
    (folder / "more" / ".git").mkdir(parents=True)
    for number in (1, 2, 10):
        path = folder / f"title-99_part-{number}_2024-06-01.xml"
        path.write_text(part(number), encoding="utf-8")
    (folder / "more" / "title-98.xml").write_text(part(7), encoding="utf-8")
    (folder / "more" / "handbook.md").write_text("# Lamps\n\n## Oil\n\nUse oil.\n")
    (folder / "more" / "about.txt").write_text("About lamps.\n\nThey give light.\n")
    (folder / "more" / "bad.pdf").write_bytes(b"%PDF-1.7\nnothing")
    (folder / "more" / "seal.png").write_bytes(b"\x89PNG\r\n\x1a\n\0\0")
    (folder / "more" / ".git" / "config").write_text("mine")
    return folder


def packed(folder: Path, form: str) -> Path:
    return Path(shutil.make_archive(str(folder.parent / "packed"), form, folder.parent, "regs"))


def rows(output: Path, above: str) -> list[dict[str, Any]]:
    """The manifest's rows, their names without what they come from."""
    found = json.loads((output / "manifest.json").read_bytes())["documents"]
    for row in found:
        assert row["source"].startswith(above)
        row["source"] = row["source"].removeprefix(above)
    return found  # type: ignore[no-any-return]


@pytest.mark.parametrize("jobs", [1, 3])
@pytest.mark.parametrize("form", ["zip", "tar", "gztar", "bztar", "xztar"])
def test_an_archive_gives_what_its_folder_gives(
    form: str, jobs: int, folder: Path, tmp_path: Path
) -> None:
    path = packed(folder, form)
    one, other = tmp_path / "one", tmp_path / "other"
    tribonian.build([folder], one, jobs=1)
    tribonian.build([path], other, jobs=jobs)

    assert (one / "principles.json").read_bytes() == (other / "principles.json").read_bytes()
    assert rows(one, "regs/") == rows(other, f"{path.name}/regs/")
    for name in OTHERS:
        text = (other / name).read_text(encoding="utf-8")
        assert (one / name).read_text(encoding="utf-8") == text.replace(f"{path.name}/", "")


def test_members_have_the_date_in_their_names_and_stand_in_the_order_of_the_law(
    folder: Path, tmp_path: Path
) -> None:
    tribonian.build([packed(folder, "gztar")], tmp_path / "out")
    dates = {row["source"]: row["as_of"] for row in rows(tmp_path / "out", "packed.tar.gz/")}
    assert dates["regs/title-99_part-10_2024-06-01.xml"] == "2024-06-01"
    assert list(dates)[:4] == [
        "regs/more/title-98.xml",
        "regs/title-99_part-1_2024-06-01.xml",
        "regs/title-99_part-2_2024-06-01.xml",
        "regs/title-99_part-10_2024-06-01.xml",
    ]


def test_an_archive_in_a_folder_is_read_with_it_in_either_order(
    folder: Path, tmp_path: Path
) -> None:
    path = packed(folder, "zip")
    shutil.rmtree(folder)
    folder.mkdir()
    path = path.rename(folder / "handbook.zip")
    (folder / "z.txt").write_text("Another law.\n\nIt is short.\n")

    for n, given in enumerate(([folder, path], [path, folder])):
        tribonian.build(given, tmp_path / str(n))

    manifests = [(tmp_path / n / "manifest.json").read_bytes() for n in "01"]
    assert manifests[0] == manifests[1]
    names = [row["source"] for row in rows(tmp_path / "0", "regs/")]
    assert "handbook.zip/regs/more/about.txt" in names
    assert "z.txt" in names


def test_what_an_archive_holds_and_cannot_be_read_is_a_row_and_exit_1(
    folder: Path, tmp_path: Path
) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("good.txt", "A law.\n\nIt is good.\n")
        archive.writestr("evil.txt", "A law.\n\nIt is evil.\n")
        archive.writestr("/leaves.txt", "A law.")
        archive.writestr(".hidden.txt", "A law.")
    path.write_bytes(path.read_bytes().replace(b"is evil", b"is even", 1))

    done = subprocess.run(
        [sys.executable, "-m", "tribonian", "build", path, "-o", tmp_path / "out"],
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip

    assert done.returncode == SOME_FAILED
    assert "Traceback" not in done.stderr
    assert done.stdout.splitlines()[-1] == "1 ok, 1 failed, 2 skipped"
    reasons = {row["source"]: row["reason"] for row in rows(tmp_path / "out", "a.zip/")}
    assert reasons == {
        "good.txt": None,
        "evil.txt": "It is damaged in its archive; get the archive again from where it came from.",
        "leaves.txt": "Its name leads out of the archive.",
        ".hidden.txt": "Hidden and editors' files are passed over.",
    }


def test_the_password_opens_what_is_encrypted_in_an_archive_and_is_written_nowhere(
    tmp_path: Path,
) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.txt", "A law.\n\nIt is good.\n")
    result = tribonian.build([path], tmp_path / "out", password="Tribonian-533")
    assert result.output is not None
    for file in result.output.iterdir():
        assert b"Tribonian-533" not in file.read_bytes()
