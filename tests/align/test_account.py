"""The key, which nothing shows, and the address that it travels to."""

from __future__ import annotations

import copy
import json
import pickle
import traceback
from dataclasses import asdict
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tribonian.align.service.account import HIDDEN, SERVICE, Account, Key, account, is_loopback
from tribonian.errors import UsageError

SECRET = 'sk-a1B2c3D4+e5/F6&g7"h8'
keys = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=9, max_size=60)


def test_nothing_that_shows_a_key_shows_it() -> None:
    key = Key(SECRET)
    whole = Account("https://seekr.example", key, "team-1")
    shown = [
        repr(key), str(key), f"{key}", f"{key:>40}", str([key, key]), f"{key!a}",
        repr(whole), str(whole), repr(asdict(whole)), repr([key]), repr({"key": key}),
        repr(copy.deepcopy(whole)), repr(copy.copy(key)), str(dir(key)),
        "".join(traceback.format_exception(ValueError(key))),
    ]  # fmt: skip
    assert not any(SECRET[:8] in text for text in shown)


def test_a_key_is_neither_pickled_nor_written_as_json_nor_in_the_variables_of_an_object() -> None:
    with pytest.raises(TypeError, match="not written down"):
        pickle.dumps(Key(SECRET))
    with pytest.raises(TypeError):
        json.dumps(Key(SECRET))
    with pytest.raises(TypeError):
        vars(Key(SECRET))


def test_a_key_is_told_where_it_is_asked_for_by_name() -> None:
    assert Key(f"\n  {SECRET}\r\n").secret() == SECRET
    assert Key(SECRET) == Key(SECRET) != Key(SECRET + "x")
    assert len({Key(SECRET), Key(SECRET)}) == 1


@pytest.mark.parametrize("text", [
    "sk-abc\ndef", "sk-abc def", "sk-abcdéf", "sk-abc\0def", "sk-abc\x7f", "sk-\u200babc",
])  # fmt: skip
def test_what_cannot_be_a_key_is_one_sentence_that_does_not_show_it(text: str) -> None:
    with pytest.raises(UsageError, match=r"SEEKR_API_KEY has .*; copy the key again") as caught:
        Key(text)
    assert "sk-" not in str(caught.value)
    assert "def" not in repr(caught.value)


def test_the_word_bearer_before_a_key_is_named() -> None:
    with pytest.raises(UsageError, match='begins with "Bearer"'):
        Key("Bearer sk-abc")


@pytest.mark.parametrize("text", [
    SECRET, quote(SECRET, safe=""), quote(SECRET, safe="").lower(), json.dumps(SECRET)[1:-1],
    SECRET.upper(), SECRET.replace("/", "\\/").replace('"', '\\"'),
    SECRET.replace("&", "&amp;").replace('"', "&quot;"),
])  # fmt: skip
def test_a_key_is_masked_in_each_form_that_an_echo_has(text: str) -> None:
    assert Key(SECRET).masked(f"no such key: {text}!") == f"no such key: {HIDDEN}!"


@given(keys, st.text(max_size=30), st.text(max_size=30), st.data())
def test_no_12_characters_of_a_key_and_no_half_of_a_long_one_get_through(
    secret: str, before: str, after: str, data: st.DataObject
) -> None:
    run = min(len(secret), max(12, len(secret) // 2))
    start = data.draw(st.integers(0, len(secret) - run))
    end = data.draw(st.integers(start + run, len(secret)))
    masked = Key(secret).masked(before + secret[start:end] + after)
    low = secret.lower()
    assert not any(low[n : n + run] in masked.lower() for n in range(len(low) - run + 1))


def test_words_that_a_key_shares_with_a_sentence_stay() -> None:
    key = Key("sk-rehearsal-of-alignment-1")
    assert key.masked('{"rehearsal": true, "step": "alignment"}') == (
        '{"rehearsal": true, "step": "alignment"}'
    )


@given(keys, st.text(max_size=30), st.integers(4, 8))
def test_a_text_that_is_cut_in_the_middle_of_a_key_does_not_end_with_its_beginning(
    secret: str, before: str, length: int
) -> None:
    masked = Key(secret).masked(before + secret[:length])
    assert masked.endswith(HIDDEN)


def test_what_has_no_key_in_it_stays_as_it_is() -> None:
    text = "Job dj-1 is not ready: 2 files of 3 failed. " * 2000
    assert Key(SECRET).masked(text) == text
    assert Key(SECRET).masked("") == ""


@pytest.mark.parametrize(("given", "kept"), [
    ("https://flow.seekr.com", "https://flow.seekr.com"),
    ("https://flow.seekr.com/", "https://flow.seekr.com"),
    ("https://flow.seekr.com/v1", "https://flow.seekr.com"),
    ("https://flow.seekr.com/v1/", "https://flow.seekr.com"),
    ("https://flow.seekr.com/v2", "https://flow.seekr.com"),
    (" HTTPS://gate.example/seekr/v1/\n", "https://gate.example/seekr"),
    ("http://127.0.0.1:8080/", "http://127.0.0.1:8080"),
    ("http://localhost:1", "http://localhost:1"),
    ("http://[::1]:80", "http://[::1]:80"),
])  # fmt: skip
def test_an_address_is_brought_to_one_form(given: str, kept: str) -> None:
    assert Account(given, Key("k")).base_url == kept


@pytest.mark.parametrize("given", [
    "http://flow.seekr.com", "http://10.0.0.1", "http://127.0.0.1.example", "http://128.0.0.1",
])  # fmt: skip
def test_a_key_does_not_travel_unencrypted(given: str) -> None:
    with pytest.raises(UsageError, match=r"where the key would travel unencrypted; use https://"):
        Account(given, Key("k"))


@pytest.mark.parametrize("given", [
    "flow.seekr.com", "ftp://flow.seekr.com", "https://", "https:///v1", "https://a b", "nonsense",
    "https://flow.seekr.com?key=1", "https://flow.seekr.com#x", "https://[::1", "https://a:99999",
    "https://a:b", "https://" + "a" * 70 + ".example", "https://é.example", "file:///etc/passwd",
    "https://flow.seekr.com\x00",
])  # fmt: skip
def test_nonsense_is_one_sentence(given: str) -> None:
    with pytest.raises(UsageError, match=r"^SEEKR_BASE_URL is no address of a service; [^.]+\.\S"):
        Account(given, Key("k"))


def test_a_password_in_an_address_is_not_shown() -> None:
    with pytest.raises(UsageError, match="holds a user or a password") as caught:
        Account("https://me:secret@flow.seekr.com", Key("k"))
    assert "secret" not in str(caught.value)


def test_the_environment_names_an_account() -> None:
    found = account({"SEEKR_API_KEY": "k-1\n", "SEEKR_TEAM_ID": " t-1 "})
    assert (found.base_url, found.key.secret(), found.team) == (SERVICE, "k-1", "t-1")
    found = account({"SEEKR_API_KEY": "k", "SEEKR_BASE_URL": "", "SEEKR_TEAM_ID": ""})
    assert (found.base_url, found.team) == (SERVICE, None)
    assert account({"SEEKR_API_KEY": "k", "SEEKR_BASE_URL": "http://localhost:1/v1"}).base_url == (
        "http://localhost:1"
    )


@pytest.mark.parametrize("environ", [{}, {"SEEKR_API_KEY": ""}, {"SEEKR_API_KEY": " \n"}])
def test_without_a_key_it_is_said_where_to_get_one(environ: dict[str, str]) -> None:
    with pytest.raises(UsageError, match=r"SEEKR_API_KEY is not set; put the API key .*--rehearse"):
        account(environ)


def test_a_team_that_would_break_a_header_is_refused() -> None:
    with pytest.raises(UsageError, match="SEEKR_TEAM_ID"):
        Account(SERVICE, Key("k"), "a\nHost: b")


@pytest.mark.parametrize(("host", "is_it"), [
    ("localhost", True), ("LOCALHOST.", True), ("a.localhost", True), ("127.9.9.9", True),
    ("::1", True), ("localhost.example", False), ("0.0.0.0", False), ("example", False),
])  # fmt: skip
def test_loopback_is_known(host: str, is_it: bool) -> None:
    assert is_loopback(host) is is_it
