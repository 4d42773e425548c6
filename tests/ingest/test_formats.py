"""What a file is: decided once, from its signature and then its name."""

from __future__ import annotations

import io
import re
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tribonian.errors import DocumentError
from tribonian.ingest.formats import FORMATS, decide, has_suffix
from tribonian.ingest.record import Reading

STEADY = settings(derandomize=True, deadline=None, max_examples=200)

SECTION = '<DIV8 N="1.1" TYPE="SECTION"><HEAD>§ 1.1</HEAD></DIV8>'


def archive(*members: str, mimetype: str = "") -> bytes:
    """A zip with members that say nothing, and the mimetype of OpenDocument where given."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as file:
        if mimetype:
            file.writestr("mimetype", mimetype)
        for member in members:
            file.writestr(member, "x")
    return data.getvalue()


def decided(data: bytes, name: str = "law.xml") -> tuple[str, str]:
    """The name of the format of some bytes, and the doubt about it."""
    found, doubt = decide(io.BytesIO(data), name)
    return found.name, doubt


ECFR = [
    ("a whole title of the versioner API", "<ECFR><DIV1 N='1'/></ECFR>"),
    ("a part by itself", '<DIV5 N="11" TYPE="PART"/>'),
    ("a section by itself", SECTION),
    ("an appendix by itself", '<DIV9 N="Appendix A to Part 11" TYPE="APPENDIX"/>'),
    ("a subpart by itself", '<DIV6 N="A" TYPE="SUBPART"/>'),
    ("govinfo's bulk data", "<DLPSTEXTCLASS><HEADER/></DLPSTEXTCLASS>"),
    ("a declaration before it", f'<?xml version="1.0" encoding="UTF-8"?>\n{SECTION}'),
    ("a style sheet before it", f'<?xml-stylesheet href="ecfr.xsl"?>{SECTION}'),
    ("a document type before it", "<!DOCTYPE ECFR><ECFR/>"),
    ("space before it", f" \n\t{SECTION}"),
    ("a comment before it", f"<!-- taken from govinfo -->\n{SECTION}"),
    ("a comment with a web page in it", f"<!-- not <html> but XML -->\n{SECTION}"),
    ("a licence longer than is looked at", f"<!-- {'words ' * 12_000}-->{SECTION}"),
]


@pytest.mark.parametrize(("text"), [text for _, text in ECFR], ids=[name for name, _ in ECFR])
@pytest.mark.parametrize("name", ["part.xml", "part"])
def test_ecfr_xml_is_known_by_its_outermost_element_whatever_its_name(text: str, name: str) -> None:
    assert decided(text.encode(), name) == ("ecfr-xml", "")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "iso-8859-1"])
def test_ecfr_xml_is_known_in_other_encodings(encoding: str) -> None:
    # GPO's user guide shows an ISO-8859-1 declaration
    assert decided(SECTION.encode(encoding))[0] == "ecfr-xml"


# (what, its bytes, its name, its format); each by what its publisher prints at its head
KNOWN: list[tuple[str, bytes, str, str]] = [
    ("a PDF", b"%PDF-1.7\n1 0 obj <</Type /Catalog>>", "law.pdf", "pdf"),
    ("a PDF behind a mail header", b"Subject: law\r\n\r\n%PDF-1.4", "law.pdf", "pdf"),
    ("a PDF behind junk, without a name", b"junk\n%PDF-1.4\n1 0 obj <</Type /X>>", "law", "pdf"),
    ("a page about PDF", b"# Formats\n\nA PDF begins with `%PDF-1.7`.\n", "law.md", "markdown"),
    ("Word", archive("[Content_Types].xml", "word/document.xml"), "law.docx", "docx"),
    (
        "OpenDocument",
        archive("content.xml", mimetype="application/vnd.oasis.opendocument.text"),
        "law.odt",
        "odt",
    ),
    ("Word 97", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), "law.doc", "doc"),
    ("Rich Text", b"{\\rtf1\\ansi Law.}", "law.rtf", "rtf"),
    ("an annual granule", b"<CFRGRANULE><PART/></CFRGRANULE>", "law.xml", "cfr-xml"),
    ("an annual volume", b"<CFRDOC><AMDDATE/></CFRDOC>", "law.xml", "cfr-xml"),
    ("USLM", b'<uscDoc xmlns="http://schemas.gpo.gov/xml/uslm"/>', "law.xml", "uslm"),
    ("a rule of the Federal Register", b"<RULE><PREAMB/></RULE>", "law.xml", "fr-xml"),
    (
        "a UK act",
        b'<Legislation xmlns="http://www.legislation.gov.uk/namespaces/legislation"/>',
        "law.xml",
        "clml",
    ),
    ("Akoma Ntoso", b"<akn:akomaNtoso xmlns:akn='x'/>", "law.xml", "akoma-ntoso"),
    (
        "a Canadian statute",
        b'<Statute xmlns:lims="http://justice.gc.ca/lims"/>',
        "law.xml",
        "justice-xml",
    ),
    (
        "a part by the eCFR's renderer",
        b'<div class="part"><h1 data-hierarchy-metadata="{}">PART 11</h1></div>',
        "law.html",
        "ecfr-html",
    ),
    (
        "EUR-Lex",
        b'<html><body><div class="eli-subdivision">Article 1</div></body></html>',
        "law.html",
        "eurlex-html",
    ),
    ("a web page", b"<!DOCTYPE html><html><body><p>Law</body></html>", "law.html", "html"),
    ("a web page in capitals", b"<HTML><BODY>Law</BODY></HTML>", "law.htm", "html"),
    ("XML of no known kind", b"<rss><channel/></rss>", "law.xml", "xml"),
    ("Markdown", b"# Law\n\n(a) One.", "law.md", "markdown"),
    ("Markdown that begins with a tag", b"<p>Law</p>\n\n# Law", "law.md", "markdown"),
    ("text", b"Each lantern must have a handle.", "law.txt", "text"),
    ("text in UTF-16", "Each lantern.".encode("utf-16"), "law.txt", "text"),
]


@pytest.mark.parametrize(
    ("data", "name", "expected"), [row[1:] for row in KNOWN], ids=[row[0] for row in KNOWN]
)
def test_a_format_is_known_by_its_signature_and_text_by_its_suffix(
    data: bytes, name: str, expected: str
) -> None:
    assert decided(data, name) == (expected, "")


@pytest.mark.parametrize(
    ("data", "name", "expected"),
    [
        (b"%PDF-1.7\n", "law.docx", "pdf"),
        (archive("word/document.xml"), "law.pdf", "docx"),
        (SECTION.encode(), "law.html", "ecfr-xml"),
        (b"<html><body>Law</body></html>", "law.txt", "html"),
        (b"Each lantern must have a handle.", "law.rtf", "text"),
        (b"Each lantern must have a handle.", "law.xml", "text"),
    ],
)
def test_a_wrong_suffix_is_a_doubt_and_no_failure(data: bytes, name: str, expected: str) -> None:
    found, doubt = decided(data, name)
    assert found == expected
    assert name[name.index(".") :] in doubt
    assert doubt.endswith(".") and "\n" not in doubt


# (what, its first bytes, what the sentence must say)
REFUSED: list[tuple[str, bytes, str]] = [
    ("nothing", b"", "empty"),
    ("spaces", b" \r\n\t", "empty"),
    ("zeros", b"\0" * 4096, "empty"),
    # facts/ecfr.md, surprise 9
    ("a Git LFS pointer", b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "LFS"),
    # surprise 11: the eCFR's site answers 200 with a CAPTCHA
    (
        "a CAPTCHA page",
        b"<!DOCTYPE html><html><title>Request Access</title>complete the CAPTCHA",
        "human",
    ),
    (
        "a spreadsheet",
        archive("content.xml", mimetype="application/vnd.oasis.opendocument.spreadsheet"),
        "zip",
    ),
    ("a declaration and no more", b'<?xml version="1.0"?>', "XML"),
    ("a zip of other things", archive("a.xml", "b.xml"), "zip"),
    ("a damaged zip", b"PK\x03\x04\x14\x00", "zip"),
    ("a program", b"\x7fELF\x02\x01\x01" + bytes(range(32)) * 40, "kind of file"),
]


@pytest.mark.parametrize(
    ("head", "said"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED]
)
def test_anything_else_is_refused_with_one_sentence_that_says_what_it_is(
    head: bytes, said: str
) -> None:
    with pytest.raises(DocumentError) as raised:
        decide(io.BytesIO(head), "notes")

    sentence = str(raised.value)
    assert said in sentence
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert not re.search(r"\. [A-Z]", sentence)


# (what, its bytes, its name, its format): damage at the beginning, which has the signature
BEGINNING_LOST = [
    ("a page", b"\xff\xfdhtml><p>One</p><p>two</p><p>three</p>", "law.html", "html"),
    ("a page of other elements", b"<center>One</center><font>two</font>", "law.htm", "html"),
    ("a page in a document type of another name", b"<!DOCTYPE h><hdml><p>One", "law.html", "html"),
    ("a PDF", b"%P\xc4F-1.4\n1 0 obj\n<< >>\nendobj\n", "law.pdf", "pdf"),
]


@pytest.mark.parametrize(
    ("data", "name", "expected"),
    [row[1:] for row in BEGINNING_LOST],
    ids=[row[0] for row in BEGINNING_LOST],
)
def test_what_has_lost_its_beginning_is_what_its_name_says(
    data: bytes, name: str, expected: str
) -> None:
    assert decided(data, name) == (expected, "")


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"!ECFR><P>One</P><P>two</P><P>three</P></ECFR>", "law.xml"),
        (b"akomaNtoso><p>One</p><p>two</p><p>three</p>", "law.akn"),
        (b"\\rtf1 One\\par two\\par three\\par", "law.rtf"),
    ],
)
def test_marks_of_a_format_are_not_read_as_text(data: bytes, name: str) -> None:
    with pytest.raises(DocumentError, match=r"does not begin as .* does; get it again"):
        decide(io.BytesIO(data), name)


def test_what_no_reader_takes_is_called_by_what_its_suffix_stands_for() -> None:
    for name, what in (("a.xml", "no XML d"), ("a.html", "no web page,"), ("a.docx", "no Word d")):
        with pytest.raises(DocumentError, match=what):
            decide(io.BytesIO(bytes(range(256))), name)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("part-11.xml", True),
        ("PART-11.XML", True),
        ("regs/part-11.pdf", True),
        ("part-11.xml.gz", False),
        ("part-11.jpg", False),
        ("xml", False),
        ("", False),
    ],
)
def test_a_name_is_taken_by_its_suffix_in_either_case(name: str, expected: bool) -> None:
    assert has_suffix(name) is expected


def test_each_format_is_one_row_with_a_name_of_its_own() -> None:
    assert len({each.name for each in FORMATS}) == len(FORMATS)
    assert all(suffix.startswith(".") for each in FORMATS for suffix in each.suffixes)


@pytest.mark.parametrize("name", [each.name for each in FORMATS])
def test_each_row_names_a_reader_that_is_there(name: str) -> None:
    found = next(each for each in FORMATS if each.name == name)
    try:
        next(found.read(io.BytesIO(b""), Reading()), None)
    except DocumentError as error:
        assert str(error).endswith(".")


@STEADY
@given(st.binary(max_size=200), st.sampled_from(["x.xml", "x", "x.pdf"]))
def test_any_bytes_are_a_format_or_one_sentence(head: bytes, name: str) -> None:
    try:
        assert decide(io.BytesIO(head), name)[0] in FORMATS
    except DocumentError as error:
        assert str(error).endswith(".")
