"""Markdown as law is written in it: numbers, headings, tables, notes, and what is not law."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tribonian.errors import DocumentError
from tribonian.ingest.readers.markdown import markdown_blocks, read_markdown
from tribonian.ingest.record import Reading
from tribonian.ingest.styled import Styled
from tribonian.schemas.tree import grow


def blocks(text: str, reading: Reading | None = None) -> list[Styled]:
    return list(markdown_blocks(text, reading or Reading()))


def texts(text: str) -> list[str]:
    return [block.text for block in blocks(text)]


def conserved(text: str) -> bool:
    reading = Reading()
    root = grow(read_markdown(io.BytesIO(text.encode()), reading))
    return reading.words == root.total_words()


def test_headings_of_both_kinds_have_their_level() -> None:
    found = blocks("# Part 5 Lanterns\n\nSubpart A\n=====\n\nScope\n-----\n\nText.\n")
    assert [(block.level, block.text) for block in found] == [
        (1, "Part 5 Lanterns"),
        (1, "Subpart A"),
        (2, "Scope"),
        (0, "Text."),
    ]
    assert [block.locator for block in found] == ["line 1", "line 3", "line 6", "line 9"]


def test_a_long_paragraph_above_a_rule_is_no_heading() -> None:
    found = blocks("One line of text\nand a second one\nand a third\n---\n")
    assert [(block.level, block.text) for block in found] == [
        (0, "One line of text and a second one and a third")
    ]


def test_numbers_are_those_of_the_source() -> None:
    text = "5. Five\n6. Six\n\n(a) A\n\nb) B\n\n3) Three\n\n1\\. Escaped\n\n01. Nought\n"
    assert texts(text) == [
        "5. Five", "6. Six", "(a) A", "b) B", "3) Three", "1. Escaped", "01. Nought",
    ]  # fmt: skip


def test_an_item_that_holds_only_a_number_or_a_list_keeps_its_number() -> None:
    assert texts("1.\n2. - inner\n") == ["1.", "2. inner"]


def test_nested_lists_have_their_depth_and_their_paragraphs() -> None:
    found = blocks("- (a) One\n  - (i) Two\n\n    More of two\n- (b) Three\n")
    assert [(block.list_level, block.text) for block in found] == [
        (1, "(a) One"),
        (2, "(i) Two"),
        (2, "More of two"),
        (1, "(b) Three"),
    ]


def test_wrapped_lines_are_joined_and_lines_with_numbers_are_not() -> None:
    wrapped = (
        "(a) A keeper shall light the lantern at dusk and shall enter it, as paragraph\n"
        "(b) of this section says, in the log that is kept for the purpose on the\n"
        "premises.\n"
        "(b) The log is kept for ten years.\n"
    )
    first, second = texts(wrapped)
    assert first.startswith("(a) A keeper")
    assert "as paragraph (b) of this section says, in the log" in first
    assert second == "(b) The log is kept for ten years."


def test_rows_of_a_layout_table_are_numbered_paragraphs() -> None:
    page = (
        "(a) |  lamps;  \n---|---  \n(b) |  lanterns: |  (i) |  of tin; |\n---|---\n\n"
        "(c) |  candles. \n---|---\n"
    )
    assert texts(page) == ["(a) lamps;", "(b) lanterns:", "(i) of tin;", "(c) candles."]


def test_a_table_is_a_table_with_every_cell() -> None:
    (found,) = blocks("| Lamp | Oil |\n|---|:-:|\n| *Tin* | 2 `l` | beyond |\n| a \\| b | |\n")
    assert found.node is not None
    assert found.node.text == (
        "| Lamp | Oil |  |\n| --- | --- | --- |\n| Tin | 2 l | beyond |\n| a \\| b |  |  |"
    )
    assert found.node.locator == "line 1"


def test_emphasis_becomes_spans_over_the_whole_text() -> None:
    (found,) = blocks("1. **Oil** means *any* oil,\nand *fat\nof whales*.\n")
    assert found.text == "1. Oil means any oil, and fat of whales."
    assert found.bolds is not None
    assert [found.text[start:end] for start, end in found.bolds] == ["Oil"]
    assert found.italics is not None
    assert [found.text[start:end] for start, end in found.italics] == ["any", "fat", "of whales"]


def test_a_paragraph_wholly_in_bold_type_is_bold() -> None:
    assert [block.weight for block in blocks("**Scope.**\n\n(a) **Oil.** Text\n")] == [700, 400]


def test_front_matter_is_metadata_and_gives_the_title() -> None:
    reading = Reading()
    found = blocks("---\ntitle: 'The lantern rule'\nas_of: 2026-01-29\n---\n\n# One\n", reading)
    assert [(block.kind, block.text, block.locator) for block in found] == [
        ("metadata", "title: 'The lantern rule'\nas_of: 2026-01-29", "line 2"),
        ("paragraph", "One", "line 6"),
    ]
    assert reading.heading == "The lantern rule"


def test_a_rule_at_the_top_of_a_page_begins_no_front_matter() -> None:
    assert texts("---\n\nThe keeper\nshall keep: oil\n\n---\n") == ["The keeper shall keep: oil"]


def test_footnotes_have_marks_on_both_sides() -> None:
    found = blocks("Oil[^1] burns.\n\n[^1]: Not *whale* oil,\n    nor fat.\n\nText.\n")
    assert (found[0].text, found[0].marks) == ("Oil¹ burns.", ("1",))
    node = found[1].node
    assert node is not None
    assert (found[1].kind, node.designator, node.text) == (
        "footnote", "¹", "Not whale oil, nor fat.",
    )  # fmt: skip
    assert found[2].text == "Text."


def test_notes_that_are_linked_both_ways_are_footnotes() -> None:
    found = blocks("Oil [(1)](#r1), and\n[(2)](#r2) fat.\n\n[(1)](#n1)  OJ C 2.\n\n[(2)](#n2) X.\n")
    assert [(block.kind, block.text, block.marks) for block in found] == [
        ("paragraph", "Oil (1), and (2) fat.", ("1", "2")),
        ("footnote", "OJ C 2.", ("1",)),
        ("footnote", "X.", ("2",)),
    ]


def test_link_texts_are_kept_and_addresses_are_not_unless_they_are_law() -> None:
    text = "[Section 5](https://law.example/5) and [Section 6](b) and <http://x.example>\n"
    assert texts(text) == ["Section 5 and Section 6(b) and http://x.example"]


def test_a_line_like_a_link_definition_that_names_no_address_is_text() -> None:
    assert texts("[Reserved]: none\n\n[x]: https://law.example\n\nText [x].\n") == [
        "[Reserved]: none",
        "Text x.",
    ]


def test_an_image_leaves_a_mark_whose_words_are_not_the_documents() -> None:
    (found,) = blocks("![The seal](img/seal.png)\n")
    assert (found.text, found.added) == ("[image: seal.png] The seal", 3)


def test_angle_brackets_that_are_no_html_are_text() -> None:
    assert texts("Where x <y and z> w, the lamp <HED> burns.\n\n<E1>\nText\n") == [
        "Where x <y and z> w, the lamp <HED> burns.",
        "<E1> Text",
    ]


def test_html_is_read_and_not_run() -> None:
    found = blocks(
        '<div onclick="x()"><script>alert("no")</script><h2>Scope</h2><p>Oil<sup>2</sup> &amp;\n'
        "fat</p></div>\n\n<!-- a remark -->\n\nText <b>bold</b><!-- aside -->\n"
    )
    assert [(block.kind, block.level, block.text) for block in found] == [
        ("paragraph", 2, "Scope"),
        ("paragraph", 0, "Oil² & fat"),
        ("comment", 0, "a remark"),
        ("paragraph", 0, "Text bold"),
        ("comment", 0, "aside"),
    ]


def test_an_html_table_is_a_table_across_blank_lines() -> None:
    (found,) = blocks(
        "<table>\n<caption>Oils</caption>\n<tr><th colspan=2>Lamp</th></tr>\n\n"
        "<tr><td>Tin</td>\n\n<td>2</td></tr></table>\n"
    )
    assert found.node is not None
    assert found.node.heading == "Oils"
    assert found.node.text == "| Lamp | Lamp |\n| --- | --- |\n| Tin | 2 |"
    assert found.node.added == 1


@pytest.mark.parametrize("opening", ["<!--", "<script>", "<style>", "<pre>"])
def test_html_that_is_never_closed_hides_nothing(opening: str) -> None:
    found = " ".join(texts(f"Before.\n\n{opening}\n(a) Oil must burn.\n\n(b) Fat must not.\n"))
    assert "Oil must burn." in found
    assert "Fat must not." in found


def test_five_asterisks_mark_omitted_text_and_three_are_a_rule() -> None:
    found = blocks("One\n\n* * * * *\n\nTwo\n\n* * *\n\nThree\n")
    assert [block.kind for block in found] == ["paragraph", "stars", "paragraph", "paragraph"]


def test_marks_between_the_pages_of_a_converted_pdf_count_its_pages() -> None:
    found = blocks("{0}--------------------\n\nOne\n\n{1}--------------------\n\nTwo\n")
    assert [(block.kind, block.page) for block in found] == [
        ("running-head", 1),
        ("paragraph", 1),
        ("running-head", 2),
        ("paragraph", 2),
    ]


def test_code_is_kept_as_it_stands_and_indented_law_is_law() -> None:
    found = blocks("```xml\n<HED>  x\n```\n\ntext\n\n    (a) Oil.\n    (b) Fat.\n")
    assert [(block.kind, block.text) for block in found] == [
        ("extract", "xml\n<HED>  x"),
        ("paragraph", "text"),
        ("paragraph", "(a) Oil."),
        ("paragraph", "(b) Fat."),
    ]


def test_entities_and_escapes_are_characters() -> None:
    assert texts("&sect; 5.2 \\* &amp; &#8212; oil&nbsp;lamp\n") == ["§ 5.2 * & — oil lamp"]


def test_quotations_keep_their_paragraphs() -> None:
    found = blocks("> (a) Oil.\n>\n> > (b) Fat.\n")
    assert [(block.style, block.indent, block.text) for block in found] == [
        ("blockquote", 18.0, "(a) Oil."),
        ("blockquote", 36.0, "(b) Fat."),
    ]


@pytest.mark.parametrize("text", [">" * 3000 + " a", "- " * 500 + "a"])
def test_nesting_without_end_is_refused_in_one_sentence(text: str) -> None:
    with pytest.raises((DocumentError, RecursionError)):
        blocks(text)


@pytest.mark.parametrize("text", ["[" * 4000, "*a **b " * 800, "`" * 4000, "![[" * 900, "<" * 4000])
def test_endless_openings_end(text: str) -> None:
    assert conserved(text)


def test_windows_line_ends_count_once() -> None:
    found = blocks("One\r\n\r\nTwo\rThree\r\n")
    assert [(block.text, block.locator) for block in found] == [
        ("One", "line 1"),
        ("Two Three", "line 3"),
    ]


PIECES = st.sampled_from(
    ["# A", "(a) one", "1. two", "- x", "  - y", "| a | b |", "|---|---|", "(b) | c", "---|---",
     "---", "===", "> q", "```", "    code", "<b>t</b>", "<table>", "</table>", "<!--", "-->",
     "[^1]: note", "t[^1]", "[x]: y", "![i](j.png)", "*e*", "**f** g", "", "", "* * * * *",
     "{3}------------", "text;", "title: x", "<td>c", "CO<sub>2</sub>", "R<sub>NDT</sub>x"]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=14))
def test_words_are_conserved_whatever_stands_together(pieces: list[str]) -> None:
    assert conserved("\n".join(pieces))


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200))
def test_any_text_can_be_read(text: str) -> None:
    assert conserved(text.encode("utf-8", "replace").decode())


def test_an_address_that_was_cut_where_lines_were_wrapped_is_no_text() -> None:
    text = (
        "The lamps of the city ([OJ L 1, p. 2](./../legal-\ncontent/EN/?uri=OJ)) burn.\n\nSo it is."
    )
    found = blocks(text)
    assert [block.text for block in found] == [
        "The lamps of the city (OJ L 1, p. 2) burn.", "So it is.",
    ]  # fmt: skip
    assert found[-1].locator == "line 4"


def test_a_compound_that_was_wrapped_at_its_hyphen_is_one_word_again() -> None:
    full = "The lamplighter shall keep a record of every lamp and of all of the high-"
    next_lines = (
        "risk lamps, and of every lamp that is lit by the city, with the two-\nor three-wheel"
    )
    text = f"{full}\n{next_lines} carts."
    assert texts(text)[0].endswith("with the two- or three-wheel carts.")
    assert "all of the high-risk lamps" in texts(text)[0]


@pytest.mark.parametrize(
    "text", ["See ![](data:image/png;base64,iVBOR/w0KGg) here.",
             'See <img src="data:image/png;base64,iVBOR/w0KGg"> here.']
)  # fmt: skip
def test_a_picture_that_is_in_the_document_itself_has_no_name_of_a_file(text: str) -> None:
    assert texts(text) == ["See [image: unnamed] here."]


def test_attributes_of_a_heading_and_typed_dashes_are_no_words() -> None:
    # as pandoc writes Markdown unless told otherwise
    text = "# PART 11---RECORDS {#part-11records .part}\n\n## § 11.1 Scope.\n\nIt is.\n"
    assert texts(text) == ["PART 11—RECORDS", "§ 11.1 Scope.", "It is."]
    assert conserved(text)
