"""Asking again: what may pass, for how long, and with how much time between."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from tribonian.ingest.web.answer import UnavailableError
from tribonian.ingest.web.waiting import TimeLimit, clock, jittered

LONGEST_WAIT = 30.0
LATER = "try again later"

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Patience:
    """For how many seconds after the first failure one asks again, and how often in all."""

    seconds: float = 180.0
    tries: int | None = None


class PassingError(Exception):
    """A failure that may pass; ``sentence`` says what it is, ``advice`` what to do after it.

    ``wait`` is how many seconds the server asks one to wait. ``tries``: this failure seldom
    passes, so it is not met more often than that.
    """

    def __init__(
        self,
        sentence: str,
        status: int | None = None,
        *,
        wait: float | None = None,
        tries: int | None = None,
        advice: str = LATER,
    ) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.status = status
        self.wait = wait
        self.tries = tries
        self.advice = advice


def persist(attempt: Callable[[], T], patience: Patience, limit: TimeLimit, first_wait: float) -> T:
    """The first success; UnavailableError when patience or the time limit ends.

    One waits as long as the server asks; else any time up to 1, 2, 4, … at most 30 seconds
    (``first_wait`` is the 1), so that those who failed together do not come back together.
    """
    tries, longest, end = 0, first_wait, None
    while True:
        try:
            return attempt()
        except PassingError as error:
            tries += 1
            now, left = clock(), limit.left()
            end = now + patience.seconds if end is None else end
            if tries >= min(patience.tries or tries + 1, error.tries or tries + 1):
                again = f", though asked {tries} times" if tries > 1 else ""
                raise _given_up(error, again) from error
            wait = error.wait or min(jittered(longest), max(0.0, end - now))
            if error.wait and wait > min(end - now, left):
                raise UnavailableError(
                    f"{error.sentence} and asks to wait for {in_words(error.wait)}; "
                    "try again then.",
                    error.status,
                ) from error
            if now >= end:
                again = f", though asked again for {in_words(patience.seconds)}"
                raise _given_up(error, again if tries > 1 else "") from error
            if wait >= left:
                again = ", though asked again for as long as --time-limit allows"
                raise _given_up(error, again if tries > 1 else "") from error
        longest = min(LONGEST_WAIT, 2 * longest)
        limit.wait(wait)


def _given_up(error: PassingError, again: str) -> UnavailableError:
    return UnavailableError(f"{error.sentence}{again}; {error.advice}.", error.status)


def in_words(seconds: float) -> str:
    """``3 minutes``, ``20 seconds``: never less than it is."""
    whole = int(-(-seconds // 1))
    minutes, rest = divmod(whole, 60)
    if minutes and not rest:
        return "1 minute" if minutes == 1 else f"{minutes} minutes"
    return "1 second" if whole == 1 else f"{whole} seconds"
