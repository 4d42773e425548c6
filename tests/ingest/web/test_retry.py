"""Asking again: for how long, with how much time between, and what is said at the end."""

from __future__ import annotations

import threading

import pytest

from tribonian.ingest.web.answer import UnavailableError
from tribonian.ingest.web.retry import PassingError, Patience, in_words, persist
from tribonian.ingest.web.waiting import TimeLimit, clock, jittered, seconds_to_wait


class Failing:
    """Fails so often with an error, and is then done; it notes when it was asked."""

    def __init__(self, error: PassingError, times: int = 1_000) -> None:
        self.error = error
        self.times = times
        self.asked: list[float] = []

    def __call__(self) -> str:
        self.asked.append(clock())
        if len(self.asked) <= self.times:
            raise self.error
        return "done"


def limit(seconds: float = 10) -> TimeLimit:
    return TimeLimit(seconds, threading.Event(), "it")


def test_what_passes_is_waited_for() -> None:
    failing = Failing(PassingError("It is busy"), 3)
    assert persist(failing, Patience(), limit(), 0.01) == "done"
    assert len(failing.asked) == 4


@pytest.mark.parametrize(
    ("error", "patience", "says", "asked"),
    [
        (PassingError("It is busy", 503), Patience(tries=1), "It is busy; try again later.", 1),
        (PassingError("It is busy", 503), Patience(tries=3),
         "It is busy, though asked 3 times; try again later.", 3),
        (PassingError("It is damaged", tries=2), Patience(),
         "It is damaged, though asked 2 times; try again later.", 2),
        (PassingError("It is nowhere", advice="go online"), Patience(seconds=0),
         "It is nowhere; go online.", 1),
        (PassingError("It is busy", wait=181.0), Patience(),
         "It is busy and asks to wait for 181 seconds; try again then.", 1),
        (PassingError("It is busy", wait=10.5), Patience(),
         "It is busy and asks to wait for 11 seconds; try again then.", 1),
    ],
)  # fmt: skip
def test_what_does_not_pass_is_a_sentence(
    error: PassingError, patience: Patience, says: str, asked: int
) -> None:
    failing = Failing(error)
    with pytest.raises(UnavailableError) as raised:
        persist(failing, patience, limit(), 0.001)
    assert str(raised.value) == says
    assert raised.value.status == error.status
    assert len(failing.asked) == asked


def test_patience_is_used_up_to_its_end() -> None:
    failing = Failing(PassingError("It is busy"))
    with pytest.raises(UnavailableError, match="though asked again for 1 second;"):
        persist(failing, Patience(seconds=0.3), limit(), 0.05)
    assert 0.28 <= failing.asked[-1] - failing.asked[0] < 0.6


def test_the_wait_that_a_server_asks_for_is_kept() -> None:
    failing = Failing(PassingError("It is busy", wait=0.1), 2)
    persist(failing, Patience(), limit(), 0.0001)
    first, second, third = failing.asked
    assert second - first >= 0.1
    assert third - second >= 0.1


def test_a_wait_is_never_longer_than_is_said_and_differs() -> None:
    waits = {jittered(2.0) for _ in range(50)}
    assert len(waits) > 1
    assert all(0 <= wait <= 2 for wait in waits)


@pytest.mark.parametrize(
    ("retry_after", "date", "seconds"),
    [
        (None, None, None),
        ("", None, None),
        ("soon", None, None),
        ("-5", None, None),
        ("1.5", None, None),
        ("0", None, 0.0),
        (" 120 ", None, 120.0),
        ("9" * 30, None, 999_999_999.0),
        ("Thu, 29 Jan 2026 00:00:30 GMT", "Thu, 29 Jan 2026 00:00:00 GMT", 30.0),
        ("Thu, 29 Jan 2026 00:00:00 GMT", "Thu, 29 Jan 2026 00:00:30 GMT", 0.0),
        ("Thu, 29 Jan 2015 00:00:00 GMT", "nonsense", 0.0),
        ("Thu, 99 Jan 2026 00:00:00 GMT", None, None),
    ],
)
def test_what_retry_after_asks_for(
    retry_after: str | None, date: str | None, seconds: float | None
) -> None:
    assert seconds_to_wait(retry_after, date) == seconds


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(180, "3 minutes"), (60, "1 minute"), (90, "90 seconds"), (0.2, "1 second"), (1, "1 second"),
     (20, "20 seconds")],
)  # fmt: skip
def test_times_are_said_in_words(seconds: float, words: str) -> None:
    assert in_words(seconds) == words
