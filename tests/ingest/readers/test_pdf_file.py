from __future__ import annotations

import io
import zlib

import pypdfium2 as pdfium
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pdf_bytes import pages, pdf, stream, words
from pypdf import PdfReader, PdfWriter

from tribonian.errors import DocumentError
from tribonian.ingest.readers import pdf_ocr
from tribonian.ingest.readers.pdf_file import PdfFile, open_pdf
from tribonian.ingest.record import Reading

LANTERNS = words((72, 700, "Lanterns shall be lit."))
TWO = pages(LANTERNS, words((72, 700, "Keys shall be kept.")))


def opened(data: bytes, password: str | None = None) -> PdfFile:
    return open_pdf(io.BytesIO(data), Reading(password=password))


def said(data: bytes, password: str | None = None) -> str:
    with opened(data, password) as file:
        return " ".join(
            " ".join(page.get_textpage().get_text_range().split()) for _, page in file.pages()
        )


def codes(file: PdfFile) -> list[str]:
    return [finding.code for finding in file.reading.findings]


def refusal(data: bytes, password: str | None = None) -> str:
    with pytest.raises(DocumentError) as caught:
        opened(data, password).document.close()
    sentence = str(caught.value)
    assert sentence.endswith(".")
    assert "\n" not in sentence
    return sentence


def test_a_sound_file_is_opened_without_findings() -> None:
    with opened(TWO) as file:
        assert len(file) == 2
        assert [number for number, _ in file.pages()] == [1, 2]
        file.note_pages()
        assert codes(file) == []
    assert said(TWO) == "Lanterns shall be lit. Keys shall be kept."


@pytest.mark.parametrize("junk", [20, 900, 5000])
def test_junk_before_the_header_is_passed_over(junk: int) -> None:
    data = b"X-Header: none\r\n".ljust(junk, b"x") + TWO
    assert said(data) == "Lanterns shall be lit. Keys shall be kept."


def test_a_file_that_is_cut_off_is_read_as_far_as_it_goes_and_says_so() -> None:
    data = TWO[: TWO.index(b"xref")]
    cut = data[: data.rindex(b"endobj") - 40]  # into the stream of the second page
    with opened(cut) as file:
        assert "file-repaired" in codes(file)
    assert said(cut).startswith("Lanterns shall be lit.")


def test_pages_are_found_when_the_page_tree_is_lost() -> None:
    from tribonian.ingest.readers.pdf_repair import repaired

    data = TWO.replace(b"<</Type/Pages/Kids[5 0 R 7 0 R]/Count 2>>", b"<</Type/Nothing>>")
    mended = repaired(data)
    assert mended is not None
    found = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(mended)).pages)
    assert found == "Lanterns shall be lit. Keys shall be kept."


@pytest.mark.parametrize("data", [b"", b"\0" * 100, b"\r\n"])
def test_an_empty_file_is_said_to_be_empty(data: bytes) -> None:
    assert refusal(data) == "It is empty."


def test_what_is_not_a_pdf_is_said_not_to_be_one() -> None:
    assert "not a PDF" in refusal(b"GIF89a, but long enough to be looked at")


def test_a_file_without_pages_is_refused() -> None:
    none = pdf([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[]/Count 0>>"])
    assert "no pages" in refusal(none)


def encrypted(user: str, owner: str) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(TWO)))
    writer.encrypt(user, owner, algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_an_encrypted_file_without_a_password_to_open_it_is_read() -> None:
    assert said(encrypted("", "owner")).startswith("Lanterns")


def test_a_password_that_is_needed_is_asked_for_by_the_option() -> None:
    sentence = refusal(encrypted("open sesame", "owner"))
    assert "a password is needed" in sentence
    assert "--password" in sentence


def test_a_wrong_password_is_told_from_a_missing_one() -> None:
    sentence = refusal(encrypted("open sesame", "owner"), "close sesame")
    assert "does not open it" in sentence
    assert "--password" in sentence


@pytest.mark.parametrize("password", ["open sesame", "owner"])
def test_the_right_password_opens_it(password: str) -> None:
    assert said(encrypted("open sesame", "owner"), password).startswith("Lanterns")


def test_why_a_file_is_not_opened_does_not_depend_on_the_one_before() -> None:
    # The engine keeps the code of its last failure; where the next sets none, it stood for it.
    data = b"%PDF-1.7\nnothing that is a PDF, but long enough to be looked at"
    before = refusal(data)
    assert "a password is needed" in refusal(encrypted("open sesame", "owner"))
    assert refusal(data) == before
    assert "password" not in before


def bomb(megabytes: int, times: int) -> bytes:
    engine = zlib.compressobj(9)
    data = b"".join(engine.compress(b" " * 2**20) for _ in range(megabytes)) + engine.flush()
    for _ in range(times - 1):
        data = zlib.compress(data, 9)
    filters = b"[" + b"/FlateDecode " * times + b"]" if times > 1 else b"/FlateDecode"
    return pdf(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>",
            stream(data, b"/Filter" + filters),
        ]
    )


@pytest.mark.parametrize(("megabytes", "times"), [(300, 1), (300, 2)])
def test_a_stream_that_fills_the_memory_is_not_unpacked(megabytes: int, times: int) -> None:
    assert "256 MB" in refusal(bomb(megabytes, times))


def test_a_large_stream_that_is_no_attack_is_read() -> None:
    with opened(bomb(4, 1)) as file:
        assert len(list(file.pages())) == 1


def test_a_false_number_of_pages_is_not_believed() -> None:
    data = TWO.replace(b"/Count 2>>", b"/Count 2000000000>>")
    assert said(data).startswith("Lanterns")


OUTLINE = pages(
    LANTERNS,
    LANTERNS,
    catalog=b"/Outlines 9 0 R",
    more=[
        b"<</First 10 0 R/Last 12 0 R/Count 3>>",
        b"<</Title(PART 7)/Parent 9 0 R/First 11 0 R/Next 12 0 R/Dest[5 0 R/XYZ 0 700 0]>>",
        b"<</Title(Subpart A)/Parent 10 0 R/Dest[7 0 R/Fit]>>",
        b"<</Title(\xfe\xff\x00\xa7\x00 \x007)/Parent 9 0 R/Next 10 0 R>>",  # Next: a circle
    ],
)


def test_bookmarks_have_their_level_page_and_height_and_circles_end() -> None:
    with opened(OUTLINE) as file:
        found = [(e.level, e.title, e.page, e.y) for e in file.outline]
    assert found == [(1, "PART 7", 1, 92.0), (2, "Subpart A", 2, None), (1, "§ 7", 0, None)]


@pytest.mark.parametrize(
    ("title", "kept"),
    [
        ("Rules for lanterns", "Rules for lanterns"),
        ("Microsoft Word - Rules for lanterns", "Rules for lanterns"),
        ("Microsoft Word - rules_final2.docx", ""),  # what Word's printer driver writes
        ("untitled", ""),
        ("12345", ""),
    ],
)
def test_the_title_is_the_metadata_s_unless_a_program_made_it_up(title: str, kept: str) -> None:
    data = pages(LANTERNS, more=[b"<</Title(%s)>>" % title.encode()], trailer=b"/Info 7 0 R")
    with opened(data) as file:
        assert (file.title, file.reading.heading) == (kept, kept)


def test_half_a_surrogate_pair_in_a_title_or_bookmark_is_replaced() -> None:
    # UTF-16 (ISO 32000, 7.9.2.2) of which a bit has been turned
    data = OUTLINE.replace(b"\x00\xa7\x00 \x007", b"\xd8\xa7\x00 \x007")
    with opened(data) as file:
        assert [e.title for e in file.outline] == ["PART 7", "Subpart A", "\ufffd 7"]
    data = pages(LANTERNS, more=[b"<</Title(\xfe\xff\xd8\xa7\x00 \x00L)>>"], trailer=b"/Info 7 0 R")
    with opened(data) as file:
        assert file.title == "\ufffd L"


def test_a_bookmark_of_a_page_that_is_lost_has_no_height() -> None:
    with opened(OUTLINE.replace(b"/Type/Page/Parent", b"/Type/Pag/Parent ", 1)) as file:
        assert next((e.title, e.page, e.y) for e in file.outline) == ("PART 7", 1, None)


def form(fields: bytes, *more: bytes) -> bytes:
    return pages(
        LANTERNS, catalog=b"/AcroForm<</Fields[%s]>>" % fields, page=b"/Annots[%s]" % fields,
        more=more,
    )  # fmt: skip


def test_filled_fields_are_read_down_the_page_and_their_names_are_not_the_document_s() -> None:
    data = form(
        b"7 0 R 8 0 R 9 0 R 10 0 R",
        b"<</Type/Annot/Subtype/Widget/FT/Tx/T(low)/V(second)/Rect[10 10 90 30]>>",
        b"<</Type/Annot/Subtype/Widget/FT/Tx/T(n1)/TU(Name of keeper)/V(Ada Byron)"
        b"/Rect[10 500 90 520]>>",
        b"<</Type/Annot/Subtype/Widget/FT/Tx/T(empty)/Rect[10 300 90 320]>>",
        b"<</Type/Annot/Subtype/Text/Contents(Check this.)/Rect[10 400 90 420]>>",
    )
    with opened(data) as file:
        assert file.forms
        blocks = [block for number, page in file.pages() for block in file.beside(number, page)]
        file.note_pages()
        assert [(b.kind, b.text, b.added) for b in blocks] == [
            ("form-line", "Name of keeper: Ada Byron", 3),
            ("comment", "Check this.", 0),
            ("form-line", "low: second", 1),
        ]
        assert codes(file) == ["form-filled"]
        assert "2 filled fields and 1 remark" in file.reading.findings[0].message


def test_a_page_without_a_form_has_nothing_beside_its_text() -> None:
    with opened(TWO) as file:
        assert [file.beside(number, page) for number, page in file.pages()] == [[], []]


def test_attached_files_are_named() -> None:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(TWO)))
    writer.add_attachment("annex.txt", b"Annex")
    out = io.BytesIO()
    writer.write(out)
    with opened(out.getvalue()) as file:
        assert codes(file) == ["left-aside"]
        assert "1 attached file which was not read: annex.txt" in file.reading.findings[0].message


def scanned(pictures: int) -> bytes:
    """A page of text, so many pages that are a picture, and a blank one."""
    picture = b"q 612 0 0 792 0 0 cm BI /W 1 /H 1 /CS /G /BPC 8 ID \x80 EI Q"
    return pages(LANTERNS, *[picture] * pictures, b"")


def test_pictures_without_text_are_named_page_by_page_and_blank_pages_are_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pdf_ocr, "is_installed", lambda: False)
    with opened(scanned(3)) as file:
        met = [
            (number, file.without_text(number, page), file.picture_lines(number, page))
            for number, page in file.pages()
            if number > 1
        ]
        file.note_pages()
        assert met == [(2, True, []), (3, True, []), (4, True, []), (5, False, [])]
        (finding,) = file.reading.findings
        assert finding.code == "page-without-text"
        assert finding.message.startswith("Pages 2–4 are each a picture without text")
        assert 'pip install "tribonian[ocr]"' in finding.message


def test_a_picture_with_a_stamp_of_a_few_words_is_named_as_well() -> None:
    picture = b"q 612 0 0 792 0 0 cm BI /W 1 /H 1 /CS /G /BPC 8 ID \x80 EI Q "
    with opened(pages(picture + words((500, 20, "EXHIBIT 4")))) as file:
        for number, page in file.pages():
            assert not file.without_text(number, page, words=2)
        file.note_pages()
        assert "a few words" in file.reading.findings[0].message


def test_a_page_that_cannot_be_loaded_is_named_and_the_others_are_read() -> None:
    data = TWO.replace(b"/Kids[5 0 R 7 0 R]", b"/Kids[5 0 R 3 0 R]")
    with opened(data) as file:
        read = [number for number, _ in file.pages()]
        if len(file) == 2 and read == [1]:
            assert codes(file) == ["page-unreadable"]
    assert said(data).startswith("Lanterns")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, len(TWO) - 1), st.binary(min_size=1, max_size=12), st.integers(0, 3))
def test_a_damaged_file_is_opened_or_refused_in_one_sentence(
    place: int, damage: bytes, kind: int
) -> None:
    from unittest.mock import patch

    data = (
        TWO[:place] if kind == 0
        else TWO[:place] + damage + TWO[place + len(damage) :] if kind == 1
        else TWO[:place] + TWO[place + len(damage) :] if kind == 2
        else TWO[:place] + damage + TWO[place:]
    )  # fmt: skip
    with patch("tribonian.ingest.readers.pdf_file.repaired", return_value=None):
        try:
            with opened(data) as file:
                for _, page in file.pages():
                    page.get_textpage().get_text_range()
        except DocumentError as error:
            assert str(error).endswith(".")


@pytest.mark.skipif(not pdf_ocr.is_installed(), reason="tribonian[ocr] is not installed")
def test_a_picture_of_text_is_read_where_the_extra_is_installed() -> None:
    source = pdfium.PdfDocument(pages(words((72, 700, "Lanterns shall be lit."), size=14)))
    scan = pdfium.PdfDocument.new()
    page = scan.new_page(612, 792)
    image = pdfium.PdfImage.new(scan)
    image.set_bitmap(source[0].render(scale=2))
    image.set_matrix(pdfium.PdfMatrix().scale(612, 792))
    page.insert_obj(image)
    page.gen_content()
    out = io.BytesIO()
    scan.save(out)
    with opened(out.getvalue()) as file:
        ((number, loaded),) = list(file.pages())
        with pytest.raises(Exception, match=r".*"):
            loaded.get_textpage()  # closed: pages are lent one at a time
    with opened(out.getvalue()) as file:
        for number, loaded in file.pages():
            assert file.without_text(number, loaded)
            (line,) = file.picture_lines(number, loaded)
        file.note_pages()
        assert line.text == "Lanterns shall be lit."
        assert abs(line.base - 92) < 6
        assert codes(file) == ["page-read-by-ocr"]
