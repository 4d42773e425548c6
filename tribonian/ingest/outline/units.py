"""Units of law in a flat run of blocks, put into their containers one after another."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from tribonian.ingest.nesting import Block, nest_blocks
from tribonian.ingest.outline.blocks import after, paragraph_block, unit_blocks
from tribonian.ingest.outline.closing import after_filed, closing_at
from tribonian.ingest.outline.heads import UnitHead
from tribonian.ingest.outline.recitals import with_recitals
from tribonian.ingest.outline.roles import Roles
from tribonian.ingest.readers.ecfr_names import cite, is_range
from tribonian.ingest.readers.law_citations import EU, act_named, titled
from tribonian.ingest.readers.law_citations import cite as cite_law
from tribonian.ingest.record import Reading
from tribonian.ingest.styled import Styled
from tribonian.schemas.tree import CONTAINERS_IN_ORDER, Enter, Event, Leave, Node

# Kinds that are no law and may stand in the first container without being its text.
BESIDE = frozenset(("running-head", "contents", "metadata", "comment"))
_ORDER = {kind: n for n, kind in enumerate(CONTAINERS_IN_ORDER)}


@dataclass(slots=True)
class _Open:
    """A container that is open."""

    kind: str
    citation: str | None
    order: int
    run: list[Block] = field(default_factory=list)


class Units:
    """Puts units into their containers, one after another."""

    def __init__(self, run: Sequence[Styled], roles: Roles, reading: Reading) -> None:
        self.run = run
        self.roles = roles
        self.reading = reading
        self.open: list[_Open] = []
        self.loose: list[Block] = []
        self.sent: dict[int, list[Block]] = {}  # footnotes for the n-th unit from elsewhere
        self.seen = 0
        self.order = dict(_ORDER)
        heads = [role.head for role in roles.all if role.head is not None]
        self.articles = any(head.number.lower().startswith("art") for head in heads)
        self.work = _act(run) if self.articles else None  # an act of the Union
        self.another = after_filed(run)
        self.closing = closing_at(run) if self.articles else -1
        self._settle_order()
        # the CFR's sections are numbered by their part: § 11.1 of PART 11
        parts = {head.number for head in heads if head.kind == "part"}
        owned = [
            h for h in heads
            if h.kind == "section" and "." in h.number and h.number.partition(".")[0] in parts
        ]  # fmt: skip
        sections = any(head.kind == "section" for head in heads)
        reading.cites_cfr = bool(owned) or (
            not sections and any(number.isdigit() for number in parts)
        )

    def _settle_order(self) -> None:
        """Which container stands over which: by outline levels, else as the CFR has it.

        The UK's parts hold chapters, California's hold titles: what comes first is higher.
        """
        levels: dict[str, set[int]] = {}
        first: dict[str, int] = {}
        for at, role in enumerate(self.roles.all):
            if role.head is not None and role.head.kind in _ORDER:
                levels.setdefault(role.head.kind, set()).add(self.run[at].level)
                first.setdefault(role.head.kind, at)
        if first and all(min(each) > 0 for each in levels.values()):
            ranked = sorted(first, key=lambda kind: (min(levels[kind]), first[kind]))
            self.order.update({kind: n for n, kind in enumerate(ranked)})
            self.order["subject-group"] = len(ranked)
            return
        under = [kind for kind in ("chapter", "title")
                 if first.get("part", len(self.run)) < first.get(kind, -1)]  # fmt: skip
        for n, kind in enumerate(sorted(under, key=lambda kind: first[kind]), 1):
            self.order[kind] = _ORDER["part"] + n
        for below in ("subpart", "subject-group") if under else ():
            self.order[below] = _ORDER[below] + 3

    def events(self) -> Iterator[Event]:
        """The whole document as events."""
        starts = [at for at in range(len(self.run)) if self._begins(at)]
        first = starts[0] if starts else len(self.run)
        self._send_footnotes(starts)
        before, beside = self._before(first)
        tail = self._tail(starts[-1] if starts else 0)
        yield from before
        for here, end in zip(starts, [*starts[1:], len(self.run) - len(tail)], strict=True):
            yield from self._unit(here, end)
            if here == first and self.open:
                yield from beside
                beside = ()
        yield from self._loose()
        while len(self.open) > 1:
            self.open.pop()
            yield Leave()
        yield from (block.node for block in tail if block.node is not None)
        while self.open:
            self.open.pop()
            yield Leave()

    def _send_footnotes(self, starts: Sequence[int]) -> None:
        """Footnotes that stand elsewhere go to the unit that bears their mark.

        Those at the foot of a page belong to a mark on that page or the one before, or at the
        head of a table that ends there; those at the end of the document to the first mark that
        has none yet.
        """
        unit = [bisect_right(starts, at) for at in range(len(self.run))]
        bearers: dict[str, list[int]] = {}
        for at, block in enumerate(self.run):
            if block.kind != "footnote":
                for mark in (*block.marks, *_table_marks(block)):
                    bearers.setdefault(mark, []).append(at)
                continue
            waiting = bearers.get(block.marks[0] if block.marks else "", [])
            if not waiting:
                continue
            place = bisect_left(waiting, unit[at], key=unit.__getitem__)
            own = place < len(waiting) and unit[waiting[place]] == unit[at]
            if not own and block.page:
                near = bisect_left(waiting, block.page - 1, key=lambda each: self.run[each].page)
                place = min(near, len(waiting) - 1)
            home = waiting.pop(place if own or block.page else 0)
            if not own:
                self.roles[at].taken = True
                self.sent.setdefault(unit[home], []).append(
                    Block(block.kind, "", None, block.locator, block.marks, 0, block.added,
                          block.node)
                )  # fmt: skip

    def _before(self, first: int) -> tuple[tuple[Node, ...], tuple[Node, ...]]:
        """What stands before the first unit: in front of it, or inside where it is no law."""
        blocks = [*unit_blocks(self.run, self.roles, 0, first), *self.sent.get(0, ())]
        nodes = with_recitals(nest_blocks(blocks, None, self.reading.findings))
        cite_law(nodes, self.work, EU)
        if self.reading.cites_cfr:
            nodes = tuple(_as_metadata(node) for node in nodes)
        head = self.roles[first].head if first < len(self.run) else None
        if head is not None and head.kind in self.order and all(n.kind in BESIDE for n in nodes):
            return (), nodes
        return nodes, ()

    def _tail(self, last: int) -> list[Styled]:
        """What stands at the document's very end and is of the whole of it: running heads."""
        at = len(self.run)
        while at > last + 1 and self.run[at - 1].kind in BESIDE and self.run[at - 1].node:
            at -= 1
        return list(self.run[at:])

    def _begins(self, at: int) -> bool:
        role = self.roles[at]
        head = role.head
        if head is not None:
            return head.kind not in ("numbered", "clause")
        if at == self.closing or at in self.another or self._is_over_schedules(at):
            return True
        return bool(role.rank) and self._is_group(at)

    def _is_over_schedules(self, at: int) -> bool:
        """Whether a line stands over all schedules of an act, and in none of its sections."""
        block = self.run[at]
        if block.kind != "paragraph" or not _SCHEDULES.fullmatch(block.text):
            return False
        after = self.roles[at + 1].head if at + 1 < len(self.run) else None
        return not self.reading.cites_cfr and after is not None and after.kind == "appendix"

    def _is_group(self, at: int) -> bool:
        """A heading right before a section stands over the sections that follow."""
        block = self.run[at]
        for then in range(at + 1, min(at + 3, len(self.run))):
            role = self.roles[then]
            if role.head is not None:
                if role.head.kind != "section":
                    return False
                own = self.run[then].level
                return not (block.level and own and block.level >= own)
            if self.run[then].kind in BESIDE:
                continue
            return False
        return False

    def _unit(self, at: int, end: int) -> Iterator[Event]:
        role, block = self.roles[at], self.run[at]
        head = role.head
        yield from self._loose()
        if role.head is None and (at in self.another or self._is_over_schedules(at)):
            yield from self._beside_units(at, end)
            return
        if at == self.closing:
            yield from self._closing(at, end)
            return
        if head is None:
            head = UnitHead("subject-group", "", block.text, "")
        kind = head.kind
        heading, added, marks = head.heading, block.added, block.marks
        if role.title >= 0:
            heading = self.run[role.title].text
            added += self.run[role.title].added
            marks = (*marks, *self.run[role.title].marks)
        yield from self._close(kind, head)
        above = self.open[-1].citation if self.open else None
        citation = self._cite(head, above)
        self.seen += 1
        body = [*unit_blocks(self.run, self.roles, at + 1, end), *self.sent.get(self.seen, ())]
        if role.rest:
            body.insert(0, paragraph_block(after(block, role.rest)))
        if kind in self.order:
            yield Enter(Node(kind, head.designator, heading, "", citation, block.locator,
                             added=added))  # fmt: skip
            self.open.append(_Open(kind, citation, self.order[kind]))
            self.loose = body
            return
        self.reading.sections += kind == "section"
        where = head.designator.rstrip(".") or heading[:40]
        children = nest_blocks(body, citation, self.reading.findings,
                               where, marks)  # fmt: skip
        unit = Node(kind, head.designator, heading, "", citation, block.locator, children, added)
        cite_law((unit,), self.work, EU)
        yield unit

    def _beside_units(self, at: int, end: int) -> Iterator[Event]:
        """What is of no unit before it: the preamble of the next document, ``SCHEDULES``."""
        yield from self._loose()
        while self.open:
            self.open.pop()
            yield Leave()
        self.seen += 1
        blocks = [*unit_blocks(self.run, self.roles, at, end), *self.sent.get(self.seen, ())]
        yield from nest_blocks(blocks, None, self.reading.findings)

    def _closing(self, at: int, end: int) -> Iterator[Event]:
        """The closing formula and the signatures are of the whole act; names are no headings."""
        while self.open:
            self.open.pop()
            yield Leave()
        self.seen += 1
        for n, block in enumerate(self.run[at:end], at):
            # what was taken is said elsewhere; within, a label takes no line
            if not (self.roles[n].taken and (n == at or block.kind == "footnote")):
                yield block.node or Node(block.kind, text=block.text, locator=block.locator,
                                         added=block.added)  # fmt: skip
        yield from (each.node for each in self.sent.get(self.seen, ()) if each.node is not None)

    def _loose(self) -> Iterator[Event]:
        """What stands in a container before its first unit."""
        if self.loose:
            citation = self.open[-1].citation if self.open else None
            yield from nest_blocks(self.loose, citation, self.reading.findings)
            self.loose = []

    def _close(self, kind: str, head: UnitHead) -> Iterator[Event]:
        """Leave the containers that end where this unit begins."""
        if kind == "section":
            return
        if kind == "appendix":
            holder = "subpart" if "ubpart" in head.designator else "part"
            held = any(each.kind == holder for each in self.open)
            limit = self.order[holder] + 1 if held else 0
        else:
            limit = self.order[kind]
        while self.open and self.open[-1].order >= limit:
            self.open.pop()
            yield Leave()

    def _cite(self, head: UnitHead, above: str | None) -> str | None:
        if self.work and head.kind in self.order and head.designator:
            return f"{above or self.work}, {titled(head.designator)}"
        if not self.reading.cites_cfr or not head.designator:
            return None
        title = self.reading.title
        number = head.number
        if head.kind in ("part", "subpart") and is_range(head.kind, head.designator, number):
            number = number.replace("–", "-")
        return cite(title, head.kind, number, head.designator, above or "")


_NAMES_PART = re.compile(r"(?:Title )?\d{1,2} C\.?F\.?R\.? (?:[Pp]arts? |§+ ?)?[\d.]+\b.{0,200}")


def _as_metadata(node: Node) -> Node:
    """A line before a part that only names it, ``31 CFR Part 1010 — General Provisions``."""
    said = node.heading or node.text
    if node.children or (node.heading and node.text) or not _NAMES_PART.fullmatch(said):
        return node
    return replace(node, kind="metadata", heading="", text=said)


_RAISED = re.compile("[⁰¹²³⁴-⁹]{1,2}")


def _table_marks(block: Styled) -> Iterator[str]:
    """The marks of footnotes in the cells of a table, each once."""
    if block.node is not None and block.node.kind == "table":
        found = _RAISED.findall(f"{block.node.heading} {block.node.text}")
        yield from (unicodedata.normalize("NFKC", mark) for mark in dict.fromkeys(found))


_SCHEDULES = re.compile(r"(?:schedules|annexes|appendices|exhibits|attachments):?", re.IGNORECASE)
_ACT_TITLE = re.compile(r"(?:COMMISSION |COUNCIL )?(?:[A-Z]+ )?(?:REGULATION|DIRECTIVE|DECISION)\b")


def _act(run: Sequence[Styled]) -> str | None:
    """The act of the Union that a document is, by the title before its first article."""
    for block in run[:40]:
        if block.kind == "paragraph" and _ACT_TITLE.match(block.text):
            named = act_named(block.text)
            if named is not None:
                return named
    return None
