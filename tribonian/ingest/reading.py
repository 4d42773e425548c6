"""Open one document and stream its section tree."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO

from tribonian.errors import DocumentError
from tribonian.ingest.formats import Format, decide
from tribonian.ingest.record import Reading
from tribonian.ingest.sources.source import Source, date_in_name, title_in_name, unreadable
from tribonian.ingest.sources.wanted import open_file
from tribonian.schemas.finding import Finding
from tribonian.schemas.tree import Document, Event, Node, grow


@dataclass(slots=True)
class OpenDocument:
    """A document being read; its parts are complete when `events` has ended.

    Its date is what is known from outside of it, else what it says, else what its name says.
    """

    document: Document
    reading: Reading
    date_in_name: str | None = None
    events: Iterator[Event] = field(default_factory=lambda: iter(()))

    def finish(self) -> tuple[Document, list[Finding]]:
        """What is known of the document, and its findings, once it has been read."""
        reading = self.reading
        document = replace(
            self.document,
            as_of=self.document.as_of or reading.as_of or self.date_in_name or reading.amended,
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
    return open_source(Source(name, path), password)


def open_source(
    source: Source, password: str | None = None, data: bytes | None = None
) -> OpenDocument:
    """Open a document, which is ``data`` where it stands in an archive.

    Format, date and title are told by the name of its file where the content does not.
    DocumentError, in one sentence, if it cannot be read.
    """
    file: io.BytesIO | io.BufferedReader
    file = io.BytesIO(data) if data is not None else open_file(source.path, source.folder)
    name = source.file_name
    try:
        chosen, doubt = decide(file, name)
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        size = file.tell() if data is None else len(data)
        file.seek(0)
    except OSError as error:
        file.close()
        raise DocumentError(unreadable(error)) from None
    except BaseException:
        file.close()
        raise
    reading = Reading(title=title_in_name(name), name=name, password=password)
    reading.findings += source.findings
    if doubt:
        reading.note("format-mismatch", doubt)
    document = Document(
        source=source.name,
        sha256=sha256,
        format=chosen.name,
        bytes=size,
        as_of=source.as_of,
        order=name,
    )
    return OpenDocument(document, reading, date_in_name(name), _closing(file, chosen, reading))


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
    return read_source(Source(name, path), password)


def read_source(
    source: Source, password: str | None = None, data: bytes | None = None
) -> tuple[Document, Node, list[Finding]]:
    """The same of a source, or of its bytes where it stands in an archive."""
    opened = open_source(source, password, data)
    root = grow(opened.events)
    document, findings = opened.finish()
    label = " ".join(filter(None, (root.designator, root.heading))) or opened.reading.heading
    return replace(document, title=label), root, findings
