"""The rows of ``pairs.parquet``: what came back, each traced to its principle and flagged."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from tribonian.align.built import BuiltPrinciple
from tribonian.align.pairs.phrases import said_badly
from tribonian.align.pairs.received import Reject, received_pairs
from tribonian.align.pairs.repeats import repeats
from tribonian.align.pairs.shapes import Conversation, said
from tribonian.align.tracing.grounding import Grounding
from tribonian.align.tracing.tracer import Trace, Tracer
from tribonian.errors import UsageError
from tribonian.ingest.sources.writing import written_aside
from tribonian.schemas.pair import FLAGS, Message, Pair, pair_id

AT_ONCE = 8192  # rows of a row group: the same rows give the same bytes

_MESSAGE = pa.struct([("role", pa.string()), ("content", pa.string())])
SCHEMA = pa.schema(
    [
        ("pair", pa.string()),
        ("messages", pa.list_(_MESSAGE)),
        ("question", pa.string()),
        ("answer", pa.string()),
        ("principle_id", pa.string()),
        ("citation", pa.string()),
        ("match", pa.float64()),
        ("flags", pa.list_(pa.string())),
    ]
)
_ORDER = {flag: n for n, flag in enumerate(FLAGS)}


@dataclass(frozen=True, slots=True)
class Collected:
    """The pairs in their order, and the rows that were none."""

    pairs: list[Pair]
    rejects: list[Reject]


def collect_pairs(
    received: Sequence[tuple[Path, Sequence[BuiltPrinciple], bool]],
    progress: Callable[[int], None] | None = None,
) -> Collected:
    """All pairs of some received files, each with the principles that were sent for it.

    The bool says that a file is of a rehearsal. Pairs stand in the order of the law, those of
    one principle as they came, those without one last; the order of ``received`` is of no
    matter. ``progress`` is told how many are done. UnreadError for a file without pairs.
    """
    files = sorted(received, key=lambda each: (each[0].name, str(each[0])))
    order = _order_of_law([principles for _, principles, _ in files])
    tracers: dict[tuple[str, ...], tuple[Tracer, Grounding]] = {}
    rows: list[_Row] = []
    rejects: list[Reject] = []
    steps = _Steps(progress)
    for file, principles, rehearsal in files:
        key = tuple(f"{each.id} {each.sha256}" for each in principles)
        if key not in tracers:
            tracer = Tracer(principles)
            tracers[key] = (tracer, Grounding(tracer))
        tracer, grounding = tracers[key]
        for each in received_pairs(file):
            if isinstance(each, Reject):
                rejects.append(each)
                continue
            talk = each.conversation
            trace = tracer.trace(talk.question, talk.answer)
            id = trace.principle.id if trace.principle is not None else ""
            place = (order.get(id, len(order)), len(rows))
            rows.append(_Row(place, talk, trace, grounding, rehearsal))
            steps.step()
    # in the order of the law, so that a principle is read once for all its pairs
    rows.sort(key=lambda row: row.place)
    pairs = []
    for row in rows:
        pairs.append(_pair(row))
        steps.step()
    law = [None if row.trace.principle is None else row.trace.principle.content for row in rows]
    again = repeats(pairs, law)
    return Collected([_flagged(*each) for each in zip(pairs, again, strict=True)], rejects)


@dataclass(frozen=True, slots=True)
class _Row:
    """A pair on its way: ``place`` sorts it, by the law and then as it came."""

    place: tuple[int, int]
    said: Conversation
    trace: Trace
    grounding: Grounding
    rehearsal: bool


class _Steps:
    """Tells how many pairs are done, each of which takes two steps: traced, then looked at."""

    def __init__(self, progress: Callable[[int], None] | None) -> None:
        self._progress = progress
        self._steps = 0

    def step(self) -> None:
        self._steps += 1
        if self._progress is not None and self._steps % 2 == 0:
            self._progress(self._steps // 2)


def _order_of_law(sent: Sequence[Sequence[BuiltPrinciple]]) -> dict[str, int]:
    """The place of each principle: by file and path, as the longest list that has it says."""
    places: dict[str, tuple[tuple[int, str], tuple[int, ...]]] = {}
    for principles in sorted(sent, key=lambda each: (-len(each), [p.id for p in each])):
        for each in principles:
            places.setdefault(each.id, ((len(each.file), each.file), each.path))
    ordered = sorted(places, key=lambda id: (places[id], id))
    return {id: n for n, id in enumerate(ordered)}


def _pair(row: _Row) -> Pair:
    question, answer = row.said.question, row.said.answer
    flags = [*row.trace.flags, *said_badly(question, answer)]
    if row.rehearsal or row.said.rehearsal:
        flags.append("rehearsal")
    principle = row.trace.principle
    if principle is not None:
        flags += row.grounding.flags(question, answer, principle)
    return Pair(
        pair_id(question, answer),
        row.said.messages,
        question,
        answer,
        principle.id if principle is not None else None,
        principle.citation if principle is not None else None,
        round(min(1.0, max(0.0, row.trace.match)), 4),
        tuple(flags),
    )


def _flagged(pair: Pair, more: Iterable[str]) -> Pair:
    flags = sorted({*pair.flags, *more}, key=lambda flag: _ORDER.get(flag, len(_ORDER)))
    return replace(pair, flags=tuple(flags))


# -- the file --------------------------------------------------------------------------------


def write_pairs(path: Path, pairs: Iterable[Pair]) -> None:
    """Write ``pairs.parquet``, whole or not at all; the same pairs give the same bytes."""
    rows = iter(pairs)
    with written_aside(path) as aside:
        with pq.ParquetWriter(aside, SCHEMA, compression="zstd") as writer:
            while batch := list(islice(rows, AT_ONCE)):
                writer.write_table(_table(batch), row_group_size=AT_ONCE)
        with aside.open("rb+") as written:
            os.fsync(written.fileno())


def _table(pairs: Sequence[Pair]) -> pa.Table:
    columns = {name: [getattr(pair, name) for pair in pairs] for name in SCHEMA.names}
    columns["messages"] = [
        [{"role": turn.role, "content": turn.content} for turn in pair.messages] for pair in pairs
    ]
    return pa.table(columns, schema=SCHEMA)


def read_pairs(path: Path) -> list[Pair]:
    """The pairs of a file that `write_pairs` wrote; UsageError for any other."""
    return list(iterate_pairs(path))


def iterate_pairs(path: Path) -> Iterator[Pair]:
    """The pairs of a file one by one, of which only a part is in memory.

    Another program may have saved it: only the names of the columns matter, not their order,
    nor how wide their types are. UsageError where a pair is not named by its own text: whatever
    was decided by that name would be applied to words that nobody saw.
    """
    number = 0
    try:
        with pq.ParquetFile(path) as file:
            missing = [name for name in SCHEMA.names if name not in file.schema_arrow.names]
            if missing:
                raise _no_pairs(path, f"has no column {missing[0]}")
            for batch in file.iter_batches(2048, columns=SCHEMA.names, use_threads=False):
                for row in batch.to_pylist():
                    number += 1
                    pair = _read(row)
                    reason = _misnamed(pair)
                    if reason:
                        raise _no_pairs(path, f"was changed: in row {number} {reason}")
                    yield pair
    except FileNotFoundError:
        raise UsageError(
            f"{path} is not there; collect pairs with `tribonian align run` first."
        ) from None
    except OSError as error:
        raise _no_pairs(path, f"cannot be read ({error.strerror or _line(error)})") from None
    except (pa.ArrowException, ValueError, TypeError, KeyError) as error:
        where = f" in row {number}" if number else ""
        raise _no_pairs(path, f"is damaged{where} ({_line(error)})") from None


def _read(row: dict[str, Any]) -> Pair:
    texts = [row["pair"], row["question"], row["answer"]]
    if not all(isinstance(each, str) for each in texts) or not isinstance(row["messages"], list):
        raise ValueError("a pair without its name, question, answer or messages")
    turns = [Message(str(turn["role"]), str(turn["content"])) for turn in row["messages"]]
    return Pair(
        row["pair"],
        tuple(turns),
        row["question"],
        row["answer"],
        row["principle_id"] or None,
        row["citation"] or None,
        float(row["match"] or 0),
        tuple(map(str, row["flags"] or ())),
    )


def _misnamed(pair: Pair) -> str:
    """Why the name of a pair is not that of its text; empty where it is."""
    if pair.pair != pair_id(pair.question, pair.answer):
        return "question or answer are not those that the pair is named by"
    for role, text in (("user", pair.question), ("assistant", pair.answer)):
        if said(pair.messages, role).strip() != text.strip():
            return f"the messages of the {role} are not what the pair says"
    return ""


def _no_pairs(path: Path, reason: str) -> UsageError:
    return UsageError(
        f"{path} {reason}; write it anew from what was received with `tribonian align collect`, "
        "and change texts by an edit in `tribonian review`."
    )


def _line(error: BaseException) -> str:
    return " ".join(str(error).split())[:160]
