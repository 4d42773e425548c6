"""Connections: to what was checked and nowhere else, by a proxy where there is one."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from loopback import PAGE, Loopback, MakeWeb, Request, reply, serving

from tribonian.ingest.web.answer import StoppedError, UnavailableError, WebError
from tribonian.ingest.web.client import Patience, Web
from tribonian.ingest.web.transport import proxy_of

PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


@pytest.fixture(autouse=True)
def _no_proxy_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


def port_of(server: Loopback) -> str:
    return server.url.rpartition(":")[2]


# --- names


def test_a_name_is_resolved_once_and_that_address_is_asked(web: MakeWeb) -> None:
    asked: list[str] = []

    def resolve(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"]

    with serving(reply()) as server:
        url = f"http://law.example:{port_of(server)}/a"
        assert web(resolve=resolve).get(url).path.read_bytes() == PAGE
    assert asked == ["law.example"]
    assert server.requests[0].headers["host"] == f"law.example:{port_of(server)}"


def test_a_name_that_changes_its_address_between_two_looks_gains_nothing() -> None:
    looks: list[str] = []

    def resolve(host: str, port: int) -> list[str]:
        looks.append(host)
        return ["93.184.215.14"] if len(looks) == 1 else ["127.0.0.1"]

    once = Patience(tries=1)
    with serving(reply()) as server, Web(None, resolve=resolve, seconds=0.5) as client:
        url = f"http://law.example:{port_of(server)}/a"
        with pytest.raises(UnavailableError):  # nobody is there, as far as this test goes
            client.get(url, patience=once)
        assert len(looks) == 1
        with pytest.raises(WebError, match="--allow-private"):
            client.get(url, patience=once)
    assert not server.requests


@pytest.mark.parametrize(
    "addresses", [["127.0.0.1"], ["93.184.215.14", "10.0.0.1"], ["::1"], ["::ffff:127.0.0.1"]]
)
def test_a_name_with_one_private_address_is_refused(web: MakeWeb, addresses: list[str]) -> None:
    client = web(allow_private=False, resolve=lambda host, port: addresses)
    with pytest.raises(WebError, match=r"law\.example, which is the private address.*--allow-pri"):
        client.get("http://law.example/a")


@pytest.mark.parametrize("host", ["127.0.0.1", "2130706433", "0x7f.1", "0177.0.0.1", "127.1",
                                  "[::1]", "[::ffff:7f00:1]", "localhost", "LOCALHOST",
                                  "0", "[::]"])  # fmt: skip
def test_loopback_is_refused_in_every_spelling(web: MakeWeb, host: str) -> None:
    with serving(reply()) as server:
        client = web(allow_private=False)
        with pytest.raises(WebError, match="--allow-private"):
            client.get(f"http://{host}:{port_of(server)}/")
    assert not server.requests


def test_where_the_first_address_does_not_answer_the_next_is_asked(web: MakeWeb) -> None:
    with serving(reply()) as server:
        client = web(resolve=lambda host, port: ["127.0.0.9", "127.0.0.1"])
        url = f"http://law.example:{port_of(server)}/a"
        assert client.get(url).path.read_bytes() == PAGE


def test_a_look_up_that_hangs_ends_at_the_limit_and_can_be_stopped(web: MakeWeb) -> None:
    hang = threading.Event()

    def resolve(host: str, port: int) -> list[str]:
        hang.wait(10)
        raise socket.gaierror(socket.EAI_AGAIN, "again")

    with pytest.raises(UnavailableError, match="--time-limit"):
        web(resolve=resolve, seconds=0.3).get("http://law.example/")
    client = web(resolve=resolve)
    threading.Timer(0.2, client.stop).start()
    begun = time.monotonic()
    with pytest.raises(StoppedError):
        client.get("http://law.example/")
    assert time.monotonic() - begun < 1
    hang.set()


def test_a_name_service_that_does_not_know_is_asked_a_few_times(web: MakeWeb) -> None:
    asked: list[str] = []

    def resolve(host: str, port: int) -> list[str]:
        asked.append(host)
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    with pytest.raises(UnavailableError, match=r"cannot say where law\.example is.*is online"):
        web(resolve=resolve).get("http://law.example/")
    assert len(asked) == 5


# --- TLS


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key and a certificate for law.example that signs itself."""
    x509 = pytest.importorskip("cryptography.x509")
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "law.example")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime(2020, 1, 1))
        .not_valid_after(datetime(2020, 1, 1) + timedelta(days=365 * 100))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("law.example")]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "law.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


class Encrypted(Loopback):
    """The same server, in TLS; it notes the names that it was greeted with."""

    context: ssl.SSLContext
    names: list[str | None]

    def serve(self, connection: socket.socket) -> None:
        with suppress(OSError):
            super().serve(self.context.wrap_socket(connection, server_side=True))


@pytest.fixture
def encrypted(certificate: Path) -> object:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    names: list[str | None] = []
    context.sni_callback = lambda sock, name, context: names.append(name)

    def make(answer: object) -> object:
        server = serving(answer, Encrypted)  # type: ignore[arg-type]
        Encrypted.context, Encrypted.names = context, names
        return server

    return make


def test_tls_is_spoken_with_the_name_though_the_address_is_connected_to(
    web: MakeWeb, encrypted: object, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))

    def slowly(request: Request, number: int) -> object:
        whole = reply()
        yield whole[:40]
        time.sleep(0.5)  # longer than a client reads at a time
        yield whole[40:]

    with encrypted(slowly) as server:  # type: ignore[operator]
        client = web(resolve=lambda host, port: ["127.0.0.1"])
        url = f"https://law.example:{port_of(server)}/a"
        assert client.get(url).path.read_bytes() == PAGE
        assert server.names == ["law.example"]
        assert server.requests[0].headers["host"] == f"law.example:{port_of(server)}"
        with pytest.raises(WebError, match=r"certificate of other\.example .* is not valid"):
            client.get(f"https://other.example:{port_of(server)}/a")


def test_a_certificate_that_nobody_vouches_for_is_final(web: MakeWeb, encrypted: object) -> None:
    with encrypted(reply()) as server:  # type: ignore[operator]
        client = web(resolve=lambda host, port: ["127.0.0.1"])
        with pytest.raises(WebError, match=r"certificate of law\.example.* is not valid"):
            client.get(f"https://law.example:{port_of(server)}/a")


def test_from_an_encrypted_page_one_is_not_led_to_an_open_one(
    web: MakeWeb, encrypted: object, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    open_page = reply(b"", 302, "Location: http://law.example/a")
    with encrypted(open_page) as server:  # type: ignore[operator]
        client = web(resolve=lambda host, port: ["127.0.0.1"])
        with pytest.raises(WebError, match="not encrypted; give that address itself"):
            client.get(f"https://law.example:{port_of(server)}/a")
    assert len(server.requests) == 1


# --- proxies


def test_a_proxy_of_the_environment_is_gone_by(
    web: MakeWeb, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(reply()) as proxy:
        monkeypatch.setenv("http_proxy", proxy.url.replace("//", "//me:word@"))
        client = web(allow_private=False, resolve=lambda host, port: ["93.184.215.14"])
        assert client.get("http://law.example/a?b=c").path.read_bytes() == PAGE
    assert proxy.requests[0].path == "http://law.example/a?b=c"
    assert proxy.requests[0].headers["proxy-authorization"] == "Basic bWU6d29yZA=="


def test_behind_a_proxy_a_name_that_only_the_proxy_knows_may_be_asked(
    web: MakeWeb, monkeypatch: pytest.MonkeyPatch
) -> None:
    def resolve(host: str, port: int) -> list[str]:
        if host == "law.example":
            raise socket.gaierror(socket.EAI_NONAME, "no such name")
        return [host]

    with serving(reply()) as proxy:
        monkeypatch.setenv("http_proxy", proxy.url)
        client = web(allow_private=False, resolve=resolve)
        assert client.get("http://law.example/").path.read_bytes() == PAGE


@pytest.mark.parametrize("host", ["127.0.0.1", "2130706433", "localhost", "10.0.0.1"])
def test_a_proxy_is_not_asked_for_private_addresses(
    web: MakeWeb, monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    with serving(reply()) as proxy:
        monkeypatch.setenv("http_proxy", proxy.url)
        with pytest.raises(WebError, match="--allow-private"):
            web(allow_private=False).get(f"http://{host}:9/")
    assert not proxy.requests


def test_what_is_private_and_allowed_is_asked_directly(
    web: MakeWeb, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(reply()) as proxy, serving(reply()) as server:
        monkeypatch.setenv("http_proxy", proxy.url)
        assert web(allow_private=False, exempt=[server.url]).get(server.url + "/a").changed
        assert not web().get(server.url + "/a").changed
    assert (len(proxy.requests), len(server.requests)) == (0, 2)


def test_a_proxy_that_refuses_is_a_sentence(web: MakeWeb, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(reply(b"", 403)) as proxy:
        monkeypatch.setenv("https_proxy", proxy.url)
        client = web(resolve=lambda host, port: ["93.184.215.14"])
        with pytest.raises(WebError, match=r"refused by the proxy.*403.*NO_PROXY"):
            client.get("https://law.example/a")


def test_the_environment_names_a_proxy_or_an_exception(monkeypatch: pytest.MonkeyPatch) -> None:
    assert proxy_of("https", "law.example") is None
    monkeypatch.setenv("https_proxy", "proxy.example:3128")
    assert proxy_of("https", "law.example") == "http://proxy.example:3128"
    assert proxy_of("http", "law.example") is None
    monkeypatch.setenv("all_proxy", "socks5://proxy.example")
    assert proxy_of("http", "law.example") == "socks5://proxy.example"
    monkeypatch.setenv("no_proxy", "other.example,.law.example")
    assert proxy_of("https", "law.example") is None
    assert proxy_of("https", "www.law.example") is None
    assert proxy_of("https", "outlaw.example") is not None
    monkeypatch.setenv("https_proxy", "nonsense://")
    with pytest.raises(WebError, match="HTTPS_PROXY"):
        proxy_of("https", "outlaw.example")


def test_a_socks_proxy_names_what_must_be_installed(
    web: MakeWeb, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "socksio", None)
    monkeypatch.setenv("http_proxy", "socks5://127.0.0.1:9")
    client = web(resolve=lambda host, port: ["93.184.215.14"])
    with pytest.raises(WebError, match=r"httpx\[socks\]"):
        client.get("http://law.example/", patience=Patience(tries=1))
