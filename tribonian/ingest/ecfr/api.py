"""The addresses of the eCFR's API, below a server or a mirror of it.

Documented at https://www.ecfr.gov/developers/documentation/api/v1.
"""

from __future__ import annotations

from urllib.parse import quote, urlencode

from tribonian.ingest.ecfr.units import CfrUnit

_VERSIONER = "/api/versioner/v1"
# The parameters of ``full``, in the order in which the API's own pages write them.
PARAMETERS = ("subtitle", "chapter", "subchapter", "part", "subpart", "section", "appendix")


def titles_url(base: str) -> str:
    """Where it says which titles there are, and to which day."""
    return f"{base.rstrip('/')}{_VERSIONER}/titles.json"


def structure_url(base: str, title: int, day: str) -> str:
    """Where the units of a title are, without text."""
    return f"{base.rstrip('/')}{_VERSIONER}/structure/{day}/title-{title}.json"


def versions_url(base: str, title: int, day: str) -> str:
    """Where it says what was issued from a day on."""
    since = quote("issue_date[gte]")
    return f"{base.rstrip('/')}{_VERSIONER}/versions/title-{title}.json?{since}={day}"


def full_url(base: str, title: int, day: str, **said: str) -> str:
    """Where the XML of a title is, or of the unit in it that is said: ``part="11"``."""
    query = urlencode([(name, said[name]) for name in PARAMETERS if said.get(name)],
                      quote_via=quote)  # fmt: skip
    address = f"{base.rstrip('/')}{_VERSIONER}/full/{day}/title-{title}.xml"
    return f"{address}?{query}" if query else address


def parameters(unit: CfrUnit) -> dict[str, str] | None:
    """What to ask for so that the answer is the unit, or what it stands in most closely.

    None for what only the part holds: a subject group is no parameter.
    """
    for name in ("section", "appendix", "subpart"):
        if value := unit.said.get(name):
            return {"part": unit.part, name: value}
    return None
