"""The lines of a PDF page: PDFium's text with the places and faces of its words.

PDFium gives the text of a page in one call, and its own line ends with it; places and
faces cost a call each. So the ends of all lines are asked first, the words of a line only
where it is of several text objects, its characters only where a word is of several faces.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from itertools import islice, repeat

import pypdfium2 as pdfium

from tribonian.ingest.readers import pdf_calls as calls
from tribonian.ingest.readers.pdf_glyphs import legible
from tribonian.ingest.readers.pdf_page_pieces import EVEN, WORD, Pieces, Stretches
from tribonian.ingest.readers.pdf_page_text import Box, Boxes, Known, Objects, PageText
from tribonian.ingest.readers.pdf_types import Line, PdfPage, Span

_RUN = re.compile(r"[^\r\n\x02\ufffe]+[\x02\ufffe]?")
_SPAN = re.Match.span


def read_page(page: pdfium.PdfPage, number: int, *, tagged: bool) -> PdfPage:
    """The lines and rules of one page, which can be closed afterwards."""
    text = PageText(page, number, tagged=tagged)
    try:
        lines = _lines(text)
        width, height = text.crop[2] - text.crop[0], text.crop[3] - text.crop[1]
        if text.turn % 2:
            width, height = height, width
        return PdfPage(number, width, height, lines, text.rules())
    finally:
        text.close()


def _lines(page: PageText) -> list[Line]:
    """The lines of the page, in the order of its content."""
    starts: list[int] = []
    lasts: list[int] = []  # the last character of each
    hyphens: list[bool] = []
    for found in _RUN.finditer(page.text):
        run = found[0]
        hyphen = run[-1] in "\x02\ufffe"
        if hyphen:
            run = run[:-1]
        start = found.start() + len(run) - len(run.lstrip())
        run = run.strip()
        if run:
            starts.append(start)
            lasts.append(start + len(run) - 1)
            hyphens.append(hyphen)
    if not starts:
        return []
    turns = _turns(page, starts, lasts)  # which may change how boxes are to be seen
    count = len(starts)
    objects = page.objects(starts + lasts)
    x0s, y0s, x1s, y1s = page.boxes(starts + lasts)
    apart = _taken_apart(page, starts, lasts, turns, objects)
    lines: list[Line] = []
    pieces = Pieces(page)
    for at, (start, last, hyphen, turn) in enumerate(
        zip(starts, lasts, hyphens, turns, strict=True)
    ):
        end = at + count
        if turn:
            box = (min(x0s[at], x0s[end]), min(y0s[at], y0s[end]),
                   max(x1s[at], x1s[end]), max(y1s[at], y1s[end]))  # fmt: skip
            size = x1s[at] - x0s[at] if turn % 2 else y1s[at] - y0s[at]
            known = page.known[objects[at]]
            lines.append(_turned(page, start, last + 1, hyphen, turn, box, size, known))
            continue
        stretches = apart.get(at)
        if stretches is None:
            x0, y0, x1, y1 = x0s[at], y0s[at], x1s[end], y1s[at]
            height = y1 - y0
            if abs(y0s[end] - y0) + abs(y1s[end] - y1) < EVEN * height:
                font, marked = page.known[objects[at]]
                face, above = font.faces.get(int(height * 20)) or page.new_face(font, start, height)
                length = (last + 1 - start) * (face.size or 1.0)
                if 0.2 * length < x1 - x0 < 0.62 * length or last - start < 2:
                    lines.append(page.plain(start, last + 1, hyphen, (x0, y0, x1, y1),
                                             y0 + above * height, face, marked))  # fmt: skip
                    continue
            one: Objects = [objects[at]]
            stretches = ([start], [last], one, one), (
                x0s[at : end + 1 : count], y0s[at : end + 1 : count],
                x1s[at : end + 1 : count], y1s[at : end + 1 : count],
            )  # fmt: skip
        pieces.take(start, last, hyphen, stretches, lines)
    return lines


def _taken_apart(
    page: PageText, starts: list[int], lasts: list[int], turns: list[int], objects: Objects
) -> dict[int, tuple[Stretches, Boxes]]:
    """The stretches of each run of several text objects, with their boxes.

    Asked for together, since a call for each line costs more than what is asked. All
    objects are known afterwards.
    """
    count = len(starts)
    runs = [at for at, turn in enumerate(turns) if not turn and objects[at] != objects[at + count]]
    if not runs:
        page.learn(objects)
        return {}
    found = _stretches(page, [(starts[at], lasts[at]) for at in runs],
                       [(objects[at], objects[at + count]) for at in runs])  # fmt: skip
    every = set(objects)
    for _, _, begins, ends in found:
        every.update(begins)
        if ends is not begins:
            every.update(ends)
    page.learn(every)
    x0s, y0s, x1s, y1s = page.boxes([at for each in found for ats in each[:2] for at in ats])
    apart: dict[int, tuple[Stretches, Boxes]] = {}
    begin = 0
    for at, stretches in zip(runs, found, strict=True):
        end = begin + 2 * len(stretches[0])
        apart[at] = stretches, (x0s[begin:end], y0s[begin:end], x1s[begin:end], y1s[begin:end])
        begin = end
    return apart


def _turns(page: PageText, starts: Sequence[int], lasts: Sequence[int]) -> list[int]:
    """How each run is turned against most of the page, in quarter turns counter-clockwise."""
    main = page.turn % 4
    angles = list(map(calls.angle_of, repeat(page.raw), starts))
    if not main and not any(angles):
        return [0] * len(angles)
    # PDFium's angles grow clockwise, and a page turned clockwise shows what is turned back
    turns = [0 if angle == 0 else -round(angle / (math.pi / 2)) % 4 for angle in angles]
    weight: Counter[int] = Counter()
    for turn, start, last in zip(turns, starts, lasts, strict=True):
        weight[turn] += last + 1 - start
    if len(weight) > 1 or main not in weight:
        most, count = weight.most_common(1)[0]
        if most != main and count > 0.5 * sum(weight.values()):
            main = page.turn = most  # a page laid on its side without saying so
    return [(turn - main) % 4 for turn in turns]


def _stretches(
    page: PageText, runs: list[tuple[int, int]], owners: list[tuple[int | None, int | None]]
) -> list[Stretches]:
    """What of each run is of one text object.

    ``runs`` are the first and last character of each, ``owners`` the objects of these. Where
    every word is of its own, or every letter, as four places between the two show, the
    stretches are words.
    """
    text = page.text
    probes: list[int] = []
    for start, last in runs:
        quarter = (last - start) // 4
        if quarter:
            for place in (start + 3 * quarter, start + 2 * quarter, start + quarter):
                probes.append(page.letter(place, place, last) if text[place].isspace() else place)
    objects = page.objects(probes)
    found: list[Stretches] = []
    by_words: list[Stretches] = []
    at = 0
    for (start, last), (first_object, last_object) in zip(runs, owners, strict=True):
        todo = [(last, last_object)]  # places and their objects, from the right
        if last - start > 3:
            own = objects[at : at + 3]
            todo += zip(probes[at : at + 3], own, strict=True)
            at += 3
            if len({first_object, last_object, *own}) == 5:
                words = [*map(_SPAN, WORD.finditer(text, start, last + 1))]
                stretches: Stretches = (
                    [first for first, _ in words], [after - 1 for _, after in words], [], []
                )  # fmt: skip
                by_words.append(stretches)
                found.append(stretches)
                continue
        found.append(_halved(page, start, last, first_object, todo))
    asked = iter(page.objects([at for each in by_words for ats in each[:2] for at in ats]))
    for firsts, _, begins, ends in by_words:
        begins += islice(asked, len(firsts))
        ends += islice(asked, len(firsts))
    return found


def _halved(
    page: PageText, start: int, last: int, own: int | None, todo: list[tuple[int, int | None]]
) -> Stretches:
    """What of a line is of one text object each, found by halving what lies between two.

    ``own`` is the object at its start; ``todo`` are places, with their objects, from the
    right.
    """
    firsts: list[int] = [start]
    lasts: list[int] = []
    objects = [own]
    at, raw, object_of = start, page.raw, calls.text_object
    while todo:
        then, other = todo[-1]
        if other == own:
            at = then
            todo.pop()
            continue
        middle = page.letter((at + then) // 2, at, then)
        if at < middle < then:
            todo.append((middle, object_of(raw, middle)))
        else:  # nothing but room between the two
            lasts.append(at)
            firsts.append(then)
            objects.append(other)
            at, own = then, other
            todo.pop()
    lasts.append(last)
    return firsts, lasts, objects, objects


def _turned(
    page: PageText,
    start: int,
    end: int,
    hyphen: bool,
    turn: int,
    box: Box,
    size: float,
    known: Known,
) -> Line:
    face, _ = page.face(known[0], start, size)
    text = " ".join(page.text[start:end].split()) + ("-" if hyphen else "")
    if page.repair:
        text = legible(text, face.name)
    span = Span(0, len(text), box[0], box[2], face, known[1])
    return Line(text, *box, box[3], face, (span,), page.number, hyphen, turn * 90)
