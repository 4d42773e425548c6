"""Each call as the contract has it: method, path, headers, body; and what comes of the answer."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.align.scripted_service import Heard, Reply, ScriptedService
from tests.align.service_of import FILE, JOB, SECRET, client, service_of
from tribonian.align.service.client import Service
from tribonian.align.service.failures import NotThereError, ServiceError, UncertainError
from tribonian.errors import UsageError
from tribonian.schemas.service import DataJob

ALIGNMENT = {"id": "al-1", "created_at": "2026-01-02", "status": "running"}
OUTPUT = {"id": "file-9", "filename": "pairs.parquet", "purpose": "fine-tune", "bytes": 4}
PROJECT = {"id": 7, "name": "lanterns", "description": "about lanterns"}
TUNE = {"training_config": {"training_files": ["file-9"], "model": "m", "lora_config": None}}

# what is called, the request line, the JSON that is sent (None: no body), what is answered
CALLS: dict[str, tuple[Callable[[Service], Any], str, Any, Any]] = {
    "file": (lambda s: s.file("file-1"), "GET /v1/flow/files/file-1", None, FILE),
    "validate_metadata": (
        lambda s: s.validate_metadata("alignment", ".json", 12),
        "POST /v1/flow/files/validate_metadata",
        {"purpose": "alignment", "suffix": "json", "size": 12},
        {"is_valid": True, "errors": None},
    ),
    "create_job": (
        lambda s: s.create_job("lanterns", instructions="Ask §.", system_prompt="Be exact."),
        "POST /v1/flow/data-jobs",
        {"name": "lanterns", "job_type": "principle_files", "system_prompt": "Be exact.",
         "instructions": "Ask §."},
        JOB,
    ),
    "create_job without a system prompt": (
        lambda s: s.create_job("lanterns", instructions="Ask.", system_prompt=None),
        "POST /v1/flow/data-jobs",
        {"name": "lanterns", "job_type": "principle_files", "instructions": "Ask."},
        JOB,
    ),
    "job": (lambda s: s.job("dj-1"), "GET /v1/flow/data-jobs/dj-1", None, JOB),
    "edit_job": (
        lambda s: s.edit_job("dj-1", instructions="Ask.", name=None),
        "PATCH /v1/flow/data-jobs/dj-1",
        {"instructions": "Ask."},
        JOB,
    ),
    "attach": (
        lambda s: s.attach("dj-1", ["file-1"]),
        "POST /v1/flow/data-jobs/dj-1/add-files",
        {"file_ids": ["file-1"], "method": "accuracy-optimized"},
        JOB,
    ),
    "detach": (
        lambda s: s.detach("dj-1", ["file-1"]),
        "POST /v1/flow/data-jobs/dj-1/remove-files",
        {"file_ids": ["file-1"]},
        JOB,
    ),
    "start": (lambda s: s.start("dj-1"), "POST /v1/flow/data-jobs/dj-1/start", None, JOB),
    "cancel": (lambda s: s.cancel("dj-1"), "POST /v1/flow/data-jobs/dj-1/cancel", None, JOB),
    "draft_system_prompt": (
        lambda s: s.draft_system_prompt("Ask."),
        "POST /v1/flow/data-jobs/gen_system_prompt",
        {"instructions": "Ask."},
        {"system_prompt": "Be exact."},
    ),
    "generate": (
        lambda s: s.generate("Ask.", ["file-1"]),
        "POST /v1/flow/alignment/generate",
        {"instructions": "Ask.", "files": ["file-1"], "type": "principle"},
        ALIGNMENT,
    ),
    "alignment": (lambda s: s.alignment("al-1"), "GET /v1/flow/alignment/al-1", None, ALIGNMENT),
    "alignments": (
        lambda s: s.alignments(), "GET /v1/flow/alignment", None, {"data": [ALIGNMENT]},
    ),
    "cancel_alignment": (
        lambda s: s.cancel_alignment("al-1"),
        "POST /v1/flow/alignment/al-1/cancel",
        None,
        ALIGNMENT,
    ),
    "alignment_outputs": (
        lambda s: s.alignment_outputs("al-1"),
        "GET /v1/flow/alignment/al-1/outputs",
        None,
        [OUTPUT],
    ),
    "projects": (
        lambda s: list(s.projects()),
        "GET /v1/flow/projects?limit=100&skip=0",
        None,
        {"data": [PROJECT]},
    ),
    "create_project": (
        lambda s: s.create_project("lanterns", "about lanterns"),
        "POST /v1/flow/projects",
        {"name": "lanterns", "description": "about lanterns"},
        PROJECT,
    ),
    "models": (lambda s: s.models(), "GET /v1/flow/models", None, {"data": [{"id": 3}]}),
    "fine_tune": (
        lambda s: s.fine_tune(TUNE),
        "POST /v1/flow/fine-tune",
        {"training_config": {"training_files": ["file-9"], "model": "m"}},
        {"id": "ft-1", "status": "pending"},
    ),
    "fine_tunes": (lambda s: s.fine_tunes(), "GET /v1/flow/fine-tunes", None, {"data": None}),
    "tuning": (
        lambda s: s.tuning("ft-1"), "GET /v1/flow/fine-tunes/ft-1", None, {"id": "ft-1"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CALLS)
def test_a_call_is_sent_as_the_contract_has_it(name: str) -> None:
    call, line, body, answer = CALLS[name]
    with service_of(Reply(200, answer), team="team-1") as (scripted, service):
        call(service)
    (heard,) = scripted.requests
    assert heard.line == line
    assert heard.headers["authorization"] == SECRET  # raw, without "Bearer"
    assert heard.headers["x-team-id"] == "team-1"
    assert heard.headers["user-agent"].startswith("tribonian/")
    if body is not None:
        assert heard.json == body
        assert heard.headers["content-type"] == "application/json"
    else:
        assert "content-type" not in heard.headers
        assert heard.headers.get("content-length") == (None if line.startswith("GET") else "0")
    assert "cookie" not in heard.headers


def test_a_team_is_named_only_where_there_is_one() -> None:
    with service_of(Reply(200, JOB)) as (scripted, service):
        service.job("dj-1")
    assert "x-team-id" not in scripted.requests[0].headers


def test_a_cookie_is_not_kept() -> None:
    fresh = Reply(200, JOB, headers=(("Set-Cookie", "a=b; Path=/"),))
    with service_of(fresh, Reply(200, JOB)) as (scripted, service):
        service.job("dj-1")
        service.job("dj-1")
    assert "cookie" not in scripted.requests[1].headers


def test_an_answer_of_201_and_fields_that_nobody_knows_are_fine() -> None:
    odd = {**JOB, "status": "resting", "mood": {"good": True}, "updated_at": 17, "files": None}
    with service_of(Reply(201, odd)) as (_, service):
        job = service.create_job("lanterns", instructions="Ask.")
    assert (job.id, job.status, job.updated_at, job.files) == ("dj-1", "resting", "17", [])
    assert job.model_extra == {"mood": {"good": True}}


def test_an_id_is_opaque_and_cannot_leave_its_place_in_the_path() -> None:
    with service_of(Reply(200, JOB)) as (scripted, service):
        service.job("../files/a?b#c%2e é")
        assert scripted.heard == ["GET /v1/flow/data-jobs/..%2Ffiles%2Fa%3Fb%23c%252e%20%C3%A9"]
        for odd in ("", ".", ".."):
            with pytest.raises(ServiceError, match="is no id"):
                service.start(odd)
    assert len(scripted.requests) == 1


def test_an_address_with_a_path_is_kept_before_that_of_the_call() -> None:
    with (
        ScriptedService(Reply(200, JOB)) as scripted,
        client(f"{scripted.url}/gate/v1/") as service,
    ):
        service.job("dj-1")
    assert scripted.heard == ["GET /gate/v1/flow/data-jobs/dj-1"]


def test_a_file_that_would_not_be_taken_has_the_reasons_of_the_service() -> None:
    refused = {"is_valid": False, "errors": "File type 'exe' is not supported."}
    with (
        service_of(Reply(200, refused)) as (_, service),
        pytest.raises(ServiceError, match=r"would not take a \.exe file of 5 bytes for alignment: "
                                          r"File type 'exe' is not supported; mend that")
        as caught,
    ):  # fmt: skip
        service.validate_metadata("alignment", "exe", 5)
    assert caught.value.status == 200  # which tells it from an answer that was not understood


def test_text_that_is_no_unicode_is_not_sent() -> None:
    with service_of() as (scripted, service), pytest.raises(UsageError, match="no valid Unicode"):
        service.create_job("a", instructions="\ud800")
    assert not scripted.requests


def test_a_drafted_prompt_may_be_missing() -> None:
    script = (Reply(404, {"detail": "Not Found"}), Reply(200, {"system_prompt": " "}),
              Reply(200, {"prompt": "x"}))  # fmt: skip
    with service_of(*script) as (_, service):
        assert [service.draft_system_prompt("Ask.") for _ in script] == [None] * 3


def test_a_legacy_job_without_an_id_is_uncertain() -> None:
    with (
        service_of(Reply(200, {"id": None, "status": "pending"})) as (_, service),
        pytest.raises(UncertainError, match="there is no id in it"),
    ):
        service.generate("Ask.", ["file-1"])


# -- lists


def pages_of(rows: list[dict[str, Any]], most: int) -> Callable[[Heard], Reply]:
    """A list that gives no more than ``most`` at once, whatever it is asked for."""

    def answer(heard: Heard) -> Reply:
        query = dict(pair.split("=") for pair in heard.path.partition("?")[2].split("&"))
        start, limit = int(query["offset"]), min(most, int(query["limit"]))
        return Reply(200, {"object": "list", "data": rows[start : start + limit]})

    return answer


@pytest.mark.parametrize(("count", "most", "asked"), [
    (0, 100, 1), (24, 100, 1), (25, 100, 2), (100, 100, 2), (130, 100, 3), (60, 25, 3), (50, 25, 3),
])  # fmt: skip
def test_all_pages_of_a_list_are_read(count: int, most: int, asked: int) -> None:
    rows = [{"id": f"dj-{n}", "status": "completed"} for n in range(count)]
    with ScriptedService(answer=pages_of(rows, most)) as scripted, client(scripted.url) as service:
        assert [job.id for job in service.jobs()] == [row["id"] for row in rows]
    assert len(scripted.requests) == asked
    assert scripted.heard[0] == (
        "GET /v1/flow/data-jobs?limit=100&offset=0&sort_by=created_at&sort_order=desc"
    )


def test_a_service_that_gives_shorter_pages_than_it_is_asked_for_is_read_to_its_end() -> None:
    rows = [{"id": f"file-{n}"} for n in range(230)]
    with ScriptedService(answer=pages_of(rows, 100)) as scripted, client(scripted.url) as service:
        assert [file.id for file in service.files()] == [row["id"] for row in rows]


def test_alignments_are_read_to_their_end_where_they_come_in_pages() -> None:
    rows = [{"id": f"al-{n}", "status": "running"} for n in range(60)]

    def answer(heard: Heard) -> Reply:
        start = int(heard.path.partition("offset=")[2] or 0)
        return Reply(200, {"data": rows[start : start + 25]})

    with ScriptedService(answer=answer) as scripted, client(scripted.url) as service:
        assert [each.id for each in service.alignments()] == [row["id"] for row in rows]


def test_a_list_that_is_read_no_further_is_asked_for_no_further() -> None:
    rows = [{"id": f"file-{n}"} for n in range(3000)]
    with ScriptedService(answer=pages_of(rows, 1000)) as scripted, client(scripted.url) as service:
        assert next(service.files("alignment")).id == "file-0"
    (line,) = scripted.heard
    assert line == (
        "GET /v1/flow/files?limit=1000&offset=0&sort_by=created_at&sort_order=desc"
        "&purpose=alignment"
    )


def test_a_service_that_knows_no_pages_is_not_asked_for_ever() -> None:
    rows = [{"id": f"file-{n}"} for n in range(300)]
    with (
        ScriptedService(answer=lambda heard: Reply(200, {"data": rows})) as scripted,
        client(scripted.url) as service,
    ):
        assert len(list(service.files())) == 300
    assert len(scripted.requests) == 2


def test_what_comes_in_while_a_list_is_read_brings_nothing_twice_and_hides_nothing() -> None:
    rows = [{"id": f"dj-{n}", "status": "completed"} for n in range(60)]

    def answer(heard: Heard) -> Reply:
        reply = pages_of(rows, 25)(heard)
        rows.insert(0, {"id": f"new-{len(rows)}", "status": "needs_review"})
        return reply

    with ScriptedService(answer=answer) as scripted, client(scripted.url) as service:
        found = [job.id for job in service.jobs()]
    assert found == [f"dj-{n}" for n in range(60)]


def test_what_is_deleted_is_not_listed() -> None:
    rows = [{"id": "file-1", "deleted": True}, {"id": "file-2", "deleted": False}]
    with service_of(Reply(200, {"data": rows})) as (_, service):
        assert [file.id for file in service.files()] == ["file-2"]


# -- outputs


def job(**more: Any) -> DataJob:
    return DataJob.model_validate({**JOB, **more})


def test_outputs_are_taken_from_the_job_where_they_are_in_it() -> None:
    with service_of() as (scripted, service):
        found = service.outputs(job(alignment_job={**ALIGNMENT, "output_files": [OUTPUT]}))
    assert [each.id for each in found] == ["file-9"]
    assert not scripted.requests


def test_outputs_are_asked_for_by_the_id_of_the_alignment_and_then_by_that_of_the_job() -> None:
    with service_of(Reply(404, {"detail": "Not Found"}), Reply(200, [OUTPUT])) as (
        scripted,
        service,
    ):
        found = service.outputs(job(alignment_job_id="al-1"))
    assert [each.purpose for each in found] == ["fine-tune"]
    assert scripted.heard == [
        "GET /v1/flow/alignment/al-1/outputs", "GET /v1/flow/data-jobs/dj-1/outputs",
    ]  # fmt: skip


def test_a_job_without_outputs_has_none_and_one_that_nobody_knows_is_an_error() -> None:
    gone = Reply(404, {"detail": "Not Found"})
    with service_of(Reply(200, []), gone, gone, gone, gone, gone) as (_, service):
        assert service.outputs(job(alignment_job_id="al-1")) == []
        with pytest.raises(NotThereError, match="list what al-1 made"):
            service.outputs(job(alignment_job_id="al-1"))
        assert service.outputs(job(alignment_job={**ALIGNMENT, "output_files": []})) == []


# -- what all of them share


def test_one_service_may_be_used_from_several_threads(tmp_path: Path) -> None:
    from concurrent.futures import ThreadPoolExecutor

    with (
        ScriptedService(answer=lambda heard: Reply(200, {**JOB, "name": heard.path})) as scripted,
        client(scripted.url) as service,
        ThreadPoolExecutor(12) as pool,
    ):
        ids = [f"dj-{n}" for n in range(120)]
        found = list(pool.map(lambda id: service.job(id).name, ids))
    assert found == [f"/v1/flow/data-jobs/{id}" for id in ids]


def test_reads_share_a_connection_and_what_has_an_effect_gets_one_of_its_own() -> None:
    with service_of(*[Reply(200, JOB)] * 4) as (scripted, service):
        service.job("dj-1")
        service.job("dj-1")
        service.start("dj-1")
        service.job("dj-1")
    first, second, start, last = (each.connection for each in scripted.requests)
    assert first == second == last != start
