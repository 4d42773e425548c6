"""A small server on loopback, whose every answer a test writes byte by byte."""

from __future__ import annotations

import gzip
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from tribonian.ingest.web.client import Web

PAGE = b"<RULE>No person shall sell a widget.</RULE>"


@dataclass
class Request:
    """What the server was asked, and when by its own clock."""

    path: str
    headers: dict[str, str]
    time: float


MakeWeb = Callable[..., Web]
# What to send, piece by piece; nothing more comes after the last.
Sent = bytes | Iterable[bytes]
Answering = Callable[[Request, int], Sent]


def reply(body: bytes = PAGE, status: int = 200, *headers: str, length: int | None = -1) -> bytes:
    """A whole answer; ``length`` other than -1 is a wrong Content-Length, None for none."""
    lines = [f"HTTP/1.1 {status} Whatever", "Connection: close", *headers]
    if length is not None:
        lines.append(f"Content-Length: {len(body) if length == -1 else length}")
    return "\r\n".join((*lines, "", "")).encode() + body


def zipped(body: bytes = PAGE) -> bytes:
    """A whole answer, compressed."""
    return reply(gzip.compress(body, mtime=0), 200, "Content-Encoding: gzip")


@dataclass
class Loopback:
    """A server on 127.0.0.1; ``answer`` gets each request and its number, from 1."""

    answer: Answering
    url: str = ""
    requests: list[Request] = field(default_factory=list)
    socket: socket.socket = field(default_factory=socket.socket)
    open: list[socket.socket] = field(default_factory=list)
    threads: list[threading.Thread] = field(default_factory=list)
    closing: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def paths(self) -> list[str]:
        return [request.path for request in self.requests]

    def accept(self) -> None:
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            with self.lock:
                self.open.append(connection)
            thread = threading.Thread(target=self.serve, args=(connection,))
            self.threads.append(thread)
            thread.start()

    def serve(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            head = b""
            while not head.endswith(b"\r\n\r\n"):
                piece = connection.recv(65536)
                if not piece:
                    return
                head += piece
                if head[0] == 0x16:  # a greeting in TLS, which is not spoken here
                    head = b"GET tls HTTP/1.1\r\n\r\n"
            first, *rest = head.decode("latin-1").split("\r\n")
            headers = dict(line.split(": ", 1) for line in rest if line)
            request = Request(
                first.split(" ")[1],
                {name.lower(): value for name, value in headers.items()},
                time.monotonic(),
            )
            with self.lock:
                self.requests.append(request)
                number = len(self.requests)
            sent = self.answer(request, number)
            for piece in [sent] if isinstance(sent, bytes) else sent:
                if self.closing:
                    return
                connection.sendall(piece)

    def close(self) -> None:
        self.closing = True
        with suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
        with self.lock:
            for connection in self.open:
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
        for thread in self.threads:
            thread.join(5)


@contextmanager
def serving(answer: Answering | Sent, kind: type[Loopback] = Loopback) -> Iterator[Loopback]:
    """A server that gives these answers while the block runs."""
    answering = answer if callable(answer) else lambda request, number: answer
    server = kind(answering)
    server.socket.bind(("127.0.0.1", 0))
    server.socket.listen()
    server.url = f"http://127.0.0.1:{server.socket.getsockname()[1]}"
    accepting = threading.Thread(target=server.accept)
    accepting.start()
    try:
        yield server
    finally:
        server.close()
        accepting.join(5)


@dataclass(frozen=True)
class Endless:
    """An answer that never ends: a head, then a little now and then, or silence."""

    head: bytes = b""
    drop: bytes = b"x"

    def __iter__(self) -> Iterator[bytes]:
        yield self.head
        while True:
            time.sleep(0.05)
            yield self.drop
