"""The annual edition of the CFR: the tree of the eCFR, out of older and worse markup."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from tribonian.errors import DocumentError
from tribonian.ingest.readers.cfr_xml import read_cfr_xml
from tribonian.ingest.record import Reading
from tribonian.schemas.tree import Node, grow
from tribonian.schemas.words import words

Outline = Callable[[Iterable[Node]], str]
STEADY = settings(derandomize=True, deadline=None, max_examples=100)

FDSYS = (
    "<FDSYS><CFRTITLE>21</CFRTITLE><VOL>8</VOL><DATE>2012-01-01</DATE>"
    "<TITLE>LANTERNS</TITLE></FDSYS>"
)


def read(xml: str) -> tuple[Node, Reading]:
    reading = Reading()
    root = grow(read_cfr_xml(io.BytesIO(xml.encode()), reading))
    assert reading.words == root.total_words()
    return root, reading


def granule(body: str) -> tuple[Node, Reading]:
    return read(f"<CFRGRANULE>{FDSYS}{body}</CFRGRANULE>")


def part(body: str) -> tuple[Node, Reading]:
    return granule(f'<PART><HD SOURCE="HED">PART 7—LANTERNS</HD>{body}</PART>')


def section(number: str, body: str = "", subject: str = "Scope.") -> str:
    return f"<SECTION><SECTNO>§ {number}</SECTNO><SUBJECT>{subject}</SUBJECT>{body}</SECTION>"


def numbers(node: Node) -> list[str]:
    """The designators of the units below, in order, with their depth."""
    out: list[str] = []

    def walk(node: Node, depth: int) -> None:
        for child in node.children:
            if child.kind in ("part", "subpart", "section", "appendix", "subject-group"):
                out.append("  " * depth + (child.designator or child.heading))
                walk(child, depth + 1)

    walk(node, 0)
    return out


def law(node: Node) -> list[Node]:
    """What stands in a node, without what the file says of itself."""
    return [child for child in node.children if child.kind != "metadata"]


def find(root: Node, kind: str) -> Node:
    return next(node for node in root.walk() if node.kind == kind)


def test_a_part_has_the_tree_of_the_ecfr(outline: Outline) -> None:
    root, reading = part(
        "<EAR>Pt. 7</EAR><CONTENTS><SECHD>Sec.</SECHD><SECTNO>7.1</SECTNO>"
        "<SUBJECT>Scope.</SUBJECT></CONTENTS>"
        '<AUTH><HD SOURCE="HED">Authority:</HD><P>21 U.S.C. 1.</P></AUTH>'
        '<SUBPART><HD SOURCE="HED">Subpart A—General</HD>'
        + section("7.1", '<P>(a) <E T="03">Oil.</E> (1) Clean.</P><P>(2) CO<E T="52">2</E>.</P>'
                  "<CITA>[62 FR 1, Jan. 1, 1997]</CITA>")
        + "</SUBPART>"
    )  # fmt: skip

    assert (root.kind, root.designator, root.heading) == ("part", "PART 7", "LANTERNS")
    assert outline(law(root)).splitlines() == [
        "running-head Pt. 7",
        "contents Sec.",
        "7.1 Scope.",
        "authority [Authority:] 21 U.S.C. 1.",
        "subpart Subpart A [General]",
        "  section § 7.1 [Scope.]",
        "    paragraph (a) [Oil.]",
        "      paragraph (1) Clean.",
        "      paragraph (2) CO₂.",
        "    history [62 FR 1, Jan. 1, 1997]",
    ]
    subpart = find(root, "subpart")
    assert subpart.citation == "21 CFR Part 7 Subpart A"
    assert subpart.children[0].children[0].children[1].citation == "21 CFR 7.1(a)(2)"
    assert (reading.title, reading.as_of, reading.sections) == ("21", "2012-01-01", 1)
    assert reading.findings == []


def test_the_same_section_reads_alike_in_the_ecfr(
    outline: Outline, read_section: Callable[..., object]
) -> None:
    body = (
        "<P>(a) <E T=\"03\">Oil.</E> Clean.<SU>1</SU><FTREF/></P><FTNT><P>"
        "<SU>1</SU> Note.</P></FTNT>"
        "<EXTRACT><P>Quoted.</P></EXTRACT><P>(b) Wicks.</P>"
    )  # fmt: skip
    annual, _ = granule(section("1.1", body, "Lanterns."))
    today = read_section(body.replace("<E T=\"03\">", "<I>").replace("</E>", "</I>"))  # fmt: skip

    assert outline(law(find(annual, "section"))) == today.outline  # type: ignore[attr-defined]


def test_pages_of_the_print_divide_no_word() -> None:
    root, _ = granule(section("7.1", '<P>lan<PRTPAGE P="3"/>tern and <PRTPAGE P="4"/>oil</P>'))

    assert find(root, "paragraph").text == "lantern and oil"


def test_a_line_feed_before_a_raised_mark_is_no_space() -> None:
    root, _ = granule(
        section("7.1", "<P>oil\n      <SU>1</SU>\n      <FTREF/> and m\n<SU>2</SU></P>")
    )

    assert find(root, "paragraph").text == "oil¹ and m²"


def test_the_front_and_the_back_of_a_volume_stand_in_its_title(outline: Outline) -> None:
    root, reading = read(
        "<CFRDOC><AMDDATE>September 30, 2011</AMDDATE><FMTR><TITLEPG><TITLENUM>Title 21</TITLENUM>"
        "<SUBJECT>Lanterns</SUBJECT><REVISED>Revised as of October 1, 2011</REVISED>"
        "</TITLEPG></FMTR>"
        '<TITLE><LRH>21 CFR Ch. I</LRH><CFRTITLE><TITLEHD><HD SOURCE="HED">Title 21—Lanterns</HD>'
        "<P>(This book contains part 7)</P></TITLEHD></CFRTITLE><CHAPTER><TOC><TOCHD>"
        '<HD SOURCE="HED">CHAPTER I—LANTERN BOARD</HD></TOCHD><CHAPTI><PT>7</PT>'
        "<SUBJECT>Lamps</SUBJECT><PG>5</PG></CHAPTI></TOC>"
        '<SUBCHAP><HD SOURCE="HED">SUBCHAPTER B—OIL</HD><PART><HD SOURCE="HED">PART 7—LAMPS</HD>'
        "</PART><PART><RESERVED>PARTS 8-9 [RESERVED]</RESERVED></PART></SUBCHAP></CHAPTER></TITLE>"
        '<BMTR><ALPHLIST><HD SOURCE="HED">Agencies</HD><AGENCY>Lantern Board</AGENCY>'
        "<CFRID>21, I</CFRID></ALPHLIST></BMTR></CFRDOC>"
    )

    assert root.designator == "Title 21"
    assert outline(root.children).splitlines() == [
        "metadata September 30, 2011",
        "metadata Title 21",
        "Lanterns",
        "Revised as of October 1, 2011",
        "running-head 21 CFR Ch. I",
        "contents (This book contains part 7)",
        "chapter CHAPTER I [LANTERN BOARD]",
        "  contents 7 Lamps 5",
        "  subchapter SUBCHAPTER B [OIL]",
        "    part PART 7 [LAMPS]",
        "    part PARTS 8-9 [[RESERVED]]",
        "contents Agencies",
        "Lantern Board 21, I",
    ]
    reserved = [node for node in root.walk() if node.kind == "part"][1]
    assert reserved.citation == "21 CFR Parts 8-9"
    assert (reading.title, reading.as_of) == ("21", "2011-10-01")


def test_reserved_units_say_so_where_the_press_would_print_it() -> None:
    root, _ = part(
        "<SUBPART><RESERVED>Subpart B—Wicks</RESERVED></SUBPART>"
        "<SUBPART><RESERVED>Subpart C [Reserved]</RESERVED></SUBPART>"
        "<SECTION><SECTNO>§§ 7.2-7.9</SECTNO><RESERVED>[Reserved]</RESERVED></SECTION>"
    )

    units = [(n.designator, n.heading, n.added) for n in root.children if n.kind != "metadata"]
    assert units == [
        ("Subpart B", "Wicks [Reserved]", 1),
        ("Subpart C", "[Reserved]", 0),
        ("§§ 7.2-7.9", "[Reserved]", 0),
    ]


def test_headings_form_lines_and_plates_are_told_apart(outline: Outline) -> None:
    root, reading = part(
        '<APPENDIX><EAR>Pt. 7, App. A</EAR><HD SOURCE="HED">Appendix A to Part 7—Forms</HD>'
        '<HD SOURCE="HD1">One</HD><HD SOURCE="HD2">Two</HD><FP SOURCE="FP-DASH">Name</FP>'
        '<GPH DEEP="1"><PRTPAGE P="9"/><GID>ER01.005</GID></GPH>'
        "<MATH><MID>ER02.001</MID></MATH></APPENDIX>"
    )

    assert outline(law(root)).splitlines() == [
        "appendix Appendix A to Part 7 [Forms]",
        "  running-head Pt. 7, App. A",
        "  heading [One]",
        "    heading [Two]",
        "      form-line Name ________",
        "      figure [image: ER01.005]",
        "      formula [formula: ER02.001]",
    ]
    assert find(root, "figure").added == 1  # the plate's number is the document's
    assert find(root, "appendix").citation == "21 CFR Appendix A to Part 7"
    assert reading.findings == []


def note(body: str, said: str) -> str:
    return (
        f'<EFFDNOTP><HD SOURCE="HED">Effective Date Note:</HD><P>{said}</P>'
        f"<REVTXT>{body}</REVTXT></EFFDNOTP>"
    )


def test_text_to_come_is_no_law_and_has_its_head_as_heading(outline: Outline) -> None:
    root, reading = part(section("7.1", note(section("7.1", "<STARS/><P>(c) New.</P>"),
                                             "§ 7.1 was amended as set forth.")))  # fmt: skip

    assert outline(find(root, "section").children).splitlines() == [
        "effective-date-note [Effective Date Note:]",
        "  paragraph § 7.1 was amended as set forth.",
        "  revised-text [§ 7.1 Scope.]",
        "    stars * * *",
        "    paragraph (c) New.",
    ]
    assert reading.sections == 1
    assert find(root, "revised-text").children[1].citation is None


def test_law_that_a_note_swallowed_is_put_behind_it() -> None:
    """47 CFR 2011, volume 3: from § 54.500 on, all stands within notes within notes."""
    inner = note(
        section("7.2", "<P>New two.</P>")
        + section("7.3")
        + f'<SUBPART><HD SOURCE="HED">Subpart B—Oil</HD>{section("7.10")}</SUBPART>'
        + f'<PART><HD SOURCE="HED">PART 8—WICKS</HD>{section("8.1")}</PART>',
        "§ 7.2 was revised.",
    )
    outer = note(section("7.1", "<P>New one.</P>") + section("7.2", inner), "§ 7.1 was revised.")
    root, reading = part(
        f'<SUBPART><HD SOURCE="HED">Subpart A—All</HD>{section("7.1", outer)}</SUBPART>'
    )

    assert root.kind == "document"
    assert numbers(root) == [
        "PART 7",
        "  Subpart A",
        "    § 7.1",
        "    § 7.2",
        "    § 7.3",
        "  Subpart B",
        "    § 7.10",
        "PART 8",
        "  § 8.1",
    ]
    assert [finding.code for finding in reading.findings] == ["unit-misplaced"] * 2
    assert "§ 7.2 stood inside § 7.1" in reading.findings[0].message
    moved = next(n for n in root.walk() if n.citation == "21 CFR 7.10")
    assert moved.locator.endswith("/REVTXT[1]/SUBPART[1]/SECTION[1]")
    assert moved.locator.startswith("/CFRGRANULE/PART[1]/SUBPART[1]/SECTION[1]/EFFDNOTP[1]")


def test_units_that_a_note_says_it_sets_forth_stay_in_it() -> None:
    said = "§§ 7.1 and 7.2 and subpart C were added as set forth."
    root, reading = part(
        section("7.1", note(section("7.1") + section("7.2"), said)) + section("7.3")
    )

    assert numbers(root) == ["§ 7.1", "§ 7.3"]
    assert reading.findings == []


def test_sections_in_sections_and_parts_in_appendices_are_put_in_their_place() -> None:
    root, reading = part(
        section("7.1", f"<P>One.</P>{section('7.2')}<P>Still one.</P>")
        + '<APPENDIX><HD SOURCE="HED">Appendix A to Part 7—Forms</HD><P>Form.</P>'
        + f'<PART><HD SOURCE="HED">PART 8—WICKS</HD>{section("8.1")}</PART>{section("7.9")}'
        + section("1") + "</APPENDIX>"
    )  # fmt: skip

    assert numbers(root) == [
        "PART 7", "  § 7.1", "  § 7.2", "  Appendix A to Part 7", "    § 1", "  § 7.9", "PART 8",
        "  § 8.1",
    ]  # fmt: skip
    assert [n.text for n in find(root, "section").children] == ["One.", "Still one."]
    assert {finding.code for finding in reading.findings} == {"unit-misplaced"}


def test_entries_of_a_table_of_contents_are_no_units() -> None:
    root, reading = part(
        '<CONTENTS><SUBPART><HD SOURCE="HED">Subpart A—X</HD><SECTNO>7.1</SECTNO>'
        '<SUBJECT>Y.</SUBJECT><SUBPART><HD SOURCE="HED">Subpart B—Z</HD></SUBPART></SUBPART>'
        "</CONTENTS>"
    )

    assert numbers(root) == []
    assert find(root, "contents").text == "Subpart A—X\n7.1 Y.\nSubpart B—Z"
    assert reading.findings == []


def test_a_head_behind_the_units_of_a_chapter_is_not_lost() -> None:
    law = f"<PART><HD SOURCE='HED'>PART 7—LAMPS</HD>{section('§ 7.1', '<P>Lit.</P>')}</PART>"
    root, _ = read(
        f"<CFRDOC><CHAPTER>{law}<TOC><TOCHD><HD SOURCE='HED'>CHAPTER I—BOARD</HD></TOCHD></TOC>"
        "</CHAPTER></CFRDOC>"
    )
    assert (root.designator, root.heading) == ("", "")
    assert "CHAPTER I—BOARD" in " ".join(f"{n.heading}{n.text}" for n in root.walk())


@pytest.mark.parametrize(
    ("head", "label"),
    [
        ("<SUBJECT>§ 7.1</SUBJECT><SUBJECT>Scope.</SUBJECT>", "§ 7.1 Scope."),
        ("<SECTNO>§ 7.1</SECTNO><SECTNO>and 7.2</SECTNO>", "§ 7.1 and 7.2"),
    ],
)
def test_a_head_set_in_two_elements_of_one_name_is_whole(head: str, label: str) -> None:
    root, _ = part(f"<SECTION>{head}<P>Lit.</P></SECTION>")
    section = find(root, "section")
    assert f"{section.designator} {section.heading}".strip() == label


def test_what_is_unknown_is_kept_and_named() -> None:
    root, reading = part(section("7.1", "<NOVEL>Word</NOVEL>stray<P>Text.</P>"))

    assert [n.text for n in find(root, "section").children] == ["Word", "stray", "Text."]
    assert [finding.code for finding in reading.findings] == ["unknown-element"]


BAD = [
    ("<ECFR/>", "<CFRDOC> or <CFRGRANULE>"),
    ("<CFRDOC><TITLE>", "breaks off"),
    ("<CFRDOC></TITLE></CFRDOC>", "damaged at line 1"),
    ("words", "no element"),
    ('<!DOCTYPE CFRDOC [<!ENTITY a "b">]><CFRDOC><TITLE>&a;</TITLE></CFRDOC>', "entities"),
    ("<CFRDOC><PART>" + "<NOTE>" * 300 + "</NOTE>" * 300 + "</PART></CFRDOC>", "256 deep"),
]


@pytest.mark.parametrize(("xml", "said"), BAD)
def test_what_cannot_be_read_is_refused_with_one_sentence(xml: str, said: str) -> None:
    with pytest.raises(DocumentError, match=said):
        read(xml)


UNITS = st.recursive(
    st.sampled_from(("<P>word (a) b</P>", "tail", "<STARS/>", section("7.1"), "<HD>x</HD>")),
    lambda inner: st.builds(
        lambda tag, parts: f"<{tag}>{''.join(parts)}</{tag}>",
        st.sampled_from(
            ("PART", "SUBPART", "SECTION", "APPENDIX", "EFFDNOT", "REVTXT", "CONTENTS", "P")
        ),
        st.lists(inner, max_size=4),
    ),
    max_leaves=25,
)


@STEADY
@given(st.lists(UNITS, max_size=4))
def test_no_word_is_lost_however_units_are_nested(units: list[str]) -> None:
    body = "".join(units)
    root, _ = granule(body)

    source = etree.fromstring(f"<X>{FDSYS}{body}</X>")
    printed = [word for text in source.itertext() for word in words(str(text))]
    read = [word for node in root.walk()
            for word in words(f"{node.designator}\n{node.heading}\n{node.text}")]  # fmt: skip
    assert sorted(read) == sorted(printed)
