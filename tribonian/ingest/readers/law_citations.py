"""Citations of law that is not the CFR: by the numbers of the units, from the work down."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from tribonian.schemas.tree import CONTAINERS, Node

_BARE = re.compile(r"^[\W_]+|[\W_]+$")
_WORD = re.compile(
    r"(?:SECTIONS?|ARTICLES?|ARTS?\.|REGULATIONS?|RULES?|S\.|SCHEDULES?|ANNEX(?:ES)?|PARTS?"
    r"|CHAPTERS?|TITLES?|DIVISIONS?|SUBDIVISIONS?|POINTS?|PARAGRAPHS?)\s+(?=[\dA-Z(])",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Form:
    """How a country cites: ``section`` before the number of a section, and so on.

    ``appendix_unit`` stands before the first number within a schedule or an annex, which is
    called ``appendix``; ``headings`` says that numbering starts anew under each of its sections.
    """

    section: str
    appendix: str
    appendix_unit: str
    headings: bool = False
    recital: str = "recital"


EU = Form("Article", "Annex", ", point ", headings=True)
UK_ACT = Form("s.", "Sch.", " para. ")
UK_REGULATIONS = Form("reg.", "Sch.", " para. ")
UK_RULES = Form("r.", "Sch.", " para. ")
UK_ORDER = Form("art.", "Sch.", " para. ")
CANADA = Form("s.", "Schedule", ", clause ")
BY_ARTICLE = Form("article", "annex", ", paragraph ")
BY_SECTION = Form("section", "schedule", ", paragraph ")


def bare(designator: str) -> str:
    """A number without its word and its brackets: ``Article 6a`` is 6a, ``(iv)`` is iv."""
    found = _WORD.match(designator)
    rest = designator[found.end() :] if found else designator
    return _BARE.sub("", rest)


def cite(top: Iterable[Node], work: str | None, form: Form) -> None:
    """Give every unit below its citation; what stands in quoted law or a definition has none."""
    if not work:
        return
    stack = [(node, work, "work") for node in top]
    while stack:
        node, above, within = stack.pop()
        citation, inner = _unit(node, above, within, work, form)
        node.citation = citation
        if inner:
            stack += [(child, citation or above, inner) for child in node.children]


def _unit(node: Node, above: str, within: str, work: str, form: Form) -> tuple[str | None, str]:
    """The citation of a node, and what its children stand in; "" where they have none."""
    kind, number = node.kind, bare(node.designator)
    if kind == "document":
        return work, "work"
    if kind in CONTAINERS:
        if within == "appendix":
            return (f"{above}, {titled(node.designator)}" if number else None), within
        return (f"{above}, {titled(node.designator)}" if number else None), "work"
    if kind == "section" and number and within == "work":
        return f"{work}, {form.section} {number}", "section"
    if kind == "section" and number:
        return f"{above}, {form.section} {number}", "section"
    if kind == "appendix":
        named = f"{form.appendix} {number}" if _numbered(node.designator) else form.appendix
        return f"{work}, {named}", "appendix"
    if kind == "recital":
        return (f"{work}, {form.recital} {number}" if number else None), ""
    if kind == "paragraph" and number:
        return _paragraph(node.designator, number, above, within, form)
    if kind == "heading" and within == "appendix" and number and form.headings:
        return f"{above}, {titled(node.designator)}", within
    if kind == "heading" or (kind == "paragraph" and not node.designator):
        return None, within
    return None, ""


def _paragraph(
    designator: str, number: str, above: str, within: str, form: Form
) -> tuple[str | None, str]:
    if within == "appendix":
        first = f"({number})" if designator.startswith("(") else number
        return f"{above}{form.appendix_unit}{first}", "section"
    if within != "section":
        return None, ""
    upper = number.rpartition(".")[0]
    if upper and designator[0].isdigit() and above.endswith(upper):
        return f"{above.removesuffix(upper)}{number}", "section"  # clause 4.1.1 is no 4.1(4.1.1)
    return f"{above}({number})", "section"


def _numbered(designator: str) -> bool:
    return bool(_WORD.match(designator))


def titled(designator: str) -> str:
    """``PART 1`` as it is cited: Part 1; a title in another script or case stays as it is."""
    word, _, rest = designator.partition(" ")
    return f"{word.capitalize()} {rest}".strip() if word.isupper() and rest else designator


_ACT = re.compile(
    r"\b((?:(?:Implementing|Delegated|Framework)\s+)?(?:Regulation|Directive|Decision"
    r"|Recommendation))\s+(?:\(([A-Z]+(?:,\s?Euratom)?)\)\s+)?(No\s+)?"
    r"(\d{1,4}/\d{1,4}(?:/(?:EU|EC|EEC|ECSC|JHA|CFSP|Euratom)(?:,\s?Euratom)?)?)",
    re.IGNORECASE,
)


def act_named(title: str) -> str | None:
    """The citation of an act of the Union by its title: ``Regulation (EU) 2016/679``.

    ``COMMISSION DELEGATED REGULATION (EU) No 1/2014`` is Delegated Regulation (EU) No 1/2014.
    """
    found = _ACT.search(title)
    if found is None:
        return None
    kind = " ".join(word.capitalize() for word in found[1].split())
    union = f"({found[2].upper().replace('EURATOM', 'Euratom')}) " if found[2] else ""
    return f"{kind} {union}{'No ' if found[3] else ''}{found[4]}"
