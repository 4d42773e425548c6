"""An answer of the service while it arrives: its status, its headers, its body as it is wanted."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress

import httpx

from tribonian.align.service.failures import StoppedError
from tribonian.ingest.web.body import BodyError, receive
from tribonian.ingest.web.waiting import clock, seconds_to_wait

BEGINNING = 1 << 16  # bytes of an error's body that are read
LARGEST_MESSAGE = 1 << 26  # a page of 1,000 files has a few hundred thousand

Progress = Callable[[int, int], None]


class _EnoughError(Exception):
    """The beginning is full."""


class _Beginning(io.BytesIO):
    def write(self, piece: object) -> int:
        assert isinstance(piece, bytes)
        super().write(piece[: BEGINNING - self.tell()])
        if self.tell() >= BEGINNING:
            raise _EnoughError
        return len(piece)


class Answer:
    """What came; ``abroad`` is the host where it is from, if that is not the service.

    ``patience``: seconds that the body of a message may take.
    """

    def __init__(
        self,
        response: httpx.Response,
        stop: threading.Event,
        patience: float,
        abroad: str | None = None,
    ) -> None:
        self.status = response.status_code
        self.abroad = abroad
        self._response = response
        self._stop = stop
        self._patience = patience

    def header(self, name: str) -> str:
        """A header, "" where there is none."""
        return str(self._response.headers.get(name, ""))

    @property
    def wait(self) -> float | None:
        """For how many seconds ``Retry-After`` asks to wait, None where it does not."""
        return seconds_to_wait(self.header("retry-after"), self.header("date"))

    @property
    def is_page(self) -> bool:
        """Is it said to be a web page?"""
        return self.header("content-type").lower().startswith("text/html")

    @property
    def length(self) -> int | None:
        """The bytes that are to come, where that is told and they are not compressed."""
        told = self.header("content-length")
        encoded = self.header("content-encoding").strip().lower() not in ("", "identity")
        return int(told) if told.isascii() and told.isdigit() and not encoded else None

    def pieces(self, progress: Progress | None = None, total: int = 0) -> Iterator[bytes]:
        """The body as it is on the way; ``progress`` gets bytes received, and bytes in all."""
        received = 0
        if progress:
            progress(0, total)
        for piece in self._response.iter_raw():
            if self._stop.is_set():
                raise StoppedError("The download was stopped; run it again.")
            received += len(piece)
            if progress:
                progress(received, total)
            yield piece

    def message(self) -> bytes:
        """The whole body of a message; raises what `receive` and `httpx` raise."""
        whole = io.BytesIO()
        receive(self._in_time(), self.header("content-encoding"), whole, LARGEST_MESSAGE)
        return whole.getvalue()

    def beginning(self) -> bytes:
        """The first 64 KiB of a body, or as much as came."""
        kept = _Beginning()
        with suppress(_EnoughError, BodyError, httpx.TransportError):
            receive(self._in_time(), self.header("content-encoding"), kept, LARGEST_MESSAGE)
        return kept.getvalue()

    def close(self) -> None:
        """Let go of the connection."""
        self._response.close()

    def _in_time(self) -> Iterator[bytes]:
        end = clock() + self._patience
        for piece in self.pieces():
            if clock() > end:
                raise httpx.ReadTimeout("a message that comes drop by drop")
            yield piece
