"""The official SDK against the stand-in, and its requests against those of our client.

The SDK needs an environment of its own, because it pins other versions of what this project
uses. `SEEKRAI_PYTHON` names the Python of that environment; without it all of this is skipped.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.align.small_build import small_build
from tribonian.align.places import REHEARSAL_MARK
from tribonian.align.rehearsal import Recorded, Rehearsal
from tribonian.align.service.account import Account, Key
from tribonian.align.service.client import Service

KEY, TEAM = "sk-of-the-course-19c4", "team-7"
PYTHON = os.environ.get("SEEKRAI_PYTHON", "")
COURSE = Path(__file__).with_name("sdk_course.py")

pytestmark = pytest.mark.skipif(
    not PYTHON,
    reason="SEEKRAI_PYTHON is not set; install the SDK apart (python3 -m venv ~/seekrai && "
    "~/seekrai/bin/pip install seekrai==0.35.0) and set it to ~/seekrai/bin/python",
)

SYSTEM = "You know the law of lanterns."
INSTRUCTIONS = "Ask what each rule requires."


@dataclass
class Courses:
    """What the SDK told, and what the two asked of one server."""

    told: dict[str, Any]
    sdk: list[Recorded]
    ours: list[Recorded]
    effects: dict[str, int]
    folder: Path


def training_file(folder: Path) -> Path:
    path = folder / "train.parquet"
    turns = [{"role": "user", "content": "May I?"}, {"role": "assistant", "content": "You may."}]
    kind = pa.list_(pa.struct([("role", pa.string()), ("content", pa.string())]))
    pq.write_table(pa.table({"messages": pa.array([turns], kind)}), path)
    return path


def our_course(
    service: Service, folder: Path, principles: Path, training: Path, text: Path
) -> None:
    """The same as `sdk_course.course`, by our client."""
    service.validate_metadata("alignment", "json", principles.stat().st_size)
    file = service.upload(principles, purpose="alignment")
    service.draft_system_prompt(INSTRUCTIONS)
    job = service.create_job("a course", instructions=INSTRUCTIONS, system_prompt=SYSTEM)
    service.attach(job.id, [file.id])
    while service.job(job.id).status != "ready_to_start":
        pass
    service.start(job.id)
    while (now := service.job(job.id)).status != "completed":
        pass
    assert now.alignment_job_id
    (output,) = service.alignment_outputs(now.alignment_job_id)
    service.download(output.id, folder / "our-pairs.parquet", expected=output.bytes)
    assert file.id in [each.id for each in service.files(purpose="alignment")]
    assert job.id in [each.id for each in service.jobs()]
    service.file(file.id)
    data = service.upload(training, purpose="fine-tune")
    service.upload(text, purpose="pre-train")
    project = service.create_project("a course", "A course of the tests.")
    model = service.models()[0]
    tuned = service.fine_tune({
        "project_id": int(project.id),
        "training_config": {
            "training_files": [data.id], "model": model.name, "n_epochs": 1,
            "learning_rate": 1e-5, "batch_size": 8, "max_length": 2500,
            "experiment_name": "a-course", "pre_train": False, "fine_tune_type": "STANDARD",
        },
        "infrastructure_config": {"accel_type": "H100", "n_accel": 8, "n_node": 1},
    })  # fmt: skip
    service.tuning(tuned.id)
    old = service.generate(INSTRUCTIONS, [file.id], system_prompt=SYSTEM)
    while service.alignment(old.id).status != "completed":
        pass
    other = service.create_job("another", instructions=None)
    service.attach(other.id, [file.id])
    service.detach(other.id, [file.id])
    service.edit_job(other.id, name="renamed")


@pytest.fixture(scope="module")
def courses(tmp_path_factory: pytest.TempPathFactory) -> Courses:
    folder = tmp_path_factory.mktemp("courses")
    principles = small_build(folder) / "principles.json"
    text = folder / "text.jsonl"
    text.write_text('{"text": "A lantern must not be left alone."}\n')
    files = (principles, training_file(folder), text)
    with Rehearsal(folder / "state", key=KEY) as service:
        named = {"SEEKR_BASE_URL": service.url, "SEEKR_API_KEY": KEY, "SEEKR_TEAM_ID": TEAM}
        done = subprocess.run(
            [PYTHON, str(COURSE), str(folder), *map(str, files)],
            env={**os.environ, **named}, capture_output=True, text=True, check=False, timeout=300,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-2000:]
        sdk = list(service.requests)
        effects = service.effects
        service.clear()
        with Service(Account(service.url, Key(KEY), TEAM)) as client:
            our_course(client, folder, *files)
        return Courses(json.loads(done.stdout), sdk, list(service.requests), effects, folder)


# -- the SDK ---------------------------------------------------------------------------------


def test_the_sdk_goes_from_the_file_to_the_pairs(courses: Courses) -> None:
    told = courses.told
    assert told["new"] == "needs_review"
    states = list(dict.fromkeys(told["states"]))
    assert states == ["file_processing", "pending", "queued", "running"]
    assert told["outputs"] == told["embedded"]
    rows = pq.read_table(told["pairs"]).to_pylist()
    assert len(rows) > 20
    assert all(row["messages"][0]["content"] == f"{REHEARSAL_MARK} {SYSTEM}" for row in rows)
    assert (told["jobs"], told["retrieved"]) == (["a course"], "principles.json")
    assert len(told["listed"]) == len(told["old"]) == 1
    assert (told["fine_tune"], told["deleted"]) == ("pending", True)


def test_the_sdk_had_exactly_the_effects_that_it_asked_for(courses: Courses) -> None:
    assert courses.effects == {
        "files": 3, "jobs": 2, "clones": 1, "attachments": 2, "starts": 1, "generated": 1,
        "projects": 1, "fine_tunes": 1,
    }  # fmt: skip


def test_the_stand_in_refused_nothing_of_either(courses: Courses) -> None:
    assert all(200 <= each.status < 300 for each in [*courses.sdk, *courses.ours])


def test_both_get_the_same_pairs(courses: Courses) -> None:
    ours = (courses.folder / "our-pairs.parquet").read_bytes()
    assert ours == Path(courses.told["pairs"]).read_bytes()


# -- the requests of the two -----------------------------------------------------------------


def place(request: Recorded) -> str:
    """Method and path, without query, with ids by their kind: ``GET /v1/flow/files/{file}``."""
    path = re.sub(r"\b(file|dj|al|ft)-[0-9a-f-]{30,}", r"{\1}", urlsplit(request.path).path)
    return f"{request.method} {path}"


# What only the SDK's course has: our client has no need of it.
NOT_OURS = frozenset((
    "POST /v1/flow/data-jobs/{dj}/clone", "DELETE /v1/flow/data-jobs/{dj}",
    "PUT /v1/flow/files/{file}/rename", "DELETE /v1/flow/files/{file}",
))  # fmt: skip


def steps(requests: list[Recorded]) -> list[Recorded]:
    """The requests, one of each run of looks at the same thing."""
    kept = [each for each in requests if place(each) not in NOT_OURS]
    return [
        each
        for n, each in enumerate(kept)
        if each.method != "GET" or n == 0 or place(kept[n - 1]) != place(each)
    ]


def both(courses: Courses) -> list[tuple[Recorded, Recorded]]:
    sdk, ours = steps(courses.sdk), steps(courses.ours)
    assert [place(each) for each in ours] == [place(each) for each in sdk]
    return list(zip(sdk, ours, strict=True))


def test_method_and_path_agree_step_by_step(courses: Courses) -> None:
    # the SDK checks the metadata of files for alignment only, and so did our course
    assert len(both(courses)) >= 24


def test_key_and_team_travel_in_the_same_headers(courses: Courses) -> None:
    for request in [*courses.sdk, *courses.ours]:
        assert request.header("Authorization") == KEY
        assert request.header("x-team-id") == TEAM
        assert KEY not in request.path
        assert KEY.encode() not in request.body


def without_nulls(value: Any) -> Any:
    """A body without what is null in it: the contract lets it be left out."""
    if isinstance(value, dict):
        return {key: without_nulls(each) for key, each in value.items() if each is not None}
    return value


def plain(request: Recorded) -> Any:
    text = re.sub(rb"\b(file|dj|al|ft)-[0-9a-f-]{30,}", rb"{\1}", request.body)
    body = without_nulls(json.loads(text))
    body.pop("project_id", None)  # each course has a project of its own
    return body


def test_bodies_in_json_agree(courses: Courses) -> None:
    compared = 0
    for sdk, ours in both(courses):
        if sdk.header("Content-Type") != "application/json":
            continue
        assert ours.header("Content-Type") == "application/json"
        assert plain(ours) == plain(sdk), place(sdk)
        compared += 1
    assert compared >= 10


def test_calls_without_a_body_have_none(courses: Courses) -> None:
    bare = [pair for pair in both(courses) if place(pair[0]).endswith("/start")]
    assert len(bare) == 1
    for request in [*bare[0], *(each for pair in both(courses) for each in pair)]:
        if request.method == "GET" or request in bare[0]:
            assert request.size == 0
            assert request.header("Content-Type") is None
    assert {each.header("Content-Length") for each in bare[0]} == {"0"}


def test_uploads_have_the_same_parts_in_the_same_order(courses: Courses) -> None:
    compared = []
    for sdk, ours in both(courses):
        if not sdk.parts:
            continue
        # The SDK sends one more, called `filename`, that nothing declares.
        declared = [part for part in sdk.parts if part.name != "filename"]
        assert [part.name for part in ours.parts] == ["purpose", "files"]
        for mine, theirs in zip(ours.parts, declared, strict=True):
            assert (mine.name, mine.filename, mine.value) == (
                theirs.name, theirs.filename, theirs.value,
            )  # fmt: skip
            assert (mine.size, mine.sha256) == (theirs.size, theirs.sha256)
            assert mine.media_type == theirs.media_type
        assert (ours.header("Content-Type") or "").startswith("multipart/form-data; boundary=")
        compared.append(ours.parts[1].filename)
    assert compared == ["principles.json", "train.parquet", "text.jsonl"]


def test_what_lists_ask_for_is_what_the_contract_has(courses: Courses) -> None:
    known = {"limit", "offset", "sort_by", "sort_order", "purpose", "job_type"}
    for request in [*courses.sdk, *courses.ours]:
        query = urlsplit(request.path).query
        assert {each.partition("=")[0] for each in query.split("&") if each} <= known
