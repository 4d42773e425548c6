"""Bytes to text: byte order marks, declarations, and what the bytes themselves show."""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

from tribonian.ingest.record import Reading

_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What writers mean by a name (https://encoding.spec.whatwg.org/#names-and-labels): the
# Windows encoding, which holds the other and more.
_MEANT = {
    "ascii": "cp1252", "iso8859-1": "cp1252", "iso8859-9": "cp1254", "tis-620": "cp874",
    "gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932", "euc_kr": "cp949",
    "big5": "big5hkscs",
}  # fmt: skip
# Names that Python lacks: visual and logical order are written with the same bytes.
_NAMED = {"iso-8859-8-i": "iso8859-8", "iso-8859-8-e": "iso8859-8", "x-sjis": "cp932",
          "x-mac-roman": "mac-roman", "macintosh": "mac-roman", "x-cp1252": "cp1252",
          "unicode": "utf-16", "x-user-defined": "cp1252", "utf8mb4": "utf-8"}  # fmt: skip
SAMPLE = 200_000  # bytes around which a guess is made
_HIGH = re.compile(rb"[\x80-\xff]+")
_UTF8 = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")


class Decoded(NamedTuple):
    """A text, the encoding it was read in, and how surely.

    ``guessed`` says why nothing but a guess was left, ``damaged`` how many places could not
    be decoded and became U+FFFD.
    """

    text: str
    encoding: str
    guessed: str = ""
    damaged: int = 0


def decode(data: bytes, declared: str | None = None) -> tuple[str, str]:
    """The text of some bytes, and the encoding it was read in.

    ``declared`` is what the document or its server says. A byte order mark comes first, then
    UTF-8 where the bytes are UTF-8, then the declaration where the bytes fit it, then a guess.
    """
    found = decode_surely(data, declared)
    return found.text, found.encoding


def decode_noting(data: bytes, reading: Reading, declared: str | None = None) -> str:
    """The text of a document, with a finding where its encoding was guessed or damaged."""
    found = decode_surely(data, declared)
    if found.guessed:
        reading.note(
            "encoding-guessed", f"{found.guessed}; it was read as {found.encoding}.", "line 1"
        )
    if found.damaged:
        line = found.text.count("\n", 0, found.text.index("\ufffd")) + 1
        where = "place" if found.damaged == 1 else "places"
        reading.note(
            "encoding-damaged",
            f"{found.damaged:,} {where} could not be decoded as {found.encoding} and stand as "
            f"\ufffd, the first in line {line:,}; save the document as UTF-8.",
            f"line {line}",
        )
    return found.text


def decode_surely(data: bytes, declared: str | None = None) -> Decoded:
    """The text of some bytes with what is to be known of its encoding."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _replaced(data, encoding)
    wide = _wide(data)
    if wide:
        return _replaced(data, wide, f"It has no byte order mark but is {wide.upper()}")
    named = _python_name(declared)
    if data.isascii() and not _ESCAPES.search(data):
        return Decoded(data.decode("ascii"), named or "ascii")
    lies = ""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        if named and named != "utf-8" and not named.startswith(("utf-16", "utf-32", "utf_")):
            try:
                return Decoded(data.decode(named), named)
            except (UnicodeDecodeError, LookupError):
                lies = f"It says it is {declared}, which it is not"
        elif declared:
            lies = f"It says it is {declared}, which it is not"
    else:
        seven_bit = data.isascii()
        if named and named != "utf-8" and not seven_bit and not _same(text, data, named):
            return Decoded(text, "utf-8", f"It says it is {declared}, but its bytes are UTF-8")
        if not seven_bit:
            return Decoded(text, "utf-8")
    return _guessed(data, lies or "It says nothing of its encoding and is not UTF-8")


_ESCAPES = re.compile(rb"\x1b\$[@B]|\x1b\([BJ]")  # ISO-2022-JP changes its alphabet with these


def _same(text: str, data: bytes, named: str) -> bool:
    try:
        return data.decode(named) == text
    except (UnicodeDecodeError, LookupError):
        return False


def _python_name(declared: str | None) -> str | None:
    """Python's name of a declared encoding, as writers mean it; None for one it lacks."""
    name = (declared or "").strip(" \t\r\n\"'").lower()
    if not name or len(name) > 40 or "\x00" in name:
        return None
    name = _NAMED.get(name, name)
    try:
        info = codecs.lookup(name)
    except LookupError:
        return None
    if not getattr(info, "_is_text_encoding", True):  # "hex" and "zip" are no alphabets
        return None
    return _MEANT.get(info.name, info.name)


def _replaced(data: bytes, encoding: str, guessed: str = "") -> Decoded:
    """Decoded whatever happens: what cannot be becomes U+FFFD and is counted."""
    text = data.decode(encoding, "replace")
    damaged = 0
    if "\ufffd" in text:
        try:
            data.decode(encoding)
        except UnicodeDecodeError:
            own = "\ufffd".encode(encoding)[-2:] if "16" in encoding else b"\xef\xbf\xbd"
            damaged = max(text.count("\ufffd") - data.count(own), 1)
    return Decoded(text, encoding, guessed, damaged)


def _wide(data: bytes) -> str:
    """UTF-16 or UTF-32 without its mark: every other byte of Western text is zero."""
    sample = data[:4096]
    zeros = [sample[at::4].count(0) for at in range(4)]
    quarter = max(len(sample) // 4, 1)
    many = [count > quarter * 0.6 for count in zeros]
    few = [count < quarter * 0.3 for count in zeros]
    for pattern, encoding in _WIDE:
        if all((many if zero else few)[at] for at, zero in enumerate(pattern)):
            return encoding
    return ""


_WIDE = (
    ((0, 1, 1, 1), "utf-32-le"),
    ((1, 1, 1, 0), "utf-32-be"),
    ((0, 1, 0, 1), "utf-16-le"),
    ((1, 0, 1, 0), "utf-16-be"),
)


# -- guessing ------------------------------------------------------------------------------

# Law that no one declared is Western as a rule, and its high bytes are § “ ” ’ – — and
# accented letters. Each Western encoding is asked how much sense its characters make where
# they stand; only where none does, charset-normalizer is asked, which takes a page with
# little but § and quotation marks for Big5, EBCDIC or worse.
_WESTERN = ("cp1252", "mac-roman", "cp850", "cp1250", "iso8859-2")
_SIGNS = frozenset("‘…·×ºª\xa0\xad")
_LIKELY = ("cp932", "euc_jp", "gb18030", "big5", "cp949", "cp1251", "koi8-r", "cp1253",
           "iso8859-7", "cp1250", "iso8859-2", "cp1255", "iso8859-8", "cp1256", "cp1254",
           "cp1257", "cp866", "cp1258", "cp874", "iso8859-5")  # fmt: skip
ENOUGH = 8  # high bytes, for statistics to say anything
SENSE = 0.8  # of the high bytes that must make sense in a Western encoding


def _guessed(data: bytes, why: str) -> Decoded:
    if _ESCAPES.search(data) and b"\x1b$" in data:
        try:
            return Decoded(data.decode("iso2022_jp"), "iso2022_jp", why)
        except UnicodeDecodeError:
            pass
    every = sum(map(len, _HIGH.findall(data)))
    bad = sum(map(len, _HIGH.findall(_UTF8.sub(b"", data))))
    if every > 3 * bad:  # UTF-8 with something else in it, or cut in the middle of a character
        return _replaced(data, "utf-8", "" if not why.startswith("It says it") else why)
    sample = _around_high(data)
    scores = [(_sense(sample, each), -at, each) for at, each in enumerate(_WESTERN)]
    sense, _, best = max(scores)
    if scores[0][0] >= sense - 0.05:
        sense, best = scores[0][0], "cp1252"
    if sense < SENSE and len(_HIGH.sub(b"", sample)) <= len(sample) - ENOUGH:
        best = _by_statistics(sample, data) or best
    return _replaced(data, best, why)


def _around_high(data: bytes) -> bytes:
    """Lines that hold high bytes, as many as a guess needs."""
    if len(data) <= SAMPLE:
        return data
    lines = []
    size = 0
    for line in data.splitlines(keepends=True):
        if not line.isascii():
            lines.append(line)
            size += len(line)
            if size > SAMPLE:
                break
    return b"".join(lines)[: 2 * SAMPLE]


def _sense(sample: bytes, encoding: str) -> float:
    """The share of high characters that make sense where they stand."""
    text = sample.decode(encoding, "replace")
    good = every = 0
    for word in _WORDS.finditer(text):
        high = sum(character > "\x7f" for character in word[0])
        every += high
        if high and (high < 4 or 2 * high <= len(word[0])):  # else it is of another alphabet
            for at, character in enumerate(word[0]):
                if character > "\x7f":
                    good += _makes_sense(character, word[0][:at], word[0][at + 1 :])
    return good / every if every else 1.0


_WORDS = re.compile(r"\S+")
_OPENS, _CLOSES = frozenset("“‘„‚«‹¿¡"), frozenset("”»›")
# Signs that never stand between two letters.
_APART = frozenset("¶§®©™¼½¾±÷€£¥¢²³¹°†‡≤≥≠•−µ")
_SHORT = frozenset(
    ("a", "an", "as", "at", "be", "by", "do", "if", "in", "is", "it", "no", "of", "on", "or", "so",
     "to", "up", "we")
)  # fmt: skip
_ALONE = frozenset("àáéèòóôøåæœ")  # letters that are words
_LETTERS_BEFORE = re.compile(r"[^\W\d_]*$")
_LETTERS_AFTER = re.compile(r"[^\W\d_]*")


def _makes_sense(character: str, before: str, after: str) -> bool:
    """Whether a character may stand there within its word, by the habits of Western law."""
    left, right = before[-1:], after[:1]
    between = left.isalpha() and right.isalpha()
    if character in _OPENS:
        return not between
    if character in _CLOSES:
        return not between and bool(before or after)
    if character == "’":  # l’État, holder’s, but no Art’culo
        return not between or len(_left(before)) <= 5 or len(_right(after)) <= 2
    if character in "–—":  # entity—then, but no condici—n
        shorter = min(_left(before), _right(after), key=len)
        return (
            not between
            or len(shorter) > 2
            or not shorter.islower()
            or (character == "—" and shorter in _SHORT)
        )
    if character in _APART:
        return not between
    if character in _SIGNS:
        return True
    if not character.isalpha() or ord(character) >= 0x180:
        return False
    if character.isupper():  # Élan, ÉTAT, L’ÉTAT, but no PrÉsident
        return not left.islower() and (right.islower() or left.isupper() or right.isupper()
                                       or not (left.isalpha() or right.isalpha()))  # fmt: skip
    beside = _left(before) + _right(after)
    return (not left.isupper() or len(_left(before)) == 1) and (
        (not beside and character in _ALONE) or 3 * sum(map(str.isascii, beside)) >= len(beside)
    )


def _left(before: str) -> str:
    found = _LETTERS_BEFORE.search(before)
    return found[0] if found else ""


def _right(after: str) -> str:
    found = _LETTERS_AFTER.match(after)
    return found[0] if found else ""


def _by_statistics(sample: bytes, data: bytes) -> str:
    """What charset-normalizer takes the bytes for, among what law is written in."""
    from charset_normalizer import from_bytes

    for match in from_bytes(sample, cp_isolation=list(_LIKELY), preemptive_behaviour=False):
        try:
            data.decode(match.encoding)
        except UnicodeDecodeError:
            continue
        return match.encoding
    return ""
