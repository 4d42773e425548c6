"""The eCFR's API on loopback: real title XML by the API's own paths, and its misbehaviour.

For a test::

    with EcfrServer({21: {"2026-01-29": path}}) as server:
        ...  # ECFR_BASE_URL = server.base_url
        assert len(server.requests) <= 4

For a person::

    python -m tests.servers.ecfr --titles ../shared/corpus/ecfr_titles --port 8765 --misbehave 504
    ECFR_BASE_URL=http://127.0.0.1:8765 tribonian build "21 CFR part 11" -o build

What it answers is what the API's description (Swagger) and people who measured it say: whole
titles are not sliced by subtitle, chapter or subchapter; a part and what is below is the unit
itself, in the dialect of parts; today is not there yet; more than 8 requests in a second are
429 from a bare nginx; the website sends programs to a CAPTCHA that ends in 200.
"""

from __future__ import annotations

import gzip
import hashlib
import re
import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from tests.servers.misbehaviour import CAPTCHA, HTML_ERROR, Fault, nginx
from tests.servers.other import NO_GRANULE, RESERVED, TITLE_NAMES, rendered
from tests.servers.queries import hierarchy_in, is_day, is_strange, is_within
from tests.servers.titles import (
    Title,
    hierarchy,
    kind,
    part_dialect,
    section_in_part,
    title_of,
)
from tests.servers.wire import Answer, Listener, Request, error_answer, json_answer, page

FIRST_DAY = "2017-01-01"  # the eCFR's points in time begin here
_VERSIONER = re.compile(
    r"/api/versioner/v1/(?P<what>full|structure|ancestry)/(?P<date>[^/]+)/"
    r"title-(?P<title>[^/.]+)\.(?P<suffix>xml|json)"
)
_VERSIONS = re.compile(r"/api/versioner/v1/versions/title-(?P<title>[^/.]+)(?:\.json)?")
_RENDERER = re.compile(r"/api/renderer/v1/content/enhanced/(?P<date>[^/]+)/title-(?P<title>[^/.]+)")
_BULK = re.compile(r"/bulkdata/ECFR/title-(?P<title>\d+)/ECFR-title(?P=title)\.xml")


class EcfrServer:
    """The API on 127.0.0.1, port ``port`` (0 for any), from entering to leaving the context.

    ``titles`` maps a title's number to its versions, date -> path of a V-full XML file (or its
    bytes). A date between two serves the earlier; the earliest stands for all days from
    ``since`` (a date for each title, 2017-01-01 if none is given) to the next.
    ``up_to_date`` is the last day there is, the latest version's date if not given.
    ``bulk`` maps a title's number to its file in govinfo's dialect.
    ``processing`` names titles that are said to be in progress, ``importing`` the whole.
    ``rate`` is how many requests in a second are let through, None for any number.
    ``sections_in_part`` answers a section inside its part, as the documents say.
    ``part_needed`` refuses a section or subpart without its part, as the documents say (the
    real server is known to answer them). ``picky`` refuses with 406 who does not say what it
    accepts or who it is.
    """

    def __init__(
        self,
        titles: Mapping[int, Mapping[str, Path | str | bytes]],
        *,
        faults: Iterable[Fault] = (),
        up_to_date: str | None = None,
        since: Mapping[int, str] | None = None,
        bulk: Mapping[int, Path | str | bytes] | None = None,
        processing: Iterable[int] = (),
        importing: bool = False,
        rate: int | None = 8,
        sections_in_part: bool = False,
        part_needed: bool = True,
        picky: bool = False,
        port: int = 0,
    ) -> None:
        self.titles = {n: dict(sorted(versions.items())) for n, versions in titles.items()}
        self.faults = list(faults)
        known = [day for versions in self.titles.values() for day in versions]
        self.up_to_date = up_to_date or max(known, default="2026-01-29")
        self.since = dict(since or {})
        self.bulk = dict(bulk or {})
        self.processing = set(processing)
        self.importing = importing
        self.rate = rate
        self.sections_in_part = sections_in_part
        self.part_needed = part_needed
        self.picky = picky
        self.requests: list[Request] = []
        self.failures: list[str] = []
        self.stopping = threading.Event()
        self._port = port
        self._lock = threading.Lock()
        self._parsed: dict[bytes, Title] = {}
        self._zipped: dict[str, bytes] = {}

    # --- life ---

    def __enter__(self) -> EcfrServer:
        self._listener = Listener(("127.0.0.1", self._port), self)
        self.base_url = f"http://127.0.0.1:{self._listener.server_address[1]}"
        self._thread = threading.Thread(
            target=self._listener.serve_forever, kwargs={"poll_interval": 0.02}
        )
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.stopping.set()
        self._listener.shutdown()
        self._listener.hang_up()
        self._listener.server_close()
        self._thread.join()
        if self.failures and error[0] is None:
            raise AssertionError(f"the server itself failed: {self.failures[0]}")

    # --- what was asked ---

    def clear(self) -> None:
        """Forget the requests so far."""
        with self._lock:
            self.requests.clear()

    @property
    def paths(self) -> list[str]:
        """The paths that were asked for, with their queries, in the order they came."""
        return [request.path for request in self.requests]

    def busiest(self, seconds: float = 1.0) -> int:
        """The most requests that came within so many seconds."""
        times = sorted(request.time for request in self.requests)
        most = first = 0
        for last, moment in enumerate(times):
            while moment - times[first] >= seconds:
                first += 1
            most = max(most, last - first + 1)
        return most

    def note(self, method: str, path: str, headers: dict[str, str]) -> tuple[Request, bool]:
        """Write a request down; True if it is one too many in this second."""
        with self._lock:
            now = time.monotonic()
            request = Request(now, method, path, headers)
            self.requests.append(request)
            if self.rate is None or not path.startswith("/api/"):
                return request, False
            recent = sum(
                1 for one in self.requests[-4 * self.rate :]
                if now - one.time < 1.0 and one.path.startswith("/api/")
            )  # fmt: skip
            return request, recent > self.rate

    # --- what is answered ---

    def answer(self, target: str, headers: Mapping[str, str]) -> Answer:
        """The answer to a GET, before anything goes wrong with it."""
        url = urlsplit(target)
        path = unquote(url.path)
        query = parse_qsl(url.query, keep_blank_values=True)
        if self.picky and is_strange(headers):
            return page(406, nginx("406 Not Acceptable", 0))
        if path == "/api/versioner/v1/titles.json" or path == "/api/versioner/v1/titles":
            return self._titles()
        if found := _VERSIONER.fullmatch(path):
            return self._versioned(found["what"], found["date"], found["title"], query)
        if found := _VERSIONS.fullmatch(path):
            return self._versions(found["title"], query)
        if found := _RENDERER.fullmatch(path):
            return self._rendered(found["date"], found["title"], query)
        if path.startswith(("/current", "/on/", "/compare/", "/recent-changes")):
            return page(302, b"", Location=f"{self.base_url}/unblock")
        if path == "/unblock":
            return page(200, CAPTCHA)
        if found := _BULK.fullmatch(path):
            data = self.bulk.get(int(found["title"]))
            if data is not None:
                return Answer(200, _read(data), "application/xml")
        if path.startswith(("/bulkdata/", "/content/", "/link/", "/app/")):
            return page(200, NO_GRANULE)
        return page(404, nginx("404 Not Found", 0))

    def _titles(self) -> Answer:
        rows: list[dict[str, Any]] = []
        for number, name in enumerate(TITLE_NAMES, 1):
            latest = max(self.titles.get(number, {self.up_to_date: b""}))
            latest = min(latest, self.up_to_date)
            row: dict[str, Any] = {
                "number": number,
                "name": name,
                "latest_amended_on": latest,
                "latest_issue_date": latest,
                "up_to_date_as_of": self.up_to_date,
                "reserved": number == RESERVED,
            }
            if number == RESERVED:
                row |= dict.fromkeys(("latest_amended_on", "latest_issue_date", "up_to_date_as_of"))
            if number in self.processing:
                row["processing_in_progress"] = True
            rows.append(row)
        tomorrow = date.fromisoformat(self.up_to_date) + timedelta(days=1)
        meta = {"date": tomorrow.isoformat(), "import_in_progress": self.importing}
        return json_answer({"titles": rows, "meta": meta})

    def version(self, number: int, day: str) -> Title | None:
        """The title in force on a day, None where there is none."""
        versions = self.titles.get(number, {})
        if not versions or not self.since.get(number, FIRST_DAY) <= day <= self.up_to_date:
            return None
        if day < FIRST_DAY:
            return None
        in_force = [one for one in versions if one <= day] or [min(versions)]
        return self._title(versions[in_force[-1]])

    def _title(self, source: Path | str | bytes) -> Title:
        if isinstance(source, bytes):
            with self._lock:
                if source not in self._parsed:
                    self._parsed[source] = Title(source)
                return self._parsed[source]
        with self._lock:
            return title_of(Path(source))

    def _versioned(
        self, what: str, day: str, number: str, query: Sequence[tuple[str, str]]
    ) -> Answer:
        if not is_day(day):
            return error_answer(400, f"Bad date: '{day}'")
        said, refused = hierarchy_in(query, self.part_needed)
        if refused:
            return refused
        title = self.version(int(number), day) if number.isdigit() else None
        if title is None:
            return error_answer(404, "No matching content found.")
        if what == "structure":
            return Answer(200, title.structure())
        unit = title.find(said)
        if unit is None:
            return error_answer(404, "No matching content found.")
        if what == "ancestry":
            return json_answer(title.ancestry(unit))
        if kind(unit) in ("title", "subtitle", "chapter", "subchapter"):
            # Checked, and then the whole title comes all the same.
            attached = {"Content-Disposition": f'attachment; filename="title-{number}.xml"'}
            return Answer(200, title.data, "application/xml", attached)
        if kind(unit) == "section" and self.sections_in_part:
            return Answer(200, section_in_part(unit, title.number), "application/xml")
        return Answer(200, part_dialect(unit, title.number), "application/xml")

    def _versions(self, number: str, query: Sequence[tuple[str, str]]) -> Answer:
        limits = {name[11:-1]: day for name, day in query if name.startswith("issue_date[")}
        if not limits:
            return Answer(
                400, b'{"errors":"Bad parameters: An issue_date parameter must be provided."}'
            )
        for day in limits.values():
            if not is_day(day):
                return error_answer(400, f"Bad date: '{day}'")
        rest = [(name, value) for name, value in query
                if not name.startswith("issue_date[") and name != "page"]  # fmt: skip
        said, refused = hierarchy_in(rest, self.part_needed)
        if refused:
            return refused
        rows = [row for row in self._changes(int(number), said) if is_within(row["date"], limits)]
        page = int(dict(query).get("page", "1"))
        shown = rows[1000 * (page - 1) : 1000 * page]
        latest = max((row["date"] for row in rows), default=None)
        meta = {
            "title": number, "result_count": str(len(shown)), "issue_date": limits,
            "latest_amendment_date": latest, "latest_issue_date": latest,
            "total_pages": str(max(1, -(-len(rows) // 1000))),
        }  # fmt: skip
        return json_answer({"content_versions": shown, "meta": meta})

    def _changes(self, number: int, said: Mapping[str, str]) -> Iterator[dict[str, Any]]:
        before: dict[str, str] = {}
        for day, source in self.titles.get(number, {}).items():
            now: dict[str, str] = {}
            for unit in self._title(source).units:
                above = hierarchy(unit)
                what = kind(unit)
                if what not in ("section", "appendix") or any(
                    above.get(name) != value for name, value in said.items()
                ):
                    continue
                name = str(unit.get("N"))
                now[name] = "".join(unit.itertext())
                if before.get(name) != now[name]:
                    yield {
                        "date": day, "amendment_date": day, "issue_date": day,
                        "identifier": name, "name": " ".join(now[name].split("\n")[1:2]),
                        "part": above.get("part"), "substantive": True, "removed": False,
                        "subpart": above.get("subpart"), "title": str(number), "type": what,
                    }  # fmt: skip
            before = now

    def _rendered(self, day: str, number: str, query: Sequence[tuple[str, str]]) -> Answer:
        if day == "current":
            day = self.up_to_date
        if not is_day(day):
            return error_answer(400, f"Bad date: '{day}'")
        said, refused = hierarchy_in(query, needed=False)
        title = self.version(int(number), day) if number.isdigit() else None
        unit = title.find(said) if title and not refused else None
        if title is None or unit is None:
            return page(404, HTML_ERROR)
        return page(200, rendered(unit, title.number, day))

    def zipped(self, body: bytes) -> bytes:
        """A body with gzip, kept because a whole title takes its time."""
        key = hashlib.md5(body, usedforsecurity=False).hexdigest()
        if key not in self._zipped:
            self._zipped[key] = gzip.compress(body, compresslevel=1, mtime=0)
        return self._zipped[key]


def _read(source: Path | str | bytes) -> bytes:
    return source if isinstance(source, bytes) else Path(source).read_bytes()


if __name__ == "__main__":
    from tests.servers.by_hand import main

    main()
