"""Connections: to an address that was checked, with reads that end in time.

A name is resolved once; every address of it is checked; and the connection goes to the checked
address itself, so that no second look-up can lead elsewhere (DNS rebinding), while TLS and the
``Host`` header still say the name.
"""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import httpcore

from tribonian.ingest.web.private import Resolve, first_private, literal, refusal
from tribonian.ingest.web.waiting import TICK, TimeLimit, clock

CONNECT_SECONDS = 15.0
READ_SECONDS = 120.0  # the eCFR may be silent for 50 seconds before it sends a whole title


@dataclass(frozen=True, slots=True)
class Asking:
    """What the thread that is asking allows itself: so long, and private addresses or not."""

    limit: TimeLimit
    shown: str
    private: bool


class Dialling(httpcore.NetworkBackend):
    """Connects for `httpcore`; each thread says by `asking` what for."""

    def __init__(self, resolve: Resolve) -> None:
        self._resolve = resolve
        self._backend = httpcore.SyncBackend()
        self._local = threading.local()

    @property
    def asking(self) -> Asking:
        """What this thread is about to ask, or is asking."""
        asking: Asking = self._local.asking
        return asking

    @asking.setter
    def asking(self, asking: Asking) -> None:
        self._local.asking = asking

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Resolve, check, connect to one of the checked addresses, the first that answers."""
        asking = self.asking

        def connect() -> httpcore.NetworkStream:
            addresses = addresses_of(host, port, self._resolve)
            if not asking.private and (found := first_private(addresses)):
                raise refusal(asking.shown, host, found)
            for at, address in enumerate(addresses):
                seconds = min(CONNECT_SECONDS, asking.limit.left())
                try:
                    return self._backend.connect_tcp(
                        address, port, seconds, local_address, socket_options
                    )
                except (httpcore.ConnectError, httpcore.ConnectTimeout):
                    if at == len(addresses) - 1:
                        raise
            raise httpcore.ConnectError("it has no address")

        return Stream(_aside(connect, asking.limit), self)


class Stream(httpcore.NetworkStream):
    """A connection whose every read ends with the time limit of the thread that reads."""

    def __init__(self, stream: httpcore.NetworkStream, dialling: Dialling) -> None:
        self._stream = stream
        self._dialling = dialling

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read in short turns, between which a limit or a stop is seen."""
        limit = self._dialling.asking.limit
        end = clock() + READ_SECONDS
        while True:
            try:
                return self._stream.read(max_bytes, min(TICK, limit.left()))
            except httpcore.ReadTimeout:
                if clock() >= end:
                    raise

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Write a request; it is small."""
        limit = self._dialling.asking.limit
        self._stream.write(buffer, min(CONNECT_SECONDS, limit.left()))

    def close(self) -> None:
        """Close the connection."""
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        """The same connection, encrypted; ``server_hostname`` is the name, not the address."""
        limit = self._dialling.asking.limit

        def start() -> httpcore.NetworkStream:
            seconds = min(CONNECT_SECONDS, limit.left())
            return self._stream.start_tls(ssl_context, server_hostname, seconds)

        return Stream(_aside(start, limit), self._dialling)

    def get_extra_info(self, info: str) -> Any:
        """What `httpcore` wants to know of a connection."""
        return self._stream.get_extra_info(info)


def addresses_of(host: str, port: int, resolve: Resolve) -> list[str]:
    """The addresses of a host: its own where it is one in any spelling, else as resolved."""
    if (address := literal(host)) is not None:
        return [str(address)]
    try:
        return resolve(host, port)
    except (OSError, UnicodeError) as error:
        raise httpcore.ConnectError(str(error)) from error


def _aside(
    connect: Callable[[], httpcore.NetworkStream], limit: TimeLimit
) -> httpcore.NetworkStream:
    """Connect in a thread of its own: a look-up cannot be given a limit, nor be interrupted.

    If it is given up, what comes of it later is closed.
    """
    done = threading.Event()
    lock = threading.Lock()
    came: list[httpcore.NetworkStream] = []
    failed: list[BaseException] = []
    given_up = False

    def run() -> None:
        try:
            stream = connect()
        except BaseException as error:  # raised again where it is waited for
            failed.append(error)
        else:
            with lock:
                came.append(stream)
                if given_up:
                    stream.close()
        done.set()

    threading.Thread(target=run, daemon=True).start()
    try:
        limit.wait_for(done)
    except BaseException:
        with lock:
            given_up = True
            for stream in came:
                stream.close()
        raise
    if failed:
        raise failed[0]
    return came[0]
