"""Bytes to text: marks, declarations that lie, guesses, and what cannot be decoded."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tribonian.ingest.encodings import decode, decode_noting, decode_surely
from tribonian.ingest.record import Reading

LAW = (
    "§ 5.2   Lanterns. The term “lantern” means a lamp — with a keeper’s mark — of 2½ inches, "
    "± 2 °C. Each keeper’s lantern must burn from dusk to dawn. "
)
FRENCH = "Le gardien doit tenir à jour un registre où l’été est noté, même en cas d’éclipse. "
GERMAN = "Jeder Wärter führt gemäß § 3 ein Verzeichnis über „Öllampen“ und deren Größe. "
RUSSIAN = "Смотритель обязан зажигать фонарь каждый вечер и записывать это в журнал. "
GREEK = "Ο φύλακας ανάβει το φανάρι κάθε βράδυ και το καταγράφει στο βιβλίο. "
JAPANESE = "管理者は、毎晩灯台に火をともし、これを日誌に記録しなければならない。"
HEBREW = "השומר מדליק את הפנס בכל ערב ורושם זאת ביומן המגדלור. "


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
    ],
)
def test_a_byte_order_mark_is_believed_before_a_declaration(mark: bytes, encoding: str) -> None:
    found = decode_surely(mark + LAW.encode(encoding), "shift_jis")
    assert found.text == LAW
    assert not found.guessed
    assert not found.damaged


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_wide_characters_are_known_without_their_mark(encoding: str) -> None:
    found = decode_surely(LAW.encode(encoding))
    assert (found.text, found.encoding) == (LAW, encoding)
    assert encoding.upper() in found.guessed


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (LAW, "cp1252"),
        (LAW.replace("½", " 1/2"), "mac-roman"),
        (FRENCH, "cp1252"),
        (FRENCH, "mac-roman"),
        (GERMAN, "cp1252"),
        (RUSSIAN * 3, "cp1251"),
        (RUSSIAN * 3, "koi8-r"),
        (GREEK * 3, "cp1253"),
        (JAPANESE * 2, "cp932"),
        (JAPANESE * 2, "euc_jp"),
        (JAPANESE, "iso2022_jp"),
        (HEBREW * 3, "iso8859-8"),
    ],
)
def test_what_is_not_declared_is_guessed_and_the_guess_is_told(text: str, encoding: str) -> None:
    reading = Reading()
    assert decode_noting(text.encode(encoding), reading) == text
    assert [finding.code for finding in reading.findings] == ["encoding-guessed"]


@pytest.mark.parametrize("sign", ["§", "“lamp”", "the keeper’s", "dusk — dawn", "½", "café", "©"])
def test_one_sign_of_windows_1252_in_a_page_of_ascii_is_never_taken_for_something_exotic(
    sign: str,
) -> None:
    text = (
        f"Each keeper shall maintain a lantern. {sign} applies to the keeper. "
        + "It burns oil. " * 40
    )
    assert decode(text.encode("cp1252")) == (text, "cp1252")


def test_a_declaration_is_believed_where_the_bytes_fit_it() -> None:
    assert decode(JAPANESE.encode("cp932"), "Shift_JIS")[0] == JAPANESE
    assert decode(HEBREW.encode("iso8859-8"), "ISO-8859-8-I")[0] == HEBREW


def test_latin_1_means_windows_1252() -> None:
    assert decode("“a”".encode("cp1252"), "iso-8859-1") == ("“a”", "cp1252")


def test_utf_8_is_read_as_utf_8_whatever_is_declared() -> None:
    found = decode_surely(LAW.encode(), "windows-1252")
    assert (found.text, found.encoding) == (LAW, "utf-8")
    assert found.guessed == "It says it is windows-1252, but its bytes are UTF-8"


def test_a_declaration_of_utf_8_that_lies_is_told() -> None:
    found = decode_surely(LAW.encode("cp1252"), "utf-8")
    assert (found.text, found.encoding) == (LAW, "cp1252")
    assert found.guessed == "It says it is utf-8, which it is not"


@pytest.mark.parametrize("name", ["utf-16", "hex", "zip", "no such thing", "", "\0", "x" * 99])
def test_a_declaration_that_makes_no_sense_does_no_harm(name: str) -> None:
    assert decode(LAW.encode(), name)[0] == LAW
    assert decode(b"plain", name)[0] == "plain"


def test_bytes_of_another_encoding_within_utf_8_are_counted_and_stand_as_replacements() -> None:
    reading = Reading()
    data = (LAW * 3).encode() + b"\nThe caf\xe9 and the \x93lamp\x94.\n" + LAW.encode()
    text = decode_noting(data, reading)
    assert text.count("\ufffd") == 3
    (finding,) = reading.findings
    assert finding.code == "encoding-damaged"
    assert finding.locator == "line 2"
    assert finding.message.startswith("3 places could not be decoded as utf-8")


def test_a_replacement_character_that_the_document_has_itself_is_no_damage() -> None:
    found = decode_surely("a \ufffd b".encode())
    assert found.damaged == 0


def test_zero_bytes_within_text_do_not_make_it_wide() -> None:
    assert decode(b"a keeper\x00 of lanterns and of lamps")[1] == "ascii"


def test_half_a_character_at_the_end_is_one_damaged_place() -> None:
    found = decode_surely((LAW * 2).encode() + "é".encode()[:1])
    assert (found.encoding, found.damaged) == ("utf-8", 1)


@given(st.binary(max_size=400), st.sampled_from([None, "utf-8", "latin-1", "shift_jis", "utf-16"]))
def test_any_bytes_give_a_text_that_can_be_written(data: bytes, declared: str | None) -> None:
    text, _ = decode(data, declared)
    text.encode()


@given(st.text(st.characters(exclude_categories=("Cs",)), max_size=300))
def test_utf_8_comes_back_as_it_was(text: str) -> None:
    found = decode_surely(text.encode())
    if not text.startswith("\ufeff") and "\0" not in text and "\x1b" not in text:
        assert found.text == text
        assert found.damaged == 0
