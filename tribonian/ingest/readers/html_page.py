"""Open a web page: bytes to text to elements, within limits."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

from selectolax.lexbor import LexborHTMLParser, LexborNode

from tribonian.errors import DocumentError
from tribonian.ingest.encodings import decode_noting
from tribonian.ingest.readers.html_style import Sheet
from tribonian.ingest.record import Reading

MAX_BYTES = 200_000_000
# The parser's time grows with the square of the nesting: 5,000 deep takes 0.04 s, 100,000 44 s.
MAX_NESTING = 5_000

_XML_DECLARATION = re.compile(rb"^\s*<\?xml[^>]*?encoding\s*=\s*[\"']([\w.:\-]+)")
_META = re.compile(rb"<meta\b[^>]*?charset\s*=\s*[\"']?\s*([\w.:\-]+)", re.IGNORECASE)
_NOT_HERE = re.compile(rb"<!--.*?-->|<script\b.*?</script", re.DOTALL | re.IGNORECASE)
# <a id="x"/> is whole in XHTML; an HTML parser takes it for an open <a>, with all that follows.
_XHTML = re.compile(r"<\?xml\b|xmlns\s*=\s*[\"']http://www\.w3\.org/1999/xhtml")
_SELF_CLOSED = re.compile(
    r"<(?!(?:area|base|br|col|embed|hr|img|input|link|meta|param|source|track|wbr)\b)"
    r"([a-zA-Z][\w:.-]*)((?:\s[^<>]*)?)/>",
    re.IGNORECASE,
)
_STACKED = re.compile(
    r"([\w)%])?\s*<sup>\s*(\d{1,3})\s*</sup>\s*(?:⁄|/|&frasl;|&#8260;|&#47;)\s*"
    r"<sub>\s*(\d{1,3})\s*</sub>",
    re.IGNORECASE,
)
_MIME = re.compile(rb"(?:[A-Za-z-]+:[^\n]*\n(?:[ \t][^\n]*\n)*){0,12}?MIME-Version:", re.IGNORECASE)
_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]*)")
# Elements that have no end tag, and those whose end tag is left out: an open <p> or <li> is
# closed by the next one, and so nests no deeper (HTML 13.1.2.4).
_SHALLOW = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source",
     "track", "wbr", "p", "li", "dt", "dd", "tr", "td", "th", "thead", "tbody", "tfoot", "option",
     "optgroup", "colgroup", "rp", "rt", "html", "head", "body", "a", "basefont", "frame")
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Page:
    """A parsed page: its elements, its style rules, its title.

    ``tree`` owns the elements and must live as long as they do.
    """

    tree: LexborHTMLParser
    body: LexborNode
    sheet: Sheet
    title: str


def open_page(file: BinaryIO, reading: Reading, mend: Callable[[str], str] | None = None) -> Page:
    """Read a whole page; DocumentError, in one sentence, where it cannot be.

    ``mend`` is what a publisher's pages need done to their source before it is parsed.
    """
    data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise DocumentError(
            f"The page is larger than {MAX_BYTES // 1_000_000} MB; save it in parts."
        )
    data, declared = _archived(data)
    text = decode_noting(data, reading, declared or declared_encoding(data))
    deep = nesting(text)
    if deep > MAX_NESTING:
        raise DocumentError(
            f"Its elements are nested {deep} deep, where no page of law needs more than "
            f"{MAX_NESTING}; save the page again from a browser."
        )
    return parse_page(mend(text) if mend else text)


def parse_page(text: str) -> Page:
    """Parse a page that is text already."""
    if _XHTML.search(text[:2048]):
        text = _SELF_CLOSED.sub(r"<\1\2></\1>", text)
    tree = LexborHTMLParser(_STACKED.sub(_fraction, text.replace("\x00", "")))
    body = tree.body or tree.root
    if body is None:
        raise DocumentError("The page is empty.")
    sheets = [node.text() for node in tree.css("style") if _for_screen(node)]
    title = tree.css_first("head title") or tree.css_first("title")
    return Page(tree, body, Sheet(sheets), " ".join(title.text().split()) if title else "")


def _fraction(match: re.Match[str]) -> str:
    """``2<sup>1</sup>/<sub>2</sub>`` as 2 1/2, which raised digits would make 21/2."""
    before = match[1] or ""
    return f"{before}{' ' if before else ''}{match[2]}/{match[3]}"


def _for_screen(node: LexborNode) -> bool:
    media = (node.attributes.get("media") or "").lower()
    return not media or "screen" in media or "all" in media


def _archived(data: bytes) -> tuple[bytes, str | None]:
    """The page in a web archive (MHTML, RFC 2557), and its encoding; any other page as it is."""
    if not _MIME.match(data):
        return data, None
    message = email.message_from_bytes(data, policy=email.policy.default)
    for part in message.walk():
        if part.get_content_type() in ("text/html", "application/xhtml+xml"):
            body = part.get_payload(decode=True)
            if isinstance(body, bytes):
                return body, part.get_content_charset()
    raise DocumentError("It is a web archive without a page in it; save the page as HTML.")


def declared_encoding(data: bytes) -> str | None:
    """The encoding a page names: in an XML declaration, or in a ``<meta>`` near its start."""
    start = data[:65_536]
    found = _XML_DECLARATION.match(start) or _META.search(_NOT_HERE.sub(b"", start))
    if found is None:
        return None
    name = found[1].decode("ascii", "replace").lower()
    if name.startswith(("utf-16", "utf16", "ucs-2")):
        return None  # a page that says so in ASCII is not (WHATWG Encoding 4.2, "utf-16")
    return name


def nesting(text: str) -> int:
    """How deep the elements of a page may nest, from its tags alone."""
    depth = deepest = 0
    for closes, name in _TAG.findall(text):
        if name in _SHALLOW or name.lower() in _SHALLOW:
            continue
        if closes:
            depth -= depth > 0
        else:
            depth += 1
            if depth > deepest:
                deepest = depth
    return deepest
