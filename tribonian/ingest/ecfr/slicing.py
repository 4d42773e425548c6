"""A unit of the CFR cut out of a document that holds it, to the byte.

The API slices by part, section, subpart and appendix, and not by chapter or subchapter; what
is cut here is the same document as it would answer with: the unit's element is the root, and
``hierarchy_metadata`` says of which title and date it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import BinaryIO

from tribonian.errors import DocumentError
from tribonian.ingest.ecfr.hierarchy import Metadata, metadata_of, tag_with
from tribonian.ingest.ecfr.matching import ALIKE, EXACT, LOOSE, fits, order_of, roman_order
from tribonian.ingest.ecfr.scanning import Bytes, Div, divs, opened
from tribonian.ingest.ecfr.units import CfrUnit
from tribonian.ingest.readers.ecfr_metadata import said_by
from tribonian.ingest.readers.ecfr_names import plain_number
from tribonian.ingest.readers.ecfr_xml import ROOTS

_KINDS = ("title", "subtitle", "chapter", "subchapter", "part", "subpart", "subject-group",
          "section", "appendix")  # fmt: skip
_RANK = {kind: rank for rank, kind in enumerate(_KINDS)}
_ROOT = re.compile(rb"<([A-Za-z_][\w.:-]*)")
_SHOWN = 5  # of several units that could be meant
_TO_A_PART = re.compile(r"\sto\s+parts?\s", re.IGNORECASE)


class NoSuchUnitError(DocumentError):
    """The document does not hold the unit that was asked for."""


def cut(file: BinaryIO, unit: CfrUnit, out: BinaryIO, date: str | None) -> None:
    """Write the document of one unit, as the API would answer for it, out of ``file``.

    ``file`` is a whole title, in any dialect, or the answer for a part or section; ``date``
    (YYYY-MM-DD) is that of the law in it. The unit's bytes are those of the file; a title
    comes whole. A number within a range that the eCFR prints as one unit (745, of
    ``PARTS 741-799 [RESERVED]``) gives that unit; ``unit.paragraph`` is not looked at. A unit
    that stands in several volumes of bulk data comes as those pieces under one ``ECFR``.

    Raises NoSuchUnitError if it is not there, DocumentError for what is not the eCFR's XML.
    """
    with opened(file) as source:
        _check_root(source)
        all_of_it = divs(source)
        if unit.kind == "title":
            _check_title(all_of_it, unit)
            if not all_of_it or all_of_it[0].kind != "title":
                raise NoSuchUnitError(
                    f"The document holds {_named(all_of_it)} and not all of Title {unit.title}; "
                    "get the whole title."
                )
            _copy(source.data, out)
            return
        found = find(all_of_it, unit)
        out.write(f'<?xml version="1.0" encoding="{source.encoding}"?>\n'.encode("ascii"))
        if len(found) > 1:
            out.write(b"<ECFR>\n")
        for div in found:
            _write(source, div, metadata_of(div, unit, date), out)
            out.write(b"\n")
        if len(found) > 1:
            out.write(b"</ECFR>\n")


def find(all_of_it: Sequence[Div], unit: CfrUnit) -> list[Div]:
    """The elements that are this unit: one, or one a volume in bulk data.

    Raises NoSuchUnitError where there is none, or several that it could be.
    """
    _check_title(all_of_it, unit)
    root = all_of_it[0] if all_of_it else None
    said = {name.replace("_", "-"): number for name, number in unit.said.items()}
    kind = unit.kind
    subpart = said.pop("subpart", "") if kind == "appendix" else ""
    # What would stand above the root of the document is taken as it was asked for.
    above = {
        name: number
        for name, number in said.items()
        if name != kind and root is not None and _RANK[name] >= _RANK[root.kind]
    }
    inside = [
        div
        for div in all_of_it
        if div.kind == kind
        and _stands_in(div, above)
        and (not subpart or _is_of_subpart(div, subpart, root))
    ]
    best: int | None = None
    found: list[Div] = []
    for div in inside:
        fit = fits(div, said.get(kind, ""))
        if fit is not None and (best is None or fit <= best):
            if fit != best:
                found.clear()
            best = fit
            found.append(div)
    if not found:
        raise NoSuchUnitError(_absent(unit, inside, all_of_it))
    if best == LOOSE and len({div.number for div in found}) > 1:
        straight = [div for div in found if _TO_A_PART.search(div.number)]
        found = straight if len({div.number for div in straight}) == 1 else found
    if len({_place(div) for div in found}) > 1:
        raise NoSuchUnitError(_ambiguous(unit, found))
    return found


def units_in(file: BinaryIO, title: int = 0) -> Iterator[CfrUnit]:
    """Every unit that a document holds, in its order, each with the units it stands in.

    ``title`` is its title where the document does not say it.
    """
    with opened(file) as source:
        _check_root(source)
        for div in divs(source):
            whole = CfrUnit(_title_of(div) or title)
            for step in (*div.path, div):
                if step.kind != "title":
                    name = step.kind.replace("-", "_")
                    number = _number(step)
                    whole = replace(whole, **{name: number})  # type: ignore[arg-type]
            yield whole


def _number(div: Div) -> str:
    """The number of a unit as it is cited; an appendix has a name (Regulation No. 97)."""
    return div.number if div.kind == "appendix" else plain_number(div.number)


def _place(div: Div) -> tuple[tuple[str, str], ...]:
    """The numbers that lead to a unit; of a title in bulk data each volume has one of its own."""
    return tuple((step.kind, step.number) for step in (*div.path, div) if step.kind != "title")


def _ambiguous(unit: CfrUnit, found: Sequence[Div]) -> str:
    if unit.kind == "appendix":
        names = list(dict.fromkeys(div.number for div in found))
        what = "ask for it by its whole name"
    else:
        names = [
            " ".join(f"{kind} {plain_number(number)}" for kind, number in _place(div)[-2:-1])
            for div in found
        ]
        what = "say in which of them"
    shown = ", ".join(names[:_SHOWN]) + (" and more" if len(names) > _SHOWN else "")
    return f"{unit.citation} could be one of {len(found)} ({shown}); {what}."


def _stands_in(div: Div, above: dict[str, str]) -> bool:
    by_kind = {step.kind: step for step in div.path}
    return all(
        kind in by_kind and fits(by_kind[kind], number) is not None
        for kind, number in above.items()
    )


def _is_of_subpart(div: Div, subpart: str, root: Div | None) -> bool:
    """Whether an appendix is a subpart's: by its name, since some stand after the subparts."""
    named = re.search(r"\bsubpart\s+(\S+)", div.number, re.IGNORECASE)
    if named is not None:
        return named[1].casefold() == subpart.casefold()
    return div is root or _stands_in(div, {"subpart": subpart})


def _write(source: Bytes, div: Div, metadata: Metadata, out: BinaryIO) -> None:
    """The element, with the metadata on its first tag and every other byte as it is."""
    data = source.data
    tag = data[div.start : div.after_tag]
    if metadata.changed:
        tag = tag_with(tag, metadata.value)
    out.write(tag)
    _copy(data, out, div.after_tag, div.end)


def _copy(data: object, out: BinaryIO, start: int = 0, end: int | None = None) -> None:
    with memoryview(data) as whole, whole[start:end] as piece:  # type: ignore[arg-type]
        out.write(piece)


def _check_root(source: Bytes) -> None:
    root = _ROOT.search(source.data)
    name = root[1].decode("ascii") if root else ""
    if name not in ROOTS:
        raise DocumentError(
            f"Its outermost element is <{name}>, which is none of the eCFR's XML; get it again "
            "from the eCFR's API." if name else "It is not XML: no element starts it."
        )  # fmt: skip


def _check_title(all_of_it: Sequence[Div], unit: CfrUnit) -> None:
    found = _title_of(all_of_it[0]) if all_of_it else 0
    if found and found != unit.title:
        raise NoSuchUnitError(
            f"{unit.citation} was asked for, and the document is of Title {found}; "
            "get the other title."
        )


def _title_of(div: Div) -> int:
    """The CFR title that a unit is in, by the title's element or its metadata; 0 if unknown."""
    root = div.path[0] if div.path else div
    if root.kind == "title":
        node = root.attributes.get("NODE", "").partition(":")[0].strip()
        number = node if node.isdigit() else root.number
    else:
        number = said_by(root.attributes.get("hierarchy_metadata")).title or ""
    return int(number) if number.isdigit() else 0


def _named(all_of_it: Sequence[Div]) -> str:
    root = all_of_it[0] if all_of_it else None
    return f"{root.kind} {root.number}".strip() if root else "no unit of the CFR"


def _absent(unit: CfrUnit, inside: Sequence[Div], all_of_it: Sequence[Div]) -> str:
    """The sentence for a unit that is not there: where it is instead, or what is next to it."""
    asked = unit.said[unit.kind.replace("-", "_")]
    elsewhere = [div for div in all_of_it if div.kind == unit.kind and div not in inside
                 and fits(div, asked) in (EXACT, ALIKE)]  # fmt: skip
    if elsewhere and unit.kind in ("part", "section", "appendix", "subject-group"):
        steps = [f"{step.kind} {_number(step)}" for step in elsewhere[0].path
                 if step.kind not in ("title", "subject-group")]  # fmt: skip
        return f"{unit.citation} is not there, but in {', '.join(steps)}; ask for it without more."
    place = _named(all_of_it)
    if unit.kind == "subject-group":
        return f"{unit.citation} is not in {place}."
    order = roman_order if unit.kind == "chapter" else order_of
    wanted = order(asked)
    # of sections those of the same part; 701.99 is not near to 1300.01
    in_order = [
        (key, _number(div))
        for div in inside
        if (key := order(_number(div))) and (unit.kind != "section" or key[:1] == wanted[:1])
    ]
    below = max((pair for pair in in_order if pair[0] < wanted), default=None)
    beyond = min((pair for pair in in_order if pair[0] > wanted), default=None)
    near = [pair[1] for pair in (below, beyond) if pair is not None]
    if not near:
        return f"{unit.citation} is not in {place}, and no {unit.kind} near to it."
    verb = "s are" if len(near) > 1 else " is"
    return f"{unit.citation} is not in {place}; the nearest {unit.kind}{verb} {' and '.join(near)}."
