"""Requests in, answers out, over a real socket: what goes wrong on the way is done here."""

from __future__ import annotations

import email.utils
import hashlib
import json
import socket
import struct
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import astuple, dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol

from tests.servers.misbehaviour import CAPTCHA, HTML_ERROR, INSTEAD, Fault, nginx

_LAST_MODIFIED = 1_769_731_200  # 2026-01-30 00:00 GMT: no clock in an answer


@dataclass
class Request:
    """One request as the server saw it; ``time`` is monotonic, ``bytes`` what was sent of a body.

    ``whole`` is True where a body was sent to its end, unspoilt, with status 200. Whether it
    arrived is not known: its end may be in the buffers of a connection that is dead. ``ended``
    is when the server was done with it, 0.0 before.
    """

    time: float
    method: str
    path: str
    headers: dict[str, str]
    status: int = 0
    bytes: int = 0
    whole: bool = False
    ended: float = 0.0

    def __iter__(self) -> Iterator[Any]:
        return iter(astuple(self)[:6])


@dataclass
class Answer:
    """What is answered, before it is packed and sent."""

    status: int
    body: bytes
    media_type: str = "application/json; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)


def error_answer(status: int, text: str, **headers: str) -> Answer:
    """An error in JSON, as the API words it."""
    return Answer(status, json.dumps({"error": text}).encode(), headers=headers)


def json_answer(data: object) -> Answer:
    """JSON with status 200."""
    return Answer(200, json.dumps(data, ensure_ascii=False).encode())


def page(status: int, body: bytes, **headers: str) -> Answer:
    """HTML."""
    return Answer(status, body, "text/html; charset=utf-8", headers)


class Owner(Protocol):
    """Who decides what is answered."""

    faults: list[Fault]
    failures: list[str]
    stopping: threading.Event

    def note(self, method: str, path: str, headers: dict[str, str]) -> tuple[Request, bool]: ...
    def answer(self, target: str, headers: Mapping[str, str]) -> Answer: ...
    def zipped(self, body: bytes) -> bytes: ...


class Listener(ThreadingHTTPServer):
    """Connections, each in a thread of its own, all of them ended at the close."""

    daemon_threads = False
    block_on_close = True
    request_queue_size = 64

    def __init__(self, address: tuple[str, int], owner: Owner) -> None:
        self.owner = owner
        self._open: set[socket.socket] = set()
        super().__init__(address, _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def hang_up(self) -> None:
        """End the connections that are kept alive."""
        for one in list(self._open):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        error = sys.exc_info()[1]
        if not isinstance(error, OSError):
            self.owner.failures.append(repr(error))


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "nginx"
    sys_version = ""
    disable_nagle_algorithm = True
    timeout = 30
    server: Listener

    def log_message(self, format: str, *args: object) -> None:
        pass

    def do_HEAD(self) -> None:
        self._serve()

    def do_GET(self) -> None:
        self._serve()

    def _serve(self) -> None:
        owner = self.server.owner
        headers = {name.lower(): value for name, value in self.headers.items()}
        request, too_many = owner.note(self.command, self.path, headers)
        try:
            self._answer(request, too_many, headers)
        finally:
            request.ended = time.monotonic()

    def _answer(self, request: Request, too_many: bool, headers: dict[str, str]) -> None:
        owner = self.server.owner
        if too_many:
            self._send(_refusal(Fault("429")), request)
            return
        fault = next((one for one in owner.faults if one.strikes(self.path)), None)
        if fault and fault.delay:
            owner.stopping.wait(fault.delay)
        if fault and fault.kind in INSTEAD:
            if fault.kind == "reset":
                self._reset()
            else:
                self._send(_refusal(fault), request, fault)
            return
        answer = owner.answer(self.path, headers)
        if answer.status == 200:
            tag = hashlib.md5(answer.body, usedforsecurity=False).hexdigest()
            answer.headers |= {
                "ETag": f'W/"{tag}"',
                "Last-Modified": email.utils.formatdate(_LAST_MODIFIED, usegmt=True),
                "Cache-Control": "max-age=0, private, must-revalidate",
            }
            if self._unchanged(headers, answer) and fault is None:
                self._send(Answer(304, b"", "", answer.headers), request)
                return
        self._send(answer, request, fault)

    def _unchanged(self, headers: Mapping[str, str], answer: Answer) -> bool:
        if "if-none-match" in headers:
            tags = [tag.strip().removeprefix("W/") for tag in headers["if-none-match"].split(",")]
            return answer.headers["ETag"].removeprefix("W/") in tags or tags == ["*"]
        if "if-modified-since" in headers:
            with suppress(TypeError, ValueError):
                since = email.utils.parsedate_to_datetime(headers["if-modified-since"])
                return since.timestamp() >= _LAST_MODIFIED
        return False

    def _send(self, answer: Answer, request: Request, fault: Fault | None = None) -> None:
        request.status = answer.status
        spoilt = fault.kind if fault else ""
        body = answer.body
        accepts = {one.split(";")[0].strip() for one in
                   self.headers.get("Accept-Encoding", "").split(",")}  # fmt: skip
        packed = "gzip" in accepts and answer.status == 200 and bool(body)
        if packed or spoilt == "broken-gzip":
            packed = True
            body = self.server.owner.zipped(body)
            if spoilt == "broken-gzip":
                middle = len(body) // 2
                body = body[:middle] + bytes(255 - byte for byte in body[middle : middle + 64])
        self.send_response(answer.status)
        if answer.media_type:
            self.send_header("Content-Type", answer.media_type)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if packed:
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Vary", "Accept-Encoding")
        chunked = spoilt == "chunked-cut"
        if chunked:
            self.send_header("Transfer-Encoding", "chunked")
        elif answer.status != 304:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "HEAD" or answer.status == 304:
            return
        self._send_body(body, request, fault)

    def _send_body(self, body: bytes, request: Request, fault: Fault | None) -> None:
        match fault.kind if fault else "":
            case "truncated":
                self._write(body[: len(body) // 2], request)
                self.close_connection = True
            case "half":
                self._write(body[: len(body) // 2], request)
                self._reset()
            case "chunked-cut":
                piece = body[: len(body) // 2]
                self.wfile.write(f"{len(piece):x}\r\n".encode())
                self._write(piece, request)
                self.wfile.write(b"\r\n")
                self.close_connection = True
            case "drip":
                assert fault is not None
                step = max(1, -(-len(body) // fault.pieces))
                for start in range(0, len(body), step):
                    self._write(body[start : start + step], request)
                    if self.server.owner.stopping.wait(fault.pause):
                        break
            case _:
                start = max(0, len(body) - 65536)
                self._write(body[:start], request)
                # Before the last piece: whoever has it may look at once what is on record.
                request.whole = request.status == 200 and fault is None
                self._write(body[start:], request)

    def _write(self, body: bytes, request: Request) -> None:
        request.bytes += len(body)
        try:
            self.wfile.write(body)
        except OSError:
            request.bytes -= len(body)
            request.whole = False
            raise

    def _reset(self) -> None:
        """End the connection with RST instead of FIN."""
        self.wfile.flush()
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        # Without this the library would say FIN before it closes.
        self.connection.close()


def _refusal(fault: Fault) -> Answer:
    """What stands in for an answer."""
    headers = {}
    if fault.retry_after is not None:
        headers["Retry-After"] = str(fault.retry_after)
    match fault.kind:
        case "429":
            return page(429, nginx("429 Too Many Requests", 162), **headers)
        case "502":
            return page(502, nginx("502 Bad Gateway", 0), **headers)
        case "503":
            return Answer(503, b'{"message":"Title 2 currently unavailable"}', headers=headers)
        case "504":
            return page(504, nginx("504 Gateway Time-out", 246), **headers)
        case "406":
            return page(406, nginx("406 Not Acceptable", 0), **headers)
        case "captcha":
            return page(200, CAPTCHA)
        case "unblock":
            return page(302, b"", Location="/unblock")
        case "html":
            return page(200, HTML_ERROR)
    return Answer(200, b"", "application/xml")  # empty
