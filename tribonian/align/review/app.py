"""The review page as an application: which address shows or does what."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from tribonian.align.review import acting, showing
from tribonian.align.review.desk import Desk, ProblemError
from tribonian.align.review.guard import Guard, is_token
from tribonian.errors import TribonianError

_FIELDS = 20  # of a form; ours have six at the most
_PART = 4_000_000  # bytes of one of them

Answer = Callable[[Request], Awaitable[Response]]
Shows = Callable[[Desk, Request], Response]
Does = Callable[[Desk, Request, FormData], Response]

SHOWN: dict[str, Shows] = {
    "/": showing.listed,
    "/start": showing.start,
    "/help": showing.keys,
    "/reviewer": showing.who,
    "/accept-all": showing.accept_all,
    "/pair/{pair}": showing.pair,
}
DONE: dict[str, Does] = {
    "/reviewer": acting.name,
    "/accept-all": acting.accept_shown,
    "/undo-last": acting.undo_last,
    "/pair/{pair}/decide": acting.decide,
    "/pair/{pair}/differences": acting.compare,
}


def app_of(build: Path, reviewer: str | None) -> Starlette:
    """The review of a build as an application; UsageError where there is nothing to review."""
    desk = Desk(build, reviewer)
    desk.disk.read()

    async def refused(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        words = "There is no such page." if status == 404 else "That cannot be done here."
        return desk.problem(request, status, words)

    async def failed(request: Request, error: Exception) -> Response:
        words = "The page failed at this; whatever was decided before is saved."
        return desk.problem(request, 500, words)

    return Starlette(
        routes=[
            *(Route(path, _shows(desk, page), methods=["GET"]) for path, page in SHOWN.items()),
            *(Route(path, _does(desk, act), methods=["POST"]) for path, act in DONE.items()),
            Mount("/static", StaticFiles(directory=Path(__file__).parent / "static")),
        ],
        middleware=[Middleware(Guard)],
        exception_handlers={HTTPException: refused, Exception: failed},
    )


def _shows(desk: Desk, page: Shows) -> Answer:
    async def answer(request: Request) -> Response:
        return await _tried(desk, request, partial(page, desk, request))

    return answer


def _does(desk: Desk, act: Does) -> Answer:
    """An act as a route: a form without this server's token does nothing."""

    async def answer(request: Request) -> Response:
        try:
            form = await request.form(max_files=0, max_fields=_FIELDS, max_part_size=_PART)
        except ClientDisconnect:  # a browser that was closed while it sent
            return Response(status_code=400)
        if not is_token(form.get("token"), desk.token):
            return desk.stale(request, form)
        return await _tried(desk, request, partial(act, desk, request, form))

    return answer


async def _tried(desk: Desk, request: Request, work: Callable[[], Response]) -> Response:
    """The work is done in a thread, because it may wait for the disk."""
    try:
        return await run_in_threadpool(work)
    except ProblemError as problem:
        return desk.problem(request, problem.status, str(problem))
    except TribonianError as error:
        return desk.problem(request, 503, str(error))
