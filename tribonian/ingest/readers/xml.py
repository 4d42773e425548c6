"""XML of a vocabulary that no reader knows: its text, element by element, as printed blocks.

An element that holds text is a block; titles are headings, as deep as they stand. What the
numbers in the text say is left to `outline`, as for every format without structure.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import BinaryIO

from lxml import etree

from tribonian.errors import DocumentError
from tribonian.ingest.encodings import decode
from tribonian.ingest.outline import outline
from tribonian.ingest.readers.xml_stream import ENTITY, check_root, local, safe_parser, well_formed
from tribonian.ingest.record import Reading
from tribonian.ingest.styled import Styled
from tribonian.schemas.tree import Event

# "<?xml … encoding='…'?>", which is not to be believed where a byte order mark contradicts it.
_DECLARATION = re.compile(r"\s*<\?xml\b[^>]*\?>")
_DECLARED = re.compile(rb"<\?xml\b[^>]*\bencoding\s*=\s*[\"']([\w.\-]+)")
_TITLES = frozenset(
    ("title", "heading", "head", "hd", "headline", "chapter-title", "section-title", "header",
     "titel", "titre", "titulo", "rubrik", "subtitle", "subheading")
)  # fmt: skip
# What is a block wherever it stands, so that what holds it is no line of text.
_BLOCKS = frozenset(
    ("p", "para", "paragraph", "div", "section", "sect", "sec", "table", "tr", "row", "td", "th",
     "entry", "cell", "li", "item", "list", "ul", "ol", "chapter", "part", "article", "note",
     "footnote", "blockquote", "body", "abstract", "figure", "line", "clause", "subsection")
) | _TITLES  # fmt: skip
_BLOCK_LEVELS = 6


def read_xml(file: BinaryIO, reading: Reading) -> Iterator[Event]:
    """Stream the nodes of any XML document.

    Raises DocumentError, in one sentence, for what is no well-formed XML.
    """
    root = _parse(file)
    reading.cites_cfr = False
    reading.note(
        "vocabulary-unknown",
        f"No reader knows the XML vocabulary of <{local(root)}>; its text was read element by "
        "element, and its structure by titles and printed numbers alone.",
        f"/{local(root)}",
    )
    yield from outline(_blocks(root), reading)


def _parse(file: BinaryIO) -> etree._Element:
    data = file.read()
    found = _DECLARED.match(data.lstrip(b"\xef\xbb\xbf \t\r\n"))
    declared = found[1].decode("ascii") if found else None
    text, _ = decode(data, declared)
    text = _DECLARATION.sub("", text.lstrip("\ufeff"), count=1).lstrip()
    bare = io.BytesIO(text.encode("utf-8", "replace"))
    with well_formed(bare):
        root: etree._Element | None = etree.parse(bare, safe_parser()).getroot()
    if root is None:
        raise DocumentError("It is not XML: no element starts it.")
    check_root(root, (local(root),))
    if any(not isinstance(each.tag, str) for each in root.iter()):
        raise DocumentError(ENTITY)
    return root


def _blocks(root: etree._Element) -> Iterator[Styled]:
    """The text of a document in order, a block for each element that holds some."""
    stack: list[tuple[etree._Element | str, str, int]] = [(root, f"/{local(root)}", 0)]
    while stack:
        element, path, depth = stack.pop()
        if isinstance(element, str):
            yield Styled(element, locator=path)
            continue
        if _is_line(element):
            text = _said(element)
            if text:
                titled = local(element).lower() in _TITLES
                level = min(max(depth, 1), _BLOCK_LEVELS) if titled else 0
                yield Styled(text, locator=path, style=local(element), level=level)
            continue
        coming: list[tuple[etree._Element | str, str, int]] = []
        count: dict[str, int] = {}
        if (element.text or "").strip():
            coming.append((" ".join((element.text or "").split()), path, depth))
        for child in element:
            name = local(child)
            place = count[name] = count.get(name, 0) + 1
            coming.append((child, f"{path}/{name}[{place}]", depth + 1))
            if (child.tail or "").strip():
                coming.append((" ".join((child.tail or "").split()), path, depth))
        stack += reversed(coming)


def _is_line(element: etree._Element) -> bool:
    """Whether an element is one run of text: it has some of its own, or nothing below it."""
    if not len(element):
        return True
    if any(local(each).lower() in _BLOCKS for each in element.iterdescendants()):
        return False
    return any((text or "").strip() for text in (element.text, *(c.tail for c in element)))


def _said(element: etree._Element) -> str:
    return " ".join("".join(map(str, element.itertext())).split())
