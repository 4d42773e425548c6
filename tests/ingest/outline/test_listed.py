"""Lists that a document sets out itself are nested as it sets them."""

from __future__ import annotations

from tribonian.ingest.outline.blocks import emphasis
from tribonian.ingest.outline.listed import list_nodes
from tribonian.ingest.outline.roles import Roles
from tribonian.ingest.record import Reading
from tribonian.ingest.styled import Styled


def item(text: str, level: int, indent: float = -1.0, **more: object) -> Styled:
    deep = 18.0 * level if indent < 0 else indent
    return Styled(text, list_level=level, indent=deep, **more)  # type: ignore[arg-type]


def listed(*run: Styled) -> tuple[str, int]:
    """The items as ``1.(a. b.) 2.``, and how many blocks were taken."""
    nodes, end = list_nodes(run, Roles(run, Reading()), 0, len(run), emphasis)

    def said(nodes: object) -> str:
        return " ".join(
            (node.designator or node.text.split()[0])
            + (f"({said(node.children)})" if node.children else "")
            for node in nodes  # type: ignore[attr-defined]
        )

    return said(nodes), end


def test_levels_and_indents_say_how_deep_an_item_stands() -> None:
    run = (item("1. Oil", 1), item("a. Olive", 2), item("b. Whale", 2), item("2. Gas", 1))
    assert listed(*run) == ("1.(a. b.) 2.", 4)
    assert listed(item("1. Oil", 1, 18), item("a. Olive", 1, 36), item("2. Gas", 1, 18)) == (
        "1.(a.) 2.", 3,
    )  # fmt: skip


def test_a_paragraph_set_in_as_far_as_its_item_goes_on_below_it() -> None:
    run = (item("• Oil", 1), Styled("It smells.", indent=18.0), item("• Gas", 1))
    assert listed(*run) == ("•(It) •", 3)


def test_a_paragraph_that_is_not_set_in_ends_the_list() -> None:
    assert listed(item("1. Oil", 1), Styled("It smells."), item("2. Gas", 1)) == ("1.", 1)


def test_numbers_that_do_not_go_on_in_their_list_undo_it() -> None:
    # the level is a converter's guess: let the numbers tell
    assert listed(item("1. Oil", 1), item("a. Olive", 1), item("2. Gas", 1)) == ("", 3)


def test_the_tags_of_a_printed_page_are_not_trusted() -> None:
    assert listed(item("1. Oil", 1, page=3)) == ("", 0)


def test_numbered_items_of_law_are_nested_by_their_numbers() -> None:
    # § 11.1 (a), (1), (i): a web page marks all of them as items of one level
    run = (Styled("§ 11.1 Scope.", level=2), item("(a) Oil", 1), item("(1) Olive", 1))
    nodes, end = list_nodes(run, Roles(run, Reading()), 1, 3, emphasis)
    assert (nodes, end) == ([], 1)


def test_an_item_that_is_a_heading_or_bears_a_note_is_no_item() -> None:
    assert listed(item("1. Oil", 1)._replace(level=2)) == ("", 0)
    assert listed(item("• Oil", 1, marks=("1",))) == ("", 0)
