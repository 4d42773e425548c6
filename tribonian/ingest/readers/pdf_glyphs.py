"""Glyphs as legible characters: ligatures, bullets of symbol fonts, invisible characters."""

from __future__ import annotations

import re

# Presentation forms that stand for several letters; soft hyphens and what has no width.
_TABLE: dict[int, str | None] = {
    0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0xFB05: "st",
    0xFB06: "st", 0x0132: "IJ", 0x0133: "ij",
    0x00AD: None, 0x200B: None, 0x200C: None, 0x200D: None, 0x2060: None, 0xFEFF: None,
    0x200E: None, 0x200F: None, 0x202A: None, 0x202B: None, 0x202C: None, 0x202D: None,
    0x202E: None, 0xFFFF: None, 0xFFFD: "\ufffd",
}  # fmt: skip
_TABLE.update(dict.fromkeys((*range(0x20), *range(0x7F, 0xA0))))
# Symbol and Wingdings put their characters at U+F000 and above; a bullet is a bullet, and
# letters of Symbol that law uses are what they mean.
_PRIVATE = {
    0xB7: "•", 0xA7: "▪", 0xA8: "□", 0xD8: "➢", 0xFC: "✓", 0x76: "❖", 0x6E: "■", 0x6F: "□",
    0x71: "❑", 0xFE: "☑", 0x77: "◆", 0xE0: "→", 0xA3: "≤", 0xB3: "≥", 0xB1: "±", 0xB4: "×",
    0xB0: "°", 0xA5: "∞", 0xAE: "→", 0xBE: "—", 0x2D: "−", 0x61: "α", 0x62: "β", 0x67: "γ",
    0x64: "δ", 0x6D: "μ", 0x70: "π", 0x73: "σ", 0x44: "Δ", 0x53: "Σ", 0x57: "Ω", 0x20: " ",
}  # fmt: skip
_WINGDINGS = {"l": "●", "n": "■", "o": "□", "q": "❑", "v": "❖", "§": "▪", "Ø": "➢", "ü": "✓",
              "w": "◆", "·": "•", "à": "→", "¨": "□", "þ": "☑"}  # fmt: skip
# Symbol has no Latin letters: what reads as one is the code of a Greek one (Adobe's encoding).
_SYMBOL = re.compile(r"Symbol(?:MT|PS|PSMT|Std)?(?:[-,].*)?")
_GREEK = str.maketrans(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIKLMNOPQRSTUWXYZ",
    "αβχδεφγηιϕκλμνοπθρστυϖωξψζΑΒΧΔΕΦΓΗΙΚΛΜΝΟΠΘΡΣΤΥΩΞΨΖ",
)
_SUSPECT = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u0132\u0133\u200b-\u200f\u202a-\u202e\u2060"
    "\ue000-\uf8ff\ufb00-\ufb06\ufeff\uffff]"
)


def needs_repair(text: str) -> bool:
    """Whether a page has any character that is not what it looks like."""
    return not text.isascii() and _SUSPECT.search(text.replace("\x02", "")) is not None


def legible(text: str, font: str) -> str:
    """The text with each glyph as the character it looks like."""
    text = text.translate(_TABLE)
    if any("\ue000" <= each <= "\uf8ff" for each in text):
        text = "".join(map(_public, text))
    return text


def greek(text: str, font: str) -> str:
    """The text with the letters that its font, if it is Symbol, draws; as long as it was."""
    return text.translate(_GREEK) if _SYMBOL.fullmatch(font) else text


def _public(character: str) -> str:
    code = ord(character)
    if not 0xE000 <= code <= 0xF8FF:
        return character
    if 0xF000 <= code <= 0xF0FF:
        return _PRIVATE.get(code - 0xF000, chr(code - 0xF000) if code > 0xF020 else "")
    return character
