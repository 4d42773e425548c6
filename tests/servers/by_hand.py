"""The server for a person who tries the commands: what ``python -m tests.servers.ecfr`` runs."""

from __future__ import annotations

import argparse
import re
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from tests.servers import ecfr
from tests.servers.misbehaviour import parse_fault


def titles_in(folder: Path) -> dict[int, dict[str, Path]]:
    """The titles of a folder by the names of its files: ``title-21_2026-01-29.xml``."""
    out: dict[int, dict[str, Path]] = {}
    for path in sorted(folder.glob("title-*_*.xml")):
        found = re.fullmatch(r"title-(\d+)_(\d{4}-\d\d-\d\d)\.xml", path.name)
        if found:
            out.setdefault(int(found[1]), {})[found[2]] = path
    return out


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve a folder of titles until interrupted, printing every request."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.servers.ecfr",
        description=ecfr.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--titles", type=Path, required=True, help="folder of title-N_DATE.xml")
    parser.add_argument("--port", type=int, default=8765)
    parser.add_argument("--bulk", type=Path, help="govinfo's XML of title 1")
    parser.add_argument("--up-to-date", help="the last day there is")
    parser.add_argument("--rate", type=int, default=8, help="requests a second; 0: any number")
    parser.add_argument("--sections-in-part", action="store_true")
    parser.add_argument("--picky", action="store_true")
    parser.add_argument(
        "--misbehave", action="append", default=[], metavar="KIND[:OPTION=VALUE,…]",
        help="429 502 503 504 406 captcha unblock html empty reset truncated chunked-cut "
        "broken-gzip drip half; options first, chance, seed, delay, retry_after, on (of paths)",
    )  # fmt: skip
    asked = parser.parse_args(arguments)
    server = ecfr.EcfrServer(
        titles_in(asked.titles),
        faults=[parse_fault(text) for text in asked.misbehave],
        bulk={1: asked.bulk} if asked.bulk else None,
        up_to_date=asked.up_to_date,
        rate=asked.rate or None,
        sections_in_part=asked.sections_in_part,
        picky=asked.picky,
        port=asked.port,
    )
    with server, suppress(KeyboardInterrupt):
        print(f"ECFR_BASE_URL={server.base_url}", flush=True)
        shown = 0
        while True:
            time.sleep(0.2)
            for one in server.requests[shown:]:
                if not one.ended:
                    break
                print(one.status, one.bytes, one.method, one.path, flush=True)
                shown += 1
