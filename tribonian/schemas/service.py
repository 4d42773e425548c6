"""The messages of the service (`https://flow.seekr.com/v1/flow`), as they are read.

Only what the work cannot do without is required: the ids. The service may leave out the rest, add
to it, and use statuses that nobody documented; unknown fields are kept. A field that is not
required, and of a type that makes no sense, counts as left out; so does a row. Dates are opaque.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)

T = TypeVar("T")

UNKNOWN = "unknown"  # the status of what came without one


def _or_none(value: Any, validated: ValidatorFunctionWrapHandler) -> Any:
    try:
        return validated(value)
    except ValidationError:
        return None


def _rows(value: Any, validated: ValidatorFunctionWrapHandler) -> list[Any]:
    """The rows that can be read: a job is looked at again and again, whatever is in it."""
    found = value if isinstance(value, list) else []
    return [row for each in found for row in _or_none([each], validated) or []]


def _words(value: Any) -> Any:
    return value if isinstance(value, (str, int)) and not isinstance(value, bool) else UNKNOWN


def _number(value: Any) -> Any:
    """``42``, ``"42"``, ``"42 %"``: the contract allows numbers and text; other text is kept."""
    if isinstance(value, str):
        found = re.fullmatch(r"\s*(\d{1,9}(?:\.\d*)?)\s*%?\s*", value, re.ASCII)
        return float(found[1]) if found else value
    return value


Text = Annotated[str | None, WrapValidator(_or_none)]
Whole = Annotated[int | None, WrapValidator(_or_none)]
Truth = Annotated[bool | None, WrapValidator(_or_none)]
Progress = Annotated[float | str | None, BeforeValidator(_number), WrapValidator(_or_none)]
Status = Annotated[str, BeforeValidator(_words)]
Rows = Annotated[list[T], WrapValidator(_rows)]


class Message(BaseModel):
    """What all messages have in common: unknown fields are kept, numbers may be names."""

    model_config = ConfigDict(
        extra="allow", coerce_numbers_to_str=True, frozen=True, protected_namespaces=()
    )


class ServiceFile(Message):
    """A file at the service; ``bytes`` is its size."""

    id: str = Field(min_length=1)
    filename: Text = None
    purpose: Text = None
    type: Text = None
    bytes: Whole = None
    created_at: Text = None
    created_by: Text = None
    original_file_id: Text = None
    deleted: Truth = None


class MetadataCheck(Message):
    """Whether the service would take a file of that purpose, suffix and size."""

    is_valid: bool
    errors: Any = None


class Output(Message):
    """A file that an alignment made; the pairs are the one whose purpose is fine-tune."""

    id: str = Field(min_length=1)
    filename: Text = None
    bytes: Whole = None
    created_at: Text = None
    file_type: Text = None
    purpose: Text = None


class AlignmentJob(Message):
    """The making of pairs: what a data job starts, and what the legacy call returns.

    ``progress`` is 0 to 100 over all, ``step_progress`` that of the step; text that is no number
    stays text. The official SDK allows for a job without an id inside of a data job: it is "".
    """

    id: Annotated[str, BeforeValidator(lambda value: value or "")] = ""
    status: Status = UNKNOWN
    created_at: Text = None
    updated_at: Text = None
    completed_at: Text = None
    stopped_at: Text = None
    current_step: Text = None
    progress: Progress = None
    step_progress: Progress = None
    estimated_completion_at: Text = None
    eta_minutes: Progress = None
    status_message: Text = None
    output_files: Rows[Output] = []


class JobFile(Message):
    """A file of a data job, with what became of it there."""

    file_id: Text = None
    record_id: Text = None
    name: Text = None
    type: Text = None
    created_at: Text = None
    status: Text = None
    suggested_fix: Text = None
    bytes: Whole = None


class IngestionRecord(Message):
    """What became of one file in an ingestion."""

    record_id: Text = None
    alignment_file_id: Text = None
    filename: Text = None
    method: Text = None
    status: Text = None
    queue_position: Whole = None
    error_message: Text = None
    suggested_fix: Text = None


class IngestionJob(Message):
    """The making of Markdown out of the files of a data job."""

    id: Text = None
    status: Text = None
    created_at: Text = None
    updated_at: Text = None
    file_ids: Rows[str] = []
    records: Rows[IngestionRecord] = []


class TimelineEvent(Message):
    """Something that happened to a data job, in the service's words."""

    timestamp: Text = None
    event_type: Text = None
    message: Text = None


class DataJob(Message):
    """A data job; the second half comes only where it is asked for by its id."""

    id: str = Field(min_length=1)
    status: Status = UNKNOWN
    name: Text = None
    job_type: Text = None
    user_id: Text = None
    team_id: Text = None
    alignment_job_id: Text = None
    origin_data_job_id: Text = None
    created_at: Text = None
    updated_at: Text = None
    status_message: Text = None
    system_prompt: Text = None
    instructions: Text = None
    resolved_instructions: Text = None
    vector_database_id: Text = None
    deleted: Truth = None

    additional_alignment_file_ids: Rows[str] = []
    ingestion_jobs: Rows[IngestionJob] = []
    alignment_job: Annotated[AlignmentJob | None, WrapValidator(_or_none)] = None
    files: Rows[JobFile] = []
    fine_tuning_job_ids: Rows[str] = []
    timeline: Rows[TimelineEvent] = []


class SystemPrompt(Message):
    """A system prompt that the service drafted."""

    system_prompt: Text = None


class Project(Message):
    """What fine-tuning jobs belong to; its id is a number."""

    id: int
    name: Text = None
    description: Text = None
    deleted: Truth = None


class Model(Message):
    """A model that can be tuned."""

    id: str = Field(min_length=1)
    name: Text = None
    model_type: Text = None
    supports_lora: Truth = None


class FineTune(Message):
    """A fine-tuning job."""

    id: str = Field(min_length=1)
    status: Status = UNKNOWN
    created_at: Text = None
    experiment_name: Text = None
    model: Text = None
    error_analysis: Any = None
