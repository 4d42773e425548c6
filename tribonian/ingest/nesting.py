"""A flat run of blocks, as a section prints them, into nested nodes.

Paragraphs nest by their designators, headings hold what follows them up to the next
heading of their rank, footnotes go to the paragraph that bears their mark, and whatever
stands between two paragraphs belongs to the one it follows.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from tribonian.ingest.designators import Line, Placement, nest
from tribonian.ingest.numbers import comes_after, follows, is_first
from tribonian.ingest.paragraphs import (
    Opening,
    Paragraph,
    confirmed,
    read_paragraph,
    without_dotted,
)
from tribonian.ingest.tables import row_numbers
from tribonian.schemas.finding import Finding
from tribonian.schemas.tree import Node


class Block(NamedTuple):
    """One printed block: a paragraph to be nested, or a node that is ready (a table).

    ``italics`` are spans in italic type, or None where the source has no type styles;
    ``marks`` the footnotes the text refers to; ``rank`` makes a heading (1 is highest).
    """

    kind: str
    text: str = ""
    italics: tuple[tuple[int, int], ...] | None = ()
    locator: str = ""
    marks: tuple[str, ...] = ()
    rank: int = 0
    added: int = 0
    node: Node | None = None


class _Open:
    """A node under construction."""

    __slots__ = ("children", "marks", "node")

    def __init__(self, node: Node, marks: Sequence[str] = ()) -> None:
        self.node = node
        self.children: list[_Open] = []
        self.marks = marks

    def close(self) -> Node:
        """The node, which is finished now, with its children."""
        node = self.node
        if self.children:
            node.children = (*node.children, *[child.close() for child in self.children])
        return node


_FRESH = Line(fresh=True)
CONFIRM = 16  # numbered paragraphs that may stand between (1) in a text and its (2)
GOES_ON = 64  # paragraphs in which a dotted list with a gap must go on


def nest_blocks(
    blocks: Sequence[Block],
    citation: str | None,
    findings: list[Finding],
    where: str = "",
    marks: Sequence[str] = (),
) -> tuple[Node, ...]:
    """Nest the blocks of one unit; ``citation`` is that of the unit, for its paragraphs,
    ``marks`` the footnotes that its heading refers to.

    What is ambiguous or irregular in the numbering is appended to ``findings``.
    """
    read: list[Paragraph | None] = [
        read_paragraph(block.text, block.italics) if block.kind == "paragraph" else None
        for block in blocks
    ]
    _confirm(read)
    lines = [
        paragraph.line() if paragraph is not None else _FRESH if block.rank else None
        for block, paragraph in zip(blocks, read, strict=True)
    ]
    notes_end = _preliminary_notes_end(lines) if where[:1] == "§" else -1
    kept = [at for at, line in enumerate(lines) if line is not None]
    placements: list[list[Placement]] = [[] for _ in blocks]
    if any(line is not None and line.markers for line in lines):
        in_order = [line for line in lines if line is not None]
        cut = kept.index(notes_end) if notes_end >= 0 else 0
        placed_all = [*nest(in_order[:cut]), *nest(in_order[cut:])]
        for at, placed in zip(kept, placed_all, strict=True):
            placements[at] = placed
    root = _Open(Node("unit"), marks)
    builder = _Builder(root, citation, findings, where)
    builder.marked.append(root)
    for block, paragraph, placed in zip(blocks, read, placements, strict=True):
        builder.add(block, paragraph, placed)
    return tuple(child.close() for child in root.children)


def _preliminary_notes_end(lines: Sequence[Line | None]) -> int:
    """Where (a) follows preliminary notes ``1.``, ``2.`` and does not stand under the last.

    The first level of a section of the CFR is (a) (Document Drafting Handbook, 1.5); dotted
    numbers before it are notes (17 CFR 240.10b-18). -1 where there are none.
    """
    notes = False
    for at, line in enumerate(lines):
        if line is None or not line.markers:
            continue
        text = line.markers[0].text
        if not notes:
            if text != "1.":
                return -1
            notes = True
        elif text == "a":
            return at
        elif not text[:-1].isdigit() or text[-1] != ".":
            return -1
    return -1


def settle(paragraphs: Sequence[Paragraph]) -> list[Paragraph]:
    """Paragraphs with their numbers settled by what stands around them."""
    read: list[Paragraph | None] = list(paragraphs)
    _confirm(read)
    return [paragraph for paragraph in read if paragraph is not None]


def _confirm(read: list[Paragraph | None]) -> None:
    """Settle what one paragraph alone cannot tell: ``1.`` at its start, (1) inside its text."""
    last_dotted: list[str] = []
    for at, paragraph in enumerate(read):
        if paragraph is None or not paragraph.openings:
            continue
        number = paragraph.openings[0].marker.text
        if number[-1] != ".":
            continue
        if is_first(number) or _goes_on(
            number, last_dotted[-CONFIRM:], read[at + 1 : at + GOES_ON]
        ):
            last_dotted += [o.marker.text for o in paragraph.openings if o.marker.text[-1] == "."]
        else:
            read[at] = without_dotted(paragraph)
    following: deque[Paragraph] = deque(maxlen=CONFIRM)
    for at in range(len(read) - 1, -1, -1):
        paragraph = read[at]
        if paragraph is None:
            continue
        if paragraph.inline:
            paragraph = read[at] = confirmed(paragraph, following)
        if paragraph.openings:
            following.appendleft(paragraph)


def _goes_on(number: str, before: list[str], after: Sequence[Paragraph | None]) -> bool:
    """Whether ``3.`` is of a list: it follows ``2.``, or comes after ``1.`` and before ``4.``.

    A letter must be followed by the next one: ``C. Darwin`` may stand between A. and D.
    """
    if any(follows(each, number) for each in before):
        return True
    on = comes_after if number[0].isdigit() else follows
    return any(comes_after(each, number) for each in before) and any(
        on(number, paragraph.openings[0].marker.text)
        for paragraph in after
        if paragraph is not None and paragraph.openings
    )


# What is said of the whole unit, wherever it is printed: 1 CFR 21.40 ff. on authority
# citations, and the source note in brackets at the end of a section.
_OF_THE_UNIT = frozenset(
    ("history", "authority", "source", "approval", "editorial-note", "effective-date-note",
     "amendment-banner", "metadata", "contents", "running-head")
)  # fmt: skip


class _Builder:
    """Puts blocks in their place, one after another; holds what is open."""

    def __init__(
        self, root: _Open, citation: str | None, findings: list[Finding], where: str
    ) -> None:
        self.root = root
        self.citation = citation
        self.findings = findings
        self.where = where
        self.headings: list[tuple[int, _Open]] = []
        self.definition: _Open | None = None
        self.definition_parent = root
        self.outer: list[_Open] = []
        self.open: list[_Open] = []  # numbered paragraphs, outermost first
        self.marked: list[_Open] = []
        self.counted: dict[int, int] = {}  # the number of the last row of a table, by its parent

    def add(self, block: Block, paragraph: Paragraph | None, placed: list[Placement]) -> None:
        """Put one block in its place."""
        if len(placed) == 1 and self.definition is None and not block.marks:
            self._plain(block, paragraph, placed[0])
            return
        if block.rank:
            self._heading(block)
        elif block.kind == "footnote" and block.node is not None:
            self._footnote(block.node, block.marks)
        elif paragraph is None:
            node = block.node or Node(block.kind, text=block.text, locator=block.locator,
                                      added=block.added)  # fmt: skip
            if node.kind == "table":
                self._table(node)
            else:
                self._append(self.root if node.kind in _OF_THE_UNIT else self._current(), node)
        elif not placed:
            self._unnumbered(block, paragraph)
        else:
            self._numbered(block, paragraph, placed)

    def _plain(self, block: Block, paragraph: Paragraph | None, place: Placement) -> None:
        """The commonest block, a paragraph that opens one level, without detours."""
        assert paragraph is not None
        openings = paragraph.openings
        if openings[0].start or place.in_definition:
            self._numbered(block, paragraph, [place])
            return
        depth = len(place.path) - 1
        new = _Open(self._node(block, openings, 0, place, False))
        parent = self._parent(depth)
        parent.children.append(new)
        self._opened(new, depth, parent)
        if place.runner_up or place.rule in _REPORTED:
            self._report(block, openings[0], place)

    def _current(self) -> _Open:
        if self.open:
            return self.open[-1]
        return self.definition or (self.headings[-1][1] if self.headings else self.root)

    def _append(self, parent: _Open, node: Node, marks: Sequence[str] = ()) -> _Open:
        new = _Open(node, marks)
        parent.children.append(new)
        if marks:
            self.marked.append(new)
        return new

    def _table(self, node: Node) -> None:
        """A table stands in the paragraph before it, unless its rows go on counting.

        Then it stands where the table is whose last row had the number before: (31) follows
        (30) in the list of 21 CFR 1308.11(h), whatever is said of (30) between the two.
        """
        parent = self._current()
        numbers = row_numbers(node.text)
        if numbers is not None and self.definition is None:
            for depth, above in enumerate(self.open[:-1]):
                if self.counted.get(id(above)) == numbers[0] - 1:
                    parent = above
                    del self.open[depth + 1 :]
                    break
        if numbers is not None:
            self.counted[id(parent)] = numbers[1]
        self._append(parent, node)

    def _heading(self, block: Block) -> None:
        while self.headings and self.headings[-1][0] >= block.rank:
            self.headings.pop()
        parent = self.headings[-1][1] if self.headings else self.root
        new = self._append(
            parent,
            block.node
            or Node("heading", heading=block.text, locator=block.locator, added=block.added),
            block.marks,
        )
        self.headings.append((block.rank, new))
        self.open, self.definition = [], None

    def _unnumbered(self, block: Block, paragraph: Paragraph) -> None:
        if paragraph.defines:
            self._define(block, paragraph)
            return
        node = Node("paragraph", text=block.text, locator=block.locator, added=block.added)
        self._append(self._current(), node, block.marks)

    def _define(self, block: Block, paragraph: Paragraph) -> _Open:
        """A definition stands beside the one before it, under the paragraph that opens them."""
        if self.definition is None:
            self.definition_parent = self._current()
        first = paragraph.openings[0].start if paragraph.openings else len(block.text)
        node = Node(
            "definition",
            text=block.text[:first].strip(),
            locator=block.locator,
            added=block.added,
        )
        if self.definition is None:
            self.outer = self.open
        self.open = []
        self.definition = self._append(self.definition_parent, node, block.marks)
        return self.definition

    def _numbered(self, block: Block, paragraph: Paragraph, placed: list[Placement]) -> None:
        joined = False
        openings = paragraph.openings
        lead = ""
        if openings[0].start:
            lead = block.text[: openings[0].start].strip()
            if paragraph.defines:
                self._define(block, paragraph)
            elif lead:
                self._append(
                    self._current(),
                    Node("paragraph", text=lead, locator=block.locator, added=block.added),
                )
            joined = bool(lead)
        last = len(openings) - 1
        for k, place in enumerate(placed):
            if self.definition is not None and not place.in_definition:
                self.definition, self.open = None, self.outer
            depth = len(place.path) - 1
            parent = self._parent(depth)
            node = self._node(block, openings, k, place, joined)
            if lead and node.added:  # they stand with the words before the number
                node = replace(node, added=0)
            new = self._append(parent, node, block.marks if k == last else ())
            self._opened(new, depth, parent)
            joined = True
            if place.runner_up or place.rule in _REPORTED:
                self._report(block, openings[k], place)

    def _opened(self, new: _Open, depth: int, parent: _Open) -> None:
        """Note what is open at a depth; where numbering goes on under a heading, that stands in."""
        del self.open[depth:]
        self.open += [parent] * (depth - len(self.open))
        self.open.append(new)

    def _parent(self, depth: int) -> _Open:
        """The open paragraph above; numbering that goes on under a new heading stands there."""
        if 0 < depth <= len(self.open):
            return self.open[depth - 1]
        if depth and self.open:
            return self.open[-1]
        return self.definition or (self.headings[-1][1] if self.headings else self.root)

    def _node(
        self,
        block: Block,
        openings: tuple[Opening, ...],
        k: int,
        place: Placement,
        joined: bool,
    ) -> Node:
        text = block.text
        _, start, end, span = openings[k]
        until = openings[k + 1].start if k + 1 < len(openings) else len(text)
        heading = ""
        body = end
        if span is not None:
            heading = text[span[0] : span[1]].strip()
            body = span[1]
        cited = None
        if self.citation and not place.in_definition:
            path = "".join(place.path)
            between = ", " if path[0] != "(" or " Part" in self.citation else ""
            cited = f"{self.citation}{between}{path}"
        return Node(
            "paragraph",
            text[start:end],
            heading,
            text[body:until].strip(),
            cited,
            block.locator,
            (),
            0 if k else block.added,
            joined,
        )

    def _report(self, block: Block, opening: Opening, place: Placement) -> None:
        code = _REPORTED.get(place.rule)
        path = "".join(place.path)
        # "§ 1.1(a)", but "Appendix A to Part 50, II.A." where no bracket divides them
        before = (
            self.where
            if path.startswith("(") and (self.where[-1:].isdigit() or self.where[:1] == "§")
            else (f"{self.where}, " if self.where else "")
        )
        here = f"{before}{path}"
        if code is not None:
            reason = _REASONS[code].format(number=opening.marker.printed, here=here)
            self.findings.append(Finding(code, reason, locator=block.locator,
                                         quote=block.text[:80]))  # fmt: skip
        elif place.runner_up:
            other = "".join(place.runner_up)
            self.findings.append(
                Finding(
                    "designator-ambiguous",
                    f"{opening.marker.printed} was read as {here}, but could be {before}{other}.",
                    locator=block.locator,
                    quote=block.text[:80],
                )
            )

    def _footnote(self, note: Node, marks: Sequence[str]) -> None:
        wanted = marks[0] if marks else ""
        for bearer in self.marked:
            if wanted in bearer.marks:
                bearer.marks = [mark for mark in bearer.marks if mark != wanted]
                self._append(bearer, note)
                return
        if wanted:
            self.findings.append(
                Finding(
                    "footnote-unmatched",
                    f"Footnote {wanted} has no mark in the text before it; it was kept where "
                    "it stands.",
                    locator=note.locator,
                )
            )
        self._append(self._current(), note)


_REPORTED = {
    "skips": "designator-gap",
    "repeats": "designator-repeated",
    "opens late": "designator-irregular",
    "goes back": "designator-irregular",
}
_REASONS = {
    "designator-gap": "A number is missing before {here}.",
    "designator-repeated": "{number} is printed twice in a row, the second time at {here}.",
    "designator-irregular": "{number} fits no list that is open; it was read as {here}.",
}
