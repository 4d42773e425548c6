"""Who may speak to the page: this machine's own browser, from the page itself.

The server listens on loopback, but any page in the same browser can send requests there. A name
that a stranger's DNS points to 127.0.0.1 is refused by its Host header; a form on another site by
its origin and by the token, which only our own pages know.
"""

from __future__ import annotations

import hmac
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_OURS = frozenset(("127.0.0.1", "localhost", "::1"))
_LARGEST = 4_000_000  # bytes of a request: an edit of two long texts has far less
_HEADERS = {
    "content-security-policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self';"
        " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}


class Guard:
    """Lets through what comes from the page itself, and puts the headers on every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self.app(scope, receive, send)
            return
        reason = refused(scope["method"], Headers(scope=scope))

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_HEADERS)
            await send(message)

        if reason is None:
            await self.app(scope, receive, send_guarded)
        else:
            status, words = reason
            answer = PlainTextResponse(words + "\n", status)
            await answer(scope, receive, send_guarded)


def refused(method: str, headers: Headers) -> tuple[int, str] | None:
    """The status and the sentence by which a request is refused; None if it may pass."""
    host = headers.get("host", "")
    if _name(f"//{host}") not in _OURS:
        return 421, "This page is for this machine only; open the address that review printed."
    if method in ("GET", "HEAD"):
        return None
    if method != "POST":
        return 405, "The page takes GET and POST only."
    origin = headers.get("origin")
    if origin is not None and origin.partition("://")[2] != host:
        return 403, "A decision can be sent from the page itself only."
    if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return 403, "A decision can be sent from the page itself only."
    length = headers.get("content-length", "")
    if not length.isascii() or not length.isdigit():
        return 411, "A decision must say how long it is."
    return (413, "The texts are too long.") if int(length) > _LARGEST else None


def _name(address: str) -> str | None:
    try:
        return urlsplit(address).hostname
    except ValueError:
        return None


def is_token(given: object, token: str) -> bool:
    """Whether a form has the token of this server."""
    return isinstance(given, str) and hmac.compare_digest(given.encode(), token.encode())
