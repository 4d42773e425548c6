"""Automatic numbers of a Word file, computed as Word prints them (ECMA-376 17.9).

The designators of law typed in Word are here and not in the text: ``(a)`` is a level of a
list, ``§ 11.1`` may be one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

from tribonian.ingest.readers.docx_number_formats import FORMATS, formatted
from tribonian.ingest.readers.docx_package import NAMES, is_on, value, whole
from tribonian.ingest.readers.docx_styles import (
    NOTHING,
    Look,
    Style,
    Styles,
    paragraph_look,
    run_look,
)

_PLACE = re.compile(r"%([1-9])")
BULLET = "•"
LEVELS = 9


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list, as ``w:lvl`` defines it."""

    start: int = 1
    format: str = "decimal"
    pattern: str = ""  # of a custom format
    text: str = ""
    restart: int | None = None  # 1-based level after which it restarts; 0 never
    legal: bool = False
    suffix: str = "tab"
    style: str = ""
    look: Look = NOTHING


@dataclass(frozen=True, slots=True)
class List:
    """An instance (``w:num``): which definition it counts in, its levels, its new starts."""

    definition: str
    levels: dict[int, Level]
    starts: dict[int, int]


@dataclass(frozen=True, slots=True)
class Number:
    """A number as printed, with the space after it; ``level`` counts from 1."""

    text: str
    level: int
    look: Look
    bullet: bool = False


class Numbering:
    """The lists of one document, by ``numId``."""

    def __init__(self, root: etree._Element | None, styles: Styles) -> None:
        self.styles = styles
        self.definitions: dict[str, dict[int, Level]] = {}
        self.links: dict[str, str] = {}  # definition -> numbering style
        self.unknown: set[str] = set()
        self.lists: dict[str, List] = {}
        instances = []
        for element in root if root is not None else ():
            name = NAMES[element.tag]
            if name == "w:abstractNum":
                self._definition(element)
            elif name == "w:num":
                instances.append(element)
        bases = {
            value(element, "numId") or "": _value_of(element, "w:abstractNumId") or ""
            for element in instances
        }
        for element in instances:
            self._list(element, bases)

    def _definition(self, element: etree._Element) -> None:
        levels: dict[int, Level] = {}
        identity = value(element, "abstractNumId") or ""
        for child in element:
            name = NAMES[child.tag]
            if name == "w:lvl":
                # "Some malformed documents" have levels without an index: level 0
                levels.setdefault(min(max(whole(value(child, "ilvl")), 0), 8), self._level(child))
            elif name == "w:numStyleLink":
                self.links[identity] = value(child) or ""
        self.definitions[identity] = levels

    def _list(self, element: etree._Element, bases: dict[str, str]) -> None:
        identity = value(element, "numId") or ""
        definition = counted = bases[identity]
        for _ in range(LEVELS):  # a link may lead to a link, or in a ring
            style = self.links.get(definition)
            linked = self.styles.list_of(style) if style is not None else None
            if linked is None or linked not in bases:
                break
            definition = bases[linked]
        levels = dict(self.definitions.get(definition, {}))
        starts: dict[int, int] = {}
        for child in element:
            if NAMES[child.tag] != "w:lvlOverride":
                continue
            at = min(max(whole(value(child, "ilvl")), 0), 8)
            for each in child:
                name = NAMES[each.tag]
                if name == "w:lvl":
                    levels[at] = self._level(each)
                elif name == "w:startOverride":
                    starts[at] = whole(value(each), 1)
        # a definition that borrows the levels of a style counts by itself, as in Word
        self.lists.setdefault(identity, List(counted, levels, starts))

    def _level(self, element: etree._Element) -> Level:
        start, form, pattern, text, suffix, style = 0, "decimal", "", "", "tab", ""
        restart: int | None = None
        legal = False
        look = Look()
        for child in element.iter():
            if child.getparent() is not element and NAMES[child.tag] != "w:numFmt":
                continue  # a custom format stands in mc:AlternateContent
            name = NAMES[child.tag]
            if name == "w:start":
                start = whole(value(child))
            elif name == "w:numFmt":
                if form != "custom":
                    form = value(child) or "decimal"
                    pattern = value(child, "format") or ""
            elif name == "w:lvlText":
                text = value(child) or ""
            elif name == "w:lvlRestart":
                restart = whole(value(child))
            elif name == "w:isLgl":
                legal = is_on(child)
            elif name == "w:suff":
                suffix = value(child) or "tab"
            elif name == "w:pStyle":
                style = value(child) or ""
            elif name == "w:pPr":
                look = paragraph_look(child).over(look)
            elif name == "w:rPr":
                look = run_look(child).over(look)
        if form not in FORMATS and form != "custom":
            self.unknown.add(form)
        return Level(start, form, pattern, text, restart, legal, suffix, style, look)

    def place(self, style: Style, own: Look) -> tuple[List, int] | None:
        """The list and level of a paragraph, from itself, else from its style."""
        number = own.number if own.number is not None else style.look.number
        if number is None or number == "0":  # 0 switches numbering off
            return None
        chosen = self.lists.get(number)
        if chosen is None:
            return None
        level = own.number_level
        if level is None and own.number is None:
            # "any numbering level defined by the numPr element shall be ignored" where a level
            # of the list names the style (17.9.23)
            level = next(
                (
                    at
                    for name in style.numbered_by
                    for at, each in sorted(chosen.levels.items())
                    if each.style == name
                ),
                style.look.number_level,
            )
        level = level or 0
        return (chosen, level) if level in chosen.levels else None


class Counting:
    """The counters of one story: the body, the text boxes, the notes each count alone."""

    def __init__(self) -> None:
        self.counters: dict[str, list[int | None]] = {}
        self.started: set[tuple[int, int]] = set()

    def next(self, chosen: List, at: int) -> Number:
        """Count one paragraph, and the number it prints.

        Lists of one definition go on counting; a new start counts once, where its list
        begins. A level above that has not been printed begins as if it had been.
        """
        counters = self.counters.setdefault(chosen.definition, [None] * LEVELS)
        for level in range(at):
            if counters[level] is None and level in chosen.levels:
                counters[level] = self._start(chosen, level)
        key = (id(chosen), at)
        now = counters[at]
        if at in chosen.starts and key not in self.started:
            self.started.add(key)
            now = chosen.starts[at]
        elif now is None:
            now = self._start(chosen, at)
        else:
            now += 1
        counters[at] = now
        for deeper in range(at + 1, LEVELS):
            below = chosen.levels.get(deeper)
            last = deeper if below is None or below.restart is None else below.restart
            if at < last or (last > deeper):
                counters[deeper] = None
        return self._printed(chosen, at, counters)

    def _start(self, chosen: List, level: int) -> int:
        if level in chosen.starts:
            self.started.add((id(chosen), level))
            return chosen.starts[level]
        return chosen.levels[level].start

    def _printed(self, chosen: List, at: int, counters: list[int | None]) -> Number:
        level = chosen.levels[at]
        if level.format == "bullet":
            return Number(f"{BULLET} ", at + 1, level.look, bullet=True)

        def number(found: re.Match[str]) -> str:
            place = int(found[1]) - 1
            shown = chosen.levels.get(place)
            if shown is None or place > at:
                return ""
            count = counters[place]
            form = shown.format
            # legal style: what a number inherits is in figures, "Section 1.01" under "Article I"
            if level.legal and form not in ("none", "bullet", "decimalZero"):
                form = "decimal"
            return formatted(shown.start if count is None else count, form, shown.pattern)

        text = _PLACE.sub(number, level.text)
        text = " ".join(text.split())
        if text and (level.suffix != "nothing" or level.text[-1:].isspace()):
            text += " "
        return Number(text, at + 1, level.look)


def _value_of(element: etree._Element, name: str) -> str | None:
    return next((value(child) for child in element if NAMES[child.tag] == name), None)
