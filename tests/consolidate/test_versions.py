"""Of several versions the one in force at the date asked for is kept, the latest if none is."""

from __future__ import annotations

import pytest
from hand_written import built, keeps_its_word, part, section, title

from tribonian.consolidate.digest import Digest
from tribonian.consolidate.versions import UNDATED, InForce
from tribonian.schemas.tree import Document


def law(text: str) -> str:
    return title(21, "Food", part(701, "LABELS", section("701.3", "Scope.", f"<P>(a) {text}</P>")))


THREE = {
    "title-21_2022-01-01.xml": law("First."),
    "title-21_2023-01-01.xml": law("Second."),
    "title-21_2024-01-01.xml": law("Third."),
}


@pytest.mark.parametrize(
    ("asked", "kept"),
    [
        (None, "(a) Third."),
        ("2026-01-01", "(a) Third."),
        ("2024-01-01", "(a) Third."),  # the day on which it came into force
        ("2023-12-31", "(a) Second."),
        ("2022-06-01", "(a) First."),
        ("2021-01-01", "(a) First."),  # before all of them: the nearest
    ],
)
def test_the_version_in_force_at_the_date_asked_for_is_kept(asked: str | None, kept: str) -> None:
    folder = built(THREE, date=asked)
    assert [node.content for node in folder.nodes if node.label.startswith("§")] == [kept]
    rows = [row for row in folder.excluded if row["text"].startswith("§")]
    assert {row["reason"] for row in rows} == {"version"}
    assert len(rows) == 2
    assert "conflict" not in folder.codes
    assert folder.manifest["settings"]["date"] == asked
    keeps_its_word(folder)


def dated(as_of: str | None) -> Digest:
    return Digest(Document("x", "", "", 0, as_of=as_of))


def test_what_is_not_dated_neither_outdates_nor_is_outdated() -> None:
    in_force = InForce("2024-01-01")
    for as_of in (None, "", "2024", "not a date"):
        assert in_force.rank(dated(as_of)) == UNDATED
        assert not in_force.outdates(dated(as_of), dated("2023-01-01"))
        assert not in_force.outdates(dated("2023-01-01"), dated(as_of))


def test_what_came_later_than_the_date_asked_for_never_outdates_what_was_there() -> None:
    in_force = InForce("2024-01-01")
    assert in_force.outdates(dated("2020-01-01"), dated("2024-01-02"))
    assert in_force.outdates(dated("2024-01-02"), dated("2025-01-01"))
    assert not in_force.outdates(dated("2024-01-01"), dated("2024-01-01"))


def test_dates_are_compared_as_days_however_they_are_written() -> None:
    in_force = InForce("2024-06-01")
    assert in_force.outdates(dated("20240101"), dated("2024-07-01"))
    assert not in_force.outdates(dated("20240701"), dated("2024-01-01"))
