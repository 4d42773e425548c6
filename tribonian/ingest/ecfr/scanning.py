"""Where the units of an eCFR document begin and end, to the byte.

Only the tags of ``DIV1`` to ``DIV9`` are looked at, so that 21 MB take a tenth of a second;
whether the rest is well-formed is found by the reader.
"""

from __future__ import annotations

import html
import mmap
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import BinaryIO

from tribonian.errors import DocumentError
from tribonian.ingest.readers.ecfr_names import KIND_OF
from tribonian.ingest.readers.xml_stream import ENTITY

# An attribute's value may hold ">"; what stands in comments and CDATA is no tag. Nothing is
# tried twice (++), and what has no end is known at once, or hostile files would take hours.
_ATTRIBUTES = rb"""(?:[^<>"']++|"[^"<]*+"|'[^'<]*+')*+"""
_DIV = rb"<(?P<end>/?)(?P<tag>DIV[1-9])(?=[\s/>])(?P<attributes>" + _ATTRIBUTES + rb")>"
_DIV_ALONE = re.compile(_DIV)
_DIV_AND_OTHERS = re.compile(
    rb"<!--(?:.*?-->|(?P<comment>))|<!\[CDATA\[(?:.*?\]\]>|(?P<cdata>))|<\?(?:.*?\?>|(?P<pi>))|"
    + _DIV,
    re.DOTALL,
)
_BROKEN = re.compile(rb"</?DIV[1-9](?=[\s/>])")
_ATTRIBUTE = re.compile(rb"""\s([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_HEAD = re.compile(rb"\s*<HEAD(?:\s[^>]*)?>(.*?)</HEAD\s*>", re.DOTALL)
_LONGEST_HEAD = 10_000  # bytes
_DEEPEST = 32  # title, subtitle, chapter, subchapter, part, subpart, subject group, section: 8
_TAG = re.compile(r"<[^>]*>")
_DECLARED = re.compile(
    rb"""\A(?:\xef\xbb\xbf)?<\?xml\s[^>]{0,200}?encoding\s*=\s*["']([A-Za-z][\w.:-]{0,40})["']"""
)
_ROOT = re.compile(rb"<[A-Za-z]")
# Encodings in which the bytes of ASCII mean ASCII and nothing else.
_LIKE_ASCII = re.compile(r"utf-?8|us-ascii|ascii|iso-?8859-\d{1,2}|latin-?1|windows-125\d|cp125\d",
                         re.IGNORECASE)  # fmt: skip
_MARKS = ((b"\xff\xfe\x00\x00", "utf-32"), (b"\x00\x00\xfe\xff", "utf-32"),
          (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"),
          (b"<\x00?\x00", "utf-16-le"), (b"\x00<\x00?", "utf-16-be"))  # fmt: skip
BROKEN = "The XML breaks off within a unit; download it again."


@dataclass(slots=True)
class Bytes:
    """The bytes of a document and the encoding that they are in; ``data`` may be a map of it."""

    data: bytes | mmap.mmap
    encoding: str


@dataclass(slots=True, eq=False)
class Div:
    """One unit in a document: the element's bytes are ``data[start:end]``.

    ``number`` is its ``N`` as it stands there, ``after_tag`` the place where its first tag
    ends, ``path`` the units it stands in, outermost first.
    """

    kind: str
    number: str
    start: int
    after_tag: int
    end: int
    attributes: dict[str, str]
    path: tuple[Div, ...] = field(repr=False, default=())
    source: Bytes = field(repr=False, default_factory=lambda: Bytes(b"", "utf-8"))

    @property
    def head(self) -> str:
        """The text of its HEAD, "" where it has none."""
        found = _HEAD.match(self.source.data, self.after_tag, self.end)
        if found is None:
            return ""
        text = _TAG.sub("", found[1][:_LONGEST_HEAD].decode(self.source.encoding, "replace"))
        return " ".join(html.unescape(text).split())


@contextmanager
def opened(file: BinaryIO) -> Iterator[Bytes]:
    """The whole of a file: mapped where it is one on disk, so that memory does not grow with it.

    A document in an encoding that is not like ASCII (UTF-16) is handed on as UTF-8.
    """
    mapped: mmap.mmap | None = None
    try:
        mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except (OSError, ValueError, AttributeError):  # not on disk, or empty
        file.seek(0)
    data = mapped if mapped is not None else file.read()
    try:
        yield _decoded(data)
    finally:
        if mapped is not None:
            with suppress(BufferError):  # something still looks at it; it closes with that
                mapped.close()


def _decoded(data: bytes | mmap.mmap) -> Bytes:
    head = data[:256]
    encoding = next((name for mark, name in _MARKS if head.startswith(mark)), "")
    if not encoding:
        declared = _DECLARED.match(head)
        encoding = declared[1].decode("ascii") if declared else "UTF-8"
        if _LIKE_ASCII.fullmatch(encoding):
            return Bytes(data, encoding)
    try:
        text = data[:].decode(encoding)
    except (LookupError, UnicodeError):
        raise DocumentError(
            f"It says that it is in the encoding {encoding}, and is not or that is unknown; "
            "download it again."
        ) from None
    text = re.sub(r"\A\ufeff?<\?xml.*?\?>", "", text, count=1, flags=re.DOTALL)
    return Bytes(text.removeprefix("\ufeff").encode("utf-8", "xmlcharrefreplace"), "UTF-8")


def divs(source: Bytes) -> list[Div]:
    """Every unit of a document, in its order; DocumentError where it breaks off in one."""
    data = source.data
    root = _ROOT.search(data)
    if root is None:
        raise DocumentError("It is not XML: no element starts it.")
    if data.find(b"<!ENTITY", 0, root.start()) >= 0:
        raise DocumentError(ENTITY)
    others = any(data.find(mark, root.start()) >= 0 for mark in (b"<!--", b"<![CDATA[", b"<?"))
    found: list[Div] = []
    stack: list[Div] = []
    at = root.start()
    for match in (_DIV_AND_OTHERS if others else _DIV_ALONE).finditer(data, at):
        if match["tag"] is None:
            if match.lastgroup is not None:  # a comment without an end
                raise DocumentError(BROKEN)
            continue
        kind = KIND_OF[match["tag"].decode("ascii")]
        if match["end"]:
            if not stack or stack[-1].kind != kind:
                raise DocumentError(BROKEN)
            stack.pop().end = match.end()
            continue
        attributes = match["attributes"]
        said = _attributes(attributes, source.encoding)
        div = Div(kind, said.get("N", "").strip(), match.start(), match.end(), match.end(), said,
                  tuple(stack), source)  # fmt: skip
        found.append(div)
        if not attributes.endswith(b"/"):
            stack.append(div)
        if len(stack) > _DEEPEST:
            raise DocumentError(
                f"Its units are nested more than {_DEEPEST} deep, as in no title of the CFR; "
                "get it again from the eCFR's API."
            )
    if stack or (not found and _BROKEN.search(data, at)):
        raise DocumentError(BROKEN)
    return found


def _attributes(tag: bytes, encoding: str) -> dict[str, str]:
    return {
        name.decode("ascii", "replace"): html.unescape(
            (double or single).decode(encoding, "replace")
        )
        for name, double, single in _ATTRIBUTE.findall(tag)
    }
