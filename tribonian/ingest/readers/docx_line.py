"""One paragraph of a Word file as it is read: its runs, and what is open around it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby

from lxml import etree

from tribonian.ingest.readers.docx_package import NAMES, value
from tribonian.ingest.readers.docx_styles import Look, Style, Styles, run_look
from tribonian.ingest.scripts import subscript, superscript

MAX_FIELDS = 100  # open at once; broken files open one in every paragraph
_ORDINAL = frozenset(("st", "nd", "rd", "th"))
_CONTENTS = re.compile(r'\s*(?:TOC|TOA|INDEX)(?=[\s"\\]|$)', re.IGNORECASE)


@dataclass(slots=True)
class Field:
    """A field that is open: its instruction until ``shows``, then its result."""

    code: str = ""
    shows: bool = False
    any: bool = False  # whether it has a result


@dataclass(slots=True)
class Tally:
    """What is counted over a document for its findings."""

    inserted: int = 0
    deleted: int = 0
    moved: int = 0
    hidden: int = 0
    aside: dict[str, int] = field(default_factory=dict)  # what was left aside -> how often

    def leave(self, what: str) -> None:
        """Note something that is in the document and not in its text."""
        self.aside[what] = self.aside.get(what, 0) + 1


@dataclass(slots=True)
class Story:
    """What goes on from paragraph to paragraph in the body, a note, a header."""

    styles: Styles
    tally: Tally
    fields: list[Field] = field(default_factory=list)
    looks: dict[tuple[str, str, str], Look] = field(default_factory=dict)

    def in_contents(self) -> bool:
        """Whether a table of contents is being printed."""
        return any(each.shows and _CONTENTS.match(each.code) for each in self.fields)

    def settle(self) -> None:
        """At the end of a paragraph: an instruction that has not ended will show what comes.

        A field without an end would otherwise swallow the rest of the document.
        """
        del self.fields[:-MAX_FIELDS]
        for each in self.fields:
            each.shows = True


@dataclass(slots=True)
class Piece:
    """Some characters of one look."""

    text: str
    italic: bool = False
    bold: bool = False
    raised: str = ""


class Line:
    """The runs of one paragraph as they are read."""

    def __init__(self, story: Story, style: Style) -> None:
        self.story = story
        self.style = style
        self.pieces: list[Piece] = []
        self.hidden: list[str] = []
        self.notes: list[tuple[str, str, str]] = []  # kind, id, mark of its own
        self.note_places: list[int] = []
        self.comments: list[str] = []
        self.boxes: list[etree._Element] = []
        self.pictures: list[str] = []
        self.size = 0.0
        self.contents = False

    def take_over(self, before: Line) -> None:
        """Begin with what another paragraph left."""
        self.pieces = before.pieces
        self.hidden = before.hidden
        self.notes = before.notes
        self.note_places = before.note_places
        self.comments = before.comments
        self.boxes = before.boxes
        self.pictures = before.pictures
        self.size = before.size

    def length(self) -> int:
        """How many characters have been read."""
        return sum(len(piece.text) for piece in self.pieces)

    def visible(self) -> bool:
        """Whether anything is printed."""
        return any(piece.text and not piece.text.isspace() for piece in self.pieces)

    def add(self, text: str, look: Look) -> None:
        """Add some text as it is stored."""
        if self.story.fields:
            if not all(each.shows for each in self.story.fields):
                return
            if not text.isspace():
                self.contents = self.story.in_contents()
        if look.hidden:
            self.hidden.append(text)
            return
        raised = look.raised or ""
        if raised == "baseline":
            raised = ""
        if look.size and not self.size and not text.isspace():
            self.size = look.size
        self.pieces.append(Piece(text, bool(look.italic), bool(look.bold), raised))

    def look_of(self, run: etree._Element) -> Look:
        """The look of a run: its style's, the paragraph style's, and its own."""
        properties = next((c for c in run if NAMES[c.tag] == "w:rPr"), None)
        if properties is None:
            return self.style.look
        own = run_look(properties)
        below = self.style.look
        for child in properties:
            if NAMES[child.tag] == "w:rStyle":
                named = self.story.styles.character(value(child) or "").look
                # bold within bold is plain: toggles of two styles cancel out (17.7.3)
                below = named.over(below)
                below = _toggled(below, named, self.style.look)
                break
        return own.over(below)


def _toggled(look: Look, inner: Look, outer: Look) -> Look:
    if not (inner.bold and outer.bold) and not (inner.italic and outer.italic):
        return look
    return Look(
        bold=False if inner.bold and outer.bold else None,
        italic=False if inner.italic and outer.italic else None,
    ).over(look)


# --- pieces into text ----------------------------------------------------------------------

Spans = tuple[tuple[int, int], ...]


def printed(pieces: list[Piece]) -> tuple[str, Spans, Spans]:
    """The text of some pieces, spaces single; its italic and its bold spans."""
    out: list[str] = []
    length = 0
    space = False
    italics: list[tuple[int, int]] = []
    bolds: list[tuple[int, int]] = []
    for piece in _joined(pieces):
        text = piece.text
        if "\xad" in text:
            text = text.replace("\xad", "")  # a hyphen that shows only where a line ends
        if piece.raised in _RAISE:
            before = out[-1] if out and not space else ""
            text = _raised(text, piece.raised, before)
        core = " ".join(text.split())
        if not core:
            space = space or bool(text)
            continue
        if (space or text[0].isspace()) and length:
            core = " " + core
        start = length + (core[0] == " ")
        length += len(core)
        out.append(core)
        space = text[-1].isspace()
        if piece.italic:
            _extend(italics, start, length)
        if piece.bold:
            _extend(bolds, start, length)
    return "".join(out), tuple(italics), tuple(bolds)


_RAISE = {"superscript": superscript, "subscript": subscript}


def _raised(text: str, how: str, before: str) -> str:
    if text.strip() in _ORDINAL and before[-1:].isdigit():
        return text  # "1st" is typed so by Word itself
    return _RAISE[how](text)


def _joined(pieces: list[Piece]) -> Iterator[Piece]:
    """Runs of one look put together: Word cuts them at every edit."""
    for (italic, bold, raised), run in groupby(pieces, _look_of):
        yield Piece("".join([piece.text for piece in run]), italic, bold, raised)


def _look_of(piece: Piece) -> tuple[bool, bool, str]:
    return piece.italic, piece.bold, piece.raised


def _extend(spans: list[tuple[int, int]], start: int, end: int) -> None:
    """Add a span; one that goes on after a space alone is the same."""
    if spans and start - spans[-1][1] <= 1:
        spans[-1] = (spans[-1][0], end)
    else:
        spans.append((start, end))


def goes_on(number: str, pieces: list[Piece]) -> bool:
    """Whether a number with nothing behind it is finished by the text: ``§ 11.`` and ``1``."""
    first = next((piece.text for piece in pieces if piece.text), "")
    return first[:1].isdigit() and not number.endswith(")")


def heading_first(pieces: list[Piece], length: int) -> list[Piece]:
    """A heading that text goes on behind in the same line, set in italics as law prints it."""
    out = []
    for piece in pieces:
        if length > 0:
            length -= len(piece.text)
            piece = Piece(piece.text, True, piece.bold, piece.raised)
        out.append(piece)
    return out


def covers(spans: tuple[tuple[int, int], ...], text: str) -> bool:
    """Whether the spans hold all letters and figures of the text."""
    at = 0
    for start, end in spans:
        if any(c.isalnum() for c in text[at:start]):
            return False
        at = end
    return not any(c.isalnum() for c in text[at:])
