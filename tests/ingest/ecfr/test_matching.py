"""Numbers of units as the eCFR writes them and as people do; the oddities are real ones."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tribonian.ingest.ecfr.matching import ALIKE, EXACT, LOOSE, WITHIN, ends_of, fits, order_of
from tribonian.ingest.ecfr.scanning import divs, opened

STEADY = settings(derandomize=True, deadline=None, max_examples=200)
_TAGS = {"chapter": "DIV3", "subchapter": "DIV4", "part": "DIV5", "subpart": "DIV6",
         "section": "DIV8", "appendix": "DIV9"}  # fmt: skip


def fit(kind: str, number: str, head: str, asked: str) -> int | None:
    tag = _TAGS[kind]
    xml = f'<{tag} N="{number}" TYPE="X"><HEAD>{head}</HEAD></{tag}>'.encode()
    with opened(io.BytesIO(xml)) as source:
        return fits(divs(source)[0], asked)


# kind, N, HEAD, what is asked, how it fits
ROWS = [
    ("section", "701.3", "§ 701.3   Names.", "701.3", EXACT),
    ("section", "701.3", "§ 701.3   Names.", "701.30", None),
    ("section", "701.30", "§ 701.30   Names.", "701.3", None),
    ("section", "§ 1.1", "§ 1.1   Names.", "1.1", EXACT),  # bulk data
    ("section", "52. 36", "§ 52. 36   Text.", "52.36", EXACT),
    ("section", "240.15c3-1", "§ 240.15c3-1   Capital.", "240.15C3-1", ALIKE),
    ("section", "240.15c3-1", "§ 240.15c3-1   Capital.", "240.15c3–1", EXACT),  # an en dash
    ("section", "1.263(a)-3", "§ 1.263(a)-3   Paid.", "1.263(a)-3", EXACT),
    ("section", "956.1 (Rule 1)", "§ 956.1 (Rule 1)   Rules.", "956.1", LOOSE),
    # 41 CFR 50-201.1, 47 CFR 0.64-1, 43 CFR 1601.0-1: no range
    ("section", "50-201.1", "§ 50-201.1   Act.", "100", None),
    ("section", "0.64-1", "§ 0.64-1   Functions.", "0.64", None),
    ("section", "1601.0-1", "§ 1601.0-1   Purpose.", "1601.0", None),
    # ranges
    ("section", "1.40-1.41", "§§ 1.40-1.41 [Reserved]", "1.40", WITHIN),
    ("section", "1.40-1.41", "§§ 1.40-1.41 [Reserved]", "1.42", None),
    ("section", "1.40-1.41", "§§ 1.40-1.41 [Reserved]", "2.40", None),
    ("section", "1.40-1.41", "§§ 1.40-1.41 [Reserved]", "1.40-1.41", EXACT),
    ("section", "543.6-543.7", "§ 543.6-543.7 [Reserved]", "543.7", WITHIN),
    ("section", "120.441-§ 120.447", "§§ 120.441-120.447 [Reserved]", "120.445", WITHIN),
    ("section", "13.21 -13.29", "§§ 13.21 -13.29 [Reserved]", "13.25", WITHIN),
    ("section", "210.12-05 - 210.12-08", "§ 210.12-05--210.12-08", "210.12-06", WITHIN),
    ("section", "210.12-05 - 210.12-08", "§ 210.12-05--210.12-08", "210.12-09", None),
    ("part", "741-799", "PARTS 741-799 [RESERVED]", "745", WITHIN),
    ("part", "741-799", "PARTS 741-799 [RESERVED]", "740", None),
    ("part", "741-799", "PARTS 741-799 [RESERVED]", "74", None),
    ("part", "50-1 - 50-200", "PARTS 50-1 - 50-200 [RESERVED]", "50-150", WITHIN),
    ("part", "50-1 - 50-200", "PARTS 50-1 - 50-200 [RESERVED]", "50-201", None),
    ("part", "50-1 - 50-200", "PARTS 50-1 - 50-200 [RESERVED]", "100", None),
    ("part", "50-201", "PART 50-201—GENERAL", "100", None),
    ("part", "50-201", "PART 50-201—GENERAL", "50", None),
    ("subpart", "L-M", "Subparts L-M [Reserved]", "M", WITHIN),
    ("subpart", "L-M", "Subparts L-M [Reserved]", "N", None),
    ("subpart", "Z-BB", "Subparts Z-BB [Reserved]", "AA", WITHIN),
    ("subpart", "A", "Subpart A—General", "a", ALIKE),
    ("subchapter", "C-D", "SUBCHAPTERS C-D [RESERVED]", "D", WITHIN),
    ("chapter", "V-IX", "CHAPTERS V-IX [RESERVED]", "VI", WITHIN),
    ("chapter", "V-IX", "CHAPTERS V-IX [RESERVED]", "X", None),
    ("chapter", "0", "CHAPTER V [RESERVED]", "V", EXACT),  # 1 CFR
    ("chapter", "0", "CHAPTER V [RESERVED]", "VI", None),
    # appendices, by their whole name and by their letter
    ("appendix", "Appendix A to Part 1005", "A", "appendix a  to part 1005", ALIKE),
    ("appendix", "Appendix A to Part 1005", "A", "Appendix-A-to-Part-1005", ALIKE),
    ("appendix", "Appendix A to Part 1005", "A", "A", LOOSE),
    ("appendix", "Appendix A to Part 1005", "A", "Appendix A", LOOSE),
    ("appendix", "Appendix A-1 to Part 50", "A", "A", None),
    ("appendix", "Appendix A-1 to Part 50", "A", "A-1", LOOSE),
    ("appendix", "Appendix AA to Part 50", "A", "A", None),
    ("appendix", "Supplement I to Part 1005", "S", "I", LOOSE),
    ("appendix", "Supplement No. 6 to Part 744", "S", "Supplement No. 6", LOOSE),
    ("appendix", "Special Federal Aviation Regulation No. 97", "S",
     "Special Federal Aviation Regulation No.97", ALIKE),
    ("appendix", "Appendixes L-M to Part 50", "A", "M", WITHIN),
    ("appendix", "Appendixes L-M to Part 50", "A", "Appendix L to Part 50", WITHIN),
    ("appendix", "Appendixes L-M to Part 50", "A", "Appendix L to Part 51", None),
    ("appendix", "Appendixes B - C", "A", "C", WITHIN),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "number", "head", "asked", "fitting"), ROWS)
def test_a_number_fits_what_was_asked(
    kind: str, number: str, head: str, asked: str, fitting: int | None
) -> None:
    assert fit(kind, number, head, asked) == fitting


@pytest.mark.parametrize(
    ("number", "ends"),
    [
        ("1.40-1.41", ("1.40", "1.41")),
        ("50-1 - 50-200", ("50-1", "50-200")),
        ("50-1-50-200", ("50-1", "50-200")),
        ("120.441-§ 120.447", ("120.441", "120.447")),
        ("210.12-05--210.12-08", ("210.12-05", "210.12-08")),
        ("L–M", ("L", "M")),
        ("701", None),
        ("1-2-3", None),
        ("-", None),
    ],
)
def test_a_range_has_a_first_and_a_last(number: str, ends: tuple[str, str] | None) -> None:
    assert ends_of(number) == ends


@STEADY
@given(st.integers(1, 500), st.integers(1, 60), st.integers(0, 60))
def test_a_range_of_parts_holds_what_is_between_its_ends_and_no_more(
    first: int, many: int, asked: int
) -> None:
    last = first + many
    inside = first <= asked <= last

    found = fit("part", f"{first}-{last}", f"PARTS {first}-{last} [RESERVED]", str(asked))

    assert found == (WITHIN if inside else None)
    assert fit("part", f"{first}-{last}", f"PART {first}-{last}—OIL", str(asked)) is None


def test_numbers_are_in_the_order_of_the_law() -> None:
    numbers = ["101-1.1", "1.10", "2.1", "1.2a", "1.100", "10.1", "1.2", "1.1"]

    assert sorted(numbers, key=order_of) == [
        "1.1", "1.2", "1.2a", "1.10", "1.100", "2.1", "10.1", "101-1.1",
    ]  # fmt: skip
    assert sorted(["AA", "B", "Z", "A"], key=order_of) == ["A", "B", "Z", "AA"]
