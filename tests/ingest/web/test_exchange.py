"""Redirects, followed by hand: where they may lead, and what is never carried along."""

from __future__ import annotations

import pytest
from loopback import PAGE, MakeWeb, Request, reply, serving

from tribonian.ingest.web.answer import NotThereError, WebError
from tribonian.ingest.web.client import Web
from tribonian.ingest.web.pace import Pace


def to(location: str, *headers: str, status: int = 302) -> bytes:
    return reply(b"moved", status, f"Location: {location}", *headers)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_followed_and_the_last_address_recorded(web: MakeWeb, status: int) -> None:
    answers = {"/a?x=1": to("b/c?part=2", status=status), "/b/c?part=2": reply()}
    with serving(lambda request, number: answers[request.path]) as server:
        answer = web().get(server.url + "/a?x=1")
    assert answer.url == server.url + "/a?x=1"
    assert answer.found == server.url + "/b/c?part=2"
    assert answer.path.read_bytes() == PAGE


def test_ten_redirects_are_followed_and_no_more(web: MakeWeb) -> None:
    def answer(request: Request, number: int) -> bytes:
        left = int(request.path[1:])
        return to(f"/{left - 1}") if left else reply()

    with serving(answer) as server:
        assert web().get(server.url + "/10").found == server.url + "/0"
        with pytest.raises(WebError, match="more than 10 times"):
            web().get(server.url + "/11")
    assert len(server.requests) == 11 + 11


def test_a_circle_of_redirects_is_noticed(web: MakeWeb) -> None:
    answers = {"/a": to("/b"), "/b": to("/a#there")}
    with (
        serving(lambda request, number: answers[request.path]) as server,
        pytest.raises(WebError, match="in a circle"),
    ):
        web().get(server.url + "/a")
    assert server.paths == ["/a", "/b"]


def test_a_circle_that_looks_whether_cookies_are_kept_is_none(web: MakeWeb) -> None:
    def answer(request: Request, number: int) -> bytes:
        if request.headers.get("cookie") == "seen=1":
            return reply()
        return to("/a", "Set-Cookie: seen=1")

    with serving(answer) as server:
        assert web().get(server.url + "/a").path.read_bytes() == PAGE
    assert server.paths == ["/a", "/a"]


@pytest.mark.parametrize(
    "location",
    ["file:///etc/passwd", "ftp://127.0.0.1/a", "gopher://127.0.0.1/", "javascript:alert(1)",
     "data:text/html,a", "http://[::1", "http://law.example:port/"],
)  # fmt: skip
def test_a_redirect_leads_to_the_web_or_nowhere(web: MakeWeb, location: str) -> None:
    with serving(to(location)) as server, pytest.raises(WebError, match="is not followed"):
        web().get(server.url)
    assert len(server.requests) == 1


def test_a_redirect_to_nowhere_is_a_sentence(web: MakeWeb) -> None:
    with (
        serving(reply(b"", 302)) as server,
        pytest.raises(WebError, match="redirected to nowhere"),
    ):
        web().get(server.url)


def test_a_redirect_into_a_private_network_is_not_followed() -> None:
    with (
        serving(reply()) as inside,
        serving(to(inside.url + "/secret")) as outside,
        Web(None, exempt=[outside.url + "/mirror"], pace=Pace(0)) as client,
        pytest.raises(WebError, match=r"private address 127\.0\.0\.1.*--allow-private"),
    ):
        client.get(outside.url)
    assert len(outside.requests) == 1
    assert not inside.requests


def test_an_exemption_is_for_that_scheme_host_and_port() -> None:
    with serving(reply()) as server, serving(reply()) as other:
        exempt = server.url + "/api"
        with Web(None, exempt=[exempt], pace=Pace(0)) as client:
            assert client.get(server.url).path.read_bytes() == PAGE
            for url in (
                other.url,
                server.url.replace("http:", "https:"),
                server.url.replace("127.0.0.1", "localhost"),
                server.url.replace("127.0.0.1", "127.1"),
            ):
                with pytest.raises(WebError, match="--allow-private"):
                    client.get(url)
    assert (len(server.requests), len(other.requests)) == (1, 0)


def test_a_password_goes_to_its_own_server_only_and_is_never_said(web: MakeWeb) -> None:
    with serving(reply(status=404)) as other, serving(to(other.url + "/b?key=s3cret")) as server:
        with_user = server.url.replace("//", "//me:pass%20word@")
        with pytest.raises(NotThereError) as raised:
            web().get(with_user + "/a")
    assert server.requests[0].headers["authorization"] == "Basic bWU6cGFzcyB3b3Jk"
    assert "authorization" not in other.requests[0].headers
    assert other.requests[0].path == "/b?key=s3cret"
    assert str(raised.value) == f"There is nothing at {other.url}/b?key=… (404); check the address."


def test_a_password_is_not_kept_in_what_is_said_of_an_answer(web: MakeWeb) -> None:
    with serving(reply()) as server:
        answer = web().get(server.url.replace("//", "//me:password@") + "/a")
    assert answer.url == answer.found == server.url + "/a"
    kept = (answer.path.parents[1] / "answers").iterdir()
    assert not any("password" in file.read_text() for file in kept)


def test_a_redirect_to_the_gate_of_the_federal_register_is_a_question(web: MakeWeb) -> None:
    with (
        serving(to("https://unblock.federalregister.gov/")) as server,
        pytest.raises(WebError, match=r"asks whether you are human.*in a browser"),
    ):
        web().get(server.url)


def test_a_page_that_asks_whether_one_is_human_is_no_answer(web: MakeWeb) -> None:
    page = b"<html><head><title>Federal Register :: Request Access</title></head></html>"
    answers = {"/a": to("/gate"), "/gate": reply(page)}
    with (
        serving(lambda request, number: answers[request.path]) as server,
        pytest.raises(WebError, match="asks whether you are human") as raised,
    ):
        web().get(server.url + "/a")
    assert raised.value.status == 200


def test_a_gate_that_answers_202_is_not_asked_again(web: MakeWeb) -> None:
    with (
        serving(reply(b"", 202, "x-amzn-waf-action: challenge")) as server,
        pytest.raises(WebError, match="asks whether you are human"),
    ):
        web().get(server.url)
    assert len(server.requests) == 1


def test_news_are_asked_for_only_where_the_answer_was_found(web: MakeWeb) -> None:
    def answer(request: Request, number: int) -> bytes:
        if request.path == "/a":
            return to("/b")
        if request.headers.get("if-none-match") == '"b"':
            return reply(b"", 304, length=None)
        return reply(PAGE, 200, 'ETag: "b"')

    with serving(answer) as server:
        assert web().get(server.url + "/a").changed
        assert not web().get(server.url + "/a").changed
    asked = [(request.path, request.headers.get("if-none-match")) for request in server.requests]
    assert asked == [("/a", None), ("/b", None), ("/a", None), ("/b", '"b"')]


def test_304_without_a_question_is_no_answer(web: MakeWeb) -> None:
    with (
        serving(reply(b"", 304, length=None)) as server,
        pytest.raises(WebError, match="304 Not Modified"),
    ):
        web().get(server.url)
