"""Every form of one part of the CFR, by name."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from printed.ecfr_page import ecfr_page
from printed.layouts import LAYOUTS, page
from printed.numbered import numbered_word
from printed.pages import Form, body, plain
from printed.printing import Press
from tribonian.ingest.reading import read_tree
from tribonian.schemas.tree import Node


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the CFR: its file, its number, its elements."""

    source: Path
    title: str
    number: str
    name: str
    root: etree._Element

    @classmethod
    def read(cls, source: Path) -> Part:
        """Open the XML of a part, called ``title-21_part-11_DATE.xml``."""
        root = etree.parse(str(source)).getroot()
        found = re.search(r"title-(\d+)_part-([\w\-]+?)(?:_|\.)", source.name)
        title, number = (found[1], found[2]) if found else ("", root.get("N", ""))
        head = next(root.iter("HEAD"))
        name = plain(head).partition("—")[2].strip() or plain(head)
        return cls(source, title, number, name.title(), root)

    @property
    def date(self) -> str:
        """The date up to which it is, from the name of its file."""
        found = re.search(r"\d{4}-\d\d-\d\d", self.source.name)
        return found[0] if found else "2026-01-29"

    @property
    def stem(self) -> str:
        """What its files are called."""
        return f"title-{self.title}_part-{self.number}"

    def tree(self) -> Node:
        """Our reading of it, for what the XML does not say: the level of each number."""
        return read_tree(self.source, self.source.name)[1]

    def names(self) -> dict[str, str]:
        """What a running head says."""
        return {"name": f"{self.title} CFR Part {self.number} — {self.name}"[:70],
                "title": self.title, "number": self.number}  # fmt: skip


Make = Callable[[Part, Press], Path]


def _pdf(layout: str, *, tagged: bool = True) -> Make:
    def make(part: Part, press: Press) -> Path:
        chosen = LAYOUTS[layout]
        names = part.names()
        html = page(chosen, names["name"], names, body(part.root, chosen.form))
        return press.pdf(html, tagged=tagged)

    return make


def web_page(part: Part) -> str:
    """The part as a plain web page without style."""
    return ('<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"></head>'
            f"\n<body>\n{body(part.root, Form())}\n</body></html>\n")  # fmt: skip


def _pandoc(suffix: str, *options: str) -> Make:
    return lambda part, press: press.pandoc(web_page(part), suffix, *options)


def _without_pictures(suffix: str, *options: str) -> Make:
    """Text has no pictures."""
    return lambda part, press: press.pandoc(_PICTURE.sub("", web_page(part)), suffix, *options)


_PICTURE = re.compile(r'<p class="figure">.*?</p>')


def _html(part: Part, press: Press) -> Path:
    return press.keep(web_page(part).encode(), ".html")


def _automatic(part: Part, press: Press) -> Path:
    return press.keep(numbered_word(part.root, part.tree()), ".docx")


def _renderer(part: Part, press: Press) -> Path:
    return press.keep(ecfr_page(part.root, part.tree(), part.title, part.date).encode(), ".html")


FORMS: dict[str, Make] = {
    **{f"pdf/{name}": _pdf(name) for name in LAYOUTS},
    **{f"pdf/{name}-untagged": _pdf(name, tagged=False)
       for name, layout in LAYOUTS.items() if layout.form.tagged},
    "docx/typed": _pandoc(".docx"),
    "docx/office": lambda part, press: press.office(web_page(part)),
    "docx/automatic": _automatic,
    "md/pandoc": _pandoc(".md", "-t", "gfm", "--wrap=none"),
    "md/wrapped": _without_pictures(".md", "-t", "gfm", "--columns=80"),
    "md/dialect": _pandoc(".md", "-t", "markdown", "--columns=80"),
    "txt/wrapped": _without_pictures(".txt", "-t", "plain", "--columns=80"),
    "txt/long-lines": _without_pictures(".txt", "-t", "plain", "--wrap=none"),
    "html/plain": _html,
    "html/ecfr": _renderer,
}  # fmt: skip
# Forms made to be hard: for them there is no target.
HARD = frozenset(
    name
    for name in FORMS
    if (name.startswith("pdf/")
        and not LAYOUTS[name.removeprefix("pdf/").removesuffix("-untagged")].target)
    or name in ("md/dialect", "txt/long-lines")
)  # fmt: skip
