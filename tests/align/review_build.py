"""A build with pairs to review: of the sample regulation, written by hand, with their flags."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from tests.align.small_build import small_build
from tribonian.align.built import built_principles, write_sent
from tribonian.align.pairs.rows import write_pairs
from tribonian.align.places import REHEARSAL_MARK, Places
from tribonian.schemas.pair import Message, Pair, pair_id

SYSTEM = "You answer questions about the lantern rules."
FUEL, GLOBE, WAIVER = "/us/cfr/t99/s110.2", "/us/cfr/t99/s110.3", "/us/cfr/t99/s100.4"

# question, answer, principle, match, flags: those that should be looked at first stand last
ROWS: tuple[tuple[str, str, str | None, float, tuple[str, ...]], ...] = (
    ("What must a flame lantern not burn?",
     "A flame lantern must not be designed to burn gasoline.", FUEL, 0.93, ()),
    ("How much may a fuel tank hold?",
     "A fuel tank must not hold more than 1.5 liters.", FUEL, 0.91, ()),
    ("What must a cap withstand?",
     "A cap must withstand a pressure of 70 kilopascals for 1 minute without leaking.",
     FUEL, 0.95, ()),
    ("How thick must the glass of the globe be?",
     "The globe must be made of heat-resistant glass not less than 2.5 mm thick.",
     GLOBE, 0.97, ()),
    ("When does a waiver expire?",
     "A waiver expires 2 years after it is issued and may be renewed once.",
     WAIVER, 0.88, ()),
    ("When does a waiver expire?",
     "A waiver expires 3 years after it is issued and may be renewed once.",
     WAIVER, 0.84, ("ungrounded-number", "contradiction")),
    ("When must a request for a waiver be filed?",
     "A request for a waiver should be filed at least 90 days before it is to take effect.",
     WAIVER, 0.71, ("ungrounded-modal",)),
    ("What is the capital of Peru?", "Lima is the capital of Peru.", None, 0.12, ("untraced",)),
    ("What does <script>alert(1)</script> mean?",
     "It is <b>markup</b> & nothing \"else\".", None, 0.05, ("untraced",)),
)  # fmt: skip


def a_pair(
    question: str,
    answer: str,
    principle: str | None = None,
    match: float = 0.9,
    flags: Iterable[str] = (),
    system: str = SYSTEM,
) -> Pair:
    """A pair as the service would have made it."""
    messages = (
        Message("system", system), Message("user", question), Message("assistant", answer)
    )  # fmt: skip
    citation = None if principle is None else f"99 CFR {principle.rpartition('/s')[2]}"
    return Pair(
        pair_id(question, answer), messages, question, answer, principle, citation, match,
        tuple(flags),
    )  # fmt: skip


def pairs_of_rows() -> list[Pair]:
    """The rows as pairs."""
    return [a_pair(*row) for row in ROWS]


def review_build(place: Path, pairs: Iterable[Pair] | None = None) -> Path:
    """A build at ``place / "build"`` with ``pairs``, by default those of the rows."""
    build = small_build(place)
    places = Places(build)
    places.align.mkdir()
    write_sent(places.sent("0123456789ab"), built_principles(build))
    write_pairs(places.pairs, pairs_of_rows() if pairs is None else pairs)
    return build


def as_rehearsal(pair: Pair) -> Pair:
    """The same pair, made by the rehearsal."""
    return a_pair(
        pair.question, pair.answer, pair.principle_id, pair.match,
        (*pair.flags, "rehearsal"), f"{REHEARSAL_MARK} {SYSTEM}",
    )  # fmt: skip
