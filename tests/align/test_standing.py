"""What a job says of itself, for a person and for the next step."""

from __future__ import annotations

from typing import Any

import pytest

from tribonian.align.runs.standing import (
    Standing,
    is_over,
    is_started,
    minutes_left,
    reasons,
    standing,
    why,
)
from tribonian.schemas.service import AlignmentJob, DataJob


def job(status: str, **fields: Any) -> DataJob:
    return DataJob.model_validate({"id": "dj-1", "status": status, **fields})


@pytest.mark.parametrize(
    ("status", "alignment", "started"),
    [
        ("needs_review", None, False),
        ("file_processing", None, False),
        ("ready_to_start", None, False),
        ("ready_to_start", "al-1", True),  # the status lags behind
        ("pending", None, True),
        ("queued", "al-1", True),
        ("running", "al-1", True),
        ("completed", "al-1", True),
        ("stopped", None, True),
        ("baking", None, False),
        ("baking", "al-1", True),
        ("ready_to_start", "", False),
    ],
)
def test_a_job_is_started_if_it_has_an_alignment_or_its_status_says_so(
    status: str, alignment: str | None, started: bool
) -> None:
    assert is_started(job(status, alignment_job_id=alignment)) is started


def test_a_status_that_nobody_documented_is_not_the_end() -> None:
    assert is_over("completed") and is_over("stopped")
    assert not is_over("baking") and not is_over(None)


@pytest.mark.parametrize(
    ("fields", "percent", "estimate"),
    [
        ({"progress": 42, "eta_minutes": 12}, 42, "about 12 min left"),
        ({"progress": "42 %", "eta_minutes": "0.2"}, 42, "less than a minute left"),
        ({"progress": "halfway", "eta_minutes": "soon"}, None, None),
        ({"progress": 420, "eta_minutes": -3}, None, None),
        ({"eta_minutes": 240}, None, "about 4 h left"),
        ({"estimated_completion_at": "2026-01-02T03:04"}, None, "ready at 2026-01-02T03:04"),
        ({}, None, None),
    ],
)
def test_progress_and_estimate_are_shown_where_they_make_sense(
    fields: dict[str, Any], percent: float | None, estimate: str | None
) -> None:
    made = {"id": "al-1", "status": "running", "current_step": "writing", **fields}
    seen = standing("r", "wait", job("running", alignment_job=made))
    assert seen == Standing("r", "wait", "running", "writing", percent, estimate)


def test_a_job_without_an_alignment_has_a_status_alone() -> None:
    assert standing("r", "ready", job("baking")) == Standing("r", "ready", "baking")
    assert minutes_left(job("baking")) is None
    assert minutes_left(None) is None


def test_reasons_are_those_of_each_file_and_of_the_job_said_once() -> None:
    seen = job(
        "needs_review",
        files=[{"file_id": "f-1", "name": "principles.json", "suggested_fix": "Use Markdown."}],
        ingestion_jobs=[
            {"records": [{"alignment_file_id": "f-1", "error_message": "JSON is not taken.",
                          "suggested_fix": "Use Markdown."}]}
        ],
        status_message="A file was refused.",
    )  # fmt: skip
    assert reasons(seen) == [
        "principles.json: JSON is not taken; Use Markdown",
        "A file was refused.",
    ]
    assert why(seen) == (" (principles.json: JSON is not taken; Use Markdown; A file was refused)")
    assert why(job("needs_review")) == ""


def test_reasons_of_an_alignment_are_its_message() -> None:
    made = AlignmentJob.model_validate({"id": "al-1", "status": "failed", "status_message": "No."})
    assert why(made) == " (No)"
