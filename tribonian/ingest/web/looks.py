"""What the beginning of a body says that it is, when its status says that all is well."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from tribonian.ingest.web.answer import Answer

HEAD = 16_384
# Where sites send those whom they take for programs, with a page that has status 200.
GATES = frozenset({"unblock.federalregister.gov"})
# What only such a page says: eCFR and Federal Register; Cloudflare; AWS; Akamai; Imperva.
_ASKS = re.compile(
    rb"(?i)<title>[^<]*(?:request access|captcha|just a moment|attention required|"
    rb"pardon our interruption|are you (?:a )?human|human verification|access to this page has "
    rb"been denied|verify(?:ing)? (?:that )?you are)"
    rb"|unblock\.federalregister\.gov|due to aggressive automated scraping"
    rb"|_cf_chl_opt|cf-browser-verification|awswafcookiedomainlist|gokuprops"
    rb"|<iframe[^>]+_incapsula_resource"
)
# Any other page that says little else. A law may say it too: web content must work without.
_WORDS = re.compile(rb"(?i)captcha|are you (?:a )?(?:human|robot)|not a robot")
_LITTLE = 1_500
_UNSEEN = re.compile(rb"(?is)<(script|style|head)\b.*?</\1\s*>|<!--.*?-->|<[^>]*>|\s+")


def first_bytes(answer: Answer, size: int = HEAD) -> bytes:
    """The first bytes of an answer's body."""
    with answer.path.open("rb") as file:
        return file.read(size)


def is_html(head: bytes) -> bool:
    """Does a body begin as a web page does? XHTML too; XML of law does not."""
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    text = re.sub(rb"^(?:<\?xml[^>]*\?>|<!--.*?-->|\s+)+", b"", text, flags=re.DOTALL)
    start = re.match(rb"<!doctype\s+html|<(?:html|head|body|title|script|meta)[\s>]", text)
    return start is not None


def looks_like_captcha(head: bytes, url: str = "") -> bool:
    """Does a page ask whether one is human, instead of giving what was asked for?

    ``head`` is what `first_bytes` gives, ``url`` where it was found in the end.
    """
    if is_gate(url):
        return True
    if not is_html(head):
        return False
    if _ASKS.search(head):
        return True
    says_little = len(head) < HEAD and len(_UNSEEN.sub(b" ", head)) < _LITTLE
    return says_little and _WORDS.search(head) is not None


def is_gate(url: str) -> bool:
    """Is it an address to which only those are sent who are taken for programs?"""
    try:
        return (urlsplit(url).hostname or "").lower() in GATES
    except ValueError:
        return False
