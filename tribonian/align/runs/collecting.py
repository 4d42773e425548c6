"""From the files that were received to ``pairs.parquet`` and the coverage of a build."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tribonian.align.built import BuiltPrinciple, built_principles, read_sent
from tribonian.align.decisions import read_decisions
from tribonian.align.pairs.coverage import Coverage, coverage, write_coverage
from tribonian.align.pairs.law import law_of_build
from tribonian.align.pairs.received import UnreadError, received_pairs, write_rejects
from tribonian.align.pairs.report import ReportedRun, write_report
from tribonian.align.pairs.rows import collect_pairs, write_pairs
from tribonian.align.places import Places
from tribonian.align.runs.course import Course
from tribonian.align.runs.receiving import kept, state_of
from tribonian.errors import TribonianError, UsageError
from tribonian.schemas.pair import Pair

_Have = tuple[Course, list[Path]]  # a run and its files


@dataclass(frozen=True, slots=True)
class Gathered:
    """What `gather` made: the pairs, the rows that were none, and the runs it could not read.

    ``left_out`` are the rehearsed runs whose pairs gave way to real ones; ``unread`` has a
    sentence for each run whose file holds no pairs. ``coverage`` is that of the build as it is
    now, None where there are no pairs.
    """

    pairs: int
    rejects: int
    runs: tuple[str, ...]
    left_out: tuple[str, ...]
    unread: dict[str, str]
    coverage: Coverage | None = field(default=None, repr=False)


def gather(
    places: Places,
    courses: Sequence[Course],
    progress: Callable[[int, int | None], None] | None = None,
) -> Gathered | None:
    """Write the pairs of all runs that are received; None where there are none.

    Rehearsed pairs are only there as long as no run is real. A pair is traced against the
    principles as they were sent in its run, whatever the build holds now. A file that is damaged
    costs its own run only. ``progress`` is told how many pairs are done, and of how many rows.
    """
    have, unread = _readable(places, courses)
    while True:
        taken = [each for each in have if not each[0].run.rehearsal] or have
        if not taken:
            return None if not unread else Gathered(0, 0, (), (), unread)
        try:
            collected = collect_pairs(_given(places, taken), _counted(taken, progress))
            break
        except UnreadError:  # its beginning could be read, and what comes after cannot
            broken = _broken(taken)
            if not broken:
                raise
            unread |= broken
            have = [each for each in have if each[0].run.run not in broken]
    decisions = read_decisions(places.decisions) if places.decisions.exists() else None
    covered = coverage(_now(places), collected.pairs, decisions, _amended(places))
    write_pairs(places.pairs, collected.pairs)
    write_rejects(places.align / "rejects.jsonl", collected.rejects)
    write_coverage(places, covered)
    runs = [_reported(course, unread) for course in courses]
    write_report(places, covered, collected.pairs, runs, collected.rejects)
    names = tuple(course.run.run for course, _ in taken)
    others = tuple(course.run.run for course, _ in have if course.run.run not in names)
    return Gathered(len(collected.pairs), len(collected.rejects), names, others, unread, covered)


def _given(
    places: Places, taken: Sequence[_Have]
) -> list[tuple[Path, Sequence[BuiltPrinciple], bool]]:
    """Every file with what was sent for it."""
    given: list[tuple[Path, Sequence[BuiltPrinciple], bool]] = []
    for course, paths in taken:
        sent = read_sent(places.sent(course.run.run))
        given += [(path, sent, course.run.rehearsal) for path in paths]
    return given


def _counted(
    taken: Sequence[_Have], progress: Callable[[int, int | None], None] | None
) -> Callable[[int], None] | None:
    """The progress with the number of rows beside it, where every file says its own."""
    if progress is None:
        return None
    rows = [each.rows for course, _ in taken for each in kept(course) or ()]
    whole = None if None in rows else sum(each or 0 for each in rows)
    return lambda done: progress(done, whole)


def _broken(taken: Sequence[_Have]) -> dict[str, str]:
    """A sentence for each run with a file that cannot be read to its end."""
    found: dict[str, str] = {}
    for course, paths in taken:
        try:
            for path in paths:
                for _ in received_pairs(path):
                    pass
        except UnreadError as error:
            found[course.run.run] = str(error)
    return found


def _readable(places: Places, courses: Sequence[Course]) -> tuple[list[_Have], dict[str, str]]:
    """The runs with files that hold pairs; a sentence for each with one that does not."""
    have: list[_Have] = []
    unread: dict[str, str] = {}
    for course in courses:
        received = kept(course)
        if received is None:
            continue
        paths = [each.path for each in received]
        try:
            for path in paths:
                received_pairs(path)
            read_sent(places.sent(course.run.run))
        except (UnreadError, UsageError) as error:
            unread[course.run.run] = str(error)
            continue
        have.append((course, paths))
    return have, unread


def _reported(course: Course, unread: dict[str, str]) -> ReportedRun:
    """A run as the report shows it."""
    run = course.run
    state = state_of(course)
    waited = course.record.done("wait") or course.record.failed("wait") or {}
    if state == "received":  # it becomes so as soon as this is written
        state = "collected" if waited.get("status", "completed") == "completed" else "partial"
    reason = unread.get(run.run) or "; ".join(waited.get("reasons", [])) or None
    return ReportedRun(
        run=run.run,
        name=run.name,
        job=course.job,
        status=state,
        reason=reason,
        failed=run.run in unread or state in ("failed", "partial"),
        rehearsal=run.rehearsal,
        pairs=sum(each.rows or 0 for each in kept(course) or ()),
    )


def _amended(places: Places) -> Callable[[Pair], bool] | None:
    """Whether the principle of a pair was amended since it was sent; None where nobody can say."""
    try:
        return law_of_build(places.build).is_amended
    except TribonianError:
        return None  # the build is gone or half there


def _now(places: Places) -> list[BuiltPrinciple]:
    """The principles of the build as it is, whose coverage is of interest."""
    try:
        return built_principles(places.build)
    except TribonianError:
        return []  # the build is gone or half there; the pairs are worth having all the same
