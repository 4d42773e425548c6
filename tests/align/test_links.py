"""The address of a source: the law's, the document's, or none, and never a dangerous one."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tribonian.align.built import BuiltPrinciple, Origin
from tribonian.align.pairs.links import link
from tribonian.ingest.ecfr.addresses import Bases, parse_address
from tribonian.ingest.ecfr.units import Asked, CfrUnit


def address(
    citation: str | None, document: str = "title-21.xml", as_of: str | None = "2026-01-29"
) -> str | None:
    origin = Origin(document, "0" * 64, "//P[1]", as_of)
    principle = BuiltPrinciple(
        "/x", "principles.json", (0,), "Label", "Text.", citation, (), True, 2, (origin,)
    )
    return link(principle, origin)


DAY = "https://www.ecfr.gov/on/2026-01-29"
# citations as builds have them, with the page that shows the unit
UNITS = [
    ("21 CFR", f"{DAY}/title-21"),
    ("21 CFR Chapter I", f"{DAY}/title-21/chapter-I"),
    ("21 CFR Chapter I Subchapter G", f"{DAY}/title-21/chapter-I/subchapter-G"),
    ("21 CFR Part 11", f"{DAY}/title-21/part-11"),
    ("21 CFR Part 11 Subpart B", f"{DAY}/title-21/part-11/subpart-B"),
    ("21 CFR 11.10", f"{DAY}/title-21/section-11.10"),
    ("21 CFR 11.10(a)", f"{DAY}/title-21/section-11.10#p-11.10(a)"),
    ("21 CFR 101.9(c)(8)(iv)", f"{DAY}/title-21/section-101.9#p-101.9(c)(8)(iv)"),
    ("26 CFR 1.263(a)-3", f"{DAY}/title-26/section-1.263(a)-3"),
    ("41 CFR 50-201.1", f"{DAY}/title-41/section-50-201.1"),
    ("21 CFR Appendix A to Part 110",
     f"{DAY}/title-21/part-110/appendix-Appendix%20A%20to%20Part%20110"),
    ("12 CFR Supplement I to Part 1026",
     f"{DAY}/title-12/part-1026/appendix-Supplement%20I%20to%20Part%201026"),
]  # fmt: skip


@pytest.mark.parametrize(("citation", "expected"), UNITS, ids=[row[0] for row in UNITS])
def test_a_unit_of_the_cfr_is_shown_by_ecfr_as_of_the_day_that_was_read(
    citation: str, expected: str
) -> None:
    assert address(citation) == expected


@pytest.mark.parametrize(("citation", "expected"), UNITS, ids=[row[0] for row in UNITS])
def test_an_address_that_we_make_is_one_that_we_read(citation: str, expected: str) -> None:
    asked = parse_address(expected, Bases())
    assert isinstance(asked, Asked)
    assert asked.date == "2026-01-29"
    (unit,) = asked.wanted
    assert isinstance(unit, CfrUnit)
    assert unit.citation == citation


def test_designators_that_no_address_has_lead_to_the_section() -> None:
    assert address("21 CFR 101.70(f)D.") == f"{DAY}/title-21/section-101.70"


@pytest.mark.parametrize(
    ("citation", "document", "as_of"),
    [
        ("21 CFR 11.10", "title-21.xml", None),  # of which day nobody knows
        ("21 CFR 11.10", "title-21.xml", "2012-04-01"),  # older than what ecfr.gov shows
        ("21 CFR 11.10", "title-21.xml", "yesterday"),
        ("99 CFR 100.1", "sample.xml", "2026-01-29"),  # the CFR has fifty titles
        ("99 CFR Appendix A to Part 110", "sample.xml", "2026-01-29"),
        ("GDPR Article 5", "gdpr.html", "2026-01-29"),
        ("3 CFR Proclamation 9582", "title-3.xml", "2026-01-29"),  # no unit that has a page
        (None, "guide.pdf", "2026-01-29"),
        (None, "regs.zip/part-11.xml", None),
        (None, "s3://bucket/part-11.xml", None),
    ],
)
def test_what_has_no_page_has_no_address(
    citation: str | None, document: str, as_of: str | None
) -> None:
    assert address(citation, document, as_of) is None


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ("https://www.fda.gov/guide?id=7#part", "https://www.fda.gov/guide?id=7#part"),
        ("http://example.org/a b/ü.html", "http://example.org/a%20b/%C3%BC.html"),
        ("https://me:secret@example.org/x", "https://example.org/x"),
        ("https://example.org/laws.zip/inner/one.html", "https://example.org/laws.zip"),
        ('https://example.org/"><script>alert(1)</script>',
         "https://example.org/%22%3E%3Cscript%3Ealert(1)%3C/script%3E"),
    ],
)  # fmt: skip
def test_a_web_document_has_its_own_address(document: str, expected: str) -> None:
    assert address(None, document, None) == expected
    assert address("21 CFR 11.10", document) == expected


def test_a_page_of_ecfr_that_was_asked_for_leads_to_the_section_itself() -> None:
    asked = "https://www.ecfr.gov/current/title-21/part-11"
    assert address("21 CFR 11.10", asked) == f"{DAY}/title-21/section-11.10"


@pytest.mark.parametrize(
    "document",
    [
        "javascript:alert(1)",
        " javascript:alert(1)//https://example.org",
        "file:///etc/passwd",
        "data:text/html,<script>alert(1)</script>",
        "https:javascript:alert(1)",
        "https://",
        "https://exa mple.org/x",
        'https://example.org"onmouseover="x/',
        "https://example.org\\@evil.example/",
        "https://example.org/\r\nx",
        "https://[::1/x",
        "https://example.org/" + "x" * 9000,
        "//example.org/x",
    ],
)
def test_what_is_no_plain_web_address_is_none(document: str) -> None:
    assert address(None, document, None) is None


@given(st.one_of(st.none(), st.text()), st.text(), st.one_of(st.none(), st.text()))
def test_whatever_the_names_an_address_is_one_of_the_web(
    citation: str | None, document: str, as_of: str | None
) -> None:
    for each in (document, f"https://{document}"):
        found = address(citation, each, as_of)
        if found is not None:
            assert urlsplit(found).scheme in ("http", "https")
            assert not set(found) & set("\"'<> \n\r\t\\")
