"""Real PDFs: every word that PDFium finds is in the tree, and the tree's words add up.

The files are ``../shared/corpus`` beside the repository; without them the tests are skipped.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from pathlib import Path

import pypdfium2 as pdfium
import pytest

from tribonian.errors import DocumentError
from tribonian.ingest.readers.pdf import read_pdf
from tribonian.ingest.record import Reading
from tribonian.schemas.tree import grow

CORPUS = Path(__file__).parents[2].parent / "shared" / "corpus"
SOUND = sorted(
    path.relative_to(CORPUS).as_posix()
    for folder in ("fda_guidance", "fr")
    for path in CORPUS.glob(f"{folder}/*.pdf")
)
ODD = sorted(path.relative_to(CORPUS).as_posix() for path in CORPUS.glob("robust/pdf/**/*.pdf"))
pytestmark = pytest.mark.skipif(not SOUND, reason=f"{CORPUS.name} is not beside the repository")
LETTERS = re.compile(r"[A-Za-z]")


@pytest.mark.parametrize("name", SOUND or ["none"])
def test_every_letter_of_a_sound_file_is_in_the_tree(name: str) -> None:
    reading = Reading()
    with (CORPUS / name).open("rb") as file:
        root = grow(read_pdf(file, reading))
    assert reading.words == root.total_words() > 1000
    said: Counter[str] = Counter()
    for node in root.walk():
        text = f"{node.designator}{node.heading}{node.text}"
        said.update(LETTERS.findall(unicodedata.normalize("NFKC", text)))
    printed: Counter[str] = Counter()
    with pdfium.PdfDocument(CORPUS / name) as document:
        for page in document:
            printed.update(LETTERS.findall(page.get_textpage().get_text_range()))
            page.close()
    # a cell repeated under a span adds some
    assert sum((printed - said).values()) <= 0.001 * sum(printed.values())
    assert sum((said - printed).values()) <= 0.02 * sum(printed.values())


@pytest.mark.parametrize("name", ODD or ["none"])
def test_an_odd_file_is_read_or_refused(name: str) -> None:
    reading = Reading()
    with (CORPUS / name).open("rb") as file:
        try:
            root = grow(read_pdf(file, reading))
        except DocumentError:
            return
    assert reading.words == root.total_words()
