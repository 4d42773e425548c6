"""The eCFR's web pages: what its renderer answers, and whole pages saved from the site.

The page nests paragraphs by ``<div id="p-1005.2(b)(3)">``. Numbers are read from the text, as
from every other format, and then compared with that nesting. What belongs to the site and
not to the law is kept as ``metadata``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import BinaryIO

from selectolax.lexbor import LexborHTMLParser, LexborNode

from tribonian.errors import DocumentError
from tribonian.ingest.nesting import Block
from tribonian.ingest.readers.ecfr_html_blocks import Unit, classes, squeeze
from tribonian.ingest.readers.ecfr_html_ids import by_the_page
from tribonian.ingest.readers.ecfr_metadata import note_metadata
from tribonian.ingest.readers.ecfr_names import cite, split_head
from tribonian.ingest.readers.html import read_page
from tribonian.ingest.readers.html_page import Page, open_page
from tribonian.ingest.readers.html_text import UNSHOWN, inline_text
from tribonian.ingest.record import Reading
from tribonian.schemas.tree import Event, Node

# Class of a unit's <div> -> kind. The renderer calls the units by the API's own words.
UNITS = {
    "title": "title",
    "subtitle": "subtitle",
    "chapter": "chapter",
    "subchapter": "subchapter",
    "part": "part",
    "subpart": "subpart",
    "subject-group": "subject-group",
    "subject_group": "subject-group",
    "subjgrp": "subject-group",
    "section": "section",
    "appendix": "appendix",
}
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_ID = {
    "section": re.compile(r"(?:section-)?(\d.*)"),
    "appendix": re.compile(r"(?:appendix-)?((?:Append|Supplem|Exhibit|Attach|Annex|Sched|Table|"
                           r"Form|Special)\S*.*)", re.IGNORECASE),
}  # fmt: skip


def read_ecfr_html(file: BinaryIO, reading: Reading) -> Iterator[Event]:
    """Stream the nodes of one page of the eCFR."""
    # The feed breaks the line before a raised figure, and that line feed is no space: "m⏎2".
    page = open_page(file, reading, lambda text: text.replace("\n<sup", "<sup"))
    controls = _controls(page, reading)
    walk = _Walk(page, reading)
    if not walk.inside or page.body.css_first(_RENDERED) is None:
        # a page with no unit on it: a contents page, or one that another site has rebuilt
        yield from read_page(page, reading)
        reading.count()
        yield from controls
        return
    reading.heading = reading.heading or page.title
    try:
        for node in walk.nodes():
            reading.count()
            yield node
    except RecursionError:
        raise DocumentError(
            "Its elements are nested hundreds deep, as in no page of the eCFR; download it again."
        ) from None
    reading.count()
    yield from controls


def _controls(page: Page, reading: Reading) -> list[Node]:
    """Take the site's buttons out of the page, as ``metadata``: some stand in paragraphs."""
    found: list[Node] = []
    for element in page.body.css(_CONTROLS):
        text = " ".join((element.text() or "").split())
        if text:
            reading.take(text)
            found.append(Node("metadata", text=text, locator=locate(element)))
        element.decompose()
    return found


# Marks of the eCFR's renderer: other sites have a <div class="section" id="12"> as well.
_RENDERED = "[data-hierarchy-metadata], .paragraph-hierarchy, [id^='p-'], div.section > p.citation"
_CONTROLS = "button, [role=button], [role=tooltip], .tippy-box"


class _Walk:
    """Goes through a page once: units become nodes, all else is the site's."""

    def __init__(self, page: Page, reading: Reading) -> None:
        self.page = page
        self.reading = reading
        self.inside = _holders(page.body)
        self.metadata: list[str] = []

    def nodes(self) -> Iterator[Node]:
        """The outermost units of a page, and what stands around them."""
        for meta in self.page.body.css("[data-hierarchy-metadata]"):
            _metadata(meta.attributes.get("data-hierarchy-metadata"), self.reading)
            break
        law: list[Node] = []
        for node in self._below(self.page.body):
            law.append(node)
            yield node
        yield from _origins(self.page, law, self.reading)

    def _below(self, top: LexborNode) -> Iterator[Node]:
        stack = [top]
        line = Unit(self.reading, None, "", self.page.sheet)
        while stack:
            element = stack.pop()
            if element.is_element_node and element.tag in UNSHOWN:
                continue
            kind = unit_kind(element)
            if kind:
                yield from self._furniture(line)
                yield self._unit(element, kind, "")
            elif is_beside(element):
                if any(block.kind == "metadata" for block in line.blocks):
                    yield from self._furniture(line)
                line.block(element, locate(element))
            elif element.mem_id in self.inside or element is top:
                child = element.last_child
                while child is not None:
                    stack.append(child)
                    child = child.prev
            elif element.is_element_node or (element.text_content or "").strip():
                if any(block.kind != "metadata" for block in line.blocks):
                    yield from self._furniture(line)
                line.furniture(element)
        yield from self._furniture(line)

    def _furniture(self, line: Unit) -> Iterator[Node]:
        yield from line.nested()
        line.blocks.clear()

    def _unit(self, element: LexborNode, kind: str, above: str) -> Node:
        reading = self.reading
        number = _number(element, kind)
        locator = locate(element)
        heading = _heading(element)
        unit = Unit(reading, None, "", self.page.sheet, element.attributes.get("id") or "")
        designator = title = ""
        added = 0
        marks: tuple[str, ...] = ()
        if heading is not None:
            _metadata(heading.attributes.get("data-hierarchy-metadata"), reading)
            read = inline_text(heading, self.page.sheet)
            text, added = read.text(), read.added
            reading.take(text)
            reading.words -= added
            marks = tuple(read.raised)
            designator, title = split_head(kind, text, number)
        if kind == "section":
            reading.sections += 1
        if kind == "appendix" and designator:
            number = designator
        unit.citation = cite(reading.title, kind, number, designator, above)
        unit.where = designator or title[:40] or (f"§ {number}" if kind == "section" else "")
        for child in _children(element):
            if heading is None or child.mem_id != heading.mem_id:
                self._member(child, unit, above)
        before = len(reading.findings)
        children = unit.nested(marks)
        if kind == "section":
            children = by_the_page(children, unit.paths, unit.citation, reading, unit.where, before)
        return Node(kind, designator, title, "", unit.citation, locator, children, added)

    def _member(self, child: LexborNode, unit: Unit, above: str) -> None:
        """A child of a unit: a unit of its own, an element that holds some, or a block."""
        inner = unit_kind(child)
        if inner:
            node = self._unit(child, inner, unit.citation or above)
            unit.blocks.append(Block("unit", node=node))
        elif child.mem_id in self.inside:
            for each in _children(child):
                self._member(each, unit, above)
        else:
            unit.block(child, locate(child))


def _children(element: LexborNode) -> list[LexborNode]:
    found = []
    child = element.first_child
    while child is not None:
        found.append(child)
        child = child.next
    return found


def unit_kind(element: LexborNode) -> str:
    """The kind of unit an element is, "" for none: its class says so, and its id agrees.

    The site has elements of its own with the class ``section``.
    """
    if not element.is_element_node:
        return ""
    for name in (element.attributes.get("class") or "").split():
        kind = UNITS.get(name)
        if kind is None:
            continue
        heading = _heading(element)
        if heading is not None and heading.attributes.get("data-hierarchy-metadata"):
            return kind
        known = element.attributes.get("id") or ""
        pattern = _ID.get(kind)
        if known.startswith(f"{name}-") or (pattern is not None and pattern.fullmatch(known)):
            return kind
    return ""


def _holders(body: LexborNode) -> set[int]:
    """The elements in which units stand, by the parser's own number."""
    inside: set[int] = set()
    wanted = ", ".join(
        ["[data-hierarchy-metadata]", *(f".{name}" for name in UNITS),
         "[id^='p-']", *(f".{name}" for name in sorted(Unit.BESIDE))]
    )  # fmt: skip
    for element in body.css(wanted):
        if not (unit_kind(element) or is_beside(element)):
            continue
        inside.add(0)
        parent = element.parent
        while parent is not None and parent.mem_id not in inside:
            inside.add(parent.mem_id)
            parent = parent.parent
    return inside


def is_beside(element: LexborNode) -> bool:
    """Whether an element is of the law though it stands in no unit, as in an excerpt."""
    if not element.is_element_node:
        return False
    if classes(element) & Unit.BESIDE:
        return element.tag == "div"
    return element.tag in ("div", "p") and (element.attributes.get("id") or "").startswith("p-")


def _heading(element: LexborNode) -> LexborNode | None:
    """A unit's own heading: not "Authority:", which is an h4 as well."""
    for child in _children(element):
        if child.tag in _HEADINGS and "inline-header" not in classes(child):
            return child
        if child.tag in ("p", "div") and (child.attributes.get("id") or "").startswith("p-"):
            return None
    return None


def _number(element: LexborNode, kind: str) -> str:
    """What the XML has as ``N``."""
    known = element.attributes.get("id") or ""
    if kind == "section":
        return known.removeprefix("section-")
    if kind == "appendix":
        return known.removeprefix("appendix-").replace("-", " ")
    return known.partition("-")[2]


def locate(element: LexborNode) -> str:
    """Where an element stands: the nearest id above, and the way down from there."""
    way: list[str] = []
    at: LexborNode | None = element
    while at is not None and at.is_element_node:
        known = at.attributes.get("id")
        if known and "'" not in known:
            way.append(f"//*[@id='{known}']")
            break
        place, before = 1, at.prev
        while before is not None:
            place += before.tag == at.tag
            before = before.prev
        way.append(f"{at.tag}[{place}]")
        at = at.parent
    return "/".join(reversed(way))


def _metadata(value: str | None, reading: Reading) -> None:
    """Title and date from ``data-hierarchy-metadata``; a page may name its title by path alone."""
    found = re.search(r"/title-(\d{1,2})\b", note_metadata(value, reading))
    if found and reading.title is None:
        reading.title = found[1]


def _origins(page: Page, law: list[Node], reading: Reading) -> Iterator[Node]:
    """Authority and source of a lone section, which stand in a script and nowhere else."""
    script = page.tree.css_first("script#source-and-authority-data")
    if script is None:
        return
    try:
        origins = json.loads(script.text())["origins"]
        rows = [
            (str(row.get("label_level") or row.get("title") or ""), kind, str(value))
            for row in origins
            for kind in ("authority", "source")
            for value in row.get(kind) or ()
        ]
    except (ValueError, KeyError, TypeError, AttributeError):
        return
    printed = {
        squeeze(node.text) for top in law for node in top.walk()
        if node.kind in ("authority", "source")
    }  # fmt: skip
    for label, kind, value in rows:
        body = LexborHTMLParser(value).body
        text = inline_text(body, page.sheet).text() if body is not None else ""
        if text and squeeze(text) not in printed:
            reading.take(label)
            reading.take(text)
            yield Node(kind, "", label, text, None, "//*[@id='source-and-authority-data']")
