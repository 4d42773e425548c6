"""What an element of nested XML may become, whatever the dialect."""

from __future__ import annotations

from collections.abc import Callable

from lxml import etree

from tribonian.ingest.readers.xml_text import Handler, Line, Markup, lead
from tribonian.schemas.tree import Node

paragraph: Handler = Markup.paragraph
inside: Handler = Markup.inside


def unit_of(kind: str, dress: Callable[[str], str] | None = None) -> Handler:
    """A numbered or headed unit of a kind."""
    return lambda markup, element, path: [markup.unit(element, path, kind, dress)]


def line_of(kind: str) -> Handler:
    """One line that is ready as it stands."""

    def handler(markup: Markup, element: etree._Element, path: str) -> list[Node]:
        node = markup.text_node(element, path, kind)
        return [] if node is None else [node]

    return handler


def heading(markup: Markup, element: etree._Element, path: str) -> list[Node]:
    """A printed heading that is no unit."""
    node = markup.text_node(element, path, "heading")
    if node is None:
        return []
    node.heading, node.text = node.text, ""
    return [node]


def wrapped(kind: str) -> Handler:
    """A box with blocks of its own."""

    def handler(markup: Markup, element: etree._Element, path: str) -> list[Node]:
        return [lead(Node(kind, locator=path, children=tuple(inside(markup, element, path))))]

    return handler


def quotation(markup: Markup, element: etree._Element, path: str) -> list[Node]:
    """Law that this law puts into another one: kept, and none of its own provisions."""
    markup.quoted += 1
    children = tuple(inside(markup, element, path))
    markup.quoted -= 1
    return [Node("extract", locator=path, children=children)]


def flat(kind: str) -> Handler:
    """All text of an element, one line a child: contents, metadata."""

    def handler(markup: Markup, element: etree._Element, path: str) -> list[Node]:
        lines: list[Line] = []
        if len(element) == 0 or (element.text and element.text.strip()):
            lines.append(markup.line(element, whole=True))
        else:
            strays: list[Node] = []
            for child, _ in markup.steps(element, path, strays):
                lines.append(markup.line(child, whole=True))
            lines += [Line(node.text) for node in strays]
        text = "\n".join(line.text for line in lines if line.text)
        if not text:
            return []
        return [Node(kind, text=text, locator=path, added=sum(line.added for line in lines))]

    return handler
