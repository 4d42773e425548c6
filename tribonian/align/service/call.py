"""What is asked of the service in one call."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import quote, urlencode

import orjson

from tribonian.align.service.failures import ServiceError
from tribonian.errors import UsageError

_LONGEST = 200  # characters of what is asked for, in a sentence


class Form(Protocol):
    """A multipart body that can be sent again from its start: an `Upload`."""

    @property
    def fields(self) -> dict[str, str]:
        """The plain fields, which come first."""

    @property
    def files(self) -> dict[str, Any]:
        """The files, in the form that `httpx` takes them in."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call; ``doing`` says what it is for and goes on from "The service was asked to …".

    ``once``: it has an effect, and must not be sent again unless the first surely had none.
    ``file``: the answer is a file, which may be kept elsewhere than at the service.
    ``slow``: the service may think about it for as long as about an upload.
    ``body`` travels as JSON, without what is None in it; ``form`` as multipart.
    """

    doing: str
    method: str
    path: str
    body: Mapping[str, Any] | None = None
    form: Form | None = None
    once: bool = False
    file: bool = False
    slow: bool = False

    def __post_init__(self) -> None:
        # Names and ids are somebody else's, and it stands in sentences.
        object.__setattr__(self, "doing", one_line(self.doing, _LONGEST))

    def content(self) -> bytes | None:
        """The body as bytes; None for none at all."""
        if self.body is None:
            return None
        try:
            return orjson.dumps(_without_nulls(self.body))
        except orjson.JSONEncodeError:
            raise UsageError(
                f"What is sent to {self.doing} cannot be written as JSON, because a text in it "
                "is no valid Unicode; mend it."
            ) from None


def at(*parts: str, **query: str | int | None) -> str:
    """A path below ``/v1/flow``; the parts may be ids, which are opaque and not trusted."""
    if any(part in ("", ".", "..") for part in parts):
        raise ServiceError(
            f"The service names something {parts[-1]!r}, which is no id; start again without it."
        )
    path = "/".join(quote(part, safe="") for part in parts)
    asked = urlencode({name: value for name, value in query.items() if value is not None})
    return f"/v1/flow/{path}" + (f"?{asked}" if asked else "")


def one_line(text: str, longest: int) -> str:
    """A foreign text for a sentence: without line breaks and what cannot be printed, bounded."""
    kept = "".join(
        each if unicodedata.category(each)[0] != "C" else " " if each.isspace() else ""
        for each in text
    )
    line = " ".join(kept.split())
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"


def _without_nulls(value: Any) -> Any:
    """What is not given is left out: the contract allows null in some places only."""
    if isinstance(value, Mapping):
        return {name: _without_nulls(each) for name, each in value.items() if each is not None}
    if isinstance(value, (list, tuple)):
        return [_without_nulls(each) for each in value]
    return value
