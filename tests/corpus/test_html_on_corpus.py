"""The readers of web pages on real pages.

The files are ``../shared/corpus`` beside the repository; without them the tests are skipped.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString
from selectolax.lexbor import LexborHTMLParser

from tribonian.ingest.reading import read_tree
from tribonian.schemas.tree import Node
from tribonian.schemas.words import words

CORPUS = Path(__file__).parents[2].parent / "shared" / "corpus"
ECFR = CORPUS / "ecfr_html"
CALIFORNIA = CORPUS / "world" / "ca.gov_ccpa-cpra_ccpa-cpra.html"
PAGES = [
    *sorted(ECFR.glob("*.html")),
    *sorted((CORPUS / "encodings").glob("*.html")),
    *([CALIFORNIA] if CALIFORNIA.exists() else []),
]
pytestmark = pytest.mark.skipif(not PAGES, reason=f"{CORPUS.name} is not beside the repository")

INLINE = frozenset(
    ("a", "abbr", "b", "cite", "code", "em", "font", "i", "img", "mark", "q", "s", "small", "span",
     "strike", "strong", "sub", "sup", "tt", "u", "var", "wbr")
)  # fmt: skip
UNSHOWN = frozenset(("script", "style", "template", "noscript", "head", "title", "select"))


def bare(node: Node) -> Node:
    return replace(node, locator="", children=tuple(bare(child) for child in node.children))


def independent(path: Path) -> list[str]:
    """The words a page shows, by another parser."""
    data = path.read_bytes()
    encoding = "utf-16" if "utf-16" in path.name else "cp1252" if "cp1252" in path.name else "utf-8"
    out: list[str] = []

    def visit(element: Tag) -> None:
        for child in element.children:
            if isinstance(child, Tag):
                style = str(child.get("style")).replace(" ", "")
                if child.name in UNSHOWN or "display:none" in style or "hidden" in style:
                    continue
                apart = "" if child.name in INLINE else "\n"
                out.append(apart)
                visit(child)
                out.append(apart)
            elif type(child) is NavigableString:
                out.append(str(child))

    visit(BeautifulSoup(data.decode(encoding), "lxml"))
    return words("".join(out))


def in_tree(root: Node) -> list[str]:
    return [
        word
        for node in root.walk()
        for word in words(f"{node.designator}\n{node.heading}\n{node.text}")
    ]


@pytest.mark.filterwarnings("ignore::bs4.XMLParsedAsHTMLWarning")
@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.name))
def test_every_word_that_a_page_shows_is_in_the_tree_once(path: Path) -> None:
    document, root, _ = read_tree(path, path.name)
    assert document.words == root.total_words()
    shown = Counter(independent(path))
    found = Counter(in_tree(root))
    assert not shown - found
    extra = found - shown
    if path.name.startswith("ecfr_"):  # authority and source of the part, from the page's script
        said = [n for n in root.children if n.kind in ("authority", "source")]
        extra -= Counter(word for node in said for word in in_tree(node))
    assert sum(extra.values()) == sum(node.added for node in root.walk())


def test_the_renderers_page_gives_the_tree_of_its_xml() -> None:
    page = ECFR / "part-1005.first-sections.html"
    xml = ECFR / "part-1005.first-sections.versioner.xml"
    document, root, findings = read_tree(page, page.name)
    twin, xml_root, _ = read_tree(xml, xml.name)
    assert bare(root) == bare(xml_root)
    assert document.words == twin.words
    assert document.as_of == "2023-04-19"
    assert findings == []


def test_every_id_of_a_page_is_the_path_of_its_paragraph() -> None:
    page = ECFR / "part-1005.first-sections.html"
    _, root, _ = read_tree(page, page.name)
    cited = {node.citation for node in root.walk() if node.kind == "paragraph"}
    ids = re.findall(r'<div id="p-([^"]+)"', page.read_text("utf-8"))
    assert ids
    assert {f"12 CFR {known}" for known in ids} == cited - {None}


def test_the_paragraphs_of_a_state_code_stand_as_deep_as_the_page_indents_them() -> None:
    _, root, _ = read_tree(CALIFORNIA, CALIFORNIA.name)
    depth_of = {0.0: 0, 1.0: 1, 2.5: 2, 4.0: 3, 5.5: 4}
    printed: list[tuple[str, int]] = []
    for element in LexborHTMLParser(CALIFORNIA.read_text("utf-8")).css("#manylawsections p"):
        text = " ".join(element.text().split())
        if re.match(r"\(\w{1,4}\)", text):
            margin = re.search(r"margin-left: *([\d.]+)em", element.attributes["style"] or "")
            printed.append((text[:4], depth_of[float(margin[1]) if margin else 0.0]))
    found: list[tuple[str, int]] = []

    def visit(node: Node, depth: int) -> None:
        for child in node.children:
            if child.kind == "paragraph" and child.designator:
                if not child.joined:
                    found.append((f"{child.designator} {child.text}".strip()[:4], depth))
                visit(child, depth + 1)
            else:
                visit(child, 0 if child.kind in ("section", "heading", "title", "part") else depth)

    visit(root, 0)
    assert len(printed) > 500
    assert [depth for _, depth in found] == [depth for _, depth in printed]
    assert [text[:3] for text, _ in found] == [text[:3] for text, _ in printed]


def test_the_sections_of_a_state_code_have_their_numbers_and_headings() -> None:
    _, root, _ = read_tree(CALIFORNIA, CALIFORNIA.name)
    sections = {node.designator.rstrip("."): node for node in root.walk() if node.kind == "section"}
    assert sections["1798.105"].heading == "Consumers’ Right to Delete Personal Information"
    assert sections["1798.140"].heading == "Definitions"
    source = unicodedata.normalize("NFC", CALIFORNIA.read_text("utf-8"))
    headed = re.findall(r">(1798\.[\d.]+)\.</a></h6>\s*<p[^>]*>([^(<][^<]*[^.:<\s])\s*<", source)
    assert len(headed) >= 15
    for number, heading in headed:
        assert sections[number].heading == " ".join(heading.split())
