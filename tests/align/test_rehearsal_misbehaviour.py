"""Each way in which the stand-in can misbehave, seen from outside and counted inside."""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.align.rehearsal_calls import KEY, MARKDOWN, Caller
from tribonian.align.rehearsal import CONDUCT, REPLIES, Misbehaviour, Rehearsal, parse_fault
from tribonian.errors import UsageError


@contextmanager
def serving(place: Path, *faults: str, looks: int = 1) -> Iterator[tuple[Rehearsal, Caller]]:
    with (
        Rehearsal(place / "state", misbehave=faults, key=KEY, looks=looks) as service,
        Caller(service.url) as call,
    ):
        yield service, call


def output_of(call: Caller, place: Path, many: bool = False) -> tuple[Any, Path]:
    """A job that is done, and its output file, downloaded."""
    data = MARKDOWN.encode()
    if many:
        sections = [
            f"## § 2.{n} Rule {n}\n\nA keeper must hold {n} keys of door {n} and may hold more.\n"
            for n in range(1, 31)
        ]
        data = ("# PART 2—KEYS\n\nAbout keys.\n\n" + "\n".join(sections)).encode()
    job = call.done("p.md", data)
    (output,) = call.get(f"/alignment/{job['alignment_job_id']}/outputs").json()
    path = place / output["filename"]
    path.write_bytes(call.get(f"/files/{output['id']}/content").content)
    return output, path


def pairs_of(path: Path) -> list[tuple[str, str]]:
    rows = pq.read_table(path).to_pylist()
    return [tuple(each["content"] for each in row["messages"][-2:]) for row in rows]


# -- how it is asked for ---------------------------------------------------------------------


def test_every_fault_has_a_line_that_says_what_it_is() -> None:
    assert not set(REPLIES) & set(CONDUCT)
    assert all(text and not text.endswith(".") for text in [*REPLIES.values(), *CONDUCT.values()])


def test_a_fault_is_read_from_its_text() -> None:
    fault = parse_fault("429:first=2,method=POST,path=/start$,chance=0.5,seed=3,retry_after=7")
    assert (fault.name, fault.first, fault.method, fault.path) == ("429", 2, "POST", "/start$")
    assert (fault.chance, fault.seed, fault.retry_after) == (0.5, 3, 7)


@pytest.mark.parametrize("text", ["nonsense", "500:sometimes=1", "500:first=one", "500:chance=x"])
def test_a_fault_that_is_not_understood_is_one_sentence(text: str) -> None:
    with pytest.raises(UsageError):
        parse_fault(text)


def struck(text: str, occasions: int) -> str:
    fault = parse_fault(text)
    return "".join("x" if fault.strikes() else "." for _ in range(occasions))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("500", "xxxxxx"),
        ("500:times=2", "xx...."),
        ("500:first=3", "xxx..."),
        ("500:after=4", "....xx"),
        ("500:after=1,times=2", ".xx..."),
        ("500:chance=0", "......"),
    ],
)
def test_when_a_fault_strikes(text: str, expected: str) -> None:
    assert struck(text, 6) == expected


def test_chance_is_the_same_for_the_same_seed_and_about_what_was_asked_for() -> None:
    one = struck("500:chance=0.3,seed=1", 1000)
    assert one == struck("500:chance=0.3,seed=1", 1000) != struck("500:chance=0.3,seed=2", 1000)
    assert 250 < one.count("x") < 350


def test_method_and_path_choose_the_requests() -> None:
    fault = parse_fault("500:method=POST,path=/data-jobs$")
    assert fault.fits("POST", "/v1/flow/data-jobs")
    assert not fault.fits("GET", "/v1/flow/data-jobs")
    assert not fault.fits("POST", "/v1/flow/data-jobs/dj-1/start")
    assert parse_fault("start-502").fits("POST", "/v1/flow/data-jobs/dj-1/start")
    assert not parse_fault("create-500").fits("POST", "/v1/flow/data-jobs/dj-1/start")


def test_faults_can_be_added_and_cleared_while_it_serves(tmp_path: Path) -> None:
    with serving(tmp_path) as (service, call):
        assert call.get("/files").status_code == 200
        service.misbehaviour.add("503:retry_after=4", "slow:seconds=0")
        answer = call.get("/files")
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "4")
        assert service.requests[-1].struck == ("503", "slow")
        service.misbehaviour.clear()
        assert call.get("/files").status_code == 200
    assert isinstance(service.misbehaviour, Misbehaviour)


# -- replies ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "jobs"),
    [("drop-before", 0), ("drop-during", 0), ("drop-after", 1)],
)
def test_a_dropped_reply_leaves_or_does_not_leave_its_effect(
    tmp_path: Path, fault: str, jobs: int
) -> None:
    with serving(tmp_path, f"{fault}:method=POST,times=1") as (service, call):
        with pytest.raises(httpx.TransportError):
            call.job(instructions="x" * 5000)
        assert service.effects["jobs"] == jobs
        assert len(call.get("/data-jobs").json()["data"]) == jobs
        assert service.requests[0].status == 0


@pytest.mark.parametrize("fault", ["drop-before", "drop-during", "drop-after"])
def test_an_upload_can_lose_its_reply_as_well(tmp_path: Path, fault: str) -> None:
    with serving(tmp_path, f"{fault}:method=PUT,times=1") as (service, call):
        with pytest.raises(httpx.TransportError):
            call.upload(data=b"#" * 400_000)
        assert service.effects["files"] == (fault == "drop-after")
        assert list((service.folder / "incoming").iterdir()) == []


@pytest.mark.parametrize(
    ("fault", "status", "media_type"),
    [
        ("429", 429, "application/json"),
        ("500", 500, "application/json"),
        ("502", 502, "text/html; charset=utf-8"),
        ("503", 503, "application/json"),
        ("error:status=418", 418, "application/json"),
        ("expired", 401, "application/json"),
        ("forbidden", 403, "application/json"),
    ],
)
def test_a_refusal_has_no_effect(tmp_path: Path, fault: str, status: int, media_type: str) -> None:
    with serving(tmp_path, fault) as (service, call):
        answer = call.put(
            "/files", data={"purpose": "alignment"}, files={"files": ("a.json", b"{}")}
        )
        assert (answer.status_code, answer.headers["content-type"]) == (status, media_type)
        assert service.effects["files"] == 0


@pytest.mark.parametrize(
    ("fault", "expected"),
    [("429", "1"), ("429:retry_after=3", "3"), ("429:retry_after=-1", None),
     ("503", None), ("503:retry_after=2", "2")],
)  # fmt: skip
def test_retry_after_is_said_or_not(tmp_path: Path, fault: str, expected: str | None) -> None:
    with serving(tmp_path, fault) as (_, call):
        assert call.get("/files").headers.get("retry-after") == expected


@pytest.mark.parametrize("fault", ["create-500", "500-after", "502-after"])
def test_an_error_after_creating_has_created(tmp_path: Path, fault: str) -> None:
    with serving(tmp_path, fault) as (service, call):
        asked = {"name": "x", "job_type": "principle_files"}
        assert call.post("/data-jobs", json=asked).status_code >= 500
        assert service.effects["jobs"] == 1
        assert call.post("/data-jobs", json={}).status_code == 422  # what fails is told as it is


def test_an_error_after_starting_has_started(tmp_path: Path) -> None:
    with serving(tmp_path, "start-502") as (service, call):
        job = call.ready()
        assert call.post(f"/data-jobs/{job}/start").status_code == 502
        assert service.effects["starts"] == 1
        assert call.get(f"/data-jobs/{job}").json()["alignment_job_id"]


def test_a_key_expires_after_some_requests(tmp_path: Path) -> None:
    with serving(tmp_path, "expired:after=2") as (_, call):
        assert [call.get("/files").status_code for _ in range(4)] == [200, 200, 401, 401]


def test_a_key_can_come_back_in_the_body_of_an_error(tmp_path: Path) -> None:
    with serving(tmp_path, "echo-key") as (_, call):
        answer = call.get("/files")
        assert answer.status_code == 400
        assert KEY in answer.text


def test_a_reply_can_be_cut_short(tmp_path: Path) -> None:
    with serving(tmp_path, "truncated:path=/content") as (_, call):
        file = call.upload(data=b"#" * 1000)["id"]
        with pytest.raises(httpx.RemoteProtocolError):
            call.get(f"/files/{file}/content")
        with call.stream("GET", f"/files/{file}/content") as answer:
            assert answer.headers["content-length"] == "1000"
            with pytest.raises(httpx.RemoteProtocolError):
                assert len(b"".join(answer.iter_raw())) == 500


def test_a_reply_can_come_in_chunks_with_and_without_an_end(tmp_path: Path) -> None:
    with serving(
        tmp_path, "chunked:path=/content,times=1", "chunked-cut:path=/content,after=1"
    ) as (_, call):
        file = call.upload(data=b"#" * 200_000)["id"]
        answer = call.get(f"/files/{file}/content")
        assert "content-length" not in answer.headers
        assert len(answer.content) == 200_000
        with pytest.raises(httpx.RemoteProtocolError):
            call.get(f"/files/{file}/content")


def test_a_reply_can_be_compressed(tmp_path: Path) -> None:
    with serving(tmp_path, "gzip:path=/content,times=1", "gzip-broken:path=/content,after=1") as (
        _,
        call,
    ):
        file = call.upload(data=bytes(range(256)) * 100)["id"]
        with call.stream("GET", f"/files/{file}/content") as answer:
            raw = b"".join(answer.iter_raw())
        assert int(answer.headers["content-length"]) == len(raw)
        assert gzip.decompress(raw) == bytes(range(256)) * 100
        with pytest.raises(httpx.DecodingError):
            call.get(f"/files/{file}/content")


@pytest.mark.parametrize("fault", ["stalled", "stalled-body"])
def test_a_reply_can_stall(tmp_path: Path, fault: str) -> None:
    with serving(tmp_path, fault) as (_, call):
        began = time.monotonic()
        with pytest.raises(httpx.ReadTimeout):
            call.get("/files", timeout=0.2)
    assert time.monotonic() - began < 10  # and does not keep the server from closing


def test_a_reply_can_be_slow_and_what_was_asked_is_done_before(tmp_path: Path) -> None:
    with serving(tmp_path, "attach-slow:seconds=20") as (service, call):
        job, file = call.job()["id"], call.upload()["id"]
        with pytest.raises(httpx.ReadTimeout):
            call.post(f"/data-jobs/{job}/add-files", json={"file_ids": [file]}, timeout=0.3)
        assert service.effects["attachments"] == 1
        service.misbehaviour.clear()
        service.misbehaviour.add("slow:seconds=0.2")
        began = time.monotonic()
        call.get("/files")
        assert time.monotonic() - began >= 0.2


def test_a_page_for_signing_in_and_half_of_a_json_are_200(tmp_path: Path) -> None:
    with serving(tmp_path, "html:times=1", "half-json:after=1,times=1") as (_, call):
        answer = call.get("/files")
        assert (answer.status_code, answer.text[:15]) == (200, "<!DOCTYPE html>")
        answer = call.get("/files")
        assert answer.status_code == 200
        with pytest.raises(json.JSONDecodeError):
            answer.json()


def test_a_redirect_leads_to_another_path_that_answers(tmp_path: Path) -> None:
    with serving(tmp_path, "redirect") as (service, call):
        assert call.get("/files").status_code == 307
        assert call.get("/files", follow_redirects=True).json()["data"] == []
        answer = call.post(
            "/data-jobs", json={"name": "x", "job_type": "principle_files"}, follow_redirects=True
        )
        assert answer.status_code == 201
        assert service.effects["jobs"] == 1


def test_content_can_be_elsewhere_where_a_key_is_refused(tmp_path: Path) -> None:
    with serving(tmp_path, "redirect-content") as (service, call):
        file = call.upload(data=b"# content")["id"]
        answer = call.get(f"/files/{file}/content")
        assert answer.status_code == 302
        there = answer.headers["location"]
        assert not there.startswith(service.url)
        assert httpx.get(there).content == b"# content"
        assert httpx.get(there, headers={"Authorization": KEY}).status_code == 400
        assert [each.header("authorization") for each in service.elsewhere_requests] == [None, KEY]


# -- conduct: states -------------------------------------------------------------------------


def test_a_status_that_nobody_documented_comes_and_goes(tmp_path: Path) -> None:
    with serving(tmp_path, "unknown-status:looks=2,word=thawing") as (_, call):
        job = call.job()["id"]
        call.attach(job, call.upload()["id"])
        assert call.looks(job, "ready_to_start")[:2] == ["thawing", "thawing"]
        call.post(f"/data-jobs/{job}/start")
        assert call.looks(job, "completed")[:3] == ["thawing", "thawing", "queued"]


def test_a_status_that_nobody_documented_can_stay(tmp_path: Path) -> None:
    with serving(tmp_path, "unknown-forever") as (_, call):
        job = call.ready()
        call.post(f"/data-jobs/{job}/start")
        assert {call.get(f"/data-jobs/{job}").json()["status"] for _ in range(20)} == {"warming_up"}
        assert call.post(f"/data-jobs/{job}/cancel").json()["status"] == "cancelled"


def test_json_can_be_refused_and_markdown_suggested(tmp_path: Path) -> None:
    with serving(tmp_path, "json-refused") as (_, call):
        job = call.job()["id"]
        call.attach(job, call.upload()["id"])
        call.looks(job, "needs_review")
        (file,) = call.get(f"/data-jobs/{job}").json()["files"]
        assert file["status"] == "failed"
        assert "Markdown" in file["suggested_fix"]
        assert call.ready("p.md", MARKDOWN.encode())


def test_ingestion_can_fail_and_can_take_long(tmp_path: Path) -> None:
    with serving(tmp_path, "ingestion-failed:times=1", "ingestion-long:after=1") as (_, call):
        job = call.job()["id"]
        call.attach(job, call.upload()["id"])
        call.looks(job, "needs_review")
        job = call.job()["id"]
        call.attach(job, call.upload()["id"])
        assert len(call.looks(job, "ready_to_start")) > 5


def test_a_system_prompt_can_be_made_of_the_instructions(tmp_path: Path) -> None:
    with serving(tmp_path, "prompt-generated") as (_, call):
        job = call.job(system_prompt=None)["id"]
        call.attach(job, call.upload()["id"])
        assert call.looks(job, "ready_to_start")


@pytest.mark.parametrize(
    ("fault", "status"),
    [("job-failed", "failed"), ("job-cancelled", "cancelled"), ("job-stopped", "stopped")],
)
@pytest.mark.parametrize("partial", [False, True])
def test_a_job_can_end_badly_with_or_without_what_was_made_so_far(
    tmp_path: Path, fault: str, status: str, partial: bool
) -> None:
    text = f"{fault}:partial=1" if partial else fault
    with serving(tmp_path, f"{text},times=1" if partial else f"{text}:times=1") as (_, call):
        job = call.ready()
        call.post(f"/data-jobs/{job}/start")
        call.looks(job, status)
        now = call.get(f"/data-jobs/{job}").json()
        assert now["status_message"]
        assert now["alignment_job"]["stopped_at"]
        assert len(now["alignment_job"]["output_files"]) == partial
        assert call.done()["status"] == "completed"  # the next one


def test_a_job_can_run_for_ever(tmp_path: Path) -> None:
    with serving(tmp_path, "never-done", "progress-text") as (_, call):
        job = call.ready()
        call.post(f"/data-jobs/{job}/start")
        seen = [call.get(f"/data-jobs/{job}").json() for _ in range(20)]
        assert seen[-1]["status"] == "running"
        assert seen[-1]["alignment_job"]["progress"].endswith("%")


# -- conduct: outputs ------------------------------------------------------------------------


def test_an_output_can_be_empty_without_rows_or_missing(tmp_path: Path) -> None:
    with serving(tmp_path, "no-output:times=1", "empty-output:times=1", "no-rows") as (
        _,
        call,
    ):
        assert call.done()["alignment_job"]["output_files"] == []
        output, path = output_of(call, tmp_path)
        assert output["bytes"] == path.stat().st_size == 0
        _, path = output_of(call, tmp_path)
        assert pq.read_table(path).num_rows == 0


def test_outputs_can_come_late(tmp_path: Path) -> None:
    with serving(tmp_path, "outputs-late:looks=3") as (_, call):
        job = call.ready()
        call.post(f"/data-jobs/{job}/start")
        call.looks(job, "completed")
        found = [
            len(call.get(f"/data-jobs/{job}").json()["alignment_job"]["output_files"])
            for _ in range(4)
        ]
        assert found == [0, 0, 1, 1]


def test_outputs_can_be_at_one_of_two_addresses_only(tmp_path: Path) -> None:
    with serving(tmp_path, "outputs-not-embedded") as (service, call):
        job = call.done()
        assert "output_files" not in job["alignment_job"]
        assert len(call.get(f"/alignment/{job['alignment_job_id']}/outputs").json()) == 1
        assert call.get(f"/data-jobs/{job['id']}/outputs").status_code == 404
        service.misbehaviour.clear()
        service.misbehaviour.add("outputs-only-at-job")
        assert "output_files" not in call.get(f"/data-jobs/{job['id']}").json()["alignment_job"]
        assert call.get(f"/alignment/{job['alignment_job_id']}/outputs").status_code == 404
        assert len(call.get(f"/data-jobs/{job['id']}/outputs").json()) == 1


def test_there_can_be_an_output_that_is_no_pairs(tmp_path: Path) -> None:
    with serving(tmp_path, "extra-output", "no-size") as (_, call):
        files = call.done()["alignment_job"]["output_files"]
        assert [each["purpose"] for each in files] == ["alignment", "fine-tune"]
        assert [each["bytes"] for each in files] == [None, None]


@pytest.mark.parametrize(
    ("fault", "columns"),
    [
        ("slow:seconds=0", ["messages", "rehearsal"]),
        ("messages-json", ["messages", "rehearsal"]),
        ("question-answer", ["question", "answer", "rehearsal"]),
        ("prompt-completion", ["prompt", "completion", "rehearsal"]),
        ("extra-columns", ["messages", "source_chunk", "score", "system_prompt", "rehearsal"]),
        ("unknown-columns", ["turns_v2", "weight", "rehearsal"]),
    ],
)
def test_the_columns_can_be_other_ones(tmp_path: Path, fault: str, columns: list[str]) -> None:
    with serving(tmp_path, fault) as (_, call):
        _, path = output_of(call, tmp_path)
    table = pq.read_table(path)
    assert table.column_names == columns
    assert table["rehearsal"].to_pylist() == [True, True]
    if fault == "messages-json":
        assert table.schema.field("messages").type == pa.string()
        assert json.loads(table["messages"][0].as_py())[1]["role"] == "user"


def test_the_output_can_be_jsonl_and_have_no_system_message(tmp_path: Path) -> None:
    with serving(tmp_path, "jsonl", "no-system") as (_, call):
        output, path = output_of(call, tmp_path)
    assert output["file_type"] == "jsonl"
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    assert [each["role"] for each in rows[0]["messages"]] == ["user", "assistant"]
    assert all(row["rehearsal"] is True for row in rows)


def test_rows_can_be_shuffled_and_come_twice(tmp_path: Path) -> None:
    with serving(tmp_path) as (service, call):
        _, path = output_of(call, tmp_path, many=True)
        plain = pairs_of(path)
        service.misbehaviour.add("shuffled", "duplicates:every=10")
        _, path = output_of(call, tmp_path, many=True)
        mixed = pairs_of(path)
    assert len(plain) == len(set(plain)) == 30
    assert len(mixed) == 33
    assert set(mixed) == set(plain)
    assert mixed[:30] != plain


@pytest.mark.parametrize(
    ("fault", "kind", "number"),
    [
        ("refusals:every=10", "refusal", 3),
        ("boilerplate:every=5", "boilerplate", 6),
        ("wrong-numbers:every=3", "number", 10),
        ("wrong-modals:every=2", "modal", 15),
    ],
)
def test_what_is_planted_is_planted_and_known(
    tmp_path: Path, fault: str, kind: str, number: int
) -> None:
    with serving(tmp_path) as (service, call):
        _, path = output_of(call, tmp_path, many=True)
        plain = dict(pairs_of(path))
        service.misbehaviour.add(fault)
        output, path = output_of(call, tmp_path, many=True)
        truth = service.truth(output["id"])
    planted = {question: answer for question, answer, _, what in truth if what == kind}
    assert len(planted) == number
    for question, answer in pairs_of(path):
        assert (answer != plain[question]) is (question in planted)
        assert planted.get(question, answer) == answer
    if kind == "modal":
        assert all(" may hold " in answer for answer in planted.values())


# -- conduct: objects and lists --------------------------------------------------------------


def test_optional_fields_can_be_missing(tmp_path: Path) -> None:
    with serving(tmp_path, "missing-fields") as (_, call):
        assert call.upload().keys() == {"id", "object"}
        job = call.done()
        assert "files" not in job
        assert job["alignment_job"].keys() == {"id", "created_at", "status"}
        (output,) = call.get(f"/alignment/{job['alignment_job_id']}/outputs").json()
        assert output.keys() == {"id", "filename"}


def test_fields_can_be_more_than_documented(tmp_path: Path) -> None:
    with serving(tmp_path, "extra-fields") as (_, call):
        assert call.upload()["billing"] == {"credits": None}
        assert call.job()["x_region"]


def test_a_namesake_is_listed_before_the_job_itself(tmp_path: Path) -> None:
    with serving(tmp_path, "namesake") as (service, call):
        mine = call.job()
        listed = call.get("/data-jobs").json()["data"]
        assert [each["name"] for each in listed] == ["doors", "doors"]
        assert listed[1]["id"] == mine["id"]
        assert listed[0]["instructions"] != mine["instructions"]
        assert service.effects["jobs"] == 1


def test_pages_can_overlap_or_be_short(tmp_path: Path) -> None:
    with serving(tmp_path) as (service, call):
        for number in range(8):
            call.upload(f"{number}.json")

        def names(**query: Any) -> list[str]:
            data = call.get("/files", params={"sort_order": "asc"} | query).json()["data"]
            return [each["filename"][0] for each in data]

        service.misbehaviour.add("overlap")
        assert names(limit=4) == ["0", "1", "2", "3"]
        assert names(limit=4, offset=4) == ["1", "2", "3", "4", "5", "6", "7"]
        service.misbehaviour.clear()
        service.misbehaviour.add("short-pages")
        assert names(limit=4) == ["0", "1"]


def test_what_is_new_can_be_listed_late(tmp_path: Path) -> None:
    with serving(tmp_path, "listed-late:looks=2") as (_, call):
        job = call.job()["id"]
        assert [len(call.get("/data-jobs").json()["data"]) for _ in range(3)] == [0, 0, 1]
        assert call.get(f"/data-jobs/{job}").status_code == 200


def test_the_draft_of_a_system_prompt_may_not_be_there(tmp_path: Path) -> None:
    with serving(tmp_path, "no-prompt-draft") as (_, call):
        answer = call.post("/data-jobs/gen_system_prompt", json={"instructions": "x"})
        assert answer.status_code == 404


def test_errors_have_three_shapes(tmp_path: Path) -> None:
    with serving(tmp_path) as (service, call):
        assert call.get("/files/x").json() == {"detail": "File x not found"}
        service.misbehaviour.add("flat-errors")
        assert call.get("/files/x").json() == {
            "error": "Not Found",
            "message": "File x not found",
            "status": 404,
            "requestUrl": "/v1/flow/files/x",
            "feedVersion": "1.0",
        }
        service.misbehaviour.clear()
        service.misbehaviour.add("text-errors")
        assert call.get("/files/x").text == "File x not found"
