"""What an address answered with, told by its bytes: law, an archive, or plainly neither.

Servers say 200 to much that is no document: requests to prove that one is human, log-in forms,
error pages, shells of programs that run in a browser. Only what is sure is refused; a page
with law on it may load a CAPTCHA for its forms and have a log-in in its head.
"""

from __future__ import annotations

import json
import re
import struct
import zipfile
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import BinaryIO

from tribonian.errors import DocumentError
from tribonian.ingest.formats import CAPTCHA, FORMATS, HEAD, SHORT_PAGE, decide
from tribonian.ingest.sources.archive_kinds import archive_kind, head_size
from tribonian.ingest.sources.names import split_suffix

FEW_WORDS = 250  # words of a page that can hold no law beside its form or message

_SUFFIXES = frozenset(suffix for each in FORMATS for suffix in each.suffixes)
# Types that formats without a signature are declared by; "text/plain" is said of everything.
_DECLARED = {
    "text/markdown": ".md", "text/x-markdown": ".md", "text/plain": ".txt",
    "text/html": ".html", "application/xhtml+xml": ".xhtml",
}  # fmt: skip
# Suffixes of programs that answer, and not of what they answer with.
_PROGRAMS = frozenset(
    (".php", ".asp", ".aspx", ".ashx", ".jsp", ".jspx", ".cfm", ".cgi", ".do", ".action", ".pl")
)
# Suffixes that promise something else than a web page. Word itself saves pages as .doc.
_NO_PAGE = frozenset((".pdf", ".docx", ".docm", ".dotx", ".odt", ".xml", ".zip", ".gz", ".tgz"))

_OTHERS: tuple[tuple[re.Pattern[bytes], str], ...] = (
    (re.compile(rb"\x89PNG\r\n|\xff\xd8\xff|GIF8[79]a|BM.{4}\0\0\0\0|II\*\0|MM\0\*|"
                rb"RIFF.{4}WEBP|\0\0\0.ftyp(?:heic|mif1|avif)|\0\0\x01\0", re.DOTALL), "a picture"),
    (re.compile(rb"\0\0\0.ftyp|\x1aE\xdf\xa3|RIFF.{4}AVI |\0\0\x01\xba|FLV\x01",
                re.DOTALL), "a film"),
    (re.compile(rb"ID3[\x02-\x04]\0|OggS\0|fLaC|RIFF.{4}WAVE|\xff\xfb", re.DOTALL),
     "a sound recording"),
    (re.compile(rb"wOF[F2]|\0\x01\0\0\0|OTTO\0"), "a font"),
    (re.compile(rb"7z\xbc\xaf\x27\x1c|Rar!\x1a\x07"),
     "an archive of a kind that is not opened (only .zip and .tar.gz are)"),
)  # fmt: skip
_TARS = {"tar": ".tar", "gz": ".tar.gz", "bz2": ".tar.bz2", "xz": ".tar.xz"}
_SHORT_FORMS = {".tgz": "gz", ".tbz2": "bz2", ".tbz": "bz2", ".txz": "xz"}
_PACKED = re.compile(rb"\x1f\x8b\x08|BZh[1-9]|\xfd7zXZ\0")
_OFFICE = {"xl/": "an Excel workbook", "ppt/": "a PowerPoint presentation"}
_DAMAGED_ZIP = "It is a damaged zip archive (a Word document is one); get it again."
_PROGRAM_TYPES = frozenset(("text/css", "text/javascript", "application/javascript"))
_JSON = re.compile(r'\s*(?:\{\s*["}]|\[\s*[{"\[\]])')
_LONG_JSON = re.compile(r'\s*(?:\[\s*)*\{\s*"[^"\n]{1,100}"\s*:')

# Every repetition is bounded, or stops at the next "<": a page of nothing but "<" is read once.
_INVISIBLE = re.compile(
    r"<(script|style|template|svg|head)\b.*?(?:</\1\s{0,9}>|$)|<!--.*?(?:-->|$)|<[^<>]*>",
    re.DOTALL | re.IGNORECASE,
)
_TITLE = re.compile(r"<title\b[^<>]{0,500}>([^<]{0,500})</title", re.IGNORECASE)
_TOP_HEADING = re.compile(r"<h1\b[^<>]{0,500}>(.{0,1000}?)</h1", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")

# What only a page of few words may say.
_GATE = re.compile(
    r"cf-challenge|challenge-platform|just a moment\.\.\.|attention required|"
    r"_incapsula_resource|pardon our interruption|awswafcookie|perimeterx|"
    r"verify(?:ing)? (?:that )?you are (?:a )?human",
    re.IGNORECASE,
)
_PASSWORD = re.compile(r"<input\b[^<>]{0,500}?\btype\s?=\s?[\"']?password\b", re.IGNORECASE)
# Titles of error pages; "40 CFR Part 403", "§ 500.3" and "Forbidden acts" are titles of law.
_FAILED = re.compile(
    r"^(?:http )?(?:error\W*)?(?:40[0-9]|410|429|50[0-4])(?:$|\W+(?:error|not|page|file|forbidden|"
    r"bad|service|internal|unauthori[sz]ed|access|gateway|client|method|gone|too many)\b)|"
    r"\berror\W*(?:40[0-9]|410|429|50[0-4])\b|"
    r"\b(?:page|file|document|resource|content)\b.{0,40}\b(?:not (?:be )?found|unavailable|"
    r"(?:does not|doesn.t) exist)|^not found$|^forbidden$|access (?:is |was )?denied|"
    r"service (?:is )?(?:temporarily )?unavailable|bad gateway|gateway time-?out|"
    r"internal server error|(?:down for|under(?:going)?) (?:scheduled )?maintenance|"
    r"^(?:an? )?(?:\w+ )?error(?: page| (?:has )?occurred)?[.!]?$",
    re.IGNORECASE,
)
_REFRESH = re.compile(
    r"<meta\b[^<>]{0,200}?\bhttp-equiv\s?=\s?[\"']?refresh\b[^<>]{0,200}?\burl\s?=\s?[^<>\s]",
    re.IGNORECASE,
)
_SCRIPT = re.compile(
    r"(?:enabled?|requires?|turn on) javascript|\bid\s*=\s*[\"']?(?:root|app|__next|__nuxt)\b|"
    r"<app-root\b",
    re.IGNORECASE,
)


class WrongPageError(DocumentError):
    """A web page, mostly one that says that there is nothing, where a document was asked for."""


@dataclass(frozen=True, slots=True)
class Content:
    """What a file is: the ``suffix`` that suits it, and whether it is an archive."""

    suffix: str
    is_archive: bool = False


def look_at(path: Path, name: str, declared: str, asked_suffix: str = "") -> Content:
    """What an answer is, by its bytes; DocumentError, in one sentence, for what is no document.

    ``name`` is what the file is called, ``declared`` the media type that its server says,
    "" for none: both decide only between formats without a signature. ``asked_suffix`` is
    the suffix of the address, which may promise something else than a page.
    """
    with path.open("rb") as file:
        head = file.read(HEAD)
        file.seek(0)
        if not head.strip(b"\x00 \t\r\n"):
            raise DocumentError("The server answered with nothing; try again later.")
        for signature, what in _OTHERS:
            if signature.match(head):
                raise DocumentError(f"It is {what} and no document that can be read.")
        suffix = split_suffix(name)[1].lower()
        archive = _archive(file, head, suffix, name)
        if archive is not None:
            return archive
        text = head.decode("utf-8", "replace").lstrip("\ufeff")
        if _is_json(text, declared, suffix, whole=len(head) < HEAD):
            raise DocumentError(
                "It is JSON, data for programs, and no document; look for XML, HTML or PDF there."
            )
        if declared in _PROGRAM_TYPES:
            raise DocumentError("It is a part of a web page's program and no document.")
        _check_page(file, head, asked_suffix)
        hint = suffix if suffix in _SUFFIXES else _DECLARED.get(declared, "")
        chosen, _ = decide(file, f"document{hint}")
    if hint in chosen.suffixes:
        return Content(hint)
    return Content(chosen.suffixes[0])


def suited(name: str, content: Content) -> str:
    """A file's name with the suffix that suits its content."""
    stem, suffix = split_suffix(name)
    if suffix.lower() == content.suffix:
        return name
    if suffix.lower() in _PROGRAMS or suffix.lower() in _SUFFIXES:
        return stem + content.suffix
    return name + content.suffix


def _archive(file: BinaryIO, head: bytes, suffix: str, name: str) -> Content | None:
    """What holds documents, or a Word document, which is a zip of XML; None for the rest."""
    size = head_size(head)
    if size > len(head):
        file.seek(0)
        head = file.read(size)
        file.seek(0)
    kind = archive_kind(head, f"document{suffix}")
    if head.startswith(b"PK"):
        return _zip(file, suffix, name)
    if kind is not None:
        fits = suffix == _TARS[kind] or _SHORT_FORMS.get(suffix) == kind
        return Content(suffix if fits else _TARS[kind], is_archive=True)
    if _PACKED.match(head):
        raise DocumentError("It is one packed file; download it, unpack it and give the file.")
    return None


def _zip(file: BinaryIO, suffix: str, name: str) -> Content:
    try:
        chosen, _ = decide(file, name)
    except DocumentError as error:
        if "damaged" in str(error):
            raise DocumentError(_DAMAGED_ZIP) from None
    else:
        return Content(suffix if suffix in chosen.suffixes else chosen.suffixes[0])
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            members = archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, struct.error):
        raise DocumentError(_DAMAGED_ZIP) from None
    for member in members:
        for start, what in _OFFICE.items():
            if member.startswith(start):
                raise DocumentError(f"It is {what} and no document that can be read.")
    return Content(".zip", is_archive=True)


def _is_json(text: str, declared: str, suffix: str, whole: bool) -> bool:
    if declared == "application/json" or declared.endswith("+json") or suffix == ".json":
        return True
    if not _JSON.match(text):
        return False
    if not whole:
        return suffix not in _SUFFIXES and _LONG_JSON.match(text) is not None
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _check_page(file: BinaryIO, head: bytes, asked_suffix: str) -> None:
    """DocumentError for a page that is surely not the document that was asked for."""
    if not re.search(rb"<(?:!doctype\s+html|html|head|body)\b", head[:4096], re.IGNORECASE):
        return
    is_xml = head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<?xml")
    if is_xml and b"<html" not in head.lower():
        return
    page = head.decode("utf-8", "replace")
    if len(head) == HEAD:  # a program's styles and settings may fill the first bytes
        file.seek(0)
        page = file.read(8 * HEAD).decode("utf-8", "replace")
        file.seek(0)
    words = len(_visible(page).split())
    titles = [_visible_line(found[1]) for found in (_TITLE.search(page), _TOP_HEADING.search(page))
              if found]  # fmt: skip
    if (len(page) < SHORT_PAGE and CAPTCHA.search(page)) or (
        words < FEW_WORDS and _GATE.search(page)
    ):
        raise DocumentError(
            "The site asks whether you are human instead of giving the document; "
            "open the address in a browser, save it and give the file."
        )
    if words < FEW_WORDS:
        failed = next((title for title in titles if _FAILED.search(title)), None)
        if failed is not None:
            raise WrongPageError(
                f"The site answered with an error page, {_quoted(failed)}, as if it were the "
                "document; check the address."
            )
        if _PASSWORD.search(page):
            raise DocumentError(
                "The site answered with a form to log in; log in with a browser, save the "
                "document and give the file."
            )
        refresh = _REFRESH.search(page)
        if refresh is not None and words < FEW_WORDS // 4:
            raise DocumentError(
                "The page only leads to another one; open it in a browser and give the address "
                "that it comes to."
            )
    if asked_suffix.lower() in _NO_PAGE and not (is_xml and asked_suffix.lower() == ".xml"):
        said = f", {_quoted(titles[0])}," if titles and titles[0] else ""
        raise WrongPageError(
            f"The site answered with a web page{said} where the address names a {asked_suffix} "
            "file; there may be no such document, so check the address."
        )
    if words < 15 and _SCRIPT.search(page):
        raise DocumentError(
            "The page has no text of its own, because a program in the browser builds it; look "
            "for XML or PDF there, or save the page from a browser and give the file."
        )


def _visible(page: str) -> str:
    return unescape(_INVISIBLE.sub(" ", page))


def _visible_line(markup: str) -> str:
    return " ".join(unescape(_TAG.sub(" ", markup)).split())


def _quoted(title: str) -> str:
    return f"“{title[:80]}”"
