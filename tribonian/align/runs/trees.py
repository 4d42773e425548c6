"""The file that is uploaded: a file of the build, a part of it, or the same as Markdown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import orjson

from tribonian.consolidate.folder import markdown
from tribonian.consolidate.principles import Principle
from tribonian.errors import NotFitError, UsageError
from tribonian.schemas.finding import Finding
from tribonian.schemas.principle import check_upload

Tree = dict[str, Any]
_SHOWN = 3  # findings in one sentence


def read_tree(file: Path) -> tuple[bytes, Tree]:
    """The bytes and the tree of an upload file; UsageError where it cannot be read."""
    try:
        data = file.read_bytes()
        return data, orjson.loads(data)
    except OSError as error:
        raise UsageError(f"{file} cannot be read ({error.strerror}).") from None
    except orjson.JSONDecodeError:
        raise UsageError(f"{file} is not JSON; build the folder again.") from None


def cut(tree: Tree, kept: set[tuple[int, ...]], path: tuple[int, ...] = ()) -> Tree:
    """The tree with the nodes at ``kept`` alone, each in its place and with its own words.

    What is above a node that is kept must be kept too; levels stay what they are.
    """
    children = [
        cut(child, kept, (*path, n))
        for n, child in enumerate(tree["children"])
        if (*path, n) in kept
    ]
    return {**tree, "children": children}


def tree_bytes(tree: Tree) -> bytes:
    """A tree as build writes it."""
    return orjson.dumps(tree, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def check_tree(data: bytes, name: str) -> int:
    """The number of principles; NotFitError, with the first findings, if it is not fit."""
    principles, findings = check_upload(data, name)
    refuse_unfit(name, findings)
    return principles


def refuse_unfit(name: str, findings: list[Finding]) -> None:
    """Raise NotFitError, one sentence with the first findings, where one is an error."""
    errors = [finding for finding in findings if finding.severity == "error"]
    if not errors:
        return
    shown = "; ".join(
        f"{each.document or ''}{each.locator or ''}: {each.message.rstrip('.')}"
        for each in errors[:_SHOWN]
    )
    more = f"; and {len(errors) - _SHOWN} more" if len(errors) > _SHOWN else ""
    raise NotFitError(
        f"{name} is not fit to be sent ({shown}{more}); see tribonian check, and build it again."
    )


@dataclass(slots=True)
class _Node:
    """What the Markdown twin is made of."""

    label: str
    content: str
    children: list[_Node] = field(default_factory=list)


def as_markdown(tree: Tree) -> bytes:
    """The Markdown twin of a tree, as build writes that of the whole."""
    return markdown(cast(Principle, _nodes(tree)))


def _nodes(tree: Tree) -> _Node:
    return _Node(tree["label"], tree["content"], [_nodes(child) for child in tree["children"]])


def walk(tree: Tree, path: tuple[int, ...] = ()) -> Iterator[tuple[tuple[int, ...], Tree]]:
    """Every node with its path, in order."""
    yield path, tree
    for n, child in enumerate(tree["children"]):
        yield from walk(child, (*path, n))
