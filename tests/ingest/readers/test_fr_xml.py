"""Federal Register documents: preamble, headings, amended text with its citations."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable

import pytest

from tribonian.errors import DocumentError
from tribonian.ingest.readers.fr_xml import read_fr_xml
from tribonian.ingest.record import Reading
from tribonian.schemas.tree import Node, grow

Outline = Callable[[Iterable[Node]], str]

PREAMBLE = (
    '<PREAMB><PRTPAGE P="47698"/><AGENCY TYPE="F">LANTERN BOARD</AGENCY><CFR>12 CFR Part 7</CFR>'
    "<DEPDOC>[Docket No. L-1]</DEPDOC><RIN>RIN 9999-AA00</RIN><SUBJECT>Oil (Regulation L)</SUBJECT>"
    '<AGY><HD SOURCE="HED">AGENCY:</HD><P>Lantern Board.</P></AGY>'
    '<SUM><HD SOURCE="HED">SUMMARY:</HD><P>Oil is clean.<SU>1</SU><FTREF/></P>'
    "<FTNT><P><SU>1</SU> Very.</P></FTNT></SUM></PREAMB>"
)
END = (
    "<SIG><DATED>Dated: May 7, 2020.</DATED><NAME>K. Wick,</NAME><TITLE>Director.</TITLE></SIG>"
    "<FRDOC>[FR Doc. 2020-10278 Filed 6-4-20; 8:45 am]</FRDOC><BILCOD>BILLING CODE 1-P</BILCOD>"
)
AMENDED = (
    '<REGTEXT TITLE="12" PART="7"><PART><HD SOURCE="HED">PART 7—LANTERNS</HD></PART>'
    "<AMDPAR>1. The authority citation continues to read:</AMDPAR>"
    '<AUTH><HD SOURCE="HED">Authority:</HD><P>12 U.S.C. 1.</P></AUTH></REGTEXT>'
    '<REGTEXT TITLE="12" PART="7"><AMDPAR>2. Revise § 7.30(f)(2):</AMDPAR>'
    "<SECTION><SECTNO>§ 7.30</SECTNO><SUBJECT>Oil.</SUBJECT><STARS/><P>(f) * * *</P>"
    '<P>(2) <E T="03">Clean.</E> It is.</P></SECTION></REGTEXT>'
)


def read(xml: str) -> tuple[Node, Reading]:
    reading = Reading()
    root = grow(read_fr_xml(io.BytesIO(xml.encode()), reading))
    assert reading.words == root.total_words()
    return root, reading


def rule(body: str, tag: str = "RULE") -> tuple[Node, Reading]:
    return read(f"<{tag}>{PREAMBLE}<SUPLINF>{body}</SUPLINF>{END}</{tag}>")


def test_a_rule_is_a_document_with_its_preamble_under_headings(outline: Outline) -> None:
    root, reading = rule(
        '<HD SOURCE="HED">SUPPLEMENTARY INFORMATION:</HD><HD SOURCE="HD1">I. Background</HD>'
        '<P>Lit <PRTPAGE P="47699"/>lamps.</P><HD SOURCE="HD2">A. History</HD><P>Old.</P>'
        '<HD SOURCE="HD1">II. Costs</HD><P>None.</P>'
    )

    assert (root.kind, root.heading, root.citation) == (
        "document", "Oil (Regulation L)", "FR Doc. 2020-10278")  # fmt: skip
    assert outline(root.children).splitlines() == [
        "metadata LANTERN BOARD",
        "metadata 12 CFR Part 7",
        "metadata [Docket No. L-1]",
        "metadata RIN 9999-AA00",
        "heading [AGENCY:]",
        "  paragraph Lantern Board.",
        "heading [SUMMARY:]",
        "  paragraph Oil is clean.¹",
        "    footnote ¹ Very.",
        "heading [SUPPLEMENTARY INFORMATION:]",
        "  heading [I. Background]",
        "    paragraph Lit lamps.",
        "    heading [A. History]",
        "      paragraph Old.",
        "  heading [II. Costs]",
        "    paragraph None.",
        "metadata Dated: May 7, 2020.",
        "K. Wick,",
        "Director.",
        "metadata [FR Doc. 2020-10278 Filed 6-4-20; 8:45 am]",
        "metadata BILLING CODE 1-P",
    ]
    assert reading.heading == "Oil (Regulation L)"
    assert reading.findings == []


def test_amended_text_is_cited_and_instructions_are_not(outline: Outline) -> None:
    root, reading = rule(f'<LSTSUB><HD SOURCE="HED">List of Subjects</HD></LSTSUB>{AMENDED}')

    parts = [node for node in root.children if node.kind == "part"]
    assert outline(parts).splitlines() == [
        "part PART 7 [LANTERNS]",
        "  paragraph 1. The authority citation continues to read:",
        "  authority [Authority:] 12 U.S.C. 1.",
        "  paragraph 2. Revise § 7.30(f)(2):",
        "  section § 7.30 [Oil.]",
        "    stars * * *",
        "    paragraph (f) * * *",
        "      paragraph (2) [Clean.] It is.",
    ]
    cited = [node.citation for node in parts[0].walk() if node.citation]
    assert cited == ["12 CFR Part 7", "12 CFR 7.30", "12 CFR 7.30(f)", "12 CFR 7.30(f)(2)"]
    assert (reading.sections, reading.title) == (1, None)


def test_a_proposal_is_no_law_and_its_sections_have_no_citation(outline: Outline) -> None:
    root, _ = rule(
        '<P>Words.</P><PART><HD SOURCE="HED">PART 7—LANTERNS</HD></PART>'
        "<AMDPAR>1. Add § 7.2:</AMDPAR><SECTION><SECTNO>§ 7.2</SECTNO><SUBJECT>New.</SUBJECT>"
        "<P>(a) Light.</P></SECTION>",
        "PRORULE",
    )

    part = next(node for node in root.children if node.kind == "part")
    assert outline(part.children).splitlines() == [
        "paragraph 1. Add § 7.2:",
        "section § 7.2 [New.]",
        "  paragraph (a) Light.",
    ]
    assert all(node.citation is None for node in part.walk())


def test_sections_outside_regtext_are_cited_by_the_one_title_the_rule_names() -> None:
    body = "<SECTION><SECTNO>§ 7.2</SECTNO><SUBJECT>New.</SUBJECT></SECTION>"
    one, _ = rule(body)
    several, _ = rule(f"<CFR>14 CFR Part 9</CFR>{body}")

    assert [n.citation for n in one.walk() if n.kind == "section"] == ["12 CFR 7.2"]
    assert [n.citation for n in several.walk() if n.kind == "section"] == [None]


def test_an_executive_order_has_sections(outline: Outline) -> None:
    root, reading = read(
        '<PRESDOCU><EXECORD><TITLE3>Title 3—</TITLE3><PRES>The President<PRTPAGE P="1"/></PRES>'
        '<EXECORDR>Executive Order 99907 of May 29, 2026</EXECORDR><HD SOURCE="HED">Oil</HD>'
        "<FP>It is ordered:</FP>"
        '<FP><E T="04">Section 1</E>. <E T="03">Purpose.</E> Light.</FP>'
        '<FP><E T="04">Sec. 2</E>. <E T="03">General.</E> (a) Nothing shall—</FP>'
        '<FP SOURCE="FP1">(i) impair; or</FP><P>(b) Begin.</P>'
        "<PSIG> </PSIG><PLACE>THE WHITE HOUSE,</PLACE><DATE>May 29, 2026.</DATE></EXECORD>"
        "</PRESDOCU>"
    )

    assert (root.designator, root.heading, root.citation) == (
        "Executive Order 99907 of May 29, 2026", "Oil", "E.O. 99907")  # fmt: skip
    assert outline(root.children).splitlines()[2:] == [
        "paragraph It is ordered:",
        "section Section 1. [Purpose.]",
        "  paragraph Light.",
        "section Sec. 2. [General.]",
        "  paragraph (a) Nothing shall—",
        "    paragraph (i) impair; or",
        "  paragraph (b) Begin.",
        "metadata THE WHITE HOUSE,",
        "metadata May 29, 2026.",
    ]
    assert [n.citation for n in root.walk() if n.designator == "(i)"] == [
        "E.O. 99907, sec. 2(a)(i)"]  # fmt: skip
    assert reading.sections == 2


def test_the_issue_of_a_day_holds_its_documents() -> None:
    root, reading = read(
        "<FEDREG><VOL>85</VOL><NO>108</NO><DATE>Friday, June 5, 2020</DATE>"
        "<CNTNTS><AGCY><HD>Lantern Board</HD></AGCY></CNTNTS>"
        f"<UNITNAME>Rules</UNITNAME><RULES><RULE>{PREAMBLE}{END}</RULE></RULES>"
        f"<NEWPART><PTITLE><PARTNO>Part II</PARTNO></PTITLE><NOTICES>"
        f"<NOTICE>{PREAMBLE}{END}</NOTICE>"
        "</NOTICES></NEWPART></FEDREG>"
    )

    documents = [node for node in root.children if node.kind == "document"]
    assert [node.citation for node in documents] == ["85 FR 47698", "85 FR 47698"]
    assert reading.as_of == "2020-06-05"
    assert [n.kind for n in root.children[:4]] == ["metadata", "metadata", "metadata", "contents"]
    assert reading.findings == []


def test_what_is_unknown_is_kept_and_named() -> None:
    root, reading = rule("<NOVEL>Word</NOVEL><P>Text.</P>")

    assert {"Word", "Text."} <= {node.text for node in root.walk()}
    assert [finding.code for finding in reading.findings] == ["unknown-element"]


@pytest.mark.parametrize(
    ("xml", "said"), [("<CFRDOC/>", "<FEDREG>"), ("<RULE><PREAMB>", "breaks off")]
)
def test_what_cannot_be_read_is_refused_with_one_sentence(xml: str, said: str) -> None:
    with pytest.raises(DocumentError, match=said):
        read(xml)
