"""Addresses of ecfr.gov: the pages of today's site, its API, and the pages of the old site.

``/current/title-21/chapter-I/subchapter-G``, ``/on/2024-01-01/title-21/part-11#p-11.10(a)``,
``/api/versioner/v1/full/2024-01-01/title-21.xml?part=11``,
``/cgi-bin/text-idx?node=pt21.1.11``.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from urllib.parse import parse_qsl, unquote

from tribonian.errors import DocumentError, UsageError
from tribonian.ingest.ecfr.citations import parse_citation
from tribonian.ingest.ecfr.old_addresses import parse_old
from tribonian.ingest.ecfr.section_numbers import split_section
from tribonian.ingest.ecfr.units import Asked, CfrUnit

_STEP = re.compile(
    r"(?P<kind>title|subtitle|chapter|subchapter|part|subpart|subject-group|section|appendix)"
    r"-(?P<number>.+)",
    re.IGNORECASE | re.DOTALL,
)
_TITLE = re.compile(r"title-(?P<number>\d{1,4})(?:\.(?:xml|json|html))?", re.IGNORECASE)
_NUMBER = re.compile(r"[\w(][\w .()&,'’/§–—-]{0,199}")
_IDENTIFIER = re.compile(r"[^\x00-\x1f\x7f]{1,300}")
_LEVELS = ("subtitle", "chapter", "subchapter", "part", "subpart", "subject_group", "section",
           "appendix")  # fmt: skip
# Appendix-A-1-to-Part-50: an anchor has dashes for the spaces of the identifier
_DASHED_APPENDIX = re.compile(
    r"(?P<annex>Appendix|Supplement|Schedule|Exhibit|Attachment|Table)-(?P<number>.+?)"
    r"-to-(?P<where>Part|Subpart|Chapter|Subchapter)-(?P<in>[^\s-]+(?:-\d+)?)"
    r"(?:-of-(?P<outer>Part|Chapter)-(?P<outer_number>[^\s]+))?",
    re.IGNORECASE,
)
_GROUPS = re.compile(r"(?P<name>.+?)(?P<paragraph>(?:\([A-Za-z0-9]{1,8}(?:-[A-Za-z0-9]{1,8})?\))+)")

# The site's own pages that show no unit of law, and what to do instead of them.
_INSTEAD = {
    "compare": 'two dates side by side; build each by its own address, "https://www.ecfr.gov/'
    'on/DATE/…", and compare their principles.md',
    "recent-changes": 'what has changed; build the title or part at two dates with --date and '
    "compare their principles.md",
    "search": 'what a search finds; give the address of one of its results, or a citation such '
    'as "21 CFR part 11"',
    "cfr-reference": 'no unit of law by itself; give a citation such as "21 CFR part 11"',
    "reader-aids": 'a page of help; give a citation such as "21 CFR part 11"',
}  # fmt: skip


def parse_ecfr(path: str, query: str, fragment: str, shown: str) -> Asked:
    """The units that an address of ecfr.gov shows, and its date if it says one.

    ``path`` begins after the host; ``shown`` is the address for sentences. DocumentError for a
    page that shows no unit of law; UsageError for a date that is none.
    """
    steps = [step for step in path.split("/") if step]
    first = steps[0].lower() if steps else ""
    asked = parse_qsl(query, keep_blank_values=False)
    if first == "current":
        return _page(steps[1:], fragment, None, shown)
    if first == "on" and len(steps) > 1:
        return _page(steps[2:], fragment, _day(unquote(steps[1]), shown), shown)
    if first == "api":
        return _api([unquote(step) for step in steps[1:]], asked, shown)
    if first in ("cgi-bin", "cgi"):
        return parse_old(asked, unquote(fragment), shown)
    if first == "cfr-reference":
        return _reference(dict(asked), shown)
    if _TITLE.fullmatch(first):  # /current left out
        return _page(steps, fragment, None, shown)
    instead = _INSTEAD.get(first.partition(".")[0])
    if instead is None:
        example = '"https://www.ecfr.gov/current/title-21/part-11"'
        instead = f"no unit of law; give the address of a title, part or section, such as {example}"
    raise DocumentError(f'"{shown}" shows {instead}.')


def _day(stated: str, shown: str) -> str | None:
    """The date in an address; None for ``current``."""
    if stated.lower() == "current":
        return None
    try:
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", stated, re.ASCII):
            raise ValueError
        return date.fromisoformat(stated).isoformat()
    except ValueError:
        raise UsageError(
            f'"{stated[:40]}" in "{shown}" is no date; write it as YYYY-MM-DD.'
        ) from None


def _page(steps: list[str], fragment: str, day: str | None, shown: str) -> Asked:
    """A page of today's site: any subset of the steps from the title down."""
    said: dict[str, str] = {}
    for step in steps:
        found = _STEP.fullmatch(unquote(step).strip())
        if found is None:
            raise DocumentError(
                f'"{unquote(step)[:80]}" in "{shown}" is no unit of the CFR; write it like '
                '"title-21", "part-11" or "section-11.10".'
            )
        kind = found["kind"].lower().replace("-", "_")
        if kind in said:
            raise DocumentError(f'"{shown}" names two units of one kind; name one of them.')
        said[kind] = found["number"].strip()
    if "title" not in said:
        raise DocumentError(
            f'"{shown}" names no title; write it like '
            '"https://www.ecfr.gov/current/title-21/part-11".'
        )
    unit = _unit(said.pop("title"), said, shown)
    return Asked(shown, (_scrolled(unit, fragment, shown),), day)


def _unit(title: str, said: dict[str, str], shown: str) -> CfrUnit:
    """The unit of an address from its numbers."""
    if not re.fullmatch(r"\d{1,4}", title, re.ASCII) or not 1 <= int(title) <= 50:
        raise DocumentError(
            f'"{shown}" names the title "{title[:20]}", and the CFR has titles 1 to 50.'
        )
    values: dict[str, str] = {}
    for kind, number in said.items():
        if not (_IDENTIFIER if kind == "appendix" else _NUMBER).fullmatch(number):
            raise DocumentError(
                f'"{number[:40]}" in "{shown}" is no number of a {kind.replace("_", " ")}; copy '
                "the address again from the page."
            )
        values[kind] = number
    if "section" in values and (split := split_section(values["section"])):
        values["section"], values["paragraph"] = split
    if "appendix" in values:
        values["appendix"] = _identifier(values["appendix"])
    for kind in ("subtitle", "chapter", "subchapter"):
        if values.get(kind, "").islower():
            values[kind] = values[kind].upper()
    return CfrUnit(int(title), **values)


def _identifier(written: str) -> str:
    """An appendix as the eCFR names it: ``Appendix A-1 to Part 50``."""
    found = _DASHED_APPENDIX.fullmatch(written)
    if found is None:
        return written
    number = re.sub(r"^No\.?-", "No. ", found["number"])
    name = f"{found['annex'].capitalize()} {number} to {found['where'].capitalize()} {found['in']}"
    if found["outer"]:
        name += f" of {found['outer'].capitalize()} {found['outer_number']}"
    return name


def _scrolled(unit: CfrUnit, fragment: str, shown: str) -> CfrUnit:
    """The unit to which an address scrolls on its page; the page's where it says none.

    ``#p-11.10(a)(1)`` and ``#11.10`` are of the page's text; ``#subpart-B`` is an id of a
    heading. What the page's furniture is called (``#toc``) says nothing of law.
    """
    anchor = unquote(fragment).partition(":~:")[0].strip()
    bare = anchor.removeprefix("p-").removeprefix("P-")
    if not anchor:
        return unit
    if (found := split_section(bare)) is not None:
        section, paragraph = found
        if unit.section and section != unit.section:
            raise DocumentError(
                f'"{shown}" is the page of section {unit.section} and scrolls to {section}; name '
                "one of them."
            )
        return replace(unit, section=section, paragraph=paragraph or unit.paragraph)
    groups = _GROUPS.fullmatch(bare)
    name = groups["name"] if groups else bare
    if _DASHED_APPENDIX.fullmatch(name):
        if groups:
            raise DocumentError(
                f'"{shown}" names a paragraph of an appendix, which cannot be cut out; ask for '
                "the whole appendix, without what follows its name."
            )
        return replace(unit, appendix=_identifier(name))
    step = _STEP.fullmatch(anchor)
    if step is not None and step["kind"].lower() != "title":
        kind = step["kind"].lower().replace("-", "_")
        found_unit = _unit(str(unit.title), {kind: step["number"].strip()}, shown)
        number = getattr(found_unit, kind)
        if getattr(unit, kind) in ("", number):
            return replace(unit, **{kind: number})
        raise DocumentError(f'"{shown}" names two units of one kind; name one of them.')
    return unit


def _api(steps: list[str], asked: list[tuple[str, str]], shown: str) -> Asked:
    """An address of the API: the text of a unit, as XML or as a page."""
    low = [step.lower() for step in steps]
    at = next((at for at, step in enumerate(steps) if _TITLE.fullmatch(step)), -1)
    served = low[0] in ("versioner", "renderer") if low else False
    if not served or at < 1:
        what = "what a search finds" if low[:1] == ["search"] else "no unit of law"
        raise DocumentError(
            f'"{shown}" shows {what}; give a citation such as "21 CFR part 11", or the address '
            "of a title, part or section."
        )
    found = _TITLE.fullmatch(steps[at])
    assert found is not None
    said: dict[str, str] = {}
    for name, number in asked:
        name = name.strip().lower().replace("-", "_")
        if name not in _LEVELS:
            continue
        if said.get(name, number.strip()) != number.strip():
            raise DocumentError(f'"{shown}" names two units of one kind; name one of them.')
        said[name] = number.strip()
    unit = _unit(found["number"], said, shown)
    if "full" in low[:at] or low[0] == "renderer":
        return Asked(shown, (unit,), _day(steps[at - 1], shown))
    raise DocumentError(
        f'"{shown}" is a list about the law and not its text; ask for the text as '
        f'"{unit.citation}".'
    )


def _reference(asked: dict[str, str], shown: str) -> Asked:
    """``/cfr-reference?cfr[reference]=21 CFR 11``, which federalregister.gov links to."""
    found = parse_citation(asked.get("cfr[reference]", ""))
    if found is None:
        raise DocumentError(f'"{shown}" shows {_INSTEAD["cfr-reference"]}.')
    stated = asked.get("cfr[date]", "")
    return Asked(shown, found.wanted, _day(stated, shown) if stated else found.date)
