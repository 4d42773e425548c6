"""How a job stands at the service: what its status means, how far it is, what it complains of."""

from __future__ import annotations

from dataclasses import dataclass

from tribonian.schemas.service import AlignmentJob, DataJob

READY = "ready_to_start"
REVIEW = "needs_review"
BEFORE_START = frozenset(("file_processing", REVIEW, READY))
AFTER_START = frozenset(("pending", "queued", "running", "cancel_requested"))
OVER = frozenset(("completed", "failed", "cancelled", "stopped", "deleted"))


@dataclass(frozen=True, slots=True)
class Standing:
    """What is shown of a run while it is waited for.

    ``step`` is one of ours (upload, ready, wait …), ``status`` the service's own word, ``detail``
    the service's name of what it does now. ``percent`` is 0 to 100, ``estimate`` is for a person;
    ``done`` and ``whole`` count bytes, in the step ``pairs`` pairs.
    """

    run: str
    step: str
    status: str | None = None
    detail: str | None = None
    percent: float | None = None
    estimate: str | None = None
    done: int | None = None
    whole: int | None = None


def is_started(job: DataJob) -> bool:
    """Whether a data job was started, whoever did it.

    A status that nobody documented says nothing of it; start is sent to what says that it is
    ready, and to nothing else.
    """
    return bool(job.alignment_job_id) or job.status in AFTER_START | OVER - {"deleted"}


def is_over(status: str | None) -> bool:
    """Whether nothing more comes; a status that nobody documented may yet change."""
    return status in OVER


def standing(run: str, step: str, job: DataJob | AlignmentJob) -> Standing:
    """What a job says of itself."""
    made = job.alignment_job if isinstance(job, DataJob) else job
    if made is None:
        return Standing(run, step, job.status)
    percent = made.progress if isinstance(made.progress, float) else None
    if percent is not None and not 0 <= percent <= 100:
        percent = None
    return Standing(run, step, job.status, made.current_step, percent, _estimate(made))


def _estimate(made: AlignmentJob) -> str | None:
    minutes = minutes_left(made)
    if minutes is not None:
        whole = round(minutes)
        if whole < 1:
            return "less than a minute left"
        if whole < 120:
            return f"about {whole} min left"
        return f"about {round(minutes / 60)} h left"
    return f"ready at {made.estimated_completion_at}" if made.estimated_completion_at else None


def minutes_left(job: DataJob | AlignmentJob | None) -> float | None:
    """What the service thinks it still needs, in minutes."""
    made = job.alignment_job if isinstance(job, DataJob) else job
    value = made.eta_minutes if made is not None else None
    return value if isinstance(value, float) and 0 <= value < 1e6 else None


def reasons(job: DataJob | AlignmentJob) -> list[str]:
    """Why the service is not content, in its own words: file by file, then of the job."""
    found: list[str] = []
    if isinstance(job, DataJob):
        names = {file.file_id: file.name for file in job.files}
        for ingestion in job.ingestion_jobs:
            for record in ingestion.records:
                name = record.filename or names.get(record.alignment_file_id)
                found.append(_said(name, record.error_message, record.suggested_fix))
        for file in job.files:
            found.append(_said(file.name, None, file.suggested_fix))
        found.append(job.status_message or "")
        if job.alignment_job is not None:
            found.append(job.alignment_job.status_message or "")
    else:
        found.append(job.status_message or "")
    texts = list(dict.fromkeys(" ".join(text.split()) for text in found if text.strip()))
    # What a longer text says already, of the same file, is not said again.
    return [one for one in texts if not any(_says(other, one) for other in texts if other != one)]


def _says(longer: str, text: str) -> bool:
    name, _, said = text.partition(": ")
    return text in longer or bool(said and longer.startswith(f"{name}: ") and said in longer)


def _said(name: str | None, error: str | None, fix: str | None) -> str:
    words = [" ".join(text.split()).rstrip(".") for text in (error, fix) if text and text.strip()]
    if not words:
        return ""
    return f"{name}: {'; '.join(words)}" if name else "; ".join(words)


def why(job: DataJob | AlignmentJob) -> str:
    """The reasons as the end of a sentence: `` (…)``, or nothing."""
    said = "; ".join(text.rstrip(".") for text in reasons(job))
    said = said if len(said) <= 600 else f"{said[:599]}…"
    return f" ({said})" if said else ""
