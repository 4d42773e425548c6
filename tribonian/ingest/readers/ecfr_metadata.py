"""``hierarchy_metadata``, the JSON by which the eCFR says of which title and date a unit is.

On parts and subparts it is escaped twice, in the XML and on the pages alike.
"""

from __future__ import annotations

import html
import json
import re

from tribonian.ingest.record import Reading


def note_metadata(value: str | None, reading: Reading) -> str:
    """Note title and date where they are not known yet; the path of the unit is returned."""
    for text in (value, html.unescape(value)) if value else ():
        try:
            data = json.loads(text)
        except ValueError:
            continue
        if not isinstance(data, dict):
            return ""
        path = str(data.get("path", ""))
        found = re.match(r"(\d{1,2}) CFR\b", str(data.get("citation", "")))
        if found and reading.title is None:
            reading.title = found[1]
        dated = re.match(r"/on/(\d{4}-\d{2}-\d{2})/", path)
        if dated and reading.as_of is None:
            reading.as_of = dated[1]
        return path
    return ""
