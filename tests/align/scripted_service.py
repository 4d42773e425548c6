"""A service that says what a script tells it, over real sockets, and notes all that it hears.

with ScriptedService(Reply(503), Reply(200, {"id": "dj-1"})) as service:
    …
    assert service.heard == ["GET /v1/flow/data-jobs/dj-1"] * 2
"""

from __future__ import annotations

import gzip
import json
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Self


@dataclass(frozen=True)
class Reply:
    """What is answered to one request.

    ``fault``: ``drop`` hangs up without a word, ``reset`` does so harshly, ``cut-head`` in the
    middle of the headers, ``cut-body`` in the middle of the body, ``stall`` says nothing,
    ``stall-body`` stands still in the middle, ``drops`` sends the body byte by byte. ``early``
    answers before the body is read, and hangs up. ``told``: does it tell how long the body is?
    """

    status: int = 200
    body: Any = b""
    headers: tuple[tuple[str, str], ...] = ()
    fault: str = ""
    chunked: bool = False
    gzipped: bool = False
    told: bool = True
    early: bool = False

    @property
    def payload(self) -> bytes:
        body = self.body
        if isinstance(body, str):
            body = body.encode()
        if not isinstance(body, bytes):
            body = json.dumps(body).encode()
        return gzip.compress(body) if self.gzipped else body

    @property
    def head(self) -> bytes:
        lines = [f"HTTP/1.1 {self.status} {'OK' if self.status < 300 else 'So So'}"]
        names = {name.lower() for name, _ in self.headers}
        if "content-type" not in names:
            lines.append("Content-Type: application/json")
        if self.gzipped:
            lines.append("Content-Encoding: gzip")
        if self.chunked:
            lines.append("Transfer-Encoding: chunked")
        elif self.told:
            lines.append(f"Content-Length: {len(self.payload)}")
        else:
            lines.append("Connection: close")
        lines += [f"{name}: {value}" for name, value in self.headers]
        return "\r\n".join([*lines, "", ""]).encode("latin-1")

    @property
    def wire(self) -> bytes:
        if not self.chunked:
            return self.payload
        data = self.payload
        pieces = [data[n : n + 1000] for n in range(0, len(data), 1000)]
        return b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in [*pieces, b""])


@dataclass
class Heard:
    """One request as it came; header names keep their case in ``raw``."""

    method: str
    path: str
    raw: list[tuple[str, str]]
    body: bytes = b""
    connection: int = 0

    @property
    def headers(self) -> dict[str, str]:
        return {name.lower(): value for name, value in self.raw}

    @property
    def line(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class ScriptedService:
    """Answers in the order of its script; ``answer`` is asked where that is at its end."""

    script: list[Reply]
    answer: Callable[[Heard], Reply]
    requests: list[Heard] = field(default_factory=list)

    def __init__(
        self, *script: Reply, answer: Callable[[Heard], Reply] | None = None, port: int = 0
    ) -> None:
        self.script = list(script)
        self.answer = answer or (lambda heard: Reply(404, {"detail": "not in the script"}))
        self.requests = []
        self._wanted = port
        self.forgets = False  # bodies, which may be large
        self.faults: list[BaseException] = []
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._open: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self._connections = 0

    @property
    def heard(self) -> list[str]:
        return [each.line for each in self.requests]

    def then(self, *replies: Reply) -> None:
        with self._lock:
            self.script += replies

    def __enter__(self) -> Self:
        self._listening = socket.create_server(("127.0.0.1", self._wanted))
        self.port = self._listening.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._accepting = threading.Thread(target=self._accept, daemon=True)
        self._accepting.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        with self._lock:
            for connection in self._open:
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
        self._accepting.join(5)
        for thread in self._threads:
            thread.join(5)
        assert not self.faults, self.faults

    def _accept(self) -> None:
        while not self._over.is_set():
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            with self._lock:
                self._open.add(connection)
                self._connections += 1
                number = self._connections
            thread = threading.Thread(target=self._serve, args=(connection, number), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket, number: int) -> None:
        try:
            with connection, connection.makefile("rb") as incoming:
                while self._exchange(connection, incoming, number):
                    pass
        except OSError:
            pass
        except BaseException as error:
            self.faults.append(error)
        finally:
            with self._lock:
                self._open.discard(connection)

    def _exchange(self, connection: socket.socket, incoming: Any, number: int) -> bool:
        """One request and its answer; whether the connection stays."""
        first = incoming.readline().decode("latin-1").split()
        if len(first) != 3:
            return False
        raw = []
        while (line := incoming.readline().decode("latin-1").strip()) != "":
            name, _, value = line.partition(":")
            raw.append((name, value.strip()))
        heard = Heard(first[0], first[1], raw, connection=number)
        with self._lock:
            self.requests.append(heard)
            reply = self.script.pop(0) if self.script else None
        if reply is None or not reply.early:
            left = int(heard.headers.get("content-length", 0))
            while left and (piece := incoming.read(min(left, 1 << 16))):
                left -= len(piece)
                heard.body += b"" if self.forgets else piece
        reply = reply or self.answer(heard)
        return self._say(connection, reply)

    def _say(self, connection: socket.socket, reply: Reply) -> bool:
        head, wire = reply.head, reply.wire
        if reply.fault == "reset":
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        elif reply.fault == "stall":
            self._over.wait(30)
        elif reply.fault == "cut-head":
            connection.sendall(head[: len(head) // 2])
        elif reply.fault in ("cut-body", "stall-body"):
            connection.sendall(head + wire[: len(wire) // 2])
            if reply.fault == "stall-body":
                self._over.wait(30)
        elif reply.fault == "drops":
            connection.sendall(head)
            for n in range(len(wire)):
                connection.sendall(wire[n : n + 1])
                if self._over.wait(0.05):
                    break
        elif reply.fault != "drop":
            assert not reply.fault, reply.fault
            connection.sendall(head + wire)
            if reply.early:
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_WR)
                    self._over.wait(0.2)
        return not reply.fault and reply.told and not reply.early


@contextmanager
def nobody() -> Iterator[str]:
    """An address where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as held:
        port = held.getsockname()[1]
    yield f"http://127.0.0.1:{port}"
