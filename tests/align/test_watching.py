"""Waiting: how long, how often, and what is waited out."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

import pytest

from tribonian.align.runs.watching import LateError, Patience, settled, watch
from tribonian.align.service.failures import (
    NotThereError,
    RefusedError,
    ServiceError,
    StoppedError,
    UnreachableError,
)
from tribonian.align.service.times import Times

TIMES = Times(poll_first=0.001, poll_longest=0.004)


def looking(*seen: object) -> Callable[[], object]:
    """Looks that find these in their order; what is an error is raised."""
    left: Iterator[object] = iter(seen)

    def look() -> object:
        one = next(left)
        if isinstance(one, Exception):
            raise one
        return one

    return look


def watched(look: Callable[[], object], **changed: object) -> tuple[object, list[str]]:
    said: list[str] = []
    given: dict[str, object] = {
        "times": TIMES, "stop": threading.Event(), "patience": Patience(5),
        "told": lambda _: None, "say": said.append, **changed,
    }  # fmt: skip
    return watch(look, lambda seen: seen == "over", **given), said  # type: ignore[arg-type]


def test_it_is_over_when_it_is_over() -> None:
    assert watched(looking("new", "running", "baking", "over")) == ("over", [])


def test_what_passes_is_said_once_and_waited_out() -> None:
    lost = UnreachableError("The service cannot be reached.")
    page = ServiceError("A page for signing in stands there.")  # a laptop in another network
    found, said = watched(looking("running", lost, lost, page, "running", lost, "over"))
    assert found == "over"
    assert said == [
        "The service cannot be reached; it is asked again until it answers.",
        "The service answers again.",
        "The service cannot be reached; it is asked again until it answers.",
        "The service answers again.",
    ]


@pytest.mark.parametrize(
    "error", [RefusedError("The key is expired.", 401), ServiceError("It says no.", 400)]
)
def test_what_does_not_pass_ends_the_waiting(error: ServiceError) -> None:
    with pytest.raises(type(error)):
        watched(looking("running", error, "over"))


def test_a_job_that_is_missing_is_believed_at_the_third_look() -> None:
    gone = NotThereError("It is not there.", 404)
    assert watched(looking(gone, gone, "running", gone, "over"))[0] == "over"
    with pytest.raises(NotThereError):
        watched(looking(gone, gone, gone, "over"))


def test_the_deadline_ends_it() -> None:
    since = time.monotonic()
    with pytest.raises(LateError):
        watched(lambda: "running", patience=Patience(0.1))
    assert 0.1 <= time.monotonic() - since < 2
    assert Patience(None).left() == Patience(0).left() == float("inf")


def test_stopping_ends_it_at_once() -> None:
    stop = threading.Event()
    threading.Timer(0.05, stop.set).start()
    since = time.monotonic()
    with pytest.raises(StoppedError):
        watched(lambda: "running", times=Times(poll_first=60), stop=stop)
    assert time.monotonic() - since < 5


def test_pauses_grow_and_an_estimate_makes_them_shorter(monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []
    monkeypatch.setattr(
        "tribonian.align.runs.watching.pause", lambda seconds, stop: pauses.append(seconds)
    )
    watched(looking(*["running"] * 12, "over"), times=Times(), patience=Patience(None))
    assert pauses[0] == 5
    assert pauses == sorted(pauses)
    assert pauses[-1] == 60
    pauses.clear()
    watched(looking(*["running"] * 12, "over"), times=Times(), patience=Patience(None),
            left=lambda _: 0.5)  # fmt: skip
    assert max(pauses) == 15


def test_an_effect_is_looked_for_until_it_shows_or_the_time_is_over() -> None:
    stop = threading.Event()
    assert settled(looking(None, None, "found"), 0.2, stop) == "found"
    assert settled(looking("found"), 0, stop) == "found"
    assert settled(lambda: None, 0, stop) is None
    since = time.monotonic()
    looks: list[float] = []
    assert settled(lambda: looks.append(time.monotonic()), 0.2, stop) is None
    assert looks[-1] - since >= 0.2  # the last look is not before the time is over
    stop.set()
    with pytest.raises(StoppedError):
        settled(lambda: None, 5, stop)
