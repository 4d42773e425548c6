"""Markdown and plain text of the corpus: nothing lost, and law wrapped and joined again.

The files are ``../shared/corpus`` beside the repository; without them the tests are skipped.
"""

from __future__ import annotations

import html
import re
import textwrap
import unicodedata
from collections import Counter
from pathlib import Path

import pytest
from lxml import etree

from tribonian.ingest.encodings import decode, decode_surely
from tribonian.ingest.readers.markdown import markdown_blocks
from tribonian.ingest.readers.text import text_blocks
from tribonian.ingest.record import Reading
from tribonian.ingest.styled import Styled

CORPUS = Path(__file__).parents[2].parent / "shared" / "corpus"
MARKDOWN = sorted(CORPUS.glob("world/*.md")) + sorted(CORPUS.glob("ecfr_bulk/*.md"))
PARTS = [CORPUS / "ecfr_parts" / f"title-21_part-{n}_2026-01-29.xml" for n in (11, 111, 820)]
pytestmark = pytest.mark.skipif(not MARKDOWN, reason=f"{CORPUS.name} is not beside the repository")

WORD = re.compile(r"[^\W_]+")


def words(text: str) -> Counter[str]:
    return Counter(WORD.findall(unicodedata.normalize("NFKC", text)))


def printed(block: Styled) -> str:
    node = block.node
    return f"{node.designator}\n{node.heading}\n{node.text}" if node else block.text


def bare(text: str) -> str:
    """A Markdown text without link addresses, tags and marks, by patterns alone."""
    text = re.sub(r"```.*?```", " ", text, flags=re.DOTALL)  # which is no Markdown
    text = re.sub(r"!\[([^\]]*)\]\([^)]*\)", r" \1 ", text)
    text = re.sub(r"(\]\([^()\s]*-)\n(?=[^()\s]+\))", r"\1", text)  # an address that was wrapped
    text = re.sub(r"\]\((?:-\n|[^()\s]|\\.|\([^()]*\))*\)", "]", text)
    text = re.sub(r"<br ?/?>", " ", text)
    text = re.sub(r"</?(?:span|a|i)\b[^>]*>", "", text)
    text = html.unescape(text)
    text = re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", text)
    return re.sub(r"(?<!\w)[*_]+|[*_]+(?!\w)|\*", "", text)


@pytest.mark.parametrize("path", MARKDOWN or [Path("none")], ids=lambda path: path.name)
def test_every_word_of_a_markdown_file_is_in_its_blocks(path: Path) -> None:
    text, _ = decode(path.read_bytes())
    found = [block for block in markdown_blocks(text, Reading()) if block.kind != "extract"]
    read = words("\n".join(map(printed, found)))
    wanted = words(bare(text))
    marks = words("\n".join(re.findall(r"\[image: [^\]]*\]", "\n".join(map(printed, found)))))
    inline = words("\n".join(re.findall(r"`[^`\n]*`", text)))  # tags in code are text
    assert not wanted - read - inline
    assert not read - wanted - marks - inline


def test_the_numbered_paragraphs_of_eur_lex_are_no_tables() -> None:
    text, _ = decode((CORPUS / "world" / "europa.eu_gdpr_eu-gdpr-act-full.md").read_bytes())
    found = list(markdown_blocks(text, Reading()))
    assert sum(block.kind == "table" for block in found) == 1  # the head of the journal's page
    assert sum(bool(re.match(r"\(\d+\) ", block.text)) for block in found) >= 173
    assert [block.marks for block in found if block.kind == "footnote"] == [
        (str(number),) for number in range(1, 22)
    ]


def paragraphs(path: Path) -> list[str]:
    """Each heading and paragraph of a part, straight from its XML."""
    elements = etree.parse(path).iter("HEAD", "P", "FP", "CITA")
    texts = (" ".join("".join(map(str, each.itertext())).split()) for each in elements)
    return [text for text in texts if text]


@pytest.mark.parametrize("path", PARTS, ids=lambda path: path.stem[:17])
@pytest.mark.parametrize("width", [66, 78, 90])
def test_law_that_was_wrapped_is_joined_again(path: Path, width: int) -> None:
    given = paragraphs(path)
    wrapped = "\n\n".join(textwrap.fill(each, width, break_long_words=False) for each in given)
    joined = {block.text for block in text_blocks(wrapped)}
    assert sum(each in joined for each in given) >= len(given) - max(1, len(given) // 100)


@pytest.mark.parametrize("path", PARTS, ids=lambda path: path.stem[:17])
@pytest.mark.parametrize("between", ["\n", "\n\n"])
def test_law_that_was_pasted_has_its_paragraphs(path: Path, between: str) -> None:
    given = paragraphs(path)
    assert [printed(block) for block in text_blocks(between.join(given))] == given


ENCODED = {
    "fake-html-cp1252.html": "cp1252",
    "factbook-utf-16.xml": "utf-16",
    "fake-text-utf-16-be.txt": "utf-16-be",
    "fake-text-utf-16.txt": "utf-16",
    "fake-text-utf-32.txt": "utf-32",
    "umlauts-non-utf8.md": "cp1252",
}


@pytest.mark.parametrize(("name", "encoding"), ENCODED.items())
def test_encodings_are_told_apart(name: str, encoding: str) -> None:
    found = decode_surely((CORPUS / "encodings" / name).read_bytes())
    assert (found.encoding, found.damaged) == (encoding, 0)
    assert "\ufffd" not in found.text


@pytest.mark.parametrize("path", PARTS, ids=lambda path: path.stem[:17])
def test_law_in_windows_1252_is_read_as_such(path: Path) -> None:
    text = "\n".join(paragraphs(path)).encode("cp1252", "ignore").decode("cp1252")
    for at in range(0, len(text), 2000):
        piece = text[at : at + 2000]
        if not piece.isascii():
            assert decode(piece.encode("cp1252")) == (piece, "cp1252")
