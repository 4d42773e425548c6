"""Web addresses of the CFR, turned into the units of law that they show.

ecfr.gov turns programs away, so that a page of it is answered from its API: what is read here
is which unit, on which date, an address shows. Addresses of govinfo.gov stay as they are but
for the host; all others are nobody's concern here.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from tribonian.errors import DocumentError, UsageError
from tribonian.ingest.ecfr.ecfr_addresses import parse_ecfr
from tribonian.ingest.ecfr.govinfo_addresses import check_govinfo
from tribonian.ingest.ecfr.units import Asked

# ecfr.federalregister.gov was the new site before it took over; ecfr.gpoaccess.gov the oldest.
_ECFR_HOSTS = frozenset(
    ("www.ecfr.gov", "ecfr.gov", "ecfr.federalregister.gov", "ecfr.gpoaccess.gov",
     "www.ecfr.gpoaccess.gov")
)  # fmt: skip
_GOVINFO_HOSTS = frozenset(("www.govinfo.gov", "govinfo.gov"))
_LONGEST = 8192  # characters, as most servers have it
_PORTS = {"http": 80, "https": 443}
_USER = re.compile(r"^(\s*[A-Za-z][A-Za-z0-9+.-]*:[/\\]*)[^/\\?#]*@")


@dataclass(frozen=True, slots=True)
class Bases:
    """Where the eCFR's API and govinfo are: the official hosts, a mirror, a test server."""

    ecfr: str = "https://www.ecfr.gov"
    govinfo: str = "https://www.govinfo.gov"

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Bases:
        """``ECFR_BASE_URL`` and ``GOVINFO_BASE_URL``; UsageError for what is no web address."""
        environment = os.environ if environment is None else environment
        bases = {}
        for name, usual in (("ECFR_BASE_URL", cls().ecfr), ("GOVINFO_BASE_URL", cls().govinfo)):
            base = (environment.get(name) or usual).strip().rstrip("/")
            parts = _split(base)
            if parts is None or parts.query or parts.fragment:
                raise UsageError(
                    f'{name} is "{without_credentials(base)}", which is no address of a server; '
                    f'write it like "{usual}".'
                )
            bases[name] = base
        return cls(bases["ECFR_BASE_URL"], bases["GOVINFO_BASE_URL"])


@dataclass(frozen=True, slots=True)
class Other:
    """An address that is fetched as it stands.

    ``url`` is what to ask; it may hold a user and a password, so that ``text``, the address as
    typed without them, is what to print and to keep on record. ``govinfo`` says that it is
    govinfo's, which answers for a document that is not there with a page and status 200.
    """

    url: str
    text: str
    govinfo: bool = False


def without_credentials(url: str) -> str:
    """An address as it may be shown: without user and password.

    Of what cannot be read as an address nothing is shown that stands before an @.
    """
    if _split(url) is None:
        return url.rpartition("@")[2]
    return _USER.sub(r"\1", url)


def parse_address(url: str, bases: Bases) -> Asked | Other:
    """What an http(s) address asks for.

    A page of ecfr.gov, of whatever age, or an address of its API is the units that it shows;
    DocumentError for one that shows no unit of law, or does not say which. Any other address is
    itself, govinfo's with the host of ``bases``; DocumentError for one of its pages that are
    no documents, with the address of the document. UsageError for a date that is none.
    """
    typed = url.strip()
    shown = without_credentials(typed)
    parts = _split(typed)
    if parts is None:
        raise DocumentError(
            f'"{_short(shown)}" is no web address; write one like '
            '"https://www.ecfr.gov/current/title-21/part-11".'
        )
    path = _path_below(parts, bases.ecfr, _ECFR_HOSTS)
    if path is not None:
        asked = parse_ecfr(path, parts.query, parts.fragment, _short(shown))
        return Asked(shown, asked.wanted, asked.date)
    path = _path_below(parts, bases.govinfo, _GOVINFO_HOSTS)
    if path is not None:
        check_govinfo(path, _short(shown))
        query = f"?{parts.query}" if parts.query else ""
        return Other(f"{bases.govinfo.rstrip('/')}{path}{query}", shown, govinfo=True)
    return Other(typed.partition("#")[0], shown)


def _split(url: str) -> SplitResult | None:
    """An address in its pieces; None where it is none of http or https."""
    if (
        len(url) > _LONGEST
        or any(ord(char) < 32 or ord(char) == 127 for char in url)
        or "\\" in url
    ):
        return None
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:  # brackets that do not close, a port that is no number
        return None
    return parts if parts.scheme in _PORTS and host else None


def _place(parts: SplitResult) -> tuple[str, int]:
    """Host and port, for comparison."""
    return (parts.hostname or "").rstrip("."), parts.port or _PORTS[parts.scheme]


def _path_below(parts: SplitResult, base: str, hosts: frozenset[str]) -> str | None:
    """The path below a site's address; None where the address is not one of that site."""
    own = _split(base)
    if own is not None and (own.scheme, *_place(own)) == (parts.scheme, *_place(parts)):
        above = own.path.rstrip("/")
        if parts.path == above or parts.path.startswith(f"{above}/"):
            return parts.path[len(above) :]
    host, port = _place(parts)
    return parts.path if host in hosts and port == _PORTS[parts.scheme] else None


def _short(url: str) -> str:
    """An address for a sentence, on one line."""
    url = "".join(char if char.isprintable() else " " for char in url)
    return url if len(url) <= 160 else f"{url[:159]}…"
