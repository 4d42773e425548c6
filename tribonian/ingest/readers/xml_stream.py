"""A large XML file, element by element: containers opened and closed, units whole, then freed.

Memory follows the largest unit and not the file. Names are local names, so that one set of
them does for a vocabulary with and without a namespace.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO, Literal, NamedTuple

from lxml import etree

from tribonian.errors import DocumentError

LONGEST_REASON = 120  # characters
ENTITY = "It declares entities of its own, which are not expanded; save it without a DTD."


def safe_parser() -> etree.XMLParser[etree._Element]:
    """A parser for a whole document, as careful as `stream`: no entity is expanded, no DTD
    loaded and nothing fetched."""
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


def careful_events(file: BinaryIO, tags: Iterable[str]) -> etree.iterparse[Any]:
    """Start and end of the elements that bear one of the tags, read as carefully."""
    return etree.iterparse(
        file,
        events=("start", "end"),
        tag=tuple(sorted(tags)),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


class Step(NamedTuple):
    """One thing met in a document, with its XPath.

    ``open`` and ``close`` are a container, whose children are steps of their own; ``unit`` and
    ``block`` are an element with all that is in it; ``text`` is text straight in a container.
    """

    event: Literal["open", "close", "unit", "block", "text"]
    element: etree._Element
    path: str
    text: str = ""


class _Open:
    """A container whose end has not been met."""

    __slots__ = ("count", "element", "path")

    def __init__(self, element: etree._Element, path: str) -> None:
        self.element = element
        self.path = path
        self.count: dict[str, int] = {}

    def step(self, element: etree._Element) -> str:
        """The XPath of the next child."""
        name = local(element)
        place = self.count[name] = self.count.get(name, 0) + 1
        return f"{self.path}/{name}[{place}]"


def local(element: etree._Element) -> str:
    """The name of an element without its namespace."""
    tag = element.tag
    if not isinstance(tag, str):  # a reference to an entity that the file declares
        raise DocumentError(ENTITY)
    name = tag.rpartition("}")[2]
    return name.rpartition(":")[2] if ":" in name else name  # a prefix that nothing declares


def stream(
    file: BinaryIO, containers: frozenset[str], units: frozenset[str], roots: frozenset[str]
) -> Iterator[Step]:
    """The steps of a document whose outermost element is one of ``roots``.

    A unit is handed on when it is complete and emptied when the next step is asked for. One
    that stands within something else than a container is part of that.
    """
    known = containers | units
    events = careful_events(file, (f"{{*}}{name}" for name in known))
    stack: list[_Open] = []
    inside = 0  # open elements of a unit, or of something else that is no container
    unit = ""  # the path of the unit that is open
    seen = False
    with well_formed(file, roots):
        for event, element in events:
            if not seen:
                seen = True
                root = events.root if events.root is not None else element
                check_root(root, roots)
            if event == "start":
                above = stack[-1] if stack else None
                if inside:
                    inside += 1
                elif above is not None and element.getparent() is not above.element:
                    inside, unit = 1, ""
                else:
                    if above is not None:
                        yield from _done(above, element, known)
                    at = above.step(element) if above is not None else f"/{local(element)}"
                    if local(element) in containers:
                        stack.append(_Open(element, at))
                        yield Step("open", element, at)
                    else:
                        inside, unit = 1, at
            elif inside:
                inside -= 1
                if not inside and unit:
                    yield Step("unit", element, unit)
                    element.clear(keep_tail=True)
            else:
                yield from _done(stack[-1], None, known)
                yield Step("close", element, stack.pop().path)
                element.clear(keep_tail=True)
    if not seen:
        if events.root is None:
            raise DocumentError("It is not XML: no element starts it.")
        check_root(events.root, roots)


def _done(above: _Open, until: etree._Element | None, known: frozenset[str]) -> Iterator[Step]:
    """What stands in a container before one of its children, or before its end."""
    parent = above.element
    if parent.text and not parent.text.isspace():
        yield Step("text", parent, above.path, parent.text)
    parent.text = None
    # The parser runs ahead of its events: what follows the child may be there already.
    done = list(itertools.takewhile(lambda child: child is not until, parent))
    for child in done:
        if local(child) not in known:
            yield Step("block", child, above.step(child))
        if child.tail and not child.tail.isspace():
            yield Step("text", parent, above.path, child.tail)
        parent.remove(child)


def refuse_entities(root: etree._Element) -> None:
    """Refuse a document that declares entities of its own."""
    dtd = root.getroottree().docinfo.internalDTD
    if dtd is not None and any(True for _ in dtd.iterentities()):
        raise DocumentError(ENTITY)


def check_root(root: etree._Element, roots: Collection[str]) -> None:
    """Refuse a document of another vocabulary, and one that declares entities."""
    refuse_entities(root)
    if local(root) not in roots:
        named = " or ".join(f"<{name}>" for name in sorted(roots))
        raise DocumentError(
            f"Its outermost element is <{local(root)}> and not {named}; no reader takes it."
        )


@contextmanager
def well_formed(file: BinaryIO, roots: Collection[str] = ()) -> Iterator[None]:
    """Turn what the parser says of a damaged file into a DocumentError of one sentence."""
    try:
        yield
    except etree.XMLSyntaxError as error:
        raise DocumentError(syntax_error(error, file, roots)) from None


def syntax_error(error: etree.XMLSyntaxError, file: BinaryIO, roots: Collection[str]) -> str:
    """The sentence for a file that is no XML."""
    line = max(1, error.position[0] or 1 if error.position else 1)
    reason = (error.msg or "").split(", line ")[0].strip()
    if "Document is empty" in reason or "Start tag expected" in reason:
        return "It is not XML: no element starts it."
    if "xmlParseEntityDecl" in reason or ("ntity" in reason and "amplification" in reason):
        return ENTITY
    if "Excessive depth" in reason:
        return f"Its elements are nested more than 256 deep at line {line}; get it again."
    if "Premature end" in reason or ("Extra content" not in reason and _breaks_off(file, roots)):
        return f"The XML breaks off at line {line}; download it again."
    # a reason may quote names of any length from the file
    shown = f" ({reason})" if reason not in ("", "(null)") and len(reason) <= LONGEST_REASON else ""
    return f"The XML is damaged at line {line}{shown}; download it again."


def _breaks_off(file: BinaryIO, roots: Collection[str]) -> bool:
    """Whether the last thing in a file is not the end of its outermost element."""
    try:
        size = file.seek(0, 2)
        file.seek(max(0, size - 4096))
        tail = file.read().rstrip(b"\x00 \t\r\n")
    except (OSError, ValueError):
        return False
    last = tail[tail.rfind(b"<") :]
    ends = tuple(f"{root}>".encode() for root in roots)
    return not (last.endswith(ends) if ends else last.startswith(b"</"))
