"""Labels of pieces: ``§ 701.3(b)–(d) Designation of ingredients``."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from tribonian.consolidate.chunk import Piece
from tribonian.consolidate.digest import Unit

MAX_HEADING = 80  # characters of a heading within a label
_NUMBER = re.compile(r"\([^)]*\)(?:[-–—](?=\()\([^)]*\))?|[A-Za-z0-9]+\.")


def span(first: str, last: str) -> str:
    """What a piece covers: ``(b)–(d)``; ``(c)(8)(iv)–(vi)``; ``(c)–(c)(3)`` where (c) goes on."""
    if not first or first == last:
        return first or last
    start, stop = _NUMBER.findall(first), _NUMBER.findall(last)
    if len(start) == len(stop) and start[:-1] == stop[:-1]:
        return f"{first}–{stop[-1]}"
    return f"{first}–{last}" if last else first


def piece_labels(unit: Unit, name: str) -> list[str]:
    """The labels of a unit's pieces, all different; ``name`` is the label of the first.

    A later piece says which paragraphs it holds, else ``continued`` or ``2 of 3``.
    """
    labels = [name]
    for piece in unit.pieces[1:]:
        labels.append(_later(unit, piece, name))
    times = Counter(labels)
    seen: Counter[str] = Counter()
    total = len(labels)
    for n, label in enumerate(labels):
        seen[label] += 1
        if times[label] > 1 and n:
            place = f"{n + 1} of {total}"
            if label.endswith(" (continued)"):
                labels[n] = f"{label.removesuffix(' (continued)')} ({place})"
            elif " (continued: " in label:
                labels[n] = f"{label.removesuffix(')')}, {place})"
            else:
                labels[n] = f"{label} ({place})"
    return labels


def _later(unit: Unit, piece: Piece, name: str) -> str:
    covered = span(piece.first, piece.last)
    if not piece.first:  # it begins with a heading or a definition; its last number is not its name
        heading = short(piece.heading)
        more = f": {heading}" if heading and heading not in name else ""
        return f"{name} (continued{more})"
    between = "" if covered.startswith("(") else " "
    if unit.designator and name.startswith(unit.designator):
        rest = name[len(unit.designator) :]
        label = f"{unit.designator}{between}{covered}{rest}"
    else:
        label = f"{name} {covered}"
    return f"{label} (continued)" if piece.continues else label


def short(heading: str) -> str:
    """A heading as far as a label has room for it."""
    if len(heading) <= MAX_HEADING:
        return heading
    return heading[:MAX_HEADING].rsplit(" ", 1)[0] + " …"


def unique(labels: Sequence[str]) -> list[tuple[int, str]]:
    """New names for siblings that share a label: (position, label with a number)."""
    times = Counter(labels)
    seen: Counter[str] = Counter()
    taken = set(labels)
    renamed: list[tuple[int, str]] = []
    for n, label in enumerate(labels):
        seen[label] += 1
        if times[label] == 1 or seen[label] == 1:
            continue
        number = seen[label]
        while f"{label} ({number})" in taken:
            number += 1
        taken.add(f"{label} ({number})")
        renamed.append((n, f"{label} ({number})"))
    return renamed
