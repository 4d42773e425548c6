"""The address at which a person finds the source of a principle."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import quote, urlsplit, urlunsplit

from tribonian.align.built import BuiltPrinciple, Origin
from tribonian.errors import TribonianError
from tribonian.ingest.ecfr.addresses import Bases, Other, parse_address
from tribonian.ingest.ecfr.citations import parse_citation
from tribonian.ingest.ecfr.units import CfrUnit

ECFR = "https://www.ecfr.gov"
FIRST_DAY = "2017-01-01"  # ecfr.gov shows no older law
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# From the large to the small, as the steps of an address stand.
_STEPS = ("subtitle", "chapter", "subchapter", "part", "subpart", "subject_group", "section")
# An appendix stands in the unit that it is an appendix to: "Appendix A to Part 110".
_APPENDIX = re.compile(
    r"(?P<title>\d+) CFR (?P<name>.+ to (?P<kind>Part|Subpart \S+ of Part) (?P<part>[\w-]+))"
)
_SECTION = re.compile(r"\d+ CFR \d[\w-]*\.\d[\w-]*")
_MEMBER = re.compile(r"(\.(?:zip|tar|tgz|tar\.\w{2,3}))/.*", re.IGNORECASE)
_LONGEST = 2000  # characters; browsers open no longer ones for certain


def link(principle: BuiltPrinciple, origin: Origin) -> str | None:
    """The address of a source of a principle; None where none is known.

    A web document has its own. The CFR, of whatever file or service it came, is shown by
    ecfr.gov as of the day that was read. For other files there is none: the locator says where
    in them it is. The address is always one of http or https.
    """
    address = _web_address(origin.document)
    if address is not None:
        return address
    day = origin.as_of or ""
    if principle.citation is None or not _DAY.fullmatch(day) or day < FIRST_DAY:
        return None
    path = ecfr_path(principle.citation)
    return f"{ECFR}/on/{day}/{path}" if path is not None else None


@lru_cache(maxsize=1 << 16)
def ecfr_path(citation: str) -> str | None:
    """What stands behind the date in the address of a unit: ``title-21/section-11.10``.

    None for what is no one unit of the CFR, or of a title that it does not have.
    """
    appendix = _APPENDIX.fullmatch(citation)
    if appendix is not None:
        if not 1 <= int(appendix["title"][:4]) <= 50:
            return None
        return "/".join(
            (
                f"title-{int(appendix['title'])}",
                f"part-{_quoted(appendix['part'])}",
                f"appendix-{_quoted(appendix['name'])}",
            )
        )
    section = _SECTION.match(citation)
    try:
        asked = parse_citation(citation)
    except TribonianError:
        # 21 CFR 101.70(f)D. has designators that no address has; the section's page has it
        shorter = section[0] if section is not None else citation
        return ecfr_path(shorter) if shorter != citation else None
    if asked is None or len(asked.wanted) != 1 or not isinstance(asked.wanted[0], CfrUnit):
        return None
    unit = asked.wanted[0]
    if unit.appendix or not 1 <= unit.title <= 50:
        return None  # an appendix is found by its whole name alone
    if unit.subject_group or (unit.section and "." not in unit.section):
        return None  # 14 CFR part 241 numbers its sections anew
    steps = [f"title-{unit.title}"]
    steps += [
        f"{step.replace('_', '-')}-{_quoted(getattr(unit, step))}"
        for step in _STEPS
        if getattr(unit, step)
    ]
    anchor = f"#p-{_quoted(unit.section + unit.paragraph)}" if unit.paragraph else ""
    return "/".join(steps) + anchor


def _quoted(text: str) -> str:
    return quote(text, safe="().,-")


def _web_address(document: str) -> str | None:
    """A document's name, if it is a web address of another site than the eCFR's.

    Neither a user nor a password, nor what a browser would run, is left in it.
    """
    if len(document) > _LONGEST or not document[:8].casefold().startswith(("http://", "https://")):
        return None
    try:
        other = parse_address(_MEMBER.sub(r"\1", document), Bases())
        if not isinstance(other, Other):
            return None
        parts = urlsplit(other.text)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            return None
        host = parts.netloc.rpartition("@")[2]
    except (TribonianError, ValueError):
        return None
    path = quote(parts.path, safe="/%:@!$&'()*+,;=~-._")
    query = quote(parts.query, safe="/%:@!$&'()*+,;=~-._?")
    fragment = quote(parts.fragment, safe="/%:@!$&'()*+,;=~-._?")
    if not re.fullmatch(r"[\w.\-\[\]:%]+", host):
        return None
    return urlunsplit((parts.scheme, host, path, query, fragment))
