"""XML files as they are opened: nothing expanded, nothing fetched; names without namespaces."""

from __future__ import annotations

import io
from typing import BinaryIO

from lxml import etree

from tribonian.errors import DocumentError
from tribonian.ingest.readers.xml_stream import local, refuse_entities, safe_parser, well_formed


def parse(file: BinaryIO, roots: frozenset[str], what: str) -> etree._Element:
    """The outermost element of an XML file; DocumentError, in one sentence, if it is no ``what``.

    No entity is expanded, no DTD loaded and nothing fetched.
    """
    data = io.BytesIO(file.read())  # of a file with a name lxml does not say where it is damaged
    with well_formed(data, roots):
        root: etree._Element | None = etree.parse(data, safe_parser()).getroot()
    if root is None:
        raise DocumentError("It is not XML: no element starts it.")
    refuse_entities(root)
    if local(root) not in roots:
        raise DocumentError(f"Its outermost element is <{local(root)}>, which is no {what}.")
    return root


def first(element: etree._Element, *names: str) -> etree._Element | None:
    """The first element below that has one of the local names, in the order of the document."""
    for each in element.iterdescendants():
        if isinstance(each.tag, str) and each.tag.rpartition("}")[2] in names:
            return each
    return None


def attribute(element: etree._Element, *names: str) -> str:
    """The first attribute there is, by local names in order of preference; "" for none."""
    values = {str(name).rpartition("}")[2]: str(value) for name, value in element.attrib.items()}
    return next((values[name].strip() for name in names if values.get(name, "").strip()), "")


def plain(element: etree._Element | None) -> str:
    """All text below an element on one line, for what is only looked at."""
    return "" if element is None else " ".join("".join(map(str, element.itertext())).split())
