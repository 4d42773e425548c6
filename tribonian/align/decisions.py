"""What reviewers decided of pairs: ``align/decisions.jsonl``, one line a decision.

Lines are only ever added, each with one write that reaches the disk before the caller goes on, so
that neither a kill nor another process on the same file loses an answer. People write and mend
such files by hand too: what cannot be understood is a row with its number, never silence.
"""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
from filelock import FileLock, Timeout

from tribonian.errors import UsageError

DECISIONS = ("accept", "edit", "reject", "undo")
TWICE = "stands there twice"  # a reason that says nothing against the words of a pair
UNNAMED = "(no name)"  # the reviewer of a line that names none
_PATIENCE = 30.0  # seconds for another process to finish its one write
_UTF8_MARK = b"\xef\xbb\xbf"
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class Decision:
    """One line: ``decision`` is one of `DECISIONS`; an edit has a new question, answer or both.

    ``question`` and ``answer`` are None where the text of the pair stays. ``time`` is UTC, as
    ``2026-03-01T09:30:00Z``, or None where a line written by hand has none. ``line`` is the
    number of the line, from 1; 0 for a decision that is not written yet.
    """

    pair: str
    decision: str
    reviewer: str
    question: str | None = None
    answer: str | None = None
    reason: str | None = None
    time: str | None = None
    line: int = 0


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that is no decision: its number, from 1, and why."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What holds for a pair: ``decision`` is accept, edit, reject or None for none.

    ``question`` and ``answer`` are the new texts of an edit, None where the original stays.
    ``reviewers`` are those whose decisions stand, in the order of their lines; ``holders`` those
    of them who decided what holds. ``disagreement`` is whether they decided otherwise than one
    another, or edited it otherwise.
    """

    decision: str | None = None
    question: str | None = None
    answer: str | None = None
    reviewers: tuple[str, ...] = ()
    reason: str | None = None
    disagreement: bool = False
    holders: tuple[str, ...] = ()

    def texts(self, question: str, answer: str) -> tuple[str, str]:
        """Question and answer of a pair as they are to be used, the originals being given."""
        return (
            question if self.question is None else self.question,
            answer if self.answer is None else self.answer,
        )


UNDECIDED = Verdict()


@dataclass(slots=True)
class Decisions:
    """The decisions of one file; ``torn`` is whether its last line was cut off by a kill.

    ``lines`` is how many lines it has, ``bad`` those of them that are no decisions, ``reasons``
    how often each reason for a reject was given, also by those who took it back.
    """

    bad: list[BadLine] = field(default_factory=list)
    torn: bool = False
    lines: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    _standing: dict[str, dict[str, Decision]] = field(default_factory=dict)
    _verdicts: dict[str, Verdict] = field(default_factory=dict)

    def of(self, pair: str) -> Verdict:
        """What holds for a pair among all reviewers: a reject, else the last edit, else accept."""
        found = self._verdicts.get(pair)
        if found is None:
            found = _verdict(self.standing(pair))
            if found.decision is not None:
                self._verdicts[pair] = found
        return found

    def standing(self, pair: str) -> tuple[Decision, ...]:
        """What each reviewer decided last of a pair, in the order of the lines; no undo."""
        return tuple(self._standing.get(pair, {}).values())

    def pairs(self) -> Collection[str]:
        """The pairs of which a decision stands."""
        return self._standing.keys()

    def strangers(self, known: Collection[str]) -> list[str]:
        """The decided pairs that are not among the known ones, sorted: of a file replaced since."""
        return sorted(pair for pair in self._standing if pair not in known)

    def by_reviewer(self) -> dict[str, int]:
        """How many decisions of each reviewer stand, by name."""
        counts: dict[str, int] = {}
        for decisions in self._standing.values():
            for reviewer in decisions:
                counts[reviewer] = counts.get(reviewer, 0) + 1
        return dict(sorted(counts.items()))

    def take(self, decision: Decision) -> None:
        """Let a decision hold: it takes the place of the same reviewer's last one."""
        if decision.decision == "reject" and decision.reason:
            self.reasons[decision.reason] += 1
        self._verdicts.pop(decision.pair, None)
        standing = dict(self._standing.get(decision.pair, {}))  # a copy may share the old one
        standing.pop(decision.reviewer, None)  # so that the last line stands last
        if decision.decision != "undo":
            standing[decision.reviewer] = decision
        if standing:
            self._standing[decision.pair] = standing
        else:
            self._standing.pop(decision.pair, None)

    def copy(self) -> Decisions:
        """The same decisions apart, so that what is taken from now on does not change these."""
        return Decisions(
            list(self.bad), self.torn, self.lines, Counter(self.reasons),
            dict(self._standing), dict(self._verdicts),
        )  # fmt: skip


def _verdict(standing: Sequence[Decision]) -> Verdict:
    if not standing:
        return UNDECIDED
    rejects = [each for each in standing if each.decision == "reject"]
    edits = [each for each in standing if each.decision == "edit"]
    holds = (rejects or edits or standing)[-1]
    edited = holds.decision == "edit"
    return Verdict(
        holds.decision,
        holds.question if edited else None,
        holds.answer if edited else None,
        tuple(each.reviewer for each in standing),
        holds.reason,
        len({_what(each) for each in standing}) > 1,
        tuple(each.reviewer for each in standing if _what(each) == _what(holds)),
    )


def _what(decision: Decision) -> tuple[str, str | None, str | None]:
    if decision.decision == "edit":
        return decision.decision, decision.question, decision.answer
    return decision.decision, None, None


# -- reading ----------------------------------------------------------------------------------


def read_decisions(path: Path) -> Decisions:
    """The decisions of a file, none where it is not there; UsageError if it cannot be read."""
    return parse_decisions(read_bytes(path), path)


def read_bytes(path: Path) -> bytes:
    """The file as it is, empty where it is not there; UsageError if it cannot be read."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise UsageError(
            f"{path} cannot be read ({error.strerror}); mend that, or move it away."
        ) from None


def parse_decisions(data: bytes, path: Path, before: Decisions | None = None) -> Decisions:
    """The decisions of the bytes of a file, or of what was added to it since ``before``.

    The last line is torn if no line feed ends it and it is not a decision; one that is a decision
    holds, because editors leave the last line feed out.
    """
    if data.startswith(_UTF16_MARKS) and before is None:
        raise UsageError(f"{path} is in UTF-16; save it as UTF-8, one JSON object a line.")
    decisions = Decisions() if before is None else before
    if decisions.lines == 0:
        data = data.removeprefix(_UTF8_MARK)
    ended = data.endswith((b"\n", b"\r"))
    lines = data.splitlines()
    for n, line in enumerate(lines, 1):
        decisions.lines += 1
        if not line.strip(b" \t\0"):
            continue
        read = _decision(line, decisions.lines)
        if isinstance(read, Decision):
            decisions.take(read)
        elif n == len(lines) and not ended:
            decisions.torn = True
        else:
            decisions.bad.append(read)
    return decisions


def _decision(line: bytes, number: int) -> Decision | BadLine:
    try:
        row = orjson.loads(line)
    except ValueError:
        return BadLine(number, "is not JSON, or was cut off")
    if not isinstance(row, dict):
        return BadLine(number, "is not a JSON object")
    reason = _fault(row)
    if reason is not None:
        return BadLine(number, reason)
    return Decision(
        row["pair"].strip(),
        row["decision"],
        one_line(row.get("reviewer") or "") or UNNAMED,
        row.get("question"),
        row.get("answer"),
        row.get("reason"),
        row.get("time") if isinstance(row.get("time"), str) else None,
        number,
    )


def _fault(row: dict[str, Any]) -> str | None:
    """Why a JSON object is no decision; None if it is one."""
    for key in ("pair", "decision"):
        if not isinstance(row.get(key), str) or not row[key].strip():
            return f'has no "{key}"'
    for key in ("question", "answer", "reason", "reviewer"):
        if not isinstance(row.get(key), str | None):
            return f'has a "{key}" that is no text'
    decision = row["decision"]
    if decision not in DECISIONS:
        return f'has the decision "{decision[:40]}", which is none of {", ".join(DECISIONS)}'
    if decision != "edit":
        return None
    texts = [row[key] for key in ("question", "answer") if row.get(key) is not None]
    if not texts:
        return "is an edit without a new question or answer"
    return None if all(text.strip() for text in texts) else "is an edit to an empty text"


def one_line(name: str) -> str:
    """A reviewer's name as it is compared: without control characters or spaces to spare."""
    return " ".join("".join(c if c.isprintable() else " " for c in name).split())


# -- writing ----------------------------------------------------------------------------------


def moment() -> str:
    """Now, as the ``time`` of a decision: UTC, to the second."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


def append_decision(path: Path, decision: Decision) -> None:
    """Add one decision; it is on the disk when this returns. UsageError where it cannot be."""
    append_decisions(path, [decision])


def append_decisions(path: Path, decisions: Iterable[Decision]) -> None:
    """Add decisions with one write, so that all of them stand there or, on a full disk, none."""
    lines = b"".join(orjson.dumps(_row(each)) + b"\n" for each in decisions)
    try:
        with ExitStack() as alone:
            with suppress(NotImplementedError):  # a file system without locks: one write must do
                lock = path.with_name(f".{path.name}.lock")
                alone.enter_context(FileLock(lock, timeout=_PATIENCE))
            _append(path, lines)
    except Timeout:
        raise UsageError(
            f"{path} is held by another process for {_PATIENCE:.0f} seconds; end it and try again."
        ) from None
    except OSError as error:
        raise UsageError(
            f"The decision was not saved, because {path} cannot be written ({error.strerror});"
            " mend that and decide again."
        ) from None


def _row(decision: Decision) -> dict[str, str | None]:
    return {
        "pair": decision.pair,
        "decision": decision.decision,
        "question": decision.question,
        "answer": decision.answer,
        "reason": decision.reason,
        "reviewer": decision.reviewer,
        "time": decision.time,
    }


def _append(path: Path, lines: bytes) -> None:
    new = not path.exists()
    with path.open("a+b", buffering=0) as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(0)
        if file.read(2) in _UTF16_MARKS:
            raise UsageError(f"{path} is in UTF-16; save it as UTF-8, one JSON object a line.")
        file.seek(max(0, size - 1))
        if size and file.read(1) != b"\n":
            lines = b"\n" + lines  # a line that a kill tore must not eat this one
        if file.write(lines) != len(lines):
            file.truncate(size)
            raise OSError(None, "the disk is full")
        os.fsync(file.fileno())
    if new and os.name == "posix":
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
