"""What each page shows, ready for its template."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from tribonian.align.decisions import TWICE, Decision, Decisions, Verdict
from tribonian.align.review.blocks import blocks
from tribonian.align.review.doubts import marked_answer
from tribonian.align.review.queue import (
    MATCHES,
    STATES,
    Filter,
    in_words,
    is_in,
    neighbours,
    progress,
    undecided,
)
from tribonian.align.review.shelf import Reading, Row
from tribonian.align.review.source import Source, source_of
from tribonian.align.review.twins import Twin, twins
from tribonian.align.review.words import Segment, differences
from tribonian.schemas.pair import FLAGS

A_PAGE = 50  # pairs of the list
BESIDE = 12  # other pairs of the same principle
REASONS = (
    "wrong in law", "not in the source", "number or date is wrong", "incomplete",
    "unclear question", "trivial", TWICE,
)  # fmt: skip
_SHORT = 40  # letters of a reason that fits on a button
_USUAL = 9  # reasons on buttons: one key each

VERDICTS = {"accept": "accepted", "edit": "edited", "reject": "rejected", None: "undecided"}


def pages() -> Environment:
    """The templates; everything that they show is escaped."""
    folder = Path(__file__).parent / "templates"
    found = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.globals.update(
        FLAGS=FLAGS, STATES=STATES, MATCHES=MATCHES, VERDICTS=VERDICTS, pair_address=pair_address
    )
    found.filters["blocks"] = blocks
    found.filters["number"] = lambda n: f"{n:,}"
    return found


def pair_address(pair: str, chosen: Filter, act: str = "") -> str:
    """Where a pair is shown, or something is done with it, under a filter."""
    return f"/pair/{quote(pair, safe='')}{act}{chosen.query}"


@dataclass(frozen=True, slots=True)
class Line:
    """A pair as a line of a list."""

    row: Row
    verdict: Verdict
    label: str


@dataclass(frozen=True, slots=True)
class Stood:
    """A decision that stands; an edit with what it changed."""

    decision: Decision
    question: list[Segment]
    answer: list[Segment]


def of_all(reading: Reading, chosen: Filter, me: str) -> dict[str, Any]:
    """What every page shows at its head."""
    return {
        "filter": chosen,
        "chosen": [(text, chosen.but(**{key: ""})) for key, text in in_words(chosen)],
        "progress": progress(reading),
        "bad": reading.decisions.bad,
        "torn": reading.decisions.torn,
        "me": me,
        "flags": reading.shelf.flags,
    }


def _line(reading: Reading, n: int) -> Line:
    row = reading.shelf.rows[n]
    texts = reading.shelf.principles.get(row.principle_id or "", [])
    label = texts[0].label if texts else row.citation or "untraced"
    return Line(row, reading.decisions.of(row.pair), label)


def of_list(
    reading: Reading, chosen: Filter, me: str, places: Sequence[int], page: int
) -> dict[str, Any]:
    """One page of the list, from 1; a page that there is not is the last one."""
    pages = max(1, -(-len(places) // A_PAGE))
    page = min(max(1, page), pages)
    some = places[(page - 1) * A_PAGE : page * A_PAGE]
    return {
        **of_all(reading, chosen, me),
        "lines": [_line(reading, n) for n in some],
        "page": page,
        "pages": pages,
        "first": (page - 1) * A_PAGE + 1,
        "total": len(places),
        "open": len(undecided(reading, places, chosen, me)),
    }


@dataclass(frozen=True, slots=True)
class Shown:
    """A pair beside its principle."""

    row: Row
    verdict: Verdict
    answer: list[Segment]
    question_now: str
    answer_now: str
    stood: list[Stood]
    mine: Decision | None
    source: Source | None
    beside: list[Line]
    beside_more: int
    twins: list[Twin]
    match_words: str


def match_in_words(row: Row) -> str:
    """How surely a pair was traced, in words."""
    if "untraced" in row.flags or row.principle_id is None:
        return "no principle has its words"
    if "ambiguous" in row.flags:
        return "another principle fits nearly as well"
    if row.match >= MATCHES["high"][0]:
        return "most likely from this principle"
    return (
        "probably from this principle"
        if row.match >= MATCHES["middle"][0]
        else "perhaps from another principle"
    )


def of_pair(
    reading: Reading, chosen: Filter, me: str, places: Sequence[int], n: int
) -> dict[str, Any]:
    """One pair with everything beside it."""
    shelf, decisions = reading.shelf, reading.decisions
    row = shelf.rows[n]
    verdict = decisions.of(row.pair)
    source = source_of(shelf, row)
    question, answer = verdict.texts(row.question, row.answer)
    others = [m for m in shelf.of_principle.get(row.principle_id or "", []) if m != n]
    before, behind = neighbours(places, n)
    stood = [_stood(row, each) for each in decisions.standing(row.pair)]
    return {
        **of_all(reading, chosen, me),
        "shown": Shown(
            row,
            verdict,
            marked_answer(shelf, row, source.principle if source is not None else None),
            question,
            answer,
            stood,
            next((each.decision for each in stood if each.decision.reviewer == me), None),
            source,
            [_line(reading, m) for m in others[:BESIDE]],
            max(0, len(others) - BESIDE),
            twins(reading, n),
            match_in_words(row),
        ),
        "position": _position(places, n),
        "total": len(places),
        "before": None if before is None else shelf.rows[before].pair,
        "behind": None if behind is None else shelf.rows[behind].pair,
        "reasons": _reasons(decisions),
        "open": len(undecided(reading, places, chosen, me)),
    }


def _position(places: Sequence[int], n: int) -> int | None:
    return next((at for at, m in enumerate(places, 1) if m == n), None)


def _stood(row: Row, decision: Decision) -> Stood:
    if decision.decision != "edit":
        return Stood(decision, [], [])
    question = row.question if decision.question is None else decision.question
    answer = row.answer if decision.answer is None else decision.answer
    return Stood(decision, differences(row.question, question), differences(row.answer, answer))


def _reasons(decisions: Decisions) -> list[str]:
    """The reasons that were given most often, then the usual ones."""
    given = [each for each in decisions.reasons.most_common(50) if len(each[0]) <= _SHORT]
    often = [reason for reason, times in given[:_USUAL] if times > 1]
    return list(dict.fromkeys((*often, *REASONS)))[:_USUAL]


def digest_of(pairs: Iterable[str]) -> str:
    """A name for some pairs, by which it is known whether they are still the same."""
    return hashlib.sha256("\n".join(pairs).encode()).hexdigest()


def of_accept_all(
    reading: Reading, chosen: Filter, me: str, places: Sequence[int]
) -> dict[str, Any]:
    """What accepting all pairs of a filter would do."""
    wanting = undecided(reading, places, chosen, me)
    rows = [reading.shelf.rows[n] for n in wanting]
    flagged = Counter(flag for row in rows for flag in row.flags if flag != "rehearsal")
    rejected = sum(is_in(reading.decisions.of(row.pair), "reject") for row in rows)
    return {
        **of_all(reading, chosen, me),
        "count": len(rows),
        "confirmed": digest_of(row.pair for row in rows),
        "total": len(places),
        "flagged": flagged.most_common(),
        "some": [_line(reading, n) for n in wanting[:8]],
        "rejected": rejected,
    }
