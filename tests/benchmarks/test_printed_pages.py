"""The forms hold what the XML holds: the words, the headings, the numbers."""

from __future__ import annotations

import io
import zipfile

import pytest
from lxml import etree, html
from printed.ecfr_page import ecfr_page
from printed.numbered import numbered_word, value_of
from printed.pages import Form, body

from tribonian.schemas.tree import Node

PART = etree.fromstring("""<DIV5 N="5" TYPE="PART"><HEAD>PART 5—LANTERNS
</HEAD><AUTH><HED>Authority:</HED><PSPACE>99 U.S.C. 1.</PSPACE></AUTH>
<DIV8 N="5.1" TYPE="SECTION"><HEAD>§ 5.1   Scope.</HEAD>
<P>(a)(1) A <I>lantern</I> of 1
<FR>1/2</FR> kg &amp; less
<SU>1</SU><FTREF/>.
</P><P>(2) Another.
</P><P>(b) CO<E T="52">2</E>.
</P><FTNT><P><SU>1</SU> Not a lamp.</P></FTNT>
<CITA>[84 FR 1, Jan. 2, 2019]</CITA></DIV8></DIV5>""")


def paragraph(number: str, place: int, *children: Node, joined: bool = False) -> Node:
    return Node("paragraph", number, locator=f"//DIV8[@N='5.1']/P[{place}]", joined=joined,
                children=children)  # fmt: skip


TREE = Node(
    "part",
    children=(
        Node(
            "section",
            "§ 5.1",
            children=(
                paragraph("(a)", 1, paragraph("(1)", 1, joined=True), paragraph("(2)", 2)),
                paragraph("(b)", 3),
            ),
        ),
    ),
)


def lines(form: Form) -> list[str]:
    page = html.fromstring(f"<div>{body(PART, form)}</div>")
    return [each.text_content() for each in page.iter("h1", "h2", "h3", "h4", "p")]


def test_the_page_has_every_line_once_and_in_order() -> None:
    assert lines(Form()) == [
        "PART 5—LANTERNS",
        "Authority: 99 U.S.C. 1.",
        "§ 5.1 Scope.",
        "(a)(1) A lantern of 1 1/2 kg & less1.",
        "(2) Another.",
        "(b) CO2.",
        "1 Not a lamp.",
        "[84 FR 1, Jan. 2, 2019]",
    ]


def test_a_form_changes_how_a_heading_is_written_and_nothing_else() -> None:
    assert "Sec. 5.1 Scope." in lines(Form(sign="Sec"))
    split = lines(Form(split=True))
    assert split[split.index("§ 5.1") + 1] == "Scope."
    assert "h4" not in body(PART, Form(tagged=False)).replace('class="h h4', "")


def test_the_contents_come_before_the_law() -> None:
    assert lines(Form(contents="headings"))[:4] == [
        "Contents",
        "PART 5—LANTERNS",
        "§ 5.1 Scope.",
        "PART 5—LANTERNS",
    ]


def test_the_web_site_s_dialect_nests_what_one_paragraph_opens() -> None:
    page = html.fromstring(ecfr_page(PART, TREE, "99", "2025-11-03"))
    ids = [each.get("id") for each in page.iter("div") if each.get("id", "").startswith("p-")]
    assert ids == ["p-5.1(a)", "p-5.1(a)(1)", "p-5.1(a)(2)", "p-5.1(b)"]
    inner = page.xpath("//div[@id='p-5.1(a)(1)']")[0]
    assert inner.getparent().get("id") == "p-5.1(a)"
    assert page.xpath("//p[@class='citation']")[0].getparent().get("class") == "section"


def test_automatic_numbers_are_not_in_the_text() -> None:
    with zipfile.ZipFile(io.BytesIO(numbered_word(PART, TREE))) as word:
        document = etree.fromstring(word.read("word/document.xml"))
        numbering = word.read("word/numbering.xml").decode()
    space = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    found = []
    for each in document.iter(f"{space}p"):
        text = "".join(run.text or "" for run in each.iter(f"{space}t"))
        level = each.find(f".//{space}ilvl")
        found.append((None if level is None else level.get(f"{space}val"), text))
    assert found[3:6] == [
        ("0", "(1) A lantern of 1 1/2 kg & less1."),
        ("1", "Another."),
        ("0", "CO2."),
    ]
    # (2) follows a (1) that was typed, so that its list begins with 2
    assert '<w:lvlOverride w:ilvl="1"><w:startOverride w:val="2"/>' in numbering


@pytest.mark.parametrize(
    ("level", "text", "value"),
    [
        (0, "a", 1), (0, "z", 26), (0, "aa", 27), (0, "ab", None), (0, "A", None),
        (1, "12", 12), (1, "a", None), (2, "iv", 4), (2, "iiii", None), (3, "B", 2),
    ],
)  # fmt: skip
def test_a_printed_number_has_a_value_at_a_level_or_word_cannot_print_it(
    level: int, text: str, value: int | None
) -> None:
    assert value_of(level, text) == value
