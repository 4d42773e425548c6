"""A section tree as JSON, as ``read --json`` prints it."""

from __future__ import annotations

import json
from collections.abc import Sequence

import orjson

from tribonian.schemas.finding import Finding
from tribonian.schemas.tree import Document, Node


def as_json(document: Document, root: Node, findings: Sequence[Finding]) -> bytes:
    """``{"document": …, "root": NODE, "findings": […]}`` in UTF-8, indented."""
    row = {
        "document": {
            "source": document.source,
            "sha256": document.sha256,
            "format": document.format,
            "as_of": document.as_of,
            "title": document.title,
        },
        "root": root.as_json(),
        "findings": [finding.row() for finding in findings],
    }
    try:
        return orjson.dumps(row, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    except orjson.JSONEncodeError:  # it goes down 254 levels, two for a node; XML goes 256
        return (json.dumps(row, indent=2, ensure_ascii=False) + "\n").encode()
