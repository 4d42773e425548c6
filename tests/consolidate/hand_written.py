"""Documents written by hand in a test, built, and every file of the build read back.

The elements are those of the eCFR's title files: a unit with ``N`` and ``HEAD``, three spaces
after a section's number.
"""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import tribonian
from tribonian.schemas.words import words

OUR_FILES = frozenset(
    ("manifest.json", "principles.md", "provenance.jsonl", "excluded.jsonl", "findings.jsonl",
     "report.html")
)  # fmt: skip


def title(number: int, heading: str, *inner: str) -> str:
    return (
        f'<ECFR><DIV1 N="{number}" TYPE="TITLE"><HEAD>Title {number}—{heading}</HEAD>'
        f"{''.join(inner)}</DIV1></ECFR>"
    )


def chapter(number: str, heading: str, *inner: str) -> str:
    return (
        f'<DIV3 N="{number}" TYPE="CHAPTER"><HEAD>CHAPTER {number}—{heading}</HEAD>'
        f"{''.join(inner)}</DIV3>"
    )


def subchapter(letter: str, heading: str, *inner: str) -> str:
    return (
        f'<DIV4 N="{letter}" TYPE="SUBCHAP"><HEAD>SUBCHAPTER {letter}—{heading}</HEAD>'
        f"{''.join(inner)}</DIV4>"
    )


def part(number: int | str, heading: str, *inner: str) -> str:
    return (
        f'<DIV5 N="{number}" TYPE="PART"><HEAD>PART {number}—{heading}</HEAD>'
        f"{''.join(inner)}</DIV5>"
    )


def subpart(letter: str, heading: str, *inner: str) -> str:
    return (
        f'<DIV6 N="{letter}" TYPE="SUBPART"><HEAD>Subpart {letter}—{heading}</HEAD>'
        f"{''.join(inner)}</DIV6>"
    )


def subject_group(heading: str, *inner: str) -> str:
    return f'<DIV7 N="ECFR1" TYPE="SUBJGRP"><HEAD>{heading}</HEAD>{"".join(inner)}</DIV7>'


def section(number: str, heading: str, *blocks: str) -> str:
    return (
        f'<DIV8 N="{number}" TYPE="SECTION"><HEAD>§ {number}   {heading}</HEAD>'
        f"{''.join(blocks)}</DIV8>"
    )


def appendix(name: str, heading: str, *blocks: str) -> str:
    return f'<DIV9 N="{name}" TYPE="APPENDIX"><HEAD>{name}—{heading}</HEAD>{"".join(blocks)}</DIV9>'


def table(header: str, rows: str, caption: str = "") -> str:
    return (
        f'<DIV width="100%"><DIV class="gpotbl_div"><TABLE>{caption}<THEAD>{header}</THEAD>'
        f"<TBODY>{rows}</TBODY></TABLE></DIV></DIV>"
    )


def row(*cells: str, tag: str = "TD") -> str:
    return "<TR>" + "".join(f"<{tag}>{cell}</{tag}>" for cell in cells) + "</TR>"


@dataclass(frozen=True)
class Placed:
    """A principle of the upload tree: its depth counted here, its ``level`` as written."""

    path: tuple[int, ...]
    label: str
    content: str
    level: str
    children: list[dict[str, Any]] = field(repr=False)

    @property
    def depth(self) -> int:
        return len(self.path)


def placed(node: dict[str, Any], path: tuple[int, ...] = ()) -> Iterator[Placed]:
    yield Placed(path, node["label"], node["content"], node["level"], node["children"])
    for n, child in enumerate(node["children"]):
        yield from placed(child, (*path, n))


@dataclass(frozen=True)
class Folder:
    """A build that was written: the bytes of its files and what they say."""

    files: dict[str, bytes]
    fit: bool
    checked: list[str]

    def lines(self, name: str) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.files[name].splitlines()]

    @property
    def manifest(self) -> dict[str, Any]:
        return json.loads(self.files["manifest.json"])

    @property
    def nodes(self) -> list[Placed]:
        return list(placed(json.loads(self.files["principles.json"])))

    @property
    def labels(self) -> list[str]:
        return [node.label for node in self.nodes]

    @property
    def provenance(self) -> list[dict[str, Any]]:
        return self.lines("provenance.jsonl")

    @property
    def excluded(self) -> list[dict[str, Any]]:
        return self.lines("excluded.jsonl")

    @property
    def findings(self) -> list[dict[str, Any]]:
        return self.lines("findings.jsonl")

    @property
    def codes(self) -> list[str]:
        return [finding["code"] for finding in self.findings]

    def reasons(self) -> Counter[str]:
        return Counter(row["reason"] for row in self.excluded)

    def node(self, label: str) -> Placed:
        """The one principle with a label."""
        found = [node for node in self.nodes if node.label == label]
        assert len(found) == 1, f"{len(found)} principles are called {label!r}: {self.labels}"
        return found[0]

    def under(self, label: str) -> list[str]:
        """The labels of the children of the one principle with a label."""
        return [child["label"] for child in self.node(label).children]

    def cited(self, citation: str) -> list[dict[str, Any]]:
        return [line for line in self.provenance if line["citation"] == citation]

    def holds(self, text: str) -> bool:
        return any(text in node.content or text in node.label for node in self.nodes)


def keeps_its_word(folder: Folder) -> None:
    """Assert the first promise, counted again from the files alone."""
    totals = folder.manifest["totals"]["words"]
    for document in folder.manifest["documents"]:
        counts = document["words"]
        assert counts["read"] == counts["principles"] + counts["excluded"], document
        assert 0 <= counts["duplicates"] <= counts["excluded"], document
    assert "words-lost" not in folder.codes
    printed = sum(len(words(node.label)) + len(words(node.content)) for node in folder.nodes)
    assert printed == totals["principles"] + totals["added"]


def written_files(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, by its path from there."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def built(documents: dict[str, str] | str, **options: Any) -> Folder:
    """Build documents in one process; a lone text is called ``title-21.xml``."""
    if isinstance(documents, str):
        documents = {"title-21.xml": documents}
    with tempfile.TemporaryDirectory() as name:
        sources = []
        for file, text in documents.items():
            path = Path(name, "in", file)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            sources.append(path)
        output = Path(name, "out")
        result = tribonian.build(sources, output, **{"jobs": 1, **options})
        assert result.output == output, f"nothing was written: {result.documents}"
        verdict = tribonian.check(output)
        return Folder(
            written_files(output),
            verdict.fit,
            [finding.code for finding in verdict.findings],
        )
