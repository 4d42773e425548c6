"""One document, read in a process apart, out of an archive too."""

from __future__ import annotations

import io
import tarfile
import zipfile
from pathlib import Path

import pytest

import tribonian
from tribonian.errors import DocumentError

LAW = "PART 1 LAMPS\n\n§ 1.1 Lamps.\n\n(a) A lamp must be lit.\n"


def archive(path: Path, files: dict[str, str]) -> Path:
    if path.suffix == ".zip":
        with zipfile.ZipFile(path, "w") as out:
            for name, text in files.items():
                out.writestr(name, text)
        return path
    with tarfile.open(path, "w:gz") as out:
        for name, text in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(text.encode())
            out.addfile(info, io.BytesIO(text.encode()))
    return path


@pytest.mark.parametrize("name", ["a.zip", "a.tar.gz"])
def test_an_archive_of_one_document_is_that_document(name: str, tmp_path: Path) -> None:
    alone = tmp_path / "title-99_2024-06-01.txt"
    alone.write_text(LAW, encoding="utf-8")
    path = archive(tmp_path / name, {"law/title-99_2024-06-01.txt": LAW, "x.ini": "mine"})

    document, root, findings = tribonian.read(path)
    known, same, told = tribonian.read(alone)

    assert root == same
    assert (document.sha256, document.bytes, document.as_of) == (
        known.sha256,
        known.bytes,
        "2024-06-01",
    )
    assert document.source == document.order == f"{name}/law/title-99_2024-06-01.txt"
    assert [each.code for each in findings] == [each.code for each in told]


@pytest.mark.parametrize("name", ["a.zip", "a.tar.gz"])
def test_an_archive_of_several_documents_says_how_many(name: str, tmp_path: Path) -> None:
    path = archive(tmp_path / name, {f"{n}.txt": LAW for n in range(1200)})
    with pytest.raises(DocumentError) as raised:
        tribonian.read(path)
    assert str(raised.value) == (
        f"It is an archive of 1,200 documents, {name}/0.txt and others; unpack it and name one of "
        "them, or build it."
    )


def test_an_archive_without_a_document_says_so(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match=r"^The archive holds no document to read\.$"):
        tribonian.read(archive(tmp_path / "a.zip", {"x.ini": "mine"}))


def test_what_could_not_be_read_beside_the_document_is_told(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.zip", {"a.txt": LAW, "b.txt": LAW})
    data = path.read_bytes()
    path.write_bytes(data[: data.index(b"b.txt") + 40])

    _, root, findings = tribonian.read(path)

    assert root.children
    told = [each for each in findings if each.code == "left-aside"]
    assert [each.message.split(" was")[0] for each in told] == ["a.zip", "a.zip/b.txt"]
