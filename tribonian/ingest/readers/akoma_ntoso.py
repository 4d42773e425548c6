"""Akoma Ntoso, the OASIS standard for legal documents: acts, bills and their attachments.

What is cited is told by the document: where there are articles, an article is its section
and ``section`` a larger unit; elsewhere the section is. Vocabulary: "Akoma Ntoso Version
1.0, Part 2: Specifications" (OASIS, 2018), for the schema 3.0 and the drafts before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from lxml import etree

from tribonian.ingest.readers.akoma_blocks import DIALECT
from tribonian.ingest.readers.law_citations import (
    BY_ARTICLE,
    BY_SECTION,
    EU,
    UK_ACT,
    UK_REGULATIONS,
    Form,
    act_named,
    cite,
)
from tribonian.ingest.readers.xml_check import check_numbers
from tribonian.ingest.readers.xml_file import attribute, first, parse, plain
from tribonian.ingest.readers.xml_stream import local
from tribonian.ingest.readers.xml_text import Markup, take_title
from tribonian.ingest.readers.xml_units import inside
from tribonian.ingest.record import Reading
from tribonian.schemas.tree import Enter, Event, Leave, Node
from tribonian.schemas.words import count_words

_UK = re.compile(r"legislation\.gov\.uk/(?:id/)?(ukpga|asp|uksi|ssi|wsi|nisr)/(\d{4})/(\d+)")
_UK_SERIES = {"ukpga": "{} c. {}", "asp": "{} asp {}", "uksi": "S.I. {}/{}", "ssi": "S.S.I. {}/{}",
              "wsi": "S.I. {}/{}", "nisr": "S.R. {}/{}"}  # fmt: skip
_ISO = re.compile(r"(?!1900-01-01|9999|0001)\d{4}-\d{2}-\d{2}")


def read_akoma_ntoso(file: BinaryIO, reading: Reading) -> Iterator[Event]:
    """The nodes of one document; ``reading`` is filled as it goes."""
    root = parse(file, frozenset(("akomaNtoso",)), "Akoma Ntoso")
    reading.cites_cfr = False
    meta = first(root, "meta")
    markup = Markup(reading, DIALECT)
    if meta is not None:
        reading.as_of = _as_of(meta)
        for note in meta.iterdescendants():
            if local(note) == "note":
                markup.notes.setdefault(attribute(note, "eId", "id", "wId"), note)
    title = first(root, "docTitle", "shortTitle")
    work, form = _work(root, meta, plain(title))
    reading.heading = plain(title) or _alias(meta)
    name, added = plain(title), 0
    if title is not None and _stands_alone(title):
        take_title(markup, title)
    else:
        added = count_words(name)  # its words stay where they stand in a sentence
    top = inside(markup, root, "/akomaNtoso")
    check_numbers(top, reading)
    cite(top, work, form)
    reading.count()
    yield Enter(Node("document", "", name, "", work, "/akomaNtoso", added=added))
    yield from top
    yield Leave()


def _stands_alone(title: etree._Element) -> bool:
    block = title.getparent()
    return block is not None and plain(block) == plain(title)


def _as_of(meta: etree._Element) -> str | None:
    """The date of the expression, which is that of the version."""
    expression = first(meta, "FRBRExpression")
    dated = first(expression, "FRBRdate") if expression is not None else None
    found = _ISO.match(attribute(dated, "date")) if dated is not None else None
    return found[0] if found else None


def _alias(meta: etree._Element | None) -> str:
    alias = first(meta, "FRBRalias") if meta is not None else None
    return attribute(alias, "value") if alias is not None else ""


def _work(root: etree._Element, meta: etree._Element | None, title: str) -> tuple[str | None, Form]:
    """A citation: the country's own where it is known, else the work's URI by the standard."""
    uri = first(meta, "FRBRuri", "FRBRthis") if meta is not None else None
    value = attribute(uri, "value").partition("/!")[0] if uri is not None else ""
    found = _UK.search(value)
    if found:
        form = UK_REGULATIONS if found[1] in ("uksi", "ssi", "wsi", "nisr") else UK_ACT
        return _UK_SERIES[found[1]].format(found[2], found[3]), form
    if "/eu/" in value or "europa.eu" in value:
        union = act_named(title)
        if union:
            return union, EU
    form = BY_ARTICLE if first(root, "article") is not None else BY_SECTION
    return value or None, form
