"""What an HTTP status means for the one who asked, as a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from tribonian.ingest.web.answer import HumanOnlyError, NotThereError, WebError

# What may be otherwise in a moment: asked again. The rest stays as it is, and is final.
PASSING = frozenset({202, 408, 425, 429, 500, 502, 503, 504})
REDIRECTS = frozenset({301, 302, 303, 307, 308})
FINE = frozenset({200, 203})

_MEANT = {
    400: "{shown} is not understood by the server (400); check the address.",
    401: "{shown} asks for a user and a password (401); download it and give the file.",
    402: "{shown} asks for money (402); download it and give the file.",
    403: "{shown} is not given to programs (403); save it with a browser and give the file.",
    404: "There is nothing at {shown} (404); check the address.",
    406: "{shown} is not given in a form that can be read here (406); check the address.",
    407: "{shown} is behind a proxy that asks for a password (407); give it in HTTPS_PROXY.",
    410: "There is nothing at {shown} any more (410); find out where it is now.",
    414: "{shown} is too long for the server (414); ask for less at once.",
    451: "{shown} is not given for legal reasons (451); get it elsewhere and give the file.",
}


def named(status: int) -> str:
    """``503 Service Unavailable``."""
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def final_error(status: int, shown: str) -> WebError:
    """The error for a status that will not change by asking again."""
    meant = _MEANT.get(status, f"{{shown}} is answered with {named(status)}; check the address.")
    kind = NotThereError if status in (404, 410) else WebError
    return kind(meant.replace("{shown}", shown), status)


def is_guarded(headers: Mapping[str, str]) -> bool:
    """Do the headers say that a gate answers, which wants to see a human?

    AWS WAF (which also guards EUR-Lex, with status 202) and Cloudflare say so.
    """
    return "x-amzn-waf-action" in headers or headers.get("cf-mitigated") == "challenge"


def captcha_error(host: str, shown: str, status: int) -> HumanOnlyError:
    """The error for a page that asks whether one is human."""
    return HumanOnlyError(
        f"{host} asks whether you are human instead of giving {shown}; "
        "open it in a browser, save it and give the file.",
        status,
    )
