"""What the real servers do wrong, each of it on demand, countable and the same every time.

A ``Fault`` says what happens (``kind``), to which requests (``on``, a regular expression that is
searched in the path with its query), and how often: the ``first`` so many, all of them, or by
``chance`` from a seeded generator.
"""

from __future__ import annotations

import random
import re
import threading
from dataclasses import dataclass, field

# A whole title, with or without a chapter: what has no part, and no appendix of a chapter.
WHOLE_TITLE = r"/full/[^?]*\.xml(?!.*[?&](?:part|appendix)=)"
ANY_XML = r"/full/"
STRUCTURE = r"/structure/"

# Instead of an answer: status, media type, body, further headers.
_NGINX = (
    "<html>\r\n<head><title>{0}</title></head>\r\n<body>\r\n<center><h1>{0}</h1></center>\r\n"
    "<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
)


def nginx(status: str, size: int) -> bytes:
    """A bare error page of nginx, of the size that was measured."""
    body = _NGINX.format(status).encode()
    return body + b" " * max(0, size - len(body))


CAPTCHA = (
    '<!DOCTYPE html>\n<html lang="en">\n<head><title>Federal Register :: Request Access</title>'
    "</head>\n<body>\n<h1>Request Access</h1>\n<p>Due to aggressive automated scraping of "
    "FederalRegister.gov and eCFR.gov, programmatic access to these sites is limited to access to "
    "our extensive developer APIs.</p>\n<p>If you are human user receiving this message, we can "
    "add your IP address to a set of IPs that can access FederalRegister.gov &amp; eCFR.gov; "
    "complete the CAPTCHA (bot test) below and click “Request Access”.</p>\n"
    '<form action="/unblock" method="post"><div class="g-recaptcha" data-sitekey="none"></div>'
    '<input type="submit" value="Request Access"></form>\n</body>\n</html>\n'
).encode()
HTML_ERROR = (
    b"<!DOCTYPE html>\n<html>\n<head><title>We're sorry, but something went wrong (500)</title>"
    b"</head>\n<body>\n<h1>We're sorry, but something went wrong.</h1>\n"
    b"<p>We've been notified about this issue and we'll take a look at it shortly.</p>\n"
    b"</body>\n</html>\n"
)

# Kinds that stand in for the answer, and kinds that spoil it on its way.
INSTEAD = frozenset(
    ("429", "502", "503", "504", "406", "captcha", "unblock", "html", "empty", "reset")
)
SPOILING = frozenset(("truncated", "chunked-cut", "broken-gzip", "drip", "half"))


@dataclass
class Fault:
    """One thing that goes wrong.

    ``kind`` is a row of INSTEAD or SPOILING. ``delay`` passes before, in seconds.
    ``retry_after`` is said where it is not None. ``pause`` is what a drip waits between pieces.
    ``seen`` counts the requests it could have struck, ``struck`` those it did.
    """

    kind: str
    on: str = "/api/"
    first: int | None = None
    chance: float = 1.0
    seed: int = 0
    delay: float = 0.0
    retry_after: int | None = None
    pause: float = 0.05
    pieces: int = 20
    seen: int = 0
    struck: int = 0
    _random: random.Random = field(init=False, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def __post_init__(self) -> None:
        if self.kind not in INSTEAD | SPOILING:
            raise ValueError(f"no misbehaviour is called {self.kind!r}")
        self._random = random.Random(self.seed)

    def strikes(self, path: str) -> bool:
        """Does it happen to this request? Counts it."""
        if not re.search(self.on, path):
            return False
        with self._lock:
            self.seen += 1
            if self.first is not None and self.struck >= self.first:
                return False
            if self.chance < 1.0 and self._random.random() >= self.chance:
                return False
            self.struck += 1
            return True


def too_many_requests(first: int | None = None, on: str = "/api/") -> Fault:
    """429 from a bare nginx, without Retry-After."""
    return Fault("429", on, first)


def gateway_timeout(
    first: int | None = None,
    *,
    on: str = WHOLE_TITLE,
    chance: float = 1.0,
    seed: int = 0,
    delay: float = 0.0,
) -> Fault:
    """504 after a delay; on whole titles, half of the time in the real world."""
    return Fault("504", on, first, chance, seed, delay)


def importing(
    first: int | None = None, on: str = "/versioner/", retry_after: int | None = 1
) -> Fault:
    """503 while a title is being imported, with Retry-After and a message as JSON."""
    return Fault("503", on, first, retry_after=retry_after)


def parse_fault(text: str) -> Fault:
    """A fault from the command line: ``504``, ``504:first=2``, ``captcha:first=1,on=/full/``."""
    kind, _, options = text.partition(":")
    fault = Fault(kind, WHOLE_TITLE if kind == "504" else "/api/")
    for option in filter(None, options.split(",")):
        name, _, value = option.partition("=")
        match name:
            case "on":
                fault.on = value
            case "first" | "retry_after" | "seed" | "pieces":
                setattr(fault, name, int(value))
            case "chance" | "delay" | "pause":
                setattr(fault, name, float(value))
            case _:
                raise ValueError(f"{name!r} is no option of a misbehaviour")
    fault.__post_init__()
    return fault
