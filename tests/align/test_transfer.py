"""Files to the service and from it: whole, a piece at a time, and the key only to the service."""

from __future__ import annotations

import os
import threading
import tracemalloc
from email.parser import BytesParser
from email.policy import HTTP
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.align.scripted_service import Heard, Reply, ScriptedService
from tests.align.service_of import FILE, SECRET, SILENCE, client, service_of
from tribonian.align.service.failures import (
    NotThereError,
    OtherSizeError,
    ServiceError,
    StoppedError,
    UnreachableError,
)
from tribonian.errors import UsageError

DATA = bytes(range(256)) * 700
GIVEN = Reply(200, DATA)


def parts_of(heard: Heard) -> list[tuple[str | None, str | None, str | None, bytes]]:
    """Name, file name, type and bytes of each part of a multipart body, in their order."""
    head = f"Content-Type: {heard.headers['content-type']}\r\n\r\n".encode()
    message = BytesParser(policy=HTTP).parsebytes(head + heard.body)
    return [
        (
            part.get_param("name", header="content-disposition"),
            part.get_filename(),
            part["content-type"] and part.get_content_type(),
            part.get_payload(decode=True),
        )
        for part in message.iter_parts()
    ]


# -- to the service


@pytest.mark.parametrize(("name", "type_"), [
    ("principles.json", "application/json"),
    ("principles.md", "text/markdown"),
    ("TRAIN.JSONL", "application/octet-stream"),
    ("train.parquet", "application/octet-stream"),
    ("no suffix", "application/octet-stream"),
])  # fmt: skip
def test_a_file_is_sent_after_its_purpose_with_its_name_and_type(
    tmp_path: Path, name: str, type_: str
) -> None:
    path = tmp_path / name
    path.write_bytes(b'{"label": "Lanterns"}')
    with service_of(Reply(200, FILE)) as (scripted, service):
        assert service.upload(path, purpose="alignment").id == "file-1"
    (heard,) = scripted.requests
    assert heard.line == "PUT /v1/flow/files"
    assert heard.headers["authorization"] == SECRET
    assert parts_of(heard) == [
        ("purpose", None, None, b"alignment"),
        ("files", name, type_, b'{"label": "Lanterns"}'),
    ]
    assert int(heard.headers["content-length"]) == len(heard.body)


def test_a_file_may_have_another_name_at_the_service(tmp_path: Path) -> None:
    path = tmp_path / "upload-1.json"
    path.write_bytes(b"{}")
    with service_of(Reply(200, FILE)) as (scripted, service):
        service.upload(path, purpose="alignment", name='a "b"\r\nc §.json')
    assert b'filename="a %22b%22%0D%0Ac \xc2\xa7.json"\r\n' in scripted.requests[0].body


def test_progress_is_told_to_the_last_byte_and_from_the_first_again(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(DATA)
    told: list[tuple[int, int]] = []
    with service_of(Reply(429, ""), Reply(200, FILE), patience=9) as (scripted, service):
        service.upload(path, purpose="alignment", progress=lambda *at: told.append(at))
    assert told[0] == (0, len(DATA))
    assert told[-1] == (len(DATA), len(DATA))
    assert told.count((0, len(DATA))) == 2
    assert scripted.requests[0].body.count(DATA) == scripted.requests[1].body.count(DATA) == 1


def test_a_large_file_is_never_in_the_memory(tmp_path: Path) -> None:
    path = tmp_path / "large.json"
    with path.open("wb") as file:
        file.truncate(64 << 20)
    heard: list[int] = []

    def answer(request: Heard) -> Reply:
        heard.append(len(request.body))
        return Reply(200, FILE)

    with ScriptedService(answer=answer) as scripted, client(scripted.url) as service:
        scripted.forgets = True
        tracemalloc.start()
        service.upload(path, purpose="alignment")
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert peak < 16 << 20
    assert int(scripted.requests[0].headers["content-length"]) > 64 << 20


def test_a_file_that_cannot_be_read_is_one_sentence_and_nothing_is_sent(tmp_path: Path) -> None:
    with service_of() as (scripted, service):
        for path in (tmp_path / "missing.json", tmp_path):
            with pytest.raises(UsageError, match=r"cannot be read \(.*\); mend that"):
                service.upload(path, purpose="alignment")
    assert not scripted.requests


@pytest.mark.parametrize("change", [-1000, 1000])
def test_a_file_that_changes_while_it_is_sent_is_not_sent_as_it_never_was(
    tmp_path: Path, change: int
) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(DATA)

    def meddle(sent: int, size: int) -> None:
        if sent:
            os.truncate(path, len(DATA) + change)

    with service_of(Reply(200, FILE)) as (scripted, service):
        if change > 0:  # what was there when it began is sent
            service.upload(path, purpose="alignment", progress=meddle)
            assert parts_of(scripted.requests[0])[1][3] == DATA
        else:
            with pytest.raises(UsageError, match=r"a\.json became shorter while it was sent"):
                service.upload(path, purpose="alignment", progress=meddle)


def test_a_refusal_that_comes_before_the_end_of_a_file_is_heard(tmp_path: Path) -> None:
    path = tmp_path / "large.json"
    with path.open("wb") as file:
        file.truncate(32 << 20)
    refused = Reply(413, {"detail": "At most 1 MB."}, early=True)
    with service_of(refused) as (scripted, service), pytest.raises(
        ServiceError, match=r"does not take the file large\.json: At most 1 MB \(413"
    ) as caught:  # fmt: skip
        service.upload(path, purpose="alignment")
    assert type(caught.value) is ServiceError
    assert len(scripted.requests) == 1


def test_a_stop_ends_an_upload(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(DATA)
    stop = threading.Event()
    with service_of(Reply(200, FILE), stop=stop) as (_, service), pytest.raises(StoppedError):
        service.upload(path, purpose="alignment", progress=lambda *_: stop.set())


# -- from the service


@pytest.mark.parametrize("reply", [
    GIVEN,
    Reply(200, DATA, chunked=True),
    Reply(200, DATA, gzipped=True),
    Reply(200, DATA, gzipped=True, chunked=True),
    Reply(200, DATA, told=False),
    Reply(200, DATA, headers=(("Content-Encoding", "identity"),)),
    Reply(203, DATA),
])  # fmt: skip
@pytest.mark.parametrize("expected", [None, len(DATA)])
def test_a_file_comes_whole_in_every_way_of_travelling(
    tmp_path: Path, reply: Reply, expected: int | None
) -> None:
    told: list[tuple[int, int]] = []
    with service_of(reply, team="t") as (scripted, service):
        size = service.download(
            "file-9", tmp_path / "side", expected=expected, progress=lambda *at: told.append(at)
        )
    assert (size, (tmp_path / "side").read_bytes()) == (len(DATA), DATA)
    assert scripted.heard == ["GET /v1/flow/files/file-9/content"]
    assert scripted.requests[0].headers["authorization"] == SECRET
    assert scripted.requests[0].headers["x-team-id"] == "t"
    assert told[0][0] == 0
    if not reply.gzipped:
        assert told[-1][0] == len(DATA)


@pytest.mark.parametrize("fault", [
    Reply(200, DATA, fault="cut-body"),
    Reply(200, DATA, fault="cut-body", chunked=True),
    Reply(200, DATA, fault="cut-body", gzipped=True),
    Reply(200, DATA, fault="cut-body", gzipped=True, told=False),
    Reply(200, DATA, fault="cut-body", gzipped=True, chunked=True),
    Reply(200, DATA, fault="cut-body", told=False),
    Reply(200, DATA, fault="stall-body"),
    Reply(200, DATA, headers=(("Content-Encoding", "gzip"),)),
    Reply(fault="drop"), Reply(500, "oh"), Reply(429, ""),
])  # fmt: skip
def test_a_file_that_is_cut_is_asked_for_again_from_its_start(tmp_path: Path, fault: Reply) -> None:
    side = tmp_path / "side"
    times = SILENCE if "stall" in fault.fault else {}
    with service_of(fault, fault, GIVEN, patience=30, **times) as (scripted, service):
        assert service.download("file-9", side, expected=len(DATA)) == len(DATA)
    assert side.read_bytes() == DATA
    assert len(scripted.requests) == 3
    assert not any("range" in each.headers for each in scripted.requests)


def test_where_it_never_comes_whole_there_is_no_half_file(tmp_path: Path) -> None:
    cut = Reply(200, DATA, fault="cut-body")
    with service_of(*[cut] * 99) as (_, service), pytest.raises(
        UnreachableError, match=r"give the file file-9, but it broke off in the middle"
    ):  # fmt: skip
        service.download("file-9", tmp_path / "side")
    assert not list(tmp_path.iterdir())


def test_a_file_of_another_size_than_it_is_listed_with_is_not_taken(tmp_path: Path) -> None:
    with service_of(*[GIVEN] * 9, patience=30) as (scripted, service), pytest.raises(
        OtherSizeError,
        match=rf"which it lists with 7 bytes, but gave {len(DATA)}, though asked 3 times",
    ):  # fmt: skip
        service.download("file-9", tmp_path / "side", expected=7)
    assert len(scripted.requests) == 3
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("reply", [
    Reply(200, b""), Reply(200, b"", chunked=True), Reply(200, b"", told=False), Reply(204),
    Reply(200, b"", gzipped=True),
])  # fmt: skip
def test_a_file_may_be_empty(tmp_path: Path, reply: Reply) -> None:
    with service_of(reply) as (_, service):
        assert service.download("file-9", tmp_path / "side") == 0
    assert (tmp_path / "side").read_bytes() == b""


@pytest.mark.parametrize(("reply", "match"), [
    (Reply(200, "<!DOCTYPE html><title>Sign in", headers=(("Content-Type", "text/html"),)),
     "gave a web page instead"),
    (Reply(206, DATA[:10]), "answered 206 Partial Content instead of the whole file"),
    (Reply(202, {}), "answered 202 Accepted instead of the whole file"),
])  # fmt: skip
def test_what_is_no_file_is_not_taken(tmp_path: Path, reply: Reply, match: str) -> None:
    with service_of(reply) as (_, service), pytest.raises(ServiceError, match=match):
        service.download("file-9", tmp_path / "side")
    assert not list(tmp_path.iterdir())


def test_a_file_that_is_gone_is_final(tmp_path: Path) -> None:
    with (
        service_of(Reply(404, {"detail": "no such file"})) as (_, service),
        pytest.raises(NotThereError, match=r"does not give the file file-9: no such file"),
    ):
        service.download("file-9", tmp_path / "side")
    assert not list(tmp_path.iterdir())


def test_a_place_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    with service_of(GIVEN) as (_, service), pytest.raises(UsageError, match="cannot be written"):
        service.download("file-9", tmp_path / "missing" / "side")


def test_a_stop_ends_a_download_and_leaves_no_half_file(tmp_path: Path) -> None:
    stop = threading.Event()
    with service_of(GIVEN, stop=stop) as (_, service), pytest.raises(StoppedError):
        service.download("file-9", tmp_path / "side", progress=lambda *_: stop.set())
    assert not list(tmp_path.iterdir())


@settings(max_examples=25, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(st.binary(max_size=3000), st.booleans(), st.booleans(), st.booleans(), st.booleans())
def test_any_bytes_come_as_they_are(
    tmp_path: Path, data: bytes, chunked: bool, gzipped: bool, told: bool, cut: bool
) -> None:
    script = [Reply(200, data, chunked=chunked, gzipped=gzipped, told=told)]
    if cut:
        script.insert(0, Reply(200, data, fault="cut-body", chunked=chunked, gzipped=gzipped))
    with service_of(*script, patience=30) as (_, service):
        assert service.download("f", tmp_path / "side") == len(data)
    assert (tmp_path / "side").read_bytes() == data


# -- where a file is kept elsewhere


def led(where: str, status: int = 302) -> Reply:
    return Reply(status, headers=(("Location", where),))


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_file_may_be_kept_elsewhere_and_the_key_does_not_go_there(
    tmp_path: Path, status: int
) -> None:
    with ScriptedService(GIVEN) as storage:
        signed = f"{storage.url}/bucket/pairs.parquet?X-Signature=abc%2Fdef&Expires=9#part"
        with service_of(led(signed, status), team="team-1") as (_, service):
            assert service.download("file-9", tmp_path / "side") == len(DATA)
    (heard,) = storage.requests
    assert heard.line == "GET /bucket/pairs.parquet?X-Signature=abc%2Fdef&Expires=9"
    assert not {"authorization", "x-team-id", "cookie"} & set(heard.headers)
    assert SECRET not in str(heard.raw)


def test_a_key_that_was_left_behind_does_not_come_back(tmp_path: Path) -> None:
    with ScriptedService() as storage, service_of() as (scripted, service):
        scripted.then(led(f"{storage.url}/a"), GIVEN)
        storage.then(led(f"{scripted.url}/b"))
        service.download("file-9", tmp_path / "side")
    assert scripted.heard[1] == "GET /b"
    assert "authorization" not in scripted.requests[1].headers


def test_a_signed_address_that_has_run_out_is_asked_for_anew(tmp_path: Path) -> None:
    with ScriptedService(Reply(403, "<Error>Request has expired"), GIVEN) as storage:
        script = [led(f"{storage.url}/a?sig=1"), led(f"{storage.url}/a?sig=2")]
        with service_of(*script, patience=30) as (_, service):
            assert service.download("file-9", tmp_path / "side") == len(DATA)
    assert storage.heard == ["GET /a?sig=1", "GET /a?sig=2"]


def test_a_storage_that_refuses_is_named_and_neither_key_nor_signature_is(tmp_path: Path) -> None:
    with ScriptedService(*[Reply(403, "<Error>Access Denied")] * 9) as storage:
        script = [led(f"{storage.url}/a?sig=s3cr3t")] * 9
        with service_of(*script, patience=30) as (_, service), pytest.raises(
            UnreachableError, match=rf"from where it is kept, 127.0.0.1:{storage.port}"
        ) as caught:  # fmt: skip
            service.download("file-9", tmp_path / "side")
    assert "s3cr3t" not in str(caught.value)


@pytest.mark.parametrize("where", ["http://files.example/a", "ftp://files.example/a", "file:///a"])
def test_a_file_is_not_fetched_from_where_it_could_be_changed_on_the_way(
    tmp_path: Path, where: str
) -> None:
    with service_of(led(where)) as (_, service), pytest.raises(ServiceError, match="not followed"):
        service.download("file-9", tmp_path / "side")


def test_a_listing_is_not_taken_from_elsewhere(tmp_path: Path) -> None:
    with (
        ScriptedService(Reply(200, FILE)) as other,
        service_of(led(f"{other.url}/a")) as (_, service),
        pytest.raises(ServiceError, match="not followed"),
    ):
        service.file("file-1")
    assert not other.requests
