"""Kill -9 a run at random moments, run it again, and look what is at the service.

    python benchmarks/kills.py [--runs 30] [--times 1] [--seed 1] [--workflow legacy]
                               [--misbehave json-refused] [--slow 0.12]

The service is a rehearsal in another process. A row is a run: when it was killed (seconds after
its beginning), the last line of its journal then, what is at the service after it was run again,
and whether its pairs.parquet has the bytes of a run that nobody killed.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))  # the runs are the tests' own


def main() -> int:
    from tests.align.killed_runs import killed_run, served, whole_run
    from tests.align.small_build import small_build

    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--runs", type=int, default=30)
    parser.add_argument("--times", type=int, default=1, help="kills of each run, at most")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--slow", type=float, default=0.12, help="seconds that an answer takes")
    parser.add_argument("--workflow", default="jobs")
    parser.add_argument("--misbehave", action="append", default=[])
    asked = parser.parse_args()
    chance = random.Random(asked.seed)
    good = 0
    with (
        tempfile.TemporaryDirectory() as place,
        served(Path(place) / "service", *asked.misbehave, slow=asked.slow) as url,
    ):
        folder = Path(place)
        expected = small_build(folder / "whole")
        _, seconds = whole_run(url, expected, "whole", asked.workflow)
        pairs = (expected / "align" / "pairs.parquet").read_bytes()
        twin = any(each.startswith("json-refused") for each in asked.misbehave)
        legacy = asked.workflow == "legacy"
        wanted = {"files": 1 + twin, "jobs": int(not legacy), "starts": int(not legacy),
                  "generated": int(legacy)}  # fmt: skip
        print(f"a whole run takes {seconds:.1f} s\n")
        print("| run | killed after | the journal's last line | files | jobs | starts | pairs |")
        print("|---|---|---|---|---|---|---|")
        for n in range(1, asked.runs + 1):
            build = small_build(folder / str(n))
            times = chance.randint(1, asked.times)
            killed = killed_run(
                url, build, f"team-{n}", chance, seconds, times, workflow=asked.workflow
            )
            same = killed.pairs == pairs
            fine = same and killed.effects == wanted and not killed.left
            good += fine
            when = ", ".join(f"{each:.2f} s" for each in killed.seconds)
            counts = killed.effects
            print(
                f"| {n} | {when} | {', '.join(killed.steps)} | {counts['files']} | "
                f"{counts['jobs'] + counts['generated']} | "
                f"{counts['starts'] + counts['generated']} | "
                f"{'identical' if same else 'DIFFERENT'}{'' if fine else ' **' + killed.said} |",
                flush=True,
            )
    print(f"\n{good} of {asked.runs} as they must be")
    return 0 if good == asked.runs else 1


if __name__ == "__main__":
    raise SystemExit(main())
