"""The one client of the network: asks politely, keeps what is whole, explains what is not."""

from __future__ import annotations

import hashlib
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from math import inf
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, BinaryIO

from tribonian import __version__
from tribonian.ingest.web.address import bare, origin, shown, split_address
from tribonian.ingest.web.answer import Answer, UnavailableError, WebError
from tribonian.ingest.web.cache import Cache, default_cache, key_of
from tribonian.ingest.web.pace import PACE, Pace
from tribonian.ingest.web.private import Resolve, resolve
from tribonian.ingest.web.retry import LATER, PassingError, Patience, persist
from tribonian.ingest.web.taking import take
from tribonian.ingest.web.waiting import TimeLimit, clock

if TYPE_CHECKING:
    from tribonian.ingest.web.exchange import Exchange

__all__ = ["Check", "Patience", "Web", "default_cache"]

AGENT = f"tribonian/{__version__} (reads law and consolidates it; at most 5 requests a second)"
MOST_BYTES = 1 << 30

Check = Callable[[Answer], None]

# When the time of the document in hand is over, on our clock; None outside of one.
_until: ContextVar[float | None] = ContextVar("_until", default=None)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What one call of `Web.get` is about."""

    url: str
    accept: str
    key: str
    check: Check | None
    limit: TimeLimit


class Web:
    """Gets what is at an address, for several threads at once.

    ``cache`` is the folder for what was got, None for a temporary one that goes away at
    `close`. ``exempt`` are addresses whose scheme, host and port may be private; with
    ``allow_private`` any may. ``seconds`` bounds each `get` with all its retries; ``renew``
    asks again for what never changes. ``pace``, ``first_wait`` (the first back-off, in
    seconds) and ``resolve`` are for tests. Nothing is opened or imported before it is needed.
    """

    def __init__(
        self,
        cache: Path | None,
        *,
        allow_private: bool = False,
        exempt: Sequence[str] = (),
        seconds: float = 300.0,
        renew: bool = False,
        max_bytes: int = MOST_BYTES,
        pace: Pace = PACE,
        first_wait: float = 1.0,
        resolve: Resolve = resolve,
    ) -> None:
        self._temporary: tempfile.TemporaryDirectory[str] | None = None
        self._cache = Cache(cache) if cache is not None else None
        self.allow_private = allow_private
        self._exempt = frozenset(origin(url) for url in exempt)
        self._seconds = seconds
        self._renew = renew
        self._max_bytes = max_bytes
        self._pace = pace
        self._first_wait = first_wait
        self.resolve = resolve
        self._stopped = threading.Event()
        self._lock = threading.Lock()
        self._turns: dict[str, threading.Lock] = {}
        self._exchange: Exchange | None = None

    def get(
        self,
        url: str,
        *,
        accept: str = "*/*",
        lasting: bool = False,
        check: Check | None = None,
        patience: Patience | None = None,
    ) -> Answer:
        """The answer at an address, its body in a file.

        ``lasting``: what is at this address never changes, so a copy in the cache is used
        without asking; otherwise the server is asked whether it changed. ``check`` raises
        WebError for a body that is not what it should be, UnavailableError if it may be
        later; what fails it is not kept. Raises WebError, NotThereError, UnavailableError,
        StoppedError, and TribonianError where the cache cannot be written.
        """
        split_address(url)
        url = url.partition("#")[0]
        limit = self.time_limit(shown(url))
        wanted = _Wanted(url, accept, key_of(url, accept), check, limit)
        turn = self._turn(wanted.key)
        limit.acquire(turn)  # who asks for the same at the same time finds it in the cache
        try:
            cache = self.open_cache()
            known = _checked(cache.find(wanted.key), check)
            if known is not None and lasting and not self._renew:
                return known
            if known is None:
                cache.prepare()
            exchange = self._open_exchange()
            return persist(
                lambda: self._attempt(exchange, cache, wanted, known),
                patience or Patience(),
                limit,
                self._first_wait,
            )
        finally:
            turn.release()

    def make(self, name: str, write: Callable[[BinaryIO], None]) -> Answer:
        """A document that is made out of answers, kept as they are, by its name; made once.

        ``name`` tells what it is made of, by the SHA-256 of the answers, so that it never
        changes. What ``write`` raises leaves nothing behind.
        """
        cache = self.open_cache()
        key = key_of(name, "made")
        turn = self._turn(key)
        self.time_limit("The document").acquire(turn)
        try:
            known = cache.find(key)
            if known is not None:
                return known
            cache.prepare()
            with cache.writing() as partial:
                write(partial.file)
                partial.file.flush()
                with partial.path.open("rb") as file:
                    sha256 = hashlib.file_digest(file, "sha256").hexdigest()
                    size = file.tell()
                made = Answer(name, name, partial.path, sha256, size, "application/xml")
                return cache.keep(key, made, partial)
        finally:
            turn.release()

    def time_limit(self, what: str) -> TimeLimit:
        """The time that one answer may take, from now; ``what`` is its name in a sentence."""
        return TimeLimit(self._seconds, self._stopped, what, _until.get())

    def until_stopped(self, what: str) -> TimeLimit:
        """No limit but `stop`, for what is many documents or none."""
        return TimeLimit(inf, self._stopped, what)

    @contextmanager
    def one_document(self) -> Iterator[None]:
        """What is asked for meanwhile is for one document: the time limit is for all of it.

        It holds in the threads that run in a copy of this context.
        """
        token = _until.set(clock() + self._seconds)
        try:
            yield
        finally:
            _until.reset(token)

    def stop(self) -> None:
        """End every `get` soon, whatever it waits for, with StoppedError."""
        self._stopped.set()

    def close(self) -> None:
        """Close the connections, and remove the temporary cache."""
        self.stop()
        with self._lock:
            if self._exchange is not None:
                self._exchange.close()
                self._exchange = None
            if self._temporary is not None:
                self._temporary.cleanup()
                self._temporary = self._cache = None

    def __enter__(self) -> Web:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _attempt(
        self, exchange: Exchange, cache: Cache, wanted: _Wanted, known: Answer | None
    ) -> Answer:
        with exchange.ask(wanted.url, wanted.accept, known, wanted.limit) as response:
            if response.status_code == 304 and known is not None:
                found = bare(str(response.request.url))
                return replace(known, url=bare(wanted.url), found=found)
            with cache.writing() as partial:
                answer = take(response, wanted.url, partial, self._max_bytes)
                try:
                    if wanted.check is not None:
                        wanted.check(answer)
                except UnavailableError as error:
                    sentence, _, advice = str(error).rstrip(".").rpartition("; ")
                    raise PassingError(
                        sentence or advice, error.status, advice=advice if sentence else LATER
                    ) from error
                same = known is not None and known.sha256 == answer.sha256
                return cache.keep(wanted.key, replace(answer, changed=not same), partial)

    def open_cache(self) -> Cache:
        """The cache, for what comes by other ways than this; a temporary one if there is none."""
        with self._lock:
            if self._cache is None:
                self._temporary = tempfile.TemporaryDirectory(
                    prefix="tribonian-", ignore_cleanup_errors=True
                )
                self._cache = Cache(Path(self._temporary.name))
            return self._cache

    def _open_exchange(self) -> Exchange:
        from tribonian.ingest.web.exchange import Exchange
        from tribonian.ingest.web.transport import Transport

        with self._lock:
            if self._exchange is None:
                transport = Transport(
                    allow_private=self.allow_private,
                    exempt=self._exempt,
                    resolve=self.resolve,
                )
                self._exchange = Exchange(transport, self._pace, AGENT)
            return self._exchange

    def _turn(self, key: str) -> threading.Lock:
        with self._lock:
            return self._turns.setdefault(key, threading.Lock())


def _checked(answer: Answer | None, check: Check | None) -> Answer | None:
    """An answer of the cache, if it is what it should be: a check may be newer than it."""
    if answer is None:
        return None
    try:
        if check is not None:
            check(answer)
    except WebError:
        return None
    return answer
