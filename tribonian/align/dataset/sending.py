"""A training file sent to the service, once: known there by a name that tells its content."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from tribonian.align.dataset.checking import check_dataset
from tribonian.align.dataset.tokens_of_rows import MAX_LENGTH
from tribonian.align.runs.watching import settled
from tribonian.align.service.client import Service
from tribonian.align.service.failures import UncertainError
from tribonian.errors import NotFitError, TribonianError, UsageError
from tribonian.schemas.service import ServiceFile

PURPOSES = ("fine-tune", "pre-train", "preference-fine-tune", "reinforcement-fine-tune")
_ATTEMPTS = 3  # a lost upload that is not found there is sent again so often


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file at the service: its id there; ``reused`` is whether it was there before."""

    id: str
    name: str
    sha256: str
    bytes: int
    purpose: str
    reused: bool


def purposes(
    files: Iterable[Path], asked: str | None = None, max_length: int = MAX_LENGTH
) -> dict[Path, str]:
    """What each file is for at the service, by its rows unless ``asked`` says it.

    Raises NotFitError, with what was found, for a file that must not be sent: every one is
    checked before any is. UsageError where they are for different purposes.
    """
    if asked is not None and asked not in PURPOSES:
        raise UsageError(f"--purpose {asked} is unknown; use {', '.join(PURPOSES)}.")
    found: dict[Path, str] = {}
    for file in files:
        verdict = check_dataset(file, max_length=max_length)
        if not verdict.fit:
            why = next((str(note) for note in verdict.notes if note.severity == "error"), "")
            raise NotFitError(
                f"{file} is not fit for training, and nothing was sent: {why} "
                f"See tribonian dataset check {file}"
            )
        if asked is not None and asked != verdict.purpose:
            raise UsageError(
                f"{file} has rows for {verdict.purpose}, not for {asked}; leave --purpose out."
            )
        found[file] = verdict.purpose
    if len(set(found.values())) > 1:
        raise UsageError("The files are for different purposes; send them one after the other.")
    return found


def send(
    file: Path,
    service: Service,
    *,
    purpose: str = "fine-tune",
    say: Callable[[str], None] = lambda _: None,
    progress: Callable[[int, int], None] | None = None,
) -> SentFile:
    """Send a file unless it is there; the caller has checked it.

    It is called by its own name with the first 12 hex digits of its SHA-256 there, so that its
    name and size tell its content. ``purpose`` is one of `PURPOSES`. Raises ServiceError.
    """
    with file.open("rb") as opened:
        sha256 = hashlib.file_digest(opened, "sha256").hexdigest()
        size = opened.tell()
    name = f"{file.stem}-{sha256[:12]}{file.suffix}"

    def there() -> ServiceFile | None:
        for known in service.files(purpose):
            if known.filename == name and known.bytes == size:
                return known
        return None

    found, reused = there(), True
    if found is None:
        service.validate_metadata(purpose, file.suffix.removeprefix("."), size)
        found, reused = _sent(file, service, purpose, name, there, say, progress), False
    return SentFile(found.id, name, sha256, size, purpose, reused)


def _sent(
    file: Path,
    service: Service,
    purpose: str,
    name: str,
    there: Callable[[], ServiceFile | None],
    say: Callable[[str], None],
    progress: Callable[[int, int], None] | None,
) -> ServiceFile:
    for _ in range(_ATTEMPTS):
        try:
            return service.upload(file, purpose=purpose, name=name, progress=progress)
        except UncertainError as error:
            say(f"{str(error).rstrip('.')}: looking whether it is there.")
            found = settled(there, service.times.settle, service.stop)
            if found is not None:
                return found
    raise TribonianError(
        f"{file.name} was sent {_ATTEMPTS} times and is not at the service; try again later."
    )
