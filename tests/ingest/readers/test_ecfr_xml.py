"""The eCFR in its three XML dialects: whole titles, single units, govinfo's bulk data."""

from __future__ import annotations

import re
import textwrap
import unicodedata
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from tribonian.schemas.finding import CODES
from tribonian.schemas.tree import KINDS, Node
from tribonian.schemas.words import words

Read = Callable[..., Any]
STEADY = settings(
    derandomize=True,
    deadline=None,
    max_examples=150,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def dedent(text: str) -> str:
    return textwrap.dedent(text).strip()


# --- whole titles, as the versioner API serves them -----------------------------------------

TITLE = """<?xml version="1.0" encoding="UTF-8"?>
<ECFR>
<AMDDATE>Nov. 3, 2025
</AMDDATE>
<VOLUME N="1" AMDDATE="2025-11-03"/>
<DIV1 N="21" TYPE="TITLE">
<HEAD>Title 21—Food and Drugs</HEAD>
<DIV3 N="I" TYPE="CHAPTER">
<HEAD> CHAPTER I—FOOD AND DRUG ADMINISTRATION</HEAD>
<DIV4 N="G" TYPE="SUBCHAP">
<HEAD>SUBCHAPTER G—COSMETICS


</HEAD>
<DIV5 N="701" TYPE="PART" VOLUME="7">
<HEAD>PART 701—COSMETIC LABELING
</HEAD>
<AUTH>
<HED>Authority:</HED><PSPACE>21 U.S.C. 321, 352.
</PSPACE></AUTH>
<DIV6 N="A" TYPE="SUBPART">
<HEAD>Subpart A—General Provisions</HEAD>
<DIV7 N="ECFRbd33d0ed4ce4376" TYPE="SUBJGRP">
<HEAD>Names</HEAD>
<DIV8 N="701.1" TYPE="SECTION" VOLUME="7">
<HEAD>§ 701.1   Misbranding.</HEAD>
<P>(a) Among representations:
</P>
<P>(1) False ones.
</P>
<CITA TYPE="N">[39 FR 10056, Mar. 15, 1974]


</CITA>
</DIV8>
</DIV7>
</DIV6>
<DIV6 N="L-M" TYPE="SUBPART">
<HEAD>Subparts L-M [Reserved]</HEAD>
</DIV6>
<DIV9 N="Appendix A to Part 701" TYPE="APPENDIX" VOLUME="7">
<HEAD>Appendix A to Part 701—Forms</HEAD>
<P>Each form.
</P>
</DIV9>
</DIV5>
<DIV5 N="741-799" TYPE="PART" VOLUME="7">
<HEAD>PARTS 741-799 [RESERVED]
</HEAD>
</DIV5>
</DIV4>
</DIV3>
</DIV1>
</ECFR>
"""


def test_a_whole_title_is_one_tree_of_its_units(read_xml: Read) -> None:
    read = read_xml(TITLE, title=None)

    assert (read.root.kind, read.root.designator, read.root.heading) == (
        "title",
        "Title 21",
        "Food and Drugs",
    )
    assert read.outline == dedent(
        """
        metadata Nov. 3, 2025
        chapter CHAPTER I [FOOD AND DRUG ADMINISTRATION]
          subchapter SUBCHAPTER G [COSMETICS]
            part PART 701 [COSMETIC LABELING]
              authority [Authority:] 21 U.S.C. 321, 352.
              subpart Subpart A [General Provisions]
                subject-group [Names]
                  section § 701.1 [Misbranding.]
                    paragraph (a) Among representations:
                      paragraph (1) False ones.
                    history [39 FR 10056, Mar. 15, 1974]
              subpart Subparts L-M [[Reserved]]
              appendix Appendix A to Part 701 [Forms]
                paragraph Each form.
            part PARTS 741-799 [[RESERVED]]
        """
    )
    assert read.findings == []
    assert read.reading.sections == 1
    assert read.reading.title == "21"
    assert read.reading.amended == "2025-11-03"


def test_every_unit_of_a_title_is_cited(read_xml: Read) -> None:
    read = read_xml(TITLE, title=None)

    assert [n.citation for n in read.root.walk() if n.citation] == [
        "21 CFR",
        "21 CFR Chapter I",
        "21 CFR Chapter I Subchapter G",
        "21 CFR Part 701",
        "21 CFR Part 701 Subpart A",
        "21 CFR 701.1",
        "21 CFR 701.1(a)",
        "21 CFR 701.1(a)(1)",
        "21 CFR Part 701 Subpart L-M",
        "21 CFR Appendix A to Part 701",
        "21 CFR Parts 741-799",
    ]


def test_a_locator_is_an_xpath_that_finds_its_element(read_xml: Read) -> None:
    root = etree.fromstring(TITLE.encode())

    for node in read_xml(TITLE, title=None).root.walk():
        found = root.xpath(node.locator)
        assert len(found) == 1, node.locator
        text = " ".join("".join(found[0].itertext()).split())
        own = [part for part in (node.designator, node.text) if part]
        assert all(part in text for part in own), node


def test_subtitles_hold_chapters_and_parts_may_stand_straight_in_them(read_xml: Read) -> None:
    # DIV5 under DIV2 192 times, DIV4 under DIV2 5 times; DIV9 under DIV3 and DIV2
    read = read_xml(
        '<ECFR><DIV1 N="2" TYPE="TITLE"><HEAD>Title 2—Grants</HEAD>'
        '<DIV2 N="A" TYPE="SUBTITLE"><HEAD>Subtitle A—Guidance</HEAD>'
        '<DIV5 N="1" TYPE="PART"><HEAD>PART 1—ABOUT</HEAD></DIV5>'
        '<DIV4 N="B" TYPE="SUBCHAP"><HEAD>SUBCHAPTER B—MORE</HEAD><P>A note.</P></DIV4>'
        '<DIV9 N="Appendix A to Chapter I" TYPE="APPENDIX"><HEAD>Appendix A to Chapter I</HEAD>'
        "</DIV9></DIV2></DIV1></ECFR>",
        title=None,
    )

    assert read.outline == dedent(
        """
        subtitle Subtitle A [Guidance]
          part PART 1 [ABOUT]
          subchapter SUBCHAPTER B [MORE]
            paragraph A note.
          appendix Appendix A to Chapter I
        """
    )
    assert read.findings == []
    assert read.reading.words == read.root.total_words()


# --- single units, as the API answers for a part or a section ---------------------------------

# The JSON of hierarchy_metadata is escaped twice on parts and subparts, once on sections.
PART = (
    '<DIV5 N="1005" TYPE="PART" VOLUME="8" hierarchy_metadata="{&amp;quot;path&amp;quot;:'
    "&amp;quot;/on/_SUBSTITUTE_DATE_/title-12/part-1005&amp;quot;,&amp;quot;citation&amp;quot;:"
    '&amp;quot;12 CFR Part 1005&amp;quot;}"><HEAD>PART 1005—ELECTRONIC FUND TRANSFERS</HEAD>'
    '<DIV8 N="1005.1" TYPE="SECTION" hierarchy_metadata="{&quot;path&quot;:'
    "&quot;/on/2023-04-19/title-12/section-1005.1&quot;,&quot;citation&quot;:"
    '&quot;12 CFR 1005.1&quot;}"><HEAD>&#xA7; 1005.1 Authority and purpose.</HEAD>'
    "<P>(a) <I>Authority.</I> The regulation.</P></DIV8></DIV5>"
)
SECTION = PART[PART.index("<DIV8") : -len("</DIV5>")]


def test_a_part_by_itself_tells_its_title_although_its_json_is_escaped_twice(
    read_xml: Read,
) -> None:
    read = read_xml(PART, title=None)

    assert read.root.citation == "12 CFR Part 1005"
    assert read.outline == dedent(
        """
        section § 1005.1 [Authority and purpose.]
          paragraph (a) [Authority.] The regulation.
        """
    )
    assert read.find("paragraph").citation == "12 CFR 1005.1(a)"
    assert read.reading.title == "12"
    assert read.findings == []


def test_a_section_by_itself_tells_its_title_and_its_date(read_xml: Read) -> None:
    read = read_xml(SECTION, title=None)

    assert read.root.citation == "12 CFR 1005.1"
    assert read.reading.as_of == "2023-04-19"
    assert read.reading.sections == 1


def test_the_placeholder_of_a_date_is_no_date(read_xml: Read) -> None:
    assert read_xml(PART.replace("2023-04-19", "_SUBSTITUTE_DATE_")).reading.as_of is None


@pytest.mark.parametrize("value", ["", "no json", "[1]", "{&quot;path&quot;: 4}", "null"])
def test_metadata_that_cannot_be_read_is_passed_over(read_xml: Read, value: str) -> None:
    read = read_xml(f'<DIV8 N="1.1" hierarchy_metadata="{value}"><HEAD>§ 1.1 One.</HEAD></DIV8>')

    assert read.root.citation == "21 CFR 1.1"
    assert read.reading.as_of is None
    assert read.findings == []


@pytest.mark.parametrize(
    ("xml", "kind"),
    [
        ('<DIV1 N="21" TYPE="TITLE"><HEAD>Title 21</HEAD></DIV1>', "title"),
        ('<DIV3 N="I" TYPE="CHAPTER"><HEAD>CHAPTER I</HEAD></DIV3>', "chapter"),
        ('<DIV4 N="G" TYPE="SUBCHAP"><HEAD>SUBCHAPTER G</HEAD></DIV4>', "subchapter"),
        ('<DIV6 N="A" TYPE="SUBPART"><HEAD>Subpart A</HEAD></DIV6>', "subpart"),
        ('<DIV9 N="Appendix A" TYPE="APPENDIX"><HEAD>Appendix A</HEAD></DIV9>', "appendix"),
    ],
)
def test_any_unit_may_be_the_root(read_xml: Read, xml: str, kind: str) -> None:
    read = read_xml(xml)

    assert read.root.kind == kind
    assert read.root.designator
    assert read.reading.words == read.root.total_words() == 2


def test_a_part_cut_out_equals_the_same_part_in_its_title(read_xml: Read) -> None:
    # interface.md: what comes from the API equals what cutting the unit out of the title gives
    part = TITLE[TITLE.index('<DIV5 N="701"') : TITLE.index('<DIV5 N="741')]

    whole = next(n for n in read_xml(TITLE, title=None).root.walk() if n.designator == "PART 701")
    alone = read_xml(part).root

    def said(node: Node) -> tuple[Any, ...]:
        return (
            node.kind, node.designator, node.heading, node.text, node.citation,
            [said(child) for child in node.children],
        )  # fmt: skip

    assert said(alone) == said(whole)


# --- govinfo's bulk data ---------------------------------------------------------------------

BULK = """<DLPSTEXTCLASS>
<HEADER><FILEDESC><TITLESTMT><TITLE>Title 1: General Provisions</TITLE>
<AUTHOR TYPE="nameinv"></AUTHOR></TITLESTMT><PUBLICATIONSTMT><PUBLISHER></PUBLISHER>
<IDNO TYPE="title">1</IDNO></PUBLICATIONSTMT></FILEDESC></HEADER>
<TEXT><BODY><ECFRBRWS>
<AMDDATE>Dec. 29, 2022(fm)</AMDDATE>
<DIV1 N="1" NODE="1:1" TYPE="TITLE">
<HEAD>Title 1—General Provisions--Volume 1</HEAD>
<CFRTOC><PTHD>Part</PTHD><CHAPTI><SUBJECT><E T="04">chapter i</E>—Committee</SUBJECT>
<PG>1</PG></CHAPTI></CFRTOC>
<DIV3 N="I" NODE="1:1.0.1" TYPE="CHAPTER"><HEAD>CHAPTER I—COMMITTEE</HEAD>
<DIV5 N="1" NODE="1:1.0.1.1.1" TYPE="PART"><HEAD>PART 1—DEFINITIONS</HEAD>
<DIV8 N="§ 1.1" NODE="1:1.0.1.1.1.0.1.1" TYPE="SECTION">
<HEAD>§ 1.1   Definitions.</HEAD>
<P>As used in this chapter.</P>
</DIV8></DIV5></DIV3></DIV1></ECFRBRWS></BODY></TEXT></DLPSTEXTCLASS>"""


def test_bulk_data_is_the_same_tree_with_its_header_and_its_contents(read_xml: Read) -> None:
    read = read_xml(BULK, title=None)

    assert read.root.citation == "1 CFR"
    assert read.root.heading == "General Provisions--Volume 1"
    assert read.outline == dedent(
        """
        metadata
          contents Title 1: General Provisions
          contents 1
        metadata Dec. 29, 2022(fm)
        contents
          contents Part
          contents CHAPTER I—Committee
          contents 1
        chapter CHAPTER I [COMMITTEE]
          part PART 1 [DEFINITIONS]
            section § 1.1 [Definitions.]
              paragraph As used in this chapter.
        """
    )
    assert read.findings == []
    assert read.reading.amended == "2022-12-29"


def test_the_section_sign_in_n_is_no_part_of_the_number(read_xml: Read) -> None:
    # N="§ 1.1" in the bulk data, N="1.1" in the API's: one citation
    assert read_xml(BULK, title=None).find("section").citation == "1 CFR 1.1"


def bulk(title: int, *volumes: str) -> str:
    """A title of several volumes: N of DIV1 is the volume, NODE says ``title:volume``."""
    body = "".join(
        f"<ECFRBRWS><AMDDATE>{date}</AMDDATE>"
        f'<DIV1 N="{n}" NODE="{title}:{n}" TYPE="TITLE">'
        f"<HEAD>Title {title}—Grants--Volume {n}</HEAD>"
        f'<DIV5 N="{n}" NODE="{title}:{n}.1" TYPE="PART"><HEAD>PART {n}—ABOUT</HEAD></DIV5>'
        f"</DIV1></ECFRBRWS>"
        for n, date in enumerate(volumes, 1)
    )
    return f"<DLPSTEXTCLASS><TEXT><BODY>{body}</BODY></TEXT></DLPSTEXTCLASS>"


def test_n_of_a_title_in_bulk_data_is_its_volume_and_not_its_number(read_xml: Read) -> None:
    # eCFR XML User Guide 2.3: <DIV1 N="1" NODE="5:1" TYPE="TITLE"> is title 5, volume 1
    read = read_xml(bulk(5, "Jan. 1, 2024"), title=None)

    assert read.reading.title == "5"
    assert [node.citation for node in read.root.walk() if node.citation] == [
        "5 CFR",
        "5 CFR Part 1",
    ]


def test_volumes_of_a_title_are_one_document(read_xml: Read) -> None:
    read = read_xml(bulk(5, "Jan. 1, 2024", "Mar. 3, 2024", "Feb. 2, 2024"), title=None)

    parts = [node for node in read.root.walk() if node.kind == "part"]
    assert [node.designator for node in parts] == ["PART 1", "PART 2", "PART 3"]
    assert [node.citation for node in parts] == ["5 CFR Part 1", "5 CFR Part 2", "5 CFR Part 3"]
    assert read.reading.amended == "2024-03-03"
    assert read.reading.words == read.root.total_words()


def test_each_volume_has_locators_of_its_own(read_xml: Read) -> None:
    xml = bulk(5, "Jan. 1, 2024", "Mar. 3, 2024")
    root = etree.fromstring(xml)

    for node in read_xml(xml, title=None).root.walk():
        if node.locator:
            assert len(root.xpath(node.locator)) == 1, node.locator


# --- heads -------------------------------------------------------------------------------------


def test_a_section_with_two_heads_keeps_the_second_as_text_and_reports_it(read_xml: Read) -> None:
    # 21 CFR 892.2100
    read = read_xml(
        '<DIV8 N="892.2100" TYPE="SECTION"><HEAD>892.2100 Acquisition software.</HEAD>'
        "<HEAD>892.2100 Other software.</HEAD><P>(a) It is.</P></DIV8>"
    )

    assert (read.root.designator, read.root.heading) == ("892.2100", "Acquisition software.")
    assert read.outline == dedent(
        """
        paragraph 892.2100 Other software.
        paragraph (a) It is.
        """
    )
    assert read.findings == ["second-heading"]
    assert read.reading.words == read.root.total_words()


def test_a_head_that_disagrees_with_n_is_reported(read_section: Read) -> None:
    read = read_section("<P>One.</P>", head="§ 1.10   Lanterns.")

    assert read.root.designator == "§ 1.10"
    assert read.findings == ["heading-number-mismatch"]


@pytest.mark.parametrize(
    ("number", "head"),
    [
        ("1.40-1.41", "§§ 1.40-1.41 [Reserved]"),
        ("210.12-05 - 210.12-08", "§ 210.12-05--210.12-08 [Reserved]"),
        ("120.441-§ 120.447", "§§ 120.441-120.447 [Reserved]"),
        ("13.21 -13.29", "§§ 13.21 -13.29 [Reserved]"),
        ("52. 36", "§ 52. 36   Text."),
        ("1-1", "Sec. 1-1   Purpose."),
        ("01", "Section 01   Introduction."),
        ("956.1 (Rule 1)", "§ 956.1 (Rule 1)   Rules."),
        ("240.15Fb1-1", "§ 240.15Fb1-1. Signatures."),
    ],
)
def test_the_odd_ways_of_printing_a_number_do_not_disagree(
    read_xml: Read, number: str, head: str
) -> None:
    # facts/ecfr.md: only six heads disagree with N
    read = read_xml(f'<DIV8 N="{number}" TYPE="SECTION"><HEAD>{head}</HEAD></DIV8>')

    assert read.findings == []
    assert read.root.designator


def test_a_footnote_to_the_head_of_a_section_stands_in_the_section(read_section: Read) -> None:
    # FTREF inside HEAD, 52 of the eCFR
    read = read_section(
        "<P>(a) One.</P><FTNT><P><SU>1</SU> The note.</P></FTNT>",
        head="§ 1.1   Lanterns.<SU>1</SU><FTREF/>",
    )

    assert read.root.heading == "Lanterns.¹"
    assert read.outline == dedent(
        """
        paragraph (a) One.
        footnote ¹ The note.
        """
    )
    assert read.findings == []


def test_a_part_without_sections_has_its_paragraphs_itself(read_xml: Read) -> None:
    # 18 CFR 101: 3,681 P under HED1 and HD1
    read = read_xml(
        '<DIV5 N="101" TYPE="PART"><HEAD>PART 101—ACCOUNTS</HEAD><HED1>Definitions</HED1>'
        "<P>When used here:</P><HD1>1. Accounts</HD1><P>Means accounts.</P>"
        "<HED1>Instructions</HED1><P>Keep books.</P></DIV5>"
    )

    assert read.outline == dedent(
        """
        heading [Definitions]
          paragraph When used here:
          heading [1. Accounts]
            paragraph Means accounts.
        heading [Instructions]
          paragraph Keep books.
        """
    )
    assert read.reading.sections == 0


def test_a_section_may_have_a_head_and_no_more(read_section: Read) -> None:
    # 3,449 sections
    read = read_section("", head="§ 1.1 [Reserved]")

    assert read.root.children == ()
    assert read.root.heading == "[Reserved]"
    assert read.findings == []


def test_a_section_may_have_no_head_at_all(read_xml: Read) -> None:
    read = read_xml('<DIV8 N="1.1" TYPE="SECTION"><P>(a) One.</P></DIV8>')

    assert read.root.citation == "21 CFR 1.1"
    assert read.find("paragraph").citation == "21 CFR 1.1(a)"


# --- blocks --------------------------------------------------------------------------------------

BLOCKS: list[tuple[str, str]] = [
    ("<P>Each lantern.</P><FP>Flush.</FP><FP-1>Item</FP-1><FP-2>Deeper</FP-2><FP1-2>Run</FP1-2>",
     """
     paragraph Each lantern.
     paragraph Flush.
     paragraph Item
     paragraph Deeper
     paragraph Run
     """),
    # 34 empty P in the eCFR
    ("<P> \n</P><P/>", ""),
    ("<NOTE><HED>Note:</HED><P>One.</P><P>Two.</P></NOTE>",
     """
     note [Note:]
       paragraph One.
       paragraph Two.
     """),
    ("<EXAMPLE><HED>Example 1.</HED><PSPACE>The limit is 60 °C.</PSPACE></EXAMPLE>",
     """
     example [Example 1.]
       paragraph The limit is 60 °C.
     """),
    # the numbers of an extract are its own
    (("<P>(a) One.</P><EXTRACT><HD1>Form</HD1><P>(a) Name.</P><P>(1) First.</P></EXTRACT>"
     "<P>(b) Two.</P>"),
     """
     paragraph (a) One.
       extract
         heading [Form]
           paragraph (a) Name.
             paragraph (1) First.
     paragraph (b) Two.
     """),
    ("<EDNOTE><HED>Editorial Note:</HED><PSPACE>See.</PSPACE></EDNOTE>",
     """
     editorial-note [Editorial Note:]
       paragraph See.
     """),
    # REVTXT holds a second HEAD: the text that is to come
    (("<EFFDNOT><HED>Effective Date Note:</HED><PSPACE>At 90 FR 1, revised.</PSPACE>"
     "<REVTXT><HEAD>§ 1.1   Lamps.</HEAD><P>(a) Each lamp.</P></REVTXT></EFFDNOT>"),
     """
     effective-date-note [Effective Date Note:]
       paragraph At 90 FR 1, revised.
       revised-text [§ 1.1 Lamps.]
         paragraph (a) Each lamp.
     """),
    ("<CROSSREF><HED>Cross Reference:</HED><P>See part 2.</P></CROSSREF>",
     """
     cross-reference [Cross Reference:]
       paragraph See part 2.
     """),
    # a future amendment, 1,212 of them
    ('<XREF ID="1" REFID="2">Link to an amendment published at 90 FR 1.</XREF>',
     "amendment-banner Link to an amendment published at 90 FR 1."),
    (("<AUTH><HED>Authority:</HED><PSPACE>21 U.S.C. 321 <I>et seq.</I></PSPACE>"
     "<P>Subpart C also.</P></AUTH>"),
     "authority [Authority:] 21 U.S.C. 321 et seq.\nSubpart C also."),
    ("<SOURCE><HED>Source:</HED><PSPACE>39 FR 1.</PSPACE></SOURCE>", "source [Source:] 39 FR 1."),
    (('<CITA TYPE="N">[39 FR 1]\n</CITA><SECAUTH TYPE="N">(Sec. 1)</SECAUTH>'
     '<PARAUTH TYPE="N">(Sec. 2)</PARAUTH><APPRO TYPE="N">(Approved)</APPRO>'),
     """
     history [39 FR 1]
     authority (Sec. 1)
     authority (Sec. 2)
     approval (Approved)
     """),
    ("<FP-DASH>Name</FP-DASH>", "form-line Name ________"),
    ("<STARS/>", "stars * * *"),
    ('<img src="/graphics/er17au22.015.gif"/>', "figure [image: er17au22.015.gif]"),
    ('<MATH DEEP="1"><img src="/graphics/x.gif"/></MATH>', "formula [formula: x.gif]"),
    # the five ranks of headings
    ("<HD1>A</HD1><HD2>B</HD2><HD3>C</HD3><HD4>D</HD4><HD5>E</HD5><P>One.</P><HD2>F</HD2>",
     """
     heading [A]
       heading [B]
         heading [C]
           heading [D]
             heading [E]
               paragraph One.
       heading [F]
     """),
    # a heading inside a paragraph: 18 CFR 101
    ("<P>(a) Before.</P><P>One.<HD1>Head</HD1></P><P>(a) Under it.</P>",
     """
     paragraph (a) Before.
       paragraph One.
     heading [Head]
       paragraph (a) Under it.
     """),
    # tables in their two wrappers
    (('<DIV width="100%"><DIV class="gpotbl_div"><TABLE><CAPTION><P class="title">Table 1</P>'
     "</CAPTION><THEAD><TR><TH>A</TH></TR></THEAD><TBODY><TR><TD>1</TD></TR></TBODY>"
     "<TFOOT><TR><TD>A note.</TD></TR></TFOOT></TABLE></DIV></DIV>"),
     "table [Table 1] | A |\n| --- |\n| 1 |\n  note A note."),
    # footnotes go to their marks
    (("<P>(a) One<SU>1</SU><FTREF/> two.</P><P>(b) Three.</P>"
     "<FTNT><P><SU>1</SU> The note.</P><P>Goes on.</P></FTNT>"),
     """
     paragraph (a) One¹ two.
       footnote ¹ The note.
         paragraph Goes on.
     paragraph (b) Three.
     """),
    # a numbered paragraph that is a heading and no more, with a space before its end
    ("<P>(a) <I>Reserved </I>\n</P><P>(b) <I>Scope.</I>\n</P><P>(c)<I> </I></P>",
     """
     paragraph (a) Reserved
     paragraph (b) [Scope.]
     paragraph (c)
     """),
]  # fmt: skip


@pytest.mark.parametrize(("body", "expected"), BLOCKS)
def test_each_element_becomes_what_it_is(read_section: Read, body: str, expected: str) -> None:
    read = read_section(body)

    assert read.outline == dedent(expected)
    assert read.findings == []
    assert read.reading.words == read.root.total_words()
    assert {node.kind for node in read.root.walk()} <= KINDS


def test_paragraphs_of_notes_and_extracts_have_no_citation(read_section: Read) -> None:
    read = read_section(
        "<P>(a) One.</P><EXTRACT><P>(a) Two.</P></EXTRACT><NOTE><P>(a) Three.</P></NOTE>"
    )

    assert [node.citation for node in read.root.walk() if node.designator == "(a)"] == [
        "21 CFR 1.1(a)",
        None,
        None,
    ]


def test_a_number_hidden_behind_a_footnote_mark_is_opened(read_section: Read) -> None:
    # 10 CFR 50.72(a), as it is printed
    read = read_section(
        "<P>(a) <I>General requirements.</I> \n<SU>1</SU>\n<FTREF/> (1) Each licensee shall:</P>"
        "<FTNT><P> \n<SU>1</SU> Other requirements.</P></FTNT>"
        "<P>(i) One; or</P><P>(ii) Two.</P><P>(2) Three.</P><P>(b) Four.</P>"
    )

    cited = [n.citation for n in read.root.walk() if n.kind == "paragraph"]
    assert cited == [
        "21 CFR 1.1(a)",
        "21 CFR 1.1(a)(1)",
        "21 CFR 1.1(a)(1)(i)",
        "21 CFR 1.1(a)(1)(ii)",
        "21 CFR 1.1(a)(2)",
        "21 CFR 1.1(b)",
    ]
    assert read.findings == []


def test_the_text_after_a_heading_inside_a_paragraph_stands_under_the_heading(
    read_section: Read,
) -> None:
    read = read_section("<P>Before.<HD1>Head</HD1>After.</P>")

    assert words(read.outline) == ["paragraph", "Before", "heading", "Head", "paragraph", "After"]


def test_an_unknown_element_keeps_its_text_and_gives_a_finding(read_section: Read) -> None:
    read = read_section("<P>One.</P><NEWTAG>Two <I>three</I> four.</NEWTAG><P>Five.</P>")

    assert read.findings == ["unknown-element"]
    assert "NEWTAG" in read.reading.findings[0].message
    assert read.reading.findings[0].locator.endswith("NEWTAG[1]")
    said = [word for word in words(read.outline) if word != "paragraph"]
    assert said == ["One", "Two", "three", "four", "Five"]


def test_an_unknown_element_with_blocks_in_it_keeps_them_all(read_section: Read) -> None:
    read = read_section("<NEWTAG>Lead <P>(a) One.</P><P>(1) Two.</P></NEWTAG>")

    assert read.findings == ["unknown-element"]
    assert read.outline == dedent(
        """
        paragraph Lead
        paragraph (a) One.
          paragraph (1) Two.
        """
    )


# Text where the feed has none: every word of the XML is in the tree all the same.
STRAY = [
    ("behind a paragraph", "<P>one</P> two"),
    ("before a paragraph", "one <P>two</P>"),
    ("behind a block of a note", "<NOTE><HED>one</HED><P>two</P> three</NOTE>"),
    ("between the words of a note", "<NOTE>one <I>two</I> three</NOTE>"),
    ("in a note without paragraphs", "<EDNOTE>one <E T='03'>two</E> three</EDNOTE>"),
    ("behind a block of an extract", "<EXTRACT>one <P>two</P> three</EXTRACT>"),
    ("in an authority", "<AUTH><HED>one</HED> two <P>three</P> four</AUTH>"),
    ("in a wrapper", "<DIV>one <P>two</P> three</DIV>"),
    ("in an unknown element", "<NEWTAG>one <I>two</I> three</NEWTAG>"),
    ("in a formula", '<MATH>one <img src="x.gif"/> two</MATH>'),
    ("in stars", "<STARS>one two</STARS>"),
    ("in a picture", '<img src="x.gif">one</img>'),
    ("in a caption", "<TABLE><CAPTION>one <I>two</I> three</CAPTION></TABLE>"),
    ("in a row", "<TABLE><TR><TD>one</TD> two <TD>three</TD></TR></TABLE>"),
    ("in a table", "<TABLE><P>one</P><TR><TD>two</TD></TR> three</TABLE>"),
    ("in a footnote's reference", "<P>one <FTREF>two</FTREF> three</P>"),
    ("in a line break", "<P>one <br>two</br> three</P>"),
    ("in an accent", '<P>one <AC T="8">two</AC> three</P>'),
    ("in a paragraph around a block", "<P>one<HD1>two</HD1>three</P>"),
]


@pytest.mark.parametrize("body", [row[1] for row in STRAY], ids=[row[0] for row in STRAY])
def test_no_word_is_lost_wherever_it_stands(read_section: Read, body: str) -> None:
    read = read_section(body)

    section = etree.fromstring(f"<DIV8>{body}</DIV8>")
    want = Counter(word for text in section.itertext() for word in words(text))
    said = " ".join(f"{n.heading} {n.text}" for n in read.root.walk() if n is not read.root)
    have = Counter(words(unicodedata.normalize("NFD", said).replace("\u0304", "")))
    assert not want - have


@pytest.mark.parametrize(
    "xml",
    [
        '<DIV5 N="1" TYPE="PART">one<HEAD>PART 1</HEAD>two<AUTH><HED>A</HED></AUTH>three</DIV5>',
        ('<ECFR><DIV1 N="1">one<HEAD>Title 1</HEAD>two<DIV3 N="I"><HEAD>CHAPTER I</HEAD>'
        '<P>Four</P>three<DIV5 N="1"><HEAD>PART 1</HEAD></DIV5></DIV3></DIV1></ECFR>'),
    ],
)  # fmt: skip
def test_no_word_is_lost_that_stands_straight_in_a_container(read_xml: Read, xml: str) -> None:
    read = read_xml(xml)

    said = words(" ".join(f"{node.heading} {node.text}" for node in read.root.walk()))
    assert {"one", "two", "three"} <= set(said)


# A mark of a picture is not a word of the document, wherever the picture stands.
PICTURES = [
    "<P>One <img src='x.gif'/></P>",
    "<P>(a)(1) One <img src='x.gif'/></P>",
    "<P><I>Handgun.</I> (a) One <img src='x.gif'/>.</P><P>(b) Two.</P>",
    "<HD1>One <img src='x.gif'/></HD1>",
    "<NOTE><HED>One <img src='x.gif'/></HED><P>Two.</P></NOTE>",
    "<AUTH><HED>One</HED><PSPACE>Two <img src='x.gif'/></PSPACE></AUTH>",
    "<CITA>One <img src='x.gif'/></CITA>",
    "<FP-DASH>One <img src='x.gif'/></FP-DASH>",
    "<FTNT><P><SU>1</SU> One <img src='x.gif'/></P></FTNT>",
    "<EFFDNOT><REVTXT><HEAD>One <img src='x.gif'/></HEAD><P>Two.</P></REVTXT></EFFDNOT>",
    "<TABLE><CAPTION><P>One <img src='x.gif'/></P></CAPTION><TR><TD>Two</TD></TR></TABLE>",
    "<TABLE><TR><TD>One <img src='x.gif'/></TD></TR></TABLE>",
    "<TABLE><TR><TD>One</TD></TR><TFOOT><TR><TD><img src='x.gif'/></TD></TR></TFOOT></TABLE>",
    "<AMDDATE>One <img src='x.gif'/></AMDDATE>",
]


@pytest.mark.parametrize("body", PICTURES)
def test_the_words_read_are_the_words_of_the_tree_whatever_holds_a_picture(
    read_section: Read, body: str
) -> None:
    read = read_section(body)

    plain = etree.fromstring(f"<DIV8>{body}</DIV8>")
    printed = sum(len(words(text)) for text in plain.itertext())
    assert read.reading.words == read.root.total_words() == printed + 3  # 1, 1, Lanterns


@pytest.mark.parametrize(
    "xml",
    [
        "<DIV8 N='1.1'><HEAD>§ 1.1 Lanterns <img src='x.gif'/></HEAD></DIV8>",
        "<ECFR><DIV1 N='1'><HEAD>Title 1—Lanterns <img src='x.gif'/></HEAD></DIV1></ECFR>",
    ],
)
def test_a_picture_in_a_head_is_not_counted_either(read_xml: Read, xml: str) -> None:
    read = read_xml(xml)

    assert read.reading.words == read.root.total_words()


# interface.md: markup inside a block does not split words.
WHOLE_WORDS = [
    ('CO<E T="52">2</E> is', 2),
    ("6 m\n<SU>2</SU>.", 2),
    # 10 CFR 50.61, some hundred times; 10 CFR part 50 as a whole counts 0.13 % too many
    ('RT<E T="54">NDT</E> means', 2),
    ('RT<E T="52">MAX-X</E> means', 3),
    # 14 CFR 91.227
    ('NAC<E T="52">V</E> means', 2),
    ('10<E T="51">Q</E> means', 2),
    ("<B>L</B>antern burns", 2),
    ('<E T="04">l</E>antern', 1),
    # a fraction is a word of its own, or one and a half would be eleven halves
    ("1\n<FR>1/2</FR> inches", 4),
]


@pytest.mark.parametrize(("inner", "count"), WHOLE_WORDS)
def test_markup_inside_a_block_does_not_split_words(
    read_section: Read, inner: str, count: int
) -> None:
    read = read_section(f"<P>{inner}</P>")

    assert read.reading.words - 3 == count
    assert read.root.total_words() - 3 == count


# --- any section ----------------------------------------------------------------------------------

printed = st.sampled_from(
    [
        "one ",
        "two. ",
        "(a) ",
        "(1) ",
        "(i) ",
        "Board means ",
        "1. ",
        "— ",
        "[Reserved] ",
        "3.5 ",
        "",
    ]
)
inline = st.one_of(
    printed,
    printed.map("<I>{}</I> ".format),
    printed.map('<E T="03">{}</E> '.format),
    printed.map("<em>{}</em> ".format),
    st.sampled_from(["CO<sub>2</sub> ", "m\n<SU>2</SU> ", "1\n<FR>1/2</FR> ", "<br/>",
                     'word <SU>1</SU><FTREF/> ']),
)  # fmt: skip
content = st.lists(inline, max_size=4).map("".join)


def element(*tags: str) -> st.SearchStrategy[str]:
    return st.builds(lambda tag, inner: f"<{tag}>{inner}</{tag}>", st.sampled_from(tags), content)


paragraph = element("P", "P", "P", "FP", "FP-1", "HD1", "HD2", "CITA", "SECAUTH", "FP-DASH", "XREF")
block = st.recursive(
    st.one_of(
        paragraph,
        content.map("<FTNT><P><SU>1</SU> {}</P></FTNT>".format),
        st.builds("<AUTH><HED>{}</HED><PSPACE>{}</PSPACE></AUTH>".format, content, content),
        st.builds("<TABLE><TR><TD>{}</TD><TD>{}</TD></TR></TABLE>".format, content, content),
        st.just("<STARS/>"),
    ),
    lambda inner: st.builds(
        lambda tag, hed, blocks: f"<{tag}><HED>{hed}</HED>{''.join(blocks)}</{tag}>",
        st.sampled_from(["NOTE", "EXTRACT", "EXAMPLE", "EDNOTE", "EFFDNOT", "CROSSREF"]),
        content,
        st.lists(inner, max_size=3),
    ),
    max_leaves=6,
)
BREAKS = re.compile(r"\n(?=<SU>)")


@STEADY
@given(blocks=st.lists(block, max_size=6))
def test_the_words_read_are_the_words_of_the_tree_and_of_the_xml(
    read_section: Read, blocks: list[str]
) -> None:
    body = "".join(blocks)

    read = read_section(body)

    # an independent count: the text of every innermost block, line breaks being spaces
    section = etree.fromstring(f"<DIV8>{BREAKS.sub('', body).replace('<br/>', ' ')}</DIV8>")
    leaves = ("P", "FP", "FP-1", "FP-DASH", "HD1", "HD2", "HED", "PSPACE", "CITA", "SECAUTH",
              "XREF", "TD")  # fmt: skip
    want = [word for leaf in section.iter(*leaves) for word in words("".join(leaf.itertext()))]
    assert read.reading.words == read.root.total_words() == len(want) + 3  # 1, 1, Lanterns
    have = Counter(
        word
        for node in read.root.walk()
        if node is not read.root
        for word in words(f"{node.designator}\n{node.heading}\n{node.text}")
    )
    assert have == Counter(want)
    assert set(read.findings) <= {code for code in CODES if code.startswith(("desig", "foot"))}


@STEADY
@given(blocks=st.lists(block, max_size=5))
def test_locators_of_any_section_find_one_element(read_section: Read, blocks: list[str]) -> None:
    body = "".join(blocks)
    read = read_section(body)
    root = etree.fromstring(
        f'<DIV8 N="1.1" TYPE="SECTION"><HEAD>§ 1.1   Lanterns.</HEAD>{body}</DIV8>'
    )

    for node in read.root.walk():
        assert len(root.xpath(node.locator)) == 1, node.locator
