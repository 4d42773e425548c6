"""What is asked for, found in the structure of its title, or the nearest there is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.servers.small_titles import TITLE_26, TITLE_41_SECOND
from tests.servers.titles import Title
from tribonian.errors import DocumentError
from tribonian.ingest.ecfr.citations import parse_citation
from tribonian.ingest.ecfr.places import Places
from tribonian.ingest.ecfr.resolve import Found, resolve
from tribonian.ingest.ecfr.structure import StructureNode, parse_structure
from tribonian.ingest.ecfr.units import Asked, CfrUnit, Span

DAY = "2026-01-29"
TITLES = {
    number: Places(parse_structure(Title(text.encode()).structure()))
    for number, text in ((26, TITLE_26), (41, TITLE_41_SECOND))
}


def part(number: str, *children: StructureNode, reserved: bool = False) -> StructureNode:
    word = "Parts" if reserved and "-" in number else "Part"
    return StructureNode("part", number, label_level=f"{word} {number}", reserved=reserved,
                         children=children)  # fmt: skip


def section(number: str, *, reserved: bool = False) -> StructureNode:
    mark = "§§" if reserved and "-" in number else "§"
    return StructureNode("section", number, label_level=f"{mark} {number}", reserved=reserved)


def unit(kind: str, number: str, *children: StructureNode, reserved: bool = False) -> StructureNode:
    level = f"{kind.capitalize()} {number}" if kind != "appendix" else number
    return StructureNode(kind, number, label_level=level, reserved=reserved, children=children)


# Numbers as titles 14, 21 and 43 have them.
TITLES[21] = Places(
    unit(
        "title", "21",
        unit(
            "chapter", "I",
            unit("subchapter", "A", part("1", section("1.1"), section("1.24"),
                                         section("1.40-1.41", reserved=True))),
            unit(
                "subchapter", "G",
                part("700", unit("subpart", "A", section("700.3")), unit("subpart", "B")),
                part("701",
                     unit("subpart", "A", section("701.1"), section("701.2"), section("701.3"),
                          section("701.9")),
                     unit("subpart", "L-M", reserved=True),
                     unit("appendix", "Appendix A to Part 701"),
                     unit("appendix", "Appendix A to Subpart A of Part 701"),
                     unit("appendix", "Appendix B to Part 701", reserved=True),
                     unit("appendix", "Appendixes D-F to Part 701", reserved=True),
                     unit("appendix", "Supplement I to Part 701"),
                     unit("appendix", "Supplement No. 6 to Part 701")),
                part("720", section("720.4"), section("720.5", reserved=True)),
                part("740", unit("appendix", "Special Federal Aviation Regulation No. 97")),
                part("741-799", reserved=True),
            ),
        ),
        unit(
            "chapter", "II",
            unit("subchapter", "A", part("1300", section("1301.0-1"), section("956.1 (Rule 1)"))),
            part("1301", unit("appendix", "Special Federal Aviation Regulation No. 97")),
            part("1402", section("1402.1"), section("25")),
        ),
        unit("chapter", "III", reserved=True),
    )
)  # fmt: skip
TITLES[6] = Places(
    unit("title", "6", unit("chapter", "I", part("5", section("5.1"))),
         unit("chapter", "V", reserved=True), unit("chapter", "X", part("1000")))
)  # fmt: skip
TITLES[7] = Places(unit("title", "7", *(part(str(number)) for number in range(1, 9))))
# Appendices as title 29 has them, subparts as title 46, a table as title 50.
TITLES[29] = Places(
    unit(
        "title", "29",
        unit("chapter", "I", unit("subchapter", "A", part("1")),
             unit("appendix", "Appendix I to Subchapter A of Chapter I")),
        unit(
            "chapter", "XVII",
            part("1910",
                 unit("subpart", "J", section("1910.147"),
                      unit("appendix", "Appendix A to § 1910.147"), section("1910.14"),
                      section("1910.148"), section("1910.149"), section("1910.150"),
                      unit("appendix", "Appendix A to § 1910.148"),
                      unit("appendix", "Appendix B to § 1910.148", reserved=True),
                      unit("appendix", "Appendix to Section 1910.149")),
                 unit("appendix", "Appendix A to Subpart K of Part 1910"),
                 unit("subpart", "K", section("1910.151")),
                 unit("appendix", "Table 1b to Part 1910, Subpart K")),
            part("2", unit("subpart", "2.10", section("2.10-25")),
                 unit("subpart", "2.20", reserved=True)),
        ),
    )
)  # fmt: skip


def found(wanted: CfrUnit | Span) -> list[Found]:
    return resolve(wanted, TITLES[wanted.title], DAY)


def cited(wanted: CfrUnit | Span) -> list[str]:
    return [each.unit.citation for each in found(wanted)]


def refused(wanted: CfrUnit | Span) -> str:
    with pytest.raises(DocumentError) as error:
        found(wanted)
    return str(error.value)


@pytest.mark.parametrize(
    ("wanted", "whole"),
    [
        (CfrUnit(21), CfrUnit(21)),
        (CfrUnit(21, chapter="I"), CfrUnit(21, chapter="I")),
        (CfrUnit(21, chapter="i", subchapter="g"), CfrUnit(21, chapter="I", subchapter="G")),
        (CfrUnit(21, subchapter="G"), CfrUnit(21, chapter="I", subchapter="G")),
        (CfrUnit(21, part="700"), CfrUnit(21, chapter="I", subchapter="G", part="700")),
        (CfrUnit(21, part="701", subpart="a"),
         CfrUnit(21, chapter="I", subchapter="G", part="701", subpart="A")),
        (CfrUnit(21, section="701.3"),
         CfrUnit(21, chapter="I", subchapter="G", part="701", subpart="A", section="701.3")),
        (CfrUnit(21, section="701.3", paragraph="(a)(1)"),
         CfrUnit(21, chapter="I", subchapter="G", part="701", subpart="A", section="701.3",
                 paragraph="(a)(1)")),
        # a section whose number does not begin with its part's: 43 CFR 1601.0-1, 39 CFR 956.1
        (CfrUnit(21, section="1301.0-1"),
         CfrUnit(21, chapter="II", subchapter="A", part="1300", section="1301.0-1")),
        (CfrUnit(21, section="956.1"),
         CfrUnit(21, chapter="II", subchapter="A", part="1300", section="956.1 (Rule 1)")),
        (CfrUnit(21, section="25", part="1402"), CfrUnit(21, chapter="II", part="1402",
                                                         section="25")),
        (CfrUnit(26, section="1.263", paragraph="(a)-3(b)(1)"),
         CfrUnit(26, chapter="I", subchapter="A", part="1", subject_group="ECFR99887766554433f",
                 section="1.263(a)-3", paragraph="(b)(1)")),
        (CfrUnit(41, subtitle="A", subchapter="A"), CfrUnit(41, subtitle="A", subchapter="A")),
        (CfrUnit(41, part="50-201"),
         CfrUnit(41, subtitle="B", chapter="50", subchapter="A", part="50-201")),
        (CfrUnit(41, part="49A"), CfrUnit(41, subtitle="A", subchapter="A", part="49a")),
        (CfrUnit(41, subject_group="ecfr0a1b2c3d4e5f607"),
         CfrUnit(41, subtitle="B", chapter="50", subchapter="A", part="50-202", subpart="A",
                 subject_group="ECFR0a1b2c3d4e5f607")),
        # a subject group's id is made by the eCFR, and may be another on another day
        (CfrUnit(41, subject_group="ECFRffff", section="50-202.3"),
         CfrUnit(41, subtitle="B", chapter="50", subchapter="A", part="50-202", subpart="A",
                 subject_group="ECFR1122334455667aa", section="50-202.3")),
    ],
)  # fmt: skip
def test_a_unit_is_found_with_all_that_it_stands_in(wanted: CfrUnit, whole: CfrUnit) -> None:
    [only] = found(wanted)

    assert only.unit == whole
    assert only.as_of == DAY
    assert only.node is not None
    assert not only.reserved


@pytest.mark.parametrize(
    ("said", "identifier"),
    [
        ("A", "Appendix A to Part 701"),
        ("Appendix A", "Appendix A to Part 701"),
        ("App. A", "Appendix A to Part 701"),
        ("appendix a to part 701", "Appendix A to Part 701"),
        ("Appendix_A_to_Subpart_A_of_Part_701", "Appendix A to Subpart A of Part 701"),
        ("Supplement I", "Supplement I to Part 701"),
        ("Supp. I", "Supplement I to Part 701"),
        ("I", "Supplement I to Part 701"),
        ("Supplement No. 6", "Supplement No. 6 to Part 701"),
    ],
)
def test_an_appendix_is_found_by_its_letter_or_by_its_name(said: str, identifier: str) -> None:
    [only] = found(CfrUnit(21, part="701", appendix=said))

    assert only.unit.appendix == identifier


@pytest.mark.parametrize(
    ("said", "identifier"),
    [
        ("29 CFR 1910.147 Appendix A", "Appendix A to § 1910.147"),
        ("29 CFR 1910.147 App. A", "Appendix A to § 1910.147"),
        ("Appendix A to § 1910.147, Title 29", "Appendix A to § 1910.147"),
        ("appendix A to section 1910.148 of title 29", "Appendix A to § 1910.148"),
        ("29 CFR part 1910 subpart K appendix A", "Appendix A to Subpart K of Part 1910"),
        ("29 CFR Table 1b to Part 1910, Subpart K", "Table 1b to Part 1910, Subpart K"),
        ("29 CFR Table 1b to Part 1910", "Table 1b to Part 1910, Subpart K"),
        ("29 CFR Appendix I to Subchapter A of Chapter I",
         "Appendix I to Subchapter A of Chapter I"),
    ],
)  # fmt: skip
def test_an_appendix_is_found_beside_the_unit_that_it_is_an_appendix_to(
    said: str, identifier: str
) -> None:
    asked = parse_citation(said)
    assert isinstance(asked, Asked)
    [wanted] = asked.wanted

    [only] = resolve(wanted, TITLES[29], DAY)

    assert only.unit.appendix == identifier
    again = parse_citation(only.unit.citation)
    assert isinstance(again, Asked)
    assert resolve(again.wanted[0], TITLES[29], DAY) == [only]


@pytest.mark.parametrize(
    ("wanted", "sentence"),
    [
        (CfrUnit(21, chapter="II", subchapter="G"),
         ("21 CFR Chapter II Subchapter G does not exist on 2026-01-29; the nearest is 21 CFR "
          "Chapter I Subchapter G.")),
        (CfrUnit(41, subtitle="A", chapter="50"),
         ("41 CFR Subtitle A Chapter 50 does not exist on 2026-01-29; the nearest is 41 CFR "
          "Subtitle B Chapter 50.")),
        (CfrUnit(6, subchapter="A"),
         ("6 CFR Subchapter A does not exist on 2026-01-29; title 6 has no subchapters: ask for "
          "one of its chapters, I and X.")),
        (CfrUnit(6, part="5", appendix="A"),
         ("6 CFR Part 5 Appendix A does not exist on 2026-01-29, and 6 CFR Part 5 has no other "
          "appendix; ask for 6 CFR Part 5.")),
        (CfrUnit(7, chapter="I"),
         ("7 CFR Chapter I does not exist on 2026-01-29; title 7 has no chapters: ask for one of "
          "its parts, 1, 2, 3, 4, 5, 6 and others.")),
    ],
)  # fmt: skip
def test_what_has_nothing_near_is_a_sentence_with_what_there_is(
    wanted: CfrUnit, sentence: str
) -> None:
    with pytest.raises(DocumentError) as error:
        resolve(wanted, TITLES[wanted.title], DAY)
    assert str(error.value) == sentence


@pytest.mark.parametrize(
    ("section", "letter", "sentence"),
    [
        ("1910.147", "C", ("29 CFR 1910.147 Appendix C does not exist on 2026-01-29; the nearest "
         "is 29 CFR Appendix A to § 1910.147.")),
        ("1910.14", "A", ("29 CFR 1910.14 Appendix A does not exist on 2026-01-29, and 29 CFR "
         "1910.14 has no appendix with text; ask for 29 CFR 1910.14.")),
        ("1910.152", "A", ("29 CFR 1910.152 Appendix A does not exist on 2026-01-29; the nearest "
         "is 29 CFR 1910.151.")),
        ("1910.148", "B", ("29 CFR 1910.148 Appendix B is reserved on 2026-01-29: there is no "
         "text; the nearest is 29 CFR Appendix A to § 1910.148.")),
    ],
)  # fmt: skip
def test_an_appendix_that_a_section_has_not_is_a_sentence(
    section: str, letter: str, sentence: str
) -> None:
    with pytest.raises(DocumentError) as error:
        resolve(CfrUnit(29, section=section, appendix=letter), TITLES[29], DAY)
    assert str(error.value) == sentence


def test_the_number_of_a_subpart_is_a_subpart_where_no_section_has_it() -> None:
    [only] = resolve(CfrUnit(29, section="2.10"), TITLES[29], DAY)
    assert (only.unit.kind, only.unit.subpart, only.unit.part) == ("subpart", "2.10", "2")

    for wanted in (CfrUnit(29, section="2.10", paragraph="(a)"), CfrUnit(29, section="2.11")):
        with pytest.raises(DocumentError, match="does not exist"):
            resolve(wanted, TITLES[29], DAY)
    with pytest.raises(DocumentError, match=r"^29 CFR 2\.20 is reserved"):
        resolve(CfrUnit(29, section="2.20"), TITLES[29], DAY)


def test_an_appendix_is_found_by_its_whole_name_alone_where_only_one_has_it() -> None:
    [only] = found(CfrUnit(21, appendix="Appendix A to Part 701"))

    assert only.unit.part == "701"


def test_the_appendix_of_a_chapter_comes_before_those_of_its_parts() -> None:
    assert cited(CfrUnit(41, chapter="50", appendix="A")) == ["41 CFR Appendix A to Chapter 50"]


@pytest.mark.parametrize(
    ("wanted", "sentence"),
    [
        (CfrUnit(21, section="701.4"),
         "21 CFR 701.4 does not exist on 2026-01-29; the nearest is 21 CFR 701.3."),
        (CfrUnit(21, section="701.7"),
         "21 CFR 701.7 does not exist on 2026-01-29; the nearest is 21 CFR 701.9."),
        (CfrUnit(21, section="9999.1"),
         "21 CFR 9999.1 does not exist on 2026-01-29; the nearest is 21 CFR Part 1402."),
        (CfrUnit(21, section="745.1"),
         ("21 CFR 745.1 does not exist on 2026-01-29, since parts 741-799 are reserved; the "
         "nearest is 21 CFR Part 740.")),
        (CfrUnit(21, part="702"),
         "21 CFR Part 702 does not exist on 2026-01-29; the nearest is 21 CFR Part 701."),
        (CfrUnit(21, part="745"),
         ("21 CFR Part 745 is reserved on 2026-01-29: there is no text; the nearest is 21 CFR Part "
         "740.")),
        (CfrUnit(21, section="720.5"),
         "21 CFR 720.5 is reserved on 2026-01-29: there is no text; the nearest is 21 CFR 720.4."),
        (CfrUnit(21, section="1.41"),
         "21 CFR 1.41 is reserved on 2026-01-29: there is no text; the nearest is 21 CFR 1.24."),
        (CfrUnit(21, chapter="III"),
         ("21 CFR Chapter III is reserved on 2026-01-29: there is no text; the nearest is 21 CFR "
         "Chapter II.")),
        (CfrUnit(21, chapter="1"),
         "21 CFR Chapter 1 does not exist on 2026-01-29; the nearest is 21 CFR Chapter I."),
        (CfrUnit(21, chapter="I", subchapter="Z"),
         ("21 CFR Chapter I Subchapter Z does not exist on 2026-01-29; the nearest is 21 CFR "
         "Chapter I Subchapter G.")),
        (CfrUnit(21, chapter="IX", subchapter="A"),
         ("21 CFR Chapter IX Subchapter A does not exist on 2026-01-29; the nearest is 21 CFR "
         "Chapter II Subchapter A.")),
        (CfrUnit(21, part="701", subpart="C"),
         ("21 CFR Part 701 Subpart C does not exist on 2026-01-29; the nearest is 21 CFR Part 701 "
         "Subpart A.")),
        (CfrUnit(21, part="701", subpart="M"),
         ("21 CFR Part 701 Subpart M is reserved on 2026-01-29: there is no text; the nearest is "
         "21 CFR Part 701 Subpart A.")),
        (CfrUnit(21, part="702", subpart="A"),
         "21 CFR Part 702 Subpart A does not exist on 2026-01-29; the nearest is 21 CFR Part 701."),
        (CfrUnit(21, part="701", appendix="C"),
         ("21 CFR Part 701 Appendix C does not exist on 2026-01-29; the nearest is 21 CFR Appendix "
         "A to Part 701.")),
        (CfrUnit(21, part="701", appendix="E"),
         ("21 CFR Part 701 Appendix E is reserved on 2026-01-29: there is no text; the nearest is "
         "21 CFR Appendix A to Part 701.")),
        (CfrUnit(21, part="701", appendix="B"),
         ("21 CFR Part 701 Appendix B is reserved on 2026-01-29: there is no text; the nearest is "
         "21 CFR Appendix A to Part 701.")),
        (CfrUnit(21, part="700", appendix="A"),
         ("21 CFR Part 700 Appendix A does not exist on 2026-01-29, and 21 CFR Part 700 has no "
         "other appendix; ask for 21 CFR Part 700.")),
        (CfrUnit(21, subject_group="ECFR00"),
         ("Title 21 of the CFR has no subject group ECFR00 on 2026-01-29; ask for its part or for "
         "its sections.")),
        (CfrUnit(41, part="50-205"),
         "41 CFR Part 50-205 does not exist on 2026-01-29; the nearest is 41 CFR Part 50-204."),
        (CfrUnit(41, part="30"),
         ("41 CFR Part 30 is reserved on 2026-01-29: there is no text; the nearest is 41 CFR Part "
         "49a.")),
    ],
)  # fmt: skip
def test_what_is_not_there_is_a_sentence_with_the_nearest_that_is(
    wanted: CfrUnit, sentence: str
) -> None:
    assert refused(wanted) == sentence


@pytest.mark.parametrize(
    ("wanted", "sentence"),
    [
        (CfrUnit(21, chapter="II", part="700"),
         ("21 CFR Part 700 is not in chapter II of title 21 on 2026-01-29; it is in chapter I: "
         "leave that out, or correct it.")),
        (CfrUnit(21, part="702", section="701.3"),
         ("21 CFR 701.3 is not in part 702 of title 21 on 2026-01-29; it is in part 701: leave "
         "that out, or correct it.")),
        (CfrUnit(21, part="701", subpart="B", section="701.3"),
         ("21 CFR 701.3 is not in subpart B of title 21 on 2026-01-29; it is in subpart A: leave "
         "that out, or correct it.")),
        (CfrUnit(21, chapter="I", subchapter="A", part="1301"),
         ("21 CFR Part 1301 is not in chapter I and subchapter A of title 21 on 2026-01-29; it is "
         "in chapter II: leave that out, or correct it.")),
        (CfrUnit(21, part="700", appendix="Appendix A to Part 701"),
         ("21 CFR Appendix A to Part 701 is not in part 700 of title 21 on 2026-01-29; it is in "
         "part 701: leave that out, or correct it.")),
    ],
)  # fmt: skip
def test_a_wrong_container_is_a_sentence_with_the_right_one(wanted: CfrUnit, sentence: str) -> None:
    assert refused(wanted) == sentence


@pytest.mark.parametrize(
    ("wanted", "sentence"),
    [
        (CfrUnit(21, subchapter="A"),
         ("21 CFR Subchapter A may be any of 2 units: 21 CFR Chapter I Subchapter A; 21 CFR "
         "Chapter II Subchapter A; say which.")),
        (CfrUnit(21, appendix="Special Federal Aviation Regulation No. 97"),
         ("21 CFR Special Federal Aviation Regulation No. 97 may be any of 2 units: 21 CFR Part "
         "740 Special Federal Aviation Regulation No. 97; 21 CFR Part 1301 Special Federal "
         "Aviation Regulation No. 97; say which.")),
    ],
)  # fmt: skip
def test_what_may_be_several_units_is_a_sentence_that_lists_them(
    wanted: CfrUnit, sentence: str
) -> None:
    assert refused(wanted) == sentence


def parts(first: str, last: str, title: int = 21) -> Span:
    return Span(CfrUnit(title, part=first), CfrUnit(title, part=last))


def sections(first: str, last: str, title: int = 21) -> Span:
    return Span(CfrUnit(title, section=first), CfrUnit(title, section=last))


@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [
        (parts("700", "740"), ["700", "701", "720", "740"]),
        (parts("702", "745"), ["720", "740", "741-799"]),  # reserved within a span is part of it
        (CfrUnit(21, part="700-720"), ["700", "701", "720"]),
        (parts("50-201", "50-203", 41), ["50-201", "50-202", "50-203"]),
        (parts("50", "201", 41), ["50-201"]),  # no parts 50 and 201, but one that is called so
        (parts("1", "49", 41), ["1", "2-49"]),
        (sections("701.2", "701.9"), ["701.2", "701.3", "701.9"]),
        (sections("1.24", "1.40"), ["1.24", "1.40-1.41"]),
        (sections("701.9", "720.4"), ["701.9", "720.4"]),
        (CfrUnit(21, section="701.1-701.2"), ["701.1", "701.2"]),
    ],
)
def test_a_span_is_every_unit_in_it(wanted: CfrUnit | Span, numbers: list[str]) -> None:
    assert [each.node.identifier for each in found(wanted) if each.node] == numbers


def test_what_is_reserved_within_a_span_is_said_to_be() -> None:
    assert [each.reserved for each in found(parts("740", "745"))] == [False, True]


@pytest.mark.parametrize(
    ("wanted", "sentence"),
    [
        (parts("702", "709"),
         "21 CFR Parts 702-709 do not exist on 2026-01-29; the nearest is 21 CFR Part 701."),
        (parts("741", "799"),
         ("21 CFR Parts 741-799 are reserved on 2026-01-29: there is no text; the nearest is 21 "
         "CFR Part 740.")),
        (sections("701.4", "701.8"),
         "21 CFR 701.4-701.8 do not exist on 2026-01-29; the nearest is 21 CFR 701.3."),
        (parts("740", "700"), ("21 CFR Parts 740-700 ends before it begins; write the lower one "
                              "first.")),
        (parts("50", "205", 41),  # which is not all from 50 to 205
         "41 CFR Part 50-205 does not exist on 2026-01-29; the nearest is 41 CFR Part 50-204."),
    ],
)  # fmt: skip
def test_a_span_of_nothing_is_one_sentence(wanted: Span, sentence: str) -> None:
    assert refused(wanted) == sentence


NUMBERS = st.sampled_from(
    ["", "", "", "I", "II", "III", "A", "G", "1", "700", "701", "741-799", "745", "701.3", "720.5",
     "(a)", "1.263(a)-3", "Appendix A", "50-201", "–", "§", "x" * 40, "0", "-"]
)  # fmt: skip


@given(st.builds(CfrUnit, st.sampled_from([21, 26, 41]), *[NUMBERS] * 9))
def test_whatever_is_asked_for_is_found_or_is_one_sentence(wanted: CfrUnit) -> None:
    try:
        units = found(wanted)
    except DocumentError as error:
        assert str(error).endswith(".")
        assert DAY in str(error) or "; say which." in str(error) or "ends before" in str(error)
    else:
        assert units
        orders = [each.order for each in units]
        assert orders == sorted(set(orders))
        for each in units:
            again = resolve(each.unit, TITLES[wanted.title], DAY) if not each.reserved else [each]
            assert again == [each]


@given(NUMBERS, NUMBERS, st.booleans())
def test_any_span_is_found_or_is_one_sentence(first: str, last: str, of_parts: bool) -> None:
    make = parts if of_parts else sections
    try:
        assert found(make(first or "1", last or "1"))
    except DocumentError as error:
        assert str(error).endswith(".")
