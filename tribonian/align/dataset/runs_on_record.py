"""What a build folder says of itself: its documents, and the runs that made its pairs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from tribonian.align.places import Places
from tribonian.align.runs.journal import read_journal
from tribonian.consolidate.tokens import DEFAULT
from tribonian.errors import UsageError


@dataclass(slots=True)
class RunOnRecord:
    """A run as the journal has it; ``jobs`` are its ids at the service."""

    run: str
    base_url: str = ""
    principles: int = 0
    upload: str = ""
    instructions: str = ""
    system_prompt: str = ""
    rehearsal: bool = False
    jobs: list[str] = field(default_factory=list)


def runs_of(build: Path) -> list[RunOnRecord]:
    """The runs of a build, sorted by name; those without a journal by the files they left."""
    places = Places(build)
    runs: dict[str, RunOnRecord] = {}
    try:
        lines = read_journal(places)
    except UsageError:
        lines = []
    for line in lines:
        run = runs.setdefault(line["run"], RunOnRecord(line["run"]))
        for name in ("base_url", "upload", "instructions", "system_prompt"):
            if isinstance(line.get(name), str):
                setattr(run, name, line[name])
        if isinstance(line.get("principles"), int):
            run.principles = line["principles"]
        run.rehearsal = run.rehearsal or line.get("rehearsal") is True
        job = line.get("job")
        if isinstance(job, str) and job not in run.jobs:
            run.jobs.append(job)
    for file in places.align.glob("sent-*.jsonl"):
        name = file.stem.removeprefix("sent-")
        runs.setdefault(name, RunOnRecord(name))
    return [runs[name] for name in sorted(runs)]


def manifest_of(build: Path) -> dict[str, Any]:
    """The manifest of a build; empty where it cannot be read."""
    try:
        found = orjson.loads((build / "manifest.json").read_bytes())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def documents_of(build: Path) -> list[dict[str, Any]]:
    """The documents of a build that were read, as its manifest has them."""
    rows = manifest_of(build).get("documents")
    keys = ("source", "sha256", "format", "as_of")
    return [
        {key: row.get(key) for key in keys}
        for row in (rows if isinstance(rows, list) else [])
        if isinstance(row, dict) and row.get("status") == "ok"
    ]


def tokenizer_of(builds: Sequence[Path], asked: str | None) -> str:
    """What tokens are counted with: what was asked for, else what the builds were made with."""
    if asked is not None:
        return asked
    names = sorted({_tokenizer(build) for build in builds}) or [DEFAULT]
    if len(names) > 1:
        raise UsageError(
            f"The builds count tokens by {' and '.join(names)}; name one with --tokenizer."
        )
    if names[0].startswith("file:"):  # the manifest does not say where it is
        raise UsageError(
            f"The build counts tokens by {names[0]}; say where it is with --tokenizer file:PATH."
        )
    return names[0]


def _tokenizer(build: Path) -> str:
    settings = manifest_of(build).get("settings")
    name = settings.get("tokenizer") if isinstance(settings, dict) else None
    return name if isinstance(name, str) else DEFAULT
