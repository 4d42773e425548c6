"""Word files, straight from their parts: styled blocks, with the numbers that Word prints.

What is decided here: an automatic number begins the text of its paragraph, a bullet is ``•``
whatever its font has. Tracked changes are accepted. Hidden text is kept apart, as
``metadata``, and does not count. Headers and footers come first, each once, as
``running-head``; a comment stands behind its paragraph, a note behind the one that bears its
mark (``footnote``, and so are endnotes); one that nothing refers to is not printed and not
read. A picture is a ``figure`` whose words are ours.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from lxml import etree

from tribonian.errors import DocumentError
from tribonian.ingest.outline import outline
from tribonian.ingest.readers.docx_flow import Flow
from tribonian.ingest.readers.docx_line import Tally
from tribonian.ingest.readers.docx_notes import Notes, header_parts, read_notes
from tribonian.ingest.readers.docx_numbering import Counting, Numbering
from tribonian.ingest.readers.docx_package import Package
from tribonian.ingest.readers.docx_styles import Styles
from tribonian.ingest.record import Reading
from tribonian.ingest.styled import Styled
from tribonian.schemas.tree import Event, Node

_CAPTION = re.compile(r"(?:Table|TABLE)\s+[0-9A-Z][0-9A-Z.–-]*\b")
_NO_TITLE = re.compile(r"Microsoft Word|Document\d*$|Title$|untitled", re.IGNORECASE)
_LONGEST_CAPTION = 300
TOO_DEEP = "Its tables or text boxes are nested too deeply to be read; simplify them and save it."


def read_docx(file: BinaryIO, reading: Reading) -> Iterator[Event]:
    """Stream the section tree of a Word file."""
    yield from outline(read_blocks(file, reading), reading)


def read_blocks(file: BinaryIO, reading: Reading) -> Iterator[Styled]:
    """The blocks of a Word file, in reading order; headers and footers come first, once each."""
    try:
        yield from _captioned(WordFile(file, reading).blocks())
    except RecursionError:
        raise DocumentError(TOO_DEEP) from None


class WordFile:
    """One Word file: what its parts have in common, and its blocks one after another."""

    def __init__(self, file: BinaryIO, reading: Reading) -> None:
        self.reading = reading
        self.package = Package(file)
        self.relations = self.package.relations(self.package.main)
        self.styles = Styles(self._part("styles"))
        self.numbering = Numbering(self._part("numbering"), self.styles)
        settings = self._part("settings")
        self.footnotes = self._notes("footnote", settings)
        self.endnotes = self._notes("endnote", settings)
        self.comments = self._notes("comment", settings)
        self.tally = Tally()
        self.paragraphs = 0
        self.tables = 0
        self.contents = 0  # content controls around a table of contents
        reading.heading = reading.heading or self._title()

    def _part(self, kind: str) -> etree._Element | None:
        for relation in self.relations.values():
            if relation.type == kind and not relation.external:
                return self.package.tree(relation.target)
        return None

    def _notes(self, kind: str, settings: etree._Element | None) -> Notes:
        return read_notes(self.package, self.relations, kind, settings)

    def _title(self) -> str:
        for relation in self.package.relations("").values():
            if relation.type == "core-properties" and not relation.external:
                root = self.package.tree(relation.target)
                for each in root if root is not None else ():
                    if str(each.tag).endswith("}title"):
                        title = " ".join((each.text or "").split())
                        return "" if _NO_TITLE.match(title) else title
        return ""

    def blocks(self) -> Iterator[Styled]:
        """All blocks of the file."""
        yield from self._running_heads()
        body = Flow(self)
        for element in self.package.blocks(self.package.main, "w:body"):
            for block in body.read(element):
                if block.style == "title" and not self.reading.heading:
                    self.reading.heading = block.text  # printed, where the properties have none
                yield block
        yield from body.rest()
        self._report()

    def _running_heads(self) -> Iterator[Styled]:
        counting = Counting()  # headers and footers count on from one another
        seen = set()
        for part in header_parts(self.relations):
            root = self.package.tree(part)
            if root is None:
                continue
            text = _text_of(Flow(self, counting, in_line=True).all(root))
            if text and text not in seen:
                seen.add(text)
                yield Styled(text, "running-head", part, style="header")
        self.paragraphs = self.tables = 0

    def note(self, notes: Notes, identity: str, own: str) -> tuple[str, Styled | None]:
        """The mark of a note, and the note."""
        mark = own or notes.mark()
        element = notes.elements.pop(identity, None)  # printed once, whoever refers to it
        if element is None:
            return mark, None
        paragraphs, tables = self.paragraphs, self.tables
        blocks = Flow(self).all(element)
        self.paragraphs, self.tables = paragraphs, tables
        nodes = [
            each.node or Node("paragraph", text=each.text, added=each.added) for each in blocks
        ]
        first = ""
        added = 0
        if nodes and nodes[0].kind == "paragraph":
            first, added = nodes[0].text, nodes[0].added
            nodes = nodes[1:]
        if own and first.startswith(own):  # a mark of the author's own is typed in the note too
            first = first[len(own) :].lstrip()
        node = Node(
            "footnote", mark, "", first, None, f"{notes.kind} {identity}", tuple(nodes), added
        )
        return mark, Styled("", "footnote", node.locator, marks=(mark,), node=node)

    def comment(self, identity: str) -> Styled | None:
        """A comment in the margin."""
        element = self.comments.elements.pop(identity, None)
        if element is None:
            return None
        paragraphs, tables = self.paragraphs, self.tables
        text = _text_of(Flow(self, in_line=True).all(element))
        self.paragraphs, self.tables = paragraphs, tables
        return Styled(text, "comment", f"comment {identity}") if text else None

    def _report(self) -> None:
        tally, note = self.tally, self.reading.note
        if tally.inserted or tally.deleted or tally.moved:
            note(
                "tracked-changes",
                f"Tracked changes were accepted: insertions {tally.inserted}, deletions "
                f"{tally.deleted}, moves {tally.moved}.",
            )
        if tally.hidden:
            note(
                "hidden-text",
                f"Hidden text was kept apart: paragraphs with it {tally.hidden}.",
            )
        for what, count in tally.aside.items():
            times = f" ({count} times)" if count > 1 else ""
            note("left-aside", f"The document holds a part that is not read: {what}{times}.")
        for form in sorted(self.numbering.unknown):
            note("number-format", f"Numbers in the format {form} were written in figures.")


def _text_of(blocks: Iterable[Styled]) -> str:
    """What blocks say, in one line; of pictures nothing, for their marks are not the file's."""
    said = []
    for block in blocks:
        if block.node is not None:
            said += [each.text for each in block.node.walk()]
        elif block.kind != "figure":
            said.append(block.text)
    return " ".join(filter(None, said))


def _captioned(blocks: Iterable[Styled]) -> Iterator[Styled]:
    """Blocks with the caption above a table as its heading."""
    held: Styled | None = None
    for block in blocks:
        if held is not None:
            if block.kind == "table" and block.node is not None and not held.marks:
                block.node.heading = held.text
                held = None
            else:
                yield held
                held = None
        if (
            block.kind == "paragraph"
            and (
                "caption" in block.style
                or "table title" in block.style
                or _CAPTION.match(block.text)
            )
            and len(block.text) < _LONGEST_CAPTION
            and not block.level
        ):
            held = block
        else:
            yield block
    if held is not None:
        yield held
