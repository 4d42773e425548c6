"""The ways to the service: directly, or by the proxy of the environment; kept open, or new."""

from __future__ import annotations

import ssl
import threading
from urllib.parse import urlsplit

import httpx

from tribonian.align.service.account import is_loopback
from tribonian.errors import UsageError
from tribonian.ingest.web.answer import WebError
from tribonian.ingest.web.transport import proxy_of

# A connection that stays open longer is, more often than not, closed by the other side.
_KEPT = httpx.Limits(max_connections=None, max_keepalive_connections=4, keepalive_expiry=5.0)
# One that was kept may turn out closed after something was sent on it, and then nobody knows
# whether the service has seen it: what must not be sent twice goes by a new one.
_NEW = httpx.Limits(max_connections=None, max_keepalive_connections=0)


class Ways:
    """One pool of connections for each proxy and kind; safe to use from several threads.

    They are `httpx` transports, not clients: there are no cookies, no redirects, no log of
    addresses and no headers but ours.
    """

    def __init__(self) -> None:
        self._open: dict[tuple[str, str | None, bool], httpx.HTTPTransport] = {}
        self._lock = threading.Lock()

    def to(self, url: str, *, new: bool) -> httpx.HTTPTransport:
        """The way to that address; UsageError for a proxy that cannot be used."""
        parts = urlsplit(url)
        proxy = _proxy(parts.scheme, parts.hostname or "")
        with self._lock:
            found = self._open.get((parts.scheme, proxy, new))
            if found is None:
                found = _transport(parts.scheme, proxy, _NEW if new else _KEPT)
                self._open[parts.scheme, proxy, new] = found
            return found

    def close(self) -> None:
        """Close every connection."""
        with self._lock:
            for transport in self._open.values():
                transport.close()
            self._open.clear()


def _proxy(scheme: str, host: str) -> str | None:
    if is_loopback(host):
        return None
    try:
        return proxy_of(scheme, host)
    except WebError as error:
        sentence = str(error)
    raise UsageError(sentence)


def _transport(scheme: str, proxy: str | None, limits: httpx.Limits) -> httpx.HTTPTransport:
    # The certificates of the world take a while to load, and http needs none.
    tls = httpx.create_ssl_context() if scheme == "https" else _no_certificates()
    try:
        return httpx.HTTPTransport(verify=tls, limits=limits, proxy=proxy, trust_env=False)
    except ImportError:
        sentence = (
            "The environment names a SOCKS proxy, which needs one more package; install it: "
            "pip install 'httpx[socks]'."
        )
    raise UsageError(sentence)


def _no_certificates() -> ssl.SSLContext:
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
