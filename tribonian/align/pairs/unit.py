"""The unit of law that a principle is a piece of, by its id."""

from __future__ import annotations

import re

# Steps of an id above a section: title, subtitle, chapter, subchapter, part, subpart.
_ABOVE = re.compile(r"(?:t|st|ch|sch|pt|spt)(?=[\dA-Z])[\w.\-–]*")
_NUMBERED = re.compile(r"~\d+$")


def unit_of(principle_id: str) -> str:
    """The section of a piece: ``/us/cfr/t21/s701.3/b/2~2`` belongs to ``/us/cfr/t21/s701.3``.

    A container is a unit of its own. Pieces of one section teach one another's answers, so that
    they are never divided between training and validation.
    """
    steps = _NUMBERED.sub("", principle_id).strip("/").split("/")
    if steps[:2] != ["us", "cfr"]:
        return f"/{_NUMBERED.sub('', steps[0])}"
    kept = 2
    while kept < len(steps) and _ABOVE.fullmatch(steps[kept]):
        kept += 1
    return "/" + "/".join(_NUMBERED.sub("", step) for step in steps[: kept + 1])
