"""Requests in, replies out, over a real socket; what goes wrong on the way is done here."""

from __future__ import annotations

import socket
import struct
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socketserver import TCPServer
from typing import Any, Protocol
from urllib.parse import urlsplit

from tribonian.align.rehearsal.answers import Answer, refusal
from tribonian.align.rehearsal.bodies import (
    BadBodyError,
    Body,
    CutOffError,
    Part,
    pieces_of,
    read_body,
)
from tribonian.align.rehearsal.clock import moment
from tribonian.align.rehearsal.misbehaviour import Fault
from tribonian.align.rehearsal.spoiling import MOVED, afterwards, instead, zipped
from tribonian.align.rehearsal.state import pieces

_KEPT = 1_000_000  # bytes of a body that are on record; of a larger one size and hash


@dataclass
class Recorded:
    """One request as the service saw it; ``time`` and ``ended`` are monotonic.

    ``path`` has the query. ``body`` is there up to 1 MB and where it is no form; ``parts`` are
    those of a form. ``status`` is 0 where no reply was sent. ``struck`` names the faults.
    """

    number: int
    time: float
    method: str
    path: str
    headers: list[tuple[str, str]] = field(repr=False)  # one of them is the key
    body: bytes = field(default=b"", repr=False)
    size: int = 0
    sha256: str = ""
    parts: tuple[Part, ...] = ()
    status: int = 0
    struck: tuple[str, ...] = ()
    ended: float = 0.0

    def header(self, name: str) -> str | None:
        """The value of a header, whatever its case."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


@dataclass
class Call:
    """A request with its whole body, as what answers it sees it."""

    method: str
    path: str
    query: str
    headers: dict[str, str] = field(repr=False)
    body: Body


class Owner(Protocol):
    """Who decides what is answered."""

    failures: list[str]
    stopping: threading.Event

    def noted(self, method: str, path: str, headers: list[tuple[str, str]]) -> Recorded:
        """Put a request on record."""

    def faults(self, method: str, path: str) -> list[Fault]:
        """What goes wrong with a request."""

    def answer(self, call: Call) -> Answer:
        """What is answered, where nothing goes wrong."""

    def elsewhere(self, path: str) -> str:
        """The address of a file's content at another origin."""

    def shape(self) -> str:
        """The shape of errors: detail, flat or text."""

    def aside(self) -> Path:
        """Where a file is put while it comes in."""


class Listener(ThreadingHTTPServer):
    """Connections on loopback, each in a thread of its own, all of them ended at the close."""

    daemon_threads = False
    block_on_close = True
    request_queue_size = 128

    def __init__(self, port: int, owner: Owner) -> None:
        self.owner = owner
        self._open: set[socket.socket] = set()
        super().__init__(("127.0.0.1", port), _Handler)
        self._thread = threading.Thread(target=self.serve_forever, args=(0.02,))
        self._thread.start()

    def server_bind(self) -> None:
        """Bind without asking for the name of the machine, which can take long."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = "127.0.0.1", self.server_address[1]

    @property
    def url(self) -> str:
        """``http://127.0.0.1:…``."""
        return f"http://127.0.0.1:{self.server_port}"

    def close(self) -> None:
        """End every connection and thread."""
        self.shutdown()
        for one in list(self._open):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        self.server_close()
        self._thread.join()

    def process_request(self, request: Any, client_address: Any) -> None:
        """Know the connection, to end it at the close."""
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Forget the connection."""
        self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A peer that went away is no failure of ours."""
        error = sys.exc_info()[1]
        if not isinstance(error, OSError):
            self.owner.failures.append(repr(error))


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "uvicorn"
    sys_version = ""
    disable_nagle_algorithm = True
    timeout = 120  # seconds that a connection may be idle
    server: Listener

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the key is in the headers."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("do_"):  # every method: what is not allowed is answered so
            return self._serve
        raise AttributeError(name)

    def _serve(self) -> None:
        owner = self.server.owner
        record = owner.noted(self.command, self.path, list(self.headers.items()))
        try:
            self._take(owner, record)
        finally:
            record.ended = moment()

    def _take(self, owner: Owner, record: Recorded) -> None:
        split = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        moved = split.path.startswith(f"{MOVED}/")
        path = split.path.removeprefix(MOVED)
        faults = {each.name: each for each in owner.faults(self.command, path)}
        if moved:
            faults.pop("redirect", None)
        record.struck = tuple(faults)
        stream: Any = self.rfile
        try:
            if "drop-during" in faults:
                half = int(headers.get("content-length") or 0) // 2
                for _ in pieces_of(stream, headers, max(half, 1)):
                    pass
                self._reset()
                return
            body = read_body(stream, headers, owner.aside)
        except (CutOffError, TimeoutError):
            self.close_connection = True
            return
        except BadBodyError as error:
            self.close_connection = True
            self._send(
                refusal(400, f"There was an error parsing the body: {error}"), record, faults
            )
            return
        record.size, record.sha256, record.parts = body.size, body.sha256, tuple(body.parts)
        record.body = body.data if body.size <= _KEPT else b""
        try:
            self._reply(owner, Call(self.command, path, split.query, headers, body), record, faults)
        finally:
            body.discard()

    def _reply(self, owner: Owner, call: Call, record: Recorded, faults: dict[str, Fault]) -> None:
        if "drop-before" in faults:
            call.body.discard()
            self._hang_up()
            return
        answer = instead(faults, call.headers.get("authorization", ""), owner.shape(), self.path)
        spared = answer is None
        if answer is None:
            try:
                answer = owner.answer(call)
            except Exception as error:
                owner.failures.append(repr(error))
                answer = Answer(500, b"Internal Server Error", "text/plain; charset=utf-8")
        call.body.discard()  # before any reply: who sees it may look at once
        if spared and "drop-after" in faults:
            self._hang_up()
            return
        if spared:
            answer = afterwards(answer, faults, owner.shape(), self.path)
        if "redirect-content" in faults and answer.status == 200:
            answer = Answer(302, headers={"Location": owner.elsewhere(call.path)})
        for name in ("slow", "attach-slow", "stalled"):
            if name in faults:
                usual = {"slow": 1.0, "attach-slow": 5.0, "stalled": 60.0}[name]
                owner.stopping.wait(_or(faults[name].seconds, usual))
        if "stalled" in faults:
            self._hang_up()
            return
        self._send(answer, record, faults)

    # -- sending ---------------------------------------------------------------------------

    def _send(self, answer: Answer, record: Recorded, faults: dict[str, Fault]) -> None:
        record.status = answer.status
        good = answer.status == 200
        if good and ("gzip" in faults or "gzip-broken" in faults):
            answer = zipped(answer, broken="gzip-broken" in faults)
        if good and "half-json" in faults and isinstance(answer.body, bytes):
            answer.body = answer.body[: len(answer.body) // 2]
        chunked = good and ("chunked" in faults or "chunked-cut" in faults)
        self.send_response(answer.status)
        if answer.status != 204:
            self.send_header("Content-Type", answer.media_type)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if chunked:
            self.send_header("Transfer-Encoding", "chunked")
        elif answer.status != 204:
            self.send_header("Content-Length", str(answer.size))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command == "HEAD" or answer.status == 204:
            return
        size = answer.size
        if good and "truncated" in faults:
            self._write(answer, int(size * faults["truncated"].part), chunked=False)
            self._hang_up()
        elif good and "stalled-body" in faults:
            self._write(answer, size // 2, chunked=False)
            self.wfile.flush()
            self.server.owner.stopping.wait(_or(faults["stalled-body"].seconds, 60.0))
            self._hang_up()
        elif good and "chunked-cut" in faults:
            self._write(answer, size // 2, chunked=True)
            self._hang_up()
        else:
            self._write(answer, size, chunked=chunked)
            if chunked:
                self.wfile.write(b"0\r\n\r\n")

    def _write(self, answer: Answer, size: int, *, chunked: bool) -> None:
        whole: Iterator[bytes] = (
            iter((answer.body,)) if isinstance(answer.body, bytes) else pieces(answer.body)
        )
        left = size
        for piece in whole:
            piece = piece[:left]
            left -= len(piece)
            if piece and chunked:
                self.wfile.write(b"%x\r\n%b\r\n" % (len(piece), piece))
            elif piece:
                self.wfile.write(piece)
            if left <= 0:
                return

    def _hang_up(self) -> None:
        self.close_connection = True
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_WR)

    def _reset(self) -> None:
        """End the connection with RST instead of FIN."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.connection.close()


def _or(given: float | None, usual: float) -> float:
    return usual if given is None else given
