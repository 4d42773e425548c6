"""What is beside the API: the website that turns programs away, govinfo, rendered pages."""

from __future__ import annotations

import html
import json

from lxml import etree

from tests.servers.titles import citation, hierarchy, kind

# The number, name and state of every title, as titles.json has them.
TITLE_NAMES = (
    "General Provisions", "Federal Financial Assistance", "The President", "Accounts",
    "Administrative Personnel", "Domestic Security", "Agriculture", "Aliens and Nationality",
    "Animals and Animal Products", "Energy", "Federal Elections", "Banks and Banking",
    "Business Credit and Assistance", "Aeronautics and Space", "Commerce and Foreign Trade",
    "Commercial Practices", "Commodity and Securities Exchanges",
    "Conservation of Power and Water Resources", "Customs Duties", "Employees' Benefits",
    "Food and Drugs", "Foreign Relations", "Highways", "Housing and Urban Development", "Indians",
    "Internal Revenue", "Alcohol, Tobacco Products and Firearms", "Judicial Administration",
    "Labor", "Mineral Resources", "Money and Finance: Treasury", "National Defense",
    "Navigation and Navigable Waters", "Education", "Panama Canal",
    "Parks, Forests, and Public Property", "Patents, Trademarks, and Copyrights",
    "Pensions, Bonuses, and Veterans' Relief", "Postal Service", "Protection of Environment",
    "Public Contracts and Property Management", "Public Health", "Public Lands: Interior",
    "Emergency Management and Assistance", "Public Welfare", "Shipping", "Telecommunication",
    "Federal Acquisition Regulations System", "Transportation", "Wildlife and Fisheries",
)  # fmt: skip
RESERVED = 35  # the Panama Canal's; all its dates are null

# What govinfo answers, with status 200, where there is no such granule.
NO_GRANULE = (
    b'<!DOCTYPE html>\n<html lang="en">\n<head><title>GovInfo</title></head>\n<body>\n'
    b"<h1>Page Not Found</h1>\n<p>The page you are looking for does not exist.</p>\n"
    b"</body>\n</html>\n"
)
_RANK_OF_KIND = {"part": 1, "subpart": 2, "subject_group": 3, "section": 4, "appendix": 2}


def rendered(element: etree._Element, title: int, date: str) -> bytes:
    """A unit as the renderer's "enhanced" page shows it, its paragraphs not nested."""
    return "".join(_render(element, title, date)).encode()


def _render(element: etree._Element, title: int, date: str) -> list[str]:
    what, number = kind(element), str(element.get("N"))
    named = number if what in ("section", "subject_group") else f"{what}-{number}"
    if what == "appendix":
        named = number.replace(" ", "-")
    said = {"path": f"/on/{date}/title-{title}/{_path(element)}",
            "citation": citation(element, title)}  # fmt: skip
    text = json.dumps(said, separators=(",", ":"), ensure_ascii=False)
    quoted = f"'{text}'" if what == "section" else f'"{html.escape(text)}"'
    rank = _RANK_OF_KIND.get(what, 1)
    out = [f'<div class="{what.replace("_", "-")}" id="{html.escape(named)}">']
    for child in element:
        tag = str(child.tag)
        if tag == "HEAD":
            head = " ".join("".join(child.itertext()).split())
            out.append(f"<h{rank} data-hierarchy-metadata={quoted}>{html.escape(head)}</h{rank}>\n")
        elif tag in ("AUTH", "SOURCE"):
            label, rest = child.find("HED"), child.find("PSPACE")
            out.append(
                f'<div class="{"authority" if tag == "AUTH" else "source"}">'
                f'<h4 class="inline-header">{_inner(label)}</h4>'
                f'<p class="inline-paragraph">{_inner(rest)}</p></div>\n'
            )
        elif tag in ("P", "FP"):
            out.append(f"<p>{_inner(child)}</p>\n")
        elif tag == "CITA":
            out.append(f'<p class="citation">{_inner(child)}</p>\n')
        elif tag.startswith("DIV") and tag[3:].isdigit():
            out += _render(child, title, date)
        else:
            out.append(f"<div>{_inner(child)}</div>\n")
    return [*out, "</div>\n"]


def _path(element: etree._Element) -> str:
    above = hierarchy(element)
    if kind(element) in ("section", "appendix"):
        return f"{kind(element)}-{element.get('N')}"
    return "/".join(f"{name}-{above[name]}" for name in ("part", "subpart") if name in above)


def _inner(element: etree._Element | None) -> str:
    if element is None:
        return ""
    out = [html.escape(element.text or "", quote=False)]
    for child in element:
        text = _inner(child)
        out.append(f"<em>{text}</em>" if child.tag in ("I", "E") else text)
        out.append(html.escape(child.tail or "", quote=False))
    return "".join(out).strip("\n")
