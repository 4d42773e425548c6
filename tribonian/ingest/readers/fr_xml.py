"""The Federal Register: a single document, or the issue of a day.

Rules, proposed rules, notices and presidential documents are handed on one at a time.
Vocabulary: "Federal Register XML Rendition User Guide", GPO.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from lxml import etree

from tribonian.ingest.readers.fr_blocks import BLOCKS, Sheet
from tribonian.ingest.readers.gpo_blocks import dated, steps
from tribonian.ingest.readers.gpo_volume import Container, Volume
from tribonian.ingest.readers.xml_stream import local, stream
from tribonian.ingest.record import Reading
from tribonian.schemas.tree import Event, Node

_DOCUMENTS = frozenset(("RULE", "PRORULE", "NOTICE", "PRESDOCU"))
# What documents are gathered in: by kind, by agency (NEWPART), by chance.
_GATHERED = frozenset(
    ("RULES", "PRORULES", "NOTICES", "PRESDOCS", "PRESDOC", "NEWPART", "CORRECTS", "PARTS")
)
ROOTS = _DOCUMENTS | frozenset(("FEDREG",))
_FRDOC = re.compile(r"FR Doc\.?\s*([\w–-]+)")
_CFR = re.compile(r"(\d{1,2})\s+CFR\b")


def read_fr_xml(file: BinaryIO, reading: Reading) -> Iterator[Event]:
    """Stream the nodes of a document or an issue; ``reading`` is filled as it goes.

    Raises DocumentError, in one sentence, for anything that is not the Register's XML.
    """
    reading.cites_cfr = False
    issue = _Issue(reading)
    for step in stream(file, _GATHERED | {"FEDREG"}, _DOCUMENTS, ROOTS):
        yield from issue.take(step)
    yield from issue.end()


class _Issue(Volume):
    roots = _GATHERED
    table = BLOCKS
    volume = ""

    def kind_of(self, element: etree._Element) -> str:
        return "document"

    def look_at(self, element: etree._Element) -> None:
        if local(element) == "VOL" and not self.volume:
            self.volume = (element.text or "").strip()
        elif local(element) == "DATE":
            self.reading.as_of = self.reading.as_of or dated("".join(map(str, element.itertext())))

    def take_head(self, container: Container, element: etree._Element) -> bool:
        return False

    def read_unit(self, element: etree._Element, path: str, above: str) -> Iterator[Node]:
        yield _document(element, path, self.volume, self.reading)


def _document(element: etree._Element, path: str, volume: str, reading: Reading) -> Node:
    """One document with all that is in it."""
    page = next(element.iter("PRTPAGE"), None)
    etree.strip_tags(element, "PRTPAGE")
    # A proposal is no law: its sections are not to be taken for those of the CFR.
    titles = {
        found[1]
        for each in element.iter("CFR")
        for found in _CFR.finditer("".join(map(str, each.itertext())))
    }
    stated = next(iter(sorted(titles)), "") if len(titles) == 1 else ""
    law = stated if element.tag == "RULE" else None
    sheet = Sheet(reading, law)
    for child, at in steps(element, path, sheet):
        sheet.block(child, at)
    sheet.close()
    number = next(
        (found[1] for each in element.iter("FRDOC")
         if (found := _FRDOC.search("".join(map(str, each.itertext()))))), ""
    )  # fmt: skip
    citation = sheet.number or None
    if citation is None and volume.isdigit() and page is not None and page.get("P", "").isdigit():
        citation = f"{volume} FR {page.get('P')}"
    elif citation is None and number:
        citation = f"FR Doc. {number}"
    reading.heading = reading.heading or sheet.heading
    return Node("document", sheet.designator, sheet.heading, "", citation, path,
                tuple(sheet.done), sheet.added)  # fmt: skip
