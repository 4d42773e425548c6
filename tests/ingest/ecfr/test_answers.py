"""Is an answer what was asked for?"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.servers.misbehaviour import CAPTCHA, HTML_ERROR
from tribonian.ingest.ecfr.answers import (
    Check,
    OtherUnitError,
    SpoiltError,
    json_check,
    xml_check,
)
from tribonian.ingest.ecfr.titles import parse_titles
from tribonian.ingest.ecfr.units import CfrUnit
from tribonian.ingest.web.answer import Answer, UnavailableError, WebError

PART = b"""<?xml version="1.0"?>
<DIV5 N="11" TYPE="PART"><HEAD>PART 11</HEAD>
<DIV8 N="11.1" TYPE="SECTION"><HEAD>&#xA7; 11.1 Scope.</HEAD><P>(a) Law.</P></DIV8>
</DIV5>
"""
TITLE = b'<ECFR><DIV1 N="21" TYPE="TITLE"><HEAD>Title 21</HEAD>' + PART[22:] + b"</DIV1></ECFR>\n"
UNIT = CfrUnit(21, part="11")
CHECK = xml_check("21 CFR Part 11", UNIT)


def check(check: Check, body: bytes, folder: Path, found: str = "https://www.ecfr.gov/api") -> None:
    path = folder / "body"
    path.write_bytes(body)
    check(Answer(found, found, path, "0" * 64, len(body)))


@pytest.mark.parametrize(
    ("unit", "body"),
    [
        (UNIT, PART),
        (UNIT, b"\xef\xbb\xbf" + PART),
        (UNIT, PART + b"<!-- the end -->\n"),
        (UNIT, TITLE),
        (CfrUnit(21, part="11", section="11.1"), PART),  # a section inside its part
        (CfrUnit(21), TITLE),
        (UNIT, b'<DIV5 N="11" TYPE="PART"/>'),
    ],
)
def test_whole_text_that_holds_the_unit_is_what_was_asked_for(
    unit: CfrUnit, body: bytes, tmp_path: Path
) -> None:
    check(xml_check(unit.citation, unit), body, tmp_path)


@pytest.mark.parametrize(
    ("body", "kind", "said"),
    [
        (b"", WebError, "answer for 21 CFR Part 11 is empty"),
        (b" \n ", WebError, "answer for 21 CFR Part 11 is empty"),
        (CAPTCHA, WebError, ("Instead of 21 CFR Part 11 the eCFR sent a page that asks whether you "
         "are human")),
        (HTML_ERROR, SpoiltError, "Instead of 21 CFR Part 11 the server sent a web page"),
        (b'{"error":"No matching content found."}', SpoiltError,
         "answer for 21 CFR Part 11 says 'No matching content found.'"),
        (b'{"message":["x"]}', SpoiltError, "says \"\\['x'\\]\""),
        (b"{", SpoiltError, "is something else"),
        (b"PART 11", SpoiltError, "is something else"),
        (b"<rss></rss>", SpoiltError, "begins with <rss> and is no text of the CFR"),
        (PART[:-20], UnavailableError, "breaks off before its end"),
        (PART[:60], UnavailableError, "breaks off before its end"),
        (b"<ECFR></ECFR>", WebError, "holds no unit of the CFR"),
        (PART.replace(b'N="11"', b'N="12"'), OtherUnitError, "is the text of something else"),
        (TITLE.replace(b'N="21"', b'N="22"'), OtherUnitError, "is the text of something else"),
        (b'<DIV5 N="11" TYPE="PART"><DIV6 N="A" TYPE="SUBPART"></DIV5>', WebError,
         "cannot be used: the XML breaks off within a unit"),
    ],
)  # fmt: skip
def test_anything_else_is_a_sentence_of_its_own(
    body: bytes, kind: type[WebError], said: str, tmp_path: Path
) -> None:
    with pytest.raises(WebError, match=said) as error:
        check(CHECK, body, tmp_path)
    assert type(error.value) is kind
    assert str(error.value).endswith(".")


def test_a_page_of_the_gate_is_known_by_where_it_was_found(tmp_path: Path) -> None:
    with pytest.raises(WebError, match="asks whether you are human"):
        check(CHECK, b"<x/>", tmp_path, "https://unblock.federalregister.gov/")


def test_a_part_where_the_title_was_asked_for_is_something_else(tmp_path: Path) -> None:
    with pytest.raises(OtherUnitError):
        check(xml_check("title 21", CfrUnit(21)), PART, tmp_path)


def test_json_is_what_was_asked_for_if_it_can_be_read(tmp_path: Path) -> None:
    check(json_check("the titles", parse_titles), b'{"titles": [{"number": 1}]}', tmp_path)
    with pytest.raises(WebError, match="not as its API describes it"):
        check(json_check("the titles", parse_titles), b"{}", tmp_path)
    with pytest.raises(SpoiltError, match="Instead of the titles the server sent a web page"):
        check(json_check("the titles", parse_titles), HTML_ERROR, tmp_path)
