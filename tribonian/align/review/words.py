"""Words of questions, answers and law, compared for the eye: what stands in both, what changed."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from tribonian.align.pairs.differences import DUTIES

_WORD = re.compile(r"\w+(?:[.,/’'\-]\w+)*")
_MODAL = re.compile(
    r"\b(?:"
    + "|".join(
        r"\s+".join(f"(?:{slot.replace('/', '|')})" for slot in phrase.split())
        for _, phrase in sorted(DUTIES, key=lambda each: -len(each[1].split()))
    ).replace("'", "['’]")
    + r")(?: to)?\b",
    re.IGNORECASE,
)
_PIECE = re.compile(r"\s+|\w+(?:[.,/’'\-]\w+)*|[^\w\s]")
_TOO_LONG = 25_000_000  # pairs of words to compare: a second or so
RUN = 3  # so many words in a row are no accident

Span = tuple[int, int, str]  # from, to, kind of mark
Segment = tuple[str, str]  # text, kind of mark or ""


def _words(text: str) -> list[tuple[str, int, int]]:
    found = []
    for match in _WORD.finditer(text):
        word = match.group().casefold().replace("’", "'")
        if word[0].isdigit():
            word = word.replace(",", "")
        found.append((word, match.start(), match.end()))
    return found


def _says_something(words: Sequence[str]) -> bool:
    return any(len(word) > 4 or word[0].isdigit() for word in words)


def shared_runs(source: str, answer: str) -> list[Span]:
    """Where the source has runs of words that the answer has too, in any order, and its numbers.

    A run of no more than `RUN` words is shown only in a line that has a longer one.
    """
    ours = [word for word, _, _ in _words(answer)]
    runs = {tuple(ours[n : n + RUN]) for n in range(len(ours) - RUN + 1)}
    words = _words(source)
    kept = [False] * len(words)
    for n in range(len(words) - RUN + 1):
        run = tuple(word for word, _, _ in words[n : n + RUN])
        if run in runs and _says_something(run):
            kept[n : n + RUN] = [True] * RUN
    numbers = {word for word in ours if word[0].isdigit()}
    found: list[tuple[int, int, bool]] = []  # from, to, whether it is long enough to tell alone
    for is_kept, group in groupby(zip(words, kept, strict=True), key=lambda each: each[1]):
        run_of = [word for word, _ in group]
        if is_kept:
            found.append((run_of[0][1], run_of[-1][2], len(run_of) > RUN))
        else:
            found += [(start, end, True) for word, start, end in run_of if word in numbers]
    telling = {source.count("\n", 0, start) for start, _, alone in found if alone}
    return [
        (start, end, "shared")
        for start, end, _ in found
        if source.count("\n", 0, start) in telling  # "a request for" alone is in every line
    ]


def where(text: str, words: str, kind: str) -> list[Span]:
    """Where some words stand in a text, whatever their case and the space between them."""
    parts = [re.escape(part) for part in words.split()]
    if not parts:
        return []
    pattern = re.compile(r"(?<!\w)" + r"\s+".join(parts) + r"(?!\w)", re.IGNORECASE)
    return [(match.start(), match.end(), kind) for match in pattern.finditer(text)]


def modals(text: str) -> list[Span]:
    """Where a text obliges, permits or forbids."""
    return [(match.start(), match.end(), "modal") for match in _MODAL.finditer(text)]


def painted(text: str, spans: Iterable[Span]) -> list[Segment]:
    """A text in segments, marked as the spans say; a later span lies over an earlier one."""
    kinds = [""] * len(text)
    for start, end, kind in spans:
        kinds[start:end] = [kind] * (end - start)
    return [
        ("".join(letter for letter, _ in group), kind)
        for kind, group in groupby(zip(text, kinds, strict=True), key=lambda each: each[1])
    ]


def differences(before: str, after: str) -> list[Segment]:
    """One text turned into another by words: segments that are "gone", "new", or "" in both."""
    old, new = _PIECE.findall(before), _PIECE.findall(after)
    if len(old) * len(new) > _TOO_LONG:
        return [(before, "gone"), (after, "new")]
    return list(_joined(_changes(old, new)))


def _changes(old: list[str], new: list[str]) -> Iterator[Segment]:
    for tag, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            yield "".join(old[a:b]), ""
        else:
            yield "".join(old[a:b]), "gone"
            yield "".join(new[c:d]), "new"


def _joined(segments: Iterable[Segment]) -> Iterator[Segment]:
    for kind, group in groupby((each for each in segments if each[0]), key=lambda each: each[1]):
        yield "".join(text for text, _ in group), kind
