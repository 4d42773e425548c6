"""The report of what came back: one self-contained page that opens offline."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

import tribonian
from tribonian.align.built import BuiltPrinciple
from tribonian.align.pairs.coverage import Coverage, Covered, named, summary
from tribonian.align.pairs.links import link
from tribonian.align.pairs.received import Reject
from tribonian.align.places import Places, keep
from tribonian.schemas.pair import FLAGS, Pair

EXAMPLES = 5  # pairs that are shown of a flag
MOST = 100  # rows of a list that the page holds unfolded
_LONGEST = 600  # characters of an answer that are shown
_BESIDE = Path(__file__).parent

# The looks of a build's report, and what a table to sort and filter needs.
_STYLE = """
:root{color-scheme:light dark;--line:#8884;--soft:#8881}
body{font:16px/1.5 system-ui,sans-serif;max-width:62rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:2.2rem}
table{border-collapse:collapse;width:100%;font-size:.92rem}
th,td{text-align:left;vertical-align:top;padding:.3rem .6rem;border-bottom:1px solid var(--line)}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}
.verdict{border-left:4px solid #4a7;padding:.6rem 1rem;background:var(--soft)}
.failed{color:#b00;font-weight:600}.scroll{overflow-x:auto}
details{border-left:1px solid var(--line);padding-left:.8rem;margin:.15rem 0}
summary{cursor:pointer}summary small,blockquote small{opacity:.75}
blockquote{margin:.3rem 0 .6rem;padding:.5rem;background:var(--soft);white-space:pre-line}
blockquote small{display:block}
th button{font:inherit;font-weight:inherit;border:0;background:none;color:inherit;padding:0;
cursor:pointer;text-align:inherit}
th[aria-sort=ascending] button::after{content:" ▲"}
th[aria-sort=descending] button::after{content:" ▼"}
label{margin-right:1rem}input[type=search]{font:inherit;width:20rem;max-width:100%}
@media(prefers-color-scheme:dark){.failed{color:#f77}a{color:#8bf}}
"""


@dataclass(frozen=True, slots=True)
class ReportedRun:
    """A run as the page shows it; ``failed`` says that ``status`` is no good end."""

    run: str
    name: str
    job: str | None
    status: str
    reason: str | None = None
    failed: bool = False
    rehearsal: bool = False
    pairs: int = 0
    unread: int = 0


@dataclass(slots=True)
class _Flag:
    name: str
    meaning: str
    count: int
    examples: list[tuple[Pair, BuiltPrinciple | None]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Missing:
    label: str
    covered: int
    principles: int
    tokens: int
    uncovered: list[BuiltPrinciple]


def write_report(
    places: Places,
    covered: Coverage,
    pairs: Iterable[Pair],
    runs: Sequence[ReportedRun] = (),
    rejects: Sequence[Reject] = (),
) -> None:
    """Write ``align/report.html``, whole or not at all."""
    page = report_page(covered, pairs, runs, rejects)
    keep(places.report, page.encode("utf-8", "replace"))


def report_page(
    covered: Coverage,
    pairs: Iterable[Pair],
    runs: Sequence[ReportedRun] = (),
    rejects: Sequence[Reject] = (),
) -> str:
    """The page; every text of a document and of the service is escaped."""
    script = _script()
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    page: str = _template().render(
        title=covered.rows[0].principle.label if covered.rows else "principles",
        style=Markup(_STYLE),
        script=Markup(script),
        script_hash=f"sha256-{digest}",
        summary=summary(covered),
        runs=runs,
        rehearsed=covered.flags["rehearsal"],
        decided=covered.decided,
        flags=_flags(covered, pairs),
        rejects=rejects,
        missing=_missing(covered),
        most=MOST,
        data=_data(covered),
        link_of=_address,
        version=tribonian.__version__,
    )
    return page


@cache
def _script() -> str:
    return (_BESIDE / "report_page.js").read_text(encoding="utf-8")


@cache
def _template() -> Any:
    environment = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        loader=FileSystemLoader(_BESIDE),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["shortened"] = _shortened
    return environment.get_template("report_page.html")


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _address(principle: BuiltPrinciple) -> str | None:
    return next(filter(None, (link(principle, origin) for origin in principle.sources)), None)


def _flags(covered: Coverage, pairs: Iterable[Pair]) -> list[_Flag]:
    """The flags that occur, in their order, each with the first pairs that have it."""
    known = {**FLAGS, **dict.fromkeys(sorted(covered.flags.keys() - FLAGS.keys()), "")}
    flags = {
        name: _Flag(name, meaning, covered.flags[name])
        for name, meaning in known.items()
        if covered.flags[name] and name != "rehearsal"
    }
    principles = {row.principle.id: row.principle for row in covered.rows}
    wanting = set(flags)
    for pair in pairs:
        if not wanting:
            break
        for name in wanting.intersection(pair.flags):
            examples = flags[name].examples
            examples.append((pair, principles.get(pair.principle_id or "")))
            if len(examples) >= EXAMPLES:
                wanting.discard(name)
    return list(flags.values())


def _missing(covered: Coverage) -> list[_Missing]:
    """The containers with uncovered principles, the heaviest first."""
    found = []
    for container, rows in covered.containers():
        uncovered = [row.principle for row in rows if not row.taught]
        if uncovered:
            found.append(
                _Missing(
                    named(container or rows[0].principle),
                    len(rows) - len(uncovered),
                    len(rows),
                    sum(each.tokens for each in uncovered),
                    uncovered,
                )
            )
    found.sort(key=lambda each: -each.tokens)
    return found


def _data(covered: Coverage) -> dict[str, Any]:
    """The table of all principles for the page's script; addresses share their beginnings."""
    names = ["principle", "citation", "in", "tokens", "pairs", "flagged"]
    if covered.decided:
        names += ["accepted", "rejected"]
    containers: dict[str, int] = {}
    bases: dict[str, int] = {}
    rows = []
    for row in covered.rows:
        principle = row.principle
        if not principle.leaf and not row.pairs:
            continue
        above = principle.trail[-1] if principle.trail else ""
        cells: list[Any] = [
            principle.label,
            principle.citation or "",
            containers.setdefault(above, len(containers)),
            *_figures(row, covered.decided),
            int(bool(row.taught) or not principle.leaf),
        ]
        address = _address(principle)
        if address is not None:
            base, _, rest = address.rpartition("/")
            cells.append([bases.setdefault(f"{base}/", len(bases)), rest])
        else:
            cells.append(0)
        rows.append(cells)
    return {
        "columns": [{"name": name, "number": n > 2} for n, name in enumerate(names)],
        "containers": list(containers),
        "bases": list(bases),
        "rows": rows,
        "flagged": 5,
        "covered": len(names),
        "address": len(names) + 1,
    }


def _figures(row: Covered, decided: bool) -> list[int]:
    figures = [row.principle.tokens, row.pairs, row.flagged]
    return [*figures, row.accepted, row.rejected] if decided else figures
