"""The probe for designators: paragraphs in, their paths out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from tribonian.ingest.designators import nest
from tribonian.ingest.nesting import settle
from tribonian.ingest.paragraphs import read_paragraph

# Italics in a number, as HTML and the eCFR mark them; read_paragraph knows (*1*).
_MARKED = re.compile(r"\(\s*<(i|em|I|E T=\"0?3\")>\s*([^<]{1,8})\s*</(?:i|em|I|E)>\s*\)")


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
    texts = [_MARKED.sub(r"(*\2*)", line) for line in lines]
    paragraphs = settle([read_paragraph(text) for text in texts])
    placed = nest([paragraph.line() for paragraph in paragraphs])
    for line, paragraph, places in zip(lines, paragraphs, placed, strict=True):
        numbered = places and not paragraph.text[: paragraph.openings[0].start].strip()
        yield ("".join(places[-1].path) if numbered else ""), line
