"""What was obtained from elsewhere: a whole file on disk, or one sentence that says why not."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tribonian.schemas.finding import Finding


@dataclass(frozen=True, slots=True)
class Obtained:
    """One document, whole, on disk.

    ``asked`` is what the user typed, ``name`` what the manifest calls the document, ``url``
    where it was found in the end. ``file`` is the name that it suggests for itself below a
    fetched folder (with ``/``); names that collide are told apart later. ``as_of`` is the
    date of the law (YYYY-MM-DD) where it is known from outside of the document.
    """

    asked: str
    name: str
    url: str
    path: Path
    file: str
    sha256: str
    bytes: int
    etag: str | None = None
    as_of: str | None = None
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Missed:
    """A document that could not be had; ``reason`` is one sentence."""

    asked: str
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class PassedOver:
    """What was seen and not taken, as a hidden object in a bucket; ``reason`` is one sentence."""

    asked: str
    name: str
    reason: str
