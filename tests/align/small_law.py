"""A few principles of a regulation that was made up, without a build."""

from __future__ import annotations

from collections.abc import Iterable

from tribonian.align.built import BuiltPrinciple


def principle(
    section: str,
    heading: str,
    content: str,
    *,
    part: str = "PART 900—HARBOR BELLS",
    leaf: bool = True,
    path: tuple[int, ...] = (0,),
    title: int = 99,
) -> BuiltPrinciple:
    """One section of the law of harbor bells: ``900.4`` or ``900.4(b)``."""
    citation = f"{title} CFR {section}"
    return BuiltPrinciple(
        f"/us/cfr/t{title}/s{section}", "principles.json", path, f"§ {section} {heading}", content,
        citation, (f"Title {title}—Made up", part), leaf, 50, (),
    )  # fmt: skip


KEEPING = principle(
    "900.4",
    "Records of ringing",
    "(a) Each harbor master shall keep a log of every ringing for at least 3 years.\n\n"
    "(b) The log may be kept on paper or electronically.\n\n"
    "(c) A log shall not be altered after the harbor master has signed it.",
)
REPORTING = principle(
    "900.5",
    "Reports of cracked bells",
    "A harbor master who finds a crack longer than 2.5 inches shall notify the Bell Inspector in "
    "writing within 15 working days, and should photograph the crack.",
)
TUNING = principle(
    "900.6",
    "Tuning",
    "The clapper of a bronze bell must weigh no less than 4 percent of the bell. The tuner may "
    "file the rim, but must not drill it.",
)
FOG = principle(
    "900.7",
    "Fog signals",
    "In fog a bell is rung for five seconds once every minute. Vessels at anchor answer with two "
    "strokes.",
)
PENALTY = principle(
    "900.9",
    "Penalties",
    "Whoever rings a bell without need is liable to a fine of up to $1,000 for a first offense.",
)
SEVERABLE = "If any provision of this part is held invalid, the remaining provisions stay in force."
LAW = (KEEPING, REPORTING, TUNING, FOG, PENALTY)


def twins(count: int) -> list[BuiltPrinciple]:
    """Principles of several parts with the same words."""
    return [
        principle(f"{n}.99", "Severability", SEVERABLE, part=f"PART {n}—ARTICLES OF KIND {n}")
        for n in range(901, 901 + count)
    ]


def cited(principles: Iterable[BuiltPrinciple]) -> list[str | None]:
    return [each.citation for each in principles]
