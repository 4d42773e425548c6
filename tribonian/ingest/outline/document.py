"""A flat run of styled blocks into a section tree: PDF, Word, web pages, Markdown, text.

Evidence, the strongest first: the document's own outline levels, legal designators (``PART``,
``Subpart``, ``§``, ``Article``, ``Annex``, ``3.1.2``, ``(a)(1)(i)``), styles, typography. Where
two of them disagree a finding says so. A contents page is recognised and kept as one node.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePath

from tribonian.ingest.nesting import nest_blocks
from tribonian.ingest.outline.blocks import unit_blocks
from tribonian.ingest.outline.closing import notes_at_end
from tribonian.ingest.outline.contents import find_contents, is_contents_title
from tribonian.ingest.outline.lone_numbers import lone_numbers_joined
from tribonian.ingest.outline.looks import TITLES, Looks
from tribonian.ingest.outline.roles import Roles
from tribonian.ingest.outline.units import BESIDE, Units
from tribonian.ingest.readers.law_citations import act_named
from tribonian.ingest.record import Reading
from tribonian.ingest.scripts import superscript
from tribonian.ingest.styled import Styled
from tribonian.schemas.tree import Enter, Event, Leave, Node
from tribonian.schemas.words import count_words, words


def outline(blocks: Iterable[Styled], reading: Reading) -> Iterator[Event]:
    """The section tree of a run of styled blocks; ``reading`` is filled as it goes."""
    run = [_ready(block) for block in blocks if block.text or block.node is not None]
    _count(run, reading)
    run = _contents_apart(notes_at_end(_footnotes_apart(lone_numbers_joined(run))))
    roles = Roles(run, reading)
    _title_and_date(run, roles, reading)
    if roles.has_units:
        units = Units(run, roles, reading)
        if reading.cites_cfr:
            yield from units.events()
        else:
            yield from _as_document(list(units.events()), run, roles, reading, units.work)
        return
    reading.cites_cfr = False
    yield from _as_document(list(_by_headings(run, roles, reading)), run, roles, reading, None)


def _as_document(
    events: list[Event],
    run: Sequence[Styled],
    roles: Roles,
    reading: Reading,
    work: str | None,
) -> Iterator[Event]:
    """The events within a container for the whole, which keeps documents apart in a build.

    The CFR's parts need none: they belong together. Nor does what is one unit by itself.
    """
    depth = tops = 0
    for event in events:
        if not depth and not isinstance(event, Leave):
            node = event.node if isinstance(event, Enter) else event
            tops += node.kind not in BESIDE
        depth += isinstance(event, Enter)
        depth -= isinstance(event, Leave)
    if tops < 2:
        yield from events
        return
    title = _title(run, roles, reading, work)
    yield Enter(Node("document", "", title, "", work, "", (), count_words(title)))
    yield from events
    yield Leave()


def _title(run: Sequence[Styled], roles: Roles, reading: Reading, work: str | None) -> str:
    """What the document is called: by its act, its own title, its first heading, its file."""
    if work:
        for block in run[:40]:
            if block.kind == "paragraph" and act_named(block.text) == work:
                return block.text
    if reading.heading and not _NO_TITLE.search(reading.heading) and _is_said(reading.heading, run):
        return reading.heading
    first = next((block for block in run if block.kind == "paragraph"), None)
    if first is not None and len(first.text) <= 160 and (
        first.level or first.style in TITLES or roles.looks.is_heading(first)
    ):  # fmt: skip
        return first.text
    return PurePath(reading.name).stem or "Document"


FRONT = 60  # blocks in which a document says its own name


def _is_said(title: str, run: Sequence[Styled]) -> bool:
    """Whether a title out of a file's properties stands on its pages: many are a template's."""
    said = {word.casefold() for block in run[:FRONT] for word in words(block.text)}
    wanted = [word.casefold() for word in words(title)]
    return sum(word in said for word in wanted) >= 0.7 * len(wanted)


# Titles that programs put into a file by themselves.
_NO_TITLE = re.compile(r"^(?:Microsoft (?:Word|PowerPoint) - |untitled|document\d*$|slide 1$)"
                       r"|\.(?:docx?|pdf|indd|qxd)$", re.IGNORECASE)  # fmt: skip


def _ready(block: Styled) -> Styled:
    """What is no running text as a node: a footnote with its mark, a running head."""
    if block.node is not None:
        return block
    if block.kind == "footnote":
        mark = block.marks[0] if block.marks else ""
        node = Node("footnote", superscript(mark) if mark else "", "", block.text,
                    None, block.locator, (), block.added)  # fmt: skip
        return block._replace(node=node)
    if block.kind in BESIDE:
        node = Node(block.kind, "", "", block.text, None, block.locator, (), block.added)
        return block._replace(node=node)
    return block


def _count(run: Sequence[Styled], reading: Reading) -> None:
    """Count the words of all blocks, before anything is made of them."""
    for block in run:
        if block.node is None:
            reading.take(block.text)
            reading.words -= block.added
            continue
        for node in block.node.walk():
            reading.take_all((node.designator, node.heading, node.text))
            reading.words -= node.added
    reading.count()


_RAISED = re.compile(r"([⁰¹²³⁴-⁹]{1,3}|[ᵃ-ᶻ])\s+(?=\S)")
_MARKS = re.compile(r"(?<=.)(?:[⁰¹²³⁴-⁹]+|[ᵃ-ᶻ])", re.DOTALL)
FAR = 400  # blocks between a mark and its footnote


def _footnotes_apart(run: list[Styled]) -> list[Styled]:
    """Paragraphs that begin with a raised mark which stands in the text before them: footnotes."""
    seen: dict[str, int] = {}  # where each mark stood last
    for at, block in enumerate(run):
        raised = _RAISED.match(block.text) if block.kind == "paragraph" else None
        mark = raised[1] if raised is not None and not block.level else ""
        back = seen.get(mark, -1)
        if raised is not None and back >= 0 and at - back <= FAR:
            node = Node("footnote", mark, "", block.text[raised.end() :], None,
                        block.locator, (), block.added)  # fmt: skip
            run[at] = block._replace(kind="footnote", marks=(mark,), node=node)
            bearer = run[back]
            if mark not in bearer.marks and bearer.node is None:
                run[back] = bearer._replace(marks=(*bearer.marks, mark))
        elif block.kind != "footnote":
            told = block.text if block.node is None else block.node.text
            if told.isascii():
                continue
            for match in _MARKS.finditer(told):
                said = match[0]  # "¹²" is the twelfth, or the first and the second
                for a in range(len(said)):
                    for b in range(a + 1, min(a + 3, len(said)) + 1):
                        if not told.startswith(said[a:b]):
                            seen[said[a:b]] = at
    return run


def _contents_apart(run: list[Styled]) -> list[Styled]:
    """Each contents page as one block, whether the format marks it or its entries show it."""
    run = [_over_no_contents(run, at) for at in range(len(run))]
    entries: set[int] = set()
    for start, end in find_contents(run, Looks(run)):
        entries.update(range(start, end))
    entries.update(at for at, block in enumerate(run) if block.kind == "contents")
    for at in sorted(entries):
        if at and at - 1 not in entries and is_contents_title(run[at - 1].text):
            entries.add(at - 1)
    out: list[Styled] = []
    page: list[Styled] = []
    for at, block in enumerate(run):
        if at in entries and block.kind in ("paragraph", "contents"):
            page.append(block)
            continue
        if page and at not in entries:
            out.append(_contents_page(page))
            page = []
        out.append(block)
    return [*out, _contents_page(page)] if page else out


def _over_no_contents(run: Sequence[Styled], at: int) -> Styled:
    """Word's style for the title of its contents page may stand over anything else."""
    block = run[at]
    if block.style != "toc heading" or is_contents_title(block.text):
        return block
    beside = (*run[max(at - 1, 0) : at], *run[at + 1 : at + 2])
    if any(each.kind == "contents" for each in beside):
        return block
    return block._replace(kind="paragraph", node=None)


def _contents_page(lines: Sequence[Styled]) -> Styled:
    first = lines[0]
    text = "\n".join(line.text or (line.node.text if line.node else "") for line in lines)
    node = Node("contents", "", "", text, None, first.locator, (), sum(x.added for x in lines))
    return Styled(text, "contents", first.locator, page=first.page, node=node)


def _by_headings(run: Sequence[Styled], roles: Roles, reading: Reading) -> Iterator[Event]:
    """A document divided by headings alone."""
    found = nest_blocks(list(unit_blocks(run, roles, 0, len(run))), None, reading.findings)
    reading.sections += sum(
        node.kind == "heading" and not any(child.kind == "heading" for child in node.children)
        for top in found
        for node in top.walk()
    )
    yield from found


_CFR = re.compile(r"\b(\d{1,2})\s+C\.?F\.?R\.?\s+(?:[Pp]arts?\s+|§+\s*)?(\d+)")
_UP_TO_DATE = re.compile(r"up to date as of (\d{1,2})/(\d{1,2})/(\d{4})", re.IGNORECASE)


def _title_and_date(run: Sequence[Styled], roles: Roles, reading: Reading) -> None:
    """The CFR title: a heading says it, or a line that cites the document's own part."""
    numbers = {
        role.head.number for role in roles.all if role.head is not None and role.head.kind == "part"
    }
    for role in roles.all:
        if role.head is not None and role.head.kind == "title" and reading.title is None:
            reading.title = role.head.number if role.head.number.isdigit() else None
    for at, block in enumerate(run):
        if at > 40 and block.kind != "running-head":
            continue
        dated = _UP_TO_DATE.search(block.text)
        if dated and reading.as_of is None:
            month, day, year = (int(each) for each in dated.groups())
            if 1 <= month <= 12 and 1 <= day <= 31:
                reading.as_of = f"{year:04d}-{month:02d}-{day:02d}"
        cited = _CFR.search(block.text) if len(block.text) < 200 else None
        if cited and cited[2] in numbers and reading.title is None:
            reading.title = cited[1]
