"""Two builds that hold other words of one section, where no date says which of them is newer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import combinations

from tribonian.align.dataset.entries import Entry, Source
from tribonian.align.dataset.joining import Build
from tribonian.align.dataset.notes import Notes, some_of
from tribonian.align.pairs.unit import unit_of


def note_law_conflicts(kept: Iterable[Entry], builds: Sequence[Build], notes: Notes) -> None:
    """Name the sections that are taught though two builds hold other words of them.

    Where the days differ the later build supersedes the other, and nothing is to be said.
    """
    if len(builds) < 2:
        return
    taught: dict[Source, dict[str, None]] = defaultdict(dict)
    for entry in kept:
        if entry.source.build and entry.principle_id is not None:
            taught[entry.source][unit_of(entry.principle_id)] = None
    for one, other in combinations(builds, 2):
        units = {**taught[one.source], **taught[other.source]}
        found = one.law.conflicts(other.law, units)
        if found:
            names = (one.source.name, other.source.name)
            notes.take(
                "law-conflict",
                f"{names[0]} and {names[1]} hold other words of {some_of(list(found.values()))}, "
                "and no date says which are newer; pairs of both stay. Build them again with their "
                "dates (--date, or YYYY-MM-DD in a document's name), or leave one out.",
                names,
                count=len(found),
            )
