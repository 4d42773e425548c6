"""The probe for designators: paragraphs in, their paths out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from tribonian.ingest.designators import nest
from tribonian.ingest.nesting import settle
from tribonian.ingest.paragraphs import read_paragraph

# Italics as HTML and the eCFR mark them, and as plain text does: (*1*), _Term_ means.
_ITALICS = re.compile(
    r"<(?P<tag>i|em|I|E)(?: T=\"0?3\")?>(?P<marked>.*?)</(?P=tag)>"
    r"|(?<![\w*])\*(?P<stars>[^*\s](?:[^*]*[^*\s])?)\*(?![\w*])"
    r"|(?<!\w)_(?P<lines>[^_\s](?:[^_]*[^_\s])?)_(?!\w)"
)


def unmarked(line: str) -> tuple[str, list[tuple[int, int]]]:
    """A line without its marks of italics, and the spans that were marked."""
    text = ""
    spans: list[tuple[int, int]] = []
    at = 0
    for match in _ITALICS.finditer(line):
        text += line[at : match.start()]
        inner = match["marked"] or match["stars"] or match["lines"] or ""
        spans.append((len(text), len(text) + len(inner)))
        text += inner
        at = match.end()
    return text + line[at:], spans


def paths(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    """(path, paragraph) of each non-empty line; an empty line starts a new section.

    The path is that of the last number the paragraph opens at its start, and empty for a
    paragraph without a number.
    """
    section: list[str] = []
    for line in lines:
        line = line.rstrip("\r\n")
        if line.strip():
            section.append(line)
            continue
        yield from _section(section)
        section = []
    yield from _section(section)


def _section(lines: list[str]) -> Iterator[tuple[str, str]]:
    paragraphs = []
    for line in lines:
        text, spans = unmarked(line)
        paragraphs.append(read_paragraph(text, spans or None))
    paragraphs = settle(paragraphs)
    placed = nest([paragraph.line() for paragraph in paragraphs])
    for line, paragraph, places in zip(lines, paragraphs, placed, strict=True):
        numbered = places and not paragraph.text[: paragraph.openings[0].start].strip()
        yield ("".join(places[-1].path) if numbered else ""), line
