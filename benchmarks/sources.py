"""Fetch units of the CFR from a server on loopback: calls, bytes, seconds, and the same again.

    python benchmarks/sources.py [FOLDER OF TITLES] [--date YYYY-MM-DD]

The folder holds whole titles as the versioner API serves them, ``title-21_2026-01-29.xml``.
Each row is a `tribonian fetch` into a new folder with an empty cache, then one with a cold
folder and a warm cache. Calls are those that the server counted, *busiest* the most that it
counted in any one second; most of the time is the pace. The last line is the time to cut a
subchapter out of a title against the time that lxml takes to parse it, in one process.
"""

from __future__ import annotations

import argparse
import io
import re
import statistics
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))  # the server is the tests' own
TITLES = HERE.parents[1] / "shared/corpus/ecfr_titles"

ASKED = (
    "21 CFR 701.3",
    "21 CFR 701.3(a)",
    "21 CFR part 101",
    "21 CFR part 101 subpart F",
    "21 CFR part 101 appendix B",
    "21 CFR parts 700-740",
    "https://www.ecfr.gov/current/title-21/chapter-I/subchapter-G",
    "21 CFR",
    "profile:fda-drugs-gmp",
)


def titles_in(folder: Path) -> dict[int, dict[str, Path]]:
    out: dict[int, dict[str, Path]] = {}
    for path in sorted(folder.glob("title-*.xml")):
        if found := re.fullmatch(r"title-(\d+)_(\d{4}-\d{2}-\d{2})\.xml", path.name):
            out.setdefault(int(found[1]), {})[found[2]] = path
    return out


def fetched(asked: str, cache: Path, date: str | None) -> float:
    from tribonian import fetch

    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        result = fetch([asked], Path(folder, "law"), date=date, cache=cache)
        took = time.perf_counter() - start
    if result.missed:
        raise SystemExit(f"{asked}: {result.missed[0].reason}")
    return took


def cutting(title: Path) -> tuple[float, float]:
    """(seconds to cut subchapter G out of Title 21, seconds to parse it), medians of five."""
    from lxml import etree

    from tribonian.ingest.ecfr.slicing import cut
    from tribonian.ingest.ecfr.units import CfrUnit

    unit = CfrUnit(21, chapter="I", subchapter="G")
    cuts, parses = [], []
    for _ in range(5):
        start = time.perf_counter()
        with title.open("rb") as file:
            cut(file, unit, io.BytesIO(), "2026-01-29")
        middle = time.perf_counter()
        etree.parse(str(title))
        parses.append(time.perf_counter() - middle)
        cuts.append(middle - start)
    return statistics.median(cuts), statistics.median(parses)


def main() -> None:
    import os

    from tests.servers.ecfr import EcfrServer

    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", nargs="?", type=Path, default=TITLES)
    parser.add_argument("--date")
    options = parser.parse_args()
    titles = titles_in(options.folder)
    print(f"{'asked':62} calls  busiest     bytes  seconds   warm: calls  seconds")
    with EcfrServer(titles) as server, tempfile.TemporaryDirectory() as caches:
        os.environ["ECFR_BASE_URL"] = server.base_url
        for number, asked in enumerate(ASKED):
            server.clear()
            cache = Path(caches, str(number))
            cold = fetched(asked, cache, options.date)
            calls, busiest = len(server.requests), server.busiest(1.0)
            size = sum(request.bytes for request in server.requests)
            server.clear()
            warm = fetched(asked, cache, options.date)
            print(f"{asked:62} {calls:5} {busiest:8} {size:9,} {cold:8.2f} "
                  f"{len(server.requests):13} {warm:8.2f}")  # fmt: skip
    if 21 in titles:
        cut, parse = cutting(max(titles[21].values()))
        print(f"subchapter G cut out of Title 21: {cut:.3f} s, {cut / parse:.2f} x lxml's parse")


if __name__ == "__main__":
    main()
