"""Pages that are pictures, read by optical character recognition; needs ``tribonian[ocr]``.

RapidOCR (Apache-2.0) has its models in its package and asks no network. Imported only for a
document that has such a page.
"""

from __future__ import annotations

import importlib
import importlib.util
import logging
from functools import cache
from typing import Any

import pypdfium2 as pdfium

from tribonian.ingest.readers.pdf_types import Face, Line, Span

SCALE = 200 / 72  # pixels a point: smaller type than 8 points needs as much
MAX_PIXELS = 24_000_000
SURE = 0.5  # below this the engine guesses


@cache
def is_installed() -> bool:
    """Whether pictures can be read here."""
    return all(importlib.util.find_spec(name) for name in ("rapidocr", "onnxruntime"))


@cache
def _engine() -> Any:
    logging.getLogger("RapidOCR").setLevel(logging.ERROR)
    return importlib.import_module("rapidocr").RapidOCR(params={"Global.log_level": "error"})


def read_picture(page: pdfium.PdfPage, number: int) -> list[Line]:
    """The lines of text on a page that is a picture, from top to bottom; [] if it has none.

    Words of one printed line that stand far apart are lines of their own, as in any page.
    Faces are not known, only sizes, as the height of the letters tells them.
    """
    width, height = page.get_size()
    scale = min(SCALE, (MAX_PIXELS / max(width * height, 1)) ** 0.5)
    bitmap = page.render(scale=scale)
    try:
        result = _engine()(bitmap.to_numpy())
    finally:
        bitmap.close()
    if result is None or result.txts is None or result.boxes is None:
        return []
    lines = []
    for text, score, box in zip(result.txts, result.scores, result.boxes, strict=True):
        said = " ".join(text.split())
        if not said or score < SURE:
            continue
        xs, ys = [float(x) / scale for x, _ in box], [float(y) / scale for _, y in box]
        x0, y0, x1, y1 = min(xs), min(ys), max(xs), max(ys)
        size = round(0.8 * (y1 - y0), 1)
        face = Face("", size)
        base = y1 - 0.22 * (y1 - y0)
        span = Span(0, len(said), x0, x1, face)
        lines.append(Line(said, x0, y0, x1, y1, base, face, (span,), number))
    lines.sort(key=lambda line: (line.base, line.x0))
    return lines
