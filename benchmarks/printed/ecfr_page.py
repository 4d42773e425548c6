"""A part as the eCFR's own web site renders it ("enhanced" content): nested divisions with ids.

The vocabulary was read off pages of the renderer: ``div.part > h1``, ``div.section > h4``,
``div#p-11.1(a) > p.indent-1[data-title] > span.paragraph-hierarchy``, ``p.citation``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import escape

from lxml import etree

from printed.pages import RANKS, Form, block, inline, place, plain
from tribonian.schemas.tree import Node

Element = etree._Element
_NUMBER = re.compile(r"\((<em>)?([A-Za-z0-9\-]{1,7})(</em>)?\)\s*")
_NAMES = {"DIV5": "part", "DIV6": "subpart", "DIV7": "subject_group", "DIV8": "section",
          "DIV9": "appendix"}  # fmt: skip
_LABELLED = {"AUTH": "authority", "SOURCE": "source", "EDNOTE": "editorial-note",
             "EFFDNOT": "effective-date-note", "CROSSREF": "cross-reference"}  # fmt: skip
_BOXES = {"EXTRACT": "extract", "NOTE": "note", "EXAMPLE": "example"}


def ecfr_page(root: Element, tree: Node, title: str, date: str) -> str:
    """The content of the renderer for a part; ``tree`` tells where its paragraphs stand."""
    paths: dict[str, list[tuple[str, ...]]] = {}
    _paths(tree, (), paths)
    return "\n".join(_unit(root, f"/on/{date}/title-{title}", paths)) + "\n"


def _paths(node: Node, path: tuple[str, ...], paths: dict[str, list[tuple[str, ...]]]) -> None:
    if node.kind == "paragraph" and node.designator:
        path = (*path, node.designator)
        paths.setdefault(node.locator, []).append(path)
    for child in node.children:
        _paths(child, path, paths)


def _unit(unit: Element, address: str, paths: dict[str, list[tuple[str, ...]]]) -> Iterator[str]:
    kind, number = _NAMES[str(unit.tag)], unit.get("N", "")
    shown = kind.replace("_", "-")
    identity = number if kind == "section" else f"{shown}-{number}"
    yield f'<div class="{shown}" id="{escape(identity)}">'
    open_path: tuple[str, ...] = ()
    for child in unit:
        tag = str(child.tag)
        found = paths.get(place(child), []) if kind == "section" and tag == "P" else []
        if found:
            shut, lines = _paragraph(child, number, found, open_path)
            yield "</div>" * shut + lines
            open_path = found[-1]
            continue
        if tag in RANKS or tag == "CITA":
            yield "</div>" * len(open_path)
            open_path = ()
        if tag == "HEAD":
            yield _head(child, unit, kind, number, address)
        elif tag in RANKS:
            yield from _unit(child, address, paths)
        elif tag in _LABELLED:
            yield _labelled(child, _LABELLED[tag])
        elif tag == "CITA":
            yield f'<p class="citation">{inline(child)}</p>'
        elif tag == "P" and open_path:
            yield f'<p class="indent-{len(open_path)} no-hierarchy">{inline(child)}</p>'
        elif tag in _BOXES:
            yield f'<div class="{_BOXES[tag]}">'
            for inner in child:
                yield from _block(inner)
            yield "</div>"
        else:
            yield from _block(child)
    yield "</div>" * len(open_path) + "</div>"


def _block(element: Element) -> Iterator[str]:
    tag = str(element.tag)
    if tag in ("HD1", "HD2", "HD3"):
        yield f'<p class="{tag.lower()}-paragraph">{inline(element)}</p>'
    elif tag == "HED":
        yield f'<h4 class="inline-header">{inline(element)}</h4>'
    else:
        yield from (line.replace(' class="p"', "") for line in block(element, Form()))


def _head(element: Element, unit: Element, kind: str, number: str, address: str) -> str:
    where = {"part": f"part-{number}", "section": f"section-{number}"}.get(kind, f"{kind}-{number}")
    title = address.rpartition("-")[2]
    data = json.dumps({"path": f"{address}/{where}",
                       "citation": f"{title} CFR {plain(element)[:30]}" if kind != "section"
                       else f"{title} CFR {number}"})  # fmt: skip
    rank = RANKS[str(unit.tag)]
    if kind == "section":  # single quotes and bare JSON here, double ones and entities above
        attribute = "data-hierarchy-metadata='" + data.replace("'", "&#39;") + "'"
    else:
        attribute = f'data-hierarchy-metadata="{escape(data)}"'
    return f"<h{rank} {attribute}>{inline(element)}</h{rank}>"


def _labelled(element: Element, name: str) -> str:
    lines = []
    for child in element:
        if child.tag == "HED":
            lines.append(f'<h4 class="inline-header">{inline(child)}</h4>')
        elif inline(child):
            lines.append(f'<p class="inline-paragraph">{inline(child)}</p>')
    return f'<div class="{name}">' + "".join(lines) + "</div>"


def _paragraph(
    element: Element, section: str, found: list[tuple[str, ...]], before: tuple[str, ...]
) -> tuple[int, str]:
    """(how many divisions end, the HTML) of a paragraph that opens one or more numbers."""
    text = inline(element)
    first = found[0]
    common = 0
    while common < min(len(before), len(first) - 1) and before[common] == first[common]:
        common += 1
    out = "<div>" * (len(first) - 1 - common)  # a level that no paragraph opened
    for n, path in enumerate(found):
        number = _NUMBER.match(text)
        rest, following = text[number.end() :] if number else text, ""
        if n + 1 < len(found):
            mark = found[n + 1][-1]
            at = re.search(re.sub(r"\\?[A-Za-z0-9\-]+", lambda m: rf"(?:<em>)?{m[0]}(?:</em>)?",
                                  re.escape(mark), count=1), rest)  # fmt: skip
            rest, following = (rest[: at.start()], rest[at.start() :]) if at else (rest, "")
        if n:  # numbers of one paragraph may go up again
            up = len(found[n - 1]) - len(path) + 1
            out += "</div>" * max(0, up)
        identity = escape(f"{section}{''.join(path)}")
        value = f"{number[1] or ''}{number[2]}{number[3] or ''}" if number else ""
        paren = '<span class="paren">{}</span>'
        marker = (f'<span class="paragraph-hierarchy">{paren.format("(")}{value}'
                  f'{paren.format(")")}</span>')  # fmt: skip
        rest = re.sub(r"^<em>(.*?)</em>", r'<em class="paragraph-heading">\1</em> ', rest.strip())
        out += (f'<div id="p-{identity}"><p class="indent-{len(path)}" '
                f'data-title="{identity}">{marker} {rest}</p>')  # fmt: skip
        text = following
    return len(before) - common, out
