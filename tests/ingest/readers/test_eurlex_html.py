"""EUR-Lex pages: acts of the Union as published, consolidated, and of the time before classes."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tribonian.errors import DocumentError
from tribonian.ingest.readers.eurlex_html import read_eurlex_html
from tribonian.ingest.record import Reading
from tribonian.schemas.tree import Node, grow

Outline = Callable[[Iterable[Node]], str]

TITLE = (
    '<p class="oj-doc-ti">REGULATION (EU) 2099/9 OF THE COUNCIL</p>'
    '<p class="oj-doc-ti">on lanterns (Lantern Act)</p>'
)


def read(body: str, title: str = TITLE) -> tuple[Node, Reading]:
    reading = Reading()
    html = f"<html><head><title>x</title></head><body>{title}{body}</body></html>"
    tree = grow(read_eurlex_html(io.BytesIO(html.encode()), reading))
    assert reading.words == tree.total_words()
    return tree, reading


def p(text: str, name: str = "oj-normal") -> str:
    return f'<p class="{name}">{text}</p>'


def point(number: str, inner: str, before: str = "") -> str:
    """A point as the page sets it: a table of a number and its text."""
    return (
        f'<table width="100%" border="0"><col/><col/><tbody><tr>{before}'
        f"<td>{p(number)}</td><td>{inner}</td></tr></tbody></table>"
    )


def article(number: str, inner: str, title: str = "Light") -> str:
    return (
        f'<div class="eli-subdivision" id="art_{number}">{p(f"Article {number}", "oj-ti-art")}'
        f'<div class="eli-title">{p(title, "oj-sti-art")}</div>{inner}</div>'
    )


def law(tree: Node) -> tuple[Node, ...]:
    return tree.children[1:]  # without the second line of the title


def test_points_set_in_tables_nest_in_their_paragraph_and_are_cited(outline: Outline) -> None:
    inner = p("oil which is") + point("(i)", p("whale oil, or")) + point("(ii)", p("seal oil;"))
    tree, reading = read(
        article(
            "6",
            f'<div id="006.001">{p("1.   A lantern burns:")}{point("(a)", inner)}'
            f"{point('(b)', p('gas.'))}{p('Point (b) is new.')}</div>"
            f'<div id="006.002">{p("2.   It shines.")}</div>',
        )
    )
    assert outline(law(tree)) == (
        "section Article 6 [Light]\n"
        "  paragraph 1. A lantern burns:\n"
        "    paragraph (a) oil which is\n"
        "      paragraph (i) whale oil, or\n"
        "      paragraph (ii) seal oil;\n"
        "    paragraph (b) gas.\n"
        "    paragraph Point (b) is new.\n"
        "  paragraph 2. It shines."
    )
    assert [n.citation for n in tree.walk() if n.designator] == [
        f"Regulation (EU) 2099/9, Article 6{path}"
        for path in ("", "(1)", "(1)(a)", "(1)(a)(i)", "(1)(a)(ii)", "(1)(b)", "(2)")
    ]
    assert tree.citation == "Regulation (EU) 2099/9"
    assert reading.heading == "Regulation (EU) 2099/9 (Lantern Act)"
    assert (reading.sections, reading.as_of, reading.cites_cfr) == (1, None, False)
    assert reading.findings == []


def test_each_whereas_has_the_recitals_that_follow_it(outline: Outline) -> None:
    tree, _ = read(
        p("Whereas:") + point("(1)", p("Light is useful.")) + p("THE COUNCIL,")
        + p("Whereas:") + point("(2)", p("Dark is not.")) + article("1", p("Lit."))
    )  # fmt: skip
    assert outline(law(tree)[:1]) == (
        "subject-group [Preamble]\n"
        "  heading [Whereas:]\n"
        "    recital (1) Light is useful.\n"
        "  paragraph THE COUNCIL,\n"
        "  heading [Whereas:]\n"
        "    recital (2) Dark is not."
    )


def test_a_picture_in_the_first_line_of_the_title_adds_no_word() -> None:
    tree, reading = read("", title='<p class="oj-doc-ti"><img src="flag.gif"/>COUNCIL ACT</p>')

    assert tree.heading == "[image: flag.gif] COUNCIL ACT"
    assert (reading.words, tree.total_words()) == (2, 2)


def test_citations_recitals_and_enacting_words_are_the_preamble(outline: Outline) -> None:
    recital = "Light is useful <a id='ntc1' href='#ntr1'>(<span class='oj-super oj-note-tag'>1"
    tree, _ = read(
        '<div id="pbl_1">' + p("THE COUNCIL,") + p("Having regard to the Treaty,") + p("Whereas:")
        + point("(1)", p(f"{recital}</span>)</a>.")) + point("(2)", p("Dark is not."))
        + p("HAS ADOPTED THIS REGULATION:") + "</div>" + article("1", p("Be lit."))
        + "<hr/><p class='oj-note'><a id='ntr1' href='#ntc1'>(<span class='oj-super'>1</span>)</a>"
        "  OJ L 1.</p>"
    )  # fmt: skip
    assert outline(law(tree)) == (
        "subject-group [Preamble]\n"
        "  paragraph THE COUNCIL,\n"
        "  paragraph Having regard to the Treaty,\n"
        "  heading [Whereas:]\n"
        "    recital (1) Light is useful (1).\n"
        "      footnote (1) OJ L 1.\n"
        "    recital (2) Dark is not.\n"
        "  paragraph HAS ADOPTED THIS REGULATION:\n"
        "section Article 1 [Light]\n"
        "  paragraph Be lit."
    )
    recitals = [n.citation for n in tree.walk() if n.kind == "recital"]
    assert recitals == [f"Regulation (EU) 2099/9, recital {n}" for n in (1, 2)]
    assert tree.children[1].added == 1  # no page prints the word


def test_the_larger_units_nest_by_their_words_with_or_without_divisions(outline: Outline) -> None:
    def unit(number: str, title: str) -> str:
        return p(number, "ti-section-1") + p(title, "ti-section-2")

    tree, _ = read(
        unit("TITLE I", "LAMPS") + unit("CHAPTER 1", "OIL") + unit("Section 1", "Whales")
        + article("1", p("One.")) + unit("Section 2", "Seals") + article("2", p("Two."))
        + unit("CHAPTER 2", "GAS") + article("3", p("Three.")) + unit("TITLE II", "END")
        + article("4", p("Four."))
    )  # fmt: skip
    assert outline(law(tree)) == (
        "title TITLE I [LAMPS]\n"
        "  chapter CHAPTER 1 [OIL]\n"
        "    subchapter Section 1 [Whales]\n"
        "      section Article 1 [Light]\n"
        "        paragraph One.\n"
        "    subchapter Section 2 [Seals]\n"
        "      section Article 2 [Light]\n"
        "        paragraph Two.\n"
        "  chapter CHAPTER 2 [GAS]\n"
        "    section Article 3 [Light]\n"
        "      paragraph Three.\n"
        "title TITLE II [END]\n"
        "  section Article 4 [Light]\n"
        "    paragraph Four."
    )


def test_law_quoted_to_be_added_elsewhere_is_an_extract(outline: Outline) -> None:
    added = p("in Article 9, the following paragraph is added:") + (
        f'<div id="009.003">{p("‘3.   New light.’")}</div>;'
    )
    inserted = p("the following Article is inserted:") + p("‘Article 5a", "oj-ti-art") + p(
        "1.   First."
    ) + p("2.   Last.’.")  # fmt: skip
    tree, reading = read(
        article("8", p("Regulation (EU) 1 is amended as follows:") + point("(1)", added))
        + article("9", inserted) + article("10", p("This is own law."))
    )  # fmt: skip
    assert outline(law(tree)) == (
        "section Article 8 [Light]\n"
        "  paragraph Regulation (EU) 1 is amended as follows:\n"
        "  paragraph (1) in Article 9, the following paragraph is added:\n"
        "    extract\n"
        "      paragraph ‘3. New light.’;\n"
        "section Article 9 [Light]\n"
        "  paragraph the following Article is inserted:\n"
        "  extract\n"
        "    heading [‘Article 5a]\n"
        "      paragraph 1. First.\n"
        "      paragraph 2. Last.’.\n"
        "section Article 10 [Light]\n"
        "  paragraph This is own law."
    )
    assert reading.sections == 3


def test_an_annex_has_sections_and_points_cited_under_them(outline: Outline) -> None:
    empty = "<td/>"
    tree, _ = read(
        article("1", p("One.")) + '<div id="anx_I">' + p("ANNEX I", "oj-doc-ti")
        + p("Kinds of oil", "oj-doc-ti") + p("Section A. Whales", "oj-ti-grseq-1")
        + point("1.", p("Blue;"), empty) + point("2.", p("Grey."), empty)
        + p("Section B", "oj-ti-grseq-1") + p("Seals", "oj-ti-grseq-1")
        + point("1.", p("Ringed:") + point("(a)", p("fat."))) + "</div>"
    )  # fmt: skip
    assert outline(law(tree)[1:]) == (
        "appendix ANNEX I [Kinds of oil]\n"
        "  heading Section A [Whales]\n"
        "    paragraph 1. Blue;\n"
        "    paragraph 2. Grey.\n"
        "  heading Section B [Seals]\n"
        "    paragraph 1. Ringed:\n"
        "      paragraph (a) fat."
    )
    assert [n.citation for n in tree.walk() if n.designator == "1."] == [
        "Regulation (EU) 2099/9, Annex I, Section A, point 1",
        "Regulation (EU) 2099/9, Annex I, Section B, point 1",
    ]


def test_dotted_numbers_nest_by_their_stems(outline: Outline) -> None:
    spaced = (
        '<div class="oj-enumeration-spacing"><p style="display: inline;">2.   </p>'
        '<p style="display: inline;"><span>Set inline.</span></p></div>'
    )
    tree, _ = read(
        article("1", p("One.")) + p("ANNEX VII", "oj-doc-ti") + p("1.   Oil", "oj-ti-grseq-1")
        + p("1.1.   Of whales.") + p("1.1.1.   Blue.") + p("1.2.   Of seals.") + spaced
    )  # fmt: skip
    assert outline(law(tree)[1:]) == (
        "appendix ANNEX VII\n"
        "  paragraph 1. [Oil]\n"
        "    paragraph 1.1. Of whales.\n"
        "      paragraph 1.1.1. Blue.\n"
        "    paragraph 1.2. Of seals.\n"
        "  paragraph 2. Set inline."
    )
    assert [n.citation for n in tree.walk() if n.designator == "1.1.1."] == [
        "Regulation (EU) 2099/9, Annex VII, point 1.1.1"
    ]


def test_a_real_table_is_a_table_and_its_title_its_heading(outline: Outline) -> None:
    rows = "".join(f"<tr><td>{a}</td><td>{b}</td></tr>" for a, b in (("1", "oil"), ("2", "gas")))
    tree, _ = read(
        article("1", p("Table 1", "oj-ti-tbl") + f'<table class="oj-table">{rows}</table>')
    )
    assert outline(law(tree)[0].children) == (
        "table [Table 1] |  |  |\n| --- | --- |\n| 1 | oil |\n| 2 | gas |"
    )


def test_signatures_and_the_head_of_the_journal_stand_outside_of_the_articles(
    outline: Outline,
) -> None:
    head = '<table><tr><td><p class="oj-hd-date">1.1.2099</p></td><td>EN</td></tr></table>'
    end = (
        f'<div class="oj-final">{p("Done at Brussels.")}{p("The President", "oj-signatory")}</div>'
    )
    tree, _ = read(article("1", p("One.")) + end, head + TITLE)
    assert outline(tree.children) == (
        "metadata 1.1.2099 EN\n"
        "paragraph on lanterns (Lantern Act)\n"
        "section Article 1 [Light]\n"
        "  paragraph One.\n"
        "paragraph Done at Brussels.\n"
        "paragraph The President"
    )


def grid(number: str, inner: str) -> str:
    return (
        '<div class="grid-container grid-list"><div class="list grid-list-column-1"><span>'
        f'{number} </span></div><div class="grid-list-column-2">{inner}</div></div>'
    )


def test_a_consolidated_text_has_its_own_classes_and_a_date(outline: Outline) -> None:
    inner = grid(
        "(a)", p("oil<a href='#E1' id='src.E1'>(1)</a>;", "norm") + grid("(i)", p("seal", "norm"))
    )
    tree, reading = read(
        '<p class="modref">▼B</p><div class="eli-subdivision" id="art_1">'
        '<p class="title-article-norm">Article 1</p><div class="eli-title">'
        '<p class="stitle-article-norm">Light</p></div><div class="norm">'
        f'<span class="no-parag">1.  </span><div class="norm inline-element">'
        f"It burns:{inner}</div></div>"
        '<p class="modref">▼M1</p><p class="norm">The end.</p></div>'
        '<p class="title-annex-1">ANNEX</p><p class="title-annex-2">Oils</p>'
        '<p class="footnote"><a id="E1" href="#src.E1">(1)</a> Fat.</p></div><div>Help</div>',
        '<div>Home</div><div id="docHtml"><p class="reference">02099R0009 — EN — 04.05.2100 — '
        '001.002</p><p class="title-doc-first">REGULATION (EU) 2099/9</p>',
    )  # fmt: skip
    assert outline(tree.children) == (
        "metadata Home\n"
        "metadata 02099R0009 — EN — 04.05.2100 — 001.002\n"
        "amendment-banner ▼B\n"
        "section Article 1 [Light]\n"
        "  paragraph 1. It burns:\n"
        "    paragraph (a) oil(1);\n"
        "      footnote (1) Fat.\n"
        "      paragraph (i) seal\n"
        "  amendment-banner ▼M1\n"
        "  paragraph The end.\n"
        "appendix ANNEX [Oils]\n"
        "metadata Help"
    )
    assert reading.as_of == "2100-05-04"


def test_a_page_without_classes_is_read_by_its_words(outline: Outline) -> None:
    lines = (
        "COUNCIL DIRECTIVE 93/99/EEC on lanterns", "THE COUNCIL,", "Whereas light is useful;",
        "HAS ADOPTED THIS DIRECTIVE:", "Article 1", "Definitions", "1. Lanterns are:",
        "(a) oil lamps;", "(b) gas lamps.", "2. Others:", "- candles,", "- stars.", "ANNEX",
    )  # fmt: skip
    tree, _ = read("<TXT_TE>" + "".join(f"<p>{line}</p>" for line in lines) + "</TXT_TE>", "")
    assert outline(tree.children) == (
        "subject-group [Preamble]\n"
        "  paragraph THE COUNCIL,\n"
        "  recital Whereas light is useful;\n"
        "  paragraph HAS ADOPTED THIS DIRECTIVE:\n"
        "section Article 1 [Definitions]\n"
        "  paragraph 1. Lanterns are:\n"
        "    paragraph (a) oil lamps;\n"
        "    paragraph (b) gas lamps.\n"
        "  paragraph 2. Others:\n"
        "    paragraph - candles,\n"
        "    paragraph - stars.\n"
        "appendix ANNEX"
    )
    assert tree.citation == "Directive 93/99/EEC"


def test_a_letter_that_is_a_numeral_as_well_goes_on_with_its_list() -> None:
    def path(*numbers: str) -> list[str]:
        tree, reading = read(article("1", "".join(point(n, p("x")) for n in numbers)))
        assert reading.findings == []
        return [node.designator for node in law(tree)[0].children]

    for numbers in (("(iii)", "(iv)", "(v)", "(vi)"), ("(g)", "(h)", "(i)", "(j)"),
                    ("(ix)", "(x)", "(xi)"), ("(u)", "(v)", "(w)", "(x)")):  # fmt: skip
        assert path(*numbers) == list(numbers)


def test_a_number_out_of_order_is_a_finding() -> None:
    _, reading = read(
        article("1", point("(a)", p("x")) + point("(c)", p("y")) + point("(b)", p("z")) * 2)
    )
    assert [f.code for f in reading.findings] == ["designator-irregular", "designator-repeated"]


def test_self_closing_tags_of_xhtml_swallow_nothing(outline: Outline) -> None:
    tree, _ = read(article("1", "<span/><a id='x'/><p/>" + p("One<sup/>.") + "<td />" + p("Two.")))
    assert outline(law(tree)[0].children) == "paragraph One.\nparagraph Two."


def test_raised_figures_stay_legible() -> None:
    tree, _ = read(article("1", p('5 m<span class="oj-super">2</span> of CO<sub>2</sub>')))
    assert law(tree)[0].children[0].text == "5 m² of CO₂"


def test_deep_nesting_is_read_to_the_end_without_recursion() -> None:
    tree, _ = read(article("1", "<div>" * 5_000 + p("Deep light.") + "</div>" * 5_000))
    assert "Deep light." in law(tree)[0].children[0].text


@pytest.mark.parametrize("html", ["", "<html><body></body></html>", "<html><script>1</script>"])
def test_a_page_without_text_is_said_in_one_sentence(html: str) -> None:
    with pytest.raises(DocumentError, match="without text"):
        list(read_eurlex_html(io.BytesIO(html.encode()), Reading()))


@pytest.mark.parametrize(
    "name", ["modref", "oj-ti-tbl", "oj-ti-grseq-1", "oj-sti-art", "oj-doc-ti"]
)
def test_a_footnote_stays_whatever_refers_to_it(name: str) -> None:
    refers = p('Oil <a href="#n1">(1)</a>', name)
    note = '<p class="oj-note"><a id="n1">(1)</a> Fat.</p>'
    table = '<table class="oj-table"><tr><td>a</td><td>b</td></tr></table>'
    tree, _ = read(article("1", p("Section A", "oj-ti-grseq-1") + refers + table) + note)
    assert [node.text for node in tree.walk() if node.kind == "footnote"] == ["Fat."]


TAGS = st.sampled_from(
    ("p", "div", "table", "tr", "td", "span", "a", 'p class="oj-ti-art"', 'p class="oj-normal"',
     'p class="oj-doc-ti"', 'p class="oj-ti-section-1"', 'p class="oj-note"', "/p", "/div",
     "/table", "/tr", "/td", "/span", "/a", 'div id="001.001"', 'div class="grid-list"',
     'p class="oj-ti-grseq-1"', 'div class="oj-final"')
)  # fmt: skip
TEXTS = st.sampled_from(
    ("Article 1", "(a)", "1.", "—", "light", "‘3. New.’", "is added:", "ANNEX I", "Whereas:",
     "CHAPTER I", "(i)", "1.   One", "3.2.   Two", ";", "SECTION 2", "REGULATION (EU) 1/2")
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(TAGS.map("<{}>".format), TEXTS.map(" {} ".format)), max_size=40))
def test_no_page_loses_or_adds_a_word(pieces: list[str]) -> None:
    read("".join(pieces))  # which compares the words


def test_elements_nested_without_end_are_refused_with_one_sentence() -> None:
    with pytest.raises(DocumentError, match="nested more than 10000 deep"):
        read("<div>" * 10_001)


def test_a_mark_of_a_footnote_divides_no_word() -> None:
    note = '<p class="oj-note"><a id="n1" href="#c1">(1st edition)</a> Fat.</p>'
    tree, _ = read(article("1", p('Oil <a id="c1" href="#n1">(1)</a>')) + note)
    (found,) = (node for node in tree.walk() if node.kind == "footnote")
    assert (found.designator, found.text) == ("", "(1st edition) Fat.")
