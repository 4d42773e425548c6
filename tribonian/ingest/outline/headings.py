"""Headings that are no heads of units: which lines are some, and how deep each stands."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tribonian.ingest.outline.labelled import labelled
from tribonian.ingest.outline.looks import Looks
from tribonian.ingest.outline.ranks import (
    HEADING_NUMBER,
    Heading,
    levels_contradict,
    rank_headings,
    same_scheme,
)
from tribonian.ingest.outline.role import Role
from tribonian.ingest.record import Reading
from tribonian.ingest.styled import Styled

COVER = 120  # characters; what is longer than a line of a cover is text
FEWEST = 3  # headings in a row that make a cover


class Headings:
    """Finds the headings of a document and writes their ranks into the roles."""

    def __init__(
        self,
        run: Sequence[Styled],
        roles: list[Role],
        looks: Looks,
        reading: Reading,
        has_units: bool,
    ) -> None:
        self.run = run
        self.all = roles
        self.looks = looks
        self.reading = reading
        self.has_units = has_units

    def rank(self) -> None:
        """Headings that are no heads of units, ranked by level, by number or by their looks."""
        headings: list[Heading] = []
        for at, block in enumerate(self.run):
            role = self.all[at]
            if role.taken or block.kind != "paragraph":
                continue
            unit = role.head is not None and role.head.kind not in ("numbered", "clause")
            if unit and self.has_units:
                headings.append(Heading(at, (), "", resets=True))
                continue
            if re.match(r"\(\w{1,5}\)", block.text) or labelled(block.text):
                continue
            told = block
            divides = role.head is not None and role.head.designator[:1].isalpha()
            if not (
                unit or divides or block.level or self.looks.is_heading(block)
                or self._is_plain_heading(at)
            ):  # fmt: skip
                end = 0 if role.head is not None or self.has_units else _side_heading(block)
                if not end:
                    continue
                role.rest = end
                told = block._replace(text=block.text[:end].strip(), bolds=None, italics=None)
            number = HEADING_NUMBER.match(told.text)
            manner = self.looks.manner(told)
            if unit and not block.level:  # an appendix stands beside the chief numbered headings
                manner = min([manner, *(each.manner for each in headings if each.number)])
            headings.append(Heading(at, manner, number[1] if number else ""))
        if levels_contradict(headings):
            first = next(each for each in headings if not each.resets)
            self.reading.note(
                "heading-disagreement",
                "The document's own outline levels contradict the numbers of its headings; the "
                "numbers were followed.",
                self.run[first.at].locator,
            )
            headings = [
                each
                if each.resets
                else each._replace(manner=self.looks.manner(self.run[each.at]._replace(level=0)))
                for each in headings
            ]
        if not self.has_units:
            headings = headings[self._title_page(headings) :]
        for at, rank in rank_headings(headings).items():
            self.all[at].rank = rank

    def _title_page(self, headings: Sequence[Heading]) -> int:
        """How many of the first headings are lines of a cover: no text stands between them.

        They stay as lines in front of the document, whose divisions they do not hold.
        """
        count = 0
        for n, heading in enumerate(headings):
            ends = headings[n + 1].at if n + 1 < len(headings) else len(self.run)
            body = [block for block in self.run[heading.at + 1 : ends] if block.node is None]
            text = any(len(each.text) > COVER or each.text[-1] in ".;:" for each in body)
            if heading.number or text:
                break
            count = n + 1
        return count if count >= FEWEST else 0

    def _is_plain_heading(self, at: int) -> bool:
        """Whether a numbered line is a heading in type that says nothing: ``A. Reporting``.

        It is short, ends no sentence, and stands over a text that is longer and not the next
        item of its list.
        """
        if not self.looks.plain or at + 1 >= len(self.run):
            return False
        text, below = self.run[at].text, self.run[at + 1]
        number = HEADING_NUMBER.match(text)
        listed = self.run[at].list_level or below.list_level
        if listed or number is None or len(text) > 90 or text[-1] in ".;:,—":
            return False
        if below.kind != "paragraph":
            return False
        after = HEADING_NUMBER.match(below.text)
        if after is not None and same_scheme(number[1], after[1]):
            return False
        return len(below.text) > len(text) or after is not None


def _side_heading(block: Styled) -> int:
    """Where a numbered heading ends that stands in one block with its text; 0 for none.

    A tagged PDF may have both in one paragraph: ``B. Other approaches`` in bold, then the text.
    """
    number = HEADING_NUMBER.match(block.text)
    if number is None:
        return 0
    for start, end in (*(block.bolds or ()), *(block.italics or ())):
        title = block.text[number.end() : end].strip()
        rest = block.text[end:].strip()
        if (
            start <= number.end() < end and 2 < len(title) <= 120 and title[-1] not in ".:;,—"
            and rest[:1].isupper() and len(rest) > 20
        ):  # fmt: skip
            return end
    return 0
