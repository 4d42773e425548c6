"""Documents read and cut in worker processes, each within its limits."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from tribonian.consolidate.digest import Digest
from tribonian.consolidate.documents import digest_source, failed, size_of, uncollected
from tribonian.consolidate.settings import Settings
from tribonian.consolidate.tokens import Tokenizer
from tribonian.ingest.isolation import Limits, Lost, in_workers
from tribonian.ingest.sources.loading import Loaded, Sources
from tribonian.ingest.sources.source import Source


def read_in_workers(
    found: Sequence[Source],
    settings: Settings,
    tokenizer: Tokenizer,
    jobs: int,
    limits: Limits,
    password: str | None = None,
    begun: Callable[[str], None] | None = None,
) -> Iterator[Digest]:
    """A digest of each source as it is ready; what a worker could not do is its reason."""
    # A worker that is forked has the vocabulary from here; one that shares the machine with
    # others counts with one thread.
    tokenizer.count("load the vocabulary")
    _tokenizers[settings.tokenizer] = tokenizer if jobs == 1 else Tokenizer(settings.tokenizer)
    work = partial(_digest_in_worker, settings=settings, password=password)
    with Sources(found, limits, password, size_of) as items:
        sources = items.sources
        told = (lambda at: begun(sources[at].name)) if begun is not None else None
        for at, result in in_workers(work, items, jobs, limits, begun=told):
            yield failed(sources[at], result.reason) if isinstance(result, Lost) else result


_tokenizers: dict[str, Tokenizer] = {}


def _digest_in_worker(loaded: Loaded, settings: Settings, password: str | None) -> Digest:
    tokenizer = _tokenizers.get(settings.tokenizer)
    if tokenizer is None:
        tokenizer = _tokenizers[settings.tokenizer] = Tokenizer(settings.tokenizer)
    with uncollected():
        return digest_source(loaded, settings, tokenizer, password)
