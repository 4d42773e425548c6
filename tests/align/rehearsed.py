"""Runs against a rehearsal within the process, with waits made short, for the tests of workflow."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import orjson

from tests.align.small_build import small_build
from tribonian.align.rehearsal import Rehearsal
from tribonian.align.runs.asked import Asked, Run
from tribonian.align.runs.course import Telling
from tribonian.align.runs.standing import Standing
from tribonian.align.service.account import Account, Key
from tribonian.align.service.client import Service
from tribonian.align.service.times import Times

KEY = "sk-rehearsed-7f3a9c51e2"
TIMES = Times(
    read=0.7,
    patience=2,
    first_wait=0.02,
    poll_first=0.01,
    poll_longest=0.04,
    settle=0.25,
    deadline=20,
)
ASKED = Asked("Make pairs for people who make lanterns.")


@dataclass
class Scene:
    """A build, and what was said about its runs; each `service` is a process of its own."""

    build: Path
    state: Path
    said: list[str] = field(default_factory=list)
    told: list[Standing] = field(default_factory=list)

    @property
    def telling(self) -> Telling:
        def say(_: Run, sentence: str) -> None:
            self.said.append(sentence)

        return Telling(self.told.append, say)

    @contextmanager
    def service(
        self,
        *misbehave: str,
        key: str = KEY,
        team: str | None = None,
        times: Times = TIMES,
        stop: threading.Event | None = None,
        looks: int = 2,
    ) -> Iterator[tuple[Rehearsal, Service]]:
        with (
            Rehearsal(self.state, misbehave=list(misbehave), looks=looks) as served,
            Service(Account(served.url, Key(key), team), times=times, stop=stop) as service,
        ):
            yield served, service

    def lines(self) -> list[dict[str, object]]:
        """The journal."""
        data = (self.build / "align" / "journal.jsonl").read_bytes()
        return [orjson.loads(line) for line in data.splitlines()]

    def steps(self) -> list[str]:
        """The journal in short."""
        return [f"{line['step']} {line['state']}" for line in self.lines()]

    def everything(self) -> bytes:
        """All bytes below the build, for a search."""
        files = [path for path in sorted(self.build.rglob("*")) if path.is_file()]
        return b"\n".join(path.read_bytes() for path in files)


def scene(place: Path) -> Scene:
    return Scene(small_build(place), place / "service")


def counts(served: Rehearsal) -> tuple[int, int, int]:
    """What is at the service: files, jobs, starts."""
    effects = served.effects
    return effects["files"], effects["jobs"], effects["starts"]


def changing(served: Rehearsal) -> list[str]:
    """The requests that change something."""
    return [f"{each.method} {each.path}" for each in served.requests if each.method != "GET"]
