"""The pages that can be looked at."""

from __future__ import annotations

import getpass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from tribonian.align.decisions import one_line
from tribonian.align.review.desk import LONGEST_NAME, Desk, local, to_reviewer
from tribonian.align.review.pages import of_accept_all, of_all, of_list, of_pair


def listed(desk: Desk, request: Request) -> Response:
    """The list of pairs."""
    now = desk.sitting(request)
    page = request.query_params.get("page", "1")
    number = int(page) if page.isascii() and page.isdigit() and len(page) < 9 else 1
    values = of_list(now.reading, now.chosen, now.me, desk.places(now), number)
    return desk.page("list.html", **values, last=desk.last.get(now.me))


def start(desk: Desk, request: Request) -> Response:
    """On to the first pair that wants a decision."""
    return RedirectResponse(desk.onward(desk.sitting(request), -1), 303)


def pair(desk: Desk, request: Request) -> Response:
    """One pair beside its principle."""
    now = desk.sitting(request)
    n = desk.place(now, request)
    if not now.me:
        return to_reviewer(request)
    values = of_pair(now.reading, now.chosen, now.me, desk.places(now), n)
    return desk.page("pair.html", **values, last=desk.last.get(now.me))


def keys(desk: Desk, request: Request) -> Response:
    """The keys and the flags explained."""
    now = desk.sitting(request)
    return desk.page("help.html", **of_all(now.reading, now.chosen, now.me))


def who(desk: Desk, request: Request) -> Response:
    """Asks for the reviewer's name."""
    now = desk.sitting(request)
    values = of_all(now.reading, now.chosen, now.me)
    following = local(request.query_params.get("next", "/"))
    return desk.page(
        "reviewer.html", **values, next=following, offered=_user(), fixed=desk.named
    )  # fmt: skip


def accept_all(desk: Desk, request: Request) -> Response:
    """Asks whether all that are shown are to be accepted."""
    now = desk.sitting(request)
    if not now.me:
        return to_reviewer(request)
    return desk.page(
        "accept_all.html", **of_accept_all(now.reading, now.chosen, now.me, desk.places(now))
    )


def _user() -> str:
    """The name under which somebody is logged in here, to be offered; "" if it is not known."""
    try:
        return one_line(getpass.getuser())[:LONGEST_NAME]
    except (OSError, KeyError, ImportError):
        return ""
