"""Is a line the head of a unit of law, and of which? ``PART 11``, ``§ 11.1``, ``Article 5``.

A head is told from a cross reference at the start of a line by what follows its number:
``§ 701.3 applies to …`` goes on in lower case, ``§ 11.10(a)`` cites a paragraph, and
``§ 701.3, the label`` is in the middle of a sentence.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from tribonian.ingest.readers.ecfr_names import split_head

LONGEST = 400  # characters of a head; more is text


class UnitHead(NamedTuple):
    """The head of a unit: ``number`` is that of its citation, ``bare`` says it has no heading.

    ``kind`` is one of the section tree's, or ``numbered`` for a heading with a dotted number
    (``3.1.2``) and ``division`` for a ``Section 1`` that may be a unit or hold articles.
    """

    kind: str
    designator: str
    heading: str
    number: str

    @property
    def bare(self) -> bool:
        """Whether the number stands alone, its heading being on the next line."""
        return not self.heading


_CONTAINER = re.compile(
    r"(?P<word>(?:SUB)?(?:TITLE|CHAPTER|PART)|(?:Sub)?(?:[Tt]itle|[Cc]hapter|[Pp]art)|DIVISION|"
    r"Division|BOOK|Book)(?P<many>S|s)?\s+"
    r"(?P<number>\d+[A-Za-z]{0,2}(?:(?<=[A-Z])\d{1,2}(?=-))?(?:[-–.]\d+[A-Za-z]?)*|[IVXLCDM]+|[A-Z]{1,3})"
    r"(?P<range>\s?(?:[-–]|through|to|and)\s?(?:\d+|[A-Z]{1,3}))?(?![\w(])"
)
_SECTION = re.compile(
    r"(?P<mark>§{1,2}\s*|(?:SECS?|Secs?)\.\s*|(?:SECTIONS?|Sections?)\s+)"
    r"(?P<number>\d[\w.\-–]*(?:\s?(?:-|–|—|through|to|and|,)\s?(?:§\s?)?\d[\w.\-–]*)*)"
)
# "Rule 1.6" (ABA), "Rule 10b-5", "Rule 64B8-9.003" (Florida)
_ARTICLE = re.compile(r"(?P<word>Article|ARTICLE|Art\.|Rule|RULE)\s+(?P<number>"
                      r"(?:(?<=(?:Rule|RULE)\s)\d+[A-Za-z]{0,2}(?:\d{0,2}[-.]\d+(?:\.\d+)*)?"
                      r"|\d+[A-Za-z]{0,2}|[IVXLC]+|bis))\b\.?")  # fmt: skip
# Codes of the states number their rules so: "10A NCAC 13B .3801", "105 CMR 130.001",
# "902 KAR 20:016", "410 IAC 15-1.1-1", "WAC 246-320-001", Florida's "64B8-9.003".
_CODED = re.compile(
    r"(?:\d{1,3}[A-Z]?\s(?:NCAC\s\d{1,3}[A-Z]?\s\.\d{4}|(?:CMR|KAR|IAC)\s\d[\d.:\-]*\d)"
    r"|WAC\s\d+[A-Z]?-\d+[A-Z]?-\d+|\d{1,3}[A-Z]\d{0,2}-\d{1,3}\.\d{3,5})(?=[.:]?\s+[A-Z“\"])[.:]?"
)
_APPENDIX = re.compile(
    r"(?:(?:APPENDI(?:X|CES|XES)|Appendi(?:x|ces|xes)|ANNEX|Annex|SUPPLEMENT|Supplement|SCHEDULE|Schedule"
    r"|EXHIBIT|Exhibit|ATTACHMENT|Attachment)\b|Special Federal Aviation Regulation No\."
    r"|(?:TABLE|Table|FORM|Form|FIGURE|Figure)\s\S+\s(?:to|TO)\s(?=(?:[Ss]ubp|SUBP|[Pp])(?:art|ART)))"
)
_NUMBERED = re.compile(r"(?P<number>\d{1,4}(?:\.\d{1,4})+[A-Za-z]?)\.?\s+(?=\S)")
_ALONE = re.compile(r"(?P<number>\d{1,4}(?:\.\d{1,4})+[A-Za-z]?)\.?")
# "§ 240.11a1-1(T)", a temporary rule; a paragraph would be "(a)".
_TEMPORARY = re.compile(r"\([A-Z]\)(?=\s|$)")
# What may follow the number of a unit before its heading.
_BETWEEN = re.compile(r"\s*(?:[—–:]|--|\.\s|\.$|-(?=\s?[A-Z]))?\s*")
_GOES_ON = re.compile(
    r"(?!(?:reserved|repealed)\b)[a-z]|\((?![A-Z][a-z]|(?:normative|informative)\))|[,;)]|[“\"']?(?:of|and|or|to|through|is|are|applies|shall|must)\b"
)


def read_head(text: str, longest: int = LONGEST) -> UnitHead | None:
    """The head of a unit of law that a line is; None for anything else."""
    if len(text) > longest:
        return None
    first = text[:1]
    if first == "§" or first in "sS":
        found = _section(text)
        if found is not None:
            return found
    if first.isdigit():
        return _coded(text) or _numbered(text)
    if not first.isupper():
        return None
    if first == "W":
        return _coded(text)
    return _container(text) or _article(text) or _appendix(text)


def read_clause(text: str) -> UnitHead | None:
    """The dotted number of a clause whose text is longer than any heading: ``4.4. In …``."""
    return _numbered(text) if len(text) > LONGEST and text[0].isdigit() else None


def read_headed(text: str) -> UnitHead | None:
    """The head of a section in what is surely a heading, even if it goes on in lower case.

    A code's own number may be the whole of it: ``1798.199.10.``
    """
    alone = _ALONE.fullmatch(text)
    if alone is not None:
        return UnitHead("numbered", text, "", alone["number"])
    match = _SECTION.match(text)
    if match is None or match["mark"][0] != "§" or text[match.end() : match.end() + 1] != " ":
        return None
    number = match["number"].rstrip(".-–")
    end = match.start("number") + len(number)
    return UnitHead("section", text[:end], text[end:].lstrip(". "), number)


_RUN_IN = re.compile(
    r"(?P<mark>§\s*|(?:SEC|Sec)\.\s*|(?:SECTION|Section)\s+)?"
    r"(?P<number>\d{1,5}[A-Za-z]{0,2}(?:[.\-–]\d{1,5}[A-Za-z]?)*)(?P<stop>\.)?\s+"
    r"(?=\(\w{1,3}\)\s|[A-Z“\"][\w’”\"]* [a-zA-Z“\"(])"
)


def read_run_in(text: str) -> tuple[UnitHead, int] | None:
    """A unit without a heading, its text running on after its number, and where that begins.

    ``1798.146. (a) This title …``, ``Sec. 5. The Board …``, ``§ 12 (1) A person …``. Whether it
    is one, its place among the others must tell.
    """
    match = _RUN_IN.match(text)
    if match is None or not (match["stop"] or (match["mark"] and text[match.end()] == "(")):
        return None
    if not match["mark"] and match["number"].isdigit():
        return None
    end = match.end("stop") if match["stop"] else match.end("number")
    return UnitHead("section", text[:end].rstrip(), "", match["number"]), end


def _rest(text: str, at: int) -> str | None:
    """What follows a number, as a heading; None where it goes on as a sentence."""
    between = _BETWEEN.match(text, at)
    assert between is not None
    rest = text[between.end() :]
    if not rest:
        return ""
    if between.end() == at or _GOES_ON.match(rest):
        # "PART 11—electronic records" has a mark of division; "§ 1.1 applies" has none
        divided = any(mark in between[0] for mark in "—–:") and rest[:1].isalpha()
        if not divided or re.match(r"(?:of|and|or|applies|shall|must)\b", rest):
            return None
    return rest


def _container(text: str) -> UnitHead | None:
    match = _CONTAINER.match(text)
    if match is None:
        return None
    rest = _rest(text, match.end())
    if rest is None or (not rest and text.endswith(".") and not match["word"].isupper()):
        return None
    word = match["word"].lower()
    kind = {"division": "subtitle", "book": "subtitle"}.get(word, word)
    number = (match["number"] + (match["range"] or "")).replace(" ", "")
    designator, heading = split_head(kind, text, number)
    if not designator:
        designator, heading = match[0], rest
    return UnitHead(kind, designator, heading.strip(), number)


def _section(text: str) -> UnitHead | None:
    match = _SECTION.match(text)
    if match is None:
        return None
    mark = match["mark"]
    number = match["number"].rstrip(".-–")
    end = match.start("number") + len(number)
    whole = number.isdigit() and mark[0] != "§"
    if whole and not mark.lower().startswith("sect") and text[end : end + 2] != ". ":
        return None
    temporary = _TEMPORARY.match(text, end)
    if temporary is not None:
        end = temporary.end()
        number = text[match.start("number") : end]
    elif text[end : end + 1] == "(":
        return None
    rest = _rest(text, end)
    if rest is None:
        return None
    plural = re.search(r"(?:-|–|—|through|to|and|,)\s?(?:§\s?)?\d", number) is not None
    if mark.startswith("§§") and not plural:
        return None
    designator = text[:end]
    if mark[0] == "§" and text[end : end + 2] == ". ":
        designator = text[: end + 1]  # "§ 240.15Fb1-1. Signatures."
    division = whole or (
        mark.lower().startswith("section") and "." not in number and "-" not in number
    )
    return UnitHead("division" if division else "section", designator, rest.strip(), number)


def _article(text: str) -> UnitHead | None:
    match = _ARTICLE.match(text)
    if match is None or text[match.end() : match.end() + 1] == "(":
        return None
    rest = _rest(text, match.end())
    if rest is None:
        return None
    return UnitHead("section", match[0], rest.strip(), f"{match['word']} {match['number']}")


def _coded(text: str) -> UnitHead | None:
    """A rule of a state's code: ``10A NCAC 13B .3801 NURSE EXECUTIVE``."""
    match = _CODED.match(text)
    if match is None:
        return None
    rest = _rest(text, match.end())
    number = match[0].rstrip(".:")
    return None if rest is None else UnitHead("section", match[0], rest.strip(), number)


def _appendix(text: str) -> UnitHead | None:
    if _APPENDIX.match(text) is None:
        return None
    designator, heading = split_head("appendix", text, "")
    if not designator:
        return None
    rest = text[len(designator) :]
    if heading and _GOES_ON.match(heading) and not rest.lstrip().startswith(("—", "–", ":", "-")):
        return None
    designator = designator.rstrip(".:")
    return UnitHead("appendix", designator, heading.strip(), designator)


def _numbered(text: str) -> UnitHead | None:
    match = _NUMBERED.match(text)
    if match is None or _GOES_ON.match(text, match.end()):
        return None
    return UnitHead("numbered", text[: match.end()].rstrip(), text[match.end() :], match["number"])
