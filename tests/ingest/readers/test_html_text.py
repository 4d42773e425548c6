"""The inline text of a web page's element."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from tribonian.ingest.readers.html_page import parse_page
from tribonian.ingest.readers.html_style import Sheet, declarations, indent, points
from tribonian.ingest.readers.html_text import InlineText, image_mark, inline_text
from tribonian.schemas.words import count_words


def read(html: str, sheet: Sheet | None = None) -> InlineText:
    body = LexborHTMLParser(html).body
    assert body is not None
    return inline_text(body, sheet)


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("re<b>gu</b>late", "regulate"),
        ("CO<sub>2</sub> and m<sup>2</sup>", "CO₂ and m²"),
        ("RT<sub>NDT</sub>", "RT_NDT"),
        ("  many \n spaces&nbsp;&nbsp;here ", "many spaces here"),
        ("one<br>two", "one two"),
        ("soft&shy;hyphen zero\u200bwidth", "softhyphen zerowidth"),
        ("He said <q>no</q>.", "He said “no”."),
        ("seen<script>unseen()</script><!-- nor this --> again", "seen again"),
        ('shown <span style="display:none">hidden</span>', "shown"),
        ("shown <span hidden>hidden</span>", "shown"),
        ('<span aria-hidden="true">shown</span> all the same', "shown all the same"),
        ("<p>one</p><p>two</p>", "one two"),
        ('<span class="num">1</span><span class="text">Lamps</span>', "1 Lamps"),
        ("wh<wbr>ole", "whole"),
    ],
)
def test_text_reads_as_a_browser_shows_it(html: str, text: str) -> None:
    assert read(html).text() == text


def test_type_styles_are_spans_and_those_that_touch_are_one() -> None:
    found = read('(a) <em>Scope</em><i>.</i> A <strong>lamp</strong> <span style="font-style:'
                 'italic">burns</span>.')  # fmt: skip
    text = found.text()
    assert [text[a:b] for a, b in found.spans(found.italics)] == ["Scope.", "burns"]
    assert [text[a:b] for a, b in found.spans(found.bolds)] == ["lamp"]


def test_a_style_sheet_slopes_raises_and_hides() -> None:
    sheet = Sheet(
        [
            ".it { font-style: italic } @media print { p { display: none } }",
            ".up{vertical-align:super}.no{display:none}",
        ]
    )
    found = read('<p><span class="it">Lamp</span> 5<span class="up">2</span>'
                 '<span class="no">gone</span></p>', sheet)  # fmt: skip
    assert found.text() == "Lamp 5²"
    assert found.spans(found.italics) == ((0, 4),)


def test_the_page_may_be_hidden_by_a_rule_for_html_and_is_read_all_the_same() -> None:
    page = parse_page("<style>html { display: none }</style><p>Lamps</p>")
    assert inline_text(page.body, page.sheet).text() == "Lamps"


@pytest.mark.parametrize(
    "link",
    [
        '<sup><a href="#fn1">1</a></sup>',
        '<a href="#footnote-1"><sup>1</sup></a>',
        '[<a href="#note1">1</a>]',
        '<a href="page.html#_ftn1"><sup>1</sup></a>',
    ],
)
def test_a_raised_or_bracketed_link_to_a_note_is_a_mark(link: str) -> None:
    assert read(f"Lamps{link} burn.").marks == ["1"]


def test_a_raised_figure_without_a_link_is_no_mark() -> None:
    found = read('m<sup>2</sup> and <a href="#s2">2</a>')
    assert found.marks == []
    assert found.raised == ["2"]


def test_a_fraction_set_with_raised_figures_stays_apart_from_the_number_before_it() -> None:
    page = parse_page("<p>2<sup>1</sup>⁄<sub>2</sub> inches</p>")
    assert inline_text(page.body).text() == "2 1/2 inches"


def test_a_picture_is_a_mark_that_is_added_and_ornament_is_nothing() -> None:
    found = read('Form <img src="/graphics/er17au22.015.gif?x=1"> follows <img src="a.png" alt="">')
    assert found.text() == "Form [image: er17au22.015.gif] follows"
    assert found.added == count_words("[image: er17au22.015.gif]")
    assert image_mark({"src": "data:image/png;base64,AAAA", "alt": "Seal"}) == "[image: Seal]"
    assert image_mark({"src": "count.gif", "width": "1"}) == ""


PIECES = ("a", " ", "b1", "<b>", "</b>", "<sup>", "</sup>", "<sub>", "</sub>", "<i>", "</i>", "(x)",
          "NDT", "é", "<br>", "&nbsp;")  # fmt: skip


@given(st.lists(st.sampled_from(PIECES)))
def test_spans_lie_within_the_text_and_no_word_is_lost(pieces: list[str]) -> None:
    html = "".join(pieces)
    found = read(f"<p>{html}</p>")
    text = found.text()
    for a, b in (*found.spans(found.italics), *found.spans(found.bolds)):
        assert 0 <= a < b <= len(text)
    plain = html.replace("<br>", " ").replace("&nbsp;", " ")
    for tag in ("b", "sup", "sub", "i"):
        plain = plain.replace(f"<{tag}>", "").replace(f"</{tag}>", "")
    assert count_words(text) - found.added == count_words(plain)


def test_deep_nesting_is_read_without_recursion() -> None:
    assert read("<b><span>" * 3000 + "deep").text() == "deep"


@pytest.mark.parametrize(
    ("style", "expected"),
    [("margin-left: 1em", 12.0), ("margin:0 0 1em 0", 0.0), ("margin: 0 10pt", 10.0),
     ("text-indent: 0.5in", 36.0), ("padding-left:20px", 15.0), ("margin: 1px 2px 3px 4px", 3.0)],
)  # fmt: skip
def test_indents_are_points(style: str, expected: float) -> None:
    assert indent(declarations(style)) == pytest.approx(expected)
    assert points("nonsense") == 0.0
