"""Functions of PDFium called many times on a page, without the checks of their arguments.

The checks cost most of a call. Handles are to be given as ``c_void_p`` (a plain number would
be cut to 32 bits), and `map` over one of these functions calls it at once for many characters.
What is shared here makes it unsafe for threads, as PDFium is.
"""

from __future__ import annotations

import ctypes
import struct
from collections import deque
from collections.abc import Callable, Sequence
from itertools import repeat
from math import isfinite
from typing import Any

import pypdfium2.raw as raw


class Pointer(ctypes.c_void_p):
    """A pointer that is handed on as it came."""


def bare(name: str, result: Any) -> Callable[..., Any]:
    """A function of PDFium as it is."""
    address = ctypes.cast(getattr(raw, name), ctypes.c_void_p).value
    assert address is not None
    return ctypes.PYFUNCTYPE(result)(address)


# of the characters of a page
text_object = bare("FPDFText_GetTextObject", ctypes.c_void_p)
angle_of = bare("FPDFText_GetCharAngle", ctypes.c_float)
unicode_of = bare("FPDFText_GetUnicode", ctypes.c_uint)
font_size = bare("FPDFText_GetFontSize", ctypes.c_double)
_loose_box = bare("FPDFText_GetLooseCharBox", ctypes.c_int)
_matrix = bare("FPDFText_GetMatrix", ctypes.c_int)
_origin = bare("FPDFText_GetCharOrigin", ctypes.c_int)
# of the objects of a page
font_of = bare("FPDFTextObj_GetFont", ctypes.c_void_p)
marked_of = bare("FPDFPageObj_GetMarkedContentID", ctypes.c_int)
object_at = bare("FPDFPage_GetObject", Pointer)
kind_of = bare("FPDFPageObj_GetType", ctypes.c_int)
_bounds_of = bare("FPDFPageObj_GetBounds", ctypes.c_int)

MOST = 1024  # boxes asked for at once
_floats = (ctypes.c_float * (4 * MOST))()
_places = [ctypes.byref(_floats, 16 * at) for at in range(MOST)]
_four = [ctypes.byref(_floats, 4 * at) for at in range(4)]
_unpack = [struct.Struct(f"{4 * count}f").unpack_from for count in range(MOST + 1)]
_six = (ctypes.c_float * 6)()
_two = (ctypes.c_double * 2)()
_second = ctypes.byref(_two, 8)


def boxes(text: ctypes.c_void_p, ats: Sequence[int]) -> tuple[float, ...]:
    """Left, top, right and bottom of each of some characters, one after another."""
    count = len(ats)
    if count > MOST:
        return boxes(text, ats[:MOST]) + boxes(text, ats[MOST:])
    deque(map(_loose_box, repeat(text), ats, _places), 0)
    found = _unpack[count](_floats)
    if not isfinite(sum(found)):  # a matrix that a damaged file has made too large
        return tuple(place if isfinite(place) else 0.0 for place in found)
    return found


def scale_of(text: ctypes.c_void_p, at: int) -> float:
    """How much larger a character is printed than its font size says."""
    _six[2] = _six[3] = 0.0
    _matrix(text, at, _six)
    return float((_six[2] ** 2 + _six[3] ** 2) ** 0.5)


def height_of_origin(text: ctypes.c_void_p, at: int) -> float:
    """How high on the page the baseline of a character is."""
    _origin(text, at, _two, _second)
    return float(_two[1])


def bounds_of(thing: Pointer) -> tuple[float, float, float, float] | None:
    """Left, bottom, right and top of an object."""
    if not _bounds_of(thing, *_four):
        return None
    return _floats[0], _floats[1], _floats[2], _floats[3]
