"""The rehearsal by itself: ``python -m tribonian.align.rehearsal --state FOLDER``."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from tribonian.align.rehearsal import CONDUCT, REPLIES, Misbehaviour, Rehearsal
from tribonian.errors import UsageError


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until interrupted or told to end; say the address first, then every request."""
    parser = argparse.ArgumentParser(
        prog="python -m tribonian.align.rehearsal",
        description="SeekrFlow's stand-in on loopback, for trying and testing without an account.",
        epilog="Misbehaviour: "
        + "; ".join(f"{name}: {what}" for name, what in [*REPLIES.items(), *CONDUCT.items()]),
    )
    parser.add_argument("--state", type=Path, required=True, help="folder that keeps its state")
    parser.add_argument("--port", type=int, default=0, help="0: any")
    parser.add_argument("--key", help="the only key that is accepted; else any")
    parser.add_argument("--looks", type=int, default=2, help="how often each state is seen")
    parser.add_argument("--seconds", type=float, help="how long each state lasts at most")
    parser.add_argument("--quiet", action="store_true", help="do not say the requests")
    parser.add_argument(
        "--misbehave", action="append", default=[], metavar="NAME[:KEY=VALUE,…]",
        help="what goes wrong; keys: method, path, after, first, times, chance, seed, and more",
    )  # fmt: skip
    asked = parser.parse_args(arguments)
    ended = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: ended.set())
    try:
        service = Rehearsal(
            asked.state,
            misbehave=Misbehaviour(*asked.misbehave),
            port=asked.port,
            key=asked.key,
            looks=asked.looks,
            seconds=asked.seconds,
        )
        with service:
            _say(f"SEEKR_BASE_URL={service.url}")
            told = 0
            while not ended.wait(0.1):
                while told < len(service.requests) and service.requests[told].ended:
                    one = service.requests[told]
                    if not asked.quiet:
                        struck = f"  [{' '.join(one.struck)}]" if one.struck else ""
                        _say(f"{one.status} {one.method} {one.path}{struck}")
                    told += 1
    except UsageError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
