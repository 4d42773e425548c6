"""Which unit a number means, as the eCFR writes numbers and as people do.

``N`` may have a § or spaces in it (``§ 1.1``, ``52. 36``), name a range (``1.40-1.41``) or a
rule (``956.1 (Rule 1)``); an appendix bears a whole phrase (Appendix A to Part 1005).
"""

from __future__ import annotations

import re

from tribonian.ingest.ecfr.scanning import Div
from tribonian.ingest.numbers import roman
from tribonian.ingest.readers.ecfr_names import is_range, plain_number, split_head

# How well a number fits; the best there is counts.
EXACT, ALIKE, LOOSE, WITHIN = range(4)

_DASHES = re.compile(r"[\s_]*[-‐-―−]+[\s_]*")
_RULE = re.compile(r"\s+\([^)]*\)$")  # 39 CFR 956.1 (Rule 1)
_PIECES = re.compile(r"\d+|[^\W\d_]+")
_NAME = re.compile(
    r"(?:append\w*|supplem\w*|exhibit\w*|attachment\w*|annex\w*|schedule\w*|table\w*|form\w*)\b\s*"
)
_LAST_NUMBER = re.compile(r"([0-9A-Za-z]+)(?=\s|$)")


def fits(div: Div, asked: str) -> int | None:
    """How well the number of a unit fits what was asked (EXACT … WITHIN), None if not at all."""
    number = div.number
    if number == asked:
        return EXACT
    if div.kind == "appendix":
        return _appendix_fits(number, asked)
    if div.kind == "title":  # in bulk data N is the volume; NODE is "title:volume"
        node = div.attributes.get("NODE", "").partition(":")[0].strip()
        return EXACT if (node if node.isdigit() else number).lstrip("0") == asked else None
    if number in ("", "0"):  # 1 CFR "CHAPTER V [RESERVED]" has N="0"
        number = split_head(div.kind, div.head, "")[0].partition(" ")[2]
    plain = plain_number(number)
    if plain == asked or plain == plain_number(asked):
        return EXACT
    bare, wanted = _bare(plain), _bare(asked)
    if bare == wanted:
        return ALIKE
    if div.kind == "section" and _bare(_RULE.sub("", plain)) == wanted:
        return LOOSE
    return WITHIN if "-" in bare and _covers(div, bare, wanted) else None


def _bare(number: str) -> str:
    """A number without §, space and case, its dashes alike."""
    number = _DASHES.sub("-", number.replace("§", " ").strip())
    return re.sub(r"\s+", "", number).casefold()


def ends_of(number: str) -> tuple[str, str] | None:
    """The first and the last of a range: ``1.40-1.41``, ``50-1 - 50-200``, ``L-M``.

    Of several dashes that one divides which has space around it, or the middle one.
    """
    number = number.replace("§", " ").strip()
    parts = re.split(r"\s+[-–—]+\s+|--", number)
    if len(parts) != 2:
        pieces = [piece.strip() for piece in re.split(r"[-–—]", number)]
        middle = len(pieces) // 2
        if len(pieces) % 2:
            return None
        parts = ["-".join(pieces[:middle]), "-".join(pieces[middle:])]
    first, last = (re.sub(r"\s+", "", part) for part in parts)
    return (first, last) if first and last else None


def _covers(div: Div, bare: str, wanted: str) -> bool:
    """Whether a unit is a range, by its heading, and the number asked for stands within it."""
    designator, _ = split_head(div.kind, div.head, div.number)
    if not is_range(div.kind, designator, div.number):
        return False
    ends = ends_of(div.number if div.number not in ("", "0") else bare)
    if ends is None:
        return False
    order = roman_order if div.kind == "chapter" else order_of
    first, last, asked = order(ends[0]), order(ends[1]), order(wanted)
    if [kind for kind, *_ in first] != [kind for kind, *_ in asked][: len(first)]:
        return False
    return first <= asked <= last or asked[: len(last)] == last


Order = tuple[tuple[int, int, str], ...]


def order_of(number: str) -> Order:
    """A number as something to sort by: figures by their value, letters by length (Z < AA)."""
    return tuple(
        (0, int(piece), "") if piece.isdigit() else (1, len(piece), piece.casefold())
        for piece in _PIECES.findall(number)
    )


def roman_order(number: str) -> Order:
    """The number of a chapter as something to sort by: IX after II."""
    value = roman(number.casefold())
    return ((0, value, ""),) if value is not None else order_of(number)


def _appendix_fits(number: str, asked: str) -> int | None:
    """An appendix by its whole name, in any case and spacing, or by its letter alone.

    LOOSE is one whose name goes on after the letter: Appendix A, for Appendix A to Part 1005.
    """
    named, wanted = _words(number), _words(asked)
    if named == wanted:
        return ALIKE
    name = _NAME.match(named)
    if not wanted or named.startswith(f"{wanted} to ") or (
        name is not None
        and (named[name.end() :] == wanted or named[name.end() :].startswith(f"{wanted} to "))
    ):  # fmt: skip
        return LOOSE
    ranged = re.fullmatch(r"append(?:ix|ixes|ices) (\w+)(?: to | through | )(\w+)( to .*)?", named)
    letter = re.fullmatch(r"(?:append(?:ix|ices|ixes) )?(\w+)( to .*)?", wanted)
    if ranged is None or letter is None:
        return None
    first, last, one = order_of(ranged[1]), order_of(ranged[2]), order_of(letter[1])
    same_place = letter[2] is None or letter[2] == ranged[3]
    return WITHIN if same_place and len(one) == 1 and first <= one <= last else None


def _words(name: str) -> str:
    """A name in small letters with one space between its words; a URL has dashes there."""
    name = re.sub(r"\.(?=\d)", ". ", name)  # Regulation No. 97
    return " ".join(re.sub(r"[\s_‐-―−-]+", " ", name).split()).casefold()
