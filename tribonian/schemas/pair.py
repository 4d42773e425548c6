"""Question-and-answer pairs as they stand in ``align/pairs.parquet``, and what is said of them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

# flag -> what a reviewer should know; `docs/alignment.md` explains each.
FLAGS: dict[str, str] = {
    "rehearsal": "made by the rehearsal, not by the service; never to be trained on",
    "untraced": "no principle has the words of this pair",
    "ambiguous": "another principle fits nearly as well",
    "ungrounded-number": "the answer has a number, date or amount that its principle has not",
    "ungrounded-modal": "the answer obliges, permits or forbids otherwise than its principle",
    "ungrounded-term": "the answer has terms that its principle has not",
    "duplicate": "the same question and answer stand before it",
    "near-duplicate": "nearly the same question and answer stand before it",
    "contradiction": "the same question has another answer that differs in law",
    "refusal": "the answer declines to answer",
    "boilerplate": "the answer speaks of itself or of its source, not of the law",
    "too-short": "the answer is too short to teach anything",
    "echo": "the answer says what the question said",
}


@dataclass(frozen=True, slots=True)
class Message:
    """One turn: ``role`` is system, user or assistant."""

    role: str
    content: str


@dataclass(frozen=True, slots=True)
class Pair:
    """A row of ``pairs.parquet``, with its columns in their order.

    ``match`` is from 0 to 1: how surely the pair was traced to ``principle_id``, which is None
    below the threshold. ``flags`` are in the order of `FLAGS`.
    """

    pair: str
    messages: tuple[Message, ...]
    question: str
    answer: str
    principle_id: str | None
    citation: str | None
    match: float
    flags: tuple[str, ...] = ()


def pair_id(question: str, answer: str) -> str:
    """The name of a pair: 16 hex digits of the SHA-256 of question, a line feed, answer."""
    return hashlib.sha256(f"{question}\n{answer}".encode("utf-8", "replace")).hexdigest()[:16]
