"""Akoma Ntoso 3: acts of several countries, by the OASIS standard."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable

import pytest

from tribonian.errors import DocumentError
from tribonian.ingest.readers.akoma_ntoso import read_akoma_ntoso
from tribonian.ingest.record import Reading
from tribonian.schemas.tree import Node, grow

Outline = Callable[[Iterable[Node]], str]

META = (
    "<meta><identification source='#x'><FRBRWork><FRBRthis value='{uri}/!main'/>"
    "<FRBRuri value='{uri}'/><FRBRalias value='Lantern Act'/></FRBRWork><FRBRExpression>"
    "<FRBRdate date='{date}' name='version'/></FRBRExpression></identification>{notes}</meta>"
)


def read(
    inner: str, uri: str = "/akn/xx/act/2099/7", date: str = "2101-02-03", notes: str = ""
) -> tuple[Node, Reading]:
    reading = Reading()
    xml = (
        "<akomaNtoso xmlns='http://docs.oasis-open.org/legaldocml/ns/akn/3.0'><act>"
        f"{META.format(uri=uri, date=date, notes=notes)}{inner}</act></akomaNtoso>"
    )
    tree = grow(read_akoma_ntoso(io.BytesIO(xml.encode()), reading))
    assert reading.words == tree.total_words()
    return tree, reading


def unit(name: str, number: str, inner: str, heading: str = "") -> str:
    title = f"<heading>{heading}</heading>" if heading else ""
    return f"<{name}><num>{number}</num>{title}{inner}</{name}>"


def content(text: str) -> str:
    return f"<content><p>{text}</p></content>"


def test_where_sections_are_cited_they_are_sections(outline: Outline) -> None:
    points = unit("paragraph", "(a)", content("lit;")) + unit("paragraph", "(b)", content("out."))
    sub = unit(
        "subsection", "(1)", f"<intro><p>It is</p></intro>{points}<wrapUp><p>Yes.</p></wrapUp>"
    )
    tree, reading = read(
        f"<body>{unit('part', 'Part 1', unit('section', '3.', sub, 'Light'), 'General')}</body>"
    )
    assert outline(tree.children) == (
        "part Part 1 [General]\n"
        "  section 3. [Light]\n"
        "    paragraph (1) It is\n"
        "      paragraph (a) lit;\n"
        "      paragraph (b) out.\n"
        "      paragraph Yes."
    )
    assert [n.citation for n in tree.walk() if n.designator] == [
        "/akn/xx/act/2099/7, Part 1", "/akn/xx/act/2099/7, section 3",
        "/akn/xx/act/2099/7, section 3(1)", "/akn/xx/act/2099/7, section 3(1)(a)",
        "/akn/xx/act/2099/7, section 3(1)(b)",
    ]  # fmt: skip
    assert (reading.as_of, reading.heading, reading.sections) == ("2101-02-03", "Lantern Act", 1)
    assert reading.findings == []


def test_where_articles_are_cited_a_section_is_a_larger_unit(outline: Outline) -> None:
    inner = unit("section", "Section 1", unit("article", "Article 5", content("Light."), "Oil"))
    tree, _ = read(f"<body>{unit('chapter', 'CHAPTER I', inner)}</body>")
    assert outline(tree.children) == (
        "chapter CHAPTER I\n"
        "  subchapter Section 1\n"
        "    section Article 5 [Oil]\n"
        "      paragraph Light."
    )
    assert [n.citation for n in tree.walk()][-2] == "/akn/xx/act/2099/7, article 5"


def test_quoted_structures_are_extracts_and_what_follows_them_stays(outline: Outline) -> None:
    quoted = (
        f"<quotedStructure>{unit('section', '3A.', content('New.'), 'Added')}</quotedStructure>"
    )
    tree, reading = read(
        f"<body>{unit('section', '2', content(f'<mod>Insert {quoted}; and so</mod> on.'))}</body>"
    )
    assert outline(tree.children) == (
        "section 2\n"
        "  paragraph Insert\n"
        "    extract\n"
        "      paragraph 3A. [Added] New.\n"
        "    paragraph ; and so on."
    )
    assert reading.sections == 1


def test_notes_stand_with_the_text_that_has_their_mark(outline: Outline) -> None:
    text = (
        "A <term>lamp</term><authorialNote marker='1'><p>Of oil.</p></authorialNote> burns"
        "<noteRef href='#n1' marker='*'/>."
    )
    notes = (
        "<notes source='#e'><note eId='n1'><p>As amended.</p></note>"
        "<note eId='n2'><p>Nobody refers to it.</p></note></notes>"
    )
    tree, _ = read(f"<body>{unit('section', '1', content(text))}</body>", notes=notes)
    assert outline(tree.children) == (
        "footnote Nobody refers to it.\n"
        "section 1\n"
        "  paragraph A lamp burns.\n"
        "    footnote 1 Of oil.\n"
        "    footnote As amended."
    )


def test_preamble_title_and_cross_headings(outline: Outline) -> None:
    tree, _ = read(
        "<preface><p><docTitle>The Lantern Law</docTitle></p></preface><preamble><recitals>"
        f"{unit('recital', '(1)', '<p>Light is useful.</p>')}</recitals><formula name='e'><p>Be it "
        "so:</p></formula></preamble><body><crossHeading>First words</crossHeading>"
        f"{unit('section', '1', content('One.'))}</body>"
    )
    assert tree.heading == "The Lantern Law"
    assert outline(tree.children) == (
        "subject-group [Preamble]\n"
        "  recital (1) Light is useful.\n"
        "  paragraph Be it so:\n"
        "subject-group [First words]\n"
        "  section 1\n"
        "    paragraph One."
    )


def test_attachments_are_appendices(outline: Outline) -> None:
    part = unit("part", "PART A", unit("paragraph", "1.", content("Fill in.")), "First")
    tree, _ = read(
        f"<body>{unit('section', '1', content('One.'))}</body><attachments><attachment>"
        "<heading>Schedule 2</heading><subheading>Forms</subheading><doc name='schedule'><meta/>"
        f"<mainBody>{part}</mainBody></doc></attachment></attachments>"
    )
    assert outline(tree.children[1:]) == (
        "appendix Schedule 2 [Forms]\n  heading PART A [First]\n    paragraph 1. Fill in."
    )
    assert tree.children[1].citation == "/akn/xx/act/2099/7, schedule 2"


def test_lists_tables_and_raised_figures(outline: Outline) -> None:
    inner = (
        "<content><p>5 m<sup>2</sup></p><blockList><listIntroduction>As follows:"
        f"</listIntroduction>{unit('item', '(i)', '<p>one</p>')}</blockList><ul><li><p>dot</p></li>"
        "</ul><table><tr><th><p>Kind</p></th><th><p>kg</p></th></tr><tr><td><p>Oil</p></td>"
        "<td><p>3</p></td></tr></table></content>"
    )
    tree, _ = read(f"<body>{unit('section', '1', inner)}</body>")
    assert outline(tree.children[0].children) == (
        "paragraph 5 m²\n"
        "paragraph As follows:\n"
        "paragraph (i) one\n"
        "list-item dot\n"
        "table | Kind | kg |\n| --- | --- |\n| Oil | 3 |"
    )


@pytest.mark.parametrize(
    ("uri", "citation"),
    [
        ("http://www.legislation.gov.uk/id/ukpga/2099/7", "2099 c. 7, s. 1"),
        ("http://www.legislation.gov.uk/id/uksi/2099/7", "S.I. 2099/7, reg. 1"),
    ],
)
def test_the_same_law_has_the_same_citation_as_in_its_own_format(uri: str, citation: str) -> None:
    tree, _ = read(f"<body>{unit('section', '1', content('One.'))}</body>", uri)
    assert tree.children[0].citation == citation


def test_a_date_that_stands_for_none_is_none() -> None:
    _, reading = read("<body/>", date="1900-01-01")
    assert reading.as_of is None


def test_an_unknown_element_is_a_finding_and_keeps_its_text(outline: Outline) -> None:
    tree, reading = read(f"<body>{unit('section', '1', '<odd>Strange.</odd>')}</body>")
    assert outline(tree.children[0].children) == "paragraph Strange."
    assert [f.code for f in reading.findings] == ["unknown-element"]


@pytest.mark.parametrize("xml", ["", "<act/>", "<akomaNtoso>", "<akomaNtoso>&x;</akomaNtoso>"])
def test_what_cannot_be_read_is_said_in_one_sentence(xml: str) -> None:
    with pytest.raises(DocumentError) as raised:
        list(read_akoma_ntoso(io.BytesIO(xml.encode()), Reading()))
    assert "\n" not in str(raised.value)
