"""The principles of a build as one list: the upload files joined with their provenance."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import orjson

from tribonian.align.places import keep
from tribonian.errors import UsageError


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a principle comes from, as `provenance.jsonl` has it."""

    document: str
    sha256: str
    locator: str
    as_of: str | None


@dataclass(frozen=True, slots=True)
class BuiltPrinciple:
    """One principle of a build; ``trail`` are the labels above it, root first.

    ``file`` and ``path`` are its place: the upload file, and the child indexes from its root.
    ``leaf`` is whether nothing is below it; a container's content is a summary.
    """

    id: str
    file: str
    path: tuple[int, ...]
    label: str
    content: str
    citation: str | None
    trail: tuple[str, ...]
    leaf: bool
    tokens: int
    sources: tuple[Origin, ...]

    @property
    def sha256(self) -> str:
        """The digest of label, line feed, content: another one means that the rule changed."""
        return hashlib.sha256(f"{self.label}\n{self.content}".encode()).hexdigest()


def upload_files(folder: Path) -> list[Path]:
    """The principles files of a build, in their order; UsageError where there is none."""
    files = sorted(folder.glob("principles*.json"), key=lambda file: (len(file.name), file.name))
    if not files:
        raise UsageError(f"{folder} holds no principles.json; name a folder that build wrote.")
    return files


def built_principles(folder: Path) -> list[BuiltPrinciple]:
    """All principles of a build in the order of the law; UsageError where it is no build."""
    files = upload_files(folder)
    rows = _provenance(folder)
    found: list[BuiltPrinciple] = []
    for file in files:
        try:
            root = orjson.loads(file.read_bytes())
            for path, trail, node in _nodes(root, (), ()):
                found.append(_principle(rows[file.name, path], path, trail, node))
        except (ValueError, KeyError, TypeError) as error:
            raise UsageError(
                f"{file} and provenance.jsonl do not belong together; build the folder again."
            ) from error
    return found


def _provenance(folder: Path) -> dict[tuple[str, tuple[int, ...]], dict[str, Any]]:
    path = folder / "provenance.jsonl"
    try:
        lines = path.read_bytes().splitlines()
        rows = [orjson.loads(line) for line in lines if line]
        return {(row["file"], tuple(row["path"])): row for row in rows}
    except OSError as error:
        raise UsageError(f"{path} cannot be read ({error.strerror}); build it again.") from None
    except (ValueError, KeyError, TypeError):
        raise UsageError(f"{path} is damaged; build the folder again.") from None


def _nodes(
    node: dict[str, Any], path: tuple[int, ...], trail: tuple[str, ...]
) -> Iterator[tuple[tuple[int, ...], tuple[str, ...], dict[str, Any]]]:
    yield path, trail, node
    for n, child in enumerate(node["children"]):
        yield from _nodes(child, (*path, n), (*trail, node["label"]))


def _principle(
    row: dict[str, Any], path: tuple[int, ...], trail: tuple[str, ...], node: dict[str, Any]
) -> BuiltPrinciple:
    if row["label"] != node["label"]:
        raise ValueError(row["label"])
    return BuiltPrinciple(
        row["id"],
        row["file"],
        path,
        node["label"],
        node["content"],
        row["citation"],
        trail,
        not node["children"],
        row["tokens"],
        tuple(
            Origin(each["document"], each["sha256"], each["locator"], each["as_of"])
            for each in row["sources"]
        ),
    )


# -- as they were sent -----------------------------------------------------------------------


def write_sent(path: Path, principles: Iterable[BuiltPrinciple]) -> None:
    """Keep the principles of a run, one a line: a later build may have others."""
    keep(path, b"".join(orjson.dumps(asdict(each)) + b"\n" for each in principles))


def read_sent(path: Path) -> list[BuiltPrinciple]:
    """The principles of a run; UsageError for a file that is not there or is damaged."""
    try:
        return [_sent(orjson.loads(line)) for line in path.read_bytes().splitlines() if line]
    except OSError as error:
        raise UsageError(f"{path} cannot be read ({error.strerror}); run align again.") from None
    except (ValueError, KeyError, TypeError):
        raise UsageError(f"{path} is damaged; remove it and run align again.") from None


def _sent(row: dict[str, Any]) -> BuiltPrinciple:
    values = dict(row)
    values["path"] = tuple(row["path"])
    values["trail"] = tuple(row["trail"])
    values["sources"] = tuple(Origin(**each) for each in row["sources"])
    return BuiltPrinciple(**values)
