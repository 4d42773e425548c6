"""How runs stand, and cancelling them."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import pytest

from tests.align.rehearsed import ASKED, changing, counts, scene
from tribonian.align.places import Places
from tribonian.align.runs.journal import working
from tribonian.align.runs.status import cancel, status
from tribonian.align.runs.workflow import Outcome, run, submit
from tribonian.errors import UsageError


def test_status_is_a_row_a_run_with_what_the_service_says_now(tmp_path: Path) -> None:
    stage = scene(tmp_path)
    with stage.service(looks=3) as (served, service):
        submit(stage.build, ASKED, service, rehearsal=True)
        served.clear()
        [row] = status(stage.build, service, rehearsal=True)
        assert row.state == "started"
        assert row.standing is not None and row.standing.status in ("pending", "queued", "running")
        assert changing(served) == []
        run(stage.build, ASKED, service, rehearsal=True)
        [row] = status(stage.build, service, rehearsal=True)
        assert row.standing is not None
        assert (row.state, row.standing.status) == ("collected", "completed")


def test_status_needs_no_lock_and_changes_nothing(tmp_path: Path) -> None:
    stage = scene(tmp_path)
    with stage.service() as (_, service):
        submit(stage.build, ASKED, service, rehearsal=True)
        before = stage.everything()
        with working(Places(stage.build), str):
            assert len(status(stage.build, service, rehearsal=True)) == 1
        assert stage.everything() == before


def test_without_runs_there_is_no_status(tmp_path: Path) -> None:
    stage = scene(tmp_path)
    with stage.service() as (_, service), pytest.raises(UsageError, match="has no runs yet"):
        status(stage.build, service)


def test_runs_of_elsewhere_and_services_that_refuse_have_a_note(tmp_path: Path) -> None:
    stage = scene(tmp_path)
    with stage.service() as (_, service):
        submit(stage.build, ASKED, service, rehearsal=True)
        [row] = status(stage.build, service)
        assert row.note == "It was sent in a rehearsal."
    with stage.service("expired:after=0") as (_, service):
        [row] = status(stage.build, service, rehearsal=True)
        assert row.state == "started"
        assert "SEEKR_API_KEY" in str(row.note)


@pytest.mark.parametrize(
    "fault", ["chunked", "drop-after:path=/cancel,times=1", "500-after:path=/cancel,times=1"]
)
@pytest.mark.parametrize("workflow", ["jobs", "legacy"])
def test_cancelling_happens_once_and_the_run_says_so(
    tmp_path: Path, fault: str, workflow: str
) -> None:
    stage = scene(tmp_path)
    asked = replace(ASKED, workflow=workflow)
    with stage.service(fault, looks=50) as (served, service):
        submit(stage.build, asked, service, rehearsal=True)
        [row] = cancel(stage.build, service, rehearsal=True)
        assert row.standing is not None and row.standing.status == "cancelled"
        sent = [each for each in changing(served) if each.endswith("/cancel")]
        assert len(sent) == 1
        again = cancel(stage.build, service, rehearsal=True)
        assert [r.standing.status for r in again if r.standing] == ["cancelled"]
        assert len([each for each in changing(served) if each.endswith("/cancel")]) == 1
        outcome = run(stage.build, asked, service, rehearsal=True)
        assert "was cancelled" in str(outcome.runs[0].reason)
        assert cancel(stage.build, service, rehearsal=True) == []


def test_a_process_that_waits_hears_of_a_cancel_beside_it(tmp_path: Path) -> None:
    stage = scene(tmp_path)
    found: list[Outcome] = []
    waiting = threading.Event()
    with stage.service() as (_, service):
        submit(stage.build, ASKED, service, rehearsal=True)
    with stage.service(looks=500) as (served, service):

        def wait() -> None:
            telling = replace(stage.telling, progress=lambda _: waiting.set())
            found.append(run(stage.build, ASKED, service, rehearsal=True, telling=telling))

        thread = threading.Thread(target=wait)
        thread.start()
        assert waiting.wait(10)
        cancel(stage.build, service, rehearsal=True)
        thread.join(20)
        assert counts(served) == (1, 1, 1)
    assert "was cancelled" in str(found[0].runs[0].reason)


def test_where_nothing_was_sent_nothing_is_cancelled(tmp_path: Path) -> None:
    stage = scene(tmp_path)
    with stage.service() as (_, service), pytest.raises(UsageError, match="has no runs yet"):
        cancel(stage.build, service)
