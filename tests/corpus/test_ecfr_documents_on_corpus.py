"""Units of real titles, asked for at a server of them: the same as cut out of the title.

The files are ``../shared/corpus`` beside the repository; without them the tests are skipped.
"""

from __future__ import annotations

import io
import random
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from lxml import etree

from tests.servers.ecfr import EcfrServer
from tests.servers.titles import Title
from tribonian.errors import DocumentError
from tribonian.ingest.ecfr.documents import Ecfr
from tribonian.ingest.ecfr.places import Places
from tribonian.ingest.ecfr.resolve import resolve
from tribonian.ingest.ecfr.structure import parse_structure
from tribonian.ingest.ecfr.units import Asked, CfrUnit
from tribonian.ingest.readers.ecfr_names import is_reserved
from tribonian.ingest.readers.ecfr_xml import read_ecfr_xml
from tribonian.ingest.record import Reading
from tribonian.ingest.web.client import Web
from tribonian.ingest.web.pace import Pace
from tribonian.schemas.tree import Node, grow

DAY = "2026-01-29"
FOLDER = Path(__file__).parents[2].parent / "shared" / "corpus" / "ecfr_titles"
FILES = {int(path.name.split("-")[1].split("_")[0]): path for path in FOLDER.glob("*.xml")}
pytestmark = pytest.mark.skipif(not FILES, reason=f"{FOLDER.name} is not beside the repository")
EACH = pytest.mark.parametrize("title", sorted(FILES) or [0])
KINDS = {
    "DIV2": "subtitle", "DIV3": "chapter", "DIV4": "subchapter", "DIV5": "part", "DIV6": "subpart",
    "DIV7": "subject_group", "DIV8": "section", "DIV9": "appendix",
}  # fmt: skip


@cache
def title_of(title: int) -> etree._Element:
    return etree.parse(FILES[title]).getroot()


@cache
def places_of(title: int) -> Places:
    return Places(parse_structure(Title(FILES[title].read_bytes()).structure()))


def units_of(title: int) -> Iterator[tuple[CfrUnit, etree._Element]]:
    """Every unit below the title with its own numbers, independently of the program's cutting."""
    for element in title_of(title).iter(*KINDS):
        said = {KINDS[each.tag]: str(each.get("N")) for each in (element, *element.iterancestors())
                if each.tag in KINDS}  # fmt: skip
        yield CfrUnit(title, **said), element


def law(root: Node) -> list[tuple[str, str | None, str | None, str]]:
    return [(n.kind, n.designator, n.heading, n.text) for n in root.walk()]


def read(xml: bytes, title: int) -> list[tuple[str, str | None, str | None, str]]:
    return law(grow(read_ecfr_xml(io.BytesIO(xml), Reading(title=str(title)))))


def head(element: etree._Element) -> str:
    found = element.find("HEAD")
    return "" if found is None else " ".join("".join(found.itertext()).split())


@EACH
def test_every_unit_of_the_title_is_found_by_its_own_numbers_or_is_said_to_be_reserved(
    title: int,
) -> None:
    places, wrong = places_of(title), []
    for unit, element in units_of(title):
        above = [element, *(each for each in element.iterancestors() if each.tag in KINDS)]
        reserved = any(is_reserved(head(each)) for each in above)
        # 21 CFR part 121 has a "Subpart B—Reserved" without brackets
        reserved = reserved or next(element.iter("P", "FP"), None) is None
        if unit.chapter == "0":  # 1 CFR "CHAPTER V [RESERVED]" is so numbered in the XML
            continue
        try:
            [found] = resolve(unit, places, DAY)
        except DocumentError as error:
            if not (reserved and "there is no text" in str(error)):
                wrong.append(str(error))
        else:
            if any(is_reserved(head(each)) for each in above) or found.unit != unit:
                wrong.append(f"{unit} -> {found.unit}")

    assert wrong == []


@EACH
def test_every_section_is_found_by_its_number_alone(title: int) -> None:
    places = places_of(title)
    for unit, element in units_of(title):
        if unit.kind == "section" and not is_reserved(head(element)):
            [found] = resolve(CfrUnit(title, section=unit.section), places, DAY)
            assert found.unit == unit


@EACH
def test_units_that_are_asked_for_are_the_same_as_cut_out_of_the_title(
    title: int, tmp_path: Path
) -> None:
    of_kind: dict[str, list[tuple[CfrUnit, etree._Element]]] = {}
    for unit, element in units_of(title):
        if not any(is_reserved(head(each)) for each in (element, *element.iterancestors())):
            of_kind.setdefault(unit.kind, []).append((unit, element))
    chosen = [each for several in of_kind.values()
              for each in random.Random(title).sample(several, min(4, len(several)))]  # fmt: skip

    alone: list[str] = []
    with EcfrServer({title: {DAY: FILES[title]}}, rate=None) as server:
        for number, (unit, element) in enumerate(chosen):
            server.clear()
            cache_folder = tmp_path / str(number)  # each as if it were the first
            with Web(cache_folder, exempt=[server.base_url], pace=Pace(0)) as web:
                ecfr = Ecfr(web, server.base_url)
                [found] = ecfr.find(Asked("", (unit,)))
                document = ecfr.document(found)
                alone.append(document.sha256)
            xml = etree.tostring(element, encoding="UTF-8", with_tail=False)
            assert read(document.path.read_bytes(), title) == read(xml, title), unit.citation
            assert len(server.requests) <= 3
        with Web(tmp_path / "full", exempt=[server.base_url], pace=Pace(0)) as web:
            ecfr = Ecfr(web, server.base_url)
            [whole] = ecfr.find(Asked("", (CfrUnit(title),)))
            ecfr.document(whole)
            found_of_all = [ecfr.find(Asked("", (unit,)))[0] for unit, _ in chosen]
            assert [ecfr.document(found).sha256 for found in found_of_all] == alone
