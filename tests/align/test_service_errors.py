"""The service's own words as part of a sentence, whatever shape they have; never the key."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.align.scripted_service import Reply
from tests.align.service_of import SECRET, SILENCE, service_of
from tribonian.align.service.account import HIDDEN, Key
from tribonian.align.service.failures import RefusedError, ServiceError
from tribonian.align.service.refusals import LONGEST, said

KEY = Key(SECRET)


def words(body: Any) -> str:
    if not isinstance(body, (str, bytes)):
        body = json.dumps(body)
    return said(body if isinstance(body, bytes) else body.encode(), KEY)


@pytest.mark.parametrize(("body", "expected"), [
    # FastAPI's list of fields
    ({"detail": [{"loc": ["body", "name"], "msg": "Field required", "type": "missing"}]},
     "name: Field required"),
    ({"detail": [{"loc": ["body", "file_ids", 0], "msg": "Too short.", "input": "secret text"},
                 {"loc": ["query", "limit"], "msg": "Too large"}]},
     "file_ids.0: Too short.; query.limit: Too large"),
    ({"detail": [{"loc": ["body"], "msg": "JSON decode error"}]}, "JSON decode error"),
    ({"detail": [{"loc": ["body", f"f{n}"], "msg": "No"} for n in range(7)]},
     "f0: No; f1: No; f2: No; f3: No; f4: No; and 2 more"),
    ({"detail": [{"loc": "name", "msg": "No"}]}, "name: No"),
    # the text of an HTTPException
    ({"detail": "Data job is not ready to start."}, "Data job is not ready to start"),
    ({"detail": {"message": "Quota used up", "code": 7}}, "Quota used up"),
    # the flat envelope
    ({"error": "Conflict", "message": "The job was started already", "status": 409,
      "requestUrl": "/v1", "feedVersion": "1"}, "The job was started already"),
    ({"error": "Unauthorized", "message": None}, "Unauthorized"),
    ({"error": {"message": "bad key", "type": "auth"}}, "bad key"),
    ({"errors": ["one", "two"]}, "one; two"),
    # no shape that is known
    ({"code": 7}, '{"code": 7}'),
    (["one", {"msg": "two"}], "one; two"),
    ({}, ""), ([], ""), (None, ""), ({"detail": ""}, '{"detail": ""}'), (17, "17"),
    ("", ""), ("   \n", ""), ("upstream connect error", "upstream connect error"),
    ("Bad\r\nGateway.\n", "Bad Gateway"),
    ('{"detail": "cut', '{"detail": "cut'),
    # pages
    ("<html><head><title>502 Bad &amp; Gateway</title></head></html>", "502 Bad & Gateway"),
    ("\n<!DOCTYPE html><body>Sorry", "a web page"),
    (b"\xff\xfe<\0h\0", "��<h"), (b"\x80\x81", "��"),
])  # fmt: skip
def test_the_words_of_every_shape_are_found(body: Any, expected: str) -> None:
    assert words(body) == expected


def test_control_characters_and_colours_of_a_terminal_are_taken_out() -> None:
    assert words({"detail": "a\x1b[31mred\x07\u202e\u200b\x00 b\tc"}) == "a[31mred b c"


def test_long_words_are_cut() -> None:
    found = words({"detail": "x" * 5000})
    assert len(found) == LONGEST
    assert found.endswith("…")


def test_a_body_without_end_is_read_to_64_kib_only() -> None:
    for more in ({}, {"chunked": True}, {"gzipped": True}):
        reply = Reply(400, "no " * 2_000_000, **more)
        with (
            service_of(reply) as (_, service),
            pytest.raises(ServiceError, match="no no") as caught,
        ):
            service.job("dj-1")
        assert len(str(caught.value)) < 500


@pytest.mark.parametrize("more", [
    {"fault": "cut-body"}, {"fault": "stall-body"}, {"fault": "cut-body", "chunked": True},
    {"fault": "cut-body", "gzipped": True}, {"headers": (("Content-Encoding", "br"),)},
    {"headers": (("Content-Encoding", "gzip"),)},
])  # fmt: skip
def test_an_error_whose_body_does_not_come_whole_is_told_by_its_status(more: Any) -> None:
    with (
        service_of(Reply(401, {"detail": "no such key"}, **more), **SILENCE) as (scripted, service),
        pytest.raises(RefusedError, match=r"\(401 Unauthorized\); the key is missing"),
    ):
        service.start("dj-1")
    assert len(scripted.requests) == 1


@pytest.mark.parametrize("echo", [
    f"No such key: {SECRET}",
    f"No such key: {SECRET[:12]}",  # cut in the middle
    "".join(f"\\u{ord(c):04x}" for c in SECRET),
    SECRET.replace("/", "%2F").replace("+", "%2b").replace("=", "%3D"),
    f"{SECRET[:9]}\u200b{SECRET[9:]}",
    "x" * (LONGEST - 6) + SECRET,
])  # fmt: skip
@pytest.mark.parametrize("shape", [
    '{{"detail": "{}"}}', '{{"message": "{}", "error": "Unauthorized"}}', "{}",
    "<html><title>{}</title>", '{{"detail": [{{"loc": ["header", "{}"], "msg": "bad"}}]}}',
    '{{"detail": "{}',
])  # fmt: skip
def test_a_key_that_is_echoed_is_masked(shape: str, echo: str) -> None:
    for status in (200, 401, 429, 503):
        reply = Reply(status, shape.format(echo))
        with service_of(reply, patience=0) as (_, service), pytest.raises(ServiceError) as caught:
            service.start("dj-1")
        assert not any(SECRET[n : n + 8] in str(caught.value) for n in range(len(SECRET) - 7))


def test_a_key_that_is_cut_by_the_end_of_what_is_read_is_masked() -> None:
    found = words("a" * 250 + SECRET[:5])
    assert found == "a" * 250 + HIDDEN


@given(st.binary(max_size=200))
def test_any_body_is_words(body: bytes) -> None:
    found = words(body)
    assert found.isprintable()
    assert len(found) <= LONGEST


@given(st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["detail", "loc", "msg", "message", "error", "x"]), inner),
    max_leaves=12,
))  # fmt: skip
def test_any_json_is_words(body: Any) -> None:
    found = words({"detail": body})
    assert found.isprintable()
    assert len(found) <= LONGEST
