"""What docs/sources.md gives as examples of sources is understood, or refused as it says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tribonian.errors import DocumentError
from tribonian.ingest.ecfr.addresses import Bases, Other, parse_address
from tribonian.ingest.ecfr.citations import parse_citation
from tribonian.ingest.sources.expansion import MEMBERS_LIMIT, NESTING_LIMIT, RATIO_LIMIT
from tribonian.ingest.sources.fetch import Change
from tribonian.ingest.sources.passed_over import is_passed_over
from tribonian.ingest.sources.stores import EXTRAS
from tribonian.schemas.upload import LockedSource

PAGE = (Path(__file__).parents[1] / "docs/sources.md").read_text(encoding="utf-8")


def section(heading: str) -> str:
    """The text under a heading, down to the next of the same rank."""
    return PAGE.split(f"\n## {heading}\n")[1].split("\n## ")[0]


def rows(text: str) -> list[list[str]]:
    """The cells of each row of the tables in a text, heads and rules left out."""
    found = [
        [cell.strip() for cell in line.strip("|").split(" | ")]
        for line in text.splitlines()
        if line.startswith("| ")
    ]
    return [row for row in found if "`" in row[0] or "`" in row[-1]]


def quoted(text: str) -> list[str]:
    return re.findall(r"`([^`]+)`", text)


READ, _, REFUSED = section("The CFR by citation").partition("What cannot be read")
CITATIONS = quoted(READ)
REFUSALS = [(quoted(row[0])[0], row[1]) for row in rows(REFUSED)]
OF_ECFR, _, OF_GOVINFO = section("The CFR by address").partition("**govinfo.gov.**")


@pytest.mark.parametrize("text", CITATIONS)
def test_every_citation_of_the_page_is_read(text: str) -> None:
    assert parse_citation(text) is not None


@pytest.mark.parametrize(("text", "sentence"), REFUSALS)
def test_every_citation_that_the_page_calls_refused_is_refused_so(text: str, sentence: str) -> None:
    with pytest.raises(DocumentError) as error:
        parse_citation(text)
    assert sentence.removesuffix(".") in str(error.value)


@pytest.mark.parametrize("path", [path for row in rows(OF_ECFR) for path in quoted(row[0])])
def test_every_address_of_ecfr_gov_on_the_page_is_a_unit(path: str) -> None:
    if path.startswith("/"):
        asked = parse_address(f"https://www.ecfr.gov{path}", Bases())
        assert not isinstance(asked, Other)
        assert len(asked.wanted) == 1


@pytest.mark.parametrize("path", [path for row in rows(OF_GOVINFO) for path in quoted(row[0])])
def test_every_address_of_govinfo_gov_on_the_page_is_fetched(path: str) -> None:
    if path.startswith("/"):
        assert isinstance(parse_address(f"https://www.govinfo.gov{path}", Bases()), Other)


def test_the_page_has_what_these_tests_look_for() -> None:
    assert len(CITATIONS) > 30
    assert len(REFUSALS) > 5
    assert len(rows(OF_ECFR)) > 10
    assert len(rows(OF_GOVINFO)) > 3


def test_what_the_page_says_is_passed_over_is() -> None:
    named = [name for row in rows(section("Files and folders"))[:2] for name in quoted(row[1])]
    assert len(named) > 8
    assert all(map(is_passed_over, named))


def test_the_limits_of_archives_are_those_of_the_program() -> None:
    text = section("Archives")
    for limit in (
        f"{NESTING_LIMIT} archives",
        f"{MEMBERS_LIMIT:,} members",
        f"{RATIO_LIMIT} times",
    ):
        assert limit in text


def test_every_extra_for_a_store_is_on_the_page() -> None:
    assert set(re.findall(r"`tribonian\[(\w+)\]`", section("Buckets"))) == set(EXTRAS.values())


def test_every_field_of_the_lock_file_is_explained() -> None:
    text = section("fetch: a folder to work from")
    explained = [name for row in rows(text) for name in quoted(row[0])]
    assert [name for name in explained if name in LockedSource.model_fields] == list(
        LockedSource.model_fields
    )


def test_every_word_that_fetch_says_of_a_file_is_explained() -> None:
    words = set(re.findall(r"``(\w+)``", Change.__doc__ or "")) - {"asked"}
    assert len(words) > 5
    told = section("fetch: a folder to work from").split("### Bringing it up to date")[1]
    assert words == {name for row in rows(told) for name in quoted(row[0])}
