"""One address asked, by way of its redirects, and what the failures on the way mean."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import unquote

import httpcore
import httpx

from tribonian.ingest.web.address import (
    bare,
    host_of,
    origin,
    sealed,
    shown,
    split_address,
    user_of,
)
from tribonian.ingest.web.answer import Answer, WebError
from tribonian.ingest.web.failures import explained
from tribonian.ingest.web.looks import is_gate
from tribonian.ingest.web.pace import Pace
from tribonian.ingest.web.private import is_private, literal, refusal
from tribonian.ingest.web.retry import LONGEST_WAIT, PassingError
from tribonian.ingest.web.status import (
    FINE,
    PASSING,
    REDIRECTS,
    captcha_error,
    final_error,
    is_guarded,
    named,
)
from tribonian.ingest.web.transport import Transport
from tribonian.ingest.web.waiting import TimeLimit, seconds_to_wait

MOST_REDIRECTS = 10
_SMALL = 1 << 14  # an error page that is read to its end leaves the connection for the next


class Exchange:
    """Asks and follows; ``agent`` is what it calls itself."""

    def __init__(self, transport: Transport, pace: Pace, agent: str) -> None:
        self._transport = transport
        self._pace = pace
        self._agent = agent

    def close(self) -> None:
        """Close every connection."""
        self._transport.close()

    @contextmanager
    def ask(
        self, url: str, accept: str, known: Answer | None, limit: TimeLimit
    ) -> Iterator[httpx.Response]:
        """The final answer, its body still to come: status 200, 203, or 304 for ``known``.

        Raises PassingError for what may pass and WebError for what will not.
        """
        response = self._follow(url, accept, known, limit)
        try:
            _judge(response, url)
            with explained(str(response.request.url), begun=True):
                yield response
        finally:
            response.close()

    def _follow(
        self, url: str, accept: str, known: Answer | None, limit: TimeLimit
    ) -> httpx.Response:
        user, at = user_of(url), _as_sent(url)
        home = origin(at)
        seen = {at}
        cookies = httpx.Cookies()
        for _ in range(MOST_REDIRECTS + 1):
            headers = {
                "User-Agent": self._agent,
                "Accept": accept,
                "Accept-Encoding": "gzip",
            }
            if known is not None and known.found == sealed(at):
                headers |= _conditions(known)
            if user and origin(at) == home:  # nobody else is told the password
                headers["Authorization"] = f"Basic {b64encode(unquote(user).encode()).decode()}"
            response = self._send(at, headers, cookies, limit)
            if response.status_code not in REDIRECTS:
                return response
            _put_away(response)
            cookies.extract_cookies(response)
            # Some sites send one in a circle to see whether cookies are kept.
            seen = set() if "set-cookie" in response.headers else seen
            at = _next(at, response.headers.get("location"), seen)
            if is_gate(at):  # the sign that one is turned away: nothing else is there
                raise captcha_error(host_of(url), shown(url), 200)
        raise WebError(
            f"{shown(url)} is redirected more than {MOST_REDIRECTS} times; "
            "open it in a browser and give the address that it ends at."
        )

    def _send(
        self, url: str, headers: dict[str, str], cookies: httpx.Cookies, limit: TimeLimit
    ) -> httpx.Response:
        request = httpx.Request("GET", url, headers=headers)
        cookies.set_cookie_header(request)
        host = origin(url)[1]
        asked = self._pace.await_turn(host, limit)
        with explained(url):
            response = self._transport.send(request, limit)
        if response.status_code == 429:
            if wait := _wait_of(response):
                self._pace.hold(host, min(wait, LONGEST_WAIT))
            else:
                self._pace.slow_down(host, asked)
        return response


def _judge(response: httpx.Response, url: str) -> None:
    """Raise the error that the status and the headers of an answer are."""
    status = response.status_code
    found = str(response.request.url)
    if is_guarded(response.headers):
        raise captcha_error(host_of(found), shown(url), status)
    asked_for_news = {"if-none-match", "if-modified-since"} & set(response.request.headers)
    if status in FINE or (status == 304 and asked_for_news):
        return
    _put_away(response)
    if status in PASSING:
        raise PassingError(
            f"{shown(found)} is answered with {named(status)}", status, wait=_wait_of(response)
        )
    raise final_error(status, shown(found))


def _put_away(response: httpx.Response) -> None:
    length = response.headers.get("content-length", "")
    with suppress(httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException):
        if length and int(length) <= _SMALL:
            for _ in response.iter_raw():
                pass
    response.close()


def _as_sent(url: str) -> str:
    """The address as it will be sent, so that it can be compared with where an answer was."""
    try:
        return bare(str(httpx.URL(bare(url))))
    except (httpx.InvalidURL, UnicodeError, ValueError):
        host = origin(url)[1]
        if (address := literal(host)) is not None and is_private(address):
            raise refusal(shown(url), host, str(address)) from None  # 0177.0.0.1
        raise WebError(f"{shown(url)} is not an address of the web; check it.") from None


def _conditions(known: Answer) -> dict[str, str]:
    out = {}
    if known.etag:
        out["If-None-Match"] = known.etag
    if known.last_modified:
        out["If-Modified-Since"] = known.last_modified
    return out


def _wait_of(response: httpx.Response) -> float | None:
    return seconds_to_wait(response.headers.get("retry-after"), response.headers.get("date"))


def _next(at: str, location: str | None, seen: set[str]) -> str:
    """Where a redirect leads; WebError for one that is not followed."""
    if not location:
        raise WebError(
            f"{shown(at)} is redirected to nowhere; open it in a browser and give the address "
            "that it ends at."
        )
    try:
        to = bare(str(httpx.URL(at).join(location)))
        split_address(to)
    except (httpx.InvalidURL, ValueError, WebError):
        raise WebError(
            f"{shown(at)} is redirected to {shown(location)}, which is not followed, because it "
            "is no address of the web; check the address."
        ) from None
    if at.startswith("https:") and not to.startswith("https:"):
        # Everyone on the way could change the law's words, and nobody would see it.
        raise WebError(
            f"{shown(at)} is redirected to {shown(to)}, which is not encrypted; "
            "give that address itself if you accept that."
        )
    if to in seen:
        raise WebError(
            f"{shown(at)} is redirected in a circle; open it in a browser and give the address "
            "that it ends at."
        )
    seen.add(to)
    return to
