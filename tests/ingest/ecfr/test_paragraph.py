"""One paragraph of a section, read in its place."""

from __future__ import annotations

import io
from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tribonian.errors import DocumentError
from tribonian.ingest.ecfr.paragraph import cut_paragraph
from tribonian.ingest.readers.ecfr_xml import read_ecfr_xml
from tribonian.ingest.record import Reading
from tribonian.schemas.tree import Node, grow

METADATA = (
    "{&quot;path&quot;:&quot;/on/2026-01-29/title-99/section-1.1&quot;,"
    "&quot;citation&quot;:&quot;99 CFR 1.1&quot;}"
)
SECTION = """<?xml version="1.0" encoding="UTF-8"?>
<DIV8 N="1.1" TYPE="SECTION" VOLUME="1" hierarchy_metadata="METADATA">
<HEAD>§ 1.1   Lanterns.</HEAD>
<XREF ID="1" REFID="2">Link to an amendment published at 90 FR 1.</XREF>
<P>In this part:
</P>
<P>(a) <I>Wicks.</I> A wick is—
</P>
<P>(1) Round;
</P>
<P>(2) Flat.
</P>
<P>(b) <I>Oil</I>—(1) <I>Whale.</I> None of it.
</P>
<P>(2) <I>Kerosene.</I> (i) One quart.
</P>
<P>A quart is four cups.
</P>
<P>(ii) In a can.
</P>
<NOTE>
<HED>Note to paragraph (b):</HED><P>Cans leak.
</P></NOTE>
<P>(c) Chimneys.
</P>
<P>(d)-(f) [Reserved]
</P>
<P>(g) Handles<SU>1</SU><FTREF/> of tin.
</P>
<FTNT><P><SU>1</SU> Or of brass.
</P></FTNT>
<P>(h) Hooks:
</P>
<P>(i) Large hooks.
</P>
<P>(1) Of iron.
</P>
<SECAUTH TYPE="N">(Sec. 1, 2 Stat. 3)
</SECAUTH>
<CITA TYPE="N">[1 FR 1, Jan. 1, 1936]


</CITA>
</DIV8>
""".replace("METADATA", METADATA)
Outline = Callable[..., str]


def read(xml: str | bytes) -> tuple[Node, Reading]:
    reading = Reading()
    data = xml.encode() if isinstance(xml, str) else xml
    return grow(read_ecfr_xml(io.BytesIO(data), reading)), reading


def paragraph(path: str, xml: str = SECTION) -> tuple[Node, Reading]:
    return read(cut_paragraph(xml.encode(), path))


def test_a_paragraph_comes_with_its_heading_its_lead_ins_and_the_notes_of_the_section(
    outline: Outline,
) -> None:
    node, reading = paragraph("(a)(2)")

    assert (node.designator, node.heading) == ("§ 1.1(a)(2)", "Lanterns.")
    assert node.citation == "99 CFR 1.1(a)(2)"
    assert outline(node.children).splitlines() == [
        "amendment-banner Link to an amendment published at 90 FR 1.",
        "paragraph In this part:",
        "paragraph (a) [Wicks.] A wick is—",
        "  paragraph (2) Flat.",
        "authority (Sec. 1, 2 Stat. 3)",
        "history [1 FR 1, Jan. 1, 1936]",
    ]
    assert (reading.title, reading.as_of, reading.sections) == ("99", "2026-01-29", 1)


def law(node: Node, outline: Outline) -> list[str]:
    """The lines of the section's own text."""
    kept = [child for child in node.children if child.kind in ("paragraph", "heading")]
    return outline(kept).splitlines()


def test_a_sibling_in_the_same_printed_paragraph_stays_out(outline: Outline) -> None:
    node, _ = paragraph("(b)(2)(ii)")

    assert law(node, outline) == [
        "paragraph In this part:",
        "paragraph (b) [Oil—]",
        "  paragraph (2) [Kerosene.]",
        "    paragraph (ii) In a can.",
        "      note [Note to paragraph (b):]",
        "        paragraph Cans leak.",
    ]


def test_what_stands_below_a_paragraph_comes_with_it(outline: Outline) -> None:
    node, _ = paragraph("(b)(2)(i)")

    assert law(node, outline)[-2:] == [
        "    paragraph (i) One quart.",
        "      paragraph A quart is four cups.",
    ]


def test_a_footnote_comes_with_the_paragraph_that_bears_its_mark(outline: Outline) -> None:
    node, reading = paragraph("(g)")

    assert law(node, outline)[-2:] == [
        "paragraph (g) Handles¹ of tin.",
        "  footnote ¹ Or of brass.",
    ]
    assert reading.findings == []


def test_a_letter_stays_a_letter_where_what_stood_before_it_is_left_out() -> None:
    # (i) after (h): alone, it would be the first numeral
    node, reading = paragraph("(i)(1)")

    assert [n.citation for n in node.walk() if n.designator in ("(i)", "(1)")] == [
        "99 CFR 1.1(i)",
        "99 CFR 1.1(i)(1)",
    ]
    assert reading.findings == []


def test_a_paragraph_within_a_reserved_range_gives_the_range(outline: Outline) -> None:
    assert law(paragraph("(e)")[0], outline)[-1] == "paragraph (d)-(f) [Reserved]"
    assert law(paragraph("(f)")[0], outline)[-1] == "paragraph (d)-(f) [Reserved]"


def test_the_words_that_are_counted_are_those_of_the_paragraph() -> None:
    for path in ("(a)", "(a)(1)", "(b)(2)(ii)", "(g)", "(i)"):
        node, reading = paragraph(path)
        assert reading.words == node.total_words()
    assert read(SECTION)[1].words > reading.words


def test_the_section_stays_to_the_byte_but_for_what_its_root_says() -> None:
    out = cut_paragraph(SECTION.encode(), "(a)").decode()

    assert out == SECTION.replace(
        METADATA, METADATA[:-1] + ",&quot;paragraph&quot;:&quot;(a)&quot;}"
    )


def test_under_a_heading_in_the_middle_of_a_paragraph_the_paragraph_itself_comes_too(
    outline: Outline,
) -> None:
    # 17 CFR 240.15c3-1: (a), a heading, (1)
    xml = SECTION.replace("<P>(1) Round;", "<HD1>Shapes</HD1>\n<P>(1) Round;")

    node, _ = paragraph("(a)(2)", xml)

    assert law(node, outline) == [
        "paragraph In this part:",
        "paragraph (a) [Wicks.] A wick is—",
        "heading [Shapes]",
        "  paragraph (2) Flat.",
    ]


def test_findings_of_what_is_left_out_are_left_out() -> None:
    xml = SECTION.replace("<P>(c) Chimneys.", "<LAMP>(c) Chimneys.").replace(
        "Chimneys.\n</P>", "Chimneys.\n</LAMP>"
    )

    assert "unknown-element" in [finding.code for finding in read(xml)[1].findings]
    assert [finding.code for finding in paragraph("(a)", xml)[1].findings] == []


def test_an_appendix_has_paragraphs_with_stops(outline: Outline) -> None:
    xml = (
        '<DIV9 N="Appendix A to Part 1" TYPE="APPENDIX" hierarchy_metadata="{&quot;path&quot;:'
        "&quot;/on/2026-01-29/title-99/part-1/appendix-Appendix A to Part 1&quot;,"
        '&quot;citation&quot;:&quot;Appendix A to Part 1, Title 99&quot;}">'
        "<HEAD>Appendix A to Part 1—Sizes</HEAD><P>I. Wicks</P><P>A. Round.</P>"
        "<P>B. Flat.</P><P>II. Oil</P></DIV9>"
    )

    node, _ = paragraph("I.B.", xml)

    assert node.designator == "Appendix A to Part 1, I.B."
    assert node.citation == "99 CFR Appendix A to Part 1, I.B."
    assert outline(node.children).splitlines() == [
        "paragraph I. Wicks",
        "  paragraph B. Flat.",
    ]


# what is asked, and what is said
ABSENT = [
    ("(z)", "99 CFR 1.1 has no paragraph (z); its paragraphs are (a) to (i)."),
    ("(a)(9)", "99 CFR 1.1(a) has no paragraph (9); its paragraphs are (1) to (2)."),
    ("(b)(2)(iv)", "99 CFR 1.1(b)(2) has no paragraph (iv); its paragraphs are (i) to (ii)."),
    ("(i)(2)", "99 CFR 1.1(i) has no paragraph (2); its only paragraph is (1)."),
    ("(c)(1)(i)", "99 CFR 1.1(c) has no numbered paragraphs, so no (1)(i); ask for it as a whole."),
    ("(j)-(k)", "99 CFR 1.1 has no paragraph (j)-(k); its paragraphs are (a) to (i)."),
]


@pytest.mark.parametrize(("path", "sentence"), ABSENT)
def test_a_paragraph_that_is_not_there_is_a_sentence_with_those_that_are(
    path: str, sentence: str
) -> None:
    with pytest.raises(DocumentError) as caught:
        cut_paragraph(SECTION.encode(), path)

    assert str(caught.value) == sentence


def test_a_part_has_no_paragraphs() -> None:
    with pytest.raises(DocumentError, match=r"\(a\).* was asked for, and this is a part"):
        cut_paragraph(b'<DIV5 N="1"><HEAD>PART 1</HEAD></DIV5>', "(a)")


def test_a_section_of_an_unknown_title_is_a_sentence() -> None:
    with pytest.raises(DocumentError, match="does not say of which CFR title it is"):
        cut_paragraph(b'<DIV8 N="1.1"><HEAD>&#xA7; 1.1 One.</HEAD><P>(a) A.</P></DIV8>', "(a)")


@settings(derandomize=True, deadline=None, max_examples=200)
@given(
    st.lists(st.sampled_from(["(a)", "(b)", "(1)", "(2)", "(i)", "(", ")", "-", " ", "§", "A."]))
)
def test_whatever_is_asked_for_is_a_paragraph_or_a_sentence(steps: list[str]) -> None:
    with suppress(DocumentError):
        node, reading = paragraph("".join(steps))
        assert reading.words == node.total_words()
