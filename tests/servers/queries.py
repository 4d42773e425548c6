"""What a request says of dates, units and whoever asks, and whether the API takes it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date

from tests.servers.titles import HIERARCHY
from tests.servers.wire import Answer, error_answer

# What has to be said beside a unit: one of these sets of larger units (the API's description).
_NEEDS = {
    "subchapter": (("chapter",),),
    "subpart": (("part",),),
    "section": (("part",),),
    "appendix": (("subtitle",), ("chapter",), ("part",)),
}


def is_day(text: str) -> bool:
    """Is this a day of the calendar, written YYYY-MM-DD?"""
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return False
    with suppress(ValueError):
        date.fromisoformat(text)
        return True
    return False


def is_within(day: str, limits: Mapping[str, str]) -> bool:
    """Does a day keep the limits ``on``, ``lte`` and ``gte``?"""
    return (
        day == limits.get("on", day)
        and day <= limits.get("lte", day)
        and day >= limits.get("gte", day)
    )


def hierarchy_in(
    query: Sequence[tuple[str, str]], needed: bool
) -> tuple[dict[str, str], Answer | None]:
    """The numbers that are said, or the refusal of a query that is no path to a unit."""
    said = {}
    for name, value in query:
        if name not in HIERARCHY:
            return {}, error_answer(400, f"Found unpermitted parameter: :{name}.")
        if value:
            said[name] = value
    for name, ways in _NEEDS.items():
        if name in said and not any(set(way) <= said.keys() for way in ways):
            if name != "subchapter" and not needed:
                continue
            if name == "subchapter" and "subtitle" in said:
                continue  # 45 CFR subtitle A subchapter A: there is no chapter
            wanted = " or ".join(way[0] for way in ways)
            return {}, error_answer(400, f"Bad parameters: {name} requires {wanted}.")
    return said, None


def is_strange(headers: Mapping[str, str]) -> bool:
    """Does whoever asks not say what it accepts, or who it is?"""
    accept, agent = headers.get("accept", ""), headers.get("user-agent", "")
    return not accept or not agent or agent.lower().startswith("python")
