"""Addresses of the site that ecfr.gov was until 2021, which still stand in documents.

``node=pt21.1.11`` is part 11 of title 21 (the number between is the volume), ``sp47.1.15.c``
its subpart C, ``se17.4.240_117a_64`` section 240.17a-4: ``_1`` is the point and ``_6`` the dash.
``12:8.0.2.9.4`` says only the place in a volume, and nobody keeps what stood there.
"""

from __future__ import annotations

import re
from datetime import date

from tribonian.errors import DocumentError, UsageError
from tribonian.ingest.ecfr.section_numbers import is_section_number
from tribonian.ingest.ecfr.units import Asked, CfrUnit

_NODE = re.compile(
    r"(?P<kind>pt|sp|se|ap|sg)(?P<title>\d{1,2})\.\d{1,3}\.(?P<part>\d{1,5}[a-z]{0,2})"
    r"(?P<dash>_6\d{1,5}[a-z]?)?(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_SECTION_REST = re.compile(r"_1(?P<number>\d\w*?(?:_6\d[0-9a-z]*)*)", re.IGNORECASE)
# A letter's case is not kept: aa can only be AA, and da may be Da or DA
_SUBPART_REST = re.compile(r"\.(?P<letter>([a-z])\2{0,6})", re.IGNORECASE)
_PLACE = re.compile(r"(?P<title>\d{1,2})(?::|y\d)[\d.]+", re.IGNORECASE)
_INDEX = re.compile(
    r"/ecfrbrowse/Title\d{1,2}/(?P<title>\d{1,2})"
    r"(?:cfr(?P<part>\d{1,5}[a-z]?)_main_\d+|C(?P<chapter>[IVXLC]+)(?:subchap(?P<sub>[A-Z]+))?"
    r"|tab_\d+|(?P<volume>cfrv\d+)_\d+)\.tpl",
)


def parse_old(asked: list[tuple[str, str]], fragment: str, shown: str) -> Asked:
    """The unit that an address of the old site shows, from its query and its fragment.

    DocumentError where it only says a place in a volume, or a list of units.
    """
    said = {name.lower(): value.strip() for name, value in asked}
    day = _day(said.get("pitd", ""), shown)
    nodes = [fragment, said.get("node", ""), said.get("n", "")]
    for node in nodes:
        if found := _NODE.fullmatch(node.strip()):
            return Asked(shown, (_unit(found, shown),), day)
    if found := _INDEX.fullmatch(said.get("tpl", "")):
        return Asked(shown, (_of_index(found, shown),), day)
    # federalregister.gov linked to parts by a search for the number of the part
    if said.get("rgn1", "").upper() == "PARTNBR" and _number(said.get("idno")) and (
            re.fullmatch(r"\d{1,5}[a-z]?", said.get("q1", ""))):  # fmt: skip
        return Asked(shown, (CfrUnit(_number(said["idno"]), part=said["q1"]),), day)
    place = next((found for node in nodes if (found := _PLACE.fullmatch(node.strip()))), None)
    title = f"{int(place['title'])} CFR part …" if place else "21 CFR part 11"
    raise DocumentError(
        f'"{shown}" is an address of the old ecfr.gov that does not say which unit it showed; '
        f'give its citation, like "{title}", or its address on today\'s site.'
    )


def _number(title: str | None) -> int:
    """The number of a title, 0 for what is none."""
    return int(title) if title and title.isascii() and title.isdecimal() and len(title) < 3 and (
        1 <= int(title) <= 50) else 0  # fmt: skip


def _day(stated: str, shown: str) -> str | None:
    """The date of an address, ``pitd=20190315``."""
    if not stated:
        return None
    digits = stated.replace("-", "")
    try:
        if not re.fullmatch(r"\d{8}", digits, re.ASCII):
            raise ValueError
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:])).isoformat()
    except ValueError:
        raise UsageError(
            f'"{stated[:40]}" in "{shown}" is no date; write it as YYYYMMDD.'
        ) from None


def _unit(node: re.Match[str], shown: str) -> CfrUnit:
    """The unit that a node names."""
    title = _number(node["title"])
    part = node["part"] + (node["dash"] or "").replace("_6", "-")
    kind, rest = node["kind"].lower(), node["rest"]
    if title and kind == "pt" and re.fullmatch(r"(?:\..*)?", rest):
        return CfrUnit(title, part=part)
    if title and kind == "sp" and (letter := _SUBPART_REST.fullmatch(rest)):
        return CfrUnit(title, part=part, subpart=letter["letter"].upper())
    if title and kind == "se" and (found := _SECTION_REST.fullmatch(rest)):
        section = f"{part}.{found['number']}".replace("_6", "-")
        if is_section_number(section):
            return CfrUnit(title, section=section)
    smaller = {"sp": "subpart", "se": "section", "ap": "appendix"}.get(kind, "unit")
    example = f"{title or 21} CFR part {part}"
    raise DocumentError(
        f'"{shown}" is an address of the old ecfr.gov that does not say which {smaller} of '
        f'"{example}" it showed; give its citation, or its address on today\'s site.'
    )


def _of_index(found: re.Match[str], shown: str) -> CfrUnit:
    """The unit of an index page: a part, a chapter, a subchapter, a title."""
    title = _number(found["title"])
    if not title or found["volume"]:
        raise DocumentError(
            f'"{shown}" is the list of a volume of the old ecfr.gov; ask for the chapter or the '
            f'parts that are in it, like "{title or 21} CFR chapter I".'
        )
    return CfrUnit(title, chapter=found["chapter"] or "", subchapter=found["sub"] or "",
                   part=found["part"] or "")  # fmt: skip
