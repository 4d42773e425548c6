"""Raised and lowered text, fractions and accents as plain text that stays legible."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tribonian.ingest.scripts import accented, fraction, subscript, superscript
from tribonian.schemas.words import words

STEADY = settings(derandomize=True, deadline=None, max_examples=150)

RAISED = [
    ("2", "²"),  # m<SU>2</SU>
    ("19", "¹⁹"),  # 10 CFR 50.61: 10<SU>19</SU> n/cm<SU>2</SU>
    ("-1", "⁻¹"),
    ("−1", "⁻¹"),  # the minus sign
    ("th", "ᵗʰ"),
    ("a", "ᵃ"),  # a footnote's mark
    ("TM", "™"),
    ("SM", "℠"),
    # several marks in a row
    ("1 2", "¹ ²"),
    ("a, b", "ᵃ, ᵇ"),
    # space that was inside the element stays, once
    (" 2", " ²"),
    ("2 ", "² "),
    # what Unicode cannot raise is marked as in plain-text mathematics
    ("0.094 (298 - l)", "^{0.094 (298 - l)}"),
    ("q", "^q"),
    # no letter and no figure: printed as it is
    ("*", "*"),
    ("", ""),
    ("®", "®"),
]


@pytest.mark.parametrize(("text", "expected"), RAISED)
def test_raised_text_is_raised_where_unicode_can_and_marked_where_it_cannot(
    text: str, expected: str
) -> None:
    assert superscript(text) == expected


LOWERED = [
    ("2", "₂"),  # CO<E T="52">2</E>
    ("10", "₁₀"),
    ("i", "ᵢ"),  # x<E T="52">i</E>
    ("max", "ₘₐₓ"),
    ("+", "₊"),
    (" 2", " ₂"),
    # 10 CFR 50.61: RT<E T="52">NDT</E>
    ("NDT", "_NDT"),
    ("0.5 x", "_{0.5 x}"),
    ("*", "*"),
    ("", ""),
]


@pytest.mark.parametrize(("text", "expected"), LOWERED)
def test_lowered_text_is_lowered_where_unicode_can_and_marked_where_it_cannot(
    text: str, expected: str
) -> None:
    assert subscript(text) == expected


@STEADY
@given(st.text(alphabet="0123456789", min_size=1, max_size=4))
def test_raised_and_lowered_figures_are_the_same_figures_in_compatibility_form(text: str) -> None:
    assert unicodedata.normalize("NFKC", superscript(text)) == text
    assert unicodedata.normalize("NFKC", subscript(text)) == text


@pytest.mark.parametrize("letter", "abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVW")
def test_a_raised_letter_is_the_same_letter_in_compatibility_form(letter: str) -> None:
    assert unicodedata.normalize("NFKC", superscript(letter)) == letter
    assert superscript(letter) != letter


@pytest.mark.parametrize("letter", "aehijklmnoprstuvx")
def test_a_lowered_letter_is_the_same_letter_in_compatibility_form(letter: str) -> None:
    assert unicodedata.normalize("NFKC", subscript(letter)) == letter
    assert subscript(letter) != letter


@pytest.mark.parametrize(("before", "script"), [("CO", "₂"), ("m", "²"), ("x", "ᵢ"), ("5", "ᵗʰ")])
def test_a_raised_or_lowered_ending_stays_part_of_its_word(before: str, script: str) -> None:
    # interface.md, "Nothing is lost": CO<E>2</E> is one word
    plain = unicodedata.normalize("NFKC", script)

    assert script in (superscript(plain), subscript(plain))
    assert len(words(before + script)) == 1


# eCFR XML User Guide 3.3; 21 CFR 660.28 calls 8 "a bar immediately over the letter".
ACCENTED = [
    ("e", "1", "é"),
    ("e", "2", "è"),
    ("e", "3", "ê"),
    ("e", "4", "ë"),
    ("n", "6", "ñ"),
    ("a", "7", "å"),
    ("x", "8", "x̄"),
    ("c", "9", "ç"),
    ("the mean x", "8", "the mean x̄"),
]


@pytest.mark.parametrize(("before", "code", "expected"), ACCENTED)
def test_an_accent_goes_on_the_last_letter_before_it(before: str, code: str, expected: str) -> None:
    assert accented(before, code) == unicodedata.normalize("NFC", expected)


@pytest.mark.parametrize("code", ["", "0", "5", "10", "x"])
def test_a_code_without_meaning_makes_no_accent(code: str) -> None:
    assert accented("e", code) is None


FRACTIONS = [
    ("1", "1/2", " 1/2"),  # 1<FR>1/2</FR> is one and a half and not eleven halves
    ("1 ", "1/2", "1/2"),
    ("", "3/16", "3/16"),  # 21 CFR 178.3620: <FR>3/16</FR>-inch
    ("(", "1/2", "1/2"),
    ("approximately", "3/16", " 3/16"),
    ("100%", "1/2", " 1/2"),
    ("(1)", "1/2", " 1/2"),
    ("1", " 1/2 ", " 1/2"),
    ("1", "1⁄2", " 1/2"),  # the fraction slash
]


@pytest.mark.parametrize(("before", "text", "expected"), FRACTIONS)
def test_a_fraction_is_kept_apart_from_the_number_before_it(
    before: str, text: str, expected: str
) -> None:
    assert fraction(before, text) == expected
    assert words(before + fraction(before, text)) == words(f"{before} {text.replace('⁄', '/')}")


def test_a_long_raised_word_takes_no_longer_than_its_length() -> None:
    # a pattern whose separators may all be missing tries 2 to the n ways
    assert superscript("thisisalongraisedwordoffortyletters" * 50 + "!").startswith("^{this")
