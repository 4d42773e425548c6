"""What the service says where it does not do what it was asked: any body -> part of a sentence.

Three shapes are known: FastAPI's list of fields, ``{"detail": "text"}``, and a flat envelope of
``error``, ``message`` and ``status``. What stands before the service (a gateway, a proxy) sends
pages, plain text, or nothing.
"""

from __future__ import annotations

import html
import json
import re
from typing import Any

from tribonian.align.service.account import Key
from tribonian.align.service.call import Call, one_line
from tribonian.align.service.failures import (
    NotThereError,
    RefusedError,
    ServiceError,
    UncertainError,
)
from tribonian.ingest.web.status import named

LONGEST = 300  # characters of the service's own words in a sentence
_FIELDS = 5
_TITLE = re.compile(r"<title[^>]*>(.{1,400}?)</title", re.IGNORECASE | re.DOTALL)
_PAGE = re.compile(r"\s*(?:<!doctype html|<html|<head|<body|<!--)", re.IGNORECASE)
# Where the words are, in the envelopes that were seen; the first that has some is taken.
_WORDS = ("detail", "message", "error", "errors", "msg", "title", "error_description")

# status -> what to do; `_OTHERWISE` is for the rest
_ADVICE = {
    401: "the key is missing, wrong or expired: check SEEKR_API_KEY",
    402: "the account has no credit left: see to it on the service's own pages",
    403: "the key or its team may not do that: check SEEKR_API_KEY and SEEKR_TEAM_ID",
    404: "it is not there for this key and team: check SEEKR_BASE_URL and SEEKR_TEAM_ID",
    405: "there is no such call: check SEEKR_BASE_URL",
    407: "the proxy asks for a password: give it in HTTPS_PROXY",
    409: "the state of what is there does not allow it: look at it, and try again",
    410: "it is not there any more: start again without it",
    413: "it is too large: split it into smaller ones",
    415: "it is not taken in this form: try another (--upload md)",
    422: "mend what it names, and try again",
    429: "it is asked too much: try again later",
}
_OTHERWISE = "mend what it names, and try again"
_SILENT = "it gives no reason: check SEEKR_BASE_URL, and look at the service's own pages"
_BROKEN = "the fault is at the service: try again later, and tell its support if it stays"


def refusal(status: int, words: str, call: Call) -> ServiceError:
    """The error for a status that asking again will not change; ``words`` as `said` gives them."""
    kind: type[ServiceError] = ServiceError
    if status in (404, 405, 410):
        kind = NotThereError
    elif status in (401, 403):
        kind = RefusedError
    otherwise = _OTHERWISE if tells_more(words, status) else _SILENT
    advice = _ADVICE.get(status, _BROKEN if status >= 500 else otherwise)
    return kind(f"{declined(status, words, call)}; {advice}.", status, words)


def declined(status: int, words: str, call: Call) -> str:
    """``The service does not start the data job dj-1: it has no files (409 Conflict)``."""
    reason = f": {words}" if tells_more(words, status) else ""
    return f"The service does not {call.doing}{reason} ({named(status)})"


def tells_more(words: str, status: int) -> bool:
    """Do the service's words say more than the name of their status?"""
    return bool(words) and words.lower() not in named(status).lower()


def uncertain(why: str, call: Call, status: int | None = None) -> UncertainError:
    """The error for a request whose effect nobody knows; ``why`` goes on from "but it"."""
    return UncertainError(
        f"The service was asked to {call.doing}, but it {why}, so that it may have done it or not; "
        "look at what is there before it is asked again.",
        status,
    )


def not_taken(errors: Any, call: Call, key: Key) -> ServiceError:
    """The error for a file that the service says it would not take; its status is 200."""
    words = shortened(_words(errors, 0), key)
    return ServiceError(
        f"The service would not {call.doing}: {words or 'it gives no reason'}; mend that, or try "
        "another form (--upload md).",
        200,
        words,
    )


def said(body: bytes, key: Key) -> str:
    """The words of an answer, without the key, bounded, without an end stop; "" for none."""
    text = body.decode("utf-8", "replace")
    if _PAGE.match(text):
        title = _TITLE.search(text)
        return shortened(html.unescape(title[1]), key) if title else "a web page"
    try:
        found = _words(json.loads(text), 0)
    except (ValueError, RecursionError):
        found = text
    return shortened(found, key)


def shortened(text: str, key: Key, longest: int = LONGEST) -> str:
    """A foreign text as part of a sentence: one line, printable, bounded, without the key."""
    line = key.masked(one_line(key.masked(text), len(text) + 1))
    return one_line(line, longest).rstrip(" .;:,")


def _words(value: Any, depth: int) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        if isinstance(value.get("msg"), str) and "loc" in value:
            return _field(value)
        for name in _WORDS:
            if value.get(name) and depth < 4 and (found := _words(value[name], depth + 1)):
                return found
    if isinstance(value, list) and depth < 4:
        named = [found for each in value[:_FIELDS] if (found := _words(each, depth + 1))]
        if len(value) > _FIELDS:
            named.append(f"and {len(value) - _FIELDS} more")
        return "; ".join(named)
    return "" if value in (None, {}, []) else json.dumps(value, ensure_ascii=False)


def _field(fault: dict[str, Any]) -> str:
    """``training_config.n_epochs: Field required``, of an entry of FastAPI's list."""
    places = fault["loc"] if isinstance(fault["loc"], list) else [fault["loc"]]
    names = [str(each) for each in places if isinstance(each, (str, int))]
    if names[:1] == ["body"]:
        names = names[1:]
    return f"{'.'.join(names)}: {fault['msg']}" if names else str(fault["msg"])
