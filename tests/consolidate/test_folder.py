"""The build folder: whole or not at all, and every file true."""

from __future__ import annotations

import base64
import errno
import hashlib
import itertools
import json
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hand_written import (
    OUR_FILES,
    built,
    part,
    placed,
    row,
    section,
    subpart,
    table,
    title,
    written_files,
)

import tribonian
from tribonian.consolidate.tokens import Tokenizer
from tribonian.errors import TribonianError, UsageError
from tribonian.schemas.words import words

COUNT_ALL = Tokenizer().count_all
LAW = part(701, "LABELS", section("701.1", "Front.", "<P>Front law.</P>"))
OTHER = part(702, "PANELS", section("702.1", "Back.", "<P>Back law.</P>"))


def names_in(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "title-21.xml"
    path.write_text(LAW, encoding="utf-8")
    return path


@pytest.fixture
def other(tmp_path: Path) -> Path:
    path = tmp_path / "title-21_part-702.xml"
    path.write_text(OTHER, encoding="utf-8")
    return path


# -- what is written --------------------------------------------------------------------------


def test_a_build_writes_its_seven_files_and_nothing_else(source: Path, tmp_path: Path) -> None:
    tribonian.build([source], tmp_path / "build")
    assert set(written_files(tmp_path / "build")) == {*OUR_FILES, "principles.json"}
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["build", "title-21.xml"]


def test_the_manifest_names_every_other_file_with_its_hash_and_size() -> None:
    folder = built(LAW)
    rows = {row["name"]: row for row in folder.manifest["files"]}
    assert set(rows) == set(folder.files) - {"manifest.json"}
    for name, file in rows.items():
        data = folder.files[name]
        assert file == {
            "name": name, "sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data),
        }  # fmt: skip


def test_files_are_utf_8_without_a_mark_and_end_in_one_line_feed() -> None:
    for name, data in built(LAW).files.items():
        assert not data.startswith(b"\xef\xbb\xbf")
        assert b"\r" not in data
        text = data.decode("utf-8")
        assert not text or (text.endswith("\n") and not text.endswith("\n\n")), name


def test_every_node_of_the_upload_file_has_exactly_the_four_keys() -> None:
    tree = json.loads(built(LAW).files["principles.json"])
    stack = [tree]
    while stack:
        node = stack.pop()
        assert set(node) == {"label", "content", "children", "level"}
        stack += node["children"]
    assert tree["level"] == "0"


def test_every_line_of_provenance_leads_to_its_principle() -> None:
    folder = built(title(21, "Food", part(701, "LABELS", subpart("A", "X", LAW), OTHER)))
    nodes = {node.path: node for node in folder.nodes}
    assert [tuple(line["path"]) for line in folder.provenance] == list(nodes)
    for line in folder.provenance:
        assert line["file"] == "principles.json"
        assert line["label"] == nodes[tuple(line["path"])].label


def test_no_file_holds_a_path_of_the_machine(source: Path, tmp_path: Path) -> None:
    missing = tmp_path / "nowhere" / "missing.xml"
    tribonian.build([source, missing], tmp_path / "build")
    for name, data in written_files(tmp_path / "build").items():
        assert str(tmp_path).encode() not in data, name
        assert b"nowhere" not in data, name


def test_a_vocabulary_is_on_record_without_its_place_on_the_machine(
    source: Path, tmp_path: Path
) -> None:
    files = []
    for place in ("one", "two"):
        vocabulary = tmp_path / place / "bytes.tiktoken"
        vocabulary.parent.mkdir()
        vocabulary.write_text(
            "".join(f"{base64.b64encode(bytes([n])).decode()} {n}\n" for n in range(256))
        )
        tribonian.build([source], tmp_path / "build", tokenizer=f"file:{vocabulary}")
        files.append(written_files(tmp_path / "build"))
    assert str(tmp_path).encode() not in files[0]["manifest.json"]
    assert files[0] == files[1]


# -- an existing folder -----------------------------------------------------------------------


def test_a_build_takes_the_place_of_the_one_before_it(
    source: Path, other: Path, tmp_path: Path
) -> None:
    tribonian.build([source], tmp_path / "build")
    tribonian.build([other], tmp_path / "build")
    fresh = tmp_path / "fresh"
    tribonian.build([other], fresh)
    assert written_files(tmp_path / "build") == written_files(fresh)


def test_what_other_commands_keep_in_the_folder_is_carried_over(
    source: Path, other: Path, tmp_path: Path
) -> None:
    output = tmp_path / "build"
    tribonian.build([source], output)
    (output / "align" / "raw").mkdir(parents=True)
    (output / "align" / "journal.jsonl").write_text("paid for\n")
    (output / "align" / "raw" / "pairs.parquet").write_bytes(b"\x00pairs")
    tribonian.build([other], output)
    assert (output / "align" / "journal.jsonl").read_text() == "paid for\n"
    assert (output / "align" / "raw" / "pairs.parquet").read_bytes() == b"\x00pairs"
    assert b"Back law." in (output / "principles.json").read_bytes()


def test_upload_files_of_the_build_before_do_not_stay(source: Path, tmp_path: Path) -> None:
    output = tmp_path / "build"
    tribonian.build([source], output)
    (output / "principles.json").rename(output / "principles-1.json")
    (output / "principles-2.json").write_text("{}")
    tribonian.build([source], output)
    assert set(written_files(output)) == {*OUR_FILES, "principles.json"}


@pytest.mark.parametrize("name", ["notes.txt", "principles.json", ".git"])
def test_a_folder_that_is_no_build_is_refused_and_left_alone(
    source: Path, tmp_path: Path, name: str
) -> None:
    output = tmp_path / "mine"
    output.mkdir()
    (output / name).write_text("mine")
    with pytest.raises(UsageError, match="no build"):
        tribonian.build([source], output)
    assert written_files(output) == {name: b"mine"}


@pytest.mark.parametrize(
    "manifest", ['{"name": "my browser extension", "manifest_version": 3}', "[]", "not json", ""]
)
def test_a_manifest_of_something_else_makes_no_build_of_a_folder(
    source: Path, tmp_path: Path, manifest: str
) -> None:
    output = tmp_path / "extension"
    output.mkdir()
    (output / "manifest.json").write_text(manifest)
    (output / "report.html").write_text("mine")
    before = written_files(output)
    with pytest.raises(UsageError):
        tribonian.build([source], output)
    assert written_files(output) == before


def test_the_folder_of_the_source_is_refused_as_one_that_is_no_build(source: Path) -> None:
    with pytest.raises(UsageError, match="no build"):
        tribonian.build([source], source.parent)


def test_the_working_directory_may_be_the_folder(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "build").mkdir()
    monkeypatch.chdir(tmp_path / "build")
    tribonian.build([source], ".")
    assert set(written_files(tmp_path / "build")) == {*OUR_FILES, "principles.json"}


def test_an_empty_folder_is_taken(source: Path, tmp_path: Path) -> None:
    (tmp_path / "build").mkdir()
    tribonian.build([source], tmp_path / "build")
    assert (tmp_path / "build" / "manifest.json").is_file()


def test_a_file_in_place_of_the_folder_is_refused(source: Path, tmp_path: Path) -> None:
    (tmp_path / "build").write_text("mine")
    with pytest.raises(UsageError, match="is a file"):
        tribonian.build([source], tmp_path / "build")
    assert (tmp_path / "build").read_text() == "mine"


def test_folders_above_are_made(source: Path, tmp_path: Path) -> None:
    tribonian.build([source], tmp_path / "a" / "b" / "build")
    assert (tmp_path / "a" / "b" / "build" / "manifest.json").is_file()


def test_a_link_to_a_folder_stays_a_link(source: Path, tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    (tmp_path / "build").symlink_to(tmp_path / "disk", target_is_directory=True)
    for _ in range(2):
        tribonian.build([source], tmp_path / "build")
        assert (tmp_path / "build").is_symlink()
        assert (tmp_path / "disk" / "manifest.json").is_file()


# -- whole or not at all ----------------------------------------------------------------------


def full(path: Path) -> OSError:
    return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))


@pytest.fixture
def fails_at(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, BaseException | None], None]:
    """Make the writing of a file of one name fail, as a full disk does: half of it stands."""

    def fail(name: str, error: BaseException | None = None) -> None:
        write = Path.write_bytes

        def write_bytes(path: Path, data: bytes) -> int:
            if path.name == name:
                write(path, data[: len(data) // 2])
                raise error or full(path)
            return write(path, data)

        monkeypatch.setattr(Path, "write_bytes", write_bytes)

    return fail


EVERY_FILE = sorted({*OUR_FILES, "principles.json"})


@pytest.mark.parametrize("name", EVERY_FILE)
def test_a_disk_that_fills_leaves_the_old_folder_as_it_was_and_nothing_beside_it(
    source: Path, other: Path, tmp_path: Path, fails_at: Callable[[str], None], name: str
) -> None:
    output = tmp_path / "build"
    tribonian.build([source], output)
    (output / "align").mkdir()
    (output / "align" / "journal.jsonl").write_text("paid for\n")
    before, beside = written_files(output), names_in(tmp_path)
    fails_at(name)
    with pytest.raises(TribonianError, match=r"could not be written.*No space left"):
        tribonian.build([other], output)
    assert written_files(output) == before
    assert names_in(tmp_path) == beside


@pytest.mark.parametrize("name", EVERY_FILE)
def test_a_disk_that_fills_at_the_first_build_leaves_no_folder(
    source: Path, tmp_path: Path, fails_at: Callable[[str], None], name: str
) -> None:
    fails_at(name)
    with pytest.raises(TribonianError):
        tribonian.build([source], tmp_path / "build")
    assert names_in(tmp_path) == ["title-21.xml"]


def test_an_interrupt_while_writing_leaves_the_old_folder_as_it_was(
    source: Path,
    other: Path,
    tmp_path: Path,
    fails_at: Callable[[str, BaseException], None],
) -> None:
    output = tmp_path / "build"
    tribonian.build([source], output)
    before, beside = written_files(output), names_in(tmp_path)
    fails_at("report.html", KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        tribonian.build([other], output)
    assert written_files(output) == before
    assert names_in(tmp_path) == beside


@pytest.mark.parametrize("failing", range(1, 5))
def test_a_rename_that_fails_leaves_the_old_folder_and_its_alignment_as_they_were(
    source: Path,
    other: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    failing: int,
) -> None:
    output = tmp_path / "build"
    tribonian.build([source], output)
    for name in ("align", "review"):
        (output / name).mkdir()
        (output / name / "journal.jsonl").write_text("paid for\n")
    before, beside = written_files(output), names_in(tmp_path)
    calls = 0

    def once(real: Callable[..., object]) -> Callable[..., object]:
        def rename(*args: object, **kwargs: object) -> object:
            nonlocal calls
            calls += 1
            if calls == failing:
                raise full(output)
            return real(*args, **kwargs)

        return rename

    for name in ("rename", "replace"):  # what Path.rename and shutil.move call
        monkeypatch.setattr(os, name, once(getattr(os, name)))
    try:
        tribonian.build([other], output)
    except TribonianError:
        monkeypatch.undo()
        assert written_files(output) == before
    else:
        monkeypatch.undo()
        assert calls < failing, "a rename failed and nobody noticed"
        assert b"Back law." in (output / "principles.json").read_bytes()
    assert names_in(tmp_path) == beside
    for name in ("align", "review"):
        assert (output / name / "journal.jsonl").read_text() == "paid for\n"


# -- several upload files ---------------------------------------------------------------------

LARGE = title(
    21,
    "Food",
    *(
        part(
            700 + n,
            f"LABELS {n}",
            "".join(
                section(f"{700 + n}.{k}", "Scope.", f"<P>{f'Word{n}x{k} of law. ' * 60}</P>")
                for k in range(30)
            ),
        )
        for n in range(8)
    ),
)
LIMIT = 100_000


def test_a_tree_above_the_limit_becomes_files_that_are_each_valid_and_within_it(
    tmp_path: Path,
) -> None:
    (tmp_path / "title-21.xml").write_text(LARGE, encoding="utf-8")
    output = tmp_path / "build"
    tribonian.build([tmp_path / "title-21.xml"], output, max_file_size=LIMIT)
    names = sorted(path.name for path in output.glob("principles*.json"))
    assert names == [f"principles-{n}.json" for n in range(1, len(names) + 1)]
    assert len(names) >= 3
    for name in names:
        assert (output / name).stat().st_size <= LIMIT
        verdict = tribonian.check(output / name, max_tokens=1024)
        assert verdict.fit, verdict.findings
    assert tribonian.check(output).fit


def test_of_several_files_each_principle_stands_in_one_and_containers_are_continued() -> None:
    whole = built(LARGE)
    folder = built(LARGE, max_file_size=LIMIT)
    names = sorted(name for name in folder.files if name.startswith("principles-"))
    contents = []
    for name in names:
        nodes = list(placed(json.loads(folder.files[name])))
        assert nodes[0].label == "Title 21—Food"
        for node in nodes:
            if node.content == f"{node.label} (continued).":
                assert node.children, "a container was repeated for nothing"
            else:
                contents.append((node.label, node.content))
    assert contents == [(node.label, node.content) for node in whole.nodes]


def test_of_several_files_every_line_of_provenance_has_its_own_file_path_and_size() -> None:
    folder = built(LARGE, max_file_size=LIMIT)
    lines = folder.provenance
    contents = []
    for line in lines:
        node = json.loads(folder.files[line["file"]])
        for step in line["path"]:
            node = node["children"][step]
        assert node["label"] == line["label"]
        contents.append(node["content"])
    assert [line["tokens"] for line in lines] == COUNT_ALL(contents)
    places = [(line["file"], tuple(line["path"])) for line in lines]
    assert len(set(places)) == len(places)
    for name in {line["file"] for line in lines}:
        ids = [line["id"] for line in lines if line["file"] == name]
        assert len(set(ids)) == len(ids)


def test_of_several_files_the_totals_are_those_of_what_was_written() -> None:
    folder = built(LARGE, max_file_size=LIMIT)
    totals = folder.manifest["totals"]
    nodes = [
        node
        for name, data in folder.files.items()
        if name.startswith("principles-")
        for node in placed(json.loads(data))
    ]
    assert totals["principles"] == len(nodes) == len(folder.provenance)
    assert totals["tokens"] == sum(COUNT_ALL([node.content for node in nodes]))
    printed = sum(len(words(node.label)) + len(words(node.content)) for node in nodes)
    assert printed == totals["words"]["principles"] + totals["words"]["added"]


# -- the Markdown twin ------------------------------------------------------------------------

HEADING = re.compile(r"^(#{1,6}) (.+)$", re.MULTILINE)


def test_the_markdown_twin_is_the_same_tree() -> None:
    folder = built(title(21, "Food", part(701, "LABELS", subpart("A", "X", LAW), OTHER)))
    text = folder.files["principles.md"].decode()
    found = [(len(marks) - 1, label) for marks, label in HEADING.findall(text)]
    assert found == [(node.depth, node.label) for node in folder.nodes]
    for node in folder.nodes:
        assert f"{node.label}\n\n{node.content}" in text


def test_headings_of_the_twin_go_down_one_level_at_a_time_and_none_is_empty() -> None:
    text = built(LARGE, max_depth=3).files["principles.md"].decode()
    levels = [len(marks) for marks, _ in HEADING.findall(text)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    for body in HEADING.split(text)[3::3]:
        assert body.strip()


@pytest.mark.parametrize(
    "line", ["# of lots", "## of lots", "======", "------", "* * *", "___", "#", "- - -"]
)
def test_law_that_looks_like_markdown_makes_no_heading_and_no_rule(line: str) -> None:
    law = part(701, "LABELS", section("701.1", "X.", f"<P>Before.</P><P>{line}</P><P>After.</P>"))
    folder = built(law)
    text = folder.files["principles.md"].decode()
    assert len(HEADING.findall(text)) == len(folder.nodes)
    after = text.split("Before.\n\n")[1]
    assert after.startswith(f"\\{line}\n\nAfter.")


def test_a_table_stays_a_table_in_the_twin() -> None:
    law = part(701, "X", section("701.1", "X.", table(row("A", "B", tag="TH"), row("- 1", "# 2"))))
    text = built(law).files["principles.md"].decode()
    assert "| A | B |\n| --- | --- |\n| - 1 | # 2 |" in text
