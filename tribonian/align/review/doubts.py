"""What an answer has that its principle has not: where it is, and in words for an edit."""

from __future__ import annotations

from tribonian.align.built import BuiltPrinciple
from tribonian.align.review.shelf import Row, Shelf
from tribonian.align.review.words import Segment, Span, modals, painted, where
from tribonian.align.tracing.grounding import MODAL, NUMBER, TERM, Grounding, Ungrounded
from tribonian.align.tracing.tracer import Tracer

# How usual a word is, is asked of so many principles on either side: of the whole law it would
# cost half a minute before the first page. The pieces of one section stand side by side.
_AROUND = 100


def doubts(shelf: Shelf, principle: BuiltPrinciple, question: str, answer: str) -> list[Ungrounded]:
    """What an answer has that neither its principle nor its question has."""
    grounding = shelf.grounding
    if grounding is None or grounding[0] is not principle:
        grounding = shelf.grounding = (principle, _grounding(shelf, principle))
    return grounding[1].ungrounded(question, answer, principle)


def _grounding(shelf: Shelf, principle: BuiltPrinciple) -> Grounding:
    at = shelf.in_law.get(principle.id, 0)
    around = shelf.law[max(0, at - _AROUND) : at + _AROUND]
    others = [each for each in around if each.id != principle.id]
    return Grounding(Tracer([principle, *others]))


def marked_answer(shelf: Shelf, row: Row, principle: BuiltPrinciple | None) -> list[Segment]:
    """The answer of a pair with what its flags speak of: a "number", a "modal", a "term"."""
    if principle is None or not {NUMBER, MODAL, TERM} & set(row.flags):
        return [(row.answer, "")]
    spans: list[Span] = []
    for each in doubts(shelf, principle, row.question, row.answer):
        if each.flag in row.flags:
            spans += _spans(row.answer, each)
    return painted(row.answer, spans)


def _spans(answer: str, doubt: Ungrounded) -> list[Span]:
    found = where(answer, doubt.text, doubt.flag.removeprefix("ungrounded-"))
    if doubt.flag != MODAL:
        return found
    return [  # it names the sentence
        each for start, end, _ in found for each in modals(answer) if start <= each[0] < end
    ]


def in_words(
    shelf: Shelf, principle: BuiltPrinciple | None, question: str, answer: str
) -> list[str]:
    """The doubts that an edit leaves, a line each."""
    if principle is None:
        return []
    found = doubts(shelf, principle, question, answer)
    numbers, sentences, terms = (
        list(dict.fromkeys(each.text for each in found if each.flag == flag))
        for flag in (NUMBER, MODAL, TERM)
    )
    lines = [f"Not in the principle: {', '.join(numbers)}"] if numbers else []
    lines += [f"Obliges, permits or forbids otherwise: {each}" for each in sentences]
    return lines + ([f"Terms that the principle has not: {', '.join(terms)}"] if terms else [])
