"""Numbers of the law: which come after which, what lies between two, what is near."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tribonian.ingest.ecfr.places import Places, ends, nearest, number_key, same_number
from tribonian.ingest.ecfr.structure import StructureNode


@pytest.mark.parametrize(
    ("kind", "in_order"),
    [
        ("section", ["701.3", "701.9", "701.10", "701.20a", "702.1"]),
        ("section", ["1.263(a)-0", "1.263(a)-3", "1.263(b)-1", "1.264-1"]),
        ("section", ["240.15c1-2", "240.15c1-10", "240.15c2-1"]),
        ("section", ["1601.0-1", "1601.0-10", "1601.1"]),
        ("part", ["2", "9", "10", "16", "16A", "50-201", "50-202", "51"]),
        ("chapter", ["I", "IV", "V", "IX", "X", "XL", "LXXXIII"]),
        ("subchapter", ["A", "B", "I", "Z"]),
        ("subpart", ["A", "Z", "AA", "BB", "AAA"]),
    ],
)
def test_numbers_sort_as_the_law_counts(kind: str, in_order: list[str]) -> None:
    assert sorted(in_order, key=lambda each: number_key(kind, each)) == in_order


@pytest.mark.parametrize(
    ("kind", "number", "inside", "outside"),
    [
        ("part", "741-799", "745", "800"),
        ("part", "50-1 - 50-200", "50-7", "50-201"),  # 41 CFR
        ("section", "1.40-1.41", "1.41", "1.42"),
        ("section", "120.441-§ 120.447", "120.443", "120.440"),
        ("section", "13.21 -13.29", "13.25", "13.3"),
        ("section", "210.12-05 - 210.12-08", "210.12-06", "210.12-09"),
        ("subpart", "L-M", "M", "N"),
        ("chapter", "51-99", "60", "50"),
        ("chapter", "II-IX", "IV", "X"),
    ],
)  # fmt: skip
def test_a_range_has_what_lies_between_its_ends(
    kind: str, number: str, inside: str, outside: str
) -> None:
    first, last = ends(kind, number) or ((), ())

    assert first <= number_key(kind, inside) <= last
    assert not first <= number_key(kind, outside) <= last


@pytest.mark.parametrize("number", ["1601.0-1", "701", "I", "", "-", "9-3", "Appendix"])
def test_what_is_one_number_has_no_two_ends(number: str) -> None:
    assert ends("section", number) is None


def test_numbers_are_the_same_but_for_case_mark_and_space() -> None:
    assert same_number("52. 36", "52.36")
    assert same_number("16a", "16A")
    assert same_number("§ 1.1", "1.1")
    assert not same_number("1.1", "1.10")


def of_parts(*numbers: str, reserved: tuple[str, ...] = ()) -> Places:
    parts = [
        StructureNode("part", number, label_level=f"Part{'s' * (number in reserved)} {number}",
                      reserved=number in reserved)
        for number in (*numbers, *reserved)
    ]  # fmt: skip
    return Places(StructureNode("title", "21", children=tuple(parts)))


@pytest.mark.parametrize(
    ("wanted", "found"),
    [("702", "701"), ("708", "710"), ("705", "701"), ("706", "710"), ("1", "16A"), ("9999", "740"),
     ("17", "16A"), ("730", "720"), ("731", "740")],
)  # fmt: skip
def test_the_nearest_is_counted_and_of_two_the_one_before(wanted: str, found: str) -> None:
    parts = of_parts("16A", "701", "710", "720", "740").of_kind("part")

    place = nearest(number_key("part", wanted), parts)

    assert place is not None
    assert place.node.identifier == found


def test_nothing_is_near_to_nothing() -> None:
    assert nearest(number_key("part", "1"), []) is None


def test_a_number_is_covered_by_the_range_it_lies_in() -> None:
    places = of_parts("740", reserved=("741-799",))

    assert [each.node.identifier for each in places.covering("part", "745")] == ["741-799"]
    assert not list(places.covering("part", "800"))
    assert not list(places.covering("part", ""))


def test_a_dashed_number_is_no_range_where_the_parts_of_the_title_have_them() -> None:
    # An answer that sets a reserved range in the singular; 41 CFR has part 50-203 [Reserved].
    single = StructureNode("part", "50-203", label_level="Part 50-203", reserved=True)
    dashed = StructureNode("part", "50-201", label_level="Part 50-201")
    plain = StructureNode("part", "1", label_level="Part 1")

    there = Places(StructureNode("title", "41", children=(dashed, single)))
    elsewhere = Places(StructureNode("title", "21", children=(plain, single)))

    assert not list(there.covering("part", "100"))
    assert [each.node for each in elsewhere.covering("part", "100")] == [single]


NUMBERS = st.text("0123456789.-abXIV() §", max_size=12)
KINDS = st.sampled_from(["part", "section", "chapter", "subpart", "subchapter"])


@given(KINDS, NUMBERS, st.lists(NUMBERS, max_size=6))
def test_any_numbers_can_be_compared(kind: str, wanted: str, numbers: list[str]) -> None:
    nodes = tuple(StructureNode(kind, number, label_level=number) for number in numbers)
    places = Places(StructureNode("title", "1", children=nodes))

    found = nearest(number_key(kind, wanted), places.of_kind(kind))

    assert (found is None) == (not numbers)
    for number in numbers:
        assert places.numbered(kind, number)
