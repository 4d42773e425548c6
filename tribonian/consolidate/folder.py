"""The files of a build, written aside and then put in place: all of them or none."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import orjson

from tribonian.consolidate.digest import Digest
from tribonian.consolidate.principles import Consolidated, Principle
from tribonian.consolidate.report import report_page
from tribonian.errors import TribonianError, UsageError
from tribonian.ingest.sources.writing import check_place
from tribonian.schemas.finding import Finding

MANIFEST = "manifest.json"
OURS = frozenset(
    (MANIFEST, "principles.md", "provenance.jsonl", "excluded.jsonl", "findings.jsonl",
     "report.html")
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Written:
    """What is to be written; ``parts`` are the trees, ``manifest`` lacks its list of files."""

    result: Consolidated
    parts: list[Principle]
    findings: list[Finding]
    manifest: dict[str, object]
    digests: list[Digest]


def check_output(output: Path) -> None:
    """Raise UsageError where a build must not be written."""
    check_place(output)
    parent = output.absolute().parent  # where the new folder is written before it takes its place
    if parent.is_dir() and not os.access(parent, os.W_OK):
        raise UsageError(f"-o {output} cannot be written: no permission in {parent}.")
    if output.is_dir() and any(output.iterdir()) and not _is_build(output):
        raise UsageError(f"-o {output} holds files that are no build; name another folder.")


def _is_build(folder: Path) -> bool:
    try:
        manifest = orjson.loads((folder / MANIFEST).read_bytes())
    except (OSError, ValueError):
        return False
    return isinstance(manifest, dict) and "tribonian" in manifest


def write_folder(output: Path, written: Written) -> dict[str, object]:
    """Write all files beside ``output``, then put them in its place; the finished manifest.

    What other commands keep in the folder (``align/``) is carried over. Raises
    TribonianError, and leaves an existing folder as it was, if a file cannot be written.
    """
    output = Path(os.path.realpath(output))  # a link to a folder stays a link
    aside: Path | None = None
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        aside = Path(tempfile.mkdtemp(prefix=f".{output.name}.", dir=output.parent))
        manifest = _write_files(aside, written)
        aside.chmod(0o755)
        _put_in_place(aside, output)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise TribonianError(
            f"The build could not be written to {output.name} ({reason}); "
            "nothing there was changed."
        ) from None
    finally:
        if aside is not None and aside.exists():
            shutil.rmtree(aside, ignore_errors=True)
    return manifest


def _put_in_place(aside: Path, output: Path) -> None:
    """Let the new folder take the old one's place; whatever fails is undone."""
    if not output.exists():
        aside.rename(output)
        return
    old = Path(tempfile.mkdtemp(prefix=f".{output.name}.old.", dir=output.parent))
    before = old / "build"
    carried: list[str] = []
    try:
        for entry in sorted(output.iterdir()):
            if entry.name not in OURS and not _is_principles(entry.name):
                entry.rename(aside / entry.name)
                carried.append(entry.name)
        output.rename(before)
        aside.rename(output)
    except BaseException:
        if before.exists():
            before.rename(output)
        for name in carried:
            (aside / name).rename(output / name)
        raise
    finally:
        shutil.rmtree(old, ignore_errors=True)


def _is_principles(name: str) -> bool:
    return name.startswith("principles") and name.endswith(".json")


# -- the files -----------------------------------------------------------------------------


def _write_files(folder: Path, written: Written) -> dict[str, object]:
    parts = written.parts
    names = (
        ["principles.json"]
        if len(parts) == 1
        else [f"principles-{n}.json" for n in range(1, len(parts) + 1)]
    )
    manifest = dict(written.manifest)
    # The next file is put together while the one before is hashed and written.
    with ThreadPoolExecutor(1) as writer:
        rows = [
            writer.submit(_write, folder / name, data)
            for name, data in _contents(names, parts, manifest, written)
        ]
    manifest["files"] = sorted((row.result() for row in rows), key=lambda row: str(row["name"]))
    _write(folder / MANIFEST, _json(manifest))
    return manifest


def _contents(
    names: list[str], parts: list[Principle], manifest: dict[str, object], written: Written
) -> Iterator[tuple[str, bytes]]:
    """The name and the bytes of each file but the manifest."""
    for name, part in zip(names, parts, strict=True):
        yield name, _json(upload_tree(part))
    yield "principles.md", markdown(written.result.root)
    yield "provenance.jsonl", _lines(_provenance(names, parts))
    yield "excluded.jsonl", _lines(_excluded(written))
    yield "findings.jsonl", _lines(finding.row() for finding in written.findings)
    yield "report.html", report_page(manifest, written).encode()


def _write(path: Path, data: bytes) -> dict[str, object]:
    """Write a file; its row in the manifest."""
    path.write_bytes(data)
    return {"name": path.name, "sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}


def _json(value: dict[str, object]) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _lines(rows: Iterable[dict[str, object]]) -> bytes:
    return b"".join([orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE) for row in rows])


def upload_tree(principle: Principle, level: int = 0) -> dict[str, object]:
    """A principle and what is below it in the four keys that the service takes."""
    return {
        "label": principle.label,
        "content": principle.content,
        "children": [upload_tree(child, level + 1) for child in principle.children],
        "level": str(level),
    }


def _provenance(names: list[str], parts: list[Principle]) -> Iterator[dict[str, object]]:
    for name, part in zip(names, parts, strict=True):
        for principle, path in _paths(part, ()):
            yield {
                "id": principle.id,
                "file": name,
                "path": path,
                "label": principle.label,
                "citation": principle.citation,
                "tokens": principle.tokens,
                "sources": [
                    {
                        "document": source.digest.document.source,
                        "sha256": source.digest.document.sha256,
                        "locator": source.locator,
                        "as_of": source.digest.document.as_of,
                        "start": source.start,
                        "end": source.end,
                    }
                    for source in principle.sources
                ],
            }


def _paths(
    principle: Principle, path: tuple[int, ...]
) -> Iterator[tuple[Principle, tuple[int, ...]]]:
    yield principle, path
    for n, child in enumerate(principle.children):
        yield from _paths(child, (*path, n))


def _excluded(written: Written) -> Iterator[dict[str, object]]:
    for row in written.result.rows:
        line: dict[str, object] = {
            "text": row.text,
            "reason": row.reason,
            "document": row.digest.document.source,
            "locator": row.locator,
        }
        if row.kept is not None:
            line["kept"] = row.kept
            if row.reason != "version":
                line["similarity"] = row.similarity
        yield line


# -- the Markdown twin -----------------------------------------------------------------------


def markdown(root: Principle) -> bytes:
    """The tree as Markdown: one heading a principle, at most six levels, none empty."""
    out: list[bytes] = []
    _markdown(root, 1, out)
    return b"".join(out)[:-1]


def _markdown(principle: Principle, level: int, out: list[bytes]) -> None:
    content = principle.content
    if content[0] in "#=-*_" or _MAY_BE_MARKUP.search(content):
        content = _TAKEN_FOR_MARKUP.sub(r"\\\g<0>", content)
    label = " ".join(principle.label.split())
    out.append(f"{'#' * min(level, 6)} {label}\n\n{content}\n\n".encode())
    for child in principle.children:
        _markdown(child, level + 1, out)


# What Markdown would take for a heading, a rule or the line under a heading.
_MAY_BE_MARKUP = re.compile(r"\n[#=\-*_]")  # a literal first: sre then scans quickly
_TAKEN_FOR_MARKUP = re.compile(r"^(?:#|(?=[=\-*_])[=\-*_ ]{2,}$)", re.MULTILINE)
