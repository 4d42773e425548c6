"""What can be done on the pages: each act is on the disk before the browser hears of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from urllib.parse import quote

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from tribonian.align.decisions import Decision, append_decisions, moment, one_line
from tribonian.align.review.desk import (
    COOKIE,
    LONGEST_NAME,
    Desk,
    Last,
    ProblemError,
    Sitting,
    local,
)
from tribonian.align.review.doubts import in_words
from tribonian.align.review.pages import digest_of, pair_address
from tribonian.align.review.shelf import Row
from tribonian.align.review.source import source_of
from tribonian.align.review.words import differences

_A_YEAR = 365 * 24 * 3600
_LONGEST_REASON = 1000


def name(desk: Desk, request: Request, form: FormData) -> Response:
    """Takes the reviewer's name, which stays in the browser."""
    given = one_line(_text(form, "name"))
    if not given or len(given) > LONGEST_NAME:
        raise ProblemError(400, f"Give a name of 1 to {LONGEST_NAME} characters.")
    answer = RedirectResponse(local(_text(form, "next") or "/"), 303)
    answer.set_cookie(
        COOKIE, quote(given, safe=""), max_age=_A_YEAR, httponly=True, samesite="strict"
    )
    return answer


def decide(desk: Desk, request: Request, form: FormData) -> Response:
    """Takes a decision about one pair and goes on to the next that wants one."""
    now = _signed(desk, request)
    n = desk.place(now, request)
    row = now.reading.shelf.rows[n]
    kind = _text(form, "decision")
    if kind == "undo":
        return _undo(desk, request, now, row.pair)
    if kind == "edit":
        decision = _edit(row, now.me, _prose(form, "question"), _prose(form, "answer"))
    elif kind == "reject":
        reason = one_line(_text(form, "reason"))[:_LONGEST_REASON]
        decision = Decision(row.pair, kind, now.me, reason=reason or None, time=moment())
    elif kind == "accept":
        decision = Decision(row.pair, kind, now.me, time=moment())
    else:
        raise ProblemError(400, "The decision is none of accept, edit, reject, undo.")
    append_decisions(desk.disk.places.decisions, [decision])
    desk.last[now.me] = Last((row.pair,), kind, row.question)
    return desk.gone(request, desk.onward(desk.sitting(request), n))


def _edit(row: Row, me: str, question: str, answer: str) -> Decision:
    if not question or not answer:
        raise ProblemError(400, "Question and answer may not be empty; reject the pair instead.")
    if (question, answer) == (_tidy(row.question), _tidy(row.answer)):
        raise ProblemError(400, "Nothing is changed; accept the pair instead.")
    return Decision(row.pair, "edit", me, question, answer, time=moment())


def undo_last(desk: Desk, request: Request, form: FormData) -> Response:
    """Takes back what this reviewer did last, many pairs at once too."""
    return _undo(desk, request, _signed(desk, request), None)


def _undo(desk: Desk, request: Request, now: Sitting, pair: str | None) -> Response:
    """Takes back my decision of a pair or, where there is none, what I did last."""
    last = desk.last.get(now.me)
    pairs: Sequence[str] = [] if pair is None else _mine(now, [pair])
    if not pairs and last is not None and (pair is None or len(last.pairs) == 1):
        pairs = _mine(now, last.pairs)  # many at once only where that is said
    if not pairs:
        raise ProblemError(409, "There is no decision of yours to take back here.")
    _append(desk, now.me, pairs, "undo")
    if last is not None and set(pairs) & set(last.pairs):
        desk.last.pop(now.me, None)
    if len(pairs) > 1 or pairs[0] not in now.reading.shelf.place:
        return desk.gone(request, f"/{now.chosen.query}")
    return desk.gone(request, pair_address(pairs[0], now.chosen))


def _mine(now: Sitting, pairs: Iterable[str]) -> list[str]:
    standing = now.reading.decisions.standing
    return [pair for pair in pairs if any(each.reviewer == now.me for each in standing(pair))]


def accept_shown(desk: Desk, request: Request, form: FormData) -> Response:
    """Accepts all that are shown and want a decision, if they are those that were confirmed."""
    now = _signed(desk, request)
    pairs = tuple(now.reading.shelf.rows[n].pair for n in desk.wanting(now))
    if _text(form, "confirmed") != digest_of(pairs):
        raise ProblemError(
            409,
            f"It is {len(pairs):,} pairs now, not the ones that you confirmed, and nothing was"
            " accepted; go back and look again.",
        )
    if pairs:
        _append(desk, now.me, pairs, "accept")
        desk.last[now.me] = Last(pairs, "accept", f"{len(pairs):,} pairs")
    return desk.gone(request, f"/{now.chosen.but(state='').query}")


def _append(desk: Desk, me: str, pairs: Iterable[str], kind: str) -> None:
    time = moment()
    rows = [Decision(pair, kind, me, time=time) for pair in pairs]
    append_decisions(desk.disk.places.decisions, rows)


def compare(desk: Desk, request: Request, form: FormData) -> Response:
    """What an edit would change, shown while it is typed."""
    now = desk.sitting(request)
    row = now.reading.shelf.rows[desk.place(now, request)]
    question, answer = _prose(form, "question"), _prose(form, "answer")
    source = source_of(now.reading.shelf, row)
    return JSONResponse(
        {
            "question": differences(row.question, question),
            "answer": differences(row.answer, answer),
            "doubts": in_words(
                now.reading.shelf, None if source is None else source.principle, question, answer
            ),
        }
    )


def _signed(desk: Desk, request: Request) -> Sitting:
    now = desk.sitting(request)
    if not now.me:
        raise ProblemError(403, "Say who you are first: open /reviewer.")
    return now


def _text(form: FormData, key: str) -> str:
    value = form.get(key)
    return value if isinstance(value, str) else ""


def _prose(form: FormData, key: str) -> str:
    return _tidy(_text(form, key))


def _tidy(text: str) -> str:
    """A text as a browser's text field gives it back: line feeds only, no space around it."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()
