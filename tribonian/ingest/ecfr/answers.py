"""Is an answer of the eCFR what was asked for? It may be none, with status 200.

The site sends programs to a CAPTCHA page that ends in 200, a proxy may answer with a page of
its own, an answer without a declared length may end anywhere, and an error may be JSON.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

from tribonian.errors import DocumentError
from tribonian.ingest.ecfr.matching import fits
from tribonian.ingest.ecfr.scanning import divs, opened
from tribonian.ingest.ecfr.slicing import NoSuchUnitError, find
from tribonian.ingest.ecfr.units import CfrUnit
from tribonian.ingest.web.answer import Answer, UnavailableError, WebError
from tribonian.ingest.web.looks import is_html, looks_like_captcha

_HEAD = 65_536
_TAIL = 4_096
_ROOT = re.compile(
    rb"\A(?:\xef\xbb\xbf)?\s*(?:<\?.*?\?>\s*|<!--.*?-->\s*|<!DOCTYPE[^>\[]*>\s*)*<([A-Za-z_][\w.:-]*)",
    re.DOTALL,
)
_ROOTS = re.compile(rb"ECFR|DIV[1-9]")

Check = Callable[[Answer], None]


class SpoiltError(WebError):
    """Something else than the API answered, and may not the next time."""


class OtherUnitError(WebError):
    """The answer is the eCFR's text, and not of the unit that was asked for."""


def xml_check(what: str, unit: CfrUnit) -> Check:
    """A check that an answer is whole XML of the eCFR and holds ``unit``; ``what`` names it."""

    def check(answer: Answer) -> None:
        head = _checked_head(answer, what, b"<")
        root = _ROOT.match(head)
        if root is None or not _ROOTS.fullmatch(root[1]):
            begins = f"begins with <{root[1].decode('ascii')}>" if root else "is not XML"
            raise SpoiltError(
                f"The eCFR's answer for {what} {begins} and is no text of the CFR; check the "
                "address of the server, or try again in some minutes."
            )
        if not _ends_with(answer, root[1], head):
            raise UnavailableError(f"The eCFR's answer for {what} breaks off before its end.")
        _check_holds(answer.path, what, unit)

    return check


def json_check(what: str, parse: Callable[[bytes], object]) -> Check:
    """A check that an answer is JSON that ``parse`` takes; it raises WebError if not."""

    def check(answer: Answer) -> None:
        _checked_head(answer, what, b"{[")
        parse(answer.path.read_bytes())

    return check


def _checked_head(answer: Answer, what: str, begins: bytes) -> bytes:
    """The first bytes, if they are not those of a page or of an error."""
    with answer.path.open("rb") as file:
        head = file.read(_HEAD)
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not text:
        raise WebError(f"The eCFR's answer for {what} is empty; try again in some minutes.")
    if looks_like_captcha(head, answer.found):
        raise WebError(
            f"Instead of {what} the eCFR sent a page that asks whether you are human; wait some "
            "minutes, and see that no other program of yours is asking it."
        )
    if is_html(head):
        raise SpoiltError(
            f"Instead of {what} the server sent a web page, which may be an error of its own; "
            "check its address, or try again in some minutes."
        )
    if text[:1] not in (begins[i : i + 1] for i in range(len(begins))):
        said = _error_in(head)
        why = f"says {said!r}" if said else "is something else"
        raise SpoiltError(
            f"The eCFR's answer for {what} {why}; check the address of the server, or try again "
            "in some minutes."
        )
    return head


def _error_in(head: bytes) -> str:
    """The message of an error that came as JSON: ``{"error": "No matching content found."}``."""
    try:
        data = json.loads(head)
    except (ValueError, RecursionError):
        return ""
    if not isinstance(data, dict):
        return ""
    said = next((data[name] for name in ("error", "errors", "message") if data.get(name)), "")
    return " ".join(str(said).split())[:200]


def _ends_with(answer: Answer, name: bytes, head: bytes) -> bool:
    """Whether the last thing is the end of the root; a lone ``<DIV8 …/>`` is one too."""
    with answer.path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - _TAIL))
        tail = re.sub(rb"<!--.*?-->", b"", file.read(), flags=re.DOTALL).rstrip()
    if re.search(rb"</" + re.escape(name) + rb"\s*>\Z", tail):
        return True
    return (
        size <= len(head) and re.search(rb"<" + re.escape(name) + rb"[^<>]*/>\Z", tail) is not None
    )


def _check_holds(path: Path, what: str, unit: CfrUnit) -> None:
    """Whether the unit is there; an answer may be of something else, and look well."""
    try:
        with path.open("rb") as file, opened(file) as source:
            all_of_it = divs(source)
            if not all_of_it:
                raise WebError(
                    f"The eCFR's answer for {what} holds no unit of the CFR; try again in some "
                    "minutes."
                )
            if unit.kind != "title":
                find(all_of_it, unit)
            elif all_of_it[0].kind != "title" or fits(all_of_it[0], str(unit.title)) is None:
                raise NoSuchUnitError("another title")
    except NoSuchUnitError:
        raise OtherUnitError(
            f"The eCFR's answer for {what} is the text of something else; try again in some "
            "minutes."
        ) from None
    except WebError:
        raise
    except DocumentError as error:
        raise WebError(f"The eCFR's answer for {what} cannot be used: {_small(error)}") from None


def _small(error: DocumentError) -> str:
    text = str(error)
    return text[:1].lower() + text[1:]
