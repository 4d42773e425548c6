"""Build one title as whole processes, in turn with the floor, and print the ratio.

    python benchmarks/title.py [FILE.xml] [--runs N]

Prints the median of each figure: seconds of wall clock and processor, peak memory of the
largest process, and the ratio of build to floor pair by pair; then the growth from a
sixteenth of the title over a quarter to the whole.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from lxml import etree

HERE = Path(__file__).resolve().parent
TITLE_21 = HERE.parents[1] / "shared/corpus/ecfr_titles/title-21_2026-01-29.xml"


def run(command: list[str]) -> tuple[float, float, float]:
    """(wall seconds, processor seconds, peak MiB) of one process."""
    start = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.perf_counter() - start
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}")
    scale = 1024 if sys.platform != "darwin" else 1024 * 1024
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / scale


def slice_of(source: Path, target: Path, share: int) -> None:
    """The first parts of a title that make a ``share``-th of its bytes, as a title."""
    tree = etree.parse(str(source))
    parts = list(tree.getroot().iter("DIV5"))
    budget = source.stat().st_size // share
    size = 0
    for part in parts:
        size += len(etree.tostring(part))
        if size > budget:
            parent = part.getparent()
            assert parent is not None
            parent.remove(part)
    tree.write(str(target), encoding="utf-8", xml_declaration=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("source", nargs="?", type=Path, default=TITLE_21)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        measure(options.source, work, options.runs)


def build_command(source: Path, work: Path) -> list[str]:
    return [sys.executable, "-m", "tribonian", "build", str(source), "-o", str(work / "build"),
            "--jobs", "1", "--quiet"]  # fmt: skip


def measure(source: Path, work: Path, runs: int) -> None:
    floor = [sys.executable, str(HERE / "floor.py"), str(source), str(work / "floor.json")]
    build = build_command(source, work)
    run(floor)
    run(build)
    floors, builds = [], []
    for _ in range(runs):
        floors.append(run(floor))
        builds.append(run(build))
    print(f"{source.name}: {source.stat().st_size / 1e6:.1f} MB, median of {runs} runs")
    print(f"{'':8}{'wall s':>10}{'cpu s':>10}{'peak MiB':>10}")
    for name, rows in (("floor", floors), ("build", builds)):
        print(
            f"{name:8}" + "".join(f"{statistics.median(c):10.2f}" for c in zip(*rows, strict=True))
        )
    for n, figure in enumerate(("wall", "cpu")):
        ratios = sorted(b[n] / f[n] for f, b in zip(floors, builds, strict=True))
        print(f"ratio by {figure}: {statistics.median(ratios):.2f} "
              f"({ratios[0]:.2f} to {ratios[-1]:.2f})")  # fmt: skip
    print("growth")
    first = None
    for share in (16, 4, 1):
        part = source
        if share > 1:
            part = work / f"title-21_{share}.xml"
            slice_of(source, part, share)
        rows = [run(build_command(part, work)) for _ in range(max(3, runs // 2))]
        wall, _, peak = (statistics.median(column) for column in zip(*rows, strict=True))
        first = first or wall
        size = part.stat().st_size / 1e6
        print(
            f"  x{16 // share:<3}{size:6.1f} MB {wall:8.2f} s"
            f"  x{wall / first:5.1f}  {peak:6.0f} MiB"
        )


if __name__ == "__main__":
    main()
