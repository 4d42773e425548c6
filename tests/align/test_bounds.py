"""Which way a limit points."""

from __future__ import annotations

import pytest

from tribonian.align.tracing.bounds import bounds, turned

SOURCES = {
    # 16 CFR 314.6, reworded
    "few": "These rules do not bind firms with records of fewer than five thousand customers.",
    # 16 CFR 314.4(j), reworded
    "days": "Notify the office as soon as possible, and no later than 30 days after discovery.",
    "count": "The event involves the records of at least 500 customers.",
    "wall": "The wall may not be less than 2.5 mm thick.",
    "older": "A person 18 years of age or older may apply.",
    "range": "The board gives not less than 10 nor more than 60 days of notice.",
}


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("at least 5 days", ["least"]),
        ("not less than 5 days", ["least"]),
        ("no fewer than five days", ["least"]),
        ("5 days or more", ["least"]),
        ("more than 5 days", ["least"]),
        ("at most 5 days", ["most"]),
        ("not more than 5 days", ["most"]),
        ("not to exceed 5 days", ["most"]),
        ("no later than 5 days", ["most"]),
        ("within 5 days", ["most"]),
        ("5 days or less", ["most"]),
        ("fewer than 5 days", ["most"]),
        ("not earlier than 5 days", ["least"]),
        (SOURCES["range"], ["least", "most"]),
        ("5 days", []),
        ("above all, a person of 5", []),
    ],
)
def test_a_limit_points_one_way(text: str, points: list[str]) -> None:
    assert [each.points for each in bounds(text)] == points


@pytest.mark.parametrize(
    ("answer", "source", "limits"),
    [
        ("They do not bind firms with records of more than five thousand customers.",
         "few", ["more than five thousand"]),
        ("The office is notified not earlier than 30 days after discovery.",
         "days", ["not earlier than 30 days"]),
        ("It must be reported if it involves at most 500 customers.", "count", ["at most 500"]),
        ("A person 18 years of age or younger may apply.", "older", ["18 years of age or younger"]),
        ("The board gives at most 10 and at least 60 days of notice.",
         "range", ["at most 10", "at least 60 days"]),
    ],
)  # fmt: skip
def test_a_limit_that_points_the_other_way_is_named(
    answer: str, source: str, limits: list[str]
) -> None:
    found = turned(answer, [SOURCES[source]])
    assert len(found) == len(limits)
    for text, begins in zip(found, limits, strict=True):
        assert begins.split()[0] in text


@pytest.mark.parametrize(
    ("answer", "source"),
    [
        ("They do not bind a firm with under five thousand customers' records.", "few"),
        ("The office must hear of it within 30 days after discovery.", "days"),
        ("It involves 500 or more customers.", "count"),
        ("The wall must be at least 2.5 mm thick.", "wall"),
        ("Nobody under 18 may apply.", "older"),
        ("The notice is given at least 10 and at most 60 days before.", "range"),
        ("More than 5 days may pass.", "days"),
    ],
)
def test_another_phrase_for_the_same_limit_is_none(answer: str, source: str) -> None:
    assert turned(answer, [SOURCES[source]]) == []
