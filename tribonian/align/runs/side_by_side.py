"""Several runs at once, in a few threads, and the pairs of all of them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from queue import Empty, Queue

from tribonian.align.runs.collecting import Gathered, gather
from tribonian.align.runs.course import Course, Shared
from tribonian.align.runs.one_run import Ended, come_back, guarded
from tribonian.align.runs.receiving import kept
from tribonian.align.runs.standing import Standing

_ABREAST = 8  # runs that are worked on at once; the others wait for their turn
_GRACE = 5.0  # seconds that an interrupted process gives its requests to end


Stage = Callable[[Course], Ended]


class InterruptedRunError(KeyboardInterrupt):
    """Ctrl-C; the text says what goes on at the service and how to come back (exit 130)."""


def side_by_side(
    shared: Shared,
    mine: Sequence[Course],
    stages: Sequence[Stage],
    courses: Sequence[Course],
) -> tuple[tuple[Ended, ...], Gathered | None]:
    """Work several runs at once, and write the pairs whenever one has been received.

    All runs go through the first of the ``stages`` before any is kept waiting in the next, so
    that their jobs are under way at the service together; one that fails goes no further.
    """
    finished: Queue[tuple[int, Ended | Exception]] = Queue()
    ended: dict[int, Ended] = {}
    turns: Queue[tuple[int, int]] = Queue()  # (run, stage)
    for n in range(len(mine)):
        turns.put((n, 0))

    def work() -> None:
        while not shared.service.stop.is_set():
            try:
                n, stage = turns.get_nowait()
            except Empty:
                return
            try:
                each = guarded(mine[n], stages[stage])
            except Exception as error:  # a journal that cannot be written, or a defect
                finished.put((n, error))
                return
            if stage + 1 < len(stages) and each.state == "started" and each.reason is None:
                turns.put((n, stage + 1))
            else:
                finished.put((n, each))

    threads = [
        threading.Thread(target=work, daemon=True, name=f"run-{n}")
        for n in range(min(_ABREAST, len(mine)))
    ]
    for thread in threads:
        thread.start()
    gathered: Gathered | None = None
    try:
        while len(ended) < len(mine):
            fresh = _next(finished)
            ended |= fresh
            bringing = [mine[n] for n, each in fresh.items() if _brings_pairs(mine[n], each)]
            if bringing:
                for n, each in fresh.items():
                    if _is_fresh(mine[n], each):
                        mine[n].begin("collect")
                gathered = gather(shared.places, courses, _told(bringing[0]))
            for n, each in fresh.items():
                ended[n] = _closed(mine[n], each, gathered)
    except KeyboardInterrupt:
        shared.service.stop.set()
        for thread in threads:
            thread.join(_GRACE / len(threads))
        raise InterruptedRunError(come_back(shared.places.build, mine)) from None
    except Exception:
        shared.service.stop.set()
        raise
    return tuple(ended[n] for n in range(len(mine))), gathered


def _next(finished: Queue[tuple[int, Ended | Exception]]) -> dict[int, Ended]:
    """All runs that have ended by now; waits a little for one, so that Ctrl-C is heard."""
    found: dict[int, Ended] = {}
    try:
        number, each = finished.get(timeout=0.2)
        while True:
            if isinstance(each, Exception):
                raise each
            found[number] = each
            number, each = finished.get_nowait()
    except Empty:
        return found


def _told(course: Course) -> Callable[[int, int | None], None]:
    """Tells how many pairs are traced, about a hundred times in all."""
    last = 0

    def told(done: int, whole: int | None) -> None:
        nonlocal last
        if done == whole or done - last >= max(1, (whole or 5000) // 100):
            last = done
            course.tell(Standing(course.run.run, "pairs", done=done, whole=whole))

    return told


def _is_fresh(course: Course, ended: Ended) -> bool:
    """Whether a run brings pairs that are not yet written."""
    return ended.state in ("collected", "partial") and course.record.done("run") is None


def _brings_pairs(course: Course, ended: Ended) -> bool:
    """Whether the pairs must be written; those of a run that was finished before are there."""
    if _is_fresh(course, ended):
        return True
    there = course.places.pairs.exists() and course.places.coverage.exists()
    return kept(course) is not None and not there


def _closed(course: Course, ended: Ended, gathered: Gathered | None) -> Ended:
    """How a run ended, journaled, once its pairs are in their place."""
    if gathered is None or not _is_fresh(course, ended):
        return ended
    unread = gathered.unread.get(course.run.run)
    if unread is not None:
        course.record.write("collect", "failed", reason=unread)
        return Ended(course.run, "failed", course.job, unread)
    course.record.write("collect", "done", pairs=gathered.pairs)
    course.record.write("run", "done", outcome=ended.state)
    return ended
