"""What requests bring, checked as the service checks it: 422 with FastAPI's list of errors."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeVar
from urllib.parse import parse_qsl

from pydantic import BaseModel, Field, StringConstraints, ValidationError

from tribonian.align.rehearsal.answers import RefusedError
from tribonian.align.rehearsal.wire import Call

Purpose = Literal[
    "fine-tune", "alignment", "pre-train", "preference-fine-tune", "reinforcement-fine-tune"
]
JobType = Literal["principle_files", "context_grounded_files", "context_grounded_vector_db"]
Text = Annotated[str, StringConstraints(min_length=1)]
Order = Literal["asc", "desc"]


class Metadata(BaseModel):
    """POST /files/validate_metadata."""

    purpose: Purpose
    suffix: str
    size: int


class Renamed(BaseModel):
    """PUT /files/{id}/rename."""

    new_filename: Text


class FilesQuery(BaseModel):
    """GET /files."""

    limit: int = Field(default=250, ge=1, le=1000)
    offset: int = Field(default=0, ge=0)
    sort_by: Literal["created_at", "filename", "type", "bytes"] = "created_at"
    sort_order: Order = "desc"
    purpose: Purpose | None = None


class NewJob(BaseModel):
    """POST /data-jobs."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=255)]
    job_type: JobType
    system_prompt: Text | None = None
    instructions: Text | None = None
    vector_database_id: str | None = None


class EditedJob(BaseModel):
    """PATCH /data-jobs/{id}."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=255)] | None = None
    system_prompt: Text | None = None
    instructions: Text | None = None
    vector_database_id: str | None = None


class JobsQuery(BaseModel):
    """GET /data-jobs."""

    job_type: JobType | None = None
    sort_by: Literal["name", "created_at", "job_type"] = "created_at"
    sort_order: Order = "desc"
    limit: int = Field(default=25, ge=1, le=100)
    offset: int = Field(default=0, ge=0)


class Attached(BaseModel):
    """POST /data-jobs/{id}/add-files."""

    file_ids: list[str] = Field(min_length=1)
    method: str | None = "best"


class Detached(BaseModel):
    """POST /data-jobs/{id}/remove-files."""

    file_ids: list[str] = Field(min_length=1)


class Cloned(BaseModel):
    """POST /data-jobs/{id}/clone."""

    name: str | None = None


class PromptAsked(BaseModel):
    """POST /data-jobs/gen_system_prompt."""

    instructions: Text
    document_summary: str | None = None


class Generate(BaseModel):
    """POST /alignment/generate."""

    instructions: Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
    files: list[str]
    type: Literal["principle", "context_data"] = "principle"
    system_prompt: str | None = None
    vector_database_id: str | None = None


class NewProject(BaseModel):
    """POST /projects."""

    id: int | None = None
    name: str = Field(min_length=5, max_length=100)
    description: str = Field(min_length=5, max_length=1000)


class ProjectsQuery(BaseModel):
    """GET /projects."""

    skip: int = Field(default=0, ge=0)
    limit: int = Field(default=100, ge=1)


class TrainingConfig(BaseModel, extra="allow"):
    """How to train."""

    training_files: list[str] = Field(min_length=1)
    model: str
    n_epochs: int = Field(ge=1)
    batch_size: int | None = Field(default=None, ge=1, le=1024)
    fine_tune_type: Literal["STANDARD", "PREFERENCE", "REINFORCEMENT", "GRPO"] = "STANDARD"


class InfrastructureConfig(BaseModel):
    """What to train on."""

    accel_type: Literal["GAUDI2", "GAUDI3", "A100", "A10", "H100", "MI300X"]
    n_accel: int = Field(ge=1)
    n_node: int = Field(default=1, ge=1)


class NewFineTune(BaseModel):
    """POST /fine-tune."""

    project_id: int | None = None
    training_config: TrainingConfig
    infrastructure_config: InfrastructureConfig


Model = TypeVar("Model", bound=BaseModel)


def body_of(call: Call, model: type[Model]) -> Model:
    """The JSON of a request; 422 where it is none or says what the model does not allow."""
    if not call.headers.get("content-type", "").startswith("application/json"):
        message = "Input should be a valid dictionary or object to extract fields from"
        raise RefusedError(422, [_error(["body"], message, "model_attributes_type")])
    try:
        return model.model_validate_json(call.body.data)
    except ValidationError as error:
        raise RefusedError(422, _details(error, "body")) from None


def query_of(call: Call, model: type[Model]) -> Model:
    """The query of a request; 422 where it says what the model does not allow."""
    try:
        return model.model_validate(dict(parse_qsl(call.query, keep_blank_values=True)))
    except ValidationError as error:
        raise RefusedError(422, _details(error, "query")) from None


def missing(*place: str) -> RefusedError:
    """422 for a field that a form lacks."""
    return RefusedError(422, [_error(list(place), "Field required", "missing")])


def _error(place: list[Any], message: str, kind: str) -> dict[str, Any]:
    return {"loc": place, "msg": message, "type": kind}


def _details(error: ValidationError, place: str) -> list[dict[str, Any]]:
    details = []
    for each in error.errors(include_url=False, include_context=False):
        row = _error([place, *each["loc"]], each["msg"], each["type"])
        if not isinstance(each["input"], bytes):  # of what is no JSON, all of the body
            row["input"] = each["input"]
        details.append(row)
    return details
