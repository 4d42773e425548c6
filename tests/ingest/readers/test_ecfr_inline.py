"""One paragraph's inline elements as plain text; the line feeds are those of the feed."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from tribonian.ingest.readers.ecfr_inline import (
    INLINE,
    NESTED_BLOCKS,
    InlineText,
    image_mark,
    inline_text,
    plain_text,
    unstack,
)
from tribonian.schemas.words import count_words

STEADY = settings(derandomize=True, deadline=None, max_examples=200)


def read(xml: str) -> InlineText:
    return inline_text(etree.fromstring(f"<P>{xml}</P>"))


# (content of a P, text)
TEXTS = [
    ("Each lantern.", "Each lantern."),
    # every P ends with a space and a line feed
    ("Each lantern. \n", "Each lantern."),
    ("Each\n  lantern", "Each lantern"),
    ("Each\tlantern\u00a0burns", "Each lantern burns"),
    ("", ""),
    # subscripts: <E T="52"> and <sub>
    ('CO<E T="52">2</E> is', "CO₂ is"),
    ("CO<sub>2</sub> is", "CO₂ is"),
    ('x<E T="52">i</E>', "xᵢ"),
    # superscripts; the feed breaks the line before <SU>
    ("6 m\n<SU>2</SU>.", "6 m²."),
    ("6 m<sup>2</sup>.", "6 m²."),
    ('x<E T="51">n</E>', "xⁿ"),
    ("10\n<SU>19</SU> n/cm\n<SU>2</SU>", "10¹⁹ n/cm²"),
    # … but a space before it stays: 21 CFR 178.3620, a footnote's mark
    ("accuracy \n<SU>1</SU><FTREF/> at", "accuracy ¹ at"),
    # fractions
    ("1\n<FR>1/2</FR> inches", "1 1/2 inches"),
    ("1<FR>1/2</FR> inches", "1 1/2 inches"),
    ("\n<FR>3/16</FR>-inch", "3/16-inch"),
    ("8<sup>1</sup>⁄<sub>2</sub>% of", "8 1/2% of"),
    # 21 CFR 660.28: a bar immediately over the letter
    ('x\n<AC T="8"/> is', "x̄ is"),
    ('<I>x<AC T="8"/></I> is', "x̄ is"),
    ('<I>x</I><AC T="8"/> is', "x̄ is"),
    ('caf<I>e</I><AC T="1"/>', "café"),
    # small capitals; those set in small letters are printed as capitals
    ('the <E T="04">Federal Register</E> of', "the Federal Register of"),
    ('<E T="04">chapter i</E>—Office', "CHAPTER I—Office"),
    # lower-case HTML beside GPO's tags
    ("one<br/>two", "one two"),
    ('one<E T="04"><br/>two</E>', "one TWO"),
    ("one<sup><em> 2</em></sup>", "one ²"),
    ("<strong>Each</strong> <em>lantern</em>", "Each lantern"),
    ('See <a href="#1">part 1</a>.', "See part 1."),
    ("<B>Each</B>lantern", "Eachlantern"),
    # emphasis within emphasis
    ('<I>Each <E T="03">new</E> lantern</I>', "Each new lantern"),
    # comments and processing instructions are nothing
    ("Each<!-- x --> lantern<?y z?>.", "Each lantern."),
    ("a &lt; b &amp; c", "a < b & c"),
]


@pytest.mark.parametrize(("xml", "expected"), TEXTS)
def test_inline_elements_become_plain_text(xml: str, expected: str) -> None:
    read_text = read(xml)

    assert read_text.text() == expected
    assert read_text.findings == []
    assert read_text.added == 0
    assert read_text.nested == []


@pytest.mark.parametrize(
    ("xml", "italic"),
    [
        ("(a) <I>Scope.</I> Each", ["Scope."]),
        ('(a) <E T="03">Scope.</E> Each', ["Scope."]),
        ("(a) <em>Scope.</em> Each", ["Scope."]),
        ("(<I>1</I>) Each", ["1"]),
        ("(a) \n<I> Scope.</I> Each", ["Scope."]),
        ("<I>One</I> and <I>two</I>", ["One", "two"]),
        ('<I>x<AC T="8"/></I> is', ["x̄"]),
        ("<I>CO<sub>2</sub></I> is", ["CO₂"]),
        ("1<FR>1/2</FR> <I>inches</I>", ["inches"]),
        # a fraction set with raised and lowered figures before the italics
        ("2<sup>1</sup>⁄<sub>2</sub> <I>inches</I> long", ["inches"]),
        ("<I></I>Each", []),
        ("<B>Each</B>", []),
    ],
)
def test_italic_spans_are_characters_of_the_text(xml: str, italic: list[str]) -> None:
    read_text = read(xml)

    text = read_text.text()
    assert [text[start:end] for start, end in read_text.italics] == italic


@pytest.mark.parametrize(
    ("xml", "marks"),
    [
        ("word<SU>1</SU><FTREF/> goes", ["1"]),
        ("word \n<SU>a</SU>\n<FTREF/>", ["a"]),
        ("one<SU>1</SU><FTREF/> two<SU>2</SU><FTREF/>", ["1", "2"]),
        # a raised figure that refers to nothing is no mark
        ("6 m<SU>2</SU>", []),
        ("word<FTREF/>", []),
        ("6 m<SU>2</SU> word<SU>1</SU><FTREF/>", ["1"]),
    ],
)
def test_a_raised_figure_before_ftref_is_the_mark_of_a_footnote(xml: str, marks: list[str]) -> None:
    assert read(xml).marks == marks


@pytest.mark.parametrize(
    ("xml", "expected", "count"),
    [
        # 10 CFR 50.61; interface.md: markup inside a block does not split words
        ('RT<E T="54">NDT</E> means', "RT_NDT means", 2),
        ('10<E T="51">Q</E> is', "10^Q is", 2),
        ("e<SU>0.5 x</SU>y", "e^{0.5 x}y", 3),  # e0, 5, xy
        ('<E T="54">NDT</E> means', "_NDT means", 2),
        ('the <E T="54">NDT</E> means', "the _NDT means", 3),
    ],
)
def test_a_mark_for_what_unicode_cannot_raise_or_lower_parts_no_word(
    xml: str, expected: str, count: int
) -> None:
    read_text = read(xml)

    assert read_text.text() == expected
    assert count_words(expected) - read_text.added == count


def test_a_picture_is_a_mark_in_the_text_and_its_words_are_added() -> None:
    read_text = read('See <img src="/graphics/er17au22.015.gif"/> here')

    assert read_text.text() == "See [image: er17au22.015.gif] here"
    assert read_text.added == 4  # image, er17au22, 015, gif
    assert count_words(read_text.text()) - read_text.added == 2


def test_a_picture_without_a_name_is_marked_all_the_same() -> None:
    assert image_mark(etree.fromstring("<img/>")) == "[image: unnamed]"
    assert image_mark(etree.fromstring('<img src="a/b.gif"/>'), "formula") == "[formula: b.gif]"


def test_a_block_inside_a_paragraph_is_kept_for_later_and_parts_the_words_around_it() -> None:
    # 18 CFR 101 has headings within paragraphs
    read_text = read("before<HD1>Heading</HD1>after")

    text = read_text.text()
    assert text.split() == ["before", "after"]
    assert [child.tag for _, child in read_text.nested] == ["HD1"]
    assert [text[:at].strip() for at, _ in read_text.nested] == ["before"]


def test_an_unknown_element_keeps_its_text_and_gives_a_finding() -> None:
    read_text = read("Each <NEW>new</NEW> lantern")

    assert read_text.text() == "Each new lantern"
    assert [(f.code, f.severity) for f in read_text.findings] == [("unknown-element", "warning")]


def test_an_unknown_emphasis_keeps_its_text_and_gives_a_finding() -> None:
    read_text = read('Each <E T="99">new</E> lantern')

    assert read_text.text() == "Each new lantern"
    assert [(f.code, f.severity) for f in read_text.findings] == [("unknown-emphasis", "info")]


def test_an_accent_of_no_meaning_gives_a_finding() -> None:
    read_text = read('cafe<AC T="0"/>')

    assert read_text.text() == "cafe"
    assert [(f.code, f.severity) for f in read_text.findings] == [("unknown-accent", "warning")]


def test_no_element_is_inline_and_a_block_at_once() -> None:
    assert not INLINE.keys() & NESTED_BLOCKS


@pytest.mark.parametrize(
    ("xml", "expected"),
    [
        ("<P>Each lantern.</P>", "Each lantern."),
        ("<P> Each\n lantern. \n</P>", "Each lantern."),
        ("<P/>", ""),
        ("<P>Each <I>new</I></P>", None),
    ],
)
def test_the_text_of_an_element_without_children_is_read_at_once(
    xml: str, expected: str | None
) -> None:
    element = etree.fromstring(xml)

    assert plain_text(element) == expected
    if expected is not None:
        assert inline_text(element).text() == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2¹⁄₂ cups", "2 1/2 cups"),
        ("¹⁄₂ cup", "1/2 cup"),
        ("(¹⁄₃)", "(1/3)"),
        ("10¹¹⁄₁₆ and 1¹⁄₂", "10 11/16 and 1 1/2"),
        ("a⁄b", "a⁄b"),
        ("m² and CO₂", "m² and CO₂"),
    ],
)
def test_a_fraction_of_raised_and_lowered_figures_is_set_on_one_line(
    text: str, expected: str
) -> None:
    assert unstack(text) == expected


inline = st.recursive(
    st.sampled_from(["one ", " two", "three", "(1)", " ", "5", "—"]),
    lambda inner: st.builds(
        "<{0}>{1}</{0}>".format,
        st.sampled_from(["I", "B", "em", "strong", "a", "span"]),
        st.lists(inner, max_size=3).map("".join),
    ),
    max_leaves=8,
)


@STEADY
@given(st.lists(inline, max_size=5).map("".join))
def test_type_styles_change_no_character_but_runs_of_space(xml: str) -> None:
    element = etree.fromstring(f"<P>{xml}</P>")

    read_text = inline_text(element)

    assert read_text.text() == " ".join("".join(map(str, element.itertext())).split())
    assert read_text.length == sum(map(len, read_text.parts))
