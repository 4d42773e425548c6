"""What a file is: decided once, from its first bytes and then its name."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tribonian.errors import DocumentError
from tribonian.ingest.formats import FORMATS, HEAD, decide, has_suffix

STEADY = settings(derandomize=True, deadline=None, max_examples=200)

SECTION = '<DIV8 N="1.1" TYPE="SECTION"><HEAD>§ 1.1</HEAD></DIV8>'

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
@pytest.mark.parametrize("name", ["part.xml", "part", "part.txt"])
def test_ecfr_xml_is_known_by_its_outermost_element_whatever_its_name(text: str, name: str) -> None:
    assert decide(text.encode()[:HEAD], name).name == "ecfr-xml"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "iso-8859-1"])
def test_ecfr_xml_is_known_in_other_encodings(encoding: str) -> None:
    # GPO's user guide shows an ISO-8859-1 declaration
    assert decide(SECTION.encode(encoding), "part.xml").name == "ecfr-xml"


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
    # govinfo answers 200 with a web page where a granule is missing
    ("a web page", b"<!DOCTYPE html><html><body><p>Not found<br></body></html>", "web page"),
    ("a web page in capitals", b"<HTML><BODY>Not found</BODY></HTML>", "web page"),
    ("a web page of XHTML", b'<html xmlns="http://www.w3.org/1999/xhtml"/>', "web page"),
    ("the annual edition", b"<CFRGRANULE><PART/></CFRGRANULE>", "<CFRGRANULE>"),
    ("a lower-case div", b"<div>1.1</div>", "<div>"),
    ("words", b"Each lantern must have a handle.", "XML"),
    ("a PDF", b"%PDF-1.7\n1 0 obj <</Type /Catalog>>", "XML"),
    ("a zip", b"PK\x03\x04\x14\x00", "XML"),
    ("JSON", b'{"ECFR": "<ECFR>"}', "XML"),
]


@pytest.mark.parametrize(
    ("head", "said"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED]
)
@pytest.mark.parametrize("name", ["title-1.xml", "notes"])
def test_anything_else_is_refused_with_one_sentence_that_says_what_it_is(
    head: bytes, said: str, name: str
) -> None:
    with pytest.raises(DocumentError) as raised:
        decide(head, name)

    sentence = str(raised.value)
    assert said in sentence
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert not re.search(r"\. [A-Z]", sentence)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("part-11.xml", True),
        ("PART-11.XML", True),
        ("regs/part-11.xml", True),
        ("part-11.xml.gz", False),
        ("part-11.pdf", False),
        ("xml", False),
        ("", False),
    ],
)
def test_a_name_is_taken_by_its_suffix_in_either_case(name: str, expected: bool) -> None:
    assert has_suffix(name) is expected


def test_each_format_is_one_row_with_a_name_of_its_own() -> None:
    assert len({each.name for each in FORMATS}) == len(FORMATS)
    assert all(suffix.startswith(".") for each in FORMATS for suffix in each.suffixes)


@STEADY
@given(st.binary(max_size=200), st.sampled_from(["x.xml", "x"]))
def test_any_bytes_are_a_format_or_one_sentence(head: bytes, name: str) -> None:
    try:
        assert decide(head, name) in FORMATS
    except DocumentError as error:
        assert str(error).endswith(".")
