"""Addresses as they are typed, compared and shown: never with a password or a key."""

from __future__ import annotations

import hashlib
import re
from urllib.parse import SplitResult, urlsplit, urlunsplit

from tribonian.ingest.web.answer import WebError

# What says where or which, and never who is asking: only these are shown with their values.
# Keys of interfaces and signatures of storage services travel in queries, by any name.
PLAIN_PARAMETERS = frozenset({
    "appendix", "chapter", "date", "format", "hierarchy", "id", "issue_date", "lang", "language",
    "page", "part", "query", "section", "subchapter", "subpart", "subtitle", "title", "type",
    "uri", "version", "year",
})  # fmt: skip
PORTS = {"http": 80, "https": 443}

Origin = tuple[str, str, int]


def split_address(url: str) -> SplitResult:
    """The parts of an address of the web; WebError for what is none."""
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - the port is read, and refused, only when it is asked for
    except ValueError:
        raise WebError(f"{shown(url)!r} is not an address of the web; check it.") from None
    if parts.scheme.lower() not in PORTS:
        raise WebError(
            f"{shown(url)} is not asked for, because only http and https are; "
            "download it and give the file."
        )
    if not parts.hostname or re.search(r"[\x00-\x20\x7f]", parts.netloc):
        raise WebError(f"{shown(url)!r} names no host; check the address.")
    return parts


def origin(url: str) -> Origin:
    """Scheme, host and port: what two addresses must share to be the same server (RFC 6454)."""
    parts = split_address(url)
    scheme = parts.scheme.lower()
    host = (parts.hostname or "").rstrip(".")
    return scheme, host, parts.port if parts.port is not None else PORTS[scheme]


def bare(url: str) -> str:
    """The address without its fragment, user name and password."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2], fragment=""))


def user_of(url: str) -> str:
    """``user:password`` in an address, "" where there is none."""
    return urlsplit(url).netloc.rpartition("@")[0]


def shown(url: str) -> str:
    """The address for a sentence: no user, no password, no value that may be a key."""
    try:
        parts = urlsplit(bare(url))
    except ValueError:
        return re.sub(r"//[^/@]*@", "//", url).partition("?")[0]
    query = "&".join(_shown_parameter(pair) for pair in parts.query.split("&") if pair)
    path = re.sub(r"(;[^/;=]*=)[^/;]+", r"\1…", parts.path)  # Java's sessions
    return urlunsplit(parts._replace(path=path, query=query))


def sealed(url: str) -> str:
    """The address as it is kept: a hash stands for what `shown` leaves out.

    So one can tell whether two are the same, and not what a key in them is.
    """
    without = shown(url)
    try:
        plain = bare(url)
    except ValueError:  # no address of the web, but what a store calls an object
        plain = url
    if plain == without:
        return plain
    return f"{without}#{hashlib.sha256(plain.encode()).hexdigest()}"


def host_of(url: str) -> str:
    """The host for a sentence, with its port where that is no usual one."""
    return urlsplit(url).netloc.rpartition("@")[2]


def _shown_parameter(pair: str) -> str:
    name, equals, value = pair.partition("=")
    if re.sub(r"(?:\[|%5b)\w*(?:\]|%5d)$", "", name.lower()) in PLAIN_PARAMETERS:
        return pair
    return f"{name}{equals}…" if value else ("…" if not equals else pair)
