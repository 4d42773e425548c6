"""Numbers in the margin that count the lines of a page, as drafts and bills have them."""

from __future__ import annotations

import re

from tribonian.ingest.readers.pdf_lines import piece
from tribonian.ingest.readers.pdf_types import Line, PdfPage

FEWEST = 8  # lines that count before it is believed; fewer where the page before did
_FIRST = re.compile(r"[0-9]{1,5}(?=\s|$)")


class LineNumbers:
    """Takes the line numbers out of one page after another, and keeps them."""

    def __init__(self) -> None:
        self.found: list[Line] = []
        self.sure = False

    def take(self, page: PdfPage) -> None:
        """Remove what counts the lines of a page, also where it is one line with the text."""
        lines = sorted((line for line in page.lines if not line.angle), key=_by_place)
        first = {id(line): match for line in lines if (match := _FIRST.match(line.text))}
        counted = [line for line in lines if id(line) in first]
        least = 3 if self.sure else FEWEST
        if len(counted) < least:
            return
        left = min(line.x1 for line in lines)
        counted = [line for line in counted if line.x0 <= left + 1]
        if len(counted) < least:
            return
        chain = _chain([(int(first[id(line)][0]), line) for line in counted])
        if len(chain) < least:
            return
        merged = [line for line in chain if first[id(line)].end() < len(line.text)]
        if merged:
            heights = {round(line.base / 4) for line in lines if line.base >= chain[0].base}
            if not self.sure and (len(chain) < 0.5 * len(heights) or len(chain) < 15):
                return
        else:
            texts = [line.x0 for line in lines if id(line) not in first]
            if not self.sure and texts and max(line.x1 for line in chain) > min(texts) + 1:
                return
        self.sure = True
        taken = {id(line): line for line in chain}
        kept: list[Line] = []
        for line in page.lines:
            if id(line) not in taken:
                kept.append(line)
                continue
            end = first[id(line)].end()
            self.found.append(piece(line, 0, end))
            if end < len(line.text):
                kept.append(piece(line, end, len(line.text)))
        page.lines = kept


def _by_place(line: Line) -> tuple[float, float]:
    return line.base, line.x0


def _chain(numbered: list[tuple[int, Line]]) -> list[Line]:
    """The longest run of lines, from the top, that count by one, or else by five.

    The count may begin anew on a page: at a new bill, or where it goes up to 28 only.
    """
    best: list[Line] = []
    for step in (1, 5):
        chains: dict[int, list[Line]] = {}
        for value, line in numbered:
            before = chains.get(value - step)
            if before is None and value == step and chains:
                before = max(chains.values(), key=len)
            chain = [*(before or ()), line]
            if len(chain) > len(chains.get(value, ())):
                chains[value] = chain
        longest = max(chains.values(), key=len)
        if len(longest) > len(best) and len(longest) >= 0.6 * len(numbered):
            best = longest
    return best
