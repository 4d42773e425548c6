"""The reader on real files: whole titles, parts, and a title in two dialects.

The files are ``../shared/corpus`` beside the repository; without them the tests are skipped.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from lxml import etree

from tribonian.ingest.reading import read_tree
from tribonian.schemas.finding import Finding
from tribonian.schemas.tree import KINDS, Document, Node

CORPUS = Path(__file__).parents[2].parent / "shared" / "corpus"
FILES = sorted(
    path.relative_to(CORPUS).as_posix()
    for folder in ("ecfr_titles", "ecfr_parts", "ecfr_bulk")
    for path in (CORPUS / folder).glob("*.xml")
)
pytestmark = pytest.mark.skipif(not FILES, reason=f"{CORPUS.name} is not beside the repository")
EACH = pytest.mark.parametrize("name", FILES or ["none"])


@cache
def read(name: str) -> tuple[Document, Node, list[Finding]]:
    return read_tree(CORPUS / name, name)


# An independent count. Whatever is not inline ends a block; <br/> is a space.
INLINE = frozenset(
    ("I", "E", "SU", "FR", "FTREF", "AC", "B", "em", "i", "strong", "b", "sup", "sub", "a", "br",
     "img")
)  # fmt: skip
WORD = re.compile(r"[^\W_]+")
# The feed breaks the line before a raised figure; "8¹⁄₂" is eight and a half.
RAISED = re.compile(rb"\n(?=<(?:SU|AC)[ >])")
STACKED = re.compile(rb"(?<=[0-9])(?=<sup>[0-9]+</sup>\xe2\x81\x84)")
# Letters that Unicode cannot raise or lower are marked, RT_NDT; a bar over a letter parts x̄ᵢ.
MARKED = re.compile(r"[_^{}\u0304]")


def blocks(name: str) -> Iterator[str]:
    """The text of every innermost block of a file, straight from its XML."""
    data = (CORPUS / name).read_bytes()
    data = STACKED.sub(b" ", RAISED.sub(b"", data)).replace(b"<br/>", b" ")
    text: list[str] = []
    for event, element in etree.iterwalk(etree.fromstring(data), events=("start", "end")):
        if element.tag not in INLINE:
            yield "".join(text)
            text.clear()
        if event == "start":
            text.append(element.text or "")
        elif element.tail:
            text.append(element.tail)
    yield "".join(text)


def words(text: str) -> list[str]:
    return WORD.findall(unicodedata.normalize("NFKC", text))


def bare(text: str) -> list[str]:
    """The words in small letters, without the marks of raised and lowered letters."""
    return words(MARKED.sub("", unicodedata.normalize("NFKC", text).lower()))


@cache
def counted(name: str) -> tuple[int, Counter[str]]:
    """The words of a file by `blocks`: how many, and each of them `bare`."""
    total = 0
    each: Counter[str] = Counter()
    for block in blocks(name):
        total += len(words(block))
        each.update(bare(block))
    return total, each


@EACH
def test_the_words_read_are_the_words_of_the_tree(name: str) -> None:
    document, root, _ = read(name)

    assert document.words > 0
    assert document.words == root.total_words()


@EACH
def test_an_independent_count_of_the_words_agrees_within_a_thousandth(name: str) -> None:
    document, _, _ = read(name)

    expected, _ = counted(name)

    assert abs(document.words - expected) <= expected / 1000


@EACH
def test_no_word_of_the_file_is_missing_from_the_tree(name: str) -> None:
    _, root, _ = read(name)
    _, want = counted(name)

    have: Counter[str] = Counter()
    for node in root.walk():
        have.update(bare(f"{node.designator}\n{node.heading}\n{node.text}"))
    missing = want - have
    assert missing == Counter()


@EACH
def test_every_element_of_the_file_is_known(name: str) -> None:
    _, root, findings = read(name)

    assert [f for f in findings if f.code.startswith("unknown")] == []
    assert [f for f in findings if f.severity == "error"] == []
    assert {node.kind for node in root.walk()} <= KINDS


@EACH
def test_sections_are_as_many_as_the_file_has(name: str) -> None:
    document, root, _ = read(name)

    # a slash or a space must follow: DIV8 and not DIV80
    many = len(re.findall(rb"<DIV8[ />]", (CORPUS / name).read_bytes()))
    assert document.sections == many
    assert sum(node.kind == "section" for node in root.walk()) == many


@EACH
def test_every_section_is_cited_and_no_two_alike(name: str) -> None:
    # facts/ecfr.md: N is unique within a title
    _, root, findings = read(name)

    cited = [node.citation for node in root.walk() if node.kind == "section"]
    assert None not in cited
    assert len(set(cited)) == len(cited)
    assert "title-unknown" not in {finding.code for finding in findings}


@EACH
def test_a_numbered_paragraph_is_cited_below_the_one_it_stands_in(name: str) -> None:
    _, root, _ = read(name)

    wrong: list[str] = []

    def check(node: Node, above: str) -> None:
        if node.kind in ("section", "appendix"):
            above = node.citation or ""
        elif node.kind == "paragraph" and node.citation is not None:
            if not node.citation.startswith(above) or node.citation == above:
                wrong.append(f"{node.citation} under {above}")
            above = node.citation
        for child in node.children:
            check(child, above)

    check(root, "")
    assert wrong == []


@pytest.mark.parametrize("name", [name for name in FILES if "titles" in name] or ["none"])
def test_a_whole_title_is_a_tree_of_one_root(name: str) -> None:
    document, root, _ = read(name)

    number = re.search(r"title-(\d+)_(\d{4}-\d\d-\d\d)", name)
    assert number is not None
    assert (root.kind, root.citation) == ("title", f"{number[1]} CFR")
    assert document.as_of == number[2]
    assert document.title.startswith(f"Title {number[1]} ")


def test_title_21_has_the_units_that_were_counted() -> None:
    # facts/ecfr.md, surprise 1: 8,425 sections, 276 parts; and its 29 reserved sections
    _, root, _ = read("ecfr_titles/title-21_2026-01-29.xml")

    kinds = Counter(node.kind for node in root.walk())
    reserved = sum(node.kind == "section" and node.heading == "[Reserved]" for node in root.walk())
    assert kinds["section"] == 8_425
    assert kinds["part"] == 276
    assert kinds["table"] == 571  # corpus/README.md
    assert reserved == 29


def test_18_cfr_101_has_no_section_and_all_its_words() -> None:
    # facts/ecfr.md, surprise 8
    document, root, findings = read("ecfr_parts/title-18_part-101_2026-01-29.xml")

    assert document.sections == 0
    assert sum(node.kind == "paragraph" for node in root.walk()) > 3_000
    assert {finding.code for finding in findings} <= {
        "designator-ambiguous", "designator-gap", "designator-irregular", "designator-repeated",
    }  # fmt: skip


def test_a_title_is_the_same_tree_in_both_its_dialects() -> None:
    # facts/ecfr.md, surprise 4: N="§ 1.1" or N="1.1", 288 sections
    def shape(node: Node) -> tuple[object, ...]:
        return (
            node.kind,
            node.designator,
            node.heading.removesuffix("--Volume 1"),
            node.text,
            node.citation,
            tuple(
                shape(child)
                for child in node.children
                if child.kind not in ("metadata", "contents")
            ),
        )

    _, api, _ = read("ecfr_titles/title-1_2026-01-29.xml")
    _, bulk, _ = read("ecfr_bulk/ECFR-title1_govinfo-bulk_2024.xml")

    assert shape(api) == shape(bulk)
    assert sum(node.kind == "section" for node in bulk.walk()) == 288


PARTS = {  # file, and the citation of the unit that was cut out of the title beside it
    "ecfr_parts/title-21_part-11_2026-01-29.xml": "21 CFR Part 11",
    "ecfr_parts/title-21_part-101_2026-01-29.xml": "21 CFR Part 101",
    "ecfr_parts/title-21_part-701_2026-01-29.xml": "21 CFR Part 701",
    "ecfr_parts/title-1_part-51_2026-01-29.xml": "1 CFR Part 51",
}


@pytest.mark.parametrize(("name", "citation"), PARTS.items())
def test_a_part_equals_the_same_part_in_its_title(name: str, citation: str) -> None:
    def shape(node: Node) -> tuple[object, ...]:
        return (
            node.kind, node.designator, node.heading, node.text, node.citation,
            tuple(shape(child) for child in node.children),
        )  # fmt: skip

    _, alone, _ = read(name)
    title = read(f"ecfr_titles/title-{citation.split()[0]}_2026-01-29.xml")[1]
    whole = next(node for node in title.walk() if node.citation == citation)

    assert shape(alone) == shape(whole)


def test_a_list_of_ninety_dotted_numbers_is_read_to_its_end() -> None:
    # 6 CFR part 5, appendix C: a number that was removed is no end of the list
    name = "ecfr_titles/title-6_2026-01-29.xml"
    appendix = etree.parse(CORPUS / name).xpath("//DIV9[@N='Appendix C to Part 5']")[0]
    printed = [
        match[1]
        for paragraph in appendix.iter("P")
        if (match := re.match(r"(\d+\.)\s", "".join(paragraph.itertext()).strip()))
    ]

    read_as = next(
        node for node in read(name)[1].walk() if node.designator == "Appendix C to Part 5"
    )

    assert printed[-1] == "90."
    assert [n.designator for n in read_as.walk() if n.designator.endswith(".")] == printed


CITED = re.compile(r"\bparagraphs? ((?:\([A-Za-z0-9]{1,5}\))+) of this section")


def test_the_paragraphs_that_the_law_cites_are_in_the_tree() -> None:
    """A second opinion on the nesting: ``paragraph (a)(1)(ii) of this section`` must be there.

    About one citation in a hundred is of a paragraph that was since removed, or stands within
    a sentence, and is found by no one.
    """
    cited = found = 0
    for name in FILES:
        if "parts/title-21" in name or "bulk" in name:
            continue  # the whole titles hold them
        for section in read(name)[1].walk():
            if section.kind != "section" or section.citation is None:
                continue
            have = {node.citation for node in section.walk()}
            for node in section.walk():
                for path in CITED.findall(f"{node.heading} {node.text}"):
                    cited += 1
                    found += f"{section.citation}{path}" in have
    assert cited > 8_000
    assert found / cited >= 0.985
