"""What the eCFR holds: titles and their days, the structure of a title on a day.

Each is asked for once a run, however many units of it are wanted. The structure is the API's
own answer and never read out of the title's text: the headings of what is put together from
parts come from it, and are to be the same whatever the cache holds.
"""

from __future__ import annotations

import threading
from contextlib import suppress

from tribonian.errors import DocumentError
from tribonian.ingest.ecfr.answers import Check, SpoiltError, json_check, xml_check
from tribonian.ingest.ecfr.api import full_url, structure_url, titles_url, versions_url
from tribonian.ingest.ecfr.places import Places
from tribonian.ingest.ecfr.refusals import OTHERWISE
from tribonian.ingest.ecfr.structure import parse_structure
from tribonian.ingest.ecfr.titles import TitleDates, as_of, first_issue, parse_titles
from tribonian.ingest.ecfr.units import CfrUnit
from tribonian.ingest.web.answer import Answer, NotThereError, UnavailableError, WebError
from tribonian.ingest.web.client import Patience, Web

_JSON = "application/json, */*;q=0.1"
_TRIES = 3
# What is asked for after something else was waited for in vain.
_LITTLE = Patience(seconds=10.0, tries=2)
_XML = "application/xml, text/xml;q=0.9, */*;q=0.1"


class Holdings:
    """The titles and structures of one server; safe to be used by several threads."""

    def __init__(self, web: Web, base: str, patience: Patience) -> None:
        self._web = web
        self._base = base
        self.patience = patience
        # what is left of the three minutes after which lasting errors are given up
        self.patience_after = Patience(seconds=max(10.0, Patience().seconds - patience.seconds))
        self._lock = threading.Lock()
        self._turns: dict[tuple[object, ...], threading.RLock] = {}
        self._titles: dict[int, TitleDates] = {}
        self._places: dict[tuple[int, str], Places] = {}
        self._units: dict[str, Answer] = {}
        self._whole: dict[tuple[int, str], Answer] = {}
        self._not_whole: dict[tuple[int, str], UnavailableError] = {}
        self._down: dict[str, UnavailableError] = {}
        self._is_failing = False

    def day(self, title: int, asked: str | None) -> str:
        """The day for which a title is to be fetched; DocumentError if there is none such."""
        with self._turn("titles"):
            if not self._titles:
                url = titles_url(self._base)
                check = json_check("the list of its titles", parse_titles)
                answer = self._once(url, check)
                self._titles = parse_titles(answer.path.read_bytes())
            return as_of(self._titles, title, asked)

    def newest(self, title: int) -> str | None:
        """The last day there is of a title."""
        return self._titles[title].up_to_date_as_of if title in self._titles else None

    def places(self, title: int, day: str) -> Places:
        """The units of a title; DocumentError if it does not exist on that day."""
        with self._turn("places", title, day):
            found = self._places.get((title, day))
            if found is None:
                found = self._places[title, day] = self._find_places(title, day)
            return found

    def _find_places(self, title: int, day: str) -> Places:
        url = structure_url(self._base, title, day)
        try:
            check = json_check(f"the structure of title {title} of {day}", parse_structure)
            answer = self._once(url, check)
        except NotThereError:
            raise self.not_on(title, day) from None
        return Places(parse_structure(answer.path.read_bytes()))

    def _turn(self, *what: object) -> threading.RLock:
        """The lock of one thing that is asked for once, so that nothing else waits for it."""
        with self._lock:
            return self._turns.setdefault(what, threading.RLock())

    def _once(self, url: str, check: Check) -> Answer:
        """JSON that much depends on: what was waited for in vain is not waited for again."""
        if url in self._down:
            raise self._down[url]
        try:
            return self._get(url, _JSON, check, lasting="/structure/" in url)
        except UnavailableError as error:
            self._down[url] = error
            raise

    def _get(
        self, url: str, accept: str, check: Check | None = None, *,
        lasting: bool = False, patience: Patience | None = None,
    ) -> Answer:  # fmt: skip
        """The answer; what seems to be the page of something in between is asked for again."""
        for _ in range(_TRIES - 1):
            with suppress(SpoiltError):
                return self._web.get(
                    url, accept=accept, lasting=lasting, check=check, patience=patience
                )
        return self._web.get(url, accept=accept, lasting=lasting, check=check, patience=patience)

    # -- the text of a whole title ---------------------------------------------------------------

    def was_asked(self, title: int, day: str) -> bool:
        """Whether the text of a whole title was asked for in this run, given or not."""
        return (title, day) in self._whole or (title, day) in self._not_whole

    def whole(self, title: int, day: str) -> Answer:
        """The text of a whole title; UnavailableError once the server has failed to give it.

        Large titles time out half of the time, after 50 seconds each: it is asked a few times,
        and then no more in this run.
        """
        with self._turn("whole", title, day):
            if (title, day) in self._whole:
                return self._whole[title, day]
            if (title, day) in self._not_whole:
                raise self._not_whole[title, day]
            try:
                check = xml_check(f"title {title} of {day}", CfrUnit(title))
                url = full_url(self._base, title, day)
                answer = self._get(url, _XML, check, lasting=True, patience=self.patience)
            except NotThereError:
                raise self.not_on(title, day) from None
            except UnavailableError as error:
                self._not_whole[title, day] = error
                raise
            self._whole[title, day] = answer
            return answer

    def unit(
        self, unit: CfrUnit, day: str, asked: dict[str, str], patience: Patience | None = None
    ) -> Answer:
        """The answer for a part or less, asked for by ``{"part": "11"}``; asked once a run.

        OtherUnitError for an answer that does not hold the unit.
        """
        url = full_url(self._base, unit.title, day, **asked)
        with self._lock:
            if url in self._units:
                return self._units[url]
        check = xml_check(f"{unit.citation} of {day}", unit)
        patience = _LITTLE if self._is_failing else patience
        try:
            answer = self._get(url, _XML, check, lasting=True, patience=patience)
        except UnavailableError:
            self._is_failing = True
            raise
        self._is_failing = False
        with self._lock:
            return self._units.setdefault(url, answer)

    def not_on(self, title: int, day: str) -> DocumentError:
        """One sentence for a title that does not exist on a day, with the nearest day it does."""
        nearest = None
        try:
            answer = self._get(versions_url(self._base, title, day), _JSON)
            nearest = first_issue(answer.path.read_bytes(), day)
        except WebError:
            pass
        nearest = nearest or self.newest(title)
        near = f"; {OTHERWISE}"
        if nearest and nearest != day:
            near = f"; the nearest date is {nearest}"
        return DocumentError(f"Title {title} of the CFR is not in the eCFR for {day}{near}.")
