"""The commands of alignment as a user types them, with the rehearsal on a real socket."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.align.small_build import small_build
from tribonian.align.rehearsal import Rehearsal

KEY = "sk-9Zx4Qw7Lm2-never-to-be-seen"
PLAIN = ("--instructions", "Plain questions and answers for the staff of a lantern maker.")


def environment(**more: str) -> dict[str, str]:
    mine = {name: value for name, value in os.environ.items() if not name.startswith("SEEKR_")}
    return {**mine, "PYTHONUTF8": "1", **more}


def tribonian(
    *arguments: str | Path, cwd: Path, env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tribonian", *map(str, arguments)],
        cwd=cwd, env=env or environment(), capture_output=True, text=True, timeout=120,
    )  # fmt: skip


def real(service: Rehearsal, **more: str) -> dict[str, str]:
    """An environment in which the stand-in is the service itself."""
    return environment(SEEKR_API_KEY=KEY, SEEKR_BASE_URL=service.url, **more)


# -- the whole way ----------------------------------------------------------------------------


def test_a_rehearsal_goes_from_a_build_to_a_training_file_without_an_account(
    tmp_path: Path,
) -> None:
    small_build(tmp_path)
    run = tribonian("align", "run", "build", *PLAIN, "--rehearse", cwd=tmp_path)
    assert run.returncode == 0, run.stderr
    assert "principles have pairs" in run.stdout
    built = tribonian("dataset", "build", "build", "-o", "train.parquet", cwd=tmp_path)
    assert built.returncode == 0, built.stderr
    rows = pq.read_table(tmp_path / "train.parquet")
    assert rows.column_names == ["messages"]
    assert all(row[0]["content"].startswith("[rehearsal]") for row in rows["messages"].to_pylist())
    assert {row[-1]["role"] for row in rows["messages"].to_pylist()} == {"assistant"}


def test_what_was_rehearsed_is_never_sent_as_training_data(tmp_path: Path) -> None:
    small_build(tmp_path)
    tribonian("align", "run", "build", *PLAIN, "--rehearse", cwd=tmp_path)
    for name in ("train.parquet", "train.jsonl"):
        prompt = ("--system-prompt", "Another prompt.")
        tribonian("dataset", "build", "build", "-o", name, *prompt, cwd=tmp_path)
        with Rehearsal(tmp_path / "service", looks=1) as service:
            sent = tribonian("dataset", "upload", name, cwd=tmp_path, env=real(service))
            assert sent.returncode == 3
            assert "rehearsal" in sent.stderr
            assert service.effects["files"] == 0


def test_the_key_is_in_no_file_and_in_no_output(tmp_path: Path) -> None:
    build = small_build(tmp_path)
    said = ""
    with Rehearsal(tmp_path / "service", misbehave="echo-key:times=2", looks=1) as service:
        for arguments in (
            ("align", "run", build, *PLAIN),
            ("align", "run", build, *PLAIN),
            ("align", "status", build, "--json"),
            ("align", "collect", build),
            ("align", "run", build, "--instructions", "Others."),
        ):
            done = tribonian(*arguments, cwd=tmp_path, env=real(service))
            said += done.stdout + done.stderr
        assert any(("Authorization", KEY) in request.headers for request in service.requests)
    files = [path for path in build.rglob("*") if path.is_file()]
    assert files
    assert KEY not in said
    assert not [path for path in files if KEY.encode() in path.read_bytes()]


def test_the_same_command_again_changes_nothing_at_the_service(tmp_path: Path) -> None:
    build = small_build(tmp_path)
    with Rehearsal(tmp_path / "service", looks=1) as service:
        first = tribonian("align", "run", build, *PLAIN, cwd=tmp_path, env=real(service))
        assert first.returncode == 0, first.stderr
        before = dict(service.effects)
        pairs = (build / "align/pairs.parquet").read_bytes()
        again = tribonian("align", "run", build, *PLAIN, cwd=tmp_path, env=real(service))
        assert again.returncode == 0
        assert "finished" in again.stdout
        assert service.effects == before
        assert before["files"] == before["jobs"] == before["starts"] == 1
    assert (build / "align/pairs.parquet").read_bytes() == pairs


def test_a_second_run_says_that_nothing_was_left_to_do_and_where_the_pairs_are(
    tmp_path: Path,
) -> None:
    small_build(tmp_path)
    for _ in range(2):
        done = tribonian("align", "run", "build", *PLAIN, "--rehearse", cwd=tmp_path)
        assert done.returncode == 0, done.stderr
    assert "Nothing was left to do; the pairs are in build/align/pairs.parquet" in done.stdout


def test_a_file_that_cannot_be_read_is_said_once(tmp_path: Path) -> None:
    small_build(tmp_path)
    with Rehearsal(tmp_path / "service", misbehave="unknown-columns", looks=1) as service:
        done = tribonian("align", "run", "build", *PLAIN, cwd=tmp_path, env=real(service))
    assert done.returncode == 1
    assert done.stderr.count("no pairs in a shape that is known") == 1


@pytest.mark.parametrize("verb", ["collect", "cancel", "status"])
@pytest.mark.parametrize("more", [(), ("--rehearse",)])
def test_looking_at_a_build_without_runs_leaves_nothing_in_it(
    tmp_path: Path, verb: str, more: tuple[str, ...]
) -> None:
    build = small_build(tmp_path)
    env = environment(SEEKR_API_KEY=KEY, SEEKR_BASE_URL="http://127.0.0.1:9")
    done = tribonian("align", verb, "build", *more, cwd=tmp_path, env=env)
    assert (done.returncode, "has no runs yet" in done.stderr) == (2, True)
    assert not (build / "align").exists()


def test_submit_ends_after_the_start_and_collect_fetches_the_pairs(tmp_path: Path) -> None:
    build = small_build(tmp_path)
    with Rehearsal(tmp_path / "service", looks=1) as service:
        env = real(service)
        done = tribonian("align", "submit", build, *PLAIN, cwd=tmp_path, env=env)
        assert (done.returncode, service.effects["starts"]) == (0, 1), done.stderr
        assert not (build / "align/pairs.parquet").exists()
        status = tribonian("align", "status", build, "--json", cwd=tmp_path, env=env)
        (row,) = json.loads(status.stdout)
        assert row["state"] == "started" and row["status"]
        assert tribonian("align", "collect", build, cwd=tmp_path, env=env).returncode == 0
        assert service.effects["starts"] == 1
    assert (build / "align/pairs.parquet").exists()


def test_ctrl_c_leaves_the_job_running_and_says_how_to_come_back(tmp_path: Path) -> None:
    build = small_build(tmp_path)
    with Rehearsal(tmp_path / "service", looks=1_000_000) as service:
        command = [sys.executable, "-m", "tribonian", "align", "run", str(build), *PLAIN]
        waiting = subprocess.Popen(
            [*command, "--upload", "md"], cwd=tmp_path, env=real(service), text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        end = time.monotonic() + 60
        while service.effects["starts"] == 0 and time.monotonic() < end:
            time.sleep(0.1)
        time.sleep(1)
        waiting.send_signal(signal.SIGINT)
        said = waiting.communicate(timeout=30)[1]
        assert waiting.returncode == 130
        assert f"tribonian align collect {build}" in said
        assert not [request for request in service.requests if "cancel" in request.path]


# -- bad input ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (("align", "run", "build", "--rehearse"), 2, "--instructions"),
        (("align", "run", "nowhere", *PLAIN, "--rehearse"), 2, "nowhere"),
        (("align", "run", "build", *PLAIN), 2, "SEEKR_API_KEY is not set"),
        (("align", "run", "build", "--instructions", "@no.txt", "--rehearse"), 2, "@no.txt"),
        (("align", "run", "build", *PLAIN, "--upload", "pdf", "--rehearse"), 2, "--upload pdf"),
        (("align", "run", "build", *PLAIN, "--profile", "nope", "--rehearse"), 2, "nope"),
        (("align", "run", "build", *PLAIN, "--only", "77 CFR", "--rehearse"), 2, "77 CFR"),
        (("align", "run", "build", *PLAIN, "--deadline", "-1", "--rehearse"), 2, "--deadline"),
        (("align", "collect", "build", "--rehearse"), 2, "tribonian align run build"),
        (("align", "status", "build", "--rehearse"), 2, "tribonian align run build"),
        (("align", "cancel", "build", "--rehearse"), 2, "tribonian align run build"),
        (("review", "build"), 2, "build"),
        (("dataset", "build", "build", "-o", "t.parquet"), 2, "build"),
        (("dataset", "build", "build", "-o", "t.txt"), 2, "t.txt"),
        (("dataset", "check", "nothing.jsonl"), 2, "nothing.jsonl"),
        (("dataset", "upload", "nothing.jsonl"), 2, "nothing.jsonl"),
        (("dataset", "pretrain", "nowhere"), 2, "nowhere"),
    ],
)  # fmt: skip
def test_what_cannot_be_carried_out_is_one_sentence(
    tmp_path: Path, arguments: tuple[str, ...], code: int, sentence: str
) -> None:
    small_build(tmp_path)
    done = tribonian(*arguments, cwd=tmp_path)
    assert done.returncode == code, done.stderr
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    (line,) = done.stderr.strip().splitlines()
    assert line.startswith("tribonian: ")


def test_a_build_that_is_not_fit_is_not_sent(tmp_path: Path) -> None:
    build = small_build(tmp_path)
    tree = json.loads((build / "principles.json").read_bytes())
    tree["children"][0]["content"] = " "
    (build / "principles.json").write_text(json.dumps(tree))
    with Rehearsal(tmp_path / "service", looks=1) as service:
        done = tribonian("align", "run", build, *PLAIN, cwd=tmp_path, env=real(service))
        assert done.returncode == 3, done.stderr
        assert service.effects["files"] == 0
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")
@pytest.mark.parametrize("most", [1_000, 12_000, 20_000])
def test_a_disk_without_room_is_one_sentence_and_the_next_run_goes_on(
    tmp_path: Path, most: int
) -> None:
    import resource

    build = small_build(tmp_path)
    command = [sys.executable, "-m", "tribonian", "align", "run", str(build), *PLAIN]
    with Rehearsal(tmp_path / "service", looks=1) as service:
        full = subprocess.run(
            command, env=real(service), capture_output=True, text=True, timeout=120,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (most, most)),
        )  # fmt: skip
        assert full.returncode == 1, full.stderr
        assert "Traceback" not in full.stderr
        again = subprocess.run(
            command, env=real(service), capture_output=True, text=True, timeout=120
        )
        assert again.returncode == 0, again.stderr
        effects = service.effects
        assert effects["files"] == effects["jobs"] == effects["starts"] == 1


def test_a_key_for_another_address_in_plain_sight_is_refused(tmp_path: Path) -> None:
    small_build(tmp_path)
    env = environment(SEEKR_API_KEY=KEY, SEEKR_BASE_URL="http://flow.example.com")
    done = tribonian("align", "run", "build", *PLAIN, cwd=tmp_path, env=env)
    assert done.returncode == 2
    assert KEY not in done.stderr and "https" in done.stderr


def test_instructions_may_stand_in_a_file(tmp_path: Path) -> None:
    build = small_build(tmp_path)
    (tmp_path / "instructions.txt").write_text("\ufeffFrom a file: § and “quotes”.\n", "utf-8")
    done = tribonian(
        "align", "run", "build", "--instructions", "@instructions.txt", "--rehearse", cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr
    first = json.loads((build / "align/journal.jsonl").read_text("utf-8").splitlines()[0])
    assert first["instructions"] == "From a file: § and “quotes”."


# -- training data -----------------------------------------------------------------------------


def conversations(path: Path, rows: int = 3) -> Path:
    table = pa.table(
        {
            "messages": [
                [
                    {"role": "user", "content": f"How many lanterns are in lot {n}?"},
                    {"role": "assistant", "content": f"Lot {n} has {n + 50} lanterns."},
                ]
                for n in range(rows)
            ]
        }
    )
    pq.write_table(table, path)
    return path


def test_a_training_file_is_sent_once_and_the_command_to_train_is_shown(tmp_path: Path) -> None:
    conversations(tmp_path / "train.parquet")
    conversations(tmp_path / "held.parquet", 1)
    upload = ("dataset", "upload", "train.parquet", "--validation", "held.parquet")
    with Rehearsal(tmp_path / "service", looks=1) as service:
        first = tribonian(*upload, cwd=tmp_path, env=real(service))
        assert first.returncode == 0, first.stderr
        ids = [line.partition(":")[0] for line in first.stdout.splitlines()[:2]]
        assert f'"training_files": ["{ids[0]}"]' in first.stdout
        assert f'"validation_files": ["{ids[1]}"]' in first.stdout
        assert "$SEEKR_API_KEY" in first.stdout and KEY not in first.stdout
        again = tribonian(*upload, cwd=tmp_path, env=real(service))
        assert [line.partition(":")[0] for line in again.stdout.splitlines()[:2]] == ids
        assert service.effects["files"] == 2


def test_tune_starts_one_job_however_often_it_is_typed(tmp_path: Path) -> None:
    conversations(tmp_path / "train.parquet")
    tune = (
        "dataset",
        "upload",
        "train.parquet",
        "--tune",
        "--model",
        "rehearsal/small-8b",
        "--project",
        "Lanterns",
    )
    with Rehearsal(tmp_path / "service", looks=1) as service:
        for _ in range(2):
            done = tribonian(*tune, cwd=tmp_path, env=real(service))
            assert done.returncode == 0, done.stderr
            assert "fine-tuning" in done.stdout
        assert service.effects["fine_tunes"] == 1
        assert service.effects["projects"] == 1


def test_another_model_is_another_job_unless_it_is_called_the_same(tmp_path: Path) -> None:
    conversations(tmp_path / "train.parquet")
    tune = ("dataset", "upload", "train.parquet", "--tune", "--project", "Lanterns")
    small, large = ("--model", "rehearsal/small-8b"), ("--model", "rehearsal/large-70b")
    with Rehearsal(tmp_path / "service", looks=1) as service:
        for model in (small, large):
            done = tribonian(*tune, *model, cwd=tmp_path, env=real(service))
            assert done.returncode == 0, done.stderr
        assert service.effects["fine_tunes"] == 2
        named = (*tune, "--name", "mine")
        assert tribonian(*named, *small, cwd=tmp_path, env=real(service)).returncode == 0
        done = tribonian(*named, *large, cwd=tmp_path, env=real(service))
        assert done.returncode == 2
        assert "called mine already" in done.stderr and "another model" in done.stderr
        assert service.effects["fine_tunes"] == 3


def test_tune_without_a_model_is_wrong_usage_before_anything_is_sent(tmp_path: Path) -> None:
    conversations(tmp_path / "train.parquet")
    with Rehearsal(tmp_path / "service", looks=1) as service:
        done = tribonian(
            "dataset", "upload", "train.parquet", "--tune", cwd=tmp_path, env=real(service)
        )
        assert done.returncode == 2
        assert "--model" in done.stderr
        assert not service.requests


def test_bad_rows_of_the_user_are_named_and_the_exit_code_is_1(tmp_path: Path) -> None:
    small_build(tmp_path)
    tribonian("align", "run", "build", *PLAIN, "--rehearse", cwd=tmp_path)
    own = '{"question": "Who checks lamps?", "answer": "The keeper."}\n{"question": "Why?"}\n'
    (tmp_path / "own.jsonl").write_text(own)
    done = tribonian("dataset", "build", "build", "-o", "t.jsonl", "--with", "own.jsonl",
                     cwd=tmp_path)  # fmt: skip
    assert done.returncode == 1
    assert "own.jsonl, line 2" in done.stderr
    rows = [json.loads(line) for line in (tmp_path / "t.jsonl").read_text("utf-8").splitlines()]
    assert rows[-1]["messages"][-1] == {"role": "assistant", "content": "The keeper."}
