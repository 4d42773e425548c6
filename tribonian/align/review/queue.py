"""Which pairs are shown, in which order, and which one comes next."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from urllib.parse import urlencode

from tribonian.align.decisions import Decisions, Verdict
from tribonian.align.review.shelf import Reading, Row

# state in an address -> what it is called
STATES: dict[str, str] = {
    "undecided": "undecided",
    "not-mine": "undecided by me",
    "accept": "accepted",
    "edit": "edited",
    "reject": "rejected",
    "disagreement": "disagreement",
}
# band in an address -> (from, below, what it is called); `match` is how surely it was traced
MATCHES: dict[str, tuple[float, float, str]] = {
    "high": (0.75, 2.0, "match of 0.75 and more"),
    "middle": (0.5, 0.75, "match of 0.50 to 0.75"),
    "low": (-1.0, 0.5, "match below 0.50"),
}
ANY, NONE = "any", "none"  # flag: whichever; no flag but that of the rehearsal
_TERM = re.compile(r'"([^"]+)"|(\S+)')


@dataclass(frozen=True, slots=True)
class Filter:
    """What of the pairs is shown; an empty value does not restrict."""

    flag: str = ""
    state: str = ""
    match: str = ""
    q: str = ""
    principle: str = ""
    reviewer: str = ""

    @property
    def query(self) -> str:
        """The filter as it stands in an address, "" or with its question mark."""
        given = {each.name: getattr(self, each.name) for each in fields(self)}
        text = urlencode({key: value for key, value in given.items() if value})
        return f"?{text}" if text else ""

    def but(self, **changes: str) -> Filter:
        """The same filter with other values."""
        return replace(self, **changes)

    def __bool__(self) -> bool:
        return bool(self.query)


def filter_of(given: Mapping[str, str]) -> Filter:
    """The filter of an address; a value that means nothing does not restrict."""
    values = {each.name: str(given.get(each.name) or "").strip()[:500] for each in fields(Filter)}
    if values["state"] not in STATES:
        values["state"] = ""
    if values["match"] not in MATCHES:
        values["match"] = ""
    return Filter(**values)


def in_words(chosen: Filter) -> list[tuple[str, str]]:
    """What a filter restricts, each with the name of its field: ``("state", "accepted")``."""
    words = {
        "flag": {ANY: "with a flag", NONE: "without a flag"}.get(chosen.flag, chosen.flag),
        "state": STATES.get(chosen.state, ""),
        "match": MATCHES[chosen.match][2] if chosen.match else "",
        "q": f"words: {chosen.q}" if chosen.q else "",
        "principle": f"principle {chosen.principle}" if chosen.principle else "",
        "reviewer": f"decided by {chosen.reviewer}" if chosen.reviewer else "",
    }
    return [(field, text) for field, text in words.items() if text]


def shown(reading: Reading, chosen: Filter, me: str) -> list[int]:
    """The indexes of the rows that a filter lets through, in their order."""
    shelf, decisions = reading.shelf, reading.decisions
    places: Sequence[int] = range(len(shelf.rows))
    if chosen.principle:
        places = shelf.of_principle.get(chosen.principle, [])
    if chosen.q:
        terms = [(a or b).casefold() for a, b in _TERM.findall(chosen.q)]
        sought = shelf.sought()
        places = [n for n in places if all(term in sought[n] for term in terms)]
    tests = [*_of_row(chosen), *_of_state(chosen, decisions, me)]
    return [n for n in places if all(test(shelf.rows[n]) for test in tests)]


def _of_row(chosen: Filter) -> list[Callable[[Row], bool]]:
    tests: list[Callable[[Row], bool]] = []
    if chosen.flag == ANY:
        tests.append(lambda row: any(flag != "rehearsal" for flag in row.flags))
    elif chosen.flag == NONE:
        tests.append(lambda row: all(flag == "rehearsal" for flag in row.flags))
    elif chosen.flag:
        tests.append(lambda row: chosen.flag in row.flags)
    if chosen.match:
        lowest, below, _ = MATCHES[chosen.match]
        tests.append(lambda row: lowest <= row.match < below)
    return tests


def _of_state(chosen: Filter, decisions: Decisions, me: str) -> list[Callable[[Row], bool]]:
    tests: list[Callable[[Row], bool]] = []
    decided = decisions.pairs()
    if chosen.state == "undecided":
        tests.append(lambda row: row.pair not in decided)
    elif chosen.state == "not-mine":
        tests.append(lambda row: not _is_by(decisions, row.pair, me))
    elif chosen.state:
        tests.append(
            lambda row: row.pair in decided and is_in(decisions.of(row.pair), chosen.state)
        )
    if chosen.reviewer:
        tests.append(lambda row: _is_by(decisions, row.pair, chosen.reviewer))
    return tests


def _is_by(decisions: Decisions, pair: str, reviewer: str) -> bool:
    return any(each.reviewer == reviewer for each in decisions.standing(pair))


def is_in(verdict: Verdict, state: str) -> bool:
    """Whether a verdict is in one of `STATES`; "not-mine" is not asked here."""
    if state == "disagreement":
        return verdict.disagreement
    return (verdict.decision or "undecided") == state


def undecided(reading: Reading, places: Sequence[int], chosen: Filter, me: str) -> list[int]:
    """Of some rows those that still want a decision: of anybody, or, if so filtered, of me."""
    rows, decisions = reading.shelf.rows, reading.decisions
    if chosen.state == "not-mine":
        return [n for n in places if not _is_by(decisions, rows[n].pair, me)]
    decided = decisions.pairs()
    return [n for n in places if rows[n].pair not in decided]


def next_of(places: Sequence[int], after: int) -> int | None:
    """The first place behind one, else the first of all but it; None where there is no other."""
    behind = next((n for n in places if n > after), None)
    if behind is None:
        behind = next((n for n in places if n != after), None)
    return behind


def neighbours(places: Sequence[int], of: int) -> tuple[int | None, int | None]:
    """The places before and behind one, which need not be among them itself."""
    before = next((n for n in reversed(places) if n < of), None)
    behind = next((n for n in places if n > of), None)
    return before, behind


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the review of all pairs is; ``by`` counts the decisions of each reviewer."""

    pairs: int
    decided: int
    accept: int
    edit: int
    reject: int
    disagreement: int
    by: Mapping[str, int]
    strangers: int

    @property
    def share(self) -> float:
        """The share of the pairs that are decided, 0 to 1."""
        return self.decided / self.pairs if self.pairs else 0.0


@lru_cache(maxsize=2)  # a reading is one as long as nothing changes
def progress(reading: Reading) -> Progress:
    """The counts over all pairs; decisions about pairs that are no more are counted apart."""
    counts = {"accept": 0, "edit": 0, "reject": 0}
    disagreements = strangers = 0
    for pair in reading.decisions.pairs():
        if pair not in reading.shelf.place:
            strangers += 1
            continue
        verdict = reading.decisions.of(pair)
        counts[verdict.decision or "accept"] += 1
        disagreements += verdict.disagreement
    return Progress(
        len(reading.shelf.rows),
        sum(counts.values()),
        **counts,
        disagreement=disagreements,
        by=reading.decisions.by_reviewer(),
        strangers=strangers,
    )
