"""What goes into the principles and what stays out: --only, --skip, --keep.

A pattern is a citation (``21 CFR 701.3``, ``part 701``, ``21 CFR parts 700-740``,
``subchapter G``) or words of a heading; ``*`` stands for anything. It chooses a unit with
all that is in it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from tribonian.errors import UsageError
from tribonian.ingest.readers.ecfr_names import is_reserved
from tribonian.schemas.tree import Node

# Kind of node -> why it is left out unless kept. What is not named here is law.
LEFT_OUT = {
    "history": "history",
    "source": "history",
    "authority": "authority",
    "approval": "note",
    "editorial-note": "note",
    "effective-date-note": "note",
    "revised-text": "note",
    "amendment-banner": "amendment-banner",
    "contents": "contents",
    "metadata": "metadata",
    "running-head": "running-head",
    "comment": "comment",
}
REASONS = ("reserved", *dict.fromkeys(LEFT_OUT.values()))
# What a user may type after --keep -> reason.
KEEPABLE = {
    **{reason: reason for reason in REASONS},
    "notes": "note",
    "banners": "amendment-banner",
    "amendment-banners": "amendment-banner",
    "histories": "history",
    "authorities": "authority",
}
_WITH_DIGIT = re.compile(r"\d")
_UNIT_WORD = re.compile(
    r"\b(?:sub)?(?:title|chapter|part)s?\b|\bappendix\b|\bsections?\b|§|\bcfr\b", re.IGNORECASE
)
_SECTION = re.compile(r"(?:§|\bsections?\b|\bsecs?\.) ?(?=\d)")
_RANGE = re.compile(r"(?P<before>.*?\b(?:cfr )?part)s (?P<first>\d+)\s?[-–]\s?(?P<last>\d+)$")


@dataclass(frozen=True, slots=True)
class Selection:
    """The user's choice; empty ``only`` means all."""

    only: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    keep: frozenset[str] = frozenset()

    def reason(self, node: Node) -> str | None:
        """Why a node stays out by its kind, or None if it goes in."""
        reason = LEFT_OUT.get(node.kind)
        if reason is None and reserved(node):
            reason = "reserved"
        return None if reason in self.keep else reason

    def chosen(self, node: Node) -> bool:
        """Whether ``--only`` names this unit itself."""
        return any(matches(pattern, node) for pattern in self.only)

    def skipped(self, node: Node) -> bool:
        """Whether ``--skip`` names this unit itself."""
        return any(matches(pattern, node) for pattern in self.skip)


def parse_keep(values: tuple[str, ...]) -> frozenset[str]:
    """The reasons that ``--keep`` lifts, from what was typed; UsageError for an unknown word."""
    kept: set[str] = set()
    for value in values:
        for word in filter(None, (part.strip().lower() for part in value.split(","))):
            if word not in KEEPABLE:
                raise UsageError(
                    f"--keep {word} is unknown; use {', '.join(dict.fromkeys(KEEPABLE))}."
                )
            kept.add(KEEPABLE[word])
    return frozenset(kept)


def reserved(node: Node) -> bool:
    """Whether a unit says that it is reserved and holds no law."""
    if node.kind == "paragraph":
        return bool(
            node.designator
            and not node.children
            and (is_reserved_text(node.text) if not node.heading else is_reserved_text(node.heading)
                 and not node.text)
        )  # fmt: skip
    if node.kind not in _RESERVABLE or not is_reserved(node.heading):
        return False
    return all(child.kind in LEFT_OUT or reserved(child) for child in node.children)


_RESERVABLE = frozenset(
    ("subtitle", "chapter", "subchapter", "part", "subpart", "subject-group", "section",
     "appendix", "heading")
)  # fmt: skip


def is_reserved_text(text: str) -> bool:
    """Whether a paragraph's whole text is ``[Reserved]``."""
    return len(text) < 16 and is_reserved(text)


def matches(pattern: str, node: Node) -> bool:
    """Whether a pattern names this unit: by citation, by number, or by words of its heading."""
    wanted = _SECTION.sub("", _plain(pattern))
    cited = _plain(node.citation or "")
    number = _plain(node.designator)
    span = _RANGE.match(wanted)
    if span:
        found = re.match(r"(?P<before>.*?\b(?:cfr )?part) (?P<number>\d+)$", cited)
        return bool(
            found
            and found["before"].endswith(span["before"])
            and int(span["first"]) <= int(found["number"]) <= int(span["last"])
        )
    names = (cited, re.sub(r"^\d+ cfr ", "", cited), number, number.removeprefix("§ "))
    if "*" in wanted:
        anything = re.compile(".*".join(map(re.escape, wanted.split("*"))))
        return any(anything.fullmatch(name) for name in (*names, _plain(node.heading)) if name)
    if wanted in names:
        return bool(wanted)
    if (_WITH_DIGIT.search(wanted) and _UNIT_WORD.search(wanted)) or re.fullmatch(
        r"[\d.\-]+", wanted
    ):
        return False
    return bool(re.search(rf"(?<!\w){re.escape(wanted)}(?!\w)", _plain(node.heading)))


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text.replace("§§", "§").casefold()).strip()


def leave_out(selection: Selection) -> Callable[[Node], str | None]:
    """The reason for each node within a unit that stays out."""
    return selection.reason
