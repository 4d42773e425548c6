"""Findings: what a person should know about a document or a build, one sentence each.

`CODES` is the whole list; `docs/findings.md` explains each, and a test keeps them equal.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["info", "warning", "error"]

# code -> (severity, what it means)
CODES: dict[str, tuple[Severity, str]] = {
    # reading a document
    "unknown-element": ("warning", "an element the reader does not know; its text was kept"),
    "unknown-accent": ("warning", "an accent code the eCFR guide does not list"),
    "unknown-emphasis": ("info", "an emphasis code read as plain text"),
    "second-heading": ("warning", "a section with two headings; the second became text"),
    "heading-number-mismatch": ("warning", "heading and number attribute disagree"),
    "title-unknown": ("info", "the CFR title could not be told, so citations are missing"),
    "footnote-unmatched": ("info", "a footnote whose mark is not in the text before it"),
    "designator-ambiguous": ("info", "a number that could stand at another level as well"),
    "designator-gap": ("info", "a number is missing in a list"),
    "designator-repeated": ("warning", "the same number twice in one list"),
    "designator-irregular": ("warning", "a number that fits no list that is open"),
    "format-mismatch": ("warning", "the content is of another format than the file's name says"),
    "vocabulary-unknown": ("warning", "XML that no reader knows; its text was kept"),
    "nesting-disagreement": ("info", "a number and the page's own nesting disagree"),
    "heading-disagreement": ("info", "a heading's number and its looks or outline level disagree"),
    "unit-misplaced": ("warning", "a unit inside another by its markup was put in its place"),
    "tracked-changes": ("warning", "tracked changes were accepted"),
    "hidden-text": ("info", "hidden text was kept apart"),
    "left-aside": ("warning", "a part of the document that is not read"),
    "number-format": ("warning", "automatic numbers in a format that was written in figures"),
    "encoding-guessed": ("info", "the encoding is not declared, or wrongly, and was guessed"),
    "encoding-damaged": ("warning", "bytes that could not be decoded stand as U+FFFD"),
    "markup-disagreement": ("info", "a number and the markup disagree where a paragraph belongs"),
    "file-repaired": ("warning", "a damaged PDF was read as far as it could be mended"),
    "page-unreadable": ("warning", "pages of a PDF that cannot be opened"),
    "page-without-text": ("warning", "pages of a PDF that are pictures without text"),
    "picture-unread": ("warning", "pictures beside the text of a PDF, in which nothing was read"),
    "text-doubtful": ("warning", "letters of a PDF that make no words"),
    "page-read-by-ocr": ("warning", "pages read by optical character recognition"),
    "form-filled": ("info", "a form whose filled fields and remarks were read"),
    "assembled-from-parts": ("warning", "a chapter or more that was put together from its parts"),
    "changed-since-fetch": ("warning", "a file is not what the lock file says was fetched"),
    "redirected": ("info", "an address led to another one, where the document was found"),
    # consolidating
    "words-lost": ("error", "words read differ from words kept and left out"),
    "row-over-budget": ("warning", "a table row larger than the budget was set as text"),
    "conflict": ("warning", "one citation, two texts that differ; both were kept"),
    "name-taken": ("info", "two neighbours had the same label; one was numbered"),
    "nothing-selected": ("warning", "a pattern of --only or --skip names nothing in any document"),
    # checking an upload tree
    "not-json": ("error", "the file is not JSON in UTF-8 without a byte order mark"),
    "not-one-root": ("error", "the top of the file is not one object"),
    "wrong-keys": ("error", "a node without exactly label, content, children, level"),
    "wrong-type": ("error", "a value of the wrong type"),
    "wrong-level": ("error", "level is not the node's depth as a string"),
    "empty-label": ("error", "a label that is empty"),
    "empty-content": ("error", "a content that is empty"),
    "not-trimmed": ("error", "a label or content with space around it"),
    "too-deep": ("error", "more levels than allowed"),
    "too-large": ("error", "a file larger than the limit of an upload"),
    "over-budget": ("error", "a content with more tokens than the budget"),
    "same-label": ("warning", "two children of one node share a label"),
    "few-sections": ("warning", "fewer than four sections, which the service advises against"),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One observation: ``locator`` says where in the document or in the upload tree."""

    code: str
    message: str
    document: str = ""
    locator: str = ""
    quote: str = ""
    principles: tuple[str, ...] = ()
    differs: tuple[tuple[str, str], ...] = ()

    @property
    def severity(self) -> Severity:
        """How grave it is, by its code."""
        return CODES[self.code][0]

    def row(self) -> dict[str, object]:
        """The finding as a line of ``findings.jsonl``."""
        row: dict[str, object] = {
            "code": self.code,
            "severity": self.severity,
            "message": self.message,
            "document": self.document,
            "locator": self.locator,
        }
        if len(self.principles) == 1:
            row["principle"] = self.principles[0]
        elif self.principles:
            row["principles"] = list(self.principles)
        if self.differs:
            row["differs"] = [list(pair) for pair in self.differs]
        if self.quote:
            row["quote"] = self.quote
        return row
