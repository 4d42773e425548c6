"""What a file is: one literal table, decided once, from its first bytes and then its name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from tribonian.errors import DocumentError
from tribonian.ingest.readers.ecfr_blocks import EcfrReading
from tribonian.ingest.readers.ecfr_xml import ROOTS, read_ecfr_xml, wrong_root
from tribonian.schemas.tree import Event

HEAD = 65_536  # bytes that are looked at


@dataclass(frozen=True, slots=True)
class Format:
    """One format: ``roots`` are the outermost elements by which its XML is known."""

    name: str
    suffixes: tuple[str, ...]
    media_types: tuple[str, ...]
    roots: frozenset[str]
    read: Callable[[BinaryIO, EcfrReading], Iterator[Event]]


FORMATS = (
    Format(
        "ecfr-xml",
        (".xml",),
        ("application/xml", "text/xml"),
        ROOTS,
        read_ecfr_xml,
    ),
)

# The first element behind comments, processing instructions and a document type.
_ROOT = re.compile(
    rb"\s*(?:(?:<!--.*?-->|<\?.*?\?>|<!DOCTYPE(?:[^\[>]|\[.*?\]\s*)*>)\s*)*"
    rb"<(?![?!])\s*(?:[\w.\-]+:)?([\w.\-]+)",
    re.DOTALL | re.IGNORECASE,
)
_LFS = b"version https://git-lfs"
_CAPTCHA = re.compile(rb"captcha|unblock\.federalregister|request access", re.IGNORECASE)


def has_suffix(name: str) -> bool:
    """Whether a file's name is one that some reader takes."""
    return name.lower().endswith(tuple(suffix for f in FORMATS for suffix in f.suffixes))


def decide(head: bytes, name: str) -> Format:
    """The format of a document from its first bytes; DocumentError says why it has none."""
    if not head.strip(b"\x00 \t\r\n"):
        raise DocumentError("The file is empty.")
    if head.startswith(_LFS):
        raise DocumentError(
            "It is a Git LFS pointer and not the document; run 'git lfs pull' and try again."
        )
    text = head
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        text = head.decode("utf-16", "replace").encode("utf-8", "replace")
    lead = text.lstrip(b"\xef\xbb\xbf \t\r\n")
    root = _ROOT.match(lead)
    if root is None and lead.startswith((b"<!--", b"<?xml", b"<!DOCTYPE")):
        return FORMATS[0]  # what stands before the first element is longer than was looked at
    if root is None:
        if has_suffix(name):
            raise DocumentError("It is not XML: no element starts it.")
        raise DocumentError("No reader knows this kind of file; eCFR XML is read.")
    tag = root[1].decode("ascii", "replace")
    for each in FORMATS:
        if tag in each.roots:
            return each
    if tag.lower() == "html" and _CAPTCHA.search(text):
        raise DocumentError(
            "It is the eCFR site's request to prove that you are human and not the document; "
            "download it from the API (/api/versioner/v1/full/DATE/title-N.xml)."
        )
    raise DocumentError(wrong_root(tag))
