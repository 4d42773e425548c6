"""The days for which there is a title."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tribonian.errors import DocumentError, UsageError
from tribonian.ingest.ecfr.titles import as_of, check_date, first_issue, parse_titles
from tribonian.ingest.web.answer import WebError

ANSWER = {
    "titles": [
        {"number": 21, "name": "Food and Drugs", "latest_issue_date": "2026-01-20",
         "up_to_date_as_of": "2026-01-29", "reserved": False},
        {"number": 26, "name": "Internal Revenue", "latest_issue_date": "2026-01-26",
         "up_to_date_as_of": "2026-01-28", "reserved": False, "processing_in_progress": True},
        {"number": 35, "name": "Panama Canal", "latest_amended_on": None,
         "latest_issue_date": None, "up_to_date_as_of": None, "reserved": True},
    ],
    "meta": {"date": "2026-01-30", "import_in_progress": True},
}  # fmt: skip
TITLES = parse_titles(json.dumps(ANSWER).encode())


def test_the_titles_that_there_are_are_named() -> None:
    every = parse_titles(json.dumps({"titles": [{"number": n} for n in range(1, 51)]}).encode())
    only = parse_titles(b'{"titles": [{"number": 9}]}')

    with pytest.raises(DocumentError, match="has no title 51, but titles 1 to 50; correct"):
        as_of(every, 51, None)
    with pytest.raises(DocumentError, match="has no title 51, but title 9 only; correct"):
        as_of(only, 51, None)


def test_without_a_date_it_is_the_day_to_which_the_title_itself_is_up_to_date() -> None:
    # And neither the day on which something changed last nor that of the answer.
    assert as_of(TITLES, 21, None) == "2026-01-29"
    assert as_of(TITLES, 26, None) == "2026-01-28"


@pytest.mark.parametrize("day", ["2017-01-01", "2024-06-01", "2026-01-28"])
def test_any_day_that_the_title_has_is_taken_as_it_was_asked_for(day: str) -> None:
    assert as_of(TITLES, 26, day) == day


@pytest.mark.parametrize(
    ("title", "day", "sentence"),
    [
        (26, "2026-01-29", ("The eCFR has no text of title 26 for 2026-01-29 yet; the nearest date "
         "is 2026-01-28, to which it is up to date.")),
        (21, "2016-12-31", ("The eCFR has no text of title 21 for 2016-12-31, since it begins on "
         "2017-01-01; the nearest date is 2017-01-01.")),
        (35, None, "Title 35 of the CFR is reserved: there is no text; ask for another title."),
        (51, None, "The eCFR has no title 51, but titles 21, 26 and 35; correct the number."),
        (0, "2024-01-01", "The eCFR has no title 0, but titles 21, 26 and 35; correct the number."),
    ],
)  # fmt: skip
def test_a_day_or_a_title_that_there_is_not_is_one_sentence(
    title: int, day: str | None, sentence: str
) -> None:
    with pytest.raises(DocumentError) as error:
        as_of(TITLES, title, day)
    assert str(error.value) == sentence


@pytest.mark.parametrize(
    "text", ["2024-02-30", "24-01-01", "2024-1-1", "20240101", "2024-01-01T00:00", "", "today",
             "２０２４-01-01", " 2024-01-01", "0000-01-01"],
)  # fmt: skip
def test_a_date_that_is_none_is_wrong_usage(text: str) -> None:
    with pytest.raises(UsageError, match=r"is no date; write the day as YYYY-MM-DD"):
        check_date(text)


@given(st.dates())
def test_every_day_of_the_calendar_is_a_date(day: object) -> None:
    assert check_date(str(day)) == str(day)


@given(st.text(max_size=12))
def test_a_text_is_a_date_or_wrong_usage(text: str) -> None:
    try:
        assert check_date(text) == text
    except UsageError as error:
        assert str(error).endswith(".")


@pytest.mark.parametrize(
    "answer",
    [b"", b"<html>", b"[]", b"{}", b'{"titles": []}', b'{"titles": [1]}', b"[" * 100_000,
     b'{"titles": {"number": 1}}', b'{"titles": [{"number": "1"}]}'],
)  # fmt: skip
def test_what_is_no_list_of_titles_is_one_sentence(answer: bytes) -> None:
    with pytest.raises(WebError, match=r"^The eCFR's list of titles is not .*\.$"):
        parse_titles(answer)


def test_a_title_whose_date_is_none_is_not_guessed() -> None:
    titles = parse_titles(b'{"titles": [{"number": 9, "up_to_date_as_of": "soon"}]}')

    with pytest.raises(DocumentError, match="Title 9 of the CFR has no date in the eCFR"):
        as_of(titles, 9, None)


def test_the_first_issue_is_the_earliest_from_the_day_on() -> None:
    answer = {"content_versions": [
        {"issue_date": "2021-05-01"}, {"issue_date": "2020-03-02"}, {"issue_date": "2019-01-01"},
        {"issue_date": None}, {}, 5,
    ]}  # fmt: skip

    assert first_issue(json.dumps(answer).encode(), "2019-05-05") == "2020-03-02"


@pytest.mark.parametrize("answer", [b"", b"[]", b"{}", b'{"content_versions": 1}', b"[" * 100_000])
def test_an_answer_that_tells_no_issue_is_none(answer: bytes) -> None:
    assert first_issue(answer, "2019-05-05") is None
