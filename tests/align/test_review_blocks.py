"""Tables of the law shown as tables, and no word lost by it."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from tribonian.align.review.blocks import Block, blocks

TABLE = "| Lamp | Hours |\n| --- | --- |\n| oil | 8 |\n|  | a \\| b |"


def words(found: list[Block]) -> str:
    cells = [
        segment
        for block in found
        for cell in (block.segments, *block.heads, *(c for row in block.rows for c in row))
        for segment in cell
    ]
    return "".join(re.findall(r"\w", "".join(text for text, _ in cells)))


def test_text_without_a_table_is_one_block() -> None:
    assert blocks([("One.\n\n", ""), ("Two.", "shared")]) == [
        Block([("One.", ""), ("\n", ""), ("\n", ""), ("Two.", "shared")])
    ]


def test_a_table_has_its_heads_and_its_cells_with_their_marks() -> None:
    found = blocks([("Before:\n\n" + TABLE[:-9], ""), ("a \\| b", "shared"), (" |\n\nAfter.", "")])
    before, table, after = found
    assert (before.segments, after.segments) == ([("Before:", "")], [("After.", "")])
    assert table.heads == [[(" Lamp ", "")], [(" Hours ", "")]]
    assert table.rows == [[[(" oil ", "")], [(" 8 ", "")]], [[], [("a | b", "shared")]]]


def test_a_table_without_a_rule_has_no_heads_and_one_line_with_bars_is_text() -> None:
    (table,) = blocks([("| a | b |\n| c | d |", "")])
    assert (table.heads, len(table.rows)) == ([], 2)
    (text,) = blocks([("| x |", "")])
    assert text.segments == [("| x |", "")]


@given(st.lists(st.tuples(st.text("ab|\\-\n :", max_size=12), st.sampled_from(["", "shared"]))))
def test_no_word_is_lost(segments: list[tuple[str, str]]) -> None:
    given_words = "".join(re.findall(r"\w", "".join(text for text, _ in segments)))
    assert words(blocks(segments)) == given_words
