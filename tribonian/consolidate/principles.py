"""Section trees of several documents into one upload tree.

Containers that are the same unit of law become one; sections stand in them in the order of
the law; what is deeper than the tree may be moves into labels; no node is empty.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from tribonian.consolidate.chunk import BETWEEN, Budget, Piece, surely_fits
from tribonian.consolidate.digest import Container, Digest, Unit
from tribonian.consolidate.duplicates import Copy, Verdicts, goodness, judge
from tribonian.consolidate.identity import law_order, path_id, words_id, work_id
from tribonian.consolidate.labels import piece_labels, unique
from tribonian.consolidate.merging import Merge, Merged, Row, unit_words
from tribonian.consolidate.rendering import Line
from tribonian.consolidate.summary import Contents, Name, describe
from tribonian.consolidate.tokens import Tokenizer
from tribonian.schemas.finding import Finding
from tribonian.schemas.tree import CONTAINERS_IN_ORDER
from tribonian.schemas.words import count_words

# The largest unit first; a heading that stands in the place of a section comes before those.
_RANK = {kind: n for n, kind in enumerate((*CONTAINERS_IN_ORDER, "heading", "section", "appendix"))}


@dataclass(frozen=True, slots=True)
class Source:
    """Where a principle comes from: ``start`` and ``end`` are characters of the unit's text."""

    digest: Digest
    locator: str
    start: int
    end: int


@dataclass(slots=True)
class Principle:
    """A node of the output while it is put together.

    ``words`` counts the words that stand here from each source, the rest is added;
    ``printed`` are all words of the content, -1 where they are not yet counted.
    """

    label: str
    content: str
    id: str
    citation: str | None
    sources: list[Source]
    words: list[tuple[Digest, int]]
    tokens: int = 0
    printed: int = -1
    children: list[Principle] = field(default_factory=list)

    def walk(self) -> Iterator[Principle]:
        """This principle and all below it, in order."""
        stack = [self]
        while stack:
            principle = stack.pop()
            yield principle
            stack += reversed(principle.children)


@dataclass(slots=True)
class Consolidated:
    """The result: the root, the ledger and the findings."""

    root: Principle
    rows: list[Row]
    findings: list[Finding]
    sections: int
    split_sections: int


def consolidate(
    digests: list[Digest],
    budget: Budget,
    tokenizer: Tokenizer,
    max_depth: int,
    title: str | None = None,
    date: str | None = None,
) -> Consolidated | None:
    """One tree from many documents; None where nothing at all is left.

    Of several versions the one in force at ``date`` is kept, the latest where it is None.
    """
    digests = sorted(digests, key=_document_order)
    return _Consolidation(judge(digests, date), budget, tokenizer, max_depth).run(digests, title)


def _document_order(digest: Digest) -> tuple[object, ...]:
    first = digest.top[0] if digest.top else None
    document = digest.document
    name = document.order or document.source
    if first is None:
        return (99, (), name)
    return (
        _RANK.get(first.kind, 20),
        law_order(first.citation, first.label if first.citation else name),
        -goodness(digest.document.format),
        name,
        digest.document.sha256,
    )


class _Consolidation:
    def __init__(
        self, verdicts: Verdicts, budget: Budget, tokenizer: Tokenizer, max_depth: int
    ) -> None:
        self.verdicts = verdicts
        self.budget = budget
        self.tokenizer = tokenizer
        self.deepest = max_depth - 1
        self.rows: list[Row] = []
        self.findings: list[Finding] = []
        self.taken: dict[str, int] = {}
        self.ids: dict[int, str] = {}  # of the principle that a unit or a container became

    def run(self, digests: list[Digest], title: str | None) -> Consolidated | None:
        merge = Merge(self.verdicts)
        top = merge.run(digests)
        self.rows = merge.rows
        if not top:
            return None
        root = self._root(top, title)
        self._conflicts()
        for row in self.rows:
            if row.keeper is not None:
                row.kept = self.ids.get(id(row.keeper))
                if row.kept is None:  # a container that was folded away, with nothing in it
                    row.reason = "empty"
        return Consolidated(root, self.rows, self.findings, merge.sections, merge.split_sections)

    def _take_id(self, citation: str | None, words: str, path: str = "") -> str:
        taken = (work_id(citation) if citation else words_id(words)) + path_id(path)
        self.taken[taken] = number = self.taken.get(taken, 0) + 1
        return taken if number == 1 else f"{taken}~{number}"

    # -- the tree --------------------------------------------------------------------

    def _root(self, top: list[Merged | Copy], title: str | None) -> Principle:
        if len(top) == 1 and isinstance(top[0], Merged):
            root = self._container(top[0], 0)
            if title and title != root.label:
                self._rename(root, title, top[0])
            return root
        contents = _contents(top)
        label = title or contents.name
        root = Principle(label, "", "/", None, [], [])
        self._fill(root, top, 0)
        root.content = describe(label, contents, self._fits)
        return root

    def _rename(self, root: Principle, title: str, merged: Merged) -> None:
        """Give the root the user's name; its own goes into the content."""
        name = root.label
        root.label = title
        for content in (f"{name}{BETWEEN}{root.content}", name):
            if self._fits(content):
                root.content = content
                return
        container = merged.container
        root.words = root.words[1:]
        self.rows.append(
            Row(merged.digest, name, "skipped", container.locator, container.label_words, merged)
        )

    def _fits(self, text: str) -> bool:
        return (
            surely_fits(text, self.budget.max_tokens)
            or self.tokenizer.count(text) <= self.budget.max_tokens
        )

    def _container(self, merged: Merged, level: int) -> Principle:
        container = merged.container
        principle = Principle(
            container.label or "Text",
            "",
            self._take_id(container.citation, container.label),
            container.citation,
            [Source(merged.digest, container.locator, 0, 0)],
            [(merged.digest, container.label_words)],
        )
        self.ids[id(merged)] = principle.id
        if merged.contents is None:
            merged.contents = _contents(merged.children)
        summary = describe(container.label, merged.contents, self._fits)
        parts = [summary]
        for line, digest in merged.authority:
            if self._fits(BETWEEN.join([*parts, line.text])):
                parts.append(line.text)
                principle.words.append((digest, count_words(line.text) - line.added))
            else:
                self._leave_out_line(line, "authority", digest)
        loose = merged.loose
        if len(loose) == 1 and len(loose[0].unit.pieces) == 1:
            text = loose[0].unit.pieces[0].content
            if self._fits(BETWEEN.join([*parts, text])):
                parts.append(text)
                principle.words.append((loose[0].digest, unit_words(loose[0].unit)))
                self.ids[id(loose[0].unit)] = principle.id
                loose = []
        principle.content = BETWEEN.join(parts)
        for copy in loose:
            principle.children += self._loose(copy, container)
        self._fill(principle, merged.children, level)
        return principle

    def _loose(self, copy: Copy, container: Container, suffix: str = "") -> list[Principle]:
        """Text of a container that is too large for its own content: principles below it."""
        unit = copy.unit
        named = Unit("heading", "", container.label, None, unit.locator, unit.pieces, 0)
        name = f"{container.label} (text){suffix}"
        return self._pieces(named, copy.digest, name, container.citation, unit)

    def _fill(self, principle: Principle, children: list[Merged | Copy], level: int) -> None:
        for child in children:
            if isinstance(child, Copy):
                principle.children += self._unit(child)
            elif level + 1 < self.deepest or (level + 1 == self.deepest and _flat(child)):
                principle.children.append(self._container(child, level + 1))
            else:
                principle.children += self._folded(child, ())
        for n, label in unique([each.label for each in principle.children]):
            renamed = principle.children[n]
            self.findings.append(
                Finding(
                    "name-taken",
                    f"{renamed.label} stood twice under {principle.label}; the "
                    f"second is now {label}.",
                    document=renamed.sources[0].digest.document.source,
                    locator=renamed.sources[0].locator,
                    principles=(renamed.id,),
                )
            )
            renamed.label = label

    def _folded(self, merged: Merged, above: tuple[str, ...]) -> list[Principle]:
        """The units of a container that is too deep for a node of its own: it names them."""
        container = merged.container
        names = (*above, container.label)
        suffix = f" [{'; '.join(filter(None, names))}]" if any(names) else ""
        out: list[Principle] = []
        for copy in merged.loose:
            out += self._loose(copy, container, f" [{'; '.join(above)}]" if above else "")
        for child in merged.children:
            if isinstance(child, Copy):
                out += self._unit(child, suffix)
            else:
                out += self._folded(child, names)
        if out:
            self.ids[id(merged)] = out[0].id
        if out and container.label_words:
            out[0].words.append((merged.digest, container.label_words))
        elif container.label_words:
            self.rows.append(
                Row(
                    merged.digest,
                    container.label,
                    "empty",
                    container.locator,
                    container.label_words,
                )
            )
        for line, digest in merged.authority:
            self._leave_out_line(line, "authority", digest)
        return out

    def _leave_out_line(self, line: Line, reason: str, digest: Digest) -> None:
        words = count_words(line.text) - line.added
        self.rows.append(Row(digest, line.text, reason, line.locator, words))

    def _unit(self, copy: Copy, suffix: str = "") -> list[Principle]:
        unit = copy.unit
        return self._pieces(unit, copy.digest, f"{unit.label}{suffix}", unit.citation, unit)

    def _pieces(
        self, unit: Unit, digest: Digest, name: str, citation: str | None, origin: Unit
    ) -> list[Principle]:
        out: list[Principle] = []
        for n, (piece, label) in enumerate(zip(unit.pieces, piece_labels(unit, name), strict=True)):
            loose = origin.kind == "loose"
            path = piece.first if n or loose else ""
            seed = f"{unit.label}\n{piece.content}"
            taken = self._take_id(unit.citation if not loose else None, seed, path)
            content = piece.content.strip() or self._heading_only(unit)
            printed = count_words(piece.content)
            words = printed - piece.added
            if n == 0:
                words += unit.label_words
                self.ids[id(origin)] = taken
            cited = (
                citation + piece.first if n and citation and piece.first[:1] == "(" else citation
            )
            sources = [Source(digest, piece.locator or unit.locator, piece.start, piece.end)]
            for copy in self.verdicts.copies.get(id(origin), ()):
                sources.append(Source(copy.digest, *_same_piece(copy.unit, n, piece)))
            out.append(
                Principle(
                    label,
                    content,
                    taken,
                    cited,
                    sources,
                    [(digest, words)],
                    piece.tokens,
                    printed if piece.content else -1,
                )
            )
        return out

    def _heading_only(self, unit: Unit) -> str:
        """The content of a section that has a heading and nothing else: no node is empty."""
        text = f"{unit.label}."
        return text if self._fits(text) else f"{unit.designator} has a heading and no text.".strip()

    # -- conflicts -------------------------------------------------------------------

    def _conflicts(self) -> None:
        for one, other in self.verdicts.conflicts:
            ids = [self.ids.get(id(copy.unit)) for copy in (one, other)]
            if None in ids:
                continue
            self.findings.append(
                Finding(
                    "conflict",
                    f"{one.unit.citation} has two texts that differ, in "
                    f"{one.digest.document.source} and {other.digest.document.source}; both "
                    "were kept.",
                    other.digest.document.source,
                    other.unit.locator,
                    principles=(str(ids[0]), str(ids[1])),
                    differs=_differences(one.unit, other.unit),
                )
            )


def _same_piece(unit: Unit, n: int, piece: Piece) -> tuple[str, int, int]:
    """Where the n-th piece stands in a copy: at the same place, the texts being equal."""
    other = unit.pieces[n] if n < len(unit.pieces) else piece
    return other.locator or unit.locator, other.start, other.end


def _texts(unit: Unit, one: Unit, other: Unit) -> list[str]:
    """What two units are compared by: the label too, where that differs."""
    label = [] if one.label == other.label else [unit.label]
    return [*label, *(piece.content for piece in unit.pieces)]


_EDGES = ".,;:()[]“”\"‘’'"


def _differences(one: Unit, other: Unit) -> tuple[tuple[str, str], ...]:
    """The words in which two texts differ, at most twelve pairs."""
    import difflib

    left, right = (
        [word.strip(_EDGES) for text in _texts(unit, one, other) for word in text.split()]
        for unit in (one, other)
    )
    if len(left) + len(right) > 20_000:
        return ()
    matcher = difflib.SequenceMatcher(None, left, right, autojunk=False)
    return tuple(
        (" ".join(left[a:b]), " ".join(right[c:d]))
        for tag, a, b, c, d in matcher.get_opcodes()
        if tag != "equal"
    )[:12]


def _flat(merged: Merged) -> bool:
    """Whether a container has nothing below it: it may stand at the last level."""
    return not merged.children and not merged.loose


def _contents(children: list[Merged | Copy]) -> Contents:
    """What some containers and units hold, for the sentence that says so."""
    names: list[Name] = []
    sections: list[tuple[str, str]] = []
    appendices = others = 0
    for child in children:
        if isinstance(child, Copy):
            unit = child.unit
            if unit.kind == "section":
                sections.append((unit.designator, unit.citation or ""))
            elif unit.kind == "appendix":
                appendices += 1
            else:
                others += 1
            names.append((unit.kind, unit.label, "", unit.citation))
        else:
            if child.contents is None:
                child.contents = _contents(child.children)
            inner = child.contents
            sections += inner.sections
            appendices += inner.appendices
            others += inner.others
            names.append(
                (child.container.kind, child.container.label, inner.span, child.container.citation)
            )
    return Contents(names, sections, appendices, others)
