"""A title's structure as the API tells it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tribonian.ingest.ecfr.structure import StructureNode, parse_structure
from tribonian.ingest.web.answer import WebError


def node(kind: str, identifier: str, *children: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": kind, "identifier": identifier, "children": list(children), **more}


def parsed(tree: object) -> StructureNode:
    return parse_structure(json.dumps(tree).encode())


def test_the_kinds_are_those_of_the_section_tree_and_labels_are_plain_text() -> None:
    # A chapter's label begins with a space, and ampersands are escaped (saved answers).
    title = parsed(
        node(
            "title", "42",
            node(
                "chapter", "IV",
                node("part", "430", node("subject_group", "ECFR370de681c5a0a70")),
                label=" Chapter IV - Medicare &amp; Medicaid",
                label_level=" Chapter IV",
                label_description="Medicare &amp; Medicaid",
            ),
            label="Title 42 - Public Health",
        )
    )  # fmt: skip

    chapter = title.children[0]
    assert (chapter.kind, chapter.identifier) == ("chapter", "IV")
    assert chapter.label == "Chapter IV - Medicare & Medicaid"
    assert (chapter.label_level, chapter.label_description) == ("Chapter IV", "Medicare & Medicaid")
    assert chapter.children[0].children[0].kind == "subject-group"
    assert not title.reserved


def test_walking_gives_each_unit_with_its_path_in_the_order_of_the_law() -> None:
    title = parsed(node("title", "1", node("part", "1", node("section", "1.1")), node("part", "2")))

    assert ["/".join(step.identifier for step in path) for path in title.walk()] == [
        "1", "1/1", "1/1/1.1", "1/2",
    ]  # fmt: skip


def test_what_may_be_left_out_is_empty() -> None:
    # The title of the Swagger page has no "reserved", sections have no "children".
    row = {"type": "part", "identifier": "100", "reserved": True, "label": None}
    part = parsed({"type": "title", "identifier": "3", "children": [row]}).children[0]

    assert (part.reserved, part.label, part.children) == (True, "", ())


@pytest.mark.parametrize(
    ("row", "reserved"),
    [
        ({"reserved": True}, True),
        ({"reserved": False, "label": "Part 7 [Reserved]"}, True),
        ({"label_level": "Subpart B", "label_description": "Reserved"}, True),
        ({"label": "Part 7 - Reserved Seats"}, False),
        ({"reserved": "yes"}, False),
    ],
)
def test_a_unit_is_reserved_by_its_flag_or_by_its_heading(
    row: dict[str, Any], reserved: bool
) -> None:
    assert parsed(node("title", "1", node("part", "7", **row))).children[0].reserved == reserved


def test_a_heading_among_sections_is_no_unit_and_what_is_in_it_is() -> None:
    # "hed1" stands among the sections of some parts.
    title = parsed(node("title", "18", node("part", "101", node("hed1", "x", node("section", "1")),
                                            node("section", "2"))))  # fmt: skip

    assert [each.identifier for each in title.children[0].children] == ["1", "2"]


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (b"<html></html>", "is not JSON"),
        (b"", "is not JSON"),
        (b"[" * 100_000, "is not JSON"),
        (b"[]", "a unit that is not an object"),
        (b'{"error": "No matching content found."}', "a unit without type or identifier"),
        (b'{"type": "title", "identifier": "1", "children": 5}', "children that are not a list"),
        (b'{"type": "title", "identifier": "1", "children": [5]}', "a unit that is not an object"),
        (b'{"type": "title", "identifier": ["1"]}', "a identifier that is not text"),
        (b'{"type": "part", "identifier": "1"}', "begins with a part"),
    ],
)  # fmt: skip
def test_what_is_no_structure_is_one_sentence(answer: bytes, said: str) -> None:
    with pytest.raises(WebError, match=said) as error:
        parse_structure(answer)
    assert str(error.value).endswith(".")


def test_units_without_end_are_no_structure() -> None:
    tree = node("section", "1")
    for _ in range(50):
        tree = node("part", "1", tree)

    with pytest.raises(WebError, match="no end of units"):
        parsed(node("title", "1", tree))
