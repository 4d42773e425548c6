"""Read and cut all documents, each in a process apart; a failure is a row."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from tribonian.consolidate.digest import Digest, Digester
from tribonian.consolidate.settings import Settings
from tribonian.consolidate.tokens import Tokenizer
from tribonian.errors import DocumentError
from tribonian.ingest.isolation import Limits
from tribonian.ingest.reading import open_source
from tribonian.ingest.sources.archives import expanded
from tribonian.ingest.sources.loading import Loaded
from tribonian.ingest.sources.source import Source, unreadable
from tribonian.ingest.worker import starved
from tribonian.schemas.tree import Document

WORTH_MORE_WORKERS = 1_000_000  # bytes; less is read sooner than a second process starts

Progress = Callable[[int, int, str], None]


@contextmanager
def uncollected() -> Iterator[None]:
    """Without the cyclic collector: trees have no cycles, and it would walk them in vain."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def read_all(
    found: Sequence[Source],
    settings: Settings,
    tokenizer: Tokenizer,
    jobs: int,
    limits: Limits,
    password: str | None = None,
    progress: Progress | None = None,
) -> list[Digest]:
    """A digest of every source, in no order; several processes where that is worth it.

    An archive is as many sources as it has members.
    """
    from tribonian.consolidate.workers import read_in_workers

    found = expanded(found, limits, password)
    to_read = [source for source in found if source.status == "ok"]
    digests = [_not_read(source) for source in found if source.status != "ok"]
    if not to_read:
        return digests
    jobs = min(jobs, len(to_read))
    if sum(map(size_of, to_read)) <= WORTH_MORE_WORKERS:
        jobs = 1
    done = 0

    def begun(name: str) -> None:
        if progress is not None and jobs == 1:
            progress(done, len(to_read), name)

    for digest in read_in_workers(to_read, settings, tokenizer, jobs, limits, password, begun):
        digests.append(digest)
        done += 1
        if progress is not None:
            progress(done, len(to_read), digest.document.source)
    return digests


def size_of(source: Source) -> int:
    """Bytes of the file, or of the member as its archive says; 0 where it cannot be told."""
    if source.size is not None:
        return source.size
    try:
        return source.path.stat().st_size
    except OSError:
        return 0


def digest_source(
    loaded: Loaded, settings: Settings, tokenizer: Tokenizer, password: str | None = None
) -> Digest:
    """Read and cut one document; whatever goes wrong becomes its reason.

    MemoryError alone is left to the caller, who knows the limit.
    """
    source = loaded.source
    if loaded.reason is not None:
        return failed(source, loaded.reason)
    try:
        return _digest(loaded, settings, tokenizer, password)
    except MemoryError:
        raise
    except DocumentError as error:
        if starved():
            raise MemoryError from error
        return failed(source, str(error))
    except RecursionError:
        return failed(source, "Its units are nested too deep to be read.")
    except OSError as error:
        return failed(source, unreadable(error))
    except Exception as error:
        return failed(
            source,
            f"It could not be read ({type(error).__name__}: {error}); please report this.",
        )


def _digest(
    loaded: Loaded, settings: Settings, tokenizer: Tokenizer, password: str | None
) -> Digest:
    opened = open_source(loaded.source, password, loaded.data)
    digester = Digester(settings.selection, settings.budget, tokenizer)
    top = digester.digest(opened.events)
    document, findings = opened.finish()
    findings += [replace(each, document=document.source) for each in digester.findings]
    return Digest(document, top, digester.left_out, findings, matched=digester.matched)


def failed(source: Source, reason: str) -> Digest:
    """The row of a document that could not be read."""
    document = Document(source.name, "", "", size_of(source), order=source.file_name)
    return Digest(document, status="failed", reason=reason)


def _not_read(source: Source) -> Digest:
    document = Document(source.name, "", "", 0, order=source.file_name)
    return Digest(document, status=source.status, reason=source.reason)
