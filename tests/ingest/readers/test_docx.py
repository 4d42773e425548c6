"""Word files: text, styles, notes, tables, changes; each test builds the file it reads."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from word_file import (
    W,
    definition,
    instance,
    level,
    li,
    p,
    r,
    style,
    table,
    tc,
    tr,
    word_file,
    zipped,
)

from tribonian.errors import DocumentError
from tribonian.ingest.readers import docx_package
from tribonian.ingest.readers.docx import read_blocks, read_docx
from tribonian.ingest.record import Reading
from tribonian.ingest.styled import Styled
from tribonian.schemas.finding import CODES
from tribonian.schemas.tree import Node, grow

STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"


def blocks_of(data: bytes) -> tuple[list[Styled], Reading]:
    reading = Reading()
    return list(read_blocks(io.BytesIO(data), reading)), reading


def blocks(body: str, **parts: str) -> list[Styled]:
    return blocks_of(word_file(body, **parts))[0]


def texts(body: str, **parts: str) -> list[str]:
    return [each.text for each in blocks(body, **parts)]


def said(body: str, **parts: str) -> list[tuple[str, str]]:
    return [(each.kind, each.text) for each in blocks(body, **parts)]


def node_of(block: Styled) -> Node:
    assert block.node is not None
    return block.node


# --- text -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("runs", "expected"),
    [
        ("<w:r><w:t>a</w:t><w:tab/><w:t>b</w:t></w:r>", "a b"),
        ("<w:r><w:t>a</w:t><w:br/><w:t>b</w:t><w:cr/><w:t>c</w:t></w:r>", "a b c"),
        ("<w:r><w:t>non</w:t><w:noBreakHyphen/><w:t>profit</w:t></w:r>", "non-profit"),
        ("<w:r><w:t>pro</w:t><w:softHyphen/><w:t>vide</w:t></w:r>", "provide"),
        ("<w:r><w:t>pro\u00advide</w:t></w:r>", "provide"),
        (r("CO") + r("2", '<w:vertAlign w:val="subscript"/>'), "CO₂"),
        (r("10") + r("-", '<w:vertAlign w:val="superscript"/>')
         + r("3", '<w:vertAlign w:val="superscript"/>'), "10⁻³"),
        (r("on the 1") + r("st", '<w:vertAlign w:val="superscript"/>') + r(" day"),
         "on the 1st day"),
        (r("small", "<w:smallCaps/>") + r(" caps", "<w:caps/>"), "small caps"),
        ('<w:r><w:sym w:font="Symbol" w:char="F06D"/><w:t>g</w:t></w:r>', "μg"),
        ('<w:r><w:sym w:font="Wingdings" w:char="F0FE"/><w:t> yes</w:t></w:r>', "☑ yes"),
        ('<w:r><w:sym w:font="Wingdings" w:char="F001"/></w:r>', "\ufffd"),
        ('<w:r><w:sym w:font="Times" w:char="00A7"/><w:t> 1</w:t></w:r>', "§ 1"),
        ("<w:r><w:t>\uf0a3 5</w:t></w:r>", "≤ 5"),
        ('<w:hyperlink r:id="x"><w:r><w:t>a link</w:t></w:r></w:hyperlink>', "a link"),
        ("<w:smartTag><w:r><w:t>a tag</w:t></w:r></w:smartTag>", "a tag"),
        (("<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent><w:r><w:t>Click here"
          "</w:t></w:r></w:sdtContent></w:sdt>"), "Click here"),
        ("<w:r><w:t>the  law \n of</w:t></w:r><w:r><w:t xml:space='preserve'> lamps</w:t></w:r>",
         "the law of lamps"),
        # an equation: E = mc², a fraction, a root
        (("<m:oMath><m:r><m:t>E=m</m:t></m:r><m:sSup><m:e><m:r><m:t>c</m:t></m:r></m:e><m:sup>"
          "<m:r><m:t>2</m:t></m:r></m:sup></m:sSup></m:oMath>"), "E=mc²"),
        (("<m:oMathPara><m:oMath><m:f><m:num><m:r><m:t>a+b</m:t></m:r></m:num><m:den><m:r>"
          "<m:t>2</m:t></m:r></m:den></m:f></m:oMath></m:oMathPara>"), "(a+b)/2"),
        ("<m:oMath><m:rad><m:deg/><m:e><m:r><m:t>x</m:t></m:r></m:e></m:rad></m:oMath>", "√(x)"),
        # one of two forms, never both
        (("<w:r><mc:AlternateContent><mc:Choice Requires='x'><w:t>new</w:t></mc:Choice>"
          "<mc:Fallback><w:t>old</w:t></mc:Fallback></mc:AlternateContent></w:r>"), "new"),
        (("<w:r><mc:AlternateContent><mc:Choice Requires='x'/><mc:Fallback><w:t>old</w:t>"
          "</mc:Fallback></mc:AlternateContent></w:r>"), "old"),
    ],
)  # fmt: skip
def test_a_run_gives_the_text_it_prints(runs: str, expected: str) -> None:
    assert texts(p(runs=runs)) == [expected]


def test_italics_and_bolds_are_spans_of_the_text() -> None:
    runs = r("(a) ") + r("Scope", "<w:i/>") + r(" ", "<w:i/>") + r("of it", "<w:i/><w:b/>") + r(".")
    (block,) = blocks(p(runs=runs))

    assert block.text == "(a) Scope of it."
    assert block.italics == ((4, 15),)
    assert block.bolds == ((10, 15),)
    assert block.weight == 400


def test_bold_in_a_bold_style_is_plain() -> None:
    styles = style("B", "strong body", "<w:rPr><w:b/></w:rPr>") + style(
        "S", "Strong", "<w:rPr><w:b/></w:rPr>", kind="character"
    )
    runs = r("loud ") + r("plain", '<w:rStyle w:val="S"/>')
    (block,) = blocks(p("", '<w:pStyle w:val="B"/>', runs), styles=styles)

    assert block.bolds == ((0, 4),)


def test_the_look_of_a_paragraph_is_its_own_before_its_styles() -> None:
    styles = style(
        "B",
        "Body Text",
        '<w:pPr><w:jc w:val="center"/><w:ind w:left="720"/></w:pPr>'
        '<w:rPr><w:sz w:val="22"/></w:rPr>',
    )
    first, second = blocks(
        p("one", '<w:pStyle w:val="B"/>')
        + p("two", '<w:pStyle w:val="B"/><w:jc w:val="left"/><w:ind w:left="0"/>',
            r("!", '<w:sz w:val="30"/>')),
        styles=styles,
    )  # fmt: skip

    assert (first.style, first.centered, first.indent, first.size) == ("body text", True, 36, 11)
    assert (second.centered, second.indent) == (False, 0)


# --- styles ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("styles", "used", "expected"),
    [
        (style("Heading7", "heading 7"), "Heading7", 7),
        (style("berschrift2", "heading 2"), "berschrift2", 2),
        (style("P1", "Überschrift 3"), "P1", 3),
        (style("P1", "Titre 2"), "P1", 2),
        ("", "Heading2", 2),  # not defined: known by its id
        (style("L", "law head", '<w:pPr><w:outlineLvl w:val="3"/></w:pPr>'), "L", 4),
        (style("Heading1", "heading 1") + style("M", "my head", "", "Heading1"), "M", 1),
        (style("Heading1", "heading 1") + style("M", "mine", '<w:pPr><w:outlineLvl w:val="9"/>'
                                                "</w:pPr>", "Heading1"), "M", 0),
        (style("A", "one", "", "B") + style("B", "two", "", "A"), "A", 0),  # a ring
        (style("A", "one", "", "A"), "A", 0),
        (style("N", "Normal"), "N", 0),
        (style("H", "Heading Eleven"), "H", 0),
    ],
)  # fmt: skip
def test_a_style_gives_the_outline_level(styles: str, used: str, expected: int) -> None:
    (block,) = blocks(p("Lamps", f'<w:pStyle w:val="{used}"/>'), styles=styles)

    assert block.level == expected


def test_an_outline_level_of_the_paragraph_comes_first() -> None:
    styles = style("Heading1", "heading 1")
    body = p("Lamps", '<w:pStyle w:val="Heading1"/><w:outlineLvl w:val="4"/>')

    assert blocks(body, styles=styles)[0].level == 5


def test_a_bullet_is_a_mark_and_no_heading() -> None:
    numbering = definition(0, level(0, "bullet", "o")) + instance(1, 0)
    body = p("Oil", '<w:numPr><w:numId w:val="1"/></w:numPr><w:outlineLvl w:val="1"/>')
    (block,) = blocks(body, numbering=numbering)

    assert (block.text, block.level, block.list_level) == ("• Oil", 0, 1)


# --- tracked changes, hidden text -----------------------------------------------------------


def test_tracked_changes_are_accepted_and_found() -> None:
    body = p(
        runs=r("The keeper ")
        + "<w:ins>" + r("shall") + "</w:ins>"
        + "<w:del><w:r><w:delText>may</w:delText></w:r></w:del>"
        + "<w:moveFrom>" + r(" gone") + "</w:moveFrom>"
        + "<w:moveTo>" + r(" trim it") + "</w:moveTo>"
    )  # fmt: skip
    found, reading = blocks_of(word_file(body))

    assert [each.text for each in found] == ["The keeper shall trim it"]
    assert [(each.code, each.message) for each in reading.findings] == [
        (
            "tracked-changes",
            "Tracked changes were accepted: insertions 1, deletions 1, moves 1.",
        )
    ]


def test_a_paragraph_whose_mark_was_deleted_goes_on_in_the_next() -> None:
    body = p("Lamps ", "<w:rPr><w:del/></w:rPr>") + p("shall burn.", '<w:jc w:val="center"/>')
    (block,) = blocks(body)

    assert (block.text, block.centered) == ("Lamps shall burn.", True)


def test_a_deleted_mark_at_the_end_loses_nothing() -> None:
    assert texts(p("Lamps", "<w:rPr><w:del/></w:rPr>")) == ["Lamps"]


def test_a_deleted_row_is_not_read() -> None:
    body = table(tr(tc("a"), tc("b")), tr(tc("c"), tc("d"), properties="<w:del/>"),
                 tr(tc("e"), tc("f")))  # fmt: skip
    found, reading = blocks_of(word_file(body))

    assert "c" not in node_of(found[0]).text
    assert [each.code for each in reading.findings] == ["tracked-changes"]


def test_hidden_text_is_kept_apart_and_found() -> None:
    found, reading = blocks_of(word_file(p(runs=r("Seen. ") + r("Not seen.", "<w:vanish/>"))))

    assert [(each.kind, each.text) for each in found] == [
        ("paragraph", "Seen."),
        ("metadata", "Not seen."),
    ]
    assert [each.code for each in reading.findings] == ["hidden-text"]


def test_a_style_separator_joins_a_heading_with_the_text_behind_it() -> None:
    body = p("Scope.", '<w:outlineLvl w:val="2"/><w:rPr><w:vanish/><w:specVanish/></w:rPr>') + p(
        " This part covers lamps."
    )
    (block,) = blocks(body)

    assert block.text == "Scope. This part covers lamps."
    assert block.italics == ((0, 6),)
    assert block.level == 0


# --- fields ---------------------------------------------------------------------------------


def field(code: str, result: str) -> str:
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f"<w:r><w:instrText>{code}</w:instrText></w:r>"
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        f'{result}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def test_a_field_shows_its_result_and_not_its_instruction() -> None:
    runs = r("see § ") + field(" REF _Ref1 \\h ", r("11.10")) + r(", and ")
    simple = '<w:fldSimple w:instr=" REF x "><w:r><w:t>§ 11.2</w:t></w:r></w:fldSimple>'

    assert texts(p(runs=runs + simple)) == ["see § 11.10, and § 11.2"]


def test_a_field_within_an_instruction_is_not_printed() -> None:
    inner = field(" MERGEFIELD a ", r("inner"))
    runs = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> IF </w:instrText></w:r>'
        f"{inner}"
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>outer</w:t></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )

    assert texts(p(runs=runs)) == ["outer"]


def test_a_field_without_an_end_does_not_swallow_what_comes() -> None:
    broken = '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>X</w:instrText></w:r>'

    assert texts(p(runs=broken) + p("Lamps")) == ["Lamps"]


def test_a_field_whose_text_is_not_stored_is_found() -> None:
    runs = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        "<w:r><w:instrText> LISTNUM LegalDefault </w:instrText></w:r>"
        '<w:r><w:fldChar w:fldCharType="end"/></w:r><w:r><w:t>Lamps</w:t></w:r>'
    )
    found, reading = blocks_of(word_file(p(runs=runs)))

    assert [each.text for each in found] == ["Lamps"]
    assert [(each.code, "LISTNUM field" in each.message) for each in reading.findings] == [
        ("left-aside", True)
    ]


def test_a_table_of_contents_is_contents_by_its_field_its_control_and_its_styles() -> None:
    begin = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> TOC \\o "1-3" '
        '</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    )
    end = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    control = (
        '<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/>'
        f"</w:docPartObj></w:sdtPr><w:sdtContent>{p('Contents')}{p('C 3')}</w:sdtContent></w:sdt>"
    )
    body = (
        p(runs=begin + r("A") + "<w:r><w:tab/></w:r>" + field(" PAGEREF x ", r("1")))
        + p("B 2")
        + p(runs=end + r("Lamps"))
        + control
        + p("D 4", '<w:pStyle w:val="T"/>')
    )

    assert said(body, styles=style("T", "toc 3")) == [
        ("contents", "A 1"),
        ("contents", "B 2"),
        ("paragraph", "Lamps"),
        ("contents", "Contents"),
        ("contents", "C 3"),
        ("contents", "D 4"),
    ]


# --- notes, comments, headers ---------------------------------------------------------------

REFERENCE = '<w:r><w:footnoteReference w:id="{}"/></w:r>'
NOTES = (
    '<w:footnote w:type="separator" w:id="-1"><w:p/></w:footnote>'
    '<w:footnote w:id="2"><w:p><w:r><w:footnoteRef/></w:r><w:r><w:t> Of tin.</w:t></w:r></w:p>'
    "<w:p><w:r><w:t>Or brass.</w:t></w:r></w:p></w:footnote>"
    '<w:footnote w:id="5"><w:p><w:r><w:t>* By night.</w:t></w:r></w:p></w:footnote>'
    '<w:footnote w:id="7"><w:p><w:r><w:t>Never cited.</w:t></w:r></w:p></w:footnote>'
)


def test_footnotes_stand_behind_the_paragraph_that_bears_their_marks() -> None:
    own = '<w:r><w:footnoteReference w:customMarkFollows="1" w:id="5"/><w:t>*</w:t></w:r>'
    body = p(runs=r("A lamp") + REFERENCE.format(2) + r(" burns") + own + r("."))
    paragraph, first, second = blocks(body, footnotes=NOTES)

    assert (paragraph.text, paragraph.marks) == ("A lamp¹ burns*.", ("1", "*"))
    assert (first.kind, first.marks, node_of(first).designator) == ("footnote", ("1",), "1")
    assert node_of(first).text == "Of tin."
    assert [each.text for each in node_of(first).children] == ["Or brass."]
    assert (node_of(second).designator, node_of(second).text) == ("*", "By night.")


def test_endnotes_have_roman_marks_and_footnotes_the_format_of_the_settings() -> None:
    body = p(runs=r("a") + '<w:r><w:endnoteReference w:id="2"/></w:r>' + REFERENCE.format(2))
    endnotes = NOTES.replace("footnote", "endnote")
    settings = '<w:footnotePr><w:numFmt w:val="upperLetter"/><w:numStart w:val="2"/></w:footnotePr>'
    found = blocks(body, footnotes=NOTES, endnotes=endnotes, settings=settings)

    assert found[0].marks == ("i", "B")


def test_a_note_that_is_missing_leaves_its_mark() -> None:
    assert said(p(runs=r("a lamp") + REFERENCE.format(99))) == [("paragraph", "a lamp¹")]


def test_a_footnote_in_a_table_is_in_the_table() -> None:
    body = table(tr(tc("Lamp"), tc("Oil")), tr(tc(p(runs=r("a") + REFERENCE.format(2))), tc("b")))
    (block,) = blocks(body, footnotes=NOTES)

    assert [each.designator for each in node_of(block).children] == ["1"]
    assert "a¹" in node_of(block).text


def test_comments_are_kept_apart_from_the_text() -> None:
    comments = f'<w:comment w:id="3">{p("Is that so?")}</w:comment>'
    runs = (
        '<w:commentRangeStart w:id="3"/>'
        + r("Lamps")
        + ('<w:commentRangeEnd w:id="3"/><w:r><w:commentReference w:id="3"/></w:r>')
    )

    assert said(p(runs=runs), comments=comments) == [
        ("paragraph", "Lamps"),
        ("comment", "Is that so?"),
    ]


def test_headers_and_footers_are_running_heads_once_each() -> None:
    body = p("Lamps")
    found = said(body, header1=p("Lamp Act"), header2=p("Lamp Act"), footer1=p("Page 1"))

    assert found == [
        ("running-head", "Lamp Act"),
        ("running-head", "Page 1"),
        ("paragraph", "Lamps"),
    ]


def test_a_table_in_a_header_is_a_line_of_text() -> None:
    header = table(tr(tc("Lamp Act"), tc("Page 1")))

    assert said(p("Lamps"), header1=header)[0] == ("running-head", "Lamp Act Page 1")


def test_the_title_is_that_of_the_properties_and_the_date_is_not() -> None:
    _, reading = blocks_of(word_file(p("Lamps"), title="Lamp Act"))

    assert (reading.heading, reading.as_of) == ("Lamp Act", None)


def test_without_a_title_in_the_properties_it_is_what_is_printed_as_one() -> None:
    body = p("Lamp Act", '<w:pStyle w:val="T"/>') + p("Lamps")
    _, reading = blocks_of(
        word_file(body, title="Microsoft Word - x.doc", styles=style("T", "Title"))
    )

    assert reading.heading == "Lamp Act"


def test_a_note_that_is_cited_twice_is_read_once() -> None:
    body = p(runs=r("a") + REFERENCE.format(2)) + p(runs=r("b") + REFERENCE.format(2))

    assert [each.kind for each in blocks(body, footnotes=NOTES)] == [
        "paragraph",
        "footnote",
        "paragraph",
    ]


# --- boxes, pictures, other files -----------------------------------------------------------


def test_a_text_box_is_read_once_behind_its_paragraph() -> None:
    box = f"<w:txbxContent>{p('In the box.')}</w:txbxContent>"
    runs = (
        "<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:txbx>"
        f"{box}</wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox>{box}"
        "</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )

    assert texts(p("Lamps", runs=runs)) == ["Lamps", "In the box."]


def test_a_picture_is_a_figure_whose_words_are_ours() -> None:
    drawing = (
        '<w:r><w:drawing><wp:inline><wp:docPr id="1" name="P" descr="A brass lamp"/><a:graphic>'
        "<a:graphicData><pic:pic/></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
    )
    (block,) = blocks(p(runs=drawing))

    assert (block.kind, block.text, block.added) == ("figure", "[image: A brass lamp]", 4)


def test_what_is_no_text_is_left_aside_and_found() -> None:
    body = p("Lamps", runs="<w:r><w:object><o:OLEObject/></w:object></w:r>") + (
        '<w:altChunk r:id="x"/>'
    )
    _, reading = blocks_of(word_file(body))

    assert [each.code for each in reading.findings] == ["left-aside", "left-aside"]
    assert all(each.code in CODES for each in reading.findings)


# --- tables ---------------------------------------------------------------------------------


def test_a_table_has_its_header_rows_its_merged_cells_and_its_caption() -> None:
    body = p("Table 1. Oils", '<w:pStyle w:val="Caption"/>') + table(
        tr(tc("Oil"), tc("Use", '<w:gridSpan w:val="2"/>'), properties="<w:tblHeader/>"),
        tr(tc("Whale", '<w:vMerge w:val="restart"/>'), tc("lamps"), tc("yes")),
        tr(tc("", "<w:vMerge/>"), tc("soap"), tc("no")),
    )
    (block,) = blocks(body, styles=style("Caption", "caption"))
    node = node_of(block)

    assert node.heading == "Table 1. Oils"
    assert node.text.splitlines() == [
        "| Oil | Use | Use |",
        "| --- | --- | --- |",
        "| Whale | lamps | yes |",
        "| Whale | soap | no |",
    ]
    assert node.added == 2


def test_rows_may_begin_and_end_with_places_left_out() -> None:
    body = table(
        tr(tc("a"), tc("b"), tc("c")),
        tr(tc("e"), properties='<w:gridBefore w:val="1"/><w:gridAfter w:val="1"/>'),
    )
    (block,) = blocks(body)

    assert node_of(block).text.splitlines()[-1] == "|  | e |  |"


@pytest.mark.parametrize(
    "first",
    [
        tr(tc(p(runs=r("Oil", "<w:b/>"))), tc(p(runs=r("Use", "<w:b/>")))),
        tr(tc("Oil", '<w:shd w:fill="1F4E79"/>'), tc("Use", '<w:shd w:fill="1F4E79"/>')),
    ],
    ids=["bold", "shaded"],
)
def test_a_first_row_that_is_set_apart_is_the_header(first: str) -> None:
    (block,) = blocks(table(first, tr(tc("Whale"), tc("lamps"))))

    assert node_of(block).text.startswith("| Oil | Use |\n| --- |")


def test_a_first_row_like_the_others_is_no_header() -> None:
    (block,) = blocks(table(tr(tc("Oil"), tc("Use")), tr(tc("Whale"), tc("lamps"))))

    assert node_of(block).text.startswith("|  |  |\n| --- |")


def test_a_table_in_a_cell_is_text_of_the_cell() -> None:
    inner = table(tr(tc("x"), tc("y")), tr(tc("z"), tc("w")))
    (block,) = blocks(table(tr(tc("a"), tc("b")), tr(tc(p("in:") + inner + p()), tc("c"))))

    assert node_of(block).text.splitlines()[-1] == "| in: x y z w | c |"


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (tr(tc(p("§ 1 Scope", '<w:outlineLvl w:val="1"/>') + p("(a) Lamps."))),
         ["§ 1 Scope", "(a) Lamps."]),
        (tr(tc("(a)"), tc("Lamps.")) + tr(tc("(b)"), tc(p("Oil.") + p("And wicks."))),
         ["(a) Lamps.", "(b) Oil.", "And wicks."]),
        (tr(tc("Note:")) + tr(tc("Lamps burn.")), ["Note:", "Lamps burn."]),
    ],
)  # fmt: skip
def test_a_table_that_only_lays_out_text_becomes_paragraphs(rows: str, expected: list[str]) -> None:
    assert texts(table(rows)) == expected


def test_numbers_go_on_counting_in_the_cells_of_a_table() -> None:
    numbering = definition(0, level(0, "lowerLetter", "(%1)")) + instance(1, 0)
    body = li("x") + table(tr(tc(li("y")), tc("q")), tr(tc(li("z")), tc("q"))) + li("w")
    first, grid, last = blocks(body, numbering=numbering)

    assert (first.text, last.text) == ("(a) x", "(d) w")
    assert "(b) y" in node_of(grid).text


# --- the file -------------------------------------------------------------------------------


def test_the_strict_form_reads_as_the_common_one() -> None:
    body = p("Lamps", '<w:outlineLvl w:val="0"/>') + p(runs=r("shall", "<w:i/>"))
    strict = zipped(
        {
            name: data.replace(W.encode(), STRICT.encode())
            for name, data in members(word_file(body)).items()
        }
    )

    assert blocks_of(strict)[0] == blocks(body)


def members(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def refused(data: bytes) -> str:
    with pytest.raises(DocumentError) as error:
        blocks_of(data)
    assert str(error.value).endswith(".")
    assert str(error.value).count(". ") == 0
    return str(error.value)


def test_a_file_cut_off_is_refused_in_one_sentence() -> None:
    data = word_file(p("Lamps"))

    assert "damaged" in refused(data[: len(data) // 2])


def test_a_part_that_is_no_xml_is_refused_in_one_sentence() -> None:
    parts = members(word_file(p("Lamps")))
    parts["word/document.xml"] = parts["word/document.xml"][:-30]

    assert "word/document.xml" in refused(zipped(parts))


def test_a_zip_without_a_document_is_refused_in_one_sentence() -> None:
    assert "without a Word document" in refused(zipped({"a.txt": b"a"}))


@pytest.mark.parametrize("part", ["word/document.xml", "word/styles.xml"])
def test_entities_are_not_expanded(part: str) -> None:
    bomb = b'<!DOCTYPE w [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'
    parts = members(word_file(p("HERE"), styles=style("A", "HERE")))
    parts[part] = bomb + parts[part].replace(b"HERE", b"&b;")

    assert "entities" in refused(zipped(parts))


def test_no_file_is_read_by_an_entity(tmp_path: object) -> None:
    parts = members(word_file(p("HERE")))
    parts["word/document.xml"] = b'<!DOCTYPE w [<!ENTITY a SYSTEM "file:///etc/hostname">]>' + (
        parts["word/document.xml"].replace(b"HERE", b"&a;")
    )

    assert "entities" in refused(zipped(parts))


def test_a_part_that_would_unpack_to_far_too_much_is_refused() -> None:
    parts = members(word_file(p("Lamps")))
    parts["word/document.xml"] = parts["word/document.xml"].replace(
        b"Lamps", b" " * (docx_package.SMALL + 1)
    )

    assert "would unpack" in refused(zipped(parts))


def test_tables_nested_beyond_reason_are_refused_or_read() -> None:
    body = p("deep")
    for _ in range(400):
        body = table(tr(tc(body + p())))
    try:
        assert texts(body) == ["deep"]
    except DocumentError as error:
        assert str(error).endswith(".")


def test_the_words_taken_are_the_words_of_the_tree() -> None:
    styles = style("Heading1", "heading 1") + style("Caption", "caption")
    body = (
        p("§ 1.1 Lamps.", '<w:pStyle w:val="Heading1"/>')
        + li("Trim", 0) + li("Wicks", 1)
        + p(runs=r("A lamp") + REFERENCE.format(2))
        + p("Table 1. Oils", '<w:pStyle w:val="Caption"/>')
        + table(tr(tc("a", '<w:gridSpan w:val="2"/>'), tc("b")), tr(tc("c"), tc("d"), tc("e")))
    )  # fmt: skip
    numbering = definition(0, level(0, "lowerLetter", "(%1)"), level(1, "decimal", "(%2)"))
    reading = Reading()
    data = word_file(
        body, styles=styles, numbering=numbering + instance(1, 0), footnotes=NOTES,
        header1=p("Lamp Act"),
    )  # fmt: skip
    root = grow(read_docx(io.BytesIO(data), reading))

    assert reading.words == root.total_words() > 20


PIECES = st.sampled_from(
    ["Lamps", " ", "  shall ", "(a)", "\u00a0", "burn.", "½", "é", "\u00ad", "", "1", "\t"]
)
LOOKS = st.sampled_from(["", "<w:i/>", "<w:b/>", "<w:vanish/>", '<w:vertAlign w:val="subscript"/>'])


@settings(derandomize=True, deadline=None, max_examples=150)
@given(st.lists(st.tuples(PIECES, LOOKS), max_size=12))
def test_no_character_of_a_run_is_lost(runs: list[tuple[str, str]]) -> None:
    found = blocks(p(runs="".join(r(text, look) for text, look in runs)))
    kept = "".join(each.text for each in found)
    stored = [*[t for t, look in runs if "vanish" not in look],
              *[t for t, look in runs if "vanish" in look]]  # fmt: skip

    def letters(text: str) -> str:
        lowered = str.maketrans("₀₁₂₃₄₅₆₇₈₉₍₎ₐ", "0123456789()a")
        return "".join(c for c in text.translate(lowered) if c.isalnum())

    assert letters(kept) == letters("".join(stored))
    for block in found:
        assert block.text == " ".join(block.text.split())
        for spans in (block.italics or (), block.bolds or ()):
            assert all(0 <= start < end <= len(block.text) for start, end in spans)
