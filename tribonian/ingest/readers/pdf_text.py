"""The text of several lines as one: seams, raised and lowered type, spans of styles."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from tribonian.ingest.readers.pdf_glyphs import greek
from tribonian.ingest.readers.pdf_hyphens import Vocabulary
from tribonian.ingest.readers.pdf_types import Line
from tribonian.ingest.scripts import subscript, superscript

_FRACTION = re.compile("([⁰¹²³⁴-⁹]+|(?<![0-9])[0-9]+) ?⁄ ?([₀-₉]+|[0-9]+)")
_FIGURES = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉", "01234567890123456789")
_ACCENT = re.compile(r"([A-Za-z])([ˆ˜¨¸])(?=[^\W\d_])")
_COMBINING = {"ˆ": "\u0302", "˜": "\u0303", "¨": "\u0308", "¸": "\u0327"}
_NOTE_MARK = re.compile(r"[0-9]{1,3}[a-z]?|[*†‡]{1,3}|[a-z]")
# What a raised figure behind is the power of: cm², m³, s⁻¹, 10⁶.
_UNIT = re.compile(
    r"(?:^|[\s/·(\d])(?:[kcmdµμn]?m|sec|s|ft|in|yd|mi|kg|g|lb|L|[kMG]?Bq|[Hh]r?|10)$"
)
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
            face = spans[0].face
            text += greek(part, face.name) if face.name[:6] == "Symbol" else part
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
            if span.face.name[:6] == "Symbol":
                piece = greek(piece, span.face.name)
            if span.rise:
                size = line.face.size
                if span.face.size < 0.92 * size and abs(span.rise) > 0.08 * size:
                    if span.rise > 0:
                        over = part[span.end : span.end + 2].lstrip()[:1] == "⁄"
                        if len(piece) < 12 and not over and not _UNIT.search(text[-12:]):
                            marks += filter(_NOTE_MARK.fullmatch, re.split(r"[ ,]+", piece))
                        piece = superscript(piece)
                    else:
                        slash = piece[: piece.startswith("⁄")]
                        piece = slash + subscript(piece[len(slash) :])
            text += piece
            if span.face.italic:
                _extend(italics, begin, len(text), text)
            if span.face.bold:
                _extend(bolds, begin, len(text), text)
            place = span.end
        text += part[place:]
    if "⁄" in text:
        text = _level(text, italics, bolds)
    if _ACCENT.search(text):
        text = _accented(text, italics, bolds)
    return SetText(text, tuple(italics), tuple(bolds), tuple(marks))


def _level(text: str, *spans: list[tuple[int, int]]) -> str:
    """The text with its fractions on the line, "1/2" of a raised, a slash and a lowered figure."""
    found = list(_FRACTION.finditer(text))
    if not found:
        return text
    # where each character is afterwards; those of a fraction are all at its beginning
    places: list[int] = []
    parts: list[str] = []
    end = length = 0
    for each in found:
        plain = f"{each[1].translate(_FIGURES)}/{each[2].translate(_FIGURES)}"
        before = text[end : each.start()]
        apart = " " if before[-1:].isalnum() else ""
        places += range(length, length + len(before))
        length += len(before)
        places += [length] * len(each[0])
        length += len(apart) + len(plain)
        parts += [before, apart, plain]
        end = each.end()
    places += range(length, length + len(text) - end + 1)
    for each_spans in spans:
        each_spans[:] = [(places[a], places[b]) for a, b in each_spans if places[a] < places[b]]
    return "".join((*parts, text[end:]))


def _accented(text: str, *spans: list[tuple[int, int]]) -> str:
    """The text with accents that were set as signs of their own, over the letter before."""
    for found in reversed(list(_ACCENT.finditer(text))):
        letter = unicodedata.normalize("NFC", found[1] + _COMBINING[found[2]])
        if len(letter) > 1:
            continue
        at = found.start()
        text = text[:at] + letter + text[at + 2 :]
        for each in spans:
            each[:] = [(a - (a > at + 1), b - (b > at + 1)) for a, b in each]
    return text


def _extend(spans: list[tuple[int, int]], start: int, end: int, text: str) -> None:
    if spans and not text[spans[-1][1] : start].strip():
        spans[-1] = (spans[-1][0], end)
    elif end > start:
        spans.append((start, end))


def _shorten(spans: list[tuple[int, int]], length: int) -> None:
    if spans and spans[-1][1] > length:
        spans[-1] = (spans[-1][0], length)
