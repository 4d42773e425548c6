"""What holds what: articles over sections, ``Section 1`` in an annex, the parts of a schedule."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tribonian.ingest.outline.heads import UnitHead
from tribonian.ingest.outline.looks import Looks
from tribonian.ingest.styled import Styled

Heads = list[tuple[int, UnitHead]]  # the heads found, each with its place in the run


# What belongs to something else unless it says to what: "Schedule 13D" within a section.
_LOOSE_APPENDIX = re.compile(r"(?:Schedule|Exhibit|Attachment|Supplement)(?!.* to )", re.IGNORECASE)


def settle_divisions(found: Heads, run: Sequence[Styled], looks: Looks) -> Heads:
    """``Section 1`` holds articles where there are any, else it is the unit.

    Beside sections with their sign it is one if it is printed like them (14 CFR part 241);
    so are a rule, and a schedule or an exhibit that does not say to what it belongs.
    """
    found = with_sections(found)
    articles = any(head.number.lower().startswith("art") for _, head in found)
    signed = {
        looks.manner(run[at])
        for at, head in found
        if head.kind == "section" and "§" in head.designator
    }
    rare = 3 * sum(head.kind == "division" for _, head in found) < sum(
        "§" in head.designator for _, head in found
    )
    out = []
    for at, head in found:
        alike = not signed or (
            looks.manner(run[at]) in signed
            and (bool(run[at].level) or not (rare or head.kind == "appendix"))
        )
        if head.kind == "division":
            head = head._replace(kind="subchapter" if articles else "section")
        elif not (head.number.startswith("Rule") or (
            head.kind == "appendix" and _LOOSE_APPENDIX.match(head.designator))):  # fmt: skip
            alike = True
        if alike or (signed and _is_above(run[at].level, signed)):
            out.append((at, head))
        elif looks.distinct(run[at]):
            out.append((at, head._replace(kind="numbered")))
    return out


def _is_above(level: int, signed: set[tuple[object, ...]]) -> bool:
    """Whether a head is of a higher outline level than the sections."""
    return bool(level) and all(each[0] == 0 and level < int(str(each[1])) for each in signed)


def settle_appendices(found: Heads, run: Sequence[Styled]) -> Heads:
    """``Section 1`` and ``PART A`` in an annex divide the annex and are no units after it.

    So does a second ``PART 1`` that holds no sections, as in schedules of the United Kingdom.
    """
    arabic = any(
        (head.kind == "part" and head.number.isdigit()) or head.number.startswith("Art")
        for _, head in found
    )
    inside: int | None = None
    parts: set[str] = set()
    sectioned = _before_sections(found)
    out = []
    for n, (at, head) in enumerate(found):
        again = head.kind == "part" and head.number in parts and n not in sectioned
        if head.kind == "part":
            parts.add(head.number)
        if head.kind == "appendix":
            inside = at
        elif _is_shoulder(found, n):
            continue
        elif inside is not None:
            deeper = run[at].level > run[inside].level or not run[at].level
            divides = (
                head.kind in ("subchapter", "chapter")
                or (head.kind == "part" and arabic and not head.number[:1].isdigit())
                or again  # the parts of a schedule begin anew
                or (
                    head.kind == "section" and head.number.isdigit()
                    and 0 < run[inside].level < run[at].level
                )
            )  # fmt: skip
            if divides and deeper:
                head = head._replace(kind="numbered")
            elif head.kind in ("section", "part", "subpart"):
                inside = None
        out.append((at, head))
    return out


def with_sections(found: Heads) -> Heads:
    """Articles that hold numbered sections, as in California's codes, are containers."""
    articles = [at for at, head in found if head.number.lower().startswith("art")]
    known = set(articles)
    others = [at for at, head in found if head.kind == "section" and at not in known]
    if not articles or len(others) < len(articles) or others[0] < articles[0]:
        return found
    return [
        (at, head._replace(kind="subpart", number=head.number.split()[-1]))
        if head.number.lower().startswith("art")
        else (at, head)
        for at, head in found
    ]


def _is_shoulder(found: Heads, n: int) -> bool:
    """Whether a head is the note below ``SCHEDULE 1`` that says by which section it is made.

    The United Kingdom prints ``Section 3`` there alone; a division of the schedule would be
    followed by the next one.
    """
    at, head = found[n]
    kinds = ("section", "subchapter")  # what became of a "Section 3"
    if not n or head.kind not in kinds or not head.bare or not head.number.isdigit():
        return False
    before, above = found[n - 1]
    if above.kind != "appendix" or not above.bare or before != at - 1:
        return False
    after = found[n + 1][1] if n + 1 < len(found) else None
    return after is None or after.number != str(int(head.number) + 1)


def _before_sections(found: Heads) -> set[int]:
    """Which heads have a section behind them that stands before the next appendix."""
    before: set[int] = set()
    section = False
    for n in range(len(found) - 1, -1, -1):
        kind = found[n][1].kind
        section = kind == "section" or (section and kind != "appendix")
        if section:
            before.add(n)
    return before
