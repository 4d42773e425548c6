"""One document, read in a process apart."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

from tribonian.errors import DocumentError
from tribonian.ingest.isolation import Limits, Lost, in_workers
from tribonian.ingest.reading import read_tree
from tribonian.ingest.sources.source import unreadable
from tribonian.ingest.worker import starved
from tribonian.schemas.finding import Finding
from tribonian.schemas.tree import Document, Node

Result = TypeVar("Result")


def read_apart(
    path: Path,
    name: str,
    limits: Limits,
    password: str | None,
    then: Callable[[Document, Node, list[Finding]], Result],
) -> Result:
    """What ``then`` makes of a document's tree, made where the document was read.

    A tree of 100,000 nodes takes a good part of its reading to be sent; what is shown of it
    does not. DocumentError, one sentence, if it cannot be read.
    """
    limits.check()
    work = partial(_read, name=name, password=password, then=then)
    ((_, result),) = in_workers(work, [path], 1, limits)
    if isinstance(result, Lost):
        raise DocumentError(result.reason)
    if isinstance(result, DocumentError):
        raise result
    return result


def _read(
    path: Path,
    name: str,
    password: str | None,
    then: Callable[[Document, Node, list[Finding]], Result],
) -> Result | DocumentError:
    try:
        return then(*read_tree(path, name, password))
    except DocumentError as error:
        if starved():
            raise MemoryError from error
        return error
    except OSError as error:
        return DocumentError(unreadable(error))
