"""A row of a user's file before anything is made of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RawRow:
    """``number`` is the line on which the row begins, or its number in Parquet, from 1.

    ``values`` are its columns as they are called there. ``fault`` says why it has none.
    """

    number: int
    values: Mapping[str, object]
    fault: str = ""
