from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pdf_bytes import pages, words

from tribonian.ingest.readers.pdf import read_pdf
from tribonian.ingest.readers.pdf_letters import is_doubtful
from tribonian.ingest.record import Reading
from tribonian.schemas.tree import grow

LAMPS = "The keeper of the lamp writes into the book of the house which lamps were lit and when. "
SHIFTED = str.maketrans({chr(at): chr(at - 29) for at in range(62, 123)})


@pytest.mark.parametrize(
    "text",
    [
        (LAMPS * 6).translate(SHIFTED),
        " ".join((LAMPS * 6).translate(SHIFTED).replace(" ", "")),
        "\x03\x11\x12\x13 \x14\x15\x16\x17\x18 " * 20,
        "\ue001\ue002\ue003\ue004 \ufffd\ufffd\ufffd " * 20,
    ],
)
def test_letters_that_make_no_words_are_doubtful(text: str) -> None:
    assert is_doubtful(text)


@pytest.mark.parametrize(
    "text",
    [
        LAMPS * 6,
        LAMPS.upper() * 6,
        " ".join(LAMPS * 6),
        "Laternenwärter schreiben in das Buch, welche Laternen brannten und wann. " * 6,
        "Latarnik zapisuje w księdze domu, które lampy świeciły i przez jaki czas. " * 6,
        "Lampunvartija kirjoittaa talon kirjaan, mitkä lamput syttyivät ja milloin. " * 6,
        "Смотритель записывает в книгу дома, какие лампы горели и когда. " * 6,
        "管理人は、どの灯りがいつともされたかを家の帳簿に記す。" * 12,
        "| 12.5 | 3,400 | mg/L | CFR | 0.02 | kPa | n/a |\n" * 40,
        "x² + bₙ = Σ (xᵢ − m)² / n, where n > 3 and h = k · T " * 20,
        "• • • • • \uf0b7 \uf0b7 " * 60,
        "GHJK-1200 and QRT-44",  # too few letters to tell
        "",
    ],
)
def test_other_languages_tables_and_formulas_are_not(text: str) -> None:
    assert not is_doubtful(text)


@given(st.text(max_size=300))
def test_any_text_is_judged(text: str) -> None:
    assert is_doubtful(text) in (True, False)


def test_a_font_without_its_letters_is_named_with_its_first_page() -> None:
    sound = words(*((72, 700 - 12 * at, LAMPS.strip()) for at in range(6)))
    dark = LAMPS.strip().translate(SHIFTED).replace("\\", "/").replace("(", "[").replace(")", "]")
    wrong = words(*((72, 700 - 12 * at, dark) for at in range(6)), font="B")
    reading = Reading()
    root = grow(read_pdf(io.BytesIO(pages(sound, wrong)), reading))
    (finding,) = [each for each in reading.findings if each.code == "text-doubtful"]
    assert finding.locator == "page 2"
    assert "Helvetica-Bold" in finding.message
    assert reading.words == root.total_words()


def test_a_sound_file_has_no_such_finding() -> None:
    sound = words(*((72, 700 - 12 * at, LAMPS.strip()) for at in range(6)))
    reading = Reading()
    grow(read_pdf(io.BytesIO(pages(sound)), reading))
    assert not reading.findings
