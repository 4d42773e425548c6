"""The rows beside a training file: where each of its rows comes from, and what was left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import orjson

from tribonian.align.dataset.entries import Entry, Texts


def origins(kept: Sequence[Entry], names: dict[str, str]) -> Iterator[bytes]:
    """One line a row, in the order of the files; ``names`` are these by their part."""
    numbers: Counter[str] = Counter()
    for entry in kept:
        numbers[entry.split] += 1
        yield orjson.dumps(
            {
                "file": names[entry.split],
                "row": numbers[entry.split],
                "split": entry.split,
                **_origin(entry),
                "tokens": entry.tokens,
                "disagreement": entry.disagreement,
                "other_answers": list(entry.other_answers),
            }
        )


def left_out(entry: Entry, texts: Texts) -> dict[str, object]:
    """A row that was left out: why, where it stands, and its text where it has any."""
    row = orjson.loads(texts.bytes_of(entry)) if entry.size else {}
    return {
        "reason": entry.reason,
        "detail": entry.detail,
        "flags": list(entry.flags),
        **_origin(entry),
        "tokens": entry.tokens,
        "messages": row.get("messages"),
    }


def _origin(entry: Entry) -> dict[str, object]:
    return {
        "source": entry.source.name,
        "unit": entry.source.unit,
        "number": entry.number,
        "pair": entry.pair,
        "principle_id": entry.principle_id,
        "citation": entry.citation,
        "decision": entry.decision,
        "reviewers": list(entry.reviewers),
    }
