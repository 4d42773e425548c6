"""Footnotes, endnotes, comments, headers and footers of a Word file (ECMA-376 17.10, 17.11)."""

from __future__ import annotations

from dataclasses import dataclass, field

from lxml import etree

from tribonian.ingest.readers.docx_number_formats import formatted
from tribonian.ingest.readers.docx_package import NAMES, Package, Relation, value, whole

# kind of a reference -> relation and element of its part, number format unless said otherwise
KINDS = {
    "footnote": ("footnotes", "w:footnote", "decimal"),
    "endnote": ("endnotes", "w:endnote", "lowerRoman"),
    "comment": ("comments", "w:comment", "decimal"),
}


@dataclass(slots=True)
class Notes:
    """The notes of one kind by id, and their numbering."""

    kind: str
    format: str
    elements: dict[str, etree._Element] = field(default_factory=dict)
    start: int = 1
    by_section: bool = False
    count: int = 0

    def mark(self) -> str:
        """The next mark."""
        self.count += 1
        return formatted(self.start + self.count - 1, self.format)

    def section_ends(self) -> None:
        """Where numbering begins anew in each section, it does so here."""
        if self.by_section:
            self.count = 0


def read_notes(
    package: Package, relations: dict[str, Relation], kind: str, settings: etree._Element | None
) -> Notes:
    """The notes of a kind; those that only draw the line above them are left out."""
    part, tag, form = KINDS[kind]
    notes = Notes(kind, form)
    for relation in relations.values():
        if relation.type == part and not relation.external:
            root = package.tree(relation.target)
            for element in root if root is not None else ():
                if NAMES[element.tag] == tag and value(element, "type") in (None, "normal"):
                    notes.elements.setdefault(value(element, "id") or "", element)
    for element in settings if settings is not None else ():
        if NAMES[element.tag] == f"w:{kind}Pr":
            _numbered_as(notes, element)
    return notes


def _numbered_as(notes: Notes, properties: etree._Element) -> None:
    for each in properties:
        name = NAMES[each.tag]
        if name == "w:numFmt":
            notes.format = value(each) or notes.format
        elif name == "w:numStart":
            notes.start = whole(value(each), 1)
        elif name == "w:numRestart":
            notes.by_section = value(each) == "eachSect"


def end_section(*kinds: Notes) -> None:
    """Note the end of a section, where numbering may begin anew."""
    for notes in kinds:
        notes.section_ends()


def header_parts(relations: dict[str, Relation]) -> list[str]:
    """The parts with headers and footers, headers first, each once."""
    found = [
        relation.target
        for kind in ("header", "footer")
        for relation in relations.values()
        if relation.type == kind and not relation.external
    ]
    return list(dict.fromkeys(found))
