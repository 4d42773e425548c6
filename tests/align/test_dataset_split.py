"""The split by law: units of principles, shares, and what stays where it was."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tribonian.align.dataset.entries import TRAINING, VALIDATION, Entry, Source
from tribonian.align.dataset.split import split
from tribonian.align.pairs.unit import unit_of

BUILD = Source("build", "pair", True, 0)


@pytest.mark.parametrize(
    ("principle", "unit"),
    [
        ("/us/cfr/t21/s701.3", "/us/cfr/t21/s701.3"),
        ("/us/cfr/t21/s701.3/b/2/iii", "/us/cfr/t21/s701.3"),
        ("/us/cfr/t21/s701.3~2", "/us/cfr/t21/s701.3"),  # two versions, or a piece without number
        ("/us/cfr/t21/s701.3/c~4", "/us/cfr/t21/s701.3"),
        ("/us/cfr/t41/s50-201.1/a", "/us/cfr/t41/s50-201.1"),
        ("/us/cfr/t21/ptA/spt1/s1.1/a", "/us/cfr/t21/ptA/spt1/s1.1"),
        ("/us/cfr/t99/Appendix-A-to-Part-110~2", "/us/cfr/t99/Appendix-A-to-Part-110"),
        ("/us/cfr/t99/Appendix-A-to-Part-110/1/a", "/us/cfr/t99/Appendix-A-to-Part-110"),
        ("/us/cfr/t99/pt110", "/us/cfr/t99/pt110"),
        ("/us/cfr/t99/pt110/sptA", "/us/cfr/t99/pt110/sptA"),
        ("/us/cfr/t99", "/us/cfr/t99"),
        ("/w703f172ceeb85cb8", "/w703f172ceeb85cb8"),
        ("/w703f172ceeb85cb8/a~3", "/w703f172ceeb85cb8"),
        ("/GDPR-Article-5/1/a", "/GDPR-Article-5"),
        ("/", "/"),
    ],
)
def test_the_pieces_of_a_section_are_one_unit(principle: str, unit: str) -> None:
    assert unit_of(principle) == unit


def entries(*rows: tuple[str | None, str]) -> list[Entry]:
    """Rows of a principle (or none) and a question."""
    return [
        Entry(BUILD, n, principle_id=principle, asked=question.encode())
        for n, (principle, question) in enumerate(rows, 1)
    ]


def test_rows_of_no_law_are_trained_on_unless_law_has_their_question() -> None:
    law = [(f"/us/cfr/t1/s{n}", f"q{n}") for n in range(40)]
    rows = entries(*law, *((None, f"q{n}") for n in range(40)), *((None, f"o{n}") for n in "abc"))
    split(rows, 0.5, 0)
    for one, other in zip(rows[:40], rows[40:80], strict=True):
        assert one.split == other.split
    assert {each.split for each in rows[80:]} == {TRAINING}
    assert {each.split for each in rows[:40]} == {TRAINING, VALIDATION}


_rows = st.lists(
    st.tuples(st.none() | st.integers(0, 30).map(lambda n: f"/us/cfr/t1/s{n}/a"),
              st.integers(0, 200).map(str)),
    min_size=1, max_size=200,
)  # fmt: skip


@given(rows=_rows, share=st.floats(0, 0.99), seed=st.integers(0, 9))
def test_no_unit_and_no_question_is_on_both_sides(
    rows: list[tuple[str | None, str]], share: float, seed: int
) -> None:
    made = entries(*rows)
    found = split(made, share, seed)
    sides: dict[object, set[str]] = {}
    for each in made:
        sides.setdefault(each.asked, set()).add(each.split)
        if each.principle_id:
            sides.setdefault(unit_of(each.principle_id), set()).add(each.split)
    assert all(len(side) == 1 for side in sides.values())
    assert found.taken == sum(each.split == VALIDATION for each in made)
    assert found.taken <= max(2 * found.wanted, 0)
    assert found.taken < len(made)


def test_the_share_is_met_as_nearly_as_groups_allow() -> None:
    rows = entries(*((f"/us/cfr/t1/s{n % 200}", f"q{n}") for n in range(1000)))
    for seed in range(5):
        found = split(rows, 0.1, seed)
        assert abs(found.taken - 100) <= 2 and found.groups == 200


def test_another_seed_takes_other_law() -> None:
    rows = entries(*((f"/us/cfr/t1/s{n}", f"q{n}") for n in range(100)))
    chosen = []
    for seed in (0, 1):
        split(rows, 0.2, seed)
        chosen.append({each.number for each in rows if each.split == VALIDATION})
    assert chosen[0] != chosen[1]


def test_a_group_stays_where_it_was_when_rows_are_added() -> None:
    rows = [(f"/us/cfr/t1/s{n}", f"q{n}") for n in range(500)]
    before, after = (
        entries(*rows),
        entries(*rows, *((f"/us/cfr/t2/s{n}", f"r{n}") for n in range(50))),
    )
    split(before, 0.1, 0)
    split(after, 0.1, 0)
    moved = sum(one.split != other.split for one, other in zip(before, after, strict=False))
    assert moved <= 10  # those at the edge of the share; a new draw would move ninety
