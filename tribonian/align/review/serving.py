"""The review page served to this machine, until Ctrl-C."""

from __future__ import annotations

import errno
import logging
import os
import socket
import webbrowser
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import uvicorn

from tribonian.align.review.app import app_of
from tribonian.errors import UsageError

HOST = "127.0.0.1"
PORT = 8017  # the same every time: what a browser keeps of unsaved edits belongs to the address


def serve(
    build: Path,
    *,
    reviewer: str | None = None,
    port: int = PORT,
    open_browser: bool = False,
    say: Callable[[str], None],
) -> None:
    """Serve the review of a build on loopback until Ctrl-C; port 0 takes any that is free.

    ``say`` is told the address. UsageError where there is nothing to review or the port is taken.
    """
    app = app_of(build, reviewer)
    with listening(port) as place:
        address = f"http://{HOST}:{place.getsockname()[1]}/"
        logging.getLogger("uvicorn.error").setLevel(logging.ERROR)
        config = uvicorn.Config(
            app, log_config=None, access_log=False, lifespan="off", server_header=False,
            timeout_graceful_shutdown=3,
        )  # fmt: skip
        say(f"Review {build} at {address} (Ctrl-C ends it; every decision is saved at once).")
        if open_browser:
            with suppress(webbrowser.Error):
                webbrowser.open(address)
        with suppress(KeyboardInterrupt):  # uvicorn raises it again when it has ended
            uvicorn.Server(config).run(sockets=[place])


def listening(port: int) -> socket.socket:
    """A socket on loopback; UsageError where the port is taken or may not be used."""
    if not 0 <= port <= 65535:
        raise UsageError(f"--port {port} is none; name one from 1 to 65535, or 0 for any.")
    place = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        if os.name == "posix":  # elsewhere it would share a port that is taken
            place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        place.bind((HOST, port))
        place.listen(64)
    except OSError as error:
        place.close()
        why = (
            "is taken" if error.errno == errno.EADDRINUSE else f"cannot be used ({error.strerror})"
        )
        raise UsageError(
            f"Port {port} {why}; name another with --port, or --port 0 for any that is free."
        ) from None
    return place
