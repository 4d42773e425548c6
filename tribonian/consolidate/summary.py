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


Name = tuple[str, str, str, str | None]  # kind, label, span, citation


@dataclass(frozen=True, slots=True)
class Contents:
    """``names`` are the children, ``sections`` the (number, citation) of all sections below."""

    names: list[Name]
    sections: list[tuple[str, str]]
    appendices: int
    others: int

    @property
    def span(self) -> str:
        """``§§ 701.1 to 701.30``; empty where there are none, or they are of several titles."""
        ends = [next(filter(_printed, way), None) for way in (self.sections, self.sections[::-1])]
        if ends[0] is None or ends[1] is None:
            return ""
        (first, one), (last, other) = ends[0], ends[1]
        if one.partition(" ")[0] != other.partition(" ")[0]:
            return ""
        first, last = (number.replace("§", "").strip() for number in (first, last))
        if not first[0].isdigit():  # "Section 03", in 14 CFR part 241
            return first if first == last else f"{first} to {last}"
        return f"§ {first}" if first == last else f"§§ {first} to {last}"

    @property
    def name(self) -> str:
        """A name for the whole where nobody gave one: what it consists of, by citation."""
        labels = [citation or label for _, label, _, citation in self.names]
        if len(labels) <= 4:
            return "; ".join(labels)
        return f"{'; '.join(labels[:3])}; and {len(labels) - 3} more"


def _printed(section: tuple[str, str]) -> bool:
    return bool(section[0])  # a heading may print no number


def describe(label: str, contents: Contents, fits: Callable[[str], bool]) -> str:
    """One or two sentences on what a container holds, as detailed as the budget allows."""
    kinds = Counter(kind for kind, *_ in contents.names if kind not in ("section", "appendix"))
    held = [_number(len(contents.sections), "section")] if contents.sections else []
    if contents.appendices:
        held.append(_number(contents.appendices, "appendix"))
    if contents.others and not kinds:
        held.append(_number(contents.others, "heading"))
    text = f"{label} contains {' and '.join(held)}" if held else label
    if contents.span:
        text += f", {contents.span}"
    if kinds:
        divided = ", ".join(_number(n, kind) for kind, n in kinds.items())
        text += f", divided into {divided}" if held else f" contains {divided}"
    text += "."
    if not held and not kinds:
        text = f"{label}."
    lists = [f"{name} ({span})" if span else name for _, name, span, _ in contents.names]
    for shown in (len(lists), 40, 20, 10, 5, 2):
        if shown > len(lists) or not lists:
            continue
        more = f"; and {len(lists) - shown} more" if shown < len(lists) else ""
        full = f"{text} It consists of: {'; '.join(lists[:shown])}{more}."
        if fits(full) and len(full) < 2400:
            return full
    while not fits(text) and len(text) > 16:
        text = text[: len(text) // 2].rstrip()
    return text


def _number(count: int, kind: str) -> str:
    name = kind.replace("-", " ") if count == 1 else _PLURAL.get(kind, f"{kind}s")
    return f"{count:,} {name}"
