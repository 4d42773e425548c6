"""The designators scored against paragraphs that somebody else has nested.

GPO's USLM edition of 27 CFR nests its paragraphs in the markup and names each:
``/us/cfr/t27/s447.42/a/1/iv/A``. Its text is given to the probe line by line, as printed.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from lxml import etree

from tribonian import designators

CORPUS = Path(__file__).parents[2].parent / "shared" / "corpus" / "uslm"
FILES = sorted(CORPUS.glob("*.xml"))
pytestmark = pytest.mark.skipif(not FILES, reason="shared/corpus/uslm is not beside the repository")

USLM = "{http://schemas.gpo.gov/xml/uslm}"

# (section, definition) -> why the paragraphs between it and its "(b)" cannot be scored. The law
# prints "Handgun. (a) Any firearm …"; the converter took that run-in "(a)" for words, and so
# named what stands under it (1) instead of (a)(1), or hung it under the "(b)" that follows.
LOST_A = "the converter lost the run-in (a) of the definition"
NOT_SCOREABLE = {
    ("§ 478.11", "Adjudicated as a mental defective. (a)"): f"{LOST_A}: (a)(1)-(2) are (1)-(2)",
    ("§ 478.11", "Misdemeanor crime of domestic violence. (a)"): f"{LOST_A}: (a)(1) is (b)(1)",
    ("§ 478.11", "Renounced U.S. citizenship. (a)"): f"{LOST_A}: (a)(1)-(2) are (c)(1)-(2)",
    ("§ 478.11", "Semiautomatic assault weapon. (a)"): f"{LOST_A}: (a)(1)-(9) are (b)(1)-(9)",
    ("§ 555.11", "Adjudicated as a mental defective. (a)"): f"{LOST_A}: (a)(1)-(2) are (1)-(2)",
    ("§ 555.11", "Renounced U.S. citizenship. (a)"): f"{LOST_A}: (a)(1)-(2) are (b)(1)-(2)",
}  # fmt: skip


class Line(NamedTuple):
    """A printed paragraph and its true path; None where it has no number."""

    text: str
    path: str | None


def tag(element: etree._Element) -> str:
    return str(element.tag).removeprefix(USLM)


def said(element: etree._Element) -> str:
    return " ".join("".join(map(str, element.itertext())).split())


def runs_in(element: etree._Element) -> bool:
    """A paragraph that the one above it opens in the same breath: ``(a)(1) …``."""
    return tag(element) == "paragraph" and element.get("class") == "inline"


def own_text(paragraph: etree._Element) -> str:
    """What is printed in one breath: number, heading, text, and a paragraph that runs in."""
    parts = []
    for child in paragraph:
        if runs_in(child):
            parts.append(own_text(child))
        elif tag(child) in ("num", "heading"):
            parts.append(said(child))
        elif tag(child) in ("content", "chapeau"):
            parts.append(said(child) if child.find(f"{USLM}p") is None else child.text or "")
    return " ".join(" ".join(parts).split())


def innermost(paragraph: etree._Element) -> etree._Element:
    for child in paragraph:
        if runs_in(child):
            return innermost(child)
    return paragraph


def below(element: etree._Element, base: str) -> Iterator[Line]:
    """The paragraphs below a section or a paragraph, as they are printed one after another."""
    for child in element:
        if runs_in(child):
            yield from below(child, base)
        elif tag(child) == "paragraph":
            identifier = innermost(child).get("identifier", "").removeprefix(f"{base}/")
            yield Line(own_text(child), "".join(f"({n})" for n in identifier.split("/")))
            yield from below(child, base)
        elif tag(child) in ("content", "chapeau"):
            printed = child.findall(f"{USLM}p")
            if not printed and element.tag == f"{USLM}section":
                yield Line(said(child), None)
            yield from (Line(said(p), None) for p in printed)


def sections(path: Path) -> Iterator[tuple[str, list[Line]]]:
    for section in etree.parse(path).iter(f"{USLM}section"):
        number = section.find(f"{USLM}num")
        assert number is not None
        yield (
            said(number),
            [line for line in below(section, section.get("identifier", "")) if line.text],
        )


def scoreable(number: str, lines: list[Line]) -> Iterator[bool]:
    """Whether the true path of each line is to be believed."""
    lost = False
    for line in lines:
        if line.path is None:
            lost = any(
                number == section and line.text.startswith(term) for section, term in NOT_SCOREABLE
            )
        elif line.text.startswith("(b)"):
            lost = False
        yield line.path is not None and not lost


def test_the_paragraphs_of_27_cfr_are_nested_as_gpo_nested_them() -> None:
    right = 0
    wrong: list[str] = []
    for path in FILES:
        for number, lines in sections(path):
            read = designators(line.text for line in lines)
            for line, (got, _), counts in zip(lines, read, scoreable(number, lines), strict=True):
                if counts and got == line.path:
                    right += 1
                elif counts:
                    wrong.append(f"{number}: {line.path} was read as {got}: {line.text[:60]}")

    total = right + len(wrong)
    assert total > 1_500
    assert right / total >= 0.995, "\n".join(wrong)


def test_paragraphs_without_a_number_are_read_as_such() -> None:
    read = 0
    wrong: list[str] = []
    for path in FILES:
        for number, lines in sections(path):
            for line, (got, _) in zip(lines, designators(line.text for line in lines), strict=True):
                if line.path is None and not line.text.startswith("("):
                    read += 1
                    if got:
                        wrong.append(f"{number}: {got}: {line.text[:60]}")
    assert read > 300
    assert wrong == []


def test_every_exclusion_stands_in_the_file() -> None:
    used = {
        (number, term)
        for path in FILES
        for number, lines in sections(path)
        for line in lines
        for section, term in NOT_SCOREABLE
        if number == section and line.text.startswith(term)
    }

    assert used == set(NOT_SCOREABLE)
    excluded = sum(
        line.path is not None and not counts
        for path in FILES
        for number, lines in sections(path)
        for line, counts in zip(lines, scoreable(number, lines), strict=True)
    )
    assert excluded == 20  # 2 + 3 + 2 + 9 of § 478.11, 2 + 2 of § 555.11
