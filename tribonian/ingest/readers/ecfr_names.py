"""Numbers, headings and citations of the CFR's units, as the eCFR prints them.

``§ 701.3   Designation of ingredients.`` is a designator and a heading; ``N`` alone does
not tell a range from a number: 41 CFR 50-201 is one part, ``172-199`` are twenty-eight.
"""

from __future__ import annotations

import re

# DIVn -> kind (eCFR XML User Guide 3.22-3.30); level is not depth.
KIND_OF = {
    "DIV1": "title",
    "DIV2": "subtitle",
    "DIV3": "chapter",
    "DIV4": "subchapter",
    "DIV5": "part",
    "DIV6": "subpart",
    "DIV7": "subject-group",
    "DIV8": "section",
    "DIV9": "appendix",
}
_DASHES = re.compile(r"\s*[-–—]+\s*")
_CONTAINER_HEAD = re.compile(
    r"(?P<designator>(?:TITLE|SUBTITLE|CHAPTERS?|SUBCHAPTERS?|PARTS?|SUBPARTS?)\s+"
    r"[0-9A-Z][^\s—–\[(,:]*"
    r"(?:\s?(?:[-–]|--|through|to|and)\s?(?:\d[\w.\-]*|[A-Z]{1,3}|[IVXLC]+)(?=\s|$|\[))?)"
    r"(?:\s*(?:--|[—–:]|-(?=\s?[A-Z]))\s*|\s+|(?=\[)|$)(?P<heading>.*)",
    re.IGNORECASE | re.DOTALL,
)
_SECTION_MARK = re.compile(r"(?:§{1,2}|Secs?\.|Sections?)\s*", re.IGNORECASE)
_SECTION_NUMBER = re.compile(
    r"[0-9A-Za-z][\w.\-–]*(?:\([^)\s]{1,8}\))*"
    r"(?:\s?(?:-|–|—|--|through|to|and|,)\s?(?:§\s?)?[0-9][\w.\-–]*)*"
)
_APPENDIX_HEAD = re.compile(
    r"(?P<designator>(?:Special Federal Aviation Regulation No\. [^\s—]+"
    r"|(?:APPENDIX|SUPPLEMENT|EXHIBIT|ATTACHMENT|ANNEX|SCHEDULE|TABLE|FORM)"
    r"(?:ES|S)?\b"
    r"(?:\s+(?!to\b)[^\s—]+(?:—[A-Z](?=\s|\[|$))?)?(?:\s+to\s+(?:Subparts?|Parts?|Chapters?|Subchapters?|§{1,2})\s+"
    r"[^\s—]+(?:\s+of\s+(?:Part|Chapter|this)\s+[^\s—]+)?)?))"
    r"(?:\s*(?:[—–]|--)\s*|\s+(?=\[)|\s+|$)(?P<heading>.*)",
    re.IGNORECASE | re.DOTALL,
)
_AFTER_NAME = re.compile(r"\s*(?:[—–:.]|--|-(?=\s))?\s*")
_PLAIN_NUMBER = re.compile(r"[A-Za-z]*|[0-9.]+[A-Za-z]?")
_RESERVED = re.compile(r"[\[(]\s*reserved\s*[\])]|^reserved\.?$", re.IGNORECASE)


def split_head(kind: str, head: str, number: str) -> tuple[str, str]:
    """Divide a HEAD into designator and heading; ``number`` is the element's ``N``.

    What cannot be told apart stays heading, so that no word is lost.
    """
    if kind == "section":
        return _split_section(head, number)
    if kind == "subject-group":
        return "", head
    if kind == "appendix" and number and head.startswith(number):
        # N is its whole name, which no pattern has: "Supplement No. 6 to Part 120",
        # "Table 1b to Part 660, Subpart C"
        rest = head[len(number) :]
        if rest and not rest[:1].isalnum():
            return number, _AFTER_NAME.sub("", rest, count=1)
    match = (_APPENDIX_HEAD if kind == "appendix" else _CONTAINER_HEAD).match(head)
    return (match["designator"], match["heading"]) if match else ("", head)


def _split_section(head: str, number: str) -> tuple[str, str]:
    mark = _SECTION_MARK.match(head)
    start = mark.end() if mark else 0
    number = number.removeprefix("§").strip()
    if number and head.startswith(number, start):
        end = start + len(number)
        if end == len(head) or not (head[end].isalnum() or (head[end] in ".-" and
                                    head[end + 1 : end + 2].isalnum())):  # fmt: skip
            if head[end : end + 2] == ". ":  # "§ 240.15Fb1-1. Signatures."
                end += 1
            return head[:end], head[end:].strip()
    match = _SECTION_NUMBER.match(head, start)
    if match is None or (mark is None and not match[0][0].isdigit()):
        return "", head
    return head[: match.end()].rstrip(), head[match.end() :].strip()


def is_range(kind: str, designator: str, number: str) -> bool:
    """Whether ``N`` names several units: ``§§ 1.40-1.41``, ``PARTS 172-199``.

    A dash alone does not say so; the plural of the heading does, and for sections headed
    with one § a second number that is higher in the same part (``543.6-543.7``).
    """
    first = designator.split(maxsplit=1)[0].upper() if designator else ""
    if first == "§§" or (first.endswith("S") and first not in ("", "§")):
        return True
    bare = number.replace("§", " ").strip()
    # "210.12-05 - 210.12-08": the dash with space around it is the one that divides
    ends = re.split(r"\s+[-–—]+\s+|--", bare)
    ends = ends if len(ends) == 2 else _DASHES.split(bare)
    if kind != "section" or len(ends) != 2:
        return False
    left, right = (end.strip().partition(".") for end in ends)
    return bool(left[1] and right[1] and left[0] == right[0])


def is_reserved(heading: str) -> bool:
    """Whether a heading says that its number holds no law."""
    return bool(_RESERVED.search(heading))


def plain_number(number: str) -> str:
    """``N`` as a citation prints it: no §, no space within (``52. 36``), one dash for a range."""
    if _PLAIN_NUMBER.fullmatch(number):
        return number
    number = number.replace("§", " ").strip()
    if not number[:1].isdigit():  # "Special Federal Aviation Regulation No. 97"
        return number
    return re.sub(r"\s*(?:--|[-–—])\s*(?=\d)", "-", re.sub(r"\.\s+(?=\d)", ".", number))


def cite(title: str | None, kind: str, number: str, designator: str, above: str) -> str | None:
    """The citation of a unit, as the eCFR prints it: ``21 CFR Part 701 Subpart A``.

    ``above`` is the citation of the unit it stands in; None where the title is unknown.
    """
    if title is None:
        return None
    number = plain_number(number)
    if not number and kind != "title":
        return None
    match kind:
        case "title":
            return f"{title} CFR"
        case "section":
            return f"{title} CFR {number}"
        case "part":
            return f"{title} CFR {'Parts' if is_range(kind, designator, number) else 'Part'} " + (
                number
            )
        case "appendix":
            return f"{title} CFR {number}"
        case "subtitle" | "chapter" | "subchapter" | "subpart":
            return f"{above or f'{title} CFR'} {kind.capitalize()} {number}"
        case _:
            return None
