"""Crown Legislation Markup: Acts and instruments of the United Kingdom."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable

import pytest

from tribonian.errors import DocumentError
from tribonian.ingest.readers.clml import read_clml
from tribonian.ingest.record import Reading
from tribonian.schemas.tree import Node, grow

Outline = Callable[[Iterable[Node]], str]

METADATA = """<Metadata xmlns="http://www.legislation.gov.uk/namespaces/metadata">
<PrimaryMetadata><DocumentClassification>
<DocumentMainType Value="{kind}"/></DocumentClassification>
<Year Value="2099"/><Number Value="7"/></PrimaryMetadata></Metadata>"""


def read(
    body: str,
    title: str = "Lantern Act 2099",
    kind: str = "UnitedKingdomPublicGeneralAct",
    after: str = "",
    root: str = 'RestrictStartDate="2101-02-03"',
) -> tuple[Node, Reading]:
    reading = Reading()
    xml = (
        f'<Legislation xmlns="http://www.legislation.gov.uk/namespaces/legislation" {root}>'
        f"{METADATA.format(kind=kind)}<Primary><PrimaryPrelims><Title>{title}</Title>"
        f"</PrimaryPrelims>{body}</Primary>{after}</Legislation>"
    )
    tree = grow(read_clml(io.BytesIO(xml.encode()), reading))
    assert reading.words == tree.total_words()
    return tree, reading


def section(number: str, inner: str, title: str = "Lighting") -> str:
    return (
        f'<P1group><Title>{title}</Title><P1 id="section-{number}"><Pnumber>{number}</Pnumber>'
        f"<P1para>{inner}</P1para></P1></P1group>"
    )


def p2(number: str, inner: str) -> str:
    return f"<P2><Pnumber>{number}</Pnumber><P2para>{inner}</P2para></P2>"


def p3(number: str, text: str) -> str:
    return f"<P3><Pnumber>{number}</Pnumber><P3para><Text>{text}</Text></P3para></P3>"


def test_parts_cross_headings_sections_and_paragraphs_nest_and_are_cited(outline: Outline) -> None:
    inner = p2("1", f"<Text>A lantern must be—</Text>{p3('a', 'lit, or')}{p3('b', 'out.')}")
    tree, reading = read(
        "<Body><Part><Number>PART 1</Number><Title>General</Title><Pblock><Title>Light</Title>"
        f"{section('3A', inner)}</Pblock></Part></Body>"
    )
    assert outline(tree.children) == (
        "part PART 1 [General]\n"
        "  subject-group [Light]\n"
        "    section 3A [Lighting]\n"
        "      paragraph (1) A lantern must be—\n"
        "        paragraph (a) lit, or\n"
        "        paragraph (b) out."
    )
    assert [n.citation for n in tree.walk() if n.citation] == [
        "2099 c. 7", "2099 c. 7, Part 1", "2099 c. 7, s. 3A", "2099 c. 7, s. 3A(1)",
        "2099 c. 7, s. 3A(1)(a)", "2099 c. 7, s. 3A(1)(b)",
    ]  # fmt: skip
    assert (tree.heading, reading.heading) == ("Lantern Act 2099",) * 2
    assert (reading.as_of, reading.sections, reading.cites_cfr) == ("2101-02-03", 1, False)
    assert reading.findings == []


def test_text_that_goes_on_after_its_points_stands_behind_them(outline: Outline) -> None:
    inner = p2("1", f"<Text>Where—</Text>{p3('a', 'dark,')}<Text>light it.</Text>")
    tree, _ = read(f"<Body>{section('1', inner)}</Body>")
    assert outline(tree.children[0].children) == (
        "paragraph (1) Where—\n  paragraph (a) dark,\n  paragraph light it."
    )


def test_law_put_into_another_act_is_an_extract_and_no_section_of_this_one(
    outline: Outline,
) -> None:
    quoted = section("9", p2("1", "<Text>New law</Text>"), "Inserted")
    inner = (
        "<Text>After section 8 insert—</Text>"
        f"<BlockAmendment>{quoted}</BlockAmendment><AppendText>.</AppendText>"
    )
    tree, reading = read(f"<Body>{section('2', inner)}</Body>")
    assert outline(tree.children) == (
        "section 2 [Lighting]\n"
        "  paragraph After section 8 insert—\n"
        "  extract\n"
        "    paragraph 9 [Inserted]\n"
        "      paragraph (1) New law."
    )
    assert reading.sections == 1
    extract = next(n for n in tree.walk() if n.kind == "extract")
    assert [n.citation for n in extract.walk()] == [None, None, None]


def test_commentary_and_footnotes_stand_with_what_refers_to_them(outline: Outline) -> None:
    one = (
        '<P1group><Title>Light</Title><P1><Pnumber><CommentaryRef Ref="c1"/>1</Pnumber><P1para>'
        '<Text>A <Addition ChangeId="x">bright</Addition> light<FootnoteRef Ref="f1"/>.</Text>'
        "</P1para></P1></P1group>"
    )
    after = (
        '<Footnotes><Footnote id="f1"><FootnoteText><Para><Text>See Oil.</Text></Para>'
        "</FootnoteText></Footnote></Footnotes><Commentaries>"
        '<Commentary id="c1" Type="F"><Para><Text>Words inserted.</Text></Para></Commentary>'
        '<Commentary id="c2" Type="I"><Para><Text>Nobody refers to it.</Text></Para></Commentary>'
        "</Commentaries>"
    )
    tree, _ = read(f"<Body>{one}</Body>", after=after)
    assert outline(tree.children) == (
        "section 1 [Light]\n"
        "  paragraph A bright light.\n"
        "    footnote See Oil.\n"
        "  editorial-note Words inserted.\n"
        "editorial-note Nobody refers to it."
    )


def test_a_schedule_is_an_appendix_with_paragraphs(outline: Outline) -> None:
    tree, _ = read(
        "<Schedules><Schedule><Number>SCHEDULE 2</Number><TitleBlock><Title>Oils</Title>"
        "</TitleBlock><Reference>Section 4</Reference><ScheduleBody><Part><Number>PART 1</Number>"
        "<Title>Whale</Title><P1><Pnumber>3</Pnumber><P1para>"
        f"{p2('1', '<Text>No oil.</Text>')}</P1para></P1></Part></ScheduleBody></Schedule>"
        "</Schedules>"
    )
    assert outline(tree.children) == (
        "appendix SCHEDULE 2 [Oils]\n"
        "  cross-reference Section 4\n"
        "  heading PART 1 [Whale]\n"
        "    paragraph 3\n"
        "      paragraph (1) No oil."
    )
    assert [n.citation for n in tree.walk()][-2:] == [
        "2099 c. 7, Sch. 2 para. 3", "2099 c. 7, Sch. 2 para. 3(1)",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("title", "kind", "citation"),
    [
        ("The Lanterns Regulations 2099", "UnitedKingdomStatutoryInstrument",
         "S.I. 2099/7, reg. 1"),
        ("The Lanterns Order 2099", "ScottishStatutoryInstrument", "S.S.I. 2099/7, art. 1"),
        ("The Lantern Rules 2099", "UnitedKingdomStatutoryInstrument", "S.I. 2099/7, r. 1"),
        ("Lanterns (Scotland) Act 2099", "ScottishAct", "2099 asp 7, s. 1"),
        ("Lantern Street Act 2099", "UnitedKingdomLocalAct", "2099 c. vii, s. 1"),
    ],
)  # fmt: skip
def test_each_series_is_cited_in_its_own_way(title: str, kind: str, citation: str) -> None:
    tree, _ = read(f"<Body>{section('1', '<Text>Light.</Text>')}</Body>", title, kind)
    assert next(n for n in tree.walk() if n.kind == "section").citation == citation


def test_several_sections_under_one_heading_stay_under_it(outline: Outline) -> None:
    pair = "".join(
        f"<P1><Pnumber>{n}</Pnumber><P1para><Text>Text {n}.</Text></P1para></P1>" for n in "12"
    )
    tree, _ = read(f"<Body><P1group><Title>Both</Title>{pair}</P1group></Body>")
    assert outline(tree.children) == (
        "subject-group [Both]\n"
        "  section 1\n"
        "    paragraph Text 1.\n"
        "  section 2\n"
        "    paragraph Text 2."
    )


def test_numbers_of_a_list_that_the_file_does_not_print_are_added_words(outline: Outline) -> None:
    items = "".join(f"<ListItem><Para><Text>Oil {n}.</Text></Para></ListItem>" for n in "xy")
    inner = (
        f'<OrderedList Type="roman" Decoration="parens">{items}</OrderedList><UnorderedList>'
        "<ListItem><Para><Text>“<Term>oil</Term>” means fat;</Text></Para></ListItem>"
        "<ListItem><Para><Text>“gas” has the same meaning;</Text></Para></ListItem>"
        "<ListItem><Para><Text>see <Term>oil</Term>.</Text></Para></ListItem></UnorderedList>"
    )
    tree, _ = read(f"<Body>{section('1', inner)}</Body>")
    assert outline(tree.children[0].children) == (
        "paragraph (i) Oil x.\n"
        "paragraph (ii) Oil y.\n"
        "definition “oil” means fat;\n"
        "definition “gas” has the same meaning;\n"
        "list-item see oil."
    )
    assert [n.added for n in tree.children[0].children] == [1, 1, 0, 0, 0]


def test_a_point_that_the_markup_sets_beside_its_paragraph_is_put_into_it(
    outline: Outline,
) -> None:
    inner = (
        f"{p2('8', '<Text>In section 27—</Text>')}{p3('a', 'first')}{p3('b', 'second')}"
        f"{p2('9', '<Text>Next.</Text>')}"
    )
    tree, reading = read(f"<Body>{section('1', inner)}</Body>")
    assert outline(tree.children[0].children) == (
        "paragraph (8) In section 27—\n"
        "  paragraph (a) first\n"
        "  paragraph (b) second\n"
        "paragraph (9) Next."
    )
    assert [f.code for f in reading.findings] == ["markup-disagreement"]
    assert tree.children[0].children[0].children[1].citation == "2099 c. 7, s. 1(8)(b)"


# Slips of markup in which a heading, a number or a note would be lost if nobody looked.
@pytest.mark.parametrize(
    "body",
    [
        section("1", "<Text>One.</Text>", "Light <Text>in a block</Text>"),
        "<P1group><Number>Group 1</Number><P1><Pnumber>1</Pnumber></P1></P1group>",
        "<Schedule><ScheduleBody><Part><Number>A</Number></Part></ScheduleBody></Schedule>",
        "<P1><Pnumber><Text>1</Text></Pnumber><P2group><Title>A</Title><Number>3</Number></P2group></P1>",
    ],
)
def test_slips_of_markup_lose_no_word(body: str) -> None:
    read(f"<Body>{body}</Body>")  # which compares the words


def test_numbers_that_go_back_or_repeat_are_findings() -> None:
    inner = p2("2", "<Text>Two.</Text>") + p2("1", "<Text>One.</Text>") * 2
    _, reading = read(f"<Body>{section('1', inner)}</Body>")
    assert [f.code for f in reading.findings] == ["designator-irregular", "designator-repeated"]


def test_a_table_keeps_its_grid(outline: Outline) -> None:
    table = (
        '<Tabular><Title>Oils</Title><table xmlns="http://www.w3.org/1999/xhtml"><thead><tr>'
        '<th colspan="2">Oil</th></tr></thead><tbody><tr><td>Whale</td><td>3 kg</td></tr>'
        "</tbody></table></Tabular>"
    )
    tree, _ = read(f"<Body>{section('1', table)}</Body>")
    assert outline(tree.children[0].children) == (
        "table [Oils] | Oil | Oil |\n| --- | --- |\n| Whale | 3 kg |"
    )


def test_an_unknown_element_is_one_finding_and_keeps_its_text(outline: Outline) -> None:
    inner = "<Text>A <Odd>strange</Odd> <Odd>word</Odd>.</Text><Box><Text>Inside.</Text></Box>"
    tree, reading = read(f"<Body>{section('1', inner)}</Body>")
    assert outline(tree.children[0].children) == "paragraph A strange word.\nparagraph Inside."
    assert [f.code for f in reading.findings] == ["unknown-element"] * 2


def test_an_instrument_has_contents_a_subject_signatures_and_an_explanatory_note(
    outline: Outline,
) -> None:
    xml = (
        '<Legislation xmlns="http://www.legislation.gov.uk/namespaces/legislation"><Contents>'
        "<ContentsItem><ContentsNumber>1</ContentsNumber><ContentsTitle>Citation</ContentsTitle>"
        "</ContentsItem></Contents><Secondary><SecondaryPrelims><Number>2099 No. 3</Number>"
        "<SubjectInformation><Subject><Title>LIGHT</Title></Subject></SubjectInformation><Title>"
        "The Lantern Rules 2099</Title><MadeDate><Text>Made</Text><DateText>1st May</DateText>"
        "</MadeDate>"
        "<SecondaryPreamble><EnactingText><Para><Text>I rule.</Text></Para></EnactingText>"
        f"</SecondaryPreamble></SecondaryPrelims><Body>{section('1', '<Text>One.</Text>')}</Body>"
        "<SignedSection><Signatory><Signee><PersonName>A. Wick</PersonName></Signee></Signatory>"
        "</SignedSection><ExplanatoryNotes><Title>NOTE</Title><P><Text>It shines.</Text></P>"
        "</ExplanatoryNotes></Secondary></Legislation>"
    )
    reading = Reading()
    tree = grow(read_clml(io.BytesIO(xml.encode()), reading))
    assert reading.words == tree.total_words()
    assert tree.heading == "The Lantern Rules 2099"
    assert outline(tree.children) == (
        "contents 1 Citation\n"
        "metadata 2099 No. 3\n"
        "metadata LIGHT\n"
        "metadata Made\n1st May\n"
        "paragraph I rule.\n"
        "section 1 [Lighting]\n"
        "  paragraph One.\n"
        "paragraph A. Wick\n"
        "note [NOTE] It shines."
    )


def test_an_enacted_text_has_no_date_of_a_version() -> None:
    _, reading = read("<Body/>", root="")
    assert reading.as_of is None


@pytest.mark.parametrize(
    ("xml", "said"),
    [
        ("", "no element starts it"),
        ("<Legislation>", "breaks off"),
        ("<Legislation><a></b></Legislation>", "damaged at line 1"),
        ("<Statute/>", "no legislation of the United Kingdom"),
        ('<!DOCTYPE x [<!ENTITY a "b">]><Legislation>&a;</Legislation>', "entities"),
        ('<!DOCTYPE x [<!ENTITY a SYSTEM "/etc/passwd">]><Legislation>&a;</Legislation>',
         "entities"),
        ("<Legislation>" + "<P>" * 150 + "</P>" * 150 + "</Legislation>", "nested more than 90"),
        ("<Legislation>" + "<P>" * 400 + "</P>" * 400 + "</Legislation>", "nested more than 256"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_said_in_one_sentence(xml: str, said: str) -> None:
    with pytest.raises(DocumentError, match=said) as raised:
        list(read_clml(io.BytesIO(xml.encode()), Reading()))
    assert "\n" not in str(raised.value)
