"""The text of one eCFR paragraph: its inline elements as plain, legible text.

Upper-case GPO tags stand beside lower-case HTML in the same paragraph. The feed breaks the
line before ``<SU>``, ``<FR>`` and ``<AC>``; that line feed is no space: ``m⏎<SU>2</SU>``
is m².
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from lxml import etree

from tribonian.ingest import scripts
from tribonian.schemas.finding import Finding
from tribonian.schemas.words import count_words

_STACKED = re.compile(r"([⁰¹²³⁴⁵⁶⁷⁸⁹]+)⁄([₀₁₂₃₄₅₆₇₈₉]+)")
_PLAIN_DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉", "01234567890123456789")

# <E T="..">: codes that raise, lower, slope or shrink (eCFR XML User Guide 3.33; the codes
# of four digits are GPO type faces, read off 21 CFR 172.379, 862.1120 and 10 CFR 50.61).
RAISED = frozenset(("51", "7321"))
LOWERED = frozenset(("52", "54", "9145", "0732", "8064"))
ITALICS = frozenset(("03", "53", "7462", "0714", "7403", "7503", "714", "462"))
SMALL_CAPITALS = frozenset(("04", "05"))
PLAIN = frozenset(("01", "02", "15", "63", "8063", ""))


@dataclass(slots=True)
class InlineText:
    """The text of one paragraph while it is put together.

    ``italics`` are character spans, ``marks`` the footnote marks that are references,
    ``nested`` block elements found inside, each with the length of the text before it
    (18 CFR 101 has headings within paragraphs), ``added`` the words that are not the
    document's. ``in_place`` takes nested blocks as text where they stand, as a table's cell
    must; ``within`` says that more text stands before it, so that it may begin with a space.
    """

    parts: list[str] = field(default_factory=list)
    length: int = 0
    italics: list[tuple[int, int]] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)
    nested: list[tuple[int, etree._Element]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    added: int = 0
    last_raised: str = ""
    in_place: bool = False
    within: bool = False

    def add(self, text: str) -> None:
        """Append text; runs of white space become one space, none at the start."""
        if "\n" in text or "  " in text or "\t" in text or "\xa0" in text:
            text = _one_space(text)
        if text[:1] == " " and (self.parts[-1][-1] == " " if self.parts else not self.within):
            text = text[1:]
        if text:
            self.parts.append(text)
            self.length += len(text)

    def before(self) -> str:
        """The last piece of text."""
        return self.parts[-1] if self.parts else ""

    def replace_last(self, text: str) -> None:
        """Put another text in the place of the last piece."""
        if self.parts:
            self.length += len(text) - len(self.parts[-1])
            self.parts[-1] = text

    def text(self) -> str:
        """All of it, without space around it."""
        whole = "".join(self.parts).rstrip()
        if "⁄" in whole:
            plain = unstack(whole)
            self.italics = [
                (len(unstack(whole[:start])), len(unstack(whole[:end])))
                for start, end in self.italics
            ]
            self.nested = [(len(unstack(whole[:at])), child) for at, child in self.nested]
            self.parts = [plain]
            return plain
        return whole


def _one_space(text: str) -> str:
    """Each run of white space as one space; three times as fast as a pattern."""
    inner = " ".join(text.split())
    if not inner:
        return " "
    lead = " " if text[0].isspace() else ""
    return f"{lead}{inner} " if text[-1].isspace() else lead + inner


def unstack(text: str) -> str:
    """``2¹⁄₂`` as ``2 1/2``: a fraction set with raised and lowered digits."""

    def plain(match: re.Match[str]) -> str:
        top, bottom = match[1].translate(_PLAIN_DIGITS), match[2].translate(_PLAIN_DIGITS)
        return scripts.fraction(text[: match.start()], f"{top}/{bottom}")

    return _STACKED.sub(plain, text)


def plain_text(element: etree._Element) -> str | None:
    """The text of an element without children, the commonest case; None where it has some."""
    if len(element):
        return None
    text = element.text
    if not text:
        return ""
    text = text.strip()
    if "\n" in text or "  " in text or "\t" in text or "\xa0" in text:
        return " ".join(text.split())
    return text


def inline_text(element: etree._Element, *, in_place: bool = False) -> InlineText:
    """Read the inline content of a paragraph, heading or cell."""
    into = InlineText(in_place=in_place)
    _walk(element, into)
    return into


def _walk(element: etree._Element, into: InlineText) -> None:
    if element.text:
        into.add(_before_tag(element.text, element[0] if len(element) else None))
    for child in element:
        tag = child.tag
        if tag == "I" and not len(child):  # the commonest
            start = into.length
            if child.text:
                into.add(child.text)
                if into.length > start:
                    into.italics.append((start, into.length))
        elif isinstance(tag, str):
            handler = INLINE.get(tag)
            if handler is not None:
                handler(child, into)
            elif into.in_place and tag in IN_A_CELL:
                into.add(" ")
                _walk(child, into)
                into.add(" ")
            elif tag in NESTED_BLOCKS:
                into.add(" ")
                into.nested.append((into.length, child))
            else:
                into.findings.append(
                    Finding("unknown-element", f"<{tag}> inside a paragraph was read as text.")
                )
                _walk(child, into)
        if child.tail:
            into.add(_before_tag(child.tail, child.getnext()))


def _before_tag(text: str, following: etree._Element | None) -> str:
    """Drop the line feed that the feed puts before a raised mark, a fraction, an accent.

    The annual edition puts an indent behind it.
    """
    if text[-1].isspace() and following is not None and following.tag in _AFTER_LINE_FEED:
        if text[-1] == "\n":
            return text[:-1]
        said = text.rstrip()
        if text[len(said)] == "\n":
            return said
    return text


_AFTER_LINE_FEED = frozenset(("SU", "FR", "AC", "FTREF"))


def _transparent(element: etree._Element, into: InlineText) -> None:
    _walk(element, into)


def _italic(element: etree._Element, into: InlineText) -> None:
    start = into.length
    _walk(element, into)
    if into.length > start:
        into.italics.append((start, into.length))


def _inner(element: etree._Element, into: InlineText) -> str:
    inner = InlineText(in_place=into.in_place, within=True)
    _walk(element, inner)
    into.nested += [(into.length, child) for _, child in inner.nested]
    into.findings += inner.findings
    into.added += inner.added
    return "".join(inner.parts)


def _emphasis(element: etree._Element, into: InlineText) -> None:
    code = element.get("T", "")
    if code in ITALICS:
        _italic(element, into)
    elif code in LOWERED:
        _lowered(element, into)
    elif code in RAISED:
        _script(element, into, scripts.superscript)
    elif code in SMALL_CAPITALS:
        text = _inner(element, into)
        into.add(text.upper() if text == text.lower() else text)
    else:
        if code not in PLAIN:
            into.findings.append(
                Finding("unknown-emphasis", f'<E T="{code}"> was read as plain text.')
            )
        _walk(element, into)


def _raised(element: etree._Element, into: InlineText) -> None:
    into.last_raised = _script(element, into, scripts.superscript).strip()


def _lowered(element: etree._Element, into: InlineText) -> None:
    _script(element, into, scripts.subscript)


def _script(element: etree._Element, into: InlineText, convert: Callable[[str], str]) -> str:
    """Raise or lower the inner text, and return it as it was.

    A mark that stands in for what Unicode lacks parts a word: RT_NDT is one word of the
    document, and the other is an added one.
    """
    inner = _inner(element, into)
    changed = convert(inner)
    if inner and inner[0].isalnum() and changed[0] in "_^" and into.before()[-1:].isalnum():
        into.added += 1
    if changed[-1:] == "}" and inner[-1].isalnum() and (element.tail or "")[:1].isalnum():
        into.added += 1
    into.add(changed)
    return inner


def _reference(element: etree._Element, into: InlineText) -> None:
    if into.last_raised:
        into.marks.append(into.last_raised)
        into.last_raised = ""
    _walk(element, into)


def _fraction(element: etree._Element, into: InlineText) -> None:
    into.add(scripts.fraction(into.before(), _inner(element, into)))


def _accent(element: etree._Element, into: InlineText) -> None:
    code = element.get("T", "")
    marked = scripts.accented(into.before(), code)
    if marked is None:
        into.findings.append(Finding("unknown-accent", f'<AC T="{code}"> was left out.'))
    else:
        into.replace_last(marked)
    _walk(element, into)


def _line_break(element: etree._Element, into: InlineText) -> None:
    into.add(" ")
    _walk(element, into)


def _image(element: etree._Element, into: InlineText) -> None:
    mark = image_mark(element)
    into.add(f" {mark} ")
    into.added += count_words(mark)
    _walk(element, into)


def image_mark(element: etree._Element, what: str = "image") -> str:
    """The readable mark that stands for a picture: ``[image: er17au22.015.gif]``."""
    return f"[{what}: {(element.get('src') or 'unnamed').rsplit('/', 1)[-1]}]"


INLINE: dict[str, Callable[[etree._Element, InlineText], None]] = {
    "I": _italic,
    "em": _italic,
    "i": _italic,
    "E": _emphasis,
    "SU": _raised,
    "sup": _raised,
    "sub": _lowered,
    "FTREF": _reference,
    "FR": _fraction,
    "AC": _accent,
    "br": _line_break,
    "img": _image,
    "B": _transparent,
    "b": _transparent,
    "strong": _transparent,
    "a": _transparent,
    "ABBR": _transparent,
    "SECTNO": _transparent,
    "span": _transparent,
}
# What may stand in a cell and is read as text there.
IN_A_CELL = frozenset(
    ("P", "FP", "FP-1", "FP-2", "PSPACE", "HED", "HED1", "HD1", "HD2", "HD3", "HD4", "HD5", "HD6",
     "FTNT", "NOTE", "EXTRACT", "MATH", "DIV", "LI", "TABLE", "CAPTION", "THEAD", "TBODY", "TFOOT",
     "TR", "TD", "TH", "HD", "GPH", "GID", "MID", "STARS")
)  # fmt: skip
# Block elements that are found inside a paragraph: the feed prints some there by mistake, USLM
# by design.
NESTED_BLOCKS = frozenset(
    ("HED1", "HD1", "HD2", "HD3", "HD4", "HD5", "HD6", "P", "FP", "FP-1", "FP-2", "MATH",
     "EXTRACT", "NOTE", "DIV", "TABLE", "FTNT", "STARS", "PSPACE", "HD", "GPH", "GPOTABLE",
     "BCAP", "LDRFIG", "EXAMPLE", "EDNOTE", "AMDPAR", "CITA", "SECAUTH", "APPRO", "AUTH",
     "SOURCE", "CROSSREF", "EFFDNOT", "EFFDNOTP", "REVTXT", "CONTENTS", "PART", "SUBPART",
     "SUBJGRP", "SECTION", "APPENDIX", "REGTEXT",
     "quoted", "toc", "figure", "list", "notes", "section", "subsection", "paragraph",
     "subparagraph", "clause", "subclause", "item", "subitem", "subsubitem", "level", "article",
     "title", "chapter", "part", "subpart", "block")
)  # fmt: skip
