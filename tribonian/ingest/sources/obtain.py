"""Everything that was named and is not on this machine, fetched: whole files, or why not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from tribonian.errors import DocumentError, TribonianError
from tribonian.ingest.ecfr.units import stands_in
from tribonian.ingest.sources.asked import Named, OfBucket, OfCfr, OfWeb, Refused
from tribonian.ingest.sources.obtained import Missed, Obtained, PassedOver

if TYPE_CHECKING:
    from tribonian.ingest.ecfr.addresses import Bases
    from tribonian.ingest.ecfr.documents import Ecfr
    from tribonian.ingest.ecfr.resolve import Found
    from tribonian.ingest.web.client import Web

AT_ONCE = 4  # answers on their way; the pace of requests is the client's own matter

Progress = Callable[[int, int, str], None]
Result = Obtained | Missed | PassedOver


@dataclass(frozen=True, slots=True)
class Network:
    """How what is elsewhere may be had.

    ``date`` is the point in time asked of the eCFR (YYYY-MM-DD), None for the latest.
    ``cache`` is the folder where answers are kept, None for the user's; without ``keep``
    nothing outlives the run. ``seconds`` is what one document may take. ``renew`` asks
    again, conditionally, for what never changes too.
    """

    date: str | None = None
    allow_private: bool = False
    cache: Path | None = None
    keep: bool = True
    seconds: float = 300.0
    renew: bool = False

    def check(self) -> None:
        """Raise UsageError for a date or a number of seconds that is none."""
        from tribonian.ingest.worker import Limits

        Limits(self.seconds).check()
        if self.date is not None:
            from tribonian.ingest.ecfr.titles import check_date

            check_date(self.date)


@dataclass(frozen=True, slots=True)
class Work:
    """One thing to fetch: what was typed, what the manifest would call it, how it is done."""

    asked: str
    name: str
    job: Callable[[], Iterable[Result]]


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of the CFR to fetch: what was typed, what the manifest calls it, what was found."""

    asked: str
    name: str
    found: Found

    def covering(self, units: Iterable[Unit]) -> Unit | None:
        """A larger unit of the same day, for a paragraph, which would stand there twice.

        A section in a part that was asked for too is recognised when they are consolidated.
        """
        if not self.found.unit.paragraph:
            return None
        of_the_day = (each for each in units if each.found.as_of == self.found.as_of)
        return next(
            (each for each in of_the_day if stands_in(self.found.unit, each.found.unit)), None
        )


@contextmanager
def fetching(
    named: Sequence[Named],
    network: Network,
    bases: Bases,
    progress: Progress | None = None,
) -> Iterator[list[Result]]:
    """Fetch what is named and not on disk; the files stay while the context is open.

    What became of each comes in the order in which it was named.
    An interrupt ends the downloads at once; what was whole by then is kept in the cache.
    """
    wanted = [each for each in named if isinstance(each, OfCfr | OfWeb | OfBucket)]
    refused: list[Result] = [
        Missed(each.text, each.text, each.reason) for each in named if isinstance(each, Refused)
    ]
    if not wanted:
        yield refused
        return
    from tribonian.ingest.web.cache import default_cache
    from tribonian.ingest.web.client import Web

    cache = (network.cache or default_cache()) if network.keep else None
    with Web(
        cache,
        allow_private=network.allow_private,
        exempt=(bases.ecfr, bases.govinfo),
        seconds=network.seconds,
        renew=network.renew,
    ) as web:
        results = refused + _Fetching(web, network, bases, progress).all_of(wanted)
        order = {each.text: n for n, each in enumerate(named)}
        yield sorted(results, key=lambda each: order[each.asked])


class _Fetching:
    def __init__(self, web: Web, network: Network, bases: Bases, progress: Progress | None) -> None:
        self.web = web
        self.network = network
        self.bases = bases
        self.progress = progress
        self.ecfr: Ecfr | None = None
        self.done = 0
        self.total = 0

    def all_of(self, named: Sequence[Named]) -> list[Result]:
        """What became of each; several documents at once, but in an order that is always so."""
        results: list[Result] = []
        work: list[Work] = []
        units: list[Unit] = []
        for each in named:
            match each:
                case OfCfr():
                    units += self._found(each, results)
                case OfWeb():
                    work.append(Work(each.text, each.text, partial(self._download, each)))
                case OfBucket():
                    work.append(Work(each.text, each.text, partial(self._bucket, each)))
        for unit in units:
            larger = unit.covering(units)
            if larger is None:
                work.append(Work(unit.asked, unit.name, partial(self._unit, unit)))
            else:
                reason = f"It stands in {larger.name}, which was asked for too."
                results.append(PassedOver(unit.asked, unit.name, reason))
        self.total = len(work)
        pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="fetch")
        try:
            running: dict[Future[list[Result]], Work] = {
                pool.submit(_results, each): each for each in work
            }
            for future in as_completed(running):
                future.result()
                self.done += 1
                self._tell(running[future].name)
        except BaseException:
            self.web.stop()
            raise
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
        return results + [result for future in running for result in future.result()]

    def _tell(self, name: str) -> None:
        if self.progress is not None:
            self.progress(self.done, self.total, name)

    def _tell_inside(self, what: str, done: int, of: int) -> None:
        """How far one document is, where it takes many answers."""
        self._tell(f"{what} ({done} of {of})" if of > 1 else what)

    def _found(self, named: OfCfr, results: list[Result]) -> list[Unit]:
        """The units that a citation comes to."""
        self._tell(named.text)
        if self.ecfr is None:
            from tribonian.ingest.ecfr.documents import Ecfr

            self.ecfr = Ecfr(self.web, self.bases.ecfr, workers=AT_ONCE, progress=self._tell_inside)
        try:
            with self.web.one_document():
                units = self.ecfr.find(named.asked, named.asked.date or self.network.date)
        except Exception as error:
            results.append(Missed(named.text, named.text, _why_not(error)))
            return []
        several = len(units) > 1 or named.text.startswith("profile:")
        return [
            Unit(named.text, found.unit.citation if several else named.text, found)
            for found in units
        ]

    def _unit(self, unit: Unit) -> Iterable[Result]:
        from tribonian.ingest.sources.names import ecfr_name

        assert self.ecfr is not None
        with self.web.one_document():
            document = self.ecfr.document(unit.found)
        yield Obtained(
            asked=unit.asked,
            name=unit.name,
            url=document.url,
            path=document.path,
            file=ecfr_name(document.unit, document.as_of),
            sha256=document.sha256,
            bytes=document.bytes,
            etag=document.etag,
            as_of=document.as_of,
            # what is said in the document itself is found when it is read
            findings=tuple(f for f in document.findings if f.code != "assembled-from-parts"),
        )

    def _download(self, named: OfWeb) -> Iterable[Result]:
        from tribonian.ingest.sources.downloads import download

        yield download(self.web, named.url, named.text, is_govinfo=named.is_govinfo)

    def _bucket(self, named: OfBucket) -> Iterable[Result]:
        from tribonian.ingest.sources.buckets import objects

        return objects(self.web, named.url, named.text)


def _results(work: Work) -> list[Result]:
    try:
        return list(work.job())
    except Exception as error:
        return [Missed(work.asked, work.name, _why_not(error))]


def _why_not(error: Exception) -> str:
    """Why one source could not be had; what concerns all of them is raised again.

    What no code foresaw costs its source and no other; it is not quoted, since it may hold
    a key.
    """
    if isinstance(error, DocumentError):
        return str(error)
    if isinstance(error, TribonianError):
        raise error
    return f"It could not be fetched ({type(error).__name__}); please report this."
