"""One paragraph of a section: the section's document, which says that only this is wanted.

Paragraphs are flat in the eCFR's XML: (a), (1), (i) are siblings, and whether (v) is the
letter or the numeral is known from what stands before it. A document with the rest cut away
would be read wrongly (4 CFR 22.16(b)(1)(v) as 22.16(v)), so the section stays whole, to the byte,
and ``hierarchy_metadata`` names the paragraph; the reader leaves out the rest
(`readers.ecfr_paragraph`).
"""

from __future__ import annotations

import io
import json

from tribonian.errors import DocumentError
from tribonian.ingest.ecfr.hierarchy import tag_with
from tribonian.ingest.ecfr.scanning import divs, opened
from tribonian.ingest.readers.ecfr_metadata import parsed
from tribonian.ingest.readers.ecfr_xml import read_ecfr_xml
from tribonian.ingest.record import Reading


def cut_paragraph(xml: bytes, paragraph: str) -> bytes:
    """The document of a section, or of an appendix, that is read as one of its paragraphs.

    What is read of it: the heading, the lead-ins (what stands before the first number, in the
    section and in each paragraph that encloses this one), the own words of those paragraphs,
    the paragraph with all below it (tables, notes, footnotes), and the notes that are said of
    the section as a whole. ``paragraph`` is a path of designators, ``(a)(1)(ii)``; in an
    appendix ``II.A.1.``.

    Raises DocumentError, in one sentence, if there is no such paragraph; it is read to tell.
    """
    with opened(io.BytesIO(xml)) as source:
        found = divs(source)
        if not found or found[0].kind not in ("section", "appendix"):
            kind = found[0].kind if found else "document"
            raise DocumentError(
                f"A paragraph ({paragraph}) was asked for, and this is a {kind}; "
                "ask for the section that the paragraph is in."
            )
        root = found[0]
        told = {**parsed(root.attributes.get("hierarchy_metadata")), "paragraph": paragraph}
        value = json.dumps(told, separators=(",", ":"))
        data = source.data
        out = b"".join(
            (
                data[: root.start],
                tag_with(data[root.start : root.after_tag], value),
                data[root.after_tag :],
            )
        )
    for _ in read_ecfr_xml(io.BytesIO(out), Reading()):
        pass
    return out
