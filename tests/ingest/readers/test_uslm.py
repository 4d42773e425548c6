"""USLM: nested as its markup says, or, for the CFR, as its printed numbers say."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from tribonian.errors import DocumentError
from tribonian.ingest.readers.uslm import read_uslm
from tribonian.ingest.readers.uslm_cite import cite_identifier, path_of
from tribonian.ingest.record import Reading
from tribonian.schemas.tree import Node, grow
from tribonian.schemas.words import words

Outline = Callable[[Iterable[Node]], str]
STEADY = settings(derandomize=True, deadline=None, max_examples=100)


def read(xml: str) -> tuple[Node, Reading]:
    reading = Reading()
    root = grow(read_uslm(io.BytesIO(xml.encode()), reading))
    assert reading.words == root.total_words()
    return root, reading


def code(
    section: str, space: str = "http://xml.house.gov/schemas/uslm/1.0"
) -> tuple[Node, Reading]:
    """A section of title 26 of the United States Code."""
    return read(
        f'<uscDoc xmlns="{space}" xmlns:dc="http://purl.org/dc/elements/1.1/"><meta>'
        "<dc:title>Title 26</dc:title><docNumber>26</docNumber></meta><main>"
        '<title identifier="/us/usc/t26"><num value="26">Title 26—</num>'
        '<heading>LANTERN CODE</heading><section identifier="/us/usc/t26/s1">'
        f'<num value="1">§\u202f1.</num><heading> Tax</heading>{section}</section></title>'
        "</main></uscDoc>"
    )


def regulation(section: str) -> tuple[Node, Reading]:
    """A section of 27 CFR."""
    return read(
        '<cfrDoc xmlns="http://schemas.gpo.gov/xml/uslm"><meta><docNumber>27</docNumber>'
        "<docReleasePoint>2017-04-01</docReleasePoint></meta><main><title>"
        '<num value="27">Title 27—</num><heading>Lanterns</heading><chapter>'
        '<num>CHAPTER II—</num><heading>LANTERN BOARD</heading><part identifier="/us/cfr/t27/p7">'
        '<num>PART 7—</num><heading>OIL</heading><section identifier="/us/cfr/t27/s7.1">'
        f'<num value="7.1">§\u20097.1</num><heading>Scope.</heading>{section}</section>'
        "</part></chapter></title></main></cfrDoc>"
    )


def level(name: str, identifier: str, number: str, body: str, extra: str = "") -> str:
    value = number.strip("() ")
    return (
        f'<{name} identifier="/us/{identifier}"{extra}><num value="{value}">{number}</num>'
        f"{body}</{name}>"
    )


def find(root: Node, kind: str) -> Node:
    return next(node for node in root.walk() if node.kind == kind)


# -- other law -------------------------------------------------------------------------------


def test_the_code_is_nested_by_its_markup_with_citations(outline: Outline) -> None:
    root, reading = code(
        '<subsection identifier="/us/usc/t26/s1/a"><num value="a">(a)</num>'
        "<heading> Keepers</heading><chapeau>A tax on—</chapeau>"
        + level("paragraph", "usc/t26/s1/a/1", "(1)", "<content> oil;</content>")
        + level("paragraph", "usc/t26/s1/a/2", "(2)", "<chapeau> gas—</chapeau>"
                + level("subparagraph", "usc/t26/s1/a/2/A", "(A)",
                        "<content> CO<sub>2</sub>.</content>"))
        + "<continuation>In coins.</continuation></subsection>"
        "<sourceCredit>(Aug. 16, 1954, ch. 736.)</sourceCredit>"
        '<notes><note topic="amendments"><heading>Amendments</heading><p>1986—Words.</p>'
        '</note></notes>'
    )  # fmt: skip

    assert (root.designator, root.heading, root.citation) == (
        "Title 26", "LANTERN CODE", "26 U.S.C.")  # fmt: skip
    section = find(root, "section")
    assert (section.designator, section.heading, section.citation) == (
        "§ 1.", "Tax", "26 U.S.C. 1")  # fmt: skip
    assert outline(section.children).splitlines() == [
        "paragraph (a) [Keepers] A tax on—",
        "  paragraph (1) oil;",
        "  paragraph (2) gas—",
        "    paragraph (A) CO₂.",
        "  paragraph In coins.",
        "history (Aug. 16, 1954, ch. 736.)",
        "note [Amendments]",
        "  paragraph 1986—Words.",
    ]
    assert section.children[0].children[1].children[0].citation == "26 U.S.C. 1(a)(2)(A)"
    assert reading.findings == []
    assert (reading.sections, reading.cites_cfr) == (1, False)


def test_the_printed_number_wins_over_the_identifier() -> None:
    root, reading = code(level("subsection", "usc/t26/s1/b", "(c)", "<content>Gas.</content>"))

    assert find(root, "paragraph").citation == "26 U.S.C. 1(c)"
    assert [finding.code for finding in reading.findings] == ["nesting-disagreement"]


def test_quoted_law_is_an_extract_that_nobody_cites(outline: Outline) -> None:
    root, reading = code(
        "<content>Amended to read:<quotedContent><section><num>“SEC. 5.</num>"
        "<heading>OIL.</heading><subsection><num>(a)</num><content>Clean.”</content>"
        "</subsection></section></quotedContent></content>"
    )

    assert outline(find(root, "section").children).splitlines() == [
        "paragraph Amended to read:",
        "extract",
        "  paragraph “SEC. 5. [OIL.]",
        "    paragraph (a) Clean.”",
    ]
    assert all(node.citation is None for node in find(root, "extract").walk())
    assert reading.sections == 1


def test_a_footnote_in_the_middle_of_a_line_does_not_divide_it(outline: Outline) -> None:
    root, reading = code(
        '<content>Every keeper<ref class="footnoteRef" idref="f1">1</ref>'
        '<note type="footnote" id="f1"><num>1</num> So in original.</note> pays.</content>'
    )

    assert outline(find(root, "section").children).splitlines() == [
        "paragraph Every keeper¹ pays.",
        "  footnote ¹ So in original.",
    ]
    assert reading.findings == []


def test_tables_in_html_and_in_columns_are_tables() -> None:
    root, _ = code(
        '<content><p>As follows:</p><table xmlns="http://www.w3.org/1999/xhtml"><thead><tr>'
        '<th colspan="2">Tax</th></tr></thead><tbody><tr><td>Oil</td><td>1</td></tr></tbody>'
        "</table><layout><row><column>Gas</column><column>2</column></row></layout></content>"
    )

    tables = [node.text for node in root.walk() if node.kind == "table"]
    assert tables[0].splitlines()[-1] == "| Oil | 1 |"
    assert tables[1].splitlines()[-1] == "| Gas | 2 |"


def test_tables_of_contents_and_metadata_are_kept_apart() -> None:
    root, _ = read(
        '<uscDoc xmlns="uslm"><main><title><num>Title 1—</num><heading>X</heading><toc><layout>'
        "<header><column>Sec.</column></header><tocItem><column>1.</column>"
        "<column>Lamps</column></tocItem></layout></toc></title></main></uscDoc>"
    )

    assert find(root, "contents").text == "Sec.\n1. Lamps"


def test_a_public_law_is_cited_by_its_number() -> None:
    root, _ = read(
        '<pLaw xmlns="uslm"><main><longTitle>An Act</longTitle>'
        '<title identifier="/us/pl/117/58/tI">'
        '<num>TITLE I—</num><heading>OIL</heading><section identifier="/us/pl/117/58/s101">'
        "<num>SEC. 101.</num><heading>SHORT.</heading>"
        + level("subsection", "pl/117/58/s101/a", "(a)", "<content>Light.</content>")
        + "</section></title></main></pLaw>"
    )

    assert find(root, "section").citation == "Pub. L. 117-58, sec. 101"
    assert [n.citation for n in root.walk() if n.designator == "(a)"] == [
        "Pub. L. 117-58, sec. 101(a)"]  # fmt: skip


# -- the CFR ---------------------------------------------------------------------------------


def test_the_cfr_has_the_tree_of_its_other_editions(outline: Outline) -> None:
    root, reading = regulation(
        '<paragraph identifier="/us/cfr/t27/s7.1/a"><num value="a">(a) </num>'
        "<heading>Oil.</heading>"
        + level("paragraph", "cfr/t27/s7.1/a/1", " (1)", "<chapeau> Clean, if—</chapeau>"
                + level("paragraph", "cfr/t27/s7.1/a/1/i", "(i)", "<content> C<inline "
                        'class="-gpo-grid-5-2">2</inline>H, or</content>')
                + level("paragraph", "cfr/t27/s7.1/a/1/ii", "(ii)", "<content> new.<note "
                        'role="approval">(Approved by the Office)</note></content>'),
                ' class="inline"')
        + "</paragraph>"
        + level("paragraph", "cfr/t27/s7.1/b", "(b)",
                '<content> See <ref href="/us">§ 7.2</ref>.</content>')
        + '<source style="-uslm-sgm:CITA">[<ref>36 FR 1</ref>, <date>Aug. 3, 1971</date>]</source>'
    )  # fmt: skip

    section = find(root, "section")
    assert (section.designator, section.citation) == ("§ 7.1", "27 CFR 7.1")
    assert outline(section.children).splitlines() == [
        "paragraph (a) [Oil.]",
        "  paragraph (1) Clean, if—",
        "    paragraph (i) C₂H, or",
        "    paragraph (ii) new.",
        "approval (Approved by the Office)",
        "paragraph (b) See § 7.2.",
        "history [36 FR 1, Aug. 3, 1971]",
    ]
    assert find(root, "part").citation == "27 CFR Part 7"
    assert (reading.title, reading.as_of, reading.findings) == ("27", "2017-04-01", [])


def test_a_run_in_number_that_the_converter_lost_is_found_again() -> None:
    """27 CFR 478.11: "Handgun. (a) Any firearm" is one line, and its (b) a paragraph."""
    root, reading = regulation(
        "<chapeau><p>Terms:</p><p><inline class=\"-gpo-grid-0-3\">Lamp.</inline> (a) Any light;</p>"
        "</chapeau>"
        + level("paragraph", "cfr/t27/s7.1/1", "(1)", "<content> lit; or</content>")
        + level("paragraph", "cfr/t27/s7.1/2", "(2)", "<content> unlit.</content>")
        + level("paragraph", "cfr/t27/s7.1/b", "(b)", "<content> The term is wide.</content>")
    )  # fmt: skip

    definition = find(root, "definition")
    assert [child.designator for child in definition.children] == ["(a)", "(b)"]
    assert [child.designator for child in definition.children[0].children] == ["(1)", "(2)"]
    said = [f.message for f in reading.findings if f.code == "nesting-disagreement"]
    assert len(said) == 2
    assert "the markup names (1) what is printed as (a)(1)" in said[0]


def test_notes_of_every_kind_have_their_own(outline: Outline) -> None:
    root, _ = regulation(
        "<content><p>Oil.</p>"
        '<note role="example"><heading style="-uslm-sgm:HED">Example.</heading>'
        "<p>A lamp.</p></note>"
        '<note style="-uslm-sgm:EXTRACT"><heading style="-uslm-sgm:HD1">List</heading>'
        "<p>(a) One.</p>"
        "</note><note>Plain <i>words</i>.</note>"
        '<authority style="-uslm-sgm:SECAUTH">(26 U.S.C. 1)</authority></content>'
        "<editorialNote><heading>Editorial Note:</heading><p>Changed.</p></editorialNote>"
    )

    assert outline(find(root, "section").children).splitlines() == [
        "paragraph Oil.",
        "example [Example.]",
        "  paragraph A lamp.",
        "extract [List]",
        "  paragraph (a) One.",
        "note Plain words.",
        "authority (26 U.S.C. 1)",
        "editorial-note [Editorial Note:]",
        "  paragraph Changed.",
    ]


# -- citations -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("identifier", "citation"),
    [
        ("/us/cfr/t27/s447.42/a/1/iv/A", "27 CFR 447.42(a)(1)(iv)(A)"),
        ("/us/cfr/t27/p447/spB", "27 CFR Part 447 Subpart B"),
        ("/us/usc/t26/s1/a", "26 U.S.C. 1(a)"),
        ("/us/usc/t26/stA/ch1/schB/ptI", "26 U.S.C. Subtitle A Chapter 1 Subchapter B Part I"),
        ("/us/usc/t15/s77a-1", "15 U.S.C. 77a-1"),
        ("/us/usc/t5a/s3", "5a U.S.C. 3"),
        ("/us/pl/117/58", "Pub. L. 117-58"),
        ("/us/stat/68A/5", "68A Stat. 5"),
        ("/us/bill/118/hr/1", None),
        ("/uk/usc/t1/s1", None),
        ("/us/usc/t26/n5/x", None),
        ("", None),
    ],
)
def test_identifiers_are_citations(identifier: str, citation: str | None) -> None:
    assert cite_identifier(identifier) == citation


def test_the_path_below_a_section() -> None:
    assert path_of("/us/cfr/t27/s447.42/a/1/iv") == "(a)(1)(iv)"
    assert path_of("/us/cfr/t27/p447") == ""


@given(st.text(alphabet="/ustcfrp0123aA.-", max_size=30))
def test_no_identifier_raises(identifier: str) -> None:
    cite_identifier(identifier)
    path_of(identifier)


# -- hostile and odd -------------------------------------------------------------------------


def test_what_is_unknown_is_kept_and_named() -> None:
    root, reading = regulation("<novel>Word</novel><content>Text.</content>")

    assert [n.text for n in find(root, "section").children] == ["Word", "Text."]
    assert [finding.code for finding in reading.findings] == ["unknown-element"]


@pytest.mark.parametrize(
    ("xml", "said"),
    [
        ('<html xmlns="uslm"/>', "outermost element is <html>"),
        ('<uscDoc xmlns="uslm"><main>', "breaks off"),
        ('<!DOCTYPE uscDoc [<!ENTITY a "b">]><uscDoc>&a;</uscDoc>', "entities"),
    ],
)
def test_what_cannot_be_read_is_refused_with_one_sentence(xml: str, said: str) -> None:
    with pytest.raises(DocumentError, match=said):
        read(xml)


PIECES = st.recursive(
    st.sampled_from(("<p>one</p>", "two", "<num>(a)</num>", "<heading>six</heading>", "<i>x</i>")),
    lambda inner: st.builds(
        lambda tag, parts: f"<{tag}>{' '.join(parts)}</{tag}>",
        st.sampled_from(
            ("paragraph", "subsection", "content", "note", "footnote", "source", "authority",
             "quotedContent", "toc", "chapeau", "section")
        ),
        st.lists(inner, max_size=4),
    ),
    max_leaves=20,
)  # fmt: skip


@STEADY
@given(st.lists(PIECES, max_size=4), st.booleans())
def test_no_word_is_lost_however_elements_are_nested(pieces: list[str], is_cfr: bool) -> None:
    body = " ".join(pieces)
    root, _ = (regulation if is_cfr else code)(body)

    printed = [
        w for text in etree.fromstring(f"<X>{body}</X>").itertext() for w in words(str(text))
    ]
    have = [w for node in root.walk()
            for w in words(f"{node.designator}\n{node.heading}\n{node.text}")]  # fmt: skip
    for word in set(printed):
        assert have.count(word) >= printed.count(word)
