"""The file of pairs that a job leaves: Parquet as the service is expected to write it, or not."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from tribonian.align.places import REHEARSAL_MARK
from tribonian.align.rehearsal.conversations import Conversation
from tribonian.align.rehearsal.misbehaviour import Misbehaviour

REFUSAL = "I'm sorry, but I cannot help with that request."
BOILERPLATE = (
    "As stated in the document provided, the information can be found in the section above."
)

_MESSAGES = pa.list_(pa.struct([("role", pa.string()), ("content", pa.string())]))
_A_NUMBER = re.compile(r"(?<![\w.§(])(?<!§ )\d+(?![\w.)])")
_OTHERWISE = {
    "must not": "may", "shall not": "may", "may not": "may",
    "must": "may", "shall": "may", "may": "must",
}  # fmt: skip
_A_MODAL = re.compile(r"\b(?:must not|shall not|may not|must|shall|may)\b")


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the output, and what was done to it: "", "number", "modal", "refusal", …"""

    question: str
    answer: str
    label: str
    planted: str = ""


def rows_of(made: Iterable[Conversation], misbehaviour: Misbehaviour) -> list[Row]:
    """The rows of an output in their order, with what was planted in them."""
    rows = [Row(each.question, each.answer, each.section.label) for each in made]
    for name, (kind, usual, change) in _PLANTED.items():
        fault = misbehaviour.shows(name)
        if fault is not None:
            rows = _changed(rows, kind, fault.every or usual, change)
    fault = misbehaviour.shows("duplicates")
    if fault is not None:
        again = rows[:: fault.every or 5]
        rows += [Row(each.question, each.answer, each.label, "duplicate") for each in again]
    if misbehaviour.shows("shuffled"):
        rows.sort(key=lambda row: hashlib.sha256(f"{row.question}\n{row.answer}".encode()).digest())
    return rows


def _changed(
    rows: list[Row], kind: str, every: int, change: Callable[[str], str | None]
) -> list[Row]:
    """The rows with every so many of those that can be changed, changed."""
    out: list[Row] = []
    found = 0
    for row in rows:
        answer = None if row.planted else change(row.answer)
        found += answer is not None
        if answer is not None and (found - 1) % every == 0:
            row = Row(row.question, answer, row.label, kind)
        out.append(row)
    return out


def _another_number(answer: str) -> str | None:
    found = _A_NUMBER.search(answer)
    if found is None:
        return None
    return f"{answer[: found.start()]}{int(found[0]) + 7}{answer[found.end() :]}"


def _another_modal(answer: str) -> str | None:
    found = _A_MODAL.search(answer)
    if found is None:
        return None
    return f"{answer[: found.start()]}{_OTHERWISE[found[0]]}{answer[found.end() :]}"


# name -> (what the row says was planted, every so many, the change)
_PLANTED: dict[str, tuple[str, int, Callable[[str], str | None]]] = {
    "wrong-numbers": ("number", 3, _another_number),
    "wrong-modals": ("modal", 3, _another_modal),
    "refusals": ("refusal", 5, lambda answer: REFUSAL),
    "boilerplate": ("boilerplate", 5, lambda answer: BOILERPLATE),
}


def suffix_of(misbehaviour: Misbehaviour) -> str:
    """How the name of the output ends."""
    return "jsonl" if misbehaviour.has("jsonl") else "parquet"


def write_output(
    path: Path, rows: Sequence[Row], system_prompt: str, misbehaviour: Misbehaviour
) -> None:
    """Write the pairs to ``path``; every conversation and every row says it is a rehearsal."""
    if misbehaviour.shows("empty-output"):
        path.write_bytes(b"")
        return
    if misbehaviour.shows("no-rows"):
        rows = []
    system = f"{REHEARSAL_MARK} {system_prompt}"
    spoken = misbehaviour.shows("no-system") is None
    messages = [_messages(row, system if spoken else None) for row in rows]
    if misbehaviour.shows("jsonl"):
        with path.open("wb") as file:
            for each in messages:
                file.write(orjson.dumps({"messages": each, "rehearsal": True}) + b"\n")
        return
    pq.write_table(_table(rows, messages, system, misbehaviour), path, row_group_size=20_000)


def _messages(row: Row, system: str | None) -> list[dict[str, str]]:
    said = [
        {"role": "user", "content": row.question},
        {"role": "assistant", "content": row.answer},
    ]
    return said if system is None else [{"role": "system", "content": system}, *said]


def _table(
    rows: Sequence[Row],
    messages: list[list[dict[str, str]]],
    system: str,
    misbehaviour: Misbehaviour,
) -> pa.Table:
    questions = pa.array([row.question for row in rows], pa.string())
    answers = pa.array([row.answer for row in rows], pa.string())
    columns: dict[str, Any] = {}
    if misbehaviour.shows("messages-json"):
        text = [orjson.dumps(each).decode() for each in messages]
        columns["messages"] = pa.array(text, pa.string())
    elif misbehaviour.shows("question-answer"):
        columns["question"], columns["answer"] = questions, answers
    elif misbehaviour.shows("prompt-completion"):
        columns["prompt"], columns["completion"] = questions, answers
    elif misbehaviour.shows("unknown-columns"):
        columns["turns_v2"] = pa.array([f"{r.question}\t{r.answer}" for r in rows], pa.string())
        columns["weight"] = pa.array([1.0] * len(rows), pa.float64())
    else:
        columns["messages"] = pa.array(messages, _MESSAGES)
    if misbehaviour.shows("extra-columns"):
        columns["source_chunk"] = pa.array([row.label for row in rows], pa.string())
        columns["score"] = pa.array([0.5] * len(rows), pa.float64())
        columns["system_prompt"] = pa.array([system] * len(rows), pa.string())
    columns["rehearsal"] = pa.array([True] * len(rows), pa.bool_())
    return pa.table(columns)
