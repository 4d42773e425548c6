"""Bodies of answers as the messages that the contract promises, or one sentence."""

from __future__ import annotations

import json
from typing import Any, TypeVar

from pydantic import ValidationError

from tribonian.align.service.account import Key
from tribonian.align.service.call import Call
from tribonian.align.service.failures import ServiceError
from tribonian.align.service.refusals import shortened, uncertain
from tribonian.schemas.service import Message

M = TypeVar("M", bound=Message)

_SHOWN = 120  # characters of what was found instead


class _OtherwiseError(Exception):
    """The body is not what it should be; the text says in what."""


def understood(kind: type[M], body: bytes, call: Call, key: Key) -> M:
    """The message that an answer is; ServiceError (UncertainError after an effect) else."""
    try:
        return _message(kind, _masked(_json(body), key))
    except _OtherwiseError as error:
        why = str(error)
    raise misunderstood(body, call, key, why)


def understood_all(kind: type[M], body: bytes, call: Call, key: Key) -> list[M]:
    """The messages of a list: bare, or in ``data`` (the contract has both)."""
    try:
        value = _masked(_json(body), key)
        if isinstance(value, dict) and "data" in value:
            value = [] if value["data"] is None else value["data"]
        if not isinstance(value, list):
            raise _OtherwiseError("it is no list")
        return [_message(kind, each) for each in value]
    except _OtherwiseError as error:
        why = str(error)
    raise misunderstood(body, call, key, why)


def misunderstood(body: bytes, call: Call, key: Key, why: str) -> ServiceError:
    """The error for an answer that is not what the contract promises, showing how it begins.

    Where the request has an effect, that may have happened all the same.
    """
    beginning = shortened(body[:4096].decode("utf-8", "replace"), key, _SHOWN)
    found = f": “{beginning}”" if beginning else ""
    if call.once:
        return uncertain(f"answered with what is not documented ({why}){found}", call)
    return ServiceError(
        f"The service was asked to {call.doing}, and its answer is not what is documented ({why})"
        f"{found}; check SEEKR_BASE_URL, and whether a proxy or a sign-in page stands between."
    )


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise _OtherwiseError("it is no JSON" if body.strip() else "it is empty") from None


# What the service says in words, where it may repeat what it was given.
_WORDS = frozenset(("status_message", "error_message", "suggested_fix", "message", "errors"))


def _masked(value: Any, key: Key, name: str = "") -> Any:
    """A value without the key in any text that is for people; ids and names stay as they are."""
    if isinstance(value, dict):
        return {each: _masked(inner, key, each) for each, inner in value.items()}
    if isinstance(value, list):
        return [_masked(inner, key, name) for inner in value]
    return key.masked(value) if name in _WORDS and isinstance(value, str) else value


def _message(kind: type[M], value: Any) -> M:
    if not isinstance(value, dict):
        raise _OtherwiseError("it is no object")
    try:
        return kind.model_validate(value)
    except ValidationError as error:
        fault = error.errors(include_url=False, include_input=False, include_context=False)[0]
        place = ".".join(map(str, fault["loc"]))
        raise _OtherwiseError(f"{place}: {fault['msg'].lower()}") from None
