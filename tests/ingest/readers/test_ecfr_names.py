"""Numbers, headings and citations of units; every oddity is counted in facts/ecfr.md."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tribonian.ingest.readers.ecfr_names import KIND_OF, cite, is_range, is_reserved, split_head
from tribonian.schemas.tree import KINDS
from tribonian.schemas.words import words

STEADY = settings(derandomize=True, deadline=None, max_examples=300)

# (N, HEAD, designator, heading)
SECTIONS = [
    ("701.3", "§ 701.3   Designation of ingredients.", "§ 701.3", "Designation of ingredients."),
    # the API's answer for one unit has one space, govinfo's bulk data § in N
    ("1005.1", "§ 1005.1 Authority and purpose.", "§ 1005.1", "Authority and purpose."),
    ("§ 1.1", "§ 1.1   Definitions.", "§ 1.1", "Definitions."),
    # 3,118 reserved sections
    ("1.18", "§ 1.18 [Reserved]", "§ 1.18", "[Reserved]"),
    # 1,425 heads with §§ and a range in N
    ("1.40-1.41", "§§ 1.40-1.41 [Reserved]", "§§ 1.40-1.41", "[Reserved]"),
    # ranges headed with one §
    ("543.6-543.7", "§ 543.6-543.7 [Reserved]", "§ 543.6-543.7", "[Reserved]"),
    # real numbers with a dash: 41 CFR 50-201.1, 47 CFR 0.64-1, 43 CFR 1601.0-1
    ("50-201.1", "§ 50-201.1   The Walsh-Healey Act.", "§ 50-201.1", "The Walsh-Healey Act."),
    ("0.64-1", "§ 0.64-1   Functions.", "§ 0.64-1", "Functions."),
    ("1601.0-1", "§ 1601.0-1   Purpose.", "§ 1601.0-1", "Purpose."),
    ("240.15c3-1", "§ 240.15c3-1   Net capital.", "§ 240.15c3-1", "Net capital."),
    ("1.263(a)-3", "§ 1.263(a)-3   Amounts paid.", "§ 1.263(a)-3", "Amounts paid."),
    # oddities of N: titles 13, 14, 17, 36, 39
    ("120.441-§ 120.447", "§§ 120.441-120.447 [Reserved]", "§§ 120.441-120.447", "[Reserved]"),
    ("13.21 -13.29", "§§ 13.21 -13.29 [Reserved]", "§§ 13.21 -13.29", "[Reserved]"),
    ("210.12-05 - 210.12-08", "§ 210.12-05--210.12-08 [Reserved]", "§ 210.12-05--210.12-08",
     "[Reserved]"),
    ("52. 36", "§ 52. 36   Text.", "§ 52. 36", "Text."),
    ("956.1 (Rule 1)", "§ 956.1 (Rule 1)   Rules.", "§ 956.1 (Rule 1)", "Rules."),
    # 14 CFR 241: Sec. and Section
    ("1-1", "Sec. 1-1   Purpose.", "Sec. 1-1", "Purpose."),
    ("01", "Section 01   Introduction.", "Section 01", "Introduction."),
    # 21 CFR 892.2100, without §
    ("892.2100", "892.2100 Radiological acquisition", "892.2100", "Radiological acquisition"),
    # 34 CFR 76.788, 386.4, 75.190-75.192
    ("76.788", "§ 76.788", "§ 76.788", ""),
    ("386.4", "§ 386.4 Subpart B [Reserved]", "§ 386.4", "Subpart B [Reserved]"),
    ("75.190-75.192", "[Reserved]", "", "[Reserved]"),
    # 21 CFR 73.3100, 172.712: the heading begins with a figure
    ("172.712", "§ 172.712   1,3-Butylene glycol.", "§ 172.712", "1,3-Butylene glycol."),
    ("573.550", "§ 573.550   25-hydroxyvitamin D₃.", "§ 573.550", "25-hydroxyvitamin D₃."),
    # the head is believed where it disagrees with N
    ("1.1", "§ 1.10   Definitions.", "§ 1.10", "Definitions."),
    ("1.1", "Definitions.", "", "Definitions."),
    ("", "", "", ""),
]  # fmt: skip


@pytest.mark.parametrize(("number", "head", "designator", "heading"), SECTIONS)
def test_the_head_of_a_section_is_a_number_and_a_heading(
    number: str, head: str, designator: str, heading: str
) -> None:
    assert split_head("section", head, number) == (designator, heading)


def test_a_stop_behind_the_number_does_not_begin_the_heading() -> None:
    # 17 CFR 240.15Fb1-1
    designator, heading = split_head("section", "§ 240.15Fb1-1. Signatures.", "240.15Fb1-1")

    assert designator.rstrip(".") == "§ 240.15Fb1-1"
    assert heading == "Signatures."


# (kind, N, HEAD, designator, heading)
CONTAINERS = [
    ("title", "1", "Title 1—General Provisions", "Title 1", "General Provisions"),
    # govinfo's bulk data
    ("title", "1", "Title 1—General Provisions--Volume 1", "Title 1",
     "General Provisions--Volume 1"),
    ("subtitle", "A", "Subtitle A—Office of the Secretary", "Subtitle A",
     "Office of the Secretary"),
    ("chapter", "I", "CHAPTER I—FOOD AND DRUG ADMINISTRATION", "CHAPTER I",
     "FOOD AND DRUG ADMINISTRATION"),
    ("chapter", "II-III", "CHAPTERS II-III [RESERVED]", "CHAPTERS II-III", "[RESERVED]"),
    ("subchapter", "G", "SUBCHAPTER G—COSMETICS", "SUBCHAPTER G", "COSMETICS"),
    ("part", "11", "PART 11—ELECTRONIC RECORDS; ELECTRONIC SIGNATURES", "PART 11",
     "ELECTRONIC RECORDS; ELECTRONIC SIGNATURES"),
    ("part", "1005", "PART 1005—ELECTRONIC FUND TRANSFERS (REGULATION E)", "PART 1005",
     "ELECTRONIC FUND TRANSFERS (REGULATION E)"),
    ("part", "241", "PART 241 - UNIFORM SYSTEM", "PART 241", "UNIFORM SYSTEM"),
    ("part", "1", "PART 1", "PART 1", ""),
    ("part", "720", "PART 720 [RESERVED]", "PART 720", "[RESERVED]"),
    # 881 reserved parts
    ("part", "172-199", "PARTS 172-199 [RESERVED]", "PARTS 172-199", "[RESERVED]"),
    ("part", "50-1 - 50-200", "PARTS 50-1 - 50-200 [RESERVED]", "PARTS 50-1 - 50-200",
     "[RESERVED]"),
    # 41 CFR 50-201: one part
    ("part", "50-201", "PART 50-201—GENERAL REGULATIONS", "PART 50-201", "GENERAL REGULATIONS"),
    ("subpart", "A", "Subpart A—General Provisions", "Subpart A", "General Provisions"),
    ("subpart", "L-M", "Subparts L-M [Reserved]", "Subparts L-M", "[Reserved]"),
    ("subject-group", "ECFRbd33d0ed4ce4376", "General Provisions", "", "General Provisions"),
    # what cannot be told apart stays heading
    ("part", "1", "GENERAL PROVISIONS", "", "GENERAL PROVISIONS"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "number", "head", "designator", "heading"), CONTAINERS)
def test_the_head_of_a_container_is_a_number_and_a_heading(
    kind: str, number: str, head: str, designator: str, heading: str
) -> None:
    assert split_head(kind, head, number) == (designator, heading)


APPENDICES = [
    ("Appendix A to Part 27—DHS Chemicals of Interest", "Appendix A to Part 27",
     "DHS Chemicals of Interest"),
    ("Appendix A to Subpart A of Part 37—Mobile Driver's License",
     "Appendix A to Subpart A of Part 37", "Mobile Driver's License"),
    ("Supplement I to Part 1005—Official Interpretations", "Supplement I to Part 1005",
     "Official Interpretations"),
    # 10 CFR part 50, 21 CFR part 26, 14 CFR part 91
    ("Appendixes L-M to Part 50 [Reserved]", "Appendixes L-M to Part 50", "[Reserved]"),
    ("Appendixes C-F to Subpart B of Part 26 [Reserved]", "Appendixes C-F to Subpart B of Part 26",
     "[Reserved]"),
    ("Appendixes B—C [Reserved]", "Appendixes B—C", "[Reserved]"),
    ("Special Federal Aviation Regulation No. 50-2—Special Flight Rules",
     "Special Federal Aviation Regulation No. 50-2", "Special Flight Rules"),
    ("Guidelines for Inspection", "", "Guidelines for Inspection"),
]  # fmt: skip


@pytest.mark.parametrize(("head", "designator", "heading"), APPENDICES)
def test_the_head_of_an_appendix_is_a_designator_and_a_heading(
    head: str, designator: str, heading: str
) -> None:
    assert split_head("appendix", head, "") == (designator, heading)


@pytest.mark.parametrize(
    ("head", "number", "designator", "heading"),
    [
        # 15 CFR part 744 and 50 CFR part 660 have appendices whose name no pattern has
        ("Supplement No. 6 to Part 120—Forms", "Supplement No. 6 to Part 120",
         "Supplement No. 6 to Part 120", "Forms"),
        ("Table 1b to Part 120, Subpart C—2025 Limits", "Table 1b to Part 120, Subpart C",
         "Table 1b to Part 120, Subpart C", "2025 Limits"),
        ("Appendix A to Part 1 [Reserved]", "Appendix A to Part 1", "Appendix A to Part 1",
         "[Reserved]"),
        ("Appendix AB to Part 1—Two Letters", "Appendix A", "Appendix AB to Part 1", "Two Letters"),
        ("Guidelines for Inspection", "Guidelines for Inspection", "", "Guidelines for Inspection"),
    ],
)  # fmt: skip
def test_the_name_of_an_appendix_is_its_designator_where_its_head_begins_with_it(
    head: str, number: str, designator: str, heading: str
) -> None:
    assert split_head("appendix", head, number) == (designator, heading)


# (kind, designator, N, whether N names several units)
RANGES = [
    # sections: 1,425 with §§, and ranges headed with one §
    ("section", "§§ 1.40-1.41", "1.40-1.41", True),
    ("section", "§§ 120.441-120.447", "120.441-§ 120.447", True),
    ("section", "§§ 13.21 -13.29", "13.21 -13.29", True),
    ("section", "§ 543.6-543.7", "543.6-543.7", True),
    ("section", "§ 296.22-296.29", "296.22-296.29", True),
    ("section", "§ 210.12-05--210.12-08", "210.12-05 - 210.12-08", True),
    # … and 9,606 with one § and a dash, which are numbers
    ("section", "§ 50-201.1", "50-201.1", False),
    ("section", "§ 0.64-1", "0.64-1", False),
    ("section", "§ 1601.0-1", "1601.0-1", False),
    ("section", "§ 240.15c3-1", "240.15c3-1", False),
    ("section", "§ 1.263(a)-3", "1.263(a)-3", False),
    ("section", "Sec. 1-1", "1-1", False),
    ("section", "§ 701.3", "701.3", False),
    ("section", "", "701.3", False),
    # parts: 533 ranges and 192 numbers
    ("part", "PARTS 172-199", "172-199", True),
    ("part", "PARTS 50-1 - 50-200", "50-1 - 50-200", True),
    ("part", "PART 50-201", "50-201", False),
    ("part", "PART 11", "11", False),
    # subparts: 370 ranges
    ("subpart", "Subparts L-M", "L-M", True),
    ("subpart", "Subpart A", "A", False),
    ("appendix", "Appendixes L-M to Part 50", "Appendixes L-M to Part 50", True),
    ("appendix", "Appendix A to Part 50", "Appendix A to Part 50", False),
]


@pytest.mark.parametrize(("kind", "designator", "number", "expected"), RANGES)
def test_a_dash_alone_does_not_make_a_range(
    kind: str, designator: str, number: str, expected: bool
) -> None:
    assert is_range(kind, designator, number) is expected


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ("[Reserved]", True),
        ("[RESERVED]", True),
        ("(Reserved)", True),
        ("Reserved.", True),
        ("Reserved", True),
        ("Subpart B [Reserved]", True),
        ("Reserved seats.", False),
        ("Rights reserved by the Board.", False),
        ("", False),
    ],
)
def test_a_heading_says_that_its_number_holds_no_law(heading: str, expected: bool) -> None:
    assert is_reserved(heading) is expected


# (kind, N, designator, citation of the unit above, citation)
CITED = [
    ("title", "21", "Title 21", "", "21 CFR"),
    ("subtitle", "A", "Subtitle A", "21 CFR", "21 CFR Subtitle A"),
    ("chapter", "I", "CHAPTER I", "21 CFR", "21 CFR Chapter I"),
    ("subchapter", "G", "SUBCHAPTER G", "21 CFR Chapter I", "21 CFR Chapter I Subchapter G"),
    ("part", "701", "PART 701", "21 CFR Chapter I Subchapter G", "21 CFR Part 701"),
    ("part", "50-201", "PART 50-201", "", "21 CFR Part 50-201"),
    ("part", "741-799", "PARTS 741-799", "", "21 CFR Parts 741-799"),
    ("subpart", "A", "Subpart A", "21 CFR Part 701", "21 CFR Part 701 Subpart A"),
    ("subpart", "A", "Subpart A", "", "21 CFR Subpart A"),
    ("subject-group", "ECFRbd33d0ed4ce4376", "", "21 CFR Part 701", None),
    ("section", "701.3", "§ 701.3", "21 CFR Part 701", "21 CFR 701.3"),
    # the same section in govinfo's bulk data
    ("section", "§ 701.3", "§ 701.3", "21 CFR Part 701", "21 CFR 701.3"),
    ("appendix", "Appendix A to Part 101", "Appendix A to Part 101", "21 CFR Part 101",
     "21 CFR Appendix A to Part 101"),
    # odd N, canonical citation: 13 CFR 120.441-120.447, 36 CFR 52.36
    ("section", "120.441-§ 120.447", "§§ 120.441-120.447", "", "21 CFR 120.441-120.447"),
    ("section", "52. 36", "§ 52. 36", "", "21 CFR 52.36"),
    # of 14 CFR part 91: no space within a number is meant there
    ("appendix", "Special Federal Aviation Regulation No. 97", "", "",
     "21 CFR Special Federal Aviation Regulation No. 97"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "number", "designator", "above", "expected"), CITED)
def test_a_unit_is_cited_as_the_ecfr_cites_it(
    kind: str, number: str, designator: str, above: str, expected: str | None
) -> None:
    assert cite("21", kind, number, designator, above) == expected


def test_nothing_is_cited_where_the_title_is_not_known() -> None:
    assert cite(None, "section", "701.3", "§ 701.3", "") is None


def test_a_section_without_a_number_has_no_citation() -> None:
    assert cite("21", "section", "", "", "21 CFR Part 701") is None


def test_the_nine_divisions_of_the_user_guide_are_kinds_of_the_tree() -> None:
    # eCFR XML User Guide 2.3: DIV1 TITLE … DIV9 APPENDIX
    assert [KIND_OF[f"DIV{n}"] for n in range(1, 10)] == [
        "title", "subtitle", "chapter", "subchapter", "part", "subpart", "subject-group",
        "section", "appendix",
    ]  # fmt: skip
    assert set(KIND_OF.values()) <= KINDS


heads = st.lists(
    st.sampled_from(
        ["§ ", "§§ ", "1.1", "1.1-1.3", "50-201", " ", "   ", "—", "--", "PART ", "PARTS ",
         "Subpart ",
         "Appendix ", "A", " to ", "Part 1", "[Reserved]", "General.", "I", "Sec. ", "(a)", ","]
    ),
    max_size=6,
).map("".join)  # fmt: skip


@STEADY
@given(
    st.sampled_from(sorted(KIND_OF.values())), heads, st.sampled_from(["", "1.1", "A", "50-201"])
)
def test_no_word_of_a_head_is_lost_between_its_two_parts(kind: str, head: str, number: str) -> None:
    head = " ".join(head.split())

    designator, heading = split_head(kind, head, number)

    assert words(designator) + words(heading) == words(head)
    assert (designator + heading).replace(" ", "") in (
        head.replace(" ", ""),
        head.replace(" ", "").replace("—", "", 1),
        head.replace(" ", "").replace("--", "", 1),
    )
