"""What one document may take, on the command and as keyword arguments."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import tribonian
from tribonian.errors import DocumentError, UsageError

DONE, SOME_FAILED, WRONG_USAGE, INTERRUPTED = 0, 1, 2, 130
needs_proc = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc")
TOO_LONG = "It took longer than 0.5 seconds (--time-limit) and was given up."
TOO_MUCH = "It needed more than 16 MB of memory (--memory-limit) and was given up."


def law(part: int, sections: int = 4) -> str:
    text = "The keeper must keep each record of the lantern for years. " * 20
    inner = "".join(
        f'<DIV8 N="{part}.{n}" TYPE="SECTION"><HEAD>§ {part}.{n}   Lantern {n}.</HEAD>'
        f"<P>(a) {text}</P></DIV8>"
        for n in range(1, sections + 1)
    )
    return f'<DIV5 N="{part}" TYPE="PART"><HEAD>PART {part}—LANTERNS</HEAD>{inner}</DIV5>'


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small document and one that takes seconds and some hundred megabytes."""
    folder = tmp_path_factory.mktemp("regs")
    (folder / "title-99_part-1.xml").write_text(law(1), encoding="utf-8")
    (folder / "title-99_part-2.xml").write_text(law(2, 40_000), encoding="utf-8")
    return folder


def command(*arguments: str | Path) -> list[str]:
    return [sys.executable, "-m", "tribonian", *map(str, arguments)]


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(command(*arguments), capture_output=True, text=True, timeout=120)
    assert "Traceback" not in done.stderr, done.stderr
    return done


@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize(
    ("limit", "value", "reason"),
    [
        ("--time-limit", "0.5", TOO_LONG),
        pytest.param(
            "--memory-limit", "16", TOO_MUCH,
            marks=pytest.mark.skipif(sys.platform != "linux", reason="no such limit here"),
        ),
    ],
)  # fmt: skip
def test_a_document_past_its_limit_is_a_row_and_the_rest_goes_on(
    limit: str, value: str, reason: str, jobs: str, folder: Path, tmp_path: Path
) -> None:
    output = tmp_path / "out"
    done = run("build", folder, "-o", output, "--jobs", jobs, limit, value)
    assert done.returncode == SOME_FAILED
    assert reason in done.stderr
    manifest = json.loads((output / "manifest.json").read_bytes())
    assert [(row["status"], row["reason"]) for row in manifest["documents"]] == [
        ("ok", None),
        ("failed", reason),
    ]


def test_read_has_the_same_limits(folder: Path) -> None:
    path = folder / "title-99_part-2.xml"
    done = run("read", path, "--time-limit", "0.5")
    assert (done.returncode, done.stdout) == (SOME_FAILED, "")
    assert done.stderr == f"tribonian: {path}: {TOO_LONG}\n"
    with pytest.raises(DocumentError, match="--time-limit"):
        tribonian.read(path, time_limit=0.5)


@pytest.mark.parametrize("arguments", [("--time-limit", "0"), ("--memory-limit", "1")])
def test_limits_that_make_no_sense_are_wrong_usage(
    arguments: tuple[str, str], folder: Path, tmp_path: Path
) -> None:
    small = folder / "title-99_part-1.xml"
    for verb in (("read", small), ("build", small, "-o", tmp_path / "out")):
        done = run(*verb, *arguments)
        assert done.returncode == WRONG_USAGE
        assert arguments[0] in done.stderr
    with pytest.raises(UsageError):
        tribonian.read(small, time_limit=0)


def test_limits_and_a_password_change_no_byte_and_are_not_written(
    folder: Path, tmp_path: Path
) -> None:
    small = folder / "title-99_part-1.xml"
    tribonian.build([small], tmp_path / "a")
    tribonian.build(
        [small], tmp_path / "b", time_limit=77.0, memory_limit=777, password="mellon-9", jobs=2
    )
    written = [
        {path.name: path.read_bytes() for path in (tmp_path / name).iterdir()} for name in "ab"
    ]
    assert written[0] == written[1]
    assert not [name for name, data in written[1].items() if b"mellon-9" in data]


@needs_proc
@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize(
    ("how", "code"), [(signal.SIGINT, INTERRUPTED), (signal.SIGTERM, 128 + signal.SIGTERM)]
)
def test_workers_end_with_the_build(
    how: signal.Signals, code: int, jobs: str, folder: Path, tmp_path: Path
) -> None:
    process = subprocess.Popen(
        command("build", folder, "-o", tmp_path / "out", "--jobs", jobs), stderr=subprocess.PIPE
    )
    deadline = time.monotonic() + 20
    while not (workers := _started_by(process.pid)) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert workers
    process.send_signal(how)
    _, stderr = process.communicate(timeout=20)
    assert (process.returncode, b"Traceback" in stderr) == (code, False)
    for worker in workers:
        with pytest.raises(ProcessLookupError):
            os.kill(worker, 0)
    assert list(tmp_path.iterdir()) == []


@needs_proc
def test_a_worker_that_is_killed_costs_its_document(folder: Path, tmp_path: Path) -> None:
    process = subprocess.Popen(
        command("build", folder, "-o", tmp_path / "out", "--jobs", "2"),
        stderr=subprocess.PIPE,
        text=True,
    )
    deadline = time.monotonic() + 20
    while len(workers := _started_by(process.pid)) < 2 and time.monotonic() < deadline:
        time.sleep(0.01)
    os.kill(min(workers), signal.SIGKILL)  # the first has the largest document
    _, stderr = process.communicate(timeout=60)
    assert process.returncode == SOME_FAILED
    assert "The process that read it was killed" in stderr
    assert "Traceback" not in stderr
    rows = json.loads((tmp_path / "out" / "manifest.json").read_bytes())["documents"]
    assert [row["status"] for row in rows] == ["ok", "failed"]


def _started_by(pid: int) -> set[int]:
    """Processes that a process has started, from /proc."""
    out = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            if stat.read_text().rpartition(")")[2].split()[1] == str(pid):
                out.add(int(stat.parent.name))
    return out
