"""Documents at any address of the web, over real sockets on loopback."""

from __future__ import annotations

import contextlib
import hashlib
import http.server
import io
import json
import tarfile
import threading
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tribonian.errors import DocumentError
from tribonian.ingest.sources.content import Content, look_at, suited
from tribonian.ingest.sources.downloads import download, without_secrets
from tribonian.ingest.web.answer import NotThereError, WebError
from tribonian.ingest.web.client import Web
from tribonian.ingest.web.pace import Pace

LAW = b"Section 1. Lanterns are lit at dusk."
XML = b'<?xml version="1.0"?>\n<ECFR><DIV1 N="21" TYPE="TITLE"><HEAD>Title 21</HEAD></DIV1></ECFR>'
PAGE = b"<!DOCTYPE html><html><head><title>Part 11</title></head><body><h1>Part 11</h1><p>Law."


@dataclass
class Site:
    """What a server answers at each path: status, headers, body; and what it was asked."""

    url: str
    answers: dict[str, tuple[int, dict[str, str], bytes]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def put(
        self, path: str, body: bytes, declared: str = "", status: int = 200, **more: str
    ) -> str:
        headers = {"Content-Type": declared} if declared else {}
        headers.update({name.replace("_", "-"): value for name, value in more.items()})
        self.answers[path] = (status, headers, body)
        return self.url + path


@pytest.fixture
def site() -> Iterator[Site]:
    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            found.asked.append(self.path)
            status, headers, body = found.answers.get(self.path, (404, {}, b"none"))
            etag = headers.get("ETag")
            if etag is not None and self.headers["If-None-Match"] == etag:
                status, body = 304, b""
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            if status != 304:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        found = Site(f"http://127.0.0.1:{server.server_address[1]}")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield found
        server.shutdown()
        thread.join()


@pytest.fixture
def web(tmp_path: Path) -> Iterator[Web]:
    with Web(tmp_path / "cache", allow_private=True, pace=Pace(0.0), first_wait=0.001) as web:
        yield web


def test_a_document_is_whole_on_disk_and_says_where_it_comes_from(site: Site, web: Web) -> None:
    url = site.put("/regs/lanterns.txt", LAW, "text/plain", ETag='"7"',
                   Last_Modified="Thu, 29 Jan 2026 00:00:00 GMT")  # fmt: skip

    got = download(web, url, url)

    assert got.path.read_bytes() == LAW
    assert (got.asked, got.name, got.url, got.file) == (url, url, url, "lanterns.txt")
    assert (got.sha256, got.bytes) == (hashlib.sha256(LAW).hexdigest(), len(LAW))
    assert got.etag == '"7"'
    assert got.as_of is None  # the day on which a server wrote the file is no date of law
    assert got.findings == ()


def test_what_has_not_changed_is_asked_for_and_not_sent_again(site: Site, web: Web) -> None:
    url = site.put("/a.txt", LAW, "text/plain", ETag='"7"')

    assert download(web, url, url) == download(web, url, url)
    assert site.asked == ["/a.txt", "/a.txt"]


def test_a_redirect_is_followed_and_on_record_without_its_keys(site: Site, web: Web) -> None:
    site.put("/final.xml?X-Amz-Signature=abc123&id=7", XML, "application/xml")
    url = site.put("/go", b"", status=302, Location="/final.xml?X-Amz-Signature=abc123&id=7")

    got = download(web, url, url)

    (finding,) = got.findings
    assert finding.code == "redirected"
    assert finding.severity == "info"
    assert finding.document == url
    assert finding.message == (
        f"The address {url} led to {site.url}/final.xml?X-Amz-Signature=…&id=7."
    )
    assert got.url == f"{site.url}/final.xml?X-Amz-Signature=…&id=7"
    assert (got.name, got.file) == (url, "final.xml")


def test_a_fragment_is_not_sent_and_stays_in_the_name(site: Site, web: Web) -> None:
    url = site.put("/part-11.html", PAGE, "text/html") + "#p-11.10(a)"

    got = download(web, url, url)

    assert site.asked == ["/part-11.html"]
    assert got.name == url
    assert got.findings == ()


@pytest.mark.parametrize(
    ("path", "declared", "said", "body", "file"),
    [
        # a name with a suffix that suits stays
        ("/part-11.xml", "application/xml", "", XML, "part-11.xml"),
        ("/law.MD", "text/plain", "", b"# Law\n\n(a) One.", "law.MD"),
        ("/%C3%93rden%205.txt", "text/plain", "", LAW, "Órden 5.txt"),
        # no suffix, or one of a program: that of what it is
        ("/download?id=7", "text/plain", "", LAW, "download.txt"),
        ("/download?id=7", "application/octet-stream", "", XML, "download.xml"),
        ("/rule.php?id=7", "text/html; charset=utf-8", "", PAGE, "rule.html"),
        ("/part-11.10", "text/html", "", PAGE, "part-11.10.html"),
        ("/notes", "text/markdown", "", b"# Law\n\n(a) One.", "notes.md"),
        ("/notes", "", "", LAW, "notes.txt"),
        ("/", "text/html", "", PAGE, "127.0.0.1.html"),
        ("/regs/", "text/html", "", PAGE, "regs.html"),
        # content before what is declared and what the name says
        ("/law.txt", "text/plain", "", b"%PDF-1.7\n1 0 obj", "law.pdf"),
        ("/law.html", "text/html", "", b"{\\rtf1 \\pard Law.}", "law.rtf"),
        # what the server calls it before what the address does; never with a path in it
        ("/get?id=7", "application/xml", 'attachment; filename="part 11.xml"', XML, "part 11.xml"),
        ("/get", "text/plain", "attachment; filename*=UTF-8''%C2%A7%205.txt", LAW, "§ 5.txt"),
        ("/get", "text/plain", 'attachment; filename="../../etc/passwd"', LAW, "passwd.txt"),
        ("/get", "text/plain", 'attachment; filename="C:\\\\law\\\\con.txt"', LAW, "_con.txt"),
    ],
)  # fmt: skip
def test_the_file_is_called_as_its_server_or_its_address_does_with_a_suffix_that_suits(
    site: Site, web: Web, path: str, declared: str, said: str, body: bytes, file: str
) -> None:
    more = {"Content_Disposition": said} if said else {}
    url = site.put(path, body, declared, **more)

    got = download(web, url, url)

    assert got.file == file
    assert got.path.read_bytes() == body


def zipped(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, "Law.")
    return out.getvalue()


def tarred(mode: str) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as archive:  # type: ignore[call-overload]
        member = tarfile.TarInfo("a.txt")
        member.size = len(LAW)
        archive.addfile(member, io.BytesIO(LAW))
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "body", "content"),
    [
        ("get", zipped("a.txt", "b.xml"), Content(".zip", is_archive=True)),
        ("get.zip", zipped(), Content(".zip", is_archive=True)),
        ("get", zipped("word/document.xml", "[Content_Types].xml"), Content(".docx")),
        ("law.docm", zipped("word/document.xml", "[Content_Types].xml"), Content(".docm")),
        ("get", tarred("w"), Content(".tar", is_archive=True)),
        ("get", tarred("w:gz"), Content(".tar.gz", is_archive=True)),
        ("sops.tgz", tarred("w:gz"), Content(".tgz", is_archive=True)),
        ("get", tarred("w:xz"), Content(".tar.xz", is_archive=True)),
        ("get", tarred("w:bz2"), Content(".tar.bz2", is_archive=True)),
    ],
)
def test_an_archive_is_kept_as_it_is_and_a_word_document_is_none(
    tmp_path: Path, name: str, body: bytes, content: Content
) -> None:
    path = tmp_path / "body"
    path.write_bytes(body)

    assert look_at(path, name, "application/octet-stream") == content


@pytest.mark.parametrize(
    ("name", "suffix", "called"),
    [
        ("a.php", ".html", "a.html"),
        ("a.txt", ".pdf", "a.pdf"),
        ("a.TXT", ".txt", "a.TXT"),
        ("v1.2", ".txt", "v1.2.txt"),
        ("law.final", ".txt", "law.final.txt"),
        ("law.tar.gz", ".tar.gz", "law.tar.gz"),
    ],
)
def test_a_suffix_is_changed_only_where_it_says_something_else(
    name: str, suffix: str, called: str
) -> None:
    assert suited(name, Content(suffix)) == called


def page(title: str, body: str, head: str = "") -> bytes:
    return f"<html><head><title>{title}</title>{head}</head><body>{body}</body></html>".encode()


_WORDS = "The holder of a lantern shall keep it lit from dusk to dawn. " * 40
_LOG_IN = '<form><input name="u"><input type="password" name="p"></form>'


@pytest.mark.parametrize(
    ("path", "declared", "body", "sentence"),
    [
        ("/law", "text/html", page("Log in", f"<h1>Welcome</h1>{_LOG_IN}"),
         "a form to log in; log in with a browser"),
        ("/law", "text/html", page("404 - Page not found", "<p>Sorry.</p>"),
         "an error page, “404 - Page not found”"),
        ("/law", "text/html", page("Agency", "<h1>The page you want could not be found</h1>"),
         "an error page, “The page you want could not be found”"),
        ("/law", "text/html", page("Access Denied", "Reference #18.2"), "an error page"),
        ("/law", "text/html", page("Site", '<div class="g-recaptcha"></div>'),
         "asks whether you are human"),
        ("/law", "text/html", page("Law", "", '<meta http-equiv="refresh" content="0;url=/x">'),
         "only leads to another one"),
        ("/law", "text/html", page("Law", '<div id="root"></div><script src="a.js"></script>'),
         "has no text of its own"),
        ("/law.pdf", "text/html", page("Viewer", f"<p>{_WORDS}</p>"),
         "a web page, “Viewer”, where the address names a .pdf file"),
        ("/law.xml", "text/html", page("", f"<p>{_WORDS}</p>"),
         "a web page where the address names a .xml file"),
        ("/law", "application/json", b'{"law": 1}', "It is JSON"),
        ("/law", "text/plain", json.dumps([{"a": "x" * 70_000}]).encode(), "It is JSON"),
        ("/law", "image/png", b"\x89PNG\r\n\x1a\n....", "It is a picture"),
        ("/law.pdf", "application/pdf", b"\xff\xd8\xff\xe0....", "It is a picture"),
        ("/law", "video/mp4", b"\0\0\0\x20ftypisom....", "It is a film"),
        ("/law", "audio/mpeg", b"ID3\x04\0....", "It is a sound recording"),
        ("/law", "font/woff2", b"wOF2....", "It is a font"),
        ("/law", "text/css", b"p { color: red }", "a part of a web page's program"),
        ("/law", "", b"\n \r\n", "answered with nothing"),
        ("/law", "", b"7z\xbc\xaf\x27\x1c....", "an archive of a kind that is not opened"),
        ("/law", "", b"\x1f\x8b\x08\0\0\0\0\0\0\0....", "It is one packed file"),
        ("/law", "", b"PK\x03\x04 and no more", "It is a damaged zip archive"),
        ("/law", "", b"PK\x05\x06\0\x1a" + bytes(6) + b"9\0\0\0\x0e" + bytes(5),
         "It is a damaged zip archive"),
        ("/law", "", zipped("xl/workbook.xml", "[Content_Types].xml"), "an Excel workbook"),
        ("/law", "application/x-msdownload", b"MZ\x90\0\3\0\0\0\4\0\0\0", "No reader knows"),
        ("/law", "text/plain", b"version https://git-lfs.github.com/spec/v1\n", "Git LFS pointer"),
    ],
)  # fmt: skip
def test_what_is_surely_no_document_has_its_own_sentence_and_is_not_kept(
    site: Site, web: Web, path: str, declared: str, body: bytes, sentence: str
) -> None:
    url = site.put(path, body, declared, ETag='"7"')

    with pytest.raises(WebError) as error:
        download(web, url, url)

    assert sentence in str(error.value)
    assert str(error.value).endswith(".")
    site.put(path, LAW, "text/plain", ETag='"7"')  # a copy that was kept would be used now
    site.put(path.split(".")[0], LAW, "text/plain", ETag='"7"')
    assert download(web, url.removesuffix(".pdf").removesuffix(".xml"), url).bytes == len(LAW)


@pytest.mark.parametrize(
    "body",
    [
        # a page with law on it may have a form to log in, and words about errors and proofs
        page("Part 11", f"{_LOG_IN}<p>{_WORDS}</p>"),
        page("Part 11", f'<p>{_WORDS * 12}</p><div class="a-captcha"></div>'),
        page("Forbidden acts", "<p>No lantern shall be lit by day.</p>"),
        page("§ 404.1520 Evaluation of disability", "<p>(a) General.</p>"),
        page("16 CFR 404", f"<h1>Errors</h1><p>{_WORDS}</p>"),
        page("40 CFR Part 403", "<p>Short.</p><p>Pretreatment standards.</p>"),
        page("§ 500.3", "<p>[Reserved]</p>"),
        page("Part 429 Definitions", "<p>As used in this part, lantern means a lamp.</p>"),
        page("§ 500.3", "<p>[Reserved]</p><script>count()</script>"),
        b"OTTO is a name, and ID3 another.",
        b"[Reserved]",
        b"{a} stands for the first paragraph.",
        b'["Lantern" means a lamp.',
    ],
)
def test_what_may_be_law_is_taken(site: Site, web: Web, body: bytes) -> None:
    url = site.put("/law", body, "text/html" if body.startswith(b"<") else "text/plain")

    assert download(web, url, url).path.read_bytes() == body


@pytest.mark.parametrize(
    "body",
    [page("Page Not Found", "<h1>Page Not Found</h1>"), page("GovInfo", f"<p>{_WORDS}</p>")],
)
def test_govinfo_says_that_there_is_no_granule_with_a_page(
    site: Site, web: Web, body: bytes
) -> None:
    url = site.put("/content/pkg/CFR-2030-title21-vol1/xml/CFR-2030-title21-vol1.xml", body)

    with pytest.raises(WebError, match="govinfo has no such document"):
        download(web, url, url, is_govinfo=True)


def test_an_address_where_nothing_is_says_so(site: Site, web: Web) -> None:
    with pytest.raises(NotThereError):
        download(web, f"{site.url}/none", "none")


def test_a_private_address_is_refused(site: Site, tmp_path: Path) -> None:
    with Web(tmp_path / "other") as web, pytest.raises(WebError, match="--allow-private"):
        download(web, f"{site.url}/a", "a")


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://a.test/b?docket=FDA-1&page=2", "https://a.test/b?docket=FDA-1&page=2"),
        ("https://me:pw@a.test/b@c", "https://a.test/b@c"),
        ("https://a.test/b?api_key=x&id=7#c", "https://a.test/b?api_key=…&id=7#c"),
        ("https://a.test/b?X-Amz-Credential=x&X-Amz-Date=1", ("https://a.test/b?X-Amz-Credential=…&"
         "X-Amz-Date=…")),
        ("https://a.test/b?sv=1&sig=x%2Fy", "https://a.test/b?sv=1&sig=…"),
        ("https://a.test/b?ACCESS_TOKEN=x", "https://a.test/b?ACCESS_TOKEN=…"),
        ("https://a.test/b?key", "https://a.test/b?key"),
        ("21 CFR 11.10", "21 CFR 11.10"),
        ("ftp://me:pw@a.test/b", "ftp://a.test/b"),
        ("abfs://box@account.test/b", "abfs://box@account.test/b"),
        ("https://[bad?token=x", "https://[bad?token=x"),
    ],
)  # fmt: skip
def test_a_name_in_the_manifest_has_no_key_in_it(url: str, shown: str) -> None:
    assert without_secrets(url) == shown


def test_a_file_that_cannot_be_decided_is_a_sentence_and_no_traceback(tmp_path: Path) -> None:
    path = tmp_path / "body"
    for size in range(0, 300, 7):
        path.write_bytes(bytes(range(256))[: size % 256] * 3)
        try:
            look_at(path, "x", "")
        except DocumentError as error:
            assert str(error).endswith(".")


@pytest.mark.parametrize(
    "piece",
    ["<", "<title>", "<h1>", "<input ", "<meta ", "<!--", "<script>", "</script ", "{[", "["],
)
def test_a_page_that_is_made_to_take_long_takes_not_long(tmp_path: Path, piece: str) -> None:
    path = tmp_path / "body"
    path.write_text("<html>" + piece * (600_000 // len(piece)))
    began = time.perf_counter()
    with contextlib.suppress(DocumentError):
        look_at(path, "page", "text/html")
    path.write_text(piece * (600_000 // len(piece)))
    with contextlib.suppress(DocumentError):
        look_at(path, "page", "")

    assert time.perf_counter() - began < 5
