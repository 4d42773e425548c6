"""What a file is: one literal table, decided once, from its signature, then its suffix."""

from __future__ import annotations

import codecs
import importlib
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from tribonian.errors import DocumentError
from tribonian.ingest.record import Reading
from tribonian.schemas.tree import Event

HEAD = 65_536  # bytes that are looked at
SHORT_PAGE = 20_000  # characters; a page with law in it may load a CAPTCHA for its forms

Read = Callable[[BinaryIO, Reading], Iterator[Event]]


@dataclass(frozen=True, slots=True)
class Head:
    """What is looked at to decide: the first bytes, the first element, members of a zip."""

    data: bytes
    text: str  # decoded as far as a byte order mark tells, else as Latin-1
    root: str  # local name of the first element, "" for none
    space: str  # what stands in the first element's tag, for its namespace
    members: frozenset[str]


@dataclass(frozen=True, slots=True)
class Format:
    """One format; ``known`` recognises it by content, ``reader`` is ``module:function``.

    ``known`` is None for what has no signature, which the suffix then decides.
    """

    name: str
    title: str
    suffixes: tuple[str, ...]
    media_types: tuple[str, ...]
    known: Callable[[Head], bool] | None
    reader: str

    def read(self, file: BinaryIO, reading: Reading) -> Iterator[Event]:
        """Stream the nodes of a document of this format."""
        module, _, function = self.reader.partition(":")
        read: Read = getattr(importlib.import_module(f"{__package__}.readers.{module}"), function)
        return read(file, reading)


def _root(*names: str, space: str = "") -> Callable[[Head], bool]:
    """Known by its outermost element, and by a piece of its namespace where names are common."""
    wanted = frozenset(names)
    return lambda head: head.root in wanted and space in head.space


def _html(*marks: str) -> Callable[[Head], bool]:
    """A web page, or a piece of one, that holds one of the marks of its publisher."""
    found = re.compile("|".join(marks)) if marks else None
    return lambda head: _is_html(head) and (found is None or bool(found.search(head.text)))


def _is_html(head: Head) -> bool:
    return head.root.lower() in _HTML_ROOTS and not (head.root.isupper() and _is_xml(head))


def _is_page(head: Head) -> bool:
    """A web page, by itself or as a browser saves it with its pictures (RFC 2557, MHTML)."""
    return _is_html(head) or (
        "MIME-Version:" in head.text[:2048] and "multipart/related" in head.text[:4096]
    )


def _is_xml(head: Head) -> bool:
    return head.text.lstrip("\ufeff \t\r\n").startswith("<?xml") and "<html" not in head.text


def _member(name: str) -> Callable[[Head], bool]:
    return lambda head: name in head.members


def _is_word(head: Head) -> bool:
    """An Open Packaging file with Word parts; the main one need not be word/document.xml."""
    return any(name.startswith("word/") and name.endswith(".xml") for name in head.members)


def _starts(signature: bytes) -> Callable[[Head], bool]:
    """Known by its first bytes."""
    return lambda head: head.data.startswith(signature)


def _is_pdf(head: Head) -> bool:
    """`%PDF-` at its start, or within its first 8,192 bytes and before objects of a PDF."""
    at = head.data.find(b"%PDF-", 0, 8192 + 5)
    return at == 0 or (at > 0 and bool(_PDF_INSIDE.search(head.data, at)))


_HTML_ROOTS = frozenset(
    ("html", "head", "body", "div", "p", "section", "article", "main", "table", "h1", "h2", "h3",
     "h4", "span", "ul", "ol", "script", "title", "meta", "nav", "header")
)  # fmt: skip
_ECFR_DIVS = tuple(f"DIV{n}" for n in range(1, 10))

FORMATS = (
    Format("pdf", "PDF", (".pdf",), ("application/pdf",), _is_pdf,
           "pdf:read_pdf"),
    Format("docx", "Word", (".docx", ".docm", ".dotx"),
           ("application/vnd.openxmlformats-officedocument.wordprocessingml.document",),
           _is_word, "docx:read_docx"),
    Format("odt", "OpenDocument text", (".odt",), ("application/vnd.oasis.opendocument.text",),
           _member("mimetype:application/vnd.oasis.opendocument.text"), "office:read_office"),
    Format("doc", "Word 97", (".doc",), ("application/msword",),
           _starts(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), "office:read_office"),
    Format("rtf", "Rich Text", (".rtf",), ("application/rtf", "text/rtf"),
           _starts(b"{\\rtf"), "office:read_office"),
    Format("ecfr-xml", "eCFR XML", (".xml",), ("application/xml", "text/xml"),
           _root("ECFR", "DLPSTEXTCLASS", *_ECFR_DIVS), "ecfr_xml:read_ecfr_xml"),
    Format("cfr-xml", "CFR annual edition XML", (".xml",), ("application/xml", "text/xml"),
           _root("CFRDOC", "CFRGRANULE"), "cfr_xml:read_cfr_xml"),
    Format("uslm", "USLM XML", (".xml", ".uslm"), ("application/xml", "text/xml"),
           _root("cfrDoc", "uscDoc", "lawDoc", "pLaw", "statutesAtLarge", "bill", "resolution",
                 "statuteCompilation", "engrossedAmendment",
                 "amendment", "frDoc", space="uslm"), "uslm:read_uslm"),
    Format("fr-xml", "Federal Register XML", (".xml",), ("application/xml", "text/xml"),
           _root("FEDREG", "RULE", "PRORULE", "NOTICE", "PRESDOCU"), "fr_xml:read_fr_xml"),
    Format("clml", "UK legislation XML (CLML)", (".xml", ".akn"), ("application/xml", "text/xml"),
           _root("Legislation", space="legislation.gov.uk"), "clml:read_clml"),
    Format("akoma-ntoso", "Akoma Ntoso XML", (".xml", ".akn"),
           ("application/akn+xml", "application/xml"), _root("akomaNtoso"),
           "akoma_ntoso:read_akoma_ntoso"),
    Format("justice-xml", "Canadian federal law XML", (".xml",), ("application/xml", "text/xml"),
           _root("Statute", "Regulation", space="justice.gc.ca"), "justice_xml:read_justice_xml"),
    Format("ecfr-html", "eCFR web page", (".html", ".htm"), ("text/html",),
           _html("data-hierarchy-metadata", "paragraph-hierarchy"),
           "ecfr_html:read_ecfr_html"),
    Format("eurlex-html", "EUR-Lex web page", (".html", ".htm", ".xhtml"),
           ("text/html", "application/xhtml+xml"),
           _html("eli-subdivision", "CONVEX #", r"eur-lex\.europa\.eu", "title-article-norm",
                 "TXT_TE", 'id="TexteOnly"', 'class="oj-', 'class="ti-art"'),
           "eurlex_html:read_eurlex_html"),
    Format("html", "Web page", (".html", ".htm", ".xhtml", ".mhtml", ".mht"),
           ("text/html", "application/xhtml+xml"), _is_page, "html:read_html"),
    Format("xml", "XML", (".xml",), ("application/xml", "text/xml"),
           lambda head: bool(head.root), "xml:read_xml"),
    Format("markdown", "Markdown", (".md", ".markdown"), ("text/markdown",), None,
           "markdown:read_markdown"),
    Format("text", "Plain text", (".txt", ".text"), ("text/plain",), None, "text:read_text"),
)  # fmt: skip
_BY_NAME = {each.name: each for each in FORMATS}

# The first element behind comments, processing instructions and a document type.
_FIRST_ELEMENT = re.compile(
    r"\s*(?:(?:<!--.*?-->|<\?.*?\?>|<!DOCTYPE(?:[^\[>]|\[.*?\]\s*)*>)\s*)*"
    r"<(?![?!])\s*(?:[\w.\-]+:)?([\w.\-]+)((?:\s[^<>]*)?)",
    re.DOTALL | re.IGNORECASE,
)
_LFS = b"version https://git-lfs"
CAPTCHA = re.compile(r"captcha|unblock\.federalregister|request access", re.IGNORECASE)
_END_TAG = re.compile(r"</[A-Za-z][\w:.\-]*\s*>")
_MARKUP = {
    "html": _END_TAG, "xml": _END_TAG, "akoma-ntoso": _END_TAG, "uslm": _END_TAG,
    "rtf": re.compile(r"\\(?:pard?|plain|fs\d+|f\d+|b0)\b"),
}  # fmt: skip
SOME_MARKS = 3
_PDF_INSIDE = re.compile(rb"\d+ \d+ obj\b|endobj|startxref")
_ZIP = b"PK\x03\x04"
_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)  # fmt: skip


def has_suffix(name: str) -> bool:
    """Whether a file's name is one that some reader takes."""
    return name.lower().endswith(tuple(suffix for f in FORMATS for suffix in f.suffixes))


def decide(file: BinaryIO, name: str) -> tuple[Format, str]:
    """The format of an open file, and a sentence where its name says something else.

    The signature is asked first, then the suffix. DocumentError says why there is none. The
    file is left at its start.
    """
    head = _look_at(file)
    file.seek(0)
    if not head.data.strip(b"\x00 \t\r\n"):
        raise DocumentError("The file is empty.")
    if head.data.startswith(_LFS):
        raise DocumentError(
            "It is a Git LFS pointer and not the document; run 'git lfs pull' and try again."
        )
    suffix = _suffix(name)
    named = [each for each in FORMATS if suffix in each.suffixes]
    known = next((each for each in FORMATS if each.known is not None and each.known(head)), None)
    if known is not None:
        if len(head.text) < SHORT_PAGE and _is_html(head) and CAPTCHA.search(head.text):
            raise DocumentError(
                "It is the eCFR site's request to prove that you are human and not the document; "
                "download it from the API (/api/versioner/v1/full/DATE/title-N.xml)."
            )
        # "<p>" may begin a page of Markdown, and a line of plain text; <center> one of HTML
        fragment = known.name in ("html", "xml") and head.root.lower() not in ("html", "head")
        if fragment and named and named[0].known is None:
            return named[0], ""
        if known.name == "xml" and named and named[-1].name == "html" and not _is_xml(head):
            return named[-1], ""
        return known, _disagreement(known, suffix)
    if head.text.lstrip("\ufeff \t\r\n").startswith("<?xml"):
        raise DocumentError("It is not XML: no element starts it.")
    if head.data.startswith(_ZIP):
        raise DocumentError(
            "It is a zip and no document of the kind that its name says; save it again."
        )
    if named and named[0].known is None:
        return named[0], ""
    if suffix == ".pdf" and (_PDF_INSIDE.search(head.data) or b"%PDF-" in head.data[:8197]):
        return named[0], ""  # its first bytes are lost; its reader mends it or says what it is
    if _is_binary(head):
        if named:
            raise DocumentError(f"It ends in {suffix} but is no {_called(named)}, nor anything "
                                "else that is read; save it again.")  # fmt: skip
        raise DocumentError("No reader knows this kind of file.")
    for kind, marks in _MARKUP.items():  # what marks a text up is no text of it
        if named and named[-1].name == kind and len(marks.findall(head.text)) >= SOME_MARKS:
            if kind == "html":
                return named[-1], ""
            raise DocumentError(
                f"It ends in {suffix} but does not begin as {named[-1].title} does; get it again."
            )
    text = _BY_NAME["text"]
    return text, _disagreement(text, suffix)


def _called(named: list[Format]) -> str:
    """What several formats with one suffix are: the last is the most general."""
    return "web page" if named[-1].name == "html" else f"{named[-1].title} document"


def _disagreement(known: Format, suffix: str) -> str:
    if not suffix or suffix in known.suffixes:
        return ""
    if known.name.endswith(("xml", "uslm", "clml", "ntoso")) and suffix in (".akn", ".uslm"):
        return ""
    return f"Its name ends in {suffix}, but its content is {known.title}; it was read as that."


def _suffix(name: str) -> str:
    found = re.search(r"\.[A-Za-z][A-Za-z0-9]{1,7}$", name)
    return found[0].lower() if found else ""


def _look_at(file: BinaryIO) -> Head:
    data = file.read(HEAD)
    text = _head_text(data)
    found = _FIRST_ELEMENT.match(text.lstrip("\ufeff \t\r\n"))
    root, space = (found[1], found[2]) if found else ("", "")
    members: frozenset[str] = frozenset()
    if data.startswith(_ZIP):
        try:
            with zipfile.ZipFile(file) as archive:
                members = frozenset(archive.namelist())
                if "mimetype" in members:  # OpenDocument 1.2, part 3, 3.3: what the package is
                    with archive.open("mimetype") as told:
                        said = told.read(100).decode("ascii", "replace").strip()
                    members |= {f"mimetype:{said.removesuffix('-template')}"}
        except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError, EOFError):
            raise DocumentError(
                "It is a damaged zip archive (a Word document is one); save it again."
            ) from None
    if not root and text.lstrip("\ufeff \t\r\n").startswith(("<!--", "<?xml", "<!DOCTYPE")):
        root = _beyond(file)  # what stands before the first element is longer than was looked at
    return Head(data, text, root, space, members)


def _head_text(data: bytes) -> str:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    if data[:40:2].count(0) > 15 or data[1:40:2].count(0) > 15:  # UTF-16 without its mark
        return data.decode("utf-16-be" if data[0] == 0 else "utf-16-le", "replace")
    return data.decode("latin-1")


def _beyond(file: BinaryIO) -> str:
    file.seek(0)
    text = _head_text(file.read(64 * HEAD))
    found = _FIRST_ELEMENT.match(text.lstrip("\ufeff \t\r\n"))
    return found[1] if found else ""


def _is_binary(head: Head) -> bool:
    """Whether the first bytes can be no text: control characters that no text has."""
    sample = head.text[:4096]
    controls = sum(character < " " and character not in "\t\n\r\f\x1b" for character in sample)
    return controls > len(sample) // 100
