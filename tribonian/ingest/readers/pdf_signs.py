"""What a line of print shows by itself: that it opens, ends, heads or carries on something."""

from __future__ import annotations

import re

from tribonian.ingest.readers.pdf_types import Line

# What may open a paragraph: (a), (iv), 1., 3.1.2, 12), a bullet, a dash that stands apart.
OPENS = re.compile(
    r"\([0-9]{1,3}\)|\([A-Za-z]{1,5}\)|[0-9]{1,3}(?:\.[0-9]{1,3})*[.)]?(?=\s+\S)|[A-Za-z][.)]\s"
    r"|[ivxlIVXL]{1,6}[.)]\s|[•▪●■□◆➢✓❖❑☑o·–—-]\s|\*\s|§"
)
ALONE = re.compile(
    r"(?:\([0-9A-Za-z]{1,5}\)\s*)+|[0-9]{1,3}(?:\.[0-9]{1,3})*[.)]|[A-Za-z][.)]|[•▪●■□◆➢✓❖❑☑·]"
)
HEAD = re.compile(
    r"(?:PART|Part|SUBPART|Subpart|CHAPTER|Chapter|ARTICLE|Article|SECTION|Section|SUBCHAPTER"
    r"|Subchapter|ANNEX|Annex|APPENDIX|Appendix|TITLE|Title)\s+[0-9A-Z]|§§?\s*[0-9]"
)
# A title that breaks off here is not at its end: "SUBPART E OF" and "PART 200" below it.
HANGS = re.compile(r"(?:\b(?:of|and|or|the|to|in|for|by|under|with|from|see|this)|[,(])$", re.I)
STOP = re.compile(r"[.;:!?—][\"”’')\]]*[⁰-⁹¹²³]*$")
END = re.compile(r"[.!?][\"”’')\]]*$")
FRESH = re.compile(r"[\"“‘(\[§•]|[^\W\d_a-zà-ÿ]|[0-9]")
AND = re.compile(r"[,;:.]\s+(?:and|or|and/or)$|\b(?:provided|including|following):?$")
# The end of an entry of a contents page: "Scope ........ 12", "Index . . . . iv"
LEADER = re.compile(r"(?:\.{2,}|(?:\. ){3,}\.?)\s*(?:[0-9]{1,4}|[ivxlc]{1,7}|[A-Z]-[0-9]{1,3})$")
# What a line cannot end a paragraph with, whatever capital or number the next begins with.
ASKS = re.compile(
    r"(?:\b(?:parts?|sections?|subparts?|paragraphs?|articles?|CFR|U\.S\.C\.|No\.|Nos\.|of|and|or"
    r"|the|to|in|for|by|under|with|from)|§|[,(–])$",
    re.I,
)
BULLETS = "•▪●■□◆➢✓❖❑☑·"
ITEM = re.compile(r"\(?([0-9]{1,3}|[A-Za-z])([.)])\s")
FOOT = re.compile(r"(?:[0-9]{1,3}|[*†‡§]{1,3})(?=\s|[A-Z])")


def is_heading_over(lines: list[Line], b: Line) -> bool:
    """Whether all lines so far are in bold or italic type, and the one below in neither."""
    for style in ("bold", "italic"):
        if all(
            getattr(span.face, style) or span.rise for line in lines for span in line.spans
        ) and not any(getattr(span.face, style) for span in b.spans):
            return True
    return False


def follows(first: Line, b: Line) -> bool:
    """Whether line b begins the next item of the list that the first line is an item of."""
    if abs(first.x0 - b.x0) > 2.0:
        return False
    sign = first.text[:1]
    if sign and sign in BULLETS:
        return b.text[:1] == sign and b.text[1:2] in ("", " ")
    ours, theirs = ITEM.match(first.text), ITEM.match(b.text)
    if ours is None or theirs is None or ours[2] != theirs[2]:
        return False
    n, m = ours[1], theirs[1]
    if n.isdigit() and m.isdigit():
        return int(m) == int(n) + 1
    return len(n) == len(m) == 1 and ord(m) == ord(n) + 1


def is_marked(line: Line) -> bool:
    """Whether a line begins with a raised mark."""
    span = line.spans[0]
    return (
        span.rise > 0
        and len(line.spans) > 1
        and span.end - span.start < 5
        and span.face.size < 0.92 * line.face.size
    )


def is_bold(line: Line) -> bool:
    """Whether a line is bold throughout, raised figures aside."""
    if len(line.spans) == 1:
        return line.spans[0].face.bold
    return all(span.face.bold for span in line.spans if not span.rise)


def is_drawn(line: Line) -> bool:
    """Whether a line stands in a drawing, as the tags of the file have it."""
    return line.tag is not None and line.tag.role == "Figure"


def run_on(a: Line, b: Line) -> bool:
    """Whether the type changes within both lines, so that the change is no boundary."""
    if len(a.spans) == len(b.spans) == 1:
        return False
    ours = [span.face.size for span in a.spans if not span.rise]
    return any(
        abs(span.face.size - size) < 0.06 * size
        for span in b.spans
        if not span.rise
        for size in ours
    )


def is_titled(line: Line, body: float) -> bool:
    """Whether a line is set as a heading: bold throughout or larger than the text."""
    return line.face.size > body + 0.8 or is_bold(line)
