"""`httpx` over connections of our own, directly or by way of the proxy of the environment."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httpcore
import httpx

from tribonian.ingest.web.address import PORTS, Origin, origin, shown
from tribonian.ingest.web.answer import WebError
from tribonian.ingest.web.dialling import Asking, Dialling, addresses_of
from tribonian.ingest.web.private import Resolve, first_private, refusal
from tribonian.ingest.web.waiting import TimeLimit


class _Body(httpx.SyncByteStream):
    def __init__(self, stream: Iterable[bytes]) -> None:
        self._stream = stream

    def __iter__(self) -> Iterator[bytes]:
        yield from self._stream

    def close(self) -> None:
        close = getattr(self._stream, "close", None)
        if close is not None:
            close()


class Transport:
    """Sends one request at a time for each thread; raises what `httpcore` raises.

    ``exempt`` are origins that may be at a private address; any may with ``allow_private``.
    """

    def __init__(self, *, allow_private: bool, exempt: frozenset[Origin], resolve: Resolve) -> None:
        self._allow_private = allow_private
        self._exempt = exempt
        self._resolve = resolve
        self._dialling = Dialling(resolve)
        self._pools: dict[tuple[str, str | None], httpcore.ConnectionPool] = {}
        self._lock = threading.Lock()

    def send(self, request: httpx.Request, limit: TimeLimit) -> httpx.Response:
        """The answer to a request, its body still to come; the caller closes it."""
        url = str(request.url)
        proxy, private = self._way_to(url)
        self._dialling.asking = Asking(limit, shown(url), private)
        answer = self._pool(request.url.scheme, proxy).handle_request(
            httpcore.Request(
                method=request.method,
                url=httpcore.URL(
                    scheme=request.url.raw_scheme,
                    host=request.url.raw_host,
                    port=request.url.port,
                    target=request.url.raw_path,
                ),
                headers=request.headers.raw,
                extensions={"timeout": {"pool": limit.left()}},
            )
        )
        assert isinstance(answer.stream, Iterable)
        return httpx.Response(
            answer.status, headers=answer.headers, stream=_Body(answer.stream), request=request
        )

    def close(self) -> None:
        """Close every connection."""
        with self._lock:
            for pool in self._pools.values():
                pool.close()
            self._pools.clear()

    def _way_to(self, url: str) -> tuple[str | None, bool]:
        """The proxy to go by, and whether the connection may be to a private address.

        A proxy resolves the name itself, so it is checked as far as it is known here; and the
        proxy may well be in the private network of the user. A private server that the user
        allows is asked directly: a proxy elsewhere would look for it in its own network.
        """
        scheme, host, port = origin(url)
        allowed = self._allow_private or (scheme, host, port) in self._exempt
        proxy = proxy_of(scheme, host)
        if proxy is None:
            return None, allowed
        try:
            found = first_private(addresses_of(host, port, self._resolve))
        except httpcore.ConnectError:
            found = None
        if found is None:
            return proxy, True
        if not allowed:
            raise refusal(shown(url), host, found)
        return None, True

    def _pool(self, scheme: str, proxy: str | None) -> httpcore.ConnectionPool:
        with self._lock:
            if (scheme, proxy) not in self._pools:
                # The certificates of the world take a while to load, and http needs none.
                tls = httpx.create_ssl_context() if scheme == "https" else None
                self._pools[scheme, proxy] = self._new_pool(tls, proxy)
            return self._pools[scheme, proxy]

    def _new_pool(self, tls: ssl.SSLContext | None, proxy: str | None) -> httpcore.ConnectionPool:
        if proxy is None:
            return httpcore.ConnectionPool(
                ssl_context=tls, keepalive_expiry=5.0, network_backend=self._dialling
            )
        by = httpx.Proxy(proxy)
        where = httpcore.URL(
            scheme=by.url.raw_scheme,
            host=by.url.raw_host,
            port=by.url.port,
            target=by.url.raw_path,
        )
        if by.url.scheme in PORTS:
            return httpcore.HTTPProxy(
                proxy_url=where,
                proxy_auth=by.raw_auth,
                ssl_context=tls,
                proxy_ssl_context=by.ssl_context,
                network_backend=self._dialling,
            )
        try:
            return httpcore.SOCKSProxy(
                proxy_url=where,
                proxy_auth=by.raw_auth,
                ssl_context=tls,
                network_backend=self._dialling,
            )
        except (ImportError, RuntimeError):
            raise WebError(
                "The environment names a SOCKS proxy, which needs one more package; "
                "install it: pip install 'httpx[socks]'."
            ) from None


def proxy_of(scheme: str, host: str) -> str | None:
    """The proxy that the environment (or the system) names for such an address, if any.

    HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY, as the standard library reads them and as
    `httpx` does.
    """
    known = getproxies()
    proxy = known.get(scheme) or known.get("all")
    if not proxy or proxy_bypass(host):
        return None
    proxy = proxy if "://" in proxy else f"http://{proxy}"
    try:
        usable = urlsplit(proxy).hostname and urlsplit(proxy).scheme in (
            *PORTS,
            "socks5",
            "socks5h",
        )
    except ValueError:
        usable = False
    if not usable:
        raise WebError(
            f"The proxy that the environment names for {scheme} is no address; mend "
            f"{scheme.upper()}_PROXY, or take it away."
        )
    return proxy
