"""What each block of a flat run is: the head of a unit, a heading of a rank, or text.

Decided by looking at the whole document, so that a line that is only like a head, ``Section 5
applies``, ``§ 701.3 Labels …``, is measured against those that are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from tribonian.ingest.outline.headings import Headings
from tribonian.ingest.outline.looks import Looks
from tribonian.ingest.outline.role import Role
from tribonian.ingest.outline.settling import Settling
from tribonian.ingest.record import Reading
from tribonian.ingest.styled import Styled


class Roles:
    """The roles of all blocks, decided by looking at the whole document."""

    def __init__(self, run: Sequence[Styled], reading: Reading) -> None:
        self.run = run
        self.all = [Role() for _ in run]
        self.looks = looks = Looks(run)
        Settling(run, self.all, looks, reading).settle()
        kinds = Counter(role.head.kind for role in self.all if role.head is not None)
        # whether the document is divided into units of law
        self.has_units = bool(kinds["section"] or kinds["part"] or kinds["chapter"] >= 2)
        Headings(run, self.all, looks, reading, self.has_units).rank()

    def __getitem__(self, at: int) -> Role:
        return self.all[at]
