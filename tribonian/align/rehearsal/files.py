"""The calls about files."""

from __future__ import annotations

from pathlib import PurePosixPath

from tribonian.align.rehearsal.answers import Answer, RefusedError, json_answer
from tribonian.align.rehearsal.asked import (
    FilesQuery,
    Metadata,
    Renamed,
    body_of,
    missing,
    query_of,
)
from tribonian.align.rehearsal.bodies import Part
from tribonian.align.rehearsal.serving import Serving, sorted_by, team_of
from tribonian.align.rehearsal.state import Object
from tribonian.align.rehearsal.wire import Call

MAX_SIZE = 4_000_000_000  # bytes of one upload, SeekrFlow's guide to file ingestion
ALIGNMENT = frozenset((  # seekrai 0.35.1, types/files.py
    "html", "md", "rst", "rtf", "txt", "xml", "json", "jsonl", "csv", "doc", "docx", "pdf", "ppt",
    "pptx",
))  # fmt: skip
TRAINING = frozenset(("jsonl", "parquet"))
PURPOSES = {
    "alignment": ALIGNMENT,
    "fine-tune": TRAINING,
    "pre-train": TRAINING,
    "preference-fine-tune": TRAINING,
    "reinforcement-fine-tune": TRAINING,
}


def _metadata_errors(purpose: str, suffix: str, size: int) -> str | None:
    wrong = []
    if suffix.lower() not in PURPOSES[purpose]:
        known = ", ".join(sorted(PURPOSES[purpose]))
        wrong.append(f"File type '{suffix}' is not supported for {purpose}; supported: {known}.")
    if size <= 0:
        wrong.append("The file is empty.")
    if size > MAX_SIZE:
        wrong.append(f"The file has {size} bytes; the limit is {MAX_SIZE}.")
    return " ".join(wrong) or None


def validate_metadata(serving: Serving, call: Call) -> Answer:
    """POST /files/validate_metadata."""
    asked = body_of(call, Metadata)
    errors = _metadata_errors(asked.purpose, asked.suffix, asked.size)
    return json_answer({"is_valid": errors is None, "errors": errors})


def _purpose(call: Call) -> str:
    values = [part.value for part in call.body.parts if part.name == "purpose" and not part.path]
    if not values:
        raise missing("body", "purpose")
    purpose = values[-1].decode("utf-8", "replace")
    if purpose not in PURPOSES:
        raise RefusedError(422, [{
            "loc": ["body", "purpose"], "msg": "Input should be 'fine-tune', 'alignment', "
            "'pre-train', 'preference-fine-tune' or 'reinforcement-fine-tune'",
            "type": "enum", "input": purpose,
        }])  # fmt: skip
    return purpose


def _uploads(call: Call) -> list[Part]:
    # The official SDK sends a further part called `filename`, which nothing declares.
    found = [part for part in call.body.parts if part.name == "files" and part.path]
    if not found:
        raise missing("body", "files")
    return found


def _stored(serving: Serving, call: Call, part: Part, purpose: str) -> Object:
    assert part.path is not None
    filename = PurePosixPath((part.filename or "upload").replace("\\", "/")).name
    suffix = PurePosixPath(filename).suffix.lstrip(".")
    errors = _metadata_errors(purpose, suffix, part.size)
    if errors is not None:
        raise RefusedError(400, errors)
    return serving.state.add(
        "file",
        "file",
        f"{purpose}\n{filename}\n{part.sha256}",
        team_of(call),
        serving.made_known(
            {
                "object": "file",
                "type": suffix.lower(),
                "purpose": purpose,
                "filename": filename,
                "bytes": part.size,
                "created_by": "user",
                "original_file_id": None,
                "deleted": False,
                "_made_by": "upload",
                "_sha256": part.sha256,
            }
        ),
        body=part.path,
    )


def upload(serving: Serving, call: Call) -> Answer:
    """PUT /files: one file."""
    purpose = _purpose(call)
    return json_answer(serving.told("file", _stored(serving, call, _uploads(call)[0], purpose)))


def bulk_upload(serving: Serving, call: Call) -> Answer:
    """PUT /bulk_files: several files of one purpose."""
    purpose = _purpose(call)
    stored = [_stored(serving, call, part, purpose) for part in _uploads(call)]
    return json_answer([serving.told("file", each) for each in stored])


def files(serving: Serving, call: Call) -> Answer:
    """GET /files: a page of them."""
    asked = query_of(call, FilesQuery)
    rows = serving.state.all("file", team_of(call))
    rows = [each for each in rows if asked.purpose in (None, each["purpose"])]
    rows = sorted_by(rows, asked.sort_by, asked.sort_order)
    return serving.listed("file", rows, asked.limit, asked.offset)


def file(serving: Serving, call: Call, name: str) -> Answer:
    """GET /files/{id}."""
    return json_answer(serving.told("file", serving.found("file", name, call)))


def content(serving: Serving, call: Call, name: str) -> Answer:
    """GET /files/{id}/content: the bytes."""
    serving.found("file", name, call)
    return Answer(200, serving.state.content(name), "application/octet-stream")


def rename(serving: Serving, call: Call, name: str) -> Answer:
    """PUT /files/{id}/rename."""
    found = serving.found("file", name, call)
    found["filename"] = body_of(call, Renamed).new_filename
    serving.state.put(found)
    return json_answer(serving.told("file", found))


def delete(serving: Serving, call: Call, name: str) -> Answer:
    """DELETE /files/{id}."""
    found = serving.found("file", name, call)
    found["_deleted"] = True
    serving.state.put(found)
    serving.state.content(name).unlink(missing_ok=True)
    return json_answer({"id": name, "object": "file", "deleted": True})
