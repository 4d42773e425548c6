"""The end of an act: its closing formula and signatures, and the notes printed below them.

The Union's acts end so (Joint Practical Guide, guidelines 7 and 20), as do agreements and
decisions: none of it belongs to the last article, and the numbered lines below are footnotes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from tribonian.ingest.styled import Styled
from tribonian.schemas.tree import Node

_DONE = re.compile(r"Done (?:at|in) [A-Z][^.]{2,60}\d{4}\W*$")
_BINDS = re.compile(r"This (?:Regulation|Decision|Directive) (?:shall be binding in its entirety"
                    r"|is addressed to)\b")  # fmt: skip
_NOTE = re.compile(r"\((\d{1,3})\)\s+(?=\S)")
_CITES = re.compile(
    r"(?:articles?|(?:sub)?paragraphs?|points?|items?|steps?|sections?|recitals?|and|or|to)\s$",
    re.IGNORECASE,
)
SIGNED = 15  # lines of names and offices between the date and the notes


def closing_at(run: Sequence[Styled]) -> int:
    """Where the closing formula begins; -1 where there is none."""
    for at, block in enumerate(run):
        if block.kind != "paragraph" or not _DONE.match(block.text):
            continue
        before = at - 1
        while before >= 0 and run[before].kind != "paragraph":
            before -= 1
        return before if before >= 0 and _BINDS.match(run[before].text) else at
    return -1


# 1 CFR 18.10 ff.: what the Federal Register prints at the end of each document.
_FILED = re.compile(r"\[FR Doc\.? \S+ Filed .*\]$|BILLING CODE [\w–-]+$")


def after_filed(run: Sequence[Styled]) -> frozenset[int]:
    """Where another document of the Federal Register begins, behind the end of one."""
    found = set()
    for at, block in enumerate(run[:-1]):
        if block.kind == "paragraph" and _FILED.match(block.text):
            then = at + 1
            if not (run[then].kind == "paragraph" and _FILED.match(run[then].text)):
                found.add(then)
    return frozenset(found)


def notes_at_end(run: list[Styled]) -> list[Styled]:
    """The numbered lines below the signatures as footnotes, if their marks stand in the text."""
    begins = closing_at(run)
    if begins < 0:
        return run
    first = next(
        (at for at in range(begins + 1, min(begins + SIGNED, len(run)))
         if run[at].kind == "paragraph" and run[at].text.startswith("(1) ")), -1
    )  # fmt: skip
    if first < 0:
        return run
    notes: list[int] = []
    for at in range(first, len(run)):
        number = _NOTE.match(run[at].text)
        if run[at].kind != "paragraph" or number is None or int(number[1]) != len(notes) + 1:
            break
        notes.append(at)
    bearers = _bearers(run, begins, len(notes))
    if 2 * sum(each >= 0 for each in bearers) <= len(notes):
        return run
    out = list(run)
    for n, (at, bearer) in enumerate(zip(notes, bearers, strict=True), 1):
        mark, block = f"({n})", run[at]
        text = block.text[len(mark) :].lstrip()
        node = Node("footnote", mark, "", text, None, block.locator, (), block.added)
        out[at] = block._replace(kind="footnote", marks=(mark,), node=node)
        if bearer >= 0:
            out[bearer] = out[bearer]._replace(marks=(*out[bearer].marks, mark))
    return out


def _bearers(run: Sequence[Styled], end: int, count: int) -> list[int]:
    """For each note the block with its mark, ``… Committee (1),``; marks go on in order."""
    found: list[int] = []
    at = place = 0
    for number in range(1, count + 1):
        hit = _next_mark(run, f"({number})", at, place, end)
        if hit is None:
            found.append(-1)
            continue
        at, place = hit
        found.append(at)
    return found


def _next_mark(
    run: Sequence[Styled], mark: str, at: int, place: int, end: int
) -> tuple[int, int] | None:
    for here in range(at, end):
        text = run[here].text if run[here].node is None else ""
        start = text.find(mark, place if here == at else 1)
        while start > 0:
            if text[start - 1].isspace() and not _CITES.search(text[:start]):
                return here, start + len(mark)
            start = text.find(mark, start + 1)
    return None
