"""Find the numbers that a paragraph opens, and its headings, in its first words.

``(b) Title—(1) Sub. (i) Text`` opens three levels in one paragraph; ``(c) and (d) of this
section apply`` opens none. This module reads one paragraph; `designators` nests many.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from tribonian.ingest.designators import Line, Marker
from tribonian.ingest.numbers import follows, is_first, readings

# (a) (1) (iv) (aa) (a-1) (1a); in plain text also (*1*), (_i_) for italics.
_NUMBER = re.compile(
    r"\(\s?([*_]?)((?:[a-z]{1,2}|[A-Z]{1,2}|\d{1,3}|([a-zA-Z])\3{2,4}|[ivxl]{1,8}|[IVXL]{1,8})"
    r"(?:[-–]\d{1,2}|[-–][a-z]|(?<=\d)[a-z])?)\1\s?\)"
)
# 1. A. I. a. i. at the start of a paragraph: the style of appendices and instructions.
_DOTTED = re.compile(
    r"(\d{1,2}|[A-Z]|[a-z]|[ivx]{1,6}|[IVX]{1,6})\."
    r"(?:\s+|(?=\()|(?=[a-z]\.\s)|(?<=[A-Za-z]\.)(?=\d{1,2}\.\s))(?=\S)"
)
_NUMBER_AFTER_DASH = re.compile(r"[—–]\(([*_]?)([1iaA])\1\)")
_RANGE = re.compile(r"\s?(?:[-–—]|through|to|and)\s?(?=\()")
_RESERVED = re.compile(r"[\s.—–-]*\[?\(?\s?reserved\s?\)?\]?[.\s]*$", re.IGNORECASE)
# What follows a number when the paragraph talks about it: "(a) and (b) of this section".
_REFERENCE = re.compile(
    r"\s?(?:(?:and|or|through|to|nor)\s?\(|(?:,\s?\([^)]{1,5}\))+,?\s(?:and|or)\s"
    r"|of\s(?:this|that|the)\s(?:section|paragraph|part|subpart|chapter|rule|title|Act)\b)"
)
# A heading that goes on into a citation: "Copolymers described in paragraphs (a)(3)".
_REFERS = re.compile(r"(?:paragraphs?|sections?|items?|§|of|in|under|and|or|to)$", re.IGNORECASE)
_GAP = re.compile(r"[\s.:—–⁰¹²³⁴-⁹ᵃ-ᵛ-]*")  # a footnote mark may stand behind a heading
# How a paragraph ends that introduces a list.
_LEADS_IN = (":", "—", "–", " following", " and", " or", " and,", " or,", " following,")
# "(a) Text": one number, no heading, nothing that could make it a reference or a range.
_SIMPLE = re.compile(r"\(([a-z]{1,2}|\d{1,3}|[A-Z]{1,2}|[ivx]{3,5})\) (?=[^(\s])")
_NOT_SIMPLE = frozenset("aotn,[-–—")
# Behind a heading: it may go on, a number may follow, or a footnote mark.
_MORE = frozenset(("", *"([-–—.:¹²³⁰⁴⁵⁶⁷⁸⁹ᵃᵇᶜᵈᵉ"))
# Where a number may open a list inside the text: behind a stop, a colon or a dash.
_RUN_IN = re.compile(r"[—.:?][”’\"]?\s{0,2}(?=\([*_]?[1iaAI][*_]?\))")
_DEFINES = re.compile(
    r"\s?(?:means?|includes?|refers? to|has the (?:same )?meanings?|have the (?:same )?meanings?|"
    r"shall (?:mean|include|have)|is defined|are defined|is (?:an?|any|the)\b|are\b|denotes?)\b"
)
_PLAIN_TERM = re.compile(
    r"(?:[“\"][^”\"]{1,80}[”\"](?:\s(?:or|and)\s[“\"][^”\"]{1,80}[”\"])?"
    r"|(?:The term |The word )?[A-Z0-9][^.:;()]{0,70}?(?:\s\([^)]{1,30}\))?)"
    r",?\s(?:means?|includes?|refers? to|has the (?:same )?meaning|shall mean)\b"
)
_PLAIN_TITLED = re.compile(
    r"[A-Z](?:[^.:;()—]|(?<=\b[A-Z])\.(?=[A-Z]\.|\s[a-z])){0,100}(?:\([^)]{1,30}\))?"
    r"(?:\.\s(?=[A-Z“\"(])|—(?=\())"
)
_PLAIN_HEADING = re.compile(r"[A-Z“\"][^.:;—]{0,120}?(?:\.|—|:)\s?(?=\()")
MAX_LEAD = 240  # characters a first paragraph may have before the number it runs into


class Opening(NamedTuple):
    """One level that a paragraph opens: its number, its heading, where its text starts.

    ``start``..``end`` is the number itself in the paragraph, ``heading`` the characters
    of its heading (``None`` where it has none).
    """

    marker: Marker
    start: int
    end: int
    heading: tuple[int, int] | None = None


class Paragraph(NamedTuple):
    """A paragraph's openings, outermost first, and what its words say about lists."""

    text: str
    openings: tuple[Opening, ...]
    body: int
    defines: bool
    leads_in: bool
    reserved: bool
    inline: tuple[Opening, ...] = ()

    def line(self) -> Line:
        """What the nesting needs to know of it."""
        if len(self.openings) == 1 and not self.defines:
            opening = self.openings[0]
            return _one_number(opening.marker, opening.heading is not None, self.leads_in)
        return Line(
            tuple([o.marker for o in self.openings]),
            tuple([o.heading is not None for o in self.openings]),
            self.leads_in,
            self.defines,
        )


def read_paragraph(text: str, italics: Sequence[tuple[int, int]] | None = None) -> Paragraph:
    """Read the openings of one paragraph.

    ``italics`` are the (start, end) character spans in italic type, or None where the
    source has no type styles; asterisks and underscores around a number then stand for
    italics: ``(*1*)``.
    """
    simple = _SIMPLE.match(text)
    if simple is not None and italics is not None and readings(simple[1]):
        quick = _quickly(text, simple, italics)
        if quick is not None:
            return quick
    start = _skip_space(text, 0)
    openings, body = _openings(text, start, italics)
    term = None if openings else _defined_term(text, start, italics)
    if term is not None:
        # "Handgun. (a) Any firearm which …": the definition itself is numbered.
        at = _skip_space(text, term)
        if _runs_in(text, at):
            openings, body = _openings(text, at, italics)
    inline = _run_in(text, body if openings else start, italics)
    return Paragraph(
        text,
        tuple(openings),
        body,
        term is not None,
        text.endswith(_LEADS_IN),
        bool(_RESERVED.fullmatch(text, body)) if openings else False,
        inline,
    )


def _quickly(
    text: str, simple: re.Match[str], italics: Sequence[tuple[int, int]]
) -> Paragraph | None:
    """``(a) Text`` and ``(a) <I>Heading.</I> Text``, which most paragraphs are.

    None for anything that may be more: `read_paragraph` then looks closely.
    """
    body = end = simple.end() - 1
    start = simple.end()
    heading = None
    if italics and italics[0][0] <= start:
        left, right = italics[0]
        right = min(right, len(text))
        after = text[right : right + 2]
        if (
            left != start
            or text[right - 1] not in ".?"
            or after[:1] != " "
            or after[1:] in _MORE
            or "(" in text[left:right]
            or (len(italics) > 1 and italics[1][0] <= right + 1)
        ):
            return None
        heading = (left, right)
        body = right
    elif text[start] in _NOT_SIMPLE:
        return None
    opened = (Opening(_roman_type(simple[1]), 0, end, heading),)
    inline = _run_in(text, body, italics)
    return Paragraph(text, opened, body, False, text.endswith(_LEADS_IN), False, inline)


def confirmed(paragraph: Paragraph, following: Sequence[Paragraph]) -> Paragraph:
    """Take a number inside the text as opened when a later paragraph goes on from it.

    ``(b) The following apply—(1) First`` opens (1) only if (2) comes before the list that
    (b) is in goes on: otherwise it is an enumeration within the sentence.
    """
    if not paragraph.inline:
        return paragraph
    inside = {kind for o in paragraph.inline for kind, _ in readings(o.marker.text)}
    for other in following:
        coming = other.openings[0].marker.text
        # (ii) after "(h) … (i)" goes on from the inner number, (i) from the outer one
        if any(
            follows(opening.marker.text, coming) for opening in paragraph.openings
        ) and not inside & {kind for kind, _ in readings(coming)}:
            return paragraph
        if any(follows(opening.marker.text, coming) for opening in paragraph.inline):
            if paragraph.openings and follows(paragraph.openings[-1].marker.text, coming):
                return paragraph
            return Paragraph(
                paragraph.text,
                (*paragraph.openings, *paragraph.inline),
                paragraph.inline[-1].end,
                paragraph.defines,
                paragraph.leads_in,
                paragraph.reserved,
            )
    return paragraph


@lru_cache(maxsize=4096)
def _one_number(marker: Marker, headed: bool, leads_in: bool) -> Line:
    return Line((marker,), (headed,), leads_in)


@lru_cache(maxsize=1024)
def _roman_type(text: str) -> Marker:
    """A number in roman type; most are one of a few hundred."""
    return Marker(text, False)


def _openings(
    text: str, at: int, italics: Sequence[tuple[int, int]] | None
) -> tuple[list[Opening], int]:
    """The numbers that stand from ``at`` on with nothing but headings between them."""
    openings: list[Opening] = []
    body = 0
    while True:
        found = _opening(text, at, italics)
        if found is None:
            if _is_cited(text, at) and all(each.heading is None for each in openings):
                return [], 0  # "(a)(1) of this section applies"
            return openings, body
        marker, start, end = found
        if marker.text[-1] == "." and openings and openings[-1].marker.text[-1] != ".":
            return openings, body
        if openings and not is_first(marker.text) and not _plausible_next(openings, marker):
            return openings, body
        heading = _heading(text, end, italics)
        openings.append(Opening(marker, start, end, heading))
        body = heading[1] if heading else end
        at = _skip_space(text, body)
        if heading:
            gap = _GAP.match(text, body)
            if gap is not None and (
                _NUMBER.match(text, gap.end()) or _DOTTED.match(text, gap.end())
            ):
                at = gap.end()


def _skip_space(text: str, at: int) -> int:
    while at < len(text) and text[at].isspace():
        at += 1
    return at


def _opening(
    text: str, at: int, italics: Sequence[tuple[int, int]] | None
) -> tuple[Marker, int, int] | None:
    match = _NUMBER.match(text, at)
    if match is None:
        dotted = _DOTTED.match(text, at)
        if dotted is None:
            return None
        return Marker(dotted[1] + "."), at, dotted.end(1) + 1
    if not readings(match[2]):
        return None
    end = match.end()
    italic = _in_spans(match.start(2), italics) if italics is not None else bool(match[1]) or None
    span = _RANGE.match(text, end)
    if span is not None:
        second = _NUMBER.match(text, span.end())
        if second is not None and _RESERVED.fullmatch(text, second.end()):
            return Marker(match[2], italic, second[2]), at, second.end()
    if _REFERENCE.match(text, end):
        return None
    return Marker(match[2], italic), at, end


def _is_cited(text: str, at: int) -> bool:
    match = _NUMBER.match(text, at)
    return match is not None and _REFERENCE.match(text, match.end()) is not None


def _plausible_next(openings: list[Opening], marker: Marker) -> bool:
    """(3)(ii) where (3)(i) was removed: another kind of number than the one before it."""
    before = {kind for kind, _ in readings(openings[-1].marker.text)}
    here = {kind for kind, _ in readings(marker.text)}
    return openings[-1].heading is None and not before & here


def _in_spans(at: int, spans: Sequence[tuple[int, int]]) -> bool:
    return any(start <= at < end for start, end in spans)


def _heading(
    text: str, at: int, italics: Sequence[tuple[int, int]] | None
) -> tuple[int, int] | None:
    """The heading that follows a number: italic words closed by a stop, a colon or a dash."""
    start = _skip_space(text, at)
    if italics is None:
        match = _PLAIN_HEADING.match(text, start)
        if match is None or not _runs_in(text, match.end()):
            return None
        return start, match.end() - (1 if text[match.end() - 1].isspace() else 0)
    end = start
    for left, right in italics:
        if right <= end:
            continue
        if left > end and (end == start or text[end:left].strip(" ,—–")):
            break
        end = right
    if end == start:
        return None
    end = min(end, len(text))
    while end > start and text[end - 1].isspace():
        end -= 1
    inner = _NUMBER_AFTER_DASH.search(text, start, end)
    if inner is not None and is_first(inner[2]):  # the italics go on across the number
        return start, inner.start() + 1
    if text[end - 1] in ".:—?":
        return start, end
    if end < len(text) and text[end] in ".:—–?":
        return start, end + 1
    if _REFERS.search(text, start, end):
        return None
    return (start, end) if _runs_in(text, _skip_space(text, end)) else None


def _runs_in(text: str, at: int) -> bool:
    match = _NUMBER.match(text, at)
    return match is not None and is_first(match[2]) and not _REFERENCE.match(text, match.end())


def _run_in(text: str, body: int, italics: Sequence[tuple[int, int]] | None) -> tuple[Opening, ...]:
    """The first numbers inside the text that may open a list, for `confirmed` to decide."""
    until = body + MAX_LEAD
    if text.find("(", body, until) < 0:
        return ()
    match = _RUN_IN.search(text, body, until)
    while match is not None:
        at = match.end()
        if _opening(text, at, italics):
            return tuple(_openings(text, at, italics)[0])
        match = _RUN_IN.search(text, at, until)
    return ()


def _defined_term(text: str, start: int, italics: Sequence[tuple[int, int]] | None) -> int | None:
    """Where the term that an unnumbered paragraph defines ends; None if it defines none."""
    if italics is None:
        match = _PLAIN_TERM.match(text, start) or _PLAIN_TITLED.match(text, start)
        return match.end() if match else None
    quote = start + (text[start : start + 1] in ("“", '"'))
    for left, right in italics:
        if left not in (start, quote) or right - left > 160:
            continue
        end = right
        while end < len(text) and text[end] in '”",.:— ':
            end += 1
        closed = text[left:end].rstrip()[-1:] in (".", ":", "—")
        return end if closed or _DEFINES.match(text, end) else None
    match = _PLAIN_TERM.match(text, start) if quote > start else None
    return match.end() if match else None


def without_dotted(paragraph: Paragraph) -> Paragraph:
    """The paragraph with ``1.`` taken as its words: no list it could be in is open."""
    return Paragraph(
        paragraph.text,
        (),
        0,
        False,
        paragraph.leads_in,
        False,
    )
