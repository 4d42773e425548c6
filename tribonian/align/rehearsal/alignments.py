"""Alignment jobs: what makes the pairs, by themselves (the old way) or of a data job."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import orjson

from tribonian.align.rehearsal.answers import Answer, RefusedError, json_answer
from tribonian.align.rehearsal.asked import Generate, body_of
from tribonian.align.rehearsal.conversations import conversations
from tribonian.align.rehearsal.courses import ENDED
from tribonian.align.rehearsal.documents import Section, faults_of, sections_of
from tribonian.align.rehearsal.misbehaviour import Misbehaviour
from tribonian.align.rehearsal.outputs import rows_of, suffix_of, write_output
from tribonian.align.rehearsal.serving import Serving, team_of
from tribonian.align.rehearsal.state import Object, State
from tribonian.align.rehearsal.wire import Call

# The pages of these calls say deprecated, and so do the headers of every reply (OpenAPI 5.108.1).
DEPRECATED = {"Deprecation": "true", "Link": '</v1/flow/data-jobs>; rel="successor-version"'}


def drafted_prompt(instructions: str) -> str:
    """The system prompt that the service would make of instructions."""
    said = " ".join(instructions.split())[:200].rstrip(".")
    return f"You answer questions about the principles that you were given. {said}."


# -- outputs ---------------------------------------------------------------------------------


def finisher(state: State, misbehaviour: Misbehaviour) -> Callable[[Object], None]:
    """What makes the output files of an alignment job at its end."""

    def finish(job: Object) -> None:
        if job["_kind"] != "alignment" or misbehaviour.shows("no-output"):
            return
        sections: list[Section] = []
        for name in job["_files"]:
            kept = state.get("file", name, job["_team"])
            if kept is not None:
                data = state.content(name).read_bytes()
                sections += sections_of(data, kept["type"])
        rows = rows_of(conversations(sections), misbehaviour)
        if job["status"] != "completed":
            rows = rows[: len(rows) // 2]
        suffix = suffix_of(misbehaviour)
        aside = state.aside()
        write_output(aside, rows, job["_system_prompt"], misbehaviour)
        job["_outputs"] = []
        if misbehaviour.shows("extra-output"):
            job["_outputs"].append(_kept(state, job, _notes(state, len(rows)), "md", "alignment"))
        made = _kept(state, job, aside.name, suffix, "fine-tune")
        job["_outputs"].append(made)
        truth = [[row.question, row.answer, row.label, row.planted] for row in rows]
        state.content(f"{made}.truth").write_bytes(orjson.dumps(truth))
        late = misbehaviour.shows("outputs-late")
        if late is not None:
            job["_outputs_late"] = 2 if late.looks is None else late.looks

    return finish


def _notes(state: State, rows: int) -> str:
    aside = state.aside()
    aside.write_text(f"# Summary\n\n{rows} pairs were made.\n", encoding="utf-8")
    return aside.name


def _kept(state: State, job: Object, aside: str, suffix: str, purpose: str) -> str:
    path = state.incoming / aside
    for each in state.all("file", job["_team"]):  # made before the server was killed
        if each.get("_made_for") == [job["id"], suffix]:
            path.replace(state.content(each["id"]))
            return str(each["id"])
    values = {
        "object": "file",
        "type": suffix,
        "purpose": purpose,
        "filename": f"{job['id']}-qa-pairs.{suffix}",
        "bytes": path.stat().st_size,
        "created_by": "service",
        "original_file_id": None,
        "deleted": False,
        "_made_by": "job",
        "_made_for": [job["id"], suffix],
    }
    made = state.add("file", "file", f"{job['id']}\n{suffix}", job["_team"], values, body=path)
    return str(made["id"])


def outputs_of(serving: Serving, job: Object) -> list[Object]:
    """The outputs of an alignment job, as they are listed."""
    if job.get("_outputs_late"):
        job["_outputs_late"] -= 1
        serving.state.put(job)
        return []
    found = []
    for name in job.get("_outputs", ()):
        kept = serving.state.get("file", name, job["_team"])
        if kept is None:
            continue
        row = {
            "id": kept["id"],
            "filename": kept["filename"],
            "bytes": kept["bytes"],
            "created_at": kept["created_at"],
            "file_type": kept["type"],
            "purpose": kept["purpose"],
        }
        if serving.misbehaviour.shows("no-size"):
            row["bytes"] = None
        found.append(serving.told("output", row))
    return found


def told(serving: Serving, job: Object) -> Object:
    """An alignment job as it is shown."""
    shown_job = serving.told("alignment", _seen(serving, job))
    hidden = serving.misbehaviour.shows("outputs-not-embedded", "outputs-only-at-job")
    if hidden is None and "progress" in shown_job:  # else the switch of missing fields
        shown_job["output_files"] = outputs_of(serving, job)
    return shown_job


def _seen(serving: Serving, job: Object) -> Object:
    out = dict(job)
    out["status"] = job.get("_shown") or job["status"]
    if serving.misbehaviour.shows("progress-text"):
        out["progress"] = f"{job.get('progress') or 0}%"
        out["step_progress"] = job.get("current_step") or "waiting"
    return out


# -- calls -----------------------------------------------------------------------------------


def begun(
    serving: Serving,
    team: str,
    files: Sequence[str],
    instructions: str,
    system_prompt: str | None,
    *,
    by: str,
) -> Object:
    """A new alignment job of these files."""
    values: Object = {
        "status": "pending",
        "updated_at": None,
        "completed_at": None,
        "stopped_at": None,
        "current_step": None,
        "step_progress": None,
        "progress": 0,
        "estimated_completion_at": None,
        "eta_minutes": None,
        "status_message": None,
        "_files": list(files),
        "_system_prompt": system_prompt or drafted_prompt(instructions),
        "_by": by,
    }
    serving.clockwork.begin(values)
    return serving.state.add("alignment", "al", f"{by}\n{instructions}", team, values)


def generate(serving: Serving, call: Call) -> Answer:
    """POST /alignment/generate: the old way."""
    asked = body_of(call, Generate)
    if not asked.files:
        raise RefusedError(400, "At least one file is required")
    for name in asked.files:
        found = serving.found("file", name, call)
        if found["purpose"] != "alignment":
            raise RefusedError(400, f"File {name} does not have purpose 'alignment'")
    made = begun(
        serving, team_of(call), asked.files, asked.instructions, asked.system_prompt, by="generate"
    )
    for name in asked.files:
        kept = serving.found("file", name, call)
        data = serving.state.content(name).read_bytes()
        refused = kept["type"] == "json" and serving.misbehaviour.shows("json-refused")
        wrong = faults_of(data, kept["type"])
        if wrong or refused:
            why = wrong[0].message if wrong else "JSON is not supported; upload Markdown."
            made |= {"_fate": "failed", "_reason": f"{kept['filename']}: {why}", "_partial": False}
    serving.state.put(made)
    return json_answer(told(serving, made))


def alignment(serving: Serving, call: Call, name: str) -> Answer:
    """GET /alignment/{id}: a look, which moves it on."""
    found = serving.found("alignment", name, call)
    serving.clockwork.look(found)
    return json_answer(told(serving, found))


def alignments(serving: Serving, call: Call) -> Answer:
    """GET /alignment: all of them, newest first."""
    rows = serving.state.all("alignment", team_of(call))[::-1]
    rows = [each for each in rows if each["_by"] == "generate"]
    return serving.listed("alignment", rows, len(rows), 0, lambda job: _seen(serving, job))


def outputs(serving: Serving, call: Call, name: str) -> Answer:
    """GET /alignment/{id}/outputs: a bare array."""
    found = serving.found("alignment", name, call)
    if serving.misbehaviour.shows("outputs-only-at-job"):
        raise RefusedError(404, "Not Found")
    return json_answer(outputs_of(serving, found))


def cancel_job(serving: Serving, job: Object) -> None:
    """End a job that has not ended; 409 for one that has."""
    if job["status"] in ENDED:
        raise RefusedError(409, f"The job is {job['status']} and cannot be cancelled")
    job["status"], job["_reason"] = "cancelled", "Cancelled on request."
    for key in ("_partial", "_shown", "_unknown"):
        job.pop(key, None)
    serving.clockwork.end(job)
    serving.state.put(job)


def cancel(serving: Serving, call: Call, name: str) -> Answer:
    """POST /alignment/{id}/cancel."""
    found = serving.found("alignment", name, call)
    cancel_job(serving, found)
    return json_answer(told(serving, found))


def delete(serving: Serving, call: Call, name: str) -> Answer:
    """DELETE /alignment/{id}."""
    found = serving.found("alignment", name, call)
    if found["status"] not in ENDED:
        raise RefusedError(409, "A job that runs cannot be deleted")
    found["_deleted"] = True
    serving.state.put(found)
    return Answer(204)
