"""Footnotes of a web page: found by the links that lead to them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from tribonian.ingest.readers.html_blocks import Run
from tribonian.ingest.readers.html_page import Page
from tribonian.ingest.readers.html_text import plain_mark

_TARGET = re.compile(r"(?:fn|ftn|ftnt|footnote|endnote|note|ntr)[\w:.\-]*$", re.IGNORECASE)
_OWN_MARK = re.compile(
    r"\s*[\[(]?\s*([⁰¹²³⁴-⁹ⁱⁿ\u1d43-\u1d5b\u02b0-\u02e3]+|\d{1,3}|[a-z]|[*†‡§¶]+)\s*[\])]?(?:\.\s|\s|(?<=[⁰¹²³⁴-⁹*†‡]))\s*"
)
_BACK = re.compile(r"\s*[↑↩︎⏎^]+\s*$")


def footnotes(found: Sequence[Run], page: Page) -> Iterator[Run]:
    """The same runs, those that are footnotes marked as such.

    A footnote is what the link of a raised number leads to: a block with that id, or one that
    begins with an anchor of that name. Its mark goes to ``marks`` and leaves the text.
    """
    targets = _targets(page)
    for run in found:
        mark = targets.get(run.known) if run.known and not run.place and not run.level else None
        if mark is None or run.node is not None:
            yield run
            continue
        own = _OWN_MARK.match(run.text)
        if own is None or plain_mark(own[1]) != mark:
            yield run
            continue
        targets.pop(run.known)
        start = own.end()
        yield run._replace(
            text=_BACK.sub("", run.text[start:]),
            place="footnote",
            marks=(mark,),
            italics=tuple((a - start, b - start) for a, b in run.italics if a >= start),
            bolds=tuple((a - start, b - start) for a, b in run.bolds if a >= start),
        )


def _targets(page: Page) -> dict[str, str]:
    """The ids that footnote references lead to, with the mark each reference prints."""
    found: dict[str, str] = {}
    for link in page.body.css("a[href^='#']"):
        target = (link.attributes.get("href") or "#")[1:]
        mark = plain_mark((link.text() or "").strip())
        if _TARGET.search(target) and re.fullmatch(r"\d{1,3}|[a-z]|[*†‡§¶]+", mark):
            found.setdefault(target, mark)
    return found
