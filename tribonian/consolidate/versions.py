"""Which version of a work is in force: the latest, or the one at the date asked for."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from tribonian.consolidate.digest import Digest

UNDATED = (-1, 0)


@dataclass(frozen=True, slots=True)
class InForce:
    """Ranks documents by date; ``asked`` is YYYY-MM-DD, None for the latest there is."""

    asked: str | None = None

    def rank(self, digest: Digest) -> tuple[int, int]:
        """The higher, the more in force; what is not dated is `UNDATED`.

        At the date asked for, the law is that of the last date before it; of what came
        later, the earliest is nearest.
        """
        as_of = digest.document.as_of
        with suppress(ValueError, TypeError):
            day = date.fromisoformat(as_of or "").toordinal()
            later = self.asked and day > date.fromisoformat(self.asked).toordinal()
            return (0, -day) if later else (1, day)
        return UNDATED

    def outdates(self, one: Digest, other: Digest) -> bool:
        """Whether ``one`` has the law as in force and ``other`` not; never if one is undated."""
        rank, against = self.rank(one), self.rank(other)
        return UNDATED not in (rank, against) and rank > against
