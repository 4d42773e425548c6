"""The eCFR's web pages as section trees equal to those of its XML."""

from __future__ import annotations

import html
import io
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from tribonian.errors import DocumentError
from tribonian.ingest.readers.ecfr_html import read_ecfr_html
from tribonian.ingest.readers.ecfr_html_ids import breaks, path_of
from tribonian.ingest.record import Reading
from tribonian.schemas.tree import Node, grow

PAREN = '<span class="paren">(</span>{}<span class="paren">)</span>'


def number(text: str) -> str:
    return f'<span class="paragraph-hierarchy">{PAREN.format(text)}</span>'


def box(path: str, inner: str) -> str:
    return f'<div id="p-{path}">{inner}</div>'


def section(body: str, number: str = "1.1", heading: str = "Lanterns.") -> str:
    meta = json.dumps({"path": f"/on/2024-05-06/title-21/section-{number}",
                       "citation": f"21 CFR {number}"})  # fmt: skip
    return (
        f'<div class="section" id="{number}">\n<h4 data-hierarchy-metadata=\'{meta}\'>'
        f"§ {number} {heading}</h4>\n{body}</div>"
    )


@dataclass
class Page:
    """A page that has been read."""

    root: Node
    reading: Reading

    @property
    def findings(self) -> list[str]:
        return [finding.code for finding in self.reading.findings]

    @property
    def outline(self) -> str:
        return "\n".join(tree(child) for child in self.root.children)

    def find(self, kind: str) -> Node:
        return next(node for node in self.root.walk() if node.kind == kind)


def tree(node: Node, depth: int = 0) -> str:
    """One line a node: kind, number, heading in brackets, text; two spaces a level."""
    heading = f"[{node.heading}]" if node.heading else ""
    said = " ".join(filter(None, (node.kind, node.designator, heading, node.text)))
    return "\n".join(["  " * depth + said, *(tree(child, depth + 1) for child in node.children)])


def read(source: str) -> Page:
    reading = Reading(name="page.html")
    root = grow(read_ecfr_html(io.BytesIO(source.encode()), reading))
    assert reading.words == root.total_words()
    return Page(root, reading)


def bare(node: Node) -> Node:
    children = tuple(bare(child) for child in node.children)
    return replace(node, locator="", children=children)


A_1 = (
    box("1.1(a)", f'<p class="indent-1">{number("a")} </p>'
        + box("1.1(a)(1)", f'<p class="indent-2">{number("1")} Oil lamps.</p>'
              + box("1.1(a)(1)(i)", f"<p>{number('i')} Whale oil:</p>"
                    + box("1.1(a)(1)(i)(A)", f"<p>{number('A')} Clear, and</p>"
                          + box("1.1(a)(1)(i)(A)(1)",
                                f"<p>{number('<em>1</em>')} Of 1 <em>gill</em>.</p>"))))
        + box("1.1(a)(2)", f'<p class="indent-2">{number("2")} Gas lamps.</p>'))
    + box("1.1(b)", f'<p>{number("b")} <em class="paragraph-heading">Wicks</em> —</p>'
          + box("1.1(b)(1)", f'<p>{number("1")} <em class="paragraph-heading">Cotton.</em>  '
                'See <a href="/x" class="cfr external">§ 1.2(a)</a>.</p>'))
    + '<p class="citation">[<a class="fr-reference">61 FR 14482</a>, Apr. 2, 1996]\n</p>'
)  # fmt: skip


def test_a_section_gives_the_tree_of_its_xml(read_xml: Callable[..., Any]) -> None:
    xml = read_xml(
        '<DIV8 N="1.1" TYPE="SECTION"><HEAD>§ 1.1 Lanterns.</HEAD>'
        "<P>(a)(1) Oil lamps.</P><P>(i) Whale oil:</P><P>(A) Clear, and</P>"
        "<P>(<I>1</I>) Of 1 <I>gill</I>.</P><P>(2) Gas lamps.</P>"
        "<P>(b) <I>Wicks</I>—(1) <I>Cotton.</I> See § 1.2(a).</P>"
        '<CITA TYPE="N">[61 FR 14482, Apr. 2, 1996]</CITA></DIV8>'
    )
    page = read(section(A_1))
    assert bare(page.root) == bare(xml.root)
    assert page.findings == []
    assert page.reading.title == "21"
    assert page.reading.as_of == "2024-05-06"


def test_a_part_has_its_authority_source_and_subparts() -> None:
    meta = html.escape('{"path":"/on/2024-05-06/title-21/part-1","citation":"21 CFR Part 1"}')
    page = read(
        f'<div class="part" id="part-1"><h1 data-hierarchy-metadata="{meta}">PART 1—LAMPS\n</h1>'
        '<div class="authority"><h4 class="inline-header">Authority:</h4>'
        '<p class="inline-paragraph"><a class="usc external">21 U.S.C. 321</a>.\n</p></div>'
        '<div class="subpart" id="subpart-A"><h2>Subpart A—General</h2>' + section("<p>Lamps.</p>")
        + "</div></div>"
    )  # fmt: skip
    assert tree(page.root) == (
        "part PART 1 [LAMPS]\n"
        "  authority [Authority:] 21 U.S.C. 321.\n"
        "  subpart Subpart A [General]\n"
        "    section § 1.1 [Lanterns.]\n"
        "      paragraph Lamps."
    )
    assert page.find("subpart").citation == "21 CFR Part 1 Subpart A"


def test_authority_of_a_lone_section_is_taken_from_the_script() -> None:
    data = {"origins": [{"label_level": "Part 1", "authority": ["<a>21 U.S.C. 321</a>.\n"],
                         "source": ["61 FR 1.\n"]}]}  # fmt: skip
    text = json.dumps(data).replace("<", "\\u003c")
    page = read(section("<p>Lamps.</p>")
                + f'<script id="source-and-authority-data">{text}</script>')  # fmt: skip
    assert tree(page.root).splitlines()[-2:] == [
        "  authority [Part 1] 21 U.S.C. 321.",
        "  source [Part 1] 61 FR 1.",
    ]


@pytest.mark.parametrize("data", ["{", "[]", '{"origins": 5}', '{"origins": [1]}'])
def test_a_damaged_script_is_passed_over(data: str) -> None:
    page = read(section("<p>Lamps.</p>")
                + f'<script id="source-and-authority-data">{data}</script>')  # fmt: skip
    assert page.root.kind == "section"


def test_the_note_above_a_lone_section_is_a_note_and_its_seal_is_the_sites() -> None:
    page = read(
        '<div class="editorial-note"><div class="box box-published"><div class="seal-block">'
        '<div class="seal-content"><h6>Editorial Note on <a>Part 1</a></h6></div></div>'
        '<div class="content-block "><h4 class="inline-header">Editorial Note:</h4>'
        '<p class="inline-paragraph">Nomenclature changes appear at 61 FR 1.</p></div></div></div>'
        + section("<p>Lamps.</p>")
    )
    assert tree(page.root) == (
        "document\n"
        "  metadata Editorial Note on Part 1\n"
        "  editorial-note [Editorial Note:]\n"
        "    paragraph Nomenclature changes appear at 61 FR 1.\n"
        "  section § 1.1 [Lanterns.]\n"
        "    paragraph Lamps."
    )


def test_a_heading_inside_the_paragraph_before_it_parts_the_comments_of_a_supplement() -> None:
    same = "Supplement-I-to-Part-1(1.)"
    page = read(
        '<div class="appendix" id="Supplement-I-to-Part-1"><h2>Supplement I to Part 1—Comments</h2>'
        f'<div id="p-{same}"><p class="indent-1" id="p-{same}">1<span class="paren">.</span> First '
        'comment.</p><p class="hd2-paragraph">1.1(b) Wicks </p></div>'
        f'<div id="p-{same}"><p class="indent-1" id="p-{same}">1<span class="paren">.</span> '
        "Second comment.</p></div></div>"
    )
    assert tree(page.root) == (
        "appendix Supplement I to Part 1 [Comments]\n"
        "  paragraph 1. First comment.\n"
        "  heading [1.1(b) Wicks]\n"
        "    paragraph 1. Second comment."
    )
    assert page.findings == []


def test_footnotes_go_to_the_paragraph_with_their_mark() -> None:
    page = read(section(
        box("1.1(a)", f"<p>{number('a')} Lamps<sup>1</sup> burn 5 m<sup>2</sup>.</p>")
        + box("1.1(b)", f"<p>{number('b')} Wicks.</p>")
        + '<div class="footnote"><p><sup>1</sup> Of any kind.</p></div>'
    ))  # fmt: skip
    assert page.outline == (
        "paragraph (a) Lamps¹ burn 5 m².\n  footnote ¹ Of any kind.\nparagraph (b) Wicks."
    )


def test_a_raised_number_set_close_to_its_note_is_parted_from_it() -> None:
    page = read(section(
        "<p>Lamps<sup>a</sup> burn.</p>"
        '<div class="footnote"><p><sup>a</sup>Of any kind.</p></div>'
    ))  # fmt: skip
    assert page.outline == "paragraph Lampsᵃ burn.\n  footnote ᵃ Of any kind."


def test_tables_pictures_and_formulas_are_nodes() -> None:
    page = read(section(
        '<div class="table-wrapper"><table><caption><p>Table 1</p></caption><thead><tr><th>Oil</th>'
        "<th>Limit</th></tr></thead><tbody><tr><td>Whale</td><td>5</td></tr></tbody></table></div>"
        '<p><img src="/graphics/er01.gif"></p>'
        '<div class="math"><img src="/graphics/ec02.gif"></div>'
    ))  # fmt: skip
    assert page.outline == (
        "table [Table 1] | Oil | Limit |\n| --- | --- |\n| Whale | 5 |\n"
        "figure [image: er01.gif]\nformula [formula: ec02.gif]"
    )


def test_an_approval_and_a_banner_are_told_by_their_words() -> None:
    page = read(section(
        "<p>Link to an amendment published at 90 FR 1234, Jan. 2, 2025.</p><p>Lamps.</p>"
        "<p>(Approved by the Office of Management and Budget under control number 1-2)</p>"
    ))  # fmt: skip
    assert [node.kind for node in page.root.children] == [
        "amendment-banner", "paragraph", "approval",
    ]  # fmt: skip


# --- the page's own nesting ---


def test_ids_say_where_a_paragraph_stands_that_its_number_leaves_open() -> None:
    paths = ["a", "b", "c", "d", "e", "f", "g", "h"]
    body = "".join(box(f"1.1({p})", f"<p>{number(p)} Lamps.</p>") for p in paths)
    body += box("1.1(h)(i)", f"<p>{number('i')} Oil.</p>")
    body += box("1.1(h)(ii)", f"<p>{number('ii')} Gas.</p>")
    page = read(section(body))
    assert page.outline.endswith(
        "paragraph (h) Lamps.\n  paragraph (i) Oil.\n  paragraph (ii) Gas."
    )


def test_an_id_that_disagrees_is_a_finding_and_is_followed_where_its_lists_are_sound() -> None:
    body = "".join(
        box(f"1.1({path})", f"<p>{number(path[-1])} Lamps.</p>")
        for path in ("a", "b", "c", "d", "e", "f", "g", "h", "h)(i")
    )
    body += box("1.1(i)", f"<p>{number('i')} <em>Gas.</em> Lamps.</p>")
    page = read(section(body))
    assert "nesting-disagreement" in page.findings or "(h)" in page.outline
    last = page.root.children[-1]
    assert (last.designator, last.heading) == ("(i)", "Gas.")
    assert last.citation == "21 CFR 1.1(i)"


def test_ids_that_come_back_or_break_off_are_not_followed() -> None:
    body = box("1.1(a)", f"<p>{number('a')} Lamps.</p>")
    body += box("1.1(c)(9)", f"<p>{number('b')} Wicks.</p>")
    page = read(section(body))
    assert page.findings == ["nesting-disagreement"]
    assert page.outline == "paragraph (a) Lamps.\nparagraph (b) Wicks."


@pytest.mark.parametrize(
    ("known", "unit", "path"),
    [("p-1005.2(b)(3)(i)(D)(1)", "1005.2", ("b", "3", "i", "D", "1")),
     ("p-301.6230(e)-1(a)", "301.6230(e)-1", ("a",)),
     ("p-1.1(a)-(c)", "1.1", ()), ("p-1.1(Applicable credits)", "1.1", ()),
     ("p-1.1", "1.1", ()), ("other", "1.1", ())],
)  # fmt: skip
def test_an_id_is_read_from_behind_the_number_of_its_section(
    known: str, unit: str, path: tuple[str, ...]
) -> None:
    assert path_of(known, unit) == path


def test_a_list_breaks_where_it_skips_or_lacks_its_head() -> None:
    assert breaks([("a",), ("a", "1"), ("a", "2"), ("b",)]) == 0
    assert breaks([("a",), ("c",)]) == 1
    assert breaks([("a", "1")]) == 1


# --- a whole page saved from the site ---

SITE = f"""<!DOCTYPE html><html><head><title>eCFR :: 21 CFR 1.1 -- Lanterns.</title></head><body>
<div class="skip-navigation"><a href="#main">Skip to content</a></div>
<header id="header"><a href="/">Code of Federal Regulations</a><form><input name="q">
<button>Search</button></form><nav><ul>
<li><a href="/">Home</a></li><li>Browse</li></ul></nav></header>
<div id="content-header"><div class="breadcrumbs"><a href="/current/title-21">Title 21</a></div>
<p>Displaying title 21, up to date as of 11/20/2026. Title 21 was last amended 11/18/2026.</p></div>
<div class="section utility"><h4>Enhanced Content</h4><button>Table of Contents</button></div>
<main id="main"><div class="content-block">
<div class="section" id="1.1"><h4 data-hierarchy-metadata='{{"path":"/current/title-21/section-1.1",
"citation":"21 CFR 1.1"}}'>§ 1.1 Lanterns.</h4>
{box("1.1(a)", f'<p>{number("a")} Lamps.<button class="permalink">Copy link</button></p>')}
<p class="citation">[61 FR 1, Jan. 2, 1996]</p></div></div></main>
<aside class="sidebar"><h5>Published Edition</h5><a href="/x">View PDF</a></aside>
<footer><p>The eCFR is updated daily.</p></footer></body></html>"""


def test_a_saved_page_is_the_law_with_the_sites_furniture_as_metadata() -> None:
    page = read(SITE)
    found = page.find("section")
    assert tree(found) == (
        "section § 1.1 [Lanterns.]\n  paragraph (a) Lamps.\n  history [61 FR 1, Jan. 2, 1996]"
    )
    kinds = {node.kind for node in page.root.children}
    assert kinds == {"metadata", "section"}
    furniture = " ".join(node.text for node in page.root.children)
    for words in ("Skip to content", "Browse", "Enhanced Content", "Table of Contents", "Copy link",
                  "View PDF", "updated daily", "Search"):  # fmt: skip
        assert words in furniture
    assert page.reading.as_of == "2026-11-20"
    assert page.reading.title == "21"


def test_a_page_of_the_site_without_law_is_read_as_any_page() -> None:
    page = read('<main data-x="ecfr.gov"><h1>About the eCFR</h1><p>It is a compilation.</p></main>')
    assert "It is a compilation." in page.outline


def test_a_page_of_another_site_that_links_to_the_ecfr_is_read_as_any_page() -> None:
    page = read(
        '<main><h1>Lamp guide</h1><p>See <a href="https://www.ecfr.gov/">the eCFR</a>.</p>'
        '<div class="section" id="12"><h2>Wicks</h2><p>Trim them.</p></div></main>'
    )
    assert "metadata" not in page.outline
    assert "See the eCFR." in page.outline


@pytest.mark.parametrize("cut", range(200, len(SITE), 97))
def test_a_page_that_breaks_off_keeps_the_words_it_has(cut: int) -> None:
    read(SITE[:cut] + " x" if "<main" not in SITE[:cut] else SITE[:cut])


def test_a_section_nested_past_reason_is_refused_in_one_sentence() -> None:
    with pytest.raises(DocumentError, match="nested"):
        read(section("<div>" * 2000 + "x"))
