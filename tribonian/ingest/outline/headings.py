"""Headings that are no heads of units: which lines are some, and how deep each stands."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tribonian.ingest.outline.labelled import labelled
from tribonian.ingest.outline.looks import Looks, is_between
from tribonian.ingest.outline.ranks import (
    HEADING_NUMBER,
    Heading,
    goes_on,
    heading_number,
    is_higher,
    levels_contradict,
    opens,
    rank_headings,
    same_scheme,
)
from tribonian.ingest.outline.role import Role
from tribonian.ingest.record import Reading
from tribonian.ingest.styled import Styled

_LETTER = re.compile(r"\s([A-Z])$")
COVER = 120  # characters; what is longer than a line of a cover is text
FEWEST = 3  # headings in a row that make a cover
NEAR = 32  # headings in which the one before in a list must stand


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
        chief: tuple[object, ...] | None = None  # the manner of the highest numbered heading
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
                or self._is_plain_heading(at, headings[-NEAR:])
            ):  # fmt: skip
                end = 0 if role.head is not None or self.has_units else _side_heading(block)
                if not end:
                    continue
                role.rest = end
                told = block._replace(text=block.text[:end].strip(), bolds=None, italics=None)
            number = heading_number(told.text, told.level)
            manner = self.looks.manner(told)
            if number and (chief is None or manner < chief):
                chief = manner
            if unit and not block.level:  # an appendix stands beside the chief numbered headings
                manner = min(manner, chief or manner)
            letter = _LETTER.search(role.head.designator) if unit and role.head else None
            headings.append(Heading(at, manner, number[1] if number else "",
                                    letter=letter[1] if letter else ""))  # fmt: skip
            if role.head is not None and role.head.kind == "clause":
                role.head = role.head._replace(kind="numbered")
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
            cover = self._title_page(headings)
            for each in headings[:cover]:  # a line of a cover takes no other line as its heading
                role = self.all[each.at]
                if role.title >= 0:
                    self.all[role.title].taken, role.title = False, -1
            headings = headings[cover:]
        for at, rank in rank_headings(headings).items():
            self.all[at].rank = rank

    def _title_page(self, headings: Sequence[Heading]) -> int:
        """How many of the first headings are lines of a cover: no text stands between them.

        A contents page ends a cover where headings have no levels. The lines stay as lines in
        front of the document, whose divisions they do not hold.
        """
        count = 0
        for n, heading in enumerate(headings):
            ends = headings[n + 1].at if n + 1 < len(headings) else len(self.run)
            below = self.run[heading.at + 1 : ends]
            body = [block for block in below if block.node is None]
            text = any(len(each.text) > COVER or each.text[-1] in ".;:" for each in body)
            if heading.number or text:
                break
            count = n + 1
            if heading.manner[0] and any(each.kind == "contents" for each in below):
                return count
        return count if count >= FEWEST else 0

    def _is_plain_heading(self, at: int, before: Sequence[Heading]) -> bool:
        """Whether a numbered line is a heading in type that says nothing: ``A. Reporting``.

        It is short, ends no sentence, and stands over a text that is longer and not the next
        item of its list. A figure without a stop must go on from one before or open a list:
        ``12 Wick Street``, ``21 CFR Part 11`` are none.
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
        if number[1].isdigit() and not (
            opens(number[1]) or any(goes_on(each.number, number[1]) for each in before)
        ):
            return False
        after = HEADING_NUMBER.match(below.text)
        if after is not None and (
            same_scheme(number[1], after[1]) or is_higher(after[1], number[1])
        ):
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
            and rest[:1].isupper() and len(rest) > 20 and is_between(block.text, end)
        ):  # fmt: skip
            return end
    return 0
