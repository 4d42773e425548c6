"""The numbers that one paragraph opens, and its headings; ``_…_`` marks italic type here."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tribonian.ingest.paragraphs import Paragraph, confirmed, read_paragraph

STEADY = settings(derandomize=True, deadline=None, max_examples=300)


def styled(marked: str) -> tuple[str, tuple[tuple[int, int], ...]]:
    """Text and italic spans of ``(a) _Scope._ Each lantern``."""
    text, spans, at = "", [], 0
    for n, piece in enumerate(marked.split("_")):
        if n % 2:
            spans.append((at, at + len(piece)))
        text += piece
        at += len(piece)
    return text, tuple(spans)


def read(marked: str) -> Paragraph:
    return read_paragraph(*styled(marked))


def opened(paragraph: Paragraph) -> list[tuple[str, str | None]]:
    """The numbers as printed, each with its heading."""
    return [
        (o.marker.printed, None if o.heading is None else paragraph.text[slice(*o.heading)])
        for o in paragraph.openings
    ]


Opened = list[tuple[str, str | None]]

OPENINGS: list[tuple[str, Opened]] = [
    # 21 CFR 701.3: one number, no heading
    ("(a) The label on each package of a cosmetic shall bear", [("(a)", None)]),
    ("(1) A fragrance.", [("(1)", None)]),
    ("(iv) A colour.", [("(iv)", None)]),
    ("(A) A flavour.", [("(A)", None)]),
    ("(aa) A mixture.", [("(aa)", None)]),
    # 21 CFR 11.10: a heading in italics
    ("(a) _Scope._ This part applies.", [("(a)", "Scope.")]),
    ("(a) _What is a record?_ A record is", [("(a)", "What is a record?")]),
    # 17 CFR 240.14a-8
    ("(a) _Question 1:_ What is a proposal?", [("(a)", "Question 1:")]),
    # the stop stands outside of the italics
    ("(a) _Scope_. This part applies.", [("(a)", "Scope.")]),
    # italic words at the beginning that are no heading: 31 CFR 1010.605(l)
    ("(l) _Physical presence_ means a place of business", [("(l)", None)]),
    # two italics that make one heading
    ("(a) _Name_—_address._ Text.", [("(a)", "Name—address.")]),
    # run-in numbers: 8,284 paragraphs of the eCFR
    ("(a)(1) Each licensee", [("(a)", None), ("(1)", None)]),
    ("(a) (1) Each licensee", [("(a)", None), ("(1)", None)]),
    ("(c)(2)(i) Each licensee", [("(c)", None), ("(2)", None), ("(i)", None)]),
    # a run-in that does not begin at one: the first was removed
    ("(3)(ii) Each licensee", [("(3)", None), ("(ii)", None)]),
    # a heading, then the inner number: 22,712 paragraphs
    ("(e) _Conditions of use_—(1) Use in feed", [("(e)", "Conditions of use—"), ("(1)", None)]),
    ("(a) _Introduction._ (1) This appendix", [("(a)", "Introduction."), ("(1)", None)]),
    ("(a) _Definitions_ (1) The term", [("(a)", "Definitions"), ("(1)", None)]),
    # 21 CFR 522.970(e): three numbers, two headings
    (
        "(e) _Conditions of use_—(1) _Horses._ (i) 0.5 mg",
        [("(e)", "Conditions of use—"), ("(1)", "Horses."), ("(i)", None)],
    ),
    (
        "(b) _Title_—(1) _Sub_—(i) _Deep._ Text.",
        [("(b)", "Title—"), ("(1)", "Sub—"), ("(i)", "Deep.")],
    ),
    # 1 CFR 21.11: the fifth and sixth level are italic figures and numerals
    ("(_1_) Each licensee", [("(1)", None)]),
    ("(_i_) Each licensee", [("(i)", None)]),
    ("(A)(_1_) Each licensee", [("(A)", None), ("(1)", None)]),
    # ranges that are reserved
    ("(g)-(h) [Reserved]", [("(g)-(h)", None)]),
    ("(b) through (d) [Reserved]", [("(b)-(d)", None)]),
    ("(b) and (c) [Reserved]", [("(b)-(c)", None)]),
    ("(2)–(4) [Reserved]", [("(2)-(4)", None)]),
    ("(l) [Reserved]", [("(l)", None)]),  # 21 CFR 701.3(l)
    ("(a)(1) [Reserved]", [("(a)", None), ("(1)", None)]),
    # inserted numbers: 10 CFR 50.54
    ("(i-1) Within 3 months after either", [("(i-1)", None)]),
    ("(a-1) A request for a waiver", [("(a-1)", None)]),
    ("(1a) A request for a waiver", [("(1a)", None)]),
    # 21 CFR 80.32: a clause that goes on is no reference
    ("(1) and such color additive is used", [("(1)", None)]),
    # appendices: 10 CFR part 50, appendix J
    ("A. Scope of this appendix", [("A.", None)]),
    ("1. Pretest requirements", [("1.", None)]),
    ("IV. Guides", [("IV.", None)]),
    ("a. Controlled studies.", [("a.", None)]),
    # space within the parentheses, none behind them, none before the text
    ("( a ) Each licensee", [("(a)", None)]),
    ("(a)Each licensee", [("(a)", None)]),
    ("  (a) Each licensee", [("(a)", None)]),
    # no number at all
    ("Each licensee shall", []),
    ("", []),
    ("* * * * *", []),
    ("[Reserved]", []),
    # words in parentheses: 21 CFR 1.3, 101.9
    ("(see appendix A)", []),
    ("(the “Act”) applies", []),
    ("(no) licensee", []),
    ("(2010) edition", []),
    # figures that are no numbers of paragraphs: 21 CFR 101.9
    ("3.5 grams of fat", []),
    ("21 U.S.C. 321", []),
    ("1.1 mg", []),
]


@pytest.mark.parametrize(("marked", "expected"), OPENINGS)
def test_a_paragraph_opens_the_numbers_at_its_beginning(marked: str, expected: Opened) -> None:
    assert opened(read(marked)) == expected


# A sentence that begins with a number it talks about: § 100.4 of the sample regulation.
REFERENCES = [
    # 17 CFR 240.14n-101
    "(3) and (4) Amount Held by Each Reporting Person",
    "(a) and (b) of this section do not apply to a waiver.",
    "(a) or (b) of this section applies.",
    "(a) through (d) of this section apply.",
    "(b), (c), and (d) of this section apply.",
    "(a) of this section applies.",
    "(1) of this paragraph applies.",
    "(2) of that section applies.",
    # the same with a reference of two levels
    "(a)(1) of this section applies.",
    "(a)(1) and (2) of this section apply.",
    "(b)(2)(i) of this section applies.",
    "(c)(1) through (3) of this section apply.",
]


@pytest.mark.parametrize("text", REFERENCES)
@pytest.mark.parametrize("italics", [(), None])
def test_a_paragraph_that_talks_about_a_number_does_not_open_it(
    text: str, italics: tuple[()] | None
) -> None:
    assert opened(read_paragraph(text, italics)) == []


def test_a_number_is_opened_although_the_text_refers_to_another_further_on() -> None:
    assert opened(read("(a) Notwithstanding (b) of this section, each lantern")) == [("(a)", None)]


@pytest.mark.parametrize(
    ("marked", "italic"),
    [("(_1_) x", [True]), ("(1) x", [False]), ("(A)(_1_) x", [False, True])],
)
def test_the_type_of_a_number_is_kept(marked: str, italic: list[bool]) -> None:
    assert [o.marker.italic for o in read(marked).openings] == italic


# Plain text has no italics: asterisks and underscores around the number stand for them.
PLAIN: list[tuple[str, list[tuple[str, bool | None]]]] = [
    ("(*1*) text", [("(1)", True)]),
    ("(_ii_) text", [("(ii)", True)]),
    ("(1) text", [("(1)", None)]),
    ("(A)(*1*) text", [("(A)", None), ("(1)", True)]),
    ("(*1_) text", []),
]


@pytest.mark.parametrize(("text", "expected"), PLAIN)
def test_in_plain_text_signs_around_a_number_stand_for_italics(
    text: str, expected: list[tuple[str, bool | None]]
) -> None:
    openings = read_paragraph(text).openings

    assert [(o.marker.printed, o.marker.italic) for o in openings] == expected


def test_in_plain_text_a_heading_is_known_by_the_number_that_follows_it() -> None:
    paragraph = read_paragraph("(b) Title—(1) Sub. (i) Text goes on.")

    assert opened(paragraph) == [("(b)", "Title—"), ("(1)", "Sub."), ("(i)", None)]
    assert opened(read_paragraph("(b) A sentence. Another one.")) == [("(b)", None)]


# A footnote's mark stands between the heading and the number that runs into it.
FOOTNOTED = [
    # 10 CFR 50.72(a): <I>General requirements.</I> <SU>1</SU> <FTREF/> (1) Each nuclear …
    "(a) _General requirements._ ¹ (1) Each nuclear power reactor licensee",
    # 21 CFR 177.1550(e)
    "(e) _Limitations._ ¹ (1) Perfluorocarbon-molded articles",
]


@pytest.mark.parametrize("marked", FOOTNOTED)
def test_a_footnote_mark_after_a_heading_does_not_hide_the_number_behind_it(marked: str) -> None:
    assert [number for number, _ in opened(read(marked))][1:] == ["(1)"]


def test_a_number_inside_an_italic_heading_is_opened_all_the_same() -> None:
    # 21 CFR 522.1450(e): the italics go on across the number
    paragraph = read("(e) _Conditions of use in cattle—(1) Amount._ Administer 1 mL")

    assert [number for number, _ in opened(paragraph)] == ["(e)", "(1)"]


# 10 CFR part 50, appendices E and K: dotted numbers run into one another as well.
DOTTED_RUN_INS = [
    ("1. a. A description of each evaluation model", ["1.", "a."]),  # appendix K, II
    ("8.a. (i) A licensee onsite technical support center", ["8.", "a.", "(i)"]),  # appendix E
    ("A. _Type A test—_1. _Pretest requirements._ (a) Inspection", ["A.", "1.", "(a)"]),
    ("B.1. The calculated annual total quantity", ["B.", "1."]),  # appendix I; 21 CFR 71.1
    ("I. _Apparatus._ A. Assorted beakers", ["I.", "A."]),  # 21 CFR 178.3620
    ("B. _Sample._ 1. Weigh out 20.0 grams", ["B.", "1."]),  # 21 CFR 178.3620
    ("5. _Refill and Reflood._ a. For reflood rates", ["5.", "a."]),  # appendix K, I.D.5
]


@pytest.mark.parametrize(("marked", "expected"), DOTTED_RUN_INS)
def test_dotted_numbers_run_into_one_another_as_bracketed_ones_do(
    marked: str, expected: list[str]
) -> None:
    assert [number for number, _ in opened(read(marked))] == expected


# What comes after the stop may begin with a small letter.
SMALL = [
    ("A. that such items will be included in a different period", "A."),  # 18 CFR 101, def. 31
    ("B. in the case of regulatory liabilities, that refunds", "B."),  # 18 CFR 101, def. 31
    ("5. _n_-Hexadecane. Determine the absorbance", "5."),  # 21 CFR 178.3620
]


@pytest.mark.parametrize(("marked", "number"), SMALL)
def test_a_dotted_number_is_opened_before_a_small_letter_as_well(marked: str, number: str) -> None:
    assert [printed for printed, _ in opened(read(marked))] == [number]


# (text, whether it ends by introducing a list)
LEADS = [
    ("(a) The following:", True),
    ("(a) A person who—", True),
    ("(a) A lantern that is new and", True),
    ("(a) One of the following", True),
    ("(a) A lantern.", False),
    ("As used in this part:", True),
    ("(a) _Scope._ This part applies to—", True),
]


@pytest.mark.parametrize(("marked", "expected"), LEADS)
def test_a_text_leads_into_a_list_by_how_it_ends(marked: str, expected: bool) -> None:
    assert read(marked).leads_in is expected


# (text, whether it defines a term and has no number of its own)
DEFINITIONS = [
    ("_Board_ means the Lantern Safety Board.", True),
    ("_Board_ means—", True),
    ("“_Board_” means the Lantern Safety Board.", True),
    ("_Board or staff_ includes its members.", True),
    ("_Handgun._ A firearm which", True),
    ("_Hospital:_ A facility", True),
    ("_Officer_ has the same meaning as in part 1.", True),
    ("“Board” means the Lantern Safety Board.", True),
    ("_Provided,_ That the lantern is new.", False),
    ("_See_ part 110 of this chapter.", False),
    ("The Board means well.", False),
    ("(a) _Board_ means the Lantern Safety Board.", False),
    ("Each lantern.", False),
]


@pytest.mark.parametrize(("marked", "expected"), DEFINITIONS)
def test_an_unnumbered_paragraph_defines_the_term_it_opens_with(
    marked: str, expected: bool
) -> None:
    assert read(marked).defines is expected


PLAIN_DEFINITIONS = [
    ("Board means the Lantern Safety Board.", True),
    ("“Board” means the Lantern Safety Board.", True),
    ("The term Board includes its members.", True),
    ("Flame lantern (of any kind) means a lantern that burns.", True),
    ("Handgun. (a) Any firearm which has a short stock", True),  # 27 CFR 478.11
    ("Engaged in the business—(a) Manufacturer of firearms.", True),  # 27 CFR 478.11
    # 27 CFR 478.11: a term of eleven words is a term
    ("Admitted to the United States for lawful hunting or sporting purposes. (a) Is", True),
    ("each lantern means trouble.", False),
    ("(a) Board means the Lantern Safety Board.", False),
]


@pytest.mark.parametrize(("text", "expected"), PLAIN_DEFINITIONS)
def test_in_plain_text_a_definition_is_known_by_its_words(text: str, expected: bool) -> None:
    assert read_paragraph(text).defines is expected


def test_a_definition_may_be_numbered_itself() -> None:
    # 27 CFR 478.11: "Handgun. (a) Any firearm which has a short stock …"
    paragraph = read("_Handgun._ (a) Any firearm which has a short stock")

    assert paragraph.defines
    assert opened(paragraph) == [("(a)", None)]
    assert paragraph.text[: paragraph.openings[0].start].strip() == "Handgun."


RESERVED = [
    ("(b) [Reserved]", True),
    ("(b)-(d) [Reserved]", True),
    ("(b) _[Reserved]_", True),
    ("(b) (Reserved)", True),
    ("(a)(1) [Reserved].", True),
    ("(b) Reserved seats are marked.", False),
    ("(b) Rights are reserved", False),
    ("[Reserved]", False),  # no number: the node that holds it says so
]


@pytest.mark.parametrize(("marked", "expected"), RESERVED)
def test_a_number_without_law_is_reserved(marked: str, expected: bool) -> None:
    assert read(marked).reserved is expected


def test_a_list_inside_the_text_is_noted_and_not_opened() -> None:
    paragraph = read("(h) The following apply: (1) First; and (2) second.")

    assert opened(paragraph) == [("(h)", None)]
    assert [o.marker.printed for o in paragraph.inline] == ["(1)"]


def numbers(paragraph: Paragraph) -> list[str]:
    return [o.marker.printed for o in paragraph.openings]


SEVENTEEN = "i ii iii iv v vi vii viii ix x xi xii xiii xiv xv xvi xvii"
CONFIRMED = [
    # the (2) that follows goes on from the (1) inside the text
    ("(a) Each lantern: (1) Has a handle.", ["(2) Has a globe."], ["(a)", "(1)"]),
    # the list that (a) is in goes on: (1) was an enumeration within the sentence
    ("(a) Each lantern: (1) a handle; (2) a globe.", ["(b) Each box."], ["(a)"]),
    # sub-paragraphs stand between (1) and its (2)
    ("(a) Each lantern: (1) Has:", ["(i) A handle;", "(ii) A globe.", "(2) Is new."],
     ["(a)", "(1)"]),
    # (i) after "(h) …: (i)" goes on from the outer number
    ("(h) Each lantern: (i) a handle.", ["(i) Each box."], ["(h)"]),
    # nothing follows
    ("(a) Each lantern: (1) a handle.", [], ["(a)"]),
    # 17 CFR 240.14a-8(b): seventeen sub-paragraphs stand between (1) and (2)
    ("(b) Who is eligible? (1) To be eligible:",
     [f"({numeral}) Each of them." for numeral in SEVENTEEN.split()] + ["(2) Next."],
     ["(b)", "(1)"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "following", "expected"), CONFIRMED)
def test_a_number_inside_the_text_is_opened_when_a_later_one_goes_on_from_it(
    text: str, following: list[str], expected: list[str]
) -> None:
    after = [read(each) for each in following]

    assert numbers(confirmed(read(text), after)) == expected


def test_what_the_nesting_needs_is_told_in_one_line() -> None:
    line = read("(b) _Title_—(1) Text:").line()

    assert [marker.text for marker in line.markers] == ["b", "1"]
    assert line.headed == (True, False)
    assert line.leads_in
    assert not line.defines
    assert not line.fresh


def test_a_numbered_paragraph_that_is_all_heading_is_read() -> None:
    # <P>(a) <I>Reserved </I></P>: the space stands inside the italics and is trimmed
    # from the text, so the italic span ends one character behind it
    paragraph = read_paragraph("(a) Reserved", ((4, 13),))

    assert numbers(paragraph) == ["(a)"]


fragments = st.sampled_from(
    ["(a) ", "(1)", "(i) ", "(A)", "(_1_)", "(*1*)", "_Title._ ", "—", "_Board_ means ", ": ",
     "; or", "[Reserved]", " and ", " through ", "of this section ", "word ", "(", "((", ")", "1. ",
     "IV. ",
     "\t", " ", "-", "–", "§ 1.1", "(a)-(c) ", "(aa)", "( b )", "’", "”", ".", "²", "١", "\u00a0"]
)  # fmt: skip


@STEADY
@given(st.lists(fragments, max_size=8).map("".join), st.booleans())
@example("(a)", False)
@example("_", False)
def test_any_run_of_pieces_is_read_and_what_it_opens_is_in_the_text(
    marked: str, plain: bool
) -> None:
    text, spans = styled(marked)
    paragraph = read_paragraph(text, None if plain else spans)

    at = 0
    for opening in paragraph.openings:
        assert at <= opening.start < opening.end <= len(text)
        assert opening.marker.text.rstrip(".") in text[opening.start : opening.end]
        at = opening.end
        if opening.heading is not None:
            start, end = opening.heading
            assert opening.end <= start < end <= len(text)
            at = end
    assert at <= paragraph.body <= len(text) or not paragraph.openings
