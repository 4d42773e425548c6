"""A unit of the section tree as printed lines."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tribonian.consolidate.rendering import own_text, plain_text, render
from tribonian.consolidate.selection import Selection
from tribonian.schemas.tree import Node
from tribonian.schemas.words import count_words


def lines_of(*nodes: Node) -> list[str]:
    lines, left = render(nodes, lambda node: None)
    assert left == []
    return [line.text for line in lines]


def test_a_paragraph_is_its_number_its_heading_and_its_text() -> None:
    node = Node("paragraph", "(a)", "Scope.", "This part applies.")
    assert lines_of(node) == ["(a) Scope. This part applies."]


def test_a_heading_that_ends_in_a_dash_runs_into_its_text() -> None:
    assert lines_of(Node("paragraph", "(a)", "Scope—", "this part.")) == ["(a) Scope—this part."]


def test_a_unit_printed_in_the_paragraph_before_it_stays_in_that_line() -> None:
    # 21 CFR 101.9(b)(1): "(b) Title—(1) Sub. (i) Text"
    inner = Node("paragraph", "(i)", "", "Weigh it.", joined=True)
    middle = Node("paragraph", "(1)", "Sub.", children=(inner,), joined=True)
    lines, _ = render((Node("paragraph", "(b)", "Title—", children=(middle,)),), lambda node: None)
    assert [line.text for line in lines] == ["(b) Title—(1) Sub. (i) Weigh it."]
    assert (lines[0].path, lines[0].last) == ("(b)", "(b)(1)(i)")


def test_numbers_printed_one_after_the_other_stay_so() -> None:
    inner = Node("paragraph", "(1)", "", "Weigh it.", joined=True)
    assert lines_of(Node("paragraph", "(a)", children=(inner,))) == ["(a)(1) Weigh it."]


def test_levels_follow_the_nesting() -> None:
    deep = Node("paragraph", "(i)", "", "third")
    middle = Node("paragraph", "(1)", "", "second", children=(deep,))
    lines, _ = render((Node("paragraph", "(a)", "", "first", children=(middle,)),), lambda _: None)
    assert [(line.level, line.path) for line in lines] == [
        (0, "(a)"),
        (1, "(a)(1)"),
        (2, "(a)(1)(i)"),
    ]


def test_a_note_begins_in_the_line_of_its_heading() -> None:
    note = Node(
        "note",
        heading="Note:",
        children=(Node("paragraph", text="First."), Node("paragraph", text="Second.")),
    )
    assert lines_of(note) == ["Note: First.", "Second."]


def test_a_table_stands_by_itself_under_its_caption() -> None:
    table = Node("table", heading="Table 1", text="| a |\n| --- |\n| 1 |")
    after = Node("paragraph", text="After.", joined=True)
    assert lines_of(Node("paragraph", "(a)", "", "See:"), table, after) == [
        "(a) See:",
        "Table 1\n\n| a |\n| --- |\n| 1 |",
        "After.",
    ]


def test_what_is_left_out_is_listed_with_its_reason_words_and_place() -> None:
    nodes = (
        Node("paragraph", "(a)", "", "Law stays."),
        Node("paragraph", "(b)", "", "[Reserved]", locator="//P[2]"),
        Node("history", text="[42 FR 15674, Mar. 22, 1977]", locator="//CITA[1]"),
    )
    lines, left = render(nodes, Selection().reason)
    assert [line.text for line in lines] == ["(a) Law stays."]
    assert [tuple(row) for row in left] == [
        ("(b) [Reserved]", "reserved", "//P[2]", 2),
        ("[42 FR 15674, Mar. 22, 1977]", "history", "//CITA[1]", 6),
    ]


def test_plain_text_is_one_block_a_line() -> None:
    node = Node("note", heading="Note:", children=(Node("paragraph", text="First."),))
    assert own_text(node) == "Note:"
    assert plain_text(node) == "Note:\nFirst."


_words = st.lists(st.sampled_from(("lot", "§ 1.2", "CO₂", "½", "[Reserved]", "—")), max_size=4)
_numbers = st.sampled_from(("", "(a)", "(1)", "1."))
_text = _words.map(" ".join)
_leaf = st.one_of(
    st.builds(Node, st.just("paragraph"), _numbers, st.sampled_from(("", "Scope.", "Title—")),
              _text, joined=st.booleans()),
    st.builds(Node, st.just("note"), heading=st.sampled_from(("", "Note:"))),
    st.builds(Node, st.just("heading"), heading=_text),
    st.builds(Node, st.just("table"), heading=_text, text=_text),
    st.builds(Node, st.sampled_from(("definition", "history", "stars", "figure")), text=_text),
)  # fmt: skip
_tree = st.recursive(
    _leaf,
    lambda inner: st.builds(
        lambda node, children: Node(
            node.kind, node.designator, node.heading, node.text, None, "", tuple(children), 0,
            node.joined,
        ),
        _leaf,
        st.lists(inner, max_size=3),
    ),
    max_leaves=12,
)  # fmt: skip


@given(st.lists(_tree, max_size=4))
def test_every_word_is_in_a_line_or_left_out(nodes: list[Node]) -> None:
    lines, left = render(tuple(nodes), Selection().reason)
    printed = sum(count_words(line.text) - line.added for line in lines)
    words_left = sum(row.words for row in left)
    assert printed + words_left == sum(node.total_words() for node in nodes)
    assert all(line.text.strip() for line in lines)
