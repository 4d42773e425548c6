"""From files and folders that a user names to the documents to be read."""

from __future__ import annotations

import hashlib
import os
import zipfile
from pathlib import Path

import pytest

from tribonian.errors import DocumentError
from tribonian.ingest.isolation import Limits
from tribonian.ingest.reading import read_source
from tribonian.ingest.sources.archives import expanded
from tribonian.ingest.sources.folders import find_sources
from tribonian.ingest.sources.lock import LOCK, LockRow, write_lock
from tribonian.ingest.sources.source import Source, date_in_name, title_in_name, unreadable


def touch(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("<ECFR/>")
    return path


def ok(found: list[Source]) -> list[str]:
    return [source.name for source in found if source.status == "ok"]


def passed_over(found: list[Source]) -> dict[str, str]:
    """Name and status of all that is not read; each has a reason of one sentence."""
    out = {source.name: source.status for source in found if source.status != "ok"}
    for source in found:
        assert (source.reason is None) == (source.status == "ok")
        assert source.reason is None or source.reason.endswith(".")
        assert "/" not in source.name[:1]  # no absolute path in any output
    return out


def test_a_file_is_one_document_called_by_its_name(tmp_path: Path) -> None:
    path = touch(tmp_path / "regs" / "part-11.xml")

    assert find_sources([str(path)]) == [Source("part-11.xml", path)]


def test_a_file_named_by_itself_is_read_whatever_its_suffix(tmp_path: Path) -> None:
    path = touch(tmp_path / "part-11")

    assert ok(find_sources([str(path)])) == ["part-11"]


def test_a_folder_is_walked_to_the_bottom_in_order_its_own_name_first(tmp_path: Path) -> None:
    # interface.md: the file's path from the folder that was given, that folder's name first
    for name in ("b.xml", "a.xml", "c/d/e.xml", "c/a.XML"):
        touch(tmp_path / "regs" / name)

    found = find_sources([str(tmp_path / "regs")])

    assert ok(found) == ["regs/a.xml", "regs/b.xml", "regs/c/a.XML", "regs/c/d/e.xml"]
    assert passed_over(found) == {}


@pytest.mark.parametrize("given", [".", "./", "../regs", "..//regs/", "c/.."])
def test_a_folder_is_called_by_its_real_name_however_it_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: str
) -> None:
    touch(tmp_path / "regs" / "c" / "a.xml")
    monkeypatch.chdir(tmp_path / "regs")

    assert ok(find_sources([given])) == ["regs/c/a.xml"]


def test_the_folder_above_is_called_by_its_real_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    touch(tmp_path / "regs" / "c" / "a.xml")
    monkeypatch.chdir(tmp_path / "regs" / "c")

    assert ok(find_sources([".."])) == ["regs/c/a.xml"]


def test_what_no_reader_takes_is_named_with_its_reason(tmp_path: Path) -> None:
    touch(tmp_path / "regs" / "a.xml")
    for name in ("notes.ini", "a.xml.gz", "README"):
        (tmp_path / "regs" / name).write_text("mine")

    found = find_sources([str(tmp_path / "regs")])

    assert ok(found) == ["regs/a.xml"]
    assert passed_over(found) == dict.fromkeys(
        ["regs/README", "regs/a.xml.gz", "regs/notes.ini"], "skipped"
    )


def test_hidden_files_and_those_of_editors_are_named_and_passed_over(tmp_path: Path) -> None:
    names = (".hidden.xml", ".git/config.xml", "a.xml~", "~$a.xml", "#a.xml#", "a.swp", "Thumbs.db")
    for name in ("a.xml", *names):
        touch(tmp_path / "regs" / name)

    found = find_sources([str(tmp_path / "regs")])

    assert ok(found) == ["regs/a.xml"]
    assert set(passed_over(found)) == {f"regs/{name.split('/')[0]}" for name in names}


def test_a_folder_without_a_document_has_failed(tmp_path: Path) -> None:
    touch(tmp_path / "regs" / "notes.ini").write_text("mine")

    found = find_sources([str(tmp_path / "regs")])

    assert ok(found) == []
    assert passed_over(found) == {"regs/notes.ini": "skipped", "regs/": "failed"}


@pytest.mark.parametrize(
    ("name", "content", "read"),
    [
        ("rule", b"%PDF-1.7\n", True),
        ("rule.2026", b"%PDF-1.7\n", True),
        ("rule.bak", b"<DIV5 N='1'/>", True),
        ("page", b"<html><body><p>Law</p></body></html>", True),
        ("page.aspx", b"<!doctype html>\n<html><body><p>Law</p></body></html>", True),
        ("law", b"<?xml version='1.0'?><act/>", True),
        ("seal.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", False),
        ("part.tpl", b"<p>{{ law }}</p>", False),
        ("table.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", False),
        ("README", b"Read me.", False),
        ("image.png", b"\x89PNG\r\n\x1a\n\0\0\0", False),
        ("nothing", b"", False),
    ],
)
def test_a_file_of_another_name_is_read_if_its_content_says_what_it_is(
    name: str, content: bytes, read: bool, tmp_path: Path
) -> None:
    folder = tmp_path / "regs"
    folder.mkdir()
    (folder / name).write_bytes(content)

    assert ok(find_sources([str(folder)])) == ([f"regs/{name}"] if read else [])


def test_an_empty_folder_has_failed(tmp_path: Path) -> None:
    (tmp_path / "regs").mkdir()

    assert passed_over(find_sources([str(tmp_path / "regs")])) == {"regs/": "failed"}


def test_what_is_not_there_has_failed_and_the_rest_is_found(tmp_path: Path) -> None:
    good = touch(tmp_path / "a.xml")

    found = find_sources([str(tmp_path / "none.xml"), str(good)])

    assert ok(found) == ["a.xml"]
    assert passed_over(found) == {"none.xml": "failed"}


def test_a_file_that_is_given_twice_is_one_document(tmp_path: Path) -> None:
    path = touch(tmp_path / "regs" / "a.xml")

    assert ok(find_sources([str(path), str(path)])) == ["a.xml"]


def test_a_file_and_its_folder_give_one_document_of_one_name_in_either_order(
    tmp_path: Path,
) -> None:
    # interface.md, promise 2: the order of arguments changes nothing
    path = touch(tmp_path / "regs" / "a.xml")
    folder = path.parent

    one = ok(find_sources([str(folder), str(path)]))
    other = ok(find_sources([str(path), str(folder)]))

    assert len(one) == 1
    assert one == other


def test_files_of_one_name_are_told_apart_by_their_folders(tmp_path: Path) -> None:
    first, second = touch(tmp_path / "2024" / "a.xml"), touch(tmp_path / "2025" / "a.xml")

    found = find_sources([str(first), str(second)])

    assert {source.name: source.path for source in found} == {
        "2024/a.xml": first,
        "2025/a.xml": second,
    }


def test_files_of_one_name_have_the_same_names_in_either_order(tmp_path: Path) -> None:
    first = touch(tmp_path / "2024" / "regs" / "a.xml").parent
    second = touch(tmp_path / "2025" / "regs" / "a.xml").parent

    one = {source.name: source.path for source in find_sources([str(first), str(second)])}
    other = {source.name: source.path for source in find_sources([str(second), str(first)])}

    assert len(one) == 2
    assert one == other


def test_a_link_that_leaves_the_folder_is_named_and_not_followed(tmp_path: Path) -> None:
    touch(tmp_path / "regs" / "a.xml")
    secret = touch(tmp_path / "elsewhere" / "b.xml")
    (tmp_path / "regs" / "b.xml").symlink_to(secret)
    (tmp_path / "regs" / "folder").symlink_to(secret.parent)

    found = find_sources([str(tmp_path / "regs")])

    assert ok(found) == ["regs/a.xml"]
    assert passed_over(found) == {"regs/b.xml": "skipped", "regs/folder": "skipped"}


def test_a_link_within_the_folder_gives_its_file_once(tmp_path: Path) -> None:
    path = touch(tmp_path / "regs" / "a.xml")
    (tmp_path / "regs" / "b.xml").symlink_to(path)

    assert ok(find_sources([str(tmp_path / "regs")])) == ["regs/a.xml"]


def test_links_in_a_circle_end(tmp_path: Path) -> None:
    touch(tmp_path / "regs" / "a.xml")
    (tmp_path / "regs" / "again").symlink_to(tmp_path / "regs")
    (tmp_path / "regs" / "self.xml").symlink_to(tmp_path / "regs" / "self.xml")

    found = find_sources([str(tmp_path / "regs")])

    assert ok(found) == ["regs/a.xml"]
    assert passed_over(found) == {"regs/again": "skipped", "regs/self.xml": "skipped"}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
def test_a_pipe_is_no_document_because_reading_it_would_never_end(tmp_path: Path) -> None:
    touch(tmp_path / "regs" / "a.xml")
    os.mkfifo(tmp_path / "regs" / "b.xml")

    found = find_sources([str(tmp_path / "regs")])

    assert ok(found) == ["regs/a.xml"]
    assert passed_over(found) == {"regs/b.xml": "skipped"}


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read every folder"
)
def test_a_folder_without_permission_is_named(tmp_path: Path) -> None:
    touch(tmp_path / "regs" / "a.xml")
    touch(tmp_path / "regs" / "locked" / "b.xml")
    (tmp_path / "regs" / "locked").chmod(0)

    found = find_sources([str(tmp_path / "regs")])

    assert passed_over(found) == {"regs/locked/": "failed"}


@pytest.mark.parametrize(
    ("name", "date"),
    [
        ("title-21_2026-01-29.xml", "2026-01-29"),
        ("regs/2026-01-29/part-11.xml", None),  # a folder's name is not the file's
        ("2024-12-31.xml", "2024-12-31"),
        ("part-11.xml", None),
        ("12024-12-31.xml", None),
        ("2024-12-311.xml", None),
        ("docket-2024-0113.xml", None),
        # what no calendar has is no date
        ("docket_2024-13-45.xml", None),
        ("2023-02-30.xml", None),
    ],
)
def test_a_date_in_a_name_is_read(name: str, date: str | None) -> None:
    assert date_in_name(name) == date


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("title-21_part-11_2026-01-29.xml", "21"),
        ("title-1.xml", "1"),
        ("Title_07.xml", "7"),
        ("title 21.xml", "21"),
        ("ECFR-title1.xml", "1"),
        ("regs/title-21.xml", "21"),
        ("title-21/part-11.xml", None),
        ("subtitle-1.xml", None),
        ("title-211.xml", None),
        ("part-11.xml", None),
        ("title.xml", None),
    ],
)
def test_a_title_in_a_name_is_read_as_the_api_names_its_files(name: str, title: str | None) -> None:
    assert title_in_name(name) == title


def test_an_error_of_the_system_is_one_sentence_without_the_path() -> None:
    denied = PermissionError(13, "Permission denied", "/home/ada/part.xml")
    missing = FileNotFoundError(2, "No such file or directory", "/home/ada/part.xml")

    assert "permission" in unreadable(denied)
    for error in (denied, missing, OSError()):
        assert unreadable(error).endswith(".")
        assert "/home" not in unreadable(error)


# -- the lock file of a fetched folder -----------------------------------------------------


def fetched(folder: Path, rows: dict[str, str | None], damage: str = "") -> Path:
    """A folder with files, each with its date by the lock file."""
    listed = []
    for file, as_of in rows.items():
        path = touch(folder / file)
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        listed.append(LockRow(file, f"https://law/{file}", as_of, file, digest, 7, None))
    write_lock(folder, listed)
    if damage:
        (folder / LOCK).write_text(damage)
    return folder


def test_the_lock_file_gives_its_files_their_dates_and_is_no_document(tmp_path: Path) -> None:
    # interface.md: as_of comes from the lock file, else the content, else the file's name
    folder = fetched(tmp_path / "law", {"a.xml": "2024-06-01", "b/c.xml": None})
    touch(folder / "mine.xml")

    found = find_sources([str(folder)])

    assert {source.name: source.as_of for source in found} == {
        "law/a.xml": "2024-06-01",
        "law/b/c.xml": None,
        "law/mine.xml": None,
    }
    assert passed_over(found) == {}
    assert not any(source.findings for source in found)


def test_a_file_that_is_not_what_was_fetched_loses_its_date_and_is_told(tmp_path: Path) -> None:
    folder = fetched(tmp_path / "law", {"a.xml": "2024-06-01", "b.xml": "2024-06-01"})
    (folder / "a.xml").write_text("<ECFR>edited</ECFR>")

    one, other = find_sources([str(folder)])

    assert (one.as_of, other.as_of) == (None, "2024-06-01")
    assert [(each.code, each.severity) for each in one.findings] == [
        ("changed-since-fetch", "warning")
    ]
    assert other.findings == ()


def test_a_file_that_the_lock_file_names_and_that_is_gone_has_failed(tmp_path: Path) -> None:
    folder = fetched(tmp_path / "law", {"a.xml": "2024-06-01", "b/c.xml": "2024-06-01"})
    (folder / "b" / "c.xml").unlink()

    found = find_sources([str(folder)])

    assert ok(found) == ["law/a.xml"]
    assert [(each.name, each.reason) for each in found if each.status == "failed"] == [
        ("law/b/c.xml", "The lock file names it, but it is not there; fetch it again.")
    ]


def test_a_damaged_lock_file_has_failed_and_the_documents_are_read_without_it(
    tmp_path: Path,
) -> None:
    folder = fetched(tmp_path / "law", {"a.xml": "2024-06-01"}, damage="{")

    found = find_sources([str(folder)])

    assert [(each.name, each.as_of) for each in found if each.status == "ok"] == [
        ("law/a.xml", None)
    ]
    (failed,) = (each for each in found if each.status == "failed")
    assert failed.name == "law/sources.lock.json"
    assert failed.reason is not None
    assert "damaged" in failed.reason


def test_a_lock_file_further_down_is_a_file_like_others(tmp_path: Path) -> None:
    fetched(tmp_path / "all" / "law", {"a.xml": "2024-06-01"})

    found = find_sources([str(tmp_path / "all")])

    assert [(each.name, each.as_of) for each in found if each.status == "ok"] == [
        ("all/law/a.xml", None)
    ]
    assert passed_over(found) == {"all/law/sources.lock.json": "skipped"}


def test_the_date_of_an_archive_is_that_of_its_members(tmp_path: Path) -> None:
    folder = tmp_path / "law"
    folder.mkdir()
    with zipfile.ZipFile(folder / "h.zip", "w") as archive:
        archive.writestr("a.txt", "Law.")
    digest = hashlib.sha256((folder / "h.zip").read_bytes()).hexdigest()
    write_lock(folder, [LockRow("h", "https://law/h", "2024-06-01", "h.zip", digest, 7, None)])

    found = expanded(find_sources([str(folder)]), Limits())

    assert [(each.name, each.file, each.as_of) for each in found] == [
        ("law/h.zip/a.txt", "h.zip/a.txt", "2024-06-01")
    ]


# -- what happens between the walk and the reading -----------------------------------------


def test_what_is_found_in_a_fetched_folder_has_its_place_by_its_path_from_there(
    tmp_path: Path,
) -> None:
    # a build online and one of the fetched folder put documents in the same order by it
    touch(tmp_path / "law" / "b" / "a.xml")
    (source,) = find_sources([str(tmp_path / "law")])
    assert (source.name, source.file_name) == ("law/b/a.xml", "law/b/a.xml")
    write_lock(tmp_path / "law", [])
    (source,) = find_sources([str(tmp_path / "law")])
    assert (source.name, source.file_name) == ("law/b/a.xml", "b/a.xml")


def test_a_file_that_was_replaced_by_a_link_out_of_the_folder_is_not_opened(
    tmp_path: Path,
) -> None:
    secret = touch(tmp_path / "secret.xml")
    path = touch(tmp_path / "law" / "a.xml")
    (source,) = find_sources([str(tmp_path / "law")])
    path.unlink()
    path.symlink_to(secret)

    with pytest.raises(DocumentError) as raised:
        read_source(source)
    assert str(raised.value) == "It was replaced by a link that leaves the folder."


def test_a_folder_that_was_replaced_by_a_link_is_not_entered(tmp_path: Path) -> None:
    secret = touch(tmp_path / "secret" / "a.xml")
    path = touch(tmp_path / "law" / "b" / "a.xml")
    (source,) = find_sources([str(tmp_path / "law")])
    path.unlink()
    path.parent.rmdir()
    path.parent.symlink_to(secret.parent)

    with pytest.raises(DocumentError, match="link"):
        read_source(source)


def test_a_link_that_is_named_by_itself_is_followed(tmp_path: Path) -> None:
    path = touch(tmp_path / "elsewhere" / "title-1.xml")
    link = tmp_path / "law.xml"
    link.symlink_to(path)
    (source,) = find_sources([str(link)])
    assert read_source(source)[0].source == "law.xml"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
def test_a_file_that_was_replaced_by_a_pipe_does_not_hang_the_reader(tmp_path: Path) -> None:
    path = touch(tmp_path / "law" / "a.xml")
    (source,) = find_sources([str(tmp_path / "law")])
    path.unlink()
    os.mkfifo(path)

    with pytest.raises(DocumentError, match="no regular file"):
        read_source(source)


def test_the_date_that_was_fetched_comes_before_the_one_in_a_name(tmp_path: Path) -> None:
    folder = fetched(tmp_path / "law", {"b/title-1_2026-01-29.xml": "2024-06-01"})
    (source,) = find_sources([str(folder)])
    document, _, _ = read_source(source)
    assert (document.as_of, document.order) == ("2024-06-01", "b/title-1_2026-01-29.xml")

    (folder / LOCK).unlink()
    (source,) = find_sources([str(folder)])
    assert read_source(source)[0].as_of == "2026-01-29"


def test_what_was_noted_of_a_source_is_a_finding_of_its_document(tmp_path: Path) -> None:
    folder = fetched(tmp_path / "law", {"title-1.xml": "2024-06-01"})
    (folder / "title-1.xml").write_text("<ECFR>\n</ECFR>")
    (source,) = find_sources([str(folder)])
    document, _, findings = read_source(source)
    assert document.as_of is None
    assert [(each.code, each.document) for each in findings] == [
        ("changed-since-fetch", "law/title-1.xml")
    ]
