"""Units cut out of a whole title, and out of the answers for parts."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest

from tribonian.errors import DocumentError
from tribonian.ingest.ecfr.slicing import NoSuchUnitError, cut, units_in
from tribonian.ingest.ecfr.units import CfrUnit
from tribonian.ingest.readers.ecfr_xml import read_ecfr_xml
from tribonian.ingest.record import Reading
from tribonian.schemas.tree import Node, grow

DAY = "2026-01-29"
ADDED = re.compile(rb' hierarchy_metadata="([^"]*)"')


def sliced(xml: bytes, unit: CfrUnit, date: str | None = DAY) -> bytes:
    out = io.BytesIO()
    cut(io.BytesIO(xml), unit, out, date)
    return out.getvalue()


def read(xml: bytes) -> tuple[Node, Reading]:
    reading = Reading()
    return grow(read_ecfr_xml(io.BytesIO(xml), reading)), reading


def U(**said: str) -> CfrUnit:  # noqa: N802 - as a unit is written
    return CfrUnit(99, **said)


def test_a_slice_is_the_bytes_of_the_unit_with_its_metadata_on_the_root(title_xml: bytes) -> None:
    out = sliced(title_xml, U(chapter="I", subchapter="A"))

    head, _, rest = out.partition(b"\n")
    assert head == b'<?xml version="1.0" encoding="UTF-8"?>'
    assert ADDED.sub(b"", rest, count=1).rstrip() in title_xml
    assert rest.startswith(b'<DIV4 N="A" TYPE="SUBCHAP" hierarchy_metadata="{')
    assert rest.rstrip().endswith(b"</DIV4>")
    assert len(ADDED.findall(out)) == 1


# what is asked, the path and the citation that the slice says of itself
SLICES = [
    (U(chapter="I"), "chapter-I", "99 CFR Chapter I"),
    (U(chapter="I", subchapter="A"), "chapter-I/subchapter-A", "99 CFR Chapter I Subchapter A"),
    (U(part="1"), "part-1", "99 CFR Part 1"),
    (U(part="1", subpart="E"), "part-1/subpart-E", "99 CFR Part 1 Subpart E"),
    (U(section="1.1"), "section-1.1", "99 CFR 1.1"),
    (U(part="1", section="1.1"), "section-1.1", "99 CFR 1.1"),
    (
        U(part="1", appendix="Appendix A to Part 1"),
        "part-1/appendix-Appendix A to Part 1",
        "Appendix A to Part 1, Title 99",
    ),
    # 41 CFR part 50-201: a dash is no range
    (U(part="50-201"), "part-50-201", "99 CFR Part 50-201"),
    (U(section="50-201.1"), "section-50-201.1", "99 CFR 50-201.1"),
]


@pytest.mark.parametrize(("unit", "path", "citation"), SLICES)
def test_a_slice_says_of_which_unit_title_and_date_it_is(
    title_xml: bytes, unit: CfrUnit, path: str, citation: str
) -> None:
    out = sliced(title_xml, unit)

    [told] = ADDED.findall(out)
    assert told.decode().replace("&quot;", '"') == (
        f'{{"path":"/on/{DAY}/title-99/{path}","citation":"{citation}"}}'
    )
    _, reading = read(out)
    assert (reading.title, reading.as_of) == ("99", DAY)


@pytest.mark.parametrize("unit", [row[0] for row in SLICES])
def test_a_slice_reads_as_the_unit_does_in_its_title(title_xml: bytes, unit: CfrUnit) -> None:
    root, _ = read(sliced(title_xml, unit))
    whole, _ = read(title_xml)

    assert root.citation is not None
    assert unparented(root) in [unparented(node) for node in whole.walk()]


def unparented(node: Node) -> tuple[object, ...]:
    """A node without its locator, which counts from the root of the document."""
    return (node.kind, node.designator, node.heading, node.text, node.citation,
            tuple(unparented(child) for child in node.children))  # fmt: skip


def test_a_subject_group_is_found_by_its_hash(title_xml: bytes) -> None:
    root, _ = read(sliced(title_xml, U(part="1", subject_group="ECFR0123456789abcde")))

    assert (root.kind, root.heading) == ("subject-group", "Filing")


# what is asked, N of what is given
OTHERWISE = [
    (U(section="1.20"), "1. 20"),  # 52. 36, with a space
    (U(section="50-201.2"), "50-201.2 (Rule 2)"),  # 39 CFR 956.1 (Rule 1)
    (U(section="1.4"), "1.2-1.9"),
    (U(section="1.2"), "1.2-1.9"),
    (U(section="1.9"), "1.2-1.9"),
    (U(section="1.2-1.9"), "1.2-1.9"),
    (U(part="7"), "2-40"),
    (U(part="40"), "2-40"),
    (U(part="1", subpart="C"), "B-D"),
    (U(part="1", subpart="e"), "E"),
    (U(chapter="I", subchapter="C"), "B-C"),
    (U(chapter="i", subchapter="a"), "A"),
    (U(chapter="III"), "0"),  # 1 CFR CHAPTER V [RESERVED]
    (U(part="1", appendix="A"), "Appendix A to Part 1"),
    (U(part="1", appendix="a"), "Appendix A to Part 1"),
    (U(part="1", subpart="E", appendix="A"), "Appendix A to Subpart E of Part 1"),
    (U(appendix="appendix  a to PART 1"), "Appendix A to Part 1"),
    (U(part="1", appendix="Appendix-A-to-Part-1"), "Appendix A to Part 1"),  # of an address
    (U(part="1", appendix="C"), "Appendixes B-D to Part 1"),
    (U(part="1", appendix="Appendix C to Part 1"), "Appendixes B-D to Part 1"),
]


@pytest.mark.parametrize(("unit", "number"), OTHERWISE)
def test_a_number_is_found_as_people_write_it_and_in_the_range_that_holds_it(
    title_xml: bytes, unit: CfrUnit, number: str
) -> None:
    [_, root, *_] = sliced(title_xml, unit).split(b"\n")

    assert f' N="{number}"'.encode() in root


# what is asked, and what the sentence names
ABSENT = [
    (U(section="1.11"), "1.11 is not in title 99; the nearest sections are 1.2-1.9 and 1.20."),
    (U(part="50"), "99 CFR Part 50 is not in title 99; the nearest parts are 2-40 and 50-201."),
    (U(part="100"), "99 CFR Part 100 is not in title 99; the nearest part is 50-201."),
    (U(chapter="IX"), "99 CFR Chapter IX is not in title 99; the nearest chapter is II."),
    (U(section="7.1"), "99 CFR 7.1 is not in title 99, and no section near to it."),
    (U(part="1", subject_group="ECFRff"), "99 CFR Part 1 subject group ECFRff is not in title 99."),
    (
        U(chapter="II", section="1.1"),
        "is not there, but in chapter I, subchapter A, part 1, subpart A; ask for it without more.",
    ),
    (U(part="1", subpart="A", appendix="A"), "is not in title 99"),
    (U(subpart="A"), "99 CFR Subpart A could be one of 2 (part 1, part 50-201); say in which"),
]  # fmt: skip


@pytest.mark.parametrize(("unit", "sentence"), ABSENT)
def test_a_unit_that_is_not_there_is_a_sentence(
    title_xml: bytes, unit: CfrUnit, sentence: str
) -> None:
    with pytest.raises(NoSuchUnitError) as caught:
        sliced(title_xml, unit)

    assert sentence in str(caught.value)
    assert isinstance(caught.value, DocumentError)


def test_a_title_is_the_file_as_it_is(title_xml: bytes) -> None:
    assert sliced(title_xml, CfrUnit(99)) == title_xml


def test_another_title_is_refused(title_xml: bytes) -> None:
    with pytest.raises(NoSuchUnitError, match="the document is of Title 99"):
        sliced(title_xml, CfrUnit(45, part="160"))


def test_a_title_is_not_to_be_had_from_a_part(title_xml: bytes) -> None:
    part = sliced(title_xml, U(part="1"))

    with pytest.raises(NoSuchUnitError, match="holds part 1 and not all of Title 99"):
        sliced(part, CfrUnit(99))


# --- the answer for a part or a section -------------------------------------------------------

PART = (
    b'<?xml version="1.0"?>\n'
    b'<DIV5 N="7" TYPE="PART" VOLUME="1" hierarchy_metadata="{&amp;quot;path&amp;quot;:'
    b"&amp;quot;/on/_SUBSTITUTE_DATE_/title-99/part-7&amp;quot;,&amp;quot;citation&amp;quot;:"
    b'&amp;quot;99 CFR Part 7&amp;quot;}">\n<HEAD>PART 7&#x2014;GLASS\n</HEAD>\n'
    b'<DIV8 N="7.1" TYPE="SECTION" hierarchy_metadata="{&quot;path&quot;:'
    b"&quot;/on/_SUBSTITUTE_DATE_/title-99/section-7.1&quot;,&quot;citation&quot;:"
    b'&quot;99 CFR 7.1&quot;,&quot;alternate_reference&quot;:&quot;LAR 7.1&quot;}">\n'
    b"<HEAD>&#xA7; 7.1 Panes.</HEAD>\n<P>Clear.</P>\n</DIV8>\n"
    b'<DIV8 N="7.2" TYPE="SECTION">\n<HEAD>&#xA7; 7.2 Globes.</HEAD>\n<P>Round.</P>\n</DIV8>\n'
    b"</DIV5>\n"
)


def test_metadata_that_are_there_stay_and_get_their_date() -> None:
    out = sliced(PART, U(part="7", section="7.1"))

    assert (
        b'hierarchy_metadata="{&quot;path&quot;:&quot;/on/2026-01-29/title-99/section-7.1&quot;,'
        b"&quot;citation&quot;:&quot;99 CFR 7.1&quot;,&quot;alternate_reference&quot;:"
        b'&quot;LAR 7.1&quot;}"' in out
    )
    assert out.count(b"hierarchy_metadata") == 1
    assert b"<HEAD>&#xA7; 7.1 Panes.</HEAD>\n<P>Clear.</P>\n</DIV8>" in out


def test_a_part_that_is_the_root_keeps_all_but_its_metadata() -> None:
    out = sliced(PART, U(chapter="I", part="7"))

    assert read(out)[1].as_of == DAY
    assert ADDED.sub(b"", out, count=1).split(b"\n", 1)[1].rstrip() == (
        ADDED.sub(b"", PART, count=1).split(b"\n", 1)[1].rstrip()
    )


def test_without_a_date_nothing_is_changed_in_metadata_that_say_enough() -> None:
    # json.loads fails on them until they are unescaped, and so they stay as the API wrote them
    assert PART.split(b"\n", 1)[1].rstrip() in sliced(PART, U(part="7"), date=None)


def test_a_section_that_comes_inside_its_part_without_metadata_gets_them() -> None:
    _, reading = read(sliced(PART, U(section="7.2")))

    assert (reading.title, reading.as_of) == ("99", DAY)


def test_an_answer_without_metadata_is_of_the_title_that_was_asked_for() -> None:
    alone = b'<DIV6 N="B" TYPE="SUBPART"><HEAD>Subpart B - Globes</HEAD></DIV6>'

    root, reading = read(sliced(alone, CfrUnit(12, part="1005", subpart="B")))

    assert root.citation == "12 CFR Part 1005 Subpart B"
    assert reading.title == "12"


# --- bulk data, volumes, encodings ------------------------------------------------------------

BULK = """<?xml version="1.0" encoding="UTF-8" ?>
<DLPSTEXTCLASS>
<HEADER></HEADER>
<TEXT>
<BODY>
<ECFRBRWS>
<DIV1 N="1" NODE="99:1" TYPE="TITLE">
<HEAD>Title 99—Lamps--Volume 1</HEAD>
<DIV3 N="I" NODE="99:1.0.1" TYPE="CHAPTER">
<HEAD> CHAPTER I—BOARD</HEAD>
<DIV5 N="1" NODE="99:1.0.1.1.1" TYPE="PART">
<HEAD>PART 1—WICKS</HEAD>
<DIV8 N="§ 1.1" NODE="99:1.0.1.1.1.0.1.1" TYPE="SECTION">
<HEAD>§ 1.1   Scope.</HEAD>
<P>All.
</P>
</DIV8>
</DIV5>
</DIV3>
</DIV1>
</ECFRBRWS>
<ECFRBRWS>
<DIV1 N="2" NODE="99:2" TYPE="TITLE">
<HEAD>Title 99—Lamps--Volume 2</HEAD>
<DIV3 N="I" NODE="99:2.0.1" TYPE="CHAPTER">
<HEAD> CHAPTER I—BOARD</HEAD>
<DIV5 N="2" NODE="99:2.0.1.1.1" TYPE="PART">
<HEAD>PART 2—OIL</HEAD>
</DIV5>
</DIV3>
</DIV1>
</ECFRBRWS>
</BODY>
</TEXT>
</DLPSTEXTCLASS>
"""


def test_a_section_of_bulk_data_has_its_sign_in_its_number() -> None:
    root, reading = read(sliced(BULK.encode(), U(section="1.1")))

    assert (root.citation, reading.title) == ("99 CFR 1.1", "99")


def test_a_chapter_in_two_volumes_comes_in_two_pieces() -> None:
    root, reading = read(sliced(BULK.encode(), U(chapter="I")))

    assert [child.citation for child in root.children] == ["99 CFR Chapter I"] * 2
    assert [n.citation for n in root.walk() if n.kind == "part"] == [
        "99 CFR Part 1",
        "99 CFR Part 2",
    ]
    assert reading.as_of == DAY


def test_a_file_in_latin_1_is_cut_to_the_byte(title_xml: bytes) -> None:
    latin = title_xml.decode().replace("UTF-8", "ISO-8859-1").replace("—", "-").encode("latin-1")

    out = sliced(latin, U(section="1.1"))

    assert out.startswith(b'<?xml version="1.0" encoding="ISO-8859-1"?>\n')
    assert b"\xa7 1.1   Scope." in out
    assert read(out)[0].designator == "§ 1.1"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le"])
def test_a_file_in_utf_16_is_cut_as_utf_8(title_xml: bytes, encoding: str) -> None:
    wide = title_xml.decode().replace("UTF-8", "UTF-16").encode(encoding)

    out = sliced(wide, U(section="1.1"))

    assert out == sliced(title_xml, U(section="1.1"))


def test_an_unknown_encoding_is_a_sentence(title_xml: bytes) -> None:
    with pytest.raises(DocumentError, match="in the encoding x-lamp"):
        sliced(title_xml.replace(b"UTF-8", b"x-lamp"), U(section="1.1"))


def test_tags_in_comments_and_cdata_are_none(title_xml: bytes) -> None:
    hidden = title_xml.replace(
        b"<P>By post.", b'<!-- <DIV8 N="1.77"> </DIV9> --><P><![CDATA[<DIV8 N="1.78">]]>By post.'
    )

    assert b"CDATA" in sliced(hidden, U(section="1.20"))
    with pytest.raises(NoSuchUnitError):
        sliced(hidden, U(section="1.77"))


def test_a_file_that_breaks_off_is_a_sentence(title_xml: bytes) -> None:
    for at in (len(title_xml) // 3, title_xml.index(b"</DIV4>") + 3):
        with pytest.raises(DocumentError, match="breaks off within a unit; download it again"):
            sliced(title_xml[:at], U(section="1.1"))


def test_entities_of_its_own_are_refused(title_xml: bytes) -> None:
    evil = title_xml.replace(b"<ECFR>", b'<!DOCTYPE ECFR [<!ENTITY a "b">]>\n<ECFR>', 1)

    with pytest.raises(DocumentError, match="declares entities of its own"):
        sliced(evil, U(section="1.1"))


@pytest.mark.parametrize("data", [b"", b"  \n", b"Too many requests"])
def test_what_is_no_xml_is_a_sentence(data: bytes) -> None:
    with pytest.raises(DocumentError, match="It is not XML"):
        sliced(data, U(section="1.1"))


def test_a_web_page_is_refused() -> None:
    with pytest.raises(DocumentError, match="<html>, which is none of the eCFR's"):
        sliced(b"<!DOCTYPE html><html><body>Request Access</body></html>", U(part="1"))


def test_a_file_on_disk_is_cut_like_one_in_memory(title_xml: bytes, tmp_path: Path) -> None:
    path = tmp_path / "title-99.xml"
    path.write_bytes(title_xml)
    unit = U(part="1")
    out = io.BytesIO()

    with path.open("rb") as file:
        cut(file, unit, out, DAY)

    assert out.getvalue() == sliced(title_xml, unit)


def test_the_units_of_a_title_are_listed_with_the_way_to_them(title_xml: bytes) -> None:
    found = list(units_in(io.BytesIO(title_xml)))

    assert found[0] == CfrUnit(99)
    assert U(chapter="I", subchapter="A", part="2-40") in found
    assert U(chapter="I", subchapter="A", part="1", subpart="E",
             subject_group="ECFR0123456789abcde", section="1.20") in found  # fmt: skip
    assert len(found) == len(set(found)) == title_xml.count(b"</DIV")


def test_every_unit_that_is_listed_can_be_cut_and_is_the_one_that_was_asked_for(
    title_xml: bytes,
) -> None:
    for unit in units_in(io.BytesIO(title_xml)):
        root, _ = read(sliced(title_xml, unit))
        assert root.kind == unit.kind
