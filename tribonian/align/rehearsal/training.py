"""The calls about projects, models and fine-tuning."""

from __future__ import annotations

from tribonian.align.rehearsal.answers import Answer, RefusedError, json_answer
from tribonian.align.rehearsal.asked import (
    NewFineTune,
    NewProject,
    ProjectsQuery,
    body_of,
    query_of,
)
from tribonian.align.rehearsal.courses import ENDED
from tribonian.align.rehearsal.serving import USER, Serving, team_of
from tribonian.align.rehearsal.state import Object, shown
from tribonian.align.rehearsal.wire import Call

# Made up: no list of the service's own models was seen.
MODELS = (
    {"id": 1, "name": "rehearsal/small-8b", "size": 16_000_000_000, "model_type": "chat",
     "supports_lora": True},
    {"id": 2, "name": "rehearsal/large-70b", "size": 140_000_000_000, "model_type": "chat",
     "supports_lora": False},
)  # fmt: skip

_TUNING = ("fine-tune", "preference-fine-tune", "reinforcement-fine-tune")


def models(serving: Serving, call: Call) -> Answer:
    """GET /models."""
    return json_answer({"data": list(MODELS)})


def create_project(serving: Serving, call: Call) -> Answer:
    """POST /projects: 201; with the id of one that is there, 201 and that one changed."""
    asked = body_of(call, NewProject)
    values: Object = {
        "name": asked.name,
        "description": asked.description,
        "user_id": int(USER),
        "team_id": call.headers.get("x-team-id") or None,
    }
    if asked.id is not None:
        made = serving.found("project", str(asked.id), call)
        made |= values
        serving.state.put(made)
    else:
        made = serving.state.add("project", "", asked.name, team_of(call), values)
    return json_answer(serving.told("project", _project(made)), 201)


def _project(kept: Object) -> Object:
    return {**kept, "updated_at": kept["created_at"]}


def projects(serving: Serving, call: Call) -> Answer:
    """GET /projects."""
    asked = query_of(call, ProjectsQuery)
    rows = serving.state.all("project", team_of(call))[asked.skip :][: asked.limit]
    runs = serving.state.all("fine-tune", team_of(call))
    data = [
        {
            **shown(_project(each)),
            "runs": sum(run["project_id"] == each["id"] for run in runs),
            "runs_deployed": 0,
            "last_modified": each["created_at"],
        }
        for each in rows
    ]
    return json_answer({"data": data})


def project(serving: Serving, call: Call, name: str) -> Answer:
    """GET /projects/{id}."""
    return json_answer(serving.told("project", _project(serving.found("project", name, call))))


def fine_tune(serving: Serving, call: Call) -> Answer:
    """POST /fine-tune."""
    asked = body_of(call, NewFineTune)
    training, machines = asked.training_config, asked.infrastructure_config
    if asked.project_id is not None:
        serving.found("project", str(asked.project_id), call)
    more = training.model_extra or {}
    purposes = ("pre-train",) if more.get("pre_train") else _TUNING
    for name in [*training.training_files, *(more.get("validation_files") or ())]:
        if serving.found("file", name, call)["purpose"] not in purposes:
            raise RefusedError(400, f"File {name} does not have purpose {purposes[0]!r}")
    if not any(training.model in (str(each["id"]), each["name"]) for each in MODELS):
        raise RefusedError(400, f"Model {training.model!r} not found")
    values: Object = {
        **more,
        "fine_tune_type": training.fine_tune_type,
        "training_files": training.training_files,
        "model": training.model,
        "n_epochs": training.n_epochs,
        "batch_size": training.batch_size,
        **machines.model_dump(),
        "status": "pending",
        "project_id": asked.project_id,
        "completed_at": None,
        "inference_available": False,
        "error_analysis": None,
    }
    content = "\n".join([training.model, *training.training_files])
    made = serving.state.add("fine-tune", "ft", content, team_of(call), values)
    return json_answer(serving.told("fine-tune", _shown(made)))


def _shown(kept: Object) -> Object:
    hidden = {"current_step", "step_progress", "eta_minutes", "progress", "status_message"}
    return {key: value for key, value in kept.items() if key not in hidden}


def fine_tunes(serving: Serving, call: Call) -> Answer:
    """GET /fine-tunes: all of them, newest first."""
    rows = serving.state.all("fine-tune", team_of(call))[::-1]
    return serving.listed("fine-tune", rows, len(rows), 0, _shown)


def one_fine_tune(serving: Serving, call: Call, name: str) -> Answer:
    """GET /fine-tunes/{id}: a look, which moves it on."""
    found = serving.found("fine-tune", name, call)
    serving.clockwork.look(found)
    return json_answer(serving.told("fine-tune", _shown(found)))


def cancel_fine_tune(serving: Serving, call: Call, name: str) -> Answer:
    """PUT /fine-tunes/{id}/cancel."""
    found = serving.found("fine-tune", name, call)
    if found["status"] in ENDED:
        raise RefusedError(409, f"The job is {found['status']} and cannot be cancelled")
    found["status"] = "cancelled"
    serving.state.put(found)
    return json_answer(serving.told("fine-tune", _shown(found)))


def events(serving: Serving, call: Call, name: str) -> Answer:
    """GET /fine-tunes/{id}/events."""
    serving.found("fine-tune", name, call)
    return json_answer({"object": "list", "data": []})
