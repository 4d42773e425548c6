"""The items of one article, annex or preamble into nested nodes.

The page's layout nests points; what it sets flat (``1.   ``, ``3.2.   ``, points of old
texts) nests by its numbers. Law that is quoted to be put into another act becomes an
``extract``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from tribonian.ingest.numbers import comes_after, follows, readings
from tribonian.ingest.readers.eurlex_items import NUMBERED, Item, Point
from tribonian.ingest.record import Reading
from tribonian.schemas.tree import Node

_FLAT = re.compile(r"(\((?:\d{1,3}[a-z]{0,2}|[a-z]{1,4}|[A-Z])\)|[—–•])\s+(?=\S)")
_SECTION = re.compile(
    r"((?:SECTION|PART|CHAPTER|TITLE|APPENDIX|MODULE)\s+(?:[A-Z]\d?|[IVXLC]+|\d+[A-Z]?))\b"
    r"[.:]?(?:\s*[—–-]\s*|\s+|$)",
    re.IGNORECASE,
)
# "the following paragraph is added:", "Article 2 is replaced by the following:"
_QUOTES = re.compile(
    r"\b(?:add(?:ed|ing)|insert(?:ed|ing)|replac(?:ed|ing)|substitut(?:ed|ing)|amended|read"
    r"|worded)\b[^.;]*:\W*$",
    re.IGNORECASE,
)
_OPENS = re.compile(r"[‘“\"']")
_CLOSES = re.compile(r"[’”\"'](?:\s*\(?\W{0,3}\)?)?[.;,’”\"\s]*(?:and|or)?\W*$")
LOOKED_AT = 300  # characters at the end of a lead that may say what is inserted
LONGEST = 400  # blocks of one quotation
_RANKS = {"group": 1, "group-2": 2, "group-3": 3, "group-4": 4, "article": 1, "division": 1}


def nest(
    items: Sequence[Item], reading: Reading, where: str, *, quoted: bool = False
) -> list[Node]:
    """Nested nodes of the items of one unit, ``where``."""
    nesting = _Nesting(reading, where)
    items = list(items)
    at = 0
    while at < len(items):
        before = items[at - 1] if at else None
        end = at if quoted else _quotation(items, at, before)
        if end > at:
            inner = nest(items[at:end], reading, where, quoted=True)
            nesting.place(
                Node("extract", locator=items[at].locator, children=tuple(inner)), quote=True
            )
            at = end
            continue
        nesting.add(items[at])
        at += 1
    return nesting.close()


def _lead(item: Item | None) -> str:
    if isinstance(item, Point):
        return _lead(item.items[-1]) if item.items else ""
    return item.text if item is not None else ""


def _quotation(items: list[Item], at: int, before: Item | None) -> int:
    """Where a quotation of other law that begins here ends; ``at`` where none begins."""
    first = items[at]
    text = first.text or (first.items[0].text if isinstance(first, Point) and first.items else "")
    if not _OPENS.match(text) or before is None or not _QUOTES.search(_lead(before)[-LOOKED_AT:]):
        return at
    for end in range(at, min(at + LONGEST, len(items))):
        if _CLOSES.search(_last(items[end])[-24:]):
            return end + 1
    return at + 1


def _last(item: Item) -> str:
    while isinstance(item, Point) and item.items:
        item = item.items[-1]
    return item.text


class _Open:
    """A node under construction; ``flat`` says that what follows may still belong to it."""

    __slots__ = ("children", "family", "flat", "node")

    def __init__(self, node: Node, family: str, flat: bool) -> None:
        self.node = node
        self.family = family
        self.flat = flat
        self.children: list[Node] = list(node.children)


class _Nesting:
    """Puts items in their place, one after another."""

    def __init__(self, reading: Reading, where: str) -> None:
        self.reading = reading
        self.where = where
        self.out: list[Node] = []
        self.open: list[_Open] = []
        self.caption: Item | None = None

    def close(self) -> list[Node]:
        """The finished nodes."""
        if self.caption is not None:
            self._line(self.caption)
        self._pop(0)
        return self.out

    def _pop(self, keep: int) -> None:
        while len(self.open) > keep:
            last = self.open.pop()
            last.node.children = tuple(last.children)

    def _here(self) -> list[Node]:
        return self.open[-1].children if self.open else self.out

    def place(self, node: Node, *, quote: bool = False) -> None:
        """Put a node that is ready under what is open."""
        if not quote:
            self._to_flat()
        self._here().append(node)

    def add(self, item: Item) -> None:
        """Put one item in its place."""
        if self.caption is not None and item.node is None:
            self._line(self.caption)
            self.caption = None
        if item.node is not None:
            if self.caption is not None:
                title, self.caption = self.caption, None
                item.node.heading = f"{title.text}\n{item.node.heading}".strip()
                item.node.added += title.added
                item.node.children = (*title.notes, *item.node.children)
            self.place(item.node)
        elif item.role == "table-title":
            self.caption = item
        elif isinstance(item, Point):
            self._point(item)
        elif item.role in _RANKS:
            self._group(item)
        elif item.role in ("article-title", "division-title") and self._headless():
            self._entitle(item)
        elif item.role in ("amended", "metadata", "figure", "reference", "furniture"):
            kind = {"amended": "amendment-banner", "figure": "figure"}.get(item.role, "metadata")
            self.place(Node(kind, text=item.text, locator=item.locator, added=item.added,
                            children=tuple(item.notes)))  # fmt: skip
        elif item.role == "note":
            self.place(Node("note", text=item.text, locator=item.locator, added=item.added,
                            children=tuple(item.notes)))  # fmt: skip
        else:
            self._line(item)

    def _headless(self) -> bool:
        if not self.open:
            return False
        last = self.open[-1]
        return last.node.kind == "heading" and not last.node.heading and not last.children

    def _entitle(self, item: Item) -> None:
        """The title of the heading that was opened last, which printed its number only."""
        last = self.open[-1]
        last.node.heading = item.text
        last.node.added += item.added
        last.children += item.notes

    def _group(self, item: Item) -> None:
        """A heading within an annex: ``Section A — …``, ``1.   Introduction``."""
        numbered = NUMBERED.match(item.text)
        if numbered:
            self._numbered(
                Node("paragraph", numbered[1], item.text[numbered.end() :], "", None,
                     item.locator, tuple(item.notes), item.added),
                flat=True,
            )  # fmt: skip
            return
        rank = _RANKS[item.role]
        found = _SECTION.match(item.text)
        if found is None and self._headless():
            self._entitle(item)
            return
        keep = 0
        while keep < len(self.open) and self.open[keep].family < f"heading {rank}":
            if not self.open[keep].family.startswith("heading"):
                break
            keep += 1
        self._pop(keep)
        node = Node("heading", locator=item.locator, added=item.added, children=tuple(item.notes))
        node.designator = found[1] if found else ""
        node.heading = item.text[found.end() :] if found else item.text
        self._push(node, f"heading {rank}", flat=True)

    def _push(self, node: Node, family: str, *, flat: bool) -> None:
        self._here().append(node)
        self.open.append(_Open(node, family, flat))

    def _to_flat(self) -> None:
        """Leave the points that the layout has closed."""
        while self.open and not self.open[-1].flat:
            self._pop(len(self.open) - 1)

    def _line(self, item: Item) -> None:
        found = NUMBERED.match(item.text) or _FLAT.match(item.text)
        if found is not None and item.role != "final":
            node = Node("paragraph", found[1], "", item.text[found.end() :], None, item.locator,
                        tuple(item.notes), item.added)  # fmt: skip
            self._numbered(node, flat=True)
            return
        self._to_flat()
        while len(self.open) > 1 and self.open[-1].family not in ("1.", "heading 1", "heading 2"):
            if not any(each.family == "1." for each in self.open):
                break
            self._pop(len(self.open) - 1)
        self._here().append(
            Node("paragraph", text=item.text, locator=item.locator, added=item.added,
                 children=tuple(item.notes))
        )  # fmt: skip

    def _point(self, point: Point) -> None:
        children = nest(point.items, self.reading, f"{self.where}{point.text}")
        node = Node("paragraph", point.text, locator=point.locator, added=point.added)
        if children and _is_line(children[0]):
            lead = children[0]
            node.text, node.added = lead.text, node.added + lead.added
            children = [*lead.children, *children[1:]]
        node.children = (*point.notes, *children)
        self._numbered(node, flat=False)

    def _numbered(self, node: Node, *, flat: bool) -> None:
        number = node.designator.strip("‘“'\"() ")
        depth = next(
            (n for n, each in enumerate(self.open) if self._is_beside(each, node.designator)), None
        )
        if depth is None and "." in number.rstrip("."):
            parent = number.rstrip(".").rpartition(".")[0]
            depth = next(
                (
                    n + 1
                    for n, each in enumerate(self.open)
                    if each.node.designator.strip("‘“.() ") == parent
                ),
                None,
            )
        if depth is None:
            if not flat:
                self._leave_closed_points()
        else:
            self._check(self.open[depth] if depth < len(self.open) else None, node)
            self._pop(depth)
        self._push(node, _family(node.designator), flat=flat)

    def _leave_closed_points(self) -> None:
        """A point of another kind than those beside it: it stands in the flat paragraph.

        Where none is open, it is of the point before it, as the page sets it: deeper points
        of an annex are beside their point and moved to the right.
        """
        if any(each.flat and not each.family.startswith("heading") for each in self.open):
            self._to_flat()

    @staticmethod
    def _is_beside(each: _Open, designator: str) -> bool:
        family = _family(designator)
        if each.family == family:
            return True
        # (i) is a letter behind (h), (v) a numeral behind (iv)
        last, here = (text.strip("‘“() ") for text in (each.node.designator, designator))
        return {each.family, family} == {"(a)", "(i)"} and follows(last, here)

    def _check(self, before: _Open | None, node: Node) -> None:
        """Compare the number with the one that the layout sets before it."""
        if before is None or before.family == "—":
            return
        last = before.node.designator.strip("‘“() ").rstrip(".")
        here = node.designator.strip("‘“() ").rstrip(".")
        if last == here:
            code, said = "designator-repeated", f"{here} is printed twice in a row"
        elif readings(last) and readings(here) and not comes_after(last, here):
            code, said = "designator-irregular", f"{here} stands behind {last}"
        else:
            return
        self.reading.note(code, f"{said} in {self.where}.", node.locator, node.text[:80])


def _is_line(node: Node) -> bool:
    return node.kind == "paragraph" and not node.designator and not node.heading


def _family(designator: str) -> str:
    """What kind of list a number is of: ``1.``, ``1.1.``, ``(1)``, ``(a)``, ``(i)``, ``—``."""
    text = designator.strip("‘“'\" ")
    inner = text.strip("().")
    if not any(c.isalnum() for c in text):
        return "—"
    bracket = "(1)" if text.endswith(")") else "1."
    if inner[:1].isdigit():
        dots = inner.count(".")
        return bracket if not dots else f"1.{'1.' * dots}"
    if re.fullmatch(r"[ivx]+", inner) and not re.fullmatch(r"[vx]", inner):
        return "(i)" if bracket == "(1)" else "i."
    if inner.isupper():
        return "(A)" if bracket == "(1)" else "A."
    return "(a)" if bracket == "(1)" else "a."
