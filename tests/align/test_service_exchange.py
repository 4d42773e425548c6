"""Asking again where it is harmless, and never where it is not; redirects; stopping."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.align.scripted_service import Reply, ScriptedService, nobody
from tests.align.service_of import FILE, JOB, QUICK, SECRET, SILENCE, client, service_of
from tribonian.align.service.account import Account, Key
from tribonian.align.service.client import Service
from tribonian.align.service.failures import (
    NotThereError,
    RefusedError,
    ServiceError,
    StoppedError,
    UncertainError,
    UnreachableError,
)

PAGE = "<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"
FINE = Reply(200, JOB)
SLOW_DOWN = Reply(429, {"detail": "slow down"})
BUSY = Reply(503, {"detail": "busy"}, headers=(("Retry-After", "0"),))

# What may pass: a read is asked again; what has an effect may have had it.
MISHAPS = {
    "500": Reply(500, "Internal Server Error"),
    "502 with a page": Reply(502, PAGE, headers=(("Content-Type", "text/html"),)),
    "503 without a time": Reply(503, ""),
    "504": Reply(504, {"error": "timeout", "message": "upstream", "status": 504}),
    "507": Reply(507, {"detail": "full"}),
    "408": Reply(408, {"detail": "late"}),
    "hung up": Reply(fault="drop"),
    "hung up harshly": Reply(fault="reset"),
    "head cut": Reply(200, JOB, fault="cut-head"),
    "body cut": Reply(200, JOB, fault="cut-body"),
    "chunks cut": Reply(200, JOB, fault="cut-body", chunked=True),
    "gzip cut": Reply(200, JOB, fault="cut-body", gzipped=True, told=False),
    "silent": Reply(fault="stall"),
    "silent in the middle": Reply(200, JOB, fault="stall-body"),
}
# After which nothing can have happened: anything is asked again.
HARMLESS = {"429": SLOW_DOWN, "503 with a time": BUSY}

EFFECTS: dict[str, Callable[[Service], Any]] = {
    "create_job": lambda s: s.create_job("a", instructions="b"),
    "attach": lambda s: s.attach("dj-1", ["file-1"]),
    "detach": lambda s: s.detach("dj-1", ["file-1"]),
    "start": lambda s: s.start("dj-1"),
    "cancel": lambda s: s.cancel("dj-1"),
    "generate": lambda s: s.generate("a", ["file-1"]),
    "cancel_alignment": lambda s: s.cancel_alignment("al-1"),
    "fine_tune": lambda s: s.fine_tune({"project_id": 1}),
    "upload": lambda s: s.upload(Path(__file__), purpose="alignment"),
}
HARMLESS_CALLS: dict[str, Callable[[Service], Any]] = {
    "job": lambda s: s.job("dj-1"),
    "edit_job": lambda s: s.edit_job("dj-1", name="a"),
    "jobs": lambda s: list(s.jobs()),
}
LIST = Reply(200, {"data": [JOB]})


def times_for(fault: str) -> dict[str, float]:
    return {"patience": 30, **(SILENCE if "silent" in fault else {})}


@pytest.mark.parametrize("fault", [*MISHAPS, *HARMLESS])
@pytest.mark.parametrize("call", HARMLESS_CALLS)
def test_a_read_is_asked_again_after_what_may_pass(call: str, fault: str) -> None:
    reply = (MISHAPS | HARMLESS)[fault]
    fine = LIST if call == "jobs" else FINE
    with service_of(reply, reply, fine, **times_for(fault)) as (scripted, service):
        assert HARMLESS_CALLS[call](service)
    assert len(scripted.requests) == 3


@pytest.mark.parametrize("fault", MISHAPS)
@pytest.mark.parametrize("call", EFFECTS)
def test_what_has_an_effect_is_sent_once_and_its_effect_is_uncertain(call: str, fault: str) -> None:
    with (
        service_of(MISHAPS[fault], FINE, **times_for(fault)) as (scripted, service),
        pytest.raises(UncertainError, match=r"may have done it or not; look at what is there"),
    ):
        EFFECTS[call](service)
    assert len(scripted.requests) == 1


@pytest.mark.parametrize("call", EFFECTS)
def test_what_has_an_effect_is_sent_again_where_it_surely_had_none(call: str) -> None:
    with service_of(SLOW_DOWN, BUSY, SLOW_DOWN, FINE, patience=30) as (scripted, service):
        assert EFFECTS[call](service).id == "dj-1"
    assert len(scripted.requests) == 4
    assert len({each.line for each in scripted.requests}) == 1
    assert len({len(each.body) for each in scripted.requests}) == 1


@pytest.mark.parametrize("call", EFFECTS)
def test_where_nobody_listens_nothing_has_happened(call: str) -> None:
    with nobody() as url, client(url) as service, pytest.raises(
        UnreachableError,
        match=r"127\.0\.0\.1:\d+ cannot be reached to .* \(connection refused\), though asked "
        r"again for 1 second; check that this machine is online",
    ):  # fmt: skip
        EFFECTS[call](service)


def test_a_service_that_comes_up_meanwhile_is_reached() -> None:
    with nobody() as url, client(url, patience=30) as service:
        port = int(url.rpartition(":")[2])
        found: list[str] = []
        asking = threading.Thread(target=lambda: found.append(service.start("dj-1").id))
        asking.start()
        time.sleep(0.1)
        with ScriptedService(FINE, port=port) as scripted:
            asking.join(10)
    assert found == ["dj-1"]
    assert scripted.heard == ["POST /v1/flow/data-jobs/dj-1/start"]


FAULTS = st.lists(st.sampled_from(sorted(MISHAPS.keys() - {"silent", "silent in the middle"})
                                  + sorted(HARMLESS) * 4), max_size=5)  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(sorted(EFFECTS)), FAULTS)
def test_no_sequence_of_faults_has_an_effect_twice(call: str, faults: list[str]) -> None:
    """The service may act whenever it has read a request, unless it says that it did not."""
    known = MISHAPS | HARMLESS
    with service_of(*[known[fault] for fault in faults], FINE, patience=30) as (scripted, service):
        try:
            EFFECTS[call](service)
            came = "done"
        except UncertainError:
            came = "uncertain"
    acted = [
        fault for fault in [*faults, "fine"][: len(scripted.requests)] if fault not in HARMLESS
    ]
    assert len(acted) == 1
    assert came == ("done" if acted == ["fine"] else "uncertain")


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(400, 599), st.binary(max_size=60), st.sampled_from(["job", *EFFECTS]))
def test_no_status_and_no_body_is_anything_but_one_sentence(
    status: int, body: bytes, call: str
) -> None:
    with (
        service_of(Reply(status, body), patience=0) as (scripted, service),
        pytest.raises(ServiceError) as caught,
    ):
        (EFFECTS | HARMLESS_CALLS)[call](service)
    sentence = str(caught.value)
    assert caught.value.status == status
    assert sentence.startswith("The service ")
    assert sentence.endswith(".")
    assert sentence.isprintable()
    assert len(sentence) < 800
    assert len(scripted.requests) == 1


# -- how long


def test_patience_ends() -> None:
    with service_of(*[Reply(503, PAGE)] * 99) as (scripted, service), pytest.raises(
        UnreachableError,
        match=r"The service does not show the data job dj-1: 502 Bad Gateway \(503 Service "
        r"Unavailable\), though asked again for 1 second; try again later\.$",
    ) as caught:  # fmt: skip
        service.job("dj-1")
    assert caught.value.status == 503
    assert 2 < len(scripted.requests) < 99


@pytest.mark.parametrize("headers", [
    (("Retry-After", "1"),),
    (("Date", "Fri, 02 Jan 2026 03:04:05 GMT"), ("Retry-After", "Fri, 02 Jan 2026 03:04:06 GMT")),
])  # fmt: skip
def test_the_service_says_how_long_to_wait(headers: tuple[tuple[str, str], ...]) -> None:
    busy = Reply(429, {"detail": "slow down"}, headers=headers)
    start = time.monotonic()
    with service_of(busy, FINE, patience=30) as (_, service):
        service.start("dj-1")
    assert 0.7 < time.monotonic() - start < 5


@pytest.mark.parametrize("told", ["3600", "Fri, 01 Jan 2100 00:00:00 GMT"])
@pytest.mark.parametrize("call", ["job", "start"])
def test_a_wait_beyond_all_patience_is_not_begun(call: str, told: str) -> None:
    busy = Reply(429, {"detail": "slow down"}, headers=(("Retry-After", told),))
    with (
        service_of(busy, patience=30) as (scripted, service),
        pytest.raises(UnreachableError, match=r"asks to wait for \d+ \w+; try again then\.$"),
    ):
        (EFFECTS | HARMLESS_CALLS)[call](service)
    assert len(scripted.requests) == 1


@pytest.mark.parametrize("told", ["soon", "-5", "1e9", ""])
def test_a_wait_that_makes_no_sense_is_none(told: str) -> None:
    busy = Reply(429, "", headers=(("Retry-After", told),))
    with service_of(busy, FINE, patience=30) as (_, service):
        assert service.job("dj-1").id == "dj-1"


def test_a_stop_ends_a_wait_soon() -> None:
    stop = threading.Event()
    busy = Reply(429, "", headers=(("Retry-After", "60"),))
    with service_of(busy, stop=stop, patience=180) as (_, service):
        threading.Timer(0.2, stop.set).start()
        start = time.monotonic()
        with pytest.raises(StoppedError, match="Nobody waits any more for the service to show"):
            service.job("dj-1")
        assert time.monotonic() - start < 2
        with pytest.raises(StoppedError):
            service.job("dj-1")


def test_a_wait_is_told_of_once() -> None:
    told: list[str] = []
    with (
        ScriptedService(SLOW_DOWN, SLOW_DOWN, FINE, SLOW_DOWN, FINE) as scripted,
        Service(Account(scripted.url, Key(SECRET)), times=QUICK, notice=told.append) as service,
    ):
        service.job("dj-1")
        service.start("dj-1")
    assert told == [
        f"The service does not {what} the data job dj-1: slow down (429 Too Many Requests); it is "
        "asked again."
        for what in ("show", "start")
    ]


def test_a_message_that_comes_drop_by_drop_is_given_up() -> None:
    listing = ScriptedService(Reply(200, {"id": "dj-1", "fill": "x" * 60}, fault="drops"))
    with listing, client(listing.url, patience=0, **SILENCE) as service, pytest.raises(
        UnreachableError, match="stopped in the middle of its answer"
    ):  # fmt: skip
        service.job("dj-1")


# -- final answers


@pytest.mark.parametrize(("status", "kind", "advice"), [
    (400, ServiceError, "mend what it names"),
    (401, RefusedError, "the key is missing, wrong or expired: check SEEKR_API_KEY"),
    (403, RefusedError, "check SEEKR_API_KEY and SEEKR_TEAM_ID"),
    (404, NotThereError, "check SEEKR_BASE_URL and SEEKR_TEAM_ID"),
    (405, NotThereError, "check SEEKR_BASE_URL"),
    (409, ServiceError, "the state of what is there does not allow it"),
    (410, NotThereError, "start again without it"),
    (413, ServiceError, "it is too large"),
    (422, ServiceError, "mend what it names"),
])  # fmt: skip
@pytest.mark.parametrize("call", ["job", "start", "upload"])
def test_a_refusal_is_final_and_says_what_to_do(
    call: str, status: int, kind: type[ServiceError], advice: str
) -> None:
    with (
        service_of(Reply(status, {"detail": "so it is"}), FINE) as (scripted, service),
        pytest.raises(kind, match=rf"not .*: so it is \({status} .*\); .*{advice}") as caught,
    ):
        (EFFECTS | HARMLESS_CALLS)[call](service)
    assert type(caught.value) is kind
    assert len(scripted.requests) == 1


@pytest.mark.parametrize("found", [
    "<!DOCTYPE html><title>Sign in</title>", "", "null", "[]", '"dj-1"', '{"detail": "ok"}',
    '{"id": null}', "\xff\xfe\0", "[" * 100_000, '{"id": "dj-1"', "9" * 5000,
])  # fmt: skip
def test_an_answer_that_is_not_what_is_documented_shows_its_beginning(found: str) -> None:
    reply = Reply(200, found.encode("latin-1"))
    with service_of(reply, reply) as (scripted, service):
        with pytest.raises(ServiceError, match=r"its answer is not what is documented") as caught:
            service.job("dj-1")
        assert type(caught.value) is ServiceError
        assert len(str(caught.value)) < 500
        if found[:2] == "<!":
            assert "“<!DOCTYPE html><title>Sign in</title>”" in str(caught.value)
        with pytest.raises(UncertainError, match="answered with what is not documented"):
            service.start("dj-1")
    assert len(scripted.requests) == 2


# -- redirects


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_read_follows_at_the_same_origin_with_the_key(status: int) -> None:
    with service_of(to("/v2/elsewhere?a=1", status), FINE, team="t") as (scripted, service):
        service.job("dj-1")
    assert scripted.heard[1] == "GET /v2/elsewhere?a=1"
    assert scripted.requests[1].headers["authorization"] == SECRET
    assert scripted.requests[1].headers["x-team-id"] == "t"


@pytest.mark.parametrize("status", [307, 308])
@pytest.mark.parametrize("call", ["start", "create_job", "upload", "edit_job"])
def test_a_redirect_that_keeps_the_method_is_followed_with_the_body(call: str, status: int) -> None:
    with service_of(to("/other", status), FINE) as (scripted, service):
        (EFFECTS | HARMLESS_CALLS)[call](service)
    first, second = scripted.requests
    assert (first.method, len(first.body)) == (second.method, len(second.body))
    assert second.path == "/other"


@pytest.mark.parametrize("status", [301, 302])
def test_one_that_would_change_the_method_is_not_followed(status: int) -> None:
    with (
        service_of(to("/other", status), FINE) as (scripted, service),
        pytest.raises(ServiceError, match=r"redirects to http://127.* is not followed") as caught,
    ):
        service.start("dj-1")
    assert type(caught.value) is ServiceError
    assert len(scripted.requests) == 1


def test_see_other_after_an_effect_is_uncertain() -> None:
    with service_of(to("/other", 303), FINE) as (_, service), pytest.raises(UncertainError):
        service.start("dj-1")


@pytest.mark.parametrize("status", [301, 307])
@pytest.mark.parametrize("where", [
    "https://evil.example/x", "//evil.example/x", "http://127.0.0.1:1/x", "ftp://a/b", "",
    "https://[", "javascript:alert(1)", "https://" + "a" * 64 + ".example/",
])  # fmt: skip
def test_a_key_goes_to_no_other_origin(where: str, status: int) -> None:
    with ScriptedService(*[to(where, status)] * 2) as scripted, client(scripted.url) as service:
        for call in (service.job, service.start):
            with pytest.raises(ServiceError, match=r"redirects to .* is not followed, as the key"):
                call("dj-1")
    assert len(scripted.requests) == 2


def test_redirects_end() -> None:
    with service_of(*[to("/again", 307)] * 9) as (scripted, service), pytest.raises(
        ServiceError, match="redirects more than 5 times where it is asked to show"
    ):  # fmt: skip
        service.job("dj-1")
    assert len(scripted.requests) == 6


def to(where: str, status: int) -> Reply:
    return Reply(status, headers=(("Location", where),))


def test_the_file_that_is_sent_for_these_tests_is_this_one() -> None:
    with service_of(Reply(200, FILE)) as (scripted, service):
        EFFECTS["upload"](service)
    assert b"test_the_file_that_is_sent_for_these_tests" in scripted.requests[0].body
