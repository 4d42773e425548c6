"""Units cut out of real titles, and put together from real parts, read as in the whole title.

The files are ``../shared/corpus`` beside the repository; without them the tests are skipped.
The answers for parts are made of the titles, in the dialect that the API has for them.
"""

from __future__ import annotations

import io
import random
import re
import time
import tracemalloc
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.servers.titles import Title, part_dialect
from tribonian.ingest.ecfr.assembling import assemble
from tribonian.ingest.ecfr.paragraph import cut_paragraph
from tribonian.ingest.ecfr.slicing import cut, units_in
from tribonian.ingest.ecfr.structure import StructureNode, parse_structure
from tribonian.ingest.ecfr.units import CfrUnit
from tribonian.ingest.readers.ecfr_xml import read_ecfr_xml
from tribonian.ingest.record import Reading
from tribonian.schemas.tree import Node, grow

CORPUS = Path(__file__).parents[2].parent / "shared" / "corpus"
DAY = "2026-01-29"
TITLES = {int(found[1]): path for path in (CORPUS / "ecfr_titles").glob("*.xml")
          if (found := re.match(r"title-(\d+)_", path.name))}  # fmt: skip
PARTS = {path.name: path for path in (CORPUS / "ecfr_parts").glob("*.xml")
         if "title-21" not in path.name}  # fmt: skip
BULK = CORPUS / "ecfr_bulk" / "ECFR-title1_govinfo-bulk_2024.xml"
pytestmark = pytest.mark.skipif(not TITLES, reason=f"{CORPUS.name} is not beside the repository")
LARGER = ("title", "subtitle", "chapter", "subchapter")
Shape = tuple[object, ...]


def read(xml: bytes) -> tuple[Node, Reading]:
    reading = Reading()
    return grow(read_ecfr_xml(io.BytesIO(xml), reading)), reading


def shape(node: Node) -> Shape:
    """A tree but for locators, which count from the root of each document."""
    return (node.kind, node.designator, node.heading, node.text, node.citation, node.added,
            node.joined, tuple(shape(child) for child in node.children))  # fmt: skip


@cache
def whole(title: int) -> Node:
    return read(TITLES[title].read_bytes())[0]


def sliced(path: Path, unit: CfrUnit) -> bytes:
    out = io.BytesIO()
    with path.open("rb") as file:
        cut(file, unit, out, DAY)
    return out.getvalue()


def units(path: Path) -> list[CfrUnit]:
    with path.open("rb") as file:
        return list(units_in(file))


@pytest.mark.parametrize("title", TITLES)
def test_the_units_of_a_title_are_as_many_as_its_elements(title: int) -> None:
    found = units(TITLES[title])

    assert len(found) == len(set(found))
    assert len(found) == len(re.findall(rb"</DIV[1-9]>", TITLES[title].read_bytes()))


@pytest.mark.parametrize("title", TITLES)
def test_a_slice_reads_as_the_unit_does_in_the_whole_title(title: int) -> None:
    in_title: dict[str | None, list[Shape]] = {}
    for node in whole(title).walk():
        if node.kind in (*LARGER, "part", "subpart", "section", "appendix"):
            in_title.setdefault(node.citation, []).append(shape(node))
    asked = units(TITLES[title])[1:]
    large = [unit for unit in asked if unit.kind in LARGER]
    chosen = random.Random(title).sample(asked, min(len(asked), 30))

    for unit in {*large, *chosen}:
        root, reading = read(sliced(TITLES[title], unit))
        assert (reading.title, reading.as_of) == (str(title), DAY), unit
        if unit.kind == "subject-group":
            assert root.kind == "subject-group", unit
        else:
            assert in_title[root.citation] == [shape(root)], unit


@pytest.mark.parametrize("title", TITLES)
def test_a_slice_is_a_stretch_of_the_bytes_of_its_title(title: int) -> None:
    data = TITLES[title].read_bytes()

    for unit in random.Random(title).sample(units(TITLES[title])[1:], 10):
        out = sliced(TITLES[title], unit).split(b"\n", 1)[1].rstrip(b"\n")
        plain = re.sub(rb' hierarchy_metadata="[^"]*"', b"", out, count=1)
        assert plain in data, unit


def test_a_section_of_bulk_data_reads_as_that_of_the_api() -> None:
    # subject groups have other numbers there
    sections = [CfrUnit(1, section=u.section) for u in units(BULK) if u.kind == "section"]

    for unit in random.Random(1).sample(sections, 40):
        alike = read(sliced(TITLES[1], unit))[0]
        assert shape(read(sliced(BULK, unit))[0]) == shape(alike), unit


def test_subchapter_g_is_cut_out_of_title_21_in_well_under_a_second() -> None:
    unit = CfrUnit(21, chapter="I", subchapter="G")
    by_hand = CORPUS / "ecfr_parts" / "title-21_subchapter-G_2026-01-29.xml"

    begun = time.perf_counter()
    out = sliced(TITLES[21], unit)
    seconds = time.perf_counter() - begun
    tracemalloc.start()
    sliced(TITLES[21], unit)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert seconds < 1.0  # 0.1 s on one core of 2026
    assert peak < 21_000_000  # 21 MB are mapped and not held
    texts = [" ".join("".join(re.sub(r"<[^>]*>|&[^;]*;", " ", xml)).split())
             for xml in (out.decode(), by_hand.read_text("utf-8"))]  # fmt: skip
    assert texts[0] == texts[1]


# --- put together from parts ------------------------------------------------------------------


def larger_units(title: int, node: StructureNode) -> Iterator[tuple[CfrUnit, StructureNode]]:
    for path in node.walk():
        if path[-1].kind in LARGER:
            yield CfrUnit(title, **{each.kind: each.identifier for each in path[1:]}), path[-1]


@pytest.mark.parametrize("title", TITLES)
def test_units_put_together_from_parts_read_as_those_cut_out_of_the_title(
    title: int, tmp_path: Path
) -> None:
    source = Title(TITLES[title].read_bytes())
    node = parse_structure(source.structure())

    def answer(unit: CfrUnit) -> Path:
        path = tmp_path / f"part-{unit.part}.xml"
        if not path.exists():
            element = source.find({"part": unit.part})
            assert element is not None
            path.write_bytes(part_dialect(element, title))
        return path

    for unit, each in larger_units(title, node):
        if title == 21 and each.identifier == "I" and each.kind == "chapter":
            continue  # the whole title holds it
        out = io.BytesIO()
        findings = assemble(unit, each, answer, out, DAY)
        together, reading = read(out.getvalue())
        alike, as_cut = read(sliced(TITLES[title], unit))
        if each.kind == "title":  # the dates of its volumes stand before it
            alike.children = tuple(c for c in alike.children if c.kind != "metadata")
        assert shape(together) == shape(alike), unit
        assert reading.as_of == DAY
        assert [f.code for f in reading.findings] == [f.code for f in findings + as_cut.findings]
        assert {f.code for f in findings} <= {"assembled-from-parts"}


# --- paragraphs -------------------------------------------------------------------------------


def numbered(section: Node) -> list[Node]:
    return [node for node in section.walk()
            if node.kind == "paragraph" and node.designator and node.citation]  # fmt: skip


@pytest.mark.parametrize("source", [*map(str, TITLES), *PARTS])
def test_a_paragraph_alone_reads_as_it_does_in_its_section(source: str) -> None:
    path = TITLES[int(source)] if source.isdigit() else PARTS[source]
    title = int(source) if source.isdigit() else int(source.split("_")[0].removeprefix("title-"))
    chance = random.Random(source)
    sections = [u for u in _with_title(path, title) if u.kind in ("section", "appendix")]
    tried = 0

    for unit in chance.sample(sections, min(len(sections), 40)):
        xml = sliced(path, unit)
        section, _ = read(xml)
        paragraphs = numbered(section)
        for wanted in chance.sample(paragraphs, min(len(paragraphs), 3)):
            assert wanted.citation is not None
            assert section.citation is not None
            asked = wanted.citation.removeprefix(section.citation).removeprefix(", ")
            alone, reading = read(cut_paragraph(xml, asked))
            same = [shape(n) for n in section.walk() if n.citation == wanted.citation]
            there = [n for child in alone.children for n in child.walk()]
            assert [shape(n) for n in there if n.citation == wanted.citation] == same
            assert (alone.heading, alone.citation) == (section.heading, wanted.citation)
            assert reading.words == alone.total_words()
            beside = [n.citation for n in numbered(alone)
                      if not _on_the_way(n.citation or "", wanted.citation)]  # fmt: skip
            assert beside == []
            tried += 1
    assert tried or not source.isdigit()


def _on_the_way(citation: str, wanted: str) -> bool:
    return citation.startswith(wanted) or wanted.startswith(citation)


def _with_title(path: Path, title: int) -> list[CfrUnit]:
    with path.open("rb") as file:
        return list(units_in(file, title))
