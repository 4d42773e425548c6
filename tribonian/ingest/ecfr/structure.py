"""A title's structure as the API tells it: every unit's number and heading, without text.

``GET /api/versioner/v1/structure/{date}/title-{n}.json`` is one tree of objects with
``identifier``, ``label``, ``label_level``, ``label_description``, ``reserved``, ``type``,
``children`` and more that is not needed here (sizes, volumes, ranges).
"""

from __future__ import annotations

import html
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tribonian.ingest.readers.ecfr_names import KIND_OF, is_reserved
from tribonian.ingest.web.answer import WebError

# No title nests deeper than title, subtitle, chapter, subchapter, part, subpart, subject group,
# section: 8. What nests far deeper is no structure, and would exhaust the stack.
_DEEPEST = 32
_KIND_OF_TYPE = {kind.replace("-", "_"): kind for kind in KIND_OF.values()}


@dataclass(frozen=True, slots=True)
class StructureNode:
    """One unit of a title: its kind as the section tree names it, its number, its heading.

    ``identifier`` is what the API's parameters take: ``I``, ``701``, ``741-799``, ``701.3``,
    ``Appendix A to Part 1005``, a subject group's hash. ``label`` is the whole heading
    (``Part 701—Cosmetic Labeling``), ``label_level`` its first half (``Part 701``),
    ``label_description`` its second. Entities are resolved and space around is gone.
    """

    kind: str
    identifier: str
    label: str = ""
    label_level: str = ""
    label_description: str = ""
    reserved: bool = False
    children: tuple[StructureNode, ...] = ()

    def walk(self) -> Iterator[tuple[StructureNode, ...]]:
        """Every unit in the order of the law as the path to it, this one first and last."""
        stack: list[tuple[StructureNode, ...]] = [(self,)]
        while stack:
            path = stack.pop()
            yield path
            stack.extend((*path, child) for child in reversed(path[-1].children))


def parse_structure(data: bytes) -> StructureNode:
    """The structure of a title from the bytes of the API's answer; WebError for anything else."""
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        raise WebError(
            "The answer for the title's structure is not JSON; try again in some minutes."
        ) from None
    node = _read_node(found, 0)
    if node.kind != "title":
        raise WebError(
            f"The answer for the title's structure begins with a {node.kind or 'nameless unit'}, "
            "not with a title; try again in some minutes."
        )
    return node


def _read_node(found: Any, depth: int) -> StructureNode:
    if not isinstance(found, dict) or depth > _DEEPEST:
        raise _malformed("a unit that is not an object" if depth <= _DEEPEST else "no end of units")
    kind, identifier = _text(found, "type"), _text(found, "identifier")
    if not kind or not (identifier or depth):
        raise _malformed("a unit without type or identifier")
    children = tuple(_units_below(found, depth))
    label, heading = _text(found, "label"), _text(found, "label_description")
    return StructureNode(
        kind=_KIND_OF_TYPE.get(kind, kind),
        identifier=identifier,
        label=label,
        label_level=_text(found, "label_level"),
        label_description=heading,
        reserved=found.get("reserved") is True or (not children and is_reserved(heading or label)),
        children=children,
    )


def _units_below(found: dict[str, Any], depth: int) -> Iterator[StructureNode]:
    """The units in one; what is no unit (``hed1``, a heading among sections) is passed over."""
    children = found.get("children") or []
    if not isinstance(children, list):
        raise _malformed("children that are not a list")
    for child in children:
        node = _read_node(child, depth + 1)
        if node.kind in _KIND_OF_TYPE.values():
            yield node
        else:
            yield from node.children


def _text(found: dict[str, Any], name: str) -> str:
    """A field as text: labels carry HTML entities (``&amp;``) and a space before ``Chapter``."""
    value = found.get(name)
    if value is None:
        return ""
    if not isinstance(value, str | int) or isinstance(value, bool):
        raise _malformed(f"a {name} that is not text")
    return html.unescape(str(value)).strip()


def _malformed(what: str) -> WebError:
    return WebError(
        f"The answer for the title's structure has {what}; it is not the API's: check the "
        "address of the server, or try again in some minutes."
    )
