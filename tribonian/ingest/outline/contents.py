"""Recognise a contents page, so that it can serve as evidence and stay out of the text.

An entry of a contents page is a line that ends in dot leaders or a page number, or one that
is printed again later as a heading; several stand in a row with no text between them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from tribonian.ingest.outline.heads import read_head
from tribonian.ingest.outline.looks import Looks
from tribonian.ingest.styled import Styled

FEWEST = 3  # entries that make a contents page
ENTRY = 200  # characters of an entry
MOSTLY = 1.1  # lines for each entry where no title stands over them
GAP = 2  # lines between two entries that are none: "Page", "Subpart A" set apart

_LEADERS = re.compile(
    r"(?:\s?\.){3,}\s*(?:[\divxlc]{1,5}(?:-\d{1,4})?)?\s*$|…+\s*\d*\s*$|\t\s*\d+$"
)
_PAGE = re.compile(r"[\s.…]+(?:\d{1,4}|[ivxl]{1,6})$")
_TITLE = re.compile(
    r"(?:table of )?contents?|sec\.|page|contents of (?:the|this) \w+|index|sommaire|inhalt",
    re.IGNORECASE,
)
_UNWANTED = re.compile(r"[\W_]+")


def is_contents_title(text: str) -> bool:
    """Whether a line is what stands over a contents page."""
    return _TITLE.fullmatch(text.strip().rstrip(":")) is not None


def find_contents(blocks: Sequence[Styled], looks: Looks) -> list[tuple[int, int]]:
    """The contents pages in a document, as (first, last + 1) of its blocks."""
    keys = [_key(block) for block in blocks]
    bare = [
        _before_page(block.text) if key else "" for block, key in zip(blocks, keys, strict=True)
    ]
    heads = [bool(key) and _heads(block, looks) for block, key in zip(blocks, keys, strict=True)]
    later = Counter(key for key, head in zip(keys, heads, strict=True) if head)
    twins = _twins(keys, bare, heads)
    found: list[tuple[int, int]] = []
    start: int | None = None
    last = strong = count = 0
    entries: set[str] = set()
    for at, (block, key) in enumerate(zip(blocks, keys, strict=True)):
        if heads[at]:
            later[key] -= 1
        leaders = block.kind == "paragraph" and _has_leaders(block.text)
        if start is not None and key and key in entries:  # the text itself begins
            found += _settled(blocks, start, last, count, strong, twins)
            start = None
        elif leaders or _comes_again(block.text, key, bare[at], later):
            if start is None:
                start, strong, count, entries = at, 0, 0, set()
            entries.add(key)
            last = at
            strong += leaders
            count += 1
        elif start is not None and (at - last > GAP or len(block.text) > ENTRY):
            found += _settled(blocks, start, last, count, strong, twins)
            start = None
    if start is not None:
        found += _settled(blocks, start, last, count, strong, twins)
    return sorted({*found, *_titled(blocks, keys, bare)})


def _titled(
    blocks: Sequence[Styled], keys: Sequence[str], bare: Sequence[str]
) -> list[tuple[int, int]]:
    """Lines under a title such as "Contents" that are printed again later, whatever they are like.

    In plain type a heading is like any numbered line; that it stands here too tells what it is.
    """
    last = {key: at for at, key in enumerate(keys) if key}
    found: list[tuple[int, int]] = []
    for at, block in enumerate(blocks):
        if block.kind != "paragraph" or not is_contents_title(block.text):
            continue
        end = here = at + 1
        count = 0
        seen: set[str] = set()
        while here < len(blocks) and here - end <= GAP:
            key = keys[here]
            if not key or key in seen or len(key) < 4 or len(blocks[here].text) > ENTRY:
                break
            seen.add(key)
            here += 1
            if max(last[key], last.get(bare[here - 1], -1)) >= here:
                count += 1
                end = here
        if count >= FEWEST:
            found.append((at, end))
    return found


def _twins(keys: Sequence[str], bare: Sequence[str], heads: Sequence[bool]) -> dict[int, int]:
    """Where the heading stands that each block may be the entry of: the next one like it."""
    nearest: dict[str, int] = {}
    twins: dict[int, int] = {}
    for at in range(len(keys) - 1, -1, -1):
        key = keys[at]
        if not key:
            continue
        twin = nearest.get(key, nearest.get(bare[at] or key))
        if twin is not None:
            twins[at] = twin
        if heads[at]:
            nearest[key] = at
    return twins


def _before_page(text: str) -> str:
    """What stands in an entry before the number of a page, to be compared; "" without one."""
    last = text[-1:]
    if not (last.isdigit() or last in "ivxl\n"):
        return ""
    page = _PAGE.search(text)
    return _plain(text[: page.start()]) if page else ""


def _has_leaders(text: str) -> bool:
    last = text[-1:]
    if not (last in ".…ivxlc" or last.isdigit() or last.isspace()):
        return False
    some = ".." in text or ". ." in text or ".\xa0." in text or "…" in text or "\t" in text
    return some and _LEADERS.search(text) is not None


def _heads(block: Styled, looks: Looks) -> bool:
    """Whether a block may be the heading that an entry stands for."""
    if block.text.startswith("("):
        return False
    return bool(block.level) or looks.is_heading(block) or read_head(block.text) is not None


def _key(block: Styled) -> str:
    """What is alike in an entry and in the heading it stands for."""
    if block.kind != "paragraph" or not block.text or len(block.text) > 400:
        return ""
    return _plain(block.text)


def _plain(text: str) -> str:
    return _UNWANTED.sub(" ", text.replace("§", " ")).strip().casefold()


def _comes_again(text: str, key: str, bare: str, later: Counter[str]) -> bool:
    if len(key) < 4 or text.startswith("("):
        return False
    return later[key] > 0 or (bare != "" and later[bare] > 0)


def _settled(
    blocks: Sequence[Styled],
    start: int,
    last: int,
    count: int,
    strong: int,
    twins: dict[int, int],
) -> list[tuple[int, int]]:
    """A contents page from its first entry to its last, with the title over it."""
    titles = range(max(start - 1 - GAP, 0), start)  # its first entry may be joined to a heading
    before = next((at for at in titles if is_contents_title(blocks[at].text)), start)
    titled = before < start
    if count < FEWEST and not (titled and count):
        return []
    if not titled and strong < FEWEST and last + 1 - start > MOSTLY * count + GAP:
        return []
    paged = any(blocks[at].text[-1:].isalnum() or at in twins for at in range(start, last + 1))
    if not titled and not paged:  # "Name ......" of a form
        return []
    if strong < FEWEST:  # a cover that is printed twice has no text between its lines
        places = [twins[at] for at in range(start, last + 1) if at in twins]
        close = sum(b - a == 1 for a, b in pairwise(places))
        if close > 0.6 * max(len(places) - 1, 1):
            return []
    return [(before, last + 1)]
