"""What the service could do wrong, each of it on demand, countable and the same every time.

A fault is written ``NAME`` or ``NAME:key=value,key=value``. Every fault takes

``method``, ``path``   it strikes requests of this method, with this text in their path; a ``$``
                       at the end of ``path`` stands for the path's end
``after``              so many occasions pass before it begins
``first``              it strikes none but the first so many occasions
``times``              it strikes so many times at most
``chance``, ``seed``   it strikes by chance, from 0 to 1; the same seed strikes the same occasions

An occasion is a request (REPLIES), or the moment at which the conduct shows (CONDUCT).
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field

from tribonian.errors import UsageError

# name -> what happens to one request or its reply; further keys in the text.
REPLIES: dict[str, str] = {
    "drop-before": "the connection ends without a byte, nothing was done",
    "drop-during": "the connection is reset while the body is sent, nothing was done",
    "drop-after": "the connection ends without a byte, what was asked for was done",
    "truncated": "fewer bytes than Content-Length says (part=0.5), then the connection ends",
    "chunked": "the reply comes in chunks, without Content-Length",
    "chunked-cut": "the reply comes in chunks and ends before the last",
    "gzip": "the reply is compressed, Content-Length is that of the compressed bytes",
    "gzip-broken": "the reply says it is gzip, and is damaged in the middle",
    "stalled": "no byte of the reply comes for so long (seconds=60), then the connection ends",
    "stalled-body": "half of the body comes, then nothing for so long (seconds=60)",
    "slow": "the reply comes after so long (seconds=1)",
    "attach-slow": "as slow, at add-files; what was asked for is done at once (seconds=5)",
    "429": "too many requests, with Retry-After (retry_after=1; -1: without)",
    "500": "an internal error in JSON, nothing was done",
    "502": "a gateway's page in HTML, nothing was done",
    "503": "unavailable, nothing was done; with Retry-After where retry_after is given",
    "error": "any status (status=418) with the service's JSON, nothing was done",
    "500-after": "an internal error although what was asked for was done",
    "502-after": "a gateway's page in HTML although what was asked for was done",
    "create-500": "creating a data job answers 500 although it was created",
    "start-502": "starting answers 502 although the job was started",
    "expired": "the key is refused with 401 (after=N: from the request N + 1 on)",
    "forbidden": "the key may not do this: 403",
    "echo-key": "an error whose body repeats the Authorization header (status=400)",
    "html": "a page for signing in, in HTML, with status 200",
    "half-json": "the first half of the JSON, with status 200 and a Content-Length that fits",
    "redirect": "307 to another path of the same origin, which answers",
    "redirect-content": "a file's content is 302 to another origin, which refuses a key",
}

# name -> what the service does otherwise than usual; the occasion stands in the text.
CONDUCT: dict[str, str] = {
    # states
    "unknown-status": "a job says warming_up for some looks (looks=2, word=…) before each stage",
    "unknown-forever": "a started job says warming_up (word=…) and nothing else, ever",
    "json-refused": "ingestion refuses files whose suffix is json, and suggests Markdown",
    "ingestion-failed": "ingestion fails for a file",
    "ingestion-long": "ingestion takes so many more looks (looks=5)",
    "prompt-generated": "a job without a system prompt gets one made of its instructions",
    "job-failed": "the job fails in the middle (partial=1: with what was made so far)",
    "job-cancelled": "the job is cancelled by somebody else (partial=1)",
    "job-stopped": "the job says stopped in the middle (partial=1)",
    "never-done": "a started job stays at running for ever",
    "progress-text": "progress and step_progress are text",
    # outputs
    "empty-output": "the output file has no byte",
    "no-rows": "the output file is Parquet without rows",
    "no-output": "the job completes and has no output file",
    "outputs-late": "the outputs of a completed job are empty for some looks (looks=2)",
    "outputs-not-embedded": "output_files are missing in the job, as on older servers",
    "outputs-only-at-job": "/alignment/{id}/outputs is 404, /data-jobs/{id}/outputs answers",
    "extra-output": "a second output file of another purpose stands before the pairs",
    "no-size": "outputs say no bytes",
    # what is in the output file
    "messages-json": "messages are JSON text",
    "question-answer": "the columns are question and answer",
    "prompt-completion": "the columns are prompt and completion",
    "extra-columns": "there are columns beside messages",
    "unknown-columns": "the columns are ones that nobody documented",
    "jsonl": "the file is JSONL",
    "no-system": "conversations have no system message",
    "shuffled": "the rows are in another order",
    "duplicates": "some rows come twice (every=5)",
    "refusals": "some answers decline (every=5)",
    "boilerplate": "some answers speak of the document (every=5)",
    "wrong-numbers": "some answers have another number (every=3)",
    "wrong-modals": "some answers oblige where their principle permits, or the reverse (every=3)",
    # objects and lists
    "missing-fields": "fields that are optional are left out",
    "extra-fields": "there are fields that nobody documented",
    "namesake": "another job with the same name is listed, and newer",
    "overlap": "pages of a list begin 3 rows before their offset",
    "short-pages": "pages of a list hold 2 rows whatever limit says",
    "listed-late": "what is new is not listed for some looks (looks=2)",
    "no-prompt-draft": "gen_system_prompt is not there: 404",
    "flat-errors": "errors are {error, message, status, requestUrl, feedVersion}",
    "text-errors": "errors are plain text",
}

# Faults that are of one call: (method, path), where none is given.
_AT = {
    "attach-slow": ("POST", "/add-files$"),
    "create-500": ("POST", "/v1/flow/data-jobs$"),
    "start-502": ("POST", "/start$"),
    "redirect-content": ("GET", "/content$"),
    "html": ("GET", ""),
    "half-json": ("GET", ""),
}
_NUMBERS = frozenset(("after", "first", "times", "seed", "looks", "retry_after", "status", "every"))
_FRACTIONS = frozenset(("chance", "seconds", "part"))
_WORDS = frozenset(("method", "path", "word", "partial"))


@dataclass
class Fault:
    """One thing that goes wrong; the fields are the keys of the text, by the same names.

    ``seen`` counts its occasions, ``struck`` those at which it happened.
    """

    name: str
    method: str = ""
    path: str = ""
    after: int = 0
    first: int | None = None
    times: int | None = None
    chance: float = 1.0
    seed: int = 0
    looks: int | None = None
    retry_after: int | None = None
    status: int | None = None
    every: int | None = None
    seconds: float | None = None
    part: float = 0.5
    word: str = "warming_up"
    partial: str = ""
    seen: int = field(default=0, compare=False)
    struck: int = field(default=0, compare=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.name not in REPLIES and self.name not in CONDUCT:
            raise UsageError(
                f"No misbehaviour is called {self.name!r}; choose of: "
                f"{', '.join([*REPLIES, *CONDUCT])}."
            )
        if self.name in _AT and not self.path and not self.method:
            self.method, self.path = _AT[self.name]

    def fits(self, method: str, path: str) -> bool:
        """Is a request one that it could strike? ``path`` is without the query."""
        if self.method and self.method.upper() != method:
            return False
        if self.path.endswith("$"):
            return path.endswith(self.path[:-1])
        return self.path in path

    def strikes(self) -> bool:
        """Does it happen on this occasion? Counts it."""
        with self._lock:
            self.seen += 1
            number = self.seen - self.after
            if number < 1 or (self.first is not None and number > self.first):
                return False
            if self.times is not None and self.struck >= self.times:
                return False
            if self.chance < 1.0 and _drawn(self.seed, self.seen) >= self.chance:
                return False
            self.struck += 1
            return True


def _drawn(seed: int, number: int) -> float:
    """A number from 0 to 1 that only seed and place decide."""
    digest = hashlib.sha256(f"{seed}:{number}".encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64


def parse_fault(text: str) -> Fault:
    """A fault as it is written on the command line: ``429:first=2,retry_after=3``."""
    name, _, options = text.partition(":")
    values: dict[str, object] = {}
    for option in filter(None, options.split(",")):
        key, _, value = option.partition("=")
        try:
            if key in _NUMBERS:
                values[key] = int(value)
            elif key in _FRACTIONS:
                values[key] = float(value)
            elif key in _WORDS:
                values[key] = value
            else:
                known = ", ".join(sorted(_NUMBERS | _FRACTIONS | _WORDS))
                raise UsageError(f"{text}: {key!r} is no key of a misbehaviour; known: {known}.")
        except ValueError:
            raise UsageError(f"{text}: {key} must be a number, not {value!r}.") from None
    return Fault(name, **values)  # type: ignore[arg-type]


class Misbehaviour:
    """All that goes wrong at one service: faults, or texts of faults; none of them to begin with.

    >>> Misbehaviour("drop-after:path=/start$,times=1", "gzip:path=/content$")
    """

    def __init__(self, *faults: Fault | str) -> None:
        self.faults: list[Fault] = []
        self.add(*faults)

    def add(self, *faults: Fault | str) -> None:
        """Let more go wrong from now on."""
        self.faults += [parse_fault(each) if isinstance(each, str) else each for each in faults]

    def clear(self) -> None:
        """Let nothing go wrong from now on."""
        self.faults.clear()

    def at(self, method: str, path: str) -> list[Fault]:
        """The faults that strike this request, in the order they were given."""
        return [
            each
            for each in list(self.faults)
            if each.name in REPLIES and each.fits(method, path) and each.strikes()
        ]

    def has(self, name: str) -> bool:
        """Is a fault of this name given at all?"""
        return any(each.name == name for each in list(self.faults))

    def shows(self, *names: str) -> Fault | None:
        """The first fault of these names whose occasion this is."""
        for each in list(self.faults):
            if each.name in names and each.strikes():
                return each
        return None


def misbehaviour_of(given: Misbehaviour | str | Iterable[str] | None) -> Misbehaviour:
    """What a caller gave, as one misbehaviour."""
    if isinstance(given, Misbehaviour):
        return given
    if given is None:
        return Misbehaviour()
    return Misbehaviour(*([given] if isinstance(given, str) else given))
