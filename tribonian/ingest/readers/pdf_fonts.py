"""The fonts of a page: names, styles, and where the baseline is in a box."""

from __future__ import annotations

import ctypes
import re

import pypdfium2.raw as pdfium_c

from tribonian.ingest.readers.pdf_types import Face

_NAME_ITALIC = re.compile(r"italic|oblique|kursiv|[,-]b?i$", re.IGNORECASE)
_NAME_BOLD = re.compile(r"bold|black|heavy|semibold|demi(?!n)|[,-]b(?:i|$)", re.IGNORECASE)
_NAME_PLAIN = re.compile(r"regular|roman|book|light|medium", re.IGNORECASE)
_ITALIC_FLAG = 1 << 6
_BOLD_FLAG = 1 << 18
_buffer = ctypes.create_string_buffer(256)  # for the names of fonts


class Font:
    """What is known of a font: its name and style, and its faces by the height of their boxes."""

    __slots__ = ("above", "bold", "by_size", "faces", "italic", "name", "whole")

    def __init__(self, pointer: int) -> None:
        # by the height of a box in twentieths of a point; with where the baseline is in it
        self.faces: dict[int, tuple[Face, float]] = {}
        self.by_size: dict[int, Face] = {}
        self.name, self.bold, self.italic = "", False, False
        self.above, self.whole = 0.8, 1.0
        if not pointer:
            return
        font = ctypes.cast(pointer, pdfium_c.FPDF_FONT)
        buffer = _buffer
        size = pdfium_c.FPDFFont_GetBaseFontName(font, buffer, len(buffer))
        if size > len(buffer):
            buffer = ctypes.create_string_buffer(size)
            pdfium_c.FPDFFont_GetBaseFontName(font, buffer, size)
        name = buffer.value.decode("utf-8", "replace") if size else ""
        if len(name) > 7 and name[6] == "+":
            name = name[7:]
        flags = pdfium_c.FPDFFont_GetFlags(font)
        angle = ctypes.c_int()
        slanted = pdfium_c.FPDFFont_GetItalicAngle(font, angle) and angle.value
        self.name = name
        self.bold = bool(_NAME_BOLD.search(name)) or (flags > 0 and bool(flags & _BOLD_FLAG))
        if not self.bold and not _NAME_PLAIN.search(name):
            self.bold = pdfium_c.FPDFFont_GetWeight(font) >= 600
        self.italic = bool(
            _NAME_ITALIC.search(name) or slanted or (flags > 0 and flags & _ITALIC_FLAG)
        )
        ascent, descent = ctypes.c_float(), ctypes.c_float()
        pdfium_c.FPDFFont_GetAscent(font, 1.0, ascent)
        pdfium_c.FPDFFont_GetDescent(font, 1.0, descent)
        whole = ascent.value - descent.value
        self.above = ascent.value / whole if whole > 0 else 0.8
        # PDFium's boxes are mostly as high as ascent and descent together
        self.whole = whole if 0.4 < whole < 3.0 else 1.0

    def set_at(self, height: float, size: float, above: float) -> tuple[Face, float]:
        """The font at a size, rounded to a tenth of a point, and where its baseline is.

        ``height`` is that of the box of a character, ``above`` the part of it over the
        baseline; both tell where the file gives no size, or none that fits the box.
        """
        if size <= 0 or not 0.3 * size < height < 4 * size:
            size = height / self.whole
        if not 0.4 < above < 1.2:
            above = self.above
        tenths = round(size * 10)
        face = self.by_size.get(tenths)
        if face is None:
            face = self.by_size[tenths] = Face(self.name, tenths / 10, self.bold, self.italic)
        found = self.faces[int(height * 20)] = (face, above)
        return found
