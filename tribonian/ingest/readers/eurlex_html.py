"""European Union law as EUR-Lex shows it: one act, original or consolidated.

What stands in what is told by the titles (PART, TITLE, CHAPTER, SECTION, Article, ANNEX) and
not by the page's divisions, which older pages do not have.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import BinaryIO

from tribonian.errors import DocumentError
from tribonian.ingest.encodings import decode
from tribonian.ingest.readers.eurlex_blocks import nest
from tribonian.ingest.readers.eurlex_items import NUMBERED, Item, Point
from tribonian.ingest.readers.eurlex_page import Page
from tribonian.ingest.readers.html_page import MAX_NESTING, nesting
from tribonian.ingest.readers.law_citations import EU, act_named, cite
from tribonian.ingest.record import Reading
from tribonian.schemas.tree import Enter, Event, Leave, Node

# Rank and kind of the larger units (Joint Practical Guide 15; Interinstitutional style guide).
_DIVISIONS = {
    "PART": (1, "part"), "TITLE": (2, "title"), "CHAPTER": (3, "chapter"),
    "SECTION": (4, "subchapter"), "SUBSECTION": (5, "subject-group"),
    "SUB-SECTION": (5, "subject-group"),
}  # fmt: skip
_DIVISION = re.compile(
    r"((?:PART|TITLE|CHAPTER|SECTION|SUB-?SECTION)\s+(?:[IVXLC]+[A-Z]?|\d+[A-Za-z]?|[A-Z]|ONE|TWO"
    r"|THREE|FOUR|FIVE|SIX|SEVEN|EIGHT|NINE|TEN))\b[.:]?(?:\s*[—–-]\s*|\s+|$)",
    re.IGNORECASE,
)
_ARTICLE = re.compile(
    r"((?:Article|Art\.)\s+\d+[a-z]{0,3}|Sole\s+Article)\b[.:]?(?:\s*[—–-]\s*|\s+|$)",
    re.IGNORECASE,
)
_ANNEX = re.compile(
    r"((?:ANNEX|APPENDIX)(?:\s+(?:[IVXLC]+[a-zA-Z]?|\d+[a-z]?|[A-Z]))?)\b[.:]?(?:\s*[—–-]\s*|\s+|$)",
    re.IGNORECASE,
)
_RECITAL = re.compile(r"(\(\d{1,3}[a-z]?\))\s+")
_REFERENCE = re.compile(r"\b(\d{2})\.(\d{2})\.(\d{4})\b")
_IMPRINT = re.compile(r"(?:ELI: https?://\S+|ISSN \d{4}-\d{3}[\dX]\b.{0,40})$")
# Before 1998 recitals had no numbers.
_OLD_RECITAL = re.compile(r"Whereas,?\s+\S")
_WHEREAS = re.compile(r"whereas\b\W*$", re.IGNORECASE)


def read_eurlex_html(file: BinaryIO, reading: Reading) -> Iterator[Event]:
    """The nodes of one act; ``reading`` is filled as it goes."""
    data = file.read()
    found = re.search(rb"charset\s*=\s*[\"']?([\w.-]+)", data[:4096])
    text, _ = decode(data, found[1].decode("latin-1") if found else None)
    reading.cites_cfr = False
    if nesting(text) > 2 * MAX_NESTING:  # the parser's time grows with the square of it
        raise DocumentError(
            f"Its elements are nested more than {2 * MAX_NESTING} deep; download the act again."
        )
    page = Page(text, reading)
    items = page.items()
    if not items:
        raise DocumentError("It is a web page without text; download the act again.")
    if not any(item.role == "article" for item in items):
        _by_their_words(items)
    act = _Act(reading)
    for item in items:
        act.add(item)
    top = act.close()
    title = " ".join(act.title)[:2000]
    work = act_named(title)
    short = re.search(
        r"\(([^()]*\b(?:Act|Regulation|Directive|Code|Law)\b[^()]*)\)\s*(?:\(|$)", title
    )
    reading.heading = (f"{work} ({short[1]})" if work and short else work) or title[:300]
    cite(top, work, EU)
    reading.count()
    heading = act.title[0] if act.title else ""
    yield Enter(Node("document", "", heading, "", work, act.locator, added=act.added))
    yield from top
    yield Leave()


def _by_their_words(items: list[Item]) -> None:
    """The roles of lines in a page without classes: ``<TXT_TE><p>Article 1</p>``."""
    before = ""
    for item in items:
        plain = item.role == "line" and not isinstance(item, Point) and item.node is None
        if plain and not before and act_named(item.text):
            item.role = before = "title"
        elif plain and len(item.text) <= 200:
            for role, pattern in (
                ("article", _ARTICLE), ("annex", _ANNEX), ("division", _DIVISION),
            ):  # fmt: skip
                match = pattern.match(item.text)
                if match and (match.end() == len(item.text) or item.text.isupper()):
                    item.role = role
            if item.role == "line" and before in _TITLE_OF and _is_title(item.text):
                item.role = _TITLE_OF[before]
        if plain:
            before = item.role


_TITLE_OF = {"article": "article-title", "annex": "annex-title", "division": "division-title"}


def _is_title(text: str) -> bool:
    """A short line that ends no sentence and begins no paragraph."""
    return len(text) <= 120 and text[:1].isupper() and text[-1] not in ".:;,"


class _Act:
    """Takes the items of a page one after another and puts the units together."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.top: list[Node] = []
        self.title: list[str] = []
        self.locator = ""
        self.added = 0  # words of marks of pictures in the first line of the title
        self.open: list[tuple[int, Node, list[Node]]] = []  # larger units: rank, node, children
        self.unit: Node | None = None
        self.body: list[Item] = []
        self.preamble: list[Item] = []
        self.after: list[Node] = []  # what the site prints below the document
        self.begun = False
        self.fresh = False  # the last item was the number of a unit, its title may follow

    # -- what an item begins

    def add(self, item: Item) -> None:
        """Take one item."""
        role = item.role
        plain = not isinstance(item, Point) and item.node is None
        quoted = item.text[:1] in '‘“"' and self.unit is not None
        if plain and not quoted:
            begins = _BEGINS.get(role)
            if begins is not None and begins(self, item):
                return
        self.fresh = self.fresh and role in ("article-title", "division-title", "annex-title")
        if role == "furniture":
            (self.after if self.begun else self.top).extend(nest([item], self.reading, "the page"))
        elif role in ("metadata", "reference") or (plain and _IMPRINT.match(item.text)):
            self._metadata(item)
        elif role == "final":
            self._end()
            self._close(0)
            self.top += nest([item], self.reading, "the end")
        elif self.unit is not None:
            self.body.append(item)
        elif self.open:
            self.open[-1][2].extend(nest([item], self.reading, self.open[-1][1].designator))
        elif self.begun or not self.title:
            self.top += nest([item], self.reading, "the act")
        else:
            self.preamble.append(item)

    def _metadata(self, item: Item) -> None:
        if item.role == "reference" and self.reading.as_of is None:
            # "02016R0679 — EN — 04.05.2016 — 000.002": the date of the consolidated version
            found = _REFERENCE.search(item.text)
            if found:
                self.reading.as_of = f"{found[3]}-{found[2]}-{found[1]}"
        node = Node("metadata", text=item.text, locator=item.locator, added=item.added,
                    children=tuple(item.notes))  # fmt: skip
        if _IMPRINT.match(item.text):
            self._end()
            self._close(0)
        if self.unit is not None:
            self.body.append(Item("table", "", item.locator, node=node))
        elif self.title and not self.begun and self.preamble:
            self.preamble.append(Item("table", "", item.locator, node=node))
        else:
            self.top.append(node)

    def _title(self, item: Item) -> bool:
        if _ANNEX.match(item.text) and (self.begun or self.preamble):
            return self._annex(item)
        if self.unit is not None and self.unit.kind == "appendix" and not self.body:
            return self._annex_title(item)
        if self.begun or self.preamble or self.unit is not None:
            return False
        self.title.append(item.text)
        if len(self.title) == 1:
            self.locator, self.added = item.locator, item.added
            self.top += item.notes
        else:
            self.top.append(Node("paragraph", text=item.text, locator=item.locator,
                                 added=item.added, children=tuple(item.notes)))  # fmt: skip
        return True

    def _division(self, item: Item) -> bool:
        match = _DIVISION.match(item.text)
        if match is None and (self.unit is not None and self.unit.kind == "appendix"):
            return False
        if self.unit is not None and self.unit.kind == "appendix":
            return False  # the parts of an annex are headings within it
        word = item.text.split(maxsplit=1)[0].upper() if match else ""
        rank, kind = _DIVISIONS.get(word, (6, "subject-group"))
        self._begin()
        self._end()
        self._close(rank)
        designator = match[1] if match else ""
        heading = item.text[match.end() :] if match else item.text
        node = Node(kind, designator, heading, locator=item.locator, added=item.added,
                    children=tuple(item.notes))  # fmt: skip
        self._here().append(node)
        self.open.append((rank, node, list(node.children)))
        self.fresh = True
        return True

    def _division_title(self, item: Item) -> bool:
        if not self.fresh or not self.open or self.unit is not None:
            return False
        node = self.open[-1][1]
        node.heading = f"{node.heading} {item.text}".strip()
        node.added += item.added
        self.open[-1][2].extend(item.notes)
        return True

    def _article(self, item: Item) -> bool:
        match = _ARTICLE.match(item.text)
        if self.unit is not None and self.unit.kind == "appendix":
            return False
        self._begin()
        self._end()
        designator = match[1] if match else item.text
        heading = item.text[match.end() :] if match else ""
        self.unit = Node("section", designator, heading, locator=item.locator, added=item.added,
                         children=tuple(item.notes))  # fmt: skip
        self.reading.sections += 1
        self.fresh = True
        return True

    def _article_title(self, item: Item) -> bool:
        if not self.fresh or self.unit is None or self.unit.kind != "section":
            return False
        self.unit.heading = f"{self.unit.heading} {item.text}".strip()
        self.unit.added += item.added
        self.unit.children = (*self.unit.children, *item.notes)
        return True

    def _annex(self, item: Item) -> bool:
        match = _ANNEX.match(item.text)
        self._begin()
        self._end()
        self._close(0)
        designator = match[1] if match else ""
        heading = item.text[match.end() :] if match else item.text
        self.unit = Node("appendix", designator, heading, locator=item.locator, added=item.added,
                         children=tuple(item.notes))  # fmt: skip
        self.fresh = True
        return True

    def _annex_title(self, item: Item) -> bool:
        if self.unit is None or self.unit.kind != "appendix" or self.body:
            return False
        self.unit.heading = f"{self.unit.heading} {item.text}".strip()
        self.unit.added += item.added
        self.unit.children = (*self.unit.children, *item.notes)
        return True

    # -- what ends

    def _here(self) -> list[Node]:
        return self.open[-1][2] if self.open else self.top

    def _begin(self) -> None:
        """The enacting terms begin: what stood before them is the preamble."""
        if self.begun:
            return
        self.begun = True
        self.top += preamble(self.preamble, self.reading)
        self.preamble = []

    def _end(self) -> None:
        if self.unit is None:
            return
        unit, self.unit = self.unit, None
        body, self.body = self.body, []
        unit.children = (*unit.children, *nest(body, self.reading, unit.designator))
        self._here().append(unit)

    def _close(self, rank: int) -> None:
        while self.open and self.open[-1][0] >= rank:
            _, node, children = self.open.pop()
            node.children = tuple(children)

    def close(self) -> list[Node]:
        """The top of the act."""
        self._end()
        self._close(0)
        self.top += preamble(self.preamble, self.reading)
        return self.top + self.after


# Role -> what takes it; it says whether the item was what its role promises.
_BEGINS: dict[str, Callable[[_Act, Item], bool]] = {
    "title": _Act._title,
    "division": _Act._division,
    "division-title": _Act._division_title,
    "article": _Act._article,
    "article-title": _Act._article_title,
    "annex": _Act._annex,
    "annex-title": _Act._annex_title,
}


def preamble(items: Sequence[Item], reading: Reading) -> list[Node]:
    """Citations, ``Whereas:`` with the recitals under it, the enacting words.

    A consolidated text has none; what it prints before its first unit stands by itself.
    """
    children: list[Node] = []
    whereas: Node | None = None
    recitals: list[tuple[Node, list[Node]]] = []  # each `Whereas:`, and what stands under it
    for item in items:
        number, rest = "", [item]
        if isinstance(item, Point):
            number, rest = item.text, item.items
        elif item.node is None and (found := _RECITAL.match(item.text)):
            number = found[1]
            rest = [
                Item("line", item.text[found.end() :], item.locator, (), item.notes, item.added)
            ]
        if number and NUMBERED.match(f"{number} ") is None:
            nodes = nest(rest, reading, f"recital {number}")
            first = nodes[0] if nodes else Node("paragraph")
            lead = first.kind == "paragraph" and not first.designator
            node = Node(
                "recital", number, "", first.text if lead else "", None, item.locator,
                (*first.children, *nodes[1:]) if lead else tuple(nodes), first.added if lead else 0,
            )  # fmt: skip
            (recitals[-1][1] if whereas is not None else children).append(node)
        elif item.node is None and _OLD_RECITAL.match(item.text):
            children.append(
                Node("recital", text=item.text, locator=item.locator, added=item.added,
                     children=tuple(item.notes))
            )  # fmt: skip
        elif item.node is None and _WHEREAS.match(item.text):
            whereas = Node("heading", heading=item.text, locator=item.locator, added=item.added,
                           children=tuple(item.notes))  # fmt: skip
            recitals.append((whereas, []))
            children.append(whereas)
        else:
            if recitals and recitals[-1][1]:
                whereas = None
            children += nest([item], reading, "the preamble")
    for node, below in recitals:
        node.children = (*node.children, *below)
    if all(child.kind in ("amendment-banner", "metadata") for child in children):
        return children
    return [Node("subject-group", "", "Preamble", locator=items[0].locator,
                 children=tuple(children), added=1)]  # fmt: skip
