"""Open one document and stream its section tree."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO

from tribonian.errors import DocumentError
from tribonian.ingest.formats import Format, decide
from tribonian.ingest.record import Reading
from tribonian.ingest.sources.source import date_in_name, title_in_name, unreadable
from tribonian.schemas.finding import Finding
from tribonian.schemas.tree import Document, Event, Node, grow


@dataclass(slots=True)
class OpenDocument:
    """A document being read; its parts are complete when `events` has ended."""

    document: Document
    reading: Reading
    events: Iterator[Event] = field(default_factory=lambda: iter(()))

    def finish(self) -> tuple[Document, list[Finding]]:
        """What is known of the document, and its findings, once it has been read."""
        reading = self.reading
        document = replace(
            self.document,
            as_of=reading.as_of or self.document.as_of or reading.amended,
            words=reading.words,
            sections=reading.sections,
        )
        findings = [replace(each, document=document.source) for each in reading.findings]
        if reading.title is None and reading.cites_cfr:
            findings.append(
                Finding(
                    "title-unknown",
                    "The file does not say of which CFR title it is, so its units have no "
                    "citation; put the title into its name (title-21_part-11.xml).",
                    document.source,
                )
            )
        return document, findings


def open_document(path: Path, name: str, password: str | None = None) -> OpenDocument:
    """Open a document by path; DocumentError, in one sentence, if it cannot be read."""
    try:
        file = path.open("rb")
    except OSError as error:
        raise DocumentError(unreadable(error)) from None
    try:
        chosen, doubt = decide(file, name)
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        size = file.tell()
        file.seek(0)
    except OSError as error:
        file.close()
        raise DocumentError(unreadable(error)) from None
    except BaseException:
        file.close()
        raise
    reading = Reading(title=title_in_name(name), name=name, password=password)
    if doubt:
        reading.note("format-mismatch", doubt)
    document = Document(
        source=name,
        sha256=sha256,
        format=chosen.name,
        bytes=size,
        as_of=date_in_name(name),
    )
    return OpenDocument(document, reading, _closing(file, chosen, reading))


def _closing(file: BinaryIO, chosen: Format, reading: Reading) -> Iterator[Event]:
    with file:
        yield from chosen.read(file, reading)
    reading.count()
    if not reading.words and chosen.name != "ecfr-xml":
        raise DocumentError(f"This {chosen.title} document holds no text that can be read.")


def read_tree(
    path: Path, name: str, password: str | None = None
) -> tuple[Document, Node, list[Finding]]:
    """The whole section tree of one document, with what is known of it and its findings."""
    opened = open_document(path, name, password)
    root = grow(opened.events)
    document, findings = opened.finish()
    label = " ".join(filter(None, (root.designator, root.heading))) or opened.reading.heading
    return replace(document, title=label), root, findings
