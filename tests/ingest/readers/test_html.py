"""Any web page of law as a section tree."""

from __future__ import annotations

import io

import pytest

from tribonian.errors import DocumentError
from tribonian.ingest.readers.html import read_html
from tribonian.ingest.readers.html_blocks import Run, runs
from tribonian.ingest.readers.html_lists import print_number
from tribonian.ingest.readers.html_page import MAX_NESTING, declared_encoding, nesting, parse_page
from tribonian.ingest.record import Reading
from tribonian.schemas.tree import Node, grow


def shown(html: str) -> list[Run]:
    page = parse_page(html)
    return list(runs(page.body, page.sheet))


def texts(html: str) -> list[str]:
    return [run.text or (run.node.text if run.node else "") for run in shown(html)]


def read(html: str | bytes) -> tuple[Node, Reading]:
    reading = Reading(name="page.html")
    data = html.encode() if isinstance(html, str) else html
    root = grow(read_html(io.BytesIO(data), reading))
    assert reading.words == root.total_words()
    return root, reading


def of_kind(root: Node, kind: str) -> list[str]:
    return [
        " ".join(filter(None, (node.designator, node.heading, node.text)))
        for node in root.walk()
        if node.kind == kind
    ]


def law(root: Node) -> str:
    said = [
        " ".join(filter(None, (node.designator, node.heading, node.text)))
        for node in root.walk()
        if node.kind not in ("metadata", "contents")
    ]
    return "\n".join(line for line in said if line)


# --- what a browser shows, one block below the other ---


@pytest.mark.parametrize(
    ("html", "blocks"),
    [
        ("<p>One.<p>Two.", ["One.", "Two."]),
        ("loose <b>text</b><p>Two.</p>tail", ["loose text", "Two.", "tail"]),
        ("<ol><li>One<li>Two</ol>", ["1. One", "2. Two"]),
        ("<ol type=a start=3><li>One<li value=7>Two<li>Three</ol>",
         ["c. One", "g. Two", "h. Three"]),
        ("<ol type=I><li>One<ol type=i><li>Inner</ol><li>Two</ol>",
         ["I. One", "i. Inner", "II. Two"]),
        ("<ol reversed><li>x<li>y</ol>", ["2. x", "1. y"]),
        ('<ol style="list-style-type:upper-alpha"><li>x</ol>', ["A. x"]),
        ('<ol style="list-style:none"><li>x</ol>', ["x"]),
        ("<style>ol.l{list-style-type:lower-alpha}</style><ol class=l><li>x</ol>", ["a. x"]),
        ("<ol><li>(a) One<li>(b) Two</ol>", ["(a) One", "(b) Two"]),  # numbers of their own
        ("<ul><li>One<li>Two</ul>", ["One", "Two"]),
        ("<ol><li><p>One</p><p>More</p></ol>", ["1. One", "More"]),
        ("<p>(a) Lamps.<br><br>(b) Wicks.</p>", ["(a) Lamps.", "(b) Wicks."]),
        ("<p>(a) Lamps.<br>(b) Wicks.</p>", ["(a) Lamps.", "(b) Wicks."]),
        ("<p>1 Lamp Street<br>Oilville</p>", ["1 Lamp Street Oilville"]),
        ("<h2>PART 4<br>LAMPS</h2>", ["PART 4 LAMPS"]),
        ("<div><span>(a)</span><div>Lamps burn.</div></div>", ["(a) Lamps burn."]),
        ("<table role=presentation><tr><td>(a)<td>Lamps.<tr><td>(b)<td><p>Wicks.</p></table>",
         ["(a) Lamps.", "(b) Wicks."]),
        ("<table><tr><td>(a)<td>Lamps must be lit at dusk.<tr><td><td>And so on.</table>",
         ["(a) Lamps must be lit at dusk.", "And so on."]),
        ("<table><tr><td><h2>Lamps</h2><p>Text.</p></td></tr></table>", ["Lamps", "Text."]),
        ("<dl><dt>(a)<dd>Lamps.<dt>Wick<dd>means a cord.</dl>",
         ["(a) Lamps.", "Wick", "means a cord."]),
        ("<div><b>(a)</b><b> Oil</b><div>Lamps burn.</div></div>", ["(a) Oil Lamps burn."]),
        ("<b>Bold <p>block</p> rest</b>", ["Bold", "block", "rest"]),
        ("<p>shown<template>no</template><noscript>no</noscript></p>", ["shown"]),
    ],
)  # fmt: skip
def test_blocks_are_those_that_a_browser_shows(html: str, blocks: list[str]) -> None:
    assert texts(html) == blocks


def test_bold_type_goes_on_into_a_block_that_begins_inside_it() -> None:
    assert [run.bolds for run in shown("<b>Bold <p>block</p></b>rest")] == [
        ((0, 4),), ((0, 5),), (),
    ]  # fmt: skip


def test_a_heading_set_beside_its_title_is_one_line_with_it() -> None:
    html = (
        '<div><h6 style="float:left"><a href="#">12.100.</a></h6> '
        '<p style="display:inline">Duties of lamplighters</p><p style="clear:both"></p>'
        '<p style="display:inline">(a) Lamps must be lit.</p></div>'
    )
    assert [(run.text, run.level) for run in shown(html)] == [
        ("12.100. Duties of lamplighters", 6), ("(a) Lamps must be lit.", 0),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text", ["(a) Lamps must be lit.", "This title shall be read widely.", "Lamplighters shall:"]
)
def test_a_section_number_beside_its_text_stays_a_heading_by_itself(text: str) -> None:
    html = f'<div><h6 style="float:left">12.105.</h6><p style="display:inline">{text}</p></div>'
    assert [(run.text, run.level) for run in shown(html)] == [("12.105.", 6), (text, 0)]


def test_a_table_of_data_is_a_node_with_its_spans_resolved() -> None:
    html = (
        "<table><caption>Table 1</caption><tr><th>Oil<th>Limit"
        "<tr><td rowspan=2>Whale<td>5<tr><td>6 m<sup>2</sup></table>"
    )
    node = shown(html)[0].node
    assert node is not None
    assert (node.heading, node.text) == (
        "Table 1", "| Oil | Limit |\n| --- | --- |\n| Whale | 5 |\n| Whale | 6 m² |",
    )  # fmt: skip
    assert node.added == 1


@pytest.mark.parametrize(
    ("number", "style", "printed"),
    [(27, "lower-alpha", "aa"), (4, "upper-roman", "IV"), (0, "lower-alpha", "0"),
     (7, "decimal-leading-zero", "07"), (5000, "lower-roman", "5000")],
)  # fmt: skip
def test_numbers_of_lists_are_printed_as_css_says(number: int, style: str, printed: str) -> None:
    assert print_number(number, style) == printed


# --- the document and the site around it ---

SITE = """<!DOCTYPE html><html><head><title>Lamp Act | Lampland Laws</title></head><body>
<a class="skip-link" href="#c">Skip to content</a>
<header><a href="/">Lampland</a><nav>
<ul><li><a href="/a">Acts</a><li><a href="/b">Bills</a></ul></nav></header>
<div class="cookie-banner">We use cookies.<button>Accept</button></div>
<div class="breadcrumbs"><a href="/">Home</a> &gt; <a href="/acts">Acts</a></div>
<main id="c"><h1>Lamp Act</h1>
<h2>Section 1. Lighting.</h2><p>(a) A lamplighter must light every lamp at dusk.</p>
<p>(b) A lamplighter may rest on feast days.</p>
<aside>See also the Wick Act.</aside></main>
<footer><p>Copyright Lampland 2020</p><a href="/privacy">Privacy</a></footer></body></html>"""


def test_the_furniture_of_a_site_is_metadata_and_the_main_text_is_law() -> None:
    root, reading = read(SITE)
    furniture = " ".join(of_kind(root, "metadata"))
    for words in ("Skip to content", "Lampland", "Acts", "We use cookies", "Accept", "Home",
                  "Wick Act", "Copyright", "Privacy"):  # fmt: skip
        assert words in furniture
        assert words not in law(root)
    assert "A lamplighter must light every lamp" in law(root)
    assert "Lamp Act" in law(root)
    assert reading.heading == "Lamp Act | Lampland Laws"


@pytest.mark.parametrize(
    "wrapper",
    ["<article>{}</article>", '<div role="main">{}</div>', "<form><div>{}</div></form>",
     '<table width="100%"><tr><td>{}</td></tr></table>', "{}", '<aside>{}</aside>',
     '<div class="hidden sidebar">{}</div>'],
)  # fmt: skip
def test_the_main_text_is_found_however_it_is_wrapped(wrapper: str) -> None:
    body = "<h1>Lamp Act</h1>" + "<p>A lamplighter must light every lamp at dusk.</p>" * 9
    root, _ = read(
        '<div id="nav"><a href="/">Home</a> <a href="/x">Other acts</a></div>'
        + wrapper.format(body)
        + '<div class="footer"><a href="/p">Privacy</a></div>'
    )
    assert law(root).count("A lamplighter must light") == 9
    assert "Lamp Act" in law(root)
    assert "Privacy" in " ".join(of_kind(root, "metadata"))


def test_a_title_above_the_box_of_the_text_is_of_the_law() -> None:
    root, _ = read(
        "<body><h1>Lamp Act</h1><div><p>" + "A lamp is lit at dusk. " * 30 + "</p></div></body>"
    )
    assert "Lamp Act" in law(root)


def test_links_within_the_page_are_its_contents() -> None:
    links = "".join(f'<li><a href="#s{n}">Section {n}. Matters</a>' for n in range(1, 5))
    root, _ = read(f"<main><ul>{links}</ul><h2 id=s1>Section 1. Matters</h2><p>Lamps.</p></main>")
    assert sum("Matters" in text for text in of_kind(root, "contents")) >= 1
    assert law(root).count("Section 1") == 1


def test_a_footnote_is_found_by_the_link_to_it() -> None:
    root, _ = read(
        '<main><p>(a) Lamps<sup><a href="#fn1">1</a></sup> burn at night.</p>'
        '<p>(b) Wicks are trimmed.</p><p id="fn1">1. A lamp has a wick. '
        '<a href="#r1">↩</a></p></main>'
    )
    note = next(node for node in root.walk() if node.kind == "footnote")
    assert note.text == "A lamp has a wick."
    bearer = next(node for node in root.walk() if note in node.children)
    assert bearer.designator == "(a)"


@pytest.mark.parametrize(
    "text",
    ["(a) Lamps, as amended in 1999 (see § 5)", "[Lamps of 1999 are amended] and so [on 2000]"],
)
def test_a_paragraph_that_only_begins_with_a_bracket_is_no_history(text: str) -> None:
    assert of_kind(read(f"<main><p>Lamps.</p><p>{text}</p></main>")[0], "history") == []


def test_the_note_on_the_acts_behind_a_section_is_its_history() -> None:
    root, _ = read(
        "<main><p>(a) Lamps burn.</p><p>(Added by Stats. 1999, Ch. 5, Sec. 2.)</p></main>"
    )
    assert of_kind(root, "history") == ["(Added by Stats. 1999, Ch. 5, Sec. 2.)"]


# --- encodings ---


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("<meta charset=windows-1252><p>Café § 5 lamps".encode("cp1252"), "Café § 5 lamps"),
        ("\ufeff<p>Café lamps".encode("utf-16-le"), "Café lamps"),
        ('<?xml version="1.0" encoding="ISO-8859-1"?><html><p>Café lamps'.encode("latin-1"),
         "Café lamps"),
        ('<meta http-equiv=Content-Type content="text/html; charset=shift_jis"><p>'
         "灯火 lamps".encode("shift_jis"), "灯火 lamps"),
        ("<meta charset=utf-16><p>Café lamps".encode(), "Café lamps"),
    ],
)  # fmt: skip
def test_the_encoding_is_what_the_page_says_or_is(data: bytes, text: str) -> None:
    root, _ = read(data)
    assert text in law(root)


def test_a_declaration_in_a_comment_or_a_script_is_none() -> None:
    assert declared_encoding(b"<!-- <meta charset=big5> --><p>x") is None
    assert declared_encoding(b"<script>'<meta charset=big5>'</script><p>x") is None


def test_an_empty_element_of_xhtml_holds_nothing_of_what_follows() -> None:
    root, _ = read(
        '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><body><a id="x"/>'
        '<p>(a) Lamps<sup id="y"/> burn.</p><b/><p>(b) Wicks.</p></body></html>'
    )
    assert law(root).splitlines()[-2:] == ["(a) Lamps burn.", "(b) Wicks."]


def test_a_web_archive_is_its_page() -> None:
    root, _ = read(
        b"From: <Saved by a browser>\r\nSubject: Lamps\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/related; type="text/html"; boundary="b"\r\n\r\n--b\r\n'
        b"Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n"
        b"\r\n<h1>Lamps=20</h1><p>Caf=C3=A9 lamps burn.</p>\r\n--b--\r\n"
    )
    assert "Café lamps burn." in law(root)


# --- what is no document ---


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        ("<html><body></body></html>", "no text"),
        ("<html><body><div id=root></div><script>go()</script></body></html>", "scripts"),
        ("<title>404 Not Found</title><h1>Not Found</h1><p>Try again.</p>", "error page"),
        ("<title>Error</title><h1>503 Service Unavailable</h1>", "error page"),
        ("<title>Request Access</title><p>Please complete the CAPTCHA.</p>", "human"),
        ("<title>Lampland :: Request Access</title><p>" + "Programs are turned away. " * 40
         + "Complete the CAPTCHA below.</p>", "human"),
        ("<frameset><frame src=a.html><frame src=b.html></frameset>", "frames"),
        ("<iframe src='inner.html'></iframe>", "frames"),
    ],
)  # fmt: skip
def test_a_page_that_is_no_document_is_refused_in_one_sentence(html: str, reason: str) -> None:
    with pytest.raises(DocumentError, match=reason) as error:
        read(html)
    assert "\n" not in str(error.value)


def test_a_section_with_an_ominous_number_is_no_error_page() -> None:
    root, _ = read("<title>Section 404</title><h1>Section 404. Permits.</h1><p>(a) Lamps burn.</p>")
    assert "Lamps burn." in law(root)


def test_nesting_past_the_cap_is_refused_before_it_is_parsed() -> None:
    with pytest.raises(DocumentError, match="nested"):
        read("<div>" * (MAX_NESTING + 1) + "x")
    assert nesting("<p>a" * 50_000 + "<ul><li>x" * 3) == 3


@pytest.mark.parametrize(
    "html",
    ["<div>" * 3000 + "<p>x", "<table>" * 200 + "x", "<b><p>" * 300 + "x", "<ol>" * 900 + "<li>x",
     "<a href='#fn1'><sup>1</sup>x", "</p></div>x", "<td>x</td>", "<p style='margin:;:;;display'>x",
     "<table><tr><td colspan=99999999999 rowspan=-3>x<td>y<tr><td>z", "<style>}{}}p{x</style>x",
     "<li value=99999999999999>x", "<h1></h1><h9>x</h9>", "<pre>(a) x\n\n(b) y</pre>"],
)  # fmt: skip
def test_malformed_pages_keep_their_words(html: str) -> None:
    root, _ = read(html)
    assert "x" in law(root)
