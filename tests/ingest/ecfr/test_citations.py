"""Citations of the CFR as people write them, and what each one asks for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tribonian.errors import DocumentError, UsageError
from tribonian.ingest.ecfr.citations import looks_like_citation, parse_citation
from tribonian.ingest.ecfr.units import Asked, CfrUnit, Span


def asked(text: str) -> Asked:
    found = parse_citation(text)
    assert found is not None, f"{text} is taken for no citation"
    return found


def wanted(text: str) -> str:
    """The citations of what is asked for, joined by a bar."""
    return " | ".join(unit.citation for unit in asked(text).wanted)


# What is typed, and the citations of the units asked for. The comment says who writes so.
READ = [
    # sections, as the eCFR, the Federal Register and lawyers write them
    ("21 CFR 701.3", "21 CFR 701.3"),
    ("21 CFR § 701.3", "21 CFR 701.3"),
    ("21 CFR Sec. 701.3", "21 CFR 701.3"),
    ("21 CFR section 701.3", "21 CFR 701.3"),
    ("21 C.F.R. §701.3(a)(1)", "21 CFR 701.3(a)(1)"),  # Bluebook
    ("21 C. F. R. §\u2009701.3", "21 CFR 701.3"),  # the Supreme Court, with a thin space
    ("21CFR701.3", "21 CFR 701.3"),  # FDA's forms
    ("21\u00a0CFR\u00a0701.3", "21 CFR 701.3"),  # copied from a page, with no-break spaces
    ("“21 CFR 701.3”", "21 CFR 701.3"),  # copied from Word, with its quotes
    ("See 21 CFR 701.3.", "21 CFR 701.3"),  # copied from a sentence
    ("21 CFR Part 11.10", "21 CFR 11.10"),  # what FDA guidances call parts are often sections
    ("47 CFR 0.459", "47 CFR 0.459"),  # part 0
    ("45 CFR 5b.1", "45 CFR 5b.1"),  # a part with a letter
    ("20 CFR 404.1520a", "20 CFR 404.1520a"),
    # the number of a section has brackets and dashes of its own in some titles
    ("26 CFR 1.263(a)-3(b)(1)", "26 CFR 1.263(a)-3(b)(1)"),
    ("26 CFR 1.401(k)-1", "26 CFR 1.401(k)-1"),
    ("26 CFR 1.401(a)(9)-6(g)(1)(iv)", "26 CFR 1.401(a)(9)-6(g)(1)(iv)"),
    ("26 CFR 1.469-5T", "26 CFR 1.469-5T"),
    ("17 CFR 240.10b-5", "17 CFR 240.10b-5"),
    ("17 CFR 240.15c3-1(a)(2)(i)", "17 CFR 240.15c3-1(a)(2)(i)"),
    ("17 CFR 240.15Fb1-1", "17 CFR 240.15Fb1-1"),
    ("40 CFR 86.144-94", "40 CFR 86.144-94"),
    ("41 CFR 50-201.1", "41 CFR 50-201.1"),
    ("41 CFR 301-10.7", "41 CFR 301-10.7"),
    ("43 CFR 1601.0-1", "43 CFR 1601.0-1"),
    ("46 CFR 2.10-25", "46 CFR 2.10-25"),
    ("48 CFR 52.212-4", "48 CFR 52.212-4"),
    ("2 CFR 200.1", "2 CFR 200.1"),
    ("14 CFR part 241 section 19-1", "14 CFR Part 241 Section 19-1"),  # numbers without a point
    # parts
    ("21 CFR 11", "21 CFR Part 11"),
    ("21 CFR part 701", "21 CFR Part 701"),
    ("21 C. F. R. Part 11", "21 CFR Part 11"),
    ("21CFRPart11", "21 CFR Part 11"),
    ("45 C.F.R. pt. 164", "45 CFR Part 164"),
    ("Title 21 CFR Part 11", "21 CFR Part 11"),  # FDA
    ("Title 21, Part 11", "21 CFR Part 11"),
    ("Code of Federal Regulations, Title 21, Part 11", "21 CFR Part 11"),
    ("21 Code of Federal Regulations (CFR) part 11", "21 CFR Part 11"),
    ("CFR 21 Part 11", "21 CFR Part 11"),  # vendors of software
    ("eCFR 21 part 11", "21 CFR Part 11"),
    ("41 CFR part 50-201", "41 CFR Part 50-201"),  # only title 41 has parts with a dash
    ("41 CFR 60-1", "41 CFR Part 60-1"),
    ("21 CFR Part 741 [Reserved]", "21 CFR Part 741"),
    ("Regulation E (12 CFR part 1005)", "12 CFR Part 1005"),  # the CFPB
    ("12 CFR part 1005 (Regulation E)", "12 CFR Part 1005"),
    ("45 CFR part 164 (HIPAA)", "45 CFR Part 164"),
    # several
    ("45 CFR parts 160 and 164", "45 CFR Part 160 | 45 CFR Part 164"),
    ("45 C.F.R. pts. 160 & 164", "45 CFR Part 160 | 45 CFR Part 164"),
    ("21 CFR 210/211", "21 CFR Part 210 | 21 CFR Part 211"),  # the drug industry
    ("45 CFR Parts 160, 162, and 164", "45 CFR Part 160 | 45 CFR Part 162 | 45 CFR Part 164"),
    ("21 CFR part 11, part 12", "21 CFR Part 11 | 21 CFR Part 12"),
    ("21 CFR 701.3 and 701.9", "21 CFR 701.3 | 21 CFR 701.9"),
    ("17 CFR 1.17 or § 240.15c3-1", "17 CFR 1.17 | 17 CFR 240.15c3-1"),
    ("21 CFR 11; 45 CFR 164", "21 CFR Part 11 | 45 CFR Part 164"),
    ("21 CFR 11.10 and 45 CFR 164.312(a)", "21 CFR 11.10 | 45 CFR 164.312(a)"),
    ("29 CFR 1910.119; 40 CFR 68.", "29 CFR 1910.119 | 40 CFR Part 68"),
    ("40 CFR 1501.7 and part 1502", "40 CFR 1501.7 | 40 CFR Part 1502"),  # 36 CFR 800.8
    ("21 CFR 11.10 and 21 CFR 11.10", "21 CFR 11.10"),  # each once
    # paragraphs beside one another: the next one is beside what is numbered as it is
    ("21 CFR 11.10(a), (b) and 11.30", "21 CFR 11.10(a) | 21 CFR 11.10(b) | 21 CFR 11.30"),
    ("12 CFR 1026.36(d)(1) and (2)", "12 CFR 1026.36(d)(1) | 12 CFR 1026.36(d)(2)"),
    (
        "21 CFR 11.10(b)(1)(i), (ii), (c)",
        "21 CFR 11.10(b)(1)(i) | 21 CFR 11.10(b)(1)(ii) | 21 CFR 11.10(c)",
    ),
    ("21 CFR 11.10(h), (i)", "21 CFR 11.10(h) | 21 CFR 11.10(i)"),  # a letter after a letter
    ("paragraph (c) of 17 CFR 240.14a-8", "17 CFR 240.14a-8(c)"),
    ("21 CFR 11.10, paragraphs (a) and (b)", "21 CFR 11.10(a) | 21 CFR 11.10(b)"),
    ("§ 11.10, paragraphs (a) and (b), of 21 CFR", "21 CFR 11.10(a) | 21 CFR 11.10(b)"),
    # from one to another
    ("49 CFR parts 171 through 180", "49 CFR Parts 171-180"),
    ("21 CFR parts 700-740", "21 CFR Parts 700-740"),
    ("21 CFR 700–740", "21 CFR Parts 700-740"),  # an en dash
    ("21 CFR Parts 700 — 740", "21 CFR Parts 700-740"),  # an em dash
    ("21 CFR 700 through 21 CFR 740", "21 CFR Parts 700-740"),
    ("31 CFR parts 285, 900-904", "31 CFR Part 285 | 31 CFR Parts 900-904"),
    ("41 CFR parts 50-1 - 50-200", "41 CFR Parts 50-1-50-200"),
    ("21 CFR §§ 701.1-701.9", "21 CFR 701.1-701.9"),
    ("21 CFR §§ 701.1-.9", "21 CFR 701.1-701.9"),  # Bluebook
    ("21 CFR 701.1 to 701.9", "21 CFR 701.1-701.9"),
    ("21 CFR § 701.1 through § 701.9", "21 CFR 701.1-701.9"),
    ("41 CFR 60-1.1-60-1.9", "41 CFR 60-1.1-60-1.9"),
    ("26 CFR 1.482-1 through 1.482-9", "26 CFR 1.482-1-1.482-9"),
    ("26 CFR 1.482-1-1.482-9", "26 CFR 1.482-1-1.482-9"),
    ("21 CFR 701.3-701.3", "21 CFR 701.3"),
    (
        "41 CFR chapters 301 through 304",
        "41 CFR Chapter 301 | 41 CFR Chapter 302 | 41 CFR Chapter 303 | 41 CFR Chapter 304",
    ),
    # what is larger than a part
    ("21 CFR", "21 CFR"),
    ("Title 21", "21 CFR"),
    ("CFR title 21", "21 CFR"),
    ("Title 21 of the Code of Federal Regulations", "21 CFR"),
    ("21 CFR chapter I subchapter G", "21 CFR Chapter I Subchapter G"),
    ("21 cfr ch. i, subch. g", "21 CFR Chapter I Subchapter G"),
    ("21 CFR subchapter G", "21 CFR Subchapter G"),
    ("2 CFR subtitle A, chapter II", "2 CFR Subtitle A Chapter II"),
    ("48 CFR Chapter 99", "48 CFR Chapter 99"),
    ("21 CFR chapter I, subchapter G, part 701", "21 CFR Part 701"),
    # what is smaller than a part, from the large to the small and from the small to the large
    ("14 CFR part 91 subpart F", "14 CFR Part 91 Subpart F"),
    ("40 CFR part 60, subpart OOOOa", "40 CFR Part 60 Subpart OOOOa"),
    ("40 CFR 60, subpart ooooa", "40 CFR Part 60 Subpart ooooa"),
    ("40 CFR part 60 subpart Da", "40 CFR Part 60 Subpart Da"),
    ("40 CFR part 60 subparts A and B", "40 CFR Part 60 Subpart A | 40 CFR Part 60 Subpart B"),
    ("45 CFR Part 164 (Subparts A, E)", "45 CFR Part 164 Subpart A | 45 CFR Part 164 Subpart E"),
    ("subpart B of 21 CFR part 701", "21 CFR Part 701 Subpart B"),
    ("Subpart C of Part 164 of Title 45", "45 CFR Part 164 Subpart C"),
    ("part 11 of title 21, Code of Federal Regulations", "21 CFR Part 11"),
    ("section 164.512 of title 45, Code of Federal Regulations", "45 CFR 164.512"),
    ("part 11 of title 21 and part 164 of title 45", "21 CFR Part 11 | 45 CFR Part 164"),
    ("21 CFR 11 and part 164 of title 45", "21 CFR Part 11 | 45 CFR Part 164"),
    (  # HHS on the Privacy Rule
        "45 CFR Part 160 and Subparts A and E of Part 164",
        "45 CFR Part 160 | 45 CFR Part 164 Subpart A | 45 CFR Part 164 Subpart E",
    ),
    (  # HHS on the Security Rule
        "45 CFR Part 160 and Part 164, Subparts A and C",
        "45 CFR Part 160 | 45 CFR Part 164 Subpart A | 45 CFR Part 164 Subpart C",
    ),
    ("21 CFR Part 11, Subpart B, Sec. 11.10(a)", "21 CFR 11.10(a)"),
    # a whole part of 26 CFR is divided by groups without a number
    (
        "21 CFR part 1 subject group ECFR03e54b15325e2a9",
        "21 CFR Part 1 subject group ECFR03e54b15325e2a9",
    ),
    # appendices
    ("10 CFR 50 Appendix B", "10 CFR Part 50 Appendix B"),
    ("10 CFR Part 50, App. B", "10 CFR Part 50 Appendix B"),  # the NRC
    ("Appendix B to Part 50 of Title 10", "10 CFR Part 50 Appendix B"),
    ("Appendix B to 10 CFR part 50", "10 CFR Part 50 Appendix B"),
    ("Appendix A to 17 CFR part 255", "17 CFR Part 255 Appendix A"),
    ("Appendix A to subpart C of part 164 of 45 CFR", "45 CFR Part 164 Subpart C Appendix A"),
    ("10 CFR 50.46 and appendix K to part 50", "10 CFR 50.46 | 10 CFR Part 50 Appendix K"),
    ("10 CFR part 50 and appendix B", "10 CFR Part 50 | 10 CFR Part 50 Appendix B"),
    (
        "Appendices A and B to part 50 of title 10",
        "10 CFR Part 50 Appendix A | 10 CFR Part 50 Appendix B",
    ),
    ("29 CFR 1910.147 Appendix A", "29 CFR 1910.147 Appendix A"),  # OSHA's are to sections
    ("Appendix A to § 1910.147 of 29 CFR", "29 CFR 1910.147 Appendix A"),
    ("12 CFR part 1024 appendix MS-2", "12 CFR Part 1024 Appendix MS-2"),
    ("Supplement I to 12 CFR part 1026", "12 CFR Part 1026 Supplement I"),
    ("12 CFR part 1026, Supp. I", "12 CFR Part 1026 Supplement I"),
    ("50 CFR Table 1b to Part 660, Subpart C", "50 CFR Part 660 Subpart C Table 1b"),
    ("Table 1b to Part 660, Subpart C of title 50", "50 CFR Part 660 Subpart C Table 1b"),
    (
        "12 CFR part 1005, appendix A, subpart B",
        "12 CFR Part 1005 Appendix A | 12 CFR Part 1005 Subpart B",
    ),
    (
        "12 CFR appendix A to part 1005, subpart B of part 1006",
        "12 CFR Part 1005 Appendix A | 12 CFR Part 1006 Subpart B",
    ),
    ("15 CFR Part 774 Supplement No. 1", "15 CFR Part 774 Supplement No. 1"),
    ("40 CFR Part 98, Subpart W, Table W-1A", "40 CFR Part 98 Subpart W Table W-1A"),
    ("14 CFR SFAR No. 88", "14 CFR Special Federal Aviation Regulation No. 88"),
    # regulations with names of their own
    ("FAR 52.212-4", "48 CFR 52.212-4"),
    ("FAR clause 52.212-4(a)", "48 CFR 52.212-4(a)"),
    ("FAR part 15", "48 CFR Part 15"),
    ("FAR subpart 15.4", "48 CFR Part 15 Subpart 15.4"),
    ("FAR 15.4", "48 CFR Part 15 Subpart 15.4"),  # 48 CFR 1.105-2: one or two figures
    ("FAR 15.403", "48 CFR 15.403"),  # and three or more
    ("Federal Acquisition Regulation (FAR) part 15", "48 CFR Part 15"),
    ("FAR", "48 CFR Chapter 1"),
    ("DFARS 252.204-7012", "48 CFR 252.204-7012"),
    ("DFARS subpart 204.73", "48 CFR Part 204 Subpart 204.73"),
    ("ITAR § 120.1", "22 CFR 120.1"),
    ("EAR", "15 CFR Chapter VII Subchapter C"),
]


@pytest.mark.parametrize(("text", "expected"), READ)
def test_a_citation_asks_for_its_units_in_its_own_order(text: str, expected: str) -> None:
    assert wanted(text) == expected
    assert asked(text).text == text
    assert asked(text).date is None


@pytest.mark.parametrize("expected", [expected for _, expected in READ])
def test_the_citation_of_what_is_asked_for_asks_for_it_again(expected: str) -> None:
    for citation in expected.split(" | "):
        [unit] = asked(citation).wanted
        assert unit.citation == citation


def test_only_what_is_said_stands_in_the_unit() -> None:
    assert asked("21 CFR 701.3").wanted == (CfrUnit(21, section="701.3"),)
    assert asked("21 CFR chapter i, part 701").wanted == (CfrUnit(21, chapter="I", part="701"),)
    assert asked("10 CFR part 50, App. b").wanted == (CfrUnit(10, part="50", appendix="B"),)
    assert asked("12 CFR 1026 Supp. I").wanted == (
        CfrUnit(12, part="1026", appendix="Supplement I"),
    )
    assert asked("26 CFR 1.263(a)-3(b)").wanted == (
        CfrUnit(26, section="1.263(a)-3", paragraph="(b)"),
    )
    assert asked("21 CFR 700-740").wanted == (
        Span(CfrUnit(21, part="700"), CfrUnit(21, part="740")),
    )


def test_a_second_unit_is_in_the_containers_of_the_first() -> None:
    assert asked("21 CFR chapter I, parts 11 and 12").wanted == (
        CfrUnit(21, chapter="I", part="11"),
        CfrUnit(21, chapter="I", part="12"),
    )
    assert asked("21 CFR part 701 subpart A and subpart B").wanted == (
        CfrUnit(21, part="701", subpart="A"),
        CfrUnit(21, part="701", subpart="B"),
    )
    assert asked("45 CFR part 164 and section 160.103").wanted == (
        CfrUnit(45, part="164"),
        CfrUnit(45, section="160.103"),
    )


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("21 CFR Part 11 (up to date as of 1/29/2026)", "2026-01-29"),  # the eCFR's own heading
        ("21 CFR Part 11 (as of 2024-01-01)", "2024-01-01"),
        ("21 CFR 11.10, 1/29/2026", "2026-01-29"),
        ("21 CFR 11.10 (Jan. 29, 2026)", "2026-01-29"),
        ("21 CFR Ch. I (4–1–24 Edition)", "2024-04-01"),  # the running head of the volumes
        ("21 C.F.R. § 11.10(a) (2019).", "2019-04-01"),  # Bluebook: the annual edition
        ("10 CFR 50 (2024)", "2024-01-01"),  # which is revised title by title
        ("40 CFR 60 (2024 ed.)", "2024-07-01"),
        ("45 CFR 164 (2024)", "2024-10-01"),
        ("21 CFR 11 (2024); 21 CFR 820 (2024)", "2024-04-01"),
    ],
)
def test_a_date_in_a_citation_is_the_date_asked_for(text: str, date: str) -> None:
    assert asked(text).date == date


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("51 CFR 1", "names title 51, and the CFR has titles 1 to 50."),
        ("0 CFR 1", "names title 0, and the CFR has titles 1 to 50."),
        ("21 CFR part", 'names no part after "part"; write it like "21 CFR part 701".'),
        ("21 CFR §", 'names no section after "§"; write it like "21 CFR 701.3".'),
        ("21 CFR 700-", 'has no end after "700-"; name the last one too, or write "700" alone.'),
        (
            "21 CFR 700- and 740",
            'has no end after "700-"; name the last one too, or write "700" alone.',
        ),
        (
            "40 CFR part 60 (Except Subpart A)",  # a name would be left out, this must not be
            (
                'cannot be read from "(Except Subpart A)" on; write it like "21 CFR 701.3", '
                '"21 CFR part 701 subpart B" or "21 CFR parts 700-740".'
            ),
        ),
        ("21 CFR 740-700", "ends before it begins; write 700 before 740."),
        ("21 CFR 701.10-701.9", "ends before it begins; write 701.9 before 701.10."),
        ("21 CFR 11 and", "ends in the middle; add what comes after it, or leave that out."),
        (
            "21 CFR 701.3 et seq.",
            (
                "does not say where it ends; name the last section too, as in "
                '"21 CFR 701.1-701.9", or ask for the part.'
            ),
        ),
        (
            "21 CFR 11.10(a)-(d)",
            (
                "names a run of paragraphs, which cannot be cut out; name each of them, as in "
                '"21 CFR 11.10(a), (b)", or ask for the section.'
            ),
        ),
        (
            "21 CFR 11(a)",
            'names a paragraph of part 11; paragraphs are in sections, as in "21 CFR 701.3(a)".',
        ),
        (
            "10 CFR 50 appendix B(1)",
            "names a paragraph of an appendix; ask for the whole of appendix B.",
        ),
        (
            "40 CFR part 60 subparts A through E",  # Da stands between D and E
            "names a run of subparts, which has no certain members; name each of them.",
        ),
        (
            "45 CFR Parts 160 and 164, Subparts A and E",  # both parts have both
            (
                "does not say which of them the subpart is in; name each one with its own, as in "
                '"part 160 and subparts A and C of part 164".'
            ),
        ),
        (
            "21 CFR part 11 and subpart B",
            (
                "joins a subpart to a part; put a comma between them if it is within it, or name "
                'what it is in with "of".'
            ),
        ),
        ("21 CFR Part 11 § 12.3", "names section 12.3 in part 11; name one of them."),
        (
            "21 CFR subpart B",
            'names a subpart and not its part; write it like "21 CFR part 701 subpart B".',
        ),
        (
            "10 CFR Appendix B",
            'names an appendix and not its part; write it like "10 CFR part 50 appendix B".',
        ),
        (
            "FAR part 91",
            (
                "names part 91, and the FAR has parts 1 to 53 of title 48; for the Federal "
                'Aviation Regulations write "14 CFR part 91".'
            ),
        ),
        (
            "21 CFR 11 (2024); 45 CFR 164",
            "has several dates, or a date for a part of it; ask for each date by itself.",
        ),
        (
            "21 CFR 11 FDA",
            (
                'cannot be read from "FDA" on; write it like "21 CFR 701.3", "21 CFR part 701 '
                'subpart B" or "21 CFR parts 700-740".'
            ),
        ),
    ],
)
def test_a_citation_that_cannot_be_carried_out_gets_one_sentence(text: str, why: str) -> None:
    with pytest.raises(DocumentError) as caught:
        parse_citation(text)
    assert str(caught.value) == f'The citation "{text}" {why}'


def test_a_day_that_the_calendar_has_not_is_wrong_usage() -> None:
    with pytest.raises(UsageError) as caught:
        parse_citation("21 CFR 11 (2/30/2024)")
    assert str(caught.value) == (
        '"2024-02-30" in the citation "21 CFR 11 (2/30/2024)" is no date; write it as YYYY-MM-DD.'
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "handbook.zip",
        "policies/",
        "title-21.xml",
        "21 CFR 11.pdf",  # a file of that name
        "regs/21 CFR 11",
        "s3://bucket/21 CFR",
        "https://www.ecfr.gov/current/title-21",
        "21",
        "CFR",
        "part 11",
        "§ 11.10",
        "21 CRF 11",
        "21 U.S.C. 361",
        "Title 17 of the United States Code",
        "21 CFR 701.3 requires that labels show all ingredients in order",
        "profile:hipaa",
        "All but (21 CFR 11)",
    ],
)
def test_what_is_no_citation_is_none(text: str) -> None:
    assert parse_citation(text) is None


def test_what_looks_like_a_citation_is_told_from_a_file() -> None:
    assert looks_like_citation("21 CRF 11")
    assert looks_like_citation("part 11")
    assert looks_like_citation("§ 11.10")
    assert looks_like_citation("Regulation E")
    assert not looks_like_citation("policies/handbook.docx")
    assert not looks_like_citation("")


# -- properties

WORDS = st.sampled_from(
    ("21", "CFR", "C.F.R.", "title", "part", "parts", "subpart", "§", "§§", "701.3", "700", "740",
     "1.263(a)-3", "50-201", "(a)", "(1)", "(i)", "A", "OOOOa", "I", "of", "to", "through", "-",
     "and", ",", ";", "/", "Appendix", "Supp.", "No.", "chapter", "subchapter", "et seq.", "FAR",
     "(2024)", "1/29/2026", "[Reserved]", "the", ".9", "subject", "group", "ECFR03e54b15325e2a9",
     "paragraph", "words")
)  # fmt: skip


@given(st.lists(WORDS, max_size=12).map(" ".join) | st.text(max_size=60))
def test_no_text_raises_anything_but_a_sentence(text: str) -> None:
    try:
        found = parse_citation(text)
    except (DocumentError, UsageError) as error:
        assert "\n" not in str(error) and str(error).endswith(".")
    else:
        assert found is None or found.wanted
    looks_like_citation(text)


TITLES = st.integers(1, 50)
PARTS = st.integers(0, 9999).map(str)
SECTIONS = st.builds("{}.{}{}".format, PARTS, st.integers(100, 9999),
                     st.sampled_from(("", "a", "-1", "-12", "(a)-3", "(a)(9)-6T")))  # fmt: skip
PARAGRAPHS = st.lists(st.sampled_from(("(a)", "(1)", "(ii)", "(A)", "(a-1)")), max_size=4)
UNITS = st.one_of(
    st.builds(CfrUnit, TITLES),
    st.builds(CfrUnit, TITLES, part=PARTS),
    st.builds(CfrUnit, TITLES, section=SECTIONS, paragraph=PARAGRAPHS.map("".join)),
    st.builds(CfrUnit, TITLES, part=PARTS, subpart=st.sampled_from(("A", "Da", "OOOOa", "AA"))),
    st.builds(CfrUnit, TITLES, chapter=st.sampled_from(("I", "XIV", "301")),
              subchapter=st.sampled_from(("", "G"))),
    st.builds(CfrUnit, TITLES, part=PARTS,
              appendix=st.sampled_from(("A", "MS-2", "Supplement I", "Supplement No. 1"))),
)  # fmt: skip


@given(UNITS)
def test_the_citation_of_any_unit_is_read_as_that_unit(unit: CfrUnit) -> None:
    assert asked(unit.citation).wanted == (unit,)


@given(st.lists(UNITS, min_size=1, max_size=4, unique=True))
def test_citations_in_a_row_are_read_one_by_one(units: list[CfrUnit]) -> None:
    assert asked("; ".join(unit.citation for unit in units)).wanted == tuple(units)


@given(TITLES, st.integers(0, 4000), st.integers(1, 4000))
def test_a_run_of_parts_is_read_with_both_its_ends(title: int, first: int, more: int) -> None:
    span = Span(CfrUnit(title, part=f"{first}"), CfrUnit(title, part=f"{first + more}"))
    assert asked(f"{title} CFR parts {first} through {first + more}").wanted == (span,)
