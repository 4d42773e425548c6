"""Where a sentence of legal English ends, and that nothing is lost in cutting."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tribonian.consolidate.sentences import split_clauses, split_sentences, split_words


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        # 21 CFR 701.3(a): a section number ends no sentence, but may stand at the end of one
        ("See § 1.2 of this chapter.", ["See § 1.2 of this chapter."]),
        ("This is in § 1.2. The label must say so.",
         ["This is in § 1.2. ", "The label must say so."]),
        # 21 CFR 1.1: the United States Code
        ("As defined in 21 U.S.C. 321, it is a drug.",
         ["As defined in 21 U.S.C. 321, it is a drug."]),
        ("It is defined in 21 U.S.C. 321. Keep it.",
         ["It is defined in 21 U.S.C. 321. ", "Keep it."]),
        ("Section 301 of the Act, 21 U.S.C. § 331, applies.",
         ["Section 301 of the Act, 21 U.S.C. § 331, applies."]),
        # 21 CFR 74.705: colors with numbers
        ("FD&C Yellow No. 5 is listed. Declare it.",
         ["FD&C Yellow No. 5 is listed. ", "Declare it."]),
        ("Forms Nos. 12 and 13 are one. File both.",
         ["Forms Nos. 12 and 13 are one. ", "File both."]),
        # 21 CFR 20.1: statutes cited by their first section
        ("The Act (5 U.S.C. 551 et seq.) applies. So does the rule.",
         ["The Act (5 U.S.C. 551 et seq.) applies. ", "So does the rule."]),
        ("Under 5 U.S.C. 551 et seq. § 4 was added.",
         ["Under 5 U.S.C. 551 et seq. § 4 was added."]),
        # 21 CFR 201.327: dates
        ("File before Jan. 3, 2020. Then wait.", ["File before Jan. 3, 2020. ", "Then wait."]),
        ("Filed Sept. 12 and Dec. 9, it stands.", ["Filed Sept. 12 and Dec. 9, it stands."]),
        # 1 CFR 11.2: public laws and initials
        ("See Pub. L. 101-410. It was amended.", ["See Pub. L. 101-410. ", "It was amended."]),
        ("Write to J. P. Smith at once. Wait.", ["Write to J. P. Smith at once. ", "Wait."]),
        # 21 CFR 10.30: an address
        ("Send it to Washington, D.C. 20204 by post.",
         ["Send it to Washington, D.C. 20204 by post."]),
        ("Use e.g. Form 5, i.e. The Form.", ["Use e.g. Form 5, i.e. The Form."]),
        # closing quotation marks and brackets belong to the sentence they close
        ("The label says “Keep cold.” The box says more.",
         ["The label says “Keep cold.” ", "The box says more."]),
        ("(It was amended in 1977.) The rule stands.",
         ["(It was amended in 1977.) ", "The rule stands."]),
        ("Is it safe? Show it! Then sell.", ["Is it safe? ", "Show it! ", "Then sell."]),
        ("Take 2.5 mL. Shake.", ["Take 2.5 mL. ", "Shake."]),
        ("One sentence only", ["One sentence only"]),
        ("", []),
    ],
)  # fmt: skip
def test_a_sentence_ends_where_a_lawyer_would_end_it(text: str, sentences: list[str]) -> None:
    assert split_sentences(text) == sentences


def test_a_sentence_is_divided_at_semicolons_colons_and_dashes_into_clauses() -> None:
    text = "The label must say: the name; the quantity— in grams; and the maker"
    assert split_clauses(text) == [
        "The label must say: ",
        "the name; ",
        "the quantity— ",
        "in grams; ",
        "and the maker",
    ]


def test_a_colon_inside_a_time_divides_nothing() -> None:
    assert split_clauses("at 9:30 or later") == ["at 9:30 or later"]


def test_words_keep_the_space_behind_them() -> None:
    assert split_words(" one  two\nthree") == [" ", "one  ", "two\n", "three"]


_legal = st.lists(
    st.one_of(
        st.sampled_from(
            ("§ 1.2", "U.S.C.", "No. 5", "et seq.", "Jan. 3", "(a)", "“Lot”", "end.", "Why?",
             ".)", "; ", ": ", "— ", "\n", " ", "A", "1.")
        ),
        st.text(max_size=8),
    ),
    max_size=30,
).map(" ".join)  # fmt: skip


@pytest.mark.parametrize("split", [split_sentences, split_clauses, split_words])
def test_an_empty_text_has_no_pieces(split: object) -> None:
    assert split("") == []  # type: ignore[operator]


@given(_legal)
def test_joined_pieces_are_the_text(text: str) -> None:
    for split in (split_sentences, split_clauses, split_words):
        pieces = split(text)
        assert "".join(pieces) == text
        assert all(pieces)


@given(_legal)
def test_no_cut_falls_inside_a_word(text: str) -> None:
    for split in (split_sentences, split_clauses, split_words):
        for piece in split(text)[:-1]:
            assert piece[-1].isspace()
