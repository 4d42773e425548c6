"""What a user asks of alignment, and what a run is: one file, one job, one course of it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

import orjson

from tribonian.errors import UsageError

LONGEST_NAME = 255  # characters of a data job's name
UPLOADS = ("auto", "json", "md")
WORKFLOWS = ("jobs", "legacy")
REHEARSED = "rehearsal"  # stands for the address of a stand-in, whose port is any


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for; texts are as they are sent.

    ``instructions`` steer what pairs are made, ``system_prompt`` stands in every conversation and
    is trained on; None has one drafted. ``name`` is the job's, None for the title and the run.
    ``upload`` is the form: auto takes Markdown where JSON is refused. ``only`` are citations,
    ids or words of headings; ``profiles`` make a run each, with the profile's instructions where
    none are given; ``only_uncovered`` leaves out what has pairs.
    """

    instructions: str = ""
    system_prompt: str | None = None
    name: str | None = None
    upload: str = "auto"
    workflow: str = "jobs"
    only: tuple[str, ...] = ()
    profiles: tuple[str, ...] = ()
    only_uncovered: bool = False

    def check(self) -> None:
        """Raise UsageError for what cannot be asked of the service."""
        if not self.instructions.strip() and not self.profiles:
            raise UsageError(
                "Say with --instructions what the pairs are for: context, objective, audience and "
                "tone; tribonian profiles has texts to start from."
            )
        if self.system_prompt is not None and not self.system_prompt.strip():
            raise UsageError("--system-prompt is empty; write one, or leave it out.")
        if self.name is not None and not 0 < len(self.name.strip()) <= LONGEST_NAME:
            raise UsageError(f"--name must have 1 to {LONGEST_NAME} characters.")
        if self.upload not in UPLOADS:
            raise UsageError(f"--upload {self.upload} is unknown; use {', '.join(UPLOADS)}.")
        if self.workflow not in WORKFLOWS:
            raise UsageError(f"--workflow {self.workflow} is unknown; use {', '.join(WORKFLOWS)}.")
        if any(not pattern.strip() for pattern in self.only):
            raise UsageError("--only names nothing; write a citation or words of a heading.")


@dataclass(frozen=True, slots=True)
class Run:
    """One course at the service, as the journal keeps it.

    ``run`` are 12 hex digits over all that is sent; ``name`` is the job's; ``title`` the label of
    the root; ``file`` the build's file that it was cut from; ``sha256`` that of the upload.
    ``system_prompt`` is the one that was given, if any. ``base_url`` is ``rehearsal`` for a
    rehearsal.
    """

    run: str
    name: str
    title: str
    file: str
    sha256: str
    principles: int
    instructions: str
    system_prompt: str | None
    upload: str
    workflow: str
    base_url: str
    team: str | None
    rehearsal: bool
    profile: str | None = None

    def facts(self) -> dict[str, object]:
        """All but ``run``, for the first line of a run."""
        facts = asdict(self)
        del facts["run"]
        return facts


def run_of(line: dict[str, Any]) -> Run:
    """A run from its first line; UsageError for a line that another version wrote."""
    try:
        return Run(**{each.name: line[each.name] for each in fields(Run)})
    except KeyError as error:
        raise UsageError(
            f"The journal's run {line.get('run')} lacks {error.args[0]}; another version of "
            "tribonian wrote it, so go on with that one."
        ) from None


def identity(asked: Asked, *, instructions: str, sha256: str, base_url: str, team: str | None,
             rehearsal: bool) -> str:  # fmt: skip
    """The 12 hex digits of a run: the same input goes on where it stood, another is another run."""
    sent = {
        "upload_sha256": sha256,
        "instructions": instructions,
        "system_prompt": asked.system_prompt,
        "name": asked.name,
        "workflow": asked.workflow,
        "upload": asked.upload,
        "base_url": REHEARSED if rehearsal else base_url,
        "team": team,
        "rehearsal": rehearsal,
    }
    canonical = orjson.dumps(sent, option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(canonical).hexdigest()[:12]


def job_name(asked: Asked, title: str, run: str, part: str) -> str:
    """The name of a run's job, at most 255 characters.

    A name that was given is taken as it is where there is one run; ``part`` tells several apart.
    """
    end = (f" {part}" if part else "") if asked.name is not None else f" {run}"
    start = " ".join((asked.name if asked.name is not None else title).split())
    if asked.name is not None and not part:
        return asked.name
    return start[: LONGEST_NAME - len(end)].rstrip() + end


def named_parts(wanted: Sequence[tuple[str, str | None]]) -> list[str]:
    """What tells runs apart by a word: the profile, the number of the file, or both."""
    profiles = {profile for _, profile in wanted}
    files = {file for file, _ in wanted}
    return [
        " ".join(
            ([profile] if profile and len(profiles) > 1 else [])
            + ([file.removeprefix("principles-").removesuffix(".json")] if len(files) > 1 else [])
        )
        for file, profile in wanted
    ]
