"""Which lines that are like heads of units are some, measured against the others."""

from __future__ import annotations

import pytest

from tribonian.ingest.outline.roles import Roles
from tribonian.ingest.record import Reading
from tribonian.ingest.styled import Styled

TEXT = "The operator keeps a record of each lamp that was lit, for five years."


def bold(text: str, **more: object) -> Styled:
    return Styled(text, weight=700, **more)  # type: ignore[arg-type]


def heads(*lines: Styled | str) -> list[tuple[str, str, str]]:
    """Kind, designator and heading of each head that was settled."""
    run = [Styled(line) if isinstance(line, str) else line for line in lines]
    roles = Roles(run, Reading())
    return [
        (role.head.kind, role.head.designator,
         run[role.title].text if role.title >= 0 else role.head.heading)
        for role in roles.all if role.head is not None
    ]  # fmt: skip


def test_a_number_alone_takes_the_next_line_as_its_heading_but_no_sentence() -> None:
    assert heads("Article 5", "Lawful processing", TEXT, "Article 6", TEXT) == [
        ("section", "Article 5", "Lawful processing"), ("section", "Article 6", ""),
    ]  # fmt: skip


def test_a_number_alone_takes_no_numbered_paragraph_and_no_other_head() -> None:
    assert heads("PART 1", "CHAPTER 1", "Article 1", "(a) Lamps burn") == [
        ("part", "PART 1", ""), ("chapter", "CHAPTER 1", ""), ("section", "Article 1", ""),
    ]  # fmt: skip


def test_a_label_that_is_the_heading_of_another_line_takes_no_third_line() -> None:
    # the line after it would be in no node
    run = [Styled("PART 11", level=1), Styled("Authority:", level=1), Styled("21 U.S.C. 321.")]
    roles = Roles(run, Reading())
    assert [role.taken for role in roles.all] == [False, True, False]


def test_a_line_of_a_cover_takes_no_other_line_as_its_heading() -> None:
    # the line after it was in no node
    run = [Styled(text) for text in ("CHAPTER I", "Subpart A—Lamps", "SCHEDULE 1", "Lamps")]
    roles = Roles(run, Reading())
    assert not any(role.taken for role in roles.all)


def test_what_looks_like_text_among_bold_heads_is_text_and_reported() -> None:
    reading = Reading()
    run = [b for n in range(1, 6) for b in (bold(f"§ 11.{n} Rule."), Styled(TEXT))]
    run.append(Styled("§ 11.2 Rules. See there."))
    roles = Roles(run, reading)
    assert roles[len(run) - 1].head is None
    assert [finding.code for finding in reading.findings] == ["heading-disagreement"]


@pytest.mark.parametrize(
    "line",
    [
        "§ 11.1 applies to lamps.", "§ 11.10(a) requires light.", "Section 2.02 within 30 days.",
        "Section 5 of the Act", "Rule 26(a) does not limit this.", "Rule 29 applies to lamps.",
        "Part 11 of this chapter applies.", "“§ 11.3 Definitions.", "\"Article 5 Lamps",
        "10A NCAC 13B .3801 shall apply.", "64B8-9.003, F.A.C., requires it.", "12 Wick Street",
        "January 5, 2030", "21 CFR Part 11", "RULE OF LAW", "PARTIES", "Table 1. Values",
        "2.5 kg of oil", "3.5 GHz is no clause.", "Annexes are below", "ANNEXED LAMPS",
    ],
)  # fmt: skip
def test_a_reference_a_quotation_or_an_address_is_no_head(line: str) -> None:
    assert heads("§ 1.1 Scope.", TEXT, line, TEXT)[1:] == []


CODED = [
    ("10A NCAC 13B .3801 NURSE EXECUTIVE", "10A NCAC 13B .3801", "NURSE EXECUTIVE"),
    ("64B8-9.003 Standards for Records.", "64B8-9.003", "Standards for Records."),  # Florida
    ("Rule 64B8-9.003 Standards.", "Rule 64B8-9.003", "Standards."),
    ("105 CMR 130.001: Purpose", "105 CMR 130.001:", "Purpose"),  # Massachusetts
    ("902 KAR 20:016. Hospitals", "902 KAR 20:016.", "Hospitals"),  # Kentucky
    ("410 IAC 15-1.1-1 Applicability", "410 IAC 15-1.1-1", "Applicability"),  # Indiana
    ("WAC 246-320-001 Purpose.", "WAC 246-320-001", "Purpose."),  # Washington
    ("§ 15-3-402. License required.", "§ 15-3-402.", "License required."),  # Montana
    ("Rule 1.6: Confidentiality", "Rule 1.6", "Confidentiality"),  # ABA Model Rules
    ("Rule 10b-5 Manipulative devices", "Rule 10b-5", "Manipulative devices"),
    ("Rule 26. Duty to Disclose", "Rule 26.", "Duty to Disclose"),  # Fed. R. Civ. P.
]  # fmt: skip


@pytest.mark.parametrize(("line", "designator", "heading"), CODED)
def test_rules_of_states_and_courts_are_sections(line: str, designator: str, heading: str) -> None:
    assert heads(line, TEXT) == [("section", designator, heading)]


def test_sections_of_a_code_run_on_behind_their_number() -> None:
    # California's codes as text; their articles are containers
    assert heads(
        "ARTICLE 1. Definitions", "1797.100. For purposes of this title:", "(a) One.",
        "1797.101. (a) A lamplighter shall light every lamp.", "ARTICLE 2. Duties",
        "1797.105. A lamp that is broken shall be mended.",
    ) == [
        ("subpart", "ARTICLE 1.", "Definitions"), ("section", "1797.100.", ""),
        ("section", "1797.101.", ""), ("subpart", "ARTICLE 2.", "Duties"),
        ("section", "1797.105.", ""),
    ]  # fmt: skip


def test_a_reference_that_ends_a_sentence_on_a_new_page_runs_on_in_no_section() -> None:
    # 2 CFR part 200 as PDF: "… as in § ⏎ 200.413. Items such as …"
    lines = [b for n in (411, 413, 415) for b in (f"§ 200.{n} Costs.", TEXT)]
    found = heads(*lines, *[f"200.{n}. Items such as oil are costs." for n in (411, 413, 415)])
    assert [designator for _, designator, _ in found] == ["§ 200.411", "§ 200.413", "§ 200.415"]


@pytest.mark.parametrize(
    ("line", "heading"),
    [
        ("Section 1.01 Terms. As used in this Agreement, words shall mean this.", "Terms."),
        ("Section 1.02 Governing Law. The law of Illinois governs.", "Governing Law."),
        ("Section 3. Aircraft operations: general. No person may operate one.",
         "Aircraft operations: general."),  # 14 CFR part 91, SFAR 50-2
    ],
)  # fmt: skip
def test_in_plain_type_the_text_runs_on_behind_a_heading(line: str, heading: str) -> None:
    ((_, _, said),) = heads(line)
    assert said == heading


@pytest.mark.parametrize(
    "line",
    ["Section 1.01 Terms.", "§ 1.1 Filing. Time and place of filing.", "§ 1.1 U.S. Code. Lamps."],
)
def test_a_heading_of_two_phrases_is_not_divided(line: str) -> None:
    ((_, _, said),) = heads(line, TEXT)[:1]
    assert said == line.split(maxsplit=2)[2]


def test_sections_are_counted_on_through_the_parts_of_an_act() -> None:
    # an Act of the United Kingdom as a converter prints it
    found = heads(
        Styled("PART 1", level=2), Styled("1 Duty to light", level=4), TEXT,
        Styled("2 Duty to snuff", level=4), TEXT,
        Styled("PART 2", level=2), Styled("3 Offences", level=4), TEXT,
    )  # fmt: skip
    assert [each for each in found if each[0] == "section"] == [
        ("section", "1", "Duty to light"), ("section", "2", "Duty to snuff"),
        ("section", "3", "Offences"),
    ]  # fmt: skip


def test_headings_that_begin_anew_in_each_part_are_no_sections() -> None:
    found = heads(
        Styled("PART 1", level=2), Styled("1 Lamps", level=4), TEXT, Styled("2 Oil", level=4), TEXT,
        Styled("PART 2", level=2), Styled("1 Lamps", level=4), TEXT, Styled("2 Oil", level=4), TEXT,
    )  # fmt: skip
    assert {kind for kind, _, _ in found} == {"part"}


def test_the_parts_of_a_schedule_begin_anew_and_divide_it() -> None:
    found = heads("PART 1", "Duties", "Article 1", TEXT, "PART 2", "Fines", "Article 2", TEXT,
                  "SCHEDULE 1", "Part 1", "Pay", TEXT, "Part 2", "Leave", TEXT)  # fmt: skip
    assert [kind for kind, *_ in found][-3:] == ["appendix", "numbered", "numbered"]


def test_a_part_behind_an_appendix_of_the_part_before_is_a_part() -> None:
    found = heads("PART 20—OIL", "§ 20.1 Scope.", TEXT, "Appendix A to Part 20—Lamps", TEXT,
                  "PART 21—GAS", "§ 21.1 Scope.", TEXT)  # fmt: skip
    assert [kind for kind, *_ in found].count("part") == 2


def test_the_note_below_a_schedule_is_no_section() -> None:
    # United Kingdom: "SCHEDULE 1 ⏎ Section 3" says by which section it is made
    found = heads("Article 1", TEXT, "SCHEDULE 1", "Section 3", "INSPECTORS", TEXT)
    assert found[1:] == [("appendix", "SCHEDULE 1", "Section 3")]


def test_bold_type_that_ends_within_a_word_ends_no_head() -> None:
    assert heads(Styled("§ 11.1 Scope of it", bolds=((0, 10),))) == [
        ("section", "§ 11.1", "Scope of it")
    ]
