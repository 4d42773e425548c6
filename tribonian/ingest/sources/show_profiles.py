"""Profiles as text for a terminal, and as plain values for machines."""

from __future__ import annotations

import json as json_text
import textwrap
from collections.abc import Iterator
from itertools import groupby

from tribonian.errors import UsageError
from tribonian.ingest.sources.profiles import Profile, citations, profile, profiles

WIDTH = 80


def shown(name: str | None = None, *, json: bool = False, instructions: bool = False) -> str:
    """What the command prints, without the last line break: the table, or one profile.

    Raises UsageError for a name that is none, and for options that do not go together.
    """
    if json and instructions:
        raise UsageError("Give --json or --instructions, not both; the JSON has them in it.")
    if instructions and name is None:
        raise UsageError(
            "Name the profile whose instructions are wanted, such as tribonian profiles hipaa "
            "--instructions."
        )
    if json:
        rows = as_rows() if name is None else as_row(profile(name))
        return json_text.dumps(rows, indent=2, ensure_ascii=False)
    if name is None:
        return as_table().rstrip()
    chosen = profile(name)
    return (chosen.instructions if instructions else as_page(chosen)).rstrip()


def as_table() -> str:
    """All profiles by industry, a line each: name, title, number of regulations."""
    name = max(len(each.name) for each in profiles())
    title = max(len(each.title) for each in profiles())
    lines: list[str] = []
    for industry, members in groupby(profiles(), key=lambda each: each.industry):
        lines += ["", industry] if lines else [industry]
        lines += [
            f"  {each.name:<{name}}  {each.title:<{title}}  {len(each.regulations):>2}"
            for each in members
        ]
    lines += ["", f"{len(profiles())} profiles; the number is that of their regulations."]
    lines += ["One of them in full: tribonian profiles NAME"]
    return "\n".join(lines) + "\n"


def as_page(chosen: Profile) -> str:
    """Everything of one profile, with the commands that use it."""
    return "\n".join(_page(chosen)) + "\n"


def _page(chosen: Profile) -> Iterator[str]:
    yield f"{chosen.name}: {chosen.title}"
    yield ""
    yield from _labelled("For", chosen.purpose)
    yield from _labelled("Binds", chosen.binds)
    if chosen.tokens is not None:
        yield from _labelled("Size", f"about {chosen.tokens:,} tokens of principles.")
    if chosen.advice:
        yield from _labelled("Note", chosen.advice)
    if chosen.related:
        yield from _labelled("Goes with", ", ".join(chosen.related))
    yield ""
    for part in chosen.regulations:
        yield f"{part.citation}  {part.heading}".rstrip()
        yield from _indented(part.about)
    yield ""
    yield "Instructions to start from:"
    yield ""
    for paragraph in chosen.instructions.strip().split("\n\n"):
        yield from _indented(paragraph)
        yield ""
    yield "To use it:"
    yield f"  tribonian build {chosen.source} -o build"
    yield f"  tribonian profiles {chosen.name} --instructions > instructions.txt"


def _indented(text: str) -> list[str]:
    return _wrapped(text, "  ", "  ")


def _labelled(label: str, text: str) -> list[str]:
    head = f"{label + ':':<11}"
    return _wrapped(text, head, " " * len(head))


def _wrapped(text: str, first: str, later: str) -> list[str]:
    return textwrap.wrap(
        text, WIDTH, initial_indent=first, subsequent_indent=later, break_on_hyphens=False
    )


def as_row(chosen: Profile) -> dict[str, object]:
    """One profile as plain values for JSON; the keys are those of the data file."""
    return {
        "name": chosen.name,
        "source": chosen.source,
        "title": chosen.title,
        "industry": chosen.industry,
        "for": chosen.purpose,
        "binds": chosen.binds,
        "regulations": [
            {"citation": part.citation, "heading": part.heading or None, "about": part.about}
            for part in chosen.regulations
        ],
        "related": list(chosen.related),
        "tokens": chosen.tokens,
        "advice": chosen.advice or None,
        "instructions": chosen.instructions,
    }


def as_rows() -> list[dict[str, object]]:
    """All profiles as plain values, in the order of the table."""
    return [as_row(each) for each in profiles()]


def as_markdown() -> str:
    """All profiles as a table for the documentation: name, title, regulations, size."""
    lines = ["| profile | what it is for | regulations | tokens |", "|---|---|---|---|"]
    for industry, members in groupby(profiles(), key=lambda each: each.industry):
        lines.append(f"| **{industry}** | | | |")
        for each in members:
            size = f"{each.tokens:,}" if each.tokens is not None else ""
            units = "; ".join(_compact(citations(each)))
            lines.append(f"| `{each.name}` | {each.title}. {each.purpose} | {units} | {size} |")
    return "\n".join(lines) + "\n"


def _compact(cited: tuple[str, ...]) -> Iterator[str]:
    """``45 CFR parts 160, 162, 164`` for parts of one title that follow each other."""
    for title, units in groupby((each.partition(" CFR ") for each in cited), lambda cut: cut[0]):
        parts: list[str] = []
        others: list[str] = []
        for _, _, unit in units:
            whole = unit.removeprefix("part ")
            (parts if unit.startswith("part ") and " " not in whole else others).append(
                whole if unit.startswith("part ") and " " not in whole else unit
            )
        if parts:
            yield f"{title} CFR part{'s' if len(parts) > 1 else ''} {', '.join(parts)}"
        yield from (f"{title} CFR {unit}" for unit in others)
