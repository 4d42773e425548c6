"""Every unit of the small titles by the API, against its slice of the whole title."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.servers.ecfr import EcfrServer
from tests.servers.misbehaviour import Fault, gateway_timeout
from tests.servers.small_titles import FIRST_DATE, SECOND_DATE, TITLES
from tests.servers.titles import KIND_OF_DIV, Title, heading, hierarchy, kind
from tribonian.errors import DocumentError
from tribonian.ingest.ecfr.addresses import Bases
from tribonian.ingest.ecfr.documents import Ecfr
from tribonian.ingest.ecfr.making import EcfrDocument
from tribonian.ingest.ecfr.units import Asked, CfrUnit
from tribonian.ingest.readers.ecfr_xml import read_ecfr_xml
from tribonian.ingest.record import Reading
from tribonian.ingest.sources.asked import OfCfr, what_is_named
from tribonian.ingest.web.client import Web
from tribonian.ingest.web.pace import Pace
from tribonian.schemas.tree import CONTAINERS, SECTIONS, Node, grow

LARGER_THAN_PART = frozenset(("title", "subtitle", "chapter", "subchapter"))
EACH = [(title, day) for title, versions in TITLES.items() for day in versions]


def read(data: bytes) -> Node:
    return grow(read_ecfr_xml(io.BytesIO(data), Reading()))


def units(title: int, day: str) -> Iterator[tuple[CfrUnit, Node, bool]]:
    """Each unit, what the whole title reads it as, and whether it is reserved."""
    data = TITLES[title][day]
    elements = Title(data).units
    nodes = [node for node in read(data).walk() if node.kind in (CONTAINERS | SECTIONS)]
    for element, node in zip(elements, nodes, strict=True):
        around = (one for one in element.iterancestors() if one.tag in KIND_OF_DIV)
        reserved = any("[reserved]" in heading(one).lower() for one in (element, *around))
        said = hierarchy(element) if kind(element) != "title" else {}
        yield CfrUnit(title, **said), node, reserved


def shape(node: Node) -> tuple[object, ...]:
    below = tuple(shape(child) for child in node.children)
    return (node.kind, node.designator, node.heading, node.text, node.citation, below)


def without_loose_notes(node: Node) -> Node:
    """The tree without what stands straight under a unit larger than a part and is no unit."""
    if node.kind not in LARGER_THAN_PART:
        return node
    kept = (child for child in node.children if child.kind in CONTAINERS | SECTIONS)
    return replace(node, children=tuple(without_loose_notes(child) for child in kept))


def fetched(server: EcfrServer, folder: Path, unit: CfrUnit, day: str) -> EcfrDocument:
    with Web(folder, exempt=[server.base_url], pace=Pace(0), first_wait=0.01) as web:
        ecfr = Ecfr(web, server.base_url)
        [document] = [ecfr.document(found) for found in ecfr.find(Asked("", (unit,)), day)]
        return document


@pytest.mark.parametrize(("title", "day"), EACH)
@pytest.mark.parametrize("sections_in_part", [False, True])
def test_every_unit_is_its_slice_by_few_calls(
    tmp_path: Path, title: int, day: str, sections_in_part: bool
) -> None:
    with EcfrServer(TITLES, rate=None, sections_in_part=sections_in_part) as server:
        for number, (unit, node, reserved) in enumerate(units(title, day)):
            server.clear()
            if reserved:
                with pytest.raises(DocumentError, match="reserved"):
                    fetched(server, tmp_path / str(number), unit, day)
            else:
                document = fetched(server, tmp_path / str(number), unit, day)
                assert shape(read(document.path.read_bytes())) == shape(node), unit
                assert not document.findings
            assert len(server.requests) <= 4


@pytest.mark.parametrize(("title", "day"), EACH)
def test_units_larger_than_a_part_are_put_together_where_the_whole_title_fails(
    tmp_path: Path, title: int, day: str
) -> None:
    with EcfrServer(TITLES, rate=None, faults=[gateway_timeout()]) as server:
        for number, (unit, node, reserved) in enumerate(units(title, day)):
            if reserved or node.kind not in LARGER_THAN_PART:
                continue
            document = fetched(server, tmp_path / str(number), unit, day)
            expected = without_loose_notes(node)
            assert shape(read(document.path.read_bytes())) == shape(expected), unit
            assert "assembled-from-parts" in [finding.code for finding in document.findings]


def test_an_amended_section_and_a_new_part_are_there_from_their_date_on(tmp_path: Path) -> None:
    section = CfrUnit(41, part="50-201", section="50-201.2")
    with EcfrServer(TITLES, rate=None) as server:
        texts = [
            fetched(server, tmp_path, section, day).path.read_text()
            for day in (FIRST_DATE, "2025-06-15", SECOND_DATE)
        ]
        assert ["more than 8 hours" in text for text in texts] == [True, True, False]
        with pytest.raises(DocumentError, match="does not exist on 2025-06-15"):
            fetched(server, tmp_path, CfrUnit(41, part="50-204"), "2025-06-15")
        assert fetched(server, tmp_path, CfrUnit(41, part="50-204"), SECOND_DATE).bytes


def test_what_is_in_the_cache_is_not_asked_for_again(tmp_path: Path) -> None:
    wanted = [unit for unit, _, reserved in units(41, SECOND_DATE) if not reserved]
    with EcfrServer(TITLES, rate=None) as server:
        for unit in wanted:
            fetched(server, tmp_path, unit, SECOND_DATE)
        server.clear()
        for unit in reversed(wanted):
            fetched(server, tmp_path, unit, SECOND_DATE)
        assert {request.path for request in server.requests} <= {"/api/versioner/v1/titles.json"}
        assert {request.status for request in server.requests} <= {304}


@pytest.mark.parametrize("kind", ["truncated", "chunked-cut", "broken-gzip", "half", "empty"])
def test_of_a_spoilt_answer_nothing_is_kept(tmp_path: Path, kind: str) -> None:
    unit = CfrUnit(41, part="50-202")
    with EcfrServer(TITLES, rate=None) as server:
        good = fetched(server, tmp_path / "good", unit, SECOND_DATE).path.read_bytes()
        server.faults = [Fault(kind, first=1)]
        assert fetched(server, tmp_path / "bad", unit, SECOND_DATE).path.read_bytes() == good


@pytest.mark.parametrize(
    ("text", "kind", "number"),
    [
        ("41 CFR part 50-201", "part", "PART 50-201"),
        ("41 CFR 50-201.1", "section", "§ 50-201.1"),
        ("41 CFR 49a.1", "section", "§ 49a.1"),
        ("26 CFR 1.263(a)-3", "section", "§ 1.263(a)-3"),
        ("26 CFR § 1.264-1", "section", "§ 1.264-1"),
        ("17 CFR 240.11a1-1(T)", "section", "§ 240.11a1-1(T)"),
        ("17 CFR Supplement No. 6 to Part 120", "appendix", "Supplement No."),
        ("{on}/title-17/part-120/section-240.11a1-1(T)", "section", "§ 240.11a1-1(T)"),
        ("{on}/title-17/chapter-I/subchapter-A/part-120/section-956.1%20(Rule%201)",
         "section", "§ 956.1 (Rule 1)"),
        ("{on}/title-17/part-120/appendix-Table%201b%20to%20Part%20120,%20Subpart%20C",
         "appendix", "Table 1b to Part 120"),
        ("{on}/title-41/subtitle-A/subchapter-A", "subchapter", "SUBCHAPTER A"),
        ("{on}/title-41/subtitle-A/subchapter-A/part-49a", "part", "PART 49a"),
        ("{on}/title-41/subtitle-B/chapter-50/appendix-Appendix%20A%20to%20Chapter%2050",
         "appendix", "Appendix A to Chapter 50"),
        ("{on}/title-41/part-50-202/subpart-A/subject-group-ECFR1122334455667aa",
         "subject-group", ""),
        ("{on}/title-26/part-301/subpart-ECFRd43e1e5bf6e7000", "subpart", ""),
    ],
)  # fmt: skip
def test_odd_numbers_are_found_as_people_write_them(
    tmp_path: Path, text: str, kind: str, number: str
) -> None:
    with EcfrServer(TITLES, rate=None) as server:
        bases = Bases(server.base_url, server.base_url)
        on = f"https://www.ecfr.gov/on/{SECOND_DATE}"
        [named] = what_is_named([text.format(on=on)], bases)
        assert isinstance(named, OfCfr)
        [unit] = named.asked.wanted
        assert isinstance(unit, CfrUnit)
        node = read(fetched(server, tmp_path, unit, SECOND_DATE).path.read_bytes())
    assert node.kind == kind
    assert node.designator.startswith(number)
