"""A part as Word with automatic numbers: the numbers stand in numbering.xml and not in the text.

Six levels as the CFR has them (1 CFR 21.11). Each section has lists of its own. The second
number of "(a)(1)" and one that Word cannot print, such as (a-1), stay typed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import docx
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.shared import Pt
from lxml import etree, html

from printed.pages import Form, body
from tribonian.schemas.tree import Node

_NS = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
# 1 CFR 21.11: (a), (1), (i), (A), (1) in italics, (i) in italics.
_LEVELS = (
    ("lowerLetter", False), ("decimal", False), ("lowerRoman", False),
    ("upperLetter", False), ("decimal", True), ("lowerRoman", True),
)  # fmt: skip
_FIRST = re.compile(r"\((<em>)?([A-Za-z]{1,5}|\d{1,3})(</em>)?\)\s*")
_ABSTRACT = 40


def numbered_word(root: etree._Element, tree: Node) -> bytes:
    """The part as a Word document; ``tree`` tells the level of each paragraph."""
    document = docx.Document()
    normal: Any = document.styles["Normal"]
    normal.font.name, normal.font.size = "Liberation Serif", Pt(11)
    numbering = document.part.numbering_part.element
    numbering.insert(0, parse_xml(_abstract()))
    lists = _Lists(numbering)
    levels = levels_of(tree)
    page = html.fromstring(f"<div>{body(root, Form(located=True))}</div>")
    for element in page.iter("h1", "h2", "h3", "h4", "h5", "h6", "p", "table"):
        if element.tag == "table":
            _table(document, element)
        elif next(element.iterancestors("table"), None) is None:
            _paragraph(document, element, lists, levels)
    out = BytesIO()
    document.core_properties.author = ""
    document.save(out)
    return out.getvalue()


def _abstract() -> str:
    levels = "".join(
        f'<w:lvl w:ilvl="{n}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/>'
        f'<w:lvlText w:val="(%{n + 1})"/><w:lvlJc w:val="left"/>'
        f'<w:pPr><w:ind w:left="{360 * (n + 1)}" w:hanging="360"/></w:pPr>'
        f"<w:rPr>{'<w:i/>' if italic else ''}</w:rPr></w:lvl>"
        for n, (kind, italic) in enumerate(_LEVELS)
    )
    return (f'<w:abstractNum {_NS} w:abstractNumId="{_ABSTRACT}">'
            f'<w:multiLevelType w:val="multilevel"/>{levels}</w:abstractNum>')  # fmt: skip


class _Lists:
    """The lists of a document, and what Word prints next in the one that is open.

    A number that does not follow gets a list of its own, which begins with it at its level
    (w:startOverride), as "Set Numbering Value" in Word does.
    """

    def __init__(self, numbering: Any) -> None:
        self.numbering = numbering
        self.number = 100  # of the list that is open
        self.starts = [1] * len(_LEVELS)
        self.last: list[int | None] = [None] * len(_LEVELS)
        self.opened = False

    def end(self) -> None:
        """Close the open list: what follows begins a new one."""
        self.opened = False

    def take(self, level: int, value: int) -> int:
        """The list in which the paragraph of a level has the number ``value``."""
        last = self.last[level]
        follows = self.starts[level] if last is None else last + 1
        if not self.opened or follows != value:
            above = [(each or 0) + 1 if self.opened else 1 for each in self.last[:level]]
            self._open([*above, value, *[1] * (len(_LEVELS) - level - 1)])
        self.last[level] = value
        for below in range(level + 1, len(_LEVELS)):
            if self.starts[below] != 1 and self.last[below] is not None:
                # a start other than 1 would hold again here; the next paragraph opens a new list
                self.starts[below] = -1
            self.last[below] = None
        return self.number

    def _open(self, starts: list[int]) -> None:
        self.number += 1
        self.starts, self.last, self.opened = starts, [None] * len(_LEVELS), True
        overrides = "".join(
            f'<w:lvlOverride w:ilvl="{n}"><w:startOverride w:val="{start}"/></w:lvlOverride>'
            for n, start in enumerate(starts)
        )
        self.numbering.append(parse_xml(
            f'<w:num {_NS} w:numId="{self.number}"><w:abstractNumId w:val="{_ABSTRACT}"/>'
            f"{overrides}</w:num>"))  # fmt: skip


def value_of(level: int, text: str) -> int | None:
    """What a printed number is as a number of a level; None where it is none of that level."""
    kind = _LEVELS[level][0]
    if kind == "decimal":
        return int(text) if text.isdigit() and text[0] != "0" else None
    if kind == "lowerRoman":
        return next((n for n in range(1, 200) if _roman(n) == text), None)
    small = text.lower()
    if (text if kind == "lowerLetter" else small.upper()) != (
        small if kind == "lowerLetter" else text
    ):
        return None
    if not small.isalpha() or small != small[0] * len(small):  # Word goes on z, aa, bb
        return None
    return ord(small[0]) - ord("a") + 1 + 26 * (len(small) - 1)


def _roman(number: int) -> str:
    out = ""
    for value, sign in ((100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"),
                        (5, "v"), (4, "iv"), (1, "i")):  # fmt: skip
        out += sign * (number // value)
        number %= value
    return out


def levels_of(root: Node) -> dict[str, int]:
    """The level, from 0, of the first number of each paragraph, by its place in the XML."""
    levels: dict[str, int] = {}
    stack = [(root, 0)]
    while stack:
        node, depth = stack.pop()
        numbered = node.kind == "paragraph" and bool(node.designator)
        if numbered and not node.joined:
            levels.setdefault(node.locator, depth)
        stack += [(child, depth + numbered) for child in node.children]
    return levels


_HEADS = {f"h{n}": f"Heading {n}" for n in range(1, 7)}


def _paragraph(document: Any, element: Any, lists: _Lists, levels: dict[str, int]) -> None:
    paragraph = document.add_paragraph(style=_HEADS.get(element.tag))
    if element.tag in ("h1", "h2", "h3", "h4"):
        lists.end()
    inner = _inner(element)
    found = _FIRST.match(inner)
    level = levels.get(element.get("data-at", ""), -1) if found else -1
    if found and 0 <= level < len(_LEVELS) and _LEVELS[level][1] == bool(found[1]):
        value = value_of(level, found[2])
        if value is not None:
            number = lists.take(level, value)
            numbered = (
                f'<w:numPr {_NS}><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'
            )
            paragraph._p.get_or_add_pPr().append(parse_xml(numbered))
            inner = inner[found.end() :]
    for text, marks in _runs(html.fromstring(f"<p>{inner}</p>"), frozenset()):
        run = paragraph.add_run(text)
        run.italic = True if "em" in marks else None
        run.bold = True if "strong" in marks else None
        _raise(run, marks)


def _inner(element: Any) -> str:
    text = (element.text or "").replace("&", "&amp;").replace("<", "&lt;")
    for child in element:
        text += html.tostring(child, encoding="unicode")
    return text


def _raise(run: Any, marks: frozenset[str]) -> None:
    """Raise or lower a run; either of the two set to None would take the other away."""
    if "sup" in marks:
        run.font.superscript = True
    elif "sub" in marks:
        run.font.subscript = True


def _runs(element: Any, marks: frozenset[str]) -> Iterator[tuple[str, frozenset[str]]]:
    if element.text:
        yield element.text, marks
    for child in element:
        yield from _runs(child, marks | {child.tag})
        if child.tail:
            yield child.tail, marks


def _table(document: Any, element: Any) -> None:
    for caption in element.iter("caption"):
        document.add_paragraph(style="Caption").add_run(caption.text_content())
    rows = list(element.iter("tr"))
    width = max((sum(int(c.get("colspan", 1)) for c in row) for row in rows), default=0)
    if not width:
        return
    table = document.add_table(rows=len(rows), cols=width, style="Table Grid")
    taken: set[tuple[int, int]] = set()
    for y, row in enumerate(rows):
        x = 0
        for cell in row:
            while (y, x) in taken:
                x += 1
            across, down = int(cell.get("colspan", 1)), int(cell.get("rowspan", 1))
            last_x, last_y = min(x + across, width) - 1, min(y + down, len(rows)) - 1
            if x >= width:
                break
            target = table.cell(y, x)
            if (last_x, last_y) != (x, y):
                target = target.merge(table.cell(last_y, last_x))
            paragraph = target.paragraphs[0]
            for text, marks in _runs(cell, frozenset()):
                run = paragraph.add_run(text)
                _raise(run, marks)
            taken |= {(b, a) for b in range(y, last_y + 1) for a in range(x, last_x + 1)}
            x = last_x + 1
        if row.getparent().tag == "thead":
            properties = table.rows[y]._tr.get_or_add_trPr()
            properties.append(properties.makeelement(qn("w:tblHeader"), {}))
