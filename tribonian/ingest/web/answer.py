"""What the network answered: a body on disk, or one sentence that says why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tribonian.errors import DocumentError


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer, its body in a file, decompressed.

    ``url`` is what was asked, ``found`` where it was in the end, after redirects; both are
    without a fragment and without user name and password.
    ``media_type`` is what the server declares, in lower case without parameters, "" for none;
    ``file_name`` what it calls the file (RFC 6266), None where it does not. ``changed`` is
    False where the cache held the same bytes before.
    """

    url: str
    found: str
    path: Path
    sha256: str
    bytes: int
    media_type: str = ""
    file_name: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    changed: bool = True


class WebError(DocumentError):
    """No answer that can be used; the text is the one-sentence reason.

    ``status`` is the HTTP status of the last answer, None where there was none (no connection,
    a refused address) or where an answer of status 200 was not what it should be.
    """

    def __init__(self, sentence: str, status: int | None = None) -> None:
        super().__init__(sentence)
        self.status = status


class HumanOnlyError(WebError):
    """Instead of an answer came a page that asks whether one is human."""


class NotThereError(WebError):
    """The server says that there is nothing at this address (404, 410)."""


class UnavailableError(WebError):
    """The server could not answer now, though it was asked again: 429, 5xx, time-outs."""


class StoppedError(WebError):
    """The answer is no longer waited for, because `Web.stop` was called."""
