"""Files of a data job while they are read: one record each, and what comes of it."""

from __future__ import annotations

from collections.abc import Sequence

from tribonian.align.rehearsal.documents import MARKDOWN, faults_of, suggestion
from tribonian.align.rehearsal.serving import USER, Serving
from tribonian.align.rehearsal.state import Object, named, stamp


def has_failed(record: Object | None) -> bool:
    """Did reading this file fail?"""
    return record is not None and record["status"] == "failed"


def record_of(serving: Serving, job: Object, kept: Object, method: str) -> Object | None:
    """How a file is read, and what will come of it; None for Markdown that is fit."""
    suffix = kept["type"]
    error, fix = _refused(serving, kept)
    if suffix in MARKDOWN and error is None:
        return None
    number = serving.state.tick()
    ingestion = named("ij", len(job["_records"]), job["id"])
    return {
        "record_id": named("rec", number, kept["id"]),
        "ingestion_job_id": ingestion,
        "alignment_file_id": kept["id"],
        "user_id": USER,
        "team_id": job["team_id"],
        "filename": kept["filename"],
        "method": method,
        "status": "failed" if suffix in MARKDOWN else "queued",
        "queue_position": None if suffix in MARKDOWN else 1,
        "error_message": error,
        "suggested_fix": fix,
        "deleted": False,
        "created_at": stamp(number),
        "processing_at": None,
        "completed_at": None,
        "failed_at": stamp(number) if suffix in MARKDOWN else None,
    }


def _refused(serving: Serving, kept: Object) -> tuple[str | None, str | None]:
    """(what is wrong with a file, what to do), or (None, None)."""
    suffix = kept["type"]
    if suffix == "json" and serving.misbehaviour.shows("json-refused"):
        return (
            "JSON files are not supported by this job type.",
            "Upload the file as Markdown (.md).",
        )
    if serving.misbehaviour.shows("ingestion-failed"):
        return "The file could not be processed.", "Remove the file, and add it again."
    wrong = faults_of(serving.state.content(kept["id"]).read_bytes(), suffix)
    if wrong:
        more = f" ({len(wrong) - 1} more)" if len(wrong) > 1 else ""
        place = f" at {wrong[0].locator}" if wrong[0].locator else ""
        return f"{wrong[0].message.rstrip('.')}{place}{more}.", suggestion(suffix)
    return None, None


def ingestions_of(job: Object) -> list[Object]:
    """The ingestion jobs of a data job with their records."""
    found: dict[str, list[Object]] = {}
    for record in job["_records"]:
        shown = dict(record)
        if not has_failed(record):  # what will come of it is not known yet
            shown["error_message"] = shown["suggested_fix"] = None
        found.setdefault(record["ingestion_job_id"], []).append(shown)
    return [
        {
            "id": name,
            "status": _together([each["status"] for each in records]),
            "created_at": records[0]["created_at"],
            "updated_at": records[0]["completed_at"] or records[0]["created_at"],
            "file_ids": [each["alignment_file_id"] for each in records],
            "records": records,
        }
        for name, records in found.items()
    ]


def _together(states: Sequence[str]) -> str:
    return next(each for each in ("failed", "running", "queued", "completed") if each in states)
