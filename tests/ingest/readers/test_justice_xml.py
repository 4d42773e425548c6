"""Canadian federal law in the XML of the Department of Justice."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable

import pytest

from tribonian.errors import DocumentError
from tribonian.ingest.readers.justice_xml import read_justice_xml
from tribonian.ingest.record import Reading
from tribonian.schemas.tree import Node, grow

Outline = Callable[[Iterable[Node]], str]

IDENTITY = (
    "<Identification><LongTitle>An Act about lanterns</LongTitle>"
    "<ShortTitle>Lantern Act</ShortTitle><Chapter><ConsolidatedNumber>L-9</ConsolidatedNumber>"
    '<AnnualStatuteId revised-statute="{revised}"><AnnualStatuteNumber>5</AnnualStatuteNumber>'
    "<YYYY>2099</YYYY></AnnualStatuteId></Chapter></Identification>"
)


def read(body: str, revised: str = "no") -> tuple[Node, Reading]:
    reading = Reading()
    xml = (
        '<Statute xmlns:lims="http://justice.gc.ca/lims" lims:current-date="2101-03-17" '
        f'lims:pit-date="2101-01-01">{IDENTITY.format(revised=revised)}{body}</Statute>'
    )
    tree = grow(read_justice_xml(io.BytesIO(xml.encode()), reading))
    assert reading.words == tree.total_words()
    return tree, reading


def law(tree: Node) -> tuple[Node, ...]:
    return tuple(node for node in tree.children if node.kind != "metadata")


def section(number: str, inner: str, note: str = "Light") -> str:
    return f"<Section><MarginalNote>{note}</MarginalNote><Label>{number}</Label>{inner}</Section>"


def test_flat_headings_hold_what_follows_up_to_the_next_of_their_level(outline: Outline) -> None:
    tree, reading = read(
        "<Body><Heading level='1'><TitleText>Short Title</TitleText></Heading>"
        f"{section('1', '<Text>One.</Text>')}"
        "<Heading level='1'><Label>PART 1</Label><TitleText>Oil</TitleText></Heading>"
        "<Heading level='2'><TitleText>Whale</TitleText></Heading>"
        f"{section('2', '<Text>Two.</Text>')}"
        "<Heading level='2'><Label>DIVISION 1</Label><TitleText>Seal</TitleText></Heading>"
        f"{section('2.1', '<Text>Three.</Text>')}</Body>"
    )
    assert outline(law(tree)) == (
        "subject-group [Short Title]\n"
        "  section 1 [Light]\n"
        "    paragraph One.\n"
        "part PART 1 [Oil]\n"
        "  subject-group [Whale]\n"
        "    section 2 [Light]\n"
        "      paragraph Two.\n"
        "  subpart DIVISION 1 [Seal]\n"
        "    section 2.1 [Light]\n"
        "      paragraph Three."
    )
    assert (reading.sections, reading.as_of, reading.heading) == (3, "2101-03-17", "Lantern Act")
    assert reading.findings == []


def test_paragraphs_nest_by_the_markup_and_are_cited(outline: Outline) -> None:
    tree, _ = read(
        "<Body>"
        + section(
            "4",
            "<Subsection><MarginalNote>Oil</MarginalNote><Label>(1)</Label><Text>Oil is</Text>"
            "<Paragraph><Label>(a)</Label><Text>fat that</Text><Subparagraph><Label>(i)</Label>"
            "<Text>burns, or</Text></Subparagraph><ContinuedParagraph><Text>slowly;</Text>"
            "</ContinuedParagraph></Paragraph><ContinuedSectionSubsection><Text>at night.</Text>"
            "</ContinuedSectionSubsection></Subsection>"
            "<HistoricalNote><HistoricalNoteSubItem>2099, c. 5, s. 4</HistoricalNoteSubItem>"
            "</HistoricalNote>",
        )
        + "</Body>"
    )
    assert outline(law(tree)) == (
        "section 4 [Light]\n"
        "  paragraph (1) [Oil] Oil is\n"
        "    paragraph (a) fat that\n"
        "      paragraph (i) burns, or\n"
        "      paragraph slowly;\n"
        "    paragraph at night.\n"
        "  history 2099, c. 5, s. 4"
    )
    assert [n.citation for n in tree.walk() if n.designator] == [
        "S.C. 2099, c. 5, s. 4", "S.C. 2099, c. 5, s. 4(1)", "S.C. 2099, c. 5, s. 4(1)(a)",
        "S.C. 2099, c. 5, s. 4(1)(a)(i)",
    ]  # fmt: skip


def test_definitions_and_footnotes_stand_where_they_belong(outline: Outline) -> None:
    tree, _ = read(
        "<Body>"
        + section(
            "2",
            "<Subsection><Label><FootnoteRef idref='x'>*</FootnoteRef>(3)</Label><Text>In this "
            "Act,</Text><Definition><Text><DefinedTermEn>oil</DefinedTermEn> means</Text>"
            "<Paragraph><Label>(a)</Label><Text>fat. (<DefinedTermFr>huile</DefinedTermFr>)"
            "</Text></Paragraph></Definition><Footnote id='x'><Label>*</Label><Text>[Note: In "
            "force.]</Text></Footnote></Subsection>",
        )
        + "</Body>"
    )
    assert outline(law(tree)) == (
        "section 2 [Light]\n"
        "  paragraph (3) In this Act,\n"
        "    definition oil means\n"
        "      paragraph (a) fat. (huile)\n"
        "    footnote * [Note: In force.]"
    )


def test_clauses_that_a_schedule_prints_as_text_are_numbers(outline: Outline) -> None:
    tree, _ = read(
        "<Schedule><ScheduleFormHeading><Label>SCHEDULE 1</Label><OriginatingRef>(Section 5)"
        "</OriginatingRef><TitleText>Principles</TitleText></ScheduleFormHeading><DocumentInternal>"
        "<GroupHeading><TitleText>4.1 Principle 1 — Care</TitleText></GroupHeading>"
        "<Provision><Text>Take care.</Text></Provision>"
        "<Provision><Text><Emphasis style='bold'>4.1.1</Emphasis></Text><Provision><Text>Of oil."
        "</Text></Provision></Provision></DocumentInternal></Schedule>"
    )
    assert outline(law(tree)) == (
        "appendix SCHEDULE 1 [Principles]\n"
        "  cross-reference (Section 5)\n"
        "  paragraph 4.1 [Principle 1 — Care]\n"
        "    paragraph Take care.\n"
        "    paragraph 4.1.1 Of oil."
    )
    assert [n.citation for n in tree.walk() if n.designator][1:] == [
        "S.C. 2099, c. 5, Schedule 1, clause 4.1", "S.C. 2099, c. 5, Schedule 1, clause 4.1.1",
    ]  # fmt: skip


def test_amending_text_is_an_extract_and_no_section_of_this_act(outline: Outline) -> None:
    quoted = section("9", "<Text>New.</Text>", "Inserted")
    amends = f"<Text>The Act is amended:</Text><AmendingText>{quoted}</AmendingText>"
    tree, reading = read(f"<Body>{section('7', amends)}</Body>")
    assert outline(law(tree)) == (
        "section 7 [Light]\n"
        "  paragraph The Act is amended:\n"
        "  extract\n"
        "    paragraph 9 [Inserted] New."
    )
    assert reading.sections == 1


def test_a_cals_table_resolves_its_spans(outline: Outline) -> None:
    tree, _ = read(
        "<Schedule><TableGroup><table><title>Oils</title><tgroup cols='2'>"
        "<colspec colname='a'/><colspec colname='b'/><thead><row>"
        "<entry namest='a' nameend='b'>Oil</entry></row></thead><tbody><row>"
        "<entry morerows='1'>Whale</entry><entry>1</entry></row><row><entry>2</entry></row>"
        "</tbody></tgroup></table></TableGroup></Schedule>"
    )
    table = next(node for node in tree.walk() if node.kind == "table")
    assert (table.heading, table.text) == (
        "Oils", "| Oil | Oil |\n| --- | --- |\n| Whale | 1 |\n| Whale | 2 |",
    )  # fmt: skip
    assert table.added == 2


def test_a_revised_statute_is_cited_by_its_chapter_of_1985() -> None:
    tree, _ = read(f"<Body>{section('1', '<Text>One.</Text>')}</Body>", revised="yes")
    assert tree.citation == "R.S.C. 1985, c. L-9"


def test_a_regulation_is_cited_by_its_registration() -> None:
    reading = Reading()
    xml = (
        "<Regulation><Identification><InstrumentNumber>SOR/2099-8</InstrumentNumber>"
        "<LongTitle>Lantern Regulations</LongTitle></Identification><Body>"
        f"{section('2', '<Text>Two.</Text>')}</Body></Regulation>"
    )
    tree = grow(read_justice_xml(io.BytesIO(xml.encode()), reading))
    assert reading.words == tree.total_words()
    assert [n.citation for n in tree.walk() if n.kind == "section"] == ["SOR/2099-8, s. 2"]
    assert (tree.heading, reading.as_of) == ("Lantern Regulations", None)


@pytest.mark.parametrize("xml", ["", "no xml", "<Statute>", "<Legislation/>"])
def test_what_cannot_be_read_is_said_in_one_sentence(xml: str) -> None:
    with pytest.raises(DocumentError) as raised:
        list(read_justice_xml(io.BytesIO(xml.encode()), Reading()))
    assert "\n" not in str(raised.value)
