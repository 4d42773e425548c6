"""Several processes on this machine, each with a document in hand."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool

from tribonian.consolidate.digest import Digest
from tribonian.consolidate.documents import digest_source, failed, size_of, uncollected
from tribonian.consolidate.settings import Settings
from tribonian.consolidate.tokens import Tokenizer
from tribonian.ingest.sources import Source


def read_in_workers(found: Sequence[Source], settings: Settings, jobs: int) -> Iterator[Digest]:
    """Read in several processes; one that dies costs the document it had in hand."""
    largest_first = sorted(found, key=size_of, reverse=True)
    died: list[Source] = []
    with ProcessPoolExecutor(jobs, initializer=_leave_interrupts_to_the_parent) as pool:
        waiting = {
            pool.submit(_digest_in_worker, source, settings): source for source in largest_first
        }
        try:
            for future in as_completed(waiting):
                try:
                    yield future.result()
                except BrokenProcessPool:
                    died.append(waiting[future])
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            for process in multiprocessing.active_children():
                process.terminate()
            raise
    for source in died:  # which of them killed the pool shows when each is alone
        with ProcessPoolExecutor(1) as pool:
            try:
                yield pool.submit(_digest_in_worker, source, settings).result()
            except BrokenProcessPool:
                yield failed(source, "The process that read it died.")


def _leave_interrupts_to_the_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


_tokenizers: dict[str, Tokenizer] = {}


def _digest_in_worker(source: Source, settings: Settings) -> Digest:
    tokenizer = _tokenizers.setdefault(settings.tokenizer, Tokenizer(settings.tokenizer))
    with uncollected():
        return digest_source(source, settings, tokenizer)
