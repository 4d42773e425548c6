"""The zip of a Word file: its parts, their relations, and the limits that keep bombs out.

Office Open XML, ECMA-376 part 2 (packages) and part 1, both namespaces: transitional and
strict (purl.oclc.org).
"""

from __future__ import annotations

import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple, cast
from urllib.parse import unquote

from lxml import etree

from tribonian.errors import DocumentError

MAX_MEMBERS = 20_000
MAX_PART = 1 << 30  # bytes of one part, unpacked; 2,000 pages are 10 MB
SMALL = 32 << 20  # below this a part may be as regular as it likes
MAX_RATIO = 150  # the XML of real files shrinks to a tenth or a thirtieth

DAMAGED = "It is a damaged Word file ({part} cannot be read); open it in Word and save it again."
BOMB = (
    "Its part {part} would unpack to {size} MB, which no document needs; if it is genuine, "
    "open it in Word and save it again."
)
ENTITY = "It declares entities of its own, as no Word file does; open it in Word and save it again."
NO_DOCUMENT = "It is a zip archive without a Word document inside; save it as .docx again."
ENCRYPTED = "Its parts are encrypted; save it without a password."

_WORD = (
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "http://purl.oclc.org/ooxml/wordprocessingml/main",
)
_PREFIXES = {
    **dict.fromkeys(_WORD, "w"),
    "http://schemas.openxmlformats.org/officeDocument/2006/math": "m",
    "http://purl.oclc.org/ooxml/officeDocument/math": "m",
    "http://schemas.openxmlformats.org/markup-compatibility/2006": "mc",
    "http://schemas.openxmlformats.org/drawingml/2006/main": "a",
    "http://purl.oclc.org/ooxml/drawingml/main": "a",
    "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing": "wp",
    "http://purl.oclc.org/ooxml/drawingml/wordprocessingDrawing": "wp",
    "http://schemas.microsoft.com/office/word/2010/wordprocessingShape": "wps",
    "http://schemas.openxmlformats.org/drawingml/2006/diagram": "dgm",
    "http://schemas.openxmlformats.org/drawingml/2006/chart": "c",
    "http://schemas.openxmlformats.org/drawingml/2006/picture": "pic",
    "http://purl.oclc.org/ooxml/drawingml/picture": "pic",
    "http://schemas.microsoft.com/office/word/2010/wordml": "w14",
    "urn:schemas-microsoft-com:vml": "v",
    "urn:schemas-microsoft-com:office:office": "o",
}
_VALUES: dict[str, tuple[str, str]] = {}


class _Names(dict[object, str]):
    """Element tags as short names: ``w:p`` in either namespace."""

    def __missing__(self, tag: object) -> str:
        if not isinstance(tag, str):  # an entity, a comment, a processing instruction
            if tag is etree.Entity:
                raise DocumentError(ENTITY)
            return ""
        space, _, local = tag.rpartition("}")
        short = f"{_PREFIXES.get(space[1:], '?')}:{local}"
        if len(self) < 10_000:
            self[tag] = short
        return short


NAMES = _Names()


def value(element: etree._Element, name: str = "val") -> str | None:
    """An attribute of the Word namespace, in either form."""
    names = _VALUES.get(name)
    if names is None:
        names = _VALUES[name] = (f"{{{_WORD[0]}}}{name}", f"{{{_WORD[1]}}}{name}")
    found = element.get(names[0])
    return found if found is not None else element.get(names[1])


def is_on(element: etree._Element) -> bool:
    """Whether an on/off element says on: alone it does."""
    return value(element) not in ("0", "false", "off", "none")


def whole(text: str | None, otherwise: int = 0) -> int:
    """A whole number, as far as the text is one."""
    try:
        number = int(text or "")
    except ValueError:
        return otherwise
    return number if -(2**31) <= number < 2**31 else otherwise


def points(text: str | None) -> float:
    """A length in points: twips, or a number with its unit as the strict form has it."""
    if not text:
        return 0.0
    try:
        if text[-2:] in _UNITS:
            return float(text[:-2]) * _UNITS[text[-2:]]
        return float(text) / 20
    except ValueError:
        return 0.0


_UNITS = {"pt": 1.0, "in": 72.0, "cm": 28.3465, "mm": 2.83465, "pc": 12.0, "pi": 12.0}


class Relation(NamedTuple):
    """Where a part points to: the last word of the relation's type, the part's name."""

    type: str
    target: str
    external: bool


class Package:
    """The parts of one Word file."""

    def __init__(self, file: BinaryIO) -> None:
        try:
            self.archive = zipfile.ZipFile(file)
            members = self.archive.infolist()
        except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError, EOFError):
            raise DocumentError(DAMAGED.format(part="its zip archive")) from None
        if len(members) > MAX_MEMBERS:
            raise DocumentError(
                f"Its zip archive has {len(members)} members, which no Word file has."
            )
        self.members = {info.filename.lower().lstrip("/"): info for info in members}
        self.main = self._main()

    def _main(self) -> str:
        for relation in self.relations("").values():
            if relation.type == "officedocument" and relation.target.lower() in self.members:
                return relation.target
        if "word/document.xml" in self.members:
            return "word/document.xml"
        raise DocumentError(NO_DOCUMENT)

    def relations(self, part: str) -> dict[str, Relation]:
        """The relations of a part by their ids; of the package itself for ``""``."""
        folder, name = posixpath.split(part)
        found: dict[str, Relation] = {}
        root = self.tree(posixpath.join(folder, "_rels", f"{name}.rels"))
        for element in root if root is not None else ():
            if not isinstance(element.tag, str):
                continue
            target = unquote(element.get("Target") or "")
            external = element.get("TargetMode") == "External"
            if not external:
                whole_path = posixpath.join("/" + folder, target)
                target = posixpath.normpath(whole_path).lstrip("/")
            kind = (element.get("Type") or "").rsplit("/", 1)[-1].lower()
            found[element.get("Id") or ""] = Relation(kind, target, external)
        return found

    def has(self, part: str) -> bool:
        """Whether there is such a part."""
        return part.lower() in self.members

    def open(self, part: str) -> BinaryIO:
        """A part as a stream; refused where its size is an attack."""
        info = self.members[part.lower()]
        size, packed = info.file_size, max(info.compress_size, 1)
        if size > MAX_PART or (size > SMALL and size > packed * MAX_RATIO):
            raise DocumentError(BOMB.format(part=part, size=size >> 20))
        if info.flag_bits & 1:
            raise DocumentError(ENCRYPTED)
        try:
            # zipfile itself reads no more than the size that was checked
            return cast(BinaryIO, self.archive.open(info))
        except UNREADABLE:
            raise DocumentError(DAMAGED.format(part=part)) from None

    def tree(self, part: str) -> etree._Element | None:
        """A small part as a tree; None where there is none."""
        if not self.has(part):
            return None
        try:
            with self.open(part) as stream:
                parser = etree.XMLParser(
                    resolve_entities=False, load_dtd=False, no_network=True, remove_comments=True
                )
                tree = etree.parse(stream, parser)
        except UNREADABLE:
            raise DocumentError(DAMAGED.format(part=part)) from None
        if tree.docinfo.doctype:
            raise DocumentError(ENTITY)
        return tree.getroot()

    def blocks(self, part: str, within: str) -> Iterator[etree._Element]:
        """The elements straight inside ``within`` (``w:body``), one after another.

        Each is let go when the next is asked for, so that memory is bounded by the largest.
        """
        with self.open(part) as stream:
            try:
                yield from _children(stream, within)
            except UNREADABLE:
                raise DocumentError(DAMAGED.format(part=part)) from None


# What a broken zip or broken XML raises; bad passwords and methods are RuntimeErrors.
UNREADABLE = (
    etree.XMLSyntaxError, zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError,
    ValueError,
)  # fmt: skip


def _children(stream: BinaryIO, within: str) -> Iterator[etree._Element]:
    names = NAMES
    local = within.partition(":")[2]
    wanted = [f"{{{space}}}{name}" for space in _WORD for name in (local, *_BLOCKS)]
    container: etree._Element | None = None
    events = etree.iterparse(
        stream, events=("start", "end"), tag=wanted, resolve_entities=False, load_dtd=False,
        no_network=True, remove_comments=True, remove_pis=True, huge_tree=False,
    )  # fmt: skip
    for event, element in events:
        if event == "start":
            if container is None and names[element.tag] == within:
                if element.getroottree().docinfo.doctype:
                    raise DocumentError(ENTITY)
                container = element
            continue
        if container is None or element.getparent() is not container:
            continue
        yield element
        element.clear()
        before = element.getprevious()
        while before is not None:
            container.remove(before)
            before = element.getprevious()


_BLOCKS = (
    "p", "tbl", "sdt", "customXml", "sectPr", "altChunk", "ins", "del", "moveFrom", "moveTo",
)  # fmt: skip
