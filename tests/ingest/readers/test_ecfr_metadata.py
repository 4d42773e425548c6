"""What ``hierarchy_metadata`` say, and the citations that a root has from them."""

from __future__ import annotations

import json
from collections.abc import Callable
from html import escape
from typing import Any

import pytest

from tribonian.ingest.readers.ecfr_metadata import Said, cited_above, parsed, said_by

Read = Callable[..., Any]
SUBCHAPTER = {
    "path": "/on/2026-01-29/title-21/subtitle-A/chapter-I/subchapter-G",
    "citation": "21 CFR Subtitle A Chapter I Subchapter G",
}


@pytest.mark.parametrize("times", [0, 1])
def test_metadata_are_read_however_often_they_are_escaped(times: int) -> None:
    value = json.dumps(SUBCHAPTER)

    assert said_by(escape(value) if times else value) == Said(
        SUBCHAPTER["path"], "21", "2026-01-29", citation=SUBCHAPTER["citation"]
    )


@pytest.mark.parametrize("value", [None, "", "{", "[]", "7", "[" * 100_000])
def test_what_is_no_mapping_says_nothing(value: str | None) -> None:
    assert parsed(value) == {}
    assert said_by(value) == Said()


def test_the_title_of_an_appendix_is_in_its_path() -> None:
    # 40 CFR part 50, as the API answers for one appendix
    value = (
        '{"path":"/on/_SUBSTITUTE_DATE_/title-40/part-50/appendix-Appendix A-1 to Part 50",'
        '"citation":"Appendix A-1 to Part 50, Title 40"}'
    )

    assert (said_by(value).title, said_by(value).date) == ("40", None)


# path, and the citation of what the unit stands in
ABOVE = [
    ("/on/2026-01-29/title-21/chapter-I/subchapter-G", "21 CFR Chapter I"),
    (SUBCHAPTER["path"], "21 CFR Subtitle A Chapter I"),
    ("/on/_SUBSTITUTE_DATE_/title-12/part-1005/subpart-A", "12 CFR Part 1005"),
    ("/on/2026-01-29/title-21/chapter-I", ""),
    ("/on/2026-01-29/title-21/part-701", ""),
    ("", ""),
]


@pytest.mark.parametrize(("path", "citation"), ABOVE)
def test_the_path_of_a_unit_tells_what_it_stands_in(path: str, citation: str) -> None:
    assert cited_above(path, citation.partition(" ")[0]) == citation


@pytest.mark.parametrize(
    ("tag", "number", "head", "path", "citation"),
    [
        ("DIV4", "G", "SUBCHAPTER G—COSMETICS", "title-21/chapter-I/subchapter-G",
         "21 CFR Chapter I Subchapter G"),
        ("DIV3", "I", " CHAPTER I—FOOD", "title-21/chapter-I", "21 CFR Chapter I"),
        ("DIV3", "II", " CHAPTER II—GRANTS", "title-2/subtitle-A/chapter-II",
         "2 CFR Subtitle A Chapter II"),
        ("DIV6", "A", "Subpart A—General", "title-21/part-701/subpart-A",
         "21 CFR Part 701 Subpart A"),
        ("DIV5", "741-799", "PARTS 741-799 [RESERVED]", "title-21/part-741-799",
         "21 CFR Parts 741-799"),
    ],
)  # fmt: skip
def test_a_unit_cut_out_of_its_title_is_cited_as_it_is_there(
    read_xml: Read, tag: str, number: str, head: str, path: str, citation: str
) -> None:
    said = escape(json.dumps({"path": f"/on/2026-01-29/{path}"}))

    read = read_xml(
        f'<{tag} N="{number}" hierarchy_metadata="{said}"><HEAD>{head}</HEAD></{tag}>', title=None
    )

    assert read.root.citation == citation
    assert read.reading.as_of == "2026-01-29"


def test_a_root_without_metadata_is_cited_by_the_title_alone(read_xml: Read) -> None:
    root = read_xml('<DIV4 N="G"><HEAD>SUBCHAPTER G</HEAD></DIV4>').root

    assert root.citation == "21 CFR Subchapter G"
