"""The annual CFR on real files: a volume whose markup is badly nested, and four parts.

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
from tribonian.schemas.tree import Document, Node

CORPUS = Path(__file__).parents[2].parent / "shared" / "corpus"
FILES = sorted(path.name for path in (CORPUS / "cfr_annual").glob("*.xml"))
pytestmark = pytest.mark.skipif(not FILES, reason=f"{CORPUS.name} is not beside the repository")
EACH = pytest.mark.parametrize("name", FILES or ["none"])
VOLUME = "CFR-2011-title47-vol3.xml"


@cache
def read(name: str) -> tuple[Document, Node, list[Finding]]:
    return read_tree(CORPUS / "cfr_annual" / name, name)


# An independent count: whatever is not inline ends a block, pages divide nothing.
INLINE = frozenset(("E", "SU", "FR", "FTREF", "AC", "PRTPAGE"))
WORD = re.compile(r"[^\W_]+")
RAISED = re.compile(rb"\n\s*(?=<(?:SU|AC|FTREF)[ >/])")
FRACTION = re.compile(rb"(?<=[0-9])(?=<FR>)")  # 3<FR>1/8</FR> is three and an eighth


def blocks(name: str) -> Iterator[str]:
    data = (CORPUS / "cfr_annual" / name).read_bytes()
    data = FRACTION.sub(b" ", RAISED.sub(b"", data))
    parser = etree.XMLParser(remove_pis=True, remove_comments=True)
    text: list[str] = []
    for event, element in etree.iterwalk(etree.fromstring(data, parser), events=("start", "end")):
        if element.tag not in INLINE:
            yield "".join(text)
            text.clear()
        if event == "start":
            text.append(element.text or "")
        elif element.tail:
            text.append(element.tail)
    yield "".join(text)


def bare(text: str) -> list[str]:
    """The words without the marks of letters that Unicode cannot lower: MOU_B."""
    return words(re.sub(r"[_^{}]", "", text))


def words(text: str) -> list[str]:
    return WORD.findall(unicodedata.normalize("NFKC", text).lower())


def sections(root: Node) -> list[Node]:
    return [node for node in root.walk() if node.kind == "section"]


@EACH
def test_the_words_read_are_the_words_of_the_tree_and_of_the_file(name: str) -> None:
    document, root, _ = read(name)

    assert document.words == root.total_words()
    assert document.words == sum(len(words(block)) for block in blocks(name))


@EACH
def test_no_word_of_the_file_is_missing_from_the_tree(name: str) -> None:
    _, root, _ = read(name)

    want = Counter(word for block in blocks(name) for word in bare(block))
    have = Counter(
        word
        for node in root.walk()
        for word in bare(f"{node.designator}\n{node.heading}\n{node.text}")
    )
    assert want - have == Counter()


@EACH
def test_every_element_is_known(name: str) -> None:
    _, _, findings = read(name)

    assert [finding for finding in findings if finding.code.startswith("unknown")] == []


@EACH
def test_every_section_of_a_table_of_contents_is_read_once_and_in_order(name: str) -> None:
    _, root, _ = read(name)
    tree = etree.parse(CORPUS / "cfr_annual" / name)

    listed = [
        " ".join("".join(map(str, number.itertext())).split())
        for contents in tree.iter("CONTENTS")
        for number in contents.iter("SECTNO")
    ]
    have = [section.designator.lstrip("§ ") for section in sections(root)]
    assert len(have) == len(set(have))
    assert [number for number in have if number in set(listed)] == [
        number for number in listed if number in set(have)
    ]
    assert len(set(listed) - set(have)) <= len(listed) // 50


def test_the_front_matter_says_title_and_date() -> None:
    assert [(read(name)[0].as_of, read(name)[1].citation) for name in FILES] == [
        ("2011-10-01", "47 CFR"),
        *(("2012-01-01", f"12 CFR Part {part}") for part in (1002, 1004, 1005, 1007)),
    ]


def test_parts_that_stand_within_a_note_of_another_are_parts_again() -> None:
    _, root, findings = read(VOLUME)

    parts = [node.designator for node in root.walk() if node.kind == "part"]
    assert parts == ["PARTS 40-41", *(f"PART {n}" for n in
                     (42, 43, 51, 52, 53, 54, 59, 61, 63, 64, 65, 68, 69))]  # fmt: skip
    chapter = next(node for node in root.walk() if node.kind == "chapter")
    [subchapter] = [node for node in chapter.children if node.kind == "subchapter"]
    assert [node.designator for node in subchapter.children if node.kind == "part"] == parts
    assert sum(finding.code == "unit-misplaced" for finding in findings) == 9
    # subpart H of part 61 as it was, set forth in a note to § 61.136, is no law
    removed = [node for node in root.walk() if node.kind == "revised-text"]
    assert any("Applications for Special Permission" in node.heading for node in removed)
    assert not any(section.designator == "§ 61.151" for section in sections(root))
    assert any(section.citation == "47 CFR 69.731" for section in sections(root))


def test_a_moved_unit_is_found_where_it_stood() -> None:
    _, root, _ = read(VOLUME)
    tree = etree.parse(CORPUS / "cfr_annual" / VOLUME)

    for citation in ("47 CFR 54.1", "47 CFR 54.507", "47 CFR 61.191", "47 CFR 69.731"):
        node = next(section for section in sections(root) if section.citation == citation)
        [element] = tree.xpath(node.locator)
        assert element.findtext("SECTNO") == node.designator


def test_text_unchanged_since_then_has_the_tree_of_the_ecfr() -> None:
    """Part 1005 as of 2012 and today: § 1005.1(a), § 1005.2(a) and (b)(1) are the same."""
    path = CORPUS / "ecfr_html" / "part-1005.first-sections.versioner.xml"
    if not path.exists():
        pytest.skip("the eCFR's part 1005 is not in the corpus")
    _, today, _ = read_tree(path, "title-12_part-1005.xml")
    _, then, _ = read("CFR-2012-title12-vol8-part1005.xml")

    for citation in ("12 CFR 1005.1(a)", "12 CFR 1005.2(a)", "12 CFR 1005.2(b)(1)"):
        one, other = (
            next(node for node in root.walk() if node.citation == citation)
            for root in (today, then)
        )
        assert [(n.kind, n.designator, n.heading, n.text, n.citation) for n in one.walk()] == [
            (n.kind, n.designator, n.heading, n.text, n.citation) for n in other.walk()
        ]
