"""Where units begin and end, whatever is done to the file."""

from __future__ import annotations

import io
import time
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from tribonian.errors import DocumentError
from tribonian.ingest.ecfr.scanning import BROKEN, Div, divs, opened
from tribonian.ingest.ecfr.slicing import cut
from tribonian.ingest.ecfr.units import CfrUnit

STEADY = settings(
    derandomize=True,
    deadline=None,
    max_examples=150,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def scan(xml: bytes) -> list[Div]:
    with opened(io.BytesIO(xml)) as source:
        return divs(source)


def test_every_unit_is_found_where_a_parser_finds_it(title_xml: bytes) -> None:
    parsed = [element for element in etree.fromstring(title_xml).iter()
              if str(element.tag)[:3] == "DIV"]  # fmt: skip

    found = scan(title_xml)

    assert [div.number for div in found] == [element.get("N") for element in parsed]
    for div, element in zip(found, parsed, strict=True):
        element.tail = None
        alone = etree.fromstring(title_xml[div.start : div.end])
        assert etree.tostring(alone, method="c14n") == etree.tostring(element, method="c14n")


def test_an_attribute_may_hold_the_end_of_a_tag_and_either_quotation_mark() -> None:
    [div] = scan(b"""<DIV5 A='"a">b' N = "7" B="c>'d"/>""")

    assert (div.number, div.attributes["A"], div.attributes["B"]) == ("7", '"a">b', "c>'d")
    assert div.start == 0
    assert div.end == div.after_tag


def test_references_in_a_number_are_resolved() -> None:
    assert scan(b'<DIV8 N="&#xA7; 1.1"></DIV8>')[0].number == "§ 1.1"


def test_the_wrapper_of_a_table_is_no_unit() -> None:
    assert len(scan(b'<DIV8 N="1.1"><DIV width="100%"><DIV class="a"></DIV></DIV></DIV8>')) == 1


def test_a_head_is_read_without_its_marks() -> None:
    [div] = scan(b'<DIV8 N="1.1">\n<HEAD>&#167; 1.1  Oil<SU>1</SU> &amp;\n gas. </HEAD></DIV8>')

    assert div.head == "§ 1.1 Oil1 & gas."


@pytest.mark.parametrize(
    "xml",
    [
        b'<DIV5 N="1"><DIV8 N="1.1"></DIV5>',
        b'<DIV5 N="1">',
        b"<DIV5 N=",
        b"<ECFR></DIV5></ECFR>",
        b'<DIV5 N="1"></DIV5><!-- ',
        b'<DIV5 N="1"></DIV5><![CDATA[ ',
    ],
)
def test_what_is_not_closed_is_a_sentence(xml: bytes) -> None:
    with pytest.raises(DocumentError) as caught:
        scan(xml)

    assert str(caught.value) == BROKEN


@pytest.mark.parametrize(
    "xml",
    [
        b"<DIV5 " + b"a" * 2_000_000,
        b"<DIV5 " * 300_000,
        b'<DIV5 a="' * 300_000,
        b"<DIV5>" + b"<!--" * 500_000,
        b"<DIV5>" + b"<?" * 500_000,
        b"<DIV5>" + b"<![CDATA[" * 300_000,
        b"<DIV5>" * 100_000,
        b"<DIV5><HEAD>" + b"<" * 1_000_000 + b"</HEAD></DIV5>",
    ],
)
def test_a_hostile_file_is_refused_or_read_at_once(xml: bytes) -> None:
    begun = time.perf_counter()
    with suppress(DocumentError):
        for div in scan(xml):
            assert isinstance(div.head, str)

    assert time.perf_counter() - begun < 10


@STEADY
@given(at=st.integers(0, 3_000), junk=st.binary(max_size=12), gone=st.integers(0, 40))
def test_a_damaged_file_is_cut_or_is_a_sentence(
    title_xml: bytes, at: int, junk: bytes, gone: int
) -> None:
    damaged = title_xml[:at] + junk + title_xml[at + gone :]

    for unit in (CfrUnit(99), CfrUnit(99, section="1.1"), CfrUnit(99, part="7")):
        out = io.BytesIO()
        with suppress(DocumentError):
            cut(io.BytesIO(damaged), unit, out, None)
