"""Which principles a pattern or a profile names, and what is sent with them."""

from __future__ import annotations

import pytest

from tribonian.align.built import BuiltPrinciple
from tribonian.align.runs.choosing import by_patterns, by_profile, chosen, with_containers
from tribonian.errors import UsageError


def principle(path: tuple[int, ...], label: str, citation: str | None) -> BuiltPrinciple:
    name = (citation or label).replace(" ", "-")
    return BuiltPrinciple(
        f"/{name}", "principles.json", path, label, "Words.", citation, (), True, 9, ()
    )


BUILD = [
    principle((), "Title 45—Public Welfare", "45 CFR"),
    principle((0,), "PART 160—GENERAL ADMINISTRATIVE REQUIREMENTS", "45 CFR Part 160"),
    principle((0, 0), "§ 160.103 Definitions", "45 CFR 160.103"),
    principle((1,), "PART 164—SECURITY AND PRIVACY", "45 CFR Part 164"),
    principle((1, 0), "Subpart C—Security Standards", "45 CFR Part 164 Subpart C"),
    principle((1, 0, 0), "§ 164.306 Security standards: General rules", "45 CFR 164.306"),
    principle((1, 0, 1), "§ 164.306(d)–(e) Security standards", "45 CFR 164.306(d)"),
    principle((1, 1), "Appendix A to Part 164", "45 CFR Appendix A to Part 164"),
    principle((2,), "§ 1640.1 Legal services", "45 CFR 1640.1"),
    principle((3,), "Our own policy", None),
]


def named(*patterns: str) -> list[tuple[int, ...]]:
    return sorted(path for _, path in chosen(BUILD, by_patterns(patterns)))


@pytest.mark.parametrize(
    ("pattern", "paths"),
    [
        ("45 CFR 164.306", [(1, 0, 0), (1, 0, 1)]),
        ("§ 164.306", [(1, 0, 0), (1, 0, 1)]),
        ("164.306", [(1, 0, 0), (1, 0, 1)]),
        ("45 CFR part 160", [(0,), (0, 0)]),
        ("part 160", [(0,), (0, 0)]),
        ("45 CFR part 164", [(1,), (1, 0), (1, 0, 0), (1, 0, 1), (1, 1)]),
        ("45 CFR part 164 subpart C", [(1, 0), (1, 0, 0), (1, 0, 1)]),
        ("45 CFR parts 160-164",
         [(0,), (0, 0), (1,), (1, 0), (1, 0, 0), (1, 0, 1), (1, 1)]),
        ("Definitions", [(0, 0)]),
        ("security standards", [(1, 0), (1, 0, 0), (1, 0, 1)]),
        ("own policy", [(3,)]),
        ("/45-CFR-164.306", [(1, 0, 0)]),
        ("45 CFR 164.1", []),
        ("21 CFR part 164", []),
        ("45 CFR part 16", []),
    ],
)  # fmt: skip
def test_a_pattern_is_a_citation_an_id_or_words_of_a_heading(
    pattern: str, paths: list[tuple[int, ...]]
) -> None:
    assert named(pattern) == paths


def test_a_profile_names_what_is_under_its_regulations() -> None:
    found = sorted(path for _, path in chosen(BUILD, by_profile("hipaa")))
    assert found == [(0,), (0, 0), (1,), (1, 0), (1, 0, 0), (1, 0, 1), (1, 1)]
    with pytest.raises(UsageError, match="There is no profile"):
        by_profile("hippa-ish")


def test_sections_without_a_container_are_known_by_their_numbers() -> None:
    lone = [
        principle((), "Several", None),
        principle((0,), "§ 164.306 Security standards", "45 CFR 164.306"),
        principle((1,), "§ 1640.1 Legal services", "45 CFR 1640.1"),
        principle((2,), "Appendix A to § 164.306", "45 CFR Appendix A to § 164.306"),
    ]
    assert chosen(lone, by_profile("hipaa")) == {("principles.json", (0,)),
                                                 ("principles.json", (2,))}  # fmt: skip
    assert chosen(lone, by_patterns(["45 CFR 164.306"])) == {("principles.json", (0,)),
                                                            ("principles.json", (2,))}  # fmt: skip


def test_what_is_above_comes_along() -> None:
    assert sorted(with_containers({("principles.json", (1, 0, 1))})) == [
        ("principles.json", ()),
        ("principles.json", (1,)),
        ("principles.json", (1, 0)),
        ("principles.json", (1, 0, 1)),
    ]
