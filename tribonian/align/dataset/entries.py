"""Rows on their way into the training file: what is known of each, and its text on disk.

A million rows are more text than many a laptop's memory, so the text waits in a file and only
what decides about a row is held.
"""

from __future__ import annotations

import re
import tempfile
from dataclasses import dataclass
from hashlib import blake2b
from types import TracebackType

import orjson

from tribonian.align.dataset.conversation import as_row
from tribonian.consolidate.identity import bare_text
from tribonian.schemas.pair import Message
from tribonian.schemas.training import Conversation

TRAINING, VALIDATION = "training", "validation"
ACCEPTED = frozenset(("accept", "edit"))  # the decisions with which a person vouches for a pair


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """Where rows come from: a build, or a file of the user's; ``name`` has no path.

    ``unit`` is what its rows are counted in: pair, line or row.
    """

    name: str
    unit: str
    build: bool
    order: int


@dataclass(slots=True, eq=False)
class Entry:
    """One row; ``number`` counts within its source, from 1.

    ``place`` sorts it within its source. ``same`` and ``asked`` are digests of the bare
    conversation and of all of it but its last answer; ``replaced`` is ``same`` of what an edit took
    the place of. ``said`` are digests of each longer turn by itself.
    ``stands_for`` are the principles of the copies that were left out for it. ``no_verdict`` is
    whether it was rejected for standing there twice alone. ``other_answers`` are the places of rows
    that answer its question too, the first where there are many. ``reason`` is why it is left
    out, empty while it is not, ``detail`` that in words. ``begin`` and ``size`` are where its text
    waits.
    """

    source: Source
    number: int
    place: int = 0
    pair: str | None = None
    principle_id: str | None = None
    citation: str | None = None
    decision: str | None = None
    reviewers: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    disagreement: bool = False
    other_answers: tuple[str, ...] = ()
    rehearsed: bool = False
    same: bytes = b""
    asked: bytes = b""
    replaced: bytes = b""
    said: tuple[bytes, ...] = ()
    stands_for: tuple[str, ...] = ()
    no_verdict: bool = False
    tokens: int = 0
    begin: int = 0
    size: int = 0
    reason: str = ""
    detail: str = ""
    split: str = TRAINING

    @property
    def where(self) -> str:
        """The row's place as a person is told it: ``own.csv, line 7``.

        A pair is told by its name, by which the review finds it: ``build, pair 9f2c41d07b3a55e8
        (row 12)``; the row tells copies of one pair apart.
        """
        if self.pair is not None:
            return f"{self.source.name}, pair {self.pair} (row {self.number})"
        return f"{self.source.name}, {self.source.unit} {self.number}"

    @property
    def order(self) -> tuple[int, int, int]:
        """What sorts rows in the training file."""
        return self.source.order, self.place, self.number

    def leave_out(self, reason: str, detail: str) -> None:
        """Leave this row out of the training file."""
        self.reason, self.detail = reason, detail


class Texts:
    """The conversations of entries, in a file that vanishes with this."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by __exit__
        self._end = 0

    def __enter__(self) -> Texts:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    def keep(self, entry: Entry, messages: Conversation) -> None:
        """Write the conversation of an entry."""
        data = orjson.dumps(as_row(messages))
        if self._file.tell() != self._end:
            self._file.seek(self._end)
        self._file.write(data)
        entry.begin, entry.size = self._end, len(data)
        self._end += len(data)

    def bytes_of(self, entry: Entry) -> bytes:
        """The row of an entry as JSON."""
        self._file.seek(entry.begin)
        return self._file.read(entry.size)

    def messages_of(self, entry: Entry) -> Conversation:
        """The conversation of an entry."""
        row = orjson.loads(self.bytes_of(entry))
        return tuple(Message(each["role"], each["content"]) for each in row["messages"])


# What stands between letters and says nothing, of which the bare text looks at each: two thirds of
# its time is saved where all of it is taken out at once.
_APART = re.compile(r"(?<=[A-Za-z])[ \n.,;:?!'\"()]+(?=[A-Za-z])")


# Letters and digits from which a turn by itself is of one law: "Yes.", "15 days" and "Thank you"
# stand in conversations about any, and would bind all of them together.
TELLING = 30


def take_digests(entry: Entry, messages: Conversation) -> None:
    """Set by what an entry is compared: its turns without layout, case and system prompt."""
    turns = messages[1:] if messages[0].role == "system" else messages
    bare = [bare_text(_APART.sub("", each.content)) or each.content for each in turns]
    asked = blake2b(digest_size=12)
    for text in bare[:-1]:
        asked.update(text.encode("utf-8", "replace") + b"\n")
    entry.asked = asked.digest()
    asked.update(bare[-1].encode("utf-8", "replace"))
    entry.same = asked.digest()
    entry.said = tuple(
        _digest(turn.role, text)
        for turn, text in zip(turns, bare, strict=True)
        if len(text) >= TELLING
    )


def _digest(role: str, text: str) -> bytes:
    return blake2b(f"{role}\n{text}".encode("utf-8", "replace"), digest_size=12).digest()
