"""Heads of units of law, and lines that are only like them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tribonian.ingest.outline.heads import read_head, read_headed, read_run_in
from tribonian.ingest.outline.labelled import labelled

STEADY = settings(derandomize=True, deadline=None, max_examples=300)

# (line, kind, designator, heading); each form as a publisher prints it
HEADS = [
    ("PART 11—ELECTRONIC RECORDS; ELECTRONIC SIGNATURES", "part", "PART 11",
     "ELECTRONIC RECORDS; ELECTRONIC SIGNATURES"),  # eCFR
    ("PARTS 172-199 [RESERVED]", "part", "PARTS 172-199", "[RESERVED]"),
    ("Subpart A—General Provisions", "subpart", "Subpart A", "General Provisions"),
    ("Subpart A [Reserved]", "subpart", "Subpart A", "[Reserved]"),
    ("Subparts L-M [Reserved]", "subpart", "Subparts L-M", "[Reserved]"),
    ("CHAPTER I—FOOD AND DRUG ADMINISTRATION", "chapter", "CHAPTER I",
     "FOOD AND DRUG ADMINISTRATION"),
    ("Title 21—Food and Drugs", "title", "Title 21", "Food and Drugs"),
    ("§ 11.1 Scope.", "section", "§ 11.1", "Scope."),
    ("§ 11.1   Scope.", "section", "§ 11.1", "Scope."),
    ("§§ 1.40-1.41 [Reserved]", "section", "§§ 1.40-1.41", "[Reserved]"),
    ("§ 240.15Fb1-1. Signatures.", "section", "§ 240.15Fb1-1.", "Signatures."),  # 17 CFR
    ("§ 240.11a1-1(T) Transactions yielding priority.", "section", "§ 240.11a1-1(T)",
     "Transactions yielding priority."),  # a temporary rule
    ("§ 240.17ad-7 (Rule 17Ad-7) Record retention.", "section", "§ 240.17ad-7",
     "(Rule 17Ad-7) Record retention."),
    ("Sec. 11.1 Scope.", "section", "Sec. 11.1", "Scope."),
    ("Sec. 1-1 Applicability of the system.", "section", "Sec. 1-1",
     "Applicability of the system."),  # 14 CFR part 241
    ("Section 5", "division", "Section 5", ""),
    ("Sec. 5. Fees.", "division", "Sec. 5", "Fees."),
    ("Article 5", "section", "Article 5", ""),  # GDPR: the heading is on the next line
    ("Article 5 Principles", "section", "Article 5", "Principles"),
    ("Appendix A to Part 20—Protection Factors", "appendix", "Appendix A to Part 20",
     "Protection Factors"),
    ("ANNEX I", "appendix", "ANNEX I", ""),
    ("Schedule 1", "appendix", "Schedule 1", ""),
    ("Table 1 to Part 20—Values", "appendix", "Table 1 to Part 20", "Values"),
    ("11.5.14.2 Systems", "numbered", "11.5.14.2", "Systems"),
    ("1798.100. General Duties", "numbered", "1798.100.", "General Duties"),  # Cal. Civ. Code
]  # fmt: skip


@pytest.mark.parametrize(("line", "kind", "designator", "heading"), HEADS)
def test_a_head_is_divided_into_designator_and_heading(
    line: str, kind: str, designator: str, heading: str
) -> None:
    head = read_head(line)
    assert head is not None
    assert (head.kind, head.designator, head.heading) == (kind, designator, heading)


@pytest.mark.parametrize(
    "line",
    [
        "§ 701.3 applies to foods.",
        "§ 11.10(a) requires validation.",
        "§ 701.3, the label must bear",
        "§§ 1.1 and",
        "11.5.14.2 applies to all systems.",
        "Part 11 of this chapter applies.",
        "Subpart B of this part applies.",
        "Article 6(1) shall apply.",
        "Appendix A to this part lists them.",
        "Annex III to this Regulation",
        "Title 21 of the Code",
        "part 11",
        "Partial relief",
        "Section 5 applies where the holder",
        "Table 1 Values",
        "Table 1 to § 1010.821—Penalty Adjustment",  # a caption: 31 CFR part 1010
        "3.5 mg of lead",
        "(a) General.",
        "",
        "§",
        "PART 11—" + "X" * 500,
    ],
)
def test_a_reference_at_the_start_of_a_line_is_no_head(line: str) -> None:
    assert read_head(line) is None


@pytest.mark.parametrize(
    ("line", "designator", "rest"),
    [
        (
            "1798.146. (a) This title shall not apply.",
            "1798.146.",
            "(a) This title shall not apply.",
        ),
        ("Sec. 5. The Board may act.", "Sec. 5.", "The Board may act."),
        ("§ 12 (1) A person shall", "§ 12", "(1) A person shall"),
    ],
)
def test_a_section_without_a_heading_runs_on_after_its_number(
    line: str, designator: str, rest: str
) -> None:
    read = read_run_in(line)
    assert read is not None
    head, end = read
    assert (head.designator, line[end:].strip()) == (designator, rest)


@pytest.mark.parametrize("line", ["12. (a) One.", "1798.146(a) applies.", "§ 12 applies", "Each"])
def test_a_list_number_or_a_reference_runs_on_after_nothing(line: str) -> None:
    assert read_run_in(line) is None


def test_what_is_surely_a_heading_may_go_on_in_lower_case() -> None:
    head = read_headed("§ 91.331 xxx")  # so printed in the eCFR of 2026
    assert head is not None
    assert (head.designator, head.heading) == ("§ 91.331", "xxx")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Authority: 21 U.S.C. 321.", ("authority", "Authority:", "21 U.S.C. 321.")),
        ("Source: 62 FR 13464.", ("source", "Source:", "62 FR 13464.")),
        ("Note to paragraph (a): One.", ("note", "Note to paragraph (a):", "One.")),
        ("[62 FR 13464, Mar. 20, 1997]", ("history", "", "[62 FR 13464, Mar. 20, 1997]")),
        ("(Authority: 99 U.S.C. 7)", ("authority", "", "(Authority: 99 U.S.C. 7)")),
        (
            "(Secs. 2(n), 7, 52 Stat. 1 (21 U.S.C. 3(n)))",
            ("authority", "", "(Secs. 2(n), 7, 52 Stat. 1 (21 U.S.C. 3(n)))"),
        ),
        ("(Section 5 applies.)", None),
        ("[Reserved]", None),
        ("Notes are kept.", None),
        ("Authority is needed.", None),
    ],
)
def test_a_label_says_what_a_paragraph_is(text: str, expected: tuple[str, str, str] | None) -> None:
    assert labelled(text) == expected


@STEADY
@given(st.text(max_size=60), st.sampled_from(["", "§ ", "PART ", "Article ", "Appendix ", "1."]))
def test_no_line_loses_a_word_to_its_head(text: str, start: str) -> None:
    line = " ".join((start + text).split())
    head = read_head(line)
    if head is not None:
        said = f"{head.designator}{head.heading}"
        assert [c for c in line if c.isalnum()] == [c for c in said if c.isalnum()]
