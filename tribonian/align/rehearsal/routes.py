"""Which call is which: one literal table of method, path and what answers it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from tribonian.align.rehearsal import alignments, data_jobs, files, training
from tribonian.align.rehearsal.answers import Answer, RefusedError
from tribonian.align.rehearsal.serving import Serving
from tribonian.align.rehearsal.wire import Call

ROOT = "/v1/flow"

# Paths below /v1/flow; {} is an id. A path of words stands before one with an id in its place.
ROUTES: tuple[tuple[str, str, Callable[..., Answer]], ...] = (
    ("POST", "/files/validate_metadata", files.validate_metadata),
    ("PUT", "/files", files.upload),
    ("PUT", "/bulk_files", files.bulk_upload),
    ("GET", "/files", files.files),
    ("GET", "/files/{}", files.file),
    ("DELETE", "/files/{}", files.delete),
    ("GET", "/files/{}/content", files.content),
    ("PUT", "/files/{}/rename", files.rename),
    ("POST", "/data-jobs/gen_system_prompt", data_jobs.draft_prompt),
    ("POST", "/data-jobs", data_jobs.create),
    ("GET", "/data-jobs", data_jobs.data_jobs),
    ("GET", "/data-jobs/{}", data_jobs.data_job),
    ("PATCH", "/data-jobs/{}", data_jobs.edit),
    ("DELETE", "/data-jobs/{}", data_jobs.delete),
    ("POST", "/data-jobs/{}/add-files", data_jobs.attach),
    ("POST", "/data-jobs/{}/remove-files", data_jobs.detach),
    ("POST", "/data-jobs/{}/start", data_jobs.start),
    ("POST", "/data-jobs/{}/cancel", data_jobs.cancel),
    ("POST", "/data-jobs/{}/clone", data_jobs.clone),
    ("GET", "/data-jobs/{}/outputs", data_jobs.outputs),
    ("POST", "/alignment/generate", alignments.generate),
    ("GET", "/alignment", alignments.alignments),
    ("GET", "/alignment/{}", alignments.alignment),
    ("DELETE", "/alignment/{}", alignments.delete),
    ("GET", "/alignment/{}/outputs", alignments.outputs),
    ("POST", "/alignment/{}/cancel", alignments.cancel),
    ("GET", "/models", training.models),
    ("POST", "/projects", training.create_project),
    ("GET", "/projects", training.projects),
    ("GET", "/projects/{}", training.project),
    ("POST", "/fine-tune", training.fine_tune),
    ("GET", "/fine-tunes", training.fine_tunes),
    ("GET", "/fine-tunes/{}", training.one_fine_tune),
    ("PUT", "/fine-tunes/{}/cancel", training.cancel_fine_tune),
    ("GET", "/fine-tunes/{}/events", training.events),
)

_PATTERNS = tuple(
    (method, re.compile(re.escape(ROOT + path).replace(r"\{\}", "([^/]+)")), answer)
    for method, path, answer in ROUTES
)


def answered(serving: Serving, call: Call) -> Answer:
    """The answer to a call; RefusedError where the service does not do it."""
    known: Any = None
    for method, pattern, answer in _PATTERNS:
        found = pattern.fullmatch(call.path)
        if found is None:
            continue
        known = found
        if method == call.method:
            given = answer(serving, call, *found.groups())
            return _deprecated(call, given)
    raise RefusedError(405, "Method Not Allowed") if known else RefusedError(404, "Not Found")


def _deprecated(call: Call, answer: Answer) -> Answer:
    if call.path.startswith(f"{ROOT}/alignment"):
        answer.headers |= alignments.DEPRECATED
    return answer
