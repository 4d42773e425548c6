"""``hierarchy_metadata`` as the API writes it, for a unit that has been cut out."""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass

from tribonian.ingest.ecfr.scanning import Div
from tribonian.ingest.ecfr.units import CfrUnit
from tribonian.ingest.readers.ecfr_metadata import parsed
from tribonian.ingest.readers.ecfr_names import cite, plain_number, split_head

_WRITTEN = re.compile(rb"""\shierarchy_metadata\s*=\s*(?:"[^"]*"|'[^']*')""")
# The API's own placeholder, where no date is known.
NO_DATE = "_SUBSTITUTE_DATE_"
# What the path of a unit names above it: /title-12/part-1005/subpart-A, but /title-12/part-1005
# and /title-12/section-1005.1 (answers of the API), and the whole way to what it does not slice.
_LARGE = ("subtitle", "chapter", "subchapter")
_NAMED_ABOVE = {
    "subtitle": _LARGE,
    "chapter": _LARGE,
    "subchapter": _LARGE,
    "part": (),
    "subpart": ("part",),
    "subject-group": ("part", "subpart"),
    "section": (),
    "appendix": ("part",),
}


@dataclass(frozen=True, slots=True)
class Metadata:
    """The JSON for the root of a document; ``changed`` unless it stands there so already."""

    value: str
    changed: bool


def metadata_of(div: Div, asked: CfrUnit, date: str | None) -> Metadata:
    """What ``hierarchy_metadata`` is to say of a unit; what it says already is kept."""
    there = div.attributes.get("hierarchy_metadata")
    said = parsed(there)
    path, citation = _path_and_citation(div, asked, date or NO_DATE)
    if isinstance(said.get("path"), str):
        path = said["path"].replace(NO_DATE, date) if date else said["path"]
    if isinstance(said.get("citation"), str):
        citation = said["citation"]
    told = {**said, "path": path, "citation": citation}
    return Metadata(json.dumps(told, separators=(",", ":")), told != said)


def _path_and_citation(div: Div, asked: CfrUnit, date: str) -> tuple[str, str]:
    by_kind = {step.kind: step for step in div.path}
    path = f"/on/{date}/title-{asked.title}"
    title = str(asked.title)
    above = f"{title} CFR"
    for kind in _NAMED_ABOVE[div.kind]:
        step = by_kind.get(kind)
        # What stands above the root of the document is taken as it was asked for.
        number = plain_number(step.number) if step else asked.said.get(kind, "")
        if kind == div.kind or not number:
            continue
        designator = split_head(kind, step.head, step.number)[0] if step else ""
        path += f"/{kind}-{number}"
        above = cite(title, kind, number, designator, above) or above
    if div.kind == "appendix":
        return f"{path}/appendix-{div.number}", f"{div.number}, Title {title}"
    path += f"/{div.kind}-{plain_number(div.number)}"
    designator = split_head(div.kind, div.head, div.number)[0]
    return path, cite(title, div.kind, div.number, designator, above) or above


def path_of(unit: CfrUnit, date: str) -> str:
    """The path of a unit by its own numbers: ``/on/2026-01-29/title-21/chapter-I``."""
    path = f"/on/{date}/title-{unit.title}"
    kind = unit.kind
    for name, number in unit.said.items():
        if name.replace("_", "-") in (*_NAMED_ABOVE.get(kind, ()), kind):
            path += f"/{name.replace('_', '-')}-{number}"
    return path


def tag_with(tag: bytes, value: str) -> bytes:
    """The first tag of an element with ``hierarchy_metadata``, the rest of it as it is."""
    tag = _WRITTEN.sub(b"", tag)
    close = len(tag) - (2 if tag.endswith(b"/>") else 1)
    written = html.escape(value).encode("ascii")
    return b"".join((tag[:close].rstrip(), b' hierarchy_metadata="', written, b'"', tag[close:]))
