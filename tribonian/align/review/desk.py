"""What the pages and the acts on them have in common: the files, who reviews, what comes next."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from tribonian.align.decisions import one_line
from tribonian.align.review.pages import pages, pair_address
from tribonian.align.review.queue import Filter, filter_of, next_of, shown, undecided
from tribonian.align.review.shelf import Disk, Reading
from tribonian.errors import UsageError

COOKIE = "tribonian-reviewer"
LONGEST_NAME = 80
_KEPT = 8  # filtered lists that are kept


@dataclass(frozen=True, slots=True)
class Last:
    """What a reviewer did last, so that it can be named and taken back: one pair or many."""

    pairs: tuple[str, ...]
    decision: str
    words: str


class ProblemError(Exception):
    """Something that was asked of a page and cannot be done: a status and one sentence."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status = status


@dataclass(frozen=True, slots=True)
class Sitting:
    """One request: who asks, for which pairs, and how the files stand; ``me`` may be ""."""

    me: str
    chosen: Filter
    reading: Reading


class Desk:
    """The review of one build, for whoever opens its page; used by several threads."""

    def __init__(self, build: Path, reviewer: str | None) -> None:
        self.disk = Disk(build)
        self.token = secrets.token_urlsafe(24)
        self.named = _named(reviewer)
        self.last: dict[str, Last] = {}
        self._pages = pages()
        self._pages.globals["build"] = build.absolute().name
        self._pages.globals["token"] = self.token
        self._lists: dict[tuple[int, Filter, str], list[int]] = {}

    def sitting(self, request: Request) -> Sitting:
        """Who asks, for what; UsageError where the files cannot be read."""
        kept = one_line(unquote(request.cookies.get(COOKIE, "")))[:LONGEST_NAME]
        return Sitting(self.named or kept, filter_of(request.query_params), self.disk.read())

    def places(self, sitting: Sitting) -> list[int]:
        """The rows that the filter lets through; kept while nothing changes."""
        key = (sitting.reading.edition, sitting.chosen, sitting.me)
        found = self._lists.get(key)
        if found is None:
            found = shown(sitting.reading, sitting.chosen, sitting.me)
            while len(self._lists) >= _KEPT:
                self._lists.pop(next(iter(self._lists)), None)
            self._lists[key] = found
        return found

    def wanting(self, sitting: Sitting) -> list[int]:
        """Of these rows those that want a decision."""
        return undecided(sitting.reading, self.places(sitting), sitting.chosen, sitting.me)

    def place(self, sitting: Sitting, request: Request) -> int:
        """The row of the pair that an address names; ProblemError where it is none."""
        pair: str = request.path_params["pair"]
        n = sitting.reading.shelf.place.get(pair)
        if n is None:
            raise ProblemError(404, f"No pair {pair[:40]} is in {self.disk.places.pairs}.")
        return n

    def onward(self, sitting: Sitting, after: int) -> str:
        """Where to go from a row: the next one that wants a decision, else the list."""
        n = next_of(self.wanting(sitting), after)
        if n is None:
            return f"/{sitting.chosen.query}"
        return pair_address(sitting.reading.shelf.rows[n].pair, sitting.chosen)

    # -- answers --------------------------------------------------------------------------

    def page(self, name: str, status: int = 200, /, **values: Any) -> HTMLResponse:
        """A page from its template."""
        return HTMLResponse(self._pages.get_template(name).render(values), status)

    def gone(self, request: Request, to: str) -> Response:
        """On to another page, for a browser or for our script."""
        return JSONResponse({"next": to}) if wants_json(request) else RedirectResponse(to, 303)

    def problem(self, request: Request, status: int, words: str) -> Response:
        """One sentence of what is wrong, for a browser or for our script."""
        if wants_json(request):
            return JSONResponse({"problem": words}, status)
        return self.page("problem.html", status, words=words, status=status)

    def stale(self, request: Request, form: Mapping[str, Any]) -> Response:
        """For a page from before a restart: what it sent, to be sent again with our token."""
        if wants_json(request):
            return JSONResponse({"problem": "This page is from before a restart; reload it.",
                                 "stale": True}, 403)  # fmt: skip
        given = {k: v for k, v in form.items() if isinstance(v, str) and k != "token"}
        return self.page("stale.html", 403, action=address_of(request), given=given)


def wants_json(request: Request) -> bool:
    """Whether our script asks, which shows a problem without leaving the page."""
    return request.headers.get("accept", "") == "application/json"


def address_of(request: Request) -> str:
    """The address that was asked for, without the server's."""
    path: str = quote(request.scope["path"], safe="/:")
    return f"{path}?{request.url.query}" if request.url.query else path


def to_reviewer(request: Request) -> Response:
    """First to the page that asks for the name, then back here."""
    return RedirectResponse(f"/reviewer?next={quote(address_of(request), safe='')}", 303)


def local(address: str) -> str:
    """An address of this page; "/" for one that leads elsewhere."""
    plain = address.startswith("/") and not address.startswith(("//", "/\\"))
    return address if plain and address.isascii() and address.isprintable() else "/"


def _named(given: str | None) -> str | None:
    if given is None:
        return None
    name = one_line(given)
    if not name or len(name) > LONGEST_NAME:
        raise UsageError(f"--reviewer must be a name of 1 to {LONGEST_NAME} characters.")
    return name
