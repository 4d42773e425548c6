"""Answers through a pipe, which may be large: sent while they are pickled.

A result is unpickled while it comes: that of a title of the CFR has 20 MB, and either takes a
tenth of a second. An answer is messages: `RESULT` and the pickle in pieces, or `LOST` with the
reason; then whether the worker goes on. An empty piece says that no more of the pickle comes,
but `LOST`. What a worker is handed goes the same way, without the rest; it is a document at
times. A long piece is several messages, so that no part of it is held twice.
"""

from __future__ import annotations

import os
import pickle
import socket
import struct
from contextlib import suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    Pipe = Connection[Any, Any]

RESULT, LOST, LAST, MORE = b"R", b"L", b"last", b"more"
NO_MEMORY = "memory"
PIECE = 1024 * 1024  # bytes
NOT_TAKEN = 60  # seconds without a byte of it taken


def why(error: BaseException) -> str:
    """One sentence for an error that nobody has caught."""
    if isinstance(error, MemoryError):
        return NO_MEMORY
    if isinstance(error, RecursionError):
        return "Its units are nested too deep to be read."
    if isinstance(error, SystemExit):
        return f"A library ended the reading of it (exit status {error.code})."
    said = " ".join(f"{type(error).__name__}: {error}".split())[:200]
    return f"It could not be read ({said}); please report this."


def send(pipe: Pipe, result: object, reason: str = "") -> str:
    """Send a result, or the reason why there is none; the reason, also if pickling gave one."""
    if not reason:
        pipe.send_bytes(RESULT)
        try:
            pickle.Pickler(_Sink(pipe), protocol=5).dump(result)
        except OSError:
            raise
        except BaseException as error:
            pipe.send_bytes(b"")
            reason = why(error)
    if reason:
        pipe.send_bytes(LOST + reason.encode("utf-8", "replace"))
    return reason


def hand_over(pipe: Pipe, item: object) -> None:
    """Send what a worker is to work on."""
    pickle.Pickler(_Sink(pipe), protocol=5).dump(item)
    pipe.send_bytes(b"")


def take_over(pipe: Pipe) -> tuple[str, Any]:
    """What is to be worked on; or `NO_MEMORY` and nothing, where it is larger than the limit."""
    pieces = _Pieces(pipe)
    try:
        item = pickle.Unpickler(pieces).load()
    except MemoryError:
        reason, item = NO_MEMORY, None
    else:
        reason = ""
    while pipe.recv_bytes():
        pass
    return reason, item


def unblocked(pipe: Pipe) -> None:
    """See to it that sending ends, with OSError, when nobody takes what is sent.

    A worker may have been stopped, or hang in what a library has left behind in it.
    """
    if os.name != "posix":
        return
    with suppress(OSError), socket.socket(fileno=os.dup(pipe.fileno())) as end:
        end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", NOT_TAKEN, 0))


def receive(pipe: Pipe) -> tuple[Any, str, bool]:
    """A result, or the reason why there is none, and whether the worker has stopped."""
    result: Any = None
    reason = ""
    message = pipe.recv_bytes()
    if message == RESULT:
        try:
            result = pickle.Unpickler(_Pieces(pipe)).load()
        except _GivenUpError:
            message = pipe.recv_bytes()
    if message[:1] == LOST:
        reason = message[1:].decode()
    return result, reason, pipe.recv_bytes() == LAST


class _Sink:
    """What a pickle is written to: pieces, each a message or several."""

    def __init__(self, pipe: Pipe) -> None:
        self._send = pipe.send_bytes

    def write(self, data: bytes) -> None:
        """Send a piece."""
        if len(data) <= PIECE:
            self._send(data)
            return
        for start in range(0, len(data), PIECE):
            self._send(data, start, min(PIECE, len(data) - start))


class _GivenUpError(Exception):
    """The sender could not go on with its pickle."""


class _Pieces:
    """What a pickle is read from: messages, as they come."""

    def __init__(self, pipe: Pipe) -> None:
        self._pipe = pipe
        self._piece = memoryview(b"")

    def read(self, size: int) -> bytes:
        """Exactly ``size`` bytes."""
        if len(self._piece) < size:
            parts = [bytes(self._piece)]
            missing = size - len(self._piece)
            while missing > 0:
                piece = self._pipe.recv_bytes()
                if not piece:
                    raise _GivenUpError
                parts.append(piece)
                missing -= len(piece)
            self._piece = memoryview(b"".join(parts))
        taken, self._piece = self._piece[:size], self._piece[size:]
        return bytes(taken)

    def readinto(self, buffer: memoryview) -> int:
        """Fill a buffer, which is a long string of bytes; no part of it is held twice."""
        at = 0
        while at < len(buffer):
            piece = self._piece or memoryview(self._pipe.recv_bytes())
            if not piece:
                raise _GivenUpError
            taken = piece[: len(buffer) - at]
            buffer[at : at + len(taken)] = taken
            at += len(taken)
            self._piece = piece[len(taken) :]
        return at

    def readline(self) -> bytes:
        """No pickle of protocol 5 has lines."""
        raise _GivenUpError
