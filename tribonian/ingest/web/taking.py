"""The body of an answer taken to disk, and what is wrong with it as a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tribonian.ingest.web.address import bare, host_of, shown
from tribonian.ingest.web.answer import Answer, WebError
from tribonian.ingest.web.body import (
    BrokenError,
    CutShortError,
    EncodingError,
    TooLargeError,
    receive,
)
from tribonian.ingest.web.file_name import name_in
from tribonian.ingest.web.looks import first_bytes, looks_like_captcha
from tribonian.ingest.web.partial import Partial
from tribonian.ingest.web.retry import PassingError
from tribonian.ingest.web.status import captcha_error

if TYPE_CHECKING:
    import httpx

# A body that is damaged or empty most often is so the next time; it may have been the line.
FEW_TRIES = 3
_UNITS = ((1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB"), (1, "bytes"))


def take(response: httpx.Response, url: str, partial: Partial, max_bytes: int) -> Answer:
    """The answer with its body in the partial file.

    Raises WebError for a body that is too large or is none, PassingError for one that may be
    better when it is asked for again.
    """
    found = bare(str(response.request.url))
    what, status = shown(found), response.status_code
    headers = response.headers
    encoding = headers.get("content-encoding", "")
    try:
        if not encoding and int(headers.get("content-length", 0)) > max_bytes:
            raise TooLargeError
        body = receive(response.iter_raw(), encoding, partial.file, max_bytes)
    except TooLargeError:
        raise WebError(
            f"{what} is larger than {_size(max_bytes)}; ask for a part of it.", status
        ) from None
    except CutShortError as error:
        raise PassingError(f"{what} is cut short on the way", status) from error
    except BrokenError as error:
        raise PassingError(
            f"{what} arrives damaged and cannot be decompressed",
            status,
            tries=FEW_TRIES,
        ) from error
    except EncodingError as error:
        raise WebError(
            f"{what} is sent compressed with {error}, which cannot be read; download it and give "
            "the file.",
            status,
        ) from None
    if not body.bytes:
        raise PassingError(f"{what} is answered with nothing at all", status, tries=FEW_TRIES)
    partial.file.flush()
    answer = Answer(
        url=bare(url),
        found=found,
        path=partial.path,
        sha256=body.sha256,
        bytes=body.bytes,
        media_type=headers.get("content-type", "").partition(";")[0].strip().lower(),
        file_name=name_in(headers.get("content-disposition")),
        etag=headers.get("etag"),
        last_modified=headers.get("last-modified"),
    )
    if looks_like_captcha(first_bytes(answer), found):
        raise captcha_error(host_of(found), shown(url), status)
    return answer


def _size(number: int) -> str:
    """``1 GiB``."""
    amount, unit = next((number // size, unit) for size, unit in _UNITS if number % size == 0)
    return f"{amount:,} {unit}"
