"""Runs in processes of their own that are killed at random moments, and run again.

The service is a rehearsal in another process, slowed down so that a run has as many moments as
it has requests. Each run is another team's, so that one service serves them all and its counts
go up by one a run.
"""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

KEY = "sk-killed-0123456789abcdef"
# What runs: says when it begins, and again when it is done.
DRIVER = """
import sys
from pathlib import Path
from tribonian.align.service.account import Account, Key
from tribonian.align.runs.asked import Asked
from tribonian.align.service.client import Service
from tribonian.align.service.times import Times
from tribonian.align.runs.workflow import run
url, key, team, build, workflow, upload = sys.argv[1:]
times = Times(patience=20, first_wait=0.05, poll_first=0.03, poll_longest=0.1, settle=0.4)
asked = Asked("Make pairs for people who make lanterns.", workflow=workflow, upload=upload)
with Service(Account(url, Key(key), team), times=times) as service:
    print("begun", flush=True)
    outcome = run(Path(build), asked, service, rehearsal=True)
    for each in outcome.runs:
        print(each.state, each.reason, flush=True)
"""
EFFECTS = ("files", "jobs", "starts", "generated")


@dataclass
class Killed:
    """What came of a run that was killed: after how long each time, and in which step."""

    seconds: list[float] = field(default_factory=list)
    steps: list[str] = field(default_factory=list)
    effects: dict[str, int] = field(default_factory=dict)
    said: str = ""
    pairs: bytes = b""
    left: list[str] = field(default_factory=list)


@contextmanager
def served(folder: Path, *misbehave: str, slow: float = 0.04) -> Iterator[str]:
    """The address of a rehearsal in a process of its own; each answer takes ``slow`` seconds."""
    faults = [f"--misbehave={each}" for each in (f"slow:seconds={slow}", *misbehave)]
    command = [sys.executable, "-m", "tribonian.align.rehearsal", "--state", str(folder),
               "--key", KEY, "--quiet", *faults]  # fmt: skip
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield process.stdout.readline().strip().partition("=")[2]
        finally:
            process.terminate()


def effects(url: str) -> dict[str, int]:
    """What was done at the service, over all runs."""
    with urllib.request.urlopen(f"{url}/_rehearsal/effects", timeout=10) as answer:
        counts = json.load(answer)
    return {name: counts[name] for name in EFFECTS}


def process(url: str, build: Path, team: str, workflow: str, upload: str) -> subprocess.Popen[str]:
    """A process that runs the build; it has begun when this returns."""
    command = [sys.executable, "-c", DRIVER, url, KEY, team, str(build), workflow, upload]
    started = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert started.stdout is not None
    line = started.stdout.readline()
    assert line == "begun\n", line + started.stdout.read()
    return started


def whole_run(
    url: str, build: Path, team: str, workflow: str = "jobs", upload: str = "auto"
) -> tuple[str, float]:
    """Run to the end; what was said, and how long it took."""
    with process(url, build, team, workflow, upload) as running:
        since = time.monotonic()
        assert running.stdout is not None
        said = running.stdout.read()
        return said, time.monotonic() - since


def killed_run(
    url: str,
    build: Path,
    team: str,
    chance: random.Random,
    whole: float,
    times: int = 1,
    workflow: str = "jobs",
    upload: str = "auto",
) -> Killed:
    """Kill a run at random moments, so many times, then let it run to the end."""
    before = effects(url)
    killed = Killed()
    for _ in range(times):
        moment = chance.uniform(0, whole)
        with process(url, build, team, workflow, upload) as running:
            try:
                running.wait(moment)
            except subprocess.TimeoutExpired:
                running.send_signal(signal.SIGKILL)
        killed.seconds.append(moment)
        killed.steps.append(last_step(build))
    killed.said, _ = whole_run(url, build, team, workflow, upload)
    after = effects(url)
    killed.effects = {name: after[name] - before[name] for name in EFFECTS}
    pairs = build / "align" / "pairs.parquet"
    killed.pairs = pairs.read_bytes() if pairs.exists() else b""
    killed.left = sorted(each.name for each in (build / "align").glob("*.part"))
    return killed


def last_step(build: Path) -> str:
    """The last whole line of the journal, in short: ``create begin``."""
    journal = build / "align" / "journal.jsonl"
    if not journal.exists():
        return "before the journal"
    lines = journal.read_bytes().splitlines(keepends=True)
    whole = [json.loads(line) for line in lines if line.endswith(b"\n")]
    return f"{whole[-1]['step']} {whole[-1]['state']}" if whole else "before the first line"
