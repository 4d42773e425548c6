"""A volume while it is read: containers open one within another, units handed on whole.

What stands before the first unit (front matter, metadata) is put into it, and what stands
behind the last (finding aids) into the outermost container, so that the same law has the same
outermost node in every edition.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from lxml import etree

from tribonian.ingest.readers.gpo_blocks import Handler, Unit
from tribonian.ingest.readers.xml_stream import Step
from tribonian.ingest.record import Reading
from tribonian.schemas.tree import Enter, Event, Leave, Node


class Container:
    """A unit larger than is held: entered when its head is known, before its first unit."""

    def __init__(self, kind: str, path: str, above: Container | None, unit: Unit) -> None:
        self.kind = kind
        self.path = path
        self.above = above.citation or "" if above else ""
        self.unit = unit  # what stands in it beside its units
        self.citation: str | None = None
        self.designator = ""
        self.heading = ""
        self.added = 0
        self.entered = False

    def enter(self) -> Iterator[Event]:
        """Say that it begins, once, and hand on what has been met since."""
        if not self.entered:
            self.entered = True
            yield Enter(
                Node(self.kind, self.designator, self.heading, "", self.citation, self.path,
                     added=self.added)
            )  # fmt: skip
        yield from self.unit.nested()
        self.unit.blocks.clear()


class Volume:
    """What is open in a document while it is read; each vocabulary says what its elements are."""

    roots: frozenset[str] = frozenset()  # elements around the outermost container
    table: Mapping[str, Handler] = {}

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.stack: list[Container] = []
        self.before = Unit(reading, None, "", self.table)  # what stands before the first unit
        self.ended = False  # whether the outermost container is complete, its Leave still to come

    def kind_of(self, element: etree._Element) -> str:
        """The kind of a container."""
        raise NotImplementedError

    def open(self, container: Container, element: etree._Element) -> None:
        """Note what the element of a container says of itself."""

    def take_head(self, container: Container, element: etree._Element) -> bool:
        """Take the head of a container; whether nothing of the element is left."""
        raise NotImplementedError

    def read_unit(self, element: etree._Element, path: str, above: str) -> Iterable[Node]:
        """The nodes that a unit becomes; ``above`` is the citation of what it stands in."""
        raise NotImplementedError

    def look_at(self, element: etree._Element) -> None:
        """Prepare an element that is no container, before it is read."""

    def take(self, step: Step) -> Iterator[Event]:
        """The events of one step."""
        element = step.element
        if step.event == "block":
            self._block(element, step.path)
        elif step.event == "text":
            self._here().stray(step.text, step.path)
        elif step.event == "unit":
            yield from self._before_unit()
            yield from self._unit(element, step.path)
        elif self._is_root(element):
            return
        elif step.event == "open":
            yield from self._before_unit()
            above = self.stack[-1] if self.stack else None
            unit = Unit(self.reading, None, "", self.table)
            container = Container(self.kind_of(element), step.path, above, unit)
            self.open(container, element)
            self.stack.append(container)
        else:
            yield from self.stack[-1].enter()
            self.reading.count()
            if len(self.stack) > 1:
                self.stack.pop()
                yield Leave()
            else:
                self.ended = True

    def end(self) -> Iterator[Event]:
        """What is left when the document has ended."""
        if self.stack:
            yield from self.stack[0].enter()
            yield Leave()
        yield from self.before.nested()
        self.reading.count()

    def _is_root(self, element: etree._Element) -> bool:
        return str(element.tag).rpartition("}")[2] in self.roots

    def _here(self) -> Unit:
        return self.stack[-1].unit if self.stack else self.before

    def _before_unit(self) -> Iterator[Event]:
        """Hand on what stands before a unit; a second outermost one ends the first."""
        if self.ended:
            yield from self.stack.pop().enter()
            yield Leave()
            self.ended = False
        if self.stack:
            container = self.stack[-1]
            container.unit.blocks[:0] = self.before.blocks
            self.before.blocks.clear()
            yield from container.enter()
        self.reading.count()

    def _block(self, element: etree._Element, path: str) -> None:
        self.look_at(element)
        container = self.stack[-1] if self.stack and not self.ended else None
        named = container is not None and container.entered  # what comes now names it no more
        if container is None or named or not self.take_head(container, element):
            self._here().block(element, path)
        self.reading.count()

    def _unit(self, element: etree._Element, path: str) -> Iterator[Event]:
        self.look_at(element)
        above = self.stack[-1].citation or "" if self.stack else ""
        first: tuple[Node, ...] = ()
        if not self.stack:
            first = self.before.nested()
            self.before.blocks.clear()
        for node in self.read_unit(element, path, above):
            if first:
                node.children = (*first, *node.children)
                first = ()
            self.reading.count()
            yield node
