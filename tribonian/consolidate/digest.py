"""One document, read and cut: what a worker hands back to the build.

The section tree is consumed as it streams; what is left is small enough to be sent from
one process to another: containers, units cut into pieces, and what was left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from tribonian.consolidate.chunk import BETWEEN, Budget, Piece, own_text, split_units
from tribonian.consolidate.identity import bare_hash, notes_last, text_hash
from tribonian.consolidate.rendering import LeftOut, Line, plain_text, render
from tribonian.consolidate.selection import Selection, matches
from tribonian.consolidate.tokens import Tokenizer
from tribonian.schemas.finding import Finding
from tribonian.schemas.tree import CONTAINERS, SECTIONS, Document, Enter, Event, Leave, Node
from tribonian.schemas.words import count_words

TOGETHER = 512  # units cut at a time
# The mark of a picture is named after its file, which differs from format to format.
_PICTURE = re.compile(r"\[(?:image|formula)\b[^\[\]]*\]")
MAX_LABEL = 300  # characters; a longer heading goes on in the content


@dataclass(slots=True)
class Unit:
    """A section, an appendix, or the loose text of a container, cut into pieces."""

    kind: str
    designator: str
    heading: str
    citation: str | None
    locator: str
    pieces: list[Piece]
    label_words: int
    label: str = ""
    _bare: str = field(default="", repr=False, compare=False)

    def __post_init__(self) -> None:
        self.label = label_of(self.kind, self.designator, self.heading)

    @property
    def hash(self) -> str:
        """A digest of its text: units with the same label and the same text are duplicates."""
        return text_hash(self.text)

    @property
    def bare(self) -> str:
        """A digest of its text without layout and punctuation: the same law, printed otherwise.

        Where a budget cuts a text, and where a page prints a footnote, is layout too.
        """
        if not self._bare:  # asked for once for each unit of its label
            text = _PICTURE.sub("", own_text(self.pieces))
            self._bare = bare_hash(BETWEEN.join(notes_last(text.split(BETWEEN))))
        return self._bare

    @property
    def text(self) -> str:
        """The text of all pieces."""
        return BETWEEN.join([piece.content for piece in self.pieces])


@dataclass(slots=True)
class Container:
    """A title, chapter, part …: its authority, its loose text, and what it contains."""

    kind: str
    designator: str
    heading: str
    citation: str | None
    locator: str
    authority: list[Line] = field(default_factory=list)
    loose: Unit | None = None
    children: list[Container | Unit] = field(default_factory=list)
    label_words: int = 0
    label: str = ""

    def __post_init__(self) -> None:
        self.label = label_of(self.kind, self.designator, self.heading)

    @property
    def holds(self) -> int:
        """How many units and containers stand in it, before any are found to be duplicates."""
        return len(self.children) + (self.loose is not None)


@dataclass(slots=True)
class Digest:
    """All that a build needs of one document; ``failed`` is the reason where it failed."""

    document: Document
    top: list[Container | Unit] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    status: str = "ok"
    reason: str | None = None
    matched: set[str] = field(default_factory=set)


def label_of(kind: str, designator: str, heading: str) -> str:
    """The label a person recognises: ``§ 701.3 Designation of ingredients``."""
    heading = heading.strip().removesuffix(".").strip()
    if not heading:
        return designator or {"": "Text", "loose": "Text"}.get(
            kind, kind.replace("-", " ").capitalize()
        )
    if not designator:
        return heading
    between = " " if kind in ("section", "paragraph", "heading") else "—"
    if heading.startswith("["):
        between = " "
    return f"{designator}{between}{heading}"


class Digester:
    """Takes the events of one document and keeps what the build needs."""

    def __init__(self, selection: Selection, budget: Budget, tokenizer: Tokenizer) -> None:
        self.selection = selection
        self.budget = budget
        self.tokenizer = tokenizer
        self.left_out: list[LeftOut] = []
        self.findings: list[Finding] = []
        self.matched: set[str] = set()
        self._skipping = [False]
        self._uncut: list[tuple[Unit, list[Line], str]] = []

    def digest(self, events: Iterable[Event]) -> list[Container | Unit]:
        """The top of the document; `left_out`, `findings` and `matched` are filled."""
        top = Container("document", "", "", None, "")
        open_containers: list[tuple[Container, list[Node], bool]] = [(top, [], False)]
        for event in events:
            container, loose, chosen = open_containers[-1]
            if isinstance(event, Enter):
                node = event.node
                inner, text = _container(node)
                skipped, now_chosen = self._choose(node, chosen)
                if skipped:
                    # its units are skipped one by one as they come
                    now_chosen = False
                open_containers.append((inner, text, now_chosen))
                self._skipping.append(self._skipping[-1] or skipped)
            elif isinstance(event, Leave):
                self._skipping.pop()
                open_containers.pop()
                self._finish(container, loose, chosen)
                self._place(open_containers[-1][0], container)
            else:
                self._add(event, container, loose, chosen)
            if len(self._uncut) >= TOGETHER:
                self._cut_all()
        self._finish(top, open_containers[0][1], False)
        for line in top.authority:  # a saved section names it, but not as the part of anything
            node = Node("authority", text=line.text, locator=line.locator, added=line.added)
            self._out(node, "authority")
        if top.loose is not None:
            top.children.insert(0, top.loose)
        self._cut_all()
        return top.children

    def _choose(self, node: Node, chosen: bool) -> tuple[bool, bool]:
        """(skipped, chosen) for a node whose container is or is not chosen."""
        skipped = False
        for pattern in self.selection.skip:
            if matches(pattern, node):
                self.matched.add(pattern)
                skipped = True
        for pattern in self.selection.only:
            if matches(pattern, node):
                self.matched.add(pattern)
                chosen = True
        return skipped, chosen

    def _out(self, node: Node, reason: str) -> None:
        words = node.total_words()
        if words:
            self.left_out.append(LeftOut(plain_text(node), reason, node.locator, words))

    def _add(self, node: Node, container: Container, loose: list[Node], chosen: bool) -> None:
        """One node that stands in a container."""
        is_unit = node.kind in SECTIONS or node.kind == "heading"
        if not is_unit and node.kind not in CONTAINERS:
            loose.append(node)
            return
        skipped, chosen = self._choose(node, chosen)
        if skipped or self._skipping[-1]:
            self._out(node, "skipped")
            return
        reason = self.selection.reason(node)
        if reason is not None:
            self._out(node, reason)
            return
        if node.kind in CONTAINERS or _holds_headings(node):
            inner, within = _container(node)
            self._skipping.append(False)
            for child in node.children:
                self._add(child, inner, within, chosen)
            self._skipping.pop()
            self._finish(inner, within, chosen)
            self._place(container, inner)
        elif self.selection.only and not chosen:
            self._out(node, "skipped")
        else:
            container.children.append(self._unit(node))

    def _place(self, container: Container, inner: Container) -> None:
        """Keep a container that holds something; leave an empty one out."""
        holds = inner.children or inner.loose is not None
        if holds or (inner.authority and not (self.selection.only or self._skipping[-1])):
            container.children.append(inner)
            return
        node = Node(inner.kind, inner.designator, inner.heading, locator=inner.locator)
        chosen_away = self.selection.only or self.selection.skip
        reason = self.selection.reason(node) or ("skipped" if chosen_away else "empty")
        self._out(node, reason)
        for line in inner.authority:
            self._out(Node("authority", text=line.text, locator=line.locator), "authority")

    def _finish(self, container: Container, loose: list[Node], chosen: bool) -> None:
        """Settle what stands in a container itself: its authority, notes, stray paragraphs."""
        if not loose:
            return
        if self._skipping[-1] or (self.selection.only and not chosen):
            keep = container.children and not self._skipping[-1]
            for node in loose:
                if keep and node.kind == "authority":
                    container.authority += render((node,), lambda _: None)[0]
                else:
                    self._out(node, self.selection.reason(node) or "skipped")
            return
        kept = []
        for node in loose:
            if node.kind == "authority" and "authority" not in self.selection.keep:
                container.authority += render((node,), lambda _: None)[0]
            else:
                kept.append(node)
        lines, left = render(tuple(kept), self.selection.reason)
        self.left_out += [row for row in left if row.words]
        if lines:
            container.loose = self._cut(lines, "loose", "", "", container.citation,
                                        lines[0].locator, 0)  # fmt: skip

    def _unit(self, node: Node) -> Unit:
        lines, left = render(node.children, self.selection.reason)
        self.left_out += [row for row in left if row.words]
        if node.text:
            lines.insert(0, Line(node.text, 0, "", "", node.locator, node.added, "", False))
        heading = node.heading
        if len(node.designator) + len(heading) > MAX_LABEL:
            lines.insert(0, Line(heading, 0, "", "", node.locator, node.added, "", False))
            heading = ""
        return self._cut(
            lines,
            node.kind,
            node.designator,
            heading,
            node.citation,
            node.locator,
            count_words(f"{node.designator}\n{heading}") - (node.added if heading else 0),
        )

    def _cut(
        self,
        lines: list[Line],
        kind: str,
        designator: str,
        heading: str,
        citation: str | None,
        locator: str,
        label_words: int,
    ) -> Unit:
        body = BETWEEN.join([line.text for line in lines])
        unit = Unit(kind, designator, heading, citation, locator, [], label_words)
        self._uncut.append((unit, lines, body))
        return unit

    def _cut_all(self) -> None:
        """Cut the units that wait, many at a time."""
        waiting, self._uncut = self._uncut, []
        cut = split_units(
            [(lines, body) for _, lines, body in waiting], self.budget, self.tokenizer
        )
        for (unit, _, _), pieces in zip(waiting, cut, strict=True):
            unit.pieces = pieces
            large = next((piece for piece in pieces if piece.oversized_row), None)
            if large is not None:
                self.findings.append(
                    Finding(
                        "row-over-budget",
                        f"A table row of {unit.designator or unit.heading} is larger than "
                        f"{self.budget.max_tokens} tokens and was set as text.",
                        locator=large.locator,
                    )
                )


def _container(node: Node) -> tuple[Container, list[Node]]:
    """A container without what is in it, and its heading where that is too long for a label."""
    heading = node.heading
    text: list[Node] = []
    if len(node.designator) + len(heading) > MAX_LABEL:
        text = [Node("paragraph", text=heading, locator=node.locator, added=node.added)]
        heading = ""
    words = count_words(f"{node.designator}\n{heading}") - (node.added if heading else 0)
    container = Container(
        node.kind, node.designator, heading, node.citation, node.locator, label_words=words
    )
    return container, text


def _holds_headings(node: Node) -> bool:
    """Whether a heading in a part stands over others: 18 CFR part 101 has no sections."""
    return node.kind == "heading" and any(child.kind == "heading" for child in node.children)
