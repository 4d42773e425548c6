"""A word is a match of ``[^\\W_]+`` in the NFKC form of a block's text (interface.md)."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tribonian.schemas.words import count_words, words

STEADY = settings(derandomize=True, deadline=None, max_examples=400)

TEXTS = [
    ("", []),
    (" \n\t", []),
    ("— § * * * ________", []),
    ("Each lantern.", ["Each", "lantern"]),
    # interface.md, "Nothing is lost": CO<E>2</E> is one word
    ("CO₂", ["CO2"]),
    # 21 CFR 177.1550: m<SU>2</SU>
    ("6.45 dm²", ["6", "45", "dm2"]),
    # 21 CFR 660.28: a bar immediately over the letter
    ("x̄ is the mean", ["x", "is", "the", "mean"]),
    # the composed letter stays one word, however it is written
    ("résumé", ["résumé"]),
    ("re\u0301sume\u0301", ["résumé"]),
    # 21 CFR 101.9: a fraction in one character is two numbers
    ("½ cup", ["1", "2", "cup"]),
    ("1½ cup", ["11", "2", "cup"]),
    # the underline of a form is no letter: 18 CFR 101, forms
    ("Name_of_signer", ["Name", "of", "signer"]),
    # ligatures of a typesetter
    ("eﬃcient oﬀice", ["efficient", "office"]),
    # U.S.C. and a designator
    ("(a)(1)(ii) 21 U.S.C. 321", ["a", "1", "ii", "21", "U", "S", "C", "321"]),
    # a curly apostrophe parts, as a straight one does
    ("manufacturer’s", ["manufacturer", "s"]),
    ("manufacturer's", ["manufacturer", "s"]),
    # a trade mark sign is two letters in NFKC
    ("Teflon™", ["TeflonTM"]),
    # Greek of 21 CFR 73.90
    ("β-Apo-8′-carotenal", ["β", "Apo", "8", "carotenal"]),
]


@pytest.mark.parametrize(("text", "expected"), TEXTS)
def test_the_words_of_a_text_are_its_letters_and_digits_in_compatibility_form(
    text: str, expected: list[str]
) -> None:
    assert words(text) == expected
    assert count_words(text) == len(expected)


# Writing in which neighbours join when they are put into compatibility form.
JOINING = [
    # half-width katakana: the voice mark joins the letter before it, プ is one letter
    ("ﾌﾟB", 1),
    ("ｶﾞ", 1),
    # Hangul jamo make one syllable
    ("\u1112\u1161\u11ab", 1),
    # a combining mark that has no letter to join stands between two words
    ("a\u20ddb", 2),
    # a space that NFKC puts before a spacing accent
    ("a´b", 2),
    ("e\u0301", 1),
]


@pytest.mark.parametrize(("text", "expected"), JOINING)
def test_characters_that_join_their_neighbours_are_counted_as_they_stand_in_the_end(
    text: str, expected: int
) -> None:
    assert len(words(text)) == expected
    assert count_words(text) == expected


@STEADY
@given(st.text())
@example("ⅷ½—re\u0301sume\u0301 CO₂ m²")
def test_the_count_is_the_number_of_words_of_any_text(text: str) -> None:
    assert count_words(text) == len(words(text))


@STEADY
@given(st.text(alphabet="ab1 _-.\n²₂½⁄´¨̈́̄ﬁ™ªº№ⅳé"))
def test_the_count_is_the_number_of_words_of_text_full_of_scripts_and_accents(text: str) -> None:
    assert count_words(text) == len(words(text))


@STEADY
@given(st.lists(st.text(), max_size=5))
def test_blocks_joined_by_line_feeds_have_the_sum_of_their_words(blocks: list[str]) -> None:
    # Node.total_words and the reader count many blocks at once in this way
    assert count_words("\n".join(blocks)) == sum(count_words(block) for block in blocks)


@pytest.mark.parametrize("inner", ["2", "max", "th"])
def test_a_word_and_the_same_word_in_raised_letters_are_one_count(inner: str) -> None:
    raised = inner.translate(str.maketrans("2thmax", "²ᵗʰᵐᵃˣ"))

    assert count_words(f"CO{raised}") == count_words(f"CO{inner}") == 1
