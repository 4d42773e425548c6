"""Units of the CFR as documents on disk, by the fewest calls of the eCFR's API.

A part is one call, a section, subpart or appendix one after the structure: each is the API's
own answer. What is larger than a part is cut out of the whole title, since the API does not
slice there, and where the server fails to give that, put together from the parts.

A unit is had in the same way whatever the cache holds and whatever else is wanted: the API
writes a part otherwise than it stands in the answer for its title (spaces, entities, metadata),
and the same document is to come, byte for byte, on every machine and in every order.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import replace

from tribonian.errors import DocumentError
from tribonian.ingest.ecfr.answers import OtherUnitError
from tribonian.ingest.ecfr.api import full_url, parameters
from tribonian.ingest.ecfr.holdings import Holdings
from tribonian.ingest.ecfr.making import (
    EcfrDocument,
    as_document,
    assembled,
    cut_out,
    cut_paragraph_out,
)
from tribonian.ingest.ecfr.refusals import said_of
from tribonian.ingest.ecfr.resolve import Found, resolve
from tribonian.ingest.ecfr.scanning import divs, opened
from tribonian.ingest.ecfr.structure import StructureNode
from tribonian.ingest.ecfr.titles import check_date
from tribonian.ingest.ecfr.units import Asked, CfrUnit, Span
from tribonian.ingest.readers.ecfr_names import is_reserved
from tribonian.ingest.web.answer import NotThereError, UnavailableError, WebError
from tribonian.ingest.web.client import Patience, Web

# Large titles are 504 half of the time, after 50 seconds: more than this is not waited for.
TITLE_PATIENCE = Patience(seconds=100.0, tries=3)
_LARGER_THAN_PART = ("title", "subtitle", "chapter", "subchapter")

# What is done, how much of it, out of how much.
Progress = Callable[[str, int, int], None]


def _is_clear(wanted: CfrUnit) -> bool:
    """Whether a unit can be asked for as it is: a whole title, a part and nothing around it.

    Not ``50-201``, which may be a span.
    """
    said = list(wanted.said)
    return said == [] or (said == ["part"] and wanted.part.isalnum())


def _bare(unit: CfrUnit) -> CfrUnit:
    """The unit without what is around its part, whose number stands once in a title."""
    return replace(unit, subtitle="", chapter="", subchapter="") if unit.part else unit


class Ecfr:
    """The eCFR at one address (``https://www.ecfr.gov``, or a mirror with a path before it).

    ``workers`` is how many parts are asked for at once, under the one pace of ``web``.
    Safe to be used by several threads. Errors are DocumentError, one sentence each, but for
    UsageError for a date that is none.
    """

    def __init__(
        self,
        web: Web,
        base: str,
        *,
        workers: int = 4,
        patience: Patience = TITLE_PATIENCE,
        progress: Progress | None = None,
    ) -> None:
        self._web = web
        self._base = base
        self._workers = workers
        self._progress = progress or (lambda what, done, of: None)
        self._holdings = Holdings(web, base, patience)
        self._lock = threading.Lock()

    def find(self, asked: Asked, date: str | None = None) -> list[Found]:
        """The units that are asked for, each with its day; in the order named, each once.

        One of several that does not exist comes with the sentence that says so, which
        `document` raises; DocumentError where none exists.

        ``date`` (YYYY-MM-DD) holds where the address itself says none. A whole part is taken
        at its word, without a call for the structure: whether it exists is found with its text.
        """
        day = asked.date or date
        if day is not None:
            check_date(day)
        out: dict[tuple[CfrUnit, str, str], Found] = {}
        for wanted in asked.wanted:
            try:
                found = self._find(wanted, day)
            except WebError:
                raise
            except DocumentError as error:
                if len(asked.wanted) == 1:
                    raise
                first = wanted.first if isinstance(wanted, Span) else wanted
                found = [Found(first, day or "", missing=str(error))]
            for each in found:
                out.setdefault((_bare(each.unit), each.as_of, each.missing), each)
        if all(each.missing for each in out.values()):
            raise DocumentError(" ".join(each.missing for each in out.values()))
        return list(out.values())

    def _find(self, wanted: CfrUnit | Span, day: str | None) -> list[Found]:
        what = f"{wanted.citation} of {day}" if day else wanted.citation
        try:
            as_of = self._holdings.day(wanted.title, day)
            what = f"{wanted.citation} of {as_of}"
            if isinstance(wanted, CfrUnit) and _is_clear(wanted):
                return [Found(wanted, as_of)]
            return resolve(wanted, self._holdings.places(wanted.title, as_of), as_of)
        except WebError as error:
            raise said_of(error, what) from None

    def document(self, found: Found) -> EcfrDocument:
        """The document of a unit that was found; DocumentError where there is none."""
        if found.missing:
            raise DocumentError(found.missing)
        if found.unit.paragraph:
            whole = self._document(replace(found, unit=replace(found.unit, paragraph="")))
            return cut_paragraph_out(self._web, whole, found.unit)
        return self._document(found)

    # -- which calls -----------------------------------------------------------------------------

    def _document(self, found: Found) -> EcfrDocument:
        unit, day = found.unit, found.as_of
        try:
            if unit.kind in _LARGER_THAN_PART:
                return self._large(found)
            if unit.kind == "part":
                return self._part(found)
            return self._small(found)
        except WebError as error:
            raise said_of(error, f"{unit.citation} of {day}") from None

    def _large(self, found: Found) -> EcfrDocument:
        unit, day = found.unit, found.as_of
        if not self._try_whole(unit.title, day):
            return self._put_together(found)
        return cut_out(self._web, self._title(unit.title, day), unit)

    def _part(self, found: Found, patience: Patience | None = None) -> EcfrDocument:
        unit, day = found.unit, found.as_of
        if found.reserved and found.node is not None:
            return self._assembled(found, {})
        try:
            answer = self._holdings.unit(unit, day, {"part": unit.part}, patience)
        except NotThereError:
            return self._part(self._again(found))
        return self._with_law(cut_out(self._web, as_document(answer, unit, day), unit), found)

    def _again(self, found: Found) -> Found:
        """A part that the server does not have, looked up in the structure of its title."""
        unit, day = found.unit, found.as_of
        if found.node is None:
            [other] = resolve(unit, self._holdings.places(unit.title, day), day)
            if other.unit.part != unit.part:  # 16A, where 16a was asked for
                return other
        raise WebError(
            f"The eCFR lists {unit.citation} for {day} and does not give its text; try again in "
            "some minutes."
        )

    def _with_law(self, document: EcfrDocument, found: Found) -> EcfrDocument:
        """The document, unless it is a lone reserved part, of which there is nothing to read."""
        if found.node is None:
            with document.path.open("rb") as file, opened(file) as source:
                all_of_it = divs(source)
                reserved = len(all_of_it) == 1 and is_reserved(all_of_it[0].head)
            if reserved:
                places = self._holdings.places(found.unit.title, found.as_of)
                resolve(found.unit, places, found.as_of)  # raises the sentence that says so
        return document

    def _small(self, found: Found) -> EcfrDocument:
        """A unit below a part: by itself, or out of its part where the API has no other way."""
        unit, day = found.unit, found.as_of
        if not unit.part:
            return self._of_a_chapter(found)
        asked = parameters(unit)
        if asked is None:
            return self._out_of_part(found)
        try:
            return self._by_itself(unit, day, asked)
        except WebError as error:
            # some servers know no appendix or subpart by itself; the part holds it
            if not isinstance(error, OtherUnitError) and error.status not in (400, 404):
                raise
        return self._out_of_part(found)

    def _by_itself(
        self, unit: CfrUnit, day: str, asked: dict[str, str], patience: Patience | None = None
    ) -> EcfrDocument:
        answer = self._holdings.unit(unit, day, asked, patience)
        return cut_out(self._web, as_document(answer, unit, day), unit)

    def _out_of_part(self, found: Found) -> EcfrDocument:
        unit = found.unit
        part = CfrUnit(unit.title, part=unit.part)
        return cut_out(self._web, self._part(Found(part, found.as_of, found.node)), unit)

    def _of_a_chapter(self, found: Found) -> EcfrDocument:
        """An appendix that stands in a chapter or a subtitle, in no part."""
        unit, day = found.unit, found.as_of
        if self._try_whole(unit.title, day):
            return cut_out(self._web, self._title(unit.title, day), unit)
        return self._by_itself(unit, day, unit.said, self._holdings.patience_after)

    # -- documents -------------------------------------------------------------------------------

    def _title(self, title: int, day: str) -> EcfrDocument:
        return as_document(self._holdings.whole(title, day), CfrUnit(title), day)

    def _try_whole(self, title: int, day: str) -> bool:
        """Whether the text of the whole title is to be had."""
        is_new = not self._holdings.was_asked(title, day)
        if is_new:
            self._progress(f"all of title {title}", 0, 1)
        try:
            self._holdings.whole(title, day)
        except UnavailableError:
            return False
        if is_new:
            self._progress(f"all of title {title}", 1, 1)
        return True

    # -- put together from parts -----------------------------------------------------------------

    def _put_together(self, found: Found) -> EcfrDocument:
        """A chapter or more, part by part, since the server fails to give the whole title."""
        unit, day = found.unit, found.as_of
        [found] = resolve(unit, self._holdings.places(unit.title, day), day)
        assert found.node is not None  # the structure told it
        parts = [path[-1] for path in found.node.walk() if path[-1].kind == "part"]
        texts = self._all_parts(unit, day, [part for part in parts if not part.reserved])
        return self._assembled(found, texts)

    def _assembled(self, found: Found, texts: dict[str, EcfrDocument]) -> EcfrDocument:
        """The document of a unit whose parts are there; a reserved part needs none."""
        unit, day, node = found.unit, found.as_of, found.node
        assert node is not None

        def text_of(one: CfrUnit) -> EcfrDocument:
            if one.kind == "part" and one.part in texts:
                return texts[one.part]
            return self._document(Found(one, day, node))

        said = {"part": unit.part} if unit.part else unit.said
        url = full_url(self._base, unit.title, day, **said)
        return assembled(self._web, url, unit, node, day, text_of)

    def _all_parts(
        self, unit: CfrUnit, day: str, parts: Sequence[StructureNode]
    ) -> dict[str, EcfrDocument]:
        """The documents of parts by their number, several asked for at once."""
        done = 0

        def one(part: StructureNode) -> EcfrDocument:
            nonlocal done
            wanted = CfrUnit(unit.title, part=part.identifier)
            document = self._part(Found(wanted, day, part), self._holdings.patience_after)
            with self._lock:
                done += 1
                self._progress(unit.citation, done, len(parts))
            return document

        self._progress(unit.citation, 0, len(parts))
        with ThreadPoolExecutor(max(1, self._workers)) as pool:
            waiting = [(part, pool.submit(copy_context().run, one, part)) for part in parts]
            try:
                return {part.identifier: each.result() for part, each in waiting}
            except BaseException as error:
                pool.shutdown(wait=False, cancel_futures=True)
                if not isinstance(error, DocumentError):  # interrupted: wait for no answer
                    self._web.stop()
                raise
