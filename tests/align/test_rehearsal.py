"""The stand-in of the service: its calls, states and refusals, over a real socket."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pyarrow.parquet as pq
import pytest

from tests.align.rehearsal_calls import KEY, MARKDOWN, Caller, apart
from tribonian.align.places import REHEARSAL_MARK
from tribonian.align.rehearsal import Rehearsal
from tribonian.errors import UsageError


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Rehearsal]:
    with Rehearsal(tmp_path / "state", key=KEY) as running:
        yield running


@pytest.fixture
def call(service: Rehearsal) -> Iterator[Caller]:
    with Caller(service.url) as client:
        yield client


# -- the whole course ------------------------------------------------------------------------


def test_a_file_becomes_a_job_and_the_job_becomes_pairs(service: Rehearsal, call: Caller) -> None:
    job = call.done()
    (output,) = job["alignment_job"]["output_files"]
    assert output["purpose"] == "fine-tune"
    assert output["filename"].endswith(".parquet")
    assert call.get(f"/alignment/{job['alignment_job_id']}/outputs").json() == [output]
    content = call.get(f"/files/{output['id']}/content")
    assert int(content.headers["content-length"]) == output["bytes"] == len(content.content)
    path = service.folder / "out.parquet"
    path.write_bytes(content.content)
    rows = pq.read_table(path).to_pylist()
    assert [row["messages"][1]["content"] for row in rows] == [
        "What does § 1.1 Scope say?",
        "What does § 1.2 Width require?",
        "What does § 1.3 Keys require?",
    ]
    for row in rows:
        assert row["rehearsal"] is True
        assert [each["role"] for each in row["messages"]] == ["system", "user", "assistant"]
        assert row["messages"][0]["content"] == f"{REHEARSAL_MARK} You know doors."
    assert service.effects == {
        "files": 1, "jobs": 1, "clones": 0, "attachments": 1, "starts": 1, "generated": 0,
        "projects": 0, "fine_tunes": 0,
    }  # fmt: skip


def test_states_come_in_the_documented_order_and_each_is_seen(call: Caller) -> None:
    job = call.job()
    assert job["status"] == "needs_review"
    assert job["alignment_job_id"] is None
    attached = call.attach(job["id"], call.upload()["id"])
    assert attached["status"] == "file_processing"
    assert attached["ingestion_jobs"][0]["records"][0]["status"] == "queued"
    seen = call.looks(job["id"], "ready_to_start")
    assert set(seen) == {"file_processing", "ready_to_start"}
    started = call.post(f"/data-jobs/{job['id']}/start").json()
    assert started["status"] == "pending"
    assert started["alignment_job_id"].startswith("al-")
    seen = call.looks(job["id"], "completed")
    assert sorted(set(seen), key=seen.index) == ["pending", "queued", "running", "completed"]


def test_a_running_job_tells_progress_step_and_estimate(call: Caller) -> None:
    job = call.ready()
    call.post(f"/data-jobs/{job}/start")
    told = []
    while (now := call.get(f"/data-jobs/{job}").json())["status"] != "completed":
        told.append(now["alignment_job"])
    running = [each for each in told if each["status"] == "running"]
    assert [each["progress"] for each in running] == sorted(each["progress"] for each in running)
    assert all(0 < each["progress"] < 100 and each["eta_minutes"] >= 1 for each in running)
    assert all(each["current_step"] for each in running)
    assert now["alignment_job"]["progress"] == 100


@pytest.mark.parametrize("looks", [0, 1, 5])
def test_looks_say_how_often_each_state_is_seen(tmp_path: Path, looks: int) -> None:
    with Rehearsal(tmp_path, looks=looks) as service, Caller(service.url) as call:
        job = call.ready()
        call.post(f"/data-jobs/{job}/start")
        seen = call.looks(job, "completed")
        assert len(seen) == max(1, 3 * looks)


def test_seconds_move_a_job_on_as_well(tmp_path: Path) -> None:
    with Rehearsal(tmp_path, looks=1000, seconds=0.05) as service, Caller(service.url) as call:
        job = call.job()["id"]
        call.attach(job, call.upload()["id"])
        call.get(f"/data-jobs/{job}")
        time.sleep(0.2)
        assert call.get(f"/data-jobs/{job}").json()["status"] == "ready_to_start"


def test_markdown_is_ready_at_once(call: Caller) -> None:
    job = call.job()["id"]
    attached = call.attach(job, call.upload("principles.md", MARKDOWN.encode())["id"])
    assert attached["status"] == "ready_to_start"
    assert attached["ingestion_jobs"] == []


def test_the_old_way_makes_pairs_as_well(service: Rehearsal, call: Caller) -> None:
    file = call.upload()["id"]
    answer = call.post("/alignment/generate", json={"instructions": "Ask.", "files": [file]})
    assert answer.headers["deprecation"] == "true"
    name = answer.json()["id"]
    while (now := call.get(f"/alignment/{name}").json())["status"] != "completed":
        assert call.get(f"/alignment/{name}/outputs").json() == []
    assert call.get(f"/alignment/{name}/outputs").json() == now["output_files"]
    assert [each["id"] for each in call.get("/alignment").json()["data"]] == [name]
    assert service.effects["generated"] == 1


# -- what is refused -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("headers", "detail"),
    [
        ({"Authorization": ""}, "Missing Authorization header"),
        ({"Authorization": f"Bearer {KEY}"}, "Invalid API key format"),
        ({"Authorization": "another"}, "Invalid API key"),
    ],
)
def test_only_the_raw_key_is_let_in(call: Caller, headers: dict[str, str], detail: str) -> None:
    answer = call.get("/files", headers=headers)
    assert (answer.status_code, answer.json()) == (401, {"detail": detail})


def test_another_teams_objects_are_not_there(service: Rehearsal, call: Caller) -> None:
    job, file = call.job()["id"], call.upload()["id"]
    with Caller(service.url, team="another") as other:
        for path in (f"/data-jobs/{job}", f"/files/{file}", f"/files/{file}/content"):
            assert other.get(path).status_code == 404
        assert other.get("/files").json()["data"] == []
        assert other.get("/data-jobs").json()["data"] == []
        mine = other.job()
        assert mine["team_id"] == "another"
        refused = other.post(f"/data-jobs/{mine['id']}/add-files", json={"file_ids": [file]})
        assert refused.status_code == 404
    assert call.get(f"/data-jobs/{mine['id']}").status_code == 404


def test_a_body_that_fails_is_422_with_the_list_of_what_is_wrong(call: Caller) -> None:
    answer = call.post("/data-jobs", json={"name": "", "job_type": "principles"})
    assert answer.status_code == 422
    assert [each["loc"] for each in answer.json()["detail"]] == [
        ["body", "name"], ["body", "job_type"],
    ]  # fmt: skip
    assert all({"loc", "msg", "type"} <= each.keys() for each in answer.json()["detail"])
    for broken in (b"{", b"", b"[]"):
        answer = call.post(
            "/data-jobs", content=broken, headers={"Content-Type": "application/json"}
        )
        assert answer.status_code == 422
    assert call.post("/data-jobs", data={"name": "x"}).status_code == 422
    assert call.get("/data-jobs", params={"limit": 101}).status_code == 422


def test_a_job_that_is_not_ready_is_409_and_so_is_a_second_start(
    service: Rehearsal, call: Caller
) -> None:
    job = call.job()["id"]
    answer = call.post(f"/data-jobs/{job}/start")
    assert answer.status_code == 409
    assert "needs_review" in answer.json()["detail"]
    call.attach(job, call.upload()["id"])
    assert call.post(f"/data-jobs/{job}/start").status_code == 409
    call.looks(job, "ready_to_start")
    assert call.post(f"/data-jobs/{job}/start").status_code == 200
    assert call.post(f"/data-jobs/{job}/start").status_code == 409
    assert service.effects["starts"] == 1


def test_a_job_without_a_system_prompt_needs_review_until_it_has_one(call: Caller) -> None:
    job = call.job(system_prompt=None)["id"]
    call.attach(job, call.upload("p.md", MARKDOWN.encode())["id"])
    now = call.get(f"/data-jobs/{job}").json()
    assert (now["status"], now["status_message"]) == ("needs_review", "Add a system prompt.")
    asked = call.post("/data-jobs/gen_system_prompt", json={"instructions": "Ask of doors."})
    edited = call.patch(f"/data-jobs/{job}", json=asked.json()).json()
    assert edited["status"] == "ready_to_start"
    assert "Ask of doors" in edited["system_prompt"]


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("p.json", b'{"label": "Doors"}', "lacks"),
        ("p.json", b"[]", "one object"),
        ("p.json", b"{", "not JSON"),
        ("p.md", b"# One\n\nText.\n\n### Three\n\nText.\n", "skips a level"),
        ("p.md", b"# One\n\n## Two\n\nText.\n", "no text under"),
        ("p.md", b"Text alone.\n", "no heading"),
        ("p.md", b"# One\n\n\xff\xfe\n", "UTF-8"),
    ],
)
def test_a_bad_document_needs_review_and_the_record_says_why(
    call: Caller, name: str, data: bytes, message: str
) -> None:
    job = call.job()["id"]
    call.attach(job, call.upload(name, data)["id"])
    call.looks(job, "needs_review")
    now = call.get(f"/data-jobs/{job}").json()
    (record,) = now["ingestion_jobs"][0]["records"]
    assert record["status"] == "failed"
    assert message in record["error_message"]
    assert record["suggested_fix"] == now["files"][0]["suggested_fix"]
    assert record["suggested_fix"]


def test_a_file_can_be_taken_away_and_another_put_in_its_place(call: Caller) -> None:
    job = call.job()["id"]
    bad = call.upload("p.json", b"{}")["id"]
    call.attach(job, bad)
    call.looks(job, "needs_review")
    now = call.post(f"/data-jobs/{job}/remove-files", json={"file_ids": [bad]}).json()
    assert now["files"] == now["ingestion_jobs"] == []
    assert call.attach(job, call.upload("p.md", MARKDOWN.encode())["id"])["status"] == (
        "ready_to_start"
    )
    again = call.post(f"/data-jobs/{job}/remove-files", json={"file_ids": [bad]})
    assert again.status_code == 404


def test_a_started_job_is_not_changed_but_cancelled_or_cloned(
    service: Rehearsal, call: Caller
) -> None:
    job = call.ready()
    assert call.post(f"/data-jobs/{job}/cancel").status_code == 409
    call.post(f"/data-jobs/{job}/start")
    assert call.patch(f"/data-jobs/{job}", json={"name": "new"}).status_code == 409
    assert call.delete(f"/data-jobs/{job}").status_code == 409
    assert call.post(f"/data-jobs/{job}/cancel").json()["status"] == "cancelled"
    assert call.post(f"/data-jobs/{job}/cancel").status_code == 409
    assert call.get(f"/data-jobs/{job}").json()["alignment_job"]["output_files"] == []
    clone = call.post(f"/data-jobs/{job}/clone", json={"name": None})
    assert clone.status_code == 201
    assert clone.json()["origin_data_job_id"] == job
    assert clone.json()["status"] == "ready_to_start"
    assert call.delete(f"/data-jobs/{job}").status_code == 204
    assert call.get(f"/data-jobs/{job}").status_code == 404
    assert (service.effects["jobs"], service.effects["clones"]) == (1, 1)


def test_what_is_not_there_is_404_and_a_wrong_method_405(call: Caller) -> None:
    for path in ("/files/file-x", "/data-jobs/dj-x", "/alignment/al-x", "/nothing"):
        assert call.get(path).status_code == 404
    assert call.get("/files/file-x/content").status_code == 404
    assert call.post("/files").status_code == 405
    assert call.get("/data-jobs/x/outputs").status_code == 404


# -- files -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("purpose", "suffix", "size", "fits"),
    [
        ("alignment", "json", 10, True),
        ("alignment", "JSON", 10, True),
        ("alignment", "exe", 10, False),
        ("alignment", "json", 0, False),
        ("fine-tune", "parquet", 10, True),
        ("fine-tune", "md", 10, False),
        ("alignment", "json", 5_000_000_000, False),
    ],
)
def test_metadata_is_checked_before_a_file_is_sent(
    call: Caller, purpose: str, suffix: str, size: int, fits: bool
) -> None:
    asked = {"purpose": purpose, "suffix": suffix, "size": size}
    answer = call.post("/files/validate_metadata", json=asked).json()
    assert answer["is_valid"] is fits
    assert (answer["errors"] is None) is fits


def test_a_form_without_purpose_or_files_is_refused_and_nothing_is_stored(
    service: Rehearsal, call: Caller
) -> None:
    data = {"files": ("a.json", b"{}")}
    answer = call.put("/files", files=data)
    assert answer.json()["detail"][0]["loc"] == ["body", "purpose"]
    answer = call.put("/files", data={"purpose": "training"}, files=data)
    assert answer.status_code == 422
    answer = call.put("/files", files={"purpose": (None, "alignment")})
    assert answer.json()["detail"][0]["loc"] == ["body", "files"]
    answer = call.put("/files", data={"purpose": "fine-tune"}, files=data)
    assert answer.status_code == 400
    assert service.effects["files"] == 0
    assert list((service.folder / "contents").iterdir()) == []
    assert list((service.folder / "incoming").iterdir()) == []


def test_several_files_come_at_once(call: Caller) -> None:
    sent = [("files", (name, b"# A\n\nText.\n")) for name in ("a.md", "b.md")]
    answer = call.put("/bulk_files", data={"purpose": "alignment"}, files=sent)
    assert [each["filename"] for each in answer.json()] == ["a.md", "b.md"]


def test_files_are_listed_by_page_order_and_purpose(call: Caller) -> None:
    for number in range(5):
        call.upload(f"{number}.json")
    call.upload("t.jsonl", b'{"messages": []}\n', purpose="fine-tune")

    def names(**query: Any) -> list[str]:
        page = call.get("/files", params=query).json()
        assert page["object"] == "list"
        return [each["filename"] for each in page["data"]]

    assert names() == ["t.jsonl", "4.json", "3.json", "2.json", "1.json", "0.json"]
    assert names(limit=2, offset=1) == ["4.json", "3.json"]
    assert names(sort_by="filename", sort_order="asc", purpose="alignment", limit=2) == [
        "0.json", "1.json",
    ]  # fmt: skip
    assert names(purpose="fine-tune") == ["t.jsonl"]
    assert names(offset=6) == []


def test_a_file_is_renamed_and_deleted(service: Rehearsal, call: Caller) -> None:
    file = call.upload()["id"]
    answer = call.put(f"/files/{file}/rename", json={"new_filename": "new.json"})
    assert answer.json()["filename"] == "new.json"
    assert call.delete(f"/files/{file}").json() == {
        "id": file, "object": "file", "deleted": True,
    }  # fmt: skip
    assert call.get(f"/files/{file}").status_code == 404
    assert service.effects["files"] == 1


def test_a_name_with_folders_in_it_stays_a_name(call: Caller) -> None:
    assert call.upload("../../up/there.json")["filename"] == "there.json"
    assert call.upload("C:\\up\\there.json")["filename"] == "there.json"


def test_a_large_upload_is_not_held_in_memory(tmp_path: Path) -> None:
    size = 120_000_000
    large = tmp_path / "large.jsonl"
    with large.open("wb") as file:
        file.truncate(size)
    with apart(tmp_path / "state") as (process, url), Caller(url) as call:
        before = _memory(process.pid)
        with large.open("rb") as file:
            answer = call.put(
                "/files", data={"purpose": "fine-tune"}, files={"files": ("l.jsonl", file)}
            )
        assert answer.json()["bytes"] == size
        got = 0
        with call.stream("GET", f"/files/{answer.json()['id']}/content") as content:
            for piece in content.iter_raw():
                got += len(piece)
        assert got == size
        assert _memory(process.pid) - before < 20_000_000


def test_a_body_in_chunks_is_taken_as_well(call: Caller) -> None:
    body = json.dumps({"purpose": "alignment", "suffix": "json", "size": 1}).encode()
    answer = call.post(
        "/files/validate_metadata",
        content=iter((body[:10], body[10:])),
        headers={"Content-Type": "application/json"},
    )
    assert answer.json()["is_valid"] is True


# -- projects, models, training --------------------------------------------------------------


def test_a_fine_tune_is_asked_for_and_goes_its_way(service: Rehearsal, call: Caller) -> None:
    data = call.upload("t.jsonl", b'{"messages": []}\n', purpose="fine-tune")["id"]
    project = call.post("/projects", json={"name": "doors", "description": "About doors."})
    assert project.status_code == 201
    model = call.get("/models").json()["data"][0]["name"]
    asked = {
        "project_id": project.json()["id"],
        "training_config": {"training_files": [data], "model": model, "n_epochs": 1,
                            "learning_rate": 1e-5, "experiment_name": "one"},
        "infrastructure_config": {"accel_type": "H100", "n_accel": 8},
    }  # fmt: skip
    made = call.post("/fine-tune", json=asked).json()
    assert (made["status"], made["n_node"], made["learning_rate"]) == ("pending", 1, 1e-5)
    seen = []
    while "completed" not in seen:
        seen.append(call.get(f"/fine-tunes/{made['id']}").json()["status"])
    assert {"pending", "queued", "running"} <= set(seen)
    assert [each["id"] for each in call.get("/fine-tunes").json()["data"]] == [made["id"]]
    assert service.effects["fine_tunes"] == 1
    asked["training_config"]["training_files"] = ["file-x"]
    assert call.post("/fine-tune", json=asked).status_code == 404
    asked["training_config"]["training_files"] = [call.upload()["id"]]
    assert call.post("/fine-tune", json=asked).status_code == 400
    del asked["training_config"]["model"]
    assert call.post("/fine-tune", json=asked).status_code == 422


# -- life ------------------------------------------------------------------------------------


def test_ids_and_times_depend_on_nothing_but_what_was_asked(tmp_path: Path) -> None:
    told = []
    for name in ("one", "two"):
        with Rehearsal(tmp_path / name) as service, Caller(service.url) as call:
            job = call.done()
            output = job["alignment_job"]["output_files"][0]["id"]
            told.append((job, call.get(f"/files/{output}/content").content))
    assert told[0] == told[1]


def test_a_new_server_goes_on_where_the_last_one_stood(tmp_path: Path) -> None:
    with Rehearsal(tmp_path) as service, Caller(service.url) as call:
        job = call.ready()
        call.post(f"/data-jobs/{job}/start")
        call.get(f"/data-jobs/{job}")
    with Rehearsal(tmp_path) as service, Caller(service.url) as call:
        assert service.effects["starts"] == 1
        assert call.looks(job, "completed")[0] in ("pending", "queued")
        done = call.get(f"/data-jobs/{job}").json()
        new = call.upload()["id"]
        assert new not in [each["file_id"] for each in done["files"]]
        assert len(done["alignment_job"]["output_files"]) == 1


def test_a_server_that_is_killed_loses_nothing_that_it_had_said(tmp_path: Path) -> None:
    state = tmp_path / "state"
    job = ""
    seen: list[str] = []
    while "completed" not in seen:
        with apart(state) as (process, url), Caller(url) as call:
            if not job:
                job = call.job()["id"]
                call.attach(job, call.upload("p.md", MARKDOWN.encode())["id"])
                call.post(f"/data-jobs/{job}/start")
            for _ in range(2):
                seen.append(call.get(f"/data-jobs/{job}").json()["status"])
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
        assert len(seen) < 20
    order = ["pending", "queued", "running", "completed"]
    assert seen == sorted(seen, key=order.index)
    with Rehearsal(state) as service:
        assert (service.effects["files"], service.effects["starts"]) == (1, 1)


def test_an_upload_that_is_cut_off_leaves_nothing(service: Rehearsal) -> None:
    import socket

    host, port = "127.0.0.1", int(service.url.rpartition(":")[2])
    with socket.create_connection((host, port)) as sent:
        sent.sendall(
            f"PUT /v1/flow/files HTTP/1.1\r\nHost: x\r\nAuthorization: {KEY}\r\n"
            "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 5000\r\n\r\n"
            '--b\r\nContent-Disposition: form-data; name="files"; filename="a.json"\r\n\r\n{"la'
            "".replace("\n\r", "\n").encode()
        )
    until = time.monotonic() + 10
    while not (service.requests and service.requests[0].ended):
        assert time.monotonic() < until
        time.sleep(0.01)
    assert service.effects["files"] == 0
    assert list((service.folder / "incoming").iterdir()) == []


def test_only_one_process_serves_a_folder(service: Rehearsal) -> None:
    with pytest.raises(UsageError, match="served by another rehearsal"), Rehearsal(service.folder):
        pass


def test_a_port_that_is_taken_is_said_in_one_sentence(service: Rehearsal, tmp_path: Path) -> None:
    port = int(service.url.rpartition(":")[2])
    with (
        pytest.raises(UsageError, match=f"port {port} "),
        Rehearsal(tmp_path / "other", port=port),
    ):
        pass


def test_it_listens_on_loopback_alone_and_ends_all_threads(tmp_path: Path) -> None:
    before = threading.active_count()
    with Rehearsal(tmp_path) as service, Caller(service.url) as call:
        assert service._listener.server_address[0] == "127.0.0.1"
        call.get("/files")
    assert threading.active_count() == before


def test_many_at_once_are_all_served_and_none_is_lost(service: Rehearsal) -> None:
    def send() -> None:
        with Caller(service.url) as call:
            for _ in range(5):
                call.upload()

    threads = [threading.Thread(target=send) for _ in range(6)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert service.effects["files"] == 30
    with Caller(service.url) as call:
        assert len({each["id"] for each in call.get("/files").json()["data"]}) == 30


def test_what_happened_can_be_asked_of_it_without_a_key_and_without_seeing_one(
    service: Rehearsal, call: Caller
) -> None:
    call.upload()
    assert KEY not in repr(service.requests)
    call.get("/files", params={"x": KEY})
    assert httpx.get(f"{service.url}/_rehearsal/effects").json() == service.effects
    answer = httpx.get(f"{service.url}/_rehearsal/requests")
    assert KEY not in answer.text
    assert [each["method"] for each in answer.json()] == ["PUT", "GET"]
    assert answer.json()[0]["parts"][1]["filename"] == "principles.json"
    kept = [path.read_text() for path in (service.folder / "objects").iterdir()]
    assert all(KEY not in each for each in kept)


# -- in a process of its own -----------------------------------------------------------------


def _memory(process: int) -> int:
    """The most memory that a process has held, in bytes."""
    status = Path(f"/proc/{process}/status")
    if not status.exists():
        pytest.skip("there is no /proc to measure memory")
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) * 1024


def test_by_hand_it_says_its_address_then_every_request_and_ends_well(tmp_path: Path) -> None:
    with apart(tmp_path, "--misbehave", "500:path=/files,times=1") as (process, url):
        with Caller(url) as call:
            assert call.get("/files").status_code == 500
            assert call.get("/files").status_code == 200
        assert process.stdout
        assert process.stdout.readline() == "500 GET /v1/flow/files  [500]\n"
        assert process.stdout.readline() == "200 GET /v1/flow/files\n"
        process.terminate()
        assert process.wait(20) == 0


def test_by_hand_a_wrong_misbehaviour_is_one_sentence(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tribonian.align.rehearsal", "--state", str(tmp_path),
         "--misbehave", "nonsense"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr.startswith("No misbehaviour is called 'nonsense'")
    assert "Traceback" not in done.stderr
