"""Addresses as they are compared and shown: never with a password or a key."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tribonian.ingest.web.address import bare, origin, sealed, shown, split_address, user_of
from tribonian.ingest.web.answer import WebError


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://www.ecfr.gov/api/x?part=701&section=701.3",
         "https://www.ecfr.gov/api/x?part=701&section=701.3"),
        ("https://me:word@law.example:8443/a#b", "https://law.example:8443/a"),
        ("https://law.example/a?api_key=abc&page=2", "https://law.example/a?api_key=…&page=2"),
        ("https://bucket.example/a.xml?X-Amz-Signature=ff&X-Amz-Date=",
         "https://bucket.example/a.xml?X-Amz-Signature=…&X-Amz-Date="),
        ("https://law.example/a?abcdef", "https://law.example/a?…"),
        ("https://api.example/a?issue_date%5Bon%5D=2024-01-01",
         "https://api.example/a?issue_date%5Bon%5D=2024-01-01"),
    ],
)  # fmt: skip
def test_an_address_is_shown_without_what_may_be_secret(url: str, expected: str) -> None:
    assert shown(url) == expected


@given(st.from_regex(r"[a-zA-Z0-9._~%-]{6,20}", fullmatch=True))
def test_a_secret_is_never_shown(secret: str) -> None:
    secret = f"ZZ{secret}"
    for url in (
        f"https://me:{secret}@law.example/a",
        f"https://{secret}@law.example/a",
        f"https://law.example/a?token={secret}",
        f"https://law.example/a?{secret}",
        f"https://law.example/a#{secret}",
        f"https://me:{secret}@[law.example/a?key={secret}",
    ):
        assert secret not in shown(url)


def test_an_address_is_kept_without_what_may_be_secret_and_known_again() -> None:
    secret, other = "https://law.example/a?token=hush", "https://law.example/a?token=hash"
    assert "hush" not in sealed(secret) and sealed(secret).startswith(f"{shown(secret)}#")
    assert sealed(secret) == sealed(secret) != sealed(other)
    assert sealed("https://law.example/a?page=2") == "https://law.example/a?page=2"
    assert sealed("s3://[law/a") == "s3://[law/a"


def test_two_addresses_of_one_server_have_the_same_origin() -> None:
    assert origin("HTTPS://me@WWW.Law.example./a") == origin("https://www.law.example:443/b")
    assert origin("http://law.example:8080") == ("http", "law.example", 8080)
    assert origin("http://law.example") != origin("https://law.example")
    assert origin("http://[::1]:80/") == ("http", "::1", 80)


def test_user_and_password_are_taken_off() -> None:
    assert user_of("http://a:b@c/") == "a:b"
    assert bare("http://a:b@c:1/d?e=f#g") == "http://c:1/d?e=f"


@given(st.text())
def test_any_text_is_an_address_or_a_sentence(text: str) -> None:
    for url in (text, f"http://{text}", f"https://law.example/{text}", f"http://[{text}]/"):
        shown(url)
        try:
            split_address(url)
        except WebError as error:
            assert str(error).endswith(".")
