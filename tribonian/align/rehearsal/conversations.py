"""Questions and answers made of the principles alone: every answer stands in its principle.

They show what a pair looks like and let the whole course be tried. They teach a model nothing
that the text does not say, and are no substitute for what the service makes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tribonian.align.rehearsal.documents import Section
from tribonian.consolidate.sentences import split_sentences

MOST = 3  # pairs of one principle
SHORTEST = 60  # characters of the first answer, where the principle has more
LONGEST = 1_200  # characters of an answer, more where a single sentence has more

_NUMBER = re.compile(
    r"^(?P<number>§§?\s*\S+|(?:Article|Section|Rule|Regulation|Clause|Paragraph|Appendix|Annex|"
    r"Schedule|Part|Chapter)\s+[\w.\-–]+)(?:[.:—–-]+|\s+|$)(?P<rest>.*)$",
    re.DOTALL,
)
_IN_BRACKETS = re.compile(r"\s*\[[^\]]*\](?=\s*\(|$)")
_OF_PIECES = re.compile(r"^(?P<unit>[^()]+)(?P<first>(?:\([^)]*\))+)[-–—](?:\([^)]*\))+$")
_DESIGNATOR = re.compile(r"^(\((?:[a-z]{1,2}|\d{1,3}|[A-Z])(?:-\d+)?\)|\d{1,3}\.)(?:\s+|(?=\())")
_RUN_IN = re.compile(r"^(?P<head>[A-Z][\w’'(),/\- ]{2,58}[\w)])(?:\.(?:—|\s+)(?=[A-Z(“])|—(?=\())")
_DEFINITION = re.compile(
    r"^(?:\([^)]{1,6}\)\s+)?[“\"]?(?P<term>[A-Z][\w’'(),/\- ]{1,60}?)[”\"]?,?\s+"
    r"(?:means|has the meaning|includes|refers to)\b"
)
_TABLE = re.compile(r"^\s*\|", re.MULTILINE)
_OBLIGES = re.compile(r"\b(?:must|shall|required|requires)\b", re.IGNORECASE)
_FORBIDS = re.compile(r"\b(?:must|shall|may) not\b|\bprohibited\b", re.IGNORECASE)
_PERMITS = re.compile(r"\bmay\b(?! not)", re.IGNORECASE)
_BUT = re.compile(r"\b(?:no|nor|neither|only|unless)\b", re.IGNORECASE)  # “No person may …”


@dataclass(frozen=True, slots=True)
class Conversation:
    """A question and its answer, with the principle that it was made of."""

    question: str
    answer: str
    section: Section


@dataclass(frozen=True, slots=True)
class _Passage:
    """Paragraphs that belong together: their designator, their heading or term, their text."""

    designator: str
    topic: str
    term: str
    text: str


def conversations(sections: Iterable[Section]) -> Iterator[Conversation]:
    """One to three conversations a principle, in order; no question comes twice."""
    asked: set[str] = set()
    for section in sections:
        made = 0
        for question, answer in _about(section):
            if made == MOST:
                break
            for worded in (question, _placed(question, section)):
                if worded not in asked:
                    asked.add(worded)
                    made += 1
                    yield Conversation(worded, answer, section)
                    break


def _placed(question: str, section: Section) -> str:
    """The question with the place of its principle, where the same question was asked before."""
    if not section.trail:
        return question
    return f"{question.removesuffix('?')}, in {section.trail[-1]}?"


def _about(section: Section) -> Iterator[tuple[str, str]]:
    label = _IN_BRACKETS.sub("", section.label).strip() or section.label
    number = _NUMBER.match(label)
    short = number["number"].rstrip(".,:;—–-") if number else f"“{label}”"
    passages = _passages(section.content)
    first, rest = _first(passages)
    yield _opening(label, first), first
    for passage in _chosen(rest):
        place = _place(short, passage.designator) if number else short
        answer = _bounded(passage.text)
        if passage.term:
            yield f"What does {short} say about “{passage.term}”?", answer
        elif passage.topic:
            yield f"What does {place} say about {_lowered(passage.topic)}?", answer
        elif passage.designator:
            yield f"What does {place} {_verb(answer)}?", answer


def _first(passages: list[_Passage]) -> tuple[str, list[_Passage]]:
    """What opens a principle, and what is after it: “As used in this part:” is no answer alone."""
    text = passages[0].text
    used = 1
    while used < len(passages) and (len(text) < SHORTEST or text.endswith((":", "—"))):
        text = f"{text}\n\n{passages[used].text}"
        used += 1
    return _bounded(text), passages[used:]


def _place(short: str, designator: str) -> str:
    """§ 1.2(b); of a piece that is called § 1.2(b)–(d), § 1.2(c) as well."""
    piece = _OF_PIECES.match(short)
    if piece is None:
        return f"{short}{designator}"
    if piece["first"].count("(") == 1:
        return f"{piece['unit']}{designator}"
    return f"paragraph {designator} of {short}" if designator else short


def _opening(label: str, content: str) -> str:
    return f"What does {label.rstrip('.?')} {_verb(content)}?"


def _verb(text: str) -> str:
    if _FORBIDS.search(text) and not _OBLIGES.search(_FORBIDS.sub("", text)):
        return "say" if _BUT.search(text) else "forbid"
    if _OBLIGES.search(text):
        return "require"
    if _PERMITS.search(text) and not _BUT.search(text):
        return "allow"
    return "say"


def _lowered(topic: str) -> str:
    """A heading within a sentence: “Mean results” -> “mean results”, but “FDA action” stays."""
    return topic[0].lower() + topic[1:] if topic[1:2].islower() else topic


def _chosen(passages: list[_Passage]) -> list[_Passage]:
    """The passages to be asked about: the first and the last of those that have a name."""
    named = [
        each
        for each in passages
        if (each.term or each.topic or each.designator) and not _TABLE.search(each.text)
    ]
    return named if len(named) < MOST else [named[0], named[-1]]


def _passages(content: str) -> list[_Passage]:
    """The content in passages: paragraphs of the first list there is, with all below them."""
    passages: list[list[str]] = []
    kind, last = "", ""
    paragraphs = content.split("\n\n")
    defining = [each for each in paragraphs if _defines(each)]
    if len(defining) > 1:  # a section of definitions: what is numbered is within one of them
        kind = "definition"
    for paragraph in paragraphs:
        found = _DESIGNATOR.match(paragraph)
        mark = found[1] if found else ""
        if mark and not kind:
            kind = _kind(mark)
        opens = bool(mark) and _kind(mark) == kind and _goes_on(last, mark)
        if opens:
            last = mark
        if opens or (kind in ("", "definition") and _defines(paragraph)) or not passages:
            passages.append([paragraph])
        else:
            passages[-1].append(paragraph)
    return [_passage("\n\n".join(each)) for each in passages]


def _defines(paragraph: str) -> bool:
    return _DESIGNATOR.match(paragraph) is None and _DEFINITION.match(paragraph) is not None


def _kind(mark: str) -> str:
    inner = mark.strip("().")
    bracket = "(" if mark.startswith("(") else "."
    return bracket + ("1" if inner[0].isdigit() else "a" if inner[0].islower() else "A")


def _goes_on(last: str, mark: str) -> bool:
    """Does a mark go on with the list? (ii) after (a) is of a list below; (i) after (h) is not."""
    before, here = last.strip("()."), mark.strip("().")
    if here[0].isdigit():
        start = int(before.split("-")[0]) if before else 0
        return start < int(here.split("-")[0]) <= start + 5
    before, here = before.split("-")[0], here.split("-")[0]
    if len(here) != 1:
        return False
    if not before:  # a piece can begin in the middle of a list
        return True
    steps = ord(here) - ord(before)
    return steps in (0, 1) or (steps in (2, 3) and here not in "ivxIVX")


def _passage(text: str) -> _Passage:
    defined = _DEFINITION.match(text)
    found = _DESIGNATOR.match(text)
    mark = found[1] if found else ""
    head = _RUN_IN.match(text[found.end() :] if found else text) if mark else None
    return _Passage(
        mark if mark.startswith("(") else "",
        head["head"] if head else "",
        defined["term"] if defined else "",
        text,
    )


def _bounded(text: str) -> str:
    """Whole paragraphs as far as there is room; of a first that is too long, whole sentences."""
    kept = ""
    for paragraph in text.split("\n\n"):
        more = f"{kept}\n\n{paragraph}" if kept else paragraph
        if len(more) > LONGEST:
            return kept or _cut(paragraph)
        kept = more
    return kept


def _cut(paragraph: str) -> str:
    lines = paragraph.splitlines(keepends=True)
    parts = lines if len(lines) > 1 else split_sentences(paragraph)
    kept = parts[0]
    for part in parts[1:]:
        if len(kept) + len(part) > LONGEST:
            break
        kept += part
    return kept.strip()
