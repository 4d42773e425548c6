"""What stands on a PDF page beside its printed text: filled fields, typed remarks.

`form_blocks` is called per page, while the page is open.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from tribonian.ingest.styled import Styled
from tribonian.schemas.words import count_words

MAX_REMARKS = 5_000  # annotations looked at on one page
MAX_TEXT = 1 << 20

_FIELDS = (
    raw.FPDF_FORMFIELD_TEXTFIELD, raw.FPDF_FORMFIELD_COMBOBOX, raw.FPDF_FORMFIELD_LISTBOX,
    raw.FPDF_FORMFIELD_CHECKBOX, raw.FPDF_FORMFIELD_RADIOBUTTON,
)  # fmt: skip
_BOXES = (raw.FPDF_FORMFIELD_CHECKBOX, raw.FPDF_FORMFIELD_RADIOBUTTON)
_REMARKS = (raw.FPDF_ANNOT_TEXT, raw.FPDF_ANNOT_FREETEXT, raw.FPDF_ANNOT_STAMP)


def form_blocks(document: pdfium.PdfDocument, page: pdfium.PdfPage, number: int) -> list[Styled]:
    """Filled fields of a page as ``form-line`` blocks, remarks as ``comment``, down the page.

    The text of a field is ``name: value``; its name is not printed, so its words are in
    ``added``. ``indent`` is 0 and ``page`` set. Empty for nearly every page, at the cost of
    one call. The document's form environment is made by the first page that needs one.
    """
    count = raw.FPDFPage_GetAnnotCount(page)
    if not count:
        return []
    found: list[tuple[float, Styled]] = []
    for index in range(min(count, MAX_REMARKS)):
        remark = raw.FPDFPage_GetAnnot(page, index)
        if not remark:
            continue
        try:
            kind = raw.FPDFAnnot_GetSubtype(remark)
            if kind == raw.FPDF_ANNOT_WIDGET:
                if document.get_formtype() == raw.FORMTYPE_NONE:
                    continue
                block = _field(document, remark, number)
            elif kind in _REMARKS:
                block = _remark(remark, number)
            else:
                continue
            if block is not None:
                found.append((-_top(remark), block))
        finally:
            raw.FPDFPage_CloseAnnot(remark)
    found.sort(key=lambda pair: pair[0])
    out: list[Styled] = []
    for _, block in found:
        if block not in out:  # one field may have a widget in several places
            out.append(block)
    return out


def _field(document: pdfium.PdfDocument, remark: raw.FPDF_ANNOTATION, number: int) -> Styled | None:
    if document.formenv is None:
        document.init_forms()
    form = document.formenv
    kind = raw.FPDFAnnot_GetFormFieldType(form, remark)
    if kind not in _FIELDS:
        return None
    value = written(lambda *rest: raw.FPDFAnnot_GetFormFieldValue(form, remark, *rest))
    name = written(lambda *rest: raw.FPDFAnnot_GetFormFieldAlternateName(form, remark, *rest))
    name = name or written(lambda *rest: raw.FPDFAnnot_GetFormFieldName(form, remark, *rest))
    if kind in _BOXES:
        if not raw.FPDFAnnot_IsChecked(form, remark):
            return None
        text = (
            f"☒ {name} {value}" if value.lower() not in ("yes", "on", "off", "1") else f"☒ {name}"
        )
        return Styled(text, "form-line", f"page {number}, field {name}", page=number,
                      added=count_words(text))  # fmt: skip
    if not value:
        return None
    text = f"{name}: {value}" if name else value
    return Styled(text, "form-line", f"page {number}, field {name}", page=number,
                  added=count_words(text) - count_words(value))  # fmt: skip


def _remark(remark: raw.FPDF_ANNOTATION, number: int) -> Styled | None:
    text = written(lambda *rest: raw.FPDFAnnot_GetStringValue(remark, b"Contents", *rest))
    return Styled(text, "comment", f"page {number}", page=number) if text else None


def written(call: Callable[..., int]) -> str:
    """What PDFium writes as UTF-16: asked for its size, then for itself.

    Half a surrogate pair, which a damaged file has, is replaced.
    """
    size = call(None, 0)
    if size <= 2 or size > MAX_TEXT:
        return ""
    buffer = (ctypes.c_ushort * (size // 2))()
    call(buffer, size)
    text = bytes(buffer)[: size - 2].decode("utf-16-le", "replace")
    return " ".join(text.replace("\0", "").split())


def _top(remark: raw.FPDF_ANNOTATION) -> float:
    box = raw.FS_RECTF()
    return float(box.top) if raw.FPDFAnnot_GetRect(remark, box) else 0.0
