"""Objects in stores: an S3 server on loopback, an FTP one, and memory; nothing is made up."""

from __future__ import annotations

import gc
import hashlib
import importlib.util
import io
import json
import logging
import os
import socket
import socketserver
import subprocess
import sys
import tarfile
import threading
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import pytest

from tribonian.errors import DocumentError, TribonianError
from tribonian.ingest.sources.buckets import Result, objects
from tribonian.ingest.sources.obtained import Missed, Obtained, PassedOver
from tribonian.ingest.sources.store_errors import sentence_for
from tribonian.ingest.sources.stores import without_user
from tribonian.ingest.web.answer import StoppedError
from tribonian.ingest.web.client import Web

pytest.importorskip("s3fs", reason="the extra s3 is not installed")
pytest.importorskip("moto.server", reason="moto[s3,server] is not installed")

LAW = b"Section 1. Lanterns are lit at dusk."


class S3:
    """An S3 server over real sockets, and what was asked of it."""

    def __init__(self, server: Any) -> None:
        host, port = server.get_host_and_port()
        self.url = f"http://{host}:{port}"
        self.server = server

    @property
    def backend(self) -> Any:
        """What the server has, to be filled without asking it."""
        from moto.s3.models import s3_backends

        return s3_backends["123456789012"]["aws"]

    def put(self, bucket: str, **files: bytes | str) -> None:
        if bucket not in self.backend.buckets:
            self.backend.create_bucket(bucket, "us-east-1")
        for key, body in files.items():
            data = body.encode() if isinstance(body, str) else body
            self.backend.put_object(bucket, key, data)


@pytest.fixture(scope="session")
def s3_server() -> Iterator[S3]:
    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    yield S3(server)
    server.stop()


class Requests(logging.Handler):
    """What the server was asked, as ``GET /law/a.txt``."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())

    def settle(self) -> None:
        """Forget all, when the server has nothing more to say of who is gone."""
        count = -1
        while count != (count := len(self.lines)):
            time.sleep(0.25)
        self.lines.clear()

    def got(self) -> list[str]:
        """The objects whose bodies were asked for."""
        paths = [
            line.split('"')[1].split()[1] for line in self.lines if '"' in line and "GET" in line
        ]
        return sorted(path for path in paths if "?" not in path)


@pytest.fixture
def s3(s3_server: S3, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[S3]:
    monkeypatch.setenv("AWS_ENDPOINT_URL", s3_server.url)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "verysecretkey")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    yield s3_server
    s3_server.backend.reset()


@pytest.fixture
def web(tmp_path: Path) -> Iterator[Web]:
    with Web(tmp_path / "cache") as web:
        yield web
    gc.collect()  # a session that was left open would warn here


@pytest.fixture
def requests() -> Iterator[Requests]:
    logger = logging.getLogger("werkzeug")
    seen = Requests()
    before = logger.level
    logger.setLevel(logging.INFO)
    logger.addHandler(seen)
    logger.propagate = False
    yield seen
    logger.removeHandler(seen)
    logger.setLevel(before)
    logger.propagate = True


def named(results: list[Result]) -> list[str]:
    return [each.name for each in results if isinstance(each, Obtained)]


def not_read(results: list[Result]) -> dict[str, str]:
    return {each.name: each.reason for each in results if not isinstance(each, Obtained)}


def refused(web: Web, url: str) -> str:
    with pytest.raises(DocumentError) as error:
        objects(web, url, url)
    sentence = str(error.value)
    assert sentence.endswith(".")
    assert "verysecretkey" not in sentence
    assert "AKIAEXAMPLE" not in sentence
    return sentence


def test_everything_below_a_prefix_is_fetched_in_the_order_of_its_names(s3: S3, web: Web) -> None:
    s3.put("law", **{"sops/b.txt": LAW, "sops/a/c.md": "# Two", "sops/a.xml": "<DIV8/>",
                     "sops-other/z.txt": "Other.", "top.txt": "Top."})  # fmt: skip

    results = objects(web, "s3://law/sops/", "s3://law/sops/")

    assert named(results) == ["s3://law/sops/a.xml", "s3://law/sops/a/c.md", "s3://law/sops/b.txt"]
    assert not_read(results) == {}
    last = results[-1]
    assert isinstance(last, Obtained)
    assert last.path.read_bytes() == LAW
    assert last == Obtained(
        asked="s3://law/sops/",
        name="s3://law/sops/b.txt",
        url="s3://law/sops/b.txt",
        path=last.path,
        file="sops/b.txt",
        sha256=hashlib.sha256(LAW).hexdigest(),
        bytes=len(LAW),
        etag=f'"{hashlib.md5(LAW).hexdigest()}"',
    )


@pytest.mark.parametrize("url", ["s3://law/sops", "s3://law/sops/", "S3://law/sops"])
def test_a_prefix_is_the_same_with_and_without_its_slash(s3: S3, web: Web, url: str) -> None:
    s3.put("law", **{"sops/b.txt": LAW})

    results = objects(web, url, url)

    assert [each.file for each in results if isinstance(each, Obtained)] == ["sops/b.txt"]
    assert named(results) == [f"{url.rstrip('/')}/b.txt"]


def test_a_whole_bucket_is_the_folder_of_its_name(s3: S3, web: Web) -> None:
    s3.put("law", **{"b.txt": LAW, "sops/c.txt": LAW})

    results = objects(web, "s3://law", "s3://law")

    assert [each.file for each in results if isinstance(each, Obtained)] == [
        "law/b.txt", "law/sops/c.txt"]  # fmt: skip


def test_one_object_is_called_as_it_was_asked_for(s3: S3, web: Web) -> None:
    s3.put("law", **{"sops/odd name § 5": LAW})

    (one,) = objects(web, "s3://law/sops/odd name § 5", "s3://law/sops/odd name § 5")

    assert isinstance(one, Obtained)
    assert (one.name, one.file) == ("s3://law/sops/odd name § 5", "odd name § 5")
    assert one.path.read_bytes() == LAW


def test_keys_that_no_folder_could_hold_are_all_fetched_each_with_its_own_content(
    s3: S3, web: Web
) -> None:
    s3.put("law", **{"sops/": b"", "sops/b.txt": "file", "sops/b.txt/c.txt": "below it",
                     "sops//b.txt": "behind an empty name", "sops/../b.txt": "up",
                     "sops/B.txt": "capital", "sops/a?b=1#c.txt": "question",
                     "sops/x_$folder$": b""})  # fmt: skip

    results = objects(web, "s3://law/sops/", "s3://law/sops/")

    assert {each.name: each.path.read_text() for each in results if isinstance(each, Obtained)} == {
        "s3://law/sops/b.txt": "file",
        "s3://law/sops/b.txt/c.txt": "below it",
        "s3://law/sops//b.txt": "behind an empty name",
        "s3://law/sops/../b.txt": "up",
        "s3://law/sops/B.txt": "capital",
        "s3://law/sops/a?b=1#c.txt": "question",
    }
    assert not_read(results) == {}


def test_what_is_hidden_or_read_by_nobody_is_named_with_its_reason(s3: S3, web: Web) -> None:
    s3.put("law", **{"sops/a.txt": LAW, "sops/.git/config.txt": "x", "sops/.git/b.txt": "x",
                     "sops/a.txt~": "x", "sops/notes.ini": "x",
                     "sops/README": "words"})  # fmt: skip

    results = objects(web, "s3://law/sops/", "s3://law/sops/")

    assert named(results) == ["s3://law/sops/a.txt"]
    assert not_read(results) == {
        "s3://law/sops/.git": "Hidden and editors' files are passed over.",
        "s3://law/sops/a.txt~": "Hidden and editors' files are passed over.",
        "s3://law/sops/notes.ini": "No reader takes files .ini.",
        "s3://law/sops/README": "No reader takes files without a suffix.",
    }
    assert all(isinstance(each, PassedOver) for each in results if not isinstance(each, Obtained))


def a_zip(**members: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return out.getvalue()


def a_tar_gz() -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        member = tarfile.TarInfo("a.txt")
        member.size = len(LAW)
        archive.addfile(member, io.BytesIO(LAW))
    return out.getvalue()


def test_what_is_a_document_or_an_archive_by_its_content_is_fetched(
    s3: S3, web: Web, requests: Requests
) -> None:
    word = a_zip(**{"word/document.xml": "<w/>" * 9, "[Content_Types].xml": "<Types/>"})
    large = a_zip(**{"word/document.xml": "<w/>", "word/media/a": os.urandom(2_000_000).hex()})
    s3.put("law", **{"in/part-11": '<?xml version="1.0"?><ECFR/>', "in/word": word,
                     "in/large-word": large, "in/a.zip": a_zip(**{"a.txt": "Law."}),
                     "in/b.tar.gz": a_tar_gz(), "in/film.mp4": os.urandom(3_000_000),
                     "in/empty": b"",
                     "in/scan.PDF2": b"%PDF-1.7 ..."})  # fmt: skip

    results = objects(web, "s3://law/in", "s3://law/in")

    expected = ("a.zip", "b.tar.gz", "large-word", "part-11", "scan.PDF2", "word")
    assert named(results) == [f"s3://law/in/{name}" for name in expected]
    assert not_read(results) == {
        "s3://law/in/empty": "No reader takes files without a suffix.",
        "s3://law/in/film.mp4": "No reader takes files .mp4.",
    }
    assert requests.got().count("/law/in/film.mp4") == 1  # its first bytes, and no more


def test_an_empty_object_is_left_to_its_reader_who_says_so(s3: S3, web: Web) -> None:
    s3.put("law", **{"sops/empty.txt": b""})

    (one,) = objects(web, "s3://law/sops/", "s3://law/sops/")

    assert isinstance(one, Obtained)
    assert one.bytes == 0


def test_what_has_not_changed_is_not_fetched_again(
    s3: S3, tmp_path: Path, requests: Requests
) -> None:
    s3.put("law", **{"sops/a.txt": LAW, "sops/b.txt": "old words", "sops/c": "<html><p>Law"})
    with Web(tmp_path / "cache") as web:
        first = objects(web, "s3://law/sops/", "s3://law/sops/")
    assert len(requests.got()) == 4  # the first bytes of one without a suffix
    s3.put("law", **{"sops/b.txt": "new words"})  # of the same size
    requests.lines.clear()

    with Web(tmp_path / "cache") as web:
        again = objects(web, "s3://law/sops/", "s3://law/sops/")

    assert requests.got() == ["/law/sops/b.txt"]
    assert named(again) == named(first)
    texts = [each.path.read_text() for each in again if isinstance(each, Obtained)]
    assert texts == [LAW.decode(), "new words", "<html><p>Law"]


def test_a_copy_that_was_damaged_on_disk_is_fetched_again(s3: S3, tmp_path: Path) -> None:
    s3.put("law", **{"sops/a.txt": LAW})
    with Web(tmp_path / "cache") as web:
        (first,) = objects(web, "s3://law/sops/", "s3://law/sops/")
    assert isinstance(first, Obtained)
    first.path.write_bytes(LAW.replace(b"dusk", b"dawn"))

    with Web(tmp_path / "cache") as web:
        (again,) = objects(web, "s3://law/sops/", "s3://law/sops/")

    assert isinstance(again, Obtained)
    assert again.path.read_bytes() == LAW


def test_a_run_that_was_killed_fetches_nothing_whole_again(
    s3: S3, tmp_path: Path, requests: Requests
) -> None:
    s3.put("law", **{f"sops/{n:02}.txt": f"Section {n}." for n in range(40)})
    code = (
        "import sys; from pathlib import Path\n"
        "from tribonian.ingest.sources.buckets import objects\n"
        "from tribonian.ingest.web.client import Web\n"
        "with Web(Path(sys.argv[1])) as web: objects(web, 's3://law/sops', 's3://law/sops')\n"
    )
    cache = tmp_path / "cache"
    run = subprocess.Popen([sys.executable, "-c", code, str(cache)])
    answers = cache / "web-1" / "answers"
    while run.poll() is None and len(list(answers.glob("*.json"))) < 8:
        time.sleep(0.005)
    run.kill()
    run.wait()
    whole = len(list(answers.glob("*.json")))
    requests.settle()

    with Web(cache) as web:
        results = objects(web, "s3://law/sops", "s3://law/sops")

    assert len(named(results)) == 40
    assert whole >= 8
    assert len(requests.got()) == 40 - whole


def test_no_bucket_no_key_and_an_empty_prefix_each_have_their_sentence(s3: S3, web: Web) -> None:
    s3.put("law", **{"sops/.hidden": "x"})

    assert refused(web, "s3://none/a.txt") == (
        "There is no such bucket as in s3://none/a.txt; check its name and the account."
    )
    assert refused(web, "s3://none") == (
        "There is no such bucket as in s3://none; check its name and the account."
    )
    assert refused(web, "s3://law/none.txt") == (
        "There is nothing at s3://law/none.txt; check the address."
    )
    assert refused(web, "s3://No_Bucket!/x") == (
        "s3://No_Bucket!/x has no name of a bucket; check it."
    )
    assert not_read(objects(web, "s3://law/sops/", "s3://law/sops/")) == {
        "s3://law/sops/": "s3://law/sops/ holds no document to read.",
        "s3://law/sops/.hidden": "Hidden and editors' files are passed over.",
    }


def test_a_store_that_is_not_there_is_said_in_a_sentence(
    s3: S3, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")

    assert refused(web, "s3://law/sops/") == (
        "The store of s3://law/sops/ cannot be reached; check the address and the network."
    )


@pytest.fixture
def nobody(s3: S3, monkeypatch: pytest.MonkeyPatch) -> S3:
    """The server, for one who has no credentials."""
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    return s3


def test_without_credentials_a_public_object_is_read(nobody: S3, web: Web) -> None:
    from moto.s3.models import get_canned_acl

    nobody.put("law", **{"sops/a.txt": LAW, "sops/b.txt": "not public"})
    public = nobody.backend.get_object("law", "sops/a.txt")
    public.set_acl(get_canned_acl("public-read"))

    results = objects(web, "s3://law/sops", "s3://law/sops")

    assert named(results) == ["s3://law/sops/a.txt"]
    assert not_read(results) == {
        "s3://law/sops/b.txt": "There are no credentials for s3://law/sops/b.txt, and it is not "
        "public; set those of the store (for S3, AWS_PROFILE, or AWS_ACCESS_KEY_ID and "
        "AWS_SECRET_ACCESS_KEY)."
    }
    assert isinstance(results[1], Missed)


def test_what_one_may_not_read_is_said_and_the_rest_goes_on(s3: S3, web: Web) -> None:
    s3.put("law", **{"sops/a.txt": LAW, "sops/b.txt": "forbidden"})
    policy = {"Version": "2012-10-17", "Statement": [
        {"Effect": "Deny", "Principal": "*", "Action": "s3:*",
         "Resource": "arn:aws:s3:::law/sops/b.txt"}]}  # fmt: skip
    s3.backend.put_bucket_policy("law", json.dumps(policy).encode())

    results = objects(web, "s3://law/sops", "s3://law/sops")

    assert named(results) == ["s3://law/sops/a.txt"]
    assert not_read(results) == {
        "s3://law/sops/b.txt": "You have no permission to read s3://law/sops/b.txt; ask its "
        "owner, or use other credentials."
    }


def test_an_object_over_the_limit_is_not_fetched(
    s3: S3, web: Web, monkeypatch: pytest.MonkeyPatch, requests: Requests
) -> None:
    monkeypatch.setattr("tribonian.ingest.sources.buckets.MOST_BYTES", 20)
    s3.put("law", **{"sops/a.txt": LAW, "sops/b.txt": "Short."})

    results = objects(web, "s3://law/sops", "s3://law/sops")

    assert not_read(results) == {
        "s3://law/sops/a.txt": "s3://law/sops/a.txt is larger than 20 bytes."
    }
    assert requests.got() == ["/law/sops/b.txt"]


def test_time_that_is_over_ends_a_fetch(s3: S3, tmp_path: Path) -> None:
    s3.put("law", **{"sops/a.txt": LAW})
    with Web(tmp_path / "cache", seconds=0.0) as web:
        results = objects(web, "s3://law/sops", "s3://law/sops")

    assert not_read(results) == {
        "s3://law/sops/a.txt": "s3://law/sops/a.txt took longer than 0 seconds (--time-limit); "
        "try again later, or allow more."
    }


def test_a_store_that_says_nothing_is_left_at_once_when_all_is_stopped(
    web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{silent.getsockname()[1]}")
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "someone")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hush")
        interrupt = threading.Timer(0.5, web.stop)
        interrupt.start()
        begun = time.monotonic()
        with pytest.raises(StoppedError, match="s3://law/x was not fetched"):
            objects(web, "s3://law/x", "s3://law/x")
        interrupt.join()
        assert time.monotonic() - begun < 5


def test_without_a_cache_the_files_go_away_at_the_end(s3: S3) -> None:
    s3.put("law", **{"sops/a.txt": LAW})
    with Web(None) as web:
        (one,) = objects(web, "s3://law/sops", "s3://law/sops")
        assert isinstance(one, Obtained)
        assert one.path.read_bytes() == LAW

    assert not one.path.exists()


# -- other stores --------------------------------------------------------------------------


@pytest.fixture
def memory() -> Iterator[Any]:
    import fsspec

    store = fsspec.filesystem("memory")
    yield store
    store.store.clear()
    store.pseudo_dirs[:] = [""]


def test_a_store_of_another_kind_is_walked_to_the_bottom(memory: Any, web: Web) -> None:
    memory.pipe({"/sops/a.txt": LAW, "/sops/b/c/d.md": b"# D", "/sops/.x/e.txt": b"hidden"})

    results = objects(web, "memory://sops", "memory://sops")

    assert named(results) == ["memory://sops/a.txt", "memory://sops/b/c/d.md"]
    assert not_read(results) == {"memory://sops/.x": "Hidden and editors' files are passed over."}


def test_nothing_at_a_place_of_another_store(memory: Any, web: Web) -> None:
    assert refused(web, "memory://none/there.txt") == (
        "There is nothing at memory://none/there.txt; check the address."
    )


class Ftp(socketserver.StreamRequestHandler):
    """As much of RFC 959 and RFC 3659 as reading a folder takes."""

    files: ClassVar[dict[str, bytes]] = {}
    password = ""
    asked: ClassVar[list[str]] = []

    def say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")

    def handle(self) -> None:
        self.say("220 Ready")
        data: socket.socket | None = None
        for raw in self.rfile:
            command, _, rest = raw.decode().strip().partition(" ")
            self.asked.append(f"{command} {rest}".strip())
            match command.upper():
                case "USER":
                    self.say("331 Password")
                case "PASS":
                    self.say("230 In" if not self.password or rest == self.password
                             else "530 Login incorrect, verysecretkey")  # fmt: skip
                case "EPSV" | "PASV":
                    data = socket.create_server(("127.0.0.1", 0))
                    port = data.getsockname()[1]
                    self.say(f"229 Go (|||{port}|)" if command == "EPSV" else
                             f"227 Go (127,0,0,1,{port >> 8},{port & 255})")  # fmt: skip
                case "MLSD" | "RETR" if data is not None:
                    self.transfer(data, command, rest)
                case "TYPE":
                    self.say("200 So be it")
                case "QUIT":
                    return self.say("221 Bye")
                case _:
                    self.say("502 No")
        return None

    def transfer(self, data: socket.socket, command: str, path: str) -> None:
        body = self.files.get(path)
        if command == "MLSD":
            below = path.rstrip("/") + "/"
            names = {}
            for name, content in self.files.items():
                if name.startswith(below):
                    first, _, more = name[len(below) :].partition("/")
                    names[first] = (f"type=dir; {first}" if more else
                        f"type=file;size={len(content)};modify=20260129; {first}")  # fmt: skip
            body = "".join(f"{line}\r\n" for line in names.values()).encode() if names else None
        with data:
            if body is None:
                return self.say("550 Nothing there")
            self.say("150 Here it comes")
            with data.accept()[0] as peer:
                peer.sendall(body)
        return self.say("226 That was it")


@pytest.fixture
def ftp(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setattr(Ftp, "asked", [])
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Ftp) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


def test_a_folder_is_read_by_ftp_once(
    ftp: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        Ftp, "files", {"/pub/a.txt": LAW, "/pub/b/c.md": b"# C", "/pub/d": b"words"}
    )
    url = f"ftp://reader:pass-word@{ftp}/pub"
    for _ in range(2):
        with Web(tmp_path / "cache", allow_private=True) as web:
            results = objects(web, url, "ftp")

        assert named(results) == [f"ftp://{ftp}/pub/a.txt", f"ftp://{ftp}/pub/b/c.md"]
        assert not_read(results) == {
            f"ftp://{ftp}/pub/d": "No reader takes files without a suffix."
        }
        assert [each.path.read_bytes() for each in results if isinstance(each, Obtained)] == [
            LAW, b"# C"]  # fmt: skip
    gc.collect()
    assert [line for line in Ftp.asked if line.startswith("RETR")] == [
        "RETR /pub/a.txt", "RETR /pub/b/c.md", "RETR /pub/d"]  # fmt: skip


def test_a_private_host_is_not_asked_unless_it_is_allowed(ftp: str, web: Web) -> None:
    assert refused(web, f"ftp://reader:verysecretkey@{ftp}/pub") == (
        f"ftp://{ftp}/pub is not fetched, because it is at the private address 127.0.0.1; "
        "give --allow-private if you trust it."
    )
    assert "--allow-private" in refused(web, "ftp://localhost/pub")
    assert Ftp.asked == []


def test_one_user_of_a_server_is_not_given_what_another_has(
    ftp: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for user, body in (("ann", b"Ann's law."), ("bob", b"Bob's law."), ("ann", b"Ann's law.")):
        monkeypatch.setattr(Ftp, "files", {"/pub/law.txt": body})
        with Web(tmp_path / "cache", allow_private=True) as web:
            (found,) = objects(web, f"ftp://{user}:hush@{ftp}/pub/law.txt", "x")
        assert isinstance(found, Obtained)
        assert found.path.read_bytes() == body
        assert found.name == f"ftp://{ftp}/pub/law.txt"


def test_a_password_that_is_wrong_and_a_folder_that_is_not_there(
    ftp: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Ftp, "password", "right")
    monkeypatch.setattr(Ftp, "files", {"/pub/a.txt": LAW})
    with Web(tmp_path / "cache", allow_private=True) as web:
        assert refused(web, f"ftp://reader:verysecretkey@{ftp}/pub").startswith(
            f"There are no credentials for ftp://{ftp}/pub, and it is not public;"
        )
        assert refused(web, f"ftp://reader:right@{ftp}/none/") == (
            f"There is nothing at ftp://{ftp}/none/; check the address."
        )


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("zip::https://law.test/a.zip", ("zip::https://law.test/a.zip leads through one store to "
         "another, which is not followed; name the archive or the object itself.")),
        ("simplecache::s3://law/a", ("simplecache::s3://law/a leads through one store to another, "
         "which is not followed; name the archive or the object itself.")),
        ("reference://x", ("reference://x leads through one store to another, which is not "
         "followed; name the archive or the object itself.")),
        ("https://law.test/a", "https://law.test/a is an address of the web and no bucket."),
        ("file:///etc/passwd", ("file:///etc/passwd is on this machine; name the file or folder "
         "itself.")),
        ("gopher://law.test/a", ("gopher:// is no kind of address that is known; among those that "
         "are, s3, gs, az, abfs, ftp, sftp and smb.")),
        ("ftp:///a", "ftp:///a names no host; check the address."),
        ("ftp://law.test:none/a", "ftp://law.test:none/a names no host; check the address."),
    ],
)  # fmt: skip
def test_what_is_no_bucket_is_refused_before_anything_is_asked(
    web: Web, url: str, sentence: str
) -> None:
    assert refused(web, url) == sentence


@pytest.mark.parametrize(
    ("url", "package", "sentence"),
    [
        ("gs://law/a", "gcsfs", ('gs:// needs a package that is not installed: pip install '
         '"tribonian[gcs]", and try again.')),
        ("az://law/a", "adlfs", ('az:// needs a package that is not installed: pip install '
         '"tribonian[azure]", and try again.')),
        ("oss://law/a", "ossfs", ("oss:// needs a package that is not installed: pip install "
         "ossfs, and try again.")),
    ],
)  # fmt: skip
def test_the_extra_that_is_missing_is_named(
    web: Web, url: str, package: str, sentence: str
) -> None:
    if importlib.util.find_spec(package) is not None:
        pytest.skip(f"{package} is installed")

    assert refused(web, url) == sentence


def test_a_user_and_a_password_are_taken_out_and_a_container_is_not() -> None:
    assert without_user("ftp://me:p@ss@law.test/a@b") == "ftp://law.test/a@b"
    assert without_user("abfs://box@account.test/a") == "abfs://box@account.test/a"
    assert without_user("ftp://law.test:21/a:b@c") == "ftp://law.test:21/a:b@c"
    assert without_user("s3://me:hush@bucket/a") == "s3://bucket/a"
    assert without_user("ftp://me:hu/sh@law.test/a") == "ftp://law.test/a"
    assert without_user("github://law:texts@main/a.md") == "github://law:texts@main/a.md"


def of_s3(code: str, kind: str = "ClientError") -> Exception:
    from botocore.exceptions import ClientError
    from s3fs.errors import translate_boto_error

    error = ClientError({"Error": {"Code": code, "Message": "AKIAEXAMPLE verysecretkey"}}, "Get")
    return translate_boto_error(error)


@pytest.mark.parametrize(
    ("code", "part"),
    [
        ("InvalidAccessKeyId", "does not accept the credentials"),
        ("SignatureDoesNotMatch", "does not accept the credentials"),
        ("ExpiredToken", "does not accept the credentials"),
        ("AccessDenied", "no permission"),
        ("NoSuchBucket", "no such bucket"),
        ("PermanentRedirect", "another region"),
        ("301", "another region"),
        ("InvalidObjectState", "have it restored"),
        ("RequestTimeTooSkewed", "the clock of this machine"),
        ("InternalError", "(InternalError); try again later"),
    ],
)
def test_what_s3_says_is_put_into_our_own_words(code: str, part: str) -> None:
    sentence = sentence_for(of_s3(code), "s3://law/a.txt")

    assert part in sentence
    assert "s3://law/a.txt" in sentence
    assert "AKIAEXAMPLE" not in sentence
    assert "verysecretkey" not in sentence


def test_a_cache_that_cannot_be_written_is_not_said_of_the_store(
    s3: S3, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    s3.put("law", **{"sops/a.txt": LAW})

    def full(self: Any, chunk: bytes) -> int:
        self.error = OSError(28, "No space left on device")
        raise self.error

    monkeypatch.setattr("tribonian.ingest.sources.buckets._Sink.write", full)
    with Web(tmp_path / "cache") as web, pytest.raises(TribonianError, match="no space left"):
        objects(web, "s3://law/sops", "s3://law/sops")
