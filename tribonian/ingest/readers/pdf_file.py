"""A PDF opened with PDFium: damage, passwords, outline, title, attachments, empty pages.

`open_pdf` gives the file as a `PdfFile`: ``pages()`` loads one page after the other,
``beside()`` reads what is filled in on a page, ``without_text()`` is told of each page with
hardly a word, and ``picture_lines()`` reads it where that is possible. PDFium
is not safe for threads: one file, one thread.
"""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from tribonian.errors import DocumentError
from tribonian.ingest.readers.pdf_bookmarks import bookmarks
from tribonian.ingest.readers.pdf_form import form_blocks, written
from tribonian.ingest.readers.pdf_pictures import Picture, has_pictures, pictures
from tribonian.ingest.readers.pdf_repair import repaired
from tribonian.ingest.readers.pdf_streams import refuse_bombs
from tribonian.ingest.readers.pdf_types import Line, OutlineEntry
from tribonian.ingest.record import Reading
from tribonian.ingest.styled import Styled

MAX_UNREADABLE = 1_000  # pages in a row; a damaged file may claim a million


@dataclass(slots=True)
class PdfFile:
    """An open PDF; to be used in a ``with`` statement.

    ``title`` is the one in its metadata ("" where that is a file's name or none), ``tagged``
    says that it has a structure tree, ``outline`` are its bookmarks in order. ``forms`` says
    that it has fields to be filled in, ``pictured`` that it has pictures.
    """

    document: pdfium.PdfDocument
    reading: Reading
    title: str = ""
    tagged: bool = False
    forms: bool = False
    pictured: bool = False
    outline: list[OutlineEntry] = field(default_factory=list)
    empty: list[int] = field(default_factory=list)
    stamped: list[int] = field(default_factory=list)
    unread: list[int] = field(default_factory=list)
    by_ocr: list[int] = field(default_factory=list)
    filled: int = 0
    remarks: int = 0

    def __enter__(self) -> PdfFile:
        return self

    def __exit__(self, *_: object) -> None:
        self.document.close()

    def __len__(self) -> int:
        return len(self.document)

    def pages(self) -> Iterator[tuple[int, pdfium.PdfPage]]:
        """Each page with its number from 1, closed when the next is asked for.

        A page that PDFium cannot load is left out and named in a finding at the end;
        DocumentError where no page can be loaded.
        """
        broken: list[int] = []
        row = 0
        for index in range(len(self.document)):
            try:
                page = self.document[index]
            except pdfium.PdfiumError:
                broken.append(index + 1)
                row += 1
                if row == MAX_UNREADABLE:
                    break
                continue
            row = 0
            try:
                yield index + 1, page
            finally:
                page.close()
        if broken and broken[0] == 1 and len(broken) == row:  # the first and all after it
            raise DocumentError(
                "None of its pages can be opened; the PDF is damaged, get it again."
            )
        if broken:
            self.reading.note(
                "page-unreadable",
                f"{_pages(broken)} cannot be opened and {_is(broken)} missing; "
                "the PDF is damaged, get it again.",
                f"page {broken[0]}",
            )

    def without_text(self, number: int, page: pdfium.PdfPage, words: int = 0) -> bool:
        """Note a page with few words or none; True where it is a picture without a word.

        To be called for pages with fewer than `STAMP` words. A page with nothing drawn on it
        is blank, which is no matter.
        """
        covered, drawn = _pictures(page)
        if words:
            if covered > 0.6:
                self.stamped.append(number)
            return False
        if covered > 0.02 or drawn > 200:  # outlines of letters are paths by the hundred
            self.empty.append(number)
            return True
        return False

    def picture_lines(self, number: int, page: pdfium.PdfPage) -> list[Line]:
        """The lines of a page for which `without_text` was True, if they can be read here."""
        from tribonian.ingest.readers import pdf_ocr

        if not pdf_ocr.is_installed():
            return []
        lines = pdf_ocr.read_picture(page, number)
        if lines:
            self.by_ocr.append(number)
        return lines

    def beside(self, number: int, page: pdfium.PdfPage) -> list[Styled]:
        """Filled fields and typed remarks of a page as blocks, counted for a finding."""
        blocks = form_blocks(self.document, page, number)
        for block in blocks:
            if block.kind == "form-line":
                self.filled += 1
            else:
                self.remarks += 1
        return blocks

    def beside_text(self, number: int, page: pdfium.PdfPage, lines: list[Line]) -> list[Picture]:
        """The pictures that stand beside the text of a page, noted for a finding."""
        found = pictures(page, number, lines) if self.pictured and lines else []
        if found:
            self.unread.append(number)
        return found

    def note_letters(self, fonts: dict[str, int]) -> None:
        """The finding for fonts whose letters are not those printed, by the first page of each."""
        if not fonts:
            return
        names = ", ".join([name or "without a name" for name in fonts][:5])
        first = min(fonts.values())
        self.reading.note(
            "text-doubtful",
            f"From page {first} on, text in the font{'s' * (len(fonts) > 1)} {names} reads as "
            "letters that make no words, for the PDF does not say which letters it draws; "
            "compare with the page.",
            f"page {first}",
        )

    def note_pages(self) -> None:
        """The findings of what was met on the pages, when all have been read."""
        note = self.reading.note
        by_ocr = set(self.by_ocr)
        left = [number for number in self.empty if number not in by_ocr]
        if self.by_ocr:
            note(
                "page-read-by-ocr",
                f"{_pages(self.by_ocr)} {_is(self.by_ocr)} a picture without text and "
                f"{_was(self.by_ocr)} read by optical character recognition; compare with the "
                "picture.",
                f"page {self.by_ocr[0]}",
            )
        if left:
            from tribonian.ingest.readers import pdf_ocr

            note(
                "page-without-text",
                f"{_pages(left)} {_is(left)} a picture without text, of which nothing was read"
                + (
                    "."
                    if pdf_ocr.is_installed()
                    else '; install what reads it by: pip install "tribonian[ocr]".'
                ),
                f"page {left[0]}",
            )
        if self.stamped:
            note(
                "page-without-text",
                f"{_pages(self.stamped)} {_is(self.stamped)} a picture with a few words of text; "
                "only these words were read.",
                f"page {self.stamped[0]}",
            )
        if self.unread:
            note(
                "picture-unread",
                f"{_pages(self.unread)} {_has(self.unread)} a picture beside the text, in which "
                "nothing was read; look whether it is law.",
                f"page {self.unread[0]}",
            )
        if self.filled or self.remarks:
            said = [
                f"{count} {name}{'s' * (count > 1)}"
                for count, name in ((self.filled, "filled field"), (self.remarks, "remark"))
                if count
            ]
            note(
                "form-filled",
                f"The PDF has {' and '.join(said)}, read after the text of their pages.",
            )


STAMP = 25  # words: a stamp, a Bates number, a page number over a scan


def open_pdf(file: BinaryIO, reading: Reading) -> PdfFile:
    """Open a PDF; DocumentError in one sentence where it cannot be read.

    What is found out about the file is noted in ``reading``: its findings, and its title as
    ``reading.heading``.
    """
    data = file.read()
    if not data.strip(b"\0 \r\n\t"):
        raise DocumentError("It is empty.")
    refuse_bombs(data)
    document, mended = _open(data, reading.password)
    try:
        if mended:
            reading.note(
                "file-repaired",
                "The PDF is damaged or cut off, and was read as far as it could be mended; "
                "compare its last pages with the original.",
            )
        elif not raw.FPDF_DocumentHasValidCrossReferenceTable(document):
            reading.note(
                "file-repaired",
                "The PDF's table of objects is damaged and was made anew from what the file holds.",
            )
        opened = PdfFile(document, reading)
        opened.title = _title(document)
        opened.tagged = bool(document.is_tagged())
        opened.forms = document.get_formtype() != raw.FORMTYPE_NONE
        opened.pictured = has_pictures(data)
        opened.outline = list(bookmarks(document))
        reading.heading = reading.heading or opened.title
        _note_attachments(document, data, reading)
        if document.get_formtype() == raw.FORMTYPE_XFA_FULL:
            reading.note(
                "left-aside",
                "The PDF is a form that only Adobe Acrobat draws (XFA); its fields were not read, "
                "so print it to PDF first.",
            )
    except BaseException:
        document.close()
        raise
    return opened


def _open(data: bytes, password: str | None) -> tuple[pdfium.PdfDocument, bool]:
    """The document, and whether it had to be mended first."""
    error = raw.FPDF_ERR_FORMAT
    start = data.find(b"%PDF-", 0, 65_536)
    for attempt in (data, data[start:] if start > 0 else b""):
        if not attempt:
            continue
        document, error = _try(attempt, password)
        if document is not None:
            return document, False
        if error in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY):
            break
    mended = repaired(data, password)
    if mended:
        refuse_bombs(mended)
        document, _ = _try(mended, None)
        if document is not None:
            return document, error == raw.FPDF_ERR_FORMAT
    if error == raw.FPDF_ERR_PASSWORD:
        raise DocumentError(
            "The password given does not open it; give the right one with --password."
            if password
            else "It is encrypted and a password is needed; give it with --password."
        )
    if error == raw.FPDF_ERR_SECURITY:
        raise DocumentError(
            "It is protected by a scheme that only its own software opens; get a copy without it."
        )
    if start < 0:
        raise DocumentError("It is not a PDF, or the beginning of it is missing; get it again.")
    raise DocumentError(
        "It is damaged beyond repair, or it has no pages; get it again or print it to PDF anew."
    )


def _try(data: bytes, password: str | None) -> tuple[pdfium.PdfDocument | None, int]:
    # The engine keeps the code of its last failure, that of another document, and does not
    # always set a new one: what is no document at all sets it to "format".
    raw.FPDF_LoadMemDocument(b"x", 1, None)
    try:
        document = pdfium.PdfDocument(data, password=password)
    except pdfium.PdfiumError as error:
        return None, error.err_code or raw.FPDF_ERR_FORMAT
    try:
        document[0].close()
    except pdfium.PdfiumError:
        if len(document) == 1:
            document.close()
            return None, raw.FPDF_ERR_FORMAT
    return document, 0


_FILE_NAME = re.compile(r"\.(?:docx?|pdf|indd|qxd|xlsx?|pptx?|rtf|wpd|html?|txt|fm|tex)\s*$", re.I)
_NO_TITLE = re.compile(r"(?i)^(?:untitled|document\d*|title|none|slide \d+|about:blank)?$")


def _title(document: pdfium.PdfDocument) -> str:
    """The title in the metadata, "" for what a program put there by itself."""
    title = written(lambda *rest: raw.FPDF_GetMetaText(document, b"Title", *rest))
    title = re.sub(r"^Microsoft \w+ - ", "", title)
    if _FILE_NAME.search(title) or _NO_TITLE.match(title) or not re.search(r"[^\W\d_]", title):
        return ""
    return title[:500]


def _note_attachments(document: pdfium.PdfDocument, data: bytes, reading: Reading) -> None:
    count = document.count_attachments()
    if not count:
        return
    names = []
    for index in range(min(count, 20)):
        try:
            names.append(document.get_attachment(index).get_name().replace("\0", ""))
        except (pdfium.PdfiumError, UnicodeError):
            names.append("?")
    listed = ", ".join(names) + (f" and {count - 20} more" if count > 20 else "")
    portfolio = b"/Collection" in data and b"/Schema" in data
    reading.note(
        "left-aside",
        (
            f"The PDF is a portfolio of {count} file{'s' * (count != 1)}"
            if portfolio
            else f"The PDF has {count} attached file{'s' * (count != 1)}"
        )
        + f" which {'were' if count != 1 else 'was'} not read: {listed}; save what is law beside"
        " it to have it read.",
    )


def _pictures(page: pdfium.PdfPage) -> tuple[float, int]:
    """The share of the page that its largest picture covers, and how many objects it has."""
    width, height = page.get_size()
    drawn = raw.FPDFPage_CountObjects(page)
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    largest = 0.0
    for index in range(min(drawn, 2000)):
        each = raw.FPDFPage_GetObject(page, index)
        kind = raw.FPDFPageObj_GetType(each)
        if kind in (raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_FORM) and (
            raw.FPDFPageObj_GetBounds(each, left, bottom, right, top)
        ):
            area = abs(right.value - left.value) * abs(top.value - bottom.value)
            largest = max(largest, area)
    return largest / max(width * height, 1.0), drawn


def _pages(numbers: list[int]) -> str:
    """``Page 3``, ``Pages 3–5, 9``; as a sentence begins."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    shown = [f"{a}" if a == b else f"{a}–{b}" for a, b in runs[:50]]
    more = f" and {len(runs) - 50} more" if len(runs) > 50 else ""
    return f"Page{'s' * (len(numbers) > 1)} {', '.join(shown)}{more}"


def _is(numbers: list[int]) -> str:
    return "are each" if len(numbers) > 1 else "is"


def _has(numbers: list[int]) -> str:
    return "each have" if len(numbers) > 1 else "has"


def _was(numbers: list[int]) -> str:
    return "were" if len(numbers) > 1 else "was"
