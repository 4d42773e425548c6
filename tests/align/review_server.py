"""The review page over a real socket: in a thread of the tests, or as a process of its own."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import uvicorn

from tribonian.align.review.app import app_of
from tribonian.align.review.serving import listening

_SERVE = """
import sys
from pathlib import Path
from tribonian.align.review.serving import serve
serve(Path(sys.argv[1]), reviewer=sys.argv[2] or None, port=int(sys.argv[3]),
      open_browser=False, say=lambda words: print(words, flush=True))
"""


@contextmanager
def reviewed(build: Path, reviewer: str | None = None) -> Iterator[str]:
    """The address of a page that is served while the context lasts, without the last slash."""
    config = uvicorn.Config(
        app_of(build, reviewer), log_config=None, access_log=False, lifespan="off"
    )
    server = uvicorn.Server(config)
    with listening(0) as place:
        port = place.getsockname()[1]
        thread = threading.Thread(target=server.run, kwargs={"sockets": [place]})
        thread.start()
        try:
            until = time.monotonic() + 20
            while not server.started and time.monotonic() < until:
                time.sleep(0.01)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.should_exit = True
            thread.join(20)


@contextmanager
def review_process(
    build: Path, reviewer: str = "", port: int = 0
) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The same as a process, which may be killed, and its address."""
    arguments = [sys.executable, "-c", _SERVE, str(build), reviewer, str(port)]
    with subprocess.Popen(
        arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            said = process.stdout.readline()
            found = re.search(r"http://127\.0\.0\.1:\d+", said)
            assert found, f"{said}{process.stderr.read() if process.stderr else ''}"
            yield process, found[0]
        finally:
            process.kill()


class Browser(httpx.Client):
    """A browser without scripts: it keeps cookies and sends the token of the last page."""

    token = ""

    def look(self, address: str) -> str:
        """A page, with redirects followed."""
        answer = self.get(address, follow_redirects=True)
        assert answer.status_code == 200, answer.text
        self._learn(answer.text)
        return answer.text

    def _learn(self, page: str) -> None:
        found = re.search(r'<meta name="token" content="([^"]+)"', page)
        self.token = found[1] if found else self.token

    def do(self, address: str, **form: str) -> httpx.Response:
        """A form sent; redirects are not followed."""
        return self.post(address, data={"token": self.token, **form})
