"""Sections whose text runs on behind their number or their heading, in one block.

``1798.146. (a) This title …`` and ``Sec. 5. The Board …`` have no heading; a contract prints
``Section 1.01 Terms. As used in this Agreement …``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from tribonian.ingest.outline.divisions import Heads, with_sections
from tribonian.ingest.outline.heads import UnitHead, read_run_in
from tribonian.ingest.outline.looks import Looks
from tribonian.ingest.outline.role import Role
from tribonian.ingest.styled import Styled

# "1798.146.": no list has numbers like this, but a code's sections have.
_CODE = re.compile(r"\d{3,5}\.\d")
# A title of few words, then a sentence of at least four words.
_RUNS_ON = re.compile(
    r"([A-Z“\"][^.]{0,80}\w{2}[a-z)”\"]\.)\s+(?=[A-Z“\"]\w*,?(?: \S+){3,}[.:;—]$)", re.DOTALL
)
_VERB = re.compile(
    r"\b(?:shall|must|may|will|is|are|was|were|has|have|means|applies|apply|includes?|governs?)\b"
)


def with_run_ins(found: Heads, run: Sequence[Styled], roles: Sequence[Role]) -> Heads:
    """Sections without a heading, among those that have one or in a row of their own."""
    known = {at for at, head in found if head.kind != "clause"}
    series = Counter(_series(head) for _, head in found if head.kind == "section")
    runs = []
    for at, block in enumerate(run):
        if at in known or block.kind != "paragraph":
            continue
        read = read_run_in(block.text)
        if read is not None:
            runs.append((at, *read))
    own = Counter(_series(head) for _, head, _ in runs)
    signed = any("§" in sign for sign, _ in series)
    kept = [
        (at, head, end)
        for at, head, end in runs
        if series[_series(head)] >= 3
        or (own[_series(head)] >= 3 and (
            (not series and head.designator[0] in "§Ss")
            or (not signed and _CODE.match(head.designator))))
    ]  # fmt: skip
    if not kept:
        return found
    for at, _, end in kept:
        roles[at].rest = end
    taken = {at for at, _, _ in kept}
    merged = [each for each in found if each[0] not in taken]
    merged += [(at, head) for at, head, _ in kept]
    return with_sections(sorted(merged, key=lambda each: each[0]))


def split_run_ins(found: Heads, run: Sequence[Styled], roles: Sequence[Role], looks: Looks) -> None:
    """``Section 1.01 Terms. As used in this Agreement …``: the text runs on in plain type."""
    known = {at for at, _ in found}
    for at, head in found:
        role, block = roles[at], run[at]
        if head.kind != "section" or role.rest or block.level or looks.distinct(block):
            continue
        below = run[at + 1] if at + 1 < len(run) else None
        alone = below is None or at + 1 in known
        match = _RUNS_ON.match(head.heading)
        if match is None or not (alone or _VERB.search(head.heading, match.end())):
            continue
        role.rest = len(block.text) - len(head.heading) + match.end()
        role.head = head._replace(heading=match[1])


def _series(head: UnitHead) -> tuple[str, str]:
    """What sections of one row have in common: their sign, and the number before the stop."""
    sign = re.match(r"\D*", head.designator)
    return (sign[0].strip() if sign else "", head.number.partition(".")[0] if "." in head.number
            else "")  # fmt: skip
