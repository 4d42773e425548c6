"""How fast one host is asked, measured by the clock of the server."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

from loopback import MakeWeb, Request, reply, serving

from tribonian.ingest.web.pace import Pace
from tribonian.ingest.web.waiting import TimeLimit, clock


def limit(seconds: float = 10) -> TimeLimit:
    return TimeLimit(seconds, threading.Event(), "it")


def test_four_threads_together_stay_within_five_requests_a_second(web: MakeWeb) -> None:
    refused: list[int] = []

    def answer(request: Request, number: int) -> bytes:
        # Redirects and repetitions count as much as anything else.
        if request.path.startswith("/moved"):
            return reply(b"", 302, "Location: " + request.path.replace("moved", "there"))
        if request.path == "/there/1" and not refused:
            refused.append(number)
            return reply(b"", 503)
        return reply()

    with serving(answer) as server, ThreadPoolExecutor(4) as pool:
        client = web(pace=Pace())
        paths = [f"/{'moved' if n % 3 == 0 else 'there'}/{n}" for n in range(8)]
        list(pool.map(lambda path: client.get(server.url + path), paths))
    times = sorted(request.time for request in server.requests)
    assert len(times) == 8 + 3 + 1
    for first in times:
        assert sum(first <= time < first + 1 for time in times) <= 5
    assert len(times) / (times[-1] - times[0]) <= 5


def test_each_host_has_a_pace_of_its_own() -> None:
    pace = Pace(0.3)
    begun = clock()
    for host in ("a.example", "b.example", "c.example"):
        pace.await_turn(host, limit())
    assert clock() - begun < 0.2


def test_who_complains_is_asked_half_as_often_from_then_on() -> None:
    pace = Pace(0.05)
    asked = pace.await_turn("a", limit())
    pace.slow_down("a", asked)
    pace.slow_down("a", asked)  # of the same time: says nothing new
    first = pace.await_turn("a", limit())
    second = pace.await_turn("a", limit())
    assert 0.1 <= second - first < 0.19
    pace.slow_down("a", second)
    assert pace.await_turn("a", limit()) - second < 0.19
    third = pace.await_turn("a", limit())
    assert pace.await_turn("a", limit()) - third >= 0.2


def test_429_without_a_time_slows_the_rest_of_the_run(web: MakeWeb) -> None:
    answers = [reply(), reply(b"", 429), reply(), reply(), reply()]
    with serving(lambda request, number: answers[number - 1]) as server:
        client = web(pace=Pace(0.1), first_wait=0.01)
        for path in ("/a", "/b", "/c", "/d"):
            client.get(server.url + path)
    times = [request.time for request in server.requests]
    assert times[4] - times[3] >= 0.18


def test_429_with_a_time_holds_every_thread(web: MakeWeb) -> None:
    def answer(request: Request, number: int) -> bytes:
        return reply(b"", 429, "Retry-After: 1") if number == 1 else reply()

    with serving(answer) as server, ThreadPoolExecutor(3) as pool:
        client = web(pace=Pace(0.05))
        list(pool.map(lambda n: client.get(f"{server.url}/{n}"), range(3)))
    times = [request.time for request in server.requests]
    assert min(times[1:]) - times[0] >= 0.95
