"""Rows of a training file, why a row is left out of one, and what is said of one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tribonian.schemas.pair import Message

Severity = Literal["info", "warning", "error"]
ROLES = ("system", "user", "assistant")

# reason -> what it means; `docs/dataset.md` explains each.
LEFT_OUT: dict[str, str] = {
    "bad-row": "it is no conversation that a model can be trained on",
    "rejected": "a reviewer rejected it",
    "rejected-copy": "a reviewer rejected another copy of it",
    "edited-copy": "a reviewer gave another copy of it other words",
    "not-reviewed": "only reviewed pairs were asked for, and nobody accepted it",
    "disagreement": "only reviewed pairs were asked for, and the reviewers disagree",
    "flagged": "it has a flag that nobody accepted it with",
    "principle-amended": "its principle was amended since",
    "principle-removed": "its principle was removed since",
    "duplicate": "the same question and answer stand elsewhere in the file",
    "too-long": "training would cut it off at the limit of tokens",
}

# code -> (severity, what it means); `docs/dataset.md` explains each.
NOTES: dict[str, tuple[Severity, str]] = {
    # building
    "bad-row": ("error", "a row that is no conversation to train on"),
    "rehearsal": ("warning", "rows that the rehearsal made; never to be trained on"),
    "contradiction": ("warning", "one question, answers that differ in law; all of them stay"),
    "two-answers": ("warning", "one question, answers in other words; all of them stay"),
    "disagreement": ("warning", "reviewers decided otherwise than one another"),
    "decision-without-pair": ("warning", "a decision on a pair that is not there"),
    "law-conflict": (
        "warning",
        "a section of which two builds hold other words, and no date decides",
    ),
    "bad-decision": ("warning", "a line of decisions.jsonl that is no decision"),
    "rejected-but-own": ("warning", "a row of the user's that equals a rejected or edited pair"),
    "principle-unknown": ("warning", "the build does not hold the law of a pair"),
    "validation-share": ("warning", "the share asked for could not be met"),
    "file-twice": ("info", "a file was named twice and is read once"),
    "encoding-guessed": ("info", "a file that is not UTF-8, and what it was read as"),
    "columns-ignored": ("info", "columns that no training row has"),
    "duplicate": ("info", "rows with the same question and answer"),
    "several-system-prompts": ("info", "the rows have several system prompts, or some have none"),
    # checking
    "not-a-training-file": ("error", "no shape of row that the service takes"),
    "no-rows": ("error", "nothing to train on"),
    "wrong-suffix": ("error", "the service knows a file by the end of its name"),
    "rehearsal-mark": ("error", "a row that the rehearsal made; never to be trained on"),
    "too-long": ("warning", "a row above the limit of tokens"),
    "card-differs": ("warning", "the data card beside the file tells of another one"),
    "extra-columns": ("warning", "columns beside those of the shape"),
}


@dataclass(frozen=True, slots=True)
class Note:
    """One thing that a person should know, with where it is: ``build, pair 3``, ``a.csv, line 7``.

    ``rows`` are the numbers of the rows of a checked file, from 1.
    """

    code: str
    message: str
    places: tuple[str, ...] = ()
    rows: tuple[int, ...] = ()

    @property
    def severity(self) -> Severity:
        """info, warning or error, by `NOTES`."""
        return NOTES[self.code][0]

    @property
    def grave(self) -> bool:
        """Whether somebody should see it who asked for silence."""
        return self.severity != "info"

    def __str__(self) -> str:
        return f"{self.severity}: {self.message}"

    def row(self) -> dict[str, object]:
        """The note as JSON has it."""
        return {
            "code": self.code,
            "severity": self.severity,
            "message": self.message,
            "places": list(self.places),
            "rows": list(self.rows),
        }


@dataclass(frozen=True, slots=True)
class TokenCounts:
    """How large rows are, in tokens: the largest and the middle one, the 95th of 100, all."""

    rows: int = 0
    total: int = 0
    median: int = 0
    p95: int = 0
    largest: int = 0

    def line(self) -> str:
        """The figures as a sentence has them."""
        return f"{self.total:,} tokens, median {self.median:,}, largest {self.largest:,}"

    @classmethod
    def of(cls, sizes: list[int]) -> TokenCounts:
        """The statistics of some sizes; nearest-rank percentiles, so each is a size of a row."""
        if not sizes:
            return cls()
        ordered = sorted(sizes)
        at = [min(len(ordered) - 1, -(-len(ordered) * share // 100) - 1) for share in (50, 95)]
        return cls(len(ordered), sum(ordered), ordered[at[0]], ordered[at[1]], ordered[-1])


Conversation = tuple[Message, ...]
