"""Whether a build has runs at all, asked before anything is opened or written for them."""

from __future__ import annotations

from pathlib import Path

from tribonian.align.places import Places
from tribonian.align.runs.journal import read_journal
from tribonian.errors import UsageError


def require_runs(build: Path, *, rehearsal: bool | None = None) -> None:
    """Raise UsageError where no run of a build was begun; reads only.

    ``rehearsal`` asks for one that was rehearsed, or for one that was not; None for any.
    """
    if not build.is_dir():
        raise UsageError(f"{build} is no folder; name one that build wrote.")
    begun = [line for line in read_journal(Places(build)) if line["step"] == "run"]
    if not begun:
        raise UsageError(
            f"{build} has no runs yet; begin one with: tribonian align run {build} --instructions …"
        )
    if rehearsal and not any(line.get("rehearsal") for line in begun):
        raise UsageError(f"No run of {build} was a rehearsal; leave out --rehearse.")
