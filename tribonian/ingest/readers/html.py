"""Any web page that holds law: its main text by headings, lists and printed numbers.

What a browser shows is read, in the order it shows it: the numbers of lists too. What is of
the site, its menus and footers, is kept as ``metadata``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import BinaryIO

from tribonian.errors import DocumentError
from tribonian.ingest.outline import outline
from tribonian.ingest.readers.html_blocks import Run, runs
from tribonian.ingest.readers.html_main import Document
from tribonian.ingest.readers.html_notes import footnotes
from tribonian.ingest.readers.html_page import Page, open_page
from tribonian.ingest.readers.text import text_blocks
from tribonian.ingest.record import Reading
from tribonian.ingest.styled import Styled
from tribonian.schemas.tree import Event
from tribonian.schemas.words import count_words

_ERROR = re.compile(
    r"\b(?:40[0134]|410|50[0234])\b|not found|forbidden|access denied|page (?:cannot|can't|could "
    r"not) be|no longer (?:exists|available)|service unavailable|bad gateway|internal server error"
    r"|an error (?:has )?occurred",
    re.IGNORECASE,
)
_ROBOT = re.compile(
    r"captcha|are you (?:a )?(?:human|robot)|verify (?:that )?you are|request access"
    r"|unusual traffic|checking your browser|enable javascript",
    re.IGNORECASE,
)
# The note of a code's publisher on the acts behind a section, in brackets at its end.
_HISTORY = re.compile(
    r"[(\[]\s?(?=[^\n]*\b(?:1[89]|20)\d\d\b)(?:[^\n]{0,120}?\b)?"
    r"(?:[Aa]dded|[Aa]mended|[Ee]nacted|[Rr]epealed|[Rr]enumbered|Formerly|Acts|Laws|L\.|Stats\.|"
    r"Pub\. L\.|Source:)\b[^\n]*[)\]]\.?"
)
_LAW = re.compile(r"§|\([a1]\)\s")
_SHORT = 120  # words: an error page says no more
_LONG_WINDED = 400  # nor does a site that asks whether you are human


def read_html(file: BinaryIO, reading: Reading) -> Iterator[Event]:
    """Stream the nodes of a web page."""
    page = open_page(file, reading)
    yield from read_page(page, reading)


def read_page(page: Page, reading: Reading) -> Iterator[Event]:
    """Stream the nodes of a page that is open."""
    document = Document(page)
    found = _ended(list(runs(page.body, page.sheet, document.placed)))
    _refuse(page, found)
    if page.title and not reading.heading:
        reading.heading = page.title
    yield from outline(styled(footnotes(found, page)), reading)


def styled(found: Iterable[Run]) -> Iterator[Styled]:
    """Runs of a page as `outline` takes them."""
    for run in found:
        kind = run.place or "paragraph"
        node = run.node
        if run.preformatted:
            yield from _typed(run, kind)
            continue
        if kind == "paragraph" and not run.level and _is_history(run.text):
            kind = "history"
        if node is not None and kind == "metadata":
            node = replace(node, kind="metadata")
        yield Styled(
            run.text,
            kind if node is None else node.kind,
            run.locator,
            run.level if kind == "paragraph" else 0,
            run.list_level,
            run.tag,
            weight=700 if run.level or _is_all(run.bolds, run.text) else 400,
            centered=run.centered,
            indent=run.indent,
            italics=run.italics,
            bolds=run.bolds,
            marks=run.marks,
            node=node,
            added=run.added,
        )


def _is_history(text: str) -> bool:
    """Whether brackets hold the whole paragraph, and acts and their years are named in them."""
    if not _HISTORY.fullmatch(text):
        return False
    depth = 0
    for at, character in enumerate(text):
        depth += (character in "([") - (character in ")]")
        if not depth:
            return at >= len(text) - 2
    return False


def _typed(run: Run, kind: str) -> Iterator[Styled]:
    """Text set as on a typewriter (``<pre>``): its blank lines and numbers part it."""
    for block in text_blocks(run.text):
        if kind == "metadata" and block.node is not None:
            block = block._replace(node=replace(block.node, kind=kind))
        yield block._replace(
            kind=kind if block.kind == "paragraph" else block.kind,
            locator=f"{run.locator}, {block.locator}" if block.locator else run.locator,
        )


def _is_all(spans: tuple[tuple[int, int], ...], text: str) -> bool:
    return bool(spans) and spans[0][0] == 0 and spans[-1][1] >= len(text) and len(spans) == 1


def _ended(found: list[Run]) -> list[Run]:
    """Runs with their places settled: lists of links within the page are its contents."""
    out = [run._replace(place="metadata") if run.place == "outside" else run for run in found]
    start = None
    for at in range(len(out) + 1):
        links = at < len(out) and _only_links(out[at])
        if links and start is None:
            start = at
        elif not links and start is not None:
            if at - start >= 3:
                for k in range(start, at):
                    out[k] = out[k]._replace(place="contents")
            start = None
    return out


def _only_links(run: Run) -> bool:
    return (
        run.node is None and not run.level and not run.place
        and run.anchors > 0.8 * len(run.text) and len(run.text) > 3
    )  # fmt: skip


def _refuse(page: Page, found: list[Run]) -> None:
    """Say so where a page is no document: frames, an error, a test for robots, nothing."""
    law = [run for run in found if run.place != "metadata"]
    text = "\n".join(run.text or (run.node.text if run.node else "") for run in law)
    size = count_words(text)
    frames = page.tree.css("frame[src], iframe[src]")
    if not size and frames and (page.tree.css_first("frameset") or not found):
        names = ", ".join(str(frame.attributes.get("src"))[:80] for frame in frames[:3])
        raise DocumentError(f"The page only frames others ({names}); save the one with the text.")
    head = f"{page.title}\n{law[0].text if law else ''}\n{law[1].text if len(law) > 1 else ''}"
    if size < _LONG_WINDED:
        whole = f"{page.title}\n{text}"
        if _ROBOT.search(whole) and not _LAW.search(text):
            raise DocumentError(
                "It is a site's request to prove that you are human and not the document; open it "
                "in a browser and save the page that follows, or ask the site's API (the eCFR's is "
                "/api/versioner/v1/full/DATE/title-N.xml)."
            )
        if size < _SHORT and _ERROR.search(head) and not _LAW.search(text):
            said = " ".join((law[0].text if law else page.title).split())[:80]
            raise DocumentError(
                f"It is a site's error page ({said}) and not the document; download it again."
            )
    if not size:
        what = "no text but what its scripts make" if page.tree.css_first("script") else "no text"
        raise DocumentError(f"The page holds {what}; save it from a browser once it is shown.")
