"""What a reader is told and what it notes beside the nodes: words, findings, title and date."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from tribonian.schemas.finding import Finding
from tribonian.schemas.words import count_words


@dataclass(slots=True)
class Reading:
    """What is known beside the nodes; complete when the stream has ended.

    ``title`` is the CFR title, where the document is of the CFR; ``name`` what the document
    is called; ``password`` what the user gave to open it. ``amended`` is the latest date up
    to which a volume says it is amended. ``words`` are counted on each block as it is taken
    from the file, before anything is made of it. ``seen`` counts the elements of each name
    straight in a container, for their locators. ``cites_cfr`` says that units without a
    citation are a matter for a finding.
    """

    title: str | None = None
    as_of: str | None = None
    amended: str | None = None
    words: int = 0
    sections: int = 0
    findings: list[Finding] = field(default_factory=list)
    blocks: list[str] = field(default_factory=list)
    seen: dict[tuple[str, str], int] = field(default_factory=dict)
    name: str = ""
    password: str | None = None
    cites_cfr: bool = True
    heading: str = ""  # the document's own title, where its format has a place for one

    def take(self, text: str) -> None:
        """Note the text of a block, to be counted."""
        if text:
            self.blocks.append(text)

    def take_all(self, texts: Iterable[str]) -> None:
        """Note the texts of several blocks."""
        self.blocks.extend(text for text in texts if text)

    def count(self) -> None:
        """Count the blocks taken since the last time."""
        if self.blocks:
            self.words += count_words("\n".join(self.blocks))
            self.blocks.clear()

    def note(self, code: str, message: str, locator: str = "", quote: str = "") -> None:
        """Add a finding; its document is filled in when it is read to the end."""
        self.findings.append(Finding(code, message, locator=locator, quote=quote))
