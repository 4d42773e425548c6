"""The report of a build for a person: one self-contained page that opens offline."""

from __future__ import annotations

from collections import Counter
from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tribonian.consolidate.folder import Written
    from tribonian.consolidate.principles import Principle

MAX_ROWS = 200  # rows of a long list that the page shows; the files hold them all

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
summary{cursor:pointer}summary small{opacity:.65}
pre{white-space:pre-wrap;font:inherit;margin:.3rem 0 .6rem;padding:.5rem;background:var(--soft)}
"""


_PAIRS = (
    "<h2>Pairs</h2><p>After <code>tribonian align run</code> or <code>collect</code>, "
    "<code>align/report.html</code> says which of these principles have pairs, and how many.</p>"
)


def report_page(manifest: dict[str, Any], written: Written) -> str:
    """The page; every text of a document is escaped."""
    root = written.result.root
    totals = manifest["totals"]
    parts = [
        "<!doctype html><html lang=en><meta charset=utf-8>",
        "<meta name=viewport content='width=device-width,initial-scale=1'>",
        f"<title>{escape(root.label)}</title><style>{_STYLE}</style>",
        f"<h1>{escape(root.label)}</h1>",
        f"<p class=verdict>{escape(manifest['size']['verdict'])}</p>",
        _figures(manifest),
        "<h2>Documents</h2>",
        _documents(manifest),
        "<h2>Words</h2>",
        _words(totals["words"]),
        _left_out(written),
        "<h2>Findings</h2>",
        _findings(written),
        "<h2>Principles</h2>",
        _tree(root),
        _PAIRS,
        f"<footer><p><small>tribonian {escape(str(manifest['tribonian']))}</small></footer>",
    ]
    return "\n".join(parts) + "\n"


def _words(words: dict[str, int]) -> str:
    return (
        f"<p>{words['read']:,} words were read. {words['principles']:,} stand in the principles "
        f"and {words['excluded']:,} were left out, each with a reason. {words['added']:,} words "
        "were added: what containers contain, repeated lead-ins and labels.</p>"
    )


def _table(heads: list[str], rows: list[list[str]], numbers: frozenset[int]) -> str:
    def cells(tag: str, row: list[str]) -> str:
        return "".join(
            f"<{tag}{' class=n' if n in numbers else ''}>{cell}</{tag}>"
            for n, cell in enumerate(row)
        )

    body = "\n".join(f"<tr>{cells('td', row)}</tr>" for row in rows)
    return (
        f"<div class=scroll><table><thead><tr>{cells('th', heads)}</tr></thead>"
        f"<tbody>\n{body}\n</tbody></table></div>"
    )


def _figures(manifest: dict[str, Any]) -> str:
    size = manifest["size"]
    split = size["split"]
    rows = [
        ["Principles", f"{size['principles']:,}"],
        ["Sections", f"{size['sections']:,}"],
        ["Tokens", f"{size['tokens']:,}"],
        ["Median of a principle", f"{size['median']:,}"],
        ["Largest principle", f"{size['largest']:,}"],
        [
            f"Sections above {split['max_tokens']:,} tokens, split",
            f"{split['sections']:,} ({split['share']:.1%})",
        ],
        ["Times the well-sized reference", f"{size['ratio']:,}"],
    ]
    out = _table(["", ""], rows, frozenset((1,)))
    if len(size["heaviest"]) > 1:
        rows = [
            [escape(row["label"]), f"{row['tokens']:,}", f"{row['share']:.1%}"]
            for row in size["heaviest"]
        ]
        out += "<h2>Where the weight is</h2>" + _table(
            ["", "tokens", "share"], rows, frozenset((1, 2))
        )
    return out


def _documents(manifest: dict[str, Any]) -> str:
    rows = []
    for document in manifest["documents"]:
        status = document["status"]
        shown = f"<span class=failed>{status}</span>" if status == "failed" else status
        if document["reason"]:
            shown += f": {escape(document['reason'])}"
        words = document["words"]
        rows.append(
            [
                escape(document["source"]),
                escape(document["as_of"] or ""),
                shown,
                f"{document['sections']:,}",
                f"{words['read']:,}",
                f"{words['principles']:,}",
                f"{words['excluded']:,}",
            ]
        )
    return _table(
        ["document", "as of", "status", "sections", "words read", "in principles", "left out"],
        rows,
        frozenset((3, 4, 5, 6)),
    )


def _left_out(written: Written) -> str:
    words: Counter[str] = Counter()
    pieces: Counter[str] = Counter()
    for row in written.result.rows:
        words[row.reason] += row.words
        pieces[row.reason] += 1
    rows = [[escape(r), f"{pieces[r]:,}", f"{words[r]:,}"] for r in sorted(pieces)]
    if not rows:
        return "<p>Nothing was left out.</p>"
    return _table(["left out because", "pieces", "words"], rows, frozenset((1, 2)))


def _findings(written: Written) -> str:
    if not written.findings:
        return "<p>None.</p>"
    order = {"error": 0, "warning": 1, "info": 2}
    findings = sorted(written.findings, key=lambda each: order[each.severity])
    rows = [
        [
            each.severity,
            escape(each.code),
            escape(each.message),
            escape(f"{each.document} {each.locator}".strip()),
        ]
        for each in findings[:MAX_ROWS]
    ]
    more = len(findings) - len(rows)
    note = f"<p>{more:,} more are in findings.jsonl.</p>" if more > 0 else ""
    return _table(["", "code", "", "where"], rows, frozenset()) + note


def _tree(root: Principle) -> str:
    """The tree to unfold; contents only while the page stays light."""
    total = sum(1 for _ in root.walk())
    with_content = total <= 1500
    out: list[str] = []
    _branch(root, out, with_content, 0)
    if not with_content:
        out.append("<p>The texts are in principles.json and principles.md.</p>")
    return "\n".join(out)


def _branch(principle: Principle, out: list[str], with_content: bool, level: int) -> None:
    tokens = f" <small>{principle.tokens:,}</small>"
    label = escape(principle.label)
    content = f"<pre>{escape(principle.content)}</pre>" if with_content else ""
    if not principle.children and not content:
        out.append(f"<div>{label}{tokens}</div>")
        return
    opened = " open" if level == 0 else ""
    out.append(f"<details{opened}><summary>{label}{tokens}</summary>{content}")
    for child in principle.children:
        _branch(child, out, with_content, level + 1)
    out.append("</details>")
