"""The report page: self-contained, escaped, light however many principles there are."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from tests.align.small_build import small_build
from tribonian.align.built import BuiltPrinciple, Origin, built_principles
from tribonian.align.decisions import Decisions
from tribonian.align.pairs.coverage import coverage
from tribonian.align.pairs.received import Reject
from tribonian.align.pairs.report import ReportedRun, report_page, write_report
from tribonian.align.places import Places
from tribonian.schemas.pair import Message, Pair, pair_id

EVIL = '<img src=x onerror=alert(1)></script><script>alert("2")</script>'


def principle(n: int, label: str, document: str = "title-21.xml") -> BuiltPrinciple:
    return BuiltPrinciple(
        f"/us/cfr/t21/s11.{n}", "principles.json", (0, n), label, "Text.", f"21 CFR 11.{n}",
        ("Root", "PART 11"), True, 10, (Origin(document, "0" * 64, "//P", "2026-01-29"),),
    )  # fmt: skip


def root(label: str = "Rules") -> BuiltPrinciple:
    return BuiltPrinciple("/r", "principles.json", (), label, "Text.", None, (), False, 5, ())


def pair(of: str | None, question: str, answer: str, *flags: str) -> Pair:
    turns = (Message("user", question), Message("assistant", answer))
    return Pair(pair_id(question, answer), turns, question, answer, of, None, 0.9, flags)


def page_of(principles: list[BuiltPrinciple], pairs: list[Pair], **more: Any) -> str:
    return report_page(coverage(principles, pairs), pairs, **more)


def data_of(page: str) -> dict[str, Any]:
    found = re.search(r'<script id=data type="application/json">(.*?)</script>', page, re.DOTALL)
    assert found
    data: dict[str, Any] = json.loads(found[1])
    return data


class Tags(HTMLParser):
    """All tags of a page, with their attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def test_the_page_shows_runs_flags_gaps_and_principles() -> None:
    principles = [root(), principle(1, "§ 11.1 Scope"), principle(2, "§ 11.2 Use")]
    pairs = [
        pair(principles[1].id, "What is the scope?", "All of it."),
        pair(None, "Who won?", "I'm sorry.", "untraced", "refusal"),
    ]
    page = page_of(
        principles, pairs,
        runs=[ReportedRun("0123456789ab", "Rules", "dj-1", "failed", "No file.", failed=True)],
        rejects=[Reject("received-1", 7, "there is no answer", '{"messages":')],
    )  # fmt: skip
    text = unescape(re.sub(r"<[^>]*>", " ", page))
    for shown in (
        "1 of 2 principles have pairs", "0123456789ab", "dj-1", "No file.", "refusal: 1",
        "the answer declines to answer", "Who won?", "there is no answer", "§ 11.2 Use",
        "tribonian align run --only-uncovered",
    ):  # fmt: skip
        assert shown in text
    assert '<a href="https://www.ecfr.gov/on/2026-01-29/title-21/section-11.2"' in page
    data = data_of(page)
    assert [column["name"] for column in data["columns"]] == [
        "principle", "citation", "in", "tokens", "pairs", "flagged",
    ]  # fmt: skip
    assert data["rows"][0][:6] == ["§ 11.1 Scope", "21 CFR 11.1", 0, 10, 1, 0]
    assert data["containers"] == ["PART 11"]
    base, rest = data["rows"][0][data["address"]]
    assert data["bases"][base] + rest == (
        "https://www.ecfr.gov/on/2026-01-29/title-21/section-11.1"
    )


def test_nothing_is_loaded_and_no_script_but_our_own_can_run() -> None:
    page = page_of([root(), principle(1, "§ 11.1 Scope")], [])
    for tag, attributes in Tags(page).found:
        assert tag not in ("link", "img", "iframe", "object", "base")
        assert "src" not in attributes
        assert not [name for name in attributes if name.startswith("on")]
    policy = next(a for t, a in Tags(page).found if t == "meta" and "http-equiv" in a)["content"]
    script = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    assert len(script) == 1
    digest = base64.b64encode(hashlib.sha256(script[0].encode()).digest()).decode()
    assert policy == (
        f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'"
    )


def test_hostile_text_stays_text() -> None:
    principles = [root(EVIL), principle(1, EVIL, "javascript:alert(1)")]
    pairs = [pair(principles[1].id, EVIL, EVIL, "echo", EVIL)]
    page = page_of(
        principles, pairs,
        runs=[ReportedRun(EVIL, EVIL, EVIL, EVIL, EVIL)], rejects=[Reject(EVIL, 1, EVIL, EVIL)],
    )  # fmt: skip
    assert "<img" not in page
    tags = [tag for tag, _ in Tags(page).found]
    assert tags.count("script") == 2
    assert "javascript:" not in page
    assert data_of(page)["rows"][0][0] == EVIL


def test_a_rehearsal_is_said_at_the_top() -> None:
    one = principle(1, "§ 11.1 Scope")
    page = page_of([root(), one], [pair(one.id, "What?", "So.", "rehearsal")])
    assert "Rehearsed pairs: 1. Nothing may be trained on them." in page
    assert "No pair has a flag." in page and "Nobody has reviewed a pair yet" in page


def test_decisions_have_columns_where_there_are_any() -> None:
    one = principle(1, "§ 11.1 Scope")
    page = report_page(coverage([root(), one], [], Decisions()), [])
    assert [column["name"] for column in data_of(page)["columns"]][-2:] == ["accepted", "rejected"]


def test_fifty_thousand_principles_make_a_page_that_is_light() -> None:
    principles = [root(), *(principle(n, f"§ 11.{n} Rule {n}") for n in range(50_000))]
    page = page_of(principles, [])
    assert len(page) < 6_000_000
    assert len(Tags(page[: page.index("<script id=data")]).found) < 2_000
    assert len(data_of(page)["rows"]) == 50_000


def test_the_file_is_written_whole_and_the_same_again(tmp_path: Path) -> None:
    build = small_build(tmp_path)
    places = Places(build)
    places.align.mkdir()
    covered = coverage(built_principles(build), [])
    write_report(places, covered, [])
    first = places.report.read_bytes()
    write_report(places, covered, [])
    assert places.report.read_bytes() == first
    assert str(tmp_path).encode() not in first
    assert list(places.align.iterdir()) == [places.report]


def browser() -> str | None:
    known = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
    return next((path for path in known if Path(path).exists()), None)


@pytest.mark.skipif(browser() is None, reason="no Chromium on this machine")
def test_the_table_sorts_and_filters_in_a_browser(tmp_path: Path) -> None:
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    principles = [root(), *(principle(n, f"§ 11.{n} Rule {n}") for n in range(1, 1001))]
    pairs = [pair(principles[7].id, f"What {n}?", EVIL, "echo") for n in range(3)]
    file = tmp_path / "report.html"
    file.write_text(page_of(principles, pairs))
    with sync_api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser(), args=["--no-sandbox"])
        page = chromium.new_page()
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("dialog", lambda dialog: said.append(dialog.message))
        page.goto(file.as_uri())
        assert page.inner_text("#count") == "1,000 of 1,000"
        assert page.locator("#principles tbody tr").count() == 200
        page.click("#principles th:nth-child(5) button")
        first = page.locator("#principles tbody tr").first
        assert first.inner_text().startswith("§ 11.7 Rule 7")
        assert first.locator("a").get_attribute("href") == (
            "https://www.ecfr.gov/on/2026-01-29/title-21/section-11.7"
        )
        page.check("#flagged")
        assert page.inner_text("#count") == "1 of 1,000"
        page.uncheck("#flagged")
        page.check("#bare")
        page.fill("#find", "rule 99")
        sync_api.expect(page.locator("#count")).to_have_text("19 of 1,000")
        chromium.close()
    assert said == []
