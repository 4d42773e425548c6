"""The way to the service: proxies, certificates; and nothing on it that shows the key."""

from __future__ import annotations

import gc
import io
import logging
import socket
import ssl
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.align.scripted_service import Reply, ScriptedService, nobody
from tests.align.service_of import JOB, SECRET, SILENCE, client, service_of
from tribonian.align.service.client import Service
from tribonian.align.service.failures import ServiceError, UncertainError, UnreachableError
from tribonian.errors import TribonianError, UsageError

PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


@pytest.fixture(autouse=True)
def _no_proxy_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


# -- proxies


def test_no_proxy_stands_between_this_machine_and_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    with ScriptedService() as proxy, service_of(Reply(200, JOB)) as (scripted, service):
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.setenv("ALL_PROXY", proxy.url)
        service.job("dj-1")
    assert scripted.heard
    assert not proxy.requests


@pytest.mark.parametrize("call", [lambda s: s.job("dj-1"), lambda s: s.start("dj-1")])
def test_a_proxy_that_refuses_is_final_and_hears_no_key(
    call: Callable[[Service], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    with (
        ScriptedService(Reply(407), Reply(407)) as proxy,
        client("https://seekr.example") as service,
    ):
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        with pytest.raises(
            ServiceError, match=r"proxy that the environment names refuses \(407"
        ) as it:
            call(service)
        assert type(it.value) is ServiceError
    (heard,) = proxy.requests
    assert heard.line == "CONNECT seekr.example:443"
    assert SECRET not in str(heard.raw)


def test_a_proxy_that_does_not_reach_the_service_is_asked_again_for_anything(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with ScriptedService(*[Reply(502)] * 99) as proxy, client("https://seekr.example") as service:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        with pytest.raises(UnreachableError, match=r"by the proxy \(502"):
            service.start("dj-1")
    assert len(proxy.requests) > 1


@pytest.mark.parametrize(("proxy", "match"), [
    ("http://", "mend HTTPS_PROXY"),
    ("gopher://a", "mend HTTPS_PROXY"),
    ("http://[", "mend HTTPS_PROXY"),
])  # fmt: skip
def test_a_proxy_that_is_none_is_one_sentence(
    proxy: str, match: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    with client("https://seekr.example") as service, pytest.raises(UsageError, match=match):
        service.job("dj-1")


# -- certificates


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key and a certificate for localhost that signs itself."""
    x509 = pytest.importorskip("cryptography.x509")
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime(2020, 1, 1))
        .not_valid_after(datetime(2020, 1, 1) + timedelta(days=365 * 100))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "localhost.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


@contextmanager
def encrypted(certificate: Path, scripted: ScriptedService) -> Iterator[str]:
    """The scripted service, behind TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with suppress(OSError):
            while True:
                connection, _ = listening.accept()
                with connection, suppress(OSError), context.wrap_socket(
                    connection, server_side=True
                ) as wrapped, wrapped.makefile("rb") as incoming:  # fmt: skip
                    while scripted._exchange(wrapped, incoming, 0):
                        pass

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield f"https://localhost:{listening.getsockname()[1]}"
    with suppress(OSError):
        listening.shutdown(socket.SHUT_RDWR)
    listening.close()
    thread.join(5)


def test_a_certificate_of_ones_own_network_is_trusted_where_it_is_named(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with (
        ScriptedService(Reply(200, JOB)) as scripted,
        encrypted(certificate, scripted) as url,
        client(url) as service,
    ):
        assert service.start("dj-1").id == "dj-1"


def test_a_certificate_that_nobody_vouches_for_is_final_and_no_key_is_sent(
    certificate: Path,
) -> None:
    with (
        ScriptedService(Reply(200, JOB)) as scripted,
        encrypted(certificate, scripted) as url,
        client(url, patience=30) as service,
        pytest.raises(
            ServiceError, match=r"certificate of localhost:\d+ is not valid .* in SSL_CERT_FILE"
        ) as caught,
    ):
        service.start("dj-1")
    assert type(caught.value) is ServiceError
    assert not scripted.requests


def test_a_server_without_tls_is_said_to_be_one() -> None:
    heard: list[bytes] = []

    def serve() -> None:
        with suppress(OSError):
            while True:
                connection, _ = listening.accept()
                with connection:
                    heard.append(connection.recv(1 << 16))
                    connection.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        url = f"https://localhost:{listening.getsockname()[1]}"
        with (
            client(url) as service,
            pytest.raises(UnreachableError, match="it speaks no TLS there"),
        ):
            service.start("dj-1")
        listening.shutdown(socket.SHUT_RDWR)
        thread.join(5)
    assert heard
    assert SECRET.encode() not in b"".join(heard)


# -- the key


FAULTS = [
    Reply(401, {"detail": f"bad key {SECRET}"}, headers=(("X-Key", SECRET),)),
    Reply(500, SECRET), Reply(fault="drop"), Reply(fault="reset"), Reply(fault="stall"),
    Reply(200, {"id": None, "key": SECRET}), Reply(200, JOB, fault="cut-body"),
    Reply(302, headers=(("Location", f"https://evil.example/{SECRET}?key={SECRET}"),)),
    Reply(307, headers=(("Location", f"/{SECRET}"),)),
]  # fmt: skip


def everything_of(error: BaseException, *, local: bool) -> str:
    """What a traceback shows, of the error and all behind it; with its local variables too.

    The first frame is the test's own.
    """
    out = []
    seen: BaseException | None = error
    while seen is not None:
        trace = seen.__traceback__ if seen is not error else seen.__traceback__.tb_next  # type: ignore[union-attr]
        out.append("".join(traceback.TracebackException(
            type(seen), seen, trace, capture_locals=local, compact=False).format()))  # fmt: skip
        out.append(repr(vars(seen)))
        seen = seen.__cause__ or seen.__context__
    return "\n".join(out)


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("call", [lambda s: s.job("dj-1"), lambda s: s.start("dj-1")])
def test_no_error_holds_the_key_not_even_in_the_variables_of_its_traceback(
    call: Callable[[Service], Any], fault: Reply
) -> None:
    with service_of(fault, patience=0, **SILENCE) as (_, service):
        try:
            call(service)
        except TribonianError as error:
            shown = everything_of(error, local=SECRET not in repr(fault))
    assert SECRET not in shown
    assert "client.py" in shown


def test_no_error_keeps_the_request_alive_that_holds_the_key() -> None:
    with nobody() as url, client(url) as service, pytest.raises(UnreachableError) as caught:
        service.start("dj-1")
    behind: list[BaseException | None] = [caught.value]
    while behind[-1] is not None:
        behind.append(behind[-1].__cause__ or behind[-1].__context__)
    assert {type(each).__module__.split(".")[0] for each in behind if each} == {"tribonian"}


@pytest.mark.parametrize("fault", FAULTS)
def test_no_log_holds_the_key_even_where_everything_is_logged(fault: Reply) -> None:
    heard = io.StringIO()
    listening = logging.StreamHandler(heard)
    root = logging.getLogger()
    before = root.level
    root.addHandler(listening)
    root.setLevel(1)
    try:
        with service_of(fault, fault, patience=0, **SILENCE) as (_, service):
            for call in (service.job, service.start):
                with suppress(TribonianError):
                    call("dj-1")
    finally:
        root.removeHandler(listening)
        root.setLevel(before)
    assert "send_request_headers" in heard.getvalue()
    assert SECRET not in heard.getvalue()


def test_the_log_is_left_as_it_was() -> None:
    names = [name for name in logging.root.manager.loggerDict if name.startswith("httpcore")]
    with client("http://127.0.0.1:1"):
        pass
    gc.collect()
    assert not any(logging.getLogger(name).filters for name in names)


def test_nothing_of_a_service_shows_the_key() -> None:
    with client("http://127.0.0.1:1") as service:
        shown = [repr(service), str(service), repr(vars(service)), repr(service.account),
                 repr(vars(service._exchange))]  # fmt: skip
    assert SECRET not in "".join(shown)


def test_an_effect_that_is_uncertain_is_an_error_of_the_service() -> None:
    assert issubclass(UncertainError, ServiceError)
