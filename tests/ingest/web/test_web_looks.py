"""What the beginning of a body says that it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from tribonian.ingest.web.answer import Answer
from tribonian.ingest.web.looks import first_bytes, is_html, looks_like_captcha

LONG = b"<p>" + b"Each widget shall be labelled as this section requires. " * 100 + b"</p>"


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b"<!DOCTYPE html><html>", True),
        (b"\xef\xbb\xbf\r\n <HTML lang=en>", True),
        (b'<?xml version="1.0"?><!-- a --><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML">', True),
        (b"<head><title>Error</title>", True),
        (b'<?xml version="1.0"?><DIV5 N="1">', False),
        (b"<ECFR><DIV1>", False),
        (b"<HEAD>PART 1</HEAD>", True),
        (b"<HEADING>", False),
        (b'{"titles": []}', False),
        (b"%PDF-1.7", False),
        (b"", False),
    ],
)
def test_a_page_is_known_by_how_it_begins(head: bytes, expected: bool) -> None:
    assert is_html(head) is expected


@pytest.mark.parametrize(
    "page",
    [
        b"<html><head><title>Federal Register :: Request Access</title></head></html>",
        b"<!DOCTYPE html><p>Due to aggressive automated scraping of FederalRegister.gov",
        b"<!DOCTYPE html><html><head><title>Just a moment...</title></head></html>",
        b"<html><head><script>window._cf_chl_opt={}</script></head></html>",
        b"<html><script>AwsWafCookieDomainList = [];</script></html>",
        b"<html><head><title>Pardon Our Interruption</title></head></html>",
        b"<html><body><h1>Please complete the CAPTCHA</h1></body></html>",
        b"<html><body><form><div class='g-recaptcha'></div></form></body></html>",
        b"<html><body>I am not a robot</body></html>",
    ],
)
def test_a_page_that_asks_whether_one_is_human_is_known(page: bytes) -> None:
    assert looks_like_captcha(page)


@pytest.mark.parametrize(
    "page",
    [
        b"<html><head><title>21 CFR Part 701</title></head><body>" + LONG,
        b"<html><body>" + LONG + b"<p>CAPTCHA: an alternative shall be provided.</p></body>",
        b"<RULE>A CAPTCHA shall have an alternative.</RULE>",
        b"",
    ],
)
def test_a_law_is_no_such_page(page: bytes) -> None:
    assert not looks_like_captcha(page)


def test_the_gate_of_the_federal_register_is_known_by_its_address() -> None:
    assert looks_like_captcha(b"anything", "https://unblock.federalregister.gov/")
    assert not looks_like_captcha(b"anything", "https://www.federalregister.gov/")


def test_the_first_bytes_of_an_answer(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"abc" * 100)
    answer = Answer("u", "u", tmp_path / "a", "", 300)
    assert first_bytes(answer, 4) == b"abca"
    assert len(first_bytes(answer)) == 300
