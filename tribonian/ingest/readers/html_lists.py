"""The numbers that a browser prints before the items of a list (HTML 4.4.5, CSS Lists 3)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from selectolax.lexbor import LexborNode

from tribonian.ingest.readers.html_style import Declarations, Sheet
from tribonian.ingest.readers.html_table import shown

_TYPES = {"1": "decimal", "a": "lower-alpha", "A": "upper-alpha", "i": "lower-roman",
          "I": "upper-roman"}  # fmt: skip
_STYLES = frozenset(
    ("decimal", "decimal-leading-zero", "lower-alpha", "upper-alpha", "lower-latin", "upper-latin",
     "lower-roman", "upper-roman")
)  # fmt: skip
_MARKLESS = frozenset(("none", "disc", "circle", "square"))
_PRINTED = re.compile(r"\s*(?:\(\s?\w{1,6}\s?\)|\w{1,4}[.)]|§|\d+(?:\.\d+)+)\s*\S?")
_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"),
    (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip


@dataclass(slots=True)
class Numbering:
    """The state of one list: its style ("" for no numbers), the next number, its step."""

    style: str
    value: int = 1
    step: int = 1

    def marker(self, attributes: dict[str, str | None], said: Declarations) -> str:
        """What is printed before the next item: ``3.``, ``c.``, "" for a bullet."""
        own = _integer(attributes.get("value"))
        if own is not None:
            self.value = own
        number = self.value
        self.value += self.step
        style = _style(attributes.get("type"), said, self.style) if self.style else ""
        return f"{print_number(number, style)}." if style else ""


def numbering(node: LexborNode, said: Declarations, sheet: Sheet) -> Numbering:
    """How an ``<ol>`` counts; a list whose items print numbers of their own does not."""
    items = [child for child in shown(node, sheet) if child.tag == "li"]
    style = _style(node.attributes.get("type"), said, "decimal")
    own = sum(bool(_PRINTED.match(_start(item))) for item in items)
    if items and own * 2 > len(items):
        style = ""
    down = "reversed" in node.attributes
    first = _integer(node.attributes.get("start"))
    if first is None:
        first = len(items) if down else 1
    return Numbering(style, first, -1 if down else 1)


def _start(item: LexborNode) -> str:
    return (item.text() or "")[:200].strip()[:12]


def _style(kind: str | None, said: Declarations, otherwise: str) -> str:
    words = (said.get("list-style-type") or said.get("list-style") or "").split()
    for word in words:
        if word in _STYLES:
            return word
        if word in _MARKLESS:
            return ""
    return _TYPES.get(kind or "", otherwise)


def _integer(value: str | None) -> int | None:
    value = (value or "").strip()
    return int(value) if re.fullmatch(r"-?[0-9]{1,9}", value) else None


def print_number(number: int, style: str) -> str:
    """A number in a list style; what a style cannot print is printed in figures."""
    if style.endswith(("alpha", "latin")) and number > 0:
        letters = ""
        while number:
            number, place = divmod(number - 1, 26)
            letters = chr(97 + place) + letters
        return letters.upper() if style.startswith("upper") else letters
    if style.endswith("roman") and 0 < number < 4000:
        numeral = ""
        for worth, sign in _ROMAN:
            numeral += sign * (number // worth)
            number %= worth
        return numeral.upper() if style.startswith("upper") else numeral
    return f"{number:02d}" if style == "decimal-leading-zero" else str(number)
