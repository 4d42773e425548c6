"""The fonts of a page: names, styles, widths, and where the baseline is in a box."""

from __future__ import annotations

import ctypes
import re
from typing import Any

import pypdfium2.raw as pdfium_c

from tribonian.ingest.readers.pdf_types import Face

_NAME_ITALIC = re.compile(r"italic|oblique|kursiv|[,-]b?i$", re.IGNORECASE)
_NAME_BOLD = re.compile(r"bold|black|heavy|semibold|demi(?!n)|[,-]b(?:i|$)", re.IGNORECASE)
_ITALIC_FLAG = 1 << 6
_BOLD_FLAG = 1 << 18


class _Widths(dict[str, float]):
    """The width of each character of a font in ems; KeyError where the font has none."""

    def __init__(self, font: Any) -> None:
        self.font = font

    def __missing__(self, character: str) -> float:
        width = ctypes.c_float()
        code = ord(character)
        known = pdfium_c.FPDFFont_GetGlyphWidth(self.font, code, 1.0, width)
        if not known or width.value <= 0:
            if not character.isspace():
                raise KeyError(character)
            width.value = 0.25
        self[character] = width.value
        return width.value


class Font:
    """What is known of a font: its name and style, and where its baseline is in its box."""

    __slots__ = ("above", "bold", "faces", "italic", "name", "pointer", "whole", "widths")

    def __init__(self, pointer: int) -> None:
        font = ctypes.cast(pointer, pdfium_c.FPDF_FONT)
        size = pdfium_c.FPDFFont_GetBaseFontName(font, None, 0)
        buffer = ctypes.create_string_buffer(max(size, 1))
        pdfium_c.FPDFFont_GetBaseFontName(font, buffer, size)
        name = buffer.value.decode("utf-8", "replace")
        if len(name) > 7 and name[6] == "+":
            name = name[7:]
        flags = pdfium_c.FPDFFont_GetFlags(font)
        angle = ctypes.c_int()
        slanted = pdfium_c.FPDFFont_GetItalicAngle(font, angle) and angle.value
        self.name = name
        self.bold = bool(_NAME_BOLD.search(name)) or (flags > 0 and bool(flags & _BOLD_FLAG))
        if not self.bold and not re.search(r"regular|roman|book|light|medium", name, re.I):
            self.bold = pdfium_c.FPDFFont_GetWeight(font) >= 600
        self.italic = bool(
            _NAME_ITALIC.search(name) or slanted or (flags > 0 and flags & _ITALIC_FLAG)
        )
        ascent, descent = ctypes.c_float(), ctypes.c_float()
        pdfium_c.FPDFFont_GetAscent(font, 1.0, ascent)
        pdfium_c.FPDFFont_GetDescent(font, 1.0, descent)
        whole = ascent.value - descent.value
        self.above = ascent.value / whole if whole > 0 else 0.8
        # PDFium's boxes are as high as ascent and descent together
        self.whole = whole if 0.4 < whole < 3.0 else 1.0
        self.faces: dict[int, Face] = {}
        self.pointer = pointer
        self.widths = _Widths(font)

    def width(self, text: str) -> float:
        """How wide a text is in ems by the font's own measure; not above 0 for unknown."""
        try:
            return sum(map(self.widths.__getitem__, text))
        except KeyError:
            return -1.0

    def face(self, height: float) -> Face:
        """The font at the size that a box's height shows, rounded to a tenth of a point."""
        tenths = round(height / self.whole * 10)
        face = self.faces.get(tenths)
        if face is None:
            face = self.faces[tenths] = Face(self.name, tenths / 10, self.bold, self.italic)
        return face


NO_FONT = Font.__new__(Font)
NO_FONT.name, NO_FONT.bold, NO_FONT.italic = "", False, False
NO_FONT.pointer, NO_FONT.widths = 0, _Widths(None)
NO_FONT.above, NO_FONT.whole, NO_FONT.faces = 0.8, 1.0, {}
