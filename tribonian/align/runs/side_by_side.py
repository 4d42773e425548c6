"""Several runs at once, each in a thread of its own, and the pairs of all of them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from queue import Empty, Queue

from tribonian.align.runs.collecting import Gathered, gather
from tribonian.align.runs.course import Course, Shared
from tribonian.align.runs.one_run import Ended, come_back, guarded
from tribonian.align.runs.receiving import kept

_GRACE = 5.0  # seconds that an interrupted process gives its requests to end


class InterruptedRunError(KeyboardInterrupt):
    """Ctrl-C; the text says what goes on at the service and how to come back (exit 130)."""


def side_by_side(
    shared: Shared,
    mine: Sequence[Course],
    course_of: Callable[[Course], Ended],
    courses: Sequence[Course],
) -> tuple[tuple[Ended, ...], Gathered | None]:
    """Work several runs at once, and write the pairs whenever one has been received."""
    finished: Queue[tuple[int, Ended | Exception]] = Queue()
    ended: dict[int, Ended] = {}

    def work(number: int, course: Course) -> None:
        try:
            finished.put((number, guarded(course, course_of)))
        except Exception as error:  # a journal that cannot be written, or a defect: not lost here
            finished.put((number, error))

    threads = [
        threading.Thread(target=work, args=(n, course), daemon=True, name=course.run.run)
        for n, course in enumerate(mine)
    ]
    for thread in threads:
        thread.start()
    gathered: Gathered | None = None
    try:
        while len(ended) < len(mine):
            fresh = _next(finished)
            ended |= fresh
            if any(_brings_pairs(mine[n], each) for n, each in fresh.items()):
                for n, each in fresh.items():
                    if _is_fresh(mine[n], each):
                        mine[n].begin("collect")
                gathered = gather(shared.places, courses)
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
