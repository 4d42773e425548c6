"""Units of the CFR as they are asked for: one unit, or a span of parts or sections."""

from __future__ import annotations

from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class CfrUnit:
    """One unit of the CFR by the numbers that lead to it; "" for what is not said.

    Numbers are as the eCFR has them: ``chapter`` I, ``subchapter`` G, ``part`` 701 or 50-201,
    ``subpart`` B, ``subject_group`` the hash id of its DIV7 (ECFRbd33d0ed4ce4376),
    ``section`` 701.3 or 1.263(a)-3, ``appendix`` its whole identifier where it is known
    (Appendix A to Part 1005) or what was written (A). ``paragraph`` is a path of designators,
    ``(a)(1)(ii)``.
    """

    title: int
    subtitle: str = ""
    chapter: str = ""
    subchapter: str = ""
    part: str = ""
    subpart: str = ""
    subject_group: str = ""
    section: str = ""
    appendix: str = ""
    paragraph: str = ""

    @property
    def kind(self) -> str:
        """The kind of node that it is: the smallest unit named, a paragraph's being section."""
        for name in ("appendix", "section", "subject_group", "subpart", "part", "subchapter",
                     "chapter", "subtitle"):  # fmt: skip
            if getattr(self, name):
                return name.replace("_", "-")
        return "title"

    @property
    def citation(self) -> str:
        """The unit as the eCFR cites it: ``21 CFR Chapter I Subchapter G``, ``21 CFR 701.3(a)``."""
        head = f"{self.title} CFR"
        if " to " in self.appendix:  # an identifier that says what it is an appendix to
            return f"{head} {self.appendix}"
        if self.section and "." in self.section:
            steps = [f"{self.section}{self.paragraph}"]
        else:
            names = ("part", "subpart") if self.part else ("subtitle", "chapter", "subchapter",
                                                           "subpart")  # fmt: skip
            steps = [f"{name.capitalize()} {getattr(self, name)}" for name in names
                     if getattr(self, name)]  # fmt: skip
            if self.subject_group:
                steps.append(f"subject group {self.subject_group}")
            if self.section:  # 14 CFR part 241 has sections 1-1 and 19-1
                steps.append(f"Section {self.section}{self.paragraph}")
        if self.appendix:
            named = self.appendix if " " in self.appendix else f"Appendix {self.appendix}"
            steps.append(named)
        return " ".join((head, *steps))

    @property
    def said(self) -> dict[str, str]:
        """The numbers that are named, without title and paragraph, largest unit first."""
        out = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: value for name, value in out.items()
                if value and name not in ("title", "paragraph")}  # fmt: skip


def stands_in(unit: CfrUnit, other: CfrUnit) -> bool:
    """Whether a unit, whose whole path is known, is a smaller one within another."""
    if unit == other or unit.title != other.title:
        return False
    said = unit.said
    if any(said.get(name) != value for name, value in other.said.items()):
        return False
    return unit.said != other.said or unit.paragraph.startswith(other.paragraph)


@dataclass(frozen=True, slots=True)
class Span:
    """All parts, or all sections, from one to another, both included: ``parts 700-740``."""

    first: CfrUnit
    last: CfrUnit

    @property
    def title(self) -> int:
        """The title in which both are."""
        return self.first.title

    @property
    def citation(self) -> str:
        """``21 CFR Parts 700-740``, ``21 CFR 701.1-701.9``."""
        if self.first.section:
            return f"{self.title} CFR {self.first.section}-{self.last.section}"
        return f"{self.title} CFR Parts {self.first.part}-{self.last.part}"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a citation or an address asks for: units of the CFR, in the order they are named.

    ``text`` is what was typed. ``date`` is the point in time that an address says itself
    (``/on/2024-01-01/``), None where it says none or ``current``.
    """

    text: str
    wanted: tuple[CfrUnit | Span, ...]
    date: str | None = None
