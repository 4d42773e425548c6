"""Each form of the sample regulation is read into the tree that its XML gives."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tribonian.ingest.reading import read_tree
from tribonian.schemas.tree import Node

SAMPLES = Path(__file__).parents[1] / "samples"
FORMS = sorted((SAMPLES / "formats").glob("title-99_part-110*"))


def part_110() -> Node:
    _, root, _ = read_tree(SAMPLES / "lantern-safety.xml", "lantern-safety.xml")
    return next(node for node in root.walk() if node.designator == "PART 110")


def paths(node: Node, path: str = "") -> Iterator[str]:
    """Sections by number and heading, and below them every designator with those above it."""
    if node.kind == "section":
        path = node.designator.removeprefix("§ ")
        yield f"{path} {node.heading}"
    elif node.kind == "appendix":
        yield f"{node.designator} {node.heading}"
        return  # its headings are numbered, and text does not tell a heading from a paragraph
    elif node.kind == "paragraph" and node.designator and path:
        path += node.designator
        yield path
    for child in node.children:
        yield from paths(child, path)


def test_there_is_a_sample_of_every_form() -> None:
    assert {path.suffix for path in FORMS} == {".docx", ".html", ".md", ".pdf", ".txt"}


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.name)
def test_a_form_gives_the_sections_and_paths_of_the_xml(path: Path) -> None:
    document, root, _ = read_tree(path, path.name)
    assert list(paths(root)) == list(paths(part_110()))
    assert root.total_words() == document.words
    assert document.sections == 9
