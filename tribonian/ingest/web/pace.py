"""How fast one host is asked: evenly, however many threads ask, and slower if it complains."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from tribonian.ingest.web.waiting import TimeLimit, clock

# Seconds between the starts of two requests to one host. eCFR's gate answers 429 at about ten
# a second and takes eight; we promise five. Four leaves room for requests that overtake one
# another on the way, so that a server never counts more than five in a second either.
GAP = 0.25
SLOWEST = 5.0


@dataclass(slots=True)
class _Host:
    gap: float
    next: float = 0.0
    held: float = 0.0
    slowed: float = 0.0
    turn: threading.Lock = field(default_factory=threading.Lock)


class Pace:
    """One after the other, ``gap`` seconds apart, for each host by itself; 0 for no waiting."""

    def __init__(self, gap: float = GAP) -> None:
        self._gap = gap
        self._hosts: dict[str, _Host] = {}
        self._lock = threading.Lock()

    def await_turn(self, host: str, limit: TimeLimit) -> float:
        """Wait until the host may be asked again; returns the time at which that was."""
        known = self._known(host)
        # The lock is held while one waits: the next counts from when this one really began.
        limit.acquire(known.turn)
        try:
            while (now := clock()) < (until := max(known.next, known.held)):
                limit.wait(until - now)
            limit.left()
            known.next = now + known.gap
            return now
        finally:
            known.turn.release()

    def slow_down(self, host: str, asked: float) -> None:
        """Ask this host half as often from now on; ``asked`` is when it was asked too much.

        Answers to requests that were sent before the last slowing down say nothing new.
        """
        known = self._known(host)
        with self._lock:
            if asked >= known.slowed:
                known.gap = min(SLOWEST, 2 * known.gap)
                known.slowed = clock()

    def hold(self, host: str, seconds: float) -> None:
        """Do not ask this host at all for so many seconds."""
        known = self._known(host)
        with self._lock:
            known.held = max(known.held, clock() + seconds)

    def _known(self, host: str) -> _Host:
        with self._lock:
            return self._hosts.setdefault(host, _Host(self._gap))


PACE = Pace()  # of this process: two clients of it together are one guest
