"""The bookmarks of a PDF: read from the file, and found again as headings on its pages."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from tribonian.ingest.readers.pdf_form import written
from tribonian.ingest.readers.pdf_types import OutlineEntry
from tribonian.ingest.styled import Styled

MAX_OUTLINE = 50_000
MAX_DEPTH = 20
_NUMBER = re.compile(r"^(?:[0-9]+(?:\.[0-9]+)*|[A-Z]|[IVXLC]+)[.)]?\s+")


class Bookmarks:
    """The outline of the file: the levels of the headings that stand in it.

    A title may be shorter than the heading (its first words, or without its number) and its
    page may be the one before, where a heading was moved over by what stands above it.
    """

    def __init__(self, entries: list[OutlineEntry]) -> None:
        self.levels: dict[str, list[tuple[int, int]]] = {}  # by letters: page and level
        self.pages: dict[int, list[tuple[str, int]]] = {}
        self.named: set[int] = set()  # pages that bookmarks lead to
        for entry in entries:
            said = _letters(entry.title)
            if said and not entry.title.endswith(("...", "…")):  # a whole paragraph, cut short
                self.named.add(entry.page)
                self.levels.setdefault(said, []).append((entry.page, entry.level))
                self.pages.setdefault(entry.page, []).append((said, entry.level))

    def ranked(self, block: Styled) -> Styled:
        """A block with its level, if it is a heading that the outline names.

        In a file with both, the levels of tags are another scale: they are kept only for what
        no bookmark names, below all that the bookmarks have.
        """
        if not self.named.intersection((block.page, block.page - 1)) and not block.level:
            return block  # no bookmark leads here, and no level is to be taken away
        if not self.levels or len(block.text) > 400 or block.kind != "paragraph":
            return block
        level = self._level(block)
        if level:
            return block._replace(level=level)
        return block._replace(level=0) if block.level and self._covers(block) else block

    def _level(self, block: Styled) -> int:
        said = _letters(block.text)
        for page, level in self.levels.get(said, ()):
            if page in (block.page, block.page - 1):
                return level
        if len(said) < 4:
            return 0
        bare = _letters(_NUMBER.sub("", block.text))
        for title, level in self.pages.get(block.page, ()):
            if title == bare or _letters(_NUMBER.sub("", title)) == said:
                return level
            if len(title) > 11 and said.startswith(title) and len(said) < 2.5 * len(title):
                return level
        return 0

    def _covers(self, block: Styled) -> bool:
        """Whether the bookmarks name the headings of this document and not only its parts."""
        return len(self.levels) > 5


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))


def bookmarks(document: pdfium.PdfDocument) -> Iterator[OutlineEntry]:
    """The bookmarks in order; circles, which damaged files have, are passed over."""
    heights: dict[int, float] = {}
    seen: set[int] = set()
    stack = [(raw.FPDFBookmark_GetFirstChild(document, None), 1)]
    while stack:
        entry, level = stack.pop()
        if not entry:
            continue
        address = ctypes.addressof(entry.contents)
        if address in seen or len(seen) >= MAX_OUTLINE:
            continue
        seen.add(address)
        stack.append((raw.FPDFBookmark_GetNextSibling(document, entry), level))
        if level < MAX_DEPTH:
            stack.append((raw.FPDFBookmark_GetFirstChild(document, entry), level + 1))
        title = _title_of(entry)
        if not title:
            continue
        mark = pdfium.PdfBookmark(entry, document, level)
        page, y = 0, None
        target = mark.get_dest()
        index = target.get_index() if target else None
        if target and index is not None and index < len(document):
            page = index + 1
            mode, view = target.get_view()
            top = _top(mode, view)
            if top is not None:
                if page not in heights:
                    heights[page] = _height(document, index)
                y = heights[page] - top if heights[page] else None
        yield OutlineEntry(title, level, page, y)


def _title_of(entry: Any) -> str:
    return written(lambda *rest: raw.FPDFBookmark_GetTitle(entry, *rest))


def _height(document: pdfium.PdfDocument, index: int) -> float:
    """The height of a page; 0 where the page is lost, to which a bookmark may still point."""
    try:
        return float(document.get_page_size(index)[1])
    except pdfium.PdfiumError:
        return 0.0


def _top(mode: int, view: list[float]) -> float | None:
    """The upper edge that a destination shows, from the bottom of the page (ISO 32000, 12.3.2)."""
    if mode == raw.PDFDEST_VIEW_XYZ and len(view) >= 2:
        return view[1] or None
    if mode in (raw.PDFDEST_VIEW_FITH, raw.PDFDEST_VIEW_FITBH) and view:
        return view[0] or None
    if mode == raw.PDFDEST_VIEW_FITR and len(view) == 4:
        return view[3]
    return None
