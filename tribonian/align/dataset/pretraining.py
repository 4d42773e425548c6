"""The consolidated text itself as rows of ``{"text"}``, for additional pre-training.

The service's guide advises it for principles that are large. A model reads the law in its order:
a row begins with the headings above its first principle, and holds as many whole principles as
fit. What we wrote ourselves, the summaries of containers, is left out; the text of a part or
chapter that stands behind such a summary is not.
"""

from __future__ import annotations

import errno
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import orjson

from tribonian.align.built import BuiltPrinciple, built_principles
from tribonian.align.dataset.runs_on_record import tokenizer_of
from tribonian.consolidate.identity import law_order
from tribonian.consolidate.sentences import split_clauses, split_sentences, split_words
from tribonian.consolidate.tokens import Tokenizer
from tribonian.errors import TribonianError, UsageError
from tribonian.ingest.sources.writing import written_aside
from tribonian.schemas.training import TokenCounts

MAX_TOKENS = 2048
BETWEEN = "\n\n"
_SMALLEST = 64
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EIO)  # no fault of the name


@dataclass(frozen=True, slots=True)
class PretrainWritten:
    """``rows`` hold ``principles``; ``divided`` of these were larger than a row."""

    file: Path
    rows: int
    principles: int
    divided: int
    tokens: TokenCounts

    def line(self) -> str:
        """What the command says at its end."""
        divided = f", {self.divided:,} of them divided" if self.divided else ""
        return (
            f"{self.file}: {self.rows:,} rows from {self.principles:,} principles{divided}; "
            f"{self.tokens.line()}"
        )


@dataclass(frozen=True, slots=True)
class _Passage:
    """Text that stays together: below the labels of ``trail``; ``tokens`` without those."""

    trail: tuple[str, ...]
    text: str
    tokens: int


def pretrain(
    builds: Sequence[Path],
    output: Path,
    *,
    max_tokens: int = MAX_TOKENS,
    tokenizer: str | None = None,
) -> PretrainWritten:
    """Write the text of some builds as rows of at most ``max_tokens``, in the order of the law.

    A law that stands in several builds alike is written once. Raises UsageError for what cannot
    be carried out; nothing is written then.
    """
    if output.suffix != ".jsonl":
        raise UsageError(f"-o {output} must end in .jsonl.")
    if max_tokens < _SMALLEST:
        raise UsageError(f"--max-tokens must be {_SMALLEST} or more.")
    if not builds:
        raise UsageError("Name a build folder.")
    counter = Tokenizer(tokenizer_of(builds, tokenizer), threads=0)
    principles = _principles(builds)
    packing = _Packing(counter, max_tokens)
    sizes: list[int] = []
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        with written_aside(output) as aside, aside.open("wb") as file:
            for text, size in packing.rows(principles):
                sizes.append(size)
                file.write(orjson.dumps({"text": text}) + b"\n")
    except OSError as error:
        if error.errno in _FULL:
            raise TribonianError(f"{output} could not be written ({error.strerror}).") from None
        raise UsageError(
            f"-o {output} cannot be written ({error.strerror}); name another place."
        ) from None
    return PretrainWritten(
        output, len(sizes), packing.principles, packing.divided, TokenCounts.of(sizes)
    )


def _principles(builds: Iterable[Path]) -> Iterator[BuiltPrinciple]:
    """The principles of the builds, in the order of their law, each once."""
    lists = [built_principles(folder) for folder in dict.fromkeys(b.resolve() for b in builds)]
    lists.sort(key=lambda each: (_first(each), [(p.id, p.sha256) for p in each]))
    seen: set[tuple[str, str]] = set()
    for principles in lists:
        for each in principles:
            key = (each.id, each.sha256)
            if key not in seen:
                seen.add(key)
                yield each


def _first(principles: Sequence[BuiltPrinciple]) -> tuple[object, ...]:
    first = next((each for each in principles if each.leaf), principles[0])
    return law_order(first.citation, first.label)


def own_text(principle: BuiltPrinciple) -> str:
    """The law's own text: all of a leaf with its label, of a container what is no summary.

    The summary is the first paragraph; a root with a name that the user gave has its own before.
    """
    if principle.leaf:
        return f"{principle.label}{BETWEEN}{principle.content}"
    parts = principle.content.split(BETWEEN)
    named = not principle.path and len(parts) > 1 and parts[1].startswith(parts[0])
    return BETWEEN.join(parts[2 if named else 1 :])


class _Packing:
    def __init__(self, counter: Tokenizer, max_tokens: int) -> None:
        self.counter = counter
        self.max_tokens = max_tokens
        self.principles = 0
        self.divided = 0

    def rows(self, principles: Iterable[BuiltPrinciple]) -> Iterator[tuple[str, int]]:
        """The rows and their tokens."""
        held: list[_Passage] = []
        size = 0
        for passage in self._passages(principles):
            above = held[-1].trail if held else ()
            new = self._headings(passage, above)
            if held and size + new + passage.tokens > self.max_tokens:
                yield from self._settled(held)
                held, size = [], 0
                new = self._headings(passage, ())
            held.append(passage)
            size += new + passage.tokens + 1
        yield from self._settled(held)

    def _headings(self, passage: _Passage, above: tuple[str, ...]) -> int:
        return sum(self.counter.count_all([f"{each}{BETWEEN}" for each in _new(passage, above)]))

    def _settled(self, held: Sequence[_Passage]) -> Iterator[tuple[str, int]]:
        """Passages as one row; where the sum of their tokens was too small a guess, as two."""
        if not held:
            return
        text = _text(held)
        size = self.counter.count(text)
        if size <= self.max_tokens or (len(held) == 1 and not held[0].trail):
            yield text, size
        elif len(held) == 1:
            only = held[0]
            yield from self._settled([_Passage(only.trail[1:], only.text, only.tokens)])
        else:
            middle = len(held) // 2
            yield from self._settled(held[:middle])
            yield from self._settled(held[middle:])

    def _passages(self, principles: Iterable[BuiltPrinciple]) -> Iterator[_Passage]:
        for each in principles:
            text = own_text(each)
            self.principles += each.leaf
            if not text.strip():
                continue
            trail = each.trail if each.leaf else (*each.trail, each.label)
            trail = self._short(trail)
            tokens = self.counter.count(text)
            room = self.max_tokens - self._headings(_Passage(trail, "", 0), ()) - 2
            if tokens <= room:
                yield _Passage(trail, text, tokens)
                continue
            self.divided += 1
            for piece in self._divide(text, room):
                yield _Passage(trail, piece, self.counter.count(piece))

    def _short(self, trail: tuple[str, ...]) -> tuple[str, ...]:
        """The headings nearest to the text, of at most a quarter of a row."""
        while trail and self._headings(_Passage(trail, "", 0), ()) > self.max_tokens // 4:
            trail = trail[1:]
        return trail

    def _divide(self, text: str, room: int) -> Iterator[str]:
        """A text in pieces of whole paragraphs, lines, sentences, clauses, at last words."""
        held = ""
        for part in _parts(text, room, self.counter, 0):
            if held and self.counter.count(held + part) > room:
                yield held.strip()
                held = ""
            held += part
        if held.strip():
            yield held.strip()


_WAYS = (
    lambda text: text.splitlines(keepends=True),
    split_sentences,
    split_clauses,
    split_words,
    list,
)


def _parts(text: str, room: int, counter: Tokenizer, way: int) -> Iterator[str]:
    """The smallest parts that a text must be divided into; joined, they are the text."""
    if way == len(_WAYS) or counter.count(text) <= room:
        yield text
        return
    for part in _WAYS[way](text):
        yield from _parts(part, room, counter, way + 1)


def _new(passage: _Passage, above: tuple[str, ...]) -> tuple[str, ...]:
    """The headings of a passage that do not stand above it yet."""
    shared = 0
    for one, other in zip(passage.trail, above, strict=False):
        if one != other:
            break
        shared += 1
    return passage.trail[shared:]


def _text(held: Sequence[_Passage]) -> str:
    parts: list[str] = []
    above: tuple[str, ...] = ()
    for passage in held:
        parts += [*_new(passage, above), passage.text]
        above = passage.trail
    return BETWEEN.join(parts)
