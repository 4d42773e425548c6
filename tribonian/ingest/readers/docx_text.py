"""The text of one paragraph of a Word file: what its runs print, and how (ECMA-376 17.3).

Two literal tables say what each element is: `INLINE` in a paragraph, `RUN` in a run.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from lxml import etree

from tribonian.ingest.readers.docx_drawings import choice, drawing
from tribonian.ingest.readers.docx_line import Field, Line, Piece
from tribonian.ingest.readers.docx_math import math_text
from tribonian.ingest.readers.docx_package import NAMES, value
from tribonian.ingest.readers.docx_styles import Look
from tribonian.ingest.readers.docx_symbols import FONTS, symbol

_PRIVATE = re.compile("[\uf000-\uf0ff]")
# Fields that Word computes and does not store: the text they print is not in the file.
_NOT_STORED = re.compile(
    r"\s*(LISTNUM|AUTONUM(?:LGL|OUT)?|EQ|SYMBOL|INCLUDETEXT|RD)(?=[\s\"\\]|$)", re.IGNORECASE
)


def read_inline(element: etree._Element, line: Line) -> None:
    """Read what stands in a paragraph, or in something that holds runs."""
    for child in element:
        name = NAMES[child.tag]
        handler = INLINE.get(name)
        if handler is not None:
            handler(child, line)


def _run(element: etree._Element, line: Line) -> None:
    look = line.look_of(element)
    for child in element:
        name = NAMES[child.tag]
        if name == "w:t":
            text = child.text
            if text:
                if max(text) >= "\uf000":
                    text = _private(text, element)
                line.add(text, look)
            continue
        handler = RUN.get(name)
        if handler is not None:
            handler(child, line, look)


def _private(text: str, run: etree._Element) -> str:
    """Text typed in a symbol font, which Word stores in the private area of Unicode."""
    font = ""
    for child in run:
        if NAMES[child.tag] == "w:rPr":
            for each in child:
                if NAMES[each.tag] == "w:rFonts":
                    font = value(each, "ascii") or value(each, "hAnsi") or ""
    if font.lower() not in FONTS:
        font = "symbol"
    return _PRIVATE.sub(lambda found: symbol(font, f"{ord(found[0]):X}"), text)


# --- in a paragraph ------------------------------------------------------------------------


def _inserted(element: etree._Element, line: Line) -> None:
    line.story.tally.inserted += 1
    read_inline(element, line)


def _deleted(element: etree._Element, line: Line) -> None:
    line.story.tally.deleted += 1
    _fields_only(element, line)


def _moved_away(element: etree._Element, line: Line) -> None:
    _fields_only(element, line)


def _moved_here(element: etree._Element, line: Line) -> None:
    line.story.tally.moved += 1
    read_inline(element, line)


def _fields_only(element: etree._Element, line: Line) -> None:
    """Deleted text is not read, but a field that begins in it may end beyond it."""
    for child in element.iter():
        if NAMES[child.tag] == "w:fldChar":
            _field_character(child, line, Look())


def _simple_field(element: etree._Element, line: Line) -> None:
    code = value(element, "instr") or ""
    _note_field(code, line, any(True for _ in element))
    line.story.fields.append(Field(code, shows=True))
    read_inline(element, line)
    line.story.fields.pop()


def _content_control(element: etree._Element, line: Line) -> None:
    for child in element:
        if NAMES[child.tag] == "w:sdtContent":
            read_inline(child, line)


def _math(element: etree._Element, line: Line) -> None:
    text = " ".join(math_text(element).split())
    if text:
        line.add(text, line.style.look)


def _equations(element: etree._Element, line: Line) -> None:
    """Equations on lines of their own, set off by a space."""
    line.add(" ", line.style.look)
    for child in element:
        if NAMES[child.tag] == "m:oMath":
            _math(child, line)
            line.add(" ", line.style.look)


def _ruby(element: etree._Element, line: Line, look: Look) -> None:
    for child in element:
        if NAMES[child.tag] in ("w:rubyBase", "w:rt"):
            read_inline(child, line)


def _comment_reference(element: etree._Element, line: Line) -> None:
    identity = value(element, "id")
    if identity is not None:
        line.comments.append(identity)


def _subdocument(element: etree._Element, line: Line) -> None:
    line.story.tally.leave("subdocument")


# --- in a run ------------------------------------------------------------------------------


def _space(element: etree._Element, line: Line, look: Look) -> None:
    line.add(" ", look)


def _hyphen(element: etree._Element, line: Line, look: Look) -> None:
    line.add("-", look)


def _symbol(element: etree._Element, line: Line, look: Look) -> None:
    line.add(symbol(value(element, "font") or "", value(element, "char") or ""), look)


def _note_reference(element: etree._Element, line: Line, look: Look) -> None:
    if line.story.fields and not all(each.shows for each in line.story.fields):
        return
    kind = NAMES[element.tag].partition(":")[2].removesuffix("Reference")
    own = ""
    if value(element, "customMarkFollows") in ("1", "true", "on"):
        own = _mark_after(element)
    line.notes.append((kind, value(element, "id") or "", own))
    line.note_places.append(len(line.pieces))
    line.pieces.append(Piece("", raised="note"))


def _mark_after(element: etree._Element) -> str:
    """The mark that an author set, which is the text of the same run."""
    return "".join(
        each.text or ""
        if NAMES[each.tag] == "w:t"
        else symbol(value(each, "font") or "", value(each, "char") or "")
        for each in element.itersiblings()
        if NAMES[each.tag] in ("w:t", "w:sym")
    ).strip()


def _comment_in_run(element: etree._Element, line: Line, look: Look) -> None:
    _comment_reference(element, line)


def _field_character(element: etree._Element, line: Line, look: Look) -> None:
    kind = value(element, "fldCharType")
    fields = line.story.fields
    if kind == "begin":
        fields.append(Field())
    elif kind == "separate" and fields:
        fields[-1].shows = fields[-1].any = True
    elif kind == "end" and fields:
        done = fields.pop()
        _note_field(done.code, line, done.any)


def _instruction(element: etree._Element, line: Line, look: Look) -> None:
    fields = line.story.fields
    if fields and not fields[-1].any:
        fields[-1].code += element.text or ""


def _note_field(code: str, line: Line, has_result: bool) -> None:
    found = _NOT_STORED.match(code)
    if found and not has_result:
        line.story.tally.leave(f"{found[1].upper()} field")


def _alternatives(element: etree._Element, line: Line) -> None:
    chosen = choice(element)
    if chosen is not None:
        read_inline(chosen, line)


def _alternatives_in_run(element: etree._Element, line: Line, look: Look) -> None:
    chosen = choice(element)
    for child in chosen if chosen is not None else ():
        handler = RUN.get(NAMES[child.tag])
        if NAMES[child.tag] == "w:t":
            line.add(child.text or "", look)
        elif handler is not None:
            handler(child, line, look)


INLINE: dict[str, Callable[[etree._Element, Line], None]] = {
    "w:r": _run,
    "w:hyperlink": read_inline,
    "w:smartTag": read_inline,
    "w:customXml": read_inline,
    "w:dir": read_inline,
    "w:bdo": read_inline,
    "w:ins": _inserted,
    "w:del": _deleted,
    "w:moveFrom": _moved_away,
    "w:moveTo": _moved_here,
    "w:fldSimple": _simple_field,
    "w:sdt": _content_control,
    "w:commentReference": _comment_reference,
    "w:subDoc": _subdocument,
    "m:oMath": _math,
    "m:oMathPara": _equations,
    "mc:AlternateContent": _alternatives,
}
RUN: dict[str, Callable[[etree._Element, Line, Look], None]] = {
    "w:tab": _space,
    "w:ptab": _space,
    "w:br": _space,
    "w:cr": _space,
    "w:noBreakHyphen": _hyphen,
    "w:sym": _symbol,
    "w:footnoteReference": _note_reference,
    "w:endnoteReference": _note_reference,
    "w:commentReference": _comment_in_run,
    "w:fldChar": _field_character,
    "w:instrText": _instruction,
    "w:drawing": drawing,
    "w:pict": drawing,
    "w:object": drawing,
    "w:ruby": _ruby,
    "mc:AlternateContent": _alternatives_in_run,
}
