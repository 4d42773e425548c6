"""Principles sent to the service, and the pairs that come back: sent, traced, reviewed, written.

The verbs of ``tribonian align`` are functions here, with the same words for the same things;
each imports what it needs when it is called. The account is that of the environment, unless
``rehearse`` takes a stand-in of the service.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tribonian.align.runs.course import Telling
    from tribonian.align.runs.status import Row
    from tribonian.align.runs.workflow import Outcome

__all__ = ["cancel", "collect", "run", "status", "submit"]

PathLike = str | os.PathLike[str]


def run(
    build: PathLike,
    instructions: str = "",
    *,
    system_prompt: str | None = None,
    name: str | None = None,
    upload: str = "auto",
    workflow: str = "jobs",
    only: Sequence[str] = (),
    profiles: Sequence[str] = (),
    only_uncovered: bool = False,
    rehearse: bool = False,
    deadline: float = 24.0,
    telling: Telling | None = None,
) -> Outcome:
    """Send a build, wait, and collect the pairs; again, it goes on where it stood.

    ``deadline`` is in hours, 0 for none; ``telling`` is told how far it is. What fails in one
    run is in its row of the outcome. Raises UsageError, NotFitError, and TribonianError where
    another process works on the folder.
    """
    from tribonian.align.opening import opened_service
    from tribonian.align.runs.asked import Asked
    from tribonian.align.runs.workflow import run as work

    asked = Asked(instructions, system_prompt, name, upload, workflow, tuple(only),
                  tuple(profiles), only_uncovered)  # fmt: skip
    with opened_service(Path(build), rehearse=rehearse, deadline=deadline) as service:
        return work(Path(build), asked, service, rehearsal=rehearse, telling=telling)


def submit(
    build: PathLike,
    instructions: str = "",
    *,
    system_prompt: str | None = None,
    name: str | None = None,
    upload: str = "auto",
    workflow: str = "jobs",
    only: Sequence[str] = (),
    profiles: Sequence[str] = (),
    only_uncovered: bool = False,
    rehearse: bool = False,
    deadline: float = 24.0,
    telling: Telling | None = None,
) -> Outcome:
    """Send a build and start its jobs, without waiting for their pairs; otherwise as `run`."""
    from tribonian.align.opening import opened_service
    from tribonian.align.runs.asked import Asked
    from tribonian.align.runs.workflow import submit as work

    asked = Asked(instructions, system_prompt, name, upload, workflow, tuple(only),
                  tuple(profiles), only_uncovered)  # fmt: skip
    with opened_service(Path(build), rehearse=rehearse, deadline=deadline) as service:
        return work(Path(build), asked, service, rehearsal=rehearse, telling=telling)


def status(build: PathLike, *, rehearse: bool = False) -> list[Row]:
    """How the runs of a build stand at the service now; UsageError where there are none."""
    from tribonian.align.opening import opened_service
    from tribonian.align.runs.status import status as look

    with opened_service(Path(build), rehearse=rehearse) as service:
        return look(Path(build), service, rehearsal=rehearse)


def collect(
    build: PathLike,
    *,
    rehearse: bool = False,
    deadline: float = 24.0,
    telling: Telling | None = None,
) -> Outcome:
    """Wait for what was started, and collect its pairs, whatever the build is by now."""
    from tribonian.align.opening import opened_service
    from tribonian.align.runs.workflow import collect as work

    with opened_service(Path(build), rehearse=rehearse, deadline=deadline) as service:
        return work(Path(build), service, rehearsal=rehearse, telling=telling)


def cancel(build: PathLike, *, rehearse: bool = False) -> list[Row]:
    """Cancel what runs at the service; UsageError where nothing was started."""
    from tribonian.align.opening import opened_service
    from tribonian.align.runs.status import cancel as work

    with opened_service(Path(build), rehearse=rehearse) as service:
        return work(Path(build), service, rehearsal=rehearse)
