"""The files that tribonian writes as pydantic models: what their JSON Schema in ``docs/`` says.

Imported only where a file crosses the border and is not our own: pydantic takes as long to
load as everything else together.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Text = Annotated[str, Field(min_length=1, pattern=r"^\S(?:[\s\S]*\S)?$")]


class UploadNode(BaseModel):
    """One node of ``principles.json``: four keys and no others, level equal to depth."""

    model_config = ConfigDict(extra="forbid", strict=True)

    label: Text
    content: Text
    children: list[UploadNode]
    level: Annotated[str, Field(pattern=r"^(0|[1-9][0-9]*)$")]


class SourceRow(BaseModel):
    """Where a principle comes from; ``start`` and ``end`` count characters of the unit's text."""

    model_config = ConfigDict(extra="forbid")

    document: str
    sha256: str
    locator: str
    as_of: str | None
    start: int
    end: int


class ProvenanceRow(BaseModel):
    """A line of ``provenance.jsonl``; ``path`` are child indexes from the root of ``file``."""

    model_config = ConfigDict(extra="forbid")

    id: str
    file: str
    path: list[int]
    label: str
    citation: str | None
    tokens: int
    sources: list[SourceRow]


class ExcludedRow(BaseModel):
    """A line of ``excluded.jsonl``; ``kept`` is the id of the principle that stands for it."""

    model_config = ConfigDict(extra="forbid")

    text: str
    reason: str
    document: str
    locator: str
    kept: str | None = None
    similarity: float | None = None


class FindingRow(BaseModel):
    """A line of ``findings.jsonl``."""

    model_config = ConfigDict(extra="forbid")

    code: str
    severity: Literal["info", "warning", "error"]
    message: str
    document: str
    locator: str
    principle: str | None = None
    principles: list[str] | None = None
    differs: list[tuple[str, str]] | None = None
    quote: str | None = None


class WordCounts(BaseModel):
    """Words of a document: read = principles + excluded; duplicates are part of excluded."""

    read: int
    principles: int
    excluded: int
    duplicates: int
    added: int | None = None


class DocumentRow(BaseModel):
    """One document in ``manifest.json``."""

    model_config = ConfigDict(extra="forbid")

    source: str
    sha256: str | None
    bytes: int
    format: str | None
    as_of: str | None
    status: Literal["ok", "failed", "skipped"]
    reason: str | None
    sections: int
    words: WordCounts


class FileRow(BaseModel):
    """One file of the build."""

    name: str
    sha256: str
    bytes: int


class Totals(BaseModel):
    """The sums over all documents."""

    documents: dict[Literal["ok", "failed", "skipped"], int]
    principles: int
    tokens: int
    words: WordCounts


class Manifest(BaseModel):
    """``manifest.json``."""

    model_config = ConfigDict(extra="forbid")

    tribonian: str
    settings: dict[str, object]
    documents: list[DocumentRow]
    totals: Totals
    size: dict[str, object]
    files: list[FileRow]


class LockedSource(BaseModel):
    """One fetched file for one source that asked for it; two sources may share a file.

    ``asked`` is the source as typed, ``url`` where it was found in the end, both without
    passwords and keys. ``file`` is the path below the folder, with ``/``.
    """

    model_config = ConfigDict(extra="forbid")

    asked: str
    url: str
    as_of: Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")] | None
    file: Annotated[str, Field(min_length=1)]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    bytes: Annotated[int, Field(ge=0)]
    etag: str | None


class LockFile(BaseModel):
    """``sources.lock.json``, which ``fetch`` writes: its rows in the order of their files."""

    model_config = ConfigDict(extra="forbid")

    sources: list[LockedSource]
