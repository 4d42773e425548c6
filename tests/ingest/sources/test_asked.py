"""What each argument names is told without asking anybody."""

from __future__ import annotations

from pathlib import Path

import pytest

from tribonian.errors import UsageError
from tribonian.ingest.ecfr.addresses import Bases
from tribonian.ingest.sources.asked import (
    OfBucket,
    OfCfr,
    OfDisk,
    OfWeb,
    Refused,
    what_is_named,
)

BASES = Bases("https://www.ecfr.gov", "https://www.govinfo.gov")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("21 CFR part 11", OfCfr),
        ("https://www.ecfr.gov/current/title-21/part-11", OfCfr),
        ("www.ecfr.gov/current/title-21/part-11", OfCfr),
        ("ecfr.gov/on/2024-01-01/title-21/part-11", OfCfr),
        ("https://www.govinfo.gov/bulkdata/ECFR/title-1/ECFR-title1.xml", OfWeb),
        ("https://example.org/law.pdf", OfWeb),
        ("HTTPS://example.org/law.pdf", OfWeb),
        ("s3://bucket/sops/", OfBucket),
        ("memory://law", OfBucket),
        ("zip::https://example.org/a.zip", OfBucket),  # to be refused there
        ("nothing.xml", OfDisk),
        ("https://www.ecfr.gov/compare/2024-01-01/to/2024-02-01/title-21", Refused),
        ("21 CFR part", Refused),
        ("21 U.S.C. 321(a)", Refused),  # a statute
        ("21 CRF 11", Refused),  # a slip of the pen
    ],
)
def test_each_kind_of_argument_is_told(text: str, kind: type) -> None:
    (named,) = what_is_named([text], BASES)
    assert type(named) is kind
    assert named.text == text


def test_a_profile_is_all_of_its_citations_under_its_own_name() -> None:
    named = what_is_named(["profile:hipaa"], BASES)
    assert {each.text for each in named} == {"profile:hipaa"}
    asked = [each.asked.wanted for each in named if isinstance(each, OfCfr)]
    assert [unit.citation for units in asked for unit in units] == [
        "45 CFR Part 160",
        "45 CFR Part 162",
        "45 CFR Part 164",
    ]


def test_several_profiles_may_be_named_at_once() -> None:
    both = what_is_named(["profile:part-11,hipaa"], BASES)
    assert len(both) == 4
    with pytest.raises(UsageError, match="no profile"):
        what_is_named(["profile:nothing-of-the-kind"], BASES)


def test_a_file_address_is_the_file() -> None:
    assert what_is_named(["file:///nothing/at%20all"], BASES) == [OfDisk("/nothing/at all")]


def test_what_is_on_disk_is_taken_from_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("21 CFR part 11", "profile:hipaa"):
        Path(name).write_text("mine")
        assert what_is_named([name], BASES) == [OfDisk(name)]


@pytest.mark.parametrize(
    "text",
    [
        "https://me:hush@www.ecfr.gov/current/title-21/part-11",
        "https://me:hush@www.ecfr.gov/search?q=x",
        "https://www.ecfr.gov/search?token=hush",
        "https://me:hush@example.org/law.pdf",
        "https://example.org/law.pdf?X-Amz-Signature=hush",
        "s3://me:hush@bucket/x",
        "ftp://me:hu/hush@law.test/x",
        "zip://x::http://me:hush@law.test/x",
        "https://me:pass#hush@law.test/x",
        "https://law.test/x#access_token=hush",
        "https://law.test/x;jsessionid=hush?a=1",
        "https://law.test/x?auth_key=hush&authority=FDA",
    ],
)
def test_passwords_and_keys_are_not_in_what_is_shown(text: str) -> None:
    (named,) = what_is_named([text], BASES)
    assert "hush" not in named.text
    assert "hush" not in getattr(named, "reason", "")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("file:///law/%00.xml", "NUL"),
        ("law\0.xml", "NUL"),
        ("https://law.test/\udcff", "no text"),
        ("s3://bucket/\udcff", "no text"),
    ],
)
def test_what_no_system_and_no_server_takes_is_refused_in_a_sentence(text: str, why: str) -> None:
    (named,) = what_is_named([text], BASES)
    assert isinstance(named, Refused)
    assert why in named.reason and named.reason.endswith(".")
    named.text.encode()


def test_named_twice_is_named_once() -> None:
    assert len(what_is_named(["21 CFR 11.10", "21 CFR 11.10"], BASES)) == 1


def test_a_date_that_is_none_is_wrong_usage() -> None:
    with pytest.raises(UsageError):
        what_is_named(["https://www.ecfr.gov/on/2024-13-01/title-21"], BASES)
