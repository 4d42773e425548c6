"""What each element of the eCFR's page becomes: tables of class and tag to handler."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from selectolax.lexbor import LexborNode

from tribonian.ingest.nesting import Block, nest_blocks
from tribonian.ingest.readers.ecfr_html_ids import Path, path_of
from tribonian.ingest.readers.html_blocks import BLOCKS, runs
from tribonian.ingest.readers.html_style import Sheet
from tribonian.ingest.readers.html_table import read_table
from tribonian.ingest.readers.html_text import (
    InlineText,
    add_inline,
    image_mark,
    inline_text,
    is_unshown,
    plain_mark,
)
from tribonian.ingest.record import Reading
from tribonian.schemas.tree import Node
from tribonian.schemas.words import count_words

_RANKS = {"hed1": 1, "hed": 1, "hd1": 2, "hd2": 3, "hd3": 4, "hd4": 5, "hd5": 6, "hd6": 7}
_RANK = re.compile(r"(hed1?|hd[1-6])(?:-paragraph)?$")
# "Authority:" and its like, by which a box says what it is (1 CFR 21.40; DDH ch. 2).
_LABELS = {
    "authority": "authority",
    "source": "source",
    "editorial note": "editorial-note",
    "editorial notes": "editorial-note",
    "effective date note": "effective-date-note",
    "cross reference": "cross-reference",
    "cross references": "cross-reference",
    "note": "note",
    "example": "example",
}
_TITLED = frozenset(("authority", "source"))
_BANNER = re.compile(r"Link to an amendment published at \d+ FR ")
_BY_TEXT = (
    (re.compile(r"\(Approved by the Office of Management and Budget.*\)", re.DOTALL), "approval"),
    (re.compile(r"\((?:Authority:|Secs?\. |\d+ U\.S\.C\. ).*\)", re.DOTALL), "authority"),
    (re.compile(r"\*(?: ?\*){2,4}"), "stars"),
)
_ONLY_NUMBER = re.compile(r"(?:\(\w{1,6}\)\s?)+")
_HEAD_DASH = re.compile(r"\s?([—–])$")
_TYPED_HEAD = re.compile(r"\s*(\d{1,2}\.?|\(\d{1,2}\)|[*†‡§¶]+)\s+")
_RAISED_HEAD = re.compile(r"\s*([⁰¹²³⁴-⁹ⁱⁿ\u1d43-\u1d5b\u02b0-\u02e3]+|[*†‡§¶]+)\s*")


def classes(element: LexborNode) -> frozenset[str]:
    """The classes of an element."""
    return frozenset((element.attributes.get("class") or "").split())


def squeeze(text: str) -> str:
    """A text to be compared: small letters, without spaces."""
    return "".join(text.split()).lower()


class Unit:
    """Collects the blocks of a section, a note or an extract, element by element."""

    # What stands beside units and is of the law: a part's editorial note above a lone section.
    BESIDE = frozenset(("editorial-note", "authority", "source", "effective-date-note"))

    def __init__(
        self, reading: Reading, citation: str | None, where: str, sheet: Sheet, known: str = ""
    ) -> None:
        self.reading = reading
        self.citation = citation
        self.where = where
        self.sheet = sheet
        self.known = known
        self.blocks: list[Block] = []
        self.raised: dict[int, tuple[str, ...]] = {}  # block -> what it has in raised type
        self.paths: dict[str, list[Path]] = {}
        self.opened: dict[int, Path] = {}  # block -> the number that its id gives it

    def nested(self, marks: tuple[str, ...] = ()) -> tuple[Node, ...]:
        """The blocks so far as nested nodes; ``marks`` are raised marks in the heading."""
        notes = {mark for block in self.blocks if block.kind == "footnote" for mark in block.marks}
        self._join()
        blocks = [
            block._replace(marks=tuple(m for m in self.raised.get(at, ()) if m in notes))
            if block.kind != "footnote" and notes else block
            for at, block in enumerate(self.blocks)
        ]  # fmt: skip
        kept = [block for block in blocks if block.kind]
        heads = [mark for mark in marks if mark in notes]
        return nest_blocks(kept, self.citation, self.reading.findings, self.where, heads)

    def _join(self) -> None:
        """``(a)`` alone before ``(1) Text`` was printed as ``(a)(1) Text``; so was ``(a) Head —``.

        The one that is joined becomes a block without a kind.
        """
        for at in range(len(self.blocks) - 2, -1, -1):
            first, second = self.blocks[at], self.blocks[at + 1]
            outer, inner = self.opened.get(at), self.opened.get(at + 1)
            if not outer or not inner or inner[:-1] != outer or first.marks or second.marks:
                continue
            text = first.text
            if not (_ONLY_NUMBER.fullmatch(text) or _is_head(first)):
                continue
            text = _HEAD_DASH.sub(r"\1", text)
            shift = len(text)
            italics = tuple((a, min(b, shift)) for a, b in first.italics or () if a < shift)
            italics += tuple((a + shift, b + shift) for a, b in second.italics or ())
            self.blocks[at] = first._replace(
                text=text + second.text, italics=italics, added=first.added + second.added
            )
            self.raised[at] = self.raised.get(at, ()) + self.raised.get(at + 1, ())
            self.paths[first.locator] = [
                *self.paths.get(first.locator, ()), *self.paths.pop(second.locator, ())
            ]  # fmt: skip
            self.blocks[at + 1] = Block("")

    def read(self, element: LexborNode) -> InlineText:
        """The text of a line, noted for the count."""
        read = inline_text(element, self.sheet)
        self.reading.take(read.text())
        self.reading.words -= read.added
        return read

    def block(self, element: LexborNode, locator: str) -> None:
        """Take one element, by its classes, else by its tag."""
        if not element.is_element_node:
            if element.is_text_node and (element.text_content or "").strip():
                text = " ".join((element.text_content or "").split())
                self.reading.take(text)
                self.blocks.append(Block("paragraph", text, (), locator))
            return
        attributes = element.attributes
        if is_unshown(element, attributes, self.sheet.of(element.tag or "", attributes)):
            return
        for name in (attributes.get("class") or "").split():
            handler = CLASSES.get(name)
            if handler is not None:
                handler(element, locator, self)
                return
            rank = _RANK.match(name)
            if rank:
                self.heading(element, locator, _RANKS[rank[1]])
                return
        handler = TAGS.get(element.tag or "")
        (handler or (_descend if _has_blocks(element) else _paragraph))(element, locator, self)

    def heading(self, element: LexborNode, locator: str, rank: int) -> None:
        """Take a heading printed inside the unit; 1 is the highest rank."""
        read = self.read(element)
        text = read.text()
        if text:
            self.raised[len(self.blocks)] = tuple(read.raised)
            self.blocks.append(Block("heading", text, (), locator, (), rank, read.added))

    def inside(self, element: LexborNode, locator: str) -> None:
        """The children of a wrapper, as blocks of this unit; loose text runs together."""
        line = InlineText()
        for child, at in steps(element, locator):
            if child.is_element_node and (child.tag in BLOCKS or classes(child) & _NAMED):
                self._loose(line, locator)
                line = InlineText()
                self.block(child, at)
            elif not child.is_comment_node:
                add_inline(child, line, self.sheet)
        self._loose(line, locator)

    def _loose(self, line: InlineText, locator: str) -> None:
        text = line.text()
        if text:
            self.reading.take(text)
            self.reading.words -= line.added
            self.blocks.append(
                Block("paragraph", text, line.spans(line.italics), locator, added=line.added)
            )

    def furniture(self, element: LexborNode) -> None:
        """What is of the site: kept, line by line, as metadata."""
        for run in runs(element, self.sheet):
            if run.node is not None:
                take_node(run.node, self.reading)
                self.blocks.append(Block("metadata", node=replace(run.node, kind="metadata")))
            else:
                self.reading.take(run.text)
                self.reading.words -= run.added
                _note_date(run.text, self.reading)
                self.blocks.append(Block("metadata", run.text, None, run.locator, added=run.added))


_UP_TO_DATE = re.compile(r"up to date as of (\d{1,2})/(\d{1,2})/(\d{4})", re.IGNORECASE)


def _note_date(text: str, reading: Reading) -> None:
    """The site's own line above the law: "Displaying title 21, up to date as of 11/20/2026"."""
    found = _UP_TO_DATE.search(text)
    if found and reading.as_of is None:
        month, day = int(found[1]), int(found[2])
        if 1 <= month <= 12 and 1 <= day <= 31:
            reading.as_of = f"{found[3]}-{month:02d}-{day:02d}"


def _is_head(block: Block) -> bool:
    """Whether a paragraph is a number, a heading in italics and a dash: ``(g) Records —``."""
    number = _ONLY_NUMBER.match(block.text)
    dash = _HEAD_DASH.search(block.text)
    if number is None or dash is None:
        return False
    return any(a <= number.end() + 1 and b >= dash.start() for a, b in block.italics or ())


def take_node(node: Node, reading: Reading) -> None:
    """Note the words of a node that is ready."""
    for each in node.walk():
        reading.take(f"{each.designator}\n{each.heading}\n{each.text}")
        reading.words -= each.added


def steps(element: LexborNode, path: str) -> Iterator[tuple[LexborNode, str]]:
    """The children of an element, each with its place."""
    count: dict[str, int] = {}
    child = element.first_child
    while child is not None:
        tag = child.tag or ""
        count[tag] = count.get(tag, 0) + 1
        known = child.attributes.get("id") if child.is_element_node else ""
        unique = known and "'" not in known
        yield child, f"//*[@id='{known}']" if unique else f"{path}/{tag}[{count[tag]}]"
        child = child.next


def _paragraph(element: LexborNode, locator: str, unit: Unit) -> None:
    read = unit.read(element)
    text = read.text()
    if not text:
        return
    italics = read.spans(read.italics)
    own_path = _path(element, unit)
    if read.added and count_words(text) == read.added and text.startswith("[image"):
        unit.blocks.append(Block("figure", text, None, locator, added=read.added))
        return
    kind = "paragraph"
    if own_path is None:
        kind = next((kind for known, kind in _BY_TEXT if known.fullmatch(text)), "paragraph")
        if kind == "paragraph" and _BANNER.match(text):
            kind = "amendment-banner"
    at = len(unit.blocks)
    if kind == "paragraph":
        unit.raised[at] = tuple(read.raised)
        if own_path is not None:
            unit.opened[at] = own_path
            unit.paths.setdefault(locator, []).append(own_path)
    spans = italics if kind == "paragraph" else None
    unit.blocks.append(Block(kind, text, spans, locator, added=read.added))


def _path(element: LexborNode, unit: Unit) -> Path | None:
    """The numbers that the id of a paragraph's box gives it, if it is the first in the box."""
    box = element.parent
    before = element.prev
    while before is not None and not before.is_element_node:
        before = before.prev
    known = (box.attributes.get("id") or "") if box is not None else ""
    if before is not None or not unit.known or not known.startswith(f"p-{unit.known}"):
        return None
    return path_of(known, unit.known) or None


def _form_line(element: LexborNode, locator: str, unit: Unit) -> None:
    """A label with a blank to be filled in: its rule is drawn, as on the page."""
    read = unit.read(element)
    text = f"{read.text().rstrip('_ ')} ________".strip()
    unit.blocks.append(Block("form-line", text, None, locator, added=read.added))


def _descend(element: LexborNode, locator: str, unit: Unit) -> None:
    unit.inside(element, locator)


def _line(kind: str) -> Handler:
    """One line that is ready as it stands: a source note in brackets, a banner."""

    def handler(element: LexborNode, locator: str, unit: Unit) -> None:
        if _has_blocks(element):
            unit.inside(element, locator)
            return
        read = unit.read(element)
        if read.text():
            unit.blocks.append(Block(kind, read.text(), None, locator, added=read.added))

    return handler


def _box(kind: str) -> Handler:
    """A box with a label ("Authority:") and text; the label says what it is."""

    def handler(element: LexborNode, locator: str, unit: Unit) -> None:
        label: LexborNode | None = None
        inner = Unit(unit.reading, None, unit.where, unit.sheet)
        heading, found, added = "", kind, 0
        for child in _open_boxes(element):
            if label is None and child.tag in _HEADS and "inline-header" in classes(child):
                label = child
                read = unit.read(child)
                heading, added = read.text(), read.added
                found = _LABELS.get(heading.rstrip(":. ").lower(), kind)
            elif label is None and child.tag in _HEADS:
                unit.furniture(child)  # the seal of the box: "Editorial Note on Part 178"
            else:
                inner.block(child, locator)
        if found in _TITLED and all(block.kind == "paragraph" for block in inner.blocks):
            text = "\n".join(block.text for block in inner.blocks)
            added += sum(block.added for block in inner.blocks)
            node = Node(found, "", heading, text, None, locator, (), added)
        else:
            node = Node(found, "", heading, "", None, locator, inner.nested(), added)
        if heading or node.text or node.children:
            unit.blocks.append(Block(found, node=node))

    return handler


def _open_boxes(element: LexborNode) -> Iterator[LexborNode]:
    """The children of a box, those of its inner boxes in their place."""
    stack = [element]
    while stack:
        item = stack.pop()
        if item is element or (item.tag == "div" and classes(item) & _BOXES):
            below = [child for child, _ in steps(item, "")]
            stack += reversed(below)
        else:
            yield item


def _footnote(element: LexborNode, locator: str, unit: Unit) -> None:
    """A footnote: its raised number is its designator and finds its mark in the text."""
    inner = Unit(unit.reading, None, unit.where, unit.sheet)
    if _has_blocks(element):
        inner.inside(element, locator)
    else:
        _paragraph(element, locator, inner)
    number = designator = ""
    if inner.blocks and inner.blocks[0].kind == "paragraph":
        first = inner.blocks[0]
        found = _RAISED_HEAD.match(first.text) or _TYPED_HEAD.match(first.text)
        if found:
            designator, number = found[1], plain_mark(found[1])
            glued = found[0][-1:].isalnum() and first.text[found.end() :][:1].isalnum()
            inner.blocks[0] = first._replace(
                text=first.text[found.end() :],
                added=first.added + glued,  # "¹Lamps" is one word of the page
                italics=tuple(
                    (a - found.end(), b - found.end())
                    for a, b in first.italics or ()
                    if a >= found.end()
                ),
            )
    children = inner.nested()
    text, added = "", 0
    if children and children[0].kind == "paragraph" and not children[0].designator:
        text, added = children[0].text, children[0].added
        children = (*children[0].children, *children[1:])
    node = Node("footnote", designator, "", text, None, locator, children, added)
    unit.blocks.append(Block("footnote", marks=(number,) if number else (), node=node))


def _table(element: LexborNode, locator: str, unit: Unit) -> None:
    node = read_table(element, unit.sheet, locator)
    if node.text or node.heading or node.children:
        take_node(node, unit.reading)
        unit.blocks.append(Block("table", node=node))


def _picture(kind: str) -> Handler:
    def handler(element: LexborNode, locator: str, unit: Unit) -> None:
        image = element if element.tag == "img" else element.css_first("img")
        if image is None or (element.tag != "img" and (element.text() or "").strip()):
            _descend(element, locator, unit)
            return
        mark = image_mark(image.attributes)
        if mark and kind == "formula":
            mark = mark.replace("[image:", "[formula:", 1)
        if mark:
            unit.blocks.append(Block(kind, mark, None, locator, added=count_words(mark)))
            unit.reading.take(mark)
            unit.reading.words -= count_words(mark)

    return handler


def _heading(rank: int) -> Handler:
    def handler(element: LexborNode, locator: str, unit: Unit) -> None:
        if "inline-header" in classes(element):
            _paragraph(element, locator, unit)
        else:
            unit.heading(element, locator, rank)

    return handler


def _site(element: LexborNode, locator: str, unit: Unit) -> None:
    unit.furniture(element)


def _has_blocks(element: LexborNode) -> bool:
    return any(child.tag in BLOCKS for child, _ in steps(element, ""))


Handler = Callable[[LexborNode, str, Unit], None]
_HEADS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_BOXES = frozenset(
    ("box", "seal-block", "seal-block-header", "seal-content", "content-block", "content-wrapper")
)

# Class -> what its element becomes. The names are the renderer's; where it prints a kind of
# block that no page at hand shows, the XML's own name is understood as well.
CLASSES: dict[str, Handler] = {
    "authority": _box("authority"),
    "source": _box("source"),
    "editorial-note": _box("editorial-note"),
    "effective-date-note": _box("effective-date-note"),
    "cross-reference": _box("cross-reference"),
    "crossref": _box("cross-reference"),
    "note": _box("note"),
    "extract": _box("extract"),
    "example": _box("example"),
    "box": _box("note"),
    "citation": _line("history"),
    "section-authority": _line("authority"),
    "parenthetical-authority": _line("authority"),
    "approval": _line("approval"),
    "amendment-banner": _line("amendment-banner"),
    "footnote": _footnote,
    "footnotes": _descend,
    "math": _picture("formula"),
    "stars": _line("stars"),
    **dict.fromkeys(("fp-dash", "p-dash", "fp-dash-paragraph"), _form_line),
}
_NAMED = frozenset(CLASSES)
TAGS: dict[str, Handler] = {
    **{f"h{n}": _heading(n + 1) for n in range(1, 7)},
    "p": _paragraph,
    "li": _paragraph,
    "table": _table,
    "img": _picture("figure"),
    "figure": _picture("figure"),
    "nav": _site,
    "button": _site,
    "form": _site,
    "aside": _site,
    "header": _site,
    "footer": _site,
}
