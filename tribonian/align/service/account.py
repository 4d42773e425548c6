"""Whose work it is: the address of the service, the key, the team; and how the key stays hidden."""

from __future__ import annotations

import hmac
import html
import json
import os
import re
import string
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import ip_address
from typing import NoReturn
from urllib.parse import SplitResult, quote, quote_plus, urlsplit, urlunsplit

import httpx

from tribonian.errors import UsageError

# The same names and the same default as the official SDK.
KEY, BASE_URL, TEAM = "SEEKR_API_KEY", "SEEKR_BASE_URL", "SEEKR_TEAM_ID"
SERVICE = "https://flow.seekr.com"

HIDDEN = "[key]"  # what stands where the key stood
_RUN = 12  # so many characters of the key in a row are part of it, and no word by chance
_TAIL = 4  # the same at the end of a text, which may have been cut there


class Key:
    """The key of an account, which nothing shows: no repr, format, pickle, copy or comparison.

    Spaces and line feeds around it are taken away, as they come with pasting. UsageError, which
    does not show it, for what cannot be a key.
    """

    __slots__ = ("__secret",)

    def __init__(self, text: str) -> None:
        secret = text.strip()
        if not secret:
            raise UsageError(f"{KEY} is empty; put the key of your SeekrFlow account there.")
        if secret.lower().startswith("bearer "):
            raise UsageError(
                f'{KEY} begins with "Bearer", which the service does not want; '
                "give the key by itself."
            )
        if not re.fullmatch(r"[\x21-\x7e]+", secret):
            raise UsageError(
                f"{KEY} has a space, a line feed or a character in it that no key has; copy the "
                "key again from your SeekrFlow account."
            )
        self.__secret: Callable[[], str] = lambda: secret

    def secret(self) -> str:
        """The key itself, for the header that it travels in and for nothing else."""
        return self.__secret()

    @property
    def is_short(self) -> bool:
        """Whether it is so short that other texts may hold it by chance, as a word or a name."""
        return len(self.secret()) < _RUN

    def masked(self, text: str) -> str:
        """The text, with `HIDDEN` wherever it holds the key.

        Found as it is, quoted for an address, and escaped for JSON or HTML, in any case of
        letters; also a part of the key of 12 characters or more, or of half of a longer one, and
        the beginning of it, of 4 or more, where the text ends (and may have been cut off).
        """
        out, done = [], 0
        for start, end in _joined(_spans(_forms(self.secret()), text.translate(_SMALL))):
            out += [text[done:start], HIDDEN]
            done = end
        return "".join([*out, text[done:]])

    def __repr__(self) -> str:
        return f"Key({HIDDEN!r})"

    def __str__(self) -> str:
        return HIDDEN

    def __format__(self, spec: str) -> str:
        return format(HIDDEN, spec)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Key):
            return NotImplemented
        return hmac.compare_digest(self.secret(), other.secret())

    def __hash__(self) -> int:
        return hash((Key, self.secret()))

    def __reduce__(self) -> NoReturn:
        raise TypeError("a key is not written down")

    def __copy__(self) -> Key:
        return self

    def __deepcopy__(self, memo: object) -> Key:
        return self


_SMALL = {ord(letter): letter.lower() for letter in string.ascii_uppercase}


@lru_cache(maxsize=4)
def _forms(secret: str) -> tuple[str, ...]:
    """The key as it is, and as other texts may hold it."""
    forms = {
        secret,
        quote(secret, safe=""),
        quote(secret),
        quote_plus(secret),
        json.dumps(secret)[1:-1],
        json.dumps(secret)[1:-1].replace("/", "\\/"),
        html.escape(secret),
        repr(secret)[1:-1],
    }
    return tuple(sorted({form.translate(_SMALL) for form in forms}))


def _spans(forms: tuple[str, ...], text: str) -> Iterator[tuple[int, int]]:
    """Where the text holds a form of the key, or a part of one."""
    for form in forms:
        start = -1
        while (start := text.find(form, start + 1)) >= 0:
            yield start, start + len(form)
        for n in range(_TAIL, len(form)):
            if text.endswith(form[:n]):
                yield len(text) - n, len(text)
    run = max(_RUN, min(map(len, forms)) // 2)
    runs = {form[n : n + run] for form in forms for n in range(len(form) - run + 1)}
    for n in range(len(text) - run + 1):
        if text[n : n + run] in runs:
            yield n, n + run


def _joined(spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    start = end = -1
    for one, other in sorted(spans):
        if one > end:
            if end > start:
                yield start, end
            start = one
        end = max(end, other)
    if end > start:
        yield start, end


@dataclass(frozen=True, slots=True)
class Account:
    """What every request needs; ``team`` is None for the personal team of the key.

    ``base_url`` is brought to one form: no slash at its end, and no ``/v1``, which the paths of
    the calls begin with. UsageError for one that is no address, or that the key would travel to
    unencrypted.
    """

    base_url: str
    key: Key
    team: str | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "base_url", _base(self.base_url))
        team = (self.team or "").strip() or None
        if team and not re.fullmatch(r"[\x20-\x7e]+", team):
            raise UsageError(f"{TEAM} has characters in it that no team has; copy it again.")
        object.__setattr__(self, "team", team)


def account(environ: Mapping[str, str] | None = None) -> Account:
    """The account that the environment names; UsageError where it names none."""
    named = os.environ if environ is None else environ
    if not named.get(KEY, "").strip():
        raise UsageError(
            f"{KEY} is not set; put the API key of your SeekrFlow account ({SERVICE}) there, or "
            "use --rehearse, which needs none."
        )
    return Account(named.get(BASE_URL, "").strip() or SERVICE, Key(named[KEY]), named.get(TEAM))


def is_loopback(host: str) -> bool:
    """Is it this machine, by a name or a number that can be no other?"""
    host = host.lower().rstrip(".")
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _base(text: str) -> str:
    parts = _address(text.strip())
    if parts.scheme == "http" and not is_loopback(parts.hostname or ""):
        raise UsageError(
            f"{BASE_URL} is {parts.scheme}://{parts.netloc}, where the key would travel "
            "unencrypted; use https://."
        )
    path = re.sub(r"/v\d+$", "", parts.path.rstrip("/")).rstrip("/")
    return urlunsplit(parts._replace(path=path))


def _address(text: str) -> SplitResult:
    sentence = f"{BASE_URL} is no address of a service; give one as {SERVICE} is."
    try:
        parts = urlsplit(text)
        usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
        (parts.hostname or "").encode("idna")  # as it will be for the name service
        httpx.URL(text)
    except (ValueError, httpx.InvalidURL):  # of the first is UnicodeError
        raise UsageError(sentence) from None
    if "@" in parts.netloc:
        raise UsageError(f"{BASE_URL} holds a user or a password; take it out of the address.")
    if not usable or parts.query or parts.fragment or not re.fullmatch(r"[\x21-\x7e]+", text):
        raise UsageError(sentence)
    return parts
