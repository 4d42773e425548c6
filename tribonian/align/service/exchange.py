"""One request to the service, by way of its redirects, and again where that is harmless."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable
from typing import TypeVar

import httpx

import tribonian
from tribonian.align.service.account import Account, is_loopback
from tribonian.align.service.answer import Answer
from tribonian.align.service.call import Call
from tribonian.align.service.failures import ServiceError, StoppedError, UnreachableError
from tribonian.align.service.hush import Hush
from tribonian.align.service.mishaps import mangled, mishap
from tribonian.align.service.refusals import (
    declined,
    refusal,
    said,
    shortened,
    tells_more,
    uncertain,
)
from tribonian.align.service.times import Times
from tribonian.align.service.ways import Ways
from tribonian.errors import TribonianError
from tribonian.ingest.web import answer as web
from tribonian.ingest.web.address import bare, host_of, origin, shown
from tribonian.ingest.web.body import BodyError
from tribonian.ingest.web.retry import PassingError, Patience, persist
from tribonian.ingest.web.status import PASSING, REDIRECTS, named
from tribonian.ingest.web.waiting import TimeLimit

T = TypeVar("T")

MOST_REDIRECTS = 5
_SAME_METHOD = frozenset({307, 308})
_NEVER_PASSING = frozenset({501, 505})
_NOT_HEARD = frozenset({408, 425})
# What a storage answers for an address that the service signed, and that was used too late.
_ABROAD_TRIES = 3


class Exchange:
    """Asks, and asks again; safe to use from several threads."""

    def __init__(
        self,
        account: Account,
        times: Times,
        stop: threading.Event,
        notice: Callable[[str], None] | None = None,
    ) -> None:
        self._account = account
        self._times = times
        self._stop = stop
        self._notice = notice
        self._ways = Ways()
        self._hush = Hush(account.key)

    def close(self) -> None:
        """Close every connection."""
        self._ways.close()
        self._hush.end()

    def message(self, call: Call) -> bytes:
        """The body of the answer."""
        return self.take(call, Answer.message)

    def take(self, call: Call, taking: Callable[[Answer], T]) -> T:
        """What ``taking`` makes of an answer with a status of 200 to 299.

        Asks again for as long as `Times.patience`, where that is harmless: for any failure that
        may pass, or, if the effect must come ``once``, for one that surely had none. ``taking``
        is called once for each answer.
        """
        failure: TribonianError
        noticed = False

        def attempt() -> T:
            nonlocal noticed
            try:
                return self._attempt(call, taking)
            except PassingError as error:
                if self._notice and not noticed:
                    self._notice(f"{error.sentence}; it is asked again.")
                noticed = True
                raise

        if self._stop.is_set():
            raise _stopped(call)
        limit = TimeLimit(math.inf, self._stop, call.path)
        patience = Patience(self._times.patience)
        try:
            return persist(attempt, patience, limit, self._times.first_wait)
        except web.UnavailableError as error:
            failure = UnreachableError(str(error), error.status)
        except web.StoppedError:
            failure = _stopped(call)
        raise failure

    def _attempt(self, call: Call, taking: Callable[[Answer], T]) -> T:
        """Once; what fails is raised after the failure of `httpx`, which holds the key, is gone."""
        answer: Answer | None = None
        try:
            answer = self._follow(call)
            self._judge(answer, call)
            return taking(answer)
        except httpx.TransportError as error:
            host = host_of(self._account.base_url)
            failure = mishap(error, call, host, begun=answer is not None)
        except BodyError as error:
            failure = mangled(error, call)
        finally:
            if answer:
                answer.close()
        raise failure

    def _follow(self, call: Call) -> Answer:
        at, abroad = self._account.base_url + call.path, None
        for _ in range(MOST_REDIRECTS + 1):
            response = self._send(call, at, abroad is None)
            if response.status_code not in REDIRECTS:
                return Answer(response, self._stop, self._times.read, abroad)
            response.close()
            to = self._next(call, at, response.status_code, response.headers.get("location", ""))
            if origin(to) != origin(self._account.base_url):
                abroad = host_of(to)  # and it stays so, whoever sends us back
            at = to
        raise ServiceError(
            f"The service redirects more than {MOST_REDIRECTS} times where it is asked to "
            f"{call.doing}; check SEEKR_BASE_URL."
        )

    def _send(self, call: Call, url: str, known: bool) -> httpx.Response:
        """The answer of that address; only one that is ``known`` is told who asks."""
        times = self._times
        seconds = {
            "connect": times.connect,
            "pool": times.connect,
            "write": times.read,
            "read": times.upload if call.slow else times.read,
        }
        request = httpx.Request(
            call.method,
            url,
            headers=self._headers(call, known),
            content=call.content(),
            data=call.form.fields if call.form else None,
            files=call.form.files if call.form else None,
            extensions={"timeout": seconds},
        )
        response = self._ways.to(url, new=call.once).handle_request(request)
        response.request = request
        return response

    def _headers(self, call: Call, known: bool) -> dict[str, str]:
        out = {
            "User-Agent": f"tribonian/{tribonian.__version__}",
            "Accept": "*/*" if call.file else "application/json",
            # A file is compressed as it is, and its length is to be known.
            "Accept-Encoding": "identity" if call.file else "gzip",
        }
        if call.body is not None:
            out["Content-Type"] = "application/json"
        if known:
            out["Authorization"] = self._account.key.secret()
            if self._account.team:
                out["x-team-id"] = self._account.team
        return out

    def _next(self, call: Call, at: str, status: int, location: str) -> str:
        """Where a redirect leads; ServiceError where one does not go."""
        try:
            to = bare(str(httpx.URL(at).join(location))) if location else ""
            there, here = origin(to), origin(at)
            there[1].encode("idna")  # as it will be for its name service
        except (httpx.InvalidURL, ValueError, web.WebError):
            to = ""
        place = shortened(shown(to), self._account.key) if to else "nowhere"
        if to and (status in _SAME_METHOD or call.method == "GET"):
            kept_elsewhere = there[0] == "https" or (is_loopback(there[1]) and is_loopback(here[1]))
            if there == here or (call.file and kept_elsewhere):
                return to
        elif call.once and status == 303:  # RFC 9110: what was asked for is done
            raise uncertain(f"redirects to {place}", call, status)
        raise ServiceError(
            f"The service redirects to {place} where it is asked to {call.doing}, which is not "
            f"followed, as the key is for {host_of(self._account.base_url)} only; check "
            "SEEKR_BASE_URL.",
            status,
        )

    def _judge(self, answer: Answer, call: Call) -> None:
        """Raise the error that a status is."""
        status = answer.status
        if 200 <= status < 300:
            return
        words = said(answer.beginning(), self._account.key)
        sentence = declined(status, words, call)
        if answer.abroad:
            raise PassingError(
                f"{sentence}, from where it is kept, {answer.abroad}", status, tries=_ABROAD_TRIES
            )
        if status == 429 or (status == 503 and answer.wait is not None):
            raise PassingError(sentence, status, wait=answer.wait)
        if call.once and (status >= 500 or status in _NOT_HEARD):
            reason = f": {words}" if tells_more(words, status) else ""
            raise uncertain(f"answered {named(status)}{reason}", call, status)
        if status not in _NEVER_PASSING and (status in PASSING or status >= 500):
            raise PassingError(sentence, status, wait=answer.wait)
        raise refusal(status, words, call)


def _stopped(call: Call) -> StoppedError:
    return StoppedError(f"Nobody waits any more for the service to {call.doing}; run it again.")
