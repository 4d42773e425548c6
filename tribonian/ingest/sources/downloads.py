"""Documents at any address of the web but the eCFR's: fetched, and told by what they are."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import unquote, urldefrag, urlsplit

from tribonian.errors import DocumentError
from tribonian.ingest.sources.content import WrongPageError, look_at, suited
from tribonian.ingest.sources.names import safe_name, split_suffix
from tribonian.ingest.sources.obtained import Obtained
from tribonian.ingest.sources.stores import without_user
from tribonian.ingest.web.address import bare, shown
from tribonian.ingest.web.answer import Answer, WebError
from tribonian.schemas.finding import Finding

if TYPE_CHECKING:
    from tribonian.ingest.web.client import Web

# Parameters of a query by which a server knows who asks: keys of interfaces, signatures of
# S3 (X-Amz-…), Google (X-Goog-…) and Azure (sig).
_SECRET = re.compile(
    r"token|secret|passw|pwd$|signature|credential|session|ticket|jwt|^x-(?:amz|goog)-|"
    r"auth(?!or)|bearer|assertion|saml|hmac|(?:api|access|app|client|user|license)key|[-_]key$|"
    r"^(?:key|sig|code)$",
    re.IGNORECASE,
)

# govinfo answers 200 with a page that says so. Annual titles come out a year or more late.
_OF_GOVINFO = (
    "govinfo has no such document and answered with a web page; check the address, above all its "
    "year and volume, since editions come out months after their date."
)

MASKED = "=…"  # stands for the value of such a parameter wherever an address is shown or kept


def download(web: Web, url: str, asked: str, *, is_govinfo: bool = False) -> Obtained:
    """The document at an address, whole on disk, under a name that says where it comes from.

    WebError, in one sentence, where there is none: what the network said, or what the answer
    is by its content (a log-in form, JSON, a picture). The date on which a server last wrote
    a file is no date of law, so ``as_of`` is None.
    """
    address = urldefrag(url).url

    def check(answer: Answer) -> None:
        try:
            look_at(answer.path, _file_name(answer), answer.media_type, _suffix_of(address))
        except WrongPageError as error:
            raise WebError(_OF_GOVINFO if is_govinfo else str(error)) from None
        except DocumentError as error:
            raise WebError(str(error)) from None

    answer = web.get(address, check=check)
    name = _file_name(answer)
    content = look_at(answer.path, name, answer.media_type, _suffix_of(address))
    findings: tuple[Finding, ...] = ()
    if bare(answer.found) != bare(address):
        findings = (
            Finding(
                "redirected",
                f"The address {shown(address)} led to {shown(answer.found)}.",
                document=without_secrets(asked),
            ),
        )
    return Obtained(
        asked=asked,
        name=without_secrets(asked),
        url=without_secrets(answer.found),
        path=answer.path,
        file=safe_name(suited(name, content)),
        sha256=answer.sha256,
        bytes=answer.bytes,
        etag=answer.etag,
        findings=findings,
    )


def without_secrets(url: str) -> str:
    """An address of any kind as it is typed, without user, password, keys and signatures."""
    url = without_user(url)
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    # a key may stand in the fragment too (OAuth's implicit grant), or in the path (Java's sessions)
    for mark, part, between in (("?", parts.query, "&"), ("#", parts.fragment, "&"),
                                (";", parts.path.partition(";")[2], ";")):  # fmt: skip
        pairs = between.join(map(_without_value, part.split(between)))
        url = url.replace(f"{mark}{part}", f"{mark}{pairs}", 1)
    return url


def _without_value(pair: str) -> str:
    name, equals, value = pair.partition("=")
    return f"{name}{MASKED}" if equals and value and _SECRET.search(unquote(name)) else pair


def _file_name(answer: Answer) -> str:
    """What the server calls the file (RFC 6266, 4.3: its last part only), else the address."""
    for path in (answer.file_name or "", unquote(urlsplit(answer.found).path)):
        name = PurePosixPath(path.replace("\\", "/")).name.strip()
        if name.strip(". "):
            return name
    return urlsplit(answer.found).hostname or "document"


def _suffix_of(url: str) -> str:
    return split_suffix(unquote(urlsplit(url).path))[1]
