"""What the data card says of what went in: documents, runs, the user's files, rights."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from tribonian.align.dataset.entries import Entry, Source
from tribonian.align.dataset.joining import Build
from tribonian.align.dataset.runs_on_record import RunOnRecord, documents_of, runs_of
from tribonian.align.dataset.user_data import UserFile

# Formats in which the Office of the Federal Register and the Law Revision Counsel publish.
_FEDERAL = frozenset(
    ("ecfr-xml", "ecfr-html", "cfr-xml", "fr-xml", "uslm")
)  # fmt: skip


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table of Markdown."""
    lines = [f"| {' | '.join(head)} |", f"|{' --- |' * len(head)}"]
    lines += [f"| {' | '.join(cell(each) for each in row)} |" for row in rows]
    return "\n".join(lines)


def cell(value: object) -> str:
    """A value as a cell may hold it: no markup, no divider, one line."""
    if isinstance(value, int):
        return f"{value:,}"
    text = " ".join(str(value).split())
    return text.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;") or "–"


def law(builds: Sequence[Build]) -> Iterator[str]:
    """The documents behind the builds."""
    if not builds:
        return
    yield "## Law"
    rows = [
        (build.source.name, row["source"], row["format"], row["as_of"] or "no date", row["sha256"])
        for build in builds
        for row in documents_of(build.folder)
    ]
    yield "The documents from which the principles were consolidated, as of which day."
    yield table(("build", "document", "format", "as of", "SHA-256"), rows)


def made(builds: Sequence[Build], prompt: str | None) -> Iterator[str]:
    """The runs that made the pairs, with what the service was told."""
    if not builds:
        return
    yield "## How the pairs were made"
    runs = [(build, run) for build in builds for run in runs_of(build.folder)]
    if not runs:
        yield "No run is on record in the builds."
        return
    makers = {run.rehearsal for _, run in runs}
    who = {True: "The rehearsal, a stand-in of the service on the user's own machine,",
           False: "SeekrFlow's principle alignment"}  # fmt: skip
    by = " and ".join(who[each] for each in sorted(makers))
    yield f"{by} made the pairs from the principles; tribonian traced each to its principle."
    yield table(
        ("build", "run", "job", "by", "principles", "upload", "instructions"),
        [_run(build.source.name, run) for build, run in runs],
    )
    for text in sorted({run.instructions for _, run in runs if run.instructions}):
        yield f"Instructions {_digest(text)}:\n\n{_quoted(text)}"
    for text in sorted({run.system_prompt for _, run in runs if run.system_prompt}):
        yield f"System prompt {_digest(text)}:\n\n{_quoted(text)}"
    if prompt is not None:
        yield (
            f"Every row's system prompt was replaced by this one:\n\n{_quoted(prompt)}"
            if prompt
            else "Every row's system prompt was removed."
        )


def _run(build: str, run: RunOnRecord) -> tuple[object, ...]:
    by = "rehearsal" if run.rehearsal else run.base_url
    return (
        build, run.run, ", ".join(run.jobs), by, run.principles or "", run.upload,
        _digest(run.instructions) if run.instructions else "",
    )  # fmt: skip


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.replace("<", "&lt;").splitlines())


def own(users: Sequence[tuple[Source, UserFile]], entries: Sequence[Entry]) -> Iterator[str]:
    """The user's files."""
    if not users:
        return
    yield "## The user's own data"
    read = Counter(entry.source for entry in entries)
    kept = Counter(entry.source for entry in entries if not entry.reason)
    yield table(
        ("file", "form", "rows", "of them here", "SHA-256"),
        [(s.name, file.form, read[s], kept[s], file.sha256) for s, file in users],
    )


def licence(builds: Sequence[Build], own: bool) -> Iterator[str]:
    """What may be done with it, as far as a program can tell."""
    yield "## Licence"
    rows = [row for build in builds for row in documents_of(build.folder)]
    federal = [row for row in rows if row["format"] in _FEDERAL]
    others = [row for row in rows if row["format"] not in _FEDERAL]
    if federal:
        verb = "is" if len(federal) == 1 else "are"
        yield (
            f"{_documents(federal)} {verb} in a format of the United States government's own "
            "publications of law, which are in the public domain in the United States (17 U.S.C. "
            "105), as far as they do not incorporate standards of others."
        )
    if others:
        names = ", ".join(cell(row["source"]) for row in others[:20])
        more = f" and {len(others) - 20:,} more" if len(others) > 20 else ""
        yield f"Check the rights of {_documents(others)}: {names}{more}."
    if builds:
        yield (
            "For the pairs the terms of the service hold under which they were made; for what "
            "reviewers wrote, those of their employer."
        )
    if own:
        yield "The rights of the user's own data are the user's to check."


def _documents(rows: Sequence[dict[str, Any]]) -> str:
    return "1 document" if len(rows) == 1 else f"{len(rows):,} documents"
