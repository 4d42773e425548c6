"""The calls about data jobs: created, given files, started, looked at until they end."""

from __future__ import annotations

from tribonian.align.rehearsal import alignments
from tribonian.align.rehearsal.answers import Answer, RefusedError, json_answer
from tribonian.align.rehearsal.asked import (
    Attached,
    Cloned,
    Detached,
    EditedJob,
    JobsQuery,
    NewJob,
    PromptAsked,
    body_of,
    query_of,
)
from tribonian.align.rehearsal.courses import ENDED
from tribonian.align.rehearsal.ingestion import record_of
from tribonian.align.rehearsal.jobs_shown import alignment_of, detail, record_event, row_of
from tribonian.align.rehearsal.serving import PERSONAL, USER, Serving, sorted_by, team_of
from tribonian.align.rehearsal.state import Object, stamp
from tribonian.align.rehearsal.wire import Call

# -- calls -----------------------------------------------------------------------------------


def create(serving: Serving, call: Call) -> Answer:
    """POST /data-jobs: 201."""
    asked = body_of(call, NewJob)
    made = _made(serving, team_of(call), asked, None, "asked")
    if serving.misbehaviour.shows("namesake"):
        other = asked.model_copy(update={"instructions": "Something else.", "system_prompt": None})
        _made(serving, team_of(call), other, None, "namesake")
    return json_answer(serving.told("job", row_of(serving, made)), 201)


def _made(serving: Serving, team: str, asked: NewJob, origin: str | None, by: str) -> Object:
    number = serving.state.tick()
    values: Object = {
        "user_id": USER,
        "team_id": None if team == PERSONAL else team,
        "name": asked.name,
        "job_type": asked.job_type,
        "alignment_job_id": None,
        "origin_data_job_id": origin,
        "deleted": False,
        "created_at": stamp(number),
        "updated_at": stamp(number),
        "status": "needs_review",
        "status_message": None,
        "system_prompt": asked.system_prompt,
        "system_prompt_updated_at": stamp(number) if asked.system_prompt else None,
        "instructions": asked.instructions,
        "instructions_updated_at": stamp(number) if asked.instructions else None,
        "resolved_instructions": None,
        "vector_database_id": asked.vector_database_id,
        "_files": [],
        "_records": [],
        "_timeline": [],
        "_starts": 0,
        "_by": by,
    }
    serving.made_known(values)
    made = serving.state.add("job", "dj", f"{asked.name}\n{asked.instructions}", team, values)
    record_event(serving, made, "created")
    serving.state.put(made)
    return made


def data_jobs(serving: Serving, call: Call) -> Answer:
    """GET /data-jobs: a page of them."""
    asked = query_of(call, JobsQuery)
    rows = serving.state.all("job", team_of(call))
    rows = [each for each in rows if asked.job_type in (None, each["job_type"])]
    rows = sorted_by(rows, asked.sort_by, asked.sort_order)
    return serving.listed("job", rows, asked.limit, asked.offset, lambda job: row_of(serving, job))


def data_job(serving: Serving, call: Call, name: str) -> Answer:
    """GET /data-jobs/{id}: a look, which moves it on."""
    found = serving.found("job", name, call)
    alignment = alignment_of(serving, found)
    if alignment is not None:
        serving.clockwork.look(alignment)
    else:
        serving.clockwork.look_at_ingestion(found)
    return detail(serving, found)


def _editable(serving: Serving, call: Call, name: str) -> Object:
    found = serving.found("job", name, call)
    if found["alignment_job_id"]:
        raise RefusedError(409, "Data job has been started and can no longer be changed; clone it")
    return found


def edit(serving: Serving, call: Call, name: str) -> Answer:
    """PATCH /data-jobs/{id}."""
    found = _editable(serving, call, name)
    asked = body_of(call, EditedJob)
    for key in asked.model_fields_set:
        value = getattr(asked, key)
        if key == "name" and value is None:
            continue
        found[key] = value
        if key in ("system_prompt", "instructions"):
            found[f"{key}_updated_at"] = stamp(serving.state.tick())
    serving.state.put(found)
    return detail(serving, found)


def delete(serving: Serving, call: Call, name: str) -> Answer:
    """DELETE /data-jobs/{id}: 204."""
    found = serving.found("job", name, call)
    alignment = alignment_of(serving, found)
    if alignment is not None and alignment["status"] not in ENDED:
        raise RefusedError(409, "Data job is running; cancel it first")
    found["_deleted"] = found["deleted"] = True
    serving.state.put(found)
    return Answer(204)


def attach(serving: Serving, call: Call, name: str) -> Answer:
    """POST /data-jobs/{id}/add-files: what is not Markdown begins to be read."""
    found = _editable(serving, call, name)
    asked = body_of(call, Attached)
    kept = [serving.found("file", each, call) for each in asked.file_ids]
    for each in kept:
        if each["purpose"] != "alignment":
            raise RefusedError(400, f"File {each['id']} does not have purpose 'alignment'")
    new = [each for each in kept if each["id"] not in found["_files"]]
    found["_files"] += [each["id"] for each in new]
    records = [record_of(serving, found, each, asked.method or "best") for each in new]
    found["_records"] += [each for each in records if each is not None]
    long = serving.misbehaviour.shows("ingestion-long")
    if long is not None:
        found["_longer"] = 5 if long.looks is None else long.looks
    serving.clockwork.puzzle(found)
    record_event(serving, found, "files_added", file_ids=[each["id"] for each in new])
    serving.state.put(found)
    return detail(serving, found)


def detach(serving: Serving, call: Call, name: str) -> Answer:
    """POST /data-jobs/{id}/remove-files."""
    found = _editable(serving, call, name)
    asked = body_of(call, Detached)
    for each in asked.file_ids:
        if each not in found["_files"]:
            raise RefusedError(404, f"File {each} is not part of the data job")
    gone = set(asked.file_ids)
    found["_files"] = [each for each in found["_files"] if each not in gone]
    found["_records"] = [e for e in found["_records"] if e["alignment_file_id"] not in gone]
    record_event(serving, found, "files_removed", file_ids=asked.file_ids)
    serving.state.put(found)
    return detail(serving, found)


def start(serving: Serving, call: Call, name: str) -> Answer:
    """POST /data-jobs/{id}/start: 409 before it is ready, and a second time."""
    found = serving.found("job", name, call)
    if found["alignment_job_id"]:
        raise RefusedError(409, "Data job has already been started")
    status = row_of(serving, found)["status"]
    if status != "ready_to_start":
        raise RefusedError(409, f"Data job is not ready to start (status: {status})")
    alignment = alignments.begun(
        serving,
        found["_team"],
        found["_files"],
        found["instructions"] or "",
        found["system_prompt"],
        by=found["id"],
    )
    found["alignment_job_id"] = alignment["id"]
    found["resolved_instructions"] = found["instructions"]
    found["_starts"] += 1
    record_event(serving, found, "started", alignment_job_id=alignment["id"])
    serving.state.put(found)
    return detail(serving, found)


def cancel(serving: Serving, call: Call, name: str) -> Answer:
    """POST /data-jobs/{id}/cancel: 409 before the start and after the end."""
    found = serving.found("job", name, call)
    alignment = alignment_of(serving, found)
    if alignment is None:
        raise RefusedError(409, "Data job has not been started")
    alignments.cancel_job(serving, alignment)
    record_event(serving, found, "cancelled")
    serving.state.put(found)
    return detail(serving, found)


def clone(serving: Serving, call: Call, name: str) -> Answer:
    """POST /data-jobs/{id}/clone: 201, a new job with the same texts and files, to be edited."""
    found = serving.found("job", name, call)
    asked = body_of(call, Cloned)
    new = NewJob.model_validate(
        {
            "name": asked.name or f"{found['name']} (copy)"[:255],
            **{key: found[key] for key in ("job_type", "system_prompt", "instructions")},
        }
    )
    made = _made(serving, found["_team"], new, found["id"], "clone")
    made["_files"], made["_records"] = list(found["_files"]), list(found["_records"])
    serving.state.put(made)
    answer = detail(serving, made)
    answer.status = 201
    return answer


def outputs(serving: Serving, call: Call, name: str) -> Answer:
    """GET /data-jobs/{id}/outputs: named in a note of the service, in no list of its calls."""
    found = serving.found("job", name, call)
    alignment = alignment_of(serving, found)
    if not serving.misbehaviour.shows("outputs-only-at-job") or alignment is None:
        raise RefusedError(404, "Not Found")
    return json_answer(alignments.outputs_of(serving, alignment))


def draft_prompt(serving: Serving, call: Call) -> Answer:
    """POST /data-jobs/gen_system_prompt."""
    asked = body_of(call, PromptAsked)
    if serving.misbehaviour.shows("no-prompt-draft"):
        raise RefusedError(404, "Not Found")
    return json_answer({"system_prompt": alignments.drafted_prompt(asked.instructions)})
