"""One conversation: what the service surely takes, and in words what is wrong with any other.

The service does not say which turns it accepts, so this takes what every trainer of chat models
does: at most one system message, first; then user and assistant in turns; the assistant last.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from tribonian.align.pairs.turns import ROLES
from tribonian.align.places import REHEARSAL_MARK
from tribonian.schemas.pair import Message
from tribonian.schemas.training import Conversation

SHOWN = 40  # characters of a value in a sentence about it


class UnfitRowError(Exception):
    """A row that cannot be used; the text is the reason, without the row's place."""


def conversation(value: object) -> Conversation:
    """The messages of a row, only role and content kept; UnfitRowError says what is wrong.

    ``value`` is a list of ``{role, content}`` or ``{from, value}``, or that as JSON text.
    """
    messages = turns_of(value)
    check(messages)
    return messages


def turns_of(value: object, exact: bool = False) -> Conversation:
    """The messages of a row, whatever their order; ``exact`` allows for no other names."""
    if isinstance(value, str):
        try:
            value = orjson.loads(value)
        except ValueError:
            raise UnfitRowError("its messages are text that is not JSON") from None
    if not isinstance(value, list | tuple):
        raise UnfitRowError(f"its messages are {kind(value)}, not a list")
    return tuple(_message(n, each, exact) for n, each in enumerate(value, 1))


def _message(number: int, value: object, exact: bool) -> Message:
    if isinstance(value, list | tuple) and all(
        isinstance(each, tuple) and len(each) == 2 for each in value
    ):
        value = dict(value)  # a map of Arrow is a list of pairs
    if not isinstance(value, Mapping):
        raise UnfitRowError(f"message {number} is {kind(value)}, not role and content")
    role, content = value.get("role"), value.get("content")
    if not exact:
        role = value.get("from") if role is None else role
        content = value.get("value") if content is None else content
    if not isinstance(role, str):
        raise UnfitRowError(f"message {number} has no role")
    known = ROLES.get(role.strip().casefold())
    if exact and known != role:
        known = None
    if known is None:
        raise UnfitRowError(
            f'message {number} has the role "{shown(role)}", which is none of system, user, '
            "assistant"
        )
    return Message(known, text(content, f"the content of message {number}"))


def text(value: object, name: str) -> str:
    """A text of a row with its line ends as line feeds; UnfitRowError for what is none."""
    if value is None:
        raise UnfitRowError(f"{name} is missing")
    if not isinstance(value, str):
        raise UnfitRowError(f"{name} is {kind(value)}, not text")
    value = value.replace("\r\n", "\n").replace("\r", "\n") if "\r" in value else value
    fault = text_fault(value)
    if fault:
        raise UnfitRowError(f"{name} {fault}")
    return value


def text_fault(value: str) -> str:
    """What is wrong with a text, as the end of a sentence; empty for nothing."""
    if not value.strip():
        return "is empty"
    if "\0" in value:
        return "holds a NUL character"
    try:
        value.encode()
    except UnicodeEncodeError:
        return "holds half of a surrogate pair, which is not UTF-8"
    return ""


def check(messages: Sequence[Message], last: str = "assistant") -> None:
    """UnfitRowError unless the turns are as every trainer takes them, ``last`` speaking last."""
    turns = messages[1:] if messages and messages[0].role == "system" else messages
    if not turns:
        raise UnfitRowError("it has no turns of user and assistant")
    if any(each.role == "system" for each in turns):
        raise UnfitRowError("it has a system message that is not its first, or several")
    for n, each in enumerate(turns):
        wanted = "assistant" if n % 2 else "user"
        if each.role != wanted:
            at = n + 1 + len(messages) - len(turns)
            raise UnfitRowError(
                f"message {at} is of the {each.role} where one of the {wanted} must stand"
            )
    if turns[-1].role != last:
        why = "it ends with the user, so that there is no answer to learn"
        raise UnfitRowError(why if last == "assistant" else "it does not end with the user")


def kind(value: object) -> str:
    """What a value of JSON is, in words."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int | float):
        return "a number"
    if isinstance(value, str):
        return "text"
    if isinstance(value, Mapping):
        return "an object"
    if isinstance(value, list | tuple):
        return "a list"
    return f"of type {type(value).__name__}"


def shown(value: str) -> str:
    """A value as it may stand in a sentence: one line, not long."""
    line = " ".join("".join(c if c.isprintable() else " " for c in value).split())
    return line if len(line) <= SHOWN else f"{line[:SHOWN]}…"


# -- system messages -------------------------------------------------------------------------


def is_rehearsed(messages: Sequence[Message]) -> bool:
    """Whether a conversation says that the rehearsal made it."""
    return any(
        each.role == "system" and each.content.lstrip().startswith(REHEARSAL_MARK)
        for each in messages
    )


def with_system(messages: Conversation, prompt: str | None, rehearsed: bool) -> Conversation:
    """A conversation with another system prompt: None leaves its own, "" removes it.

    A rehearsed one says so whatever is asked for.
    """
    own = messages[0].content if messages[0].role == "system" else ""
    turns = messages[1:] if messages[0].role == "system" else messages
    system = own if prompt is None else prompt
    if rehearsed and not system.startswith(REHEARSAL_MARK):
        system = f"{REHEARSAL_MARK} {system}".strip()
    return (Message("system", system), *turns) if system else turns


def as_row(messages: Conversation) -> dict[str, Any]:
    """A row as it is written."""
    return {"messages": [{"role": each.role, "content": each.content} for each in messages]}
