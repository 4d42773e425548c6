"""``hierarchy_metadata``, the JSON by which the eCFR says of which title and date a unit is.

On parts and subparts it is escaped twice, in the XML and on the pages alike.
"""

from __future__ import annotations

import html
import json
import re
from typing import Any, NamedTuple

from tribonian.ingest.readers.ecfr_names import cite
from tribonian.ingest.record import Reading

_TITLE_CITED = re.compile(r"(\d{1,2}) CFR\b")
_TITLE_IN_PATH = re.compile(r"/title-(\d{1,2})(?=/|$)")
_DATE_IN_PATH = re.compile(r"/on/(\d{4}-\d{2}-\d{2})/")
_STEP = re.compile(r"/(subtitle|chapter|subchapter|part|subpart)-([^/]+)")


class Said(NamedTuple):
    """What the metadata of a unit say; "" or None where they do not.

    ``paragraph`` is our own: the one paragraph of a section that was asked for; so is
    ``assembled``: the unit was put together from the answers for its parts.
    """

    path: str = ""
    title: str | None = None
    date: str | None = None
    paragraph: str = ""
    citation: str = ""
    assembled: bool = False


def parsed(value: str | None) -> dict[str, Any]:
    """The JSON, escaped once or twice, as a mapping; empty where there is none."""
    for text in (value, html.unescape(value)) if value else ():
        try:
            data = json.loads(text)
        except (ValueError, RecursionError):
            continue
        return data if isinstance(data, dict) else {}
    return {}


def said_by(value: str | None) -> Said:
    """Title, date and path that the metadata say.

    The citation of an appendix has no CFR in it (``Appendix A to Part 50, Title 40``), so the
    title is taken from the path as well.
    """
    data = parsed(value)
    path = str(data.get("path", ""))
    title = _TITLE_CITED.match(str(data.get("citation", ""))) or _TITLE_IN_PATH.search(path)
    date = _DATE_IN_PATH.match(path)
    return Said(
        path,
        title[1] if title else None,
        date[1] if date else None,
        str(data.get("paragraph", "")),
        str(data.get("citation", "")),
        data.get("assembled") is True,
    )


def note_metadata(value: str | None, reading: Reading) -> str:
    """Note title and date where they are not known yet; the path of the unit is returned."""
    said = said_by(value)
    if reading.title is None:
        reading.title = said.title
    if reading.as_of is None:
        reading.as_of = said.date
    if said.assembled:
        reading.note("assembled-from-parts", assembled_sentence(said.citation, said.date))
    return said.path


def assembled_sentence(citation: str, date: str | None) -> str:
    """What may be missing from a unit that was put together from the answers for its parts."""
    of_date = f" of {date}" if date else ""
    return (
        f"{citation}{of_date} was put together from the answers for its parts and appendices, "
        "since the whole title could not be had; headings between them are printed in capitals, "
        "and notes that stand straight under a title, chapter or subchapter are not in it: fetch "
        "it again later for those."
    )


def cited_above(path: str, title: str | None) -> str:
    """The citation of the unit that the unit at a path stands in: ``21 CFR Chapter I``.

    A root needs it that is cited with what is above it; "" where the path does not tell.
    """
    above = ""
    for kind, number in _STEP.findall(path.rpartition("/")[0]):
        above = cite(title, kind, number, "", above) or above
    return above
