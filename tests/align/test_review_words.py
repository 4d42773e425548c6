"""What is marked for the eye of the reviewer."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tribonian.align.review.words import (
    differences,
    modals,
    painted,
    shared_runs,
    where,
)

SOURCE = (
    "(a) A request for a hearing must be filed within 30 days.\n\n"
    "(b) The Board may extend the time by 1,500 hours.\n\n"
    "(c) Nothing in this section is a request for money."
)


def marked(text: str, spans: list[tuple[int, int, str]]) -> list[str]:
    return [text[start:end] for start, end, _ in spans]


def test_runs_of_words_that_the_answer_has_are_found_in_the_source() -> None:
    answer = "You file it: a request for a hearing must be filed within thirty days."
    assert marked(SOURCE, shared_runs(SOURCE, answer)) == [
        "A request for a hearing must be filed within"
    ]


def test_the_order_of_the_answer_is_no_matter_and_numbers_count_alone() -> None:
    answer = "The Board may extend the time by 1500. It must be filed within 30 days."
    assert marked(SOURCE, shared_runs(SOURCE, answer)) == [
        "must be filed within 30 days", "The Board may extend the time by 1,500",
    ]  # fmt: skip


def test_three_common_words_in_a_line_without_more_are_not_marked() -> None:
    answer = "A request for a hearing is what (c) calls a request for."
    assert "a request for" not in marked(SOURCE, shared_runs(SOURCE, answer))


def test_words_are_found_whatever_their_case_and_the_space_between_them() -> None:
    text = "Within 30 days; 30\n Days later, not 130 days or 30 daysies. (c) A (B) c"
    assert marked(text, where(text, "30 days", "number")) == ["30 days", "30\n Days"]
    assert marked(text, where(text, "(b)", "term")) == ["(B)"]
    assert where(text, " ", "term") == []


def test_duties_permissions_and_prohibitions_are_found_whole() -> None:
    text = "He must not go, cannot stay, is required to wait and may sit; a maypole mustered."
    assert marked(text, modals(text)) == ["must not", "cannot", "is required to", "may"]


def test_a_change_is_shown_by_words() -> None:
    before, after = "It expires after 2 years.", "It expires after 3 years, always."
    assert differences(before, after) == [
        ("It expires after ", ""), ("2", "gone"), ("3", "new"), (" years", ""), (", always", "new"),
        (".", ""),
    ]  # fmt: skip


def test_texts_too_long_to_compare_are_shown_one_after_the_other() -> None:
    before, after = "a " * 6000, "b " * 6000
    assert differences(before, after) == [(before, "gone"), (after, "new")]


@given(st.text(max_size=60), st.text(max_size=60))
def test_a_difference_holds_both_texts_whole(before: str, after: str) -> None:
    segments = differences(before, after)
    assert "".join(text for text, kind in segments if kind != "new") == before
    assert "".join(text for text, kind in segments if kind != "gone") == after


@given(st.text(max_size=80), st.text(max_size=40))
def test_marks_never_change_a_text(source: str, answer: str) -> None:
    spans = [*shared_runs(source, answer), *where(source, answer, "term"), *modals(source)]
    assert "".join(text for text, _ in painted(source, spans)) == source
