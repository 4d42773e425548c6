"""The section tree: nodes, their words, and the events it grows from."""

from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from tribonian.schemas.tree import (
    BLOCKS,
    CONTAINERS,
    KINDS,
    SECTIONS,
    Enter,
    Event,
    Leave,
    Node,
    grow,
)
from tribonian.schemas.words import count_words

STEADY = settings(derandomize=True, deadline=None, max_examples=100)


def test_a_walk_visits_nodes_in_reading_order() -> None:
    tree = Node(
        "section",
        "§ 701.3",
        children=(
            Node("paragraph", "(a)", children=(Node("paragraph", "(1)"), Node("paragraph", "(2)"))),
            Node("paragraph", "(b)"),
        ),
    )

    assert [node.designator for node in tree.walk()] == ["§ 701.3", "(a)", "(1)", "(2)", "(b)"]


def test_a_walk_goes_down_further_than_python_can_recurse() -> None:
    node = Node("paragraph", text="deepest")
    for _ in range(5_000):
        node = Node("paragraph", children=(node,))

    assert [each.text for each in node.walk()][-1] == "deepest"
    assert node.total_words() == 1


def test_own_words_are_those_of_number_heading_and_text_and_of_nothing_below() -> None:
    tree = Node("paragraph", "(a)", "Scope.", "Each lantern.", children=(Node("stars", text="x"),))

    assert tree.own_words() == 4  # a, Scope, Each, lantern
    assert tree.total_words() == 5


def test_words_that_a_reader_added_are_not_words_of_the_document() -> None:
    picture = Node("figure", text="[image: er17au22.015.gif]", added=4)

    assert picture.own_words() == 0
    assert Node("section", "§ 1.1", children=(picture,)).total_words() == 2


def test_a_number_and_a_heading_do_not_run_together_into_one_word() -> None:
    assert Node("paragraph", "(a)", "1", "2").own_words() == 3


def test_a_node_is_printed_with_the_seven_keys_of_read_json() -> None:
    # interface.md: {kind, designator, heading, text, citation, locator, children}
    node = Node(
        "paragraph", "(a)", "Scope.", "Text.", "21 CFR 1.1(a)", "//P[1]", (Node("stars"),), 3, True
    )

    assert node.as_json() == {
        "kind": "paragraph",
        "designator": "(a)",
        "heading": "Scope.",
        "text": "Text.",
        "citation": "21 CFR 1.1(a)",
        "locator": "//P[1]",
        "children": [
            {
                "kind": "stars",
                "designator": "",
                "heading": "",
                "text": "",
                "citation": None,
                "locator": "",
                "children": [],
            }
        ],
    }
    assert json.loads(json.dumps(node.as_json())) == node.as_json()


def test_every_kind_is_a_container_a_section_or_a_block_and_only_one_of_them() -> None:
    assert len(KINDS) == len(CONTAINERS) + len(SECTIONS) + len(BLOCKS)
    assert {"title", "part", "subject-group"} <= CONTAINERS
    assert {"section", "appendix"} == SECTIONS
    assert {"paragraph", "definition", "table", "revised-text"} <= BLOCKS


def test_one_node_at_the_top_is_the_root() -> None:
    part = Node("part", "PART 11")
    section = Node("section", "§ 11.1")

    root = grow([Enter(part), section, Leave()])

    assert root == Node("part", "PART 11", children=(section,))


def test_several_nodes_at_the_top_get_a_document_above_them() -> None:
    first, second = Node("section", "§ 1.1"), Node("section", "§ 1.2")

    assert grow([first, second]) == Node("document", children=(first, second))


def test_no_event_at_all_is_an_empty_document() -> None:
    assert grow([]) == Node("document")


def test_containers_nest_as_they_are_entered_and_left() -> None:
    events: list[Event] = [
        Enter(Node("title", "Title 21")),
        Node("metadata", text="before"),
        Enter(Node("chapter", "CHAPTER I")),
        Node("part", "PART 1"),
        Leave(),
        Node("part", "PART 2"),
        Leave(),
    ]

    root = grow(events)

    assert [(node.kind, node.designator) for node in root.walk()] == [
        ("title", "Title 21"),
        ("metadata", ""),
        ("chapter", "CHAPTER I"),
        ("part", "PART 1"),
        ("part", "PART 2"),
    ]
    assert [child.kind for child in root.children] == ["metadata", "chapter", "part"]


texts = st.text(alphabet="ab1 ²-_\n", max_size=12)
nodes = st.recursive(
    st.builds(Node, st.sampled_from(sorted(KINDS)), designator=texts, heading=texts, text=texts),
    lambda inner: st.builds(
        Node,
        st.just("paragraph"),
        designator=texts,
        text=texts,
        children=st.lists(inner, max_size=3).map(tuple),
    ),
    max_leaves=12,
)


@STEADY
@given(nodes)
def test_total_words_are_the_sum_of_own_words(node: Node) -> None:
    assert node.total_words() == sum(each.own_words() for each in node.walk())
    assert node.total_words() == sum(
        count_words(text)
        for each in node.walk()
        for text in (each.designator, each.heading, each.text)
    )
