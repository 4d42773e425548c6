"""Reasons of an act between ``Whereas:`` and its enacting words, and numbers that are none."""

from __future__ import annotations

import pytest

from tribonian.ingest.outline.recitals import with_recitals
from tribonian.schemas.tree import Node


def p(text: str, designator: str = "", *children: Node) -> Node:
    return Node("paragraph", designator, "", text, children=children)


def kinds(nodes: tuple[Node, ...]) -> list[str]:
    return [f"{node.kind} {node.designator}".strip() for top in nodes for node in top.walk()]


REASONS = (p("Lamps give light.", "(1)"), p("Light is good.", "(2)"))


@pytest.mark.parametrize("whereas", ["Whereas:", "WHEREAS", "Whereas"])
def test_numbered_paragraphs_behind_whereas_are_recitals(whereas: str) -> None:
    # Regulation (EU) 2016/679
    found = with_recitals((p("Having regard to the Treaty,"), p(whereas), *REASONS))
    assert kinds(found) == ["paragraph", "heading", "recital (1)", "recital (2)"]


def test_the_enacting_words_are_of_no_recital() -> None:
    last = p("Light is good.", "(2)", p("HAVE ADOPTED THIS REGULATION:"))
    found = with_recitals((p("Whereas:"), REASONS[0], last))
    assert kinds(found) == ["heading", "recital (1)", "recital (2)", "paragraph"]


def test_footnotes_and_page_heads_do_not_end_the_recitals() -> None:
    between = (Node("running-head", text="L 119/1"), Node("footnote", text="OJ C 1."))
    found = with_recitals((p("Whereas:"), REASONS[0], *between, REASONS[1]))
    assert kinds(found).count("recital (2)") == 1


@pytest.mark.parametrize(
    "nodes",
    [
        (p("WHEREAS, the City needs lamps; and"), *REASONS),  # a contract: text, not a heading
        (p("Whereas:"), p("the City needs lamps"), *REASONS),  # reasons without numbers
        (p("Considering:"), *REASONS),
        (p("Whereas:"), p("Lamps", "1."), p("Oil", "2.")),
        (p("Whereas:"),),
        REASONS,
        (),
    ],
)
def test_other_paragraphs_stay_as_they_are(nodes: tuple[Node, ...]) -> None:
    assert with_recitals(nodes) == nodes


def test_recitals_below_the_title_of_an_act_are_found() -> None:
    title = Node("heading", "", "REGULATION (EU) 2030/1", children=(p("Whereas:"), *REASONS))
    (found,) = with_recitals((title,))
    assert kinds((found,)) == ["heading", "heading", "recital (1)", "recital (2)"]
