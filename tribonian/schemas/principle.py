"""The upload tree: what SeekrFlow's principle alignment takes, and whether a file is one.

Each node has exactly four keys: ``label``, ``content``, ``children`` and ``level``; the
level is the node's depth as a string, "0" at the one root (SeekrFlow, "File storage").
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import orjson

from tribonian.schemas.finding import Finding

MAX_FILE_SIZE = 100_000_000  # bytes: the smaller of the two limits the upload page has named
MAX_DEPTH = 6  # levels, root included: the headings that the Markdown twin can have
FEW_SECTIONS = 4  # below this the service's guide advises against a document
KEYS = frozenset(("label", "content", "children", "level"))


def check_upload(
    data: bytes,
    name: str = "",
    *,
    count_all: Callable[[Sequence[str]], list[int]] | None = None,
    max_tokens: int | None = None,
    max_depth: int = MAX_DEPTH,
    max_file_size: int = MAX_FILE_SIZE,
) -> tuple[int, list[Finding]]:
    """Say whether the service would take a file: (number of principles, findings).

    Every broken rule is a finding with the path of its node (``/children/0``). Contents
    are measured only where ``count_all`` and ``max_tokens`` are given.
    """
    findings: list[Finding] = []

    def report(code: str, message: str, path: str) -> None:
        findings.append(Finding(code, message, name, path or "/"))

    if len(data) > max_file_size:
        report("too-large", f"The file has {len(data):,} bytes; {max_file_size:,} are allowed.", "")
    try:
        if data.startswith(b"\xef\xbb\xbf"):
            report("not-json", "The file starts with a byte order mark; save it without.", "")
            data = data[3:]
        tree = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        report("not-json", f"The file is not JSON ({error}); write it again.", "")
        return 0, findings
    if not isinstance(tree, dict):
        report("not-one-root", "The top of the file must be one object, the root.", "")
        return 0, findings
    contents: list[str] = []
    paths: list[str] = []
    sections = 0
    stack: list[tuple[Any, int, str]] = [(tree, 0, "")]
    while stack:
        node, depth, path = stack.pop()
        if not isinstance(node, dict):
            report("wrong-type", "A node must be an object.", path)
            continue
        _check_node(node, depth, path, report)
        if depth == max_depth:
            report("too-deep", f"The tree has more than {max_depth} levels here.", path)
        content = node.get("content")
        if isinstance(content, str):
            contents.append(content)
            paths.append(path)
        children = node.get("children")
        if not isinstance(children, list):
            continue
        sections += depth > 0 or not children
        _check_siblings(children, path, report)
        stack += [
            (child, depth + 1, f"{path}/children/{n}")
            for n, child in reversed(list(enumerate(children)))
        ]
    if sections < FEW_SECTIONS:
        report(
            "few-sections",
            f"The tree has {sections} sections; the service advises {FEW_SECTIONS} or more.",
            "",
        )
    if count_all is not None and max_tokens is not None:
        for path, tokens in zip(paths, count_all(contents), strict=True):
            if tokens > max_tokens:
                report("over-budget", f"{tokens:,} tokens; {max_tokens:,} are allowed.", path)
    return len(paths), findings


def _check_node(
    node: dict[str, Any], depth: int, path: str, report: Callable[[str, str, str], None]
) -> None:
    if node.keys() != KEYS:
        missing = ", ".join(sorted(KEYS - node.keys()))
        extra = ", ".join(sorted(map(str, node.keys() - KEYS)))
        parts = [f"lacks {missing}"] * bool(missing) + [f"has {extra}"] * bool(extra)
        report("wrong-keys", f"The node {' and '.join(parts)}; four keys are allowed.", path)
    for key in ("label", "content"):
        value = node.get(key)
        if key not in node:
            continue
        if not isinstance(value, str):
            report("wrong-type", f"{key} must be a string.", path)
        elif not value.strip():
            report(f"empty-{key}", f"The {key} is empty.", path)
        elif value != value.strip():
            report("not-trimmed", f"The {key} has space around it.", path)
    if "children" in node and not isinstance(node["children"], list):
        report("wrong-type", "children must be an array.", path)
    level = node.get("level")
    if "level" in node and level != str(depth):
        shown = orjson.dumps(level, default=str).decode()
        report("wrong-level", f'level is {shown} and must be "{depth}".', path)


def _check_siblings(
    children: list[Any], path: str, report: Callable[[str, str, str], None]
) -> None:
    labels = Counter(
        child["label"]
        for child in children
        if isinstance(child, dict) and isinstance(child.get("label"), str)
    )
    for label, times in labels.items():
        if times > 1:
            report("same-label", f"{times} children are called {label!r}.", path)
