"""Equations of a Word file as one line of text (Office Math, ECMA-376 22.1)."""

from __future__ import annotations

from collections.abc import Callable

from lxml import etree

from tribonian.ingest.readers.docx_package import NAMES, value
from tribonian.ingest.scripts import subscript, superscript

_M = (
    "{http://schemas.openxmlformats.org/officeDocument/2006/math}val",
    "{http://purl.oclc.org/ooxml/officeDocument/math}val",
)


def math_text(element: etree._Element) -> str:
    """The text of an equation in reading order; fractions with ``/``, roots with ``√``."""
    name = NAMES[element.tag]
    if name in ("m:t", "w:t"):
        return element.text or ""
    if name in _SKIPPED:
        return ""
    shape = _SHAPES.get(name)
    return _inside(element) if shape is None else shape(element)


def _inside(element: etree._Element) -> str:
    return "".join(math_text(child) for child in element)


def _part(element: etree._Element, name: str) -> str:
    return "".join(_inside(child) for child in element if NAMES[child.tag] == name)


def _grouped(text: str) -> str:
    """A term in brackets where it needs them."""
    if len(text) < 2 or text.isalnum() or _is_bracketed(text):
        return text
    return f"({text})"


def _is_bracketed(text: str) -> bool:
    depth = 0
    for at, character in enumerate(text):
        depth += (character == "(") - (character == ")")
        if not depth:
            return at == len(text) - 1
    return False


def _fraction(element: etree._Element) -> str:
    return f"{_grouped(_part(element, 'm:num'))}/{_grouped(_part(element, 'm:den'))}"


def _scripts(element: etree._Element) -> str:
    base = _part(element, "m:e")
    if any(NAMES[each.tag] == "m:f" for part in element for each in part):
        base = _grouped(base)  # (a/b)², not a/b²
    lower, upper = _part(element, "m:sub"), _part(element, "m:sup")
    return base + (subscript(lower) if lower else "") + (superscript(upper) if upper else "")


def _before(element: etree._Element) -> str:
    lower, upper = _part(element, "m:sub"), _part(element, "m:sup")
    return (
        (subscript(lower) if lower else "")
        + (superscript(upper) if upper else "")
        + _part(element, "m:e")
    )


def _root(element: etree._Element) -> str:
    degree = _part(element, "m:deg")
    return f"{superscript(degree) if degree else ''}√({_part(element, 'm:e')})"


def _sum(element: etree._Element) -> str:
    sign = _setting(element, "m:naryPr", "m:chr") or "∫"
    lower, upper = _part(element, "m:sub"), _part(element, "m:sup")
    limits = (f"_({lower})" if lower else "") + (f"^({upper})" if upper else "")
    return f"{sign}{limits} {_part(element, 'm:e')}"


def _brackets(element: etree._Element) -> str:
    opens = _setting(element, "m:dPr", "m:begChr")
    closes = _setting(element, "m:dPr", "m:endChr")
    between = _setting(element, "m:dPr", "m:sepChr") or "|"
    inner = between.join(_inside(child) for child in element if NAMES[child.tag] == "m:e")
    return ("(" if opens is None else opens) + inner + (")" if closes is None else closes)


def _rows(element: etree._Element) -> str:
    return "; ".join(_inside(child) for child in element if NAMES[child.tag] in ("m:mr", "m:e"))


def _row(element: etree._Element) -> str:
    return ", ".join(_inside(child) for child in element if NAMES[child.tag] == "m:e")


def _matrix(element: etree._Element) -> str:
    return "; ".join(_row(child) for child in element if NAMES[child.tag] == "m:mr")


def _setting(element: etree._Element, properties: str, name: str) -> str | None:
    for child in element:
        if NAMES[child.tag] == properties:
            for each in child:
                if NAMES[each.tag] == name:
                    return next((v for key in _M if (v := each.get(key)) is not None), value(each))
    return None


def _deleted(element: etree._Element) -> str:
    return ""


_SHAPES: dict[str, Callable[[etree._Element], str]] = {
    "m:f": _fraction,
    "m:sSup": _scripts,
    "m:sSub": _scripts,
    "m:sSubSup": _scripts,
    "m:sPre": _before,
    "m:rad": _root,
    "m:nary": _sum,
    "m:d": _brackets,
    "m:m": _matrix,
    "m:eqArr": _rows,
    "w:del": _deleted,
    "w:moveFrom": _deleted,
}
_SKIPPED = frozenset(
    ("m:rPr", "w:rPr", "m:ctrlPr", "m:fPr", "m:sSupPr", "m:sSubPr", "m:sSubSupPr", "m:radPr",
     "m:naryPr", "m:dPr", "m:mPr", "m:eqArrPr", "m:accPr", "m:barPr", "m:funcPr", "m:oMathParaPr")
)  # fmt: skip
