"""Waiting for the service: gently, for as long as it takes, whatever becomes of the network."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TypeVar

from tribonian.align.service.failures import (
    NotThereError,
    RefusedError,
    ServiceError,
    StoppedError,
    UnreachableError,
)
from tribonian.align.service.times import Times
from tribonian.errors import TribonianError

T = TypeVar("T")
_GROWTH = 1.4  # from one pause between two looks to the next
_MISSED = 3  # a job that was there may be missing in so many answers before it is believed


class LateError(TribonianError):
    """The deadline has passed and the service is not done."""


class Patience:
    """The deadline of a process, counted from its making; None is any time."""

    def __init__(self, seconds: float | None) -> None:
        self._end = None if not seconds else time.monotonic() + seconds

    def left(self) -> float:
        """Seconds that may still be waited."""
        return float("inf") if self._end is None else max(0.0, self._end - time.monotonic())


def pause(seconds: float, stop: threading.Event) -> None:
    """Wait; StoppedError as soon as nobody wants the outcome any more."""
    if stop.wait(seconds):
        raise StoppedError("Waiting was stopped.")


def settled(look: Callable[[], T | None], seconds: float, stop: threading.Event) -> T | None:
    """What a look finds, repeated for some seconds until it finds something; at least once.

    The effect of a request whose answer was lost may come late, or be listed late.
    """
    end = time.monotonic() + seconds
    step = min(0.5, seconds / 8)
    while True:
        left = end - time.monotonic()
        found = look()
        if found is not None or left <= 0:
            return found
        pause(min(step, left), stop)
        step = min(step * 2, max(seconds / 4, 0.01))


def watch(
    look: Callable[[], T],
    is_over: Callable[[T], bool],
    *,
    times: Times,
    stop: threading.Event,
    patience: Patience,
    told: Callable[[T], None],
    say: Callable[[str], None],
    left: Callable[[T], float | None] = lambda _: None,
) -> T:
    """Look until it is over, and return what was seen then; LateError at the deadline.

    Pauses grow from ``poll_first`` to ``poll_longest``, and are shorter where ``left`` says that
    few minutes are. That the service cannot be reached is said once and waited out; a job that is
    not there is believed at the third look.
    """
    step = times.poll_first
    lost = False
    missed = 0
    while True:
        due: float | None = None
        try:
            seen = look()
        except ServiceError as error:
            if isinstance(error, NotThereError):
                missed += 1
                if missed >= _MISSED:
                    raise
            elif not _may_pass(error):
                raise
            elif not lost:
                lost = True
                say(f"{str(error).rstrip('.')}; it is asked again until it answers.")
        else:
            missed = 0
            if lost:
                lost = False
                say("The service answers again.")
            told(seen)
            if is_over(seen):
                return seen
            minutes = left(seen)
            due = None if minutes is None else max(times.poll_first, minutes * 30)
        remaining = patience.left()
        if remaining <= 0:
            raise LateError("The deadline has passed.")
        pause(min(step if due is None else min(step, due), remaining), stop)
        step = min(step * _GROWTH, times.poll_longest)


def _may_pass(error: ServiceError) -> bool:
    """Whether waiting helps: the service is not reached, or something else answers in its place.

    A laptop that moves finds itself behind a sign-in page for a while.
    """
    if isinstance(error, RefusedError):
        return False
    return isinstance(error, UnreachableError) or error.status is None
