"""A title's XML as the eCFR's API shows it: its structure, and units in the dialect of parts.

What is true of the real answers was read off saved ones: labels are set with " - ", those of a
chapter begin with a space, ampersands stay escaped, ranges have an en dash; the XML of a part
has one space after a section's number, hexadecimal character references, ``VOLUME`` on its root
only, and metadata that is escaped twice on parts and subparts.
"""

from __future__ import annotations

import copy
import html
import json
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from lxml import etree

KIND_OF_DIV = {
    "DIV1": "title",
    "DIV2": "subtitle",
    "DIV3": "chapter",
    "DIV4": "subchapter",
    "DIV5": "part",
    "DIV6": "subpart",
    "DIV7": "subject_group",
    "DIV8": "section",
    "DIV9": "appendix",
}
# The parameters of the API, from the largest unit to the smallest; a subject group has none.
HIERARCHY = ("subtitle", "chapter", "subchapter", "part", "subpart", "section", "appendix")
_CONTENT = ("section", "appendix")
_OUTWARD = frozenset(KIND_OF_DIV)
_SMALL_WORDS = frozenset(
    ("a", "an", "and", "as", "at", "by", "for", "from", "in", "into", "of", "on", "or", "the",
     "to", "under", "with")
)  # fmt: skip
_LEVEL = re.compile(
    r"\s*(?P<word>TITLE|SUBTITLE|CHAPTERS?|SUBCHAPTERS?|PARTS?|SUBPARTS?)\s+"
    r"(?P<number>\S+?(?:\s*-\s*\S+?)?)\s*(?:—|--|(?=\[)|$)\s*(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_SECTION = re.compile(
    r"\s*(?P<level>§§?\s*\S+(?:\s+-\s*\S+|\s+and\s+\S+)?)\s*(?P<rest>.*)", re.DOTALL
)


class Title:
    """One title as of one date: the bytes of its file, and an index of its units."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        parser = etree.XMLParser(huge_tree=True, resolve_entities=False)
        self.root = next(etree.fromstring(data, parser).iter("DIV1"))
        self.number = int(str(self.root.get("N")))
        self.units = [element for element in self.root.iter() if element.tag in _OUTWARD]
        self._structure: bytes | None = None

    def find(self, said: dict[str, str]) -> etree._Element | None:
        """The smallest unit that is named, if every number said leads to it; else None."""
        if not said:
            return self.root
        leaf = max(said, key=HIERARCHY.index)
        for element in self.units:
            if kind(element) == leaf and element.get("N") == said[leaf]:
                above = hierarchy(element)
                if all(above.get(name) == number for name, number in said.items()):
                    return element
        return None

    def structure(self) -> bytes:
        """The answer of the structure endpoint."""
        if self._structure is None:
            tree = _structure(self.root)
            self._structure = json.dumps(tree, ensure_ascii=False).encode()
        return self._structure

    def ancestry(self, element: etree._Element) -> list[dict[str, Any]]:
        """The units that lead to one, the title first, as the ancestry endpoint lists them."""
        out = []
        for unit in (*reversed(list(_above(element))), element):
            node = _structure(unit)
            node.pop("children", None)
            out.append(node)
        return out


@lru_cache(maxsize=16)
def title_of(path: Path) -> Title:
    """The title in a file, read once a process."""
    return Title(path.read_bytes())


def kind(element: etree._Element) -> str:
    """``part`` for DIV5, and so on."""
    return KIND_OF_DIV[str(element.tag)]


def hierarchy(element: etree._Element) -> dict[str, str]:
    """The numbers that lead to a unit, its own included, without the title's."""
    out = {kind(unit): str(unit.get("N")) for unit in (element, *_above(element))}
    out.pop("title", None)
    return out


def _above(element: etree._Element) -> Iterator[etree._Element]:
    """The units around one, the nearest first."""
    return (parent for parent in element.iterancestors() if parent.tag in _OUTWARD)


def citation(element: etree._Element, title: int) -> str:
    """``21 CFR Part 11 Subpart A``, ``21 CFR 11.1``."""
    number, above = str(element.get("N")), hierarchy(element)
    match kind(element):
        case "part":
            return f"{title} CFR Part {number}"
        case "subpart":
            return f"{title} CFR Part {above.get('part', '')} Subpart {number}"
        case "section":
            return f"{title} CFR {number}"
    return f"{title} CFR {number}"


# --- structure ------------------------------------------------------------------------------


def heading(element: etree._Element) -> str:
    """The text of the first HEAD, its white space as it is."""
    head = element.find("HEAD")
    return "" if head is None else "".join(head.itertext())


def _label(element: etree._Element) -> tuple[str, str, str]:
    """label, label_level, label_description; not yet escaped."""
    text = " ".join(heading(element).split())
    what = kind(element)
    if what == "subject_group":
        return text, "", text
    if what == "section":
        found = _SECTION.match(text)
        level, rest = (found["level"], found["rest"]) if found else (element.get("N"), text)
        return f"{level} {rest}".strip(), str(level), rest
    if what == "appendix":
        level, dash, rest = text.partition("—")
        if not dash and text.endswith("[Reserved]"):
            level, rest = text[: -len("[Reserved]")].strip(), "[Reserved]"
            return f"{level} {rest}", level, rest
        return (f"{level} - {rest}" if rest else level), level, rest
    found = _LEVEL.match(text)
    if not found:
        return text, text, ""
    level = f"{found['word'].capitalize()} {found['number']}"
    if what == "chapter":
        level = f" {level}"  # so it stands in the real answers
    rest = _titled(found["rest"])
    joint = " " if rest.startswith("[") else " - "
    return (f"{level}{joint}{rest}" if rest else level), level, rest


def _titled(text: str) -> str:
    """CAPITALS As A Heading of the structure; what has small letters stays."""
    if text.upper() != text:
        return text
    words = [word.lower() if i and word.lower() in _SMALL_WORDS else _capital(word)
             for i, word in enumerate(text.split())]  # fmt: skip
    return " ".join(words)


def _capital(word: str) -> str:
    start = len(word) - len(word.lstrip("[(“"))
    return word[:start] + word[start:].capitalize()


def _structure(element: etree._Element) -> dict[str, Any]:
    what = kind(element)
    label, level, description = (html.escape(text, quote=False) for text in _label(element))
    node: dict[str, Any] = {
        "identifier": element.get("N"),
        "label": label,
        "label_level": level,
        "label_description": description,
        "reserved": "[reserved]" in label.lower(),
        "type": what,
    }
    if element.get("VOLUME"):
        node["volumes"] = [element.get("VOLUME")]
    children = [_structure(unit) for unit in _below(element)]
    if children:
        node["children"] = children
        reach = _reach(node)
        if reach:
            node["descendant_range"] = reach
    if what in _CONTENT:
        node["received_on"] = "2017-01-03T00:00:00-0500"
    node["size"] = sum(map(len, element.itertext()))
    return node


def _below(element: etree._Element) -> Iterator[etree._Element]:
    """The units directly in one; markup that is no unit may stand between."""
    for child in element:
        if child.tag in _OUTWARD:
            yield child


def _reach(node: dict[str, Any]) -> str:
    """``700 – 799`` for what holds parts, ``700.3 – 700.35`` for what holds sections."""
    wanted = "section" if node["type"] in ("part", "subpart", "subject_group") else "part"
    numbers = list(_numbers(node, wanted))
    if not numbers:
        return ""
    first, last = numbers[0].partition("-")[0], numbers[-1].rpartition("-")[2]
    return first if first == last else f"{first} – {last}"


def _numbers(node: dict[str, Any], wanted: str) -> Iterator[str]:
    for child in node.get("children", ()):
        if child["type"] == wanted:
            yield child["identifier"]
        else:
            yield from _numbers(child, wanted)


# --- the dialect of parts -------------------------------------------------------------------


def part_dialect(element: etree._Element, title: int) -> bytes:
    """A unit as the API gives it when it is asked for by part, subpart, section or appendix."""
    unit = copy.deepcopy(element)
    unit.tail = None
    originals = (one for one in element.iter() if one.tag in _OUTWARD)
    for one, original in zip((x for x in unit.iter() if x.tag in _OUTWARD), originals, strict=True):
        if one is not unit:
            one.attrib.pop("VOLUME", None)
        _say_metadata(one, original, title)
    for one in unit.iter("HEAD", "P", "FP", "PSPACE"):
        _respace(one)
    return _serialised(unit)


def section_in_part(element: etree._Element, title: int) -> bytes:
    """A section inside its part, with what is no section beside it, as the documents say."""
    keep = {element, *_above(element)}
    part = next(unit for unit in _above(element) if kind(unit) == "part")

    def pruned(unit: etree._Element) -> etree._Element:
        if unit is element:
            return copy.deepcopy(unit)
        out = etree.Element(unit.tag, dict(unit.attrib))
        out.text = unit.text
        for child in unit:
            if child.tag not in _OUTWARD:
                out.append(copy.deepcopy(child))
            elif child in keep:
                out.append(pruned(child))
        return out

    whole = pruned(part)
    for one in whole.iter():
        if one.tag in _OUTWARD:
            original = next(x for x in keep if (x.tag, x.get("N")) == (one.tag, one.get("N")))
            _say_metadata(one, original, title)
    for one in whole.iter("HEAD", "P", "FP", "PSPACE"):
        _respace(one)
    return _serialised(whole)


def _say_metadata(one: etree._Element, original: etree._Element, title: int) -> None:
    what, above = kind(original), hierarchy(original)
    number = str(original.get("N"))
    steps = {
        "part": f"part-{number}",
        "subpart": f"part-{above.get('part')}/subpart-{number}",
        "section": f"section-{number}",
        "appendix": f"appendix-{number}",
    }
    if what not in steps:
        return
    said = {
        "path": f"/on/_SUBSTITUTE_DATE_/title-{title}/{steps[what]}",
        "citation": citation(original, title),
    }
    text = json.dumps(said, separators=(",", ":"), ensure_ascii=False)
    # Written once more as HTML on parts and subparts: json.loads fails until it is unescaped.
    twice = what in ("part", "subpart")
    one.set("hierarchy_metadata", html.escape(text) if twice else text)


def _respace(one: etree._Element) -> None:
    if one.tag == "HEAD":
        if one.text:
            one.text = re.sub(r"(?<=\S) {2,}(?=\S)", " ", one.text)
    elif len(one):
        if one[-1].tail:
            one[-1].tail = one[-1].tail.rstrip()
    elif one.text:
        one.text = one.text.rstrip()


def _serialised(unit: etree._Element) -> bytes:
    text = etree.tostring(unit, encoding="unicode")
    ascii_only = re.sub(r"[^\x00-\x7f]", lambda found: f"&#x{ord(found[0]):X};", text)
    return f'<?xml version="1.0"?>\n{ascii_only}\n'.encode("ascii")
