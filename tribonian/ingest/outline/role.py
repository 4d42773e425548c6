"""What one block of a flat run is."""

from __future__ import annotations

from dataclasses import dataclass

from tribonian.ingest.outline.heads import UnitHead


@dataclass(slots=True)
class Role:
    """What a block is: the head of a unit, a heading of a rank, or text.

    ``title`` is the block with the heading of a head that stands alone; ``rest`` is where the
    text begins that runs on after a head in the same block, ``cut`` where it begins if the
    block before is the head that the number in it belongs to.
    """

    head: UnitHead | None = None
    rank: int = 0
    title: int = -1
    taken: bool = False
    rest: int = 0
    cut: int = 0
