"""A chapter put together from the answers for its parts, against the same cut out of its title."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest

from tribonian.errors import DocumentError
from tribonian.ingest.ecfr.assembling import assemble, head_of
from tribonian.ingest.ecfr.slicing import NoSuchUnitError, cut
from tribonian.ingest.ecfr.structure import StructureNode
from tribonian.ingest.ecfr.units import CfrUnit
from tribonian.ingest.readers.ecfr_xml import read_ecfr_xml
from tribonian.ingest.record import Reading
from tribonian.schemas.finding import Finding
from tribonian.schemas.tree import Node, grow

DAY = "2026-01-29"
S = StructureNode


def labelled(kind: str, number: str, level: str, rest: str, *children: S) -> S:
    joint = " " if rest.startswith("[") else " - "
    return S(kind, number, f"{level}{joint}{rest}", level, rest, rest == "[Reserved]", children)


# The structure of the title in conftest.py, as the API labels units.
SUBCHAPTER = labelled(
    "subchapter", "A", "Subchapter A", "Wicks",
    labelled("part", "1", "Part 1", "Trimming", S("subpart", "A")),
    labelled("part", "2-40", "Parts 2-40", "[Reserved]"),
)  # fmt: skip
CHAPTER = labelled(
    "chapter", "I", "Chapter I", "Board of Lamps",
    SUBCHAPTER, labelled("subchapter", "B-C", "Subchapters B-C", "[Reserved]"),
)  # fmt: skip
TITLE = labelled(
    "title", "99", "Title 99", "Lamps & Oil",
    CHAPTER,
    labelled("chapter", "II", "Chapter II", "Office of Oil",
             labelled("part", "50-201", "Part 50-201", "Barrels")),
    labelled("chapter", "0", "Chapter III", "[Reserved]"),
)  # fmt: skip


@pytest.fixture
def answers(title_xml: bytes, tmp_path: Path) -> Callable[[CfrUnit], Path]:
    """The API's answer for a part, as a file; it is a ``list`` of what was asked as well."""

    def answer(unit: CfrUnit) -> Path:
        asked.append(unit)
        path = tmp_path / f"{len(asked)}.xml"
        with path.open("wb") as out:
            cut(io.BytesIO(title_xml), unit, out, None)
        return path

    asked: list[CfrUnit] = []
    answer.asked = asked  # type: ignore[attr-defined]
    return answer


def assembled(
    unit: CfrUnit, node: S, answers: Callable[[CfrUnit], Path]
) -> tuple[bytes, list[Finding]]:
    out = io.BytesIO()
    findings = assemble(unit, node, answers, out, DAY)
    return out.getvalue(), findings


def read(xml: bytes) -> tuple[Node, Reading]:
    reading = Reading()
    return grow(read_ecfr_xml(io.BytesIO(xml), reading)), reading


def shape(node: Node) -> tuple[object, ...]:
    return (node.kind, node.designator, node.heading, node.text, node.citation, node.locator,
            tuple(shape(child) for child in node.children if child.kind != "metadata"))  # fmt: skip


@pytest.mark.parametrize(
    ("unit", "node"),
    [
        (CfrUnit(99), TITLE),
        (CfrUnit(99, chapter="I"), CHAPTER),
        (CfrUnit(99, chapter="I", subchapter="A"), SUBCHAPTER),
        (CfrUnit(99, chapter="I", subchapter="B-C"), CHAPTER.children[1]),
        (CfrUnit(99, chapter="II"), TITLE.children[1]),
        (CfrUnit(99, part="2-40"), SUBCHAPTER.children[1]),
    ],
)
def test_what_is_put_together_reads_as_what_is_cut(
    title_xml: bytes, answers: Callable[[CfrUnit], Path], unit: CfrUnit, node: S
) -> None:
    cut_out = io.BytesIO()
    cut(io.BytesIO(title_xml), unit, cut_out, DAY)

    xml, findings = assembled(unit, node, answers)

    together, reading = read(xml)
    assert shape(together) == shape(read(cut_out.getvalue())[0])
    assert (reading.title, reading.as_of) == ("99", DAY)
    # whoever reads the file is told what may be missing, as who fetched it was
    assert [(each.code, each.message) for each in reading.findings] == [
        (each.code, each.message) for each in findings
    ]


def test_only_parts_that_hold_law_are_asked_for_with_what_they_stand_in(
    answers: Callable[[CfrUnit], Path],
) -> None:
    assembled(CfrUnit(99), TITLE, answers)

    assert answers.asked == [  # type: ignore[attr-defined]
        CfrUnit(99, chapter="I", subchapter="A", part="1"),
        CfrUnit(99, chapter="II", part="50-201"),
    ]


def test_what_may_be_missing_is_a_finding(answers: Callable[[CfrUnit], Path]) -> None:
    _, findings = assembled(CfrUnit(99, chapter="I"), CHAPTER, answers)

    [finding] = findings
    assert (finding.code, finding.severity) == ("assembled-from-parts", "warning")
    assert finding.message.startswith(
        "99 CFR Chapter I of 2026-01-29 was put together from the answers for its parts"
    )
    assert "fetch it again later" in finding.message


def test_a_reserved_unit_needs_no_answer_and_no_finding(
    answers: Callable[[CfrUnit], Path],
) -> None:
    xml, findings = assembled(CfrUnit(99, part="2-40"), SUBCHAPTER.children[1], answers)

    assert findings == []
    assert answers.asked == []  # type: ignore[attr-defined]
    assert b"<HEAD>PARTS 2-40 [RESERVED]</HEAD>" in xml
    assert read(xml)[0].citation == "99 CFR Parts 2-40"


def test_an_appendix_of_a_chapter_stands_where_the_structure_has_it(tmp_path: Path) -> None:
    # 6 appendices in the CFR stand straight under a chapter
    path = tmp_path / "appendix.xml"
    path.write_bytes(
        b'<?xml version="1.0"?>\n<DIV9 N="Appendix A to Chapter IV" TYPE="APPENDIX">'
        b"<HEAD>Appendix A to Chapter IV&#x2014;Rates</HEAD><P>None.</P></DIV9>"
    )
    asked: list[CfrUnit] = []
    node = labelled(
        "chapter", "IV", "Chapter IV", "Rates", S("appendix", "Appendix A to Chapter IV")
    )

    def answer(unit: CfrUnit) -> Path:
        asked.append(unit)
        return path

    root, _ = read(assembled(CfrUnit(99, chapter="IV"), node, answer)[0])

    assert asked == [CfrUnit(99, chapter="IV", appendix="Appendix A to Chapter IV")]
    assert [child.citation for child in root.children] == ["99 CFR Appendix A to Chapter IV"]


def test_an_answer_in_another_encoding_is_put_in_as_utf_8(tmp_path: Path) -> None:
    path = tmp_path / "part.xml"
    path.write_bytes(
        '<?xml version="1.0" encoding="windows-1252"?>\n<DIV5 N="7" TYPE="PART">'
        "<HEAD>PART 7—GLASS</HEAD></DIV5>".encode("cp1252")
    )
    node = labelled("chapter", "I", "Chapter I", "Lamps", labelled("part", "7", "Part 7", "Glass"))

    xml, _ = assembled(CfrUnit(99, chapter="I"), node, lambda unit: path)

    assert "PART 7—GLASS".encode() in xml
    assert read(xml)[0].children[0].heading == "GLASS"


def test_an_answer_that_does_not_hold_its_part_is_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "part.xml"
    path.write_bytes(b'<DIV5 N="8" TYPE="PART"><HEAD>PART 8</HEAD></DIV5>')

    with pytest.raises(NoSuchUnitError, match=r"Part 1 is not in part 8"):
        assembled(CfrUnit(99, chapter="I", subchapter="A"), SUBCHAPTER, lambda unit: path)


def test_an_answer_that_breaks_off_is_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "part.xml"
    path.write_bytes(b'<DIV5 N="1" TYPE="PART"><HEAD>PART 1</HEAD><DIV8 N="1.1">')

    with pytest.raises(DocumentError, match="breaks off"):
        assembled(CfrUnit(99, chapter="I", subchapter="A"), SUBCHAPTER, lambda unit: path)


# how the structure labels a unit, and how the XML prints its heading
HEADS = [
    (labelled("title", "21", "Title 21", "Food and Drugs"), "Title 21—Food and Drugs"),
    (labelled("subtitle", "A", "Subtitle A", "Grants"), "Subtitle A—Grants"),
    (labelled("chapter", "I", "Chapter I", "Food"), "CHAPTER I—FOOD"),
    (labelled("chapter", "V", "Chapter V", "[Reserved]"), "CHAPTER V [RESERVED]"),
    (labelled("subchapter", "C-D", "Subchapters C-D", "[Reserved]"), "SUBCHAPTERS C-D [RESERVED]"),
    (labelled("part", "741-799", "Parts 741-799", "[Reserved]"), "PARTS 741-799 [RESERVED]"),
    # one label and no halves, as older answers have it
    (S("subchapter", "G", "Subchapter G - Cosmetics"), "SUBCHAPTER G—COSMETICS"),
    (S("part", "4", "Part 4 [Reserved]"), "PART 4 [RESERVED]"),
    (S("chapter", "IX", "Chapter IX"), "CHAPTER IX"),
]


@pytest.mark.parametrize(("node", "head"), HEADS)
def test_a_heading_is_printed_as_the_xml_prints_it(node: S, head: str) -> None:
    assert head_of(node) == head
