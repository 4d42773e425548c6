"""What alignment keeps in a build folder, all of it below ``align/``."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tribonian.errors import TribonianError
from tribonian.ingest.sources.writing import write_whole

REHEARSAL_MARK = "[rehearsal]"  # how the system message of a rehearsed conversation begins


@dataclass(frozen=True, slots=True)
class Places:
    """The files of one build folder; ``run`` is the 12 hex digits that name one run."""

    build: Path

    @property
    def align(self) -> Path:
        """The folder that alignment writes; a new build leaves it as it is."""
        return self.build / "align"

    @property
    def journal(self) -> Path:
        """Every step, before and after it happens."""
        return self.align / "journal.jsonl"

    @property
    def pairs(self) -> Path:
        """The pairs, traced."""
        return self.align / "pairs.parquet"

    @property
    def decisions(self) -> Path:
        """What reviewers decided."""
        return self.align / "decisions.jsonl"

    @property
    def coverage(self) -> Path:
        """How many pairs each principle has."""
        return self.align / "coverage.jsonl"

    @property
    def report(self) -> Path:
        """The same for a person."""
        return self.align / "report.html"

    @property
    def rehearsal(self) -> Path:
        """What the rehearsal's stand-in of the service keeps."""
        return self.align / "rehearsal"

    def sent(self, run: str) -> Path:
        """The principles as they were sent in a run, one a line."""
        return self.align / f"sent-{run}.jsonl"

    def upload(self, run: str, suffix: str) -> Path:
        """The file that a run uploads, where it is none of the build's own."""
        return self.align / f"upload-{run}.{suffix}"

    def received(self, run: str, suffix: str, number: int = 1) -> Path:
        """A file as the service gave it."""
        return self.align / f"received-{run}-{number}.{suffix}"


def keep(path: Path, data: bytes) -> None:
    """Write a file whole; TribonianError, and what was there stays, where there is no room."""
    try:
        write_whole(path, data)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise TribonianError(
            f"{path} cannot be written ({reason}); mend that, and run the same command again."
        ) from None
