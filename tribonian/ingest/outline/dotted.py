"""Dotted numbers: sections of a part, headings, or clauses whose text begins behind them.

``11.1 Scope`` is a section of ``PART 11``, ``2.1 Principles`` a heading of a guide, ``2.10 Quality
is …`` a clause of it, and ``3.5 GHz`` a quantity.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from tribonian.ingest.outline.divisions import Heads
from tribonian.ingest.outline.heads import UnitHead
from tribonian.ingest.outline.looks import Looks
from tribonian.ingest.outline.role import Role
from tribonian.ingest.styled import Styled

_WHOLE = re.compile(r"(\d{1,2})\.\s+(?=[A-Z“\"])")


def settle_dotted(
    found: Heads, run: Sequence[Styled], roles: Sequence[Role], looks: Looks
) -> Heads:
    """Dotted numbers are sections of a part (``11.1 Scope.``) or headings of a document."""
    parts = {head.number for _, head in found if head.kind == "part"}
    signed = any(head.kind == "section" and head.designator[0] in "§Ss" for _, head in found)
    owned = Counter(head.number.partition(".")[0] for _, head in found if head.kind == "numbered")
    out = []
    for at, head in found:
        if head.kind == "numbered":
            block = run[at]
            own = head.number.partition(".")[0]
            heading = block.level or looks.is_heading(block) or roles[at].rest
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
            elif not heading or (roles[at].rest and not signed):
                head = head._replace(kind="clause")
        out.append((at, head))
    return _with_wholes(_in_sequence(out), run, looks)


def _with_wholes(found: Heads, run: Sequence[Styled], looks: Looks) -> Heads:
    """``2. Scope`` beside clauses ``1.1``, ``2.1`` is a clause above those."""
    dotted = [head for _, head in found if head.kind in ("clause", "numbered")]
    if not any(head.kind == "clause" for head in dotted):
        return found
    known = {at for at, _ in found}
    above = {head.number.partition(".")[0] for head in dotted}
    wholes: Heads = []
    for at, block in enumerate(run):
        match = _WHOLE.match(block.text) if block.kind == "paragraph" else None
        if match is None or at in known or looks.is_heading(block):
            continue
        if match[1] in above or (wholes and int(match[1]) == int(wholes[-1][1].number) + 1):
            rest = block.text[match.end() :]
            wholes.append((at, UnitHead("clause", f"{match[1]}.", rest, match[1])))
    return sorted([*found, *wholes], key=lambda each: each[0])


def _in_sequence(found: Heads) -> Heads:
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
