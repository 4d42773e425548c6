"""Which lines that are like the head of a unit are one: each is measured against the others.

``Section 5`` is a unit in one act and a division of an annex in another; ``3.5 GHz`` is no
clause; a line that looks like text is no head where the other heads of its kind are bold.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from tribonian.ingest.outline.divisions import Heads, settle_appendices, settle_divisions
from tribonian.ingest.outline.dotted import settle_dotted
from tribonian.ingest.outline.heads import (
    UnitHead,
    read_clause,
    read_head,
    read_headed,
)
from tribonian.ingest.outline.labelled import labelled
from tribonian.ingest.outline.looks import Looks, is_between
from tribonian.ingest.outline.numbered_sections import headed_sections, numbered_sections
from tribonian.ingest.outline.role import Role
from tribonian.ingest.outline.run_ins import split_run_ins, with_run_ins
from tribonian.ingest.record import Reading
from tribonian.ingest.styled import Styled

LONGEST_HEADING = 2_000  # characters of a head that has an outline level


class Settling:
    """Decides on all heads of units of a document and writes them into the roles."""

    def __init__(
        self, run: Sequence[Styled], roles: list[Role], looks: Looks, reading: Reading
    ) -> None:
        self.run = run
        self.all = roles
        self.looks = looks
        self.reading = reading

    def settle(self) -> None:
        """Write the head of each unit into its role, with the heading of the next line."""
        found: Heads = []
        for at, block in enumerate(self.run):
            if block.kind != "paragraph":
                continue
            head, rest = self._head(block)
            if head is not None:
                found.append((at, head))
                self.all[at].rest = rest
        found = settle_dotted(found, self.run, self.all, self.looks)
        found = settle_divisions(found, self.run, self.looks)
        found = with_run_ins(found, self.run, self.all)
        found = settle_appendices(found, self.run)
        found = self._usual(found)
        for at, head in found:
            self.all[at].head = head
        if not any(head.kind == "section" for _, head in found):
            self._numbered_sections()
            self._sections_through_parts(found)
        split_run_ins(found, self.run, self.all, self.looks)
        for at, head in found:
            if head.bare and not self.all[at].rest:
                self._join_title(at)
        for at, block in enumerate(self.run[:-1]):
            alone = block.kind == "paragraph" and block.text[-1:] == ":" and not self.all[at].taken
            label = labelled(block.text) if alone else None
            after = self.run[at + 1]
            if (
                label is not None and label[0] in ("authority", "source") and not label[2]
                and after.kind == "paragraph" and self.all[at + 1].head is None
            ):  # fmt: skip
                self.all[at].title = at + 1  # "Authority:" on a line of its own
                self.all[at + 1].taken = True

    def _numbered_sections(self) -> None:
        """``1 A person must …`` under a heading of its own."""
        for at, number, end, heading in numbered_sections(self.run, self.looks):
            above = self.run[heading].text if heading >= 0 else ""
            role = self.all[at] if heading < 0 else self.all[heading]
            role.head = UnitHead("section", number, above, number)
            if heading < 0:
                role.rest = end
            else:
                self.all[at].head, self.all[at].cut = None, end

    def _sections_through_parts(self, found: Heads) -> None:
        """``4 Offences`` is a section where such headings are counted on through all parts."""
        if any(role.head is not None and role.head.kind == "section" for role in self.all):
            return
        containers = [at for at, head in found if head.kind in ("part", "chapter")]
        for at, number, heading in headed_sections(self.run, self.looks, containers):
            self.all[at].head = UnitHead("section", number, heading, number)

    def _head(self, block: Styled) -> tuple[UnitHead | None, int]:
        """The head that a block is or begins with, and where text runs on after it."""
        for start, end in block.bolds or ():
            if start:
                break
            if (
                end < len(block.text) - 1
                and block.text[end:].strip()
                and is_between(block.text, end)
            ):
                head = read_head(block.text[:end].strip())
                if head is not None and not head.bare and head.kind in ("section", "numbered"):
                    return head, end
        if block.level:  # a heading by its level: "§ 91.331 xxx", and 21 CFR 201.319
            found = read_head(block.text, LONGEST_HEADING)
            return found or (read_headed(block.text) if len(block.text) < 100 else None), 0
        return read_head(block.text) or read_clause(block.text), 0

    def _usual(self, found: Heads) -> Heads:
        """Leave out a head that looks like text where the others of its kind do not."""
        marked: Counter[str] = Counter()
        plain: Counter[str] = Counter()
        for at, head in found:
            (marked if self._distinct(at) else plain)[head.kind] += 1
        out = []
        for at, head in found:
            usual = marked[head.kind] > 3 * plain[head.kind]
            if usual and not self._distinct(at) and head.kind not in ("title", "chapter"):
                self.reading.note(
                    "heading-disagreement",
                    f"{head.designator} begins a line that looks like text and not like the "
                    "other headings; it was read as text.",
                    self.run[at].locator,
                    self.run[at].text[:80],
                )
                self.all[at].rest = 0
                continue
            out.append((at, head))
        return out

    def _distinct(self, at: int) -> bool:
        block = self.run[at]
        return bool(self.all[at].rest or self.looks.distinct(block))

    def _join_title(self, at: int) -> None:
        """The heading of a bare number stands on the next line."""
        after = at + 1
        if after >= len(self.run) or self.all[after].head is not None:
            return
        block, own = self.run[after], self.run[at]
        text = block.text
        if block.kind != "paragraph" or len(text) > 300 or not text or re.match(r"\(\w", text):
            return
        alike = bool(own.level and block.level) or self.looks.is_heading(block)
        short = len(text) < 300 and text[0].isupper() and text[-1] not in ".;:,"
        if alike or short or (own.centered and block.centered):
            self.all[at].title = after
            self.all[after].taken = True
