"""Waiting that ends: at the time limit, or when everything is to stop.

The only module of the package's network that looks at a clock or throws a die; neither is
seen in any output.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from email.utils import parsedate_to_datetime
from typing import TypeVar

from tribonian.ingest.web.answer import StoppedError, UnavailableError

T = TypeVar("T")

TICK = 0.2  # seconds after which a wait looks whether it is still wanted


def clock() -> float:
    """Seconds on a clock that only goes forward."""
    return time.monotonic()


class TimeLimit:
    """The time that one answer may take in all, retries and waiting included.

    ``seconds`` from now, or until ``end`` on our clock; ``stopped`` is the sign that nothing is
    waited for any more. Every method raises UnavailableError when the time is over,
    StoppedError when the sign is set.
    """

    def __init__(
        self, seconds: float, stopped: threading.Event, address: str, end: float | None = None
    ) -> None:
        self._seconds = seconds
        self._end = clock() + seconds if end is None else end
        self._stopped = stopped
        self._address = address

    def left(self) -> float:
        """Seconds that are left, more than none."""
        if self._stopped.is_set():
            raise StoppedError(f"{self._address} was not fetched, because it was stopped.")
        left = self._end - clock()
        if left <= 0:
            raise UnavailableError(
                f"{self._address} took longer than {self._seconds:g} seconds (--time-limit); "
                "try again later, or allow more."
            )
        return left

    def wait(self, seconds: float) -> None:
        """Wait so long, but no longer than is left."""
        end = clock() + seconds
        while (rest := min(end - clock(), self.left())) > 0:
            self._stopped.wait(min(rest, TICK))  # Windows sees no Ctrl-C while it waits

    def wait_for(self, event: threading.Event) -> None:
        """Wait for an event, but no longer than is left."""
        while not event.wait(min(TICK, self.left())):
            pass

    def acquire(self, lock: threading.Lock) -> None:
        """Take a lock, but wait for it no longer than is left."""
        while not lock.acquire(timeout=min(TICK, self.left())):
            pass


def aside(work: Callable[[], T], limit: TimeLimit) -> T:
    """What comes of work that cannot be interrupted; at the limit it is left to itself.

    Its thread keeps no program from ending.
    """
    done = threading.Event()
    came: list[T] = []
    failed: list[BaseException] = []

    def run() -> None:
        try:
            came.append(work())
        except BaseException as error:  # raised again where it is waited for
            failed.append(error)
        done.set()

    threading.Thread(target=run, daemon=True).start()
    limit.wait_for(done)
    if failed:
        raise failed[0]
    return came[0]


def jittered(seconds: float) -> float:
    """Any time up to so many seconds: who failed together does not come back together.

    "Full jitter" of Marc Brooker, Exponential Backoff And Jitter (AWS, 2015).
    """
    return random.uniform(0.0, seconds)


def seconds_to_wait(retry_after: str | None, date: str | None) -> float | None:
    """What ``Retry-After`` asks for, in seconds; None where it asks for nothing (RFC 9110).

    It is a number of seconds, or a date, which is compared with the server's own clock where
    it tells the time in ``Date``.
    """
    text = (retry_after or "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        until = parsedate_to_datetime(text).timestamp()
    except (ValueError, OverflowError):
        return None
    try:
        now = parsedate_to_datetime(date or "").timestamp()
    except (ValueError, OverflowError):
        now = time.time()
    return max(0.0, until - now)
