"""Documents that are made out of answers: a unit cut out of a larger one, kept on disk.

Each is made once and kept beside the answers by the name of what it is made of, so that a
program that is killed, and one that runs again, never has half of one.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from tribonian.ingest.ecfr.assembling import assemble
from tribonian.ingest.ecfr.paragraph import cut_paragraph
from tribonian.ingest.ecfr.scanning import divs, opened
from tribonian.ingest.ecfr.slicing import cut, find
from tribonian.ingest.ecfr.structure import StructureNode
from tribonian.ingest.ecfr.units import CfrUnit
from tribonian.ingest.web.answer import Answer
from tribonian.ingest.web.client import Web
from tribonian.schemas.finding import Finding

_MAKING = "2"  # changes when the same answers give another document


@dataclass(frozen=True, slots=True)
class EcfrDocument:
    """One unit as a finished XML document on disk.

    ``url`` is where its text was found in the end: the unit itself, or what it was cut from.
    ``etag`` is that answer's, None where several were put together.
    """

    unit: CfrUnit
    path: Path
    url: str
    as_of: str
    etag: str | None
    sha256: str
    bytes: int
    findings: tuple[Finding, ...] = ()


def cut_out(web: Web, whole: EcfrDocument, unit: CfrUnit) -> EcfrDocument:
    """The document of a unit out of that of a larger one; the same, if it is that unit."""
    if is_root(whole, unit):
        return replace(whole, unit=unit)

    def write(out: BinaryIO) -> None:
        with whole.path.open("rb") as file:
            cut(file, unit, out, whole.as_of)

    return made(web, whole, unit, write)


def cut_paragraph_out(web: Web, section: EcfrDocument, unit: CfrUnit) -> EcfrDocument:
    """The document of a paragraph out of that of its section."""

    def write(out: BinaryIO) -> None:
        out.write(cut_paragraph(section.path.read_bytes(), unit.paragraph))

    return made(web, section, unit, write)


def assembled(
    web: Web,
    url: str,
    unit: CfrUnit,
    node: StructureNode,
    day: str,
    text_of: Callable[[CfrUnit], EcfrDocument],
) -> EcfrDocument:
    """The document of a unit put together from those of its parts; ``url`` is where it would be.

    ``text_of`` gives the document of each part and each appendix that stands in no part. What
    is found while it is put together is found each time, though the document is kept.
    """
    texts: dict[CfrUnit, EcfrDocument] = {}

    def path_of(one: CfrUnit) -> Path:
        if one not in texts:
            texts[one] = text_of(one)
        return texts[one].path

    with Path(os.devnull).open("wb") as nowhere:
        findings = assemble(unit, node, path_of, nowhere, day)
    digest = hashlib.sha256(repr(node).encode())
    for text in texts.values():
        digest.update(text.sha256.encode())
    source = EcfrDocument(
        unit, Path(), url, day, None, digest.hexdigest(), 0, findings=tuple(findings)
    )

    def write(out: BinaryIO) -> None:
        assemble(unit, node, path_of, out, day)

    return made(web, source, unit, write)


def made(
    web: Web, source: EcfrDocument, unit: CfrUnit, write: Callable[[BinaryIO], None]
) -> EcfrDocument:
    """The document of a unit that ``write`` makes out of another document; made only once."""
    path = "/".join(f"{name}-{value}" for name, value in unit.said.items())
    name = f"ecfr:{_MAKING}:{source.as_of}:{source.sha256}:{unit.citation}:{path}"
    answer = web.make(name, write)
    return replace(source, unit=unit, path=answer.path, sha256=answer.sha256, bytes=answer.bytes)


def as_document(answer: Answer, unit: CfrUnit, day: str) -> EcfrDocument:
    """The document that an answer is by itself; ``unit`` is what was asked for."""
    return EcfrDocument(
        unit, answer.path, answer.found, day, answer.etag, answer.sha256, answer.bytes
    )


def is_root(document: EcfrDocument, unit: CfrUnit) -> bool:
    """Whether a document is that of the unit, and of nothing around it."""
    if document.unit.kind != unit.kind:  # it was asked for as something larger
        return False
    with document.path.open("rb") as file, opened(file) as source:
        all_of_it = divs(source)
        alone = all(div.path for div in all_of_it[1:])
        if unit.kind == "title":
            return True
        return alone and find(all_of_it, unit) == all_of_it[:1]
