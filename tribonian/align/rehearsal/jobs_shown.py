"""Data jobs as they are shown: in a list, and with all that belongs to them."""

from __future__ import annotations

from typing import Any

from tribonian.align.rehearsal import alignments
from tribonian.align.rehearsal.answers import Answer, json_answer
from tribonian.align.rehearsal.courses import status_of
from tribonian.align.rehearsal.ingestion import has_failed, ingestions_of
from tribonian.align.rehearsal.serving import Serving
from tribonian.align.rehearsal.state import Object, stamp

_EVENTS = {
    "created": "Data job created",
    "files_added": "Files added",
    "files_removed": "Files removed",
    "started": "Data job started",
    "cancelled": "Data job cancelled",
}


def alignment_of(serving: Serving, job: Object) -> Object | None:
    """The alignment job of a data job that was started."""
    name = job["alignment_job_id"]
    return serving.state.get("alignment", name, job["_team"]) if name else None


def row_of(serving: Serving, job: Object) -> Object:
    """What a list and a new job show."""
    out = dict(job)
    made = serving.misbehaviour.has("prompt-generated")
    alignment = alignment_of(serving, job)
    status, message = status_of(job, alignment, prompt_made=made)
    if alignment is None and job.get("_shown"):
        status, message = job["_shown"], None
    out["status"], out["status_message"] = status, message
    out["updated_at"] = stamp(job["_changed"]) if "_changed" in job else job["created_at"]
    return out


def detail(serving: Serving, job: Object) -> Answer:
    """A data job with files, ingestion, alignment and timeline."""
    out = serving.told("job", row_of(serving, job))
    bare = "instructions" not in out  # the switch of missing fields
    alignment = alignment_of(serving, job)
    out["alignment_job"] = None if alignment is None else alignments.told(serving, alignment)
    if bare:
        return json_answer(out)
    records = {each["alignment_file_id"]: each for each in job["_records"]}
    out["files"] = [_file(serving, job, name, records.get(name)) for name in job["_files"]]
    out["additional_alignment_file_ids"] = list(job["_files"])
    out["ingestion_jobs"] = ingestions_of(job)
    out["fine_tuning_job_ids"] = []
    out["timeline"] = job["_timeline"]
    return json_answer(out)


def _file(serving: Serving, job: Object, name: str, record: Object | None) -> Object:
    kept = serving.state.get("file", name, job["_team"]) or {}
    return {
        "file_id": name,
        "record_id": record["record_id"] if record else None,
        "name": kept.get("filename"),
        "type": kept.get("type"),
        "created_at": kept.get("created_at"),
        "status": record["status"] if record else "completed",
        "suggested_fix": record["suggested_fix"] if has_failed(record) and record else None,
        "bytes": kept.get("bytes"),
    }


def record_event(serving: Serving, job: Object, kind: str, **metadata: Any) -> None:
    """Put an event on the timeline of a job."""
    job["_timeline"].append(
        {
            "timestamp": stamp(serving.state.tick()),
            "event_type": kind,
            "message": _EVENTS[kind],
            "metadata": metadata,
        }
    )
