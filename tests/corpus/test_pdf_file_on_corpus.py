"""Every damaged, odd or encrypted PDF of the corpus is opened, or refused in one sentence.

The files are ``../shared/corpus`` beside the repository; without them the tests are skipped.
"""

from __future__ import annotations

import io
import time
from pathlib import Path

import pytest

from tribonian.errors import DocumentError
from tribonian.ingest.readers.pdf_file import STAMP, open_pdf
from tribonian.ingest.record import Reading
from tribonian.schemas.finding import CODES

CORPUS = Path(__file__).parents[2].parent / "shared" / "corpus"
FILES = sorted(path.relative_to(CORPUS).as_posix() for path in CORPUS.glob("robust/pdf/**/*.pdf"))
SOUND = sorted(path.relative_to(CORPUS).as_posix() for path in CORPUS.glob("fda_guidance/*.pdf"))
pytestmark = pytest.mark.skipif(not FILES, reason=f"{CORPUS.name} is not beside the repository")


def read(data: bytes) -> tuple[list[str], Reading]:
    """What PDFium says of each page."""
    reading = Reading()
    texts = []
    with open_pdf(io.BytesIO(data), reading) as file:
        for number, page in file.pages():
            text = page.get_textpage().get_text_range()
            if len(text.split()) < STAMP:
                file.without_text(number, page, len(text.split()))
            file.beside(number, page)
            texts.append(text)
        file.note_pages()
    return texts, reading


@pytest.mark.parametrize("name", FILES or ["none"])
def test_a_damaged_file_is_read_or_refused_in_one_sentence(name: str) -> None:
    began = time.monotonic()
    try:
        _, reading = read((CORPUS / name).read_bytes())
    except DocumentError as error:
        sentence = str(error)
        assert sentence.endswith(".")
        assert "\n" not in sentence
        if "/encrypted-needs-pw/" in name:
            assert "--password" in sentence
    else:
        assert all(finding.code in CODES for finding in reading.findings)
    assert time.monotonic() - began < 60


@pytest.mark.parametrize("name", SOUND or ["none"])
@pytest.mark.parametrize("share", [0.6, 0.95])
def test_a_file_cut_off_is_read_as_far_as_it_goes(name: str, share: float) -> None:
    data = (CORPUS / name).read_bytes()
    whole = {word for text in read(data)[0] for word in text.split()}
    texts, reading = read(data[: int(share * len(data))])
    assert "file-repaired" in [finding.code for finding in reading.findings]
    words = [word for text in texts for word in text.split()]
    assert len(words) > 1000
    # some fonts have lost what says which letter a glyph is
    assert sum(word in whole for word in words) > 0.95 * len(words)
