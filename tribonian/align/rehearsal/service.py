"""SeekrFlow's stand-in on loopback: its calls, its states, its refusals, and its bad days.

For a test::

    with Rehearsal(folder, misbehave="drop-after:path=/start$,times=1") as service:
        ...  # SEEKR_BASE_URL = service.url
        assert service.effects["starts"] == 1

By hand::

    python -m tribonian.align.rehearsal --state FOLDER --port 8790 --misbehave 429:first=2

It is what can be known without an account: the calls and texts that the official SDK and the
published description of the service have. What it makes of principles are questions and answers
taken from them word by word; each says that it is a rehearsal.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import orjson
from filelock import FileLock, Timeout

from tribonian.align.rehearsal.alignments import finisher
from tribonian.align.rehearsal.answers import Answer, RefusedError, json_answer, refusal
from tribonian.align.rehearsal.clock import moment
from tribonian.align.rehearsal.courses import Clockwork
from tribonian.align.rehearsal.misbehaviour import Fault, Misbehaviour, misbehaviour_of
from tribonian.align.rehearsal.routes import answered
from tribonian.align.rehearsal.serving import Serving
from tribonian.align.rehearsal.state import State
from tribonian.align.rehearsal.wire import Call, Listener, Recorded
from tribonian.errors import UsageError

INSIDE = "/_rehearsal/"  # what the rehearsal says of itself; no key is asked for


class Rehearsal:
    """The service on 127.0.0.1, port ``port`` (0: any), from entering to leaving the context.

    ``folder`` keeps its state, also over a kill. ``misbehave`` is what goes wrong: a
    `Misbehaviour`, or texts as on the command line. ``key`` is the one that is accepted (None:
    any, as long as it is raw). ``looks`` is how often each state is seen before the next;
    ``seconds`` moves it on as well. UsageError where another process serves the folder, or the
    port is taken.
    """

    def __init__(
        self,
        folder: Path,
        *,
        misbehave: Misbehaviour | str | Iterable[str] | None = None,
        port: int = 0,
        key: str | None = None,
        looks: int = 2,
        seconds: float | None = None,
    ) -> None:
        self.folder = folder
        self.misbehaviour = misbehaviour_of(misbehave)
        self.requests: list[Recorded] = []
        self.elsewhere_requests: list[Recorded] = []
        self.failures: list[str] = []
        self.stopping = threading.Event()
        self.url = ""
        self._port = port
        self._key = key
        self._looks = looks
        self._seconds = seconds
        self._elsewhere: _Elsewhere | None = None
        self._lock = threading.Lock()

    # -- life ------------------------------------------------------------------------------

    def __enter__(self) -> Rehearsal:
        self.folder.mkdir(parents=True, exist_ok=True)
        self._held = FileLock(self.folder / "lock", timeout=0, thread_local=False)
        try:
            self._held.acquire()
        except Timeout:
            raise UsageError(
                f"{self.folder} is served by another rehearsal; wait for it, or name a folder "
                "of its own."
            ) from None
        try:
            self.state = State(self.folder)
            clockwork = Clockwork(
                self.state,
                self.misbehaviour,
                self._looks,
                self._seconds,
                finisher(self.state, self.misbehaviour),
            )
            self.serving = Serving(self.state, self.misbehaviour, clockwork)
            self._listener = Listener(self._port, self)
        except OSError as error:
            self._held.release()
            raise UsageError(
                f"The rehearsal cannot be served on port {self._port} ({error.strerror}); "
                "choose another."
            ) from None
        except BaseException:
            self._held.release()
            raise
        self.url = self._listener.url
        return self

    def __exit__(self, *error: object) -> None:
        self.stopping.set()
        self._listener.close()
        if self._elsewhere is not None:
            self._elsewhere.listener.close()
        self._held.release()
        if self.failures and error[0] is None:
            raise AssertionError(f"the rehearsal itself failed: {self.failures[0]}")

    # -- what happened ---------------------------------------------------------------------

    @property
    def effects(self) -> dict[str, int]:
        """What was done, over all of the folder's life: counts of what has had its effect."""
        with self.state.lock:
            jobs = self.state.all("job")
            return {
                "files": sum(e["_made_by"] == "upload" for e in self.state.all("file")),
                "jobs": sum(each["_by"] == "asked" for each in jobs),
                "clones": sum(each["_by"] == "clone" for each in jobs),
                "attachments": sum(
                    bool(event["metadata"]["file_ids"])
                    for each in jobs
                    for event in each["_timeline"]
                    if event["event_type"] == "files_added"
                ),
                "starts": sum(each["_starts"] for each in jobs),
                "generated": sum(each["_by"] == "generate" for each in self.state.all("alignment")),
                "projects": len(self.state.all("project")),
                "fine_tunes": len(self.state.all("fine-tune")),
            }

    def truth(self, file: str) -> list[tuple[str, str, str, str]]:
        """Of an output file: question, answer, label of its principle, what was planted."""
        path = self.state.content(f"{file}.truth")
        return [(row[0], row[1], row[2], row[3]) for row in orjson.loads(path.read_bytes())]

    def clear(self) -> None:
        """Forget the requests so far."""
        with self._lock:
            self.requests.clear()
            self.elsewhere_requests.clear()

    # -- what the listener asks ------------------------------------------------------------

    def noted(self, method: str, path: str, headers: list[tuple[str, str]]) -> Recorded:
        """Put a request on record."""
        with self._lock:
            record = Recorded(len(self.requests) + 1, moment(), method, path, headers)
            if not path.startswith(INSIDE):
                self.requests.append(record)
        return record

    def faults(self, method: str, path: str) -> list[Fault]:
        """What goes wrong with a request."""
        return [] if path.startswith(INSIDE) else self.misbehaviour.at(method, path)

    def aside(self) -> Path:
        """Where a file is put while it comes in."""
        return self.state.aside()

    def shape(self) -> str:
        """The shape of errors."""
        flat, text = (self.misbehaviour.has(f"{each}-errors") for each in ("flat", "text"))
        return "flat" if flat else "text" if text else "detail"

    def answer(self, call: Call) -> Answer:
        """What is answered, where nothing goes wrong."""
        if call.path.startswith(INSIDE):
            return self._inside(call.path.removeprefix(INSIDE))
        try:
            self._check_key(call)
            with self.state.lock:
                return answered(self.serving, call)
        except RefusedError as error:
            path = f"{call.path}?{call.query}" if call.query else call.path
            return refusal(error.status, error.detail, path, self.shape())

    def elsewhere(self, path: str) -> str:
        """The address of a file's content at another origin, which refuses a key."""
        with self._lock:
            if self._elsewhere is None:
                self._elsewhere = _Elsewhere(self)
        return f"{self._elsewhere.listener.url}/signed/{path.split('/')[-2]}?signature=1"

    def _check_key(self, call: Call) -> None:
        given = call.headers.get("authorization", "")
        if not given:
            raise RefusedError(401, "Missing Authorization header")
        if given.startswith(("Bearer ", "bearer ", "Basic ")):
            raise RefusedError(401, "Invalid API key format")
        if self._key is not None and given != self._key:
            raise RefusedError(401, "Invalid API key")

    def _inside(self, what: str) -> Answer:
        if what == "effects":
            return json_answer(self.effects)
        if what == "requests":
            with self._lock:
                return json_answer([_masked(each) for each in self.requests])
        return refusal(404, "Not Found")


class _Elsewhere:
    """Another origin: contents by signed addresses, as object stores give them."""

    def __init__(self, service: Rehearsal) -> None:
        self._service = service
        self.failures = service.failures
        self.stopping = service.stopping
        self.listener = Listener(0, self)

    def noted(self, method: str, path: str, headers: list[tuple[str, str]]) -> Recorded:
        records = self._service.elsewhere_requests
        record = Recorded(len(records) + 1, moment(), method, path, headers)
        records.append(record)
        return record

    def faults(self, method: str, path: str) -> list[Fault]:
        return []

    def aside(self) -> Path:
        return self._service.aside()

    def shape(self) -> str:
        return "detail"

    def elsewhere(self, path: str) -> str:
        raise NotImplementedError

    def answer(self, call: Call) -> Answer:
        if "authorization" in call.headers:  # as object stores do: one way of saying who asks
            return Answer(
                400,
                b'<?xml version="1.0"?><Error><Code>InvalidArgument</Code><Message>Only one auth '
                b"mechanism allowed</Message></Error>",
                "application/xml",
            )
        path = self._service.state.content(call.path.rpartition("/")[2])
        if not path.is_file():
            return refusal(404, "Not Found")
        return Answer(200, path, "application/octet-stream")


def _masked(record: Recorded) -> dict[str, Any]:
    """A request as it may be shown: no key, no body but its size and hash."""
    key = record.header("authorization") or ""
    parts = [
        {"name": each.name, "filename": each.filename, "size": each.size, "sha256": each.sha256}
        for each in record.parts
    ]
    shown = {name: value for name, value in asdict(record).items() if name not in ("body", "parts")}
    shown["headers"] = [
        [name, "…" if name.lower() == "authorization" or (key and key in value) else value]
        for name, value in record.headers
    ]
    shown["path"] = record.path.replace(key, "…") if key else record.path
    return {**shown, "parts": parts}
