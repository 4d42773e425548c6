"""What the tests of the client share: a service that is scripted, and a client that is quick."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from tests.align.scripted_service import Reply, ScriptedService
from tribonian.align.service.account import Account, Key
from tribonian.align.service.client import Service
from tribonian.align.service.times import Times

SECRET = "sk-T0p/s3cret+k3y=42"
QUICK = Times(connect=5, read=10, upload=10, patience=0.25, first_wait=0.01)
SILENCE = {"read": 0.3, "upload": 0.3}  # where the service is to fall silent

JOB = {
    "id": "dj-1",
    "user_id": "u-1",
    "name": "lanterns",
    "job_type": "principle_files",
    "alignment_job_id": None,
    "created_at": "2026-01-02T03:04:05Z",
    "updated_at": "2026-01-02T03:04:05Z",
    "status": "ready_to_start",
}
FILE = {"id": "file-1", "object": "file", "filename": "p.json", "bytes": 12}


def client(
    url: str, *, team: str | None = None, stop: threading.Event | None = None, **times: float
) -> Service:
    return Service(Account(url, Key(SECRET), team), times=replace(QUICK, **times), stop=stop)


@contextmanager
def service_of(
    *script: Reply, team: str | None = None, stop: threading.Event | None = None, **times: float
) -> Iterator[tuple[ScriptedService, Service]]:
    """A service that says this, and a client of it."""
    with (
        ScriptedService(*script) as scripted,
        client(scripted.url, team=team, stop=stop, **times) as service,
    ):
        yield scripted, service
