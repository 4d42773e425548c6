"""Profiles: industries and the regulations that govern them, from the data in profiles.toml.

A profile names units of the CFR, says what they are for and whom they bind, and has a text of
instructions for alignment that a user can start from. It holds no law itself: the units are
obtained like any other citation.
"""

from __future__ import annotations

import difflib
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from tribonian.errors import UsageError

PREFIX = "profile:"


@dataclass(frozen=True, slots=True)
class Regulation:
    """One unit of the CFR that a profile takes in.

    ``heading`` is as the eCFR prints it, without the number and not in capitals; "" where it
    was not checked. ``formerly`` is the heading before a recent change of it, "" if none.
    """

    citation: str
    heading: str
    about: str
    formerly: str = ""


@dataclass(frozen=True, slots=True)
class Profile:
    """The regulations of one field, and how a model may be aligned with them.

    ``purpose`` is the ``for`` of the data file. ``tokens`` is the size of the principles built
    from it (o200k_base), None where it was not measured; ``advice`` is a sentence on size or
    date, "" if none. ``instructions`` has four paragraphs: Context, Objective, Audience, Tone.
    """

    name: str
    title: str
    industry: str
    purpose: str
    binds: str
    regulations: tuple[Regulation, ...]
    instructions: str
    related: tuple[str, ...] = ()
    tokens: int | None = None
    advice: str = ""

    @property
    def source(self) -> str:
        """What is typed for it: ``profile:hipaa``."""
        return PREFIX + self.name


@cache
def profiles() -> tuple[Profile, ...]:
    """All profiles, in the order of the data file, which is by industry."""
    data = files(__package__).joinpath("profiles.toml").read_text(encoding="utf-8")
    return tuple(map(_profile, tomllib.loads(data)["profile"]))


def _profile(row: dict[str, Any]) -> Profile:
    return Profile(
        name=row["name"],
        title=row["title"],
        industry=row["industry"],
        purpose=row["for"],
        binds=row["binds"],
        regulations=tuple(Regulation(**each) for each in row["regulations"]),
        instructions=row["instructions"].strip() + "\n",
        related=tuple(row.get("related", ())),
        tokens=row.get("tokens"),
        advice=row.get("advice", ""),
    )


def profile(name: str) -> Profile:
    """The profile of that name, with or without ``profile:`` before it, in any case.

    Raises UsageError, one sentence with the nearest names, where there is none.
    """
    wanted = name.strip().lower().removeprefix(PREFIX).strip()
    by_name = {each.name: each for each in profiles()}
    if wanted in by_name:
        return by_name[wanted]
    if "," in wanted or " " in wanted or "+" in wanted:
        raise UsageError(
            f"There is no profile {_shown(wanted)}; give several profiles as several sources, such "
            "as profile:hipaa profile:part-11."
        )
    near = _nearest(wanted)
    raise UsageError(_sentence(wanted, near))


def _sentence(wanted: str, near: list[str]) -> str:
    if not near:
        return f"There is no profile {_shown(wanted)}; all are listed by tribonian profiles."
    return (
        f"There is no profile {_shown(wanted)}; the nearest is {' or '.join(near)}, and all are "
        "listed by tribonian profiles."
    )


def _nearest(wanted: str) -> list[str]:
    """Names that are spelled alike, then those with the word in name, title or citations."""
    near = difflib.get_close_matches(wanted, [each.name for each in profiles()], n=3, cutoff=0.6)
    if not near and len(wanted) > 1:
        near = [each.name for each in profiles() if wanted in _searched(each)]
    return near[:3]


def _searched(each: Profile) -> str:
    headings = (f"{part.citation} {part.heading}" for part in each.regulations)
    return " ".join((each.name, each.title, *headings)).lower()


def _shown(name: str) -> str:
    return f"{name[:40]!r}" if name else "without a name"


def citations(chosen: Profile) -> tuple[str, ...]:
    """The citations of a profile, in its order, as they are typed on the command line."""
    return tuple(part.citation for part in chosen.regulations)
