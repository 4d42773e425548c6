"""A web page as the run of blocks that a browser shows, one below the other.

Text runs on until an element begins or ends that stands by itself; inline elements, and
blocks that the page's own style sets inline, do not part it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

from selectolax.lexbor import LexborNode

from tribonian.ingest.readers.html_layout import is_layout, leads
from tribonian.ingest.readers.html_lists import Numbering, numbering
from tribonian.ingest.readers.html_style import Declarations, Sheet, indent
from tribonian.ingest.readers.html_table import read_table, shown
from tribonian.ingest.readers.html_text import (
    NUMBER_CLASS,
    Inline,
    InlineText,
    Spans,
    is_unshown,
    open_inline,
)
from tribonian.schemas.tree import Node

HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
BLOCKS = frozenset(
    (*HEADINGS, "address", "article", "aside", "blockquote", "body", "center", "dd", "details",
     "dialog", "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form",
     "header", "hgroup", "hr", "html", "legend", "li", "listing", "main", "menu", "nav", "ol",
     "optgroup", "option", "p", "plaintext", "pre", "search", "section", "summary", "ul", "xmp",
     "table", "caption", "thead", "tbody", "tfoot", "tr", "td", "th", "button")
)  # fmt: skip
_INLINE_DISPLAY = frozenset(("inline", "contents", "run-in"))
_BLOCK_DISPLAY = frozenset(
    ("block", "flex", "grid", "list-item", "table", "table-row", "table-cell", "flow-root")
)
# A printed number and nothing else, which belongs to the text that is set beside it.
LONE_NUMBER = re.compile(
    r"(?:\(\s?\w{1,6}\s?\)\s?|\w{1,3}[.)]|\d+(?:\.\d+)+\.?|§§?\s?[\d.\-–\w]+){1,4}|[•·–—-]"
)
# A heading that is a number and nothing else: "1798.100.", "§ 5", "Sec. 12.", "Article 3".
_NUMBER_HEADING = re.compile(
    r"(?:§{1,2}|Sec(?:tion|\.)?|Art(?:icle|\.)?|Rule|Reg(?:ulation|\.)?)?\s*"
    r"\d[\w.\-–]*(?:\([\w]{1,4}\))*[.:]?"
)
_STARTS_NUMBER = re.compile(
    r"(?:\(\s?\w{1,5}\s?\)|\d{1,3}\.|[a-z]\.|[ivx]{1,5}\.|§|Sec\.|SEC\.|Section \d|Article \d|"
    r"ARTICLE )\s*\S"
)
_ENDS = re.compile(r"[.:;,—–)\]”\"]$|\b(?:and|or)$")
_RUN_IN_LENGTH = 250


class Run(NamedTuple):
    """One block as shown: its text, and the element and surroundings it stands in."""

    text: str
    tag: str
    locator: str
    level: int = 0
    list_level: int = 0
    indent: float = 0.0
    centered: bool = False
    italics: Spans = ()
    bolds: Spans = ()
    marks: tuple[str, ...] = ()
    raised: tuple[str, ...] = ()
    links: int = 0
    anchors: int = 0
    added: int = 0
    node: Node | None = None
    place: str = ""  # what the surroundings make of it: "metadata", "footnote", …
    known: str = ""  # the nearest id
    preformatted: bool = False


@dataclass(slots=True)
class _Here:
    """What an open block hands down to the blocks inside it."""

    tag: str
    path: str
    level: int = 0
    list_level: int = 0
    indent: float = 0.0
    centered: bool = False
    place: str = ""
    known: str = ""
    numbers: Numbering | None = None
    layout: bool = False
    keeps: bool = False  # a number alone in it goes on into the block after it
    count: dict[str, int] | None = None
    heading: bool = False
    run_in: bool = False


Placed = Callable[[LexborNode, dict[str, str | None], str], str]


def runs(top: LexborNode, sheet: Sheet, placed: Placed | None = None) -> Iterator[Run]:
    """The blocks of an element in order.

    ``placed`` is asked of each block element what its surroundings make of its text, given
    what those of its parent do.
    """
    return _Flow(sheet, placed or (lambda node, attributes, above: above)).run(top)


class _Flow:
    def __init__(self, sheet: Sheet, placed: Placed) -> None:
        self.sheet = sheet
        self.placed = placed
        self.line = InlineText()
        self.breaks: list[int] = []
        self.inlines: list[Inline] = []
        self.here: list[_Here] = []
        self.head: Run | None = None  # a heading that is a number, set beside what follows
        self.out: list[Run] = []

    def run(self, top: LexborNode) -> Iterator[Run]:
        self.here = [_Here("", "")]
        stack: list[LexborNode | Inline | _Here] = [top]
        while stack:
            item = stack.pop()
            if isinstance(item, _Here):
                self._leave(item)
            elif isinstance(item, Inline):
                item.close()
                self.inlines.pop()
            elif item.is_text_node:
                self.line.add(item.text_content or "")
            else:
                opened = self._open(item)
                if opened is not None:
                    stack.append(opened)
                    child = item.last_child
                    while child is not None:
                        stack.append(child)
                        child = child.prev
            if self.out:
                yield from self.out
                self.out.clear()
        self._flush()
        self._release()
        yield from self.out

    def _open(self, node: LexborNode) -> Inline | _Here | None:
        tag = node.tag or ""
        attributes = node.attributes
        said = self.sheet.of(tag, attributes)
        if is_unshown(node, attributes, said) and tag not in ("html", "body"):
            return None
        if tag == "br":
            self._break()
            return None
        display = said.get("display", "") if said else ""
        if tag in ("td", "th") and self.here[-1].layout:
            display = "block"
        block = tag in BLOCKS and display not in _INLINE_DISPLAY
        if tag in HEADINGS or (not block and display in _BLOCK_DISPLAY):
            block = True
        if not block:
            opened = open_inline(node, self.line, self.sheet)
            if opened is not None:
                self.inlines.append(opened)
            return opened
        return self._enter(node, tag, attributes, said)

    def _break(self) -> None:
        """``<br>``: two of them part paragraphs, one may."""
        if self.line.lines:
            self.line.add("\n")
            return
        length = len(self.line.text())
        if self.breaks and self.breaks[-1] == length and length:
            self._flush()
        elif length:
            self.breaks.append(length)
            self.line.add(" ")

    def _enter(
        self, node: LexborNode, tag: str, attributes: dict[str, str | None], said: Declarations
    ) -> _Here | None:
        above = self.here[-1]
        heading = _level(tag, attributes)
        if not (self._goes_on(tag) and not heading):
            self._flush()
        elif self.line.last() not in ("", " "):
            self.line.add(" ")
        count = above.count = above.count if above.count is not None else {}
        count[tag] = count.get(tag, 0) + 1
        known = attributes.get("id") or ""
        path = (
            f"//*[@id='{known}']" if known and "'" not in known else
            f"{above.path}/{tag}[{count[tag]}]"
        )  # fmt: skip
        place = above.place
        for inline in self.inlines:  # <span class="hidden"><h2>…
            place = self.placed(inline.node, inline.attributes, place)
        place = self.placed(node, attributes, place)
        here = _Here(
            tag,
            path,
            heading or above.level,
            above.list_level,
            above.indent + (indent(said) if said else 0.0),
            _centered(tag, attributes, said, above.centered),
            place,
            known or above.known,
            heading=bool(heading),
        )
        here.run_in = (
            bool(heading)
            and bool(said)
            and (said.get("float") in ("left", "inline-start") or said.get("display") in _BESIDE)
        )
        name = attributes.get("class") or ""
        here.keeps = not heading and (
            tag == "dt"
            or bool(said and (said.get("float") == "left" or said.get("display") in _BESIDE))
            or bool(name and NUMBER_CLASS.search(name))
        )
        if tag in ("ul", "ol", "menu", "dir"):
            here.list_level += 1
            here.numbers = numbering(node, said, self.sheet) if tag == "ol" else Numbering("")
        elif tag == "li" and above.numbers is not None:
            marker = above.numbers.marker(attributes, said)
            if marker:
                self.line.add(f"{marker} ")
        elif tag in ("blockquote", "dd"):
            here.indent += 30.0  # 40 pixels (HTML 15.3.3)
        elif tag in ("pre", "listing", "xmp", "plaintext"):
            self.line.lines = True
        elif tag == "table":
            if not is_layout(node, attributes, self.sheet):
                self._table(node, here)
                return None
            here.layout = True
        elif tag in ("tbody", "thead", "tfoot"):
            here.layout = above.layout
        elif tag == "tr":
            here.layout = above.layout and leads(node, self.sheet)
        elif tag in ("td", "th"):
            here.keeps = above.layout
        if (
            said
            and said.get("white-space", "").startswith(("pre-wrap", "pre-line"))
            and not (self.line.parts)
        ):
            self.line.lines = True
        self.here.append(here)
        return here

    def _goes_on(self, tag: str) -> bool:
        """Whether the line is a number that belongs to the block which begins now."""
        if not self.line.parts or tag in _NEVER_GOES_ON:
            return False
        text = self.line.text()
        if LONE_NUMBER.fullmatch(text):
            return True
        found = _NUMBERED_HEAD.match(text)
        if found is None or len(text) > _RUN_IN_LENGTH or not self.here[-1].tag:
            return False
        spans = self.line.spans([*self.line.bolds, *self.line.italics])
        return any(a <= found.end() and b >= len(text) for a, b in spans) and tag != "li"

    def _leave(self, here: _Here) -> None:
        if here.keeps and LONE_NUMBER.fullmatch(self.line.text()):
            self.line.add(" ")
        else:
            self._flush(run_in=here.run_in)
        self.here.pop()

    def _table(self, node: LexborNode, here: _Here) -> None:
        table = read_table(node, self.sheet, here.path)
        if table.text or table.heading or table.children:
            self._release()
            self.out.append(
                Run("", "table", here.path, node=table, place=here.place, known=here.known)
            )

    def _flush(self, *, run_in: bool = False) -> None:
        """End the line: it becomes a run; open inline elements go on in the next one."""
        line = self.line
        for inline in reversed(self.inlines):
            inline.close()
        self.line = InlineText()
        breaks, self.breaks = self.breaks, []
        for inline in self.inlines:
            inline.resume(self.line)
        text = line.text().lstrip() if not line.lines else line.text()
        if not text.strip():
            return
        here = self.here[-1]
        run = Run(
            text, here.tag, here.path, here.level, here.list_level, here.indent, here.centered,
            line.spans(line.italics), line.spans(line.bolds), tuple(line.marks),
            tuple(line.raised), line.links, line.anchors, line.added, None, here.place,
            here.known, line.lines,
        )  # fmt: skip
        if self.head is not None:
            run = self._beside(run)
        if run_in and _NUMBER_HEADING.fullmatch(run.text):
            self.head = run
            return
        self.out += _parted(run, breaks) if breaks and not run.level else [run]

    def _beside(self, run: Run) -> Run:
        """A heading's number and the text that is set on its line."""
        head = self.head
        assert head is not None
        self.head = None
        if run.level or run.node is not None or not _is_title(run.text):
            self.out.append(head)
            return run
        shift = len(head.text) + 1
        return run._replace(
            text=f"{head.text} {run.text}",
            level=head.level,
            locator=head.locator,
            tag=head.tag,
            italics=tuple((a + shift, b + shift) for a, b in run.italics),
            bolds=(*head.bolds, *((a + shift, b + shift) for a, b in run.bolds)),
            added=head.added + run.added,
            marks=head.marks + run.marks,
        )

    def _release(self) -> None:
        if self.head is not None:
            self.out.append(self.head)
            self.head = None


def _is_title(text: str) -> bool:
    """Whether what stands on the line of a section's number is its heading and not its text."""
    if _STARTS_NUMBER.match(text) or len(text) > _RUN_IN_LENGTH or text.endswith((":", ";", ",")):
        return False
    return not (text.endswith(".") and (_SAYS.search(text) or len(text.split()) > 12))


_SAYS = re.compile(r"\b(?:shall|must|may|means?|is|are|was|were|has|have|will)\b")
_BESIDE = frozenset(("inline", "inline-block", "run-in", "table-cell", "contents"))
_NEVER_GOES_ON = frozenset((*HEADINGS, "li", "ul", "ol", "table", "pre", "hr", "dl", "dt"))
_NUMBERED_HEAD = re.compile(r"(?:\(\s?\w{1,6}\s?\)\s?){1,3}|\w{1,3}[.)]\s")


def _level(tag: str, attributes: dict[str, str | None]) -> int:
    level = HEADINGS.get(tag, 0)
    if level or attributes.get("role") != "heading":
        return level
    said = attributes.get("aria-level") or ""
    return min(int(said), 9) if said.isascii() and said.isdigit() else 2  # WAI-ARIA 1.2


def _centered(tag: str, attributes: dict[str, str | None], said: Declarations, above: bool) -> bool:
    aligned = (said.get("text-align") if said else None) or (attributes.get("align") or "").lower()
    if aligned and tag != "table":
        return aligned.endswith("center")
    return tag == "center" or above


def _parted(run: Run, breaks: list[int]) -> list[Run]:
    """A run of lines with ``<br>`` between them, parted where a line begins with a number."""
    cuts = [
        at for at in dict.fromkeys(breaks)
        if 0 < at < len(run.text)
        and _STARTS_NUMBER.match(run.text[at:].lstrip())
        and _ENDS.search(run.text[:at])
    ]  # fmt: skip
    if not cuts:
        return [run]
    out: list[Run] = []
    for start, end in zip([0, *cuts], [*cuts, len(run.text)], strict=True):
        piece = run.text[start:end]
        lead = len(piece) - len(piece.lstrip())
        a, b = start + lead, start + len(piece.rstrip())
        first = not out
        out.append(run._replace(
            text=run.text[a:b],
            italics=_cut(run.italics, a, b),
            bolds=_cut(run.bolds, a, b),
            added=run.added if first else 0,
            marks=tuple(m for m in run.marks) if end == len(run.text) else (),
        ))  # fmt: skip
    return out


def _cut(spans: Spans, start: int, end: int) -> Spans:
    return tuple(
        (max(a, start) - start, min(b, end) - start) for a, b in spans if a < end and b > start
    )


__all__ = ["Run", "replace", "runs", "shown"]
