"""A unit larger than a part, put together from the answers for its parts.

The server fails to give large titles half of the time, and gives a part nearly always. What
stands between the parts comes from the title's structure, which has the headings and no text.
"""

from __future__ import annotations

import html
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from tribonian.ingest.ecfr.hierarchy import NO_DATE, path_of, tag_with
from tribonian.ingest.ecfr.scanning import divs, opened
from tribonian.ingest.ecfr.slicing import find
from tribonian.ingest.ecfr.structure import StructureNode
from tribonian.ingest.ecfr.units import CfrUnit
from tribonian.ingest.readers.ecfr_metadata import assembled_sentence
from tribonian.ingest.readers.ecfr_names import KIND_OF, cite
from tribonian.schemas.finding import Finding

# Kind -> element and TYPE of what holds parts (eCFR XML User Guide 3.22-3.26).
_TAG_OF = {kind: tag for tag, kind in KIND_OF.items()}
_TYPE_OF = {
    "title": "TITLE",
    "subtitle": "SUBTITLE",
    "chapter": "CHAPTER",
    "subchapter": "SUBCHAP",
    "part": "PART",
}
_HOLDS_PARTS = frozenset(("title", "subtitle", "chapter", "subchapter"))
# Headings that the XML prints in capitals and the structure does not: all 47 chapters and
# subchapters of titles 1, 3, 4, 6 and 21 and all their parts; "Title 21—Food and Drugs".
_IN_CAPITALS = frozenset(("chapter", "subchapter", "part"))


def assemble(
    unit: CfrUnit,
    node: StructureNode,
    part_xml: Callable[[CfrUnit], Path],
    out: BinaryIO,
    date: str,
) -> list[Finding]:
    """Write the document of a title, subtitle, chapter or subchapter, as `slicing.cut` would.

    ``node`` is the unit in the structure of its title as of ``date`` (YYYY-MM-DD).
    ``part_xml`` gives the file with the API's answer for one unit, and is called for each part
    that is not reserved and each appendix straight under the unit or a unit in it, in the
    order of the law, with the numbers above it: ``CfrUnit(21, chapter="I", subchapter="G",
    part="701")``. Reserved parts and reserved units are written from the structure; ``unit``
    may itself be a reserved part.

    The document is the same as the cut one in every word, but for what the structure does not
    tell; the findings say so. Raises NoSuchUnitError for an answer that does not hold its part,
    and what ``part_xml`` raises.
    """
    out.write(b'<?xml version="1.0" encoding="UTF-8"?>\n')
    outermost = node.kind == "title"
    if outermost:
        out.write(b"<ECFR>\n")
    path, citation = path_of(unit, date or NO_DATE), _cited(unit, node)
    said: dict[str, object] = {"path": path, "citation": citation}
    if node.kind in _HOLDS_PARTS and _asks_for_answers(node):
        said["assembled"] = True  # so that whoever reads the file is told, too
    told = json.dumps(said, separators=(",", ":"))
    parts = _write(unit, node, part_xml, out, told)
    out.write(b"</ECFR>\n" if outermost else b"")
    if not parts:
        return []
    return [
        Finding(
            "assembled-from-parts",
            assembled_sentence(citation, date),
            locator=f"//{_TAG_OF[node.kind]}",
        )
    ]


def _write(
    unit: CfrUnit,
    node: StructureNode,
    part_xml: Callable[[CfrUnit], Path],
    out: BinaryIO,
    told: str | None = None,
) -> int:
    """One unit larger than a part, or a reserved one; how many answers are in it."""
    if node.kind not in _HOLDS_PARTS and not _is_told_by_structure(node):
        _copy(unit, part_xml(unit), out)
        return 1
    tag = f'<{_TAG_OF[node.kind]} N="{html.escape(node.identifier)}" TYPE="{_TYPE_OF[node.kind]}">'
    first = tag.encode("ascii", "xmlcharrefreplace")
    out.write(tag_with(first, told) if told else first)
    out.write(f"\n<HEAD>{html.escape(head_of(node), quote=False)}</HEAD>\n\n".encode())
    answers = sum(_write(each, child, part_xml, out) for each, child in _below(unit, node))
    out.write(f"</{_TAG_OF[node.kind]}>\n\n".encode("ascii"))
    return answers


def _asks_for_answers(node: StructureNode) -> bool:
    """Whether anything in it is not told by the structure alone."""
    if node.kind not in _HOLDS_PARTS:
        return not _is_told_by_structure(node)
    return any(map(_asks_for_answers, node.children))


def _is_told_by_structure(node: StructureNode) -> bool:
    """A reserved part, which has a HEAD and nothing else (all 36 in titles 1, 3, 4, 6, 21)."""
    return node.kind == "part" and node.reserved and not node.children


def _below(unit: CfrUnit, node: StructureNode) -> Iterator[tuple[CfrUnit, StructureNode]]:
    for child in node.children:
        name = child.kind.replace("-", "_")
        yield replace(unit, **{name: child.identifier}), child  # type: ignore[arg-type]


def _copy(unit: CfrUnit, path: Path, out: BinaryIO) -> None:
    """The element of a unit out of the answer for it, in UTF-8, its bytes as they are there."""
    with path.open("rb") as file, opened(file) as source:
        for div in find(divs(source), unit):
            data = source.data[div.start : div.end]
            if source.encoding.upper() not in ("UTF-8", "UTF8", "US-ASCII", "ASCII"):
                data = data.decode(source.encoding).encode("utf-8")
            out.write(data)
            out.write(b"\n\n")


def head_of(node: StructureNode) -> str:
    """The heading of a unit as the XML prints it: ``SUBCHAPTER G—COSMETICS``.

    The structure has ``Subchapter G - Cosmetics``, in two halves as well. Capitals within
    a heading in capitals, as of McKinney, cannot be known from it.
    """
    level, rest = node.label_level, node.label_description
    if not level:
        level, _, rest = node.label.partition(" - ")
        if not rest and level.lower().endswith("[reserved]"):
            level, rest = level[: -len("[reserved]")].rstrip(), "[Reserved]"
    head = f"{level} {rest}" if rest.startswith("[") else f"{level}—{rest}" if rest else level
    return head.upper() if node.kind in _IN_CAPITALS else head


def _cited(unit: CfrUnit, node: StructureNode) -> str:
    if node.kind == "part":
        return cite(str(unit.title), "part", node.identifier, head_of(node), "") or unit.citation
    return unit.citation
