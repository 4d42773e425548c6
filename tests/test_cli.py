"""The command as it is run: arguments in; sentences, files and exit codes out."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import tribonian

ON_WINDOWS = sys.platform == "win32"
posix_only = pytest.mark.skipif(ON_WINDOWS, reason="Windows has no such thing")
COMMANDS = ("build", "read", "fetch", "profiles", "check", "designators")
DONE, SOME_FAILED, WRONG_USAGE, NOT_FIT, INTERRUPTED = 0, 1, 2, 3, 130


def law(part: int = 701, text: str = "Keep the label.", sections: int = 4) -> str:
    inner = "".join(
        f'<DIV8 N="{part}.{n}" TYPE="SECTION"><HEAD>§ {part}.{n}   Scope {n}.</HEAD>'
        f"<P>(a) {text}</P></DIV8>"
        for n in range(1, sections + 1)
    )
    return f'<DIV5 N="{part}" TYPE="PART"><HEAD>PART {part}—LABELS</HEAD>{inner}</DIV5>'


def run(
    *arguments: str | Path,
    cwd: Path | None = None,
    stdin: bytes | None = None,
    env: dict[str, str] | None = None,
    limit: int | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run the command; nothing it says may be a traceback. ``limit`` is bytes a file may have."""

    def small_disk() -> None:
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (limit or 0, limit or 0))

    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "tribonian", *map(str, arguments)],
        cwd=cwd,
        input=stdin,
        capture_output=True,
        timeout=60,
        env={**os.environ, **(env or {})},
        preexec_fn=small_disk if limit is not None else None,
    )
    result = subprocess.CompletedProcess(
        done.args, done.returncode, done.stdout.decode(), done.stderr.decode()
    )
    assert "Traceback" not in result.stderr, result.stderr
    return result


def is_one_sentence(stderr: str) -> None:
    lines = stderr.strip().splitlines()
    assert len(lines) == 1, stderr
    assert lines[0].startswith("tribonian: ")
    assert lines[0].endswith(".")


def files_of(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture
def regs(tmp_path: Path) -> Path:
    """A folder with one good document."""
    folder = tmp_path / "regs"
    folder.mkdir()
    (folder / "title-21_part-701.xml").write_text(law(), encoding="utf-8")
    return folder


# -- build ------------------------------------------------------------------------------------


def test_build_writes_the_folder_and_ends_with_the_counts(regs: Path, tmp_path: Path) -> None:
    done = run("build", regs, "-o", tmp_path / "out")
    assert done.returncode == DONE
    assert done.stderr == ""
    assert done.stdout.splitlines()[-1] == "1 ok, 0 failed, 0 skipped"
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_bytes())
    # PART 701 LABELS · four times § 701.n Scope n · (a) Keep the label
    assert manifest["totals"]["words"]["read"] == 3 + 4 * 8
    assert "35 read = 35 in principles + 0 left out" in done.stdout
    assert manifest["size"]["verdict"] in done.stdout


def test_build_writes_to_a_folder_called_build_where_none_is_named(
    regs: Path, tmp_path: Path
) -> None:
    assert run("build", "regs", cwd=tmp_path).returncode == DONE
    assert (tmp_path / "build" / "principles.json").is_file()


def test_options_shape_the_build_and_are_on_record(regs: Path, tmp_path: Path) -> None:
    done = run(
        "build", regs, "-o", tmp_path / "out", "--max-tokens", "128", "--min-tokens", "0",
        "--max-depth", "4", "--max-file-size", "200000", "--tokenizer", "cl100k_base",
        "--only", "701.2", "--only", "701.3", "--skip", "701.3", "--keep", "notes,reserved",
        "--title", "My labels", "--jobs", "2",
    )  # fmt: skip
    assert done.returncode == DONE
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_bytes())
    assert manifest["settings"] == {
        "max_tokens": 128, "min_tokens": 0, "max_depth": 4, "max_file_size": 200_000,
        "tokenizer": "cl100k_base", "only": ["701.2", "701.3"], "skip": ["701.3"],
        "keep": ["note", "reserved"], "title": "My labels", "date": None,
    }  # fmt: skip
    tree = json.loads((tmp_path / "out" / "principles.json").read_bytes())
    assert tree["label"] == "My labels"
    assert [child["label"] for child in tree["children"]] == ["§ 701.2 Scope 2"]


def test_profiles_are_listed_shown_and_given_to_machines() -> None:
    done = run("profiles")
    assert done.returncode == DONE
    assert re.search(r"^ +hipaa +HIPAA: ", done.stdout, re.MULTILINE)
    done = run("profiles", "hipaa")
    assert "45 CFR part 164" in done.stdout
    instructions = run("profiles", "hipaa", "--instructions").stdout
    assert instructions.startswith("Context: ")
    row = json.loads(run("profiles", "hipaa", "--json").stdout)
    assert row["name"] == "hipaa"
    assert row["instructions"].strip() == instructions.strip()


def test_fetch_says_what_it_brought_and_what_it_missed(regs: Path, tmp_path: Path) -> None:
    done = run("fetch", regs, tmp_path / "nowhere.xml", "-o", tmp_path / "law")
    assert done.returncode == SOME_FAILED
    assert done.stdout.splitlines()[0] == "new: regs/title-21_part-701.xml"
    assert "failed: nowhere.xml: There is no such file or folder." in done.stderr
    assert done.stdout.splitlines()[-1].endswith("; 1 failed")
    again = run("fetch", regs, "-o", tmp_path / "law")
    assert (again.returncode, again.stdout.splitlines()[0]) == (
        DONE,
        "same: regs/title-21_part-701.xml",
    )
    one, other = tmp_path / "one", tmp_path / "other"
    assert run("build", regs, "-o", one).returncode == DONE
    assert run("build", tmp_path / "law", "-o", other).returncode == DONE
    assert (one / "principles.json").read_bytes() == (other / "principles.json").read_bytes()


def test_bad_documents_beside_a_good_one_cost_it_nothing(regs: Path, tmp_path: Path) -> None:
    (regs / "empty.xml").write_bytes(b"")
    (regs / "page.xml").write_text("<!doctype html><html><body>Request Access</body></html>")
    (regs / "pointer.xml").write_text("version https://git-lfs.github.com/spec/v1\n")
    (regs / "cut.xml").write_text(law()[:-30], encoding="utf-8")
    (regs / "deep.xml").write_text("<ECFR>" + "<DIV1>" * 100_000 + "</DIV1>" * 100_000 + "</ECFR>")
    done = run("build", regs, tmp_path / "nowhere.xml", "-o", tmp_path / "out")
    assert done.returncode == SOME_FAILED
    assert done.stdout.splitlines()[-1] == "1 ok, 6 failed, 0 skipped"
    documents = json.loads((tmp_path / "out" / "manifest.json").read_bytes())["documents"]
    failed = {row["source"]: row["reason"] for row in documents if row["status"] == "failed"}
    assert set(failed) == {
        "regs/empty.xml", "regs/page.xml", "regs/pointer.xml", "regs/cut.xml", "regs/deep.xml",
        "nowhere.xml",
    }  # fmt: skip
    for source, reason in failed.items():
        assert f"{source}: {reason}" in done.stderr
        assert reason.endswith(".")
    assert "git lfs pull" in failed["regs/pointer.xml"]
    alone = run("build", regs / "title-21_part-701.xml", "-o", tmp_path / "alone")
    assert alone.returncode == DONE
    for name in ("principles.json", "principles.md", "excluded.jsonl"):
        assert (tmp_path / "out" / name).read_bytes() == (tmp_path / "alone" / name).read_bytes()


def test_bad_documents_alone_leave_an_existing_build_as_it_was(regs: Path, tmp_path: Path) -> None:
    run("build", regs, "-o", tmp_path / "out")
    before = files_of(tmp_path / "out")
    (tmp_path / "bad.xml").write_text("<ECFR><DIV1")
    for source in ("bad.xml", "nowhere.xml"):
        done = run("build", source, "-o", "out", cwd=tmp_path)
        assert done.returncode == SOME_FAILED
        assert done.stdout.splitlines()[-1] == "0 ok, 1 failed, 0 skipped"
        assert f"failed: {source}: " in done.stderr
        assert files_of(tmp_path / "out") == before


def test_a_folder_without_a_document_is_a_failure(tmp_path: Path) -> None:
    (tmp_path / "regs" / "inner").mkdir(parents=True)
    (tmp_path / "regs" / "notes.ini").write_text("mine")
    done = run("build", tmp_path / "regs", "-o", tmp_path / "out")
    assert done.returncode == SOME_FAILED
    assert done.stdout.splitlines()[-1] == "0 ok, 1 failed, 1 skipped"
    assert "holds no document" in done.stderr
    assert not (tmp_path / "out").exists()


def test_what_a_folder_holds_beside_documents_is_skipped_each_with_a_reason(
    regs: Path, tmp_path: Path
) -> None:
    outside = tmp_path / "outside.xml"
    outside.write_text(law(702), encoding="utf-8")
    (regs / ".hidden.xml").write_text(law(703), encoding="utf-8")
    (regs / ".git").mkdir()
    (regs / ".git" / "title-21.xml").write_text(law(704), encoding="utf-8")
    (regs / "leaves.xml").symlink_to(outside)
    (regs / "broken.xml").symlink_to(regs / "gone.xml")
    (regs / "notes.ini").write_text("mine")
    (regs / "README").write_text("mine")
    (regs / "draft.xml~").write_text(law(705), encoding="utf-8")
    done = run("build", regs, "-o", tmp_path / "out")
    assert done.returncode == DONE
    assert done.stdout.splitlines()[-1] == "1 ok, 0 failed, 7 skipped"
    documents = json.loads((tmp_path / "out" / "manifest.json").read_bytes())["documents"]
    skipped = {row["source"]: row["reason"] for row in documents if row["status"] == "skipped"}
    assert set(skipped) == {
        "regs/.hidden.xml", "regs/.git", "regs/leaves.xml", "regs/broken.xml", "regs/notes.ini",
        "regs/README", "regs/draft.xml~",
    }  # fmt: skip
    assert "link" in skipped["regs/leaves.xml"]
    assert ".ini" in skipped["regs/notes.ini"]
    for source, reason in skipped.items():
        assert reason.endswith(".")
        assert f"skipped: {source}: {reason}" in done.stderr
    principles = (tmp_path / "out" / "principles.json").read_text()
    for part in ("702", "703", "704", "705"):
        assert part not in principles


def test_a_link_within_the_folder_is_read_once(regs: Path, tmp_path: Path) -> None:
    (regs / "z-again.xml").symlink_to(regs / "title-21_part-701.xml")
    done = run("build", regs, "-o", tmp_path / "out")
    assert done.returncode == DONE
    assert done.stdout.splitlines()[-1].startswith("1 ok, 0 failed")
    assert b"z-again" not in (tmp_path / "out" / "provenance.jsonl").read_bytes()


@posix_only
def test_a_pipe_in_a_folder_is_skipped_or_fails_and_waits_for_nobody(
    regs: Path, tmp_path: Path
) -> None:
    os.mkfifo(regs / "pipe.xml")
    done = run("build", regs, "-o", tmp_path / "out")
    assert (tmp_path / "out" / "principles.json").is_file()
    documents = json.loads((tmp_path / "out" / "manifest.json").read_bytes())["documents"]
    (pipe,) = (row for row in documents if row["source"] == "regs/pipe.xml")
    assert pipe["status"] in ("skipped", "failed")
    assert done.returncode in (DONE, SOME_FAILED)


@pytest.mark.skipif(
    ON_WINDOWS or os.geteuid() == 0, reason="the superuser and Windows may read everything"
)
def test_a_file_without_permission_is_a_reason(regs: Path, tmp_path: Path) -> None:
    (regs / "secret.xml").write_text(law(702), encoding="utf-8")
    (regs / "secret.xml").chmod(0)
    done = run("build", regs, "-o", tmp_path / "out")
    assert done.returncode == SOME_FAILED
    assert "permission" in done.stderr


@posix_only
def test_a_disk_that_is_full_leaves_an_existing_build_as_it_was(regs: Path, tmp_path: Path) -> None:
    run("build", regs, "-o", tmp_path / "out")
    before, beside = files_of(tmp_path / "out"), sorted(tmp_path.iterdir())
    (regs / "title-21_part-701.xml").write_text(law(text="Keep it. " * 400), encoding="utf-8")
    done = run("build", regs, "-o", tmp_path / "out", limit=8192)
    assert done.returncode == SOME_FAILED
    is_one_sentence(done.stderr)
    assert files_of(tmp_path / "out") == before
    assert sorted(tmp_path.iterdir()) == beside
    first = run("build", regs, "-o", tmp_path / "new", limit=8192)
    assert first.returncode == SOME_FAILED
    assert sorted(tmp_path.iterdir()) == beside


def test_strict_refuses_a_build_with_a_failed_document(regs: Path, tmp_path: Path) -> None:
    (regs / "bad.xml").write_text("<ECFR><DIV1")
    done = run("build", regs, "-o", tmp_path / "out", "--strict")
    assert done.returncode == NOT_FIT
    assert "--strict" in done.stderr and "regs/bad.xml" in done.stderr
    assert done.stdout.splitlines()[-1] == "1 ok, 1 failed, 0 skipped"
    assert not (tmp_path / "out").exists()
    (regs / "bad.xml").unlink()
    assert run("build", regs, "-o", tmp_path / "out", "--strict").returncode == DONE


def test_quiet_says_only_what_went_wrong(regs: Path, tmp_path: Path) -> None:
    done = run("build", regs, "-o", tmp_path / "out", "--quiet")
    assert (done.returncode, done.stdout, done.stderr) == (DONE, "", "")
    (regs / "bad.xml").write_text("<ECFR><DIV1")
    done = run("build", regs, "-o", tmp_path / "out", "-q")
    assert done.returncode == SOME_FAILED
    assert "regs/bad.xml" in done.stderr


def test_a_selection_of_nothing_says_so_and_not_that_nothing_could_be_read(
    regs: Path, tmp_path: Path
) -> None:
    done = run("build", regs, "-o", tmp_path / "out", "--only", "part 9999")
    assert done.returncode == SOME_FAILED
    assert "part 9999" in done.stderr
    assert "could be read" not in done.stderr
    assert not (tmp_path / "out").exists()


def test_a_document_with_nothing_but_reserved_units_says_so(tmp_path: Path) -> None:
    (tmp_path / "title-21.xml").write_text(
        '<DIV5 N="741-799" TYPE="PART"><HEAD>PARTS 741-799 [RESERVED]</HEAD></DIV5>'
    )
    done = run("build", tmp_path / "title-21.xml", "-o", tmp_path / "out")
    assert done.returncode == SOME_FAILED
    assert "could be read" not in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("build",),
        ("build", "regs", "--max-tokens", "many"),
        ("build", "regs", "--max-tokens", "10"),
        ("build", "regs", "--max-depth", "1"),
        ("build", "regs", "--jobs", "0"),
        ("build", "regs", "--keep", "everything"),
        ("build", "regs", "--tokenizer", "gpt-9"),
        ("build", "regs", "--tokenizer", "file:nowhere.model"),
        ("build", "regs", "-o", "regs"),
        ("build", "regs", "-o", "regs/title-21_part-701.xml"),
        ("build", "regs", "-o", "regs/title-21_part-701.xml/below"),
        ("fetch", "regs", "-o", "regs/title-21_part-701.xml/below"),
        ("build", "regs", "--nonsense"),
        ("read",),
        ("read", "one", "two"),
        ("check",),
        ("check", "nowhere"),
        ("check", "regs"),
        ("consolidate", "regs"),
        ("--nonsense",),
        ("build", ""),
        ("fetch", " ", "-o", "law"),
        ("read", ""),
        ("build", "regs", "--date", "yesterday"),
        ("build", "regs", "--date", "2024-02-30"),
        ("read", "21 CFR 701.3", "--date", "20240601"),
        ("build", "https://www.ecfr.gov/on/2024-13-01/title-21/part-11"),
        ("fetch",),
        ("fetch", "21 CFR 701.3", "-o", "regs"),
        ("fetch", "21 CFR 701.3", "-o", "new", "--time-limit", "0"),
        ("profiles", "nothing-of-the-kind"),
        ("profiles", "--instructions"),
        ("build", "profile:nothing-of-the-kind"),
        # what belongs to later work is absent, not ignored
        ("build", "regs", "--cluster", "tcp://localhost:1"),
        ("build", "regs", "--time-limit", "0"),
        ("build", "regs", "--memory-limit", "5"),
        ("diff", "a", "b"),
        ("align", "run", "build"),
        ("review", "build"),
        ("dataset", "build", "build"),
    ],
    ids=" ".join,
)
def test_wrong_usage_is_told_and_writes_nothing(
    arguments: tuple[str, ...], regs: Path, tmp_path: Path
) -> None:
    before = files_of(tmp_path)
    done = run(*arguments, cwd=tmp_path)
    assert done.returncode == WRONG_USAGE, done.stdout
    assert done.stdout == "" and done.stderr.strip()
    assert files_of(tmp_path) == before


@posix_only
def test_names_that_are_no_utf_8_are_told_in_a_sentence(regs: Path, tmp_path: Path) -> None:
    title = os.fsdecode(b"T\xff")
    done = run("build", regs, "-o", tmp_path / "out", "--title", title)
    assert done.returncode in (DONE, WRONG_USAGE)
    name = os.fsdecode(bytes(regs) + b"/title-21_\xff.xml")
    Path(name).write_text(law(702), encoding="utf-8")
    done = run("build", regs, "-o", tmp_path / "other")
    assert done.returncode in (DONE, SOME_FAILED)
    assert (tmp_path / "other" / "principles.json").is_file()


@posix_only
def test_no_name_of_a_file_drives_the_terminal(regs: Path, tmp_path: Path) -> None:
    (regs / "a\x1b]0;mine\x07\x9b31m\u202etxt.bin").write_bytes(b"\0")
    (regs / "b\x1b[31m.xml").write_text("<ECFR><DIV1")
    for verb in ("build", "fetch"):
        done = run(verb, regs, "-o", tmp_path / verb)
        said = (done.stdout + done.stderr).replace("\n", "")
        assert "a�]0;mine��31m�txt.bin" in said
        assert not re.search(r"[\x00-\x1f\x7f-\x9f\u202e]", said)
    (regs / "law.txt").write_text("1.1 Scope\n\nWords \x1b[31mof law.\n")
    assert "\x1b" not in run("read", regs / "law.txt").stdout


@posix_only
def test_a_name_in_brackets_is_shown_as_it_is_while_it_is_read(tmp_path: Path) -> None:
    import pty

    (tmp_path / "in" / "a[red][").mkdir(parents=True)
    (tmp_path / "in" / "a[red][" / "b].xml").write_text(law(), encoding="utf-8")
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "tribonian", "build", "in", "-o", "out"]
    with os.fdopen(ours, "rb", 0) as terminal:
        done = subprocess.run(
            command, cwd=tmp_path, stderr=theirs, stdout=subprocess.PIPE, timeout=60,
            env={**os.environ, "TERM": "xterm", "COLUMNS": "100"},
        )  # fmt: skip
        os.close(theirs)
        shown = terminal.read(65536)
    assert done.returncode == DONE
    assert b"Traceback" not in shown
    assert b"in/a[red][/b].xml" in shown


def test_a_password_is_not_in_the_sentence_of_read(tmp_path: Path) -> None:
    done = run("read", "http://me:hush@127.0.0.1:9/law.xml?token=hush", "--no-cache")
    assert done.returncode == SOME_FAILED
    is_one_sentence(done.stderr)
    assert "hush" not in done.stderr and "127.0.0.1:9/law.xml" in done.stderr


# -- interruption -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two documents of 27 MB, which take many seconds to build."""
    folder = tmp_path_factory.mktemp("large")
    text = "The person must keep each record of the lot for years. " * 40
    for part in (701, 702):
        (folder / f"title-21_part-{part}.xml").write_text(
            law(part, text, sections=12_000), encoding="utf-8"
        )
    return folder


@posix_only
@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize("existing", [False, True], ids=["first build", "later build"])
def test_an_interrupt_ends_with_130_and_leaves_nothing_half_written(
    large: Path, regs: Path, tmp_path: Path, jobs: str, existing: bool
) -> None:
    output = tmp_path / "out"
    if existing:
        tribonian.build([regs], output, jobs=1)
    before = files_of(tmp_path)
    process = subprocess.Popen(
        [sys.executable, "-m", "tribonian", "build", large, "-o", output, "--jobs", jobs],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    time.sleep(1.0)
    assert process.poll() is None, "the build was over before it could be interrupted"
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does, to every process of the group
    stdout, stderr = process.communicate(timeout=20)
    assert process.returncode == INTERRUPTED, stderr
    assert "Traceback" not in stderr and "KeyboardInterrupt" not in stderr
    assert "ok, " not in stdout
    assert files_of(tmp_path) == before
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]
    with pytest.raises(ProcessLookupError):  # no worker lives on
        for _ in range(50):
            os.killpg(process.pid, 0)
            time.sleep(0.1)


@posix_only
def test_a_termination_leaves_nothing_half_written_either(large: Path, tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "tribonian", "build", large, "-o", tmp_path / "out", "--jobs", "2"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    time.sleep(1.0)
    assert process.poll() is None, "the build was over before it could be ended"
    process.terminate()  # as a service manager does, to the one process it started
    _, stderr = process.communicate(timeout=20)
    assert process.returncode == 128 + signal.SIGTERM
    assert "Traceback" not in stderr
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(ProcessLookupError):  # no worker lives on
        for _ in range(50):
            os.killpg(process.pid, 0)
            time.sleep(0.1)


# -- read -------------------------------------------------------------------------------------


def test_read_shows_the_outline(regs: Path) -> None:
    done = run("read", regs / "title-21_part-701.xml")
    assert done.returncode == DONE
    lines = done.stdout.splitlines()
    assert "PART 701" in lines[0]
    assert lines[1] == "  § 701.1 Scope 1."
    assert lines[2] == "    (a) Keep the label."


def test_read_shows_findings_on_standard_error(tmp_path: Path) -> None:
    path = tmp_path / "title-21.xml"
    path.write_text(
        '<DIV8 N="1.1" TYPE="SECTION"><HEAD>§ 1.1   X.</HEAD><P>(a) A.</P><P>(c) C.</P></DIV8>',
        encoding="utf-8",
    )
    done = run("read", path)
    assert done.returncode == DONE
    assert "(c)" in done.stderr and "1.1" in done.stderr
    assert "(c) C." in done.stdout


def test_read_json_has_the_shape_of_the_interface(regs: Path) -> None:
    done = run("read", "--json", regs / "title-21_part-701.xml")
    assert done.returncode == DONE
    data = json.loads(done.stdout)
    assert set(data) == {"document", "root", "findings"}
    assert set(data["document"]) == {"source", "sha256", "format", "as_of", "title"}
    assert data["document"]["source"] == "title-21_part-701.xml"
    assert data["findings"] == []
    stack = [data["root"]]
    while stack:
        node = stack.pop()
        assert set(node) == {
            "kind", "designator", "heading", "text", "citation", "locator", "children",
        }  # fmt: skip
        stack += node["children"]
    section = data["root"]["children"][0]
    assert (section["kind"], section["designator"], section["heading"], section["citation"]) == (
        "section", "§ 701.1", "Scope 1.", "21 CFR 701.1",
    )  # fmt: skip
    paragraph = section["children"][0]
    assert (paragraph["designator"], paragraph["text"], paragraph["citation"]) == (
        "(a)", "Keep the label.", "21 CFR 701.1(a)",
    )  # fmt: skip


@pytest.mark.parametrize("name", ["nowhere.xml", ".", "bad.xml"])
@pytest.mark.parametrize("json_option", [(), ("--json",)], ids=["outline", "json"])
def test_read_of_what_cannot_be_read_is_one_sentence_that_names_it(
    tmp_path: Path, name: str, json_option: tuple[str, ...]
) -> None:
    (tmp_path / "bad.xml").write_text("<ECFR><DIV1")
    done = run("read", name, *json_option, cwd=tmp_path)
    assert done.returncode == SOME_FAILED
    assert done.stdout == ""
    is_one_sentence(done.stderr)
    assert name in done.stderr


@pytest.mark.parametrize("tag", ["NOTE", "EXTRACT", "I"])
@pytest.mark.parametrize("depth", [120, 250])
def test_deep_nesting_is_shown_or_refused_in_a_sentence(
    tmp_path: Path, tag: str, depth: int
) -> None:
    inner = f"{f'<{tag}>' * depth}deep{f'</{tag}>' * depth}"
    path = tmp_path / "title-21.xml"
    path.write_text(
        f'<DIV8 N="1.1" TYPE="SECTION"><HEAD>§ 1.1   X.</HEAD><P>Law.</P>'
        f"{f'<P>{inner}</P>' if tag == 'I' else inner}</DIV8>",
        encoding="utf-8",
    )
    assert run("read", path).returncode in (DONE, SOME_FAILED)
    done = run("read", "--json", path)
    assert done.returncode in (DONE, SOME_FAILED)
    assert ('"deep"' in done.stdout) == (done.returncode == DONE)
    build = run("build", path, "-o", tmp_path / "out")
    assert build.returncode == done.returncode


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "latin-1", "cp437"])
def test_a_terminal_that_lacks_a_character_is_no_reason_to_fail(
    tmp_path: Path, encoding: str
) -> None:
    # Windows writes to a pipe in its own code page
    path = tmp_path / "title-21.xml"
    path.write_text(law(text="Keep ≤ 5 g of “it” — CO₂."), encoding="utf-8")
    env = {"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
    for arguments in (("read", path), ("build", path, "-o", tmp_path / "out", "--title", "≤ 5 g")):
        done = subprocess.run(
            [sys.executable, "-m", "tribonian", *map(str, arguments)],
            capture_output=True, timeout=60, env={**os.environ, **env},
        )  # fmt: skip
        assert b"Traceback" not in done.stderr, done.stderr
        assert done.returncode == DONE


def test_a_reader_that_stops_reading_is_no_error(tmp_path: Path) -> None:
    path = tmp_path / "title-21.xml"
    path.write_text(law(sections=5000), encoding="utf-8")
    for option in ((), ("--json",)):
        with subprocess.Popen(
            [sys.executable, "-m", "tribonian", "read", *option, path],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        ) as process:  # fmt: skip
            assert process.stdout is not None and process.stderr is not None
            assert process.stdout.readline()
            process.stdout.close()
            stderr = process.stderr.read()
        assert b"Traceback" not in stderr and b"Exception" not in stderr, stderr


# -- check ------------------------------------------------------------------------------------


def test_check_says_fit_of_a_build_and_of_its_file(regs: Path, tmp_path: Path) -> None:
    run("build", regs, "-o", tmp_path / "out")
    for path in (tmp_path / "out", tmp_path / "out" / "principles.json"):
        done = run("check", path)
        assert (done.returncode, done.stderr) == (DONE, "")
        assert done.stdout.splitlines()[-1] == "fit: 5 principles, 0 findings"


def test_check_json_has_the_shape_of_the_interface(regs: Path, tmp_path: Path) -> None:
    run("build", regs, "-o", tmp_path / "out")
    data = json.loads(run("check", "--json", tmp_path / "out").stdout)
    assert data == {"fit": True, "principles": 5, "findings": []}


def test_check_of_what_is_not_fit_ends_with_3_and_names_each_place(tmp_path: Path) -> None:
    path = tmp_path / "mine.json"
    path.write_text(json.dumps({"label": "A", "content": " b", "children": [], "level": 0}))
    done = run("check", path)
    assert done.returncode == NOT_FIT
    assert re.search(r"^error: /: .*space around", done.stdout, re.MULTILINE)
    assert done.stdout.splitlines()[-1] == "not fit: 1 principles, 3 findings"
    done = run("check", path, "--json")
    assert done.returncode == NOT_FIT
    data = json.loads(done.stdout)
    assert not data["fit"]
    assert {(row["code"], row["severity"], row["locator"]) for row in data["findings"]} == {
        ("not-trimmed", "error", "/"),
        ("wrong-level", "error", "/"),
        ("few-sections", "warning", "/"),
    }


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff\xfe{", b"null", b"[" * 100_000])
def test_check_of_what_is_no_upload_file_ends_with_3(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "mine.json"
    path.write_bytes(content)
    done = run("check", path, "--json")
    assert done.returncode == NOT_FIT
    assert not json.loads(done.stdout)["fit"]


def test_check_measures_by_a_budget_that_is_named(regs: Path, tmp_path: Path) -> None:
    run("build", regs, "-o", tmp_path / "out")
    done = run("check", tmp_path / "out", "--max-tokens", "5", "--json")
    assert done.returncode == NOT_FIT
    codes = {row["code"] for row in json.loads(done.stdout)["findings"]}
    assert codes == {"over-budget"}
    assert run("check", tmp_path / "out", "--tokenizer", "gpt-9").returncode == WRONG_USAGE


# -- designators ------------------------------------------------------------------------------


def test_designators_prints_the_path_a_tab_and_the_line() -> None:
    lines = "(a) One\n(1) Two\n(i) Three\n(2) Four\n(b)(1) Five\nNone\n\n(a) New\n"
    done = run("designators", stdin=lines.encode())
    assert done.returncode == DONE
    assert done.stdout == (
        "(a)\t(a) One\n(a)(1)\t(1) Two\n(a)(1)(i)\t(i) Three\n(a)(2)\t(2) Four\n"
        "(b)(1)\t(b)(1) Five\n\tNone\n(a)\t(a) New\n"
    )


def test_designators_takes_any_bytes_and_no_last_line_feed() -> None:
    assert run("designators", stdin=b"").stdout == ""
    done = run("designators", stdin="(a) § 1.2 “x”\r\n(b) y".encode() + b"\xff")
    assert done.returncode == DONE
    assert done.stdout.splitlines() == ["(a)\t(a) § 1.2 “x”", "(b)\t(b) y\ufffd"]


# -- help -------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_is_there_for_every_command(command: str) -> None:
    done = run(*command.split(), "--help", env={"COLUMNS": "100"})
    assert (done.returncode, done.stderr) == (DONE, "")
    assert "Usage: " in done.stdout
    if command:
        assert "Example: " in done.stdout
    else:
        for name in COMMANDS:
            assert re.search(rf"^ +{name} ", done.stdout, re.MULTILINE)


def test_the_version_is_that_of_the_package() -> None:
    done = run("--version")
    assert (done.returncode, done.stdout) == (DONE, f"tribonian {tribonian.__version__}\n")


def test_the_command_without_arguments_shows_its_help_as_wrong_usage() -> None:
    done = run()
    assert done.returncode == WRONG_USAGE
    assert "Usage: " in done.stdout + done.stderr
