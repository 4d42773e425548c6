"""The content of a container: what it holds, stated as fact.

A part has no text of its own, and the service wants no empty node. The sentence says what
the part contains and which sections it spans, nothing that is not in the document.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

_PLURAL = {
    "section": "sections",
    "appendix": "appendices",
    "subject-group": "subject groups",
    "heading": "headed divisions",
}


@dataclass(frozen=True, slots=True)
class Contents:
    """``names`` are (kind, label, span) of the children, ``sections`` all (number, citation)."""

    names: list[tuple[str, str, str]]
    sections: list[tuple[str, str]]
    appendices: int
    others: int

    @property
    def span(self) -> str:
        """``§§ 701.1 to 701.30``; empty where there are no sections."""
        if not self.sections:
            return ""
        first, last = (self.sections[n][0].replace("§", "").strip() for n in (0, -1))
        return f"§ {first}" if first == last else f"§§ {first} to {last}"

    @property
    def name(self) -> str:
        """A name for the whole where nobody gave one: its first children."""
        labels = [label for _, label, _ in self.names]
        if len(labels) <= 3:
            return "; ".join(labels)
        return f"{'; '.join(labels[:2])}; and {len(labels) - 2} more"


def describe(label: str, contents: Contents, fits: Callable[[str], bool]) -> str:
    """One or two sentences on what a container holds, as detailed as the budget allows."""
    return _sentences(label, contents, fits)


def describe_all(label: str, contents: Contents, fits: Callable[[str], bool]) -> str:
    """The same for the root over several documents."""
    return _sentences(label, contents, fits)


def _sentences(label: str, contents: Contents, fits: Callable[[str], bool]) -> str:
    kinds = Counter(kind for kind, _, _ in contents.names if kind not in ("section", "appendix"))
    held = [_number(len(contents.sections), "section")] if contents.sections else []
    if contents.appendices:
        held.append(_number(contents.appendices, "appendix"))
    if contents.others and not kinds:
        held.append(_number(contents.others, "heading"))
    text = f"{label} contains {' and '.join(held)}" if held else label
    if contents.sections:
        text += f", {contents.span}"
    if kinds:
        divided = " and ".join(_number(n, kind) for kind, n in kinds.items())
        text += f", divided into {divided}" if held else f" contains {divided}"
    text += "."
    if not held and not kinds:
        text = f"{label}."
    lists = [f"{name} ({span})" if span else name for _, name, span in contents.names]
    for shown in (len(lists), 40, 20, 10, 5, 2):
        if shown > len(lists) or not lists:
            continue
        more = f"; and {len(lists) - shown} more" if shown < len(lists) else ""
        full = f"{text} It consists of: {'; '.join(lists[:shown])}{more}."
        if fits(full) and len(full) < 2400:
            return full
    return text if fits(text) else text[:400].rsplit(" ", 1)[0]


def _number(count: int, kind: str) -> str:
    name = kind.replace("-", " ") if count == 1 else _PLURAL.get(kind, f"{kind}s")
    return f"{count:,} {name}"
