"""Word's number formats (ECMA-376 17.18.59): one table of name and function."""

from __future__ import annotations

from collections.abc import Callable

MAX = 32_767  # the largest number of a list in Word

_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"),
    (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_ONES = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
    "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen",
    "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = (
    "zero", "ten", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
)  # fmt: skip
_ORDINALS = {
    "one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth",
    "nine": "ninth", "twelve": "twelfth",
}  # fmt: skip
_RUSSIAN = "абвгдежзиклмнопрстуфхцчшщыэюя"
_CHICAGO = "*†‡§"


def lower_roman(number: int) -> str:
    """``iv``."""
    out = ""
    for worth, letters in _ROMAN:
        count, number = divmod(number, worth)
        out += letters * count
    return out


def lower_letter(number: int) -> str:
    """``a`` … ``z``, then ``aa``, ``bb``: the letter repeated, as in the CFR."""
    return _repeated("abcdefghijklmnopqrstuvwxyz", number)


def _repeated(alphabet: str, number: int) -> str:
    if number < 1:
        return ""
    times, at = divmod(number - 1, len(alphabet))
    return alphabet[at] * (times + 1)


def ordinal(number: int) -> str:
    """``1st``."""
    if number % 100 in (11, 12, 13):
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"


def cardinal_text(number: int) -> str:
    """``Twenty-one``."""
    return _spoken(number).capitalize()


def ordinal_text(number: int) -> str:
    """``Twenty-first``."""
    said = _spoken(number)
    at = max(said.rfind(" "), said.rfind("-")) + 1
    last = said[at:]
    if last in _ORDINALS:
        last = _ORDINALS[last]
    elif last.endswith("y"):
        last = last[:-1] + "ieth"
    else:
        last += "th"
    return (said[:at] + last).capitalize()


def _spoken(number: int) -> str:
    if number < 20:
        return _ONES[max(number, 0)]
    if number < 100:
        tens, ones = divmod(number, 10)
        return _TENS[tens] + (f"-{_ONES[ones]}" if ones else "")
    for worth, name in ((1000, "thousand"), (100, "hundred")):
        if number >= worth:
            times, rest = divmod(number, worth)
            return f"{_spoken(times)} {name}" + (f" {_spoken(rest)}" if rest else "")
    return str(number)


def _chicago(number: int) -> str:
    return _repeated(_CHICAGO, number)


def _in_circle(number: int) -> str:
    for first, last, place in ((1, 20, 0x2460), (21, 35, 0x3251), (36, 50, 0x32B1)):
        if first <= number <= last:
            return chr(place + number - first)
    return str(number)


def _full_width(number: int) -> str:
    return "".join(chr(ord(digit) + 0xFEE0) for digit in str(number))


FORMATS: dict[str, Callable[[int], str]] = {
    "decimal": str,
    "decimalZero": lambda number: f"{number:02}",
    "lowerLetter": lower_letter,
    "upperLetter": lambda number: lower_letter(number).upper(),
    "lowerRoman": lower_roman,
    "upperRoman": lambda number: lower_roman(number).upper(),
    "ordinal": ordinal,
    "cardinalText": cardinal_text,
    "ordinalText": ordinal_text,
    "none": lambda number: "",
    "bullet": lambda number: "",
    "numberInDash": lambda number: f"- {number} -",
    "chicago": _chicago,
    "hex": lambda number: f"{number:X}",
    "decimalEnclosedCircle": _in_circle,
    "decimalEnclosedParen": lambda number: f"({number})",
    "decimalEnclosedFullstop": lambda number: f"{number}.",
    "decimalFullWidth": _full_width,
    "decimalHalfWidth": str,
    "ideographTraditional": lambda number: _repeated("甲乙丙丁戊己庚辛壬癸", number),
    "russianLower": lambda number: _repeated(_RUSSIAN, number),
    "russianUpper": lambda number: _repeated(_RUSSIAN, number).upper(),
}


def formatted(number: int, name: str, pattern: str = "") -> str:
    """A number in a format; ``pattern`` is that of a custom one (``001, 002, 003, ...``).

    A format that is not in the table is printed in figures.
    """
    number = min(max(number, 0), MAX)
    if name == "custom":
        first = pattern.partition(",")[0].strip()
        return f"{number:0{len(first)}}" if first.isdigit() and len(first) < 9 else str(number)
    return FORMATS.get(name, str)(number)
