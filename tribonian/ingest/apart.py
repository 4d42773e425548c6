"""One document, read in a process apart."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TypeVar

from tribonian.errors import DocumentError
from tribonian.ingest.isolation import Limits, Lost, in_workers
from tribonian.ingest.reading import read_source
from tribonian.ingest.sources.archives import NOTHING, expanded
from tribonian.ingest.sources.loading import Loaded, Sources
from tribonian.ingest.sources.source import Source, unreadable
from tribonian.ingest.worker import starved
from tribonian.schemas.finding import Finding
from tribonian.schemas.tree import Document, Node

Result = TypeVar("Result")


def read_apart(
    source: Source,
    limits: Limits,
    password: str | None,
    then: Callable[[Document, Node, list[Finding]], Result],
) -> Result:
    """What ``then`` makes of a document's tree, made where the document was read.

    A tree of 100,000 nodes takes a good part of its reading to be sent; what is shown of it
    does not. An archive that holds one document stands for it. DocumentError, one sentence,
    if it cannot be read.
    """
    limits.check()
    source = only_document(source, limits, password)
    work = partial(_read, password=password, then=then)
    with Sources([source], limits, password) as items:
        ((_, result),) = in_workers(work, items, 1, limits)
    if isinstance(result, Lost):
        raise DocumentError(result.reason)
    if isinstance(result, DocumentError):
        raise result
    return result


def only_document(source: Source, limits: Limits, password: str | None) -> Source:
    """The source, or the one document in it where it is an archive; DocumentError otherwise."""
    members = expanded([source], limits, password)
    documents = [each for each in members if each.status == "ok"]
    if len(documents) > 1:
        raise DocumentError(
            f"It is an archive of {len(documents):,} documents, {documents[0].name} and others; "
            "unpack it and name one of them, or build it."
        )
    failed = [each for each in members if each.status == "failed"]
    if not documents:
        raise DocumentError(failed[0].reason or "" if failed else NOTHING)
    (document,) = documents
    for each in failed:  # what is shown is not all that there was
        told = Finding("left-aside", f"{each.name} was not read: {each.reason}")
        document = replace(document, findings=(*document.findings, told))
    return document


def _read(
    loaded: Loaded,
    password: str | None,
    then: Callable[[Document, Node, list[Finding]], Result],
) -> Result | DocumentError:
    if loaded.reason is not None:
        return DocumentError(loaded.reason)
    try:
        return then(*read_source(loaded.source, password, loaded.data))
    except DocumentError as error:
        if starved():
            raise MemoryError from error
        return error
    except OSError as error:
        return DocumentError(unreadable(error))
