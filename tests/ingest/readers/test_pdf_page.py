from __future__ import annotations

import ctypes
import io

import pypdfium2 as pdfium
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pdf_bytes import pages, rules, words

from tribonian.ingest.readers import pdf_calls as calls
from tribonian.ingest.readers.pdf_file import open_pdf
from tribonian.ingest.readers.pdf_page import read_page
from tribonian.ingest.readers.pdf_page_text import PageText
from tribonian.ingest.readers.pdf_types import Line, PdfPage
from tribonian.ingest.record import Reading


def page_of(content: bytes, about: bytes = b"") -> PdfPage:
    with open_pdf(io.BytesIO(pages(content, page=about)), Reading()) as opened:
        (found,) = [read_page(page, number, tagged=False) for number, page in opened.pages()]
    return found


def lines_of(content: bytes, about: bytes = b"") -> list[Line]:
    return page_of(content, about).lines


def shown(content: str) -> bytes:
    """One text object after another, each as it is shown."""
    return "\n".join(f"BT {each.strip()} ET" for each in content.strip().splitlines()).encode()


# Thousandths of the size, as Helvetica has them; what is not here is 556.
WIDTHS = {" ": 278, "c": 500, "f": 278, "i": 222, "j": 222, "k": 500, "l": 222, "r": 333, "s": 500}


def letter_by_letter(text: str, x: float, y: float, size: float = 10) -> bytes:
    """Each letter as an object of its own, as some programs write."""
    placed = []
    for each in text:
        if each != " ":
            placed.append((round(x, 3), y, each))
        x += WIDTHS.get(each, 556) * size / 1000
    return words(*placed, size=size)


def test_a_line_in_one_face_is_one_span_over_all_of_it() -> None:
    (line,) = lines_of(words((72, 700, "The record is kept in a dry place.")))
    assert line.text == "The record is kept in a dry place."
    (span,) = line.spans
    assert (span.start, span.end, span.rise) == (0, len(line.text), 0.0)
    assert line.face.name == "Helvetica"
    assert not line.face.bold
    assert line.base == pytest.approx(92, abs=0.5)  # from the top of a page of 792 points
    assert line.x0 == pytest.approx(72, abs=1)


@pytest.mark.parametrize(("font_size", "scale"), [(11, 1), (1, 11), (22, 0.5)])
def test_the_size_is_the_printed_one_however_the_file_scales_it(
    font_size: float, scale: float
) -> None:
    (line,) = lines_of(
        shown(f"/F {font_size} Tf {scale} 0 0 {scale} 72 700 Tm (Records are kept.) Tj")
    )
    assert line.face.size == 11.0
    assert line.base == pytest.approx(92, abs=0.5)


def test_a_change_of_font_within_a_line_is_a_span_of_its_own() -> None:
    content = shown(
        """
        /B 10 Tf 72 700 Td (Records.) Tj /F 10 Tf ( The owner keeps them for two years.) Tj
        """
    )
    (line,) = lines_of(content)
    assert line.text == "Records. The owner keeps them for two years."
    assert [(line.text[s.start : s.end], s.face.bold) for s in line.spans] == [
        ("Records.", True),
        ("The owner keeps them for two years.", False),
    ]


def test_a_raised_figure_right_behind_a_word_keeps_its_rise() -> None:
    content = shown(
        """
        /F 10 Tf 72 700 Td (The owner takes action.) Tj 6 Ts /F 6 Tf (6) Tj
        """
    )
    (line,) = lines_of(content)
    assert line.text == "The owner takes action.6"
    last = line.spans[-1]
    assert line.text[last.start : last.end] == "6"
    assert last.rise == pytest.approx(6, abs=0.3)
    assert last.face.size == 6.0


def test_a_lowered_figure_within_a_word_stands_below_the_line() -> None:
    content = shown(
        """
        /F 10 Tf 72 700 Td (Water is H) Tj -2 Ts /F 6 Tf (2) Tj 0 Ts /F 10 Tf (O and no more.) Tj
        """
    )
    (line,) = lines_of(content)
    assert line.text == "Water is H2O and no more."
    lowered = [line.text[s.start : s.end] for s in line.spans if s.rise < 0]
    assert lowered == ["2"]


def test_words_as_far_apart_as_columns_are_two_lines_on_one_base() -> None:
    content = shown("/F 10 Tf 72 700 Td [(757) -6000 (strengths of the product)] TJ")
    found = lines_of(content)
    assert [line.text for line in found] == ["757", "strengths of the product"]
    assert found[0].base == found[1].base
    assert found[1].x0 - found[0].x1 == pytest.approx(60, abs=1)


@pytest.mark.parametrize("room", [2, 6, 12])
def test_a_justified_line_with_wide_even_room_between_its_words_is_one(room: float) -> None:
    text = "The owner shall keep the record"
    found = lines_of(shown(f"/F 10 Tf {room} Tw 72 700 Td ({text}) Tj"))
    assert [line.text for line in found] == [text]


def test_letters_that_are_objects_of_their_own_are_one_line_in_one_span() -> None:
    text = "add a record of each case and file in a place"
    (line,) = lines_of(letter_by_letter(text, 72, 700))
    assert line.text == text
    assert len(line.spans) == 1


def test_a_bold_word_before_letters_that_are_objects_of_their_own_is_found() -> None:
    content = b"\n".join(
        [
            words((72, 700, "Add"), font="B"),
            letter_by_letter("a record of each case in a file", 94, 700),
        ]
    )
    (line,) = lines_of(content)
    assert line.text == "Add a record of each case in a file"
    assert [line.text[s.start : s.end] for s in line.spans if s.face.bold] == ["Add"]


def test_text_turned_against_the_page_says_by_how_much() -> None:
    content = b"\n".join(
        [
            words((72, 700, "The owner shall keep the record in good order.")),
            shown("/F 10 Tf 0 1 -1 0 40 300 Tm (Draft) Tj"),
        ]
    )
    assert {line.text: line.angle for line in lines_of(content)} == {
        "The owner shall keep the record in good order.": 0,
        "Draft": 90,
    }


@pytest.mark.parametrize(
    ("matrix", "about", "left", "base"),
    [
        ("0 1 -1 0 100 50", b"/Rotate 90", 50, 100),
        ("0 -1 1 0 100 700", b"/Rotate 270", 92, 512),
        ("-1 0 0 -1 500 100", b"/Rotate 180", 112, 100),
        ("0 1 -1 0 100 50", b"", 50, 100),  # laid on its side without saying so
        ("0 -1 1 0 100 700", b"", 92, 512),
    ],
)
def test_a_page_that_is_shown_turned_has_its_places_as_it_is_seen(
    matrix: str, about: bytes, left: float, base: float
) -> None:
    page = page_of(shown(f"/F 10 Tf {matrix} Tm (Records are kept.) Tj"), about)
    (line,) = page.lines
    assert (line.text, line.angle) == ("Records are kept.", 0)
    assert line.x0 == pytest.approx(left, abs=1)
    assert line.x1 == pytest.approx(left + 79, abs=2)
    assert line.base == pytest.approx(base, abs=1.5)
    assert (page.width, page.height) == ((612, 792) if "180" in str(about) else (792, 612))


def test_the_lines_drawn_on_a_page_are_its_rules() -> None:
    content = rules((72, 700, 272, 700)) + b"\n" + words((72, 690, "Below the line."))
    (rule,) = page_of(content).rules
    assert [rule.x0, rule.x1] == pytest.approx([72, 272], abs=1)
    assert rule.y0 == pytest.approx(92, abs=1)


def test_a_page_without_text_has_no_lines() -> None:
    assert lines_of(b"") == []


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.text("abcdefghij0123456789", min_size=1, max_size=9), min_size=1, max_size=12),
    st.booleans(),
)
def test_no_word_of_a_line_is_lost_whatever_its_objects(said: list[str], apart: bool) -> None:
    text = " ".join(said)
    content = letter_by_letter(text, 20, 700, 9) if apart else words((20, 700, text), size=5)
    found = "".join(line.text for line in lines_of(content))
    assert found.replace(" ", "").replace("-", "") == text.replace(" ", "")


def test_many_boxes_are_the_same_asked_for_at_once_or_one_by_one() -> None:
    rows = [(20.0, 780.0 - 6 * at, "the record is kept by the owner") for at in range(120)]
    document = pdfium.PdfDocument(pages(words(*rows, size=5)))
    page = PageText(document[0], 1, tagged=False)
    try:
        ats = list(range(len(page.text)))
        assert len(ats) > calls.MOST
        together = calls.boxes(page.raw, ats)
        assert len(together) == 4 * len(ats)
        for at in (0, calls.MOST - 1, calls.MOST, len(ats) - 1):
            assert together[4 * at : 4 * at + 4] == calls.boxes(page.raw, [at])
    finally:
        page.close()
        document.close()


def test_what_is_asked_of_a_character_is_its_own() -> None:
    content = shown("/F 2 Tf 5 0 0 5 72 700 Tm (Record) Tj\n/B 10 Tf 72 650 Td (Kept) Tj")
    document = pdfium.PdfDocument(pages(content))
    page = PageText(document[0], 1, tagged=False)
    try:
        kept = page.text.index("K")
        assert calls.font_size(page.raw, 0) == pytest.approx(2)
        assert calls.scale_of(page.raw, 0) == pytest.approx(5)
        assert calls.scale_of(page.raw, kept) == pytest.approx(1)
        assert calls.height_of_origin(page.raw, 0) == pytest.approx(700)
        assert calls.height_of_origin(page.raw, kept) == pytest.approx(650)
        first, last = page.objects([0, kept])
        assert first != last
        assert first == page.objects([1])[0]
        page.learn([first, last])
        assert [page.known[each][0].bold for each in (first, last)] == [False, True]
    finally:
        page.close()
        document.close()


def test_an_object_without_bounds_has_none() -> None:
    assert calls.bounds_of(calls.Pointer(ctypes.c_void_p(None).value)) is None


@pytest.mark.parametrize("scale", ["1e38", "-3e38", "99999999999999999999999999999999999999"])
def test_a_matrix_too_large_for_a_page_raises_nothing(scale: str) -> None:
    content = shown(f"/F 10 Tf {scale} 0 0 {scale} 72 700 Tm (Records are kept.) Tj")
    lines_of(content + b"\n" + words((72, 600, "Each lantern must have a handle.")))


def test_a_place_that_is_no_number_is_nought(monkeypatch: pytest.MonkeyPatch) -> None:
    values = (float("nan"), 2.0, float("inf"), 4.0)
    monkeypatch.setattr(calls, "_loose_box", lambda *_: 1)
    monkeypatch.setattr(calls, "_unpack", [None, lambda _: values])
    assert calls.boxes(ctypes.c_void_p(), [0]) == (0.0, 2.0, 0.0, 4.0)
