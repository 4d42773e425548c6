"""Word files as they come: each ends in a tree with all its words, or in one sentence.

The files are ``../shared/corpus`` beside the repository; without them the tests are skipped.
"""

from __future__ import annotations

import re
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import etree

from tribonian.errors import DocumentError
from tribonian.ingest.readers.office import find_office
from tribonian.ingest.reading import read_tree
from tribonian.schemas.tree import KINDS

CORPUS = Path(__file__).parents[2].parent / "shared" / "corpus"
FILES = sorted(
    path.relative_to(CORPUS).as_posix()
    for folder in ("docx", "robust/docx")
    for path in (CORPUS / folder).glob("*.docx")
)
OFFICE = sorted(
    path.relative_to(CORPUS).as_posix()
    for suffix in ("doc", "rtf", "odt")
    for path in (CORPUS / "encodings").glob(f"*.{suffix}")
)
pytestmark = pytest.mark.skipif(not FILES, reason=f"{CORPUS.name} is not beside the repository")

# --- an independent count: the letters of w:t and m:t, straight from the parts ----------------

DROPPED = frozenset(("del", "moveFrom", "Fallback", "pPrChange", "rPrChange"))
WORD = re.compile(r"[^\W_]+")
RAISED = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹ⁱᵛˣ]")


def stored(element: etree._Element) -> Iterator[str]:
    """The stored text of a part, paragraph by paragraph; of two forms the newer."""
    for paragraph in element.iter("{*}p"):
        if any(local(above) in DROPPED for above in paragraph.iterancestors()):
            continue
        text = []
        for each in paragraph.iter("{*}t", "{*}tab", "{*}br", "{*}noBreakHyphen"):
            inner = next(above for above in each.iterancestors("{*}p", "{*}r", "{*}tabs"))
            nearest = next(iter(each.iterancestors("{*}p")), None)
            if nearest is not paragraph or local(inner) == "tabs":
                continue
            if not any(local(above) in DROPPED for above in each.iterancestors()):
                text.append((each.text or "") if local(each) == "t" else " ")
        yield "".join(text)


def local(element: etree._Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def words(text: str) -> list[str]:
    return WORD.findall(unicodedata.normalize("NFKC", text))


@pytest.mark.parametrize("name", FILES or ["none"])
def test_every_word_that_is_stored_is_in_the_tree_as_often(name: str) -> None:
    with zipfile.ZipFile(CORPUS / name) as archive:
        body = etree.fromstring(archive.read("word/document.xml"))
    counted = Counter(word for text in stored(body) for word in words(text))
    try:
        _, root, _ = read_tree(CORPUS / name, name)
    except DocumentError as error:  # a picture and nothing else
        assert not counted
        assert str(error).endswith(".")
        return
    text = "\n".join(f"{n.designator}\n{n.heading}\n{n.text}" for n in root.walk())
    # the mark of a footnote, which is not stored, stands at the end of a word
    said = Counter(words(text)) | Counter(words(RAISED.sub("", text)))
    # an equation's letters are set apart by its signs; with them they are all there
    in_equations = {
        word
        for each in body.iter("{*}p")
        if each.find(".//{*}oMath") is not None
        for word in words("".join(each.itertext("{*}t")))
    }

    assert not {word: n for word, n in (counted - said).items() if word not in in_equations}


@pytest.mark.parametrize("name", FILES or ["none"])
def test_the_words_read_are_the_words_of_the_tree(name: str) -> None:
    try:
        document, root, findings = read_tree(CORPUS / name, name)
    except DocumentError as error:
        assert "no text" in str(error)
        return

    assert document.words == root.total_words()
    assert document.as_of is None
    assert {node.kind for node in root.walk()} <= KINDS
    assert not [each for each in findings if each.code == "format-mismatch"]


@pytest.mark.skipif(find_office() is None, reason="LibreOffice is not installed")
@pytest.mark.parametrize("name", OFFICE or ["none"])
def test_files_of_other_programs_end_in_a_tree_or_one_sentence(name: str) -> None:
    try:
        document, root, _ = read_tree(CORPUS / name, name)
    except DocumentError as error:
        assert str(error).endswith(".")
        assert str(error).count(". ") == 0
    else:
        assert document.words == root.total_words() > 0
