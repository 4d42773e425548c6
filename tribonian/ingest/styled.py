"""One printed block as a flat format gives it: text with what it looks like.

PDF, Word, web pages, Markdown and plain text all become a run of these; `outline` makes the
section tree of it.
"""

from __future__ import annotations

from typing import NamedTuple

from tribonian.schemas.tree import Node


class Styled(NamedTuple):
    """One paragraph, heading, table or note, in reading order.

    ``text`` is the whole block with its printed number (``(a) General.``), spaces single.
    ``kind`` is ``paragraph`` for all running text and headings; a block that is what it is
    whatever stands around it has a kind of the section tree (``table``, ``footnote``,
    ``running-head``, ``contents``, ``comment``, ``figure``, ``note``, ``history``, …).

    ``level`` is the document's own outline level (1 is highest; 0 for none): an outline
    entry, a tag H1-H6, a Word heading style, Markdown's ``#``. ``list_level`` is the depth of
    an automatic or marked list item (1 is the outermost; 0 for none), ``style`` the style's
    name or the tag. ``size`` is in points (0 unknown), ``weight`` 400 or 700, ``indent`` in
    points from the left edge of the column. ``italics`` and ``bolds`` are spans of characters,
    None where the format has no type styles. ``page`` counts from 1 (0 for none), ``locator``
    finds the block in its source (``page 3, line 7``; ``paragraph 12``).

    ``marks`` are the footnotes the text refers to; a footnote has its own mark there, and its
    text without the mark. ``node`` is a node that is ready (a table). ``added`` counts the
    words of ``text`` or ``node`` that are not the document's.
    """

    text: str
    kind: str = "paragraph"
    locator: str = ""
    level: int = 0
    list_level: int = 0
    style: str = ""
    size: float = 0.0
    weight: int = 400
    centered: bool = False
    indent: float = 0.0
    italics: tuple[tuple[int, int], ...] | None = None
    bolds: tuple[tuple[int, int], ...] | None = None
    page: int = 0
    marks: tuple[str, ...] = ()
    node: Node | None = None
    added: int = 0
