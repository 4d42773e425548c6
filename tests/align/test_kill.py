"""A run that is killed at any moment goes on where it stood: one file, one job, one start."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.align.killed_runs import killed_run, served, whole_run
from tests.align.rehearsed import ASKED, counts, scene
from tests.align.small_build import small_build
from tribonian.align.runs.journal import Journal
from tribonian.align.runs.workflow import run

TIMES = 6
LINES = 26  # of the journal of a whole run


def test_a_run_that_is_killed_at_any_moment_sends_nothing_twice_and_loses_nothing(
    tmp_path: Path,
) -> None:
    chance = random.Random(20261122)
    with served(tmp_path / "service") as url:
        expected = small_build(tmp_path / "whole")
        said, seconds = whole_run(url, expected, "whole")
        assert said == "collected None\n"
        pairs = (expected / "align" / "pairs.parquet").read_bytes()
        for n in range(TIMES):
            build = small_build(tmp_path / f"killed-{n}")
            killed = killed_run(url, build, f"team-{n}", chance, seconds, times=1 + n % 2)
            told = f"{killed.seconds} {killed.steps}: {killed.said}"
            assert killed.effects == {"files": 1, "jobs": 1, "starts": 1, "generated": 0}, told
            assert killed.pairs == pairs, told
            assert not killed.left, told


class PulledPlugError(Exception):
    """The process ends here, and nothing after it happens."""


def torn_at(number: int, write: Callable[..., object]) -> Callable[..., object]:
    """A way of writing that ends in the middle of the journal's line of that number."""

    def torn(journal: Journal, *facts: object, **more: object) -> object:
        if len(journal.lines) + 1 < number:
            return write(journal, *facts, **more)
        if len(journal.lines) + 1 == number:
            write(journal, *facts, **more)
            path = journal.places.journal
            whole = path.read_bytes()
            path.write_bytes(whole[: len(whole) - 1 - len(whole.splitlines()[-1]) // 2])
        raise PulledPlugError

    return torn


@pytest.mark.parametrize("number", range(1, LINES + 1))
def test_whichever_line_of_the_journal_is_torn_the_run_goes_on(
    tmp_path: Path, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = scene(tmp_path)
    write = Journal.write
    with stage.service() as (served, service):
        monkeypatch.setattr(Journal, "write", torn_at(number, write))
        with pytest.raises(PulledPlugError):
            run(stage.build, ASKED, service, rehearsal=True)
        service.close()
    monkeypatch.setattr(Journal, "write", write)
    with stage.service() as (served, service):
        again = run(stage.build, ASKED, service, rehearsal=True)
        assert again.well
        assert counts(served) == (1, 1, 1)
        assert served.effects["attachments"] == 1
    assert stage.steps()[-1] == "run done"
