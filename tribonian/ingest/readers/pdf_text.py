"""The text of several lines as one: seams, raised and lowered type, spans of styles."""

from __future__ import annotations

import re
from typing import NamedTuple

from tribonian.ingest.readers.pdf_hyphens import Vocabulary
from tribonian.ingest.readers.pdf_types import Line
from tribonian.ingest.scripts import subscript, superscript

_NOTE_MARK = re.compile(r"[0-9]{1,3}[a-z]?|[*†‡]{1,3}|[a-z]")
Spans = tuple[tuple[int, int], ...]


class SetText(NamedTuple):
    """Text with the spans in italic and bold type, and the marks of footnotes in it."""

    text: str
    italics: Spans
    bolds: Spans
    marks: tuple[str, ...]


def set_text(lines: list[Line], vocabulary: Vocabulary) -> SetText:
    """The lines of a paragraph as its text."""
    text = ""
    italics: list[tuple[int, int]] = []
    bolds: list[tuple[int, int]] = []
    marks: list[str] = []
    for line in lines:
        part = line.text
        if text:
            cut, seam = vocabulary.seam(text, part)
            text = (text[:-cut] if cut else text) + seam
            if cut:
                _shorten(italics, len(text))
                _shorten(bolds, len(text))
        start = len(text)
        spans = line.spans
        if len(spans) == 1:
            text += part
            face = spans[0].face
            if face.italic:
                _extend(italics, start, len(text), text)
            if face.bold:
                _extend(bolds, start, len(text), text)
            continue
        place = 0
        for span in spans:
            if span.start > place:
                text += part[place : span.start]
            begin = len(text)
            piece = part[span.start : span.end]
            if span.rise:
                size = line.face.size
                if span.face.size < 0.92 * size and abs(span.rise) > 0.08 * size:
                    if span.rise > 0:
                        marks += _NOTE_MARK.findall(piece) if len(piece) < 12 else []
                        piece = superscript(piece)
                    else:
                        piece = subscript(piece)
            text += piece
            if span.face.italic:
                _extend(italics, begin, len(text), text)
            if span.face.bold:
                _extend(bolds, begin, len(text), text)
            place = span.end
        text += part[place:]
    return SetText(text, tuple(italics), tuple(bolds), tuple(marks))


def _extend(spans: list[tuple[int, int]], start: int, end: int, text: str) -> None:
    if spans and not text[spans[-1][1] : start].strip():
        spans[-1] = (spans[-1][0], end)
    elif end > start:
        spans.append((start, end))


def _shorten(spans: list[tuple[int, int]], length: int) -> None:
    if spans and spans[-1][1] > length:
        spans[-1] = (spans[-1][0], length)
