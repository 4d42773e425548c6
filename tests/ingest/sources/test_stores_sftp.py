"""Objects by SFTP, from a server on loopback, and only from a host whose key is known."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tribonian.errors import DocumentError
from tribonian.ingest.sources.buckets import objects
from tribonian.ingest.sources.obtained import Obtained
from tribonian.ingest.web.client import Web

paramiko = pytest.importorskip("paramiko", reason="the extra sftp is not installed")

LAW = b"Section 1. Lanterns are lit at dusk."


def sftp_of(root: Path) -> Any:
    """A server of one folder; every path is taken below it."""

    class Files(paramiko.SFTPServerInterface):  # type: ignore[misc, name-defined]
        def list_folder(self, path: str) -> Any:
            out = []
            for entry in os.scandir(root / path.lstrip("/")):
                about = paramiko.SFTPAttributes.from_stat(entry.stat(), entry.name)
                out.append(about)
            return out

        def stat(self, path: str) -> Any:
            try:
                return paramiko.SFTPAttributes.from_stat((root / path.lstrip("/")).stat())
            except OSError as error:
                return paramiko.SFTPServer.convert_errno(error.errno)

        lstat = stat

        def open(self, path: str, flags: int, attr: Any) -> Any:
            handle = paramiko.SFTPHandle(flags)
            handle.readfile = (root / path.lstrip("/")).open("rb")
            return handle

    return Files


class Door(paramiko.ServerInterface):  # type: ignore[misc, name-defined]
    def check_auth_password(self, username: str, password: str) -> int:
        fits = (username, password) == ("reader", "right")
        return int(paramiko.AUTH_SUCCESSFUL if fits else paramiko.AUTH_FAILED)

    def check_channel_request(self, kind: str, chanid: int) -> int:
        return int(paramiko.OPEN_SUCCEEDED)

    def get_allowed_auths(self, username: str) -> str:
        return "password"


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, Path, Any]]:
    """Host and port, the folder that is served, and the server's key."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    (tmp_path / "home" / ".ssh").mkdir(parents=True)
    root = tmp_path / "root"
    root.mkdir()
    key = paramiko.ECDSAKey.generate()
    listener = socket.create_server(("127.0.0.1", 0))
    transports = []

    def serve() -> None:
        while True:
            try:
                peer, _ = listener.accept()
            except OSError:
                return
            transport = paramiko.Transport(peer)
            transports.append(transport)
            transport.add_server_key(key)
            transport.set_subsystem_handler("sftp", paramiko.SFTPServer, sftp_of(root))
            try:
                transport.start_server(server=Door())
            except (paramiko.SSHException, EOFError):
                transport.close()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield f"127.0.0.1:{listener.getsockname()[1]}", root, key
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    for transport in transports:
        transport.close()
    thread.join(5)


def know(server: tuple[str, Path, Any], key: Any) -> None:
    host, _, port = server[0].partition(":")
    known = Path(os.environ["HOME"]) / ".ssh" / "known_hosts"
    known.write_text(f"[{host}]:{port} {key.get_name()} {key.get_base64()}\n")


def test_a_folder_is_read_from_a_host_whose_key_is_known(
    server: tuple[str, Path, Any], tmp_path: Path
) -> None:
    know(server, server[2])
    for name in ("sops/a.txt", "sops/b/c.md", "sops/.hidden"):
        path = server[1] / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(LAW)
    url = f"sftp://reader:right@{server[0]}/sops"

    with Web(tmp_path / "cache", allow_private=True) as web:
        results = objects(web, url, url)

    fetched = [each for each in results if isinstance(each, Obtained)]
    assert [each.name for each in fetched] == [
        f"sftp://{server[0]}/sops/a.txt", f"sftp://{server[0]}/sops/b/c.md"]  # fmt: skip
    assert {each.path.read_bytes() for each in fetched} == {LAW}
    assert len(results) == 3


@pytest.mark.parametrize("other", [False, True])
def test_a_host_whose_key_is_not_known_or_another_is_not_asked(
    server: tuple[str, Path, Any], tmp_path: Path, other: bool
) -> None:
    if other:
        know(server, paramiko.ECDSAKey.generate())
    with Web(tmp_path / "cache", allow_private=True) as web, pytest.raises(DocumentError) as error:
        objects(web, f"sftp://reader:right@{server[0]}/sops", "sops")

    assert "is not in ~/.ssh/known_hosts; connect to it once with ssh" in str(error.value)


def test_a_password_that_is_wrong_is_a_sentence_without_it(
    server: tuple[str, Path, Any], tmp_path: Path
) -> None:
    know(server, server[2])
    with Web(tmp_path / "cache", allow_private=True) as web, pytest.raises(DocumentError) as error:
        objects(web, f"sftp://reader:wrong@{server[0]}/sops", "sops")

    assert str(error.value) == (
        f"The store does not accept the credentials for sftp://{server[0]}/sops; renew them."
    )
