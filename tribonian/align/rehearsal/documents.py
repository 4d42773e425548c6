"""The uploaded principles as the rehearsal reads them: the tree in JSON, or its Markdown twin."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import orjson

from tribonian.schemas.finding import Finding
from tribonian.schemas.principle import MAX_DEPTH, check_upload

# What an uploaded file has to be, by its suffix. Others the service would convert; this does not.
TREE = frozenset(("json",))
MARKDOWN = frozenset(("md",))

_HEADING = re.compile(r"^(#{1,6})[ \t]+(.*?)[ \t]*#*[ \t]*$")
_ESCAPED = re.compile(r"^\\(?=[#=\-*_])", re.MULTILINE)  # the twin's guard against markup


@dataclass(frozen=True, slots=True)
class Section:
    """A principle with nothing below it; ``trail`` are the labels above, root first."""

    label: str
    content: str
    trail: tuple[str, ...]


def faults_of(data: bytes, suffix: str) -> list[Finding]:
    """Why ingestion refuses a file; nothing for one that is fit."""
    if suffix in TREE:
        _, findings = check_upload(data)
        return [each for each in findings if each.severity == "error"]
    if suffix in MARKDOWN:
        return list(_markdown_faults(data))
    return [Finding("not-json", f"The rehearsal reads JSON and Markdown, not .{suffix}.")]


def suggestion(suffix: str) -> str:
    """What a person should do about a file that was refused."""
    if suffix in TREE:
        return (
            "Each node needs exactly label, content, children and level, with texts that are "
            'not empty and levels that count from "0" at the root.'
        )
    if suffix in MARKDOWN:
        return (
            "Use headings in order from one #, skip no level, leave no heading empty and put "
            "text under each."
        )
    return "Upload the file as Markdown."


def sections_of(data: bytes, suffix: str) -> list[Section]:
    """The principles that have nothing below them, in order; containers only sum up."""
    if suffix in TREE:
        return list(_leaves(orjson.loads(data), ()))
    return list(_markdown_leaves(data.decode("utf-8", "replace")))


def _leaves(node: dict[str, object], trail: tuple[str, ...]) -> Iterator[Section]:
    children = node["children"]
    label = str(node["label"])
    if not children:
        yield Section(label, str(node["content"]), trail)
    assert isinstance(children, list)
    for child in children:
        yield from _leaves(child, (*trail, label))


def _headings(text: str) -> Iterator[tuple[int, str, str]]:
    """(level, heading, text under it); what stands before the first heading has level 0."""
    level, heading, under = 0, "", list[str]()
    for line in text.splitlines():
        found = _HEADING.match(line)
        if found:
            yield level, heading, _ESCAPED.sub("", "\n".join(under)).strip()
            level, heading, under = len(found[1]), found[2], []
        else:
            under.append(line)
    yield level, heading, _ESCAPED.sub("", "\n".join(under)).strip()


def _markdown_leaves(text: str) -> Iterator[Section]:
    found = [each for each in _headings(text) if each[0]]
    trail: list[str] = []
    for n, (level, heading, under) in enumerate(found):
        del trail[level - 1 :]
        below = n + 1 < len(found) and found[n + 1][0] > level
        if not below and under:
            yield Section(heading, under, tuple(trail))
        trail.append(heading)


def _markdown_faults(data: bytes) -> Iterator[Finding]:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        yield Finding("not-json", f"The file is not UTF-8 ({error.reason} at {error.start}).")
        return
    above = 0
    found = [each for each in _headings(text) if each[0]]
    if not found:
        yield Finding("not-one-root", "The file has no heading.")
    for number, (level, heading, under) in enumerate(found, start=1):
        place = f"heading {number}"
        if level > above + 1:
            yield Finding(
                "wrong-level", f"{heading!r} skips a level: {above} to {level}.", "", place
            )
        if level > MAX_DEPTH:
            yield Finding("too-deep", f"{heading!r} is deeper than {MAX_DEPTH}.", "", place)
        if not heading:
            yield Finding("empty-label", "A heading is empty.", "", place)
        if not under:
            yield Finding("empty-content", f"There is no text under {heading!r}.", "", place)
        above = level
