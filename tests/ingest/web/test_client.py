"""Getting what is at an address: whole, once, politely, or a sentence why not."""

from __future__ import annotations

import gzip
import hashlib
import signal
import subprocess
import sys
import threading
import time
from email.utils import formatdate
from pathlib import Path

import pytest
from loopback import PAGE, Endless, MakeWeb, Request, Sent, reply, serving, zipped

import tribonian
from tribonian.errors import TribonianError
from tribonian.ingest.web.answer import (
    Answer,
    NotThereError,
    StoppedError,
    UnavailableError,
    WebError,
)
from tribonian.ingest.web.client import Patience, Web

ONCE = Patience(tries=1)


def then(*answers: Sent):  # type: ignore[no-untyped-def]
    """One answer after the other; the last goes on."""
    return lambda request, number: answers[min(number, len(answers)) - 1]


# --- what is asked and what comes


def test_an_answer_is_on_disk_decompressed_with_what_is_known_of_it(web: MakeWeb) -> None:
    body = reply(
        gzip.compress(PAGE, mtime=0),
        200,
        "Content-Encoding: gzip",
        "Content-Type: Application/XML; charset=utf-8",
        'Content-Disposition: attachment; filename="title-21.xml"',
        'ETag: "one"',
        "Last-Modified: Thu, 29 Jan 2026 00:00:00 GMT",
    )
    with serving(body) as server:
        answer = web().get(server.url + "/title-21.xml#p-1")
    assert answer.path.read_bytes() == PAGE
    assert answer.sha256 == hashlib.sha256(PAGE).hexdigest()
    assert answer == Answer(
        url=server.url + "/title-21.xml",
        found=server.url + "/title-21.xml",
        path=answer.path,
        sha256=answer.sha256,
        bytes=len(PAGE),
        media_type="application/xml",
        file_name="title-21.xml",
        etag='"one"',
        last_modified="Thu, 29 Jan 2026 00:00:00 GMT",
        changed=True,
    )


def test_a_request_says_who_asks_and_what_is_taken(web: MakeWeb) -> None:
    with serving(reply()) as server:
        web().get(server.url + "/a")
        web().get(server.url + "/b", accept="application/xml")
    first, second = (request.headers for request in server.requests)
    assert first["user-agent"].startswith(f"tribonian/{tribonian.__version__} ")
    assert "@" not in first["user-agent"]
    assert first["accept"] == "*/*"
    assert first["accept-encoding"] == "gzip"
    assert second["accept"] == "application/xml"


@pytest.mark.parametrize("url", ["ftp://law.example/a", "file:///etc/passwd", "http://", "law",
                                 "http://law.example:port/", "http://a b/"])  # fmt: skip
def test_what_is_no_address_of_the_web_is_not_asked_for(web: MakeWeb, url: str) -> None:
    with pytest.raises(WebError, match=r"\.$"):
        web().get(url)


# --- the cache


def test_what_never_changes_is_asked_for_once(web: MakeWeb) -> None:
    with serving(zipped()) as server:
        first = web().get(server.url + "/2024-06-01/title-45.xml", lasting=True)
        again = web().get(server.url + "/2024-06-01/title-45.xml", lasting=True)
        assert len(server.requests) == 1
        renewed = web(renew=True).get(server.url + "/2024-06-01/title-45.xml", lasting=True)
        assert len(server.requests) == 2
    assert (first.changed, again.changed, renewed.changed) == (True, False, False)
    assert first.sha256 == again.sha256 == renewed.sha256
    assert again.path.read_bytes() == PAGE


def test_a_key_in_an_address_is_not_in_the_cache_and_counts_all_the_same(
    web: MakeWeb, tmp_path: Path
) -> None:
    answers = then(reply(PAGE, 200, 'ETag: "one"'), reply(b"", 304, length=None))
    with serving(answers) as server:
        url = f"{server.url}/law.xml?token=hush&page=2"
        first = web().get(url)
        again = web().get(url)
    assert server.requests[1].headers["if-none-match"] == '"one"'
    assert (again.url, again.found, again.changed) == (url, url, False)
    assert (first.url, first.found) == (url, url)
    (about,) = (tmp_path / "cache").glob("web-1/answers/*.json")
    assert "hush" not in about.read_text() and "token=…&page=2" in about.read_text()


def test_what_was_found_by_another_key_is_asked_for_without_what_is_known(web: MakeWeb) -> None:
    def answer(request: Request, number: int) -> Sent:
        if request.path == "/law.xml":
            return reply(b"", 302, f"Location: /store.xml?sig={number}")
        return reply(PAGE, 200, 'ETag: "one"')

    with serving(answer) as server:
        for _ in range(2):
            web().get(server.url + "/law.xml")
    assert "if-none-match" not in server.requests[3].headers


def test_what_may_change_is_asked_for_with_what_is_known_of_it(web: MakeWeb) -> None:
    changed = "Last-Modified: Thu, 29 Jan 2026 00:00:00 GMT"
    answers = then(
        reply(PAGE, 200, 'ETag: "one"', changed),
        reply(b"", 304, length=None),
        reply(PAGE + PAGE, 200, 'ETag: "two"'),
        reply(b"", 304, length=None),
    )
    with serving(answers) as server:
        got = [web().get(server.url + "/titles.json") for _ in range(4)]
    asked = [request.headers.get("if-none-match") for request in server.requests]
    assert asked == [None, '"one"', '"one"', '"two"']
    assert server.requests[1].headers["if-modified-since"] == changed.partition(" ")[2]
    assert [answer.changed for answer in got] == [True, False, True, False]
    assert [answer.bytes for answer in got] == [len(PAGE), len(PAGE), 2 * len(PAGE), 2 * len(PAGE)]
    assert got[0].path.read_bytes() == PAGE  # who read the old one is not disturbed


def test_the_same_bytes_again_are_no_change(web: MakeWeb) -> None:
    with serving(reply()) as server:
        assert web().get(server.url).changed
        assert not web().get(server.url).changed
    assert len(server.requests) == 2


def test_what_is_asked_for_in_another_form_is_another_answer(web: MakeWeb) -> None:
    with serving(reply()) as server:
        web().get(server.url, accept="application/xml", lasting=True)
        web().get(server.url, accept="application/json", lasting=True)
    assert len(server.requests) == 2


def test_without_a_cache_answers_last_until_the_client_is_closed() -> None:
    with serving(reply()) as server:
        client = Web(None, allow_private=True)
        first = client.get(server.url, lasting=True)
        assert client.get(server.url, lasting=True).path == first.path
        assert len(server.requests) == 1
        folder = first.path.parents[2]
        client.close()
    assert not folder.exists()


def test_what_fails_its_check_is_not_kept(web: MakeWeb) -> None:
    def check(answer: Answer) -> None:
        if not answer.path.read_bytes().startswith(b"<RULE>"):
            raise WebError("It is no rule; ask for another.")

    with serving(then(reply(b"<html>no</html>"), reply())) as server:
        with pytest.raises(WebError, match="no rule"):
            web().get(server.url, lasting=True, check=check)
        assert web().get(server.url, lasting=True, check=check).path.read_bytes() == PAGE


def test_what_a_newer_check_would_not_take_is_asked_for_again(web: MakeWeb) -> None:
    def check(answer: Answer) -> None:
        if answer.path.read_bytes() == b"old":
            raise WebError("It is old; ask for another.")

    with serving(then(reply(b"old"), reply())) as server:
        web().get(server.url, lasting=True)
        assert web().get(server.url, lasting=True, check=check).path.read_bytes() == PAGE


def test_an_answer_that_says_that_it_comes_later_is_asked_for_again(web: MakeWeb) -> None:
    def check(answer: Answer) -> None:
        if answer.path.read_bytes() == b"importing":
            raise UnavailableError("The eCFR is importing; try again later.")

    with serving(then(reply(b"importing"), reply())) as server:
        assert web().get(server.url, check=check).path.read_bytes() == PAGE
    assert len(server.requests) == 2


def test_a_cache_that_cannot_be_written_is_a_sentence_and_nothing_is_asked_for(
    web: MakeWeb, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("in the way")
    with (
        serving(reply()) as server,
        pytest.raises(TribonianError, match=r"--cache.*--no-cache"),
    ):
        web(cache=tmp_path / "file" / "cache").get(server.url)
    assert not server.requests


def test_two_threads_that_want_the_same_ask_once(web: MakeWeb) -> None:
    def answer(request: Request, number: int) -> bytes:
        time.sleep(0.1)
        return reply()

    with serving(answer) as server:
        client = web()
        threads = [
            threading.Thread(target=client.get, args=(server.url,), kwargs={"lasting": True})
            for _ in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(server.requests) == 1


# --- bodies that are not whole


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        (reply(PAGE[:9], length=len(PAGE)), "cut short on the way"),
        (reply(gzip.compress(PAGE, mtime=0)[:-12], 200, "Content-Encoding: gzip"),
         "cut short on the way"),
        (reply(b"5\r\nabcde\r\n9\r\nabc", 200, "Transfer-Encoding: chunked", length=None),
         "cut short on the way"),
        (reply(b"not zipped", 200, "Content-Encoding: gzip"), "damaged"),
        (reply(b""), "nothing at all"),
        (reply(b"", 200, length=None), "nothing at all"),
        (b"HTTP/1.1 200", "the server hangs up"),
        (b"", "the server hangs up"),
    ],
)  # fmt: skip
def test_a_body_that_is_not_whole_is_asked_for_again_and_then_a_sentence(
    web: MakeWeb, broken: bytes, says: str
) -> None:
    with serving(then(broken, reply())) as server:
        assert web().get(server.url).path.read_bytes() == PAGE
    with serving(broken) as server, pytest.raises(UnavailableError, match=says) as raised:
        web().get(server.url, patience=Patience(tries=2))
    assert len(server.requests) == 2
    assert server.url in str(raised.value)


def test_a_damaged_body_is_not_asked_for_for_minutes(web: MakeWeb) -> None:
    with (
        serving(reply(b"not zipped", 200, "Content-Encoding: gzip")) as server,
        pytest.raises(UnavailableError, match=r"damaged.* asked 3 times"),
    ):
        web().get(server.url)
    assert len(server.requests) == 3


def test_a_compression_that_was_not_asked_for_is_said(web: MakeWeb) -> None:
    with (
        serving(reply(PAGE, 200, "Content-Encoding: br")) as server,
        pytest.raises(WebError, match="compressed with br"),
    ):
        web().get(server.url)
    assert len(server.requests) == 1


def test_what_is_too_large_is_stopped_at_once(web: MakeWeb) -> None:
    def endless(request: Request, number: int) -> Sent:
        if request.path == "/said":
            return reply(b"x", length=1 << 40)
        if request.path == "/unsaid":
            return Endless(reply(b"", 200, length=None) + b"x" * 70_000)
        return reply(gzip.compress(bytes(50_000_000), mtime=0), 200, "Content-Encoding: gzip")

    with serving(endless) as server:
        for path in ("/said", "/unsaid", "/bomb"):
            with pytest.raises(WebError, match="larger than 64 KiB") as raised:
                web(max_bytes=65_536).get(server.url + path)
            assert raised.value.status == 200
    assert len(server.requests) == 3


# --- asked again


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504])
def test_what_may_pass_is_asked_again(web: MakeWeb, status: int) -> None:
    page = reply(b"<html><h1>Bad Gateway</h1></html>", status, "Content-Type: text/html")
    with serving(then(page, page, reply())) as server:
        assert web().get(server.url).path.read_bytes() == PAGE
    assert len(server.requests) == 3


@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 405, 406, 410, 418, 451, 501])
def test_what_will_not_change_is_final_at_once(web: MakeWeb, status: int) -> None:
    with (
        serving(reply(b"no", status)) as server,
        pytest.raises(WebError, match=rf"{status}.*; .*\.$") as raised,
    ):
        web().get(server.url + "/x")
    assert len(server.requests) == 1
    assert raised.value.status == status
    assert isinstance(raised.value, NotThereError) == (status in (404, 410))
    assert server.url + "/x" in str(raised.value)


def test_patience_ends_with_what_the_server_said_last(web: MakeWeb) -> None:
    with serving(reply(b"", 503)) as server:
        begun = time.monotonic()
        with pytest.raises(UnavailableError) as raised:
            web(first_wait=0.1).get(server.url, patience=Patience(seconds=0.6))
        assert 0.5 < time.monotonic() - begun < 2
    assert raised.value.status == 503
    assert str(raised.value) == (
        f"{server.url} is answered with 503 Service Unavailable, "
        "though asked again for 1 second; try again later."
    )
    assert len(server.requests) >= 3


def test_retry_after_in_seconds_is_kept(web: MakeWeb) -> None:
    with serving(then(reply(b"", 503, "Retry-After: 1"), reply())) as server:
        web().get(server.url)
    first, second = (request.time for request in server.requests)
    assert 1.0 <= second - first < 1.6


def test_retry_after_as_a_date_is_compared_with_the_clock_of_the_server(web: MakeWeb) -> None:
    at = 1_000_000_000
    wrong = f"Date: {formatdate(at, usegmt=True)}"
    later = f"Retry-After: {formatdate(at + 1, usegmt=True)}"
    with serving(then(reply(b"", 503, wrong, later), reply())) as server:
        web().get(server.url)
    first, second = (request.time for request in server.requests)
    assert 1.0 <= second - first < 1.6


def test_who_asks_to_wait_for_longer_than_one_has_patience_is_left_alone(web: MakeWeb) -> None:
    with (
        serving(reply(b"", 429, "Retry-After: 7200")) as server,
        pytest.raises(UnavailableError, match="asks to wait for 120 minutes; try"),
    ):
        web().get(server.url)
    assert len(server.requests) == 1


def test_a_server_that_is_not_there_yet_is_waited_for(web: MakeWeb) -> None:
    with serving(reply()) as gone:
        url = gone.url
    with pytest.raises(UnavailableError, match=r"cannot be reached \(connection refused\)"):
        web().get(url, patience=Patience(seconds=0.1))


def test_an_unknown_host_is_final(web: MakeWeb) -> None:
    with pytest.raises(WebError, match=r"There is no host nowhere.invalid"):
        web().get("http://nowhere.invalid/")


def test_what_speaks_no_http_is_final(web: MakeWeb) -> None:
    with serving(b"SSH-2.0-OpenSSH_9.9\r\n\r\n") as server:
        with pytest.raises(WebError, match="not answered as a web server does"):
            web().get(server.url)
        with pytest.raises(WebError, match="not answered as a web server does"):
            web().get(server.url.replace("http:", "https:"))


# --- time


def test_the_time_limit_covers_all_retries(web: MakeWeb) -> None:
    with serving(reply(b"", 503)) as server:
        begun = time.monotonic()
        with pytest.raises(UnavailableError, match="--time-limit"):
            web(seconds=0.4).get(server.url)
        assert time.monotonic() - begun < 1


@pytest.mark.parametrize(
    "head",
    [b"HTTP/1.1 200 OK\r\nX-", reply(b"", length=1000), reply(b"", 200, length=None), b""],
)
def test_a_server_that_drips_or_is_silent_ends_at_the_time_limit(web: MakeWeb, head: bytes) -> None:
    with serving(Endless(head, b"x" if head else b"")) as server:
        begun = time.monotonic()
        with pytest.raises(UnavailableError) as raised:
            web(seconds=0.5).get(server.url)
        assert 0.4 < time.monotonic() - begun < 1
    assert str(raised.value) == (
        f"{server.url} took longer than 0.5 seconds (--time-limit); try again later, or allow more."
    )


@pytest.mark.parametrize("what", ["silent", "dripping", "waiting", "queueing"])
def test_everything_can_be_stopped(web: MakeWeb, what: str) -> None:
    sent: dict[str, Sent] = {
        "silent": Endless(drop=b""),
        "dripping": Endless(reply(b"", length=1000)),
        "waiting": reply(b"", 503, "Retry-After: 60"),
        "queueing": reply(b"", 429, "Retry-After: 60"),
    }
    with serving(sent[what]) as server:
        client = web()
        ended: list[BaseException] = []

        def get(path: str) -> None:
            try:
                client.get(server.url + path)
            except StoppedError as error:
                ended.append(error)

        threads = [threading.Thread(target=get, args=(f"/{n}",)) for n in range(2)]
        for thread in threads:
            thread.start()
            time.sleep(0.15)
        begun = time.monotonic()
        client.stop()
        for thread in threads:
            thread.join()
        assert time.monotonic() - begun < 0.6
    assert len(ended) == 2
    with pytest.raises(StoppedError):
        client.get(server.url)


# --- killed


KILLED = """
import sys
from pathlib import Path
from tribonian.ingest.web.client import Web
from tribonian.ingest.web.pace import Pace
client = Web(Path(sys.argv[1]), allow_private=True, pace=Pace(0))
for path in ("/whole", "/half"):
    client.get(sys.argv[2] + path, lasting=True)
    print(path, flush=True)
"""


def test_a_process_killed_in_the_middle_leaves_what_was_whole_and_nothing_else(
    web: MakeWeb, tmp_path: Path
) -> None:
    kill = threading.Event()

    def answer(request: Request, number: int) -> Sent:
        if request.path == "/half" and not kill.is_set():
            return Endless(reply(b"<RU", length=1000))
        return reply()

    partial = tmp_path / "cache" / "web-1" / "partial"
    with serving(answer) as server:
        command = [sys.executable, "-c", KILLED, str(tmp_path / "cache"), server.url]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "/whole\n"
            while not any(partial.iterdir()):
                time.sleep(0.01)
            time.sleep(0.1)
            # a process beside it does not take away what is being written
            assert web().get(server.url + "/other", lasting=True).changed
            assert len(list(partial.iterdir())) == 1
            process.kill()
        assert len(list(partial.iterdir())) == 1  # nobody could tidy up
        kill.set()
        asked = len(server.requests)
        client = web()
        assert not client.get(server.url + "/whole", lasting=True).changed
        assert len(server.requests) == asked
        assert client.get(server.url + "/half", lasting=True).path.read_bytes() == PAGE
        assert not list(partial.iterdir())


INTERRUPTED = """
import sys
from tribonian.ingest.web.client import Web
with Web(None, allow_private=True) as client:
    client.get(sys.argv[1])
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no signal can be sent to a child there")
def test_an_interrupt_ends_a_get_at_once() -> None:
    with serving(Endless(drop=b"")) as server:
        command = [sys.executable, "-c", INTERRUPTED, server.url]
        with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
            while not server.requests:
                time.sleep(0.02)
            begun = time.monotonic()
            process.send_signal(signal.SIGINT)
            _, said = process.communicate(timeout=5)
        assert time.monotonic() - begun < 1.5
    assert said.rstrip().endswith("KeyboardInterrupt")


def test_nothing_of_the_network_is_loaded_before_the_first_get(tmp_path: Path) -> None:
    code = (
        "import sys; from tribonian.ingest.web.client import Web; Web(None).close(); "
        "print('\\n'.join(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert not {"httpx", "httpcore", "ssl", "platformdirs"} & loaded
