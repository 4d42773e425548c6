"""What the eCFR holds of each title, and for which days: ``titles.json``, and dates asked for.

``GET /api/versioner/v1/titles.json``. A title is served for every day from 2017-01-01 to its
``up_to_date_as_of``, which is one or two working days behind the calendar; ``latest_issue_date``
is only the last day on which something changed. Title 35 is reserved: all of its dates are null.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from tribonian.errors import DocumentError, UsageError
from tribonian.ingest.web.answer import WebError

FIRST_DAY = "2017-01-01"  # the point-in-time system begins then
_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def is_date(text: object) -> bool:
    """Whether this is a day of the calendar, written YYYY-MM-DD: 2024-02-30 is none."""
    if not isinstance(text, str) or not _ISO_DATE.fullmatch(text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def check_date(text: str) -> str:
    """The date as asked for; UsageError for one that is no day of the calendar."""
    if not is_date(text):
        raise UsageError(
            f"{text!r} is no date; write the day as YYYY-MM-DD, for example 2024-06-01."
        )
    return text


@dataclass(frozen=True, slots=True)
class TitleDates:
    """One title as ``titles.json`` tells it; ``up_to_date_as_of`` is None where it is reserved."""

    number: int
    name: str
    up_to_date_as_of: str | None
    reserved: bool = False


def parse_titles(data: bytes) -> dict[int, TitleDates]:
    """The titles by their number, from the bytes of the API's answer; WebError for others.

    ``meta.import_in_progress`` and ``processing_in_progress`` say that something is renewed
    at the moment; the days that are named are served all the same.
    """
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        raise WebError(
            "The eCFR's list of titles is not JSON; try again in some minutes."
        ) from None
    rows = found.get("titles") if isinstance(found, dict) else None
    titles = [_title(row) for row in rows] if isinstance(rows, list) else []
    if not titles or None in titles:
        raise WebError(
            "The eCFR's list of titles is not as its API describes it; check the address of the "
            "server, or try again in some minutes."
        )
    return {title.number: title for title in titles if title is not None}


def _title(row: Any) -> TitleDates | None:
    if not isinstance(row, dict) or type(row.get("number")) is not int:
        return None
    newest = row.get("up_to_date_as_of")
    return TitleDates(
        number=row["number"],
        name=str(row.get("name") or ""),
        up_to_date_as_of=newest if is_date(newest) else None,
        reserved=row.get("reserved") is True,
    )


def as_of(titles: dict[int, TitleDates], number: int, asked: str | None) -> str:
    """The day for which a title is to be fetched: the one asked for, else its newest.

    Never the clock: today's text is not there before tomorrow. A title that is reserved or
    unknown, or a day that the eCFR cannot have, is a DocumentError that names the nearest
    day there is.
    """
    title = titles.get(number)
    if title is None:
        raise DocumentError(
            f"The eCFR has no title {number}, but {_listed(sorted(titles))}; correct the number."
        )
    newest = title.up_to_date_as_of
    if title.reserved or newest is None:
        what = "is reserved" if title.reserved else "has no date in the eCFR"
        raise DocumentError(
            f"Title {number} of the CFR {what}: there is no text; ask for another title."
        )
    if asked is None:
        return newest
    if asked < FIRST_DAY:
        raise DocumentError(
            f"The eCFR has no text of title {number} for {asked}, since it begins on "
            f"{FIRST_DAY}; the nearest date is {FIRST_DAY}."
        )
    if asked > newest:
        raise DocumentError(
            f"The eCFR has no text of title {number} for {asked} yet; the nearest date is "
            f"{newest}, to which it is up to date."
        )
    return asked


def _listed(numbers: list[int]) -> str:
    """``1 to 50``; a mirror may have a few only, ``1, 3 and 21``."""
    if len(numbers) == 1:
        return f"title {numbers[0]} only"
    if numbers == list(range(numbers[0], numbers[-1] + 1)):
        return f"titles {numbers[0]} to {numbers[-1]}"
    *most, last = map(str, numbers)
    return f"titles {', '.join(most)} and {last}"


def first_issue(data: bytes, day: str) -> str | None:
    """The first day, from this one on, on which a title was issued, from ``versions/title-N``.

    None where the answer does not tell it.
    """
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        return None
    rows = found.get("content_versions") if isinstance(found, dict) else None
    issued: list[str] = []
    for row in rows if isinstance(rows, list) else []:
        issue = row.get("issue_date") if isinstance(row, dict) else None
        if isinstance(issue, str) and is_date(issue) and issue >= day:
            issued.append(issue)
    return min(issued, default=None)
