"""What is said of a training file while it is put together or checked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from tribonian.schemas.training import NOTES, Note

SHOWN = 100  # notes of one code that are kept whole; all are counted
ON_SCREEN = 20
_NAMED = 8


def some_of(names: Sequence[str]) -> str:
    """Names in a sentence: the first eight, and how many there are beside them."""
    more = f" and {len(names) - _NAMED:,} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more


class Notes:
    """Notes in the order in which they were taken, with a limit on those of one code.

    ``counts`` are of what the notes are about: a note on 1,308 rows counts for as many.
    """

    def __init__(self) -> None:
        self.kept: list[Note] = []
        self.counts: Counter[str] = Counter()
        self._taken: Counter[str] = Counter()

    def take(
        self,
        code: str,
        message: str,
        places: tuple[str, ...] = (),
        rows: tuple[int, ...] = (),
        count: int = 1,
    ) -> None:
        """Keep one note, or only count it where there are a hundred of its code."""
        self.add(Note(code, message, places, rows), count)

    def add(self, note: Note, count: int = 1) -> None:
        """Keep a note that is there already."""
        self.counts[note.code] += count
        self._taken[note.code] += 1
        if self._taken[note.code] <= SHOWN:
            self.kept.append(note)

    def systems(self, found: Counter[str]) -> None:
        """Say so where rows have several system prompts, or some have none; "" stands for none."""
        if len(found) < 2:
            return
        prompts = len(found) - ("" in found)
        without = f", and {found['']:,} have none" if "" in found else ""
        number = "one system prompt" if prompts == 1 else f"{prompts:,} different system prompts"
        self.take(
            "several-system-prompts",
            f"The {found.total():,} rows have {number}{without}; dataset build --system-prompt "
            "gives all of them one.",
        )

    def shown(self) -> tuple[Note, ...]:
        """Twenty of each code, and how many there are beside them: what a terminal bears."""
        out: list[Note] = []
        seen: Counter[str] = Counter()
        for note in self.kept:
            seen[note.code] += 1
            if seen[note.code] <= ON_SCREEN:
                out.append(note)
            elif seen[note.code] == ON_SCREEN + 1:
                more = self._taken[note.code] - ON_SCREEN
                out.append(Note(note.code, f"And {more:,} more: {NOTES[note.code][1]}."))
        return tuple(out)
