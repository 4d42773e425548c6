"""Calls of the stand-in as the tests make them, and the stand-in as a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

KEY = "sk-of-a-test-7d1f"
TREE = {
    "label": "PART 1—DOORS",
    "content": "PART 1—DOORS contains 3 sections.",
    "level": "0",
    "children": [
        {
            "label": "§ 1.1 Scope",
            "content": "This part applies to each door of a public building.",
            "level": "1",
            "children": [],
        },
        {
            "label": "§ 1.2 Width",
            "content": "(a) Main door. The main door must be 90 cm wide.\n\n"
            "(b) Other doors. Any other door may be 80 cm wide.",
            "level": "1",
            "children": [],
        },
        {
            "label": "§ 1.3 Keys",
            "content": "A keeper must hold two keys of each door.",
            "level": "1",
            "children": [],
        },
    ],
}
MARKDOWN = (
    "# PART 1—DOORS\n\nAbout doors.\n\n## § 1.1 Scope\n\nThis part applies to each door.\n\n"
    "## § 1.3 Keys\n\nA keeper must hold two keys of each door.\n"
)


class Caller(httpx.Client):
    """Calls below /v1/flow, with the key."""

    def __init__(self, url: str, team: str | None = None, key: str = KEY) -> None:
        headers = {"Authorization": key} | ({"x-team-id": team} if team else {})
        super().__init__(base_url=f"{url}/v1/flow", headers=headers, timeout=20)

    def upload(self, name: str = "principles.json", data: bytes = b"", **form: str) -> Any:
        data = data or json.dumps(TREE).encode()
        answer = self.put(
            "/files", data={"purpose": "alignment"} | form, files={"files": (name, data)}
        )
        assert answer.status_code == 200, answer.text
        return answer.json()

    def job(self, **fields: Any) -> Any:
        asked = {
            "name": "doors",
            "job_type": "principle_files",
            "instructions": "Ask of doors.",
            "system_prompt": "You know doors.",
        }
        answer = self.post("/data-jobs", json=asked | fields)
        assert answer.status_code == 201, answer.text
        return answer.json()

    def attach(self, job: str, *files: str) -> Any:
        answer = self.post(f"/data-jobs/{job}/add-files", json={"file_ids": files})
        assert answer.status_code == 200, answer.text
        return answer.json()

    def looks(self, job: str, until: str, at_most: int = 30) -> list[str]:
        seen: list[str] = []
        while until not in seen:
            assert len(seen) < at_most, seen
            seen.append(self.get(f"/data-jobs/{job}").json()["status"])
        return seen

    def ready(self, name: str = "principles.json", data: bytes = b"") -> str:
        job: str = self.job()["id"]
        self.attach(job, self.upload(name, data)["id"])
        self.looks(job, "ready_to_start")
        return job

    def done(self, name: str = "principles.json", data: bytes = b"") -> Any:
        job = self.ready(name, data)
        assert self.post(f"/data-jobs/{job}/start").status_code == 200
        self.looks(job, "completed")
        return self.get(f"/data-jobs/{job}").json()


@contextmanager
def apart(state: Path, *arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The stand-in in a process of its own, and its address."""
    command = [
        sys.executable, "-m", "tribonian.align.rehearsal", "--state", str(state), *arguments,
    ]  # fmt: skip
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        said = process.stdout.readline()
        assert said.startswith("SEEKR_BASE_URL=http://127.0.0.1:")
        try:
            yield process, said.strip().partition("=")[2]
        finally:
            process.terminate()
            process.wait(20)
