"""The worker's side of isolation: a process that harms nobody and answers one item at a time."""

from __future__ import annotations

import faulthandler
import os
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from tribonian.errors import UsageError
from tribonian.ingest.pipes import LAST, MORE, NO_MEMORY, send, take_over, why

if TYPE_CHECKING:
    from tribonian.ingest.pipes import Pipe

TIME_LIMIT = 300.0  # seconds for one document
MEMORY_LIMIT = 4096  # megabytes for one document
GRACE = 5.0  # seconds in which the parent ends a worker before it ends itself
_MB = 1024 * 1024

Item = TypeVar("Item")
Result = TypeVar("Result")


class Limits(NamedTuple):
    """What one document may take: seconds, and megabytes beyond what is loaded already.

    The limit on memory holds on Linux; macOS and Windows have none that a process could set
    for itself.
    """

    seconds: float = TIME_LIMIT
    megabytes: int = MEMORY_LIMIT

    def check(self) -> None:
        """Raise UsageError for a value that makes no sense."""
        if not 0 < self.seconds <= 10_000_000:
            raise UsageError("--time-limit must be a number of seconds above 0.")
        if self.megabytes < 16:
            raise UsageError("--memory-limit must be 16 megabytes or more.")


def serve(
    pipe: Pipe,
    inherited: Sequence[Pipe],
    function: Callable[[Item], Result],
    limits: Limits,
    renewed_after: int,
) -> None:
    """Answer one item after another until the parent is gone.

    After ``renewed_after`` items, or when much memory was needed, another takes its place;
    never where that is 0, because what it has opened would have to be read again.
    """
    for other in inherited:  # or the end of the parent would go unnoticed
        other.close()
    _settle(limits)
    for number in count(1):
        try:
            reason, item = take_over(pipe)
        except (EOFError, OSError):
            return
        _alarm(limits.seconds + GRACE)
        result = None
        if not reason:
            reason, result = _called(function, item)
        try:
            reason = send(pipe, result, reason)
            renewed = renewed_after and (number == renewed_after or starved())
            last = reason == NO_MEMORY or bool(renewed)
            pipe.send_bytes(LAST if last else MORE)
        except OSError:  # the parent is gone
            return
        _alarm(0)
        del item, result
        if last:
            return


def _called(function: Callable[[Item], Result], item: Item) -> tuple[str, Result | None]:
    """The result, or why there is none."""
    try:
        return "", function(item)
    except BaseException as error:
        return why(error), None


def _settle(limits: Limits) -> None:
    """Make the process one that harms nobody: a group, a limit, no voice of its own."""
    for name, action in (("SIGTERM", signal.SIG_DFL), ("SIGINT", signal.SIG_IGN)):
        signal.signal(getattr(signal, name), action)
    if hasattr(signal, "pthread_sigmask"):  # the parent holds them while it forks
        signal.pthread_sigmask(signal.SIG_UNBLOCK, (signal.SIGINT, signal.SIGTERM))
    if hasattr(os, "setpgid"):
        with suppress(OSError):
            os.setpgid(0, 0)
    faulthandler.disable()
    # A library's "terminate called after throwing bad_alloc" is no message for the user.
    with suppress(OSError):
        silent = os.open(os.devnull, os.O_RDWR)
        for descriptor in (0, 1, 2):
            os.dup2(silent, descriptor)
    if sys.platform == "linux":
        import resource

        global _limit
        base = _mapped()
        limit = base + limits.megabytes * _MB
        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        if hard != resource.RLIM_INFINITY:
            limit = min(limit, hard)
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
            _limit = base, limit
        with suppress(OSError, ValueError):  # a crash leaves no file behind
            resource.setrlimit(
                resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1])
            )


def starved() -> bool:
    """Whether memory may have run out in this worker: half of the limit was in use at once.

    Libraries that get no memory say that the document is damaged; a buffer that is to be
    doubled fails when half is in use.
    """
    if _limit is None:
        return False
    with suppress(OSError, ValueError, StopIteration):
        status = Path("/proc/self/status").read_text().splitlines()
        peak = next(int(line.split()[1]) for line in status if line.startswith("VmPeak:"))
        base, limit = _limit
        return peak * 1024 - base > (limit - base) // 2
    return False


_limit: tuple[int, int] | None = None  # bytes mapped at the beginning, and at most


def _mapped() -> int:
    """Bytes of address space that are mapped before anything is read."""
    try:
        pages = Path("/proc/self/statm").read_text().split()[0]
        return int(pages) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return 1024 * _MB


def _alarm(seconds: float) -> None:
    """Die by oneself when the parent did not end it, which happens when that was killed."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)
