"""What the user named: a citation, an address, a profile, a bucket, or a file of this machine."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from urllib.request import url2pathname

from tribonian.errors import DocumentError, UsageError

if TYPE_CHECKING:
    from tribonian.ingest.ecfr.addresses import Bases
    from tribonian.ingest.ecfr.units import Asked


@dataclass(frozen=True, slots=True)
class OfCfr:
    """Units of the CFR; ``text`` is what was typed, here and below without passwords."""

    text: str
    asked: Asked


@dataclass(frozen=True, slots=True)
class OfWeb:
    """Any other http(s) address."""

    text: str
    url: str
    is_govinfo: bool = False


@dataclass(frozen=True, slots=True)
class OfBucket:
    """An object, or all below a prefix, of a store that fsspec knows."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class OfDisk:
    """A file or folder of this machine, there or not."""

    text: str


@dataclass(frozen=True, slots=True)
class Refused:
    """What plainly means something, and cannot be had; ``reason`` is one sentence."""

    text: str
    reason: str


Named = OfCfr | OfWeb | OfBucket | OfDisk | Refused

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*(?:://|::)")
_WITHOUT_SCHEME = re.compile(r"(?:www\.)?(?:ecfr|govinfo)\.gov(?:/|$)", re.IGNORECASE)
_STATUTE = re.compile(r"\d+\s*U\.?\s?S\.?\s?C\b", re.IGNORECASE)
_PROFILE = "profile:"


def what_is_named(given: Sequence[str], bases: Bases) -> list[Named]:
    """What each text names, in the order given, each once; nothing is asked of anyone.

    A file that is there comes before a citation that reads the same. UsageError for a date
    that is none, since then nothing at all may be sent.
    """
    out: list[Named] = []
    if any(not text.strip() for text in given):
        raise UsageError("One of the sources is empty; name a file, a citation or an address.")
    for text in dict.fromkeys(given):
        try:
            out += _named(text, bases)
        except DocumentError as error:
            shown = as_shown(text)
            out.append(Refused(shown, str(error).replace(text, shown)))
    return out


def as_shown(text: str) -> str:
    """What was typed as it may be shown and kept: an address without passwords and keys."""
    text = text.encode(errors="replace").decode()
    if "//" not in text and "?" not in text:
        return text
    from tribonian.ingest.sources.downloads import without_secrets

    return without_secrets(text)


def _named(text: str, bases: Bases) -> list[Named]:
    if os.path.lexists(text):
        return [OfDisk(text)]
    _check_text(text)
    if text.startswith(_PROFILE):
        return _of_profile(text)
    if _WITHOUT_SCHEME.match(text):
        return [_of_address(text, f"https://{text}", bases)]
    scheme = _SCHEME.match(text)
    if scheme is not None:
        name = scheme[0].partition(":")[0].lower()
        if name in ("http", "https") and scheme[0].endswith("//"):
            return [_of_address(text, text, bases)]
        if name == "file" and scheme[0].endswith("//"):
            path = url2pathname(urlsplit(text).path)
            _check_text(path)
            return [OfDisk(path)]
        return [OfBucket(as_shown(text), text)]
    return [_of_citation(text)]


def _check_text(text: str) -> None:
    """DocumentError for what no system takes for a name, and no server for an address."""
    if "\0" in text:
        raise DocumentError("It has a NUL character in it, which no name has; check it.")
    if _SCHEME.match(text) and text != text.encode(errors="replace").decode():
        raise DocumentError("It has bytes in it that are no text; copy the address anew.")


def _of_profile(text: str) -> list[Named]:
    from tribonian.ingest.ecfr.citations import parse_citation
    from tribonian.ingest.sources.profiles import citations, profile

    out: list[Named] = []
    for name in text.removeprefix(_PROFILE).split(","):
        for citation in citations(profile(name.strip())):
            asked = parse_citation(citation)
            if asked is None:
                raise DocumentError(f"The profile cites {citation}, which is no citation.")
            out.append(OfCfr(text, asked))
    return out


def _of_address(text: str, url: str, bases: Bases) -> Named:
    from tribonian.ingest.ecfr.addresses import Other, parse_address

    found = parse_address(url, bases)
    if isinstance(found, Other):
        return OfWeb(as_shown(text), found.url, found.govinfo)
    return OfCfr(as_shown(text), found)


def _of_citation(text: str) -> Named:
    from tribonian.ingest.ecfr.citations import looks_like_citation, parse_citation

    asked = parse_citation(text)
    if asked is not None:
        return OfCfr(text, asked)
    if _STATUTE.match(text):
        return Refused(
            text,
            "The United States Code is not fetched by citation; download the title from "
            "uscode.house.gov, as XML, and name the file.",
        )
    if looks_like_citation(text):
        return Refused(
            text,
            "There is no such file or folder; if a citation is meant, write it like "
            '"21 CFR 701.3" or "21 CFR part 701 subpart B".',
        )
    return OfDisk(text)
