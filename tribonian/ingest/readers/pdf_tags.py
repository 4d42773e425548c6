"""The structure tree of a tagged PDF, page by page: which element each marked content is of.

PDFium makes the tree anew for each page, with a place for every child an element has in the
document, empty where that child is on other pages. The path of those places names an element
for the whole document, which is how a table or a paragraph is known on the next page.

ISO 32000-1, 14.8.4 has the standard types; PDFium follows the role map to them.
"""

from __future__ import annotations

import ctypes
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from tribonian.ingest.readers.pdf_calls import Pointer, bare
from tribonian.ingest.readers.pdf_types import Tag

MAX_DEPTH = 60
MAX_LOOKS = 40_000  # children looked at on one page
MAX_WIDTH = 30_000_000  # children of the widest element times pages: beyond, minutes of PDFium

_tops = bare("FPDF_StructTree_CountChildren", ctypes.c_int)
_top_at = bare("FPDF_StructTree_GetChildAtIndex", Pointer)
_count = bare("FPDF_StructElement_CountChildren", ctypes.c_int)
_child_at = bare("FPDF_StructElement_GetChildAtIndex", Pointer)
_content_at = bare("FPDF_StructElement_GetChildMarkedContentID", ctypes.c_int)
_type_of = bare("FPDF_StructElement_GetType", ctypes.c_ulong)
_attributes = bare("FPDF_StructElement_GetAttributeCount", ctypes.c_int)
_attribute_at = bare("FPDF_StructElement_GetAttributeAtIndex", Pointer)
_value_of = bare("FPDF_StructElement_Attr_GetValue", Pointer)
_number_of = bare("FPDF_StructElement_Attr_GetNumberValue", ctypes.c_int)

# What holds no text by itself, or stands within a line.
_GROUPS = frozenset(
    ("Document", "DocumentFragment", "Part", "Art", "Sect", "Div", "Aside", "NonStruct", "Private",
     "Index", "THead", "TBody", "TFoot")
)  # fmt: skip
_INLINE = frozenset(
    ("Span", "Link", "Reference", "Quote", "Code", "Em", "Strong", "Sub", "Annot", "BibEntry",
     "Ruby", "RB", "RT", "RP", "Warichu", "WT", "WP")
)  # fmt: skip
# Groups also within a cell or an item, as Chromium makes them for each of its boxes.
_SAME = _GROUPS | _INLINE
# A paragraph in one of these is of its kind.
_HOLDERS = frozenset(
    ("TD", "TH", "Caption", "Note", "FENote", "TOCI", "LI", "LBody", "Lbl", "BlockQuote", "Figure",
     "Formula", "Artifact")
)  # fmt: skip
_BY_OTHER_NAMES = {"FENote": "Note", "Title": "H1", "H": "H", "LBody": "LI", "Lbl": "LI"}


class _Around(NamedTuple):
    """What the elements around a content say of it."""

    role: str = "P"
    block: int = -1
    table: int = -1
    row: int = -1
    cell: int = -1
    columns: int = 1
    rows: int = 1
    list_level: int = 0


Path = tuple[int, ...]


@dataclass(slots=True)
class Tags:
    """The tags of one document; `of_page` is to be asked page by page, in order.

    ``pages`` is the number of pages. Costs nothing for a file without a structure tree; is
    given up where the tree is so wide that PDFium would spend minutes on it.
    """

    pages: int
    given_up: bool = False
    places: dict[int, int] = field(default_factory=dict)  # cell -> its place in its row, from 0
    _numbers: dict[Path, int] = field(default_factory=dict)
    _latest: dict[Path, int] = field(default_factory=dict)  # last child met on the page before
    _order: int = 0

    def of_page(
        self, page: pdfium.PdfPage, wanted: Collection[int] | None = None
    ) -> dict[int, Tag]:
        """Marked content id -> tag.

        ``wanted`` are the ids that occur in the page's text: when they are found the rest of
        the tree is not looked at. Contents without an element (page numbers, running heads)
        have no tag.
        """
        if self.given_up:
            return {}
        tree = raw.FPDF_StructTree_GetForPage(page)
        if not tree:
            return {}
        try:
            return _Walk(self, {-1} if wanted is None else set(wanted)).tree(
                ctypes.cast(tree, Pointer)
            )
        finally:
            raw.FPDF_StructTree_Close(tree)

    def number(self, path: Path) -> int:
        """The number of an element, the same on every page."""
        return self._numbers.setdefault(path, len(self._numbers))

    def next_order(self) -> int:
        """A place in the logical order, after all that were given before."""
        self._order += 1
        return self._order

    def begin(self, path: Path) -> int:
        """The child of an element that the page before left off with."""
        return self._latest.get(path, 0)

    def leave(self, path: Path, index: int) -> None:
        """Note the last child of an element met on this page."""
        self._latest[path] = index


@dataclass(slots=True)
class _Walk:
    tags: Tags
    wanted: set[int]  # what is still to be found, and -1 where that is not known
    found: dict[int, Tag] = field(default_factory=dict)
    looks: int = 0

    def tree(self, tree: Pointer) -> dict[int, Tag]:
        for index in self._places(_tops(tree), ()):
            if self._is_done():
                break
            child = _top_at(tree, index)
            if child:
                self.tags.leave((), index)
                self._element(child, (index,), _Around())
        return self.found

    def _places(self, count: int, path: Path) -> Iterable[int]:
        """Indices of children: from where the page before left off, then those before it."""
        if count * self.tags.pages > MAX_WIDTH:
            self.tags.given_up = True
            return ()
        begin = self.tags.begin(path) if count > 1 else 0
        return (*range(begin, count), *range(begin)) if 0 < begin < count else range(count)

    def _is_done(self) -> bool:
        """Whether all is found that is wanted; counts how often it is asked."""
        self.looks += 1
        return self.looks > MAX_LOOKS or not self.wanted

    def _element(self, element: Pointer, path: Path, around: _Around) -> None:
        if len(path) > MAX_DEPTH:
            return
        here = self._here(_text(element), element, path, around)
        left = -1
        wanted, found = self.wanted, self.found
        tag: Tag | None = None  # of what stands in this element itself
        for index in self._places(_count(element), path):
            self.looks += 1
            if not wanted or self.looks > MAX_LOOKS:
                break
            child = _child_at(element, index)
            if child:
                left = index
                self._element(child, (*path, index), here)
                continue
            content = _content_at(element, index)
            if content >= 0 and content not in found:
                left = index
                wanted.discard(content)
                order = self.tags.next_order()
                if tag is None:
                    block = here.block if here.block >= 0 else self.tags.number(path)
                    tag = found[content] = Tag(here.role, block, order, *here[2:])
                else:
                    found[content] = tag._replace(order=order)
        if left >= 0:
            self.tags.leave(path, left)

    def _here(self, role: str, element: Pointer, path: Path, around: _Around) -> _Around:
        """What stands in this element is of this role and block."""
        if role in _SAME:
            return around
        number = self.tags.number
        if role == "Table":
            own = number(path)
            return _Around("Table", own, own, list_level=around.list_level)
        if role == "TR":
            own = number(path)
            return around._replace(role="TR", block=own, row=own)
        if role in ("TD", "TH"):
            columns, rows = _spans(element)
            self.tags.places[number(path)] = path[-1]
            own = number(path)
            return _Around(role, own, around.table, around.row, own, columns, rows,
                           around.list_level)  # fmt: skip
        if role == "L":
            return around._replace(
                role="P", block=-1 if around.cell < 0 else around.block,
                list_level=around.list_level + 1,
            )  # fmt: skip
        if role in ("Lbl", "LBody") and around.role == "LI":
            return around  # one block with its item: "(a)" and its text
        if role == "P" and around.role in _HOLDERS:
            first = path[-1] == 0
            return around if first else around._replace(block=number(path))
        if role == "Lbl":
            return around  # the mark of a note, within its text
        return around._replace(role=_BY_OTHER_NAMES.get(role, role), block=number(path))


def _spans(element: Pointer) -> tuple[int, int]:
    """Columns and rows that a cell covers: attributes of owner Table (14.8.5.7)."""
    columns = rows = 1
    for index in range(min(_attributes(element), 20)):
        attribute = _attribute_at(element, index)
        if attribute:
            columns = max(columns, _number(attribute, b"ColSpan"))
            rows = max(rows, _number(attribute, b"RowSpan"))
    return columns, rows


_float = ctypes.c_float()
_place = ctypes.byref(_float)


def _number(attribute: Pointer, name: bytes) -> int:
    value = _value_of(attribute, name)
    if value and _number_of(value, _place):
        return int(min(max(_float.value, 1), 200))
    return 1


_buffer = ctypes.create_string_buffer(128)
_names: dict[bytes, str] = {}  # as they are in the buffer: a dozen, whatever the size of a file


def _text(element: Pointer) -> str:
    """The standard type of an element; "" for one with a name no standard type has."""
    size = _type_of(element, _buffer, 128)
    if not 2 < size <= 128:
        return ""
    found = _buffer.raw[: size - 2]
    name = _names.get(found)
    if name is None:
        name = found.decode("utf-16-le", "replace")
        if len(_names) < 1_000:
            _names[found] = name
    return name
