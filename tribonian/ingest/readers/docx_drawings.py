"""Pictures, shapes, text boxes of a Word file, and things that have two forms in it."""

from __future__ import annotations

from lxml import etree

from tribonian.ingest.readers.docx_line import Line
from tribonian.ingest.readers.docx_package import NAMES
from tribonian.ingest.readers.docx_styles import Look


def drawing(element: etree._Element, line: Line, look: Look) -> None:
    """A picture, a shape, a text box; text boxes are read after the paragraph."""
    boxes: list[etree._Element] = []
    said = ""
    picture = False
    stack = [element]
    while stack:
        each = stack.pop()
        name = NAMES[each.tag]
        if name == "w:txbxContent":
            boxes.append(each)
            continue
        if name == "mc:AlternateContent":
            chosen = choice(each)
            if chosen is not None:
                stack.append(chosen)
            continue
        if name == "wp:docPr":
            said = said or each.get("descr") or ""
        elif name == "v:imagedata":
            picture = True
            said = said or each.get(_TITLE) or ""
        elif name == "pic:pic":
            picture = True
        elif name in _ASIDE:
            line.story.tally.leave(_ASIDE[name])
        stack += reversed(each)
    line.boxes += boxes
    if picture and not boxes:
        line.pictures.append(" ".join(said.split()))


_TITLE = "{urn:schemas-microsoft-com:office:office}title"
_ASIDE = {
    "o:OLEObject": "embedded object",
    "c:chart": "chart",
    "dgm:relIds": "diagram",
    "w:control": "form control",
}


_TEXT = frozenset(("w:t", "m:t", "w:sym", "w:drawing", "w:pict"))


def choice(element: etree._Element) -> etree._Element | None:
    """One of the alternatives: the first that holds something to read, never two."""
    first = None
    for child in element:
        if NAMES[child.tag] in ("mc:Choice", "mc:Fallback"):
            if first is None:
                first = child
            if any(NAMES[each.tag] in _TEXT for each in child.iter()):
                return child
    return first
