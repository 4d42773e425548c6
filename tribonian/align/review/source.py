"""The principle beside a pair, with what the answer took from it."""

from __future__ import annotations

from dataclasses import dataclass

from tribonian.align.built import BuiltPrinciple, Origin
from tribonian.align.pairs.links import link
from tribonian.align.review.shelf import Row, Shelf
from tribonian.align.review.words import (
    Segment,
    Span,
    modals,
    painted,
    shared_runs,
)


@dataclass(frozen=True, slots=True)
class Source:
    """A principle as it is shown: ``places`` are its sources with their addresses, if any.

    ``content`` has the words of the answer marked "shared". ``note`` says what a reviewer must
    know of the text itself: that it was amended or removed since, or sent in several wordings.
    """

    principle: BuiltPrinciple
    places: list[tuple[Origin, str | None]]
    address: str | None
    content: list[Segment]
    notes: list[str]


def source_of(shelf: Shelf, row: Row) -> Source | None:
    """The principle that a pair was traced to; None for an untraced one or one not on record."""
    texts = shelf.principles.get(row.principle_id or "", [])
    if not texts:
        return None
    principle = max(texts, key=lambda each: _fit(each, row))  # the first of those that fit alike
    places = [(origin, link(principle, origin)) for origin in principle.sources]
    return Source(
        principle,
        places,
        next((address for _, address in places if address), None),
        painted(principle.content, _taken(principle, row)),
        _notes(shelf, principle, len(texts)),
    )


def _fit(principle: BuiltPrinciple, row: Row) -> int:
    return sum(end - start for start, end, _ in shared_runs(principle.content, row.answer))


def _notes(shelf: Shelf, principle: BuiltPrinciple, texts: int) -> list[str]:
    notes = []
    if texts > 1:
        notes.append(
            f"This principle was sent in {texts} wordings; shown is the one that fits best."
        )
    if shelf.built is None:
        return notes
    built = shelf.built.get(principle.id)
    if built is None:
        notes.append("The build does not have this principle any more; shown is what was sent.")
    elif built.sha256 != principle.sha256:
        notes.append("The build has this principle in other words now; shown is what was sent.")
    return notes


def _taken(principle: BuiltPrinciple, row: Row) -> list[Span]:
    """What the answer took and, where its duties are in doubt, the duties of the same lines."""
    text = principle.content
    spans = shared_runs(text, row.answer)
    if "ungrounded-modal" not in row.flags:
        return spans
    lines = {text.count("\n", 0, start) for start, _, _ in spans}
    return [*spans, *(each for each in modals(text) if text.count("\n", 0, each[0]) in lines)]
