"""Split a unit's lines into pieces within the budget, and join what is too small.

A split falls between designators first, then between sentences, clauses and at last words;
never inside a table row and never between a number and its text. A piece that continues
another repeats the lead-in it depends on.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

from tribonian.consolidate.rendering import Line
from tribonian.consolidate.sentences import split_clauses, split_sentences, split_words
from tribonian.consolidate.tokens import Tokenizer
from tribonian.schemas.words import count_words

BETWEEN = "\n\n"
MAX_CONTEXT = 320  # characters of lead-in that a later piece repeats
MIN_CONTEXT = 60  # less of a line says nothing
MOSTLY_MORE = 5  # characters of a token in law: a longer unit is counted by its lines first


@dataclass(frozen=True, slots=True)
class Budget:
    """How large a principle may be, in tokens of its content."""

    max_tokens: int = 1024
    min_tokens: int = 32

    @property
    def for_context(self) -> int:
        """Tokens set aside for the lead-in that a later piece repeats."""
        return min(96, self.max_tokens // 8)


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a unit: its text, where in the unit's text it stands, what it covers.

    ``first``..``last`` are the paths of its first and last numbered paragraph, ``whole``
    says that it is all of the unit. ``added`` counts the words that are not the source's.
    ``repeated`` are the characters at the beginning of ``content`` that stand in an earlier
    piece too.
    """

    content: str
    start: int
    end: int
    first: str
    last: str
    heading: str
    locator: str
    added: int
    whole: bool
    continues: bool
    tokens: int
    oversized_row: bool = False
    repeated: int = 0


class _Atom(NamedTuple):
    """A line, or a part of one that was larger than the budget."""

    line: Line
    text: str
    start: int
    end: int
    added: int
    part: bool
    tokens: int
    oversized_row: bool = False


def split_units(
    units: Sequence[tuple[Sequence[Line], str]], budget: Budget, tokenizer: Tokenizer
) -> list[list[Piece]]:
    """The pieces of each unit, in order: together they are its lines, each once.

    A unit is its lines and their text joined. Many units are counted at once: a call of
    the tokenizer costs as much as a page of text. A piece that surely fits has 0 tokens:
    not yet counted.
    """
    limit = budget.max_tokens
    sizes = [0 if surely_fits(body, limit) else len(body) for _, body in units]
    # a short unit is counted whole, a long one by its lines, which it will be cut at
    whole = [n for n, size in enumerate(sizes) if 0 < size <= limit * MOSTLY_MORE]
    tokens = dict(zip(whole, tokenizer.count_all([units[n][1] for n in whole]), strict=True))
    by_lines = [n for n, size in enumerate(sizes) if size and tokens.get(n, limit + 1) > limit]
    counted = iter(tokenizer.count_all([line.text for n in by_lines for line in units[n][0]]))
    counts = {n: [next(counted) for _ in units[n][0]] for n in by_lines}
    drafts: dict[int, list[_Draft]] = {}
    for n in by_lines:
        total = tokens.get(n) or 0
        if not total and sum(counts[n]) <= limit:
            tokens[n] = total = tokenizer.count(units[n][1])
        if not 0 < total <= limit:
            drafts[n] = _draft(units[n][0], counts[n], budget, tokenizer)
    contents = [draft.content for unit in drafts.values() for draft in unit]
    sized = iter(tokenizer.count_all(contents))
    return [
        _settle([(draft, next(sized)) for draft in drafts[n]], budget, tokenizer)
        if n in drafts
        else [whole_unit(lines, body, tokens.get(n, 0))]
        for n, (lines, body) in enumerate(units)
    ]


def own_text(pieces: Sequence[Piece]) -> str:
    """The text of a unit without what its later pieces repeat, which is not the law's."""
    if len(pieces) == 1:
        return pieces[0].content
    out: list[str] = []
    for piece in pieces:
        text = piece.content[piece.repeated :]
        if piece.continues and (header := _HEADER.match(text)):
            text = text[header.end() :]
        out += ["\n" if piece.continues else BETWEEN, text]
    return "".join(out[1:])


_HEADER = re.compile(r"\|.*\n\|(?: --- \|)+(?:\n|$)")


def surely_fits(body: str, limit: int) -> bool:
    """Whether a text has so few bytes that it cannot have more tokens: none is empty."""
    size = len(body)
    return size <= limit and (size * 4 <= limit or len(body.encode("utf-8", "replace")) <= limit)


class _Draft(NamedTuple):
    """Atoms low..high as a piece, before it is known to fit; ``lead`` comes before ``text``."""

    atoms: Sequence[_Atom]
    low: int
    high: int
    text: str
    lead: str

    @property
    def content(self) -> str:
        return f"{self.lead}{BETWEEN}{self.text}" if self.lead else self.text


def _draft(
    lines: Sequence[Line], counts: Sequence[int], budget: Budget, tokenizer: Tokenizer
) -> list[_Draft]:
    room = budget.max_tokens - budget.for_context
    atoms = _atoms(lines, counts, room, tokenizer)
    sums = list(accumulate([atom.tokens for atom in atoms], initial=0))
    groups = _join_small(_pack(atoms, sums, 0, len(atoms), room), sums, budget, room)
    return [_piece(atoms, low, high) for low, high in groups]


def _piece(atoms: Sequence[_Atom], low: int, high: int) -> _Draft:
    return _Draft(atoms, low, high, _text(atoms[low:high]), _lead_in(atoms, low) if low else "")


def whole_unit(lines: Sequence[Line], body: str, tokens: int) -> Piece:
    """A unit that fits: one piece."""
    added = sum([line.added for line in lines])
    locator = lines[0].locator if lines else ""
    return Piece(body, 0, len(body), "", "", "", locator, added, True, False, tokens)


def _atoms(
    lines: Sequence[Line], counts: Sequence[int], room: int, tokenizer: Tokenizer
) -> list[_Atom]:
    atoms: list[_Atom] = []
    start = 0
    for line, tokens in zip(lines, counts, strict=True):
        end = start + len(line.text)
        if tokens <= room:
            atoms.append(_Atom(line, line.text, start, end, line.added, False, tokens + 1))
        elif line.table:
            atoms += _table_atoms(line, start, room, tokenizer)
        else:
            atoms += _text_atoms(line, start, room, tokenizer)
        start = end + len(BETWEEN)
    return atoms


def _text_atoms(line: Line, start: int, room: int, tokenizer: Tokenizer) -> list[_Atom]:
    """A paragraph above the budget, in runs of whole sentences as long as they fit."""
    atoms: list[_Atom] = []
    at = start
    for run in _runs(line.text, room, tokenizer):
        text = run.strip()
        left = at + len(run) - len(run.lstrip())
        added = line.added if at == start else 0
        atoms.append(
            _Atom(line, text, left, left + len(text), added, True, tokenizer.count(text) + 1)
        )
        at += len(run)
    # a word that had to be divided is still one word of the document
    extra = sum(count_words(atom.text) for atom in atoms) - count_words(line.text)
    if extra and atoms:
        atoms[0] = atoms[0]._replace(added=atoms[0].added + extra)
    return atoms


def _runs(text: str, room: int, tokenizer: Tokenizer) -> list[str]:
    """Divide a text: at sentences, a sentence that is too long at clauses, then at words."""
    for split in (split_sentences, split_clauses, split_words, list):
        parts = split(text)
        if len(parts) > 1:
            break
    runs: list[str] = []
    size = 0
    for part, tokens in zip(parts, tokenizer.count_all(parts), strict=True):
        if tokens > room:
            runs += _runs(part, room, tokenizer)
            size = room  # nothing joins what was divided
        elif runs and size + tokens <= room and tokenizer.count(runs[-1] + part) <= room:
            runs[-1] += part
            size += tokens
        else:
            runs.append(part)
            size = tokens
    return runs


def _table_atoms(line: Line, start: int, room: int, tokenizer: Tokenizer) -> list[_Atom]:
    """A table above the budget: whole rows, each part under the header again.

    A row that alone is larger than the budget is set as text, cell by cell, since the
    budget is a promise; that is reported.
    """
    rows = line.text.split("\n")
    caption: list[str] = []
    while rows and not rows[0].startswith("|"):
        caption.append(rows.pop(0))
    offset = start + sum(len(row) + 1 for row in caption)
    header, rows = rows[:2], rows[2:]
    head = "\n".join(header)
    offset += len(head) + 1
    head_words = count_words(head)
    head_tokens = tokenizer.count(head) + 1
    if head_tokens > room // 2:  # a header as large as a page serves nobody twice
        rows, offset = [*header, *rows], offset - len(head) - 1
        header, head, head_words, head_tokens = [], "", 0, 0
    atoms: list[_Atom] = []
    lead = "\n".join(caption).strip()
    fixed = tokenizer.count(lead) + 1 if lead else 0
    held: list[str] = []
    held_tokens = head_tokens + fixed
    held_from = offset
    printed = 0  # how often the header was set

    def flush(until: int) -> None:
        nonlocal held, held_tokens, held_from, printed, lead
        if held:
            text = "\n".join((*([lead, ""] if lead else []), *header, *held))
            added = head_words if printed else 0
            left = held_from if atoms else start
            atoms.append(_Atom(line, text, left, until, added, True, tokenizer.count(text) + 1))
            printed += bool(header)
            lead = ""
        held, held_tokens, held_from = [], head_tokens, until + 1

    def flush_lead() -> None:
        nonlocal lead, held_tokens
        atoms.extend(_text_atoms(line._replace(text=lead, added=0), start, room, tokenizer))
        lead, held_tokens = "", head_tokens

    if lead and (fixed + head_tokens > room or not rows):
        flush_lead()
    for n, (row, tokens) in enumerate(zip(rows, tokenizer.count_all(rows), strict=True)):
        until = offset + len(row)
        if n == 1 and not header:  # the rule below a header that was too large to repeat
            offset = until + 1
            continue
        if head_tokens + tokens + 1 > room:
            flush(held_from if not held else offset - 1)
            if lead:
                flush_lead()
            atoms += _row_atoms(line, row, offset, room, tokenizer)
            held_from = until + 1
        elif not held and lead and held_tokens + tokens + 1 > room:
            flush_lead()
            held, held_tokens, held_from = [row], head_tokens + tokens + 1, offset
        elif held and held_tokens + tokens + 1 > room:
            flush(offset - 1)
            held, held_tokens, held_from = [row], head_tokens + tokens + 1, offset
        else:
            held.append(row)
            held_tokens += tokens + 1
        offset = until + 1
    flush(offset - 1)
    if header and not printed:  # every row was set as text: the header's words stand nowhere
        atoms.insert(
            1 if atoms and caption else 0,
            _Atom(line, head, start, start, 0, True, head_tokens),
        )
    if not atoms:  # a table without a word in it
        atoms.append(_Atom(line, "| |", start, offset - 1, 0, True, 1))
    if line.added:  # what the reader repeated under spans, in the header or a row
        atoms[0] = atoms[0]._replace(added=atoms[0].added + line.added)
    return atoms


def _row_atoms(line: Line, row: str, start: int, room: int, tokenizer: Tokenizer) -> list[_Atom]:
    text = " — ".join(cell.strip() for cell in row.strip("|").split(" | ") if cell.strip())
    atoms = _text_atoms(line._replace(text=text, added=0), start, room, tokenizer)
    return [
        _Atom(a.line, a.text, start, start + len(row), a.added, True, a.tokens, True) for a in atoms
    ]


def _pack(
    atoms: Sequence[_Atom], sums: Sequence[int], low: int, high: int, room: int
) -> list[tuple[int, int]]:
    """Group atoms low..high: siblings together while they fit, a large one by its children.

    ``sums[n]`` are the tokens of the first n atoms.
    """
    if sums[high] - sums[low] <= room:
        return [(low, high)]
    top = min([atom.line.level for atom in atoms[low:high]])
    starts = [n for n in range(low, high) if n == low or atoms[n].line.level == top]
    groups: list[tuple[int, int]] = []
    begin = low
    for start, stop in zip(starts, [*starts[1:], high], strict=True):
        if sums[stop] - sums[begin] <= room:
            continue
        if begin < start:
            groups.append((begin, start))
        begin = start
        if sums[stop] - sums[start] <= room or stop - start == 1:
            continue
        inner = _pack(atoms, sums, start + 1, stop, room)
        if sums[inner[0][1]] - sums[start] <= room:
            inner[0] = (start, inner[0][1])
        else:
            inner.insert(0, (start, start + 1))
        groups += inner
        begin = stop
    if begin < high:
        groups.append((begin, high))
    return groups


def _join_small(
    groups: list[tuple[int, int]], sums: Sequence[int], budget: Budget, room: int
) -> list[tuple[int, int]]:
    """Join a piece below the minimum with the neighbour it belongs to, while both fit."""
    joined: list[tuple[int, int]] = []
    for low, high in groups:
        if joined:
            before = joined[-1]
            smaller = min(sums[before[1]] - sums[before[0]], sums[high] - sums[low])
            if smaller < budget.min_tokens and sums[high] - sums[before[0]] <= room:
                joined[-1] = (before[0], high)
                continue
        joined.append((low, high))
    return joined


def _settle(
    drafts: Sequence[tuple[_Draft, int]], budget: Budget, tokenizer: Tokenizer
) -> list[Piece]:
    """The pieces of one unit, each within the budget by the tokenizer's own count."""
    pieces: list[Piece] = []
    waiting = list(reversed(drafts))
    while waiting:
        draft, tokens = waiting.pop()
        atoms, low, high, _, lead = draft
        if tokens > budget.max_tokens and lead:
            draft = draft._replace(lead="")
            lead, tokens = "", tokenizer.count(draft.content)
        if tokens > budget.max_tokens and high - low > 1:
            # the sum of the parts was an estimate; cut once more
            middle = (low + high) // 2
            halves = (_piece(atoms, middle, high), _piece(atoms, low, middle))
            waiting += [(half, tokenizer.count(half.content)) for half in halves]
            continue
        first, last = atoms[low], atoms[high - 1]
        pieces.append(
            Piece(
                draft.content,
                first.start,
                last.end,
                first.line.path,
                _last_path(atoms, low, high),
                _heading_of(atoms, low),
                first.line.locator,
                sum([atom.added for atom in atoms[low:high]]) + count_words(lead),
                False,
                bool(low) and first.part and atoms[low - 1].line is first.line,
                tokens,
                any(atom.oversized_row for atom in atoms[low:high]),
                len(lead) + len(BETWEEN) if lead else 0,
            )
        )
    return pieces


def _text(atoms: Sequence[_Atom]) -> str:
    """The atoms as text; parts of one paragraph stay one paragraph."""
    out: list[str] = []
    for n, atom in enumerate(atoms):
        if n:
            same = atom.part and atoms[n - 1].line is atom.line and not atom.line.table
            out.append(" " if same else BETWEEN)
        out.append(atom.text)
    return "".join(out)


def _last_path(atoms: Sequence[_Atom], low: int, high: int) -> str:
    """Where a piece ends: ``(d)`` if all of (d) is in it, ``(d)(2)`` if it goes on."""
    last = atoms[high - 1]
    start = high - 1
    next_level = atoms[high].line.level if high < len(atoms) else -1
    while start > low and atoms[start].line.level > max(
        next_level, min(atoms[low].line.level, last.line.level)
    ):
        start -= 1
    return atoms[start].line.last


def _heading_of(atoms: Sequence[_Atom], low: int) -> str:
    """The heading over the first atom of a piece, where there is one."""
    for atom in reversed(atoms[: low + 1]):
        if atom.line.heading:
            return atom.line.heading
    return ""


def _lead_in(atoms: Sequence[_Atom], low: int) -> str:
    """What a later piece needs from before it, in brackets: the lines it stands under.

    The nearest line matters most and is clipped last; what is left out is marked by ``…``.
    """
    here = atoms[low].line
    level = here.level
    above: list[Line] = []
    for n in range(low - 1, -1, -1):
        line = atoms[n].line
        if line.level < level and line is not here:
            level = line.level
            if not line.table:
                above.append(line)
    first = atoms[0].line
    introduces = not first.path and not first.table and first.text[-1:] in ":—"
    if not above and introduces and here is not first:
        above.append(first)
    said: list[str] = []
    room = MAX_CONTEXT
    if here.table and atoms[low - 1].line is here and not here.text.startswith("|"):
        caption = here.text.partition("\n\n|")[0].replace("\n", " ")
        if len(caption) <= room:
            said.append(caption)
            room -= len(caption)
    for line in above:
        text = _clip(line, room)
        if text:
            said.append(text)
            room -= len(text)
    return f"[{' — '.join(reversed(said))}]" if said else ""


def _clip(line: Line, room: int) -> str:
    """A line that introduces others: whole, or the end of it, which does the introducing."""
    text = line.text.replace("\n", " ")
    if len(text) <= room:
        return text
    number = line.path[line.path.rfind("(") :] + " " if line.path.endswith(")") else ""
    room -= len(number) + 2
    if room < MIN_CONTEXT or text[-1] not in ":—":
        return ""
    last = split_sentences(text)[-1]
    if len(last) > room:
        last = last[last.index(" ", len(last) - room) + 1 :]
    return f"{number}… {last}"
