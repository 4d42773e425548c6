"""One document, one worker process, with limits on time and memory.

A document that crashes a library, hangs it, eats the memory or ends the process costs itself
and nothing else (the model is Apache Tika's pipes). The standard library's executors give a
whole pool up when one process dies, and know no limit on a task; here every worker has its own
pipe, so that nothing is shared that a dying process could leave locked.

Workers are forked where the system can, so that they begin with everything loaded; elsewhere
they are started afresh. On Unix each is a process group of its own: what a reader has started
(an office program) ends with it, and an interrupt from the keyboard reaches the parent alone.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from typing import TYPE_CHECKING, Generic, TypeVar

from tribonian.ingest.pipes import NO_MEMORY, hand_over, receive, unblocked
from tribonian.ingest.worker import MEMORY_LIMIT, TIME_LIMIT, Limits, serve

if TYPE_CHECKING:
    from tribonian.ingest.pipes import Pipe

RENEWED_AFTER = 200  # documents, because libraries leak

__all__ = ["MEMORY_LIMIT", "TIME_LIMIT", "Apart", "Limits", "Lost", "in_workers"]

Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Lost:
    """No result: one sentence that says why."""

    reason: str


def in_workers(
    function: Callable[[Item], Result],
    items: Sequence[Item],
    workers: int = 1,
    limits: Limits | None = None,
    *,
    begun: Callable[[int], None] | None = None,
    renewed_after: int = RENEWED_AFTER,
) -> Iterator[tuple[int, Result | Lost]]:
    """Call ``function`` on each item in a worker; yield (index, result) as they come.

    Items are begun in order, each asked for when a worker is ready for it, so that a sequence
    may make them only then; ``begun`` is told of each. ``function``, items and results must
    be picklable. When the iteration is left, by an error, an interrupt or a break, no worker
    lives on.
    """
    pool = _Pool(function, items, limits or Limits(), begun, renewed_after)
    try:
        for _ in range(min(max(workers, 1), len(items))):
            pool.start()
        while pool.busy:
            yield from pool.results()
    finally:
        pool.end()


class Apart(Generic[Item, Result]):
    """One process that is asked one thing after another and may keep what it has opened.

    Another takes its place where it dies, hangs or has no memory left.
    """

    def __init__(self, function: Callable[[Item], Result], limits: Limits) -> None:
        self._items: list[Item] = []
        self._pool = _Pool(function, self._items, limits, None, 0)

    def ask(self, item: Item) -> Result | Lost:
        """What the function makes of it, or why there is nothing."""
        pool = self._pool
        self._items[:] = [item]
        pool.waiting.append(0)
        pool.returned.clear()
        if pool.workers:
            pool.give(pool.workers[0])
        else:
            pool.start()
        try:
            while True:
                for _, result in pool.results():
                    return result
        finally:
            self._items.clear()

    def close(self) -> None:
        """End the process."""
        self._pool.end()


class _Worker:
    """A process, our end of its pipe, and the item it has in hand until its deadline."""

    __slots__ = ("deadline", "item", "pipe", "process")

    def __init__(self, process: BaseProcess, pipe: Pipe) -> None:
        self.process = process
        self.pipe = pipe
        self.item = -1
        self.deadline = 0.0

    def kill(self) -> int | None:
        """End the process with all that it has started, whatever it is doing."""
        pid = self.process.pid
        if pid is not None and hasattr(os, "killpg"):
            # before it is waited for: until then the number is nobody else's
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(pid, signal.SIGKILL)
        with suppress(OSError, ValueError):
            self.process.kill()
        self.process.join()
        self.pipe.close()
        with suppress(ValueError):
            _ours.remove(self.pipe)
        return self.process.exitcode


class _Pool(Generic[Item, Result]):
    def __init__(
        self,
        function: Callable[[Item], Result],
        items: Sequence[Item],
        limits: Limits,
        begun: Callable[[int], None] | None,
        renewed_after: int,
    ) -> None:
        self.function = function
        self.items = items
        self.limits = limits
        self.begun = begun
        self.renewed_after = renewed_after
        self.waiting = deque(range(len(items)))
        self.workers: list[_Worker] = []
        self.returned: set[int] = set()

    @property
    def busy(self) -> bool:
        return any(worker.item >= 0 for worker in self.workers)

    def start(self) -> None:
        """Start a worker and give it an item, if one is waiting."""
        if not self.waiting:
            return
        ours, theirs = _CONTEXT.Pipe()
        unblocked(ours)
        inherited = [*_ours, ours] if _FORKS else []
        process = _CONTEXT.Process(
            target=serve,
            args=(theirs, inherited, self.function, self.limits, self.renewed_after),
            daemon=True,
        )
        worker = _Worker(process, ours)
        with _signals_held():
            process.start()
            self.workers.append(worker)  # or an interrupt now would leave it alone
            _ours.append(ours)
        theirs.close()
        self.give(worker)

    def give(self, worker: _Worker) -> None:
        """Hand the next item to a worker, or none when all are given."""
        worker.item = -1
        if not self.waiting:
            return
        item = self.waiting.popleft()
        made = self.items[item]
        try:
            hand_over(worker.pipe, made)
        except OSError:  # it died with nothing in hand; the item is not to blame, but once
            if item not in self.returned:
                self.returned.add(item)
                self.waiting.appendleft(item)
                self.replace(worker)
                return
        del made
        worker.item = item
        worker.deadline = time.monotonic() + self.limits.seconds
        if self.begun is not None:
            self.begun(item)

    def results(self) -> Iterator[tuple[int, Result | Lost]]:
        """Wait for what comes next: results, deaths, deadlines."""
        at_work = [worker for worker in self.workers if worker.item >= 0]
        soonest = min(worker.deadline for worker in at_work)
        ready = wait(
            [each for worker in at_work for each in (worker.pipe, worker.process.sentinel)],
            max(soonest - time.monotonic(), 0.0),
        )
        for worker in at_work:
            item = worker.item
            if worker.pipe in ready or worker.process.sentinel in ready:
                yield item, self.received(worker)
            elif time.monotonic() >= worker.deadline and not worker.pipe.poll():
                self.replace(worker)
                yield item, Lost(_took_too_long(self.limits))

    def received(self, worker: _Worker) -> Result | Lost:
        """The answer of a worker, or how it died."""
        result: Result
        try:
            result, reason, last = receive(worker.pipe)
        except (EOFError, OSError):
            return Lost(_how_it_died(self.replace(worker), self.limits))
        if last:
            self.replace(worker)
        else:
            self.give(worker)
        if reason:
            return Lost(_needed_too_much(self.limits) if reason == NO_MEMORY else reason)
        return result

    def replace(self, worker: _Worker) -> int | None:
        """End a worker and start another in its place; how the old one ended."""
        code = worker.kill()
        self.workers.remove(worker)
        self.start()
        return code

    def end(self) -> None:
        """End all workers at once; none has anything to lose."""
        for worker in self.workers:
            worker.kill()
        self.workers.clear()


# Our ends of all pipes, of whichever pool: a worker that is forked closes them, or it would
# not be noticed that we are gone.
_ours: list[Pipe] = []


@contextmanager
def _signals_held() -> Iterator[None]:
    """Let an interrupt wait: within a fork Python calls hooks, and loses what they raise."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGINT, signal.SIGTERM))
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


_FORKS = sys.platform == "linux"  # macOS can, but its own libraries may not be used then
_CONTEXT = multiprocessing.get_context("fork") if _FORKS else multiprocessing.get_context("spawn")


# -- what became of it ---------------------------------------------------------------------


def _took_too_long(limits: Limits) -> str:
    return f"It took longer than {limits.seconds:g} seconds (--time-limit) and was given up."


def _needed_too_much(limits: Limits) -> str:
    return f"It needed more than {limits.megabytes} MB of memory (--memory-limit) and was given up."


def _how_it_died(code: int | None, limits: Limits) -> str:
    """One sentence for the end of a process that gave no answer."""
    if code is None or code >= 0:
        return f"The process that read it ended without an answer (exit status {code})."
    if -code == getattr(signal, "SIGALRM", 0):
        return _took_too_long(limits)
    if -code == getattr(signal, "SIGKILL", 0):
        return "The process that read it was killed, as a system does when memory runs out."
    what = signal.strsignal(-code) or f"signal {-code}"
    if -code == getattr(signal, "SIGABRT", 0):  # as C++ does when it gets no memory
        return (
            f"A library crashed while reading it ({what}), perhaps because it needed more than "
            f"{limits.megabytes} MB of memory (--memory-limit)."
        )
    return f"A library crashed while reading it ({what})."
