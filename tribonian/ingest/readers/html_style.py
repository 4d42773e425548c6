"""What style rules say of an element, as far as it changes how its text reads.

A page shows raised, sloped, hidden, floated text and the numbers of lists by CSS as often as
by tags. Rules with one simple selector (``p``, ``.num``, ``li.a``, ``#x``) are understood;
anything cleverer is passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_COMMENT = re.compile(r"/\*.*?(?:\*/|$)", re.DOTALL)
_RULE = re.compile(r"([^{}]*)\{([^{}]*)\}")
_SIMPLE = re.compile(r"([a-zA-Z][\w-]*)?([.#][\w-]+)?")
_NEVER_SCREEN = re.compile(r"@(?:media\s+print|page|font-face|keyframes)[^{]*\{")
_LENGTH = re.compile(r"(-?\d*\.?\d+)\s*(pt|px|em|rem|ex|ch|in|cm|mm|pc|%)?")
POINTS = {
    "pt": 1.0, "px": 0.75, "em": 12.0, "rem": 12.0, "ex": 6.0, "ch": 6.0, "in": 72.0,
    "cm": 28.35, "mm": 2.835, "pc": 12.0, "%": 6.0, "": 0.75,
}  # fmt: skip

Declarations = dict[str, str]


def declarations(style: str | None) -> Declarations:
    """The declarations of a ``style`` attribute: names in small letters, the last one holds."""
    found: Declarations = {}
    if style:
        for each in style.split(";"):
            name, colon, value = each.partition(":")
            if colon:
                value = value.strip().lower().removesuffix("!important").strip()
                found[name.strip().lower()] = value
    return found


class Sheet:
    """The rules of a page's own style sheets, by tag, class and id."""

    def __init__(self, sheets: Iterable[str] = ()) -> None:
        self.rules: dict[tuple[str, str], Declarations] = {}
        for sheet in sheets:
            self._read(sheet)

    def _read(self, sheet: str) -> None:
        sheet = _without_print(_COMMENT.sub(" ", sheet))
        for selectors, body in _RULE.findall(sheet):
            said: Declarations | None = None
            for selector in selectors.rpartition("}")[2].split(","):
                match = _SIMPLE.fullmatch(selector.strip())
                if match is None or not match[0]:
                    continue
                said = declarations(body) if said is None else said
                key = ((match[1] or "").lower(), match[2] or "")
                self.rules.setdefault(key, {}).update(said)

    def of(self, tag: str, attributes: dict[str, str | None]) -> Declarations:
        """What holds for an element: by its tag, its classes, its id, its own style."""
        style = attributes.get("style")
        if not self.rules:
            return declarations(style) if style else _NOTHING
        names = [""]
        names += [f".{name}" for name in (attributes.get("class") or "").split()]
        if attributes.get("id"):
            names.append(f"#{attributes['id']}")
        found: Declarations = {}
        for name in names:
            for key in (("", name), (tag, name)):
                rule = self.rules.get(key)
                if rule:
                    found.update(rule)
        if style:
            found.update(declarations(style))
        return found


_NOTHING: Declarations = {}


def _without_print(sheet: str) -> str:
    """A style sheet without its blocks for paper."""
    out = []
    at = 0
    while (found := _NEVER_SCREEN.search(sheet, at)) is not None:
        out.append(sheet[at : found.start()])
        depth, at = 1, found.end()
        while at < len(sheet) and depth:
            depth += {"{": 1, "}": -1}.get(sheet[at], 0)
            at += 1
    out.append(sheet[at:])
    return "".join(out)


def is_hidden(said: Declarations) -> bool:
    """Whether the page does not show the element."""
    return said.get("display") == "none" or said.get("visibility") in ("hidden", "collapse")


def is_italic(said: Declarations) -> bool | None:
    """Whether type is sloped; None where nothing is said of it."""
    value = said.get("font-style")
    return None if value is None else value.startswith(("italic", "oblique"))


def is_bold(said: Declarations) -> bool | None:
    """Whether type is heavy; None where nothing is said of it."""
    value = said.get("font-weight")
    if value is None:
        return None
    return value in ("bold", "bolder") or (value.isdigit() and int(value) >= 600)


def points(value: str | None) -> float:
    """A length in points, as near as can be told without laying out the page."""
    found = _LENGTH.match(value.strip()) if value else None
    return float(found[1]) * POINTS[found[2] or ""] if found else 0.0


def indent(said: Declarations) -> float:
    """How far an element moves its text to the right, in points."""
    if not said:
        return 0.0
    left = points(said.get("margin-left")) + points(said.get("padding-left"))
    for name in ("margin", "padding"):
        value = said.get(name)
        if value and f"{name}-left" not in said:
            sides = value.split()
            left += points(sides[3] if len(sides) == 4 else sides[1] if len(sides) > 1 else "0")
    return left + points(said.get("text-indent"))
