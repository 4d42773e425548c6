"""A body while it arrives: decompressed, hashed, never more than is allowed."""

from __future__ import annotations

import gzip
import hashlib
import io
import zlib
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tribonian.ingest.web.body import (
    BodyError,
    BrokenError,
    CutShortError,
    EncodingError,
    TooLargeError,
    receive,
)


def received(coded: bytes, encoding: str, at: int = 7, most: int = 1 << 20) -> bytes:
    out = io.BytesIO()
    pieces = [coded[start : start + at] for start in range(0, len(coded), at)]
    got = receive(pieces, encoding, out, most)
    assert got.sha256 == hashlib.sha256(out.getvalue()).hexdigest()
    assert got.bytes == len(out.getvalue())
    return out.getvalue()


def raw_deflate(body: bytes) -> bytes:
    packing = zlib.compressobj(wbits=-15)
    return packing.compress(body) + packing.flush()


@given(st.binary(max_size=400), st.integers(1, 50))
def test_a_body_is_the_same_however_it_is_sent(body: bytes, at: int) -> None:
    half = len(body) // 2
    members = gzip.compress(body[:half]) + gzip.compress(body[half:])
    assert received(body, "", at) == body
    assert received(body, "identity", at) == body
    assert received(gzip.compress(body), "gzip", at) == body
    assert received(gzip.compress(body) + bytes(20), " X-GZIP ", at) == body
    assert received(members, "gzip", at) == body
    assert received(zlib.compress(body), "deflate", at) == body
    assert received(raw_deflate(body), "deflate", at) == body


@given(st.binary(min_size=1, max_size=400), st.data())
def test_a_compressed_body_without_its_end_is_never_taken_for_whole(
    body: bytes, data: st.DataObject
) -> None:
    for coded, encoding in (
        (gzip.compress(body), "gzip"),
        (zlib.compress(body), "deflate"),
    ):
        cut = data.draw(st.integers(1, len(coded) - 1))
        with pytest.raises(CutShortError):
            received(coded[:cut], encoding)


@given(st.binary(min_size=1, max_size=200), st.data())
def test_a_changed_byte_never_changes_the_body_unseen(body: bytes, data: st.DataObject) -> None:
    coded = bytearray(gzip.compress(body))
    at = data.draw(st.integers(0, len(coded) - 1))
    coded[at] ^= data.draw(st.integers(1, 255))
    with suppress(BodyError):
        assert received(bytes(coded), "gzip") == body  # the time and the name in its head


def test_what_is_not_compressed_as_it_says_is_broken() -> None:
    with pytest.raises(BrokenError):
        received(b"<RULE/>", "gzip")
    with pytest.raises(BrokenError):
        received(gzip.compress(b"a") + b"and more", "gzip")
    with pytest.raises(BrokenError):
        received(b"\x78\x9cnonsense", "deflate")


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip, gzip", "compress"])
def test_another_encoding_is_named(encoding: str) -> None:
    with pytest.raises(EncodingError, match=encoding):
        received(b"x", encoding)


def test_what_expands_without_end_is_stopped_early() -> None:
    pulled = []

    def endless() -> object:
        packing = zlib.compressobj(wbits=31)
        yield packing.compress(bytes(10_000_000)) + packing.flush(zlib.Z_SYNC_FLUSH)
        while True:
            pulled.append(1)
            yield packing.compress(bytes(10_000_000)) + packing.flush(zlib.Z_SYNC_FLUSH)

    out = io.BytesIO()
    with pytest.raises(TooLargeError):
        receive(endless(), "gzip", out, 1_000_000)  # type: ignore[arg-type]
    assert not pulled
    assert len(out.getvalue()) <= 1_000_000


def test_a_body_of_exactly_the_limit_is_taken() -> None:
    assert received(b"12345", "", most=5) == b"12345"
    with pytest.raises(TooLargeError):
        received(b"123456", "", most=5)
