"""Styles of a Word file: what a paragraph or a run inherits by its style (ECMA-376 17.7)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from lxml import etree

from tribonian.ingest.readers.docx_package import NAMES, is_on, points, value, whole

# "heading 1" is Word's own name in every language; other programs write the name they show.
_HEADING = re.compile(
    r"(?:heading|berschrift|überschrift|titre|t[íi]tulo|encabezado|titolo|kop|rubrik|overskrift"
    r"|otsikko|nag[łl]?[óo]?wek|nadpis|c[íi]msor|titlu|заголовок|başlık|標題|标题|見出し|제목"
    r"|intestazione)\s*([1-9])(?:\s*char)?"
)
_CONTENTS = re.compile(
    r"(?:toc|verzeichnis|tm|tdc|sommario|inhopg|contents|table of (?:figures|authorities)|innehåll"
    r"|toa)(?:\s*(?:[1-9]|heading))?|indice\s*[1-9]|table des matières|inhaltsverzeichnis"
)
MAX_DEPTH = 50  # styles based on one another; Word itself stops at ten or so


class Look(NamedTuple):
    """What a style, or a paragraph with its style, says; None where nothing is said.

    ``level`` is the outline level (1 highest, 0 body text). ``number`` and ``number_level``
    are ``numId`` and ``ilvl``. ``size``, ``indent`` and ``first`` are in points.
    """

    level: int | None = None
    number: str | None = None
    number_level: int | None = None
    centered: bool | None = None
    indent: float | None = None
    size: float | None = None
    bold: bool | None = None
    italic: bool | None = None
    hidden: bool | None = None
    raised: str | None = None

    def over(self, below: Look) -> Look:
        """This look where it says something, else the one below it."""
        return _over(self, below)


@lru_cache(maxsize=4096)  # a file has some dozens of looks, and a hundred thousand runs
def _over(above: Look, below: Look) -> Look:
    return Look._make(
        mine if mine is not None else theirs for mine, theirs in zip(above, below, strict=True)
    )


@dataclass(frozen=True, slots=True)
class Style:
    """One style: its id, its name in small letters, and its look with what it is based on."""

    id: str
    name: str
    look: Look
    numbered_by: tuple[str, ...] = ()  # this style and those below it, for w:pStyle of a level
    contents: bool = False


def paragraph_look(properties: etree._Element | None) -> Look:
    """What a ``w:pPr`` says of the paragraph itself."""
    if properties is None:
        return NOTHING
    level = number = number_level = centered = indent = None
    for child in properties:
        name = NAMES[child.tag]
        if name == "w:outlineLvl":
            level = whole(value(child), 9)
            level = level + 1 if 0 <= level <= 8 else 0
        elif name == "w:numPr":
            for each in child:
                kind = NAMES[each.tag]
                if kind == "w:numId":
                    number = value(each)
                elif kind == "w:ilvl":
                    number_level = min(max(whole(value(each)), 0), 8)
        elif name == "w:jc":
            centered = value(child) == "center"
        elif name == "w:ind":
            left = value(child, "left") or value(child, "start")
            if left is not None:
                indent = points(left)
    return Look(level, number, number_level, centered, indent)


def run_look(properties: etree._Element | None) -> Look:
    """What a ``w:rPr`` says of its run."""
    if properties is None:
        return NOTHING
    size = bold = italic = hidden = raised = None
    for child in properties:
        name = NAMES[child.tag]
        if name == "w:b":
            bold = is_on(child)
        elif name == "w:i":
            italic = is_on(child)
        elif name == "w:sz":
            size = whole(value(child)) / 2
        elif name == "w:vanish":
            hidden = is_on(child)
        elif name == "w:vertAlign":
            raised = value(child)
    return Look(size=size, bold=bold, italic=italic, hidden=hidden, raised=raised)


NOTHING = Look()


class Styles:
    """The styles of one document by id."""

    def __init__(self, root: etree._Element | None) -> None:
        self.elements: dict[str, etree._Element] = {}
        self.by_id: dict[str, Style] = {}
        self.default = ""  # of paragraphs
        self.defaults = Look()
        for element in root if root is not None else ():
            name = NAMES[element.tag]
            if name == "w:style":
                self._element(element)
            elif name == "w:docDefaults":
                self._defaults(element)

    def _element(self, element: etree._Element) -> None:
        style = value(element, "styleId") or ""
        self.elements.setdefault(style, element)
        is_default = value(element, "default") in ("1", "true", "on")
        if is_default and value(element, "type") == "paragraph":
            self.default = style

    def _defaults(self, element: etree._Element) -> None:
        for each in element.iter():
            if NAMES[each.tag] == "w:rPr":
                self.defaults = run_look(each).over(self.defaults)
            elif NAMES[each.tag] == "w:pPr":
                self.defaults = paragraph_look(each).over(self.defaults)

    def paragraph(self, style: str | None) -> Style:
        """The style of a paragraph, the default one for None."""
        return self._resolved(self.default if style is None else style, self.defaults)

    def character(self, style: str) -> Style:
        """The style of a run."""
        return self._resolved(style, NOTHING)

    def _resolved(self, style: str, defaults: Look) -> Style:
        known = self.by_id.get(style)
        if known is None:
            known = self.by_id[style] = self._resolve(style, defaults)
        return known

    def _resolve(self, style: str, defaults: Look) -> Style:
        chain = self._chain(style)
        look = defaults
        for identity, element in reversed(chain):
            own = paragraph_look(_child(element, "w:pPr")).over(run_look(_child(element, "w:rPr")))
            if own.number is not None and own.number_level is None:
                # a style that names a list anew takes its level from the list (17.9.23)
                look = look._replace(number_level=None)
            if own.level is None:
                level = _heading_level(_name(element)) or _heading_level(identity.lower())
                own = own._replace(level=level or None)
            look = own.over(look)
        name = _name(chain[0][1]) if chain else ""
        if not chain:  # a style that is not defined, known by its id alone
            look = look._replace(level=_heading_level(style.lower()) or look.level)
        shown = name or style.lower()
        return Style(
            style,
            shown,
            look,
            tuple(identity for identity, _ in chain) or (style,),
            bool(_CONTENTS.fullmatch(shown)),
        )

    def _chain(self, style: str) -> list[tuple[str, etree._Element]]:
        """A style and those it is based on, nearest first."""
        chain: list[tuple[str, etree._Element]] = []
        at: str | None = style
        while at is not None and at in self.elements and len(chain) < MAX_DEPTH:
            if any(at == seen for seen, _ in chain):
                break  # styles based on one another in a ring
            chain.append((at, self.elements[at]))
            based = _child(self.elements[at], "w:basedOn")
            at = value(based) if based is not None else None
        return chain

    def sets_first_row_apart(self, style: str) -> bool:
        """Whether a table style prints the first row in bold or shaded."""
        return any(
            NAMES[each.tag] in ("w:b", "w:shd") and is_on(each)
            for _, element in self._chain(style)
            for part in element
            if NAMES[part.tag] == "w:tblStylePr" and value(part, "type") == "firstRow"
            for each in part.iter()
        )

    def list_of(self, style: str) -> str | None:
        """The ``numId`` of a numbering style, for ``w:numStyleLink``."""
        element = self.elements.get(style)
        return None if element is None else paragraph_look(_child(element, "w:pPr")).number


def _name(element: etree._Element) -> str:
    found = _child(element, "w:name")
    return (value(found) or "").strip().lower() if found is not None else ""


def _heading_level(name: str) -> int:
    found = _HEADING.fullmatch(name)
    return int(found[1]) if found else 0


def _child(element: etree._Element, name: str) -> etree._Element | None:
    return next((child for child in element if NAMES[child.tag] == name), None)
