"""The turns of a conversation in one cell of a row, in every form in which they are written."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from tribonian.schemas.pair import Message

# Columns that hold a whole conversation. Names are compared as `folded` has them.
CONVERSATION = (
    "messages",
    "conversations",  # ShareGPT
    "conversation",
    "message",
    "turns",
    "dialogue",
    "dialog",
    "chat",
)
# What a speaker is called -> the role.
ROLES = {
    "system": "system", "developer": "system",
    "user": "user", "human": "user", "question": "user",
    "assistant": "assistant", "gpt": "assistant", "chatgpt": "assistant", "bot": "assistant",
    "chatbot": "assistant",
    "model": "assistant", "ai": "assistant", "answer": "assistant",
}  # fmt: skip
ROLE_KEYS = ("role", "from", "speaker", "author")
CONTENT_KEYS = ("content", "value", "text", "message")


class BadRowError(Exception):
    """Why a row is no pair; ``of_shape`` says that its form is unknown, not its text bad.

    ``beginning`` is of a row that could not even be taken apart.
    """

    def __init__(self, reason: str, *, of_shape: bool = False, beginning: str = "") -> None:
        super().__init__(reason)
        self.of_shape = of_shape
        self.beginning = beginning


def folded(name: str) -> str:
    """The name of a column or key, in small letters and with underscores between its words."""
    return "_".join(name.casefold().replace("-", " ").replace("_", " ").split())


def messages_in(value: Any, column: str, role: str | None) -> list[Message]:
    """The turns in one cell, BadRowError for none; plain text is a turn of ``role``, if given."""
    if value is None:
        raise BadRowError(f"{column} is empty")
    if role is not None and isinstance(value, str | bytes) and not _is_list(value):
        text = _text(value, column)
        if not text.strip():
            raise BadRowError(f"{column} is empty")
        return [Message(role, text)]
    opened = unpacked(value)
    if isinstance(opened, Mapping):
        opened = _in_object(opened)
    if not isinstance(opened, Sequence) or isinstance(opened, str | bytes):
        raise BadRowError(f"{column} holds {_kind(opened)} and no conversation", of_shape=True)
    if not opened:
        raise BadRowError(f"{column} is empty")
    return [_message(each, number) for number, each in enumerate(opened, 1)]


def _in_object(cell: Mapping[Any, Any]) -> Any:
    """The messages in an object: under their name, side by side as columns, or it is one."""
    for key, inner in cell.items():
        if folded(str(key)) in CONVERSATION and isinstance(inner, list):
            return inner
    lists = list(cell.values())
    if lists and all(isinstance(each, list) and len(each) == len(lists[0]) for each in lists):
        # {"role": [...], "content": [...]}, as older releases of `datasets` store a sequence
        return [dict(zip(cell, row, strict=True)) for row in zip(*lists, strict=True)]
    return [cell]


def _message(value: Any, number: int) -> Message:
    opened = unpacked(value)
    if isinstance(opened, list) and all(isinstance(each, tuple) for each in opened):
        opened = dict(opened)  # what pyarrow makes of a map
    if not isinstance(opened, Mapping):
        raise BadRowError(f"message {number} is {_kind(opened)} and no object", of_shape=True)
    named = {folded(key): item for key, item in opened.items() if isinstance(key, str)}
    role = next((named[key] for key in ROLE_KEYS if key in named), None)
    key = next((key for key in CONTENT_KEYS if key in named), None)
    if role is None or key is None:
        keys = ", ".join(list(map(str, opened))[:8]) or "nothing"
        raise BadRowError(f"message {number} has no role or no content, but {keys}", of_shape=True)
    known = ROLES.get(role.strip().casefold()) if isinstance(role, str) else None
    if known is None:
        raise BadRowError(
            f"message {number} has the role {_shown(role)}, which is none of system, user, "
            "assistant"
        )
    return Message(known, _text(named[key], f"message {number}"))


def _text(value: Any, where: str) -> str:
    """The text of a turn as received; parts of several kinds only where all are text."""
    if value is None:
        return ""
    if isinstance(value, bytes):
        try:
            return value.decode()
        except UnicodeDecodeError:
            raise BadRowError(f"{where} is no UTF-8 text") from None
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        value = [value]
    if not isinstance(value, Sequence):
        raise BadRowError(f"{where} holds {_kind(value)} and no text")
    parts = []
    for part in value:
        if isinstance(part, str):
            parts.append(part)
        elif isinstance(part, Mapping) and isinstance(part.get("text"), str):
            parts.append(part["text"])
        else:
            kind = part.get("type") if isinstance(part, Mapping) else None
            raise BadRowError(f"{where} has a part that is no text ({_shown(kind or part)})")
    return "\n".join(parts)  # so that no two words become one


def _is_list(value: str | bytes) -> bool:
    """Whether a text is a conversation written as JSON; law may begin with a bracket too."""
    start = value.lstrip()[:1]
    if start not in ("[", b"["):
        return False
    opened = unpacked(value)
    return isinstance(opened, list) and bool(opened) and isinstance(opened[0], dict)


def unpacked(value: Any) -> Any:
    """A value, or what its text says as JSON; twice at most, as some encode it twice."""
    for _ in range(2):
        if not isinstance(value, str | bytes) or value.lstrip()[:1] not in _OPENINGS:
            return value
        try:
            value = parsed(value)
        except ValueError:
            return value
    return value


_OPENINGS = ("[", "{", '"', b"[", b"{", b'"')


def parsed(text: str | bytes) -> Any:
    """What JSON says; ValueError where it is none. NaN, which Python writes, is let pass."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        if not _has_python_numbers(text):
            raise
    try:
        return json.loads(text)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _has_python_numbers(text: str | bytes) -> bool:
    names = (b"NaN", b"Infinity") if isinstance(text, bytes) else ("NaN", "Infinity")
    return any(name in text for name in names)  # type: ignore[operator]


_KINDS = ((bool, "yes or no"), (int, "a number"), (float, "a number"), (str, "a text"),
          (bytes, "bytes"), (Mapping, "an object"), (Sequence, "a list"))  # fmt: skip


def _kind(value: Any) -> str:
    """What a value is, for a sentence."""
    if value is None:
        return "nothing"
    return next((name for kind, name in _KINDS if isinstance(value, kind)), type(value).__name__)


def _shown(value: Any) -> str:
    text = value if isinstance(value, str) else str(value)
    text = "".join(char if char.isprintable() else " " for char in text)
    return f'"{text[:40]}{"…" if len(text) > 40 else ""}"'
