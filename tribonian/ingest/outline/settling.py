"""Which lines that are like the head of a unit are one: each is measured against the others.

``Section 5`` is a unit in one act and a division of an annex in another; ``3.5 GHz`` is no
clause; a line that looks like text is no head where the other heads of its kind are bold.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from tribonian.ingest.outline.heads import (
    UnitHead,
    read_clause,
    read_head,
    read_headed,
    read_run_in,
)
from tribonian.ingest.outline.labelled import labelled
from tribonian.ingest.outline.looks import Looks
from tribonian.ingest.outline.numbered_sections import numbered_sections
from tribonian.ingest.outline.role import Role
from tribonian.ingest.record import Reading
from tribonian.ingest.styled import Styled

# What belongs to something else unless it says to what: "Schedule 13D" within a section.
_LOOSE_APPENDIX = re.compile(r"(?:Schedule|Exhibit|Attachment|Supplement)(?!.* to )", re.IGNORECASE)
LONGEST_HEADING = 2_000  # characters of a head that has an outline level
_WHOLE = re.compile(r"(\d{1,2})\.\s+(?=[A-Z“\"])")


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
        found: list[tuple[int, UnitHead]] = []
        for at, block in enumerate(self.run):
            if block.kind != "paragraph":
                continue
            head, rest = self._head(block)
            if head is not None:
                found.append((at, head))
                self.all[at].rest = rest
        found = self._settle_numbered(found)
        found = self._settle_divisions(found)
        found = self._with_run_ins(found)
        found = self._settle_appendices(found)
        found = self._usual(found)
        for at, head in found:
            self.all[at].head = head
        if not any(head.kind == "section" for _, head in found):
            self._numbered_sections()
        for at, head in found:
            if head.bare and not self.all[at].rest:
                self._join_title(at)
        for at, block in enumerate(self.run[:-1]):
            label = labelled(block.text) if block.text[-1:] == ":" else None
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

    def _head(self, block: Styled) -> tuple[UnitHead | None, int]:
        """The head that a block is or begins with, and where text runs on after it."""
        for start, end in block.bolds or ():
            if start:
                break
            if end < len(block.text) - 1 and block.text[end:].strip():
                head = read_head(block.text[:end].strip())
                if head is not None and not head.bare and head.kind in ("section", "numbered"):
                    return head, end
        if block.level:  # a heading by its level: "§ 91.331 xxx", and 21 CFR 201.319
            found = read_head(block.text, LONGEST_HEADING)
            return found or (read_headed(block.text) if len(block.text) < 100 else None), 0
        return read_head(block.text) or read_clause(block.text), 0

    def _settle_numbered(self, found: list[tuple[int, UnitHead]]) -> list[tuple[int, UnitHead]]:
        """Dotted numbers are sections of a part (``11.1 Scope.``) or headings of a document."""
        parts = {head.number for _, head in found if head.kind == "part"}
        signed = any(head.kind == "section" and head.designator[0] in "§Ss" for _, head in found)
        owned = Counter(
            head.number.partition(".")[0] for _, head in found if head.kind == "numbered"
        )
        out = []
        for at, head in found:
            if head.kind == "numbered":
                block = self.run[at]
                own = head.number.partition(".")[0]
                heading = block.level or self.looks.is_heading(block) or self.all[at].rest
                if (
                    own in parts and not signed and owned[own] > 1
                    and head.number.count(".") == 1 and (heading or len(block.text) < 120)
                ):  # fmt: skip
                    head = head._replace(kind="section")
                elif (
                    (heading or (owned[own] >= 3 and block.text[-1] not in ".;:,"))
                    and head.number.count(".") <= 2 and len(own) >= 3 and not signed
                ):  # fmt: skip
                    head = head._replace(kind="section")  # 1798.100: a code's own number
                elif not heading and signed:
                    continue
                elif not heading:
                    head = head._replace(kind="clause")
            out.append((at, head))
        return self._with_wholes(_in_sequence(out))

    def _with_wholes(self, found: list[tuple[int, UnitHead]]) -> list[tuple[int, UnitHead]]:
        """``2. Scope`` beside clauses ``1.1``, ``2.1`` is a clause above those."""
        dotted = [head for _, head in found if head.kind in ("clause", "numbered")]
        if not any(head.kind == "clause" for head in dotted):
            return found
        known = {at for at, _ in found}
        above = {head.number.partition(".")[0] for head in dotted}
        wholes: list[tuple[int, UnitHead]] = []
        for at, block in enumerate(self.run):
            match = _WHOLE.match(block.text) if block.kind == "paragraph" else None
            if match is None or at in known or self.looks.is_heading(block):
                continue
            if match[1] in above or (wholes and int(match[1]) == int(wholes[-1][1].number) + 1):
                rest = block.text[match.end() :]
                wholes.append((at, UnitHead("clause", f"{match[1]}.", rest, match[1])))
        return sorted([*found, *wholes], key=lambda each: each[0])

    def _with_run_ins(self, found: list[tuple[int, UnitHead]]) -> list[tuple[int, UnitHead]]:
        """Sections without a heading, among those that have one or in a row of their own."""
        known = {at for at, head in found if head.kind != "clause"}
        series = Counter(_series(head) for _, head in found if head.kind == "section")
        runs = []
        for at, block in enumerate(self.run):
            if at in known or block.kind != "paragraph":
                continue
            read = read_run_in(block.text)
            if read is not None:
                runs.append((at, *read))
        own = Counter(_series(head) for _, head, _ in runs)
        kept = [
            (at, head, end)
            for at, head, end in runs
            if series[_series(head)] >= 3
            or (not series and own[_series(head)] >= 3 and head.designator[0] in "§Ss")
        ]
        if not kept:
            return found
        for at, _, end in kept:
            self.all[at].rest = end
        taken = {at for at, _, _ in kept}
        merged = [each for each in found if each[0] not in taken]
        merged += [(at, head) for at, head, _ in kept]
        return sorted(merged, key=lambda each: each[0])

    def _settle_divisions(self, found: list[tuple[int, UnitHead]]) -> list[tuple[int, UnitHead]]:
        """``Section 1`` holds articles where there are any, else it is the unit.

        Beside sections with their sign it is one if it is printed like them (14 CFR part 241);
        so are a rule, and a schedule or an exhibit that does not say to what it belongs.
        """
        found = _with_sections(found)
        articles = any(head.number.lower().startswith("art") for _, head in found)
        signed = {
            self.looks.manner(self.run[at])
            for at, head in found
            if head.kind == "section" and "§" in head.designator
        }
        rare = 3 * sum(head.kind == "division" for _, head in found) < sum(
            "§" in head.designator for _, head in found
        )
        out = []
        for at, head in found:
            alike = not signed or (
                self.looks.manner(self.run[at]) in signed
                and (bool(self.run[at].level) or not (rare or head.kind == "appendix"))
            )
            if head.kind == "division":
                head = head._replace(kind="subchapter" if articles else "section")
            elif not (head.number.startswith("Rule") or (
                head.kind == "appendix" and _LOOSE_APPENDIX.match(head.designator))):  # fmt: skip
                alike = True
            if alike or (signed and self._above(at, signed)):
                out.append((at, head))
            elif self.looks.distinct(self.run[at]):
                out.append((at, head._replace(kind="numbered")))
        return out

    def _above(self, at: int, signed: set[tuple[object, ...]]) -> bool:
        """Whether a head is of a higher outline level than the sections."""
        level = self.run[at].level
        return bool(level) and all(each[0] == 0 and level < int(str(each[1])) for each in signed)

    def _settle_appendices(self, found: list[tuple[int, UnitHead]]) -> list[tuple[int, UnitHead]]:
        """``Section 1`` and ``PART A`` in an annex divide the annex and are no units after it."""
        arabic = any(
            (head.kind == "part" and head.number.isdigit()) or head.number.startswith("Art")
            for _, head in found
        )
        inside: int | None = None
        out = []
        for at, head in found:
            if head.kind == "appendix":
                inside = at
            elif inside is not None:
                deeper = self.run[at].level > self.run[inside].level or not self.run[at].level
                divides = (
                    head.kind in ("subchapter", "chapter")
                    or (head.kind == "part" and arabic and not head.number[:1].isdigit())
                    or (
                        head.kind == "section" and head.number.isdigit()
                        and 0 < self.run[inside].level < self.run[at].level
                    )
                )  # fmt: skip
                if divides and deeper:
                    head = head._replace(kind="numbered")
                elif head.kind in ("section", "part", "subpart"):
                    inside = None
            out.append((at, head))
        return out

    def _usual(self, found: list[tuple[int, UnitHead]]) -> list[tuple[int, UnitHead]]:
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


def _series(head: UnitHead) -> tuple[str, str]:
    """What sections of one row have in common: their sign, and the number before the stop."""
    sign = re.match(r"\D*", head.designator)
    return (sign[0].strip() if sign else "", head.number.partition(".")[0] if "." in head.number
            else "")  # fmt: skip


def _with_sections(found: list[tuple[int, UnitHead]]) -> list[tuple[int, UnitHead]]:
    """Articles that hold numbered sections, as in California's codes, are containers."""
    articles = [at for at, head in found if head.number.lower().startswith("art")]
    others = [at for at, head in found if head.kind == "section" and at not in set(articles)]
    if not articles or len(others) < len(articles) or others[0] < articles[0]:
        return found
    return [
        (at, head._replace(kind="subpart", number=head.number.split()[-1]))
        if head.number.lower().startswith("art")
        else (at, head)
        for at, head in found
    ]


def _in_sequence(found: list[tuple[int, UnitHead]]) -> list[tuple[int, UnitHead]]:
    """Without the clauses whose number does not go on from one before: ``3.5 GHz`` is none."""
    seen: set[tuple[int, ...]] = set()
    out = []
    for at, head in found:
        if head.kind in ("numbered", "clause", "section"):
            number = tuple(int(each) for each in re.findall(r"\d+", head.number))
            if head.kind == "clause" and not _goes_on(number, seen):
                continue
            seen.add(number)
        out.append((at, head))
    return out


def _goes_on(number: tuple[int, ...], seen: set[tuple[int, ...]]) -> bool:
    """Whether a dotted number comes after one that was seen, or is the first below one.

    Clauses under 2.1 may be 2.10, 2.11 (ICH Q7) or 2.1.1.
    """
    if not number:
        return False
    *above, last = number
    parent = tuple(above)
    if (*parent, last - 1) in seen:
        return True
    tens = last >= 10 and last % 10 == 0 and (*parent, last // 10) in seen
    return tens or (last <= 1 and (parent in seen or len(parent) == 1))
