"""XML whose markup nests: its text, its numbered units and its tables, by tables of names.

The statutes of several countries are published in XML that says which paragraph stands in
which. The readers of those dialects are tables of elements (`Dialect`); what they share is
here. Names are local names: a prefix or an older namespace makes no other element.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from lxml import etree

from tribonian.errors import DocumentError
from tribonian.ingest import scripts
from tribonian.ingest.readers.ecfr_inline import InlineText
from tribonian.ingest.readers.xml_file import attribute
from tribonian.ingest.readers.xml_stream import local
from tribonian.ingest.record import Reading
from tribonian.schemas.tree import CONTAINERS, SECTIONS, Node
from tribonian.schemas.words import count_words

DEEPEST = 90  # elements within elements; the deepest statute seen has thirty


class Line(NamedTuple):
    """The text of one element; ``notes`` and ``nested`` are elements found inside it.

    ``marks`` are ids of notes that stand elsewhere; each of ``nested`` comes with the length
    of the text before it.
    """

    text: str
    italics: tuple[tuple[int, int], ...] = ()
    marks: tuple[str, ...] = ()
    added: int = 0
    notes: tuple[etree._Element, ...] = ()
    nested: tuple[tuple[int, etree._Element], ...] = ()


Handler = Callable[["Markup", etree._Element, str], list[Node]]


@dataclass(frozen=True, slots=True)
class Dialect:
    """The tables of one XML dialect.

    ``blocks`` says what becomes of an element, ``inline`` how one within a line is set:
    ``plain``, ``italic``, ``raised``, ``lowered``, ``break``, ``image``, ``mark`` (a
    reference to a note, which has no words) or ``note`` (the note itself). ``numbers`` and
    ``headings`` are the elements that hold a unit's number and heading; ``identity`` is the
    attribute that names an element.
    """

    blocks: Mapping[str, Handler]
    inline: Mapping[str, str]
    numbers: frozenset[str]
    headings: frozenset[str]
    identity: str


def take_title(markup: Markup, title: etree._Element | None) -> str:
    """The name of the work, whose words stand at the top of the tree and no second time."""
    if title is None:
        return ""
    text = markup.line(title, whole=True).text
    tail = title.tail
    title.clear()
    title.tail = tail
    return text


@dataclass(slots=True)
class Markup:
    """One document being read by the tables of its dialect.

    ``quoted`` counts the quotations of other law that are open: what stands in them is no
    provision of this one. ``scheduled`` counts the schedules that are open, ``sectioned`` says
    that a citable unit is. ``notes`` are notes to be put where their marks are, by id.
    """

    reading: Reading
    dialect: Dialect
    quoted: int = 0
    scheduled: int = 0
    sectioned: bool = False
    depth: int = 0
    notes: dict[str, etree._Element] = field(default_factory=dict)
    unknown: set[str] = field(default_factory=set)

    # -- lines of text

    def line(self, element: etree._Element, *, whole: bool = False) -> Line:
        """The text of an element; ``whole`` takes the text of blocks within it as well."""
        into = InlineText(in_place=whole)
        found: list[etree._Element] = []
        self._walk(element, into, found)
        text = into.text()
        self.reading.take(text)
        self.reading.words -= into.added
        return Line(
            text, tuple(into.italics), tuple(into.marks), into.added, tuple(found),
            tuple(into.nested),
        )  # fmt: skip

    def _walk(self, element: etree._Element, into: InlineText, notes: list[etree._Element]) -> None:
        if element.text:
            into.add(element.text)
        for child in element:
            name = local(child)
            how = self.dialect.inline.get(name)
            if how is None:
                if into.in_place:
                    into.add(" ")
                    self._walk(child, into, notes)
                    into.add(" ")
                elif name in self.dialect.blocks:
                    into.add(" ")
                    into.nested.append((into.length, child))
                else:
                    self.not_known(child)
                    self._walk(child, into, notes)
            else:
                self._inline(how, child, into, notes)
            if child.tail:
                into.add(child.tail)

    def _inline(
        self, how: str, child: etree._Element, into: InlineText, notes: list[etree._Element]
    ) -> None:
        if how == "mark":
            into.marks.append(attribute(child, "Ref", "idref", "href").removeprefix("#"))
            self._walk(child, into, notes)
        elif how == "note":
            if into.in_place:
                into.add(" ")
                self._walk(child, into, notes)
                into.add(" ")
            else:
                notes.append(child)
        elif how == "break":
            into.add(" ")
            self._walk(child, into, notes)
            into.add(" ")
        elif how == "image":
            name = attribute(child, "src", "ResourceRef", "URI", "source").rpartition("/")[2]
            mark = f"[image: {name or 'unnamed'}]"
            into.add(f" {mark} ")
            into.added += count_words(mark)
            self._walk(child, into, notes)
        elif how in ("raised", "lowered"):
            inner = InlineText(in_place=True, within=True)
            self._walk(child, inner, notes)
            raw = "".join(inner.parts)
            into.marks += inner.marks
            change = scripts.superscript if how == "raised" else scripts.subscript
            changed = change(raw)
            before = into.before()[-1:]
            if raw and raw[0].isalnum() and changed[0] in "_^" and before.isalnum():
                into.added += 1
            if changed[-1:] == "}" and raw[-1].isalnum() and (child.tail or "")[:1].isalnum():
                into.added += 1
            into.added += inner.added
            into.add(changed)
        else:
            start = into.length
            self._walk(child, into, notes)
            if how == "italic" and into.length > start:
                into.italics.append((start, into.length))

    # -- blocks

    def steps(
        self, parent: etree._Element, path: str, into: list[Node]
    ) -> Iterator[tuple[etree._Element, str]]:
        """The children of an element, each with its locator; text beside them goes to ``into``."""
        self._stray(parent.text, path, into)
        count: dict[str, int] = {}
        for child in parent:
            name = local(child)
            count[name] = count.get(name, 0) + 1
            yield child, self.locator(child, f"{path}/{name}[{count[name]}]")
            self._stray(child.tail, path, into)

    def locator(self, element: etree._Element, path: str) -> str:
        """An XPath: by the element's own id, else by its place."""
        own = attribute(element, self.dialect.identity)
        if own and "'" not in own:
            return f"//*[@{self.dialect.identity}='{own}']"
        return path

    def _stray(self, text: str | None, path: str, into: list[Node]) -> None:
        if text and not text.isspace():
            text = " ".join(text.split())
            self.reading.take(text)
            into.append(Node("paragraph", text=text, locator=path))

    def block(self, element: etree._Element, path: str) -> list[Node]:
        """The nodes that one element becomes, by the table."""
        handler = self.dialect.blocks.get(local(element))
        if handler is None:
            if local(element) in self.dialect.inline:
                handler = Markup.paragraph
            else:
                self.not_known(element, path)
                blocks = self.dialect.blocks
                whole = not any(local(each) in blocks for each in element)
                handler = Markup.paragraph if whole else Markup.inside
        self.depth += 1
        if self.depth > DEEPEST:
            raise DocumentError(f"Its elements are nested more than {DEEPEST} deep; no law is.")
        nodes = handler(self, element, path)
        self.depth -= 1
        return nodes

    def paragraph(self, element: etree._Element, path: str) -> list[Node]:
        """A line of text; where only blocks stand in it, those."""
        node = self.text_node(element, path)
        if node is None:
            return []
        return [node] if node.text or node.added else list(node.children)

    def inside(self, element: etree._Element, path: str) -> list[Node]:
        """A wrapper without meaning of its own: its children stand in its place."""
        nodes: list[Node] = []
        for child, at in self.steps(element, path, nodes):
            nodes += self.block(child, at)
        return nodes

    def not_known(self, element: etree._Element, path: str = "") -> None:
        """Note an element that no table has; once a name."""
        name = local(element)
        if name not in self.unknown:
            self.unknown.add(name)
            where = path or f"line {element.sourceline}"
            self.reading.note(
                "unknown-element", f"<{name}> is not known; its text was kept.", where
            )

    def noted(self, line: Line, path: str) -> list[Node]:
        """The notes of a line: those within it, and those that its marks name."""
        nodes: list[Node] = []
        for element in line.notes:
            nodes += self.dialect.blocks[local(element)](self, element, path)
        for mark in line.marks:
            found = self.notes.pop(mark, None)
            if found is not None:
                at = self.locator(found, path)
                nodes += self.dialect.blocks[local(found)](self, found, at)
        return nodes

    def beside(self, line: Line, path: str) -> list[Node]:
        """The notes of a number or a heading, and blocks that stand in it by mistake."""
        nodes = self.noted(line, path)
        for _, child in line.nested:
            nodes += self.block(child, self.locator(child, f"{path}/{local(child)}"))
        return nodes

    def text_node(self, element: etree._Element, path: str, kind: str = "paragraph") -> Node | None:
        """An element that holds a line; blocks within it are its children, and text after them."""
        line = self.line(element)
        start = line.nested[0][0] if line.nested else len(line.text)
        children = self.noted(line, path)
        for n, (at, child) in enumerate(line.nested):
            children += self.block(child, self.locator(child, f"{path}/{local(child)}"))
            until = line.nested[n + 1][0] if n + 1 < len(line.nested) else len(line.text)
            rest = line.text[at:until].strip()
            if rest:
                children.append(Node("paragraph", text=rest, locator=path))
        text = line.text[:start].strip()
        if not text and not children:
            return None
        return Node(kind, text=text, locator=path, children=tuple(children), added=line.added)

    def unit(
        self,
        element: etree._Element,
        path: str,
        kind: str,
        dress: Callable[[str], str] | None = None,
    ) -> Node:
        """A unit with number and heading; ``dress`` gives the number as it is printed.

        The lead of a paragraph is its own text. In quoted law a section is a paragraph and a
        larger unit a heading.
        """
        designator = heading = ""
        added = 0
        children: list[Node] = []
        after: list[Node] = []
        for child, at in self.steps(element, path, children):
            name = local(child)
            if name in self.dialect.numbers and not designator:
                line = self.line(child)
                designator = dress(line.text) if dress is not None else line.text
                after += self.beside(line, at)
                added += line.added
            elif name in self.dialect.headings and not heading:
                line = self.line(child)
                heading = line.text
                after += self.beside(line, at)
                added += line.added
            else:
                children += self.block(child, at)
        children += after
        if self.quoted:
            kind = "paragraph" if kind in SECTIONS else "heading" if kind in CONTAINERS else kind
        if kind == "section":
            self.reading.sections += 1
        return lead(Node(kind, designator, heading, "", None, path, tuple(children), added))


def lead(node: Node) -> Node:
    """A paragraph, a definition or a list item with the plain line it begins with as its text."""
    if node.kind not in _LED or node.text or not node.children:
        return node
    line = node.children[0]
    if line.kind == "paragraph" and not line.designator and not line.heading:
        node.text = line.text
        node.added += line.added
        node.children = (*line.children, *node.children[1:])
    return node


_LED = frozenset(("paragraph", "definition", "list-item", "recital", "footnote", "note",
                  "editorial-note"))  # fmt: skip
