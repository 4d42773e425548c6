"""Law of other countries, on real files: the Union's, the United Kingdom's and Canada's.

The files are ``../shared/corpus`` beside the repository; without them the tests are skipped.
"""

from __future__ import annotations

import io
import re
import warnings
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, NavigableString, Tag
from bs4.element import PreformattedString
from lxml import etree

from tribonian.errors import DocumentError
from tribonian.ingest.formats import decide
from tribonian.ingest.reading import read_tree
from tribonian.ingest.record import Reading
from tribonian.schemas.finding import Finding
from tribonian.schemas.tree import KINDS, Document, Node, grow
from tribonian.schemas.words import words

WORLD = Path(__file__).parents[2].parent / "shared" / "corpus" / "world"
GDPR = "europa.eu_gdpr_eu-gdpr-act.html"
AI_ACT = "europa.eu_ai-act_eu-ai-act.html"
PSTI = "gov.uk_psti-act_psti.xml"
PIPEDA = "canada.ca_pipeda_pipeda.xml"
FILES = (GDPR, AI_ACT, PSTI, PIPEDA)
pytestmark = pytest.mark.skipif(
    not all((WORLD / name).is_file() for name in FILES),
    reason="the corpus is not beside the repository",
)
EACH = pytest.mark.parametrize("name", FILES)


@cache
def read(name: str) -> tuple[Document, Node, list[Finding]]:
    return read_tree(WORLD / name, name)


def counted(root: Node) -> Counter[str]:
    return Counter(
        word
        for node in root.walk()
        for word in words(f"{node.designator}\n{node.heading}\n{node.text}")
    )


@EACH
def test_every_word_that_was_read_is_in_the_tree(name: str) -> None:
    document, root, _ = read(name)
    assert document.words == root.total_words()
    assert {node.kind for node in root.walk()} <= KINDS


# What does not end a word, read off the files without the reader's tables.
INLINE = frozenset(
    ("a", "span", "b", "i", "em", "sup", "sub", "Term", "Citation", "CitationSubRef",
     "InternalLink",
     "SmallCaps", "Emphasis", "InlineAmendment", "CommentaryRef", "XRefExternal", "DefinedTermEn",
     "DefinedTermFr", "DefinitionRef", "Repealed", "FootnoteRef")
)  # fmt: skip


def words_of_xml(path: Path) -> Counter[str]:
    parts: list[str] = []

    def walk(element: etree._Element) -> None:
        gap = "" if etree.QName(element).localname in INLINE else "\n"
        parts.append(gap + (element.text or ""))
        for child in element:
            walk(child)
        parts.append(gap + (element.tail or ""))

    walk(etree.parse(path).getroot())
    return Counter(words("".join(parts)))


def words_of_html(path: Path) -> Counter[str]:
    parts: list[str] = []

    def walk(element: Tag) -> None:
        for child in element.children:
            if isinstance(child, Tag) and child.name not in ("script", "style"):
                gap = "" if child.name in INLINE else "\n"
                parts.append(gap)
                walk(child)
                parts.append(gap)
            elif isinstance(child, NavigableString) and not isinstance(child, PreformattedString):
                parts.append(str(child))

    walk(page(path))
    return Counter(words("".join(parts)))


@cache
def page(path: Path) -> Tag:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the pages are XHTML
        body = BeautifulSoup(path.read_text(encoding="utf-8"), "lxml").body
    assert body is not None
    return body


@pytest.mark.parametrize(
    ("name", "added"),
    [
        (GDPR, {"Preamble"}),
        (AI_ACT, {"Preamble", "image", "europeanflag", "gif"}),
        (PSTI, {"a", "b", "c", "d", "e", "f"}),  # numbers of lists that the file does not print
        (PIPEDA, set()),
    ],
)
def test_an_independent_count_finds_the_same_words(name: str, added: set[str]) -> None:
    count = words_of_html if name.endswith("html") else words_of_xml
    independent, ours = count(WORLD / name), counted(read(name)[1])
    assert independent - ours == Counter()
    assert set(ours - independent) == added


@pytest.mark.parametrize("name", [GDPR, AI_ACT])
def test_the_markdown_twin_has_no_word_that_the_tree_lacks(name: str) -> None:
    twin = (WORLD / name.replace(".html", "-full.md")).read_text(encoding="utf-8")
    text = re.sub(r"\]\([^)]*\)", "]", twin).replace("\\", "")
    assert Counter(words(text)) - counted(read(name)[1]) == Counter()


def numbers(name: str, kind: str) -> list[str]:
    return [node.designator for node in read(name)[1].walk() if node.kind == kind]


@pytest.mark.parametrize(
    ("name", "articles", "recitals", "chapters", "annexes", "footnotes"),
    [(GDPR, 99, 173, 11, 0, 21), (AI_ACT, 113, 180, 13, 13, 59)],
)
def test_the_acts_have_all_their_units_in_order(
    name: str, articles: int, recitals: int, chapters: int, annexes: int, footnotes: int
) -> None:
    document, root, findings = read(name)
    assert document.sections == articles
    assert numbers(name, "section") == [f"Article {n}" for n in range(1, articles + 1)]
    assert numbers(name, "recital") == [f"({n})" for n in range(1, recitals + 1)]
    assert len(numbers(name, "chapter")) == chapters
    assert len(numbers(name, "appendix")) == annexes
    assert len(numbers(name, "footnote")) == footnotes
    assert all(node.heading for node in root.walk() if node.kind in ("section", "chapter"))
    assert findings == []


def path_in_page(cell: Tag, article: Tag) -> str:
    """The path of a point by what it stands in on the page, from the article down."""
    path = ""
    for above in cell.parents:
        if above is article:
            break
        own = str(above.get("id") or "")
        if above.name == "tr" and above is not cell.parent:
            label = above.find("td", recursive=False)
            path = (label.get_text().strip() if isinstance(label, Tag) else "") + path
        elif re.fullmatch(r"\d{3}\.\d{3}", own):
            path = f"({int(own[4:])})" + path
    return path


@pytest.mark.parametrize("name", [GDPR, AI_ACT])
def test_every_point_has_the_path_that_the_page_shows(name: str) -> None:
    cited = Counter(node.citation for node in read(name)[1].walk() if node.citation)
    act = read(name)[1].citation
    seen = 0
    for article in page(WORLD / name).find_all("div", id=re.compile(r"^art_\d+$")):
        number = str(article["id"])[4:]
        for cell in article.find_all("td"):
            label = cell.get_text().strip()
            if cell.find_previous_sibling("td") is None and re.fullmatch(r"\(\w{1,4}\)", label):
                # Article 43(1) of the AI Act has two lists, of its first and third subparagraph
                assert cited[f"{act}, Article {number}{path_in_page(cell, article)}{label}"] >= 1
                seen += 1
    assert seen > 350


def test_what_the_articles_cite_of_themselves_is_there() -> None:
    root = read(GDPR)[1]
    have = {node.citation for node in root.walk()}
    cited = {
        match[0]
        for node in root.walk()
        for match in re.finditer(r"Article \d+(?:\(\d+\))+(?! (?:of|TFEU|TEU) )", node.text)
        if node.kind == "paragraph"
    }
    lacking = {each for each in cited if f"Regulation (EU) 2016/679, {each}" not in have}
    assert len(cited) > 60
    # "Article 16(2) TFEU", and articles of the directive that is repealed
    assert len(lacking) <= 3


def test_points_of_the_law_are_where_a_lawyer_cites_them() -> None:
    texts = {node.citation: node for name in FILES for node in read(name)[1].walk()}
    for citation, start in {
        "Regulation (EU) 2016/679, Article 6(1)(f)": "processing is necessary for the purposes of",
        "Regulation (EU) 2016/679, Article 4(1)": "‘personal data’ means any information",
        "Regulation (EU) 2024/1689, Article 5(1)(h)(iii)": "the localisation or identification",
        "Regulation (EU) 2024/1689, Annex III, point 1(c)": "AI systems intended to be used for em",
        "Regulation (EU) 2024/1689, Annex VIII, Section C, point 3": "The URL of the entry of the",
        "Regulation (EU) 2024/1689, Annex VII, point 4.2(c)": "the technical documentation refer",
        "2022 c. 46, s. 5(7)(c)(ii)": "by means of a communication protocol that does not form",
        "2022 c. 46, Sch. para. 3(8)(b)": "for “have effect” substitute",
        "S.C. 2000, c. 5, s. 4(2)(c)": "any organization in respect of personal information",
        "S.C. 2000, c. 5, Schedule 1, clause 4.1.4": "Organizations shall implement policies",
    }.items():
        assert texts[citation].text.startswith(start), citation


def test_the_act_of_2022_has_its_sections_and_keeps_quoted_law_apart() -> None:
    document, root, findings = read(PSTI)
    assert numbers(PSTI, "section") == [str(n) for n in range(1, 81)]
    assert (document.as_of, document.title) == (
        "2026-04-07", "Product Security and Telecommunications Infrastructure Act 2022",
    )  # fmt: skip
    assert len(numbers(PSTI, "extract")) == 42
    assert len(numbers(PSTI, "editorial-note")) == 150
    assert not [n for e in root.walk() if e.kind == "extract" for n in e.walk() if n.citation]
    assert [finding.code for finding in findings] == ["markup-disagreement"]


def test_the_act_of_2000_has_its_sections_schedules_and_tables() -> None:
    document, _, findings = read(PIPEDA)
    assert (document.sections, document.as_of) == (71, "2025-03-17")
    assert numbers(PIPEDA, "appendix") == [f"SCHEDULE {n}" for n in range(1, 5)]
    assert numbers(PIPEDA, "part") == [f"PART {n}" for n in range(1, 7)]
    assert (len(numbers(PIPEDA, "definition")), len(numbers(PIPEDA, "table"))) == (23, 3)
    assert findings == []


@EACH
def test_a_file_that_breaks_off_is_read_or_refused_in_one_sentence(name: str) -> None:
    data = (WORLD / name).read_bytes()
    for part in range(1, 12):
        file = io.BytesIO(data[: len(data) * part // 12])
        reading = Reading(name=name)
        try:
            chosen, _ = decide(file, name)
            root = grow(chosen.read(file, reading))
        except DocumentError as error:
            assert "\n" not in str(error)
        else:
            assert reading.words == root.total_words()
