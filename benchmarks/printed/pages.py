"""The eCFR's XML as a plain web page: headings, paragraphs, tables, and nothing nested.

Straight from the elements, so that what is printed does not depend on our reader.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import escape

from lxml import etree

Element = etree._Element

# A small grey picture in the place of the eCFR's drawings, which are not in the XML.
PICTURE = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAAAAADhZOFXAAAADklEQVR4nGOYCQcM"
    "pDEBkBkO4dYYFzEAAAAASUVORK5CYII="
)
RANKS = {"DIV5": 1, "DIV6": 2, "DIV7": 3, "DIV8": 4, "DIV9": 2}


@dataclass(frozen=True, slots=True)
class Form:
    """How headings and numbers are written; the layout is the style sheet's matter.

    ``sign`` replaces the section sign; ``split`` puts a section's number and its heading on two
    lines; ``tagged`` writes headings as h1-h6, else as paragraphs of a class; ``hanging`` puts a
    paragraph's number into a column of its own; ``contents`` is ``pages`` for a page of contents
    with dotted lines, ``sections`` for the list under the heading of a part that the printed CFR
    has, ``headings`` for the same headings once more, "" for none; ``hyphens`` lets long words
    break; ``located`` writes each paragraph's place in the XML, as our reader names it.
    """

    sign: str = "§"
    split: bool = False
    tagged: bool = True
    hanging: bool = False
    contents: str = ""
    hyphens: bool = False
    located: bool = False


def body(root: Element, form: Form) -> str:
    """The pieces of an eCFR document from its part down, as HTML."""
    parts = [root] if root.tag == "DIV5" else list(root.iter("DIV5"))
    lines = []
    for part in parts:
        lines += [*_contents_pages(part, form), *_unit(part, form)]
    content = "\n".join(lines)
    if not form.hyphens:
        return content
    return _TEXT.sub(lambda found: found[1] + _BREAK.sub("\xad", found[2]), content)


# Where a long word may break: between two consonants, or before one, that stands
# between vowels. Chromium has
# no dictionary for this where it is not installed with one.
_TEXT = re.compile(r"(</?(?:p|em|strong|sub|sup)\b[^>]*>)([^<]+)")
_BREAK = re.compile(
    r"(?<=[a-z][aeiouy][bcdfglmnprst])(?=[bcdfglmnprst][aeiouy][a-z])"
    r"|(?<=[a-z]{2}[aeiouy])(?=[bcdfglmnprstv][aeiouy][a-z]{2})"
)


def inline(element: Element) -> str:
    """The text of a paragraph with its italics, raised and lowered letters."""
    text = re.sub(r"\s+", " ", _inline(element)).strip()
    # "1<FR>1/2</FR>" is one and a half
    return text.replace("\x01", "")


def plain(element: Element) -> str:
    """The text of a heading, without footnote marks."""
    return re.sub(r"<sup>.*?</sup>|<[^>]+>", "", inline(element)).strip()


def _inline(element: Element) -> str:
    out = escape(_before(element.text, element[0] if len(element) else None), quote=False)
    for child in element:
        if isinstance(child.tag, str):
            inner = _inline(child)
            if child.tag == "FR":
                out = re.sub(r"(\d)\s*$", r"\1 ", out)
            make = _INLINE.get(child.tag)
            out += make(child, inner) if make else inner
        out += escape(_before(child.tail, child.getnext()), quote=False)
    return out


def _before(text: str | None, following: Element | None) -> str:
    """The feed breaks the line before a raised mark; that is no space."""
    if not text:
        return ""
    if text.endswith("\n") and following is not None and following.tag in _GLUED:
        return text[:-1]
    return text


def _emphasis(element: Element, inner: str) -> str:
    code = element.get("T", "")
    if code in ("52", "54"):
        return f"<sub>{inner}</sub>"
    if code in ("51",):
        return f"<sup>{inner}</sup>"
    return f"<em>{inner}</em>" if code in ("03", "53") else inner


def _as(tag: str) -> Callable[[Element, str], str]:
    return lambda _, inner: f"<{tag}>{inner}</{tag}>"


_GLUED = frozenset(("SU", "FR", "AC", "FTREF"))
_INLINE: dict[str, Callable[[Element, str], str]] = {
    "I": _as("em"),
    "B": _as("strong"),
    "SU": _as("sup"),
    "sup": _as("sup"),
    "sub": _as("sub"),
    "strong": _as("strong"),
    "em": _as("em"),
    "E": _emphasis,
    "AC": lambda element, _: "\u0304" if element.get("T") == "8" else "",
    "br": lambda _, __: "<br>",
    "FTREF": lambda _, __: "",
    "img": lambda _, __: "",
}


def _unit(unit: Element, form: Form) -> Iterator[str]:
    """A part, subpart, subject group, section or appendix."""
    for child in unit:
        tag = child.tag
        if tag == "HEAD":
            yield _head(child, str(unit.tag), form)
            if unit.tag == "DIV5" and form.contents == "sections":
                yield from _contents_sections(unit)
        elif tag in RANKS:
            yield from _unit(child, form)
        else:
            yield from block(child, form)


def block(element: Element, form: Form) -> Iterator[str]:
    """The lines of HTML of one element that is no unit."""
    make = _BLOCKS.get(str(element.tag), _paragraph)
    yield from make(element, form)


def heading(rank: int, text: str, name: str, form: Form) -> str:
    """A heading of a rank, as such or as a paragraph that only looks like one."""
    if form.tagged:
        return f'<h{rank} class="{name}">{text}</h{rank}>'
    return f'<p class="h h{rank} {name}">{text}</p>'


def _head(element: Element, unit: str, form: Form) -> str:
    text = inline(element)
    rank = RANKS[unit]
    name = {1: "part", 2: "subpart", 3: "group", 4: "section"}[rank]
    if unit == "DIV9":
        name = "appendix"
    if unit != "DIV8":
        return heading(rank, text, name, form)
    found = re.match(r"(§§?)\s*([\d.\-–a-zA-Z]+(?:\s?-\s?[\d.]+)?)\s*(.*)", text, re.DOTALL)
    if not found:
        return heading(rank, text, name, form)
    sign = form.sign if found[1] == "§" else form.sign + ("s." if form.sign[0] == "S" else "§")
    if form.sign == "Sec":
        sign = "Sec." if found[1] == "§" else "Secs."
    number = f"{sign} {found[2]}".strip()
    if form.split:
        return "\n".join(heading(rank, each, name, form) for each in (number, found[3]) if each)
    return heading(rank, f"{number} {found[3]}".strip(), name, form)


_NUMBER = re.compile(r"((?:\((?:<em>)?[A-Za-z0-9\-]{1,5}(?:</em>)?\)\s?)+)(.*)", re.DOTALL)


def _paragraph(element: Element, form: Form) -> Iterator[str]:
    text = inline(element)
    if not text:
        return
    found = _NUMBER.fullmatch(text) if form.hanging else None
    if found:
        number = f'<p class="number">{found[1].strip()}</p>'
        yield f'<div class="hanging">{number}<p>{found[2]}</p></div>'
    else:
        at = f' data-at="{escape(place(element))}"' if form.located else ""
        yield f'<p class="{str(element.tag).lower()}"{at}>{text}</p>'


def place(element: Element) -> str:
    """The XPath of a paragraph of a section, as the reader of the eCFR's XML gives it."""
    section = element.getparent()
    if section is None or section.tag != "DIV8":
        return ""
    count = len(list(element.itersiblings(str(element.tag), preceding=True))) + 1
    return f"//DIV8[@N='{section.get('N')}']/{element.tag}[{count}]"


def _titled(name: str) -> Callable[[Element, Form], Iterator[str]]:
    """AUTH, SOURCE, NOTE, EXAMPLE: a bold word, then the text on the same line."""

    def make(element: Element, form: Form) -> Iterator[str]:
        label = ""
        for child in element:
            if child.tag == "HED":
                label = f"<strong>{inline(child)}</strong> "
                continue
            inner = list(block(child, form))
            if label and inner:
                inner[0] = re.sub(r"^(<p[^>]*>)", lambda found: found[1] + label, inner[0])  # noqa: B023
                label = ""
            yield from (line.replace("<p ", f'<p data-of="{name}" ', 1) for line in inner)
        if label:
            yield f'<p class="{name}">{label.strip()}</p>'

    return make


def _line(name: str) -> Callable[[Element, Form], Iterator[str]]:
    def make(element: Element, form: Form) -> Iterator[str]:
        text = inline(element)
        if text:
            yield f'<p class="{name}">{text}</p>'

    return make


def _small_heading(rank: int) -> Callable[[Element, Form], Iterator[str]]:
    def make(element: Element, form: Form) -> Iterator[str]:
        yield heading(rank, inline(element), "inner", form)

    return make


def _within(tag: str, name: str) -> Callable[[Element, Form], Iterator[str]]:
    def make(element: Element, form: Form) -> Iterator[str]:
        yield f'<{tag} class="{name}">'
        for child in element:
            yield from block(child, form)
        yield f"</{tag}>"

    return make


def _descend(element: Element, form: Form) -> Iterator[str]:
    for child in element:
        yield from block(child, form)


def _picture(element: Element, form: Form) -> Iterator[str]:
    yield f'<p class="figure"><img src="{PICTURE}" width="96" height="48" alt=""></p>'


def _table(element: Element, form: Form) -> Iterator[str]:
    columns = max((sum(_span(c) for c in row) for row in element.iter("TR")), default=1)
    name = "wide" if columns > 3 else "narrow"
    captions = [
        inline(line) for caption in element.iter("CAPTION") for line in (list(caption) or [caption])
    ]
    out = [f'<table class="{name}">']
    if captions:
        out.append("<caption>" + "<br>".join(captions) + "</caption>")
    notes = []
    for group, tag in (("THEAD", "th"), ("TBODY", "td"), ("TFOOT", "")):
        for rows in element.iter(group):
            if not tag:
                notes += [" ".join(inline(cell) for cell in row) for row in rows]
                continue
            out.append(f"<{group.lower()}>")
            for row in rows:
                out.append("<tr>" + "".join(_cell(cell, tag) for cell in row) + "</tr>")
            out.append(f"</{group.lower()}>")
    out.append("</table>")
    out += [f'<p class="table-note">{note}</p>' for note in notes if note]
    yield "\n".join(out)


def _cell(cell: Element, tag: str) -> str:
    spans = "".join(
        f' {name}="{cell.get(name)}"' for name in ("colspan", "rowspan") if cell.get(name)
    )
    align = next((n for n in ("right", "center") if n in (cell.get("class") or "").split()), "left")
    tag = "th" if cell.tag == "TH" else tag
    return f'<{tag} class="{align}"{spans}>{inline(cell)}</{tag}>'


def _span(cell: Element) -> int:
    value = cell.get("colspan", "1")
    return int(value) if value.isdigit() else 1


def _footnote(element: Element, form: Form) -> Iterator[str]:
    for child in element:
        yield f'<p class="footnote">{inline(child)}</p>'


def _nothing(element: Element, form: Form) -> Iterator[str]:
    yield from ()


_BLOCKS: dict[str, Callable[[Element, Form], Iterator[str]]] = {
    "AUTH": _titled("authority"),
    "SOURCE": _titled("source"),
    "EDNOTE": _titled("note"),
    "EFFDNOT": _titled("note"),
    "CROSSREF": _titled("note"),
    "NOTE": _titled("note"),
    "EXAMPLE": _titled("note"),
    "EXTRACT": _within("blockquote", "extract"),
    "CITA": _line("history"),
    "SECAUTH": _line("history"),
    "APPRO": _line("history"),
    "XREF": _nothing,  # a banner of the web site; no print has it
    "FTNT": _footnote,
    "HD1": _small_heading(5),
    "HD2": _small_heading(6),
    "HD3": _small_heading(6),
    "DIV": _descend,
    "SCOL2": _descend,
    "MATH": _descend,
    "TABLE": _table,
    "img": _picture,
}


def _units(part: Element) -> Iterator[tuple[int, str]]:
    for head in part.iter("HEAD"):
        above = head.getparent()
        if above is not None and above.tag in RANKS:
            yield RANKS[str(above.tag)], plain(head)


def _contents_pages(part: Element, form: Form) -> Iterator[str]:
    """Contents with dotted lines and page numbers, which rise by the words between."""
    if form.contents not in ("pages", "headings"):
        return
    yield '<nav class="contents"><p class="contents-title">Contents</p>'
    words = 0
    for head in part.iter("HEAD"):
        above = head.getparent()
        if above is None or above.tag not in RANKS:
            continue
        rank, text = RANKS[str(above.tag)], plain(head)
        if form.contents == "headings":
            yield f'<p class="entry e{rank}">{text}</p>'
        else:
            yield (f'<p class="entry e{rank}"><span>{text}</span> <span class="dots">.....</span> '
                   f'<span class="page">{2 + words // 480}</span></p>')  # fmt: skip
        if above.tag in ("DIV8", "DIV9"):
            words += len("".join(above.itertext()).split())
    yield "</nav>"


def _contents_sections(part: Element) -> Iterator[str]:
    """The list of sections that the printed CFR has under the heading of a part."""
    yield '<div class="contents"><p class="entry">Sec.</p>'
    for rank, text in list(_units(part))[1:]:
        text = text.replace("§§ ", "").replace("§ ", "")
        yield f'<p class="entry e{rank}">{text}</p>'
    yield "</div>"
