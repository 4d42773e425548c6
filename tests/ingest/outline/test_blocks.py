"""Styled blocks as the blocks of one unit."""

from __future__ import annotations

import pytest

from tribonian.ingest.nesting import Block
from tribonian.ingest.outline.blocks import after, emphasis, unit_blocks
from tribonian.ingest.outline.roles import Roles
from tribonian.ingest.record import Reading
from tribonian.ingest.styled import Styled

TEXT = "The operator keeps a record of each lamp that was lit, for five years."


def made(*lines: Styled | str) -> list[Block]:
    run = [Styled(line) if isinstance(line, str) else line for line in lines]
    return list(unit_blocks(run, Roles(run, Reading()), 0, len(run)))


def test_a_bold_beginning_of_a_clause_is_its_heading() -> None:
    # a bank's policy: "**1.2 Management.** Management carries out …"
    _, clause = made(
        Styled("1.1 Board. It approves.", bolds=((0, 10),)),
        Styled("1.2 Management. It acts.", bolds=((0, 15),)),
    )
    assert clause.node is not None
    assert (clause.node.kind, clause.node.designator) == ("paragraph", "1.2")
    assert (clause.node.heading, clause.node.text) == ("Management.", "It acts.")


def test_a_clause_that_counts_as_a_whole_ranks_above_its_divisions() -> None:
    whole, part = made("1.0 The operator keeps records.", "1.1 They are kept for five years.")
    assert whole.rank < part.rank


def test_a_short_clause_over_its_text_is_a_heading_in_plain_type() -> None:
    # SOPs and standards as text: "4.1 General" over a paragraph
    heading, _ = made("4.1 General", TEXT)
    assert heading.node is not None
    assert (heading.node.kind, heading.node.designator, heading.node.heading) == (
        "heading", "4.1", "General",
    )  # fmt: skip


@pytest.mark.parametrize(
    "lines",
    [
        ("12 Wick Street", "Springfield, IL 62701, United States"),  # an address
        ("21 CFR Part 11", TEXT),
        ("1 Lamp;", TEXT), ("1 Lamp", "2 Lamps"),
        ("3.2 Lamps and oil", "4.0 A HIGHER HEADING THAN THE ONE ABOVE"),  # an item that is last
    ],
)  # fmt: skip
def test_a_numbered_line_in_plain_type_is_no_heading(lines: tuple[str, ...]) -> None:
    assert all(block.node is None or block.node.kind != "heading" for block in made(*lines)[:1])


def test_a_heading_with_a_level_may_be_a_term_in_lower_case() -> None:
    (heading,) = made(Styled("3.1.2 wick", level=4))
    assert heading.node is not None
    assert (heading.node.designator, heading.node.heading) == ("3.1.2", "wick")


def test_what_runs_on_behind_a_heading_keeps_its_type() -> None:
    rest = after(Styled("§ 1. Scope. Lamps burn.", bolds=((0, 11),), italics=((12, 17),)), 11)
    assert rest.text == "Lamps burn."
    assert (rest.italics, rest.bolds) == (((0, 5),), ())


@pytest.mark.parametrize(
    ("block", "spans"),
    [
        (Styled("(a) General. Lamps burn.", italics=((4, 12),)), ((4, 12),)),
        (Styled("(a) General. Lamps burn.", bolds=((0, 12),)), ((4, 12),)),  # without its number
        (Styled("(a) Lamps burn all night.", bolds=((0, 25),)), ()),  # wholly bold says nothing
        (Styled("Lamps burn. They do.", bolds=((0, 11),)), ()),  # no number before it
        (Styled("(a) Lamps"), None),  # no styles at all
    ],
)
def test_type_at_the_beginning_of_a_paragraph_may_be_its_heading(
    block: Styled, spans: tuple[tuple[int, int], ...] | None
) -> None:
    assert emphasis(block) == spans
